import { randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Message } from '../../../src/core/messaging/message.ts';
import { messageIndex, queueKey } from '../../../src/core/messaging/message-index.ts';
import { createMessageStore } from '../../../src/core/messaging/message-store.ts';
import { createTurns, type Turns } from '../../../src/core/messaging/turns.ts';
import type { Store } from '../../../src/core/store.ts';
import { createRecordCodec } from '../../../src/store/record-codec.ts';
import { openRedisStore } from '../../../src/store/redis.ts';
import { messagingCore, tenant } from '../../support/messaging-core.ts';
import { hasRedisServer, startRedisServer } from '../../support/redis-server.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const lane = 'SMS';
const account = { provider: 'NGS', account: 'default' } as const;
const now = 1_000_000;
const holdMs = 5_000;

function turnsOver(store: Store): Turns {
  const providers = { SENS: { submitTimeoutMs: 0, looksUp: false }, NGS: { submitTimeoutMs: 0, looksUp: false } };
  const clock = { now: () => now, monotonicMs: () => 0 };
  const messages = createMessageStore({ store, clock, retry: { maxRefusals: 0, delayMs: () => 0 }, providers });
  return createTurns({ store, messages, provider: account, lane });
}

/** So many of a tenant's, due one after the other: `a 0`, `a 1`, … */
async function queue(store: Store, owner: string, count: number, dueAt = now - count): Promise<void> {
  await store.write({
    index: [
      { index: messageIndex.queuedTenants('NGS', 'default', lane), key: queueKey(owner), sort: 0 },
      ...Array.from({ length: count }, (_, nth) => ({
        index: messageIndex.outbox('NGS', 'default', lane, owner),
        key: `${owner} ${nth}`,
        sort: dueAt + nth,
      })),
    ],
  });
}

const ownersOf = (keys: readonly string[]): string => keys.map((key) => key.split(' ')[0]).join('');

async function redisStore(): Promise<Store> {
  const server = await startRedisServer();
  onTestFinished(() => server.dispose());
  const store = await openRedisStore({ url: server.url, codec: createRecordCodec(randomBytes(32)), allowWeak: false });
  onTestFinished(() => store.close());
  return store;
}

