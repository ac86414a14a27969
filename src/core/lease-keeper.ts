/**
 * Holds one lease for as long as it can: tries to get it, renews it, and ends what was done under it before it could
 * lapse, whether the store answers or not. By the monotonic clock and a timer of its own, so that a process that stood
 * still, or a store that is silent, never makes it late. What is done under the lease is not its business.
 */
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { type Lease, type Store, StoreUnavailable } from './store.ts';

export interface LeaseKeeper {
  start(): void;
  /** Ends in order what was done under the lease, which it keeps meanwhile, and then gives it up. */
  stop(): Promise<void>;
  /** The lease, only while it certainly has not lapsed. */
  current(): Lease | undefined;
}

export interface LeaseKeeperOptions {
  readonly store: Store;
  readonly name: string;
  /** Names this holder. The same holder gets the lease again at once while it stands. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onAcquired: () => Promise<void>;
  /**
   * Ends what the lease allows; once `hurry` is aborted, at once: soon afterwards another may hold it. Never overlaps
   * with `onAcquired`.
   */
  readonly onLost: (hurry: AbortSignal) => Promise<void>;
  /** @default 10_000 */
  readonly ttlMs?: number;
  /** How long nobody may hold it between two holders. @default 0 */
  readonly restMs?: number;
}

export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { store, name, owner, clock, log, onAcquired, onLost, ttlMs = 10_000, restMs = 0 } = options;
  /** How long before it lapses it no longer counts as held: half of it to end in order, half to end at once. */
  const marginMs = ttlMs / 5;
  let lease: Lease | undefined;
  let heldUntilMs = 0;
  let hurry = new AbortController();
  let holding = false;
  let stopped = true;
  let ticking: NodeJS.Timeout | undefined;
  let lapse: NodeJS.Timeout | undefined;
  let asking: Promise<void> | undefined;
  /** One after the other: what begins under the lease, and its end. */
  let work: Promise<void> = Promise.resolve();

  const isHeld = (): boolean => lease !== undefined && clock.monotonicMs() < heldUntilMs;

  async function ask(): Promise<void> {
    const askedAt = clock.monotonicMs();
    try {
      // Who cannot write can do nothing under a lease but log in again and again. It lapses if that lasts.
      const health = store.health();
      if (!health.ok) throw new StoreUnavailable(health.why, 'NO');
      if (lease === undefined) lease = stopped ? undefined : await store.acquireLease(name, owner, ttlMs, restMs);
      else if (!(await store.renewLease(lease, owner, ttlMs))) lease = undefined;
      // Counted from before the question: the store cannot have begun the term earlier.
      if (lease !== undefined) heldUntilMs = askedAt + ttlMs - marginMs;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
    notice();
  }

  /** Whether it is held may have changed: by an answer of the store, or by time alone. */
  function notice(): void {
    clearTimeout(lapse);
    const now = clock.monotonicMs();
    const isOver = lease === undefined || now >= heldUntilMs + marginMs / 2;
    if (holding && !isHeld()) end('lease.lost');
    else if (!holding && isHeld() && !stopped) begin();
    // Also where its end has begun: that is to be over in time.
    if (isOver) hurry.abort();
    else
      lapse = setTimeout(notice, Math.ceil(now < heldUntilMs ? heldUntilMs - now : heldUntilMs + marginMs / 2 - now));
  }

  function begin(): void {
    holding = true;
    hurry = new AbortController();
    log.info('lease.acquired', { lease: name, owner });
    follow(onAcquired);
  }

  function end(event: 'lease.lost' | 'lease.given-up'): void {
    holding = false;
    log.info(event, { lease: name, owner });
    const { signal } = hurry;
    follow(() => onLost(signal));
  }

  function follow(step: () => Promise<void>): void {
    work = work.then(step).catch((error) => log.error('lease.failed', { lease: name, error }));
  }

  function tick(): void {
    asking ??= ask()
      .catch((error) => log.error('lease.failed', { lease: name, error }))
      .finally(() => {
        asking = undefined;
      });
  }

  return {
    start() {
      stopped = false;
      ticking = setInterval(tick, ttlMs / 5);
      tick();
    },
    async stop() {
      if (stopped) return;
      stopped = true;
      await asking;
      if (holding) end('lease.given-up');
      await work;
      clearInterval(ticking);
      clearTimeout(lapse);
      await asking;
      clearTimeout(lapse);
      if (lease !== undefined) await store.releaseLease(lease, owner).catch(() => undefined);
      lease = undefined;
    },
    current: () => (isHeld() ? lease : undefined),
  };
}
