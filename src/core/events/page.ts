/**
 * One page of a listing that is ordered like a log: its cursors are positions, so a page's cursor also begins a stream.
 * The look at the index is bounded: where a filter leaves out very much, a page may be short and still have a next one.
 */
import { InvalidInput } from '../errors.ts';
import type { Position, RangeQuery, Store } from '../store.ts';
import type { EventLog } from './log.ts';

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

export interface Page<Item> {
  readonly edges: readonly { readonly cursor: string; readonly node: Item }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor?: string;
    readonly endCursor?: string;
  };
}

export interface PageSource<Item> {
  readonly store: Store;
  /** Sorted by position in `log`. */
  readonly index: string;
  readonly log: EventLog;
  /** Loads the records of these keys, in their order; undefined leaves one out. */
  readonly load: (keys: readonly string[]) => Promise<readonly (Item | undefined)[]>;
}

const defaultSize = 50;
const maxSize = 100;
const scanSize = 200;
const maxScans = 10;

export async function readPage<Item>(source: PageSource<Item>, page: PageArguments): Promise<Page<Item>> {
  const backwards = page.last != null || (page.before != null && page.first == null);
  if (page.first != null && page.last != null) throw invalid('last', 'EXCLUSIVE', 'Give first or last, not both.');
  const asked = (backwards ? page.last : page.first) ?? defaultSize;
  if (asked < 0) throw invalid(backwards ? 'last' : 'first', 'NEGATIVE', 'Give 0 or more.');
  const size = Math.min(asked, maxSize);
  const bounds = {
    from: page.after == null ? 0 : positionOf(source.log, 'after', page.after) + 1,
    to: page.before == null ? Number.MAX_SAFE_INTEGER : positionOf(source.log, 'before', page.before) - 1,
  };

  const found: { position: Position; node: Item }[] = [];
  let last: { key: string; sort: Position } | undefined;
  let more = false;
  for (let scan = 0; scan < maxScans; scan += 1) {
    const query: RangeQuery = {
      ...bounds,
      reverse: backwards,
      limit: scanSize,
      ...(last !== undefined && { after: last }),
    };
    const entries = await source.store.range(source.index, query);
    const nodes = await source.load(entries.map(({ key }) => key));
    for (const [at, entry] of entries.entries()) {
      const node = nodes[at];
      if (node !== undefined && found.length === size) {
        more = true;
        break;
      }
      last = entry;
      if (node !== undefined) found.push({ position: entry.sort, node });
    }
    if (more || entries.length < scanSize) break;
    if (scan === maxScans - 1) more = true;
  }

  if (backwards) found.reverse();
  const edges = found.map(({ position, node }) => ({ cursor: source.log.cursorAt(position), node }));
  // Where a filter stopped the look early, the next page goes on from there and not from the last match.
  const reached = more && last !== undefined && found.length < size ? source.log.cursorAt(last.sort) : undefined;
  const startCursor = (backwards ? reached : undefined) ?? edges.at(0)?.cursor;
  const endCursor = (backwards ? undefined : reached) ?? edges.at(-1)?.cursor;
  return {
    edges,
    pageInfo: {
      hasNextPage: backwards ? page.before != null : more,
      hasPreviousPage: backwards ? more : page.after != null,
      ...(startCursor !== undefined && { startCursor }),
      ...(endCursor !== undefined && { endCursor }),
    },
  };
}

/** A cursor of data that has been replaced stands before everything there is. */
function positionOf(log: EventLog, argument: string, cursor: string): Position {
  const parsed = log.parseCursor(cursor);
  if (parsed === undefined) throw invalid(argument, 'NOT_A_CURSOR', 'Not a cursor of this list.');
  return parsed.known ? parsed.position : 0;
}

const invalid = (argument: string, rule: string, message: string): InvalidInput =>
  new InvalidInput([{ path: [argument], rule, message }]);
