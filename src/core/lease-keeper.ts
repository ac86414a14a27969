/**
 * Holds one lease for as long as it can: tries to get it, renews it, and says so before it could lapse. By the
 * monotonic clock, so that a process that was stopped for a while knows that its time is over before it acts again.
 */
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { type Lease, type Store, StoreUnavailable } from './store.ts';

export interface LeaseKeeper {
  start(): void;
  /** Lets go, after `onLost` has run. */
  stop(): Promise<void>;
  /** The lease, only while it certainly has not lapsed. */
  current(): Lease | undefined;
}

export interface LeaseKeeperOptions {
  readonly store: Store;
  readonly name: string;
  /** Names this holder. The same holder gets the lease again at once. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onAcquired: () => Promise<void>;
  readonly onLost: () => Promise<void>;
  /** @default 10_000 */
  readonly ttlMs?: number;
}

export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { store, name, owner, clock, log, onAcquired, onLost, ttlMs = 10_000 } = options;
  /** How long before it lapses it no longer counts as held. */
  const marginMs = ttlMs / 5;
  let lease: Lease | undefined;
  let heldUntilMs = 0;
  let holding = false;
  let stopped = true;
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<void> = Promise.resolve();

  const isHeld = (): boolean => lease !== undefined && clock.monotonicMs() < heldUntilMs;

  async function step(): Promise<void> {
    const askedAt = clock.monotonicMs();
    try {
      if (lease !== undefined && !(await store.renewLease(lease, owner, ttlMs))) lease = undefined;
      lease ??= await store.acquireLease(name, owner, ttlMs);
      // Counted from before the question: the store cannot have begun the term earlier.
      if (lease !== undefined) heldUntilMs = askedAt + ttlMs - marginMs;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
    if (isHeld() === holding) return;
    holding = isHeld();
    log.info(holding ? 'lease.acquired' : 'lease.lost', { lease: name, owner });
    await (holding ? onAcquired() : onLost());
  }

  function tick(): void {
    turn = turn.then(step).catch((error) => log.error('lease.failed', { lease: name, error }));
  }

  return {
    start() {
      stopped = false;
      timer = setInterval(tick, ttlMs / 5);
      tick();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      clearInterval(timer);
      await turn;
      if (holding) await onLost();
      holding = false;
      if (lease !== undefined) await store.releaseLease(lease, owner).catch(() => undefined);
      lease = undefined;
    },
    current: () => (isHeld() ? lease : undefined),
  };
}
