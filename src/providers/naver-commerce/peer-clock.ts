/**
 * Naver's clock as its answers show it. A signature is good for 5 minutes of it, so timestamps are made by this clock
 * and not by ours.
 */
import type { Clock, Instant } from '../../core/clock.ts';

export interface PeerClock {
  now(): Instant;
  /** Theirs minus ours, as last seen; 0 where no more can be seen than what the header leaves open. */
  offsetMs(): number;
  /** Whether the last Date was so far from our clock that it is not followed: one of the two is no clock. */
  isUnbelieved(): boolean;
  /** `date`: the header of an answer that has just come, `roundTripMs` after its request left. */
  observe(date: string | string[] | undefined, roundTripMs: number): void;
}

/** Date has whole seconds: its middle is off by half of one. */
const HALF_SECOND_MS = 500;
const LEAST_OFFSET_MS = 1_000;
/** No proxy or peer may send our timestamps further than this. */
const MAX_OFFSET_MS = 24 * 3_600_000;

export function createPeerClock(clock: Clock): PeerClock {
  let offsetMs = 0;
  let isUnbelieved = false;
  return {
    now: () => Math.round(clock.now() + offsetMs),
    offsetMs: () => offsetMs,
    isUnbelieved: () => isUnbelieved,
    observe(date, roundTripMs) {
      const theirs = typeof date === 'string' && /GMT$/.test(date) ? Date.parse(date) : Number.NaN;
      if (Number.isNaN(theirs)) return;
      const seen = theirs + HALF_SECOND_MS - (clock.now() - roundTripMs / 2);
      isUnbelieved = Math.abs(seen) > MAX_OFFSET_MS;
      if (isUnbelieved) return;
      // When in the round trip it was written is unknown.
      offsetMs = Math.abs(seen) > LEAST_OFFSET_MS + roundTripMs / 2 ? Math.round(seen) : 0;
    },
  };
}
