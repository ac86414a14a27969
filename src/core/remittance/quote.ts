/** quoteRemittance: what a remittance costs now. It sends nothing; it is good for half an hour, and for one transfer. */
import { randomUUID } from 'node:crypto';
import type { Clock, Instant } from '../clock.ts';
import { withoutKey } from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import { type Batch, type Store, storeKey } from '../store.ts';
import type { Tenant } from '../tenant.ts';
import type { People, RemittanceRecipient, RemittanceUser } from './people.ts';
import type { Corridor, ProviderQuote, RemittanceProvider } from './provider.ts';
import { problem, providerOrRefusal, refuse } from './refusal.ts';
import { corridorProblems, registered } from './register.ts';

/** Ids are our own, not the global ones; empty where those were garbage. */
export interface QuoteInput {
  readonly corridor: Corridor;
  readonly userId: string;
  readonly recipientId: string;
  /** Whole units of the currency. */
  readonly receiveAmount: number;
  /** ISO 4217. */
  readonly receiveCurrency: string;
}

export interface RemittanceQuote extends QuoteInput, ProviderQuote {
  readonly id: string;
  /** Whose prices these are. */
  readonly partner: string;
  readonly expiresAt: Instant;
}

export interface Pair {
  readonly user: RemittanceUser & { readonly providerId: string };
  readonly recipient: RemittanceRecipient & { readonly providerId: string };
}

export interface Quotes {
  /** @throws GatewayError */
  quote(tenant: Tenant, input: QuoteInput): Promise<RemittanceQuote>;
  /** Undefined where there is none; for a while it is still known after it expired. */
  load(tenant: Tenant, id: string): Promise<RemittanceQuote | undefined>;
  /** One transfer was sent by it. */
  isUsed(tenant: Tenant, id: string): Promise<boolean>;
  /** What a batch needs, so that no other uses the quote; `user` names what does. */
  useOf(tenant: Tenant, id: string, user: string): Required<Pick<Batch, 'expect' | 'put'>>;
  /** Who sends and who receives. @throws InvalidInput where they are not, or not of one another. */
  pair(tenant: Tenant, input: QuoteInput): Promise<Pair>;
}

/** How long Sentbe's exchange rates hold is not published. */
const quoteLifeMs = 30 * 60_000;

export function createQuotes(options: {
  readonly store: Store;
  readonly users: People<RemittanceUser>;
  readonly recipients: People<RemittanceRecipient>;
  readonly provider: RemittanceProvider | undefined;
  readonly clock: Clock;
}): Quotes {
  const { store, users, recipients, provider, clock } = options;
  const keyOf = (tenant: Tenant, id: string): string => storeKey('remittance-quote', tenant.id, id);
  const usedKeyOf = (tenant: Tenant, id: string): string => storeKey('remittance-quote-used', tenant.id, id);

  async function pair(tenant: Tenant, { corridor, userId, recipientId }: QuoteInput): Promise<Pair> {
    const [[user], [recipient]] = await Promise.all([
      users.load(tenant.id, [userId]),
      recipients.load(tenant.id, [recipientId]),
    ]);
    const sender = registered(user, provider, ['input', 'userId']);
    const path = ['input', 'recipientId'];
    const receiver = registered(recipient, provider, path);
    refuse([
      ...corridorProblems(corridor, sender),
      ...(receiver.userId === sender.id ? [] : [problem(path, 'NOT_OF_USER', 'It is a recipient of another user.')]),
    ]);
    return { user: sender, recipient: receiver };
  }

  return {
    pair,
    async quote(tenant, input) {
      refuse(amountProblems(input));
      const { user, recipient } = await pair(tenant, input);
      const { corridor, receiveAmount, receiveCurrency } = input;
      const asked = providerOrRefusal(provider);
      const answer = await asked
        .quote(corridor, {
          userId: user.providerId,
          recipientId: recipient.providerId,
          receiveAmount,
          receiveCurrency,
        })
        .catch((error) => {
          throw withoutKey(error);
        });
      const { partner } = asked;
      const quote = { ...input, ...answer, partner, id: randomUUID(), expiresAt: clock.now() + quoteLifeMs };
      const key = keyOf(tenant, quote.id);
      await store.write({ expect: [{ key, version: 0 }], put: [{ key, value: quote, ttlMs: 2 * quoteLifeMs }] });
      return quote;
    },
    async isUsed(tenant, id) {
      return (await store.get(usedKeyOf(tenant, id))) !== undefined;
    },
    useOf(tenant, id, user) {
      const key = usedKeyOf(tenant, id);
      // It outlives the quote, which is younger.
      return { expect: [{ key, version: 0 }], put: [{ key, value: user, ttlMs: 2 * quoteLifeMs }] };
    },
    async load(tenant, id) {
      return (await store.get<RemittanceQuote>(keyOf(tenant, id)))?.value;
    },
  };
}

export function amountProblems({ corridor, receiveAmount, receiveCurrency }: QuoteInput): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (!Number.isSafeInteger(receiveAmount) || receiveAmount <= 0) {
    problems.push(problem(['input', 'receiveAmount'], 'NOT_POSITIVE', 'Give whole units, 1 or more.'));
  }
  const path = ['input', 'receiveCurrency'];
  if (!/^[A-Z]{3}$/.test(receiveCurrency)) {
    problems.push(problem(path, 'NOT_A_CURRENCY', 'A currency is three capital letters of ISO 4217, for example PHP.'));
  } else if ((receiveCurrency === 'KRW') !== (corridor === 'INBOUND')) {
    // Sentbe, check commission: won goes in, and everything but won goes out.
    const message = corridor === 'INBOUND' ? 'INBOUND pays out KRW.' : 'OUTBOUND pays out any currency but KRW.';
    problems.push(problem(path, 'NOT_FOR_CORRIDOR', message));
  }
  return problems;
}

/** What of a transfer is not as it was quoted, or no longer. */
export function quoteProblems(input: QuoteInput, quote: RemittanceQuote, now: Instant): FieldProblem[] {
  if (now >= quote.expiresAt) {
    const message = 'The quote has expired; ask for another. 견적이 만료되었습니다.';
    return [problem(['input', 'quoteId'], 'EXPIRED', message)];
  }
  const names = ['corridor', 'userId', 'recipientId', 'receiveAmount', 'receiveCurrency'] as const;
  return names
    .filter((name) => input[name] !== quote[name])
    .map((name) => problem(['input', name], 'NOT_AS_QUOTED', 'The quote names another. 견적과 다릅니다.'));
}
