/**
 * What an answer of Naver Commerce says, in one of seven kinds. Pure. Three families of errors share one reader: those of
 * the gateway (GW.…), of the token and seller APIs (BAD_REQUEST, …) and of the order APIs (numbers).
 */
import { z } from 'zod';
import type { Instant } from '../../core/clock.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import type { HttpHeaders, HttpResult } from '../http-client.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

export type CommerceReply =
  | { readonly kind: 'DONE'; readonly body: JsonObject; readonly httpStatus: number }
  /** `about`: the names and words of what was wrong, to be searched and not to be shown. */
  | { readonly kind: 'REFUSED'; readonly fault: ProviderFault; readonly about: string }
  /** 401 GW.AUTHN. */
  | { readonly kind: 'TOKEN_REFUSED'; readonly fault: ProviderFault }
  | {
      readonly kind: 'RESTRICTED';
      readonly fault: ProviderFault;
      readonly retryAt: Instant;
      readonly quotaPerHour: number | undefined;
    }
  /** `byGateway`: Naver's gateway said so itself (GW.RATE_LIMIT), and so did not hand it on. */
  | { readonly kind: 'TOO_FAST'; readonly fault: ProviderFault; readonly waitMs: number; readonly byGateway: boolean }
  /** It may have been done: the answer was lost, cannot be read, or tells of a failure in the middle. */
  | { readonly kind: 'UNCLEAR'; readonly fault: ProviderFault }
  | { readonly kind: 'NOT_TAKEN'; readonly fault: ProviderFault; readonly retryAt?: Instant };

export const MAX_TEXT_LENGTH = 500;
const MAX_CODE_LENGTH = 64;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** After GW.BLOCK.01 (a circuit is open), and after GW.BLOCK.02 (maintenance). */
const BLOCK_MS = { circuit: 5_000, maintenance: MINUTE_MS };
const LEAST_WAIT_MS = 1_000;

/** Codes and ids come as text and as numbers. */
export const someText = z.union([z.string().trim().min(1), z.int().transform(String)]);
const words = someText.optional().catch(undefined);
const errorBody = z.object({
  code: words,
  message: words,
  traceId: words,
  invalidInputs: z
    .array(z.object({ name: words, type: words, message: words }))
    .optional()
    .catch(undefined),
});

/** `secrets`: what went out and must not come back in a fault, where an error quotes it. */
export function readAnswer(result: HttpResult, at: Instant, secrets: readonly string[]): CommerceReply {
  if (result.kind !== 'response') {
    const fault = faultOf({ code: result.cause.code, text: result.cause.message, at }, secrets);
    return { kind: result.kind === 'not-sent' ? 'NOT_TAKEN' : 'UNCLEAR', fault };
  }
  const { status, headers } = result;
  const body = parseObject(result.body);
  if (status >= 200 && status < 300 && body !== undefined) return { kind: 'DONE', body, httpStatus: status };
  // The body of a success that cannot be read may hold a token: it is never quoted.
  if (status >= 200 && status < 300) return { kind: 'UNCLEAR', fault: badAnswer(status, 'It is no JSON object.', at) };

  const { code, message, traceId, invalidInputs = [] } = errorBody.parse(body ?? {});
  const details = invalidInputs.map(({ name = '?', message: said = '' }) => `${name}: ${said}`.trim());
  const text = body === undefined ? result.body.trim() : [message, ...details].filter(Boolean).join(' ');
  const trace = headers['gncp-gw-trace-id'] ?? traceId;
  const fault = faultOf(
    { code: code ?? `HTTP_${status}`, text, httpStatus: status, at, traceId: typeof trace === 'string' ? trace : '' },
    secrets,
  );
  if (code === 'GW.QUOTA_LIMIT') return { kind: 'RESTRICTED', fault, ...quotaOf(headers, at) };
  if (status === 429) {
    return { kind: 'TOO_FAST', fault, waitMs: waitOf(headers), byGateway: code === 'GW.RATE_LIMIT' };
  }
  if (code?.startsWith('GW.BLOCK') === true) {
    const waitMs = code === 'GW.BLOCK.01' ? BLOCK_MS.circuit : BLOCK_MS.maintenance;
    return { kind: 'NOT_TAKEN', fault, retryAt: at + waitMs };
  }
  if (status === 401 && code === 'GW.AUTHN') return { kind: 'TOKEN_REFUSED', fault };
  if (status >= 400 && status < 500 && status !== 408) {
    return { kind: 'REFUSED', fault, about: [code, text].join(' ') };
  }
  return { kind: 'UNCLEAR', fault };
}

/** That it was done, but not with what it was asked for. `text` names what is missing, and quotes nothing. */
export function badAnswer(httpStatus: number, text: string, at: Instant): ProviderFault {
  return { provider: 'NAVER_COMMERCE', code: 'BAD_ANSWER', text, httpStatus, at };
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const forms = secrets.filter((secret) => secret !== '').flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return forms.reduce((left, form) => left.replaceAll(form, '…'), text);
}

function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function faultOf(
  said: { code: string; text: string; httpStatus?: number; traceId?: string; at: Instant },
  secrets: readonly string[],
): ProviderFault {
  const { httpStatus, at } = said;
  const text = withoutSecrets(said.text, secrets).slice(0, MAX_TEXT_LENGTH);
  const traceId = withoutSecrets(said.traceId ?? '', secrets);
  return {
    provider: 'NAVER_COMMERCE',
    code: withoutSecrets(said.code, secrets).slice(0, MAX_CODE_LENGTH),
    ...(text === '' ? {} : { text }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(/^[\x21-\x7e]{1,200}$/.test(traceId) ? { traceId } : {}),
    at,
  };
}

/** The penalty on malformed token calls is 1 an HOUR; of SECONDS and ROUND it is unwritten how many they are. */
function quotaOf(headers: HttpHeaders, at: Instant): { retryAt: Instant; quotaPerHour: number | undefined } {
  const period = headers['gncp-gw-quota-period'];
  const limit = headers['gncp-gw-quota-limit'];
  const quotaPerHour =
    period === 'HOURS' && typeof limit === 'string' && /^\d{1,9}$/.test(limit) ? Number(limit) : undefined;
  return { retryAt: at + (period === 'SECONDS' ? MINUTE_MS : HOUR_MS), quotaPerHour };
}

/** No Retry-After is documented, so it is only obeyed where it is there; else until the bucket has one again. */
function waitOf(headers: HttpHeaders): number {
  const retryAfter = headers['retry-after'];
  if (typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter)) {
    return Math.min(Math.max(Number(retryAfter) * 1_000, LEAST_WAIT_MS), 15 * MINUTE_MS);
  }
  return LEAST_WAIT_MS;
}
