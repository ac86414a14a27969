import { print } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  MessageChangesDocument,
  type MessageChangesSubscription,
  MessagesDocument,
  SendSmsDocument,
} from '../generated/operations.ts';
import { apiKey, type Gateway, startGateway, startSimulators } from '../support/gateway.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { take, takeUntil } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

async function setUp() {
  const redis = await startRedisServer();
  onTestFinished(() => redis.dispose());
  const simulators = await startSimulators();
  const env = { GWANMUN_DATA_DIR: await temporaryFolder(), REDIS_URL: redis.url, ...simulators.env };
  return { redis, gateway: await startGateway(env), ...simulators };
}

const send = async (gateway: Gateway, idempotencyKey: string) =>
  (
    await gateway.query(SendSmsDocument, {
      input: { idempotencyKey, to: '01012345678', text: 'hello', providers: ['SENS'] },
    })
  ).sendSms;

const isDelivered = ({ messageChanged: event }: MessageChangesSubscription): boolean =>
  event.__typename === 'MessageChanged' && event.state === 'DELIVERED';

async function isBack(gateway: Gateway): Promise<boolean> {
  const response = await gateway.post({ query: print(MessagesDocument) });
  return !(await response.text()).includes('STORE_UNAVAILABLE');
}

describe.runIf(hasRedisServer)('Redis', () => {
  it('that was killed is said so by every field, nothing hangs, and when it is back all goes on', async () => {
    const { redis, gateway, sens } = await setUp();
    const changes = gateway.subscribe(MessageChangesDocument);
    await take(changes, 1);
    const before = await send(gateway, 'before');
    expect(before).toMatchObject({ __typename: 'Message', state: 'SUBMITTED' });
    await takeUntil(changes, isDelivered);

    await redis.kill();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(gateway, 'meanwhile')));
    for (const answer of answers) {
      expect(answer).toMatchObject({ __typename: 'ProviderUnavailable', code: 'STORE_UNAVAILABLE' });
      expect(JSON.stringify(answer)).not.toContain(new URL(redis.url).port);
    }
    const listing = await gateway.post({ query: print(MessagesDocument) });
    expect(await listing.json()).toMatchObject({
      data: null,
      errors: [{ path: ['messages'], extensions: { code: 'STORE_UNAVAILABLE', retry: 'SAFE_AFTER' } }],
    });
    const refused = await gateway.post(
      { query: print(MessageChangesDocument) },
      { 'x-api-key': apiKey, accept: 'text/event-stream' },
    );
    expect(await refused.text()).toContain('STORE_UNAVAILABLE');

    const unready = await fetch(`${gateway.url}/readyz`);
    expect(unready.status).toBe(503);
    expect(await unready.json()).toMatchObject({
      ready: false,
      reasons: expect.arrayContaining([expect.stringContaining('store')]),
    });

    await redis.restart();
    await until(() => isBack(gateway));
    await until(async () => (await fetch(`${gateway.url}/readyz`)).ok);
    const after = await send(gateway, 'meanwhile');
    if (after.__typename !== 'Message') throw new Error(JSON.stringify(after));
    const posts = (): number =>
      sens.ledger.entries({ event: 'POST messages' }).filter(({ outcome }) => outcome === 'TAKEN').length;
    await until(() => posts() === 2);
    // The stream that was open all the while goes on, and leaves nothing out.
    const seen = await takeUntil(changes, isDelivered);
    expect(
      seen.map(({ messageChanged: event }) => event.__typename === 'MessageChanged' && [event.changed.id, event.state]),
    ).toEqual(['QUEUED', 'SUBMITTING', 'SUBMITTED', 'DELIVERED'].map((state) => [after.id, state]));
    expect(posts()).toBe(2);
  });

  it('that is frozen leaves no call without an answer', async () => {
    const { redis, gateway } = await setUp();
    expect(await send(gateway, 'before')).toMatchObject({ __typename: 'Message' });
    redis.freeze();
    const answer = await send(gateway, 'meanwhile');
    expect(answer).toMatchObject({ __typename: 'ProviderUnavailable', code: 'STORE_UNAVAILABLE' });
    redis.thaw();
    await until(() => isBack(gateway));
    expect(await send(gateway, 'meanwhile')).toMatchObject({ __typename: 'Message' });
  });
});
