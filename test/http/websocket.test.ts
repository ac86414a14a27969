import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { print } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { MessageChangesDocument, NgsReportsDocument, SendSmsDocument } from '../generated/operations.ts';
import { apiKey, type Gateway, startGateway, startSimulators } from '../support/gateway.ts';
import { openInitialised, openRawSocket } from '../support/raw-socket.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const reports = print(NgsReportsDocument);
const changes = print(MessageChangesDocument);
const status = 'subscription { providerStatus { provider } }';

async function setUp() {
  const simulators = await startSimulators();
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env });
  return { gateway, ...simulators };
}

const subscribe = (id: string, query: string) => ({ type: 'subscribe', id, payload: { query } });

/** The TCP socket below, to reset it as a peer does that vanished. */
const tcpOf = (socket: WebSocket): Socket => (socket as unknown as { _socket: Socket })._socket;

describe('a stream that nobody reads any more', () => {
  it('is released after each of 1,000 abrupt drops', { timeout: 60_000 }, async () => {
    const { gateway } = await setUp();
    const socketCount = 50;
    const each = 10;
    const queries = [reports, changes, status];
    // Twice as many as a tenant may have at once.
    for (let round = 0; round < 2; round += 1) {
      const open = await Promise.all(Array.from({ length: socketCount }, () => openInitialised(gateway.url, apiKey)));
      for (const { send } of open) {
        for (let at = 0; at < each; at += 1) send(subscribe(String(at), queries[at % queries.length] ?? reports));
      }
      await until(() => gateway.app.liveStreams() === socketCount * each);
      for (const [at, { socket }] of open.entries()) {
        if (at % 2 === 0) tcpOf(socket).resetAndDestroy();
        else socket.terminate();
      }
      await until(() => gateway.app.liveStreams() === 0);
    }
  });

  it('is released where the socket is dropped in the middle of subscribing', async () => {
    const { gateway } = await setUp();
    for (let round = 0; round < 50; round += 1) {
      const { send, socket } = await openInitialised(gateway.url, apiKey);
      for (let at = 0; at < 10; at += 1) send(subscribe(String(at), at % 2 === 0 ? reports : changes));
      // The first rounds are gone before the gateway has read a byte of it; the later ones somewhere on the way.
      if (round >= 10) await new Promise((resolve) => setImmediate(resolve));
      if (round >= 20) await until(() => gateway.app.liveStreams() > 0);
      if (round % 2 === 0) tcpOf(socket).resetAndDestroy();
      else socket.terminate();
      await once(socket, 'close');
    }
    await until(() => gateway.app.liveStreams() === 0);
    // What was still on its way to a source when its socket died must not open it later.
    const { send, next } = await openInitialised(gateway.url, apiKey);
    send(subscribe('last', status));
    await next(({ type }) => type === 'next');
    expect(gateway.app.liveStreams()).toBe(1);
  });

  it('is released by complete, one by one, and its socket goes on', async () => {
    const { gateway } = await setUp();
    const { send, next } = await openInitialised(gateway.url, apiKey);
    for (const [id, query] of Object.entries({ reports, changes, status })) {
      send(subscribe(id, query));
      await next((message) => message.id === id);
    }
    expect(gateway.app.liveStreams()).toBe(3);
    for (const [at, id] of ['reports', 'status', 'changes'].entries()) {
      send({ type: 'complete', id });
      await until(() => gateway.app.liveStreams() === 2 - at);
    }
    send(subscribe('again', reports));
    expect(await next(({ id }) => id === 'again')).toMatchObject({ type: 'next' });
  });

  it('is released where a connection of SSE is cut, or ends', async () => {
    const { gateway } = await setUp();
    const sockets = await Promise.all(Array.from({ length: 100 }, () => openEvents(gateway)));
    await Promise.all(sockets.map((socket) => once(socket, 'data')));
    await until(() => gateway.app.liveStreams() === sockets.length);
    for (const [at, socket] of sockets.entries()) leave(socket, at);
    await until(() => gateway.app.liveStreams() === 0);
  });

  it('is released where a connection of SSE is cut in the middle of subscribing', async () => {
    const { gateway } = await setUp();
    for (let at = 0; at < 60; at += 1) {
      const socket = await openEvents(gateway);
      if (at % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (at % 4 === 0) await until(() => gateway.app.liveStreams() > 0);
      leave(socket, at);
    }
    const last = await openEvents(gateway);
    await once(last, 'data');
    await until(() => gateway.app.liveStreams() === 1);
  });

  it('is released where the client cannot read a stream, and hears so', async () => {
    const { gateway } = await setUp();
    for (const accept of ['application/json', 'application/graphql-response+json', 'application/*']) {
      const response = await gateway.post({ query: reports }, { 'x-api-key': apiKey, accept });
      expect(response.status).toBe(406);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_ACCEPTABLE' } }] });
    }
    await until(() => gateway.app.liveStreams() === 0);
  });
});

/** As a peer goes that vanished, that was killed, or that has heard enough. */
function leave(socket: Socket, at: number): void {
  if (at % 3 === 0) socket.resetAndDestroy();
  else if (at % 3 === 1) socket.destroy();
  else socket.end();
}

/** A raw HTTP client that has asked for a stream. */
async function openEvents({ url }: Gateway): Promise<Socket> {
  const { port, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  const body = JSON.stringify({ query: reports });
  socket.write(
    [
      'POST /graphql HTTP/1.1',
      `Host: ${host}`,
      `X-API-Key: ${apiKey}`,
      'Accept: text/event-stream',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
  return socket;
}

describe('an operation that is refused over WebSocket', () => {
  const refusals: [string, unknown, string][] = [
    ['a syntax error', { query: 'query {' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ secrets }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['no such operation', { query: 'query A { __typename }', operationName: 'B' }, 'BAD_REQUEST'],
    ['a variable that is missing', { query: 'query ($id: ID!) { message(id: $id) { id } }' }, 'BAD_USER_INPUT'],
    [
      'a variable of another type',
      { query: print(SendSmsDocument), variables: { input: { idempotencyKey: 1 } } },
      'BAD_USER_INPUT',
    ],
    [
      'a stream with a variable of another type',
      { query: reports, variables: { after: { not: 'text' } } },
      'BAD_USER_INPUT',
    ],
  ];
  it.each(refusals)('for %s fails alone: another stream of the same socket goes on', async (_title, payload, code) => {
    const { gateway } = await setUp();
    const { send, next } = await openInitialised(gateway.url, apiKey);
    send(subscribe('reports', reports));
    await next((message) => message.id === 'reports');

    send({ type: 'subscribe', id: 'refused', payload });
    const answer = JSON.stringify(await next((message) => message.id === 'refused'));
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer).not.toContain('"http"');

    const sent = await gateway.query(SendSmsDocument, {
      input: { idempotencyKey: 'goes-on', to: '01012345678', text: 'hello', providers: ['NGS'] },
    });
    expect(sent.sendSms).toMatchObject({ __typename: 'Message' });
    expect(await next((message) => message.id === 'reports')).toMatchObject({
      payload: { data: { ngsReport: { __typename: 'NgsReport' } } },
    });
  });
});

describe('a WebSocket', () => {
  it('is closed with 1009 for a message over 64 KB, and the gateway goes on', async () => {
    const { gateway } = await setUp();
    const socket = await openInitialised(gateway.url, apiKey);
    socket.send(subscribe('large', `# ${'x'.repeat(70 * 1024)}\n{ __typename }`));
    expect(await socket.closed).toBe(1009);
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  });

  it('is refused for another subprotocol than graphql-transport-ws', async () => {
    const { gateway } = await setUp();
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-ws');
    onTestFinished(() => socket.terminate());
    socket.on('error', () => undefined);
    const code = await new Promise((resolve) => socket.once('close', resolve));
    expect([1006, 4406]).toContain(code);
  });

  it('answers queries and mutations, too', async () => {
    const { gateway } = await setUp();
    const { send, next } = await openInitialised(gateway.url, apiKey);
    send({
      type: 'subscribe',
      id: 'send',
      payload: {
        query: print(SendSmsDocument),
        variables: { input: { idempotencyKey: 'k', to: '01012345678', text: 'hello' } },
      },
    });
    expect(await next()).toMatchObject({
      type: 'next',
      payload: { data: { sendSms: { __typename: 'Message', state: 'SUBMITTED' } } },
    });
    expect(await next()).toEqual({ type: 'complete', id: 'send' });
  });

  it.each(['//', '*', 'http://[', '/graphql', '/%'])(
    'asked for at %s over a connection that is reset at once does not end the gateway',
    async (target) => {
      const { gateway } = await setUp();
      const { port, host } = new URL(gateway.url);
      for (const origin of ['', 'Origin: http://evil.example\r\n']) {
        const socket = connect(Number(port), '127.0.0.1');
        onTestFinished(() => void socket.destroy());
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        socket.write(
          `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n${origin}Upgrade: websocket\r\nConnection: Upgrade\r\n` +
            'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
        );
        await new Promise((resolve) => setImmediate(resolve));
        socket.resetAndDestroy();
      }
      const socket = await openRawSocket(gateway.url);
      expect(socket.socket.readyState).toBe(WebSocket.OPEN);
    },
  );
});
