import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StoreUnavailable } from '../../src/core/store.ts';
import { unmatchedOwner } from '../../src/core/webhooks/webhook-store.ts';
import { createRandom } from '../support/random.ts';
import { temporaryStore } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';
import { postRaw, postWebhook, serveWebhooks, type WebhookServing } from '../support/webhook-server.ts';
import { hmacSource, pushBody, sign, signatureHeader, type WebhookSetting, webhookCore } from '../support/webhooks.ts';

async function setUp({ core: setting = {}, ...serving }: WebhookServing & { core?: WebhookSetting } = {}) {
  const core = webhookCore(await temporaryStore(), { maxForgedPerDay: 10_000, ...setting });
  const { url, server } = await serveWebhooks(core, serving);
  return { ...core, server, url, endpoint: `${url}/webhooks/securekey` };
}

/** Says it word for word over TCP. */
function say(url: string, text: string): { socket: Socket; heard(): string; closed: Promise<unknown> } {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (chunk) => {
    heard += String(chunk);
  });
  socket.write(text);
  return { socket, heard: () => heard, closed: once(socket, 'close') };
}

const head = (url: string, ...headers: string[]): string =>
  [`POST /webhooks/securekey HTTP/1.1`, `host: ${new URL(url).host}`, ...headers, '', ''].join('\r\n');

const statusOf = (heard: string): number => Number(/HTTP\/1\.1 (?!100)(\d{3})/.exec(heard)?.[1]);

describe('the place that a webhook is sent to', () => {
  it('needs no API key, and is the default account or one by its name', async () => {
    const core = { sources: [hmacSource(), hmacSource({ account: 'shop.2', secret: 'other' })] };
    const { url, endpoint, listed } = await setUp({ core });
    const body = pushBody('r1');
    expect(await postWebhook(endpoint, body, await sign(body))).toBe(200);
    expect(await postWebhook(`${endpoint}/default?from=securekey`, body, await sign(body))).toBe(200);
    expect(await postWebhook(`${endpoint}/shop.2`, body, await sign(body, 'other'))).toBe(200);
    expect(await listed(unmatchedOwner)).toMatchObject([
      { account: 'default', duplicates: 1 },
      { account: 'shop.2', duplicates: 0 },
    ]);
    for (const path of [
      'sentbe',
      'securekey/none',
      'securekey/',
      'securekey/default/',
      'SECUREKEY',
      'securekey%2Fdefault',
      'securekey/__proto__',
      '__proto__',
      '',
    ]) {
      expect([path, await postWebhook(`${url}/webhooks/${path}`, body, await sign(body))]).toEqual([path, 404]);
    }
  });

  it('takes POST only, and as elsewhere in the sandbox only by a name of this machine', async () => {
    const { endpoint, url } = await setUp();
    for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
      const response = await fetch(endpoint, { method });
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    }
    const { heard, closed } = say(
      url,
      'POST /webhooks/securekey HTTP/1.1\r\nhost: evil.example\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
    );
    await closed;
    expect(statusOf(heard())).toBe(421);
  });

  it('answers in small JSON that nobody keeps', async () => {
    const { endpoint } = await setUp();
    for (const [signature, answer] of [
      [await sign('{}'), { received: true }],
      ['sha256=', { errors: [{ extensions: { code: 'SIGNATURE_INVALID' } }] }],
    ] as const) {
      const { headers, text } = await postRaw(endpoint, '{}', [signatureHeader, signature]);
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
      });
      expect(JSON.parse(text)).toMatchObject(answer);
    }
  });

  it('answers 503 where it was not stored, and while the gateway shuts down', async () => {
    const { inbox, reader, server, endpoint } = await setUp();
    const away = { ...inbox, receive: () => Promise.reject(new StoreUnavailable('away', 'MAYBE')) };
    const { url } = await serveWebhooks({ inbox: away, reader });
    expect(await postWebhook(`${url}/webhooks/securekey`, '{}', await sign('{}'))).toBe(503);
    server.drain();
    expect(await postWebhook(endpoint, '{}', await sign('{}'))).toBe(503);
  });

  it('takes one to its end that was begun before the gateway shuts down', async () => {
    const { url, server, listed } = await setUp();
    const body = pushBody('r1');
    const headers = [`content-length: ${body.length}`, `${signatureHeader}: ${await sign(body)}`];
    const { socket, heard, closed } = say(url, head(url, ...headers, 'expect: 100-continue'));
    await until(() => heard().includes('100 Continue'));
    socket.write('{');
    const shut = server.close();
    socket.write(body.slice(1));
    await Promise.all([shut, closed]);
    expect(statusOf(heard())).toBe(200);
    expect(await listed(unmatchedOwner)).toMatchObject([{ signatureValid: true }]);
  });
});

