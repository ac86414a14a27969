/**
 * Which codes of a provider have a meaning by its document or table. One that has none is handled with care all the same, but
 * somebody should look it up: a code that means "send again" is otherwise final.
 */
import type { ProviderFault } from '../core/outcome.ts';
import { createResultCodes, PROVISIONAL_RESULT_CODES, type ResultCodeTable } from '../providers/ngs/result-codes.ts';
import { ERROR_CODES } from '../providers/sentbe/error-codes.ts';

export type KnowsCode = (fault: Pick<ProviderFault, 'provider' | 'code' | 'httpStatus'>) => boolean;

/** What we say ourselves, where a provider said nothing: HTTP_502, ACK_LOST, ECONNRESET, UND_ERR_SOCKET, BAD_ANSWER. */
const ours =
  /^(HTTP_[1-5]\d\d|UND_ERR_\w+|E[A-Z]{4,}|[A-Z]+Error|ACK_LOST|AWAY|BAD_ANSWER|CLOCK_UNUSABLE|CONTENT_ENCODING|FIELD_REJECTED|NOT_BOUND|NO_CODE|NO_ROOM|NOT_ANSWERED|SENT_TWICE|STOPPED|TOTAL_TIMEOUT)$/;

/** SENS, errors: the statuses that its reference lists, which its bodies repeat as codes. */
const sens = /^(200|202|400|401|403|404|413|429|500|503|504)$/;
/** The document prints one code; the others are the words by which the provider's answers are read. */
const secureKey =
  /MFA_REQUIRED|API_?(KEY|TOKEN)|ACCESS_|BEARER|UNAUTH|FORBIDDEN|PERMISSION|RATE_?LIMIT|TOO_MANY|THROTTL|QUOTA|OTP|CODE|TOKEN|EXPIRED|MISMATCH|NOT_MATCH|ATTEMPT|INCORRECT|WRONG|INVALID|VERIFICATION|USED|NOT_(FOUND|SET|ENABLED|ENROLLED|REGISTERED|CONFIGURED)/i;
/** Troubleshooting, and the token, seller and order APIs; those of the last are numbers. */
const naverCommerce =
  /^(GW\.(AUTHN|IP_NOT_ALLOWED|NOT_FOUND|RATE_LIMIT|QUOTA_LIMIT|PROXY\.0[1-5]|INTERNAL_SERVER_ERROR|BLOCK\.0[12]|TIMEOUT\.0[12])|BAD_REQUEST|UNAUTHORIZED|FORBIDDEN|(\w+_)?NOT_FOUND|INTERNAL_SERVER_ERROR|PERMANENT_REDIRECT|INVALID_\w+_STATUS|RESOURCE_NOT_AVAILABLE|NOT_A_SELLER_ACCOUNT|\d{6})$/;

/** `ngsTables`: of each account; undefined is the provisional one. */
export function createKnownCodes(ngsTables: readonly (ResultCodeTable | undefined)[]): KnowsCode {
  const tables = ngsTables.map((table) => createResultCodes(table ?? PROVISIONAL_RESULT_CODES));
  const known: Readonly<Record<ProviderFault['provider'], (code: string) => boolean>> = {
    NGS: (code) => tables.some((table) => table.nameOf(code) !== undefined),
    SENS: (code) => sens.test(code),
    SECUREKEY: (code) => secureKey.test(code),
    NAVER_COMMERCE: (code) => naverCommerce.test(code),
    SENTBE: (code) => ERROR_CODES.has(code),
  };
  return ({ provider, code }) => ours.test(code) || known[provider](code);
}
