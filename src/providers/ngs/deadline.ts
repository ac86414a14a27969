/** One time-out at a time that a busy event loop cannot fire too early. */

export interface Deadline {
  /** Replaces whatever was set before. */
  set(delayMs: number): void;
  clear(): void;
}

export function createDeadline(onExpiry: () => void): Deadline {
  let timer: NodeJS.Timeout | undefined;
  let check: NodeJS.Immediate | undefined;

  function clear(): void {
    clearTimeout(timer);
    clearImmediate(check);
  }

  return {
    clear,
    set(delayMs) {
      clear();
      // Node runs timers before it reads sockets: after a blocked loop the answer may be there, unread. Reading comes
      // before immediates, so whoever waits for it clears us in time.
      timer = setTimeout(() => {
        check = setImmediate(onExpiry);
      }, delayMs);
    },
  };
}
