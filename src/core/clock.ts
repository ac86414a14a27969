/** The two clocks that the rest of Gwanmun may read. Tests pass their own. */

/** A moment: milliseconds since the Unix epoch. Every `…At` in a stored record is one. */
export type Instant = number;

export interface Clock {
  /** Wall clock, for display, signatures and due times. */
  now(): Instant;
  /** Milliseconds that never jump, for time-outs, leases and pacing. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
};
