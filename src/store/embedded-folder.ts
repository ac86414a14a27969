/**
 * The embedded store's folder: takes it for this process alone, makes or checks the database in it, and refuses with
 * a line for the operator what is not whole or not ours. Runs in the writing thread and blocks it.
 */
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openSqlite, type SqlDatabase, sqliteCode } from './sqlite.ts';
import { StoreRefused } from './store-refused.ts';
import { findWalDamage } from './wal-check.ts';

/** 'Gwan' in ASCII: tells our database from any other SQLite file. */
const APPLICATION_ID = 0x4777616e;
const SCHEMA_VERSION = 1;

const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE records (key TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, value BLOB NOT NULL, expires_at INTEGER);
  CREATE INDEX records_by_expiry ON records (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE index_entries (
    name TEXT NOT NULL, key TEXT NOT NULL, sort INTEGER NOT NULL, PRIMARY KEY (name, key)
  ) WITHOUT ROWID;
  CREATE INDEX index_entries_by_sort ON index_entries (name, sort, key);
  CREATE TABLE logs (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, first INTEGER NOT NULL, head INTEGER NOT NULL);
  CREATE TABLE log_entries (
    log_id INTEGER NOT NULL, position INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (log_id, position)
  ) WITHOUT ROWID;
  CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL, expires_at INTEGER) WITHOUT ROWID;
  CREATE INDEX counters_by_expiry ON counters (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE leases (name TEXT PRIMARY KEY, token INTEGER NOT NULL, owner TEXT, expires_at INTEGER) WITHOUT ROWID;
`;

export interface OpenFolder {
  readonly database: SqlDatabase;
  readonly epoch: string;
  /** What `newKeyCheck` was when the folder was made: opens only with the data key of that time. */
  readonly keyCheck: Uint8Array;
  close(): void;
}

export function databasePath(dataDir: string): string {
  return join(dataDir, 'gwanmun.db');
}

/** `newEpoch` and `newKeyCheck` are stored where the folder is new, and ignored where it is not. */
export function openFolder(dataDir: string, newEpoch: string, newKeyCheck: Uint8Array): OpenFolder {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StoreRefused(`The data folder ${dataDir} cannot be made: ${reasonOf(cause)}.`, cause);
  }
  const lock = takeLock(dataDir);
  let database: SqlDatabase | undefined;
  try {
    if (!existsSync(databasePath(dataDir))) createDatabase(dataDir, newEpoch, newKeyCheck);
    // While nothing has the database open; what SQLite then drops, the first checkpoint makes final.
    requireWholeLog(`${databasePath(dataDir)}-wal`);
    database = openChecked(databasePath(dataDir));
    const meta = new Map(
      database
        .prepare('SELECT name, value FROM meta')
        .all()
        .map(([name, value]) => [name, value]),
    );
    // The lock proves that whoever held a lease in this folder is gone, by now at the latest. Tokens go on rising.
    database.prepare('UPDATE leases SET owner = NULL, expires_at = min(expires_at, ?)').run(Date.now());
    const opened = database;
    return {
      database,
      epoch: Buffer.from(meta.get('epoch') as Uint8Array).toString('utf8'),
      keyCheck: meta.get('key_check') as Uint8Array,
      close() {
        opened.close();
        lock.close();
      },
    };
  } catch (error) {
    database?.close();
    lock.close();
    throw error instanceof StoreRefused ? error : readFault(databasePath(dataDir), error);
  }
}

/**
 * An exclusive SQLite lock on a file that nothing else opens. The system frees it when the process ends, however it
 * ends. It stands on a file of its own because closing any handle of a file drops the process's locks on it.
 */
function takeLock(dataDir: string): SqlDatabase {
  const path = join(dataDir, 'gwanmun.lock');
  const lock = openRaw(path);
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    if (sqliteCode(cause)?.startsWith('SQLITE_BUSY')) {
      const advice = 'Stop it first, or give this one a GWANMUN_DATA_DIR of its own.';
      throw new StoreRefused(`Another process uses the data folder ${dataDir}. ${advice}`, cause);
    }
    throw new StoreRefused(`${path} cannot be locked: ${reasonOf(cause)}. Remove it and start again.`, cause);
  }
}

/** Made under another name and renamed when whole, so that an empty or half-made database is always damage. */
function createDatabase(dataDir: string, epoch: string, keyCheck: Uint8Array): void {
  const path = databasePath(dataDir);
  if (existsSync(`${path}-wal`)) {
    const advice = `Bring ${path} back from where it was moved, or move ${path}-wal away to begin with no data.`;
    throw new StoreRefused(`${path}-wal holds changes to a database that is missing. ${advice}`);
  }
  const draft = `${path}.new`;
  for (const leftover of [draft, `${draft}-journal`]) rmSync(leftover, { force: true });
  try {
    const database = openSqlite(draft);
    database.exec('PRAGMA synchronous = EXTRA');
    database.exec(
      `BEGIN; ${SCHEMA} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${SCHEMA_VERSION};`,
    );
    const insert = database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
    insert.run('epoch', Buffer.from(epoch, 'utf8'));
    insert.run('key_check', keyCheck);
    database.exec('COMMIT');
    database.close();
    renameSync(draft, path);
    syncFolder(dataDir);
  } catch (cause) {
    throw new StoreRefused(`A new database cannot be made in ${dataDir}: ${reasonOf(cause)}.`, cause);
  }
}

function openChecked(path: string): SqlDatabase {
  if (statSync(path).size === 0) throw damaged(path, 'it is empty');
  const database = openRaw(path);
  try {
    if (database.pragma('application_id') !== APPLICATION_ID) {
      const advice = 'Move it away, or give GWANMUN_DATA_DIR another folder.';
      throw new StoreRefused(`${path} is a database of another program. ${advice}`);
    }
    const version = Number(database.pragma('user_version'));
    if (version !== SCHEMA_VERSION) {
      const advice = 'Start the version of Gwanmun that wrote it, or a later one.';
      throw new StoreRefused(`${path} has schema ${version}; this version reads ${SCHEMA_VERSION}. ${advice}`);
    }
    // Before the check: libsql 0.5.29 holds the database in a transaction when it turns to WAL after one.
    setUpForDurability(database, path);
    // Not quick_check, which takes half the time and looks at no entry of an index: a name or a place that is no longer what
    // was written would go unseen, and libsql 0.5.29 ends the process where a text is no UTF-8 any more.
    const finding = database.pragma('integrity_check(1)');
    if (finding !== 'ok') throw damaged(path, String(finding));
    requireFullLength(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error instanceof StoreRefused ? error : readFault(path, error);
  }
}

function requireWholeLog(path: string): void {
  const finding = findWalDamage(path);
  if (finding === undefined) return;
  throw new StoreRefused(
    `${path} is damaged (${finding}): writes that were confirmed would be lost. Put a copy of the data folder in its ` +
      'place, or move this file away to go on without all that was written since the last checkpoint.',
  );
}

/** SQLite reads the part that is missing from its last page as zeros, and says nothing. */
function requireFullLength(database: SqlDatabase, path: string): void {
  // Until the write-ahead log is in its place, the file may rightly be shorter than the database.
  database.pragma('wal_checkpoint(TRUNCATE)');
  const expected = Number(database.pragma('page_count')) * Number(database.pragma('page_size'));
  const { size } = statSync(path);
  if (size < expected) throw damaged(path, `it has ${size} of ${expected} bytes`);
}

/** Sets what the promises of a write and of a removal stand on, and reads it back: a setting that did not take must not go unseen. */
function setUpForDurability(database: SqlDatabase, path: string): void {
  const required = {
    journal_mode: 'wal',
    synchronous: 2,
    fullfsync: 1,
    checkpoint_fullfsync: 1,
    wal_autocheckpoint: 0,
    // What is removed is overwritten: a purge is worth what stays in the pages behind it.
    secure_delete: 1,
  };
  for (const [name, value] of Object.entries(required)) {
    database.pragma(`${name} = ${value}`);
    const effective = database.pragma(name);
    if (effective !== value) {
      throw new StoreRefused(
        `${path} does not take ${name} = ${value} (it stays ${effective}): no write would be safe.`,
      );
    }
  }
  database.pragma(`journal_size_limit = ${64 * 1024 * 1024}`);
}

function openRaw(path: string): SqlDatabase {
  try {
    return openSqlite(path);
  } catch (cause) {
    const advice = 'Move it away, or see that it is a file that this user may read and write.';
    throw new StoreRefused(`${path} cannot be opened: ${reasonOf(cause)}. ${advice}`, cause);
  }
}

function readFault(path: string, cause: unknown): StoreRefused {
  const code = sqliteCode(cause);
  if (code === 'SQLITE_NOTADB') {
    const advice = 'Move it away, or give GWANMUN_DATA_DIR another folder.';
    return new StoreRefused(`${path} is not a database of Gwanmun. ${advice}`, cause);
  }
  if (code === 'SQLITE_FULL') {
    return new StoreRefused(`The disk of ${path} is full. Free some space on it and start again.`, cause);
  }
  if (code?.startsWith('SQLITE_CORRUPT')) return damaged(path, reasonOf(cause), cause);
  const advice = 'Check the disk, and that this user may read and write it.';
  return new StoreRefused(`${path} cannot be read: ${reasonOf(cause)}. ${advice}`, cause);
}

function damaged(path: string, finding: string, cause?: unknown): StoreRefused {
  const advice = 'Put a backup in its place, or move it (and its -wal file) away to begin with no data.';
  return new StoreRefused(`${path} is damaged (${finding.split('\n').at(-1)}). ${advice}`, cause);
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
