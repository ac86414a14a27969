/**
 * What holds a tenant to its quotas: how much a call counts, what is too much, and what follows where nobody can count. The counting
 * itself is an adapter's (src/quotas/). No transport, and no schema: it is told the name of a field.
 */
import type { Clock } from './clock.ts';
import { InvalidInput, RateLimited, storeUnavailable } from './errors.ts';
import { StoreUnavailable } from './store.ts';
import type { Tenant } from './tenant.ts';

export interface Count {
  readonly value: number;
  /** Until it begins anew. */
  readonly msLeft: number;
}

/** Counters that begin anew a minute after their first addition. */
export interface Tally {
  /** @throws StoreUnavailable within a second */
  add(counter: string, amount: number): Promise<Count>;
  close(): Promise<void>;
}

/** One call of a root field. */
export interface FieldCall {
  readonly field: string;
  /** Messages, where the field takes several. */
  readonly items: number;
  /** It may cost money or have an effect: what cannot be counted is refused. Otherwise it goes on uncounted. */
  readonly isCostly: boolean;
}

export interface Quota {
  /** @throws RateLimited | ProviderUnavailable, before anything was stored or left */
  countOperation(tenant: Tenant, isCostly: boolean): Promise<void>;
  /** @throws RateLimited | ProviderUnavailable | InvalidInput, before anything was stored or left */
  countCall(tenant: Tenant, call: FieldCall): Promise<void>;
}

/** For a minute, where the tenant's own quotas say nothing: far above honest use, so that a client in a loop ends there. */
export const DEFAULT_QUOTAS = { operations: 60_000, messages: 60_000, otherMutations: 6_000 } as const;

const windowSeconds = 60;
const messageFields: readonly string[] = ['sendSms', 'sendKakao'];
const batchField = 'sendSmsBatch';

interface Charge {
  readonly scope: string;
  readonly limit: number;
  readonly amount: number;
}

export function createQuota({ tally, clock }: { readonly tally: Tally; readonly clock: Clock }): Quota {
  async function take(tenant: Tenant, { scope, limit, amount }: Charge, isCostly: boolean): Promise<void> {
    const counter = `${tenant.id}/${scope}`;
    try {
      const { value, msLeft } = await tally.add(counter, amount);
      if (value <= limit) return;
      // A refused batch must not use up what a smaller one still has room in.
      if (amount > 1) await tally.add(counter, -amount);
      throw new RateLimited(scope, { retryAt: clock.now() + msLeft, limit, windowSeconds });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      if (isCostly) throw storeUnavailable(error);
    }
  }

  return {
    countOperation(tenant, isCostly) {
      const limit = tenant.quotas?.perMinute?.operations ?? DEFAULT_QUOTAS.operations;
      return take(tenant, { scope: 'operations', limit, amount: 1 }, isCostly);
    },
    async countCall(tenant, call) {
      for (const charge of chargesOf(tenant, call)) {
        if (charge.amount > charge.limit) throw new InvalidInput([tooManyFor(charge)]);
        await take(tenant, charge, call.isCostly);
      }
    },
  };
}

function chargesOf({ quotas }: Tenant, { field, items, isCostly }: FieldCall): readonly Charge[] {
  const own = quotas?.perMinute?.fields ?? {};
  const named = (name: string): number | undefined => (Object.hasOwn(own, name) ? own[name] : undefined);
  const limit = named(field) ?? (isCostly ? defaultOf(field) : undefined);
  const calls = limit === undefined ? [] : [{ scope: field, limit, amount: 1 }];
  if (field !== batchField) return calls;
  // Otherwise a batch would be the way around the quota of sendSms.
  const messages = { scope: 'sendSms', limit: named('sendSms') ?? defaultOf('sendSms'), amount: Math.max(1, items) };
  return [...calls, messages];
}

const defaultOf = (field: string): number =>
  messageFields.includes(field) ? DEFAULT_QUOTAS.messages : DEFAULT_QUOTAS.otherMutations;

/** No waiting makes room for it. */
const tooManyFor = ({ scope, limit }: Charge) => ({
  path: ['inputs'],
  rule: 'QUOTA',
  message: `Give at most ${limit.toLocaleString('en')} messages: more than that ${scope} may not do in a minute.`,
});
