import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { AccessEntry } from '../../../src/core/access/chain.ts';
import { createAccessRecord, verifyAccessRecord } from '../../../src/core/access/record.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import { type Store, StoreUnavailable } from '../../../src/core/store.ts';
import { openEmbeddedStore } from '../../../src/store/embedded.ts';
import { createRecordCodec } from '../../../src/store/record-codec.ts';
import { openSqlite, type SqlDatabase } from '../../../src/store/sqlite.ts';
import { runLog } from '../../support/run-log.ts';
import { temporaryFolder, temporaryStore } from '../../support/temporary-store.ts';

const dayMs = 86_400_000;

const access = (nth: number) => ({
  tenant: 'shop',
  keyId: 'front',
  requestId: '00000000-0000-4000-8000-000000000000',
  address: '192.0.2.1',
  operation: 'query' as const,
  fields: [{ name: 'message', asked: { id: `message ${nth}` } }],
});

const recordOf = (store: Store, keepDays = 730, clock = systemClock) =>
  createAccessRecord({ store, keepDays, clock, log: runLog });

async function lookedThrough(store: Store) {
  const seen: AccessEntry[] = [];
  return { seen, ...(await verifyAccessRecord(store, (entry) => void seen.push(entry))) };
}

async function written(store: Store, count: number): Promise<void> {
  const record = recordOf(store);
  for (let nth = 1; nth <= count; nth += 1) record.note(access(nth));
  await record.flush();
}

describe('the access record', () => {
  it('has every access in its order, written by several gateways at once', async () => {
    const store = await temporaryStore();
    const records = [recordOf(store), recordOf(store), recordOf(store)];
    for (let nth = 0; nth < 300; nth += 1) records[nth % 3]?.note(access(nth));
    await Promise.all(records.map((record) => record.flush()));
    const { seen, entries, fault, head } = await lookedThrough(store);
    expect({ entries, fault, n: head.n }).toEqual({ entries: 300, fault: undefined, n: 300 });
    const ids = seen.map(({ fields: [field] }) => field?.asked['id']);
    expect(new Set(ids).size).toBe(300);
    for (const which of [0, 1, 2]) {
      const own = Array.from({ length: 100 }, (_, nth) => `message ${3 * nth + which}`);
      expect(ids.filter((id) => own.includes(String(id)))).toEqual(own);
    }
  });

  it('writes what waits once the store is back, and says so until then', async () => {
    const store = await temporaryStore();
    let isAway = true;
    const record = recordOf({
      ...store,
      write: (batch) => (isAway ? Promise.reject(new StoreUnavailable('away', 'NO')) : store.write(batch)),
    });
    record.note(access(1));
    await record.flush();
    expect(record.remark()).toBe('The access record cannot be written; 1 entries wait.');
    isAway = false;
    await record.stop();
    expect(record.remark()).toBeUndefined();
    expect((await lookedThrough(store)).entries).toBe(1);
  });

  it('is bounded while the store is away, and counts what it loses', async () => {
    const store = await temporaryStore();
    const record = createAccessRecord({ store, keepDays: 730, clock: systemClock, log: silentLog, maxWaiting: 10 });
    for (let nth = 0; nth < 13; nth += 1) record.note(access(nth));
    expect(record.remark()).toContain('has lost 3 entries');
    await record.flush();
    expect((await lookedThrough(store)).entries).toBe(10);
  });

  it('drops what is older than it is kept, and what is left is still held against it', async () => {
    const store = await temporaryStore();
    await written(store, 600);
    const later = { ...systemClock, now: () => systemClock.now() + 366 * dayMs };
    const record = recordOf(store, 365, later);
    record.note(access(601));
    await record.flush();
    await record.trim();
    await record.trim();
    const { seen, fault } = await lookedThrough(store);
    expect(fault).toBeUndefined();
    expect(seen.map(({ n }) => n)).toEqual([601]);
  });
});

describe('of 10,000 entries, it is told that', () => {
  const chosen = 6_283;
  const at = `log_id = (SELECT id FROM logs WHERE name = 'access-record') AND position`;
  const isWrong = `Entry ${chosen} is not what was written.`;
  const tamperings: readonly [string, (database: SqlDatabase) => void, string][] = [
    ['two have changed places', (database) => swap(database, chosen, chosen + 1), isWrong],
    ['one is a copy of another', (database) => copy(database, 12, chosen), isWrong],
    // A page is opened as a whole.
    ['one was damaged', (database) => flipBit(database, chosen), 'Behind entry 6000 one cannot be opened.'],
    ['one is gone', (database) => database.prepare(`DELETE FROM log_entries WHERE ${at} = ?`).run(chosen), isWrong],
    [
      'the newest are gone',
      (database) => {
        database.prepare(`DELETE FROM log_entries WHERE ${at} > ?`).run(chosen);
        database.prepare(`UPDATE logs SET head = ? WHERE name = 'access-record'`).run(chosen);
      },
      `Entry ${chosen + 1} and what follows it are missing.`,
    ],
  ];

  const valueAt = (database: SqlDatabase, position: number): Uint8Array =>
    database.prepare(`SELECT value FROM log_entries WHERE ${at} = ?`).get(position)?.[0] as Uint8Array;
  const put = (database: SqlDatabase, position: number, value: Uint8Array): void =>
    database.prepare(`UPDATE log_entries SET value = ? WHERE ${at} = ?`).run(value, position);
  function swap(database: SqlDatabase, one: number, other: number): void {
    const [first, second] = [valueAt(database, one), valueAt(database, other)];
    put(database, one, second);
    put(database, other, first);
  }
  const copy = (database: SqlDatabase, from: number, to: number): void => put(database, to, valueAt(database, from));
  function flipBit(database: SqlDatabase, position: number): void {
    const value = Uint8Array.from(valueAt(database, position));
    value[40] = (value[40] ?? 0) ^ 1;
    put(database, position, value);
  }

  const codec = createRecordCodec(randomBytes(32));
  let whole: string;
  beforeAll(async () => {
    whole = await mkdtemp(join(tmpdir(), 'gwanmun-access-'));
    const store = await openEmbeddedStore({ dataDir: whole, codec });
    await written(store, 10_000);
    const { entries, fault } = await lookedThrough(store);
    expect({ entries, fault }).toEqual({ entries: 10_000, fault: undefined });
    await store.close();
  });
  afterAll(() => rm(whole, { recursive: true }));

  it.each(tamperings)('%s', async (_what, tamper, fault) => {
    const dataDir = await temporaryFolder();
    await cp(whole, dataDir, { recursive: true });
    const database = openSqlite(join(dataDir, 'gwanmun.db'));
    tamper(database);
    database.close();
    const store = await openEmbeddedStore({ dataDir, codec });
    onTestFinished(() => store.close());
    expect((await lookedThrough(store)).fault).toBe(fault);
  });

  it('one was written anew with the data key, though it opens', async () => {
    const dataDir = await temporaryFolder();
    await cp(whole, dataDir, { recursive: true });
    const store = await openEmbeddedStore({ dataDir, codec });
    onTestFinished(() => store.close());
    const forged: Store = {
      ...store,
      async readLog(log, after, limit) {
        const page = await store.readLog(log, after, limit);
        const entries = page.entries.map(({ position, entry }) =>
          position === chosen
            ? { position, entry: { ...(entry as AccessEntry), keyId: 'another' } }
            : { position, entry },
        );
        return { ...page, entries };
      },
    };
    expect((await lookedThrough(forged)).fault).toBe(isWrong);
  });
});
