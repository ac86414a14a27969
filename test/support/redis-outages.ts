/**
 * Redis gone, again and again, under a gateway that goes on: callers send all the while, one stream stays open and one is cut and
 * resumed each time. It measures; what the figures must be is said by who calls it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChangesDocument, type MessageChangesSubscription, SendSmsDocument } from '../generated/operations.ts';
import { type Gateway, startGateway, startSimulators } from './gateway.ts';
import { startRedisServer } from './redis-server.ts';
import { temporaryFolder } from './temporary-store.ts';
import { until } from './until.ts';

export interface Outages {
  /** Messages that a caller was told are accepted. */
  readonly accepted: number;
  /** Calls while Redis was gone: how many, how many of them had another answer than a typed refusal, and the slowest. */
  readonly refused: number;
  readonly amiss: readonly string[];
  readonly slowestMs: number;
  /** From Redis being back to the first yes, and to the first message that NGS reported as delivered; the longest of all. */
  readonly acceptsAfterMs: number;
  readonly ngsAfterMs: number;
  /** By their last state, once nothing moves any more. */
  readonly states: Readonly<Record<string, number>>;
  /** Where the stream that was resumed differs from the one that stayed open, or either repeats a cursor. */
  readonly streamsAmiss: readonly string[];
}

type Change = Extract<MessageChangesSubscription['messageChanged'], { __typename: 'MessageChanged' }>;

const sendsBefore = 10;
const sendEveryMs = 200;
/** An attempt that nobody answered for is given up after less than this, and its message is UNCONFIRMED. */
const restlessForMs = 40_000;

export async function outlast({ outages, seconds }: { outages: number; seconds: number }): Promise<Outages> {
  const redis = await startRedisServer();
  const { env } = await startSimulators();
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), REDIS_URL: redis.url, ...env });
  const open = hear(gateway);
  const resumed = hear(gateway);
  await until(() => open.isLive() && resumed.isLive());
  const accepted = new Set<string>();
  const amiss: string[] = [];
  let [refused, slowestMs, acceptsAfterMs, ngsAfterMs] = [0, 0, 0, 0];

  async function send(idempotencyKey: string, provider: 'NGS' | 'SENS') {
    const input = { idempotencyKey, to: '01012345678', text: 'hello', providers: [provider], wait: 'QUEUED' as const };
    const { sendSms } = await gateway.query(SendSmsDocument, { input });
    if (sendSms.__typename === 'Message') accepted.add(sendSms.id);
    return sendSms;
  }
  const isDelivered = (id: string): boolean =>
    open.changes().some(({ changed, state }) => changed.id === id && state === 'DELIVERED');

  for (let outage = 0; outage < outages; outage++) {
    await Promise.all(
      Array.from({ length: sendsBefore }, (_, nth) => send(`${outage} before ${nth}`, nth % 2 === 0 ? 'NGS' : 'SENS')),
    );
    await redis.kill();
    resumed.cut();
    const goneAt = performance.now();
    for (let nth = 0; performance.now() - goneAt < seconds * 1_000; nth++) {
      const askedAt = performance.now();
      const answer = await send(`${outage} meanwhile ${nth}`, 'SENS');
      slowestMs = Math.max(slowestMs, performance.now() - askedAt);
      refused += 1;
      if (answer.__typename !== 'ProviderUnavailable' || answer.code !== 'STORE_UNAVAILABLE')
        amiss.push(JSON.stringify(answer));
      await delay(sendEveryMs);
    }
    await redis.restart();
    const backAt = performance.now();
    await until(async () => (await send(`${outage} meanwhile 0`, 'SENS')).__typename === 'Message');
    acceptsAfterMs = Math.max(acceptsAfterMs, performance.now() - backAt);
    const byNgs = await send(`${outage} after`, 'NGS');
    if (byNgs.__typename !== 'Message') throw new Error(JSON.stringify(byNgs));
    await until(() => isDelivered(byNgs.id));
    ngsAfterMs = Math.max(ngsAfterMs, performance.now() - backAt);
  }

  const moving = ['QUEUED', 'SUBMITTING', 'SUBMITTED'];
  const stateOf = (id: string): string =>
    open.changes().findLast(({ changed }) => changed.id === id)?.state ?? 'UNHEARD';
  const calmAt = performance.now() + restlessForMs;
  await until(() => [...accepted].every((id) => !moving.includes(stateOf(id))) || performance.now() > calmAt);
  await until(() => resumed.changes().length === open.changes().length || performance.now() > calmAt);
  const states: Record<string, number> = {};
  for (const id of accepted) states[stateOf(id)] = (states[stateOf(id)] ?? 0) + 1;
  const streamsAmiss = compare(open.changes(), resumed.changes());
  await Promise.all([open.end(), resumed.end()]);
  await gateway.stop();
  await redis.dispose();
  return { accepted: accepted.size, refused, amiss, slowestMs, acceptsAfterMs, ngsAfterMs, states, streamsAmiss };
}

/** Hears all changes of messages; whenever it is cut it resumes behind the last cursor that it was given. */
function hear(gateway: Gateway) {
  const changes: Change[] = [];
  let after: string | undefined;
  let isOver = false;
  let isLive = false;
  let stream: ReturnType<typeof subscribe> | undefined;

  const subscribe = () => gateway.subscribe(MessageChangesDocument, after === undefined ? {} : { after });

  async function follow(): Promise<void> {
    stream = subscribe();
    for await (const { messageChanged: said } of stream) {
      isLive = true;
      if (said.__typename === 'StreamGap') throw new Error('The stream has a gap.');
      if (said.__typename === 'MessageChanged') changes.push(said);
      after = 'cursor' in said ? said.cursor : after;
    }
  }

  const running = (async () => {
    while (!isOver) {
      // Cut, or refused while the store was away.
      await follow().catch((error) => {
        if (String(error).includes('gap')) throw error;
      });
      await delay(50);
    }
  })();
  return {
    changes: () => changes,
    isLive: () => isLive,
    cut: () => stream?.cut(),
    async end() {
      isOver = true;
      stream?.cut();
      await running;
    },
  };
}

function compare(open: readonly Change[], resumed: readonly Change[]): readonly string[] {
  const lists = { open, resumed };
  const repeated = Object.entries(lists).flatMap(([name, changes]) => {
    const cursors = changes.map(({ cursor }) => cursor);
    return new Set(cursors).size === cursors.length ? [] : [`${name} repeats a cursor`];
  });
  const differing = open.flatMap(({ cursor }, at) =>
    resumed[at]?.cursor === cursor ? [] : [`${at} of ${open.length}`],
  );
  const more = resumed.length > open.length ? [`${resumed.length} instead of ${open.length}`] : [];
  return [...repeated, ...differing, ...more];
}
