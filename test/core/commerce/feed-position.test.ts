import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterPage,
  type FeedPosition,
  firstPosition,
  isSamePosition,
  nextQuery,
} from '../../../src/core/commerce/feed-position.ts';
import type { OrderChange, OrderChangePage, OrderChangeQuery } from '../../../src/core/commerce/provider.ts';
import { change, identityOf } from '../../support/commerce-feed.ts';

const minuteMs = 60_000;
const start = 1_700_000_000_000;

/** The whole feed, read by the rule, `forget` between the pages; what it told, in the order told. */
function told(changes: readonly OrderChange[], pageSize: number, forget: (position: FeedPosition) => FeedPosition) {
  const now = start + 3 * 24 * 60 * minuteMs;
  const heard: string[] = [];
  let position = firstPosition(start, 0);
  let quietLooks = 0;
  let isQuiet = true;
  // Once more behind the last window: what overlaps is read again there.
  for (let looks = 0; looks < 3; ) {
    const query = nextQuery(position);
    const page = pageOf(changes, query, pageSize);
    const rule = { now, overlapMs: 2 * minuteMs, quietLooks, fingerprintOf: identityOf };
    const step = afterPage(forget(position), query, page, rule);
    isQuiet &&= step.fresh.length === 0;
    if (page.more === undefined) {
      quietLooks = isQuiet ? quietLooks + 1 : 0;
      isQuiet = true;
    } else if (!isQuiet) quietLooks = 0;
    heard.push(...step.fresh.map(identityOf));
    position = step.position;
    if (page.more === undefined && query.to >= now) looks += 1;
  }
  return heard;
}

/** Rows sorted by moment and number; a page is cut anywhere. */
function pageOf(changes: readonly OrderChange[], query: OrderChangeQuery, pageSize: number): OrderChangePage {
  const { from, to, moreSequence = '' } = query;
  const rows = changes
    .filter(({ changedAt }) => changedAt >= from && changedAt <= to)
    .filter(({ changedAt, productOrderId }) => changedAt > from || productOrderId >= moreSequence)
    .toSorted((a, b) => a.changedAt - b.changedAt || (a.productOrderId < b.productOrderId ? -1 : 1));
  const next = rows[pageSize];
  const page = { changes: rows.slice(0, pageSize) };
  return next === undefined ? page : { ...page, more: { from: next.changedAt, sequence: next.productOrderId } };
}

const feeds = fc.uniqueArray(
  fc
    .record({
      productOrderId: fc.integer({ min: 1, max: 9 }).map(String),
      // Crowded, and over three days.
      changedAt: fc.integer({ min: 0, max: 40 }).map((step) => start + step * 100 * minuteMs),
      changeType: fc.constantFrom('PAYED', 'DISPATCHED'),
    })
    .map(({ productOrderId, changedAt, changeType }) => change(productOrderId, changedAt, { changeType })),
  { selector: identityOf, maxLength: 60 },
);

describe('the reader of a feed', () => {
  it('tells all of it, each change once, wherever the pages are cut', () => {
    fc.assert(
      fc.property(feeds, fc.integer({ min: 3, max: 20 }), (changes, pageSize) => {
        const heard = told(changes, pageSize, (position) => position);
        expect(heard.toSorted()).toEqual(changes.map(identityOf).toSorted());
      }),
    );
  });

  it('would tell what overlaps twice, did it not keep what it told', () => {
    const changes = [change('1', start + minuteMs), change('1', start + 3 * 24 * 60 * minuteMs)];
    const heard = told(changes, 300, (position) => ({ ...position, told: [] }));
    expect(heard.length).toBeGreaterThan(changes.length);
  });

  it('keeps only what may be read again', () => {
    const changes = Array.from({ length: 500 }, (_, at) => change(String(at + 1), start + at * minuteMs));
    const query = nextQuery(firstPosition(start, 0));
    const rule = { now: start + 500 * minuteMs, overlapMs: 2 * minuteMs, quietLooks: 0, fingerprintOf: identityOf };
    const { position } = afterPage(firstPosition(start, 0), query, { changes }, rule);
    expect(position.told).toHaveLength(3);
    expect(position.from).toBe(start + 497 * minuteMs);
  });

  it('leaves behind what it has told, once two looks showed nothing new and nothing late can come', () => {
    const changes = Array.from({ length: 3_000 }, (_, at) => change(String(10_000 + at), start + minuteMs));
    let position = firstPosition(start, 0);
    const look = (now: number, quietLooks: number): number => {
      for (let pages = 1; ; pages += 1) {
        const query = nextQuery(position);
        const page = pageOf(changes, query, 300);
        const rule = { now, overlapMs: 2 * minuteMs, quietLooks, fingerprintOf: identityOf };
        const before = position;
        ({ position } = afterPage(position, query, page, rule));
        if (page.more === undefined) return isSamePosition(before, position) ? 0 : pages;
      }
    };
    expect(look(start + 2 * minuteMs, 0)).toBe(10);
    // Ten pages are over; the window begins anew where a late one may still show.
    expect(position).toMatchObject({ from: start });
    expect(position.told).toHaveLength(3_000);
    // Quiet, and yet one may come late.
    look(start + 2 * minuteMs, 5);
    expect(position.told).toHaveLength(3_000);
    look(start + 4 * minuteMs, 0);
    expect(position.told).toHaveLength(3_000);
    look(start + 4 * minuteMs, 1);
    expect(position).toEqual({ from: start + minuteMs + 1, told: [] });
    // And stands still from there, hour after hour, until it has to move.
    expect(look(start + 100 * minuteMs, 2)).toBe(0);
    expect(look(start + 122 * minuteMs, 3)).toBe(1);
    expect(position).toEqual({ from: start + 62 * minuteMs, told: [] });
  });
});
