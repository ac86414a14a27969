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
  /** Something may be due now. */
  poke(): void;
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
}

export function createAccount(options: AccountOptions): Account {
  const { store, messages, provider, inbox, owner, clock, log } = options;
  const name = `${provider.provider} ${provider.account}`;
  const keeper = createLeaseKeeper({
    store,
    name: storeKey('owner', provider.provider, provider.account),
    owner,
    clock,
    log,
    onAcquired: up,
    onLost: down,
  });
  const isOwner = (): boolean => !provider.singleOwner || keeper.current() !== undefined;
  const dispatcher = createDispatcher({
    ...{ store, messages, provider, clock, log },
    ...(provider.singleOwner && { ownership: keeper.current }),
  });

  async function up(): Promise<void> {
    await provider.start(inbox);
    dispatcher.start();
  }

  async function down(): Promise<void> {
    await Promise.all([dispatcher.stop(), provider.stop()]);
  }

  return {
    serves: (route) => route.provider === provider.provider && route.account === provider.account,
    poke: dispatcher.poke,
    start: provider.singleOwner ? keeper.start : () => void up(),
    stop: provider.singleOwner ? keeper.stop : down,
    remark() {
      if (!isOwner()) return `${name} is run by another gateway, or by none yet.`;
      const { healthy, detail } = provider.health();
      if (healthy) return undefined;
      return `${name} is not healthy${detail === undefined ? '' : `: ${detail}`}.`;
    },
  };
}
