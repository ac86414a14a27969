import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { ProviderUnavailable } from '../../../src/core/errors.ts';
import { createEventLog } from '../../../src/core/events/log.ts';
import type { Store } from '../../../src/core/store.ts';
import { messagingCore, tenant } from '../../support/messaging-core.ts';
import { type ScriptedProvider, scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

/** It takes nothing until the test lets it. */
function idleProvider(provider: 'NGS' | 'SENS' = 'NGS'): ScriptedProvider {
  const idle = scriptedProvider({ provider, submit: async () => ({ outcome: 'ACCEPTED', reference: 'R' }) });
  idle.setVacancies(0);
  return idle;
}

const refusal = { code: 'OVERLOADED', outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER' };
const stored = async (store: Store): Promise<number> =>
  (await store.readLog(createEventLog(store, tenant.id, 'messages').name, 0, 1)).head;
const queued = { wait: 'QUEUED', providers: ['NGS'] } as const;

const inputOf = (idempotencyKey: string, provider: 'NGS' | 'SENS') => ({
  idempotencyKey,
  to: '01012345678',
  text: 'hello',
  purpose: 'NORMAL' as const,
  allowLms: true,
  wait: 'QUEUED' as const,
  providers: [provider],
});

describe('an account with as many messages waiting as it may have', () => {
  it('refuses new ones, stores nothing of them, answers the repeats of old ones, and takes new ones once some have left', async () => {
    const store = await temporaryStore();
    const provider = idleProvider();
    const core = await messagingCore({ store, providers: [provider], maxQueued: 3 });
    const first = await core.send({ ...queued, idempotencyKey: 'first' });
    await core.send(queued);
    await core.send(queued);
    const before = await stored(store);
    const error = await core.send({ ...queued, idempotencyKey: 'fourth' }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ProviderUnavailable);
    expect(error).toMatchObject({ ...refusal, retryAt: expect.any(Number) });
    expect(await stored(store)).toBe(before);
    expect(before).toBe(3);
    expect((await core.send({ ...queued, idempotencyKey: 'first' })).id).toBe(first.id);

    provider.setVacancies(10);
    await until(() => provider.submissions.length === 3);
    const fourth = { ...queued, idempotencyKey: 'fourth' };
    await until(() =>
      core.send(fourth).then(
        () => true,
        () => false,
      ),
    );
  });

  it('never has more, however many ask at the same moment', async () => {
    const store = await temporaryStore();
    const core = await messagingCore({ store, providers: [idleProvider()], maxQueued: 10 });
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => core.send(queued)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject(refusal);
    }
    expect(await stored(store)).toBe(10);
  });

  it('takes its part of a batch whole or not at all, and leaves other accounts theirs', async () => {
    const store = await temporaryStore();
    const providers = [idleProvider('NGS'), idleProvider('SENS')];
    const core = await messagingCore({ store, providers, maxQueued: 3 });
    await core.send(queued);
    const inputs = [
      inputOf('a', 'NGS'),
      inputOf('b', 'SENS'),
      inputOf('c', 'NGS'),
      inputOf('d', 'NGS'),
      inputOf('e', 'SENS'),
    ];
    const answers = await core.sender.sendSmsBatch(tenant, inputs);
    const told = answers.map((answer) => ('code' in answer ? answer.code : answer.state));
    expect(told).toEqual(['OVERLOADED', 'QUEUED', 'OVERLOADED', 'OVERLOADED', 'QUEUED']);
    expect(await stored(store)).toBe(3);
    const two = await core.sender.sendSmsBatch(tenant, inputs.slice(2, 4));
    expect(two).toMatchObject([{ state: 'QUEUED' }, { state: 'QUEUED' }]);
  });

  it('still takes what is for now where it is full of what is scheduled, and the other way round', async () => {
    const store = await temporaryStore();
    const core = await messagingCore({ store, providers: [idleProvider()], maxQueued: 2 });
    const later = { ...queued, sendAt: systemClock.now() + 3_600_000 };
    await core.send(later);
    await core.send(later);
    await expect(core.send(later)).rejects.toMatchObject(refusal);
    await core.send(queued);
    await core.send(queued);
    await expect(core.send(queued)).rejects.toMatchObject(refusal);
    expect(await stored(store)).toBe(4);
  });

  it('counts what another gateway has stored', async () => {
    const store = await temporaryStore();
    const one = await messagingCore({ store, providers: [idleProvider()], maxQueued: 2 });
    await one.send(queued);
    await one.send({ ...queued, text: '가'.repeat(100) });
    const other = await messagingCore({ store, providers: [idleProvider()], maxQueued: 2 });
    await expect(other.send({ ...queued, idempotencyKey: 'another' })).rejects.toMatchObject(refusal);
  });

  it('control: with a higher bound the same are taken', async () => {
    const core = await messagingCore({ store: await temporaryStore(), providers: [idleProvider()], maxQueued: 50 });
    await Promise.all(Array.from({ length: 50 }, () => core.send(queued)));
  });
});

it('what is queued is counted once a second and not at each message', async () => {
  const real = await temporaryStore();
  let counts = 0;
  const store: Store = {
    ...real,
    count: (...asked) => {
      counts += 1;
      return real.count(...asked);
    },
  };
  let nowMs = 0;
  const clock = { ...systemClock, monotonicMs: () => nowMs };
  const core = await messagingCore({ store, providers: [idleProvider()], clock, maxQueued: 1_000 });
  for (let sent = 0; sent < 50; sent += 1) await core.send(queued);
  // Of each lane, where nobody had queued anything yet.
  expect(counts).toBe(3);
  nowMs += 1_000;
  await core.send(queued);
  // The same, and the outbox that the tenant has since.
  expect(counts).toBe(3 + 4);
});

it('500 callers may wait for SUBMITTED: one more is answered at once with the message as it was stored', async () => {
  const provider = idleProvider();
  const core = await messagingCore({ store: await temporaryStore(), providers: [provider], maxWaitMs: 60_000 });
  const answered: string[] = [];
  const sent = Array.from({ length: 503 }, async () => answered.push((await core.send({ providers: ['NGS'] })).state));
  await until(() => answered.length >= 3);
  provider.setVacancies(1_000);
  await Promise.all(sent);
  expect(answered.filter((state) => state === 'QUEUED')).toHaveLength(3);
  expect(answered.filter((state) => state === 'SUBMITTED')).toHaveLength(500);
  expect((await core.send({ providers: ['NGS'] })).state).toBe('SUBMITTED');
});