/** Two thousand headers that are not the signature, of every kind that there is. */
function* wrongSignatures(genuine: string): Iterable<string[]> {
  const below = createRandom(1);
  const hex = genuine.slice('sha256='.length);
  const digit = (): string => '0123456789abcdef'.charAt(below(16));
  const changed = (): string => {
    const at = below(64);
    const other = '0123456789abcdef'.replace(hex.charAt(at), '').charAt(below(15));
    return `${hex.slice(0, at)}${other}${hex.slice(at + 1)}`;
  };
  const named = (...values: string[]): string[] => values.flatMap((value) => [signatureHeader, value]);
  const forms: (() => string[])[] = [
    () => [],
    () => named(''),
    () => named(genuine, genuine),
    () => named(genuine, `sha256=${changed()}`),
    () => named(`sha256=${changed()}`, genuine),
    () => named(`${genuine}, ${genuine}`),
    () => named(`sha256=${hex.slice(0, below(64))}`),
    () => named(`sha256=${hex}${digit().repeat(1 + below(64))}`),
    () => named(`sha256=${digit().repeat(1 + below(8_000))}`),
    () => named(`sha256=${changed()}`),
    () => named(`sha256=${hex.toUpperCase()}`),
    () => named(`SHA256=${hex}`),
    () => named(hex),
    () => named(`sha1=${hex}`),
    () => named(`sha256=${hex.slice(0, 63)}${String.fromCharCode(0xa1 + below(94))}`),
    () => named(`sha256=${String.fromCharCode(0xa1 + below(94)).repeat(64)}`),
    () => named(`sha256= ${hex}`),
    () => named(Buffer.from(hex, 'hex').toString('base64')),
    () => ['x-signature', genuine, 'authorization', genuine],
    () => named(Array.from({ length: 71 }, () => String.fromCharCode(0x21 + below(94))).join('')),
  ];
  for (let at = 0; at < 2_000; at += 1) yield (forms[at % forms.length] as () => string[])();
}

