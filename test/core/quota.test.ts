import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { ProviderUnavailable, RateLimited } from '../../src/core/errors.ts';
import { createQuota, DEFAULT_QUOTAS, type FieldCall, type Tally } from '../../src/core/quota.ts';
import { StoreUnavailable } from '../../src/core/store.ts';
import type { Quotas, Tenant } from '../../src/core/tenant.ts';
import { openTally } from '../../src/quotas/open-tally.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const tenantOf = (id: string, perMinute: Quotas['perMinute'] = {}): Tenant => ({
  id,
  callerNumbers: [],
  keys: [],
  quotas: { perMinute },
});
const call = (field: string, items = 1, isCostly = true): FieldCall => ({ field, items, isCostly });
const clock = { now: () => 1_000_000, monotonicMs: () => 0 };

async function inMemory(): Promise<Tally> {
  return openTally(undefined);
}

async function inRedis(): Promise<Tally> {
  const server = await startRedisServer();
  onTestFinished(() => server.dispose());
  const tally = await openTally(server.url);
  onTestFinished(() => tally.close());
  return tally;
}

const adapters = [
  ['in memory', inMemory, true],
  ['in Redis', inRedis, hasRedisServer],
] as const;

for (const [place, open, isHere] of adapters) {
  describe.runIf(isHere)(`Quotas counted ${place}`, () => {
    it('let as many calls through as the quota, and say when the next may come', async () => {
      const quota = createQuota({ tally: await open(), clock });
      const tenant = tenantOf('a', { fields: { sendSms: 3 } });
      for (let nth = 0; nth < 3; nth++) await quota.countCall(tenant, call('sendSms'));
      const refusal = await quota.countCall(tenant, call('sendSms')).catch((error) => error);
      expect(refusal).toBeInstanceOf(RateLimited);
      expect(refusal).toMatchObject({ scope: 'sendSms', limit: 3, windowSeconds: 60, retry: 'SAFE_AFTER' });
      expect(refusal.retryAt).toBeGreaterThan(clock.now());
      expect(refusal.retryAt).toBeLessThanOrEqual(clock.now() + 60_000);
    });

    it('let exactly as many through where all come at once', async () => {
      const quota = createQuota({ tally: await open(), clock });
      const tenant = tenantOf('a', { fields: { verifyOtp: 20 } });
      const calls = Array.from({ length: 100 }, () => quota.countCall(tenant, call('verifyOtp')));
      const passed = (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled');
      expect(passed).toHaveLength(20);
    });

    it('are a tenant’s own, and a field’s own', async () => {
      const quota = createQuota({ tally: await open(), clock });
      const [a, b] = [tenantOf('a', { fields: { sendSms: 1 } }), tenantOf('b', { fields: { sendSms: 1 } })];
      await quota.countCall(a, call('sendSms'));
      await expect(quota.countCall(a, call('sendSms'))).rejects.toThrow(RateLimited);
      await quota.countCall(b, call('sendSms'));
      await quota.countCall(a, call('sendKakao'));
    });

    it('bound operations of every kind together', async () => {
      const quota = createQuota({ tally: await open(), clock });
      const tenant = tenantOf('a', { operations: 2 });
      await quota.countOperation(tenant, true);
      await quota.countOperation(tenant, false);
      await expect(quota.countOperation(tenant, false)).rejects.toMatchObject({ scope: 'operations', limit: 2 });
    });

    it('count a batch as its messages, with those of sendSms, and let a smaller one in after one that was refused', async () => {
      const quota = createQuota({ tally: await open(), clock });
      const tenant = tenantOf('a', { fields: { sendSms: 10 } });
      await quota.countCall(tenant, call('sendSmsBatch', 6));
      await expect(quota.countCall(tenant, call('sendSmsBatch', 5))).rejects.toMatchObject({ scope: 'sendSms' });
      await quota.countCall(tenant, call('sendSmsBatch', 3));
      await quota.countCall(tenant, call('sendSms'));
      await expect(quota.countCall(tenant, call('sendSms'))).rejects.toThrow(RateLimited);
    });

    it('tell of a batch that no minute has room for that it must be smaller', async () => {
      const quota = createQuota({ tally: await open(), clock });
      const refusal = quota.countCall(tenantOf('a', { fields: { sendSms: 10 } }), call('sendSmsBatch', 11));
      await expect(refusal).rejects.toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: ['inputs'] }] });
    });

    it('follow the tenants file at once where it changes', async () => {
      const quota = createQuota({ tally: await open(), clock });
      await quota.countCall(tenantOf('a', { fields: { sendSms: 1 } }), call('sendSms'));
      await quota.countCall(tenantOf('a', { fields: { sendSms: 2 } }), call('sendSms'));
      await expect(quota.countCall(tenantOf('a', { fields: { sendSms: 2 } }), call('sendSms'))).rejects.toThrow();
    });
  });
}

