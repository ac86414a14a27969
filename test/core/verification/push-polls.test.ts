import { describe, expect, it } from 'vitest';
import { createCallBudget } from '../../../src/core/call-budget.ts';
import { ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import { type Log, silentLog } from '../../../src/core/log.ts';
import type { Store } from '../../../src/core/store.ts';
import { createPushRequester } from '../../../src/core/verification/push-request.ts';
import { createPushStore } from '../../../src/core/verification/push-store.ts';
import { createPushSweep } from '../../../src/core/verification/push-sweep.ts';
import { pushCore, shop, standingClock } from '../../support/push-core.ts';
import { scriptedVerification } from '../../support/scripted-verification.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

/** Push approval that looks at the clock only when it is told to. */
async function stepped(options: { polling?: boolean; log?: Log; wrap?: (store: Store) => Store } = {}) {
  const { wrap = (store) => store } = options;
  const store = wrap(await temporaryStore());
  const clock = standingClock();
  const provider = scriptedVerification();
  const approvals = createPushStore({ store, clock });
  const request = createPushRequester({ store, approvals, provider, polling: options.polling ?? true, clock });
  const sweep = createPushSweep({
    store,
    approvals,
    provider,
    clock,
    log: options.log ?? silentLog,
    everyMs: 3_600_000,
  });
  let keys = 0;
  return {
    store,
    clock,
    provider,
    approvals,
    sweep,
    request(userId = 'kim') {
      keys += 1;
      return request(shop, { idempotencyKey: `key-${keys}`, userId, title: '승인' });
    },
    async pass(ms: number, stepMs = 250) {
      for (let passed = 0; passed < ms; passed += stepMs) {
        clock.passMs(stepMs);
        await sweep.sweep();
      }
    },
  };
}

describe('the poller', () => {
  it('asks after a second, then half as long again each time, up to every ten seconds, and stops with the end', async () => {
    const { clock, provider, request, pass } = await stepped();
    const { createdAt } = await request();
    const asked: number[] = [];
    provider.script.pushAnswer = async () => {
      asked.push(clock.now() - createdAt);
      return 'PENDING';
    };
    await pass(125_000, 125);
    expect(asked.slice(0, 4)).toEqual([1_000, 2_500, 4_750, 8_125]);
    const delays = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(delays.slice(6).every((delayMs) => delayMs === 10_000)).toBe(true);
    expect(asked.at(-1)).toBeLessThan(120_000);
    expect(asked.length).toBeGreaterThan(12);
  });

  it('names the request and the person as the provider knows them', async () => {
    const { provider, request, pass } = await stepped();
    const { requestId } = await request();
    await pass(1_000);
    expect(provider.callsOf('pushAnswer')).toEqual([{ requestId, userId: 'shop:kim' }]);
  });

  it('does not ask where polling is off, nor about what has no requestId', async () => {
    const off = await stepped({ polling: false });
    await off.request();
    await off.pass(10_000);
    expect(off.provider.callsOf('pushAnswer')).toEqual([]);
    const lost = await stepped();
    lost.provider.script.sendPush = () => Promise.reject(new ProviderUnavailable('Lost.', { outcome: 'UNKNOWN' }));
    await lost.request();
    await lost.pass(10_000);
    expect(lost.provider.callsOf('pushAnswer')).toEqual([]);
  });

  describe('with a budget that is too small for 40 open requests', { timeout: 60_000 }, () => {
    /** How often each was asked about. */
    async function share(wrap?: (store: Store) => Store): Promise<number[]> {
      const { store, clock, provider, request, pass } = await stepped(wrap && { wrap });
      const budget = createCallBudget({
        store,
        clock,
        name: ['test'],
        limits: { polls: { limit: 8, windowMs: 5_000 } },
      });
      const asked = new Map<string, number>();
      let refused = 0;
      provider.script.pushAnswer = async ({ requestId }) => {
        const place = await budget.take(['polls']);
        if (!place.taken) {
          refused += 1;
          throw new RateLimited('polls', { retryAt: place.retryAt });
        }
        asked.set(requestId, (asked.get(requestId) ?? 0) + 1);
        return 'PENDING';
      };
      for (let at = 0; at < 40; at += 1) await request(`user-${at}`);
      await pass(110_000);
      expect(refused).toBeGreaterThan(0);
      return [...asked.values()];
    }

    it('asks about each as often, within one, and leaves no place of the budget idle', async () => {
      const counts = await share();
      expect(counts).toHaveLength(40);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      // 8 places every 6 s, which is the window and the second that the budget holds it longer.
      expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(8 * 16);
    });

    it('would never ask about some, were those who wait not in the order of their waiting', async () => {
      const withoutTurns = (store: Store): Store => ({
        ...store,
        write: (batch) =>
          store.write({
            ...batch,
            index: (batch.index ?? []).map((change) =>
              'sort' in change ? { ...change, sort: change.sort - (change.sort % 250) } : change,
            ),
          }),
      });
      expect((await share(withoutTurns)).length).toBeLessThan(40);
    });
  });

  it('goes on in the next process where the one that asked for the prompt died', async () => {
    const store = await temporaryStore();
    const clock = standingClock();
    const { id } = await pushCore({ store, clock, polling: true, sweeping: false }).request();
    const next = pushCore({ store, clock, polling: true });
    next.provider.script.pushAnswer = async () => 'APPROVED';
    clock.passMs(1_000);
    await until(async () => (await next.load(id))?.state === 'APPROVED');
    expect(next.provider.callsOf('sendPush')).toEqual([]);
  });

  it('goes on through an outage of the provider, and says it once', async () => {
    const said: string[] = [];
    const { provider, request, pass, approvals } = await stepped({
      log: { ...silentLog, warn: (event) => void said.push(event) },
    });
    const { id } = await request();
    provider.script.pushAnswer = () => Promise.reject(new ProviderUnavailable('Away.', { outcome: 'NOT_ACCEPTED' }));
    await pass(20_000);
    expect(provider.callsOf('pushAnswer').length).toBeGreaterThan(3);
    expect(said).toEqual(['push.poll-failed']);
    provider.script.pushAnswer = async () => 'APPROVED';
    await pass(11_000);
    expect(await approvals.load([approvals.key(shop.id, id)])).toMatchObject([{ state: 'APPROVED', via: 'POLL' }]);
  });

  it('expires what is open two minutes after it was sent, not a moment before', async () => {
    const { request, pass, approvals, clock } = await stepped({ polling: false });
    const { id, expiresAt } = await request();
    const key = approvals.key(shop.id, id);
    await pass(119_750);
    expect(await approvals.load([key])).toMatchObject([{ state: 'PENDING' }]);
    await pass(250);
    expect(clock.now()).toBe(expiresAt);
    expect(await approvals.load([key])).toMatchObject([{ state: 'EXPIRED', via: 'DEADLINE', decidedAt: expiresAt }]);
  });
});

describe('a webhook', () => {
  const setUp = async (polling = false) => {
    const clock = standingClock();
    return { clock, ...pushCore({ store: await temporaryStore(), clock, polling }) };
  };
  const lost = () => Promise.reject(new ProviderUnavailable('Lost.', { outcome: 'UNKNOWN' }));

  it('without a decision has the provider asked at once, also where polling is off', async () => {
    const { request, hear, provider, load } = await setUp();
    const { id, requestId = '' } = await request();
    provider.script.pushAnswer = async () => 'DENIED';
    expect(await hear({ requestId })).toBe('APPLIED');
    await until(async () => (await load(id))?.state === 'DENIED');
    expect(await load(id)).toMatchObject({ via: 'POLL' });
    expect(provider.callsOf('pushAnswer')).toHaveLength(1);
  });

  it('that came in time counts, also where it is worked on behind the deadline', async () => {
    const { clock, request, hear, load, push } = await setUp();
    await push.stop();
    const { id, requestId = '' } = await request();
    const receivedAt = clock.now() + 119_999;
    clock.passMs(600_000);
    await hear({ requestId, decision: 'APPROVED' }, receivedAt);
    expect(await load(id)).toMatchObject({ state: 'APPROVED', via: 'WEBHOOK', decidedAt: receivedAt });
  });

  it('that comes behind the deadline expires it, where nobody had looked yet', async () => {
    const { clock, request, hear, load, push } = await setUp();
    await push.stop();
    const { id, requestId = '' } = await request();
    clock.passMs(120_000);
    await hear({ requestId, decision: 'APPROVED' });
    expect(await load(id)).toMatchObject({ state: 'EXPIRED', via: 'DEADLINE' });
  });

  it('approves no prompt whose answer was lost: the same person may have answered another system', async () => {
    const { clock, request, hear, provider, load } = await setUp();
    provider.script.sendPush = lost;
    const { id } = await request();
    for (const userId of ['shop:kim', 'shop:lee', undefined]) {
      const subject = { requestId: 'unknown', decision: 'APPROVED', ...(userId !== undefined && { userId }) } as const;
      expect(await hear(subject)).toBe('UNMATCHED');
    }
    expect(await load(id)).toMatchObject({ state: 'PENDING', delivery: 'UNCONFIRMED' });
    clock.passMs(120_000);
    await until(async () => (await load(id))?.state === 'EXPIRED');
    expect(await hear({ requestId: 'unknown', userId: 'shop:kim', decision: 'APPROVED' })).toBe('UNMATCHED');
    const expired = await load(id);
    expect(expired).toMatchObject({ state: 'EXPIRED', delivery: 'UNCONFIRMED', via: 'DEADLINE' });
    expect(expired).not.toHaveProperty('requestId');
  });

  it('about the prompt of another person is not believed', async () => {
    const { request, hear, load } = await setUp();
    const { id, requestId = '' } = await request();
    expect(await hear({ requestId, userId: 'shop:lee', decision: 'APPROVED' })).toBe('UNMATCHED');
    expect((await load(id))?.state).toBe('PENDING');
  });

  it('has its owner as soon as there is one', async () => {
    const { request, push } = await setUp();
    const source = { provider: 'SECUREKEY', account: 'default', isGenuine: () => true, read: () => ({}) } as const;
    const { requestId = '' } = await request();
    const subject = { type: 'PUSH_RESPONDED', requestId } as const;
    expect(await push.webhookEffect.ownerOf(source, subject)).toBe('shop');
    expect(await push.webhookEffect.ownerOf({ ...source, account: 'other' }, subject)).toBeUndefined();
    expect(await push.webhookEffect.ownerOf(source, { ...subject, requestId: 'x' })).toBeUndefined();
  });
});
