/**
 * A Naver Commerce API that is not there: token, seller and order APIs over real HTTP on loopback, written from the
 * documents and not from our client. Here are its gateway's door, its clock and its faults.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, type Instant, systemClock } from '../../core/clock.ts';
import { createFaultList, type FaultList } from '../faults.ts';
import { createLoopbackServer, jsonAnswer, readBody, send } from '../http-exchange.ts';
import { createHttpStrikes } from '../http-strikes.ts';
import { createLedger, type Ledger } from '../ledger.ts';
import { createTimers } from '../timers.ts';
import { createAutomaticChanges } from './automatic-changes.ts';
import type { ChangeDetail, LastChangedType } from './changes.ts';
import { armedError, type Call, gatewayRefusal, newCall, type Served } from './gateway.ts';
import { createTokenBuckets, createTokenQuota } from './limits.ts';
import { createOrderApis } from './order-apis.ts';
import { createProductOrders, type NewProductOrders, type ProductOrder } from './product-orders.ts';
import { BASE_PATH, type Route, routeOf } from './routes.ts';
import { createSellers } from './sellers.ts';
import { type NaverCommerceSettings, naverCommerceSettingsSchema } from './settings.ts';
import { createSignatureCheck } from './signature.ts';
import { createTokenEndpoint } from './token-endpoint.ts';
import { createTokens } from './tokens.ts';

const MAX_BODY_BYTES = 1_048_576;

export interface NaverCommerceSimulatorOptions extends Partial<NaverCommerceSettings> {
  readonly clientId: string;
  /** A bcrypt salt such as `randomClientSecret()` makes; anything else throws. */
  readonly clientSecret: string;
  /** Whose a SELF token is. @default 'simulated_store' */
  readonly accountId?: string;
  /** The account ids that a SELLER token can be had for. Without it, any. */
  readonly sellerAccountIds?: readonly string[];
  /** Product orders that are there from the start, just paid. @default 0 */
  readonly productOrderCount?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

/** How it stands, for a person or a test that looks at it from outside. */
interface NaverCommerceState {
  readonly accountId: string;
  readonly productOrders: readonly ProductOrder[];
  readonly liveTokens: number;
  readonly malformedTokenCalls: number;
  /** The application may call the token endpoint once an hour only. */
  readonly isCapped: boolean;
}

export interface NaverCommerceSimulator {
  readonly provider: 'NAVER_COMMERCE';
  readonly ledger: Ledger;
  readonly faults: FaultList;
  readonly arm: FaultList['arm'];
  readonly settings: NaverCommerceSettings;
  /** Throws a ZodError for a setting that does not exist. Applies to what comes after. */
  configure(changes: Partial<NaverCommerceSettings>): NaverCommerceSettings;
  /** The address ends in `/external`. */
  start(port?: number): Promise<{ readonly url: string }>;
  stop(): Promise<void>;
  /** Answers their ids, 16 digits each, ascending. By default of its own account, and paid now. */
  addProductOrders(count: number, made?: Partial<NewProductOrders>): readonly string[];
  /** Undefined where there is no such product order. */
  change(
    productOrderId: string,
    lastChangedType: LastChangedType,
    detail?: ChangeDetail & { readonly at?: Instant | undefined },
  ): ProductOrder | undefined;
  /** What is out opens nothing any more. Tells how many were live. */
  revokeTokens(): number;
  /** Lifts the cap of one token call an hour. */
  pardon(): void;
  state(): NaverCommerceState;
}

