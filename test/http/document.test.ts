import { readdirSync, readFileSync } from 'node:fs';
import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Log, silentLog } from '../../src/core/log.ts';
import type { CallerContext, Services } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createPipeline } from '../../src/http/pipeline.ts';
import { apiKey, type Gateway, startGateway } from '../support/gateway.ts';
import { openInitialised } from '../support/raw-socket.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

/** How many a document may hold. */
const maxTokens = 2_000;

async function setUp() {
  const logged: unknown[] = [];
  const note = (event: string, fields?: unknown): void => {
    logged.push([event, fields]);
  };
  const log: Log = { info() {}, warn: note, error: note };
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() }, log);
  return { gateway, logged };
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

async function overHttp({ url }: Gateway, query: string, accept: string): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey, accept },
    body: JSON.stringify({ query }),
  });
  return { status: response.status, text: await response.text() };
}

async function overWebSocket({ url }: Gateway, query: string): Promise<Answer> {
  const socket = await openInitialised(url, apiKey);
  socket.send({ type: 'subscribe', id: 'one', payload: { query } });
  const answer = await socket.next(({ id }) => id === 'one');
  socket.socket.terminate();
  return { status: undefined, text: JSON.stringify(answer) };
}

const transports: [string, (gateway: Gateway, query: string) => Promise<Answer>][] = [
  ['HTTP', (gateway, query) => overHttp(gateway, query, 'application/graphql-response+json')],
  ['HTTP as plain JSON', (gateway, query) => overHttp(gateway, query, 'application/json')],
  ['SSE', (gateway, query) => overHttp(gateway, query, 'text/event-stream')],
  ['WebSocket', overWebSocket],
];

/** As little of anything but tokens as can be: punctuation of arguments that are no values. */
const ofTokens = (tokens: number): string =>
  `{__typename@a(${'a:1 '.repeat((tokens - 7) / 3)})${' __typename'.repeat((tokens - 7) % 3)}}`;
const nested = (depth: number): string => `{node(id:${'['.repeat(depth)}${']'.repeat(depth)}){id}}`;
/** The ten tokens around the list. */
const deepest = (maxTokens - 10) / 2;

describe.each(transports)('over %s', (transport, ask) => {
  it('a document of as many tokens as are allowed is read, one more is refused as unparsable', async () => {
    const { gateway, logged } = await setUp();
    const most = await ask(gateway, ofTokens(maxTokens));
    expect(most.text).toContain('"code":"GRAPHQL_VALIDATION_FAILED"');
    const over = await ask(gateway, ofTokens(maxTokens + 1));
    expect(over.text).toContain('"code":"GRAPHQL_PARSE_FAILED"');
    expect(over.text).not.toMatch(/"data":\{|tokens/);
    if (transport === 'HTTP') expect([most.status, over.status]).toEqual([400, 400]);
    expect(logged).toEqual([]);
  });

  it('a document nested too deeply for any stack is refused so, too, however often it comes', async () => {
    const { gateway, logged } = await setUp();
    for (const query of [nested(20_000), nested(20_000), `{${'a{'.repeat(20_000)}a${'}'.repeat(20_001)}`]) {
      const { status, text } = await ask(gateway, query);
      expect(text).toContain('"code":"GRAPHQL_PARSE_FAILED"');
      if (transport === 'HTTP') expect(status).toBe(400);
    }
    // What the ceiling lets in, the parser and all that follows can take.
    expect((await ask(gateway, nested(deepest))).text).toContain('"code":"LIMIT"');
    expect(logged).toEqual([]);
  });
});

/** Runs it with as little stack as it needs to end with anything but a RangeError. */
function shortOfStack<Result>(run: () => Result): Result {
  try {
    return shortOfStack(run);
  } catch (error) {
    if (error instanceof RangeError) return run();
    throw error;
  }
}

describe('a parser that runs out of stack', () => {
  it('below the ceiling says that the document is at fault', () => {
    const pipeline = createPipeline({ schema, services: {} as Services, log: silentLog });
    const { parse } = pipeline.getEnveloped({} as CallerContext);
    let tries = 0;
    // Each time another text, since what parsing said is remembered.
    const parseNext = (): unknown => parse(`${nested(deepest)} #${tries++}`);
    expect(parseNext()).toMatchObject({ kind: 'Document' });
    const saying = expect.objectContaining({ message: 'Syntax Error: The document is too deep.' });
    expect(() => shortOfStack(parseNext)).toThrow(saying);
  });
});

describe('the ceiling', () => {
  it("lets GraphiQL's introspection pass, and every document of schema/operations", async () => {
    const { gateway } = await setUp();
    const folder = new URL('../../schema/operations/', import.meta.url);
    const documents = readdirSync(folder).map((name) => readFileSync(new URL(name, folder), 'utf8'));
    expect(documents.length).toBeGreaterThan(5);
    const introspection = getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
    });
    for (const query of [introspection, ...documents]) {
      const { text } = await overWebSocket(gateway, query);
      expect(text).not.toContain('GRAPHQL_PARSE_FAILED');
    }
    expect((await overHttp(gateway, introspection, 'application/json')).text).toContain('"__schema":{');
  });
});
