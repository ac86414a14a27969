/**
 * Keeps one lane of messages under its TPS: never more than that many in any sliding second, as the gateway measures it.
 * It decides when; it holds no messages and no timers.
 */

/** The place that one message has in its second. */
export interface Passage {
  /** When it counts no more. */
  freeAtMs: number;
}

export interface Pacer {
  /** How many may leave now. */
  allowance(nowMs: number): number;
  /** Counts one that leaves now; only where the allowance is above 0. */
  take(nowMs: number): Passage;
  /** The gateway has it: its second began by now at the latest. */
  arrive(passage: Passage, nowMs: number): void;
  /** When the allowance may next rise above 0; undefined where it is, or never will. */
  nextAt(nowMs: number): number | undefined;
  /** A new limit holds at once, also against what left before. */
  retune(tps: number): void;
}

export interface PacerOptions {
  readonly tps: number;
  /** The gateway's second. */
  readonly windowMs: number;
  /**
   * The gateway counts arrivals: what leaves late in one second and early in the next arrives closer together than it
   * left. So a message counts for a second from its ACK, by which it surely arrived, but no longer than this beyond a
   * second from its leaving: a gateway slow to answer must not slow the pace as well.
   */
  readonly slackMs: number;
}

export function createPacer({ tps, windowMs, slackMs }: PacerOptions): Pacer {
  let limit = tps;
  /** As they left; at most as many as the highest limit of the last window. */
  const passages: Passage[] = [];

  function forgetFree(nowMs: number): void {
    let free = 0;
    while ((passages[free]?.freeAtMs ?? Number.POSITIVE_INFINITY) <= nowMs) free++;
    if (free > 0) passages.splice(0, free);
  }

  return {
    allowance(nowMs) {
      forgetFree(nowMs);
      return Math.max(0, limit - passages.length);
    },
    take(nowMs) {
      const passage = { freeAtMs: nowMs + windowMs + slackMs };
      passages.push(passage);
      return passage;
    },
    arrive(passage, nowMs) {
      passage.freeAtMs = Math.min(passage.freeAtMs, nowMs + windowMs);
    },
    nextAt(nowMs) {
      forgetFree(nowMs);
      if (limit === 0 || passages.length < limit) return undefined;
      // Those in front must all be free before the one that makes room is.
      const blocking = passages.slice(0, passages.length - limit + 1);
      return blocking.reduce((latest, { freeAtMs }) => Math.max(latest, freeAtMs), nowMs);
    },
    retune(next) {
      limit = next;
    },
  };
}
