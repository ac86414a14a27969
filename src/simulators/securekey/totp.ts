/** The authenticator apps of the SecureKey simulator's users: SHA-1, 6 digits, 30 s, as such apps expect. */
import { Secret, TOTP } from 'otpauth';
import { toDataURL } from 'qrcode';
import type { Clock } from '../../core/clock.ts';
import { SecureKeyRefusal } from './envelope.ts';

const STEP_MS = 30_000;
/** What the largest QR code holds at its default level of correction. */
const MAX_URI_LENGTH = 2_331;

export interface TotpSetup {
  readonly uri: string;
  /** A PNG as a data URL. */
  readonly qrCodeDataUrl: string;
  /** Base32. */
  readonly secret: string;
}

export interface Totps {
  /**
   * In place of a secret of before: what the real one does then is not published.
   * @throws SecureKeyRefusal VALIDATION_ERROR for names too long for a QR code
   */
  setup(user: { readonly userId: string; readonly accountName: string; readonly issuer: string }): Promise<TotpSetup>;
  /** One step early or late is good; a token is good once. Undefined for a user without a secret. */
  verify(userId: string, token: string): boolean | undefined;
  /** What the app shows now. */
  current(userId: string): { readonly token: string; readonly validForMs: number } | undefined;
}

export function createTotps(clock: Clock): Totps {
  const users = new Map<string, { readonly totp: TOTP; lastStep: number }>();

  return {
    async setup({ userId, accountName, issuer }) {
      const totp = new TOTP({ issuer, label: accountName, secret: new Secret({ size: 20 }) });
      const uri = totp.toString();
      if (uri.length > MAX_URI_LENGTH) {
        throw new SecureKeyRefusal(
          400,
          'VALIDATION_ERROR',
          'accountName: too long for a QR code, together with the issuer',
        );
      }
      const qrCodeDataUrl = await toDataURL(uri);
      users.set(userId, { totp, lastStep: Number.NEGATIVE_INFINITY });
      return { uri, qrCodeDataUrl, secret: totp.secret.base32 };
    },
    verify(userId, token) {
      const user = users.get(userId);
      if (user === undefined) return undefined;
      const now = clock.now();
      const delta = user.totp.validate({ token, window: 1, timestamp: now });
      if (delta === null) return false;
      const step = Math.floor(now / STEP_MS) + delta;
      if (step <= user.lastStep) return false;
      user.lastStep = step;
      return true;
    },
    current(userId) {
      const now = clock.now();
      const token = users.get(userId)?.totp.generate({ timestamp: now });
      return token === undefined ? undefined : { token, validForMs: STEP_MS - (now % STEP_MS) };
    },
  };
}
