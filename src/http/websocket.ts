/** graphql-ws on the path of the pipeline: the key is asked for once, at connection_init, and binds the socket. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type FormattedExecutionResult, GraphQLError, type GraphQLFormattedError } from 'graphql';
import { CloseCode, type Context, handleProtocols, makeServer, type ServerOptions } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { StreamEndReason } from '../core/events/ending.ts';
import { createStreamEnding, type StreamEnding } from '../core/events/ending.ts';
import type { Log } from '../core/log.ts';
import { currentRequest, inRequest } from '../core/request.ts';
import type { Caller } from '../core/tenant.ts';
import type { Admission } from './admission.ts';
import { clientAddressOf } from './client-address.ts';
import type { Credentials } from './credentials.ts';
import { SOCKET_LIMITS } from './limits.ts';
import { maskError, type Pipeline } from './pipeline.ts';
import { createReaderWatch, maxWaitingBytes, type ReaderPatience } from './reader-watch.ts';
import { createSocketCaps, type SocketPlace } from './socket-caps.ts';
import { tooManyStreams } from './stream-caps.ts';

export interface WebSocketEndpoint {
  /** Takes a connection whose upgrade was asked for, and allowed. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Lets what runs say its last (bounded), then closes every socket with 1001 (bounded). */
  close(): Promise<void>;
}

interface Extra extends Record<PropertyKey, unknown> {
  readonly request: IncomingMessage;
  readonly socket: WebSocket;
  readonly ending: StreamEnding;
  readonly place: SocketPlace;
  caller?: Caller;
  /** Lets go of the watch over the caller's key. */
  release?: () => void;
}

type Options = ServerOptions<Record<string, unknown>, Extra>;
/** The pipeline's own functions, made for one operation. */
interface Enveloped {
  readonly execute: NonNullable<Options['execute']>;
  readonly subscribe: NonNullable<Options['subscribe']>;
}

/** How long a peer may take to answer a close. */
const closeTimeoutMs = 1_000;
const goingAway = 1001;
const policyViolation = 1008;
const tryAgainLater = 1013;