describe.each([
  ['the embedded store', temporaryStore, true],
  ['Redis', redisStore, hasRedisServer],
] as const)('Turns over %s', (_name, open, isHere) => {
  it.runIf(isHere)('go from tenant to tenant with one place at a time, and by age within each', async () => {
    const store = await open();
    await queue(store, 'a', 100, now - 1_000);
    await queue(store, 'b', 4);
    await queue(store, 'c', 2);
    const turns = turnsOver(store);
    const taken: string[] = [];
    while (taken.length < 14) taken.push(...(await turns.claim({ now, limit: 1, holdMs })));
    expect(ownersOf(taken)).toBe('abcabcababaaaa');
    for (const owner of ['a', 'b', 'c']) {
      const own = taken.filter((key) => key.startsWith(owner));
      expect(own).toEqual(own.map((_, nth) => `${owner} ${nth}`));
    }
  });

  it.runIf(isHere)('share many places at once, and give to others what one has no use for', async () => {
    const store = await open();
    await queue(store, 'a', 100, now - 1_000);
    await queue(store, 'b', 3);
    const turns = turnsOver(store);
    expect(ownersOf(await turns.claim({ now, limit: 4, holdMs }))).toBe('abab');
    const next = await turns.claim({ now, limit: 10, holdMs });
    expect([next.filter((key) => key.startsWith('a')).length, next.length]).toEqual([9, 10]);
  });

  it.runIf(isHere)('leave every place to who is alone', async () => {
    const store = await open();
    await queue(store, 'a', 70);
    expect(await turnsOver(store).claim({ now, limit: 64, holdMs })).toHaveLength(64);
  });

  it.runIf(isHere)('come to each of fifty tenants before any has had two', async () => {
    const store = await open();
    await queue(store, 'flood', 500, now - 10_000);
    for (let nth = 0; nth < 49; nth++) await queue(store, `t${nth}`, 2);
    const turns = turnsOver(store);
    const taken: string[] = [];
    while (taken.length < 50) taken.push(...(await turns.claim({ now, limit: 3, holdMs })).slice(0, 50 - taken.length));
    expect(new Set(taken.map((key) => key.split(' ')[0])).size).toBe(50);
  });

  it.runIf(isHere)('never begin before its time what is scheduled, and come to it then', async () => {
    const store = await open();
    await queue(store, 'a', 1, now + 60_000);
    await queue(store, 'b', 1);
    const turns = turnsOver(store);
    expect(await turns.claim({ now, limit: 5, holdMs })).toEqual(['b 0']);
    turns.lookAgain();
    expect(await turns.claim({ now: now + 59_999, limit: 5, holdMs: 600_000 })).not.toContain('a 0');
    turns.lookAgain();
    expect(await turns.claim({ now: now + 60_000, limit: 5, holdMs: 600_000 })).toContain('a 0');
  });

  it.runIf(isHere)('of two gateways never come to the same message, and to each once', async () => {
    const store = await open();
    await queue(store, 'a', 60);
    await queue(store, 'b', 40);
    const gateways = [turnsOver(store), turnsOver(store)];
    const taken: string[] = [];
    for (let pass = 0; pass < 20; pass++) {
      const claims = await Promise.all(gateways.map((turns) => turns.claim({ now, limit: 4, holdMs })));
      taken.push(...claims.flat());
    }
    expect([taken.length, new Set(taken).size]).toEqual([100, 100]);
  });

  it.runIf(isHere)(
    'come at once to a tenant that nobody knew, where it is said that it has queued something',
    async () => {
      const store = await open();
      await queue(store, 'a', 1);
      const turns = turnsOver(store);
      await turns.claim({ now, limit: 5, holdMs });
      await queue(store, 'new', 1);
      turns.note('new');
      expect(await turns.claim({ now, limit: 5, holdMs })).toEqual(['new 0']);
    },
  );

  it.runIf(isHere)('take nothing under a fence that is not the newest', async () => {
    const store = await open();
    await queue(store, 'a', 3);
    const before = await store.acquireLease('owner', 'one', 60_000);
    if (before === undefined) throw new Error('Nobody else asks for the lease.');
    await store.releaseLease(before, 'one');
    await store.acquireLease('owner', 'two', 60_000);
    const fence = { lease: 'owner', token: before.token };
    expect(await turnsOver(store).claim({ now, limit: 5, holdMs, fence })).toEqual([]);
  });

  it.runIf(isHere)('send what an older version queued, and forget what it left behind', async () => {
    const store = await open();
    const provider = scriptedProvider({ submit: async () => ({ outcome: 'ACCEPTED', reference: 'R' }) });
    provider.setVacancies(0);
    const core = await messagingCore({ store, providers: [provider] });
    const send = (): Promise<Message> => core.send({ providers: ['NGS'], wait: 'QUEUED' });
    const messages = [await send(), await send(), await send()];
    const gone = messages[2] as Message;
    await core.canceller.cancel(tenant.id, gone.id);
    const old = messageIndex.oldOutbox('NGS', 'default', lane);
    const key = ({ id }: Message): string => core.messages.key(tenant.id, id);
    await store.write({
      index: messages.flatMap((message) => [
        { index: messageIndex.outbox('NGS', 'default', lane, tenant.id), key: key(message), remove: true as const },
        { index: old, key: key(message), sort: message.dueAt },
      ]),
    });
    provider.setVacancies(100);
    await until(() => provider.submissions.length === 2);
    await until(async () => (await store.range(old, { limit: 10 })).length === 0);
    await until(async () => (await core.load((messages[1] as Message).id))?.state === 'SUBMITTED');
    expect(provider.submissions).toHaveLength(2);
    expect((await core.load(gone.id))?.state).toBe('CANCELLED');
  });
});
