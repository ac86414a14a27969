import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { TokenSubject } from '../../../src/core/commerce/provider.ts';
import { silentLog } from '../../../src/core/log.ts';
import { createCommerceApi } from '../../../src/providers/naver-commerce/api.ts';
import { createTokenIssuer } from '../../../src/providers/naver-commerce/token.ts';
import { answer, CLIENT_ID, CLIENT_SECRET, failureOf, peer, provider, type Seen, TOKEN } from './account.ts';

const now = 1_643_961_623_299;
const clock = { now: () => now, monotonicMs: () => performance.now() };
/** No answer of this peer moves the clock. */
const date = new Date(now).toUTCString();

const UNRESERVED = /[A-Za-z0-9*._-]/;
/** application/x-www-form-urlencoded, written byte by byte. */
const encode = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const letter = String.fromCharCode(byte);
      return UNRESERVED.test(letter)
        ? letter
        : letter === ' '
          ? '+'
          : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

describe('a token call', () => {
  it('is these bytes for the own shop', async () => {
    const { url, seen } = await peer(answer(200, TOKEN, { date }));
    const made = provider(url, { clientSecret: '$2a$10$abcdefghijklmnopqrstuv', clock });
    await made.issueToken({ type: 'SELF' });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.line).toBe('POST /external/v1/oauth2/token');
    expect(seen[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(seen[0]?.headers.authorization).toBeUndefined();
    // The signature of the document for this id and time.
    const sign = 'JDJhJDEwJGFiY2RlZmdoaWprbG1ub3BxcnN0dXVCVldZSk42T0VPdEx1OFY0cDQxa2IuTnpVaUEzbmsy';
    expect(seen[0]?.body).toBe(
      `client_id=aaaabbbbcccc&timestamp=1643961623299&grant_type=client_credentials&client_secret_sign=${sign}&type=SELF`,
    );
  });

  it('names a seller and encodes what would break a form', async () => {
    const { url, seen } = await peer(answer(200, TOKEN, { date }));
    const clientId = 'a&b=c+d%20;e';
    const sellerAccountId = 'ncp+1&type=SELF%00=/?#~';
    await provider(url, { clientId, clock }).issueToken({ type: 'SELLER', sellerAccountId });
    const [, , , sign = ''] = seen[0]?.body.split('&') ?? [];
    expect(sign).toMatch(/^client_secret_sign=[A-Za-z0-9]{80}$/);
    expect(seen[0]?.body).toBe(
      `client_id=${encode(clientId)}&timestamp=${now}&grant_type=client_credentials&${sign}&type=SELLER&account_id=${encode(sellerAccountId)}`,
    );
  });

  it.each(['', 'a b', 'a\n', '한글', 'a'.repeat(65), undefined, 7])(
    'is not made for the seller %j',
    async (sellerAccountId) => {
      const { url, seen } = await peer(answer(200, TOKEN));
      const subject = { type: 'SELLER', sellerAccountId } as TokenSubject;
      expect(await failureOf(provider(url).issueToken(subject))).toMatchObject({
        code: 'PROVIDER_REJECTED',
        origin: { code: 'NOT_A_SELLER_ACCOUNT' },
      });
      expect(seen).toEqual([]);
    },
  );
});

/** What is wrong with a token request, by the document alone; undefined where nothing is. */
function malformed({ line, headers, body }: Seen, clientIds: ReadonlySet<string>): string | undefined {
  if (line !== 'POST /external/v1/oauth2/token') return line;
  if (headers['content-type'] !== 'application/x-www-form-urlencoded') return 'content type';
  if (headers['content-length'] !== String(Buffer.byteLength(body))) return 'length';
  if (!/^[A-Za-z0-9*._+%=&-]+$/.test(body)) return 'letters';
  const pairs = body.split('&').map((pair) => pair.split('='));
  if (pairs.some((pair) => pair.length !== 2)) return 'pairs';
  const names = pairs.map(([name]) => name).join();
  const values = new Map(pairs.map(([name, text = '']) => [name, decodeURIComponent(text.replaceAll('+', ' '))]));
  if (!clientIds.has(values.get('client_id') ?? '')) return 'client_id';
  if (!/^\d{13}$/.test(values.get('timestamp') ?? '')) return 'timestamp';
  if (values.get('grant_type') !== 'client_credentials') return 'grant_type';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(values.get('client_secret_sign') ?? '')) return 'client_secret_sign';
  const all = 'client_id,timestamp,grant_type,client_secret_sign,type';
  if (values.get('type') === 'SELF') return names === all ? undefined : names;
  if (values.get('type') !== 'SELLER' || names !== `${all},account_id`) return names;
  return /^[\x21-\x7e]{1,64}$/.test(values.get('account_id') ?? '') ? undefined : 'account_id';
}

