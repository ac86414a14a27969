/** How many came in the busiest of the last seconds: what counts against a limit a second, where a mean over a minute would hide it. */
import type { Clock } from '../core/clock.ts';

export interface Peak {
  note(): void;
  /** Of the running second and those before it. */
  highest(): number;
}

export function createPeak(clock: Pick<Clock, 'monotonicMs'>, seconds = 15): Peak {
  const counts = new Map<number, number>();
  const second = (): number => Math.floor(clock.monotonicMs() / 1_000);

  function forget(): void {
    for (const at of counts.keys()) if (at <= second() - seconds) counts.delete(at);
  }

  return {
    note() {
      forget();
      counts.set(second(), (counts.get(second()) ?? 0) + 1);
    },
    highest() {
      forget();
      return Math.max(0, ...counts.values());
    },
  };
}
