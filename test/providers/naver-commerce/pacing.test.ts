import { describe, expect, it } from 'vitest';
import { createPace } from '../../../src/providers/naver-commerce/pace.ts';
import { answer, DATA_CALLS, failureOf, gatewayError, given, peer, provider, type Reply } from './account.ts';

const SELLER = { accountId: 'a', accountUid: 'u' };
const rate = (perSecond: number, remaining?: number) => ({
  'GNCP-GW-RateLimit-Replenish-Rate': String(perSecond),
  ...(remaining !== undefined && { 'GNCP-GW-RateLimit-Remaining': String(remaining) }),
});

/** A token bucket as Naver describes it: it refills by the rate and holds twice as many. */
function bucketPeer(perSecond: number) {
  let tokens = 2 * perSecond;
  let filledAtMs = performance.now();
  const seen = { taken: 0, refused: 0 };
  const reply: Reply = (...to) => {
    const nowMs = performance.now();
    tokens = Math.min(2 * perSecond, tokens + ((nowMs - filledAtMs) / 1_000) * perSecond);
    filledAtMs = nowMs;
    if (tokens < 1) {
      seen.refused += 1;
      return answer(429, gatewayError('GW.RATE_LIMIT'), rate(perSecond, 0))(...to);
    }
    tokens -= 1;
    seen.taken += 1;
    return answer(200, SELLER, rate(perSecond, Math.floor(tokens)))(...to);
  };
  return { reply, seen };
}

describe('calls of one API', () => {
  it('stay under the rate that the answers tell, and all get through', async () => {
    const { reply, seen } = bucketPeer(50);
    const { url } = await peer(reply);
    const made = provider(url, { maxQueueMs: 20_000 });
    await made.seller('t');
    await Promise.all(Array.from({ length: 150 }, () => made.seller('t')));
    expect(seen).toEqual({ taken: 151, refused: 0 });
  });

  it('go over it where nobody paces them: the control', async () => {
    const { reply, seen } = bucketPeer(50);
    const { url } = await peer(reply);
    await Promise.all(Array.from({ length: 150 }, () => fetch(`${url}/v1/seller/account`)));
    expect(seen.refused).toBeGreaterThan(0);
  });

  it('of several gateways share it: what is turned away waits and gets through', async () => {
    const { reply, seen } = bucketPeer(50);
    const { url } = await peer(reply);
    const gateways = [provider(url, { maxQueueMs: 20_000 }), provider(url, { maxQueueMs: 20_000 })];
    await Promise.all(gateways.map((made) => made.seller('t')));
    await Promise.all(gateways.flatMap((made) => Array.from({ length: 75 }, () => made.seller('t'))));
    expect(seen.taken).toBe(152);
  });

  it('are told when to come where the line is longer than the wait', async () => {
    const { url, seen } = await peer(answer(200, SELLER, rate(2, 0)));
    const made = provider(url, { maxQueueMs: 0 });
    await made.seller('t');
    const before = Date.now();
    const failure = await failureOf(made.seller('t'));
    expect(failure).toMatchObject({
      code: 'RATE_LIMITED',
      retry: 'SAFE_AFTER',
      scope: 'the Naver Commerce seller account',
      limit: 2,
      windowSeconds: 1,
    });
    expect(failure.retryAt).toBeGreaterThan(before);
    expect(failure.retryAt).toBeLessThanOrEqual(Date.now() + 500);
    expect(seen).toHaveLength(1);
  });

  it('do not hold up those of another', async () => {
    const { url } = await peer(answer(200, SELLER, rate(1, 0)));
    const made = provider(url, { maxQueueMs: 0 });
    await made.seller('t');
    expect(await failureOf(made.seller('t'))).toMatchObject({ code: 'RATE_LIMITED' });
    expect((await made.productOrders('t', ['1'])).tokenRefused).toBe(false);
  });

  it('that was turned away by GW.RATE_LIMIT goes again, and one that writes too', async () => {
    let refusals = 1;
    const data = { successProductOrderInfos: [{ productOrderId: '2026030212345671' }] };
    const { url, seen } = await peer((...to) => {
      refusals -= 1;
      (refusals >= 0 ? answer(429, gatewayError('GW.RATE_LIMIT')) : answer(200, { data }))(...to);
    });
    const made = provider(url);
    const confirmed = await given(made.confirm('t', ['2026030212345671']));
    expect(confirmed).toEqual({ succeeded: ['2026030212345671'], failed: [] });
    expect(seen).toHaveLength(2);
  });

  it('are not repeated after a 429 of somebody else', async () => {
    const { url, seen } = await peer(answer(429, 'slow down'));
    expect(
      await failureOf((DATA_CALLS['confirm'] as (made: unknown) => Promise<unknown>)(provider(url))),
    ).toMatchObject({
      code: 'RATE_LIMITED',
      origin: { code: 'HTTP_429' },
    });
    expect(seen).toHaveLength(1);
  });

  it('that wait are let go when the account stops', async () => {
    const { url, seen } = await peer(answer(200, SELLER, rate(1, 0)));
    const made = provider(url, { maxQueueMs: 60_000 });
    await made.seller('t');
    const waiting = failureOf(made.seller('t'));
    await made.stop();
    expect(await waiting).toMatchObject({ outcome: 'NOT_ACCEPTED', origin: { code: 'STOPPED' } });
    expect(seen).toHaveLength(1);
  });
});

describe('a pace', () => {
  const clock = { at: 0, now: () => 0, monotonicMs: () => clock.at };
  const grant = { granted: true };

  it('lets two a second go until it knows better, and counts on from there', async () => {
    clock.at = 0;
    const pace = createPace(clock);
    expect([await pace.turn('a', 0), await pace.turn('a', 0)]).toEqual([grant, grant]);
    expect(await pace.turn('a', 0)).toEqual({ granted: false, waitMs: 500 });
    clock.at = 500;
    expect(await pace.turn('a', 500)).toEqual(grant);
    pace.observe('a', { 'gncp-gw-ratelimit-replenish-rate': '10', 'gncp-gw-ratelimit-remaining': '3' });
    expect(pace.ratePerSecond('a')).toBe(10);
    for (let turns = 0; turns < 3; turns += 1) expect(await pace.turn('a', 500)).toEqual(grant);
    expect(await pace.turn('a', 500)).toEqual({ granted: false, waitMs: 100 });
    clock.at = 60_000;
    for (let turns = 0; turns < 10; turns += 1) expect(await pace.turn('a', 60_000)).toEqual(grant);
    expect((await pace.turn('a', 60_000)).granted).toBe(false);
  });

  it.each([['0'], ['-1'], ['1.5'], ['many'], [['5', '6']], [undefined]])('does not take %j for a rate', (value) => {
    const pace = createPace(clock);
    pace.observe('a', { 'gncp-gw-ratelimit-replenish-rate': value, 'gncp-gw-ratelimit-remaining': value });
    expect(pace.ratePerSecond('a')).toBe(2);
  });

  it('holds a path for as long as it was told', async () => {
    clock.at = 0;
    const pace = createPace(clock);
    pace.hold('a', 1_000);
    pace.hold('a', 10);
    expect(await pace.turn('a', 999)).toEqual({ granted: false, waitMs: 1_000 });
    expect(await pace.turn('b', 0)).toEqual(grant);
    clock.at = 1_000;
    expect(await pace.turn('a', 1_000)).toEqual(grant);
  });
});
