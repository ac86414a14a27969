import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import zlib from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  type HttpRequest,
} from '../../src/providers/http-client.ts';
import { until } from '../support/until.ts';

const releases: (() => unknown)[] = [];
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});

async function listen(server: net.Server): Promise<string> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  releases.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A server that keeps a ledger of the requests that reached it whole. */
async function serve(answer: (response: http.ServerResponse, request: http.IncomingMessage) => void) {
  const seen: { target: string; headers: http.IncomingHttpHeaders; body: string }[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    seen.push({ target: `${request.method} ${request.url}`, headers: request.headers, body });
    answer(response, request);
  });
  return { seen, host: await listen(server) };
}

function client(options: HttpClientOptions): HttpClient {
  const made = createHttpClient(options);
  releases.push(() => made.close());
  return made;
}

const POST: HttpRequest = { method: 'POST', path: '/send', headers: { 'content-type': 'text/plain' }, body: '가' };
const GET: HttpRequest = { method: 'GET', path: '/', headers: {} };

describe('an exchange that works', () => {
  it('sends the literal target, headers and body, and answers with status, headers and text', async () => {
    const { seen, host } = await serve((response) => {
      response.writeHead(202, { 'content-type': 'application/json', 'x-two': ['a', 'b'] }).end('{"글":1}');
    });
    const path = '/sms/v2/services/ncp:sms:kr:1:svc/messages?b=2&a=%20+';
    const result = await client({ origin: `http://${host}` }).request({ ...POST, path });
    expect(result).toMatchObject({ kind: 'response', status: 202, body: '{"글":1}' });
    expect(result).toMatchObject({ headers: { 'content-type': 'application/json', 'x-two': ['a', 'b'] } });
    expect(seen).toMatchObject([
      { target: `POST ${path}`, body: '가', headers: { 'accept-encoding': 'identity', 'content-length': '3' } },
    ]);
  });

  it('strikes the secrets of the account out of what is said of them', async () => {
    const { host } = await serve((response) =>
      response.writeHead(401).end('{"error":"Unknown key: key-0001 (key-0001), SKIP"}'),
    );
    const secrets = ['key-0001', 'key-0002', 'SK'];
    expect(await client({ origin: `http://${host}`, secrets }).request(GET)).toMatchObject({
      status: 401,
      body: '{"error":"Unknown key: *** (***), SKIP"}',
    });
  });

  it('sends bytes as they are', async () => {
    const got: Buffer[] = [];
    const server = http.createServer(async (request, response) => {
      for await (const piece of request as AsyncIterable<Buffer>) got.push(piece);
      response.end();
    });
    const bytes = Uint8Array.from([0xff, 0xd8, 0x00, 0x0d, 0x0a, 0x80]);
    const origin = `http://${await listen(server)}`;
    expect(await client({ origin }).request({ ...POST, body: bytes })).toMatchObject({ status: 200 });
    expect(new Uint8Array(Buffer.concat(got))).toEqual(bytes);
  });

  it('waits through 1xx answers', async () => {
    const { host } = await serve((response) => {
      response.writeEarlyHints({ link: '</a>' });
      response.end('done');
    });
    expect(await client({ origin: `http://${host}` }).request(GET)).toMatchObject({ status: 200, body: 'done' });
  });

  it('follows no redirect', async () => {
    const { seen, host } = await serve((response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect(await client({ origin: `http://${host}` }).request(POST)).toMatchObject({ kind: 'response', status: 307 });
    expect(seen).toHaveLength(1);
  });

  it('reads bytes that are no UTF-8 without throwing', async () => {
    const { host } = await serve((response) => response.end(Buffer.from([0xff, 0x41])));
    expect(await client({ origin: `http://${host}` }).request(GET)).toMatchObject({ body: '\uFFFDA' });
  });
});

describe('a request of which no byte can have left', () => {
  it('was refused the connection', async () => {
    const server = net.createServer();
    const host = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    const result = await client({ origin: `http://${host}` }).request(POST);
    expect(result).toMatchObject({ kind: 'not-sent', cause: { code: 'ECONNREFUSED' } });
  });

  it('has a host that nobody knows', async () => {
    const result = await client({ origin: 'http://nowhere.invalid' }).request(POST);
    expect(result).toMatchObject({
      kind: 'not-sent',
      cause: { code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) },
    });
  });

  it('got no TLS connection in time', async () => {
    const host = await listen(net.createServer());
    const result = await client({ origin: `https://${host}`, connectTimeoutMs: 50 }).request(POST);
    expect(result).toMatchObject({ kind: 'not-sent', cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } });
  });

  it('met a peer that speaks no TLS', async () => {
    const { seen, host } = await serve((response) => response.end());
    const result = await client({ origin: `https://${host}` }).request(POST);
    expect(result.kind).toBe('not-sent');
    expect(seen).toEqual([]);
  });

  it('waited for a connection until its deadline', async () => {
    const host = await listen(net.createServer());
    const result = await client({ origin: `https://${host}`, totalTimeoutMs: 50 }).request(POST);
    expect(result).toMatchObject({ kind: 'not-sent', cause: { code: 'TOTAL_TIMEOUT' } });
  });

  it('waited in the queue until its deadline, and is not sent afterwards either', async () => {
    const { seen, host } = await serve((response, request) => {
      if (request.url === '/last') response.end();
    });
    const queueing = client({ origin: `http://${host}`, connections: 1, totalTimeoutMs: 500 });
    const paths = Array.from({ length: 20 }, (_, index) => `/${index}`);
    const kinds = await Promise.all(paths.map(async (path) => (await queueing.request({ ...POST, path })).kind));
    // A connection that the late ones could have used.
    expect(await queueing.request({ ...POST, path: '/last' })).toMatchObject({ kind: 'response' });
    const targets = seen.map(({ target }) => target);
    expect(targets).toContain('POST /0');
    expect(kinds).toContain('not-sent');
    for (const [index, kind] of kinds.entries()) {
      if (kind === 'not-sent') expect(targets).not.toContain(`POST /${index}`);
    }
  });

  it('still waited when the client was closed, or came after', async () => {
    const { seen, host } = await serve(() => {});
    const closing = client({ origin: `http://${host}`, connections: 1 });
    const inFlight = closing.request({ ...POST, path: '/first' });
    await until(() => seen.length === 1);
    const waiting = closing.request({ ...POST, path: '/second' });
    await closing.close();
    expect((await inFlight).kind).toBe('unknown');
    expect((await waiting).kind).toBe('not-sent');
    expect((await closing.request(POST)).kind).toBe('not-sent');
    expect(seen).toHaveLength(1);
  });

  it('cannot be written at all', async () => {
    const { seen, host } = await serve((response) => response.end());
    const origin = `http://${host}`;
    expect((await client({ origin }).request({ ...POST, path: '/a b' })).kind).toBe('not-sent');
    expect((await client({ origin }).request({ ...POST, headers: { x: 'a\r\ny: b' } })).kind).toBe('not-sent');
    expect(seen).toEqual([]);
  });
});

