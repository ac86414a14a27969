/** The rates of a session: each lane has its own TPS, which its pace and its share of the window follow. No messages. */
import type { Lane } from '../../core/provider.ts';
import { createPacer, type Pacer, type Passage } from './pacer.ts';
import type { NgsTimings } from './timings.ts';

/** Messages a second (NGS 2.0.1, section 4.2). */
export type Tps = Readonly<Record<Lane, number>>;

export interface Lanes {
  readonly names: readonly Lane[];
  /** How many may leave now. */
  room(lane: Lane, nowMs: number): number;
  /** Counts one that leaves now. */
  take(lane: Lane, nowMs: number): Passage;
  /** The ACK of one came. */
  settle(lane: Lane, passage: Passage, nowMs: number): void;
  /** When the first of the lanes that are full now may have room again. */
  nextAt(nowMs: number): number | undefined;
  retune(tps: Tps): void;
}

interface LaneState {
  readonly pacer: Pacer;
  maxInFlight: number;
  inFlight: number;
}

/**
 * A gateway that throttles takes one TPS's worth a second, so more in flight would reach the ACK time-out in queueing
 * alone.
 */
const MAX_SECONDS_IN_FLIGHT = 2;

export function createLanes(tps: Tps, timings: Pick<NgsTimings, 'pacingWindowMs' | 'pacingSlackMs'>): Lanes {
  const { pacingWindowMs: windowMs, pacingSlackMs: slackMs } = timings;
  const open = (lane: Lane): LaneState => ({
    pacer: createPacer({ tps: tps[lane], windowMs, slackMs }),
    maxInFlight: tps[lane] * MAX_SECONDS_IN_FLIGHT,
    inFlight: 0,
  });
  const lanes: Readonly<Record<Lane, LaneState>> = { SMS: open('SMS'), LONG: open('LONG'), KAKAO: open('KAKAO') };
  const names = Object.keys(lanes) as Lane[];

  return {
    names,
    room(lane, nowMs) {
      const { pacer, maxInFlight, inFlight } = lanes[lane];
      return Math.max(0, Math.min(pacer.allowance(nowMs), maxInFlight - inFlight));
    },
    take(lane, nowMs) {
      lanes[lane].inFlight++;
      return lanes[lane].pacer.take(nowMs);
    },
    settle(lane, passage, nowMs) {
      lanes[lane].inFlight--;
      lanes[lane].pacer.arrive(passage, nowMs);
    },
    nextAt(nowMs) {
      const moments = names.map((lane) => lanes[lane].pacer.nextAt(nowMs)).filter((moment) => moment !== undefined);
      return moments.length === 0 ? undefined : Math.min(...moments);
    },
    retune(next) {
      for (const lane of names) {
        lanes[lane].pacer.retune(next[lane]);
        lanes[lane].maxInFlight = next[lane] * MAX_SECONDS_IN_FLIGHT;
      }
    },
  };
}
