import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { MessagesDocument, NgsReportsDocument, SendSmsDocument } from '../generated/operations.ts';
import { apiKey, type Gateway, startGateway, startSimulators } from '../support/gateway.ts';
import { openRawSocket } from '../support/raw-socket.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const input = (idempotencyKey: string) => ({ idempotencyKey, to: '01012345678', text: 'hello' });
const mutation = (idempotencyKey: string) => ({
  query: print(SendSmsDocument),
  variables: { input: input(idempotencyKey) },
});
const subscription = { query: print(NgsReportsDocument) };
const jsonPost = { method: 'POST', headers: { 'content-type': 'application/json' } } as const;

async function setUp() {
  const simulators = await startSimulators();
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env });
  return {
    gateway,
    /** Nothing stored, nothing sent, no stream opened. */
    async expectNothingHappened() {
      expect((await gateway.query(MessagesDocument, {})).messages.edges).toEqual([]);
      expect(simulators.ngs.ledger.entries({ event: 'DELIVER' })).toEqual([]);
      expect(simulators.sens.ledger.entries({ event: 'POST messages' })).toEqual([]);
      expect(gateway.app.liveStreams()).toBe(0);
    },
  };
}

const accepted: [string, Record<string, string>][] = [
  ['Authorization: Bearer', { authorization: `Bearer ${apiKey}` }],
  ['Authorization: bearer, in lower case', { authorization: `bearer ${apiKey}` }],
  ['X-API-Key', { 'x-api-key': apiKey }],
];

const refused: [string, Record<string, string>][] = [
  ['no key', {}],
  ['a wrong key', { authorization: 'Bearer not-the-key-at-all' }],
  ['a wrong X-API-Key', { 'x-api-key': 'not-the-key-at-all' }],
  ['a wrong X-API-Key beside a right Authorization', { 'x-api-key': 'wrong', authorization: `Bearer ${apiKey}` }],
  ['an empty Authorization', { authorization: '' }],
  ['an empty Bearer', { authorization: 'Bearer ' }],
  ['an empty X-API-Key', { 'x-api-key': '' }],
  ['another scheme', { authorization: `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}` }],
  ['half of the key', { 'x-api-key': apiKey.slice(0, -1) }],
];

async function expectUnauthenticated(response: Response): Promise<void> {
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
}

describe('a key over HTTP', () => {
  it.each(accepted)('is taken from %s, for POST, GET and SSE', async (_title, headers) => {
    const { gateway } = await setUp();
    const posted = await gateway.post({ query: '{ __typename }' }, headers);
    expect(await posted.json()).toEqual({ data: { __typename: 'Query' } });
    const asked = { headers: { ...headers, 'graphql-preflight': '1' } };
    const got = await fetch(`${gateway.url}/graphql?query={__typename}`, asked);
    expect(await got.json()).toEqual({ data: { __typename: 'Query' } });
    const aborter = new AbortController();
    const streamed = await fetch(`${gateway.url}/graphql`, {
      ...jsonPost,
      headers: { ...jsonPost.headers, ...headers, accept: 'text/event-stream' },
      body: JSON.stringify(subscription),
      signal: aborter.signal,
    });
    expect(streamed.headers.get('content-type')).toMatch(/^text\/event-stream/);
    aborter.abort();
  });

  it.each(refused)('lets nothing happen with %s', async (_title, headers) => {
    const { gateway, expectNothingHappened } = await setUp();
    const url = `${gateway.url}/graphql`;
    const asEvents = { ...headers, accept: 'text/event-stream' };
    const inQuery = new URLSearchParams({ query: subscription.query });
    await expectUnauthenticated(await gateway.post(mutation('post'), headers));
    await expectUnauthenticated(await fetch(`${url}?query={__typename}`, { headers }));
    await expectUnauthenticated(await fetch(`${url}?${inQuery}`, { headers: asEvents }));
    await expectUnauthenticated(await gateway.post(subscription, asEvents));
    await expectUnauthenticated(await gateway.post(mutation('sse'), asEvents));
    await expectNothingHappened();
  });

  it('is not taken from the address, where it would be logged', async () => {
    const { gateway, expectNothingHappened } = await setUp();
    for (const name of ['authorization', 'x-api-key', 'apiKey', 'api_key', 'key', 'access_token', 'token']) {
      const parameters = new URLSearchParams({ [name]: apiKey });
      await expectUnauthenticated(
        await fetch(`${gateway.url}/graphql?${parameters}`, { ...jsonPost, body: JSON.stringify(mutation(name)) }),
      );
    }
    await expectNothingHappened();
  });
});

