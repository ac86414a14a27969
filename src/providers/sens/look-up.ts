/**
 * How a message stands at SENS, by asking (SENS SMS v2, list, get and reservations). An attempt whose answer was lost is looked for by
 * time, numbers and content. It only ever reads: nothing here leads to another send.
 */
import type { Clock, Instant } from '../../core/clock.ts';
import type { Attempt, IsKnownReference, LookUpResult, Submission } from '../../core/provider.ts';
import { normaliseText } from '../../korean/ms949.ts';
import type { SensApi } from './api.ts';
import { contentTypeOf, isReserved } from './calls.ts';
import { koreaSecond, readKoreaTime } from './korea-time.ts';
import { createMessagePages, type MessageList } from './message-pages.ts';
import { recipientOf } from './recipient.ts';
import { standingOfReservation } from './reservations.ts';
import { type SensRow, standingOf } from './rows.ts';

export interface SensLookUps {
  byReference(submission: Submission, attempt: Attempt, requestId: string): Promise<LookUpResult>;
  /**
   * Looks for an attempt without a requestId. It is found where exactly one message that is not known to be another's
   * could be it. Several cannot be told apart: that stays PENDING until a deadline settles it, and says nothing of
   * whether it was taken.
   */
  byContent(submission: Submission, attempt: Attempt, isKnown: IsKnownReference): Promise<LookUpResult>;
}

/** A request is stamped when it arrives: after `startedAt` by their clock, and after the uploads of its images. */
const WINDOW_BEFORE_MS = 5_000;
const WINDOW_AFTER_MS = 60_000;
/** For an answer to be stored, and for a skew that is known to the second. */
const STORE_MARGIN_MS = 2_000;
/** Each costs a call; so many texts to one handset within a minute are not told apart anyway. */
const MAX_CANDIDATES = 20;
const PENDING: LookUpResult = { state: 'PENDING', taken: false };

export function createLookUps(options: {
  readonly api: SensApi;
  readonly clock: Clock;
  readonly isRunning: () => boolean;
}): SensLookUps {
  const { api, clock, isRunning } = options;
  const pages = createMessagePages(api);
  const lists = new Map<string, Promise<MessageList | undefined>>();

  /** The recipients of one call are looked up at about the same time: one list serves them. */
  function listOf(requestId: string): Promise<MessageList | undefined> {
    const begun = lists.get(requestId) ?? pages.list([['requestId', requestId]]).finally(() => lists.delete(requestId));
    lists.set(requestId, begun);
    return begun;
  }

  async function byReference(submission: Submission, attempt: Attempt, requestId: string): Promise<LookUpResult> {
    const reserved = isReserved(submission, attempt);
    if (reserved && clock.now() < (submission.reserveAt ?? 0)) return standingOfReservation(api, requestId, clock);
    const list = await listOf(requestId);
    const isAlone = list?.rows.length === 1;
    const listed = list?.rows.find(
      (row) =>
        (row.requestId ?? requestId) === requestId && (isTo(row, submission) || (isAlone && row.to === undefined)),
    );
    if (listed?.status === 'COMPLETED') {
      if (!isRunning()) return { state: 'PENDING', taken: true };
      // The list is an overview; the message's own page is what the reference gives for its result (SENS SMS v2, get).
      const row = await pages.get(listed.messageId);
      return row === undefined ? { state: 'PENDING', taken: true } : standingOf(row, clock.now());
    }
    // A reservation that failed or was cancelled need not show in its messages.
    if (reserved && isRunning()) {
      const standing = await standingOfReservation(api, requestId, clock);
      if (standing.state !== 'PENDING' || standing.taken) return standing;
    }
    return { state: 'PENDING', taken: listed !== undefined };
  }

  async function byContent(
    submission: Submission,
    { startedAt }: Attempt,
    isKnown: IsKnownReference,
  ): Promise<LookUpResult> {
    const skewMs = api.skewMs();
    const to = recipientOf(submission.to)?.to ?? submission.to;
    const since = startedAt + skewMs - WINDOW_BEFORE_MS;
    const until = startedAt + skewMs + WINDOW_AFTER_MS;
    const list = await pages.list([
      ['requestStartTime', koreaSecond(since)],
      ['requestEndTime', koreaSecond(until)],
      ['from', submission.from],
      ['to', to],
      ['pageSize', '100'],
    ]);
    if (list === undefined || !list.isWhole) return PENDING;
    const candidates = list.rows.filter((row) => isCandidate(row, submission, since, until));
    if (candidates.length > MAX_CANDIDATES) return PENDING;

    let match: SensRow | undefined;
    for (const candidate of candidates) {
      if (!isRunning()) return PENDING;
      if (candidate.requestId !== undefined && (await isKnown(candidate.requestId))) continue;
      const row = await pages.get(candidate.messageId);
      // One that cannot be read could be the second match.
      if (row === undefined) return PENDING;
      if (!hasContentOf(row, submission)) continue;
      if (match !== undefined) return PENDING;
      match = { ...candidate, ...row };
    }
    if (match?.requestId === undefined) return PENDING;
    // Until then a twin of ours, that is sent or answered just now, may be what shows.
    const settledAt = (readKoreaTime(match.requestTime) ?? until) - skewMs + api.totalTimeoutMs + STORE_MARGIN_MS;
    if (clock.now() < settledAt) return PENDING;
    return { ...standingOf(match, clock.now()), reference: match.requestId };
  }

  return { byReference, byContent };
}

/** What the list itself shows; a server that leaves a filter out must not mislead. */
function isCandidate(row: SensRow, submission: Submission, since: Instant, until: Instant): boolean {
  const requestedAt = readKoreaTime(row.requestTime);
  return (
    isTo(row, submission) &&
    (row.from ?? submission.from) === submission.from &&
    (row.type ?? submission.kind) === submission.kind &&
    (row.contentType ?? contentTypeOf(submission)) === contentTypeOf(submission) &&
    // Their window is in whole seconds.
    (requestedAt === undefined || (requestedAt > since - 1_000 && requestedAt < until + 1_000))
  );
}

function hasContentOf(row: SensRow, submission: Submission): boolean {
  return (
    row.type === submission.kind &&
    row.contentType === contentTypeOf(submission) &&
    row.content !== undefined &&
    normaliseText(row.content) === normaliseText(submission.text) &&
    normaliseText(row.subject ?? '') === normaliseText(submission.subject ?? '')
  );
}

/** Abroad, whether a row shows the country code is not published. */
function isTo(row: SensRow, submission: Submission): boolean {
  const recipient = recipientOf(submission.to);
  if (recipient === undefined) return false;
  const { countryCode, to } = recipient;
  if (row.countryCode !== undefined && row.countryCode !== countryCode) return false;
  return row.to === to || (countryCode !== '82' && row.to === `${countryCode}${to}`);
}
