import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, open as openFile, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { openFolder } from '../../src/store/embedded-folder.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { StoreRefused } from '../../src/store/store-refused.ts';
import { until } from '../support/until.ts';

const codec = createRecordCodec(new Uint8Array(32).fill(7));

describe('the embedded store’s folder', () => {
  let dataDir: string;
  let database: string;
  const children: ChildProcess[] = [];
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-folder-'));
    database = join(dataDir, 'gwanmun.db');
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  const open = () => openEmbeddedStore({ dataDir, codec });
  const fill = async (records: number) => {
    const store = await open();
    await store.write({ put: Array.from({ length: records }, (_, at) => ({ key: `k${at}`, value: 'x'.repeat(200) })) });
    await store.close();
  };
  const refusal = async () => {
    const error: unknown = await open().then(
      (store) => store.close(),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(StoreRefused);
    return error instanceof Error ? error.message : '';
  };
  const edit = async (change: string) => {
    const raw = openSqlite(database);
    raw.exec(change);
    raw.close();
  };

  /** A process that writes without end and prints the number of each write once it was acknowledged. */
  async function startWriter(): Promise<{ child: ChildProcess; acknowledged: number[] }> {
    const script = fileURLToPath(new URL('../support/store-writer.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const acknowledged: number[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => acknowledged.push(Number(line)));
    await until(() => acknowledged.length > 20);
    return { child, acknowledged };
  }

  test('the writing connection syncs every commit, in full, and leaves checkpoints to its owner', () => {
    const folder = openFolder(dataDir, 'epoch', new Uint8Array(1));
    // As SQLite itself says: https://www.sqlite.org/pragma.html. 2 is FULL.
    const names = ['journal_mode', 'synchronous', 'fullfsync', 'checkpoint_fullfsync', 'wal_autocheckpoint'];
    const effective = names.map((name) => folder.database.pragma(name));
    folder.close();
    expect(effective).toEqual(['wal', 2, 1, 1, 0]);
  });

  test('a second opening of the folder is refused while the first lives, in the same process too', async () => {
    const store = await open();
    expect(await refusal()).toContain(`Another process uses the data folder ${dataDir}.`);
    await store.close();
    await (await open()).close();
  });

  test('another process is refused, and takes over at once when the owner is killed with no acknowledged write lost', async () => {
    for (let run = 0; run < 2; run++) {
      const { child, acknowledged } = await startWriter();
      expect(await refusal()).toContain('Another process uses');
      child.kill('SIGKILL');
      await once(child, 'close');
      const store = await open();
      const log = [];
      for (;;) {
        const page = await store.readLog('written', log.length, 1_000);
        if (page.entries.length === 0) break;
        log.push(...page.entries.map(({ entry }) => entry));
      }
      expect(log).toEqual(Array.from({ length: log.length }, (_, at) => at));
      expect(log.length).toBeGreaterThan(Math.max(...acknowledged));
      const last = log.length - 1;
      expect((await store.get(`record/${last}`))?.value).toBe(last);
      expect(await store.sortOf('records', [`record/${last}`])).toEqual([last + 1]);
      await store.close();
      await rm(dataDir, { recursive: true });
    }
  });

  test('leases of a process that is gone are free, and their tokens go on rising', async () => {
    const first = await open();
    await first.acquireLease('lease', 'one', 3_600_000);
    await first.close();
    const second = await open();
    expect(await second.leaseOwner('lease')).toBeUndefined();
    expect(await second.acquireLease('lease', 'two', 1_000)).toEqual({ name: 'lease', token: 2 });
    await second.close();
  });

  test('a file that is no database, and a database of another program, are refused by name', async () => {
    await writeFile(database, 'these are somebody’s notes\n'.repeat(500));
    expect(await refusal()).toContain(`${database} is not a database of Gwanmun. Move it away`);
    await unlink(database);
    await edit('CREATE TABLE theirs (x)');
    expect(await refusal()).toContain(`${database} is a database of another program. Move it away`);
  });

  test('a database of a later version is refused and left as it was', async () => {
    await fill(1);
    await edit('PRAGMA user_version = 99');
    const before = await readFile(database);
    expect(await refusal()).toContain('has schema 99; this version reads 1.');
    expect(await readFile(database)).toEqual(before);
  });

  test('a database cut short anywhere is refused by name, and so is one that lost its content', async () => {
    await fill(300);
    const whole = join(dataDir, 'whole');
    await cp(database, whole);
    const { size } = await stat(whole);
    for (const kept of [size - 1, size - 4_096, Math.floor(size / 2), 5_000, 4_096, 100, 1, 0]) {
      await cp(whole, database);
      await truncate(database, kept);
      expect(await refusal()).toContain(database);
    }
    await cp(whole, database);
    await (await open()).close();
  });

  test('damage in any page is refused at start or named at the record that it hit, never passed over', async () => {
    await fill(100);
    const whole = join(dataDir, 'whole');
    await cp(database, whole);
    const pages = (await stat(whole)).size / 4_096;
    let refused = 0;
    let named = 0;
    for (let page = 0; page < pages; page++) {
      await cp(whole, database);
      const file = await openFile(database, 'r+');
      await file.write(Buffer.alloc(16, 0xa5), 0, 16, page * 4_096 + 3_000);
      await file.close();
      const store = await open().catch((error: unknown) => {
        expect(error).toBeInstanceOf(StoreRefused);
        refused++;
      });
      if (!store) continue;
      const keys = Array.from({ length: 100 }, (_, at) => `k${at}`);
      const records = await store.getMany(keys).catch((error: unknown) => String(error));
      if (Array.isArray(records)) expect(records.every((record) => record?.value === 'x'.repeat(200))).toBe(true);
      else {
        expect(records).toMatch(/The record k\d+ cannot be read: it is damaged/);
        named++;
      }
      await store.close();
    }
    expect({ refused: refused > 0, named: named > 0 }).toEqual({ refused: true, named: true });
  });

  test('changes whose database is missing are refused instead of beginning with no data', async () => {
    await fill(1);
    await unlink(database);
    await writeFile(`${database}-wal`, 'x');
    expect(await refusal()).toContain(`${database}-wal holds changes to a database that is missing.`);
  });

  test('the write-ahead log stays small however the writes come', async () => {
    const store = await open();
    const write = (at: number, bytes: number) => {
      const key = `k${at}`;
      const value = 'x'.repeat(bytes);
      const index = ['one', 'two'].map((name) => ({ index: name, key, sort: at }));
      return store.write({ put: [{ key, value }], index, append: [{ log: 'log', entry: value }] });
    };
    let next = 0;
    const sizes = [];
    for (const { rounds, together, bytes } of [
      { rounds: 300, together: 1, bytes: 100 },
      { rounds: 40, together: 32, bytes: 100 },
      { rounds: 60, together: 4, bytes: 20_000 },
    ]) {
      for (let round = 0; round < rounds; round++) {
        await Promise.all(Array.from({ length: together }, () => write(next++, bytes)));
      }
      sizes.push((await stat(`${database}-wal`)).size);
    }
    // The file never shrinks while it is open: this is the longest that it was.
    expect(Math.max(...sizes)).toBeLessThan(8 * 1024 * 1024);
    expect(Math.max(...sizes)).toBeGreaterThan(1024 * 1024);
    await store.close();
  });

  test('a write-ahead log that fails its checkpoint makes the store unwell, and it writes nothing more', async () => {
    const store = await open();
    const many = Array.from({ length: 200 }, (_, at) => ({ key: `k${at}`, value: at }));
    await store.write({ put: many });
    expect(store.health()).toEqual({ ok: true });
    await truncate(`${database}-wal`, 0);
    // Changes nothing, but brings on the checkpoint in the end, which finds the log gone.
    await until(async () => {
      await Promise.all(Array.from({ length: 50 }, () => store.trimLog('none', 1).catch(() => undefined)));
      return !store.health().ok;
    });
    expect(store.health()).toMatchObject({
      ok: false,
      why: expect.stringMatching(/^The disk has failed the database \(SQLITE_IOERR/),
    });
    await expect(store.write({ put: many })).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'NO' });
    await store.close();
  });

  test('another data key is refused at start', async () => {
    await fill(1);
    const other = createRecordCodec(new Uint8Array(32).fill(8));
    await expect(openEmbeddedStore({ dataDir, codec: other })).rejects.toThrow(
      'was written with another GWANMUN_DATA_KEY',
    );
    await (await open()).close();
  });

  test('a folder that cannot be made is refused by name', async () => {
    await writeFile(join(dataDir, 'file'), '');
    const inFile = join(dataDir, 'file', 'data');
    await expect(openEmbeddedStore({ dataDir: inFile, codec })).rejects.toThrow(
      `The data folder ${inFile} cannot be made`,
    );
  });
});
