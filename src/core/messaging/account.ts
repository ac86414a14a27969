/**
 * One account of a provider as this process runs it: the provider and its dispatcher, up and down together. Where only
 * one process at a time may run the account, both are up only under its lease.
 */
import type { Clock } from '../clock.ts';
import { createLeaseKeeper } from '../lease-keeper.ts';
import type { Log } from '../log.ts';
import type { MessageProvider, ReportInbox } from '../provider.ts';
import { type Store, storeKey } from '../store.ts';
import { createDispatcher } from './dispatch.ts';
import type { Route } from './message.ts';
import type { MessageStore } from './message-store.ts';

export interface Account {
  serves(route: Route): boolean;
  /** Something of this tenant's may be due now. */
  poke(tenant: string): void;
  start(): void;
  /** Takes nothing new, lets what is in flight finish, and lets go. */
  stop(): Promise<void>;
  /** What an operator should know: undefined where all is well. */
  remark(): string | undefined;
}

export interface AccountOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly provider: MessageProvider;
  readonly inbox: ReportInbox;
  /** Names this process among those that may run the account. */
  readonly owner: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the lease under which one process runs the account. @default the keeper's */
  readonly leaseMs?: number | undefined;
}

/** How long a peer has to answer what it was sent, before no more leaves of what was begun. */
const settleMs = 3_000;

export function createAccount(options: AccountOptions): Account {
  const { store, messages, provider, inbox, owner, clock, log, leaseMs } = options;
  const { soleOwner } = provider;
  const name = `${provider.provider} ${provider.account}`;
  const keeper = createLeaseKeeper({
    store,
    name: storeKey('owner', provider.provider, provider.account),
    owner,
    clock,
    log,
    onAcquired: up,
    onLost: down,
    ...(leaseMs !== undefined && { ttlMs: leaseMs }),
    ...soleOwner,
  });
  const isOwner = (): boolean => soleOwner === undefined || keeper.current() !== undefined;
  /**
   * Who cannot store what it is told would only be told it: its session ends with the first REPORT, and whoever takes the
   * account over meanwhile must wait for that one login more.
   */
  const mayLogIn = (): boolean => isOwner() && store.health().ok;
  const dispatcher = createDispatcher({
    ...{ store, messages, provider, clock, log },
    ...(soleOwner !== undefined && { ownership: keeper.current }),
  });

  async function up(): Promise<void> {
    await provider.start(inbox, isOwner, mayLogIn);
    dispatcher.start();
  }

  /** What was begun is answered while the line is whole; what the peer leaves unanswered goes down with it. */
  async function down(hurry?: AbortSignal): Promise<void> {
    const begun = dispatcher.stop();
    let impatience: NodeJS.Timeout | undefined;
    if (!hurry?.aborted) {
      const patience = new Promise<void>((resolve) => {
        impatience = setTimeout(resolve, settleMs);
        hurry?.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([begun, patience]);
    }
    clearTimeout(impatience);
    await Promise.all([begun, provider.stop(hurry)]);
  }

  return {
    serves: (route) => route.provider === provider.provider && route.account === provider.account,
    poke: dispatcher.poke,
    start: soleOwner !== undefined ? keeper.start : () => void up(),
    stop: soleOwner !== undefined ? keeper.stop : () => down(),
    remark() {
      if (!isOwner()) return `${name} is run by another gateway, or by none yet.`;
      const { healthy, detail } = provider.health();
      if (healthy) return undefined;
      return `${name} is not healthy${detail === undefined ? '' : `: ${detail}`}.`;
    },
  };
}
