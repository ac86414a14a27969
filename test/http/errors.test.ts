import { print } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { Log, LogFields } from '../../src/core/log.ts';
import { StoreUnavailable } from '../../src/core/store.ts';
import { SCOPES } from '../../src/core/tenant.ts';
import { createTenantDirectory } from '../../src/core/tenant-directory.ts';
import type { Services } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createCredentials } from '../../src/http/credentials.ts';
import { createPipeline } from '../../src/http/pipeline.ts';
import { createHttpServer } from '../../src/http/server.ts';
import {
  MessageByIdDocument,
  MessageChangesDocument,
  MessagesDocument,
  NgsReportListDocument,
  NgsReportsDocument,
  SendSmsDocument,
} from '../generated/operations.ts';
import { apiKey } from '../support/gateway.ts';
import { openInitialised, type RawSocket } from '../support/raw-socket.ts';

const canary = 'canary-redis://:hunter2@10.0.0.1';
const sendInput = { input: { idempotencyKey: 'k', to: '01012345678', text: 'canary-text' } };

interface Logged {
  readonly event: string;
  readonly fields: LogFields | undefined;
}

/** The real pipeline and server over services of which every call does as the test says. */
async function serve(call: () => unknown) {
  const logged: Logged[] = [];
  const error = (event: string, fields?: LogFields): void => {
    logged.push({ event, fields });
  };
  const log: Log = { info: error, warn: error, error };
  const broken = new Proxy({}, { get: () => call });
  const services = { sender: broken, reader: broken, board: broken } as unknown as Services;
  const keys = [{ id: 'key', secretSha256: hashApiKey(apiKey), scopes: SCOPES }];
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    pipeline: createPipeline({ schema, services, log }),
    credentials: createCredentials(createTenantDirectory([{ id: 'shop', callerNumbers: ['15880000'], keys }])),
    webhooks: { handle: async () => undefined },
    readiness: () => ({ ready: true, reasons: [] }),
    graphiqlPage: undefined,
    demo: undefined,
    loopbackOnly: true,
    log,
  });
  const url = await server.listen();
  onTestFinished(() => server.close());
  return { url, logged, socket: await openInitialised(url, apiKey) };
}

const queries: [string, string, object][] = [
  ['sendSms', print(SendSmsDocument), sendInput],
  ['messages', print(MessagesDocument), {}],
  ['message', print(MessageByIdDocument), { id: Buffer.from('Message:x').toString('base64url') }],
  ['ngsReports', print(NgsReportListDocument), {}],
];
const streams: [string, string, object][] = [
  ['ngsReport', print(NgsReportsDocument), {}],
  ['messageChanged', print(MessageChangesDocument), {}],
];

async function overHttp(url: string, query: string, variables: object, accept: string): Promise<string> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey, accept },
    body: JSON.stringify({ query, variables }),
  });
  return response.text();
}

/** The one answer of an operation that then ends. */
async function overWebSocket(socket: RawSocket, query: string, variables: object): Promise<string> {
  socket.send({ type: 'subscribe', id: 'broken', payload: { query, variables } });
  const answer = await socket.next(({ id }) => id === 'broken');
  if (answer.type === 'next') await socket.next(({ id, type }) => id === 'broken' && type === 'complete');
  return JSON.stringify(answer);
}

/** What every transport answers. */
async function ask(url: string, socket: RawSocket, query: string, variables: object): Promise<string[]> {
  const isStream = query.includes('subscription');
  return [
    ...(isStream ? [] : [await overHttp(url, query, variables, 'application/json')]),
    await overHttp(url, query, variables, 'text/event-stream'),
    await overWebSocket(socket, query, variables),
  ];
}

async function expectOpen(socket: RawSocket): Promise<void> {
  socket.send({ type: 'subscribe', id: 'after', payload: { query: '{ __typename }' } });
  expect(await socket.next(({ id }) => id === 'after')).toMatchObject({ type: 'next' });
}

