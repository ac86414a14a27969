/** Bounds what waits for a disk or a server, so that what it cannot take is refused and does not fill the memory. Both drivers' own. */
import { StoreUnavailable } from '../core/store.ts';

/** A second or so of writing, and memory that any machine has. */
const MAX_COMMANDS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

export interface WaitingBound {
  /** Takes a place; gives it back, once, when it is called. @throws StoreUnavailable (OVERLOADED) where there is none */
  take(bytes: number): () => void;
}

/** `what`: what they wait for. */
export function createWaitingBound(what: string): WaitingBound {
  let waiting = 0;
  let waitingBytes = 0;
  return {
    take(bytes) {
      if (waiting >= MAX_COMMANDS || waitingBytes + bytes > MAX_BYTES) {
        throw new StoreUnavailable(`Too much waits for ${what}.`, 'NO', undefined, 'OVERLOADED');
      }
      waiting += 1;
      waitingBytes += bytes;
      return () => {
        waiting -= 1;
        waitingBytes -= bytes;
      };
    },
  };
}
