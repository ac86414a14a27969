/**
 * What the answer to a send means: taken, not taken, or nobody can say; and the fault in any answer. Pure; its shapes are
 * those of the reference (SENS SMS v2, send; errors), read leniently, since real errors come in more forms than the reference prints.
 */
import { z } from 'zod';
import type { Instant } from '../../core/clock.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import type { SubmitResult } from '../../core/provider.ts';
import type { HttpResult } from '../http-client.ts';

export const MAX_TEXT_LENGTH = 500;
export const MAX_CODE_LENGTH = 64;

/**
 * The statuses that the reference lists as errors made before anything is sent (SENS, errors), and whether the same
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

/** Codes come as text and as numbers. */
export const codeText = z.union([z.string().min(1), z.number().transform(String)]);

/** Opaque; but it goes into a URL or a body again. */
export const opaqueId = z.string().regex(/^[\x21-\x7e]{1,256}$/);

const sent = z.object({
  requestId: opaqueId,
  // The reference prints "202", real bodies of this family also "200" .
  statusCode: codeText.pipe(z.enum(['200', '202'])),
  statusName: z.literal('success'),
});

const words = z.string().min(1).optional().catch(undefined);
const codeWords = codeText.optional().catch(undefined);
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
  const fault = faultOf(result, at);
  if (result.kind === 'not-sent') return { outcome: 'NOT_ACCEPTED', fault, retriable: true };
  if (result.kind === 'unknown') return { outcome: 'UNKNOWN', fault };
  const accepted = sent.safeParse(parseJson(result.body));
  const isSuccess = result.status === 200 || result.status === 202;
  if (accepted.success && isSuccess) return { outcome: 'ACCEPTED', reference: accepted.data.requestId };
  const notTaken = NOT_TAKEN.get(result.status);
  // A refusal around a body that says "taken" contradicts itself.
  if (notTaken === undefined || accepted.success) return { outcome: 'UNKNOWN', fault };
  return { outcome: 'NOT_ACCEPTED', fault, retriable: notTaken.retriable };
}

/**
 * Whether what failed, and does no harm when it is done twice, may be done again: not where the provider refused it by
 * its table, or as some other fault of ours.
 */
export function mayRepeat(result: HttpResult): boolean {
  if (result.kind !== 'response') return true;
  const { status } = result;
  return NOT_TAKEN.get(status)?.retriable ?? (status < 300 || status === 408 || status >= 500);
}

/** The provider's own code and words, wherever the body keeps them; where none came, those of the line. */
export function faultOf(response: HttpResult, at: Instant): ProviderFault {
  if (response.kind !== 'response') {
    return { provider: 'SENS', code: response.cause.code, text: response.cause.message, at };
  }
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

export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
