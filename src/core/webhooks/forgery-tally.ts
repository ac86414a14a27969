/** How many webhooks came that nobody of ours signed: counted in memory, and told once a second at most. */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { WebhookSource } from './source.ts';

export interface ForgeryTally {
  count(source: WebhookSource): void;
}

interface Counted {
  /** Days since 1970, UTC. */
  day: number;
  ofDay: number;
  untold: number;
  /** Told lately, so what comes now is told with the next line. */
  isTold: boolean;
}

const dayMs = 86_400_000;

export function createForgeryTally(options: {
  readonly clock: Clock;
  readonly log: Log;
  /** @default 1_000 */
  readonly everyMs?: number | undefined;
}): ForgeryTally {
  const { clock, log, everyMs = 1_000 } = options;
  const tallies = new Map<WebhookSource, Counted>();

  function tell(source: WebhookSource, counted: Counted): void {
    const { provider, account } = source;
    const { untold: count, ofDay } = counted;
    counted.isTold = count > 0;
    if (count === 0) return;
    counted.untold = 0;
    log.warn('webhook.forged', { provider, account, count, ofDay });
    // It keeps no process alive: what it would tell can be told no more.
    setTimeout(() => tell(source, counted), everyMs).unref();
  }

  return {
    count(source) {
      const day = Math.floor(clock.now() / dayMs);
      const counted = tallies.get(source) ?? { day, ofDay: 0, untold: 0, isTold: false };
      tallies.set(source, counted);
      if (counted.day !== day) Object.assign(counted, { day, ofDay: 0 });
      counted.ofDay += 1;
      counted.untold += 1;
      if (!counted.isTold) tell(source, counted);
    },
  };
}
