/**
 * What waits to leave on the DLV session and what left and is not answered: paced by lane, windowed, timed. It tells
 * exactly whether the bytes of a message were written. It knows packets only as bytes under a SERIAL, and no session
 * states.
 */
import type { Clock } from '../../core/clock.ts';
import { crashPoint } from '../../core/crash-points.ts';
import type { Lane } from '../../core/provider.ts';
import { createDeadline } from './deadline.ts';
import { createLanes, type Lanes, type Tps } from './lanes.ts';
import type { NgsTimings } from './timings.ts';
import { createWindow } from './window.ts';

export type DeliverOutcome =
  | { readonly kind: 'ANSWERED'; readonly result: string }
  /** Written, and the answer will never come. */
  | { readonly kind: 'LOST' }
  /** Not a byte left. */
  | { readonly kind: 'NOT_SENT'; readonly reason: NotSent };

type NotSent = 'NOT_BOUND' | 'NO_ROOM' | 'NOT_OWNER';

/** The session that DELIVERs leave by. */
export interface DeliverLine {
  /** All of them in one socket write. */
  write(packets: readonly Uint8Array[]): void;
  /** Written, and still in this process. */
  unsentBytes(): number;
}

export interface Deliveries {
  open(line: DeliverLine, tps: Tps): void;
  retune(tps: Tps): void;
  /** What the line held back has left. */
  drained(): void;
  /** Nothing new leaves; answers may still come. */
  hold(): void;
  /** The line is gone. */
  close(): void;
  submit(lane: Lane, serial: string, packet: Uint8Array): Promise<DeliverOutcome>;
  /** False for an answer that nobody waits for. */
  acknowledge(serial: string, result: string): boolean;
  vacancies(lane: Lane): number;
  /** Written and unanswered. */
  inFlight(): number;
  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void>;
}

export interface DeliveriesOptions {
  readonly capacity: number;
  readonly timings: NgsTimings;
  readonly clock: Clock;
  /** Whether this process may send at this moment: it may have stood still since the message was handed in. */
  mayWrite(): boolean;
  /** Room may have appeared. */
  onRoom(): void;
  /** The longest waiting DELIVER has no ACK: the session is dead. */
  onUnanswered(): void;
}

interface Waiting {
  readonly lane: Lane;
  readonly serial: string;
  readonly packet: Uint8Array;
  readonly sinceMs: number;
  readonly resolve: Resolve;
}

interface Sent {
  readonly lane: Lane;
  readonly resolve: Resolve;
}

type Resolve = (outcome: DeliverOutcome) => void;

/**
 * The ACK of a DELIVER is awaited from its writing on, so no more is written than soon leaves: a window of MMS would take
 * megabytes, and the last of them would time out while it waits for the first. One packet may be larger than that.
 */
