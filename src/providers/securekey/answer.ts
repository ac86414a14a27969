/**
 * What an answer of SecureKey says, in one of seven kinds. Pure. The document prints three envelopes and one code
 * (SecureKey, 응답 형식), and no status but 429; so what is read here beyond them is the reading that does least harm.
 */
import type { Instant } from '../../core/clock.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import type { HttpHeaders, HttpResult } from '../http-client.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export type SecureKeyAnswer =
  | { readonly kind: 'DONE'; readonly data: JsonObject; readonly httpStatus: number }
  /** `enveloped`: it said `success: false`, and did not only answer with a status. */
  | { readonly kind: 'REFUSED'; readonly fault: ProviderFault; readonly enveloped: boolean }
  | {
      readonly kind: 'MFA_REQUIRED';
      readonly requiredChannels: readonly string[];
      readonly matchedPolicies: readonly string[];
      readonly fault: ProviderFault;
    }
  | { readonly kind: 'TOO_MANY'; readonly retryAt: Instant; readonly fault: ProviderFault }
  /** Our API key, or our address, is refused: nothing about the person. */
  | { readonly kind: 'KEY_REFUSED'; readonly fault: ProviderFault }
  /** It may have been done: the answer was lost, cannot be read, or contradicts itself. */
  | { readonly kind: 'UNCLEAR'; readonly fault: ProviderFault }
  | { readonly kind: 'NOT_SENT'; readonly fault: ProviderFault };

/** An id of SecureKey's: opaque, but it goes into a body, a key or a page again. */
export const OPAQUE_ID = /^[\x21-\x7e]{1,256}$/;

const MAX_TEXT_LENGTH = 500;
const MAX_CODE_LENGTH = 64;
const MAX_NAMES = 16;
const MAX_NAME_LENGTH = 100;

const keyCodes = /API_?(KEY|TOKEN)|ACCESS_(DENIED|TOKEN)|BEARER|UNAUTHORI[SZ]ED|UNAUTHENTICATED|FORBIDDEN|PERMISSION/;
const rateCodes = /RATE_?LIMIT|TOO_MANY_REQUESTS|THROTTL|QUOTA/;

/**
 * `isVerdict`: whether a code, in upper case, speaks of the person's own proof, such as a wrong OTP, so surely that it
 * does even with the status 401 or 403. @default never
 */
export function readAnswer(
  result: HttpResult,
  at: Instant,
  isVerdict: (code: string) => boolean = () => false,
): SecureKeyAnswer {
  if (result.kind !== 'response') {
    const fault: ProviderFault = {
      provider: 'SECUREKEY',
      code: result.cause.code.slice(0, MAX_CODE_LENGTH),
      text: result.cause.message.slice(0, MAX_TEXT_LENGTH),
      at,
    };
    return { kind: result.kind === 'not-sent' ? 'NOT_SENT' : 'UNCLEAR', fault };
  }
  const { status } = result;
  const body = jsonObject(parseJson(result.body));
  const code = codeOf(body);
  const fault = faultOf(status, code, body, result.body, at);
  const word = code?.toUpperCase() ?? '';
  // Its status is nowhere written (SecureKey, 응답 형식), so the code decides, whatever the status is.
  if (word === 'MFA_REQUIRED') {
    return {
      kind: 'MFA_REQUIRED',
      requiredChannels: names(body?.['requiredChannels']),
      matchedPolicies: names(body?.['matchedPolicies']),
      fault,
    };
  }
  const success = body?.['success'];
  // A refusal around a body that says "done" contradicts itself.
  if (success === true && !isOk(status)) return { kind: 'UNCLEAR', fault };
  if (success === true) return { kind: 'DONE', data: jsonObject(body?.['data']) ?? {}, httpStatus: status };
  if (status === 429) return { kind: 'TOO_MANY', retryAt: retryAtOf(result.headers, at), fault };
  const isRefusal = isOk(status) ? success === false : status >= 400 && status < 500 && status !== 408;
  if (!isRefusal) return { kind: 'UNCLEAR', fault };
  if (rateCodes.test(word)) return { kind: 'TOO_MANY', retryAt: retryAtOf(result.headers, at), fault };
  const isAuthStatus = status === 401 || status === 403;
  if (keyCodes.test(word) || (isAuthStatus && !isVerdict(word))) return { kind: 'KEY_REFUSED', fault };
  return { kind: 'REFUSED', fault, enveloped: success === false };
}

/** That it was done, but not with what it was asked for. `text` names what is missing, and quotes nothing. */
export function badAnswer(httpStatus: number, text: string, at: Instant): ProviderFault {
  return { provider: 'SECUREKEY', code: 'BAD_ANSWER', text, httpStatus, at };
}

export function jsonObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

const isOk = (status: number): boolean => status >= 200 && status < 300;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function codeOf(body: JsonObject | undefined): string | undefined {
  const code = body?.['code'];
  const text = typeof code === 'number' ? String(code) : code;
  return typeof text === 'string' && text.trim() !== '' ? text.trim().slice(0, MAX_CODE_LENGTH) : undefined;
}

function faultOf(
  httpStatus: number,
  code: string | undefined,
  body: JsonObject | undefined,
  raw: string,
  at: Instant,
): ProviderFault {
  const said = [body?.['error'], body?.['message']].find((each) => typeof each === 'string' && each !== '');
  // What is no envelope is quoted; a body with other members may hold a secret.
  const words = typeof said === 'string' ? said : body === undefined ? raw : '';
  const text = words.trim().slice(0, MAX_TEXT_LENGTH);
  return {
    provider: 'SECUREKEY',
    code: code ?? `HTTP_${httpStatus}`,
    ...(text === '' ? {} : { text }),
    httpStatus,
    at,
  };
}

function names(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  const texts = value.filter((each): each is string => typeof each === 'string' && each !== '');
  return texts.slice(0, MAX_NAMES).map((each) => each.slice(0, MAX_NAME_LENGTH));
}

/** Which headers a 429 has is unpublished: what Retry-After says where it is there, else when the minute has rolled. */
function retryAtOf(headers: HttpHeaders, now: Instant): Instant {
  const value = headers['retry-after'];
  const text = typeof value === 'string' ? value.trim() : '';
  const date = /GMT$/.test(text) ? Date.parse(text) : Number.NaN;
  const asked = /^\d{1,9}$/.test(text) ? now + Number(text) * 1_000 : date;
  return Number.isNaN(asked) ? now + 60_000 : Math.min(Math.max(asked, now + 1_000), now + 15 * 60_000);
}
