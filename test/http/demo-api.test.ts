import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

type Intention = (act: (idempotencyKey: string) => Promise<unknown>) => Promise<unknown>;

interface DemoApi {
  createApi(of: { apiKey: () => string; onAnswer: () => void }): {
    call(document: string, variables: object): Promise<unknown>;
    follow(document: string, variables: object, signal: AbortSignal): AsyncGenerator<Record<string, unknown>>;
  };
  createIntention(form: EventTarget): Intention;
  readonly Refused: new (failure: object) => Error;
}

/** A browser's module, which has no types. */
const load = async (): Promise<DemoApi> => import(new URL('../../src/http/demo/api.js', import.meta.url).href);

const next = (event: object): string => `event: next\ndata: ${JSON.stringify({ data: { changes: event } })}\n\n`;
const complete = 'event: complete\ndata:\n\n';

/** A gateway that answers each request in its turn as the test says. Gives the variables that came. */
async function script(answers: readonly ((response: ServerResponse) => void)[]) {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    const { variables } = (await json(request)) as { variables: unknown };
    const answer = answers[asked.push(variables) - 1];
    response.setHeader('content-type', 'text/event-stream');
    answer?.(response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init));
  onTestFinished(() => {
    vi.unstubAllGlobals();
    server.close();
    server.closeAllConnections();
  });
  const { createApi } = await load();
  return { asked, ...createApi({ apiKey: () => 'key', onAnswer: () => undefined }) };
}

describe('how the demo follows', () => {
  it('resumes behind its last cursor, cut off or told that the stream ends, and stops when it is complete', async () => {
    const { asked, follow } = await script([
      (response) => response.write(next({ cursor: 'first' }), () => response.destroy()),
      (response) => {
        const text = `:\n\n${next({ __typename: 'StreamEnded', resumeAfter: 'second' })}${complete}`;
        // In two pieces, the border in the middle of an event.
        response.write(text.slice(0, 40), () => response.end(text.slice(40)));
      },
      (response) => response.end(next({ cursor: 'third' }) + complete),
    ]);
    const heard = [];
    for await (const event of follow('subscription', { id: 'a' }, new AbortController().signal)) heard.push(event);
    expect(heard).toEqual([
      { cursor: 'first' },
      { __typename: 'StreamEnded', resumeAfter: 'second' },
      { cursor: 'third' },
    ]);
    expect(asked).toEqual([{ id: 'a' }, { id: 'a', after: 'first' }, { id: 'a', after: 'second' }]);
  });

  it('ends without a word when it is told to', async () => {
    const { follow } = await script([(response) => response.write(next({ cursor: 'first' }))]);
    const aborter = new AbortController();
    const events = follow('subscription', {}, aborter.signal);
    await events.next();
    const last = events.next();
    aborter.abort();
    expect(await last).toEqual({ done: true, value: undefined });
  });
});

describe("the idempotency key of the demo's forms", () => {
  async function setUp() {
    const { createIntention, Refused } = await load();
    const form = new EventTarget();
    const once = createIntention(form);
    const keys: string[] = [];
    const ask = async (error?: Error): Promise<void> => {
      const asked = once(async (key) => {
        keys.push(key);
        if (error !== undefined) throw error;
      });
      await asked.catch(() => undefined);
    };
    const refused = (retry: string): Error => new Refused({ message: 'No.', retry });
    const isSame = (): boolean => new Set(keys).size === 1;
    return { form, ask, refused, isSame };
  }

  it.each(['ONLY_WITH_SAME_KEY', 'SAFE_NOW', 'SAFE_AFTER'])('stays the same after %s', async (retry) => {
    const { ask, refused, isSame } = await setUp();
    await ask(refused(retry));
    await ask();
    expect(isSame()).toBe(true);
  });

  it('stays the same after an answer that was lost', async () => {
    const { ask, isSame } = await setUp();
    await ask(new TypeError('fetch failed'));
    await ask();
    expect(isSame()).toBe(true);
  });

  it.each(['AFTER_FIX', 'NEVER'])('is another one after %s', async (retry) => {
    const { ask, refused, isSame } = await setUp();
    await ask(refused(retry));
    await ask();
    expect(isSame()).toBe(false);
  });

  it('is another one after an answer, and for other input', async () => {
    const { ask, isSame } = await setUp();
    await ask();
    await ask();
    expect(isSame()).toBe(false);
    const other = await setUp();
    await other.ask(new TypeError('fetch failed'));
    other.form.dispatchEvent(new Event('input'));
    await other.ask();
    expect(other.isSame()).toBe(false);
  });
});
