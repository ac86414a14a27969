/** One content and its recipients as one call (SENS SMS v2, send): which submissions share it, and its body. Pure. */
import { createHash } from 'node:crypto';
import type { Instant } from '../../core/clock.ts';
import type { Attempt, Submission } from '../../core/provider.ts';
import { hashOf } from './files.ts';
import { koreaMinute } from './korea-time.ts';
import { MAX_RECIPIENTS } from './limits.ts';
import { recipientOf } from './recipient.ts';

/** Whether SENS is asked to hold it; what was due before it began goes out at once. */
export const isReserved = ({ reserveAt }: Submission, { startedAt }: Attempt): boolean =>
  reserveAt !== undefined && reserveAt > startedAt;

export const contentTypeOf = ({ purpose }: Submission): 'AD' | 'COMM' => (purpose === 'AD' ? 'AD' : 'COMM');

/**
 * Equal for what may go in one call: everything but the recipient is equal. What is reserved goes alone, since a
 * reservation is cancelled by its requestId, for all of its recipients at once.
 */
export function keyOf(submission: Submission): string {
  const { kind, purpose, from, to, text, subject, images = [], reserveAt } = submission;
  const alone = reserveAt === undefined ? recipientOf(to)?.countryCode : to;
  const same = [kind, purpose, from, text, subject ?? '', images.map(hashOf), reserveAt ?? 0, alone];
  return createHash('sha256').update(JSON.stringify(same)).digest('base64');
}

/**
 * Indexes of the submissions that go together, call by call: at most 100 recipients, and never one of them twice, since
 * what SENS lists under a requestId is told apart by the recipient.
 */
export function planCalls(submissions: readonly Submission[]): number[][] {
  if (submissions.length === 1) return [[0]];
  const calls: number[][] = [];
  const open = new Map<string, { readonly call: number[]; readonly recipients: Set<string> }[]>();
  for (const [index, submission] of submissions.entries()) {
    const key = keyOf(submission);
    const to = recipientOf(submission.to)?.to ?? submission.to;
    const candidates = open.get(key) ?? [];
    open.set(key, candidates);
    let place = candidates.find(({ call, recipients }) => call.length < MAX_RECIPIENTS && !recipients.has(to));
    if (place === undefined) {
      place = { call: [], recipients: new Set() };
      candidates.push(place);
      calls.push(place.call);
    }
    place.call.push(index);
    place.recipients.add(to);
  }
  return calls;
}

/** `submissions` are of one key, and passed the limits. */
export function bodyOf(
  submissions: readonly [Submission, ...Submission[]],
  fileIds: readonly string[],
  reserveAt?: Instant,
) {
  const [{ kind, from, text, subject, to }] = submissions;
  return {
    type: kind,
    contentType: contentTypeOf(submissions[0]),
    countryCode: recipientOf(to)?.countryCode,
    from,
    ...(subject !== undefined && subject !== '' && { subject }),
    content: text,
    messages: submissions.map((submission) => ({ to: recipientOf(submission.to)?.to })),
    ...(fileIds.length > 0 && { files: fileIds.map((fileId) => ({ fileId })) }),
    ...(reserveAt !== undefined && { reserveTime: koreaMinute(reserveAt), reserveTimeZone: 'Asia/Seoul' }),
  };
}
