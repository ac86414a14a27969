/** Follows one subscription over the lives of a gateway, by SSE: each time it resumes behind the last cursor that it was given. */

export interface StreamFollower<Event> {
  /** Everything heard, in order, over all lives. */
  readonly events: readonly Event[];
  /** Follows until the connection ends. */
  follow(url: string): Promise<void>;
}

interface Said {
  readonly __typename: string;
  readonly cursor?: string;
}

export function createStreamFollower<Event extends Said>(options: {
  readonly apiKey: string;
  readonly query: string;
  readonly field: string;
  /** The type that counts; the others only say where the stream is. */
  readonly typename: string;
}): StreamFollower<Event> {
  const { apiKey, query, field, typename } = options;
  const events: Event[] = [];
  let after: string | undefined;

  function hear(block: string): void {
    const data = /^data: (.+)$/m.exec(block)?.[1];
    if (data === undefined) return;
    const result = JSON.parse(data) as { data?: Record<string, Event>; errors?: unknown };
    const said = result.data?.[field];
    if (said === undefined) throw new Error(`The stream said: ${data}`);
    if (said.__typename === 'StreamGap') throw new Error('The stream has a gap.');
    if (said.__typename === typename) events.push(said);
    if (said.cursor !== undefined) after = said.cursor;
  }

  return {
    events,
    async follow(url) {
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
        for (const block of blocks) hear(block);
      }
    },
  };
}
