/** How long an account takes nothing after it was told that it goes too fast, or found no connection. */
import type { HttpHeaders } from '../http-client.ts';

const MAX_HOLD_OFF_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;

export interface HoldOff {
  isActive(): boolean;
  /** Holds, longer each time until `reset`, and at least as long as Retry-After asks. */
  hold(headers: HttpHeaders): void;
  /** Something went through. */
  reset(): void;
  clear(): void;
}

export function createHoldOff(firstMs: number, onEnd: () => void): HoldOff {
  let timer: NodeJS.Timeout | undefined;
  let times = 0;

  return {
    isActive: () => timer !== undefined,
    hold(headers) {
      // What was in flight together fails together: that is one reason to wait, not many.
      if (timer !== undefined) return;
      const retryAfter = headers['retry-after'];
      const asked = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : 0;
      const ours = Math.min(firstMs * 2 ** Math.min(times, 20), MAX_HOLD_OFF_MS);
      times += 1;
      timer = setTimeout(
        () => {
          timer = undefined;
          onEnd();
        },
        Math.max(ours, Math.min(asked, MAX_RETRY_AFTER_MS)),
      );
      // Only a stop has to wait for it, and that clears it.
      timer.unref();
    },
    reset() {
      times = 0;
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
