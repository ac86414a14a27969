import { setTimeout as delay } from 'node:timers/promises';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MfaRequired, ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import { StoreUnavailable } from '../../../src/core/store.ts';
import type { SecureKeyProviderOptions } from '../../../src/providers/securekey/provider.ts';
import { answer, CALLS, failureOf, openBudget, peer, provider, type Reply, refusal, success } from './account.ts';

const PUSH = { pushRespondPath: '/push/respond' };
const html = '<html><body><h1>Error</h1></body></html>';
const sent = { success: true, message: 'ok', data: {} };
const send = CALLS['/otp/send'] as NonNullable<(typeof CALLS)[string]>;

describe('a call', () => {
  const rows: [status: number, body: unknown, code: string, origin: string, outcome?: string][] = [
    // Refused: certainly not done.
    [200, refusal('INVALID_PHONE'), 'PROVIDER_REJECTED', 'INVALID_PHONE'],
    [400, refusal('INVALID_PHONE'), 'PROVIDER_REJECTED', 'INVALID_PHONE'],
    [400, { success: false, error: 'Says why', code: 4001 }, 'PROVIDER_REJECTED', '4001'],
    [400, { success: false }, 'PROVIDER_REJECTED', 'HTTP_400'],
    [200, { success: false, code: {} }, 'PROVIDER_REJECTED', 'HTTP_200'],
    [404, html, 'PROVIDER_REJECTED', 'HTTP_404'],
    [409, '', 'PROVIDER_REJECTED', 'HTTP_409'],
    [422, {}, 'PROVIDER_REJECTED', 'HTTP_422'],
    // The gateway itself is refused.
    [401, refusal('INVALID_API_KEY'), 'PROVIDER_REJECTED', 'INVALID_API_KEY'],
    [401, '', 'PROVIDER_REJECTED', 'HTTP_401'],
    [403, refusal('IP_NOT_ALLOWED'), 'PROVIDER_REJECTED', 'IP_NOT_ALLOWED'],
    [200, refusal('UNAUTHORIZED'), 'PROVIDER_REJECTED', 'UNAUTHORIZED'],
    // Too many.
    [429, refusal('RATE_LIMIT_EXCEEDED'), 'RATE_LIMITED', 'RATE_LIMIT_EXCEEDED'],
    [429, html, 'RATE_LIMITED', 'HTTP_429'],
    [200, refusal('TOO_MANY_REQUESTS'), 'RATE_LIMITED', 'TOO_MANY_REQUESTS'],
    // It may have been done.
    [200, '', 'PROVIDER_UNAVAILABLE', 'HTTP_200', 'UNKNOWN'],
    [200, html, 'PROVIDER_UNAVAILABLE', 'HTTP_200', 'UNKNOWN'],
    [200, '{"success":tr', 'PROVIDER_UNAVAILABLE', 'HTTP_200', 'UNKNOWN'],
    [200, 'null', 'PROVIDER_UNAVAILABLE', 'HTTP_200', 'UNKNOWN'],
    [200, [sent], 'PROVIDER_UNAVAILABLE', 'HTTP_200', 'UNKNOWN'],
    [200, { ...sent, success: 'true' }, 'PROVIDER_UNAVAILABLE', 'HTTP_200', 'UNKNOWN'],
    [200, { code: 'E1' }, 'PROVIDER_UNAVAILABLE', 'E1', 'UNKNOWN'],
    [400, sent, 'PROVIDER_UNAVAILABLE', 'HTTP_400', 'UNKNOWN'],
    [401, sent, 'PROVIDER_UNAVAILABLE', 'HTTP_401', 'UNKNOWN'],
    [429, sent, 'PROVIDER_UNAVAILABLE', 'HTTP_429', 'UNKNOWN'],
    [500, sent, 'PROVIDER_UNAVAILABLE', 'HTTP_500', 'UNKNOWN'],
    [500, refusal('INTERNAL'), 'PROVIDER_UNAVAILABLE', 'INTERNAL', 'UNKNOWN'],
    [500, refusal('INVALID_OTP'), 'PROVIDER_UNAVAILABLE', 'INVALID_OTP', 'UNKNOWN'],
    [502, html, 'PROVIDER_UNAVAILABLE', 'HTTP_502', 'UNKNOWN'],
    [503, '', 'PROVIDER_UNAVAILABLE', 'HTTP_503', 'UNKNOWN'],
    [504, html, 'PROVIDER_UNAVAILABLE', 'HTTP_504', 'UNKNOWN'],
    [301, '', 'PROVIDER_UNAVAILABLE', 'HTTP_301', 'UNKNOWN'],
    [307, sent, 'PROVIDER_UNAVAILABLE', 'HTTP_307', 'UNKNOWN'],
    [408, '', 'PROVIDER_UNAVAILABLE', 'HTTP_408', 'UNKNOWN'],
  ];
  it.each(rows)('answered with %i %j is %s (%s)', async (status, body, code, origin, outcome) => {
    const { url, seen } = await peer(answer(status, body, { location: '/elsewhere' }));
    const failure = await failureOf(send(provider(url)));
    expect(failure).toMatchObject({
      code,
      origin: { provider: 'SECUREKEY', code: origin, httpStatus: status, at: expect.any(Number) },
      ...(outcome === undefined ? {} : { outcome }),
    });
    expect(seen).toHaveLength(1);
  });

  it.each(Object.entries(CALLS))('to %s ends as the closed list says, whatever comes back', async (_, call) => {
    let reply: Reply = success({});
    const { url } = await peer((...all) => reply(...all));
    const made = provider(url, PUSH);
    const ends = async (next: Reply) => {
      reply = next;
      return failureOf(call(made));
    };
    const mfa = { ...refusal('MFA_REQUIRED'), requiredChannels: ['totp'], matchedPolicies: ['결제 시 추가 인증'] };
    expect(await ends(answer(403, mfa))).toBeInstanceOf(MfaRequired);
    expect(await ends(answer(200, mfa))).toMatchObject({ requiredChannels: ['totp'] });
    expect(await ends(answer(429, ''))).toBeInstanceOf(RateLimited);
    expect(await ends(answer(401, ''))).toMatchObject({ code: 'PROVIDER_REJECTED' });
    expect(await ends(answer(400, ''))).toMatchObject({ code: 'PROVIDER_REJECTED' });
    expect(await ends(answer(500, ''))).toMatchObject({ outcome: 'UNKNOWN' });
    expect(await ends((response) => response.destroy())).toMatchObject({ outcome: 'UNKNOWN' });
  });

  it.each([200, 400, 401, 403, 429, 500])(
    'that a policy stops is MfaRequired by its code, also with %i',
    async (status) => {
      const { url } = await peer(
        answer(status, {
          success: false,
          code: 'MFA_REQUIRED',
          requiredChannels: ['totp', 7, '', null, 'x'.repeat(1_000), ...Array(100).fill('sms')],
          matchedPolicies: ['결제 시 추가 인증', {}],
        }),
      );
      const failure = await failureOf(CALLS['/otp/verify']?.(provider(url)));
      expect(failure).toMatchObject({
        code: 'MFA_REQUIRED',
        requiredChannels: ['totp', 'x'.repeat(100), ...Array(14).fill('sms')],
        matchedPolicies: ['결제 시 추가 인증'],
        origin: { code: 'MFA_REQUIRED', httpStatus: status },
      });
    },
  );

  it.each([undefined, 'totp', {}])('that a policy stops names no channel where it has %j of them', async (channels) => {
    const { url } = await peer(answer(200, { ...refusal('MFA_REQUIRED'), requiredChannels: channels }));
    expect(await failureOf(send(provider(url)))).toMatchObject({
      requiredChannels: [],
      matchedPolicies: [],
    });
  });

  it.each([
    [refusal('E', 'Says why'), 'Says why'],
    [{ success: false, code: 'E', message: 'Says so' }, 'Says so'],
    [refusal('E', 'x'.repeat(10_000)), 'x'.repeat(500)],
    [`  ${html}\n`, html],
    // What is no sentence may be a secret.
    [{ success: false, code: 'E', data: { secret: 'JBSWY3DPEHPK3PXP' } }, undefined],
    ['', undefined],
  ])('keeps the provider’s own words of %j, bounded', async (body, text) => {
    const { url } = await peer(answer(400, body));
    expect((await failureOf(send(provider(url)))).origin?.text).toBe(text);
  });

  it('bounds the code as well', async () => {
    const { url } = await peer(answer(400, refusal('c'.repeat(1_000))));
    expect((await failureOf(send(provider(url)))).origin?.code).toBe('c'.repeat(64));
  });

  it('names the settings to check where the gateway itself is refused', async () => {
    const { url } = await peer(answer(401, refusal('INVALID_API_KEY')));
    const { message } = await failureOf(send(provider(url)));
    expect(message).toContain('SECUREKEY_API_KEY');
    expect(message).not.toContain('2fa_test');
  });
});

