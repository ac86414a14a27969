/** What /metrics tells of how things stand just now, read when it is asked for: health, sessions, queues, streams. */
import type { Clock } from '../core/clock.ts';
import { messageIndex } from '../core/messaging/message-index.ts';
import { outboxesIn } from '../core/messaging/queued-tenants.ts';
import type { Lane, MessageProvider, NgsSessionHealth } from '../core/provider.ts';
import type { WatchedAccount } from '../core/provider-board.ts';
import { type Store, StoreUnavailable } from '../core/store.ts';
import type { Metrics } from './metrics.ts';

export interface Facts {
  readonly store: Store;
  readonly clock: Clock;
  readonly carriers: readonly MessageProvider[];
  readonly running: readonly WatchedAccount[];
  readonly streams: () => number;
  readonly readiness: () => { readonly ready: boolean };
  readonly highestTps: (account: string, lane: Lane) => number;
}

/** More than this is reported as this: counting on would cost the loop, and any alert has gone off long before. */
const maxCounted = 1_000;
const lanes: readonly Lane[] = ['SMS', 'LONG', 'KAKAO'];
const sessionStates = ['IDLE', 'CERTIFYING', 'BINDING', 'BOUND', 'BACKING_OFF', 'LOCKED_OUT', 'STOPPED'] as const;

export async function readFacts(metrics: Metrics, facts: Facts): Promise<void> {
  const { store, running, carriers, streams, readiness } = facts;
  const isUp = store.health().ok;
  metrics.storeUp.set({ durability: store.durability() }, Number(isUp));
  metrics.ready.set(Number(readiness().ready));
  metrics.streams.set(streams());
  for (const account of running) {
    const { provider, healthy, ngs } = account.health();
    metrics.providerHealthy.set({ provider, account: account.account }, Number(healthy));
    if (ngs !== undefined) readSession(metrics, facts, account.account, ngs);
  }
  for (const gauge of [metrics.unconfirmed, metrics.unconfirmedAge, metrics.due, metrics.dueAge]) gauge.reset();
  // A figure that cannot be known is left out: 0 would be a lie.
  if (!isUp) return;
  try {
    await Promise.all(carriers.map((carrier) => readQueues(metrics, facts, carrier)));
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
  }
}

function readSession(metrics: Metrics, { highestTps }: Facts, account: string, ngs: NgsSessionHealth): void {
  for (const state of sessionStates) metrics.ngsSessionState.set({ account, state }, Number(ngs.state === state));
  const tps = { SMS: ngs.smsTps, LONG: ngs.mmsTps, KAKAO: ngs.kakaoTps };
  for (const lane of lanes) {
    metrics.ngsTpsLimit.set({ account, lane }, tps[lane] ?? 0);
    metrics.ngsTpsUsed.set({ account, lane }, highestTps(account, lane));
  }
  // Counted by the session itself: the sum is taken over, not added to.
  for (const [kind, count] of Object.entries(ngs.ends)) {
    metrics.ngsSessionEnds.remove({ account, kind });
    metrics.ngsSessionEnds.inc({ account, kind }, count);
  }
  metrics.ngsInFlight.set({ account }, ngs.inFlight);
  metrics.ngsWindow.set({ account }, ngs.window);
}

async function readQueues(metrics: Metrics, { store, clock }: Facts, carrier: MessageProvider): Promise<void> {
  const { provider, account } = carrier;
  const now = clock.now();
  /** Of all of these indexes together, and no more of them than are counted of one. */
  const counted = async (indexes: readonly string[]): Promise<{ count: number; oldestSeconds: number }> => {
    let count = 0;
    let oldestAt = now;
    for (const index of indexes) {
      const entries = await store.range(index, { to: now, limit: maxCounted - count });
      count += entries.length;
      oldestAt = Math.min(oldestAt, entries[0]?.sort ?? now);
      if (count === maxCounted) break;
    }
    return { count, oldestSeconds: (now - oldestAt) / 1_000 };
  };
  const doubts = await counted([messageIndex.unconfirmed(provider, account)]);
  metrics.unconfirmed.set({ provider, account }, doubts.count);
  metrics.unconfirmedAge.set({ provider, account }, doubts.oldestSeconds);
  for (const lane of lanes) {
    const due = await counted(await outboxesIn(store, provider, account, lane));
    metrics.due.set({ provider, account, lane }, due.count);
    metrics.dueAge.set({ provider, account, lane }, due.oldestSeconds);
  }
}
