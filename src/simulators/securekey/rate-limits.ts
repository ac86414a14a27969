/** How many calls one address has made in the last 60 s, per bucket (SDK guide, rate limiting). */
import type { Clock } from '../../core/clock.ts';

const MINUTE_MS = 60_000;

export type Bucket = 'calls' | 'sends' | 'attempts';

export interface RateLimits {
  /** Counts one more call, or tells after how many milliseconds there is room. What is refused is not counted. */
  pass(bucket: Bucket, address: string, limit: number): { readonly waitMs: number } | undefined;
}

export function createRateLimits(clock: Clock): RateLimits {
  const passed = new Map<string, number[]>();
  return {
    pass(bucket, address, limit) {
      const key = `${bucket} ${address}`;
      const now = clock.monotonicMs();
      const within = (passed.get(key) ?? []).filter((at) => now - at < MINUTE_MS);
      const oldest = within[within.length - limit];
      if (oldest === undefined) within.push(now);
      passed.set(key, within);
      return oldest === undefined ? undefined : { waitMs: oldest + MINUTE_MS - now };
    },
  };
}
