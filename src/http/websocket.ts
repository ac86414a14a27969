/** graphql-ws on the path of the pipeline: the key is asked for once, at connection_init, and binds the socket. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, GraphQLError } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Log } from '../core/log.ts';
import type { Caller } from '../core/tenant.ts';
import type { Credentials } from './credentials.ts';
import { graphqlPath, maskError, type Pipeline } from './pipeline.ts';

export interface WebSocketEndpoint {
  /** Closes every socket with 1001. */
  close(): Promise<void>;
}

interface Extra extends Record<PropertyKey, unknown> {
  readonly request: IncomingMessage;
  caller?: Caller;
}

/** A document and its variables; nothing large goes over a socket. */
const maxPayloadBytes = 64 * 1024;
const maxFragments = 64;

export function attachWebSocket(
  server: Server,
  options: {
    pipeline: Pipeline;
    credentials: Credentials;
    isAllowedOrigin: (request: IncomingMessage) => boolean;
    newRequestId: () => string;
    log: Log;
  },
): WebSocketEndpoint {
  const { pipeline, credentials, isAllowedOrigin, newRequestId, log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxPayloadBytes,
    maxFragments,
    perMessageDeflate: false,
  });
  // A peer that speaks no WebSocket, or breaks its rules, is closed by ws; that is no failure of ours.
  sockets.on('connection', (socket) => socket.on('error', () => undefined));

  const graphql = useServer<Record<string, unknown>, Extra>(
    {
      connectionInitWaitTimeout: 3_000,
      onConnect(context) {
        const caller =
          credentials.ofConnectionParams(context.connectionParams) ??
          credentials.ofHeaders(context.extra.request.headers);
        if (caller === undefined) return false;
        context.extra.caller = caller;
        return true;
      },
      execute: (args) => (args.rootValue as Enveloped).execute(args),
      subscribe: (args) => (args.rootValue as Enveloped).subscribe(args),
      async onSubscribe(context, _id, params) {
        const { caller } = context.extra;
        if (caller === undefined) return [new GraphQLError('No key.', { extensions: { code: 'UNAUTHENTICATED' } })];
        // What is thrown here would close the socket, with every other stream on it: it fails this operation alone.
        try {
          const { schema, execute, subscribe, contextFactory, parse, validate } = pipeline.getEnveloped({
            caller,
            requestId: newRequestId(),
            params,
          });
          const document = parse(params.query);
          const errors = validate(schema, document);
          if (errors.length > 0) return errors.map((error: unknown) => maskError(error, log));
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
    },
    sockets,
  );

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { pathname } = new URL(request.url ?? '/', 'http://gateway');
    if (pathname !== graphqlPath) return refuse(socket, '404 Not Found');
    if (!isAllowedOrigin(request)) return refuse(socket, '403 Forbidden');
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request));
  });

  return { close: async () => graphql.dispose() };
}

interface Enveloped {
  execute(args: ExecutionArgs): ReturnType<NonNullable<Parameters<typeof useServer>[0]['execute']>>;
  subscribe(args: ExecutionArgs): ReturnType<NonNullable<Parameters<typeof useServer>[0]['subscribe']>>;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