describe('a key over WebSocket', () => {
  const params: [string, Record<string, unknown>][] = [
    ['authorization with Bearer', { authorization: `Bearer ${apiKey}` }],
    ['Authorization, capitalised', { Authorization: `Bearer ${apiKey}` }],
    ['authorization without Bearer', { authorization: apiKey }],
    ['x-api-key', { 'x-api-key': apiKey }],
    ['X-API-Key, capitalised', { 'X-API-Key': apiKey }],
  ];
  it.each(params)('is taken from connectionParams: %s', async (_title, payload) => {
    const { gateway } = await setUp();
    const socket = await openRawSocket(gateway.url);
    socket.send({ type: 'connection_init', payload });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
    expect(await socket.next()).toMatchObject({ type: 'next', payload: { data: { __typename: 'Query' } } });
  });

  it.each(accepted)('is taken from the headers of the upgrade: %s', async (_title, headers) => {
    const { gateway } = await setUp();
    const socket = await openRawSocket(gateway.url, { headers });
    socket.send({ type: 'connection_init' });
    expect(await socket.next()).toEqual({ type: 'connection_ack' });
  });

  const forged: [string, unknown][] = [
    ['nothing', undefined],
    ['a wrong key', { authorization: 'Bearer not-the-key-at-all' }],
    ['an empty key', { authorization: '' }],
    ['an empty Bearer', { authorization: 'Bearer ' }],
    ['an empty x-api-key', { 'x-api-key': '' }],
    ['a number', { authorization: 12345678 }],
    ['a list that holds the key', { authorization: [apiKey] }],
    [
      'claims instead of a key',
      { tenant: 'default', scopes: ['messages:send'], caller: { tenant: { id: 'default' } } },
    ],
  ];
  it.each(forged)('closes with 4403 for %s, and lets nothing happen', async (_title, payload) => {
    const { gateway, expectNothingHappened } = await setUp();
    await expectForbidden(gateway, payload);
    await expectNothingHappened();
  });

  it('does not pass with a wrong key in connectionParams because the headers have a right one', async () => {
    const { gateway, expectNothingHappened } = await setUp();
    await expectForbidden(gateway, { authorization: 'Bearer wrong' }, { authorization: `Bearer ${apiKey}` });
    await expectNothingHappened();
  });

  it('is not taken from the address', async () => {
    const { gateway, expectNothingHappened } = await setUp();
    const socket = await openRawSocket(gateway.url, {}, { authorization: apiKey });
    socket.send({ type: 'connection_init' });
    expect(await socket.closed).toBe(4403);
    await expectNothingHappened();
  });

  it('closes with 4401 who asks before the key was shown', async () => {
    const { gateway, expectNothingHappened } = await setUp();
    const socket = await openRawSocket(gateway.url, { headers: { authorization: `Bearer ${apiKey}` } });
    socket.send({ type: 'subscribe', id: '1', payload: mutation('early') });
    expect(await socket.closed).toBe(4401);
    expect(socket.messages).toEqual([]);
    await expectNothingHappened();
  });

  it('closes with 4408 who stays silent', async () => {
    const { gateway } = await setUp();
    const silent = await openRawSocket(gateway.url);
    expect(await silent.closed).toBe(4408);
  });

  it('closes with 4400, 4409 and 4429 who breaks the protocol', async () => {
    const { gateway } = await setUp();
    const garbage = await openRawSocket(gateway.url);
    garbage.send('{"type":');
    expect(await garbage.closed).toBe(4400);

    const init = { type: 'connection_init', payload: { authorization: apiKey } };
    const twice = await openRawSocket(gateway.url);
    twice.send(init);
    twice.send(init);
    expect(await twice.closed).toBe(4429);

    const sameId = await openRawSocket(gateway.url);
    sameId.send(init);
    await sameId.next();
    sameId.send({ type: 'subscribe', id: '1', payload: subscription });
    await sameId.next();
    sameId.send({ type: 'subscribe', id: '1', payload: subscription });
    expect(await sameId.closed).toBe(4409);
    await until(() => gateway.app.liveStreams() === 0);
  });
});

async function expectForbidden(
  gateway: Gateway,
  payload: unknown,
  headers: Record<string, string> = {},
): Promise<void> {
  const polite = await openRawSocket(gateway.url, { headers });
  polite.send({ type: 'connection_init', payload });
  expect(await polite.closed).toBe(4403);

  // Who does not wait for the ack is closed for this or for that, whichever is seen first.
  const hasty = await openRawSocket(gateway.url, { headers });
  hasty.send({ type: 'connection_init', payload });
  hasty.send({ type: 'subscribe', id: '1', payload: mutation('forged') });
  hasty.send({ type: 'subscribe', id: '2', payload: subscription });
  expect([4401, 4403]).toContain(await hasty.closed);
  expect([...polite.messages, ...hasty.messages]).toEqual([]);
}
