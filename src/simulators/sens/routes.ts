/** The paths below a SENS service (SENS, endpoints), and where faults strike on each. */
import type { IncomingMessage } from 'node:http';
import type { FaultPoint } from '../faults.ts';

interface RouteRow {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: RegExp;
  /** The word of the ledger, together with the method. */
  readonly name: string;
  /** The point before anything is done, and the one before the answer. */
  readonly before: FaultPoint;
  readonly after?: FaultPoint;
}

const ROUTES: readonly RouteRow[] = [
  { method: 'POST', path: /^messages$/, name: 'messages', before: 'send', after: 'ack' },
  { method: 'GET', path: /^messages$/, name: 'messages', before: 'lookup' },
  { method: 'GET', path: /^messages\/([^/]+)$/, name: 'message', before: 'lookup' },
  { method: 'POST', path: /^files$/, name: 'files', before: 'file' },
  { method: 'GET', path: /^reservations\/([^/]+)\/reserve-status$/, name: 'reservation', before: 'lookup' },
  {
    method: 'DELETE',
    path: /^reservations\/([^/]+)$/,
    name: 'reservation',
    before: 'cancel',
    after: 'cancelAck',
  },
  { method: 'POST', path: /^unsubscribes$/, name: 'unsubscribes', before: 'unsubscribe' },
  { method: 'GET', path: /^unsubscribes$/, name: 'unsubscribes', before: 'unsubscribe' },
  { method: 'DELETE', path: /^unsubscribes$/, name: 'unsubscribes', before: 'unsubscribe' },
];

export interface Route {
  /** `POST messages` */
  readonly event: string;
  /** As it came over the wire. */
  readonly target: string;
  readonly before: FaultPoint;
  readonly after: FaultPoint | undefined;
  readonly serviceId: string;
  /** The messageId or reserveId of the path. */
  readonly id: string;
  readonly query: URLSearchParams;
}

/** The colons of the serviceId may come raw or as %3A: what was sent is also what was signed. */
export function routeOf(request: IncomingMessage, serviceId: string): Route | undefined {
  const target = request.url ?? '';
  const [path = '', query = ''] = target.split(/\?(.*)/s);
  const [, sent = '', rest = ''] = /^\/sms\/v2\/services\/([^/]+)\/(.+)$/.exec(path) ?? [];
  for (const { method, path: pattern, name, before, after } of ROUTES) {
    const match = request.method === method ? pattern.exec(rest) : null;
    if (match === null) continue;
    return {
      event: `${method} ${name}`,
      target,
      before,
      after,
      serviceId: sent.replace(/%3A/gi, ':') === serviceId ? serviceId : sent,
      id: match[1] ?? '',
      query: new URLSearchParams(query),
    };
  }
  return undefined;
}
