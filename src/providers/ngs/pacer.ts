/**
 * Keeps one class of messages under its TPS: never more than that many in any sliding second, as the gateway measures
 * it. It decides when; it holds no messages and no timers.
 */

export interface Pacer {
  /** How many may leave now. */
  allowance(nowMs: number): number;
  /** Counts one that leaves now; only where the allowance is above 0. */
  take(nowMs: number): void;
  /** When the allowance may next rise above 0; undefined where it is, or never will. */
  nextAt(nowMs: number): number | undefined;
  /** A new limit holds at once, also against what left before. */
  retune(tps: number): void;
}

export function createPacer(options: { readonly tps: number; readonly windowMs: number }): Pacer {
  const { windowMs } = options;
  let limit = options.tps;
  /** Ascending; at most as long as the highest limit of the last window. */
  const takenAtMs: number[] = [];

  function forgetOlder(nowMs: number): void {
    let old = 0;
    while (old < takenAtMs.length && nowMs - (takenAtMs[old] ?? nowMs) >= windowMs) old++;
    if (old > 0) takenAtMs.splice(0, old);
  }

  return {
    allowance(nowMs) {
      forgetOlder(nowMs);
      return Math.max(0, limit - takenAtMs.length);
    },
    take(nowMs) {
      takenAtMs.push(nowMs);
    },
    nextAt(nowMs) {
      forgetOlder(nowMs);
      if (limit === 0 || takenAtMs.length < limit) return undefined;
      const blocking = takenAtMs[takenAtMs.length - limit];
      return blocking === undefined ? undefined : blocking + windowMs;
    },
    retune(next) {
      limit = next;
    },
  };
}
