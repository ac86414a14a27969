import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { serverAudits } from 'graphql-http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { apiKey, startGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

const authorization = `Bearer ${apiKey}`;
const forGet = { authorization, 'graphql-preflight': '1' };

const setUp = async () => startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });

/** Says it word for word over TCP, and hears all until the other side closes. */
async function raw(url: string, text: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (chunk) => {
    heard += String(chunk);
  });
  socket.write(text);
  await once(socket, 'close');
  return heard;
}

describe('GraphQL over HTTP', () => {
  it('passes every audit of graphql-http', async () => {
    const { url } = await setUp();
    const audits = serverAudits({
      url: `${url}/graphql`,
      fetchFn: (input: string, init: RequestInit = {}) =>
        fetch(input, { ...init, headers: { ...(init.headers as Record<string, string>), ...forGet } }),
    });
    expect(audits).toHaveLength(61);
    const failed: string[] = [];
    for (const audit of audits) {
      const result = await audit.fn();
      if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
    }
    expect(failed).toEqual([]);
  });

  it('answers 405 to a mutation by GET, and does nothing', async () => {
    const { url } = await setUp();
    const query = 'mutation { sendSms(input: { idempotencyKey: "k", to: "01012345678", text: "t" }) { __typename } }';
    const response = await fetch(`${url}/graphql?${new URLSearchParams({ query })}`, { headers: forGet });
    expect(response.status).toBe(405);
    const listed = await fetch(
      `${url}/graphql?${new URLSearchParams({ query: '{ messages { edges { cursor } } }' })}`,
      { headers: forGet },
    );
    expect(await listed.json()).toEqual({ data: { messages: { edges: [] } } });
  });

  it('answers 406 to who accepts no answer of ours, before anything is done', async () => {
    const { url } = await setUp();
    const query = 'mutation { sendSms(input: { idempotencyKey: "k", to: "01012345678", text: "t" }) { __typename } }';
    const post = (accept: string, text: string): Promise<Response> =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { authorization, accept, 'content-type': 'application/json' },
        body: JSON.stringify({ query: text }),
      });
    for (const accept of ['image/png', 'text/plain', 'text/html', 'multipart/mixed']) {
      expect((await post(accept, query)).status).toBe(406);
    }
    const listed = await post('image/png, */*;q=0.1', '{ messages { edges { cursor } } }');
    expect(await listed.json()).toEqual({ data: { messages: { edges: [] } } });
  });

  it.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/graphql',
    'application/json-patch+json',
  ])('answers 415 to a body of %s', async (contentType) => {
    const { url } = await setUp();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { authorization, 'content-type': contentType },
      body: contentType.startsWith('application/x') ? 'query=%7B__typename%7D' : '{"query":"{__typename}"}',
    });
    expect(response.status).toBe(415);
    expect(await response.text()).not.toContain('Query');
  });

  it('answers 415 to a compressed body, and takes no batch', async () => {
    const { url } = await setUp();
    const headers = { authorization, 'content-type': 'application/json' };
    const compressed = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-encoding': 'gzip' },
      body: '{"query":"{__typename}"}',
    });
    expect(compressed.status).toBe(415);
    const batch = await fetch(`${url}/graphql`, { method: 'POST', headers, body: '[{"query":"{__typename}"}]' });
    expect(batch.status).toBe(400);
  });

  it('answers 413 to a document over 128 KB, and to a body over 4 MB, whether its length is told or not', async () => {
    const { url } = await setUp();
    const post = async (queryLength: number, variable = ''): Promise<number> => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ __typename }'.padEnd(queryLength), variables: { unused: variable } }),
      });
      await response.text();
      return response.status;
    };
    expect(await post(128 * 1024, 'x'.repeat(3 * 1_048_576))).toBe(200);
    expect(await post(128 * 1024 + 1)).toBe(413);
    expect(await post(1, 'x'.repeat(4 * 1_048_576))).toBe(413);

    const chunk = `100000\r\n${' '.repeat(0x100000)}\r\n`;
    const chunked = await raw(
      url,
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: ${authorization}\r\nConnection: close\r\n` +
        `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(5)}0\r\n\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('echoes nothing of a body that it cannot read', async () => {
    const { url } = await setUp();
    for (const body of ['{"query": canary-7f3a', '"canary-7f3a"', '{"canary-7f3a": 1}', '{"query":["canary-7f3a"]}']) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      });
      expect(response.status).toBe(400);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
      expect(text).not.toMatch(/stack|originalError|node_modules/);
    }
  });

  it('lets no cache keep an answer, whatever it is', async () => {
    const { url } = await setUp();
    const headers = { authorization, 'content-type': 'application/json' };
    const post = (query: string, more: Record<string, string> = {}): RequestInit => ({
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify({ query }),
    });
    const asks: [number, string, RequestInit][] = [
      [200, '', post('{ __typename }')],
      [200, '?query={__typename}', { headers: forGet }],
      [200, '', post('subscription { messageChanged { __typename } }', { accept: 'text/event-stream' })],
      [200, '', { headers: { accept: 'text/html' } }],
      [200, '', post('{')],
      [400, '', post('{', { accept: 'application/graphql-response+json' })],
      [400, '', { ...post(''), body: 'no JSON' }],
      [401, '', post('{ __typename }', { authorization: '' })],
      [403, '?query={__typename}', { headers: { authorization } }],
      [405, '?query=mutation{__typename}', { headers: forGet }],
      [406, '', post('{ __typename }', { accept: 'image/png' })],
      [413, '', post(' '.repeat(4 * 1_048_576))],
      [415, '', post('{ __typename }', { 'content-type': 'text/plain' })],
    ];
    for (const [status, query, init] of asks) {
      const response = await fetch(`${url}/graphql${query}`, init);
      expect([response.status, response.headers.get('cache-control')]).toEqual([status, 'no-store']);
      await response.body?.cancel();
    }
  });

  it('gives no page of another origin leave to read it', async () => {
    const { url } = await setUp();
    for (const method of ['OPTIONS', 'POST', 'GET']) {
      const response = await fetch(`${url}/graphql`, {
        method,
        headers: { origin: 'http://evil.example', authorization },
      });
      expect([...response.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });
});

describe('the sandbox', () => {
  const foreignHosts = [
    'evil.example',
    'evil.example:4000',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'localhost@evil.example',
    '',
  ];
  it.each(foreignHosts)('refuses the Host %j with 421, for a page, a query and a WebSocket', async (host) => {
    const { url } = await setUp();
    for (const lines of [
      'GET /graphql HTTP/1.1\r\nAccept: text/html\r\n',
      'GET /readyz HTTP/1.1\r\n',
      `GET /graphql?query={__typename} HTTP/1.1\r\nAuthorization: ${authorization}\r\n`,
      `GET /graphql HTTP/1.1\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n',
    ]) {
      const connection = lines.includes('Upgrade') ? 'Upgrade' : 'close';
      const answer = await raw(url, `${lines}Host: ${host}\r\nConnection: ${connection}\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 421 /);
      expect(answer).not.toMatch(/__typename|<html/);
    }
  });

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('answers to the Host %s', async (host) => {
    const { url } = await setUp();
    const { port } = new URL(url);
    expect(await raw(url, `GET /livez HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });

  const foreignOrigins = [
    'http://evil.example',
    'https://evil.example',
    'null',
    'http://localhost',
    'http://127.0.0.1.evil.example',
    'http://127.0.0.1:1',
    'file://',
    'chrome-extension://abc',
    '',
    'garbage',
  ];
  it.each(foreignOrigins)('refuses a WebSocket from the origin %j with 403', async (origin) => {
    const { url } = await setUp();
    expect(await upgradeStatus(url, { origin, authorization })).toBe(403);
  });

  it('takes a WebSocket from its own page, and from what is no browser', async () => {
    const { url } = await setUp();
    expect(await upgradeStatus(url, { origin: url })).toBe(101);
    expect(await upgradeStatus(url, {})).toBe(101);
  });
});

async function upgradeStatus(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers });
  onTestFinished(() => socket.terminate());
  socket.on('error', () => undefined);
  return new Promise((resolve) => {
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode));
  });
}

describe('a slow sender', () => {
  it('of headers is cut off with 408', async () => {
    const { url } = await setUp();
    expect(await raw(url, 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('of a body has 15 s', async () => {
    const { url } = await setUp();
    let server: Server | undefined;
    const seen = (message: unknown): void => {
      const { server: asked } = message as { server: Server };
      if ((asked.address() as AddressInfo).port === Number(new URL(url).port)) server = asked;
    };
    subscribe('http.server.request.start', seen);
    await fetch(`${url}/livez`);
    unsubscribe('http.server.request.start', seen);
    expect(server).toMatchObject({ headersTimeout: 5_000, requestTimeout: 15_000, maxHeadersCount: 64 });
  });
});
