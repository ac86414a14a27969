import { setTimeout as delay } from 'node:timers/promises';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { CommerceRestricted, type GatewayError } from '../../../src/core/errors.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { NaverCommerceProviderOptions } from '../../../src/providers/naver-commerce/provider.ts';
import {
  answer,
  badRequest,
  CLIENT_SECRET,
  DATA_CALLS,
  failureOf,
  gatewayError,
  peer,
  provider,
  type Reply,
  TRACE,
} from './account.ts';

const now = Date.parse('2026-03-02T03:04:05.000Z');
const clock = { now: () => now, monotonicMs: () => performance.now() };
const hour = { 'GNCP-GW-Quota-Period': 'HOURS', 'GNCP-GW-Quota-Limit': '1', 'GNCP-GW-Quota-Remaining': '0' };
const apis = Object.entries(DATA_CALLS);

/** What becomes of a call, in a line. */
const told = ({ code, outcome, retryAt }: GatewayError & { outcome?: string }): string =>
  [code, outcome, retryAt === undefined ? undefined : `+${(retryAt - now) / 1_000} s`].filter(Boolean).join(', ');

const rejected = 'PROVIDER_REJECTED';
const unclear = 'PROVIDER_UNAVAILABLE, UNKNOWN';
const rows: [number, unknown, string, Record<string, string>?][] = [
  [400, gatewayError('BAD_REQUEST'), rejected],
  [400, gatewayError('104139'), rejected],
  [401, gatewayError('UNAUTHORIZED'), rejected],
  [403, gatewayError('GW.IP_NOT_ALLOWED'), rejected],
  [403, gatewayError('ROLE_NOT_FOUND'), rejected],
  [404, gatewayError('GW.NOT_FOUND'), rejected],
  [404, gatewayError('CHANNEL_NOT_FOUND'), rejected],
  [405, '', rejected],
  [415, '<html></html>', rejected],
  [408, '', unclear],
  [301, '', unclear, { location: 'http://127.0.0.1:9/' }],
  [429, gatewayError('GW.QUOTA_LIMIT'), 'COMMERCE_RESTRICTED, +3600 s', hour],
  [429, gatewayError('GW.QUOTA_LIMIT'), 'COMMERCE_RESTRICTED, +60 s', { 'GNCP-GW-Quota-Period': 'SECONDS' }],
  [429, gatewayError('GW.QUOTA_LIMIT'), 'COMMERCE_RESTRICTED, +3600 s'],
  [429, gatewayError('GW.RATE_LIMIT'), 'RATE_LIMITED, +1 s'],
  [429, gatewayError('GW.RATE_LIMIT'), 'RATE_LIMITED, +7 s', { 'Retry-After': '7' }],
  [429, '', 'RATE_LIMITED, +1 s'],
  [429, '', 'RATE_LIMITED, +900 s', { 'Retry-After': '999999' }],
  [500, gatewayError('GW.PROXY.01'), unclear],
  [500, gatewayError('GW.PROXY.03'), unclear],
  [500, gatewayError('GW.INTERNAL_SERVER_ERROR'), unclear],
  [500, gatewayError('9999'), unclear],
  [502, '<html></html>', unclear],
  [503, '', unclear],
  [503, gatewayError('GW.BLOCK.01'), 'PROVIDER_UNAVAILABLE, NOT_ACCEPTED, +5 s'],
  [503, gatewayError('GW.BLOCK.02'), 'PROVIDER_UNAVAILABLE, NOT_ACCEPTED, +60 s'],
  [504, gatewayError('GW.TIMEOUT.01'), unclear],
  [504, gatewayError('GW.TIMEOUT.02'), unclear],
  [200, 'null', unclear],
  [200, '{"data":[', unclear],
  [200, '<html></html>', unclear],
  [204, '', unclear],
];