export function createWebSocketEndpoint(options: {
  pipeline: Pipeline;
  credentials: Credentials;
  log: Log;
  patience: ReaderPatience;
  admission: Admission;
  /** @default 0 */
  proxyHops?: number;
}): WebSocketEndpoint {
  const { pipeline, credentials, log, patience, admission, proxyHops = 0 } = options;
  const caps = createSocketCaps();
  const contexts = new Map<WebSocket, Context<Record<string, unknown>, Extra>>();

  const graphql = makeServer<Record<string, unknown>, Extra>({
    connectionInitWaitTimeout: SOCKET_LIMITS.initTimeoutMs,
    onConnect(context) {
      const { extra, connectionParams } = context;
      const caller = credentials.ofSocket(connectionParams, extra.request.headers);
      if (caller === undefined) return false;
      if (!extra.place.identify(caller.tenant.id)) {
        extra.socket.close(tryAgainLater, 'Too many sockets');
        return false;
      }
      extra.caller = caller;
      contexts.set(extra.socket, context);
      extra.release = credentials.onEnd(caller, () => {
        log.info('websocket.key-ended', { tenant: caller.tenant.id, keyId: caller.keyId });
        void dismiss(extra.socket, 'CREDENTIAL_EXPIRED', CloseCode.Forbidden, 'Forbidden');
      });
      return true;
    },
    execute: (args) =>
      guarded(async () => {
        const leave = admission.enter();
        try {
          return await (args.rootValue as Enveloped).execute(args);
        } finally {
          leave();
        }
      }),
    subscribe: (args) => guarded(() => (args.rootValue as Enveloped).subscribe(args)),
    async onSubscribe(context, _id, params) {
      const { caller: initial, ending } = context.extra;
      // As its key stands now: it may have ended, or its tenant have changed, since the socket opened.
      const caller = initial && credentials.current(initial);
      if (caller === undefined) return [new GraphQLError('No key.', { extensions: { code: 'UNAUTHENTICATED' } })];
      // This one is among them.
      if (Object.keys(context.subscriptions).length > SOCKET_LIMITS.operations)
        return [tooManyStreams('This socket has too many operations under way.')];
      const refused = admission.refusal();
      if (refused !== undefined) return [maskError(refused, log)];
      // What is thrown here would close the socket, with every other stream on it: it fails this operation alone.
      try {
        const { schema, execute, subscribe, contextFactory, parse, validate } = pipeline.getEnveloped({
          caller,
          requestId: currentRequest()?.requestId ?? randomUUID(),
          address: clientAddressOf(context.extra.request, proxyHops),
          transport: 'WEBSOCKET',
          ending,
          params,
        });
        const document = parse(params.query);
        const errors = validate(schema, document);
        if (errors.length > 0) return errors;
        return {
          schema,
          document,
          operationName: params.operationName,
          variableValues: params.variables,
          contextValue: await contextFactory(),
          rootValue: { execute, subscribe },
        };
      } catch (error) {
        return [maskError(error, log)];
      }
    },
    // Also what a source threw in the middle of its stream, which comes here with its own message.
    onError: (_context, _id, _payload, errors) => errors.map((error) => published(maskError(error, log))),
    onNext: (_context, _id, _payload, _args, { errors, ...result }) =>
      errors === undefined ? undefined : { ...(result as FormattedExecutionResult), errors: errors.map(published) },
  });

  /** What fails before there is a result fails this operation alone, too. */
  async function guarded<Result>(run: () => Result): Promise<Awaited<Result> | { errors: GraphQLError[] }> {
    try {
      return await run();
    } catch (error) {
      const errors = error instanceof AggregateError ? error.errors : [error];
      return { errors: errors.map((each) => maskError(each, log)) };
    }
  }

  // As a whole, since `closeTimeout` is newer than the types.
  const settings = {
    noServer: true,
    maxPayload: SOCKET_LIMITS.messageBytes,
    maxFragments: SOCKET_LIMITS.fragments,
    perMessageDeflate: false,
    // A peer that does not answer a close is cut off, and its place is free.
    closeTimeout: closeTimeoutMs,
    handleProtocols,
  };
  const sockets = new WebSocketServer(settings);

  /** Its streams say why they end and from where to go on, then it closes; a peer that takes neither is cut off. */
  async function dismiss(socket: WebSocket, reason: StreamEndReason, code: number, why: string): Promise<void> {
    contexts.get(socket)?.extra.ending.end(reason);
    await until(() => !isBusy(socket), patience.farewellMs);
    socket.close(code, why);
    await until(() => socket.readyState === socket.CLOSED, closeTimeoutMs);
    socket.terminate();
  }

  const isBusy = (socket: WebSocket): boolean => Object.keys(contexts.get(socket)?.subscriptions ?? {}).length > 0;

  sockets.on('connection', (socket: WebSocket, request: IncomingMessage, place: SocketPlace) => {
    // A peer that breaks the rules of WebSocket, or is gone, is closed by ws; that is no failure of ours.
    socket.on('error', () => undefined);
    const ending = createStreamEnding();
    const stopPinging = keepAlive(socket, patience.pingEveryMs);
    const reader = createReaderWatch(() => {
      log.warn('websocket.slow-reader', { tenant: contexts.get(socket)?.extra.caller?.tenant.id });
      void dismiss(socket, 'SLOW_CONSUMER', tryAgainLater, 'Too slow');
    }, patience.slowAfterMs);
    // ws answers each by itself, whether its answers are taken or not.
    const hear = (): boolean => {
      const heard = place.hear();
      if (!heard) socket.close(policyViolation, 'Too many messages');
      return heard;
    };
    socket.on('ping', () => {
      hear();
      if (socket.bufferedAmount > maxWaitingBytes) socket.terminate();
    });
    const closed = graphql.opened(
      {
        protocol: socket.protocol,
        // Resolves when it left our hands, so that a slow reader is not read for.
        send: (data) =>
          new Promise((resolve) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            reader.weigh(socket.bufferedAmount);
            const taken = reader.waiting();
            socket.send(data, () => {
              taken();
              resolve();
            });
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (listener) =>
          socket.on('message', (data) => {
            if (!hear() || ending.reason() !== undefined) return;
            // One id for all that follows from it, until its stream ends.
            inRequest({ requestId: randomUUID() }, () => listener(String(data))).catch((error) => {
              log.error('websocket.bug', { error });
              socket.close(CloseCode.InternalServerError, 'Internal server error');
            });
          }),
      },
      { request, socket, ending, place },
    );
    socket.once('close', (code, reason) => {
      stopPinging();
      reader.stop();
      contexts.get(socket)?.extra.release?.();
      contexts.delete(socket);
      Promise.resolve(closed(code, String(reason))).catch((error) => log.error('websocket.bug', { error }));
    });
  });

  return {
    accept(request, socket, head) {
      const place = caps.enter(clientAddressOf(request, proxyHops));
      if (place === undefined) {
        socket.end(
          'HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 3\r\nContent-Length: 0\r\n\r\n',
        );
        return;
      }
      socket.once('close', place.leave);
      sockets.handleUpgrade(request, socket, head, (webSocket) =>
        sockets.emit('connection', webSocket, request, place),
      );
    },
    async close() {
      await until(() => ![...contexts.keys()].some(isBusy), patience.farewellMs);
      for (const socket of sockets.clients) socket.close(goingAway, 'Going away');
      await until(() => sockets.clients.size === 0, closeTimeoutMs);
      for (const socket of sockets.clients) socket.terminate();
    },
  };
}

/** Without the status that it would have over HTTP. */
function published(error: GraphQLError): GraphQLFormattedError {
  const { extensions = {}, ...place } = error.toJSON();
  const { http: _http, ...said } = extensions;
  const requestId = currentRequest()?.requestId;
  return { ...place, extensions: requestId === undefined ? said : { ...said, requestId } };
}

/** Ends a socket whose peer does not answer a ping: its streams would be followed for nobody. Returns how to stop. */
function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, everyMs);
  return () => clearInterval(timer);
}

async function until(condition: () => boolean, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!condition() && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 10));
}
