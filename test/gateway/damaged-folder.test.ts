import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { type CompiledSource, compileSource } from '../support/compiled-source.ts';
import { keepOutput } from '../support/run-log.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

const dataKey = '42'.repeat(32);
const keys = {
  GWANMUN_API_KEY: 'damaged-folder-key-0123456789',
  GWANMUN_DATA_KEY: dataKey,
  SENDER_NUMBERS: '15880000',
  // Its page is not part of what was compiled.
  GWANMUN_GRAPHIQL: 'false',
};

let source: CompiledSource;
let folders: string;
/** A data folder as a gateway leaves it, and one as a gateway that was killed leaves it: the newest is in the log. */
let whole: string;
let killed: string;

beforeAll(async () => {
  source = await compileSource();
  folders = await mkdtemp(join(tmpdir(), 'gwanmun-folders-'));
  [whole, killed] = [join(folders, 'whole'), join(folders, 'killed')];
  const store = await openEmbeddedStore({ dataDir: whole, codec: createRecordCodec(Buffer.from(dataKey, 'hex')) });
  const write = (nth: number) => {
    const names = Array.from({ length: 100 }, (_, at) => `k${nth}-${at}`);
    return store.write({
      put: names.map((key) => ({ key, value: 'x'.repeat(200) })),
      index: names.map((key, at) => ({ index: 'all', key, sort: at })),
    });
  };
  for (let nth = 0; nth < 5; nth += 1) await write(nth);
  await cp(whole, killed, { recursive: true });
  await store.close();
}, 120_000);
afterAll(() => Promise.all([source.dispose(), rm(folders, { recursive: true })]));

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

/** Starts the gateway as an operator does, and waits until it has ended; one that listens is stopped, and `code` is 0. */
async function started(dataDir: string, env: Readonly<Record<string, string>> = keys): Promise<Ended> {
  const child = spawn(process.execPath, [source.path('src/main.ts')], {
    env: { PATH: process.env['PATH'] ?? '', PORT: '0', GWANMUN_SIMULATOR_PORT: '0', GWANMUN_DATA_DIR: dataDir, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  // A second signal would end it at once.
  let isStopped = false;
  child.stdout.on('data', (chunk) => {
    keepOutput(String(chunk));
    if (!isStopped && String(chunk).includes('listens on')) isStopped = child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk) => {
    keepOutput(String(chunk));
    said += String(chunk);
  });
  await once(child, 'close');
  return { code: child.exitCode, said };
}

async function copyOf(folder: string): Promise<string> {
  const copy = await temporaryFolder();
  await cp(folder, copy, { recursive: true });
  return copy;
}

async function overwrite(path: string, at: number, bytes: number): Promise<void> {
  const content = await readFile(path);
  content.fill(0xa5, at, at + bytes);
  await writeFile(path, content);
}

const notes = 'these are somebody’s notes\n'.repeat(500);
const database = 'gwanmun.db';

const cases: readonly {
  readonly what: string;
  readonly file: string;
  readonly from?: 'killed';
  readonly damage: (path: string) => Promise<unknown>;
  readonly advice: string;
}[] = [
  {
    what: 'a database cut short',
    file: database,
    damage: async (path) => truncate(path, Math.floor((await stat(path)).size / 2)),
    advice: 'Put a backup in its place',
  },
  {
    what: 'an empty database',
    file: database,
    damage: (path) => truncate(path, 0),
    advice: 'Put a backup in its place',
  },
  {
    what: 'a database with a page of something else in it',
    file: database,
    damage: async (path) => overwrite(path, (await stat(path)).size - 8_192, 4_096),
    advice: 'Put a backup in its place',
  },
  {
    what: 'a file that is no database',
    file: database,
    damage: (path) => writeFile(path, notes),
    advice: 'Move it away, or give GWANMUN_DATA_DIR another folder.',
  },
  {
    what: 'a database of another program',
    file: database,
    async damage(path) {
      await unlink(path);
      const other = openSqlite(path);
      other.exec('CREATE TABLE theirs (x)');
      other.close();
    },
    advice: 'Move it away, or give GWANMUN_DATA_DIR another folder.',
  },
  {
    what: 'a log whose database is gone',
    file: `${database}-wal`,
    from: 'killed',
    damage: (path) => unlink(path.replace('-wal', '')),
    advice: 'Bring ',
  },
  {
    what: 'a log with damage before its last commit',
    file: `${database}-wal`,
    from: 'killed',
    damage: (path) => overwrite(path, 1_000, 16),
    advice: 'Put a copy of the data folder in its place',
  },
  {
    what: 'a log that is something else',
    file: `${database}-wal`,
    from: 'killed',
    damage: (path) => writeFile(path, notes),
    advice: 'Put a copy of the data folder in its place',
  },
  {
    what: 'a lock that is something else',
    file: 'gwanmun.lock',
    damage: (path) => writeFile(path, notes),
    advice: 'Remove it and start again.',
  },
  {
    what: 'a folder in place of the lock',
    file: 'gwanmun.lock',
    async damage(path) {
      await rm(path, { force: true });
      await mkdir(path);
    },
    advice: 'Move it away',
  },
];

describe('a gateway that is started on a data folder with', () => {
  it.each(cases)(
    '$what ends with 1 and one line that names it and says what to do',
    { timeout: 60_000 },
    async (given) => {
      const folder = await copyOf(given.from === 'killed' ? killed : whole);
      const path = join(folder, given.file);
      await given.damage(path);
      const { code, said } = await started(folder);
      expect(said).toContain(path);
      expect(said).toContain(given.advice);
      expect({ code, lines: said.trimEnd().split('\n').length }).toEqual({ code: 1, lines: 1 });
    },
  );

  it('the keys of the sandbox cut short ends with 1, names them, and says what to do', {
    timeout: 60_000,
  }, async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'sandbox-secrets.json');
    await writeFile(path, '{"apiKey": "g');
    const { code, said } = await started(folder, {});
    expect(said).toContain(`${path} is damaged: restore it, or remove the whole data folder`);
    expect(code).toBe(1);
  });

  it('control: what a killed gateway left, with a lost index of its log and a torn last write, starts', {
    timeout: 60_000,
  }, async () => {
    const folder = await copyOf(killed);
    const log = join(folder, `${database}-wal`);
    await writeFile(join(folder, `${database}-shm`), notes);
    await truncate(log, (await stat(log)).size - 10);
    expect(await started(folder)).toMatchObject({ code: 0 });
  });
});
