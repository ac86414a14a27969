/**
 * What an answer of SENS means: taken, not taken, or nobody can say; and how a message stands. Pure; its shapes are those
 * of providers.md 1.4 to 1.10, read leniently, since real errors come in more forms than the reference prints.
 */
import { z } from 'zod';
import type { Instant } from '../core/clock.ts';
import type { ProviderFault } from '../core/outcome.ts';
import type { LookUpResult, SubmitResult } from '../core/provider.ts';
import type { HttpResult } from './http-client.ts';

type HttpResponse = Extract<HttpResult, { kind: 'response' }>;

const MAX_TEXT_LENGTH = 500;
const MAX_CODE_LENGTH = 64;

/**
 * The statuses that the reference lists as errors made before anything is sent (providers.md 1.10), and whether the same
 * message may be tried again. Every other status but 2xx is UNKNOWN: 500 "unexpected", 503 "endpoint error" and 504
 * "endpoint timeout" do not say whether the endpoint had taken it, and no undocumented one says anything.
 */
const NOT_TAKEN: ReadonlyMap<number, { readonly retriable: boolean }> = new Map([
  [400, { retriable: false }],
  [401, { retriable: false }],
  [403, { retriable: false }],
  [404, { retriable: false }],
  [413, { retriable: false }],
  [429, { retriable: true }],
]);

const text = z.union([z.string().min(1), z.number().transform(String)]);

/** Opaque; but it goes into a URL again. */
const id = z.string().regex(/^[\x21-\x7e]{1,256}$/);

const sent = z.object({
  requestId: id,
  // The reference prints "202", real bodies of this family also "200" (providers.md, SENS ambiguity 2).
  statusCode: text.pipe(z.enum(['200', '202'])),
  statusName: z.literal('success'),
});

const row = z.object({
  messageId: id,
  requestId: z.string().optional(),
  to: text.optional(),
  status: z.string().optional(),
  statusCode: text.nullish(),
  statusName: z.string().nullish(),
  statusMessage: z.string().nullish(),
});
const rows = z.object({ messages: z.array(row).max(1_000) });
export type SensRow = z.infer<typeof row>;

const words = z.string().min(1).optional().catch(undefined);
const codeWords = z
  .union([z.string().min(1), z.number().transform(String)])
  .optional()
  .catch(undefined);
const errorWords = z.object({
  errorCode: codeWords,
  code: codeWords,
  status: codeWords,
  statusCode: codeWords,
  message: words,
  errorMessage: words,
  details: words,
});
const anyError = errorWords.extend({
  error: z
    .union([errorWords, z.string().transform((message) => errorWords.parse({ message }))])
    .optional()
    .catch(undefined),
  errors: z.array(errorWords).min(1).optional().catch(undefined),
});

export function outcomeOf(result: HttpResult, at: Instant): SubmitResult {
  if (result.kind !== 'response') {
    const fault: ProviderFault = { provider: 'SENS', code: result.cause.code, text: result.cause.message, at };
    return result.kind === 'not-sent'
      ? { outcome: 'NOT_ACCEPTED', fault, retriable: true }
      : { outcome: 'UNKNOWN', fault };
  }
  const accepted = sent.safeParse(parseJson(result.body));
  const isSuccess = result.status === 200 || result.status === 202;
  if (accepted.success && isSuccess) return { outcome: 'ACCEPTED', reference: accepted.data.requestId };
  const fault = faultOf(result, at);
  const notTaken = NOT_TAKEN.get(result.status);
  // A refusal around a body that says "taken" contradicts itself.
  if (notTaken === undefined || accepted.success) return { outcome: 'UNKNOWN', fault };
  return { outcome: 'NOT_ACCEPTED', fault, retriable: notTaken.retriable };
}

/** The provider's own code and words, wherever the body keeps them. */
function faultOf(response: HttpResponse, at: Instant): ProviderFault {
  const parsed = anyError.safeParse(parseJson(response.body));
  const found = parsed.success ? [parsed.data.error, parsed.data.errors?.[0], parsed.data] : [];
  const code = firstOf(found, (each) => each.errorCode ?? each.code ?? each.statusCode ?? each.status);
  const message = firstOf(found, (each) => each.message ?? each.errorMessage);
  const details = firstOf(found, (each) => each.details);
  const said = details === undefined || details === message ? message : `${message ?? ''} ${details}`.trim();
  const quoted = (said ?? response.body.trim()).slice(0, MAX_TEXT_LENGTH);
  return {
    provider: 'SENS',
    code: (code ?? `HTTP_${response.status}`).slice(0, MAX_CODE_LENGTH),
    ...(quoted === '' ? {} : { text: quoted }),
    httpStatus: response.status,
    at,
  };
}

/** The row of our one recipient; undefined where the answer holds none. */
export function rowOf(result: HttpResult, isOurs: (row: SensRow) => boolean): SensRow | undefined {
  if (result.kind !== 'response' || result.status !== 200) return undefined;
  const parsed = rows.safeParse(parseJson(result.body));
  return parsed.success ? parsed.data.messages.find(isOurs) : undefined;
}

/** Final only where status, code and name agree: READY, PROCESSING, an unknown word or a contradiction is PENDING. */
export function standingOf({ status, statusCode, statusName, statusMessage }: SensRow, at: Instant): LookUpResult {
  if (status === 'COMPLETED') {
    const succeeded = statusCode === '0' || (statusCode == null && statusName === 'success');
    const failed = statusCode === '0' ? statusName === 'fail' : statusCode != null || statusName === 'fail';
    if (succeeded && !failed) return { state: 'DELIVERED' };
    if (failed && !succeeded && statusName !== 'success') {
      const said = statusMessage?.slice(0, MAX_TEXT_LENGTH);
      const code = (statusCode ?? 'fail').slice(0, MAX_CODE_LENGTH);
      return { state: 'FAILED', fault: { provider: 'SENS', code, ...(said ? { text: said } : {}), at } };
    }
  }
  return { state: 'PENDING', taken: true };
}

function firstOf<T>(
  found: readonly (z.infer<typeof errorWords> | undefined)[],
  pick: (each: z.infer<typeof errorWords>) => T | undefined,
): T | undefined {
  for (const each of found) {
    const value = each === undefined ? undefined : pick(each);
    if (value !== undefined) return value;
  }
  return undefined;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