describe('the signature', () => {
  it('is refused with 401 in two thousand wrong forms, and nothing has an effect', async () => {
    const { endpoint, effect, listed } = await setUp();
    const body = pushBody('r1');
    effect.tenantOf.set('r1', 'one');
    const genuine = await sign(body);
    const answers = new Map<number, number>();
    const forms = wrongSignatures(genuine)[Symbol.iterator]();
    const send = async (): Promise<void> => {
      for (let form = forms.next(); !form.done; form = forms.next()) {
        const { status } = await postRaw(endpoint, body, form.value);
        answers.set(status, (answers.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: 4 }, send));
    expect([...answers]).toEqual([[401, 2_000]]);
    expect(await listed(unmatchedOwner)).toMatchObject([{ signatureValid: false, duplicates: 1_999 }]);
    expect(effect.applied).toEqual([]);
    // And the true one is true still.
    expect(await postWebhook(endpoint, body, genuine)).toBe(200);
    await until(() => effect.applied.length === 1);
  }, 60_000);

  const oddBodies: [string, Uint8Array][] = [
    ['spaces', '{ "event" : "push.responded" , "requestId" : "r" }'],
    ['none', '{"event":"push.responded","requestId":"r"}'],
    ['tabs and lines', '{\r\n\t"event":\t"push.responded",\r\n\t"requestId":"r"\r\n}\r\n'],
    ['lines before and behind', '\n\n{"event":"push.responded","requestId":"r"}\n\n'],
    ['escapes', String.raw`{"event":"push.responded","title":"\uad00\ubb38","requestId":"r"}`],
    ['the same unescaped', '{"event":"push.responded","title":"관문","requestId":"r"}'],
    ['an escaped slash', String.raw`{"event":"push.responded","url":"https:\/\/a\/b","requestId":"r"}`],
    ['1.0', '{"event":"push.responded","amount":1.0,"large":10000000000000000001,"requestId":"r"}'],
    ['1e2', '{"event":"push.responded","amount":1E+2,"minus":-0.0,"requestId":"r"}'],
    ['a name twice', '{"event":"other","event":"push.responded","requestId":"q","requestId":"r"}'],
    ['a BOM', '\u{feff}{"event":"push.responded","requestId":"r"}'],
    ['half a surrogate pair', String.raw`{"event":"push.responded","title":"\ud800","requestId":"r"}`],
  ].map(([what = '', text = '']) => [what, Buffer.from(text)]);

  it.each(oddBodies)(
    'is of the raw bytes: a body with %s is genuine, and no longer with one byte changed',
    async (_what, body) => {
      const { endpoint, listed, reader } = await setUp();
      const signature = await sign(body);
      expect(await postWebhook(endpoint, body, signature)).toBe(200);
      const [{ id, event } = expect.unreachable()] = await listed(unmatchedOwner);
      expect(event).toBe('push.responded');
      expect(await reader.bodies([id])).toEqual([body]);
      for (const at of [0, Math.floor(body.length / 2), body.length - 1]) {
        const changed = Uint8Array.from(body);
        changed[at] = (changed[at] as number) ^ 1;
        expect(await postWebhook(endpoint, changed, signature)).toBe(401);
      }
      expect(await postWebhook(endpoint, body.subarray(1), signature)).toBe(401);
    },
  );

  it("is of the account's own secret: of ten by ten only the diagonal is genuine", async () => {
    const accounts = Array.from({ length: 10 }, (_, at) => ({ account: `account-${at}`, secret: `secret ${at}` }));
    const { endpoint } = await setUp({ core: { sources: accounts.map(hmacSource) } });
    const genuine: string[] = [];
    for (const { account } of accounts) {
      for (const { secret } of accounts) {
        const status = await postWebhook(`${endpoint}/${account}`, '{}', await sign('{}', secret));
        expect([200, 401]).toContain(status);
        if (status === 200) genuine.push(`${account} ${secret}`);
      }
    }
    expect(genuine).toEqual(accounts.map(({ account, secret }) => `${account} ${secret}`));
  });
});

describe('what a sender may cost', () => {
  const largest = Buffer.alloc(64 * 1024, 0x20);

  it('is 64 KB, whether the length is told or not', async () => {
    const { endpoint, listed } = await setUp();
    expect(await postWebhook(endpoint, largest, await sign(largest))).toBe(200);
    const larger = Buffer.alloc(largest.length + 1, 0x20);
    const headers = [signatureHeader, await sign(larger)];
    expect((await postRaw(endpoint, larger, headers)).status).toBe(413);
    expect((await postRaw(endpoint, larger, [...headers, 'transfer-encoding', 'chunked'])).status).toBe(413);
    expect(await listed(unmatchedOwner)).toHaveLength(1);
  });

  it('is no body that would have to be opened', async () => {
    const { endpoint } = await setUp();
    const headers = [signatureHeader, await sign('{}'), 'content-encoding', 'gzip'];
    expect((await postRaw(endpoint, '{}', headers)).status).toBe(415);
  });

  it('is a body that comes in time: a slow one is cut', async () => {
    const { url, listed } = await setUp({ endpoint: { bodyTimeoutMs: 50 } });
    const slow = say(url, `${head(url, 'content-length: 10')}{`);
    await slow.closed;
    expect(statusOf(slow.heard())).toBe(408);
    // Also where it was answered already, and only keeps the socket.
    const large = say(url, `${head(url, 'content-length: 100000')}{`);
    await large.closed;
    expect(statusOf(large.heard())).toBe(413);
    const gone = say(url, `${head(url, 'content-length: 10')}{`);
    gone.socket.destroy();
    await gone.closed;
    expect(await listed(unmatchedOwner)).toEqual([]);
  });
});