describe('a 429', () => {
  const now = Date.parse('2026-03-02T03:04:05.000Z');
  const clock = { now: () => now, monotonicMs: () => 0 };
  it.each([
    ['7', now + 7_000],
    ['0', now + 1_000],
    ['Mon, 02 Mar 2026 03:04:35 GMT', now + 30_000],
    ['Mon, 02 Mar 2026 03:00:00 GMT', now + 1_000],
    ['999999999', now + 15 * 60_000],
    ['soon', now + 60_000],
    ['-1', now + 60_000],
    ['1.5', now + 60_000],
    [undefined, now + 60_000],
  ])('with Retry-After %s says when, and holds the next calls of its kind', async (header, retryAt) => {
    const { url } = await peer(answer(429, '', header === undefined ? {} : { 'retry-after': header }));
    const budget = openBudget();
    const made = provider(url, { clock, budget });
    const failures = [];
    for (const path of ['/otp/send', '/totp/verify', '/push/verify', '/push/send']) {
      failures.push(await failureOf(CALLS[path]?.(made)));
    }
    expect(failures).toMatchObject([
      { scope: 'SecureKey OTP sends', limit: 3, windowSeconds: 60, retryAt, retry: 'SAFE_AFTER' },
      { scope: 'SecureKey verification attempts', limit: 10, windowSeconds: 60, retryAt },
      { scope: 'SecureKey push look-ups', limit: 30, windowSeconds: 60, retryAt },
      { scope: 'SecureKey', limit: 100, windowSeconds: 60, retryAt },
    ]);
    expect(failures[0]?.origin).toMatchObject({ code: 'HTTP_429', httpStatus: 429 });
    expect(budget.held.map(([bucket]) => bucket)).toEqual(['send', 'attempt', 'poll', 'all']);
    expect(budget.held.every(([, until]) => until === retryAt)).toBe(true);
  });

  it('is told as one also where the store does not take the hold', async () => {
    const { url } = await peer(answer(429, ''));
    const hold = () => Promise.reject(new StoreUnavailable('gone', 'NO'));
    const made = provider(url, { budget: { ...openBudget(), hold } });
    expect(await failureOf(send(made))).toBeInstanceOf(RateLimited);
  });
});

