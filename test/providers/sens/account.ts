/** A SENS account for a test: a provider with keys of its own, and a peer that answers as it is told. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { LookUpResult, Submission, SubmitResult } from '../../../src/core/provider.ts';
import { createSensProvider, type SensProviderOptions } from '../../../src/providers/sens/provider.ts';

export const SERVICE = 'ncp:sms:kr:1:svc';
export const ROOT = `/sms/v2/services/${SERVICE}`;
export const MESSAGES = `${ROOT}/messages`;
export const TEXT: Submission = {
  kind: 'SMS',
  purpose: 'NORMAL',
  to: '01022345678',
  from: '15880000',
  text: '안녕하세요\n값 ￦100',
};
export const TAKEN = {
  requestId: 'req-1',
  requestTime: '2026-03-02T12:04:05.678',
  statusCode: '202',
  statusName: 'success',
};

export type Reply = (response: http.ServerResponse, request: http.IncomingMessage, body: string) => unknown;
export interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}
export interface Peer {
  readonly url: string;
  readonly seen: Seen[];
  stop(): Promise<void>;
}

/** A peer that answers as it is told and keeps what it got. */
export async function peer(reply: Reply): Promise<Peer> {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    seen.push({ method: String(request.method), target: String(request.url), headers: request.headers, body });
    await reply(response, request, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop };
}

export const answer =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Reply =>
  (response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

export const cut: Reply = (response) => response.destroy();

/** The first route whose key begins the request (`POST /files`, below the service) answers it. */
export const routes =
  (table: Readonly<Record<string, Reply>>): Reply =>
  (response, request, body) => {
    const asked = `${request.method} ${request.url?.slice(ROOT.length)}`;
    const found = Object.entries(table).find(([start]) => asked.startsWith(start));
    return (found?.[1] ?? answer(599, `Nothing was told for ${asked}.`))(response, request, body);
  };

export async function provider(baseUrl: string, options: Partial<SensProviderOptions> = {}) {
  const made = createSensProvider({
    account: 'default',
    baseUrl,
    serviceId: SERVICE,
    accessKey: 'AK',
    secretKey: 'SK',
    simulated: true,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  await made.start({ receive: async () => {} });
  onTestFinished(() => made.stop());
  const submit = (submission = TEXT, startedAt = 0): Promise<SubmitResult> => made.submit(submission, { startedAt });
  const lookUp = async (reference?: string): Promise<LookUpResult | undefined> =>
    made.lookUp?.(TEXT, { startedAt: 0, ...(reference === undefined ? {} : { reference }) });
  return { made, submit, lookUp };
}

export function outcomeOf(result: SubmitResult | undefined): string {
  if (result?.outcome === 'NOT_ACCEPTED') return result.retriable ? 'NOT_ACCEPTED, again' : 'NOT_ACCEPTED';
  return String(result?.outcome);
}
