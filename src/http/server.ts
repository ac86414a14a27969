/** The HTTP server: the key before anything else, then the pipeline; webhooks; health; in the sandbox two pages. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createStreamEnding } from '../core/events/ending.ts';
import type { Log } from '../core/log.ts';
import { listenFailure } from '../core/port-unavailable.ts';
import { inRequest } from '../core/request.ts';
import { type Admission, createAdmission } from './admission.ts';
import { failure, respond } from './answer.ts';
import { clientAddressOf } from './client-address.ts';
import type { Credentials } from './credentials.ts';
import type { Demo } from './demo.ts';
import { HTTP_LIMITS } from './limits.ts';
import { type MetricsEndpoint, metricsPath } from './metrics.ts';
import { createOrigins, isPreflighted } from './origins.ts';
import { graphqlPath, maskError, type Pipeline } from './pipeline.ts';
import { READER_PATIENCE, type ReaderPatience, watchStream } from './reader-watch.ts';
import { requestIdOf } from './request-id.ts';
import { type WebhookEndpoint, webhooksPath } from './webhooks.ts';
import { createWebSocketEndpoint } from './websocket.ts';

export interface Readiness {
  readonly ready: boolean;
  /** Why not, and what an operator should know although it is ready. */
  readonly reasons: readonly string[];
}

export interface HttpServer {
  /** The origin it listens on. @throws PortUnavailable */
  listen(): Promise<string>;
  /** From now on it is not ready, and takes no new WebSocket; what was begun goes on. */
  drain(): void;
  /** Stops accepting, lets streams say their last, closes sockets with 1001, lets requests finish (all bounded). */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  readonly host: string;
  readonly port: number;
  readonly pipeline: Pipeline;
  readonly credentials: Credentials;
  readonly webhooks: WebhookEndpoint;
  readonly readiness: () => Readiness;
  /** Undefined where there are none. */
  readonly metrics?: MetricsEndpoint;
  /** Undefined where GraphiQL is not served. */
  readonly graphiqlPage: string | undefined;
  /** Undefined where the demo is not served. */
  readonly demo: Demo | undefined;
  /** True where only a browser on this machine may come: Host and Origin must then name loopback. */
  readonly loopbackOnly: boolean;
  /** Of pages that may call from elsewhere. @default none */
  readonly corsOrigins?: readonly string[];
  /** Proxies of the operator's own before this server. @default 0 */
  readonly proxyHops?: number;
  readonly log: Log;
  /** @default createAdmission() */
  readonly admission?: Admission;
  /** How long requests under way may take once `close` was called. @default 5_000 */
  readonly closeTimeoutMs?: number;
  /** @default READER_PATIENCE */
  readonly patience?: ReaderPatience;
}

