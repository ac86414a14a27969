/**
 * Who read whose data, in an append-only log of all gateways: noted in memory, written in the background within a second, and
 * kept for its own time, whatever else is forgotten. A read does not wait for it; that it cannot be written is told. What
 * counts as such a read is not decided here.
 */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Store, StoreUnavailable, storeKey } from '../store.ts';
import { type Access, type AccessEntry, beginning, chained, follows, type Link } from './chain.ts';

export interface AccessRecord {
  /** Returns at once. */
  note(access: Omit<Access, 'at'>): void;
  start(): void;
  /** Writes what waits. */
  flush(): Promise<void>;
  /** Drops what is older than it is kept, but for the hash that the rest follows. */
  trim(): Promise<void>;
  /** Writes what waits, once, and no more. */
  stop(): Promise<void>;
  /** What an operator should know: undefined where all is well. */
  remark(): string | undefined;
}

export interface AccessRecordOptions {
  readonly store: Store;
  readonly keepDays: number;
  readonly clock: Clock;
  readonly log: Log;
  /** How many may wait for a store that is away. @default 20_000 */
  readonly maxWaiting?: number;
}

const accessLog = storeKey('access-record');
/** The newest entry's number and hash. */
const headKey = storeKey('access-record', 'head');
/** Those of the last entry that was dropped for its age. */
const droppedKey = storeKey('access-record', 'dropped');

const flushEveryMs = 250;
const trimEveryMs = 3_600_000;
const mostAtOnce = 500;
const dayMs = 86_400_000;

export function createAccessRecord(options: AccessRecordOptions): AccessRecord {
  const { store, keepDays, clock, log, maxWaiting = 20_000 } = options;
  const waiting: Access[] = [];
  let isFailing = false;
  let lost = 0;

  async function write(): Promise<void> {
    while (waiting.length > 0) {
      const head = await store.get<Link>(headKey);
      const entries = chained(waiting.slice(0, mostAtOnce), head?.value ?? beginning, store.keyedHash);
      const { n, hash } = entries.at(-1) as AccessEntry;
      const { committed } = await store.write({
        expect: [{ key: headKey, version: head?.version ?? 0 }],
        put: [{ key: headKey, value: { n, hash } satisfies Link }],
        append: entries.map((entry) => ({ log: accessLog, entry })),
      });
      // Else another gateway was first, and this one goes on behind it.
      if (committed) waiting.splice(0, entries.length);
    }
    isFailing = false;
  }

  let active: Promise<void> | undefined;
  function flush(): Promise<void> {
    if (waiting.length === 0) return active ?? Promise.resolve();
    active ??= write()
      .catch((error) => {
        // Once an outage: it is tried again with the next look.
        if (!isFailing) log.error('access-record.failed', { count: waiting.length, error });
        isFailing = true;
      })
      .finally(() => {
        active = undefined;
      });
    return active;
  }

  async function trim(): Promise<void> {
    const before = clock.now() - keepDays * dayMs;
    for (;;) {
      const dropped = await store.get<Link>(droppedKey);
      const { entries } = await store.readLog(accessLog, dropped?.value.n ?? 0, mostAtOnce);
      const young = entries.findIndex(({ entry }) => (entry as AccessEntry).at >= before);
      const last = (young < 0 ? entries : entries.slice(0, young)).at(-1)?.entry as AccessEntry | undefined;
      if (last === undefined) return;
      const { n, hash } = last;
      // First, so that what is left has always something that it follows.
      const expect = [{ key: droppedKey, version: dropped?.version ?? 0 }];
      const { committed } = await store.write({
        expect,
        put: [{ key: droppedKey, value: { n, hash } satisfies Link }],
      });
      if (committed) await store.trimLog(accessLog, n);
    }
  }

  const timers: NodeJS.Timeout[] = [];
  return {
    note(access) {
      if (waiting.length < maxWaiting) {
        waiting.push({ at: clock.now(), ...access });
        return;
      }
      if (lost === 0) log.error('access-record.full', { count: maxWaiting });
      lost += 1;
    },
    start() {
      const trimOrSay = (): void => void trim().catch((error) => log.error('access-record.trim-failed', { error }));
      timers.push(setInterval(flush, flushEveryMs), setInterval(trimOrSay, trimEveryMs));
      trimOrSay();
    },
    flush,
    trim,
    async stop() {
      for (const timer of timers) clearInterval(timer);
      await active;
      await flush();
    },
    remark() {
      if (lost > 0) return `The access record has lost ${lost} entries: the store was away for too long.`;
      return isFailing ? `The access record cannot be written; ${waiting.length} entries wait.` : undefined;
    },
  };
}

export interface AccessVerdict {
  /** How many were looked at and found right. */
  readonly entries: number;
  /** Number and hash of the newest one: kept elsewhere, it shows later that nothing before it was written anew. */
  readonly head: Link;
  /** Undefined where all of them are what was written. */
  readonly fault?: string;
}

/** Reads the whole record, as it stood when it began, and holds each entry against the one before it. */
export async function verifyAccessRecord(store: Store, see: (entry: AccessEntry) => void): Promise<AccessVerdict> {
  const [dropped, newest] = await store.getMany<Link>([droppedKey, headKey]);
  const head = newest?.value ?? beginning;
  let previous = dropped?.value ?? beginning;
  let entries = 0;
  const verdict = (fault?: string): AccessVerdict => ({ entries, head, ...(fault !== undefined && { fault }) });
  while (previous.n < head.n) {
    const page = await store.readLog(accessLog, previous.n, mostAtOnce).catch((error) => {
      if (error instanceof StoreUnavailable) throw error;
      return undefined;
    });
    if (page === undefined) return verdict(`Behind entry ${previous.n} one cannot be opened.`);
    if (page.entries.length === 0) return verdict(`Entry ${previous.n + 1} and what follows it are missing.`);
    for (const { position, entry } of page.entries) {
      if (previous.n === head.n) break;
      const given = entry as AccessEntry;
      if (position !== previous.n + 1 || !follows(given, previous, store.keyedHash)) {
        return verdict(`Entry ${previous.n + 1} is not what was written.`);
      }
      see(given);
      entries += 1;
      previous = given;
    }
  }
  return previous.hash === head.hash ? verdict() : verdict(`Entry ${head.n} is not the newest that was written.`);
}
