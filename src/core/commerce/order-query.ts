/**
 * Product orders by id, whatever the marketplace does about an id that it does not know: it may leave it out, or refuse
 * all that was asked with it. A refused list is halved and asked again, until what is refused is the id itself.
 */
import { GatewayError, ProviderRejected } from '../errors.ts';
import type { CommerceProvider, ProductOrder } from './provider.ts';
import type { TokenBroker } from './token.ts';

export interface OrderSource {
  readonly provider: CommerceProvider;
  readonly tokens: TokenBroker;
}

/** An id that is in neither is not known to the marketplace. */
export interface FoundOrders {
  readonly orders: readonly ProductOrder[];
  readonly failed: ReadonlyMap<string, GatewayError>;
}

/** Naver's, of one id for all of a call: there is no such product order; it is another seller's. */
const unknownIdCodes = ['100001', '101009'];
/** Finds one id in 300 (two calls for each of nine halvings); a list full of unknown ids must not cost hundreds. */
const maxExtraCalls = 20;

/** `ids`: no more than one call may hold. @throws GatewayError where nothing at all was answered */
export async function queryProductOrders(source: OrderSource, ids: readonly string[]): Promise<FoundOrders> {
  const { provider, tokens } = source;
  const ask = (some: readonly string[]): Promise<readonly ProductOrder[]> =>
    tokens.withToken({ type: 'SELF' }, (accessToken) => provider.productOrders(accessToken, some));
  const orders: ProductOrder[] = [];
  const failed = new Map<string, GatewayError>();
  /** Undefined where it was answered; its refusal where that was for the sake of an id. @throws GatewayError */
  async function refusalOf(some: readonly string[]): Promise<GatewayError | undefined> {
    try {
      orders.push(...(await ask(some)));
      return undefined;
    } catch (error) {
      if (isUnknownId(error)) return error;
      throw error;
    }
  }

  const first = await refusalOf(ids);
  if (first === undefined) return { orders, failed };
  // The longest first: where there are too many, most of the good ones have been found by then.
  const refused = [{ list: ids, refusal: first }];
  let calls = 0;
  for (let next = refused.shift(); next !== undefined; next = refused.shift()) {
    const { list, refusal } = next;
    if (list.length <= 1) continue;
    if (calls + 2 > maxExtraCalls) {
      for (const id of list) failed.set(id, refusal);
      continue;
    }
    const middle = Math.ceil(list.length / 2);
    const halves = [list.slice(0, middle), list.slice(middle)];
    for (const [at, half] of halves.entries()) {
      calls += 1;
      try {
        const again = await refusalOf(half);
        if (again !== undefined) refused.push({ list: half, refusal: again });
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        // It would meet the others, too.
        const open = [...halves.slice(at), ...refused.map((each) => each.list).filter(({ length }) => length > 1)];
        for (const id of open.flat()) failed.set(id, error);
        return { orders, failed };
      }
    }
  }
  return { orders, failed };
}

const isUnknownId = (error: unknown): error is ProviderRejected =>
  error instanceof ProviderRejected && unknownIdCodes.includes(error.origin?.code ?? '');
