/**
 * What a list, a get and a reservation's status show of a message, and how it stands by that. Pure; its shapes are those
 * of the reference (SENS SMS v2, list, get, reservations), read leniently.
 */
import { z } from 'zod';
import type { Instant } from '../../core/clock.ts';
import type { LookUpResult } from '../../core/provider.ts';
import type { HttpResult } from '../http-client.ts';
import { codeText, MAX_CODE_LENGTH, MAX_TEXT_LENGTH, opaqueId, parseJson } from './answer.ts';

const row = z.object({
  messageId: opaqueId,
  requestId: z.string().optional(),
  requestTime: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  contentType: z.string().optional().catch(undefined),
  countryCode: codeText.optional().catch(undefined),
  from: codeText.optional().catch(undefined),
  to: codeText.optional(),
  subject: z.string().nullish().catch(undefined),
  content: z.string().optional().catch(undefined),
  status: z.string().optional(),
  statusCode: codeText.nullish(),
  statusName: z.string().nullish(),
  statusMessage: z.string().nullish(),
});
const page = z.object({
  messages: z.array(z.unknown()).max(1_000),
  hasMore: z.boolean().optional().catch(undefined),
  nextToken: codeText.pipe(z.string().max(1_024)).nullish().catch(undefined),
});
const reservation = z.object({ reserveId: codeText.optional(), reserveStatus: z.string().min(1) });

export type SensRow = z.infer<typeof row>;

export interface SensPage {
  readonly rows: readonly SensRow[];
  /** False where a row could not be read, or where more is said to follow and no token leads there. */
  readonly isWhole: boolean;
  readonly nextToken?: string;
}

/** Undefined where the answer is no list. */
export function pageOf(result: HttpResult): SensPage | undefined {
  if (result.kind !== 'response' || result.status !== 200) return undefined;
  const parsed = page.safeParse(parseJson(result.body));
  if (!parsed.success) return undefined;
  const { messages, hasMore, nextToken } = parsed.data;
  const rows = messages.flatMap((each) => row.safeParse(each).data ?? []);
  const leadsOn = hasMore !== false && nextToken != null;
  return {
    rows,
    isWhole: rows.length === messages.length && (leadsOn || hasMore !== true),
    ...(leadsOn && { nextToken }),
  };
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

/** The reserveStatus of this reservation; undefined where the answer does not tell. */
export function reserveStatusOf(result: HttpResult, reserveId: string): string | undefined {
  if (result.kind !== 'response' || result.status !== 200) return undefined;
  const parsed = reservation.safeParse(parseJson(result.body));
  return parsed.success && (parsed.data.reserveId ?? reserveId) === reserveId ? parsed.data.reserveStatus : undefined;
}
