/** Counts what passed in the last 1,000 ms, whichever second that is: how the NGS simulator reads "per second". */
import type { Clock } from '../../core/clock.ts';

export interface SlidingSecond {
  /** Counts one more, unless `limit` have passed within the last second. */
  pass(limit: number): boolean;
}

export function createSlidingSecond(clock: Clock): SlidingSecond {
  let passed: number[] = [];
  return {
    pass(limit) {
      const now = clock.monotonicMs();
      passed = passed.filter((at) => now - at < 1000);
      if (passed.length >= limit) return false;
      passed.push(now);
      return true;
    },
  };
}
