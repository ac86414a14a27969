/**
 * Where the reader of one feed of changed product orders stands, and how it moves on: windows of a day, both bounds
 * inclusive, page by page. By the feed's own times, and where these say nothing by the marketplace's clock. Pure.
 */
import type { Instant } from '../clock.ts';
import type { OrderChange, OrderChangePage, OrderChangeQuery } from './provider.ts';

export interface FeedPosition {
  readonly from: Instant;
  /** The end of a window of which there are more pages; absent between windows. */
  readonly to?: Instant;
  /** Where that window began; `from` is where its next page does. */
  readonly windowFrom?: Instant;
  readonly moreSequence?: string;
  /**
   * What was told and may be read once more, as [changedAt, fingerprint]. Not a record each that would lapse: a reader
   * that was away for weeks begins with the same overlap.
   */
  readonly told: readonly (readonly [Instant, string])[];
}

/** The widest that Naver takes (104139), and what it takes where no end is given: it may lie ahead. */
const windowMs = 24 * 3_600_000;
/** While nothing changes, a window begins this long ago, or up to twice as long: it is not moved at every look. */
const quietMs = 3_600_000;
/** So many looks in a row must have shown nothing new before what they overlapped is left behind. */
const quietLooksThatCount = 2;

/** `now`: of the marketplace. */
export const firstPosition = (now: Instant, overlapMs: number): FeedPosition => ({ from: now - overlapMs, told: [] });

export function nextQuery({ from, to = from + windowMs, moreSequence }: FeedPosition): OrderChangeQuery {
  return { from, to, ...(moreSequence !== undefined && { moreSequence }) };
}

export interface FeedStep {
  readonly position: FeedPosition;
  /** Those of the page that were not told before, in its order. */
  readonly fresh: readonly OrderChange[];
}

export interface FeedRule {
  /** By the marketplace's clock. */
  readonly now: Instant;
  /** How many looks in a row, before the one that this page belongs to, showed nothing fresh; 0 once this one did. */
  readonly quietLooks: number;
  /** How late a change may show in the feed, behind others that are newer. */
  readonly overlapMs: number;
  readonly fingerprintOf: (change: OrderChange) => string;
}

export function afterPage(
  before: FeedPosition,
  query: OrderChangeQuery,
  page: OrderChangePage,
  rule: FeedRule,
): FeedStep {
  const { now, overlapMs, fingerprintOf, quietLooks } = rule;
  const told = new Map(before.told.map(([changedAt, fingerprint]) => [fingerprint, changedAt]));
  const fresh = page.changes.filter((change) => {
    const fingerprint = fingerprintOf(change);
    if (told.has(fingerprint)) return false;
    told.set(fingerprint, change.changedAt);
    return true;
  });
  const newest = [...told.values()].reduce((latest, changedAt) => Math.max(latest, changedAt), 0);
  const end = Math.min(query.to, now);
  const windowFrom = before.windowFrom ?? query.from;
  const isQuiet = page.more === undefined && fresh.length === 0 && quietLooks + 1 >= quietLooksThatCount;
  // What comes late behind the newest has come by now.
  const isComplete = isQuiet && newest > 0 && newest + overlapMs < end;
  const quietFrom = end - windowFrom > 2 * quietMs ? end - quietMs : windowFrom;
  const overlapFrom = isComplete ? newest + 1 : Math.min(newest, end) - overlapMs;
  const nextWindowFrom = Math.max(windowFrom, overlapFrom, quietFrom);
  const from = page.more?.from ?? nextWindowFrom;
  // What lies before both is never read again.
  const keptFrom = Math.min(from, nextWindowFrom);
  const kept = [...told].flatMap(([fingerprint, changedAt]) =>
    changedAt >= keptFrom ? [[changedAt, fingerprint] as const] : [],
  );
  const paging = page.more === undefined ? {} : { to: query.to, windowFrom, moreSequence: page.more.sequence };
  return { position: { from, ...paging, told: kept }, fresh };
}

/** Whether a step left the reader where it was: nothing new is told then, and what was told only ever grows or goes. */
export const isSamePosition = (one: FeedPosition, other: FeedPosition): boolean =>
  one.from === other.from &&
  one.to === other.to &&
  one.moreSequence === other.moreSequence &&
  one.told.length === other.told.length;
