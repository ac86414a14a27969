import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CallBudget, type CallLimit, createCallBudget } from '../../src/core/call-budget.ts';
import type { Store } from '../../src/core/store.ts';
import { fullestWindow } from '../support/sliding-window.ts';
import { temporaryStore } from '../support/temporary-store.ts';

type Bucket = 'all' | 'send';
type Limits = Readonly<Record<Bucket, CallLimit>>;

const start = 1_790_000_000_000;
const limits: Limits = { all: { limit: 5, windowMs: 60_000 }, send: { limit: 2, windowMs: 20_000 } };

/** A time that is the same for all, and clocks that show it with an error of their own. */
function handTime() {
  let now = start;
  return {
    now: () => now,
    advance(ms: number) {
      now += ms;
    },
    clock: (errorMs = 0) => ({ now: () => now + errorMs, monotonicMs: () => now - start }),
  };
}
type HandTime = ReturnType<typeof handTime>;

function budgetOn(store: Store, time: HandTime, name = 'a', errorMs = 0): CallBudget<Bucket> {
  return createCallBudget({ store, clock: time.clock(errorMs), name: ['TEST', name], limits });
}

const taken = async (budget: CallBudget<Bucket>, times: number, buckets: readonly Bucket[]): Promise<number> => {
  const places = await Promise.all(Array.from({ length: times }, () => budget.take(buckets)));
  return places.filter((place) => place.taken).length;
};

describe('a budget of calls', () => {
  it('is never overstepped in any window, wherever it begins, and leaves no place unused', async () => {
    const store = await temporaryStore();
    let run = 0;
    let fullestOffered = 0;
    const step = fc.record({
      waitMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 70_000 })),
      gateway: fc.nat({ max: 1 }),
      isSend: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        run += 1;
        const time = handTime();
        const gateways = [0, 1].map(() => budgetOn(store, time, `run-${run}`));
        const offered: number[] = [];
        const at: Record<Bucket, number[]> = { all: [], send: [] };
        for (const { waitMs, gateway, isSend } of steps) {
          time.advance(waitMs);
          const buckets: Bucket[] = isSend ? ['all', 'send'] : ['all'];
          const place = await gateways[gateway]?.take(buckets);
          offered.push(time.now());
          // With one second of room for calls that are later on the wire than others.
          const isFull = buckets.some((bucket) => {
            const { limit, windowMs } = limits[bucket];
            return at[bucket].filter((each) => each > time.now() - windowMs - 1_000).length >= limit;
          });
          expect(place?.taken).toBe(!isFull);
          if (place?.taken) for (const bucket of buckets) at[bucket].push(time.now());
        }
        for (const bucket of ['all', 'send'] as const) {
          expect(fullestWindow(at[bucket], limits[bucket].windowMs)).toBeLessThanOrEqual(limits[bucket].limit);
        }
        fullestOffered = Math.max(fullestOffered, fullestWindow(offered, limits.all.windowMs));
      }),
      { numRuns: 60 },
    );
    // The control: what was offered would have overstepped it.
    expect(fullestOffered).toBeGreaterThan(limits.all.limit);
  });

  it('is not overstepped by gateways whose clocks differ by up to a second', async () => {
    const store = await temporaryStore();
    const time = handTime();
    const gateways = [-500, 0, 500].map((errorMs) => budgetOn(store, time, 'skewed', errorMs));
    const at: number[] = [];
    for (let call = 0; call < 400; call += 1) {
      const place = await gateways[(call * 7) % 3]?.take(['send']);
      if (place?.taken) at.push(time.now());
      time.advance(331);
    }
    expect(fullestWindow(at, limits.send.windowMs)).toBe(limits.send.limit);
    expect(at.length).toBeGreaterThan(8);
  });

  it('is one for all who ask at once', async () => {
    const store = await temporaryStore();
    const time = handTime();
    const gateways = Array.from({ length: 4 }, () => budgetOn(store, time));
    const counts = await Promise.all(gateways.map((budget) => taken(budget, 10, ['all'])));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  it('is another for another account', async () => {
    const store = await temporaryStore();
    const time = handTime();
    expect(await taken(budgetOn(store, time, 'a'), 9, ['all'])).toBe(5);
    expect(await taken(budgetOn(store, time, 'b'), 9, ['all'])).toBe(5);
  });

  it('takes a place in each bucket or in none, and names the one that is full the longest', async () => {
    const time = handTime();
    const budget = budgetOn(await temporaryStore(), time);
    expect(await taken(budget, 4, ['all', 'send'])).toBe(2);
    expect(await budget.take(['all', 'send'])).toMatchObject({ taken: false, bucket: 'send' });
    // The refused ones took nothing of all.
    expect(await taken(budget, 9, ['all'])).toBe(3);
    expect(await budget.take(['all', 'send'])).toMatchObject({ taken: false, bucket: 'all' });
  });

  it('has a place again at just the time that it says', async () => {
    const time = handTime();
    const budget = budgetOn(await temporaryStore(), time);
    for (let call = 0; call < 2; call += 1) {
      await budget.take(['send']);
      time.advance(3_000);
    }
    const place = await budget.take(['send']);
    const retryAt = place.taken ? 0 : place.retryAt;
    expect(retryAt).toBeGreaterThanOrEqual(start + 20_000);
    time.advance(retryAt - time.now() - 1);
    expect(await budget.take(['send'])).toEqual(place);
    time.advance(1);
    expect(await taken(budget, 2, ['send'])).toBe(1);
  });

  it('does not hold places for ever when the clock is set back', async () => {
    const time = handTime();
    const budget = budgetOn(await temporaryStore(), time);
    expect(await taken(budget, 5, ['all'])).toBe(5);
    time.advance(-3_600_000);
    expect(await taken(budget, 9, ['all'])).toBe(5);
  });
});

describe('a hold', () => {
  it('keeps its bucket shut for all, until then, and no other', async () => {
    const store = await temporaryStore();
    const time = handTime();
    const [one, other] = [budgetOn(store, time), budgetOn(store, time)];
    await one.hold('send', start + 30_000);
    expect(await other.take(['all', 'send'])).toEqual({ taken: false, bucket: 'send', retryAt: start + 30_000 });
    expect(await other.take(['all'])).toEqual({ taken: true });
    time.advance(29_999);
    expect(await other.take(['send'])).toMatchObject({ taken: false });
    time.advance(1);
    expect(await other.take(['send'])).toEqual({ taken: true });
  });

  it('is not shortened by a later one, and is bounded', async () => {
    const time = handTime();
    const budget = budgetOn(await temporaryStore(), time);
    await budget.hold('send', start + 30_000);
    await budget.hold('send', start + 10_000);
    expect(await budget.take(['send'])).toMatchObject({ retryAt: start + 30_000 });
    await budget.hold('send', start + 365 * 86_400_000);
    expect(await budget.take(['send'])).toMatchObject({ retryAt: start + 15 * 60_000 });
  });

  it('outlives places that are taken meanwhile', async () => {
    const time = handTime();
    const budget = budgetOn(await temporaryStore(), time);
    await budget.hold('send', start + 60_000);
    expect(await taken(budget, 5, ['all'])).toBe(5);
    expect(await budget.take(['send'])).toMatchObject({ taken: false, retryAt: start + 60_000 });
  });
});