/** The ways in which a service, or the source of a stream, can fail. */
const failingWith = (failure: () => Error) => {
  const reject = (): Promise<never> => Promise.reject(failure());
  return {
    throws: (): never => {
      throw failure();
    },
    rejects: reject,
    breaks: (): AsyncIterableIterator<never> => ({
      next: reject,
      return: () => Promise.resolve({ done: true, value: undefined }),
      [Symbol.asyncIterator]() {
        return this;
      },
    }),
  };
};

describe('a bug', () => {
  const bug = failingWith(() => new TypeError(canary));
  it.each([
    ...queries.flatMap((each) => [[...each, bug.throws] as const, [...each, bug.rejects] as const]),
    ...streams.flatMap((each) => Object.values(bug).map((call) => [...each, call] as const)),
  ])(
    'in %s leaves masked on every transport, is logged once, and closes no socket',
    async (_name, query, variables, call) => {
      const { url, socket, logged } = await serve(call);
      const answers = await ask(url, socket, query, variables);
      for (const answer of answers) {
        expect(answer).toContain('"message":"Unexpected error."');
        expect(answer).toContain('"code":"INTERNAL_SERVER_ERROR"');
        expect(answer).not.toMatch(/canary|TypeError|\.ts:|stack/);
      }
      expect(logged.map(({ event }) => event)).toEqual(answers.map(() => 'graphql.bug'));
      for (const { fields } of logged) expect(fields?.error).toBeInstanceOf(TypeError);
      await expectOpen(socket);
    },
  );
});

describe('a store that does not answer', () => {
  const lost = failingWith(() => new StoreUnavailable(canary, 'NO'));
  it.each([
    ...queries.map((each) => [...each, lost.rejects] as const),
    ...streams.flatMap((each) => [[...each, lost.rejects] as const, [...each, lost.breaks] as const]),
  ])('is said so by %s on every transport, is no bug, and closes no socket', async (_name, query, variables, call) => {
    const { url, socket, logged } = await serve(call);
    for (const answer of await ask(url, socket, query, variables)) {
      expect(answer).toContain('"code":"STORE_UNAVAILABLE"');
      expect(answer).toContain('"retry":"SAFE_AFTER"');
      expect(answer).not.toMatch(/canary|"data":\{"\w+":\{/);
    }
    expect(logged).toEqual([]);
    await expectOpen(socket);
  });
});

describe('a variable that is refused', () => {
  const mutation =
    'mutation ($input: RegisterRemittanceUserInput!) { registerRemittanceUser(input: $input) { __typename } }';
  const person = { idempotencyKey: 'k', externalId: 'e', firstName: 'Kim', lastName: 'Min', nationality: 'KR' };
  const details = { password: 'canary-password; at "input.x"', identificationNumber: 'canary-880101-2345678' };
  const rows: [string, object, string][] = [
    ['lacks a field', { ...person, birthDate: '19880101', details }, 'at \\"input.details\\": Field \\"gender\\"'],
    [
      'has a field of another type',
      { ...person, birthDate: { canary: 1 } },
      'at \\"input.birthDate\\": String cannot represent',
    ],
    ['has a field that is none', { ...person, birthDate: '19880101', canaries: 1 }, 'at \\"input\\": Field'],
    [
      'has no such value of an enum',
      { ...person, birthDate: '19880101', corridor: 'canary-880101' },
      'at \\"input.corridor\\": It does not exist in \\"RemittanceCorridor\\" enum.',
    ],
  ];
  it.each(rows)(
    'because it %s is not quoted on any transport, and its place is told',
    async (_name, input, expected) => {
      const { url, socket, logged } = await serve(() => undefined);
      for (const answer of await ask(url, socket, mutation, { input })) {
        const messages = [...answer.matchAll(/"message":"((?:[^"\\]|\\.)*)"/g)].map(([, message]) => message);
        expect(messages.join()).toContain(expected);
        expect(messages.join()).not.toMatch(/canary-|got invalid value/);
        expect(answer).toContain('"code":"BAD_USER_INPUT"');
      }
      expect(logged).toEqual([]);
    },
  );
});