describe('a call without a whole answer', () => {
  it('was refused the connection: nothing was sent', async () => {
    const { url, stop } = await peer(() => {});
    await stop();
    const failure = await failureOf(send(provider(url)));
    expect(failure).toBeInstanceOf(ProviderUnavailable);
    expect(failure).toMatchObject({ outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER', origin: { code: 'ECONNREFUSED' } });
  });

  const cases: [string, SecureKeyProviderOptions['http'], Reply][] = [
    ['executed, then cut', {}, (response) => response.destroy()],
    ['no headers in time', { headersTimeoutMs: 50 }, () => {}],
    [
      'half a body, then cut',
      {},
      (response) => {
        response.writeHead(200, { 'content-length': '200' }).write('{"success":true');
        setImmediate(() => response.destroy());
      },
    ],
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
    ['a huge body', {}, (response) => response.end(JSON.stringify({ ...sent, message: 'x'.repeat(2_000_000) }))],
    [
      'a compressed body',
      {},
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(JSON.stringify(sent))),
    ],
  ];
  it.each(cases)('(%s) is UNKNOWN, and was sent once', async (_, http, reply) => {
    const { url, seen } = await peer(reply);
    const failure = await failureOf(send(provider(url, { http: http ?? {} })));
    expect(failure).toMatchObject({ outcome: 'UNKNOWN', retry: 'ONLY_WITH_SAME_KEY' });
    expect(seen).toHaveLength(1);
  });

  it('is done where it comes whole: the control', async () => {
    const { url } = await peer(answer(200, sent));
    expect(await send(provider(url))).toEqual({});
  });
});
