/**
 * What keeps an application from calling too often: the token bucket of each API path, and the cap on token calls of
 * an application that sent malformed ones (restriction; notice of May 2025 on token calls).
 */
import type { Instant } from '../../core/clock.ts';
import { koreaIso } from '../korea-time.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface TokenBuckets {
  /** Takes one, where there is one; `remaining` is what is left of whole ones. */
  take(path: string, ratePerSecond: number, monotonicMs: number): { readonly ok: boolean; readonly remaining: number };
  remaining(path: string, ratePerSecond: number, monotonicMs: number): number;
}

/** A full bucket holds 2 x the rate: what bursts is borrowed from the next second. */
export function createTokenBuckets(): TokenBuckets {
  const buckets = new Map<string, { readonly left: number; readonly atMs: number }>();

  function leftOf(path: string, ratePerSecond: number, monotonicMs: number): number {
    const bucket = buckets.get(path);
    if (bucket === undefined) return 2 * ratePerSecond;
    return Math.min(2 * ratePerSecond, bucket.left + ((monotonicMs - bucket.atMs) / 1000) * ratePerSecond);
  }

  return {
    take(path, ratePerSecond, monotonicMs) {
      const left = leftOf(path, ratePerSecond, monotonicMs);
      if (left < 1) return { ok: false, remaining: 0 };
      buckets.set(path, { left: left - 1, atMs: monotonicMs });
      return { ok: true, remaining: Math.floor(left - 1) };
    },
    remaining: (path, ratePerSecond, monotonicMs) => Math.floor(leftOf(path, ratePerSecond, monotonicMs)),
  };
}

export type QuotaPenalty = 'OFF' | 'AT_ONCE' | 'NEXT_DAY';

export interface TokenQuota {
  /** One call of the token endpoint: false where the application is capped and has had its call of the hour. */
  take(now: Instant, penalty: QuotaPenalty): boolean;
  /** It was malformed. With AT_ONCE it was also the call of its hour. */
  malformed(now: Instant, penalty: QuotaPenalty): void;
  isCapped(now: Instant, penalty: QuotaPenalty): boolean;
  /** Lifts the cap and forgets what brought it. */
  pardon(): void;
}

/** NEXT_DAY is what was observed: a day (KST) is judged by the one before it, and lifted by a day without a flaw. */
export function createTokenQuota(): TokenQuota {
  let flagged = false;
  let flaggedDays = new Set<string>();
  let lastTakenAt = Number.NEGATIVE_INFINITY;

  const day = (at: Instant) => koreaIso(at).slice(0, 10);
  function isCapped(now: Instant, penalty: QuotaPenalty): boolean {
    if (penalty === 'OFF') return false;
    return penalty === 'AT_ONCE' ? flagged : flaggedDays.has(day(now - DAY_MS));
  }

  return {
    isCapped,
    take(now, penalty) {
      if (isCapped(now, penalty) && now - lastTakenAt < HOUR_MS) return false;
      lastTakenAt = now;
      return true;
    },
    malformed(now, penalty) {
      if (penalty === 'AT_ONCE') flagged = true;
      if (penalty === 'NEXT_DAY') flaggedDays.add(day(now));
    },
    pardon() {
      flagged = false;
      flaggedDays = new Set();
      lastTakenAt = Number.NEGATIVE_INFINITY;
    },
  };
}
