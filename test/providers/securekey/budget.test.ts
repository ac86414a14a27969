import { describe, expect, it } from 'vitest';
import { type CallBudget, createCallBudget } from '../../../src/core/call-budget.ts';
import { RateLimited } from '../../../src/core/errors.ts';
import type { Store } from '../../../src/core/store.ts';
import { SECUREKEY_LIMITS, type SecureKeyBucket } from '../../../src/providers/securekey/limits.ts';
import { fullestWindow } from '../../support/sliding-window.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { answer, CALLS, failureOf, openBudget, peer, provider, success } from './account.ts';

const start = 1_790_000_000_000;
const PUSH = { pushRespondPath: '/push/respond' };

function handClock() {
  let now = start;
  return {
    now: () => now,
    monotonicMs: () => now - start,
    advance(ms: number) {
      now += ms;
    },
  };
}
type HandClock = ReturnType<typeof handClock>;

const budgetOf = (store: Store, clock: HandClock, account = 'default'): CallBudget<SecureKeyBucket> =>
  createCallBudget({ store, clock, name: ['SECUREKEY', account], limits: SECUREKEY_LIMITS });

/** A peer that notes when, by the hand clock, each call came. */
async function timedPeer(clock: HandClock) {
  const at: number[] = [];
  const { url } = await peer((...all) => {
    at.push(clock.now());
    return success({ verified: true, requestId: 'r' })(...all);
  });
  return { url, at };
}

describe('the budget of an account', () => {
  it('has the limits of the document', () => {
    expect(SECUREKEY_LIMITS).toEqual({
      all: { limit: 100, windowMs: 60_000 },
      send: { limit: 3, windowMs: 60_000 },
      attempt: { limit: 10, windowMs: 60_000 },
      poll: { limit: 30, windowMs: 60_000 },
    });
  });

  /** 300 sends, one a second, by two gateways in turn. */
  async function offered(budgets: (clock: HandClock) => Promise<CallBudget<SecureKeyBucket>[]>) {
    const clock = handClock();
    const { url, at } = await timedPeer(clock);
    const gateways = (await budgets(clock)).map((budget) => provider(url, { budget, clock }));
    const refused: RateLimited[] = [];
    for (let call = 0; call < 300; call += 1) {
      const path = call % 3 === 0 ? '/email-otp/send' : '/otp/send';
      const gateway = gateways[call % gateways.length];
      await (gateway && CALLS[path]?.(gateway))?.catch((error: unknown) => {
        if (!(error instanceof RateLimited)) throw error;
        refused.push(error);
      });
      clock.advance(1_000);
    }
    return { at, refused };
  }

  it('lets never more than 3 sends into any minute, of 300 that two gateways are asked for', async () => {
    const { at, refused } = await offered(async (clock) => {
      const store = await temporaryStore();
      return [budgetOf(store, clock), budgetOf(store, clock)];
    });
    expect(fullestWindow(at, 60_000)).toBe(3);
    // And no fewer than there is room for: 300 s hold 5 windows of 61.
    expect(at).toHaveLength(15);
    expect(refused).toHaveLength(285);
    for (const error of refused) {
      expect(error).toMatchObject({ scope: 'SecureKey OTP sends', limit: 3, windowSeconds: 60 });
      expect(error.origin).toBeUndefined();
    }
  });

  it('is what holds them: without one, all leave, and with one each, twice as many', async () => {
    const without = await offered(async () => [openBudget(), openBudget()]);
    expect(fullestWindow(without.at, 60_000)).toBe(60);
    const apart = await offered(async (clock) => {
      const store = await temporaryStore();
      return [budgetOf(store, clock, 'a'), budgetOf(store, clock, 'b')];
    });
    expect(fullestWindow(apart.at, 60_000)).toBe(6);
  });

  it('tells when there is a place again, and there is', async () => {
    const clock = handClock();
    const { url } = await timedPeer(clock);
    const made = provider(url, { budget: budgetOf(await temporaryStore(), clock), clock });
    const send = () => made.sendSmsCode({ phone: '01012345678', purpose: 'login' });
    for (let call = 0; call < 3; call += 1) await send();
    const { retryAt } = await failureOf(send());
    expect(retryAt).toBeGreaterThanOrEqual(start + 60_000);
    clock.advance((retryAt ?? 0) - start - 1);
    expect(await failureOf(send())).toMatchObject({ retryAt });
    clock.advance(1);
    expect(await send()).toEqual({ requestId: 'r' });
  });

  it.each<[string, string[], number]>([
    ['SecureKey OTP sends', ['/otp/send', '/email-otp/send'], 3],
    [
      'SecureKey verification attempts',
      [
        '/otp/verify',
        '/email-otp/verify',
        '/totp/verify',
        '/webauthn/register/verify',
        '/webauthn/authenticate/verify',
      ],
      10,
    ],
    ['SecureKey push look-ups', ['/push/verify'], 30],
    ['SecureKey', ['/push/send', '/push/devices', '/push/respond'], 100],
  ])('of %s is shared by %j', async (scope, paths, limit) => {
    const clock = handClock();
    const { url, at } = await timedPeer(clock);
    const made = provider(url, { ...PUSH, budget: budgetOf(await temporaryStore(), clock), clock });
    for (let call = 0; call < limit; call += 1) await CALLS[paths[call % paths.length] as string]?.(made);
    for (const path of paths) {
      expect(await failureOf(CALLS[path]?.(made))).toMatchObject({ scope, limit, windowSeconds: 60 });
    }
    expect(at).toHaveLength(limit);
  });

  it('counts every kind among all calls, so that look-ups cannot take the last of the 100', async () => {
    const clock = handClock();
    const { url, at } = await timedPeer(clock);
    const made = provider(url, { ...PUSH, budget: budgetOf(await temporaryStore(), clock), clock });
    const ask = async (path: string, times: number) => {
      for (let call = 0; call < times; call += 1) await CALLS[path]?.(made)?.catch(() => {});
    };
    await ask('/push/verify', 200);
    await ask('/otp/send', 10);
    await ask('/otp/verify', 20);
    expect(at).toHaveLength(43);
    await ask('/push/send', 200);
    expect(at).toHaveLength(100);
    expect(await failureOf(CALLS['/otp/verify']?.(made))).toBeInstanceOf(RateLimited);
  });

  it('is spent for all gateways once SecureKey says that it is', async () => {
    const clock = handClock();
    const { url, seen } = await peer(answer(429, '', { 'retry-after': '30' }));
    const store = await temporaryStore();
    const [one, other] = [1, 2].map(() => provider(url, { budget: budgetOf(store, clock), clock }));
    const send = { phone: '01012345678', purpose: 'login' };
    expect(await failureOf(one?.sendSmsCode(send))).toMatchObject({ retryAt: start + 30_000 });
    expect(await failureOf(other?.sendSmsCode(send))).toMatchObject({ retryAt: start + 30_000 });
    expect(seen).toHaveLength(1);
    // Of another kind, it may still be asked.
    await failureOf(other?.verifySmsCode({ phone: '01012345678', code: '123456' }));
    expect(seen).toHaveLength(2);
    clock.advance(30_000);
    await failureOf(other?.sendSmsCode(send));
    expect(seen).toHaveLength(3);
  });
});
