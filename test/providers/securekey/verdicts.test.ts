import { describe, expect, it } from 'vitest';
import { answer, CALLS, failureOf, peer, provider, refusal, success } from './account.ts';

const CODE_PATHS = ['/otp/verify', '/email-otp/verify', '/totp/verify'];
const PASSKEY_PATHS = ['/webauthn/register/verify', '/webauthn/authenticate/verify'];

/** What only `true` is: everything else that an answer may hold for it. */
const NOT_TRUE: unknown[] = [
  { verified: false },
  { verified: 'true' },
  { verified: 1 },
  { verified: null },
  { verified: [true] },
  { Verified: true },
  {},
  [],
  null,
  true,
  'verified',
  undefined,
];

describe.each(CODE_PATHS)('a code at %s', (path) => {
  const verdict = async (status: number, body: unknown) => {
    const { url } = await peer(answer(status, body));
    return CALLS[path]?.(provider(url));
  };

  it('is good where SecureKey says so', async () => {
    const { url } = await peer(success({ verified: true }));
    expect(await CALLS[path]?.(provider(url))).toEqual({ verified: true, expired: false });
  });

  it.each(NOT_TRUE.map((data) => [data]))('is not good with the data %j', async (data) => {
    const { url } = await peer(success(data));
    expect(await CALLS[path]?.(provider(url))).toEqual({ verified: false, expired: false });
  });

  it.each([
    ['INVALID_OTP', false],
    ['OTP_INVALID', false],
    ['OTP_MISMATCH', false],
    ['INVALID_CODE', false],
    ['invalid_code', false],
    ['WRONG_CODE', false],
    ['INVALID', false],
    ['INVALID_TOKEN', false],
    ['TOTP_INVALID', false],
    ['VERIFICATION_FAILED', false],
    ['TOO_MANY_ATTEMPTS', false],
    ['MAX_ATTEMPTS_EXCEEDED', false],
    ['EMAIL_OTP_INVALID', false],
    ['OTP_EXPIRED', true],
    ['EXPIRED', true],
    ['CODE_EXPIRED', true],
    ['OTP_NOT_FOUND', true],
    ['NOT_FOUND', true],
    ['OTP_ALREADY_USED', true],
    ['NO_CODE', true],
  ])('is not good where it is refused as %s', async (code, expired) => {
    const fault = { provider: 'SECUREKEY', code, text: 'Says why', at: expect.any(Number) };
    for (const httpStatus of [200, 400, 404, 422]) {
      const expected = { verified: false, expired, fault: { ...fault, httpStatus } };
      expect(await verdict(httpStatus, refusal(code))).toEqual(expected);
    }
  });

  it.each(['INVALID_OTP', 'OTP_MISMATCH', 'VERIFICATION_FAILED', 'INVALID_CODE'])(
    'is not good where %s comes with a status of authentication',
    async (code) => {
      expect(await verdict(401, refusal(code))).toMatchObject({ verified: false, expired: false });
      expect(await verdict(403, refusal(code))).toMatchObject({ verified: false, expired: false });
    },
  );

  it.each([
    [400, 'INVALID_PHONE_NUMBER'],
    [400, 'INVALID_REQUEST'],
    [400, 'VALIDATION_ERROR'],
    [404, 'USER_NOT_FOUND'],
    [404, 'TOTP_NOT_SET_UP'],
    [400, 'INVALID_API_KEY'],
    [401, 'INVALID_API_KEY'],
    [401, 'INVALID_TOKEN'],
    [401, 'TOKEN_EXPIRED'],
    [403, 'FORBIDDEN'],
    [401, 'UNAUTHORIZED'],
  ])('is not judged at all by %i %s', async (status, code) => {
    const failure = failureOf(verdict(status, refusal(code)));
    expect(await failure).toMatchObject({ code: 'PROVIDER_REJECTED', origin: { code, httpStatus: status } });
  });

  it.each([
    [200, 'RATE_LIMITED', 'RATE_LIMIT_OTP'],
    [429, 'RATE_LIMITED', 'TOO_MANY_ATTEMPTS'],
    [500, 'PROVIDER_UNAVAILABLE', 'INVALID_OTP'],
    [403, 'MFA_REQUIRED', 'MFA_REQUIRED'],
  ])('is not judged by %i as %s (%s)', async (status, failing, code) => {
    expect(await failureOf(verdict(status, refusal(code)))).toMatchObject({ code: failing });
  });
});

describe.each(PASSKEY_PATHS)('a passkey at %s', (path) => {
  const verdict = async (status: number, body: unknown) => {
    const { url } = await peer(answer(status, body));
    return CALLS[path]?.(provider(url));
  };

  it('is good where SecureKey says so', async () => {
    expect(await verdict(200, { success: true, data: { verified: true } })).toEqual({ verified: true });
  });

  it.each(NOT_TRUE.map((data) => [data]))('is not good with the data %j', async (data) => {
    expect(await verdict(200, { success: true, data })).toEqual({ verified: false });
  });

  it.each([
    [400, 'CHALLENGE_MISMATCH', 'CHALLENGE_MISMATCH'],
    [200, 'challenge-expired', 'CHALLENGE_EXPIRED'],
    [422, 'originMismatch', 'ORIGIN_MISMATCH'],
    [404, 'CREDENTIAL_NOT_FOUND', 'CREDENTIAL_NOT_FOUND'],
    [409, 'CREDENTIAL_EXISTS', 'CREDENTIAL_EXISTS'],
    [400, 'INVALID_REQUEST', 'INVALID_REQUEST'],
    [401, 'WEBAUTHN_VERIFICATION_FAILED', 'WEBAUTHN_VERIFICATION_FAILED'],
    [403, 'INVALID_ORIGIN', 'INVALID_ORIGIN'],
    [400, undefined, undefined],
    [400, '검증 실패', undefined],
  ])('is refused by %i %s, and the check is %s', async (status, code, check) => {
    expect(await verdict(status, { success: false, error: 'Says why', code })).toEqual({
      verified: false,
      ...(check === undefined ? {} : { check }),
      fault: expect.objectContaining({ provider: 'SECUREKEY', code: code ?? 'HTTP_400', httpStatus: status }),
    });
  });

  it.each([
    [401, refusal('INVALID_CREDENTIALS'), 'PROVIDER_REJECTED'],
    [401, refusal('UNAUTHORIZED'), 'PROVIDER_REJECTED'],
    [400, refusal('INVALID_API_KEY'), 'PROVIDER_REJECTED'],
    [400, '<html>', 'PROVIDER_REJECTED'],
    [200, refusal('RATE_LIMITED'), 'RATE_LIMITED'],
    [429, refusal('CHALLENGE_MISMATCH'), 'RATE_LIMITED'],
    [500, refusal('CHALLENGE_MISMATCH'), 'PROVIDER_UNAVAILABLE'],
    [400, { success: true, data: { verified: true } }, 'PROVIDER_UNAVAILABLE'],
    [200, refusal('MFA_REQUIRED'), 'MFA_REQUIRED'],
  ])('is not judged by %i %j', async (status, body, code) => {
    expect(await failureOf(verdict(status, body))).toMatchObject({ code });
  });
});
