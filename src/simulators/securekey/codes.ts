/** The codes that the SecureKey simulator sent by SMS and email: one a recipient, a new one in place of the old. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock, Instant } from '../../core/clock.ts';
import { newRequestId } from './envelope.ts';
import type { SecureKeySettings } from './settings.ts';

export interface SentCode {
  readonly requestId: string;
  readonly to: string;
  readonly purpose: string;
  readonly code: string;
  readonly sentAt: Instant;
  readonly expiresAt: Instant;
}

export type CodeVerdict =
  | { readonly good: true; readonly sent: SentCode }
  | { readonly good: false; readonly why: 'NO_CODE' | 'CODE_EXPIRED' | 'TOO_MANY_ATTEMPTS' | 'INVALID_CODE' };

export interface Codes {
  send(to: string, purpose: string): SentCode;
  /** Every try counts, and a good one is the last. A purpose, where it is given, must be that of the sending. */
  verify(to: string, code: string, purpose: string | undefined): CodeVerdict;
  /** Also one that is used or has expired. */
  last(to: string): SentCode | undefined;
}

export function createCodes(clock: Clock, settings: () => SecureKeySettings, maxRecipients = 50_000): Codes {
  const sent = new Map<string, { readonly code: SentCode; attempts: number; isUsed: boolean }>();

  return {
    send(to, purpose) {
      const sentAt = clock.now();
      const code: SentCode = {
        requestId: newRequestId(sentAt),
        to,
        purpose,
        code: String(randomInt(1_000_000)).padStart(6, '0'),
        sentAt,
        expiresAt: sentAt + settings().codeTtlMs,
      };
      sent.delete(to);
      sent.set(to, { code, attempts: 0, isUsed: false });
      const [oldest] = sent.keys();
      if (sent.size > maxRecipients && oldest !== undefined) sent.delete(oldest);
      return code;
    },
    verify(to, code, purpose) {
      const entry = sent.get(to);
      if (entry === undefined || entry.isUsed) return { good: false, why: 'NO_CODE' };
      if (clock.now() >= entry.code.expiresAt) return { good: false, why: 'CODE_EXPIRED' };
      if (entry.attempts >= settings().codeAttempts) return { good: false, why: 'TOO_MANY_ATTEMPTS' };
      entry.attempts += 1;
      const isSame = timingSafeEqual(Buffer.from(entry.code.code), Buffer.from(code));
      if (!isSame || (purpose !== undefined && purpose !== entry.code.purpose))
        return { good: false, why: 'INVALID_CODE' };
      entry.isUsed = true;
      return { good: true, sent: entry.code };
    },
    last: (to) => sent.get(to)?.code,
  };
}
