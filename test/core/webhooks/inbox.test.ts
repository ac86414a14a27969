import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { type LogFields, silentLog } from '../../../src/core/log.ts';
import { type Store, StoreUnavailable } from '../../../src/core/store.ts';
import { unmatchedOwner, webhookIndex } from '../../../src/core/webhooks/webhook-store.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';
import {
  effectsIn,
  hmacSource,
  pushBody,
  signatureHeader,
  type WebhookSetting,
  webhookCore,
} from '../../support/webhooks.ts';

const wrong = `sha256=${'0'.repeat(64)}`;
const dayMs = 86_400_000;
const hmac = hmacSource();

async function setUp(setting: WebhookSetting = {}) {
  const store = await temporaryStore();
  const warnings: [string, LogFields | undefined][] = [];
  const log = { ...silentLog, warn: (event: string, fields?: LogFields) => void warnings.push([event, fields]) };
  return { store, warnings, ...webhookCore(store, { log, everyMs: 5, ...setting }) };
}

/** Wall time that a test moves; the store keeps its own. */
function movableClock(): Clock & { add(ms: number): void } {
  let aheadMs = 0;
  return {
    now: () => systemClock.now() + aheadMs,
    monotonicMs: systemClock.monotonicMs,
    add(ms) {
      aheadMs += ms;
    },
  };
}

/** When the one that is due is tried next. */
const nextTryOf = async (store: Store): Promise<number | undefined> =>
  (await store.range(webhookIndex.due(hmacSource()), { limit: 1 }))[0]?.sort;

describe('a genuine webhook', () => {
  it("is kept whole in its tenant's list, and has its effect after the answer", async () => {
    const { effect, receive, listed, reader, store } = await setUp();
    effect.tenantOf.set('r1', 'one');
    expect(await receive(pushBody('r1'))).toBe('GENUINE');
    const [webhook = expect.unreachable(), ...more] = await listed('one');
    expect(more).toEqual([]);
    expect(webhook).toMatchObject({
      provider: 'SECUREKEY',
      account: 'default',
      event: 'push.responded',
      signatureValid: true,
      duplicates: 0,
      replays: 0,
      owner: 'one',
    });
    expect((await reader.bodies([webhook.id])).map(String)).toEqual([pushBody('r1')]);
    await until(async () => (await effectsIn(store)).length === 1);
    expect(await listed(unmatchedOwner)).toEqual([]);
    expect(await reader.load('two', [webhook.id])).toEqual([undefined]);
  });

  it('is kept with its bytes and without an event where it cannot be read', async () => {
    const { receive, listed, reader } = await setUp();
    const body = '\u{feff}{"event":"push.responded",';
    expect(await receive(body)).toBe('GENUINE');
    const [webhook = expect.unreachable()] = await listed(unmatchedOwner);
    expect(webhook).toMatchObject({ signatureValid: true });
    expect(webhook.event).toBeUndefined();
    const [kept] = await reader.bodies([webhook.id]);
    expect(kept).toEqual(Buffer.from(body));
  });

  it("is the sole tenant's where it names no record of anybody", async () => {
    const { receive, listed } = await setUp({ soleTenantOf: () => 'one' });
    await receive(pushBody('nobody'));
    await receive('{"event":"verification.completed"}');
    await receive('forged', wrong);
    expect((await listed('one')).map(({ event, signatureValid }) => [event, signatureValid])).toEqual([
      ['push.responded', true],
      ['verification.completed', true],
      [undefined, false],
    ]);
    expect(await listed(unmatchedOwner)).toEqual([]);
  });

  it('moves to its tenant, and has its effect, where the record that it names is stored after it', async () => {
    const { effect, receive, listed, work, store } = await setUp();
    work.start();
    await receive(pushBody('early'));
    expect(await listed(unmatchedOwner)).toHaveLength(1);
    effect.tenantOf.set('early', 'one');
    await until(async () => (await listed('one')).length === 1);
    expect(await effectsIn(store)).toEqual(['early']);
    expect(await listed(unmatchedOwner)).toEqual([]);
    await work.stop();
    expect(effect.applied).toEqual(['early']);
  });

  it('is left after ten minutes where nobody comes to have that record, and the operator hears of it', async () => {
    const clock = movableClock();
    const { effect, receive, listed, work, warnings, store } = await setUp({ clock });
    await receive(pushBody('nobody'));
    await until(async () => ((await nextTryOf(store)) ?? 0) < clock.now() + 2_000);
    clock.add(9 * 60_000);
    work.start();
    clock.add(2 * 60_000);
    await until(() => warnings.length > 0);
    expect(warnings).toEqual([['webhook.unmatched', { provider: 'SECUREKEY', account: 'default' }]]);
    effect.tenantOf.set('nobody', 'one');
    clock.add(dayMs);
    // A later one has its effect, so whatever else was due had come before it.
    effect.tenantOf.set('later', 'one');
    await receive(pushBody('later'));
    await until(() => effect.applied.includes('later'));
    await work.stop();
    expect(effect.applied).toEqual(['later']);
    expect(await listed(unmatchedOwner)).toHaveLength(1);
  });

  it('stays due where its effect fails, and is kept from no answer by it', async () => {
    const { effect, receive, work, store } = await setUp();
    effect.tenantOf.set('r1', 'one');
    effect.failures.push(new Error('a bug'), new StoreUnavailable('away', 'MAYBE'));
    work.start();
    expect(await receive(pushBody('r1'))).toBe('GENUINE');
    await until(async () => (await effectsIn(store)).length === 1);
    await work.stop();
    expect(effect.failures).toEqual([]);
  });

  it('has its effect by another process where the one that took it in died', async () => {
    const store = await temporaryStore();
    // Dead: it stores, and runs nothing.
    const dead = webhookCore(store, { effects: { PUSH_RESPONDED: neverEnding }, holdMs: 1 });
    await dead.receive(pushBody('r1'));
    const alive = webhookCore(store, { everyMs: 5, holdMs: 1_000 });
    alive.effect.tenantOf.set('r1', 'one');
    alive.work.start();
    await until(async () => (await alive.listed('one')).length === 1);
    await alive.work.stop();
    expect(await effectsIn(store)).toEqual(['r1']);
  });
});

