/**
 * What SecureKey lets one address ask in a minute (SecureKey, Rate Limiting), and which endpoints count where. The
 * document says whom it counts by, its IP, so every tenant and every gateway behind one address shares these.
 */
import type { CallLimit } from '../../core/call-budget.ts';

/**
 * all: every call. send: an OTP by SMS or e-mail. attempt: a code or a passkey that is judged, which is how we read
 * "인증 시도". poll: the question what became of a push, for which the document names no limit but the one of all calls:
 * a share of our own, so that waiting for pushes cannot starve the rest.
 */
export type SecureKeyBucket = 'all' | 'send' | 'attempt' | 'poll';

const windowMs = 60_000;

export const SECUREKEY_LIMITS: Readonly<Record<SecureKeyBucket, CallLimit>> = {
  all: { limit: 100, windowMs },
  send: { limit: 3, windowMs },
  attempt: { limit: 10, windowMs },
  poll: { limit: 30, windowMs },
};

/** As a client reads it: "Too many requests for …". */
export const SCOPES: Readonly<Record<SecureKeyBucket, string>> = {
  all: 'SecureKey',
  send: 'SecureKey OTP sends',
  attempt: 'SecureKey verification attempts',
  poll: 'SecureKey push look-ups',
};
