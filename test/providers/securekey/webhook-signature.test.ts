import { randomBytes, webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { WebhookHeaders } from '../../../src/core/webhooks/source.ts';
import { createSecureKeyWebhookSource } from '../../../src/providers/securekey/webhook-source.ts';
import { createRandom } from '../../support/random.ts';

const SECRET = 'whsec_비밀_0123456789';
const source = (...webhookSecrets: string[]) => createSecureKeyWebhookSource({ account: 'default', webhookSecrets });
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const signed = (...values: string[]): WebhookHeaders => ({ 'x-securekey-signature': values });

/** The document's signature, by another implementation of HMAC than the one under test. */
async function signatureOf(body: Uint8Array, secret = SECRET): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', bytes(secret), algorithm, false, ['sign']);
  const digest = new Uint8Array(await webcrypto.subtle.sign('HMAC', key, body));
  return `sha256=${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

const BODY = bytes(
  '{"event":"push.responded","channel":"push","data":{"requestId":"cm1","externalUserId":"user_123"},' +
    '"timestamp":"2026-03-02T12:04:05+09:00"}',
);

/** What one thing serialised in many ways is, and a genuine webhook may be. */
const ODD_BODIES: [string, Uint8Array][] = [
  ['a byte order mark', bytes('\uFEFF{"event":"push.responded","data":{"requestId":"cm1"}}')],
  ['escapes', bytes('{"event":"push\\u002eresponded","data":{"requestId":"\\u0063m1"}}')],
  ['escaped Korean', bytes('{"event":"push.responded","data":{"requestId":"cm1","externalUserId":"\\ud64d"}}')],
  ['Korean', bytes('{"event":"push.responded","data":{"requestId":"cm1","externalUserId":"홍길동"}}')],
  ['escaped slashes', bytes('{"event":"push.responded","data":{"requestId":"cm1","url":"https:\\/\\/a"}}')],
  ['1.0', bytes('{"event":"push.responded","data":{"requestId":"cm1","n":1.0}}')],
  ['1e2 and -0', bytes('{"event":"push.responded","data":{"requestId":"cm1","n":[1e2,-0,1E+2]}}')],
  ['an integer past 2^53', bytes('{"event":"push.responded","data":{"requestId":"cm1","n":9007199254740993}}')],
  ['duplicate keys', bytes('{"event":"x","event":"push.responded","data":{"requestId":"no","requestId":"cm1"}}')],
  ['spaces as Python writes them', bytes('{"event": "push.responded", "data": {"requestId": "cm1"}}')],
  ['line breaks and tabs', bytes('\r\n{\n\t"event" : "push.responded" ,\n\t"data" : {"requestId" : "cm1"}\n}\n')],
  ['keys in another order', bytes('{"data":{"requestId":"cm1"},"timestamp":"","event":"push.responded"}')],
];

describe('a webhook', () => {
  it('is genuine where the golden vector is', () => {
    // RFC 4231, test case 2.
    const vector = 'sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    expect(source('Jefe').isGenuine(bytes('what do ya want for nothing?'), signed(vector))).toBe(true);
    expect(source('jefe').isGenuine(bytes('what do ya want for nothing?'), signed(vector))).toBe(false);
  });

  it('is genuine by the signature of another implementation, over random bytes and secrets', async () => {
    for (let run = 0; run < 200; run += 1) {
      const body = new Uint8Array(randomBytes(run * 7));
      const secret = randomBytes(4 + run).toString('base64');
      const signature = await signatureOf(body, secret);
      expect(source(secret).isGenuine(body, signed(signature))).toBe(true);
      expect(source(`${secret}x`).isGenuine(body, signed(signature))).toBe(false);
    }
  });

  it.each(ODD_BODIES)('is genuine with %s, and not with any one byte changed', async (_, body) => {
    const signature = await signatureOf(body);
    const account = source(SECRET);
    expect(account.isGenuine(body, signed(signature))).toBe(true);
    expect(account.read(body)).toMatchObject({ event: 'push.responded', subject: { requestId: 'cm1' } });
    for (let at = 0; at < body.length; at += 1) {
      const changed = Uint8Array.from(body, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(account.isGenuine(changed, signed(signature))).toBe(false);
      account.read(changed);
    }
    expect(account.isGenuine(body.subarray(1), signed(signature))).toBe(false);
    expect(account.isGenuine(Uint8Array.from([...body, 10]), signed(signature))).toBe(false);
  });

  it('is not genuine as it would be serialised anew: why the bytes are kept', async () => {
    for (const [, body] of ODD_BODIES) {
      const anew = bytes(JSON.stringify(JSON.parse(new TextDecoder().decode(body))));
      if (Buffer.compare(anew, body) === 0) continue;
      expect(source(SECRET).isGenuine(anew, signed(await signatureOf(body)))).toBe(false);
    }
  });

  it('is genuine by any of the secrets, and by none where there is none', async () => {
    const signature = signed(await signatureOf(BODY));
    expect(source('older-one', SECRET).isGenuine(BODY, signature)).toBe(true);
    expect(source(SECRET, 'newer-one').isGenuine(BODY, signature)).toBe(true);
    expect(source('older-one', 'newer-one').isGenuine(BODY, signature)).toBe(false);
    expect(source().isGenuine(BODY, signature)).toBe(false);
    expect(source().isGenuine(BODY, signed(await signatureOf(BODY, ' ')))).toBe(false);
  });

  it('is genuine at its own account alone, of ten with ten secrets', async () => {
    const secrets = Array.from({ length: 10 }, (_, index) => `secret-of-${index}`);
    const passed = [];
    for (const [row, signer] of secrets.entries()) {
      const signature = signed(await signatureOf(BODY, signer));
      for (const [column, secret] of secrets.entries()) {
        if (source(secret).isGenuine(BODY, signature)) passed.push([row, column]);
      }
    }
    expect(passed).toEqual(secrets.map((_, index) => [index, index]));
  });

  it.each([
    ['no header', () => ({})],
    ['an undefined one', () => ({ 'x-securekey-signature': undefined })],
    ['an empty list', () => signed()],
    ['an empty text', () => signed('')],
    ['it twice', (good: string) => signed(good, good)],
    ['it twice in one', (good: string) => signed(`${good}, ${good}`)],
    ['another beside it', (good: string) => signed(good, 'sha256=')],
    ['no prefix', (good: string) => signed(good.slice(7))],
    ['another prefix', (good: string) => signed(good.replace('sha256', 'sha512'))],
    ['a prefix in capitals', (good: string) => signed(good.replace('sha256', 'SHA256'))],
    ['digits in capitals', (good: string) => signed(`sha256=${good.slice(7).toUpperCase()}`)],
    ['one digit less', (good: string) => signed(good.slice(0, -1))],
    ['one digit more', (good: string) => signed(`${good}0`)],
    ['a line break behind it', (good: string) => signed(`${good}\n`)],
    ['a space before it', (good: string) => signed(` ${good}`)],
    ['base64', (good: string) => signed(`sha256=${Buffer.from(good.slice(7), 'hex').toString('base64')}`)],
    ['another name', (good: string) => ({ 'x-signature': [good] })],
    // Not what the port promises, but nothing to fall over.
    ['a text for the list', (good: string) => ({ 'x-securekey-signature': good }) as unknown as WebhookHeaders],
    ['a null', () => signed(null as unknown as string)],
  ])('is not genuine with %s', async (_, headers) => {
    expect(source(SECRET).isGenuine(BODY, headers(await signatureOf(BODY)))).toBe(false);
  });

  it('is not genuine with any of 100,000 made-up headers, and none of them throws', async () => {
    const random = createRandom(20_260_302);
    const good = await signatureOf(BODY);
    const account = source(SECRET, 'another-secret');
    const letters = [...'0123456789abcdefABCDEFghz=,: \0\n"', '가', '\ud800', '😀', 'é'];
    const text = (length: number): string =>
      Array.from({ length }, () => letters[random(letters.length)] as string).join('');
    const hex = (length: number): string => Array.from({ length }, () => random(16).toString(16)).join('');
    const changed = (): string => {
      const at = random(good.length);
      const letter = letters[random(letters.length)] as string;
      // Where it came out the same, it is made another.
      const other = `${good.slice(0, at)}${letter}${good.slice(at + 1)}`;
      return other === good ? `${good}${letter}` : other;
    };
    const shapes: (() => readonly string[] | undefined)[] = [
      () => undefined,
      () => [],
      () => [text(random(100))],
      () => [`sha256=${text(64)}`],
      () => [`sha256=${hex(64)}`],
      () => [`sha256=${hex(random(130))}`],
      () => [changed()],
      () => [good.slice(0, random(good.length))],
      () => [good, text(random(80))],
      () => [good.toUpperCase()],
    ];
    let accepted = 0;
    for (let run = 0; run < 100_000; run += 1) {
      const values = shapes[run % shapes.length]?.();
      if (account.isGenuine(BODY, { 'x-securekey-signature': values })) accepted += 1;
    }
    expect(accepted).toBe(0);
    expect(account.isGenuine(BODY, signed(good))).toBe(true);
  });
});
