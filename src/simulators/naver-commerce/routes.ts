/** The paths below the base `/external` that are simulated. Any other is a route that the gateway does not know. */

/** Ends in it, as the real base address does. */
export const BASE_PATH = '/external';
const ORDERS = 'v1/pay-order/seller/product-orders';

const ROUTES = [
  { method: 'POST', endpoint: 'v1/oauth2/token', event: 'POST token' },
  { method: 'GET', endpoint: 'v1/seller/account', event: 'GET account' },
  { method: 'GET', endpoint: `${ORDERS}/last-changed-statuses`, event: 'GET last-changed-statuses' },
  { method: 'POST', endpoint: `${ORDERS}/query`, event: 'POST query' },
  { method: 'POST', endpoint: `${ORDERS}/confirm`, event: 'POST confirm' },
  { method: 'POST', endpoint: `${ORDERS}/dispatch`, event: 'POST dispatch' },
] as const;

export interface Route {
  /** The path below the base; what a fault names. */
  readonly endpoint: string;
  /** The word of the ledger. */
  readonly event: (typeof ROUTES)[number]['event'];
  /** Behind the question mark, as it came. */
  readonly query: string;
}

export function routeOf(method: string | undefined, target: string): Route | undefined {
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const found = ROUTES.find((route) => route.method === method && `${BASE_PATH}/${route.endpoint}` === path);
  return found === undefined ? undefined : { endpoint: found.endpoint, event: found.event, query };
}
