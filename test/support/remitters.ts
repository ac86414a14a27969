/**
 * Callers of sendRemittance as they should be: a call whose answer was lost is made again with the same key and the same quote, as
 * often as it takes. They outlive the gateway; what they were told is one of the three ledgers of a kill test.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { QuoteRemittanceDocument, SendRemittanceDocument } from '../generated/operations.ts';
import { createHttpQuery, GraphqlErrors, type HttpQuery } from './http-query.ts';
import type { Pair } from './remittance-people.ts';

interface Order {
  /** Its idempotency key and its external id. */
  readonly key: string;
  /** Nobody else's, so that a transfer whose answer was lost can be told from others. */
  readonly receiveAmount: number;
  readonly pair: Pair;
}

export interface Remitters {
  readonly orders: readonly Order[];
  /** What each key was answered: the ids of remittances, one where all is well. */
  readonly answers: ReadonlyMap<string, ReadonlySet<string>>;
  /** Calls that were refused with an error of the gateway's, in its words. */
  readonly refusals: readonly string[];
  /** Asks once more what nobody answered, and then for so many new ones. */
  call(url: string, isOver: () => boolean, count: number): Promise<void>;
}

export interface RemittersOptions {
  readonly apiKey: string;
  readonly random: (below: number) => number;
  readonly pairs: readonly Pair[];
}

/** At most, between two new orders. */
const pauseMs = 40;
/** A twin of a call comes at the same moment once in so many. */
const twinOneIn = 4;

export function createRemitters({ apiKey, random, pairs }: RemittersOptions): Remitters {
  const orders: Order[] = [];
  const quotes = new Map<string, string>();
  const answers = new Map<string, Set<string>>();
  const refusals: string[] = [];

  function newOrder(): Order {
    const number = orders.length + 1;
    const pair = pairs[random(pairs.length)];
    if (pair === undefined) throw new Error('There is nobody to send for.');
    const order = { key: `r${number}`, receiveAmount: 1_000 + number, pair };
    orders.push(order);
    return order;
  }

  async function send(gateway: HttpQuery, order: Order): Promise<void> {
    const { key, pair, receiveAmount } = order;
    const asked = { ...pair, receiveAmount, receiveCurrency: 'PHP' };
    if (!quotes.has(key)) {
      const { quoteRemittance: quote } = await gateway.query(QuoteRemittanceDocument, { input: asked });
      if (quote.__typename === 'RemittanceQuote') quotes.set(key, quote.id);
    }
    const quoteId = quotes.get(key);
    if (quoteId === undefined) return;
    const input = { ...asked, quoteId, externalId: key, idempotencyKey: key };
    const twins = random(twinOneIn) === 0 ? 2 : 1;
    await Promise.all(
      Array.from({ length: twins }, async () => {
        const { sendRemittance: answer } = await gateway.query(SendRemittanceDocument, { input });
        if (answer.__typename === 'Remittance') answers.set(key, (answers.get(key) ?? new Set()).add(answer.id));
        else refusals.push(JSON.stringify(answer));
      }),
    );
  }

  return {
    orders,
    answers,
    refusals,
    async call(url, isOver, count) {
      const gateway = createHttpQuery(url, apiKey);
      // Where the gateway died, or its answer did, it is asked again in the next life.
      const trySend = (order: Order): Promise<void> =>
        send(gateway, order).catch((error: Error) => {
          if (error instanceof GraphqlErrors) refusals.push(error.message);
        });
      const underWay = orders.filter(({ key }) => !answers.has(key)).map(trySend);
      for (let sent = 0; sent < count && !isOver(); sent += 1) {
        underWay.push(trySend(newOrder()));
        await delay(random(pauseMs));
      }
      await Promise.all(underWay);
    },
  };
}
