/**
 * What waits to leave on the DLV session and what left and is not answered: paced, windowed, timed. It tells exactly
 * whether the bytes of a message were written. It knows packets only as bytes under a SERIAL, and no session states.
 */
import type { Clock } from '../../core/clock.ts';
import { createDeadline } from './deadline.ts';
import { createPacer, type Pacer } from './pacer.ts';
import type { NgsTimings } from './timings.ts';
import { createWindow } from './window.ts';

export type DeliverOutcome =
  | { readonly kind: 'ANSWERED'; readonly result: string }
  /** Written, and the answer will never come. */
  | { readonly kind: 'LOST' }
  /** Not a byte left. */
  | { readonly kind: 'NOT_SENT'; readonly reason: 'NOT_BOUND' | 'NO_ROOM' };

export interface Deliveries {
  /** Opens the line: `write` must put all packets into one socket write. */
  open(write: (packets: readonly Uint8Array[]) => void, smsTps: number): void;
  retune(smsTps: number): void;
  /** Nothing new leaves; answers may still come. */
  hold(): void;
  /** The line is gone. */
  close(): void;
  submit(serial: string, packet: Uint8Array): Promise<DeliverOutcome>;
  /** False for an answer that nobody waits for. */
  acknowledge(serial: string, result: string): boolean;
  vacancies(): number;
  /** Written and unanswered. */
  inFlight(): number;
  /** Resolves when nothing waits and nothing is in flight. */
  idle(): Promise<void>;
}

export interface DeliveriesOptions {
  readonly capacity: number;
  readonly timings: NgsTimings;
  readonly clock: Clock;
  /** Room may have appeared. */
  onRoom(): void;
  /** The longest waiting DELIVER has no ACK: the session is dead. */
  onUnanswered(): void;
}

interface Waiting {
  readonly serial: string;
  readonly packet: Uint8Array;
  readonly sinceMs: number;
  readonly resolve: Resolve;
}

type Resolve = (outcome: DeliverOutcome) => void;

interface Line {
  readonly write: (packets: readonly Uint8Array[]) => void;
  readonly pacer: Pacer;
}

/**
 * A gateway that throttles takes one TPS's worth a second, so a window of more would reach the ACK time-out in queueing
 * alone.
 */
const MAX_WINDOW_SECONDS = 2;

export function createDeliveries(options: DeliveriesOptions): Deliveries {
  const { capacity, timings, clock, onRoom, onUnanswered } = options;
  const window = createWindow<Resolve>({ capacity, slowAckMs: timings.slowAckMs });
  let line: Line | undefined;
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
    if (pump !== undefined || line === undefined) return;
    pump = setImmediate(() => {
      pump = undefined;
      sendWhatFits();
    });
  }

  function sendWhatFits(): void {
    if (line === undefined) return;
    const { pacer, write } = line;
    const nowMs = clock.monotonicMs();
    const batch = waiting.slice(0, Math.min(window.free(), pacer.allowance(nowMs)));
    waiting = waiting.slice(batch.length);
    if (batch.length > 0) {
      if (window.inFlight() === 0) ackDeadline.set(timings.ackTimeoutMs);
      for (const { serial, resolve } of batch) {
        pacer.take(nowMs);
        window.add(serial, resolve, nowMs);
      }
      // Last, since a write may find the line dead and end it, which must find these in the window.
      write(batch.map(({ packet }) => packet));
    }
    const nextMs = pacer.nextAt(nowMs);
    if (nextMs !== undefined && line !== undefined) paceDeadline.set(Math.ceil(nextMs - nowMs));
  }

  function handBackWaiting(): void {
    const unsent = waiting;
    waiting = [];
    queueDeadline.clear();
    for (const { resolve } of unsent) resolve({ kind: 'NOT_SENT', reason: 'NOT_BOUND' });
  }

  function noteProgress(): void {
    onRoom();
    if (waiting.length > 0 || window.inFlight() > 0) return;
    const listeners = idleListeners;
    idleListeners = [];
    for (const listener of listeners) listener();
  }

  function leave(): void {
    line = undefined;
    paceDeadline.clear();
    clearImmediate(pump);
    pump = undefined;
    handBackWaiting();
  }

  return {
    open(write, smsTps) {
      window.limitTo(smsTps * MAX_WINDOW_SECONDS);
      line = { write, pacer: createPacer({ tps: smsTps, windowMs: timings.pacingWindowMs }) };
      onRoom();
    },
    retune(smsTps) {
      window.limitTo(smsTps * MAX_WINDOW_SECONDS);
      line?.pacer.retune(smsTps);
      schedulePump();
      onRoom();
    },
    hold() {
      leave();
      noteProgress();
    },
    close() {
      leave();
      ackDeadline.clear();
      for (const resolve of window.drain()) resolve({ kind: 'LOST' });
      noteProgress();
    },
    submit(serial, packet) {
      if (window.has(serial) || waiting.some((other) => other.serial === serial)) {
        throw new Error('A SERIAL is used for one attempt only');
      }
      if (line === undefined) return Promise.resolve({ kind: 'NOT_SENT', reason: 'NOT_BOUND' });
      if (waiting.length >= window.free() + capacity) return Promise.resolve({ kind: 'NOT_SENT', reason: 'NO_ROOM' });
      return new Promise((resolve) => {
        if (waiting.length === 0) queueDeadline.set(timings.queueTimeoutMs);
        waiting.push({ serial, packet, sinceMs: clock.monotonicMs(), resolve });
        schedulePump();
      });
    },
    acknowledge(serial, result) {
      const resolve = window.settle(serial, clock.monotonicMs());
      if (resolve === undefined) return false;
      resolve({ kind: 'ANSWERED', result });
      schedulePump();
      noteProgress();
      return true;
    },
    vacancies() {
      if (line === undefined) return 0;
      return Math.max(0, Math.min(window.free(), line.pacer.allowance(clock.monotonicMs())) - waiting.length);
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
