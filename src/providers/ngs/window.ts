/**
 * The DELIVERs that were written and not answered, by SERIAL: how many more may join them, and which has waited
 * longest. Answers may come in any order. It holds no timers and no sockets.
 */

export interface Window<T> {
  /** How many more DELIVERs may be written. */
  free(): number;
  inFlight(): number;
  /** Notes a DELIVER at the moment of its socket write: the time-out of its ACK begins there. */
  add(serial: string, value: T, writtenAtMs: number): void;
  has(serial: string): boolean;
  /** Takes out what the ACK answers; undefined for one that nobody waits for. */
  settle(serial: string, nowMs: number): T | undefined;
  /** When the longest waiting was written. */
  oldestWrittenAtMs(): number | undefined;
  /** Takes out all: nobody can say what became of them. */
  drain(): readonly T[];
}

export interface WindowOptions {
  readonly capacity: number;
  /**
   * An ACK slower than this halves the window, so that a gateway that throttles is never taken for a dead one: the
   * last of a full window must be answered well within the ACK time-out.
   */
  readonly slowAckMs: number;
}

/** A larger window is grown into by quick ACKs, never written at once into a gateway that may be throttling. */
const FIRST_LIMIT = 16;

export function createWindow<T>({ capacity, slowAckMs }: WindowOptions): Window<T> {
  // A Map keeps the order of writing, so its first entry has waited longest.
  const pending = new Map<string, { readonly value: T; readonly writtenAtMs: number }>();
  let limit = Math.min(capacity, FIRST_LIMIT);

  return {
    free: () => Math.max(0, limit - pending.size),
    inFlight: () => pending.size,
    add(serial, value, writtenAtMs) {
      pending.set(serial, { value, writtenAtMs });
    },
    has: (serial) => pending.has(serial),
    settle(serial, nowMs) {
      const found = pending.get(serial);
      if (found === undefined) return undefined;
      pending.delete(serial);
      if (nowMs - found.writtenAtMs > slowAckMs) limit = Math.max(1, Math.floor(limit / 2));
      else limit = Math.min(capacity, limit + 1);
      return found.value;
    },
    oldestWrittenAtMs() {
      for (const { writtenAtMs } of pending.values()) return writtenAtMs;
      return undefined;
    },
    drain() {
      const values = [...pending.values()].map(({ value }) => value);
      pending.clear();
      return values;
    },
  };
}