const neverEnding = {
  ownerOf: async () => undefined,
  apply: () => new Promise<never>(() => undefined),
};

describe('the same body again', () => {
  it('is counted, with the same answer and no further effect', async () => {
    const { effect, receive, listed, store } = await setUp();
    effect.tenantOf.set('r1', 'one');
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => receive(pushBody('r1'))));
    expect(new Set(verdicts)).toEqual(new Set(['GENUINE']));
    await until(async () => (await effectsIn(store)).length > 0);
    expect(await listed('one')).toMatchObject([{ duplicates: 19 }]);
    expect(effect.applied).toEqual(['r1']);
  });

  it.each([
    ['genuine', 'forged', undefined, wrong],
    ['forged', 'genuine', wrong, undefined],
  ])('is another webhook where a %s one comes before a %s one', async (_first, _second, ...signatures) => {
    const { effect, receive, listed, store } = await setUp({ soleTenantOf: () => 'one' });
    effect.tenantOf.set('r1', 'one');
    for (const signature of signatures) await receive(pushBody('r1'), signature);
    const kept = await listed('one');
    expect(kept.map(({ duplicates }) => duplicates)).toEqual([0, 0]);
    expect(kept.map(({ signatureValid }) => signatureValid)).toEqual(signatures.map((given) => given === undefined));
    await until(async () => (await effectsIn(store)).length === 1);
  });

  it('is another webhook where it comes to another account', async () => {
    const sources = [hmacSource(), hmacSource({ account: 'second' })] as const;
    const { inbox, receive, listed } = await setUp({ sources });
    await receive(pushBody('r1'));
    expect(inbox.judge(sources[1], Buffer.from(pushBody('r1')), {})).toBe('FORGED');
    await inbox.receive(sources[1], Buffer.from(pushBody('r1')), 'FORGED');
    expect(await listed(unmatchedOwner)).toMatchObject([
      { account: 'default', duplicates: 0, signatureValid: true },
      { account: 'second', duplicates: 0, signatureValid: false },
    ]);
  });
});

