/** One-time codes: by SMS, by e-mail, and of an authenticator app (SecureKey: SMS OTP, Email OTP, TOTP). */
import type { Clock, Instant } from '../../core/clock.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import type { CodeVerdict, SentCode, VerificationProvider } from '../../core/verification/provider.ts';
import { type JsonObject, OPAQUE_ID } from './answer.ts';
import type { SecureKeyApi } from './api.ts';

type Codes = Pick<
  VerificationProvider,
  'sendSmsCode' | 'verifySmsCode' | 'sendEmailCode' | 'verifyEmailCode' | 'setUpTotp' | 'verifyTotp'
>;

/*
 * Whether a wrong code is `verified: false` or `success: false` is unpublished, and so are the codes of the latter. A
 * code that speaks of an OTP, on an endpoint that judges one, is its verdict.
 */
const aboutCodes =
  /OTP|CODE|TOKEN|EXPIRED|MISMATCH|NOT_MATCH|ATTEMPT|INCORRECT|WRONG|VERIFICATION|(^|_)USED|^NOT_FOUND$/;
const aboutInput = /REQUEST|PARAM|INPUT|BODY|JSON|FORMAT|PHONE|EMAIL|USER|PURPOSE/;
/** With 401 and 403 `INVALID_TOKEN` is more likely said of our key. */
const surelyAboutCodes = /OTP|PASSCODE|(WRONG|INVALID|INCORRECT)_CODE|CODE_|VERIFICATION|MISMATCH|ATTEMPT/;
/** Nothing that could be typed would be good: that is no verdict on what was. */
const aboutSetUp = /NOT_(SET|ENABLED|ENROLLED|REGISTERED|CONFIGURED)/;
const tooLate = /EXPIRED|NOT_FOUND|(^|_)USED|^NO_/;

const DAY_MS = 24 * 60 * 60_000;

export function createSecureKeyCodes(api: SecureKeyApi, clock: Clock): Codes {
  async function send(path: string, body: object): Promise<SentCode> {
    const { data } = await api.done({ path, body, bucket: 'send' });
    const { requestId } = data;
    const expiresAt = instantOf(data, clock.now());
    return {
      ...(typeof requestId === 'string' && OPAQUE_ID.test(requestId) ? { requestId } : {}),
      ...(expiresAt === undefined ? {} : { expiresAt }),
    };
  }

  async function verify(path: string, body: object): Promise<CodeVerdict> {
    const reply = await api.call({ path, body, bucket: 'attempt', isVerdict: (code) => surelyAboutCodes.test(code) });
    if (reply.kind === 'DONE') return { verified: reply.data['verified'] === true, expired: false };
    const verdict = verdictOf(reply.fault);
    if (verdict === undefined) throw api.rejected(reply.fault);
    return verdict;
  }

  return {
    sendSmsCode: ({ phone, purpose }) => send('/otp/send', { phone, purpose }),
    verifySmsCode: ({ phone, code }) => verify('/otp/verify', { phone, code }),
    sendEmailCode: ({ email, purpose }) => send('/email-otp/send', { email, purpose }),
    verifyEmailCode: ({ email, code }) => verify('/email-otp/verify', { email, code }),

    async setUpTotp({ userId, accountName, issuer }) {
      const body = { userId, accountName, ...(issuer === undefined ? {} : { issuer }) };
      const { data, httpStatus } = await api.done({ path: '/totp/setup', body });
      const { uri, qrCodeDataUrl } = data;
      if (typeof uri !== 'string' || !uri.startsWith('otpauth://totp/')) {
        throw api.unreadable(httpStatus, 'data.uri is no otpauth://totp/ URI.');
      }
      if (typeof qrCodeDataUrl !== 'string' || !qrCodeDataUrl.startsWith('data:image/')) {
        throw api.unreadable(httpStatus, 'data.qrCodeDataUrl is no data: URL of an image.');
      }
      return { uri, qrCodeDataUrl };
    },
    // The Node and C# samples call it `token`, the options of the Python one `code`.
    verifyTotp: ({ userId, code }) => verify('/totp/verify', { userId, token: code }),
  };
}

function verdictOf(fault: ProviderFault): CodeVerdict | undefined {
  const code = fault.code.toUpperCase();
  const isVerdict = aboutCodes.test(code) || (code.includes('INVALID') && !aboutInput.test(code));
  return isVerdict && !aboutSetUp.test(code) ? { verified: false, expired: tooLate.test(code), fault } : undefined;
}

/** The shape is unpublished: an ISO time with its zone, or milliseconds, where it is one that a code can have. */
function instantOf({ expiresAt }: JsonObject, now: Instant): Instant | undefined {
  const isIso = typeof expiresAt === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(expiresAt);
  const at = isIso ? Date.parse(expiresAt) : expiresAt;
  return typeof at === 'number' && at > now && at <= now + DAY_MS ? Math.floor(at) : undefined;
}
