/** A Naver Commerce application for a test: a provider with credentials of its own, and a peer that answers as it is told. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { CommerceAnswer, CommerceProvider } from '../../../src/core/commerce/provider.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { silentLog } from '../../../src/core/log.ts';
import {
  createNaverCommerceProvider,
  type NaverCommerceProviderOptions,
} from '../../../src/providers/naver-commerce/provider.ts';

export const CLIENT_ID = 'aaaabbbbcccc';
export const CLIENT_SECRET = '$2a$04$abcdefghijklmnopqrstuv';

export type Reply = (response: http.ServerResponse, request: http.IncomingMessage, body: string) => unknown;
export interface Seen {
  readonly line: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** A peer that answers as it is told and keeps what it got; its address ends in /external. */
export async function peer(reply: Reply): Promise<{ url: string; seen: Seen[]; stop(): Promise<void> }> {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    await reply(response, request, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/external`, seen, stop };
}

/** With a rate that holds nobody back, unless `headers` say another. */
export const answer =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Reply =>
  (response) =>
    response
      .writeHead(status, { 'GNCP-GW-RateLimit-Replenish-Rate': '10000', ...headers })
      .end(typeof body === 'string' ? body : JSON.stringify(body));

export const TRACE = 'cr3-000000-aaaaaa^1730711073284^6745261';
/** As the document prints an error of the gateway. */
export const gatewayError = (code: string, message = 'Says why') => ({
  code,
  message,
  timestamp: '2023-11-05T23:35:24.415+09:00',
  traceId: TRACE,
});
/** As the document prints an error of the token API. */
export const badRequest = (name: string, message = `${name} 항목이 유효하지 않습니다.`, code = 'BAD_REQUEST') => ({
  code,
  message,
  timestamp: '2023-11-05T23:35:24.415+09:00',
  invalidInputs: [{ name, type: 'NotValid', message }],
});
export const TOKEN = { access_token: 'the-token', expires_in: 10_799, token_type: 'Bearer' };

export function provider(baseUrl: string, options: Partial<NaverCommerceProviderOptions> = {}): CommerceProvider {
  const made = createNaverCommerceProvider({
    account: 'default',
    baseUrl,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    simulated: true,
    startsSigning: false,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  onTestFinished(() => made.stop());
  return made;
}

/** What a call threw, which must be one of the closed list. */
export async function failureOf(call: Promise<unknown>): Promise<GatewayError> {
  const error = await call.then(
    (value) => new Error(`It answered ${JSON.stringify(value)}.`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof GatewayError) return error;
  throw error;
}

export async function given<T>(call: Promise<CommerceAnswer<T>>): Promise<T> {
  const answered = await call;
  if (answered.tokenRefused) throw new Error(`The token was refused: ${answered.fault.code}.`);
  return answered.value;
}

const from = Date.parse('2026-03-01T03:04:05.678Z');
/** One call of every API with a token. */
export const DATA_CALLS: Readonly<Record<string, (made: CommerceProvider) => Promise<CommerceAnswer<unknown>>>> = {
  seller: (made) => made.seller('the-token'),
  productOrders: (made) => made.productOrders('the-token', ['2026030212345671']),
  confirm: (made) => made.confirm('the-token', ['2026030212345671']),
  dispatch: (made) =>
    made.dispatch('the-token', [
      { productOrderId: '2026030212345671', deliveryMethod: 'DELIVERY', dispatchedAt: from },
    ]),
  orderChanges: (made) => made.orderChanges('the-token', { from, to: from + 1_000 }),
};
