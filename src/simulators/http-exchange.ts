/** The little HTTP that the simulators need: a bounded body, an answer, a server on loopback. No routes here. */
import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const jsonAnswer = (status: number, value: unknown): Answer => ({ status, body: JSON.stringify(value) });

/** Undefined once it passes `maxBytes`; the rest is then read away, so that the answer still reaches the sender. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= maxBytes) parts.push(part);
  }
  return bytes > maxBytes ? undefined : Buffer.concat(parts);
}

export function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status, {
    ...(body.length > 0 && { 'content-type': answer.contentType ?? 'application/json;charset=UTF-8' }),
    ...(answer.status !== 204 && { 'content-length': body.length }),
    ...answer.headers,
  });
  response.end(body);
}

export interface LoopbackServer {
  start(port?: number): Promise<{ readonly url: string }>;
  stop(): Promise<void>;
}

export function createLoopbackServer(
  handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  options: Pick<ServerOptions, 'maxHeaderSize'> = {},
): LoopbackServer {
  let server: Server | undefined;
  return {
    async start(port = 0) {
      if (server !== undefined) throw new Error('This server is started already.');
      const started = createServer(options, (request, response) => {
        handle(request, response).catch((fault: unknown) => {
          // The peer hung up while its body was read: nobody is left to answer.
          if (request.destroyed && !request.complete) return;
          send(response, { status: 500, body: '' });
          queueMicrotask(() => {
            throw fault;
          });
        });
      });
      server = started;
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject);
        started.listen(port, '127.0.0.1', resolve);
      }).catch((fault: unknown) => {
        server = undefined;
        throw fault;
      });
      return { url: `http://127.0.0.1:${(started.address() as AddressInfo).port}` };
    },
    async stop() {
      const stopping = server;
      server = undefined;
      if (stopping === undefined) return;
      const closed = new Promise<void>((resolve) => stopping.close(() => resolve()));
      stopping.closeAllConnections();
      await closed;
    },
  };
}