export function createNaverCommerceSimulator(options: NaverCommerceSimulatorOptions): NaverCommerceSimulator {
  const { clientId, clientSecret, accountId = 'simulated_store', sellerAccountIds, productOrderCount = 0 } = options;
  const { clock: given = systemClock } = options;
  let settings = naverCommerceSettingsSchema.strip().parse(options);
  let isStarted = false;
  const clock: Clock = { now: () => given.now() + settings.clockSkewMs, monotonicMs: () => given.monotonicMs() };
  const ledger = createLedger({ provider: 'NAVER_COMMERCE', clock });
  const faults = createFaultList();
  const timers = createTimers();
  const orders = createProductOrders();
  const tokens = createTokens();
  const quota = createTokenQuota();
  const buckets = createTokenBuckets();
  const sellers = createSellers(accountId, sellerAccountIds);
  const orderApis = createOrderApis({ orders, settings: () => settings });
  const automatic = createAutomaticChanges({ orders, accountId, clock, timers });
  const tokenEndpoint = createTokenEndpoint({
    clientId,
    verify: createSignatureCheck(clientSecret),
    tokens,
    quota,
    sellers,
    settings: () => settings,
  });
  const server = createLoopbackServer(serve);
  if (productOrderCount > 0) orders.add(productOrderCount, { accountId, at: clock.now() });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedMs = clock.monotonicMs();
    const body = await readBody(request, MAX_BODY_BYTES);
    const call = newCall(clock.now());
    const route = routeOf(request.method, request.url ?? '');
    // By its own clock, so that a client can see how far apart the two are.
    response.setHeader('Date', new Date(call.at).toUTCString());
    response.setHeader('GNCP-GW-Trace-ID', call.traceId);
    response.setHeader('GNCP-GW-HttpClient-ResponseTime', String(Math.ceil(clock.monotonicMs() - startedMs)));
    const token = tokens.find(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '', call.at);
    const refused = refusedAtTheDoor(call, route, body, token !== undefined, response);
    const event = route?.event ?? `${request.method} ?`;
    if (refused !== undefined) {
      record(event, call, refused);
      send(response, refused.answer);
      return;
    }
    if (route === undefined || body === undefined) return;
    const contentType = request.headers['content-type'];
    const sent = { call, contentType, query: route.query, body, accountId: token?.accountId ?? accountId };
    await exchange(route, sent, response);
  }

  function refusedAtTheDoor(
    call: Call,
    route: Route | undefined,
    body: Buffer | undefined,
    hasToken: boolean,
    response: ServerResponse,
  ): Served | undefined {
    const path = route?.endpoint ?? '?';
    const { ratePerSecond } = settings;
    const rateHeaders = (remaining: number) => {
      response.setHeader('GNCP-GW-RateLimit-Replenish-Rate', String(ratePerSecond));
      response.setHeader('GNCP-GW-RateLimit-Burst-Capacity', String(2 * ratePerSecond));
      response.setHeader('GNCP-GW-RateLimit-Remaining', String(remaining));
    };
    rateHeaders(buckets.remaining(path, ratePerSecond, clock.monotonicMs()));
    if (!settings.ipAllowed) return gatewayRefusal(call, 'GW.IP_NOT_ALLOWED', 'This address is not allowed.');
    if (route === undefined) return gatewayRefusal(call, 'GW.NOT_FOUND', 'No such route.');
    // The bucket is an application's, and only a token tells which one calls.
    if (route.event !== 'POST token' && !hasToken) {
      return gatewayRefusal(call, 'GW.AUTHN', 'The token is missing, expired, revoked or unknown.');
    }
    const taken = buckets.take(path, ratePerSecond, clock.monotonicMs());
    rateHeaders(taken.remaining);
    if (!taken.ok) return gatewayRefusal(call, 'GW.RATE_LIMIT', 'The token bucket of this path is empty.');
    // Which answer a body of this size gets is not published.
    if (body === undefined) return gatewayRefusal(call, 'GW.PROXY.05', 'The body is over 1 MiB.');
    return undefined;
  }

  function record(event: string, call: Call, { answer, reason, fields }: Served): void {
    ledger.record({
      event,
      outcome: reason === undefined ? 'TAKEN' : 'REFUSED',
      reference: call.traceId,
      fields: { ...fields, httpStatus: answer.status },
      ...(reason !== undefined && { reason }),
    });
  }

  async function exchange(route: Route, sent: Sent, response: ServerResponse): Promise<void> {
    const { event, endpoint } = route;
    const { call } = sent;
    const strikes = createHttpStrikes({
      faults,
      ledger,
      timers,
      rejection: ({ status, code }) =>
        armedError(call, { ...(status !== undefined && { status }), ...(code !== undefined && { code }) }),
    });
    const at = { event, response, reference: call.traceId, endpoint };
    const isToken = event === 'POST token';
    const before = await strikes.pass(isToken ? 'token' : 'call', at);
    if (before === 'ENDED') return;
    const served = await answerOf(route, sent);
    record(event, call, served);
    // Only what was done can be lost behind it.
    const after = isToken || served.reason !== undefined ? undefined : await strikes.pass('answer', at);
    if (after !== 'ENDED') strikes.answer(response, served.answer, after ?? before);
  }

  async function answerOf(route: Route, sent: Sent): Promise<Served> {
    switch (route.event) {
      case 'POST token':
        return tokenEndpoint.serve(sent.call, sent);
      case 'GET account':
        return {
          answer: jsonAnswer(200, sent.accountId === accountId ? sellers.own : sellers.find(sent.accountId)),
          fields: { accountId: sent.accountId },
        };
      case 'GET last-changed-statuses':
        return orderApis.lastChangedStatuses(sent);
      case 'POST query':
        return orderApis.query(sent);
      case 'POST confirm':
        return orderApis.confirm(sent);
      case 'POST dispatch':
        return orderApis.dispatch(sent);
    }
  }

  return {
    provider: 'NAVER_COMMERCE',
    ledger,
    faults,
    arm: faults.arm,
    get settings() {
      return settings;
    },
    configure(changes) {
      const before = settings;
      settings = naverCommerceSettingsSchema.parse({ ...settings, ...changes });
      if (isStarted && settings.autoChangeMs !== before.autoChangeMs) automatic.every(settings.autoChangeMs);
      return settings;
    },
    async start(port) {
      const { url } = await server.start(port);
      isStarted = true;
      automatic.every(settings.autoChangeMs);
      return { url: `${url}${BASE_PATH}` };
    },
    async stop() {
      isStarted = false;
      timers.clear();
      await server.stop();
    },
    addProductOrders: (count, made = {}) => orders.add(count, { accountId, at: clock.now(), ...made }),
    change(productOrderId, lastChangedType, { at = clock.now(), ...detail } = {}) {
      return orders.change(productOrderId, lastChangedType, at, detail);
    },
    revokeTokens: () => tokens.revoke(clock.now()),
    pardon: () => quota.pardon(),
    state: () => ({
      accountId,
      productOrders: orders.all(),
      liveTokens: tokens.live(clock.now()),
      malformedTokenCalls: tokenEndpoint.malformedCount,
      isCapped: quota.isCapped(clock.now(), settings.quotaPenalty),
    }),
  };
}

interface Sent {
  readonly call: Call;
  readonly accountId: string;
  readonly contentType: string | undefined;
  readonly query: string;
  readonly body: Buffer;
}
