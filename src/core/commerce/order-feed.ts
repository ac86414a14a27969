/**
 * Follows the feed of changed product orders of one account into an event log: one reader over all gateways, its position
 * and what it read stored in one batch, so that each change is told once, whenever a reader dies. It goes on where it was.
 */
import type { Clock, Instant } from '../clock.ts';
import { GatewayError, ProviderRejected, ProviderUnavailable } from '../errors.ts';
import { createEventLog, type EventLog } from '../events/log.ts';
import { createLeaseKeeper } from '../lease-keeper.ts';
import type { Log } from '../log.ts';
import { type Lease, type Store, type StoredRecord, StoreUnavailable, storeKey } from '../store.ts';
import { afterPage, type FeedPosition, firstPosition, isSamePosition, nextQuery } from './feed-position.ts';
import type { CommerceProvider, OrderChange, OrderChangePage, OrderChangeQuery } from './provider.ts';
import type { TokenBroker } from './token.ts';

export interface OrderFeed {
  /** Of the account, and of no tenant: the feed belongs to whoever may use the account. */
  readonly log: EventLog;
  start(): void;
  stop(): Promise<void>;
}

export interface OrderFeedTimings {
  /** Between looks, while nothing happens. @default 5_000 */
  readonly intervalMs?: number;
  /** @default 120_000 */
  readonly overlapMs?: number;
  /** How long the place of a reader that died stays taken, for other gateways. @default 10_000 */
  readonly leaseMs?: number;
}

export interface OrderFeedOptions extends OrderFeedTimings {
  readonly store: Store;
  readonly provider: CommerceProvider;
  readonly tokens: TokenBroker;
  /** Names this process, as of a lease. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
}

const longestPauseMs = 5 * 60_000;

export function createOrderFeed(options: OrderFeedOptions): OrderFeed {
  const { store, provider, tokens, owner, clock, log, intervalMs = 5_000, overlapMs = 120_000, leaseMs } = options;
  const names = { provider: provider.provider, account: provider.account };
  const events = createEventLog(store, provider.account, provider.provider, 'order-changes');
  const key = storeKey('commerce-feed', provider.provider, provider.account);
  let running: Promise<void> | undefined;
  let wake: (() => void) | undefined;
  let isReading = false;
  let quietLooks = 0;
  let isLookQuiet = true;

  const keeper = createLeaseKeeper({
    store,
    name: key,
    owner,
    clock,
    log,
    async onAcquired() {
      isReading = true;
      noticeLook('BROKEN_OFF');
      running = read();
    },
    async onLost() {
      isReading = false;
      wake?.();
      await running;
    },
    ...(leaseMs !== undefined && { ttlMs: leaseMs }),
  });

  async function read(): Promise<void> {
    for (let failures = 0; isReading; ) {
      let pauseMs: number;
      try {
        pauseMs = await step();
        failures = 0;
      } catch (error) {
        // Once an outage: it is tried again and again.
        if (failures === 0) log.warn('commerce.feed-failed', { ...names, error });
        failures += 1;
        pauseMs = pauseAfter(error, failures);
      }
      if (pauseMs > 0) await pause(pauseMs);
    }
  }

  /** One page, and how long to wait for the next. */
  async function step(): Promise<number> {
    const lease = keeper.current();
    // About to be lost, or to be renewed.
    if (lease === undefined) return Math.min(intervalMs, 100);
    const stored = await store.get<FeedPosition>(key);
    if (stored === undefined) {
      const isFirst = await write(lease, undefined, firstPosition(await theirTime(), overlapMs), []);
      return isFirst ? 0 : intervalMs;
    }
    const query = nextQuery(stored.value);
    const page = await tokens.withToken({ type: 'SELF' }, (token) => provider.orderChanges(token, query));
    assertProgress(query, page);
    const now = provider.now();
    const rule = { now, overlapMs, quietLooks, fingerprintOf };
    const { position, fresh } = afterPage(stored.value, query, page, rule);
    const isWritten = isSamePosition(stored.value, position) || (await write(lease, stored, position, fresh));
    if (fresh.length > 0) noticeLook('FRESH');
    if (!isWritten) noticeLook('BROKEN_OFF');
    else if (page.more === undefined) noticeLook('ENDED');
    return isWritten && (page.more !== undefined || query.to < now) ? 0 : intervalMs;
  }

  function noticeLook(what: 'FRESH' | 'ENDED' | 'BROKEN_OFF'): void {
    quietLooks = what === 'ENDED' && isLookQuiet ? quietLooks + 1 : 0;
    isLookQuiet = what !== 'FRESH';
  }

  /** Their clock shows in any answer: a position taken from ours, where it is fast, would pass over changes for good. */
  async function theirTime(): Promise<Instant> {
    await tokens
      .withToken({ type: 'SELF' }, (token) => provider.seller(token))
      .catch((error) => {
        // An answer all the same.
        if (!(error instanceof ProviderRejected)) throw error;
      });
    return provider.now();
  }

  /** False where another has read on meanwhile: the next step begins with what that one stored. */
  async function write(
    { name, token }: Lease,
    before: StoredRecord<FeedPosition> | undefined,
    position: FeedPosition,
    fresh: readonly OrderChange[],
  ): Promise<boolean> {
    const { committed } = await store.write({
      expect: [{ key, version: before?.version ?? 0 }],
      fence: { lease: name, token },
      put: [{ key, value: position }],
      append: fresh.map((entry) => ({ log: events.name, entry })),
    });
    return committed;
  }

  function fingerprintOf({ productOrderId, changedAt, changeType }: OrderChange): string {
    return store.keyedHash(`order change ${productOrderId} ${changedAt} ${changeType}`).slice(0, 20);
  }

  function pauseAfter(error: unknown, failures: number): number {
    if (error instanceof StoreUnavailable) return intervalMs;
    const retryAt: Instant = error instanceof GatewayError ? (error.retryAt ?? 0) : 0;
    const backOffMs = Math.min(intervalMs * 2 ** (failures - 1), longestPauseMs);
    return retryAt > clock.now() ? retryAt - clock.now() : backOffMs;
  }

  async function pause(ms: number): Promise<void> {
    if (!isReading) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
    });
    clearTimeout(timer);
    wake = undefined;
  }

  return { log: events, start: keeper.start, stop: keeper.stop };
}

/** A feed that sends its reader to where it is would be asked for ever. */
function assertProgress({ from, moreSequence }: OrderChangeQuery, { more }: OrderChangePage): void {
  if (more === undefined) return;
  if (more.from < from || (more.from === from && more.sequence === moreSequence)) {
    throw new ProviderUnavailable('The feed of changed product orders does not move on.', { outcome: 'NOT_ACCEPTED' });
  }
}