describe('a forged webhook', () => {
  it('is told without its content, kept, counted where it comes again, and has no effect', async () => {
    const { effect, receive, listed, warnings, store } = await setUp();
    effect.tenantOf.set('r1', 'one');
    effect.tenantOf.set('r2', 'one');
    expect(await receive(pushBody('r1'), wrong)).toBe('FORGED');
    expect(await receive(pushBody('r1'), wrong)).toBe('FORGED');
    expect(await listed(unmatchedOwner)).toMatchObject([
      { signatureValid: false, duplicates: 1, owner: unmatchedOwner },
    ]);
    const of = { provider: 'SECUREKEY', account: 'default' };
    expect(warnings[0]).toEqual(['webhook.forged', { ...of, count: 1, ofDay: 1 }]);
    await receive(pushBody('r2'));
    await until(async () => (await effectsIn(store)).length > 0);
    expect(await effectsIn(store)).toEqual(['r2']);
  });

  it('is told once, with all that came until the end of the second and that day, however many they are', async () => {
    const clock = movableClock();
    const { inbox, warnings } = await setUp({ clock, forgedLineEveryMs: 20 });
    const judge = (): unknown => inbox.judge(hmac, Buffer.from('{}'), { [signatureHeader]: [wrong] });
    const told = () => warnings.map(([_event, fields]) => [fields?.count, fields?.ofDay]);
    for (let at = 0; at < 100; at += 1) judge();
    expect(told()).toEqual([[1, 1]]);
    await until(() => warnings.length === 2);
    expect(told()).toEqual([
      [1, 1],
      [99, 100],
    ]);
    clock.add(dayMs);
    judge();
    judge();
    await until(() => warnings.reduce((sum, [_event, fields]) => sum + (fields?.count ?? 0), 0) === 102);
    expect(warnings.at(-1)?.[1]).toMatchObject({ ofDay: 2 });
  });

  it('is only counted beyond the room of a day, which takes nothing from genuine ones', async () => {
    const { receive, listed } = await setUp({ maxForgedPerDay: 3 });
    for (let at = 0; at < 10; at += 1) expect(await receive(`forged ${at}`, wrong)).toBe('FORGED');
    expect(await receive('forged 1', wrong)).toBe('FORGED');
    await receive('{}');
    expect((await listed(unmatchedOwner)).map(({ signatureValid }) => signatureValid)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });

  it('is forgotten after 7 days, and a genuine one is not', async () => {
    const clock = movableClock();
    const { receive, listed, reader, work } = await setUp({ clock });
    await receive('forged', wrong);
    await receive('{}');
    const [{ id } = expect.unreachable()] = await listed(unmatchedOwner);
    clock.add(7 * dayMs - 60_000);
    work.start();
    expect(await listed(unmatchedOwner)).toHaveLength(2);
    clock.add(60_000);
    await until(async () => (await listed(unmatchedOwner)).length === 1);
    await work.stop();
    expect(await reader.bodies([id])).toEqual([undefined]);
    expect(await listed(unmatchedOwner)).toMatchObject([{ signatureValid: true }]);
  });
});

describe('a webhook while the store is away', () => {
  it('is not taken, so that its sender tries again and it is taken once', async () => {
    const real = await temporaryStore();
    let away = true;
    const store: Store = {
      ...real,
      write: (batch) => (away ? Promise.reject(new StoreUnavailable('away', 'NO')) : real.write(batch)),
    };
    const { effect, receive, listed } = webhookCore(store);
    effect.tenantOf.set('r1', 'one');
    await expect(receive(pushBody('r1'))).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await listed('one')).toEqual([]);
    away = false;
    expect(await receive(pushBody('r1'))).toBe('GENUINE');
    expect(await listed('one')).toMatchObject([{ duplicates: 0 }]);
    await until(async () => (await effectsIn(real)).length === 1);
  });
});
