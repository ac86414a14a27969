/** One operation over each of the three transports, and what was answered, in one form. */
import type { GatewayClient } from './gateway.ts';
import { openInitialised } from './raw-socket.ts';

export interface Operation {
  readonly query?: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  readonly extensions?: unknown;
  readonly documentId?: string;
}

export interface TransportAnswer {
  /** Of the HTTP answer; undefined over WebSocket. */
  readonly status: number | undefined;
  readonly text: string;
  readonly codes: readonly string[];
  /** There was data, or a first event. */
  readonly ran: boolean;
}

export type Ask = (gateway: Pick<GatewayClient, 'url'>, key: string, operation: Operation) => Promise<TransportAnswer>;

interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

function answerOf(status: number | undefined, text: string, payload: Payload): TransportAnswer {
  const codes = (payload.errors ?? []).map(({ extensions }) => extensions?.code ?? 'NONE');
  return { status, text, codes, ran: payload.data != null };
}

const overHttp: Ask = async ({ url }, key, operation) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key, accept: 'application/graphql-response+json' },
    body: JSON.stringify(operation),
  });
  const text = await response.text();
  return answerOf(response.status, text, JSON.parse(text) as Payload);
};

const overSse: Ask = async ({ url }, key, operation) => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key, accept: 'text/event-stream' },
    body: JSON.stringify(operation),
  });
  const { status, body } = response;
  const reader = body?.getReader();
  let text = '';
  const decoder = new TextDecoder();
  for (;;) {
    const { done = true, value } = (await reader?.read()) ?? {};
    text += decoder.decode(value, { stream: true });
    const event = /^data: (.+)\n\n/m.exec(text)?.[1];
    if (event === undefined && !done) continue;
    // A stream that was really opened has no end.
    await reader?.cancel();
    const said = event ?? text;
    return answerOf(status, said, JSON.parse(said) as Payload);
  }
};

const overWebSocket: Ask = async ({ url }, key, operation) => {
  const socket = await openInitialised(url, key);
  // The protocol wants a text, also where it is named by its hash.
  socket.send({ type: 'subscribe', id: 'one', payload: { query: '', ...operation } });
  const { type, payload } = await socket.next(({ id }) => id === 'one');
  socket.socket.terminate();
  const said = type === 'error' ? { errors: payload as Payload['errors'] } : (payload as Payload);
  return answerOf(undefined, JSON.stringify(payload), said as Payload);
};

export const transports: readonly (readonly [string, Ask])[] = [
  ['HTTP', overHttp],
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
];
