/**
 * Keeps one lane of messages under its TPS: never more than that many in any sliding second, as the gateway measures it.
 * It decides when; it holds no messages and no timers.
 *
 * The gateway counts arrivals, and of an arrival we know only that it came after the leaving and before its ACK. So a
 * message holds its place from its leaving until a whole second after its ACK: what takes the place arrives later than
 * that, however unevenly the path and the gateway delay the one and the other. The price: a place is used once in a
 * second plus a round trip, so 50 ms leave 95 % of the TPS and 100 ms leave 91 %. Giving the round trip back would need
 * its true minimum, which no measurement bounds from below: the quickest so far may itself have been delayed. A message
 * over the TPS is refused; one that is late is only late.
 */

export interface Pacer {
  /** How many may leave now. */
  allowance(nowMs: number): number;
  /** Counts one that leaves now; only where the allowance is above 0. */
  take(): void;
  /** The ACK of one came: its second began by now at the latest. */
  settle(nowMs: number): void;
  /** When the allowance may next rise above 0; undefined where it is, never will, or first needs an ACK. */
  nextAt(nowMs: number): number | undefined;
  /** A new limit holds at once, also against what left before. */
  retune(tps: number): void;
}

export interface PacerOptions {
  readonly tps: number;
  /** The gateway's second. */
  readonly windowMs: number;
}

export function createPacer({ tps, windowMs }: PacerOptions): Pacer {
  let limit = tps;
  let unanswered = 0;
  /** When the answered ones count no more. In order, as ACKs come in the order of time. */
  const freeAtMs: number[] = [];

  function forgetFree(nowMs: number): void {
    const counting = freeAtMs.findIndex((atMs) => atMs > nowMs);
    freeAtMs.splice(0, counting === -1 ? freeAtMs.length : counting);
  }

  return {
    allowance(nowMs) {
      forgetFree(nowMs);
      return Math.max(0, limit - unanswered - freeAtMs.length);
    },
    take() {
      unanswered++;
    },
    settle(nowMs) {
      unanswered--;
      freeAtMs.push(nowMs + windowMs);
    },
    nextAt(nowMs) {
      forgetFree(nowMs);
      const tooMany = unanswered + freeAtMs.length - limit + 1;
      return limit === 0 || tooMany <= 0 ? undefined : freeAtMs[tooMany - 1];
    },
    retune(next) {
      limit = next;
    },
  };
}
