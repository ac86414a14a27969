/**
 * A marketplace that answers as the test says: `script` may be changed at any time, and what it leaves out succeeds. Its
 * tokens are `token-1`, `token-2`, …, and the last one is the good one. Every call is remembered, in order.
 */
import type { Clock } from '../../src/core/clock.ts';
import type {
  CommerceAnswer,
  CommerceProvider,
  OrderActionResult,
  OrderChange,
  OrderChangePage,
  OrderChangeQuery,
  ProductOrder,
  TokenSubject,
} from '../../src/core/commerce/provider.ts';
import type { ProviderFault } from '../../src/core/outcome.ts';

type Method = 'issueToken' | 'seller' | 'productOrders' | 'confirm' | 'dispatch' | 'orderChanges';
type Script = { -readonly [Name in Method]?: CommerceProvider[Name] };

export interface ScriptedCommerce extends CommerceProvider {
  readonly script: Script;
  /** In the order in which they came. */
  readonly calls: { readonly method: Method; readonly given: readonly unknown[] }[];
  callsOf<Name extends Method>(method: Name): Parameters<CommerceProvider[Name]>[];
  /** What the feed tells, in any order. */
  readonly changes: OrderChange[];
  /** How far the marketplace's clock is ahead of ours: `now()` follows it from its first answer on. */
  clockAheadMs: number;
  /** From now on no token is good but the next one that is issued. */
  revoke(): void;
  /** How long a new token is good. */
  tokenLifeMs: number;
  /** Rows a page of the feed. */
  pageSize: number;
}

export const fault = (code: string): ProviderFault => ({ provider: 'NAVER_COMMERCE', code, at: 0 });

export const productOrder = (productOrderId: string, part: Partial<ProductOrder> = {}): ProductOrder => ({
  productOrderId,
  orderId: `9${productOrderId}`,
  status: 'PAYED',
  placeOrderStatus: 'NOT_YET',
  productName: '감귤 5kg',
  quantity: 1,
  ...part,
});

export const answered = <T>(value: T): CommerceAnswer<T> => ({ tokenRefused: false, value });
export const refused: CommerceAnswer<never> = { tokenRefused: true, fault: fault('GW.AUTHN') };

export function scriptedCommerce(options: {
  clock: Clock;
  account?: string;
  applicationId?: string;
}): ScriptedCommerce {
  const { clock, account = 'default', applicationId = 'application' } = options;
  const script: Script = {};
  const calls: ScriptedCommerce['calls'] = [];
  let issued = 0;
  let good = '';
  let seenAheadMs = 0;

  const defaults: { readonly [Name in Method]: CommerceProvider[Name] } = {
    async issueToken(_subject: TokenSubject) {
      issued += 1;
      good = `token-${issued}`;
      return { accessToken: good, tokenType: 'Bearer', expiresAt: clock.now() + provider.tokenLifeMs };
    },
    seller: (token) => behind(token, { accountId: 'shop', accountUid: 'ncp_1' }),
    productOrders: (token, ids) =>
      behind(
        token,
        ids.map((id) => productOrder(id)),
      ),
    confirm: (token, ids) => behind<OrderActionResult>(token, { succeeded: ids, failed: [] }),
    dispatch: (token, orders) =>
      behind<OrderActionResult>(token, { succeeded: orders.map(({ productOrderId }) => productOrderId), failed: [] }),
    orderChanges: (token, query) => behind(token, pageOf(query)),
  };

  async function behind<T>(token: string, value: T): Promise<CommerceAnswer<T>> {
    return token === good ? answered(value) : refused;
  }

  /** As the document says: by time and then by id, both bounds inclusive, from the key at the first moment on. */
  function pageOf({ from, to, moreSequence }: OrderChangeQuery): OrderChangePage {
    if (to - from > 86_400_000) throw new Error('104139');
    const rows = provider.changes
      .filter(({ changedAt }) => changedAt >= from && changedAt <= to)
      .filter((row) => moreSequence === undefined || row.changedAt > from || row.productOrderId >= moreSequence)
      .sort((a, b) => a.changedAt - b.changedAt || a.productOrderId.localeCompare(b.productOrderId));
    const next = rows[provider.pageSize];
    return {
      changes: rows.slice(0, provider.pageSize),
      ...(next !== undefined && { more: { from: next.changedAt, sequence: next.productOrderId } }),
    };
  }

  function asked<Name extends Method>(method: Name): CommerceProvider[Name] {
    const answer = async (...given: unknown[]): Promise<unknown> => {
      calls.push({ method, given });
      const play = (script[method] ?? defaults[method]) as (...given: unknown[]) => Promise<unknown>;
      try {
        return await play(...given);
      } finally {
        seenAheadMs = provider.clockAheadMs;
      }
    };
    return answer as CommerceProvider[Name];
  }

  const provider: ScriptedCommerce = {
    provider: 'NAVER_COMMERCE',
    account,
    applicationId,
    maxProductOrdersPerQuery: 300,
    maxProductOrdersPerAction: 30,
    now: () => clock.now() + seenAheadMs,
    isAboutSubject: ({ code }) => code.endsWith('_NOT_FOUND'),
    script,
    calls,
    callsOf: <Name extends Method>(method: Name) =>
      calls.filter((call) => call.method === method).map(({ given }) => given) as Parameters<CommerceProvider[Name]>[],
    changes: [],
    revoke() {
      good = '';
    },
    clockAheadMs: 0,
    tokenLifeMs: 3 * 3_600_000,
    pageSize: 300,
    issueToken: asked('issueToken'),
    seller: asked('seller'),
    productOrders: asked('productOrders'),
    confirm: asked('confirm'),
    dispatch: asked('dispatch'),
    orderChanges: asked('orderChanges'),
    health: () => ({ provider: 'NAVER_COMMERCE', account, configured: true, healthy: true, simulated: false }),
    onChange: () => () => {},
    async stop() {},
  };
  return provider;
}
