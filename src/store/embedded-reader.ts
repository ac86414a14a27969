/**
 * The embedded store's reading connection, used on the main thread: a read sees all that was committed and never
 * waits for a commit in flight. It cannot write. Values leave it still sealed.
 */
import type { CountQuery, IndexEntry, Position, RangeQuery } from '../core/store.ts';
import { StoreUnavailable } from '../core/store.ts';
import { databasePath } from './embedded-folder.ts';
import { openSqlite, type SqlRow, sqliteCode } from './sqlite.ts';

interface SealedRecord {
  readonly key: string;
  readonly version: number;
  readonly sealed: Uint8Array;
}

interface SealedPage {
  readonly entries: readonly { readonly position: Position; readonly sealed: Uint8Array }[];
  readonly first: Position;
  readonly head: Position;
}

export interface EmbeddedReader {
  records(keys: readonly string[], now: number): ReadonlyMap<string, SealedRecord>;
  range(index: string, query: RangeQuery): IndexEntry[];
  count(index: string, query: CountQuery): number;
  sorts(index: string, keys: readonly string[]): ReadonlyMap<string, number>;
  page(log: string, after: Position, limit: number): SealedPage;
  leaseOwner(name: string, now: number): string | undefined;
  close(): void;
}

export function openEmbeddedReader(dataDir: string): EmbeddedReader {
  const database = openSqlite(databasePath(dataDir));
  database.exec('PRAGMA query_only = ON');
  const records = database.prepare(`
    SELECT key, version, value FROM records
    WHERE key IN (SELECT value FROM json_each(?)) AND (expires_at IS NULL OR expires_at > ?)`);
  const forward = database.prepare(`
    SELECT key, sort FROM index_entries
    WHERE name = ? AND (sort, key) > (?, ?) AND sort <= ? ORDER BY sort, key LIMIT ?`);
  const backward = database.prepare(`
    SELECT key, sort FROM index_entries
    WHERE name = ? AND (sort, key) < (?, ?) AND sort >= ? ORDER BY sort DESC, key DESC LIMIT ?`);
  const count = database.prepare(
    'SELECT COUNT(*) FROM (SELECT 1 FROM index_entries WHERE name = ? AND sort BETWEEN ? AND ? LIMIT ?)',
  );
  const sorts = database.prepare(
    'SELECT key, sort FROM index_entries WHERE name = ? AND key IN (SELECT value FROM json_each(?))',
  );
  // One statement, one moment: a trim between two would make a gap look like the beginning.
  const page = database.prepare(`
    SELECT first, head, position, value FROM logs LEFT JOIN log_entries ON log_id = id AND position > ?
    WHERE name = ? ORDER BY position LIMIT ?`);
  const leaseOwner = database.prepare('SELECT owner FROM leases WHERE name = ? AND expires_at > ?');

  /** A read that the disk fails is the store's failure, not the caller's. */
  function reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (sqliteCode(error) === undefined) throw error;
      throw new StoreUnavailable(
        `The database in ${dataDir} cannot be read: ${(error as Error).message}.`,
        'NO',
        error,
      );
    }
  }

  function selectRange(index: string, query: RangeQuery): readonly SqlRow[] {
    const from = query.from ?? 0;
    const to = query.to ?? Number.MAX_SAFE_INTEGER;
    const { after, limit } = query;
    // No key is empty, so (sort, '') stands just before all entries of that sort.
    if (query.reverse === true) {
      const start = after !== undefined && after.sort <= to ? after : { sort: to + 1, key: '' };
      return backward.all(index, start.sort, start.key, from, limit);
    }
    const start = after !== undefined && after.sort >= from ? after : { sort: from, key: '' };
    return forward.all(index, start.sort, start.key, to, limit);
  }

  return {
    records: (keys, now) =>
      reading(() => {
        const rows = records.all(JSON.stringify(keys), now);
        return new Map(
          rows.map(([key, version, sealed]) => [
            key as string,
            { key: key as string, version: version as number, sealed: sealed as Uint8Array },
          ]),
        );
      }),
    range: (index, query) =>
      reading(() => selectRange(index, query).map(([key, sort]) => ({ key: key as string, sort: sort as number }))),
    count: (index, { from = 0, to = Number.MAX_SAFE_INTEGER, atMost }) =>
      reading(() => count.get(index, from, to, atMost)?.[0] as number),
    sorts: (index, keys) =>
      reading(
        () => new Map(sorts.all(index, JSON.stringify(keys)).map(([key, sort]) => [key as string, sort as number])),
      ),
    page: (log, after, limit) =>
      reading(() => {
        const rows = page.all(after, log, limit) as readonly [number, number, number | null, Uint8Array][];
        const [first, head] = rows[0] ?? [1, 0];
        const entries = rows.flatMap(([, , position, sealed]) => (position === null ? [] : [{ position, sealed }]));
        return { entries, first, head };
      }),
    leaseOwner: (name, now) => reading(() => (leaseOwner.get(name, now)?.[0] ?? undefined) as string | undefined),
    close: () => database.close(),
  };
}
