/**
 * How many calls a provider lets one account make in a minute, shared by all tenants and all gateways: exact sliding
 * windows, kept as one record of the store, so that no minute, wherever it begins, sees one call too many.
 */
import type { Clock, Instant } from './clock.ts';
import { type Store, storeKey } from './store.ts';

export interface CallLimit {
  /** Calls in any window. */
  readonly limit: number;
  readonly windowMs: number;
}

export type CallPlace<Bucket extends string> =
  | { readonly taken: true }
  /** Nothing was taken. `bucket` is the one that is full the longest. */
  | { readonly taken: false; readonly bucket: Bucket; readonly retryAt: Instant };

export interface CallBudget<Bucket extends string> {
  readonly limits: Readonly<Record<Bucket, CallLimit>>;
  /** Takes a place in each of the buckets, or in none. @throws StoreUnavailable */
  take(buckets: readonly Bucket[]): Promise<CallPlace<Bucket>>;
  /** The provider says that it wants nothing more of this kind before then. Bounded by `maxHoldMs`. */
  hold(bucket: Bucket, until: Instant): Promise<void>;
}

interface BudgetRecord {
  readonly taken: Readonly<Record<string, readonly Instant[]>>;
  readonly heldUntil: Readonly<Record<string, Instant>>;
}

/** A call may reach the provider this much later than one before it did: the window is held for as much longer. */
const jitterMs = 1_000;
const maxHoldMs = 15 * 60_000;

export function createCallBudget<Bucket extends string>(options: {
  readonly store: Store;
  readonly clock: Clock;
  /** Names the account: the budget of one name is one, whoever made it. */
  readonly name: readonly string[];
  readonly limits: Readonly<Record<Bucket, CallLimit>>;
}): CallBudget<Bucket> {
  const { store, clock, limits } = options;
  const key = storeKey('call-budget', ...options.name);
  const heldMs = (bucket: string): number => (limits[bucket as Bucket]?.windowMs ?? 0) + jitterMs;
  const longestMs = Math.max(maxHoldMs, ...Object.keys(limits).map(heldMs));
  /** One at a time within a process, so that only gateways contend for the record. */
  let tail: Promise<unknown> = Promise.resolve();

  /** Until the record stood still while it was changed. `change` answers undefined where nothing is to be stored. */
  async function update<T>(
    change: (record: BudgetRecord, now: Instant) => { result: T; record?: BudgetRecord },
  ): Promise<T> {
    for (;;) {
      const stored = await store.get<BudgetRecord>(key);
      const { result, record } = change(prune(stored?.value), clock.now());
      if (record === undefined) return result;
      const { committed } = await store.write({
        expect: [{ key, version: stored?.version ?? 0 }],
        put: [{ key, value: record, ttlMs: longestMs }],
      });
      if (committed) return result;
    }
  }

  function prune(record: BudgetRecord | undefined): BudgetRecord {
    const now = clock.now();
    const taken = Object.entries(record?.taken ?? {}).map(([bucket, at]) => [
      bucket,
      // Of another gateway whose clock is ahead, it counts; but a clock that was set back must not hold it for ever.
      at.filter((each) => each > now - heldMs(bucket) && each <= now + heldMs(bucket)),
    ]);
    const held = Object.entries(record?.heldUntil ?? {}).filter(([, until]) => until <= now + maxHoldMs);
    return { taken: Object.fromEntries(taken), heldUntil: Object.fromEntries(held) };
  }

  function fullUntil(bucket: Bucket, { taken, heldUntil }: BudgetRecord, now: Instant): Instant {
    const at = taken[bucket] ?? [];
    // The place that must fall free before there is one again.
    const next = at.length < limits[bucket].limit ? 0 : (at[at.length - limits[bucket].limit] ?? now) + heldMs(bucket);
    return Math.max(next, heldUntil[bucket] ?? 0);
  }

  function serially<T>(work: () => Promise<T>): Promise<T> {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  }

  return {
    limits,
    take: (buckets) =>
      serially(() =>
        update<CallPlace<Bucket>>((record, now) => {
          let latest: { bucket: Bucket; retryAt: Instant } | undefined;
          for (const bucket of buckets) {
            const retryAt = fullUntil(bucket, record, now);
            if (retryAt > now && retryAt > (latest?.retryAt ?? 0)) latest = { bucket, retryAt };
          }
          if (latest !== undefined) return { result: { taken: false, ...latest } };
          const taken = { ...record.taken };
          for (const bucket of buckets) {
            const before = taken[bucket] ?? [];
            // In order, also where the one before was taken by a clock that is ahead.
            taken[bucket] = [...before, Math.max(now, before.at(-1) ?? now)];
          }
          return { result: { taken: true }, record: { ...record, taken } };
        }),
      ),
    hold: (bucket, until) =>
      serially(() =>
        update((record, now) => {
          const bounded = Math.min(until, now + maxHoldMs);
          if ((record.heldUntil[bucket] ?? 0) >= bounded) return { result: undefined };
          return { result: undefined, record: { ...record, heldUntil: { ...record.heldUntil, [bucket]: bounded } } };
        }),
      ),
  };
}