describe('a request whose fate nobody can say', () => {
  it('was executed, and then the connection was cut', async () => {
    const { seen, host } = await serve((response) => response.destroy());
    const result = await client({ origin: `http://${host}` }).request(POST);
    expect(result).toMatchObject({
      kind: 'unknown',
      cause: { code: expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/) },
    });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['no headers', { headersTimeoutMs: 50 }, () => {}, 'UND_ERR_HEADERS_TIMEOUT'],
    [
      'no body',
      { bodyTimeoutMs: 50 },
      (response: http.ServerResponse) => response.writeHead(202).flushHeaders(),
      'UND_ERR_BODY_TIMEOUT',
    ],
    [
      'half of a body',
      {},
      (response: http.ServerResponse) => {
        response.writeHead(202, { 'content-length': '100' }).write('half');
        setImmediate(() => response.destroy());
      },
      expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/),
    ],
    [
      'half of a chunked body',
      {},
      (response: http.ServerResponse) => {
        response.writeHead(202).write('half');
        setImmediate(() => response.destroy());
      },
      expect.stringMatching(/^(UND_ERR_SOCKET|ECONNRESET)$/),
    ],
    ['no HTTP', {}, (response: http.ServerResponse) => response.socket?.end('SMTP ready\r\n'), 'HTTPParserError'],
    [
      'endless headers',
      {},
      (response: http.ServerResponse) => response.socket?.end(`HTTP/1.1 202 OK\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`),
      'UND_ERR_HEADERS_OVERFLOW',
    ],
  ] as const)('brought %s', async (_, options, answer, code) => {
    const { seen, host } = await serve(answer);
    const result = await client({ origin: `http://${host}`, ...options }).request(POST);
    expect(result).toMatchObject({ kind: 'unknown', cause: { code } });
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['gzip', zlib.gzipSync],
    ['br', zlib.brotliCompressSync],
    ['deflate', zlib.deflateSync],
    ['zstd', (text: string) => Buffer.from(text)],
  ])('is answered in %s, which is not even decoded', async (encoding, compress) => {
    const { host } = await serve((response) => {
      response.writeHead(202, { 'content-encoding': encoding }).end(compress('{"requestId":"x"}'));
    });
    const result = await client({ origin: `http://${host}` }).request(POST);
    expect(result).toMatchObject({ kind: 'unknown', cause: { code: 'CONTENT_ENCODING' } });
  });

  it('is answered with an endless body: the connection is cut at the limit', async () => {
    let isCut = false;
    const { host } = await serve((response) => {
      const write = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536))) {}
      };
      response.on('drain', write).on('close', () => {
        isCut = true;
      });
      write();
    });
    const result = await client({ origin: `http://${host}`, maxResponseBytes: 100_000 }).request(GET);
    expect(result).toMatchObject({ kind: 'unknown', cause: { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' } });
    await until(() => isCut);
  });

  describe('a body that drips', () => {
    const PIECES = 30;
    const drip = async (response: http.ServerResponse) => {
      for (let piece = 0; piece < PIECES && !response.destroyed; piece += 1) {
        response.write('.');
        await delay(20);
      }
      response.end();
    };

    it('is cut by the total deadline', async () => {
      const { host } = await serve(drip);
      const result = await client({ origin: `http://${host}`, bodyTimeoutMs: 200, totalTimeoutMs: 200 }).request(GET);
      expect(result).toMatchObject({ kind: 'unknown', cause: { code: 'TOTAL_TIMEOUT' } });
    });

    it('is not cut by the body time-out alone: the control', async () => {
      const { host } = await serve(drip);
      const result = await client({ origin: `http://${host}`, bodyTimeoutMs: 200 }).request(GET);
      expect(result).toMatchObject({ kind: 'response', body: '.'.repeat(PIECES) });
    });
  });
});

