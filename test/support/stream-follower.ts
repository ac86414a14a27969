/**
 * Follows one subscription over the lives of a gateway, by SSE or over a WebSocket: each time it resumes behind the last
 * cursor that it was given.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';

export interface StreamFollower<Event> {
  /** Everything heard, in order, over all lives. */
  readonly events: readonly Event[];
  /** How each life's stream ended: the reason of StreamEnded and the code of the close, as far as they came. */
  readonly endings: readonly StreamEnding[];
  /** Something was heard in this life. */
  isHearing(): boolean;
  /** Follows until the connection ends. */
  follow(url: string): Promise<void>;
}

export interface StreamEnding {
  readonly reason?: string;
  /** Whether the stream was completed, and not cut. */
  readonly isComplete: boolean;
  /** Of a WebSocket. */
  readonly code?: number;
}

interface Said {
  readonly __typename: string;
  readonly cursor?: string;
  readonly reason?: string;
  readonly resumeAfter?: string;
}

export function createStreamFollower<Event extends Said>(options: {
  readonly apiKey: string;
  readonly query: string;
  readonly field: string;
  /** The type that counts; the others only say where the stream is. */
  readonly typename: string;
  /** @default 'SSE' */
  readonly transport?: 'SSE' | 'WEBSOCKET';
}): StreamFollower<Event> {
  const { apiKey, query, field, typename, transport = 'SSE' } = options;
  const events: Event[] = [];
  const endings: StreamEnding[] = [];
  let after: string | undefined;
  let reason: string | undefined;
  let isComplete = false;
  let isHearing = false;

  function hear(result: { data?: Record<string, Event>; errors?: unknown }): void {
    const said = result.data?.[field];
    if (said === undefined) throw new Error(`The stream said: ${JSON.stringify(result)}`);
    if (said.__typename === 'StreamGap') throw new Error('The stream has a gap.');
    if (said.__typename === typename) events.push(said);
    isHearing = true;
    after = said.cursor ?? said.resumeAfter ?? after;
    reason = said.reason ?? reason;
  }

  function hearBlock(block: string): void {
    if (/^event: complete$/m.test(block)) isComplete = true;
    const data = /^data: (.+)$/m.exec(block)?.[1];
    if (data !== undefined) hear(JSON.parse(data));
  }

  async function followSocket(url: string): Promise<number | undefined> {
    for (;;) {
      const code = await followOneSocket(url);
      if (code !== 'REFUSED') return code;
      // Too many have not yet said who they are: a client comes again.
      await delay(50);
    }
  }

  function followOneSocket(url: string): Promise<number | 'REFUSED'> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const send = (message: unknown): void => socket.send(JSON.stringify(message));
    let isRefused = false;
    socket.on('error', ({ message }) => {
      isRefused = message.startsWith('Unexpected server response');
    });
    socket.once('open', () => send({ type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } }));
    return new Promise((resolve, reject) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as { type: string; payload: Parameters<typeof hear>[0] };
        try {
          if (message.type === 'connection_ack')
            send({ type: 'subscribe', id: 'follow', payload: { query, variables: { after } } });
          else if (message.type === 'next') hear(message.payload);
          else if (message.type === 'complete') isComplete = true;
          else if (message.type === 'error') throw new Error(`The stream said: ${String(data)}`);
        } catch (error) {
          reject(error);
          socket.terminate();
        }
      });
      socket.once('close', (code) => resolve(isRefused ? 'REFUSED' : code));
    });
  }

  async function followEvents(url: string): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    let pieces: AsyncIterable<Uint8Array>;
    try {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${apiKey}`,
        },
        body: JSON.stringify({ query, variables: { after } }),
      });
      pieces = response.body as unknown as AsyncIterable<Uint8Array>;
    } catch {
      return;
    }
    const iterator = pieces[Symbol.asyncIterator]();
    for (;;) {
      const next = await iterator.next().catch(() => undefined);
      if (next === undefined || next.done) return;
      text += decoder.decode(next.value, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) hearBlock(block);
    }
  }

  return {
    events,
    endings,
    isHearing: () => isHearing,
    async follow(url) {
      [reason, isComplete, isHearing] = [undefined, false, false];
      const code = transport === 'SSE' ? await followEvents(url) : await followSocket(url);
      isHearing = false;
      endings.push({ isComplete, ...(reason !== undefined && { reason }), ...(code !== undefined && { code }) });
    },
  };
}
