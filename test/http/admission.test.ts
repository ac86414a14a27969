import { print } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import { silentLog } from '../../src/core/log.ts';
import { SCOPES } from '../../src/core/tenant.ts';
import { createTenantDirectory } from '../../src/core/tenant-directory.ts';
import type { Services } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { type Admission, createAdmission } from '../../src/http/admission.ts';
import { createCredentials } from '../../src/http/credentials.ts';
import { createPipeline } from '../../src/http/pipeline.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { MessageChangesDocument, SendSmsDocument } from '../generated/operations.ts';
import { apiKey } from '../support/gateway.ts';
import { openInitialised } from '../support/raw-socket.ts';
import { until } from '../support/until.ts';

const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
const sendInput = { input: { idempotencyKey: 'k', to: '01012345678', text: 'hello' } };

/** The real server over a sender that holds every call until it is let go, and a stream that says nothing. */
async function serve(admission: Admission) {
  const held: (() => void)[] = [];
  const sender = {
    sendSms: () =>
      new Promise((_resolve, reject) => {
        held.push(() => reject(new Error('enough')));
      }),
  };
  const silence = (): AsyncIterableIterator<never> => {
    let end: () => void = () => undefined;
    const ended = new Promise<IteratorResult<never>>((resolve) => {
      end = () => resolve({ done: true, value: undefined });
    });
    return {
      next: () => ended,
      async return() {
        end();
        return ended;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };
  const reader = new Proxy({}, { get: () => silence });
  const services = { sender, reader, board: reader } as unknown as Services;
  const keys = [{ id: 'key', secretSha256: hashApiKey(apiKey), scopes: SCOPES }];
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    pipeline: createPipeline({ schema, services, log: silentLog }),
    credentials: createCredentials(createTenantDirectory([{ id: 'shop', callerNumbers: ['15880000'], keys }])),
    webhooks: { handle: async () => undefined },
    readiness: () => ({ ready: true, reasons: [] }),
    graphiqlPage: undefined,
    demo: undefined,
    loopbackOnly: true,
    admission,
    log: silentLog,
  });
  const url = await server.listen();
  onTestFinished(() => {
    for (const release of held) release();
    return server.close();
  });
  const post = (query: string, variables = {}, accept = 'application/json'): Promise<Response> =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, accept },
      body: JSON.stringify({ query, variables }),
    });
  return { url, held, post, send: () => post(print(SendSmsDocument), sendInput) };
}

const overloaded = { code: 'OVERLOADED', retry: 'SAFE_AFTER', outcome: 'NOT_ACCEPTED' };

describe('a gateway that does as much at once as it may', () => {
  it('refuses what comes beyond before anything of it is executed, over HTTP and WebSocket, and takes it later', async () => {
    const { url, held, post, send } = await serve(createAdmission(2));
    const socket = await openInitialised(url, apiKey);
    const first = [send(), send()];
    await until(() => held.length === 2);

    const refused = await send();
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: overloaded }] });
    socket.send({ id: '1', type: 'subscribe', payload: { query: print(SendSmsDocument), variables: sendInput } });
    const answer = await socket.next(({ id }) => id === '1');
    expect(answer).toMatchObject({ type: 'error', payload: [{ extensions: overloaded }] });
    expect(held).toHaveLength(2);

    for (const release of held) release();
    await Promise.all(first);
    expect((await post('{ __typename }')).status).toBe(200);
  });

  it('counts no stream, however long it is followed', async () => {
    const { url, post } = await serve(createAdmission(1));
    const aborter = new AbortController();
    onTestFinished(() => aborter.abort());
    const stream = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, accept: 'text/event-stream' },
      body: JSON.stringify({ query: print(MessageChangesDocument) }),
      signal: aborter.signal,
    });
    expect(stream.status).toBe(200);
    expect((await post('{ __typename }')).status).toBe(200);
  });

  it('keeps the place of a caller who went away for as long as what was begun goes on', async () => {
    const { url, held, post } = await serve(createAdmission(1));
    const aborter = new AbortController();
    const body = JSON.stringify({ query: print(SendSmsDocument), variables: sendInput });
    const gone = fetch(`${url}/graphql`, { method: 'POST', headers, body, signal: aborter.signal }).catch(() => 'gone');
    await until(() => held.length === 1);
    aborter.abort();
    await gone;
    expect((await post('{ __typename }')).status).toBe(503);
    for (const release of held) release();
    await until(async () => (await post('{ __typename }')).status === 200);
  });
});

it('who would have to wait for more than a second is refused, until the line has moved on', async () => {
  let nowMs = 0;
  const admission = createAdmission(10, 1_000, { monotonicMs: () => nowMs });
  admission.enter();
  const first = admission.turn();
  nowMs = 1_000;
  admission.enter();
  const second = admission.turn();
  nowMs = 1_001;
  expect(admission.refusal()).toMatchObject({ code: 'OVERLOADED', outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER' });
  expect(() => admission.enter()).toThrow('busy');
  await first;
  admission.enter();
  await second;
});

it('what has come is read before the next one begins, and work goes on however much comes', async () => {
  const admission = createAdmission();
  let begun = false;
  const turn = admission.turn().then(() => {
    begun = true;
  });
  let turns = 0;
  for (; !begun; turns += 1) {
    admission.noteArrival();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await turn;
  expect(turns).toBeGreaterThan(10);
  expect(turns).toBeLessThan(20);
});