describe('a kept connection that has gone stale', () => {
  it.each(['POST', 'GET'] as const)('makes a %s unknown, and it is not written again by itself', async (method) => {
    const seen: string[] = [];
    const { host } = await serve((response, request) => {
      seen.push(String(request.url));
      if (request.url === '/first') response.end('kept');
      else response.socket?.resetAndDestroy();
    });
    const keeping = client({ origin: `http://${host}`, connections: 1 });
    expect(await keeping.request({ ...GET, method, path: '/first' })).toMatchObject({ body: 'kept' });
    expect((await keeping.request({ ...GET, method, path: '/second' })).kind).toBe('unknown');
    expect(seen).toEqual(['/first', '/second']);
  });

  it('never doubles a request in 500 races with a peer that closes when idle', async () => {
    const timesSeen = new Map<string, number>();
    const { host } = await serve((response, request) => {
      const target = String(request.url);
      timesSeen.set(target, (timesSeen.get(target) ?? 0) + 1);
      const { socket } = response;
      response.end('ok', () => {
        // Between at once and a few turns later: before, while and after the next request is written.
        const turns = timesSeen.size % 5;
        const close = (left: number): unknown => (left === 0 ? socket?.destroy() : setImmediate(close, left - 1));
        close(turns);
      });
    });
    const racing = client({ origin: `http://${host}`, connections: 1 });
    const kinds = new Set<string>();
    for (let race = 0; race < 500; race += 1) {
      const { kind } = await racing.request({ ...POST, path: `/${race}` });
      kinds.add(kind);
      const times = timesSeen.get(`/${race}`) ?? 0;
      if (times > 1 || (kind === 'response' && times !== 1) || (kind === 'not-sent' && times !== 0)) {
        expect.fail(`race ${race}: ${kind}, seen ${times} times`);
      }
    }
    expect(kinds).toContain('response');
  });
});
