/**
 * How much this process does at once: requests over HTTP and operations over WebSocket, together. What comes beyond is
 * refused before anything of it was executed, so that what is under way ends soon. Streams are not counted: they wait.
 */
import { type Clock, systemClock } from '../core/clock.ts';
import { overloaded, type ProviderUnavailable } from '../core/errors.ts';

export interface Admission {
  /** Takes a place, and gives how to leave it (once; again is nothing). @throws ProviderUnavailable where there is none */
  enter(): () => void;
  /** Why nobody may enter now; undefined where somebody may. */
  refusal(): ProviderUnavailable | undefined;
  /** Resolves when whoever has entered may begin: one in a turn of the event loop, the first who came first. */
  turn(): Promise<void>;
  /** Somebody is at the door: what has come is read before the next one begins. */
  noteArrival(): void;
}

/** Some two seconds of work on one core, where most of it stores something. */
const defaultMaxUnderWay = 1_000;
/** Where the first in the line waits for longer, whoever came behind would wait in vain. */
const defaultMaxWaitMs = 5_000;
/** However much comes, work goes on. */
const maxReadingTurns = 16;

/**
 * Node takes one new connection in a turn of the event loop, and most of a request's work is done in the turn that reads it: so
 * what is too much would wait in the kernel, where nobody can count, refuse or forget it (measured: at five times the load
 * nobody was refused, and callers waited for 5 s). Here it is read first, and waits in a line with a length.
 */
export function createAdmission(
  maxUnderWay = defaultMaxUnderWay,
  maxWaitMs = defaultMaxWaitMs,
  clock: Pick<Clock, 'monotonicMs'> = systemClock,
): Admission {
  let underWay = 0;
  const line = new Set<{ readonly begin: () => void; readonly sinceMs: number }>();
  let hasArrived = false;
  let readingTurns = 0;

  function next(): void {
    readingTurns = hasArrived ? readingTurns + 1 : maxReadingTurns;
    hasArrived = false;
    if (readingTurns >= maxReadingTurns) {
      readingTurns = 0;
      const [first] = line;
      if (first !== undefined) line.delete(first);
      first?.begin();
    }
    if (line.size > 0) setImmediate(next);
  }

  const refusal = (): ProviderUnavailable | undefined => {
    const [first] = line;
    const waitedMs = first === undefined ? 0 : clock.monotonicMs() - first.sinceMs;
    return underWay < maxUnderWay && waitedMs <= maxWaitMs
      ? undefined
      : overloaded('This gateway is busy: call again in a second.');
  };

  return {
    refusal,
    enter() {
      const refused = refusal();
      if (refused !== undefined) throw refused;
      underWay += 1;
      let isInside = true;
      return () => {
        if (isInside) underWay -= 1;
        isInside = false;
      };
    },
    turn: () =>
      new Promise((begin) => {
        if (line.size === 0) setImmediate(next);
        line.add({ begin, sinceMs: clock.monotonicMs() });
      }),
    noteArrival() {
      hasArrived = true;
    },
  };
}
