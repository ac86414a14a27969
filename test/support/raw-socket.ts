/** A WebSocket that speaks graphql-transport-ws only as far as the test types it, to say what no good client says. */
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { type ClientOptions, WebSocket } from 'ws';

export interface RawMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

export interface RawSocket {
  readonly socket: WebSocket;
  send(message: unknown): void;
  /** The next message that `wanted` is true of; those before it are dropped. */
  next(wanted?: (message: RawMessage) => boolean): Promise<RawMessage>;
  /** All that came so far and was not taken by `next`. */
  readonly messages: RawMessage[];
  /** The close code. */
  readonly closed: Promise<number>;
}

/** Resolves once it is open. `url` is the gateway's origin. */
export async function openRawSocket(
  url: string,
  options: ClientOptions = {},
  parameters: Record<string, string> = {},
): Promise<RawSocket> {
  const address = `${url.replace('http', 'ws')}/graphql?${new URLSearchParams(parameters)}`;
  const socket = new WebSocket(address, 'graphql-transport-ws', options);
  onTestFinished(() => socket.terminate());
  const messages: RawMessage[] = [];
  let wake = (): void => undefined;
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)) as RawMessage);
    wake();
  });
  const closed = new Promise<number>((resolve) => {
    socket.once('close', (code) => {
      resolve(code);
      wake();
    });
  });
  await once(socket, 'open');
  socket.on('error', () => undefined);
  return {
    socket,
    messages,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async next(wanted = () => true) {
      for (;;) {
        const message = messages.shift();
        if (message === undefined) {
          if (socket.readyState === WebSocket.CLOSED) throw new Error('The socket closed before the message came.');
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (wanted(message)) return message;
      }
    },
  };
}

/** As many as a gateway takes from one address before it knows who they are, with some to spare for the test itself. */
const maxOpening = 16;
let opening = 0;
const waiting: (() => void)[] = [];

/** The same, and the key was accepted. Of many at once, some wait for the others. */
export async function openInitialised(url: string, key: string): Promise<RawSocket> {
  if (opening >= maxOpening) await new Promise<void>((resolve) => waiting.push(resolve));
  else opening += 1;
  try {
    const socket = await openRawSocket(url);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
    await socket.next(({ type }) => type === 'connection_ack');
    return socket;
  } finally {
    const next = waiting.shift();
    if (next === undefined) opening -= 1;
    else next();
  }
}