const MAX_UNSENT_BYTES = 256 * 1024;

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { capacity, timings, clock, mayWrite, onRoom, onUnanswered } = options;
  const window = createWindow<Sent>({ capacity, slowAckMs: timings.slowAckMs });
  let open: { readonly line: DeliverLine; readonly lanes: Lanes } | undefined;
  let waiting: Waiting[] = [];
  let pump: NodeJS.Immediate | undefined;
  let idleListeners: (() => void)[] = [];

  const ackDeadline = createDeadline(() => {
    const oldestMs = window.oldestWrittenAtMs();
    if (oldestMs === undefined) return;
    const leftMs = oldestMs + timings.ackTimeoutMs - clock.monotonicMs();
    if (leftMs > 0) ackDeadline.set(leftMs);
    else onUnanswered();
  });
  const paceDeadline = createDeadline(() => {
    schedulePump();
    onRoom();
  });
  const queueDeadline = createDeadline(() => {
    const tooOldMs = clock.monotonicMs() - timings.queueTimeoutMs;
    const expired = waiting.filter(({ sinceMs }) => sinceMs <= tooOldMs);
    waiting = waiting.filter(({ sinceMs }) => sinceMs > tooOldMs);
    for (const { resolve } of expired) resolve({ kind: 'NOT_SENT', reason: 'NO_ROOM' });
    const [next] = waiting;
    if (next !== undefined) queueDeadline.set(next.sinceMs - tooOldMs);
    noteProgress();
  });

  /** Everything that a turn submits leaves in one socket write. */
  function schedulePump(): void {
    if (pump !== undefined || open === undefined) return;
    pump = setImmediate(() => {
      pump = undefined;
      sendWhatFits();
    });
  }

  function sendWhatFits(): void {
    if (open === undefined) return;
    if (!mayWrite()) {
      handBackWaiting('NOT_OWNER');
      noteProgress();
      return;
    }
    const { line, lanes } = open;
    const nowMs = clock.monotonicMs();
    const packets: Uint8Array[] = [];
    let unsentBytes = line.unsentBytes();
    const held: Waiting[] = [];
    const wasIdle = window.inFlight() === 0;
    for (const next of waiting) {
      const { lane, serial, packet, resolve } = next;
      if (window.free() > 0 && unsentBytes < MAX_UNSENT_BYTES && lanes.room(lane, nowMs) > 0) {
        lanes.take(lane);
        window.add(serial, { lane, resolve }, nowMs);
        unsentBytes += packet.length;
        packets.push(packet);
      } else held.push(next);
    }
    waiting = held;
    if (packets.length > 0) {
      if (wasIdle) ackDeadline.set(timings.ackTimeoutMs);
      // Last, since a write may find the line dead and end it, which must find these in the window.
      line.write(packets);
      crashPoint('ngs.deliver-written');
    }
    setPaceDeadline(nowMs);
  }

  function setPaceDeadline(nowMs: number): void {
    const nextMs = open?.lanes.nextAt(nowMs);
    if (nextMs !== undefined) paceDeadline.set(Math.ceil(nextMs - nowMs));
  }

  function handBackWaiting(reason: NotSent): void {
    const unsent = waiting;
    waiting = [];
    queueDeadline.clear();
    for (const { resolve } of unsent) resolve({ kind: 'NOT_SENT', reason });
  }

  function noteProgress(): void {
    onRoom();
    if (waiting.length > 0 || window.inFlight() > 0) return;
    const listeners = idleListeners;
    idleListeners = [];
    for (const listener of listeners) listener();
  }

  function leave(): void {
    open = undefined;
    paceDeadline.clear();
    clearImmediate(pump);
    pump = undefined;
    handBackWaiting('NOT_BOUND');
  }

  const countWaiting = (lane: Lane): number => waiting.filter((each) => each.lane === lane).length;

  return {
    open(line, tps) {
      open = { line, lanes: createLanes(tps, timings) };
      onRoom();
    },
    retune(tps) {
      open?.lanes.retune(tps);
      schedulePump();
      onRoom();
    },
    drained: schedulePump,
    hold() {
      leave();
      noteProgress();
    },
    close() {
      leave();
      ackDeadline.clear();
      for (const { resolve } of window.drain()) resolve({ kind: 'LOST' });
      noteProgress();
    },
    submit(lane, serial, packet) {
      if (window.has(serial) || waiting.some((other) => other.serial === serial)) {
        throw new Error('A SERIAL is used for one attempt only');
      }
      if (open === undefined) return Promise.resolve({ kind: 'NOT_SENT', reason: 'NOT_BOUND' });
      if (countWaiting(lane) >= window.free() + capacity) {
        return Promise.resolve({ kind: 'NOT_SENT', reason: 'NO_ROOM' });
      }
      return new Promise((resolve) => {
        if (waiting.length === 0) queueDeadline.set(timings.queueTimeoutMs);
        waiting.push({ lane, serial, packet, sinceMs: clock.monotonicMs(), resolve });
        schedulePump();
      });
    },
    acknowledge(serial, result) {
      const nowMs = clock.monotonicMs();
      const sent = window.settle(serial, nowMs);
      if (sent === undefined) return false;
      open?.lanes.settle(sent.lane, nowMs);
      sent.resolve({ kind: 'ANSWERED', result });
      schedulePump();
      noteProgress();
      return true;
    },
    vacancies(lane) {
      if (open === undefined) return 0;
      const { lanes } = open;
      const nowMs = clock.monotonicMs();
      // Of those who wait in the other lanes, only who may leave now will take a place in the window.
      const others = lanes.names.filter((other) => other !== lane);
      const taken = others.reduce((sum, other) => sum + Math.min(countWaiting(other), lanes.room(other, nowMs)), 0);
      return Math.max(0, Math.min(window.free() - taken, lanes.room(lane, nowMs)) - countWaiting(lane));
    },
    inFlight: () => window.inFlight(),
    idle() {
      if (waiting.length === 0 && window.inFlight() === 0) return Promise.resolve();
      return new Promise((resolve) => {
        idleListeners.push(resolve);
      });
    },
  };
}
