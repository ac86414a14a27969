/**
 * Whose turn it is in one lane of an account: each tenant has an outbox of its own there, and of those with something due each gets as
 * many places as the next, so that nobody waits behind another's backlog. Within a tenant the oldest goes first. It begins nothing.
 */
import type { Instant } from '../clock.ts';
import type { Lane, MessageProvider } from '../provider.ts';
import type { Fence, Store } from '../store.ts';
import { messageIndex } from './message-index.ts';
import type { MessageStore } from './message-store.ts';
import { adoptOldOutbox } from './old-outbox.ts';
import { tenantsQueuedIn } from './queued-tenants.ts';

export interface Turns {
  /** Something of this tenant's was queued here. */
  note(tenant: string): void;
  /** Anybody may have something due by now: what another process queued, or what waited for its time. */
  lookAgain(): void;
  /** Up to so many messages that are due, of the tenants in turn. @throws StoreUnavailable */
  claim(claim: Claim): Promise<readonly string[]>;
}

export interface Claim {
  readonly now: Instant;
  readonly limit: number;
  readonly holdMs: number;
  readonly fence?: Fence;
}

export interface TurnsOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly provider: Pick<MessageProvider, 'provider' | 'account'>;
  readonly lane: Lane;
}

/** UNSURE: something may be due. QUIET: nothing was when it was last looked. */
type Standing = 'DUE' | 'UNSURE' | 'QUIET';

export function createTurns({ store, messages, provider: { provider, account }, lane }: TurnsOptions): Turns {
  const outboxOf = (tenant: string): string => messageIndex.outbox(provider, account, lane, tenant);
  /** In the order of their turns. */
  const line = new Map<string, Standing>();
  /** Who was noted since it was last asked: an answer from before says nothing of it. */
  const noted = new Set<string>();
  let isListStale = true;

  function settle(tenant: string, isDue: boolean): void {
    line.set(tenant, isDue || noted.has(tenant) ? 'DUE' : 'QUIET');
  }

  async function readList(now: Instant): Promise<void> {
    await adoptOldOutbox({ store, messages, provider, account, lane, now });
    for (const tenant of await tenantsQueuedIn(store, provider, account, lane)) {
      if (line.get(tenant) !== 'DUE') line.set(tenant, 'UNSURE');
    }
    isListStale = false;
  }

  const standing = (wanted: Standing): string[] =>
    [...line].flatMap(([tenant, present]) => (present === wanted ? [tenant] : []));

  /** One read each, where a claim would be a write. */
  async function makeSure(now: Instant): Promise<void> {
    const unsure = standing('UNSURE');
    // Whoever is alone takes it all: to ask first would only be one more way to the store.
    if (line.size === 1) for (const tenant of unsure) line.set(tenant, 'DUE');
    else {
      for (const tenant of unsure) noted.delete(tenant);
      const first = await Promise.all(unsure.map((tenant) => store.range(outboxOf(tenant), { to: now, limit: 1 })));
      for (const [at, tenant] of unsure.entries()) settle(tenant, first[at]?.length === 1);
    }
  }

  /** Each of the next in line takes as many; who took goes to its end. */
  async function round(claim: Claim): Promise<readonly string[][]> {
    const due = standing('DUE');
    const takers = due.slice(0, claim.limit);
    const limit = Math.max(1, Math.floor(claim.limit / Math.max(1, due.length)));
    for (const tenant of takers) noted.delete(tenant);
    const taken = await Promise.all(
      takers.map(async (tenant) => [...(await store.claimDue(outboxOf(tenant), { ...claim, limit }))]),
    );
    for (const [at, tenant] of takers.entries()) {
      line.delete(tenant);
      settle(tenant, taken[at]?.length === limit);
    }
    return taken;
  }

  return {
    note(tenant) {
      noted.add(tenant);
      line.set(tenant, 'DUE');
    },
    lookAgain() {
      isListStale = true;
    },
    async claim({ limit, ...claim }) {
      if (isListStale) await readList(claim.now);
      await makeSure(claim.now);
      const claimed: string[] = [];
      while (claimed.length < limit) {
        const taken = await round({ ...claim, limit: limit - claimed.length });
        if (taken.length === 0) break;
        claimed.push(...inTurn(taken));
      }
      return claimed;
    },
  };
}

/** The first of each, then the second of each. */
function inTurn(lists: readonly (readonly string[])[]): string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, nth) => lists.flatMap((list) => list.slice(nth, nth + 1))).flat();
}
