/** The ordered indexes that messages stand in: by tenant for listings, by account for work that falls due. */
import type { Lane, SmsProvider } from '../provider.ts';
import { storeKey } from '../store.ts';
import type { Forgetting } from './forget.ts';
import type { MessageState } from './message.ts';

export const messageIndex = {
  all: (tenant: string) => storeKey('messages', tenant),
  byState: (tenant: string, state: MessageState) => storeKey('messages', tenant, 'state', state),
  byRecipient: (tenant: string, toHash: string) => storeKey('messages', tenant, 'to', toHash),
  byClientRef: (tenant: string, refHash: string) => storeKey('messages', tenant, 'ref', refHash),
  outbox: (provider: SmsProvider, account: string, lane: Lane, tenant: string) =>
    storeKey('outbox', provider, account, lane, tenant),
  /** Whoever ever queued something here, by `queueKey`: nobody could tell at once that an outbox is empty and stays so. */
  queuedTenants: (provider: SmsProvider, account: string, lane: Lane) =>
    storeKey('queued-tenants', provider, account, lane),
  /** Of all tenants together, as it was once: read, and never written to. */
  oldOutbox: (provider: SmsProvider, account: string, lane: Lane) => storeKey('outbox', provider, account, lane),
  submitting: (provider: SmsProvider, account: string) => storeKey('submitting', provider, account),
  lookUps: (provider: SmsProvider, account: string) => storeKey('look-ups', provider, account),
  /** By the time of their submission: what an operator counts. */
  unconfirmed: (provider: SmsProvider, account: string) => storeKey('unconfirmed', provider, account),
  deadlines: storeKey('deadlines'),
  /** By age, those that are under way no more and of which this is forgotten next. */
  forgetting: (next: Forgetting) => storeKey('forgetting', 'messages', next),
};

export const queueKey = (tenant: string): string => storeKey(tenant);
export const tenantOfQueueKey = (key: string): string => decodeURIComponent(key);
