/**
 * Product orders by id, as few calls as there can be. Within the gateway an order is named by its account and Naver's own
 * number together, since two applications may see the same one.
 */
import { type GatewayError, withoutKey } from '../errors.ts';
import { type OrderSource, queryProductOrders } from './order-query.ts';
import type { ProductOrder } from './provider.ts';

export interface AccountProductOrder extends ProductOrder {
  /** Our own id: `account-productOrderId`. */
  readonly id: string;
}

export const productOrderKey = (account: string, productOrderId: string): string => `${account}-${productOrderId}`;

const keyForm = /^(.+)-(\d{1,20})$/;

/** In the order of `keys`, which are distinct; undefined where there is none. An error stands for each key it hit. */
export async function loadProductOrders(
  accountOf: (name: string) => OrderSource | undefined,
  keys: readonly string[],
): Promise<readonly (AccountProductOrder | undefined | Error)[]> {
  const idsByAccount = new Map<string, string[]>();
  for (const key of keys) {
    const [, account, id] = keyForm.exec(key) ?? [];
    if (account === undefined || id === undefined || accountOf(account) === undefined) continue;
    const ids = idsByAccount.get(account);
    if (ids === undefined) idsByAccount.set(account, [id]);
    else ids.push(id);
  }
  const found = new Map<string, AccountProductOrder | Error>();
  const loads = [...idsByAccount].flatMap(([account, ids]) => {
    const source = accountOf(account) as OrderSource;
    return chunksOf(ids, source.provider.maxProductOrdersPerQuery).map(async (chunk) => {
      try {
        const { orders, failed } = await queryProductOrders(source, chunk);
        for (const order of orders) {
          const key = productOrderKey(account, order.productOrderId);
          found.set(key, { ...order, id: key });
        }
        for (const [id, error] of failed) found.set(productOrderKey(account, id), withoutKey(error));
      } catch (error) {
        for (const id of chunk) found.set(productOrderKey(account, id), withoutKey(error as GatewayError));
      }
    });
  });
  await Promise.all(loads);
  return keys.map((key) => found.get(key));
}

function chunksOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