describe('every token call', () => {
  const subject = fc.oneof(
    fc.constant({ type: 'SELF' }),
    fc.record({ type: fc.constant('SELLER'), sellerAccountId: fc.stringMatching(/^[\x21-\x7e]{1,64}$/) }),
    // What no caller of ours may make, and a cast could.
    fc.record({ type: fc.constantFrom('SELF', 'SELLER', 'self', ''), sellerAccountId: fc.string({ unit: 'binary' }) }),
    fc.record({ type: fc.constant('SELLER'), sellerAccountId: fc.anything() }),
  ) as fc.Arbitrary<unknown> as fc.Arbitrary<TokenSubject>;
  const clientId = fc.stringMatching(/^[\x21-\x7e]{1,58}$/);
  // Any base64, which bcrypt's own never needs.
  const signature = fc.base64String({ minLength: 4, maxLength: 80 });

  it('is well-formed, of 10,000 random ones', { timeout: 120_000 }, async () => {
    const { url, seen } = await peer(answer(200, TOKEN));
    const clientIds = new Set(fc.sample(clientId, 20));
    let sent = 0;
    let refused = 0;
    for (const id of clientIds) {
      const options = { account: 'default', baseUrl: url, clock: systemClock, log: silentLog };
      const api = createCommerceApi({ ...options, maxQueueMs: 600_000 }, () => {});
      const signatures = fc.sample(signature, 500);
      const issue = createTokenIssuer({
        api,
        credentials: { clientId: id, clientSecret: CLIENT_SECRET },
        sign: async (timestamp) => signatures[timestamp % 500] as string,
        clock: systemClock,
      });
      const issued = await Promise.allSettled(fc.sample(subject, 10_000 / clientIds.size).map(issue));
      sent += issued.filter(({ status }) => status === 'fulfilled').length;
      refused += issued.filter(({ status }) => status === 'rejected').length;
      await api.stop();
    }
    expect(seen.map((each) => malformed(each, clientIds)).filter((fault) => fault !== undefined)).toEqual([]);
    expect(seen).toHaveLength(sent);
    expect(sent + refused).toBeGreaterThanOrEqual(9_990);
    expect(sent).toBeGreaterThan(5_000);
    expect(refused).toBeGreaterThan(1_000);
  });

  it('has a judge that refuses the malformed: the control', () => {
    const good = `client_id=${CLIENT_ID}&timestamp=${now}&grant_type=client_credentials&client_secret_sign=QUJD&type=SELF`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const judge = (body: string, line = 'POST /external/v1/oauth2/token') =>
      malformed({ line, headers: { ...headers, 'content-length': String(body.length) }, body }, new Set([CLIENT_ID]));
    expect(judge(good)).toBeUndefined();
    expect(judge(`${good}&account_id=a`)).toBeDefined();
    expect(judge(good, `POST /external/v1/oauth2/token?${good}`)).toBeDefined();
    expect(judge(good.replace('SELF', 'SELLER'))).toBeDefined();
    expect(judge(good.replace(String(now), '1643961623'))).toBeDefined();
  });
});

describe('a token', () => {
  it('is good until what is left of it has passed, counted from before it was asked for', async () => {
    const { url } = await peer(answer(200, { ...TOKEN, scope: 'unknown', expires_in: 1_234 }, { date }));
    expect(await provider(url, { clock }).issueToken({ type: 'SELF' })).toEqual({
      accessToken: 'the-token',
      tokenType: 'Bearer',
      expiresAt: now + 1_234_000,
    });
  });

  it.each([
    [{ ...TOKEN, access_token: 'a\nb' }, 'access_token'],
    [{ ...TOKEN, access_token: '' }, 'access_token'],
    [{ expires_in: 60 }, 'access_token'],
    [{ access_token: 'CANARY' }, 'expires_in'],
    [{ ...TOKEN, access_token: 'CANARY', expires_in: 0 }, 'expires_in'],
    [{ ...TOKEN, access_token: 'CANARY', token_type: 'mac' }, 'token_type'],
    ['{"access_token":"CANARY', 'JSON'],
    ['["CANARY"]', 'JSON'],
    ['', 'JSON'],
  ])('that comes as %j is none, and is not quoted', async (body, what) => {
    const { url } = await peer(answer(200, body));
    const made = provider(url);
    const failure = await failureOf(made.issueToken({ type: 'SELF' }));
    expect(failure).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', outcome: 'UNKNOWN', origin: { code: 'BAD_ANSWER' } });
    expect(failure.origin?.text).toContain(what);
    expect(JSON.stringify([failure, made.health()])).not.toContain('CANARY');
  });
});
