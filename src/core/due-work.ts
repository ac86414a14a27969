/**
 * Work that falls due: keys are claimed from ordered indexes, oldest first, and worked on, again and again. Several gateways
 * share one index: a key is claimed by one of them, and one whose claimer died is due again after the hold.
 */
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { Store } from './store.ts';

export interface DueTask {
  readonly index: string;
  /** Takes the key out of the index, or moves it, once its work is done: else it is due again after the hold. */
  readonly work: (key: string) => Promise<unknown>;
  /** Its entries are ordered by when they began, and are due this much later. @default 0 */
  readonly afterMs?: number;
  /** A claimed key whose work was lost is due again after this; longer than the work takes. @default 60_000 */
  readonly holdMs?: number;
}

export interface DueWork {
  start(): void;
  /** Looks at once, as it does by itself every so often. Resolves when what was due has been worked on. */
  sweep(): Promise<void>;
  /** Claims nothing more, and lets what is under way finish. */
  stop(): Promise<void>;
}

export interface DueWorkOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly tasks: readonly DueTask[];
  readonly everyMs: number;
}

const batchSize = 32;

export function createDueWork({ store, clock, log, tasks, everyMs }: DueWorkOptions): DueWork {
  let stopped = false;
  const rounds = tasks.map(round);

  /** One index and its work; a round never overlaps itself. */
  function round({ index, work, afterMs = 0, holdMs = 60_000 }: DueTask): () => Promise<void> {
    let active: Promise<void> | undefined;
    let failing = false;
    const claim = async (): Promise<void> => {
      const keys = await store.claimDue(index, { now: Math.max(0, clock.now() - afterMs), limit: batchSize, holdMs });
      await Promise.all(
        keys.map((key) => work(key).catch((error) => log.error('sweep.failed', { topic: index, error }))),
      );
      if (keys.length === batchSize && !stopped) await claim();
    };
    return () => {
      active ??= claim()
        .then(() => {
          failing = false;
        })
        .catch((error) => {
          // Once an outage: it is tried again with the next look.
          if (!failing) log.error('sweep.claim-failed', { topic: index, error });
          failing = true;
        })
        .finally(() => {
          active = undefined;
        });
      return active;
    };
  }

  let active: Promise<unknown> = Promise.resolve();
  const sweep = async (): Promise<void> => {
    const all = Promise.all(rounds.map((each) => each()));
    active = all;
    await all;
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      timer = setInterval(sweep, everyMs);
      void sweep();
    },
    sweep,
    async stop() {
      stopped = true;
      clearInterval(timer);
      await active;
    },
  };
}
