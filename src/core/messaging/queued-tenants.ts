/** Who has ever queued something in a lane of an account, and the outboxes there. It claims nothing. */
import type { Lane, SmsProvider } from '../provider.ts';
import type { IndexEntry, Store } from '../store.ts';
import { messageIndex, tenantOfQueueKey } from './message-index.ts';

const pageSize = 1_000;

export async function tenantsQueuedIn(
  store: Store,
  provider: SmsProvider,
  account: string,
  lane: Lane,
): Promise<readonly string[]> {
  const index = messageIndex.queuedTenants(provider, account, lane);
  const tenants: string[] = [];
  for (let after: IndexEntry | undefined; ; ) {
    const page = await store.range(index, { limit: pageSize, ...(after !== undefined && { after }) });
    tenants.push(...page.map(({ key }) => tenantOfQueueKey(key)));
    after = page.at(-1);
    if (page.length < pageSize) return tenants;
  }
}

/** All that together hold what waits in a lane. */
export async function outboxesIn(
  store: Store,
  provider: SmsProvider,
  account: string,
  lane: Lane,
): Promise<readonly string[]> {
  const tenants = await tenantsQueuedIn(store, provider, account, lane);
  return [
    messageIndex.oldOutbox(provider, account, lane),
    ...tenants.map((tenant) => messageIndex.outbox(provider, account, lane, tenant)),
  ];
}
