/**
 * The one request that must not be wrong: Naver caps an application whose token calls have other parameters than these,
 * or have them elsewhere (Naver Commerce, exchange-sellers-auth). So it is built in one place, whole, from a closed type.
 */
import type { TokenSubject } from '../../core/commerce/provider.ts';

/** Epoch milliseconds of 13 digits: `tokenTimestamp` made it. */
export type TokenTimestamp = number & { readonly checkedAs: 'TokenTimestamp' };

const EARLIEST = Date.UTC(2020, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

/** Undefined for what no working clock shows, which would make the call a malformed one. */
export function tokenTimestamp(at: number): TokenTimestamp | undefined {
  return Number.isInteger(at) && at >= EARLIEST && at < LATEST ? (at as TokenTimestamp) : undefined;
}

export interface TokenRequest {
  readonly clientId: string;
  /** The one that was signed; good for 5 minutes. */
  readonly timestamp: TokenTimestamp;
  /** Base64. */
  readonly signature: string;
  readonly subject: TokenSubject;
}

export const TOKEN_CONTENT_TYPE = 'application/x-www-form-urlencoded';

/** A seller's id or UID. */
const SELLER_ACCOUNT_ID = /^[\x21-\x7e]{1,64}$/;

export const isTokenSubject = (subject: TokenSubject): boolean =>
  subject.type === 'SELF' ||
  (subject.type === 'SELLER' &&
    // A pattern takes whatever a cast let through for its text.
    typeof subject.sellerAccountId === 'string' &&
    SELLER_ACCOUNT_ID.test(subject.sellerAccountId));

/** The body; `subject` passed `isTokenSubject`. account_id with SELF would make the call a malformed one. */
export function tokenForm({ clientId, timestamp, signature, subject }: TokenRequest): string {
  const form = new URLSearchParams([
    ['client_id', clientId],
    ['timestamp', String(timestamp)],
    ['grant_type', 'client_credentials'],
    ['client_secret_sign', signature],
    ['type', subject.type],
  ]);
  if (subject.type === 'SELLER') form.append('account_id', subject.sellerAccountId);
  return form.toString();
}