describe('Quotas', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('begin anew a minute after the first call', async () => {
    vi.useFakeTimers();
    const quota = createQuota({ tally: await inMemory(), clock });
    const tenant = tenantOf('a', { fields: { sendSms: 1 } });
    await quota.countCall(tenant, call('sendSms'));
    vi.advanceTimersByTime(59_000);
    await expect(quota.countCall(tenant, call('sendSms'))).rejects.toThrow(RateLimited);
    vi.advanceTimersByTime(1_500);
    await quota.countCall(tenant, call('sendSms'));
  });

  it.each([
    ['sendSms', true, DEFAULT_QUOTAS.messages],
    ['sendKakao', true, DEFAULT_QUOTAS.messages],
    ['sendRemittance', true, DEFAULT_QUOTAS.otherMutations],
    ['constructor', true, DEFAULT_QUOTAS.otherMutations],
    ['messages', false, undefined],
  ])('of a tenant that has none: %s', async (field, isCostly, limit) => {
    const counted: string[] = [];
    const add: Tally['add'] = async (counter) => {
      counted.push(counter);
      return { value: Number.MAX_SAFE_INTEGER, msLeft: 1 };
    };
    const quota = createQuota({ tally: { add, close: async () => undefined }, clock });
    const refusal = await quota.countCall(tenantOf('a'), call(field, 1, isCostly)).catch((error) => error);
    expect(refusal?.limit).toBe(limit);
    expect(counted).toEqual(limit === undefined ? [] : [`a/${field}`]);
  });

  it('refuse what costs money where nobody can count, and let reading go on', async () => {
    const away: Tally = {
      add: () => Promise.reject(new StoreUnavailable('away', 'NO')),
      close: () => Promise.resolve(),
    };
    const quota = createQuota({ tally: away, clock });
    const tenant = tenantOf('a', { fields: { sendSms: 1, messages: 1 } });
    const refusal = await quota.countCall(tenant, call('sendSms')).catch((error) => error);
    expect(refusal).toBeInstanceOf(ProviderUnavailable);
    expect(refusal).toMatchObject({ code: 'STORE_UNAVAILABLE', outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER' });
    await expect(quota.countOperation(tenant, true)).rejects.toThrow(ProviderUnavailable);
    await quota.countCall(tenant, call('messages', 1, false));
    await quota.countOperation(tenant, false);
  });
});

describe.runIf(hasRedisServer)('Counting in Redis', () => {
  it('is one count for all gateways, and lapses by itself', async () => {
    const server = await startRedisServer();
    onTestFinished(() => server.dispose());
    const tallies = await Promise.all([openTally(server.url), openTally(server.url)]);
    onTestFinished(async () => void (await Promise.all(tallies.map((tally) => tally.close()))));
    for (const [nth, tally] of [...tallies, ...tallies].entries()) {
      const { value, msLeft } = await tally.add('a/sendSms', 1);
      expect(value).toBe(nth + 1);
      expect(msLeft).toBeGreaterThan(0);
    }
  });

  it('says so while Redis is frozen or gone, and counts on once it is back', async () => {
    const server = await startRedisServer();
    onTestFinished(() => server.dispose());
    const tally = await openTally(server.url);
    onTestFinished(() => tally.close());
    await tally.add('a/sendSms', 1);
    const failure = () =>
      tally.add('a/sendSms', 1).then(
        () => undefined,
        (error: unknown) => error,
      );

    server.freeze();
    expect(await failure()).toBeInstanceOf(StoreUnavailable);
    server.thaw();
    await until(async () => (await failure()) === undefined);

    await server.kill();
    expect(await failure()).toBeInstanceOf(StoreUnavailable);
    await server.restart();
    await until(async () => (await failure()) === undefined);
  });

  it('says that Redis is full where it is', async () => {
    const server = await startRedisServer({ maxmemory: '1' });
    onTestFinished(() => server.dispose());
    const tally = await openTally(server.url);
    onTestFinished(() => tally.close());
    await expect(tally.add('a/sendSms', 1)).rejects.toMatchObject({ wrote: 'NO', want: 'FULL' });
  });
});
