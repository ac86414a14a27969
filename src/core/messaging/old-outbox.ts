/**
 * What a version before this one queued: it had one outbox for all tenants of an account and lane. As it falls due, or has gone
 * otherwise meanwhile, it moves to the outbox of its tenant. Nothing is sent from here.
 */
import type { Instant } from '../clock.ts';
import { type Lane, laneOf, type SmsProvider } from '../provider.ts';
import type { IndexChange, Store } from '../store.ts';
import { messageIndex, queueKey } from './message-index.ts';
import type { MessageStore, StoredMessage } from './message-store.ts';

export interface OldOutbox {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly provider: SmsProvider;
  readonly account: string;
  readonly lane: Lane;
  readonly now: Instant;
}

const atOnce = 100;

export async function adoptOldOutbox({ store, messages, provider, account, lane, now }: OldOutbox): Promise<void> {
  const old = messageIndex.oldOutbox(provider, account, lane);

  function placeOf(stored: StoredMessage | undefined): readonly IndexChange[] {
    if (stored === undefined) return [];
    const { tenant, id, state, routes, kind, dueAt } = stored.message;
    const [route] = routes;
    const isHere = route?.provider === provider && route.account === account && laneOf(kind) === lane;
    if (state !== 'QUEUED' || !isHere) return [];
    const key = messages.key(tenant, id);
    return [
      { index: messageIndex.outbox(provider, account, lane, tenant), key, sort: dueAt },
      { index: messageIndex.queuedTenants(provider, account, lane), key: queueKey(tenant), sort: 0 },
    ];
  }

  async function adopt(key: string, stored: StoredMessage | undefined): Promise<boolean> {
    const { committed } = await store.write({
      // What moves on at this moment is looked at again.
      expect: [{ key, version: stored?.version ?? 0 }],
      index: [{ index: old, key, remove: true }, ...placeOf(stored)],
    });
    return committed;
  }

  for (;;) {
    const keys = (await store.range(old, { to: now, limit: atOnce })).map(({ key }) => key);
    const stored = await messages.load(keys);
    const adopted = await Promise.all(keys.map((key, at) => adopt(key, stored[at])));
    if (keys.length < atOnce || !adopted.includes(true)) return;
  }
}
