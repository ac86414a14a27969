/**
 * Places in an exact sliding window, kept as one record of the store: no window, wherever it begins, sees one too many.
 * For small limits, since the record holds each place that is taken.
 */
import { randomUUID } from 'node:crypto';
import type { Clock, Instant } from '../clock.ts';
import type { Store } from '../store.ts';

export interface SlidingWindow {
  /** Takes a place until the window has passed, unless all are taken. @throws StoreUnavailable */
  take(
    key: string,
    bound: { readonly limit: number; readonly windowMs: number },
  ): Promise<{ readonly id: string; readonly left: number } | { readonly retryAt: Instant }>;
  /** Where it has lapsed by now, nothing happens. @throws StoreUnavailable */
  giveBack(key: string, id: string): Promise<void>;
}

interface WindowRecord {
  readonly windowMs: number;
  readonly places: readonly { readonly id: string; readonly at: Instant }[];
}

export function createSlidingWindow({ store, clock }: { readonly store: Store; readonly clock: Clock }): SlidingWindow {
  async function replace(key: string, version: number, record: WindowRecord): Promise<boolean> {
    const { committed } = await store.write({
      expect: [{ key, version }],
      put: [{ key, value: record, ttlMs: record.windowMs }],
    });
    return committed;
  }

  return {
    async take(key, { limit, windowMs }) {
      for (;;) {
        const stored = await store.get<WindowRecord>(key);
        const now = clock.now();
        // Of another gateway whose clock is ahead, it counts; but a clock that was set back must not hold it for ever.
        const places = (stored?.value.places ?? []).filter(({ at }) => at > now - windowMs && at <= now + windowMs);
        const inTheWay = places.at(-limit);
        if (places.length >= limit && inTheWay !== undefined) return { retryAt: inTheWay.at + windowMs };
        // In order, also where the one before was taken by a clock that is ahead.
        const place = { id: randomUUID(), at: Math.max(now, places.at(-1)?.at ?? now) };
        const record = { windowMs, places: [...places, place] };
        if (await replace(key, stored?.version ?? 0, record)) return { id: place.id, left: limit - places.length - 1 };
      }
    },
    async giveBack(key, id) {
      for (;;) {
        const stored = await store.get<WindowRecord>(key);
        const places = stored?.value.places.filter((place) => place.id !== id) ?? [];
        if (stored === undefined || places.length === stored.value.places.length) return;
        if (await replace(key, stored.version, { ...stored.value, places })) return;
      }
    },
  };
}