describe('an error', () => {
  // Without a wait, so that what is too fast is told at once.
  const options = { clock, maxQueueMs: 0 };

  it.each(rows)('%i %j is %s, for the token and for every API', async (status, body, expected, headers = {}) => {
    const { url, seen } = await peer(answer(status, body, { ...headers, date: new Date(now).toUTCString() }));
    expect(told(await failureOf(provider(url, options).issueToken({ type: 'SELF' })))).toBe(expected);
    for (const [name, call] of apis) {
      const failure = await failureOf(call(provider(url, options)));
      expect(`${name}: ${told(failure)}`).toBe(`${name}: ${expected}`);
      expect(failure.origin).toMatchObject({ provider: 'NAVER_COMMERCE', httpStatus: status, at: now });
    }
    expect(seen).toHaveLength(6);
  });

  it('401 GW.AUTHN is a refused token for every API, and a rejection of the token call', async () => {
    const { url } = await peer(answer(401, gatewayError('GW.AUTHN'), { 'gncp-gw-trace-id': 'from-the-header' }));
    for (const [, call] of apis) {
      const fault = { code: 'GW.AUTHN', text: 'Says why', httpStatus: 401, traceId: 'from-the-header' };
      expect(await call(provider(url))).toMatchObject({ tokenRefused: true, fault });
    }
    expect(told(await failureOf(provider(url, options).issueToken({ type: 'SELF' })))).toBe(rejected);
  });

  it('of a quota tells how many an hour, where they are an hour’s', async () => {
    const { url } = await peer(answer(429, gatewayError('GW.QUOTA_LIMIT'), hour));
    const made = provider(url, options);
    const failure = await failureOf(made.issueToken({ type: 'SELF' }));
    expect(failure).toBeInstanceOf(CommerceRestricted);
    expect(failure).toMatchObject({ quotaPerHour: 1, origin: { code: 'GW.QUOTA_LIMIT', traceId: TRACE } });
    expect(made.health()).toMatchObject({
      healthy: false,
      detail: 'Naver has restricted the application to 1 an hour.',
    });
    const other = await peer(answer(429, gatewayError('GW.QUOTA_LIMIT'), { ...hour, 'GNCP-GW-Quota-Period': 'ROUND' }));
    expect(await failureOf(provider(other.url).issueToken({ type: 'SELF' }))).toMatchObject({
      quotaPerHour: undefined,
    });
  });

  it('keeps Naver’s own words and fields, bounded', async () => {
    const said = badRequest('type', 'x'.repeat(1_000), 'c'.repeat(100));
    const { url } = await peer(answer(400, { ...said, message: '유효하지 않은 요청입니다.', traceId: TRACE }));
    const { origin } = await failureOf(provider(url).issueToken({ type: 'SELF' }));
    expect(origin?.code).toBe('c'.repeat(64));
    expect(origin?.text).toMatch(/^유효하지 않은 요청입니다\. type: x+$/);
    expect(origin?.text).toHaveLength(500);
    expect(origin?.traceId).toBe(TRACE);
  });

  it('that quotes what was sent does not let it through', async () => {
    const logged: unknown[] = [];
    const keep = (...said: unknown[]) => void logged.push(said);
    const { url, seen } = await peer((response, request, body) => {
      const sign = new URLSearchParams(body).get('client_secret_sign') ?? '';
      // Of the secret only a token call can know anything.
      const quoted = `${request.headers.authorization} ${body} ${sign} ${sign === '' ? '' : CLIENT_SECRET}`;
      answer(400, { ...badRequest('client_secret_sign', quoted), code: sign }, { 'gncp-gw-trace-id': sign })(
        response,
        request,
        body,
      );
    });
    const made = provider(url, { log: { info: keep, warn: keep, error: keep } });
    const failures = [
      await failureOf(made.issueToken({ type: 'SELF' })),
      await failureOf((DATA_CALLS['confirm'] as (typeof apis)[0][1])(made)),
    ];
    const all = JSON.stringify([failures, failures.map(({ message }) => message), made.health(), logged]);
    const sign = new URLSearchParams(seen[0]?.body).get('client_secret_sign') as string;
    expect(sign).toHaveLength(80);
    for (const secret of [sign, 'the-token', CLIENT_SECRET]) expect(all).not.toContain(secret);
    // The control: what was around them is there.
    expect(all).toContain('grant_type=client_credentials');
    expect(logged).toHaveLength(1);
  });
});

