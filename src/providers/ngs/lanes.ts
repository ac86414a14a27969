/** The rates of a session: each lane has its own TPS, which its pace and its share of the window follow. No messages. */
import type { Lane } from '../../core/provider.ts';
import { createPacer, type Pacer } from './pacer.ts';
import type { NgsTimings } from './timings.ts';

/** Messages a second (NGS 2.0.1, section 4.2). */
export type Tps = Readonly<Record<Lane, number>>;

/**
 * What is unanswered fills its lane's TPS, so a lane never has more than one second of it in flight: more would reach
 * the ACK time-out in queueing alone, at a gateway that throttles.
 */
export interface Lanes {
  readonly names: readonly Lane[];
  /** How many may leave now. */
  room(lane: Lane, nowMs: number): number;
  /** Counts one that leaves now. */
  take(lane: Lane): void;
  /** The ACK of one came. */
  settle(lane: Lane, nowMs: number): void;
  /** When the first of the lanes that are full now may have room again without another ACK. */
  nextAt(nowMs: number): number | undefined;
  retune(tps: Tps): void;
}

export function createLanes(tps: Tps, { pacingWindowMs: windowMs }: Pick<NgsTimings, 'pacingWindowMs'>): Lanes {
  const open = (lane: Lane): Pacer => createPacer({ tps: tps[lane], windowMs });
  const lanes: Readonly<Record<Lane, Pacer>> = { SMS: open('SMS'), LONG: open('LONG'), KAKAO: open('KAKAO') };
  const names = Object.keys(lanes) as Lane[];

  return {
    names,
    room: (lane, nowMs) => lanes[lane].allowance(nowMs),
    take: (lane) => lanes[lane].take(),
    settle: (lane, nowMs) => lanes[lane].settle(nowMs),
    nextAt(nowMs) {
      const moments = names.map((lane) => lanes[lane].nextAt(nowMs)).filter((moment) => moment !== undefined);
      return moments.length === 0 ? undefined : Math.min(...moments);
    },
    retune(next) {
      for (const lane of names) lanes[lane].retune(next[lane]);
    },
  };
}