/** The page is whole in itself, with its workers as blobs; the browser holds it to asking no other host. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline' blob:",
  'worker-src blob:',
  "style-src 'unsafe-inline'",
  'font-src data:',
  'img-src data:',
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

export function createHttpServer(options: HttpServerOptions): HttpServer {
  const { pipeline, credentials, webhooks, readiness, graphiqlPage, log, closeTimeoutMs = 5_000 } = options;
  const { patience = READER_PATIENCE, proxyHops = 0, admission = createAdmission() } = options;
  const origins = createOrigins(options.corsOrigins ?? []);
  const webSocket = createWebSocketEndpoint({ pipeline, credentials, log, patience, proxyHops, admission });
  let draining = false;

  const server = createServer(
    // Slow senders of headers and bodies are cut off; an answer may take as long as a stream lasts.
    {
      headersTimeout: HTTP_LIMITS.headersTimeoutMs,
      requestTimeout: HTTP_LIMITS.bodyTimeoutMs,
      keepAliveTimeout: HTTP_LIMITS.keepAliveTimeoutMs,
      connectionsCheckingInterval: HTTP_LIMITS.slowCheckMs,
    },
    (request, response) => {
      handle(request, response).catch((error) => {
        log.error('http.bug', { error });
        if (!response.headersSent) respond(response, 500, failure('INTERNAL_SERVER_ERROR', 'Unexpected error.'));
        else response.destroy();
      });
    },
  );
  server.maxHeadersCount = HTTP_LIMITS.headers;
  server.maxConnections = HTTP_LIMITS.connections;
  server.on('connection', admission.noteArrival);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (draining) response.setHeader('connection', 'close');
    if (!isKnownHost(request))
      return respond(response, 421, failure('UNKNOWN_HOST', 'This gateway answers on loopback only.'));
    const path = pathOf(request);
    if (path.startsWith(webhooksPath)) {
      // What is not stored is not taken: its sender tries again, and then another process answers.
      if (draining) return respond(response, 503, failure('SHUTTING_DOWN', 'The gateway is shutting down.'));
      return webhooks.handle(request, response);
    }
    if (options.demo?.serve(path, request, response)) return;
    switch (path) {
      case graphqlPath:
        return graphql(request, response);
      case '/livez':
        return respond(response, 200, { live: true });
      case '/readyz': {
        const state = draining ? { ready: false, reasons: ['The gateway is shutting down.'] } : readiness();
        return respond(response, state.ready ? 200 : 503, state);
      }
      case metricsPath:
        if (options.metrics === undefined) break;
        return options.metrics.handle(request, response);
      case '/':
        if (graphiqlPage !== undefined) {
          response.writeHead(302, { location: graphqlPath }).end();
          return;
        }
    }
    return respond(response, 404, failure('NOT_FOUND', 'There is nothing here; the API is at /graphql.'));
  }

  async function graphql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Answers hold tokens, codes and personal data: no cache between here and the caller may keep one, nor a refusal.
    response.setHeader('cache-control', 'no-store');
    const requestId = requestIdOf(request.headers);
    response.setHeader('x-request-id', requestId);
    if (graphiqlPage !== undefined && wantsPage(request)) {
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': pagePolicy,
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      });
      response.end(graphiqlPage);
      return;
    }
    // A preflight carries no key.
    if (origins.answer(request, response)) return;
    const caller = credentials.ofRequest(request.headers);
    if (caller === undefined) {
      response.setHeader('www-authenticate', 'Bearer realm="gwanmun"');
      return respond(
        response,
        401,
        failure('UNAUTHENTICATED', 'Send a valid API key as Authorization: Bearer … or X-API-Key.'),
      );
    }
    // Forms are what a page of another site can post unasked, and a compressed body has no size before it is opened.
    if (request.method === 'POST' && !isPlainJson(request))
      return respond(response, 415, failure('UNSUPPORTED_MEDIA_TYPE', 'Send the request as application/json.'));
    if (request.method === 'GET' && !isPreflighted(request))
      return respond(response, 403, failure('CSRF_REFUSED', 'A GET needs a header such as GraphQL-Preflight: 1.'));
    // Before anything is executed: afterwards it would have had its effect.
    if (!isAnswerable(request))
      return respond(response, 406, failure('NOT_ACCEPTABLE', 'Answers are application/json or text/event-stream.'));
    let leave: () => void;
    admission.noteArrival();
    try {
      leave = admission.enter();
    } catch (error) {
      response.setHeader('retry-after', '1');
      return respond(response, 503, { errors: [maskError(error, log)] });
    }
    await admission.turn();
    // Its caller has gone, and nothing of it was begun.
    if (response.destroyed) return leave();
    const ending = createStreamEnding();
    watchStream(response, patience, () => {
      log.warn('http.slow-reader', { tenant: caller.tenant.id, requestId });
      ending.end('SLOW_CONSUMER');
    });
    const release = credentials.onEnd(caller, () => {
      ending.end('CREDENTIAL_EXPIRED');
      // One that takes not even the end of its stream is cut off; an answer that is under way may finish.
      const cut = setTimeout(() => isStream(response) && response.destroy(), patience.farewellMs);
      response.once('close', () => clearTimeout(cut));
    });
    response.once('close', release);
    const address = clientAddressOf(request, proxyHops);
    const context = { caller, requestId, address, transport: 'HTTP', ending, onStream: leave } as const;
    // Not when its caller goes away: what was begun goes on, and is work.
    try {
      await inRequest({ requestId }, () => pipeline.handle(request, response, context));
    } finally {
      leave();
    }
  }

  function isKnownHost({ headers }: IncomingMessage): boolean {
    return !options.loopbackOnly || loopbackHost.test(headers.host ?? '');
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // The server has let go of the socket: without this a peer that resets it now would end the process.
    socket.on('error', () => socket.destroy());
    if (!isKnownHost(request)) return refuse(socket, '421 Misdirected Request');
    if (pathOf(request) !== graphqlPath) return refuse(socket, '404 Not Found');
    if (!origins.mayConnect(request)) return refuse(socket, '403 Forbidden');
    if (draining) return refuse(socket, '503 Service Unavailable');
    webSocket.accept(request, socket, head);
  });

  return {
    listen() {
      return new Promise((resolve, reject) => {
        const { host, port } = options;
        const fail = (error: Error): void => reject(listenFailure({ setting: 'HOST, PORT', host, port }, error));
        server.once('error', fail);
        server.listen(port, host, () => {
          server.off('error', fail);
          const bound = server.address() as AddressInfo;
          resolve(`http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`);
        });
      });
    },
    drain() {
      draining = true;
    },
    async close() {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await webSocket.close();
      // A connection whose last answer ends from now on would otherwise be kept alive for the next request.
      const sweep = setInterval(() => server.closeIdleConnections(), 20);
      const cut = setTimeout(() => server.closeAllConnections(), closeTimeoutMs);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
    },
  };
}

/** Without the query string; a target of any other form is no path of ours. */
const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';

/** A person's browser opening the address, and not a client asking for data. */
const wantsPage = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && (headers.accept?.includes('text/html') ?? false);

const isStream = (response: ServerResponse): boolean =>
  String(response.getHeader('content-type')).startsWith('text/event-stream');

const isPlainJson = ({ headers }: IncomingMessage): boolean =>
  /^application\/json *(;|$)/i.test(headers['content-type'] ?? '') && headers['content-encoding'] === undefined;

const answerTypes = /^(\*\/\*|application\/(\*|json|graphql-response\+json)|text\/(\*|event-stream))$/i;

const isAnswerable = ({ headers: { accept = '*/*' } }: IncomingMessage): boolean =>
  accept.split(',').some((range) => answerTypes.test(range.split(';', 1)[0]?.trim() ?? ''));

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