describe('a call without a whole answer', () => {
  it('was refused the connection: nothing was done', async () => {
    const { url, stop } = await peer(() => {});
    await stop();
    for (const [, call] of apis) {
      const failure = await failureOf(call(provider(url)));
      expect(failure).toMatchObject({ outcome: 'NOT_ACCEPTED', origin: { code: 'ECONNREFUSED' } });
    }
  });

  const cases: [string, NaverCommerceProviderOptions['http'], Reply][] = [
    ['executed, then cut', {}, (response) => response.destroy()],
    ['no headers in time', { headersTimeoutMs: 50 }, () => {}],
    [
      'a body that drips',
      { totalTimeoutMs: 200 },
      async (response) => {
        while (!response.destroyed) {
          response.write(' ');
          await delay(20);
        }
      },
    ],
    ['a huge body', {}, (response) => response.end(JSON.stringify({ data: 'x'.repeat(9_000_000) }))],
    [
      'a compressed body',
      {},
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync('{}')),
    ],
  ];
  it.each(cases)('(%s) is UNKNOWN, and was sent once', async (_, http, reply) => {
    const { url, seen } = await peer(reply);
    const failure = await failureOf(
      (DATA_CALLS['confirm'] as (typeof apis)[0][1])(provider(url, { http: http ?? {} })),
    );
    expect(failure).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', outcome: 'UNKNOWN' });
    expect(seen).toHaveLength(1);
  });
});

describe('the health of an account', () => {
  it('turns with the third failure, and back with the first answer', async () => {
    let status = 500;
    const { url } = await peer((...to) => answer(status, { accountId: 'a', accountUid: 'u' })(...to));
    const made = provider(url);
    let changes = 0;
    const release = made.onChange(() => {
      changes += 1;
    });
    for (const healthy of [true, true, false]) {
      await failureOf(made.seller('the-token'));
      expect(made.health().healthy).toBe(healthy);
    }
    status = 200;
    await made.seller('the-token');
    expect(made.health()).toMatchObject({
      provider: 'NAVER_COMMERCE',
      configured: true,
      healthy: true,
      simulated: true,
    });
    expect(changes).toBe(2);
    release();
    await made.stop();
    expect(changes).toBe(2);
    expect(made.health()).toMatchObject({ healthy: false, detail: 'Stopped.' });
  });

  it('turns with a refused application, and not with a refused seller', async () => {
    const { url } = await peer((response, request, body) => {
      const isSeller = body.includes('SELLER');
      const said = isSeller ? { code: 'STORE_NOT_FOUND', message: '없음' } : badRequest('client_secret_sign');
      answer(isSeller ? 404 : 400, said)(response, request, body);
    });
    const made = provider(url, { log: silentLog, clock: systemClock });
    await failureOf(made.issueToken({ type: 'SELLER', sellerAccountId: 'ncp_1' }));
    expect(made.health().healthy).toBe(true);
    await failureOf(made.issueToken({ type: 'SELF' }));
    expect(made.health()).toMatchObject({ healthy: false, lastFault: { code: 'BAD_REQUEST' } });
  });

  it('stays with the application that may have no more tokens while the one it has is good', async () => {
    const { url } = await peer((response, request, body) =>
      (request.url?.endsWith('/token')
        ? answer(429, gatewayError('GW.QUOTA_LIMIT'), hour)
        : answer(200, { accountId: 'a', accountUid: 'u' }))(response, request, body),
    );
    const made = provider(url);
    await failureOf(made.issueToken({ type: 'SELF' }));
    await made.seller('the-token');
    expect(made.health().detail).toBe('Naver has restricted the application to 1 an hour.');
  });
});

describe('a stopped account', () => {
  it('sends nothing, and lets what is under way finish', async () => {
    let answerIt = (): void => {};
    const { url, seen } = await peer((...to) => {
      answerIt = () => void answer(200, { accountId: 'a', accountUid: 'u' })(...to);
    });
    const made = provider(url);
    const underWay = made.seller('the-token');
    while (seen.length === 0) await delay(5);
    const stopped = made.stop();
    expect(await failureOf(made.seller('the-token'))).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      origin: { code: 'STOPPED' },
    });
    expect(await failureOf(made.issueToken({ type: 'SELF' }))).toMatchObject({ outcome: 'NOT_ACCEPTED' });
    answerIt();
    expect(await underWay).toMatchObject({ tokenRefused: false });
    await stopped;
    expect(seen).toHaveLength(1);
  });
});
