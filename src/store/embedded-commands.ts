/**
 * What the writing thread of the embedded store can be asked to do, and how each thing is done in SQL. Commands run
 * inside a transaction that the caller opens; none commits. Values arrive sealed.
 */
import type { Batch, Fence, IndexChange, Lease, Position, WriteResult } from '../core/store.ts';
import type { SqlDatabase, SqlStatement, SqlValue } from './sqlite.ts';

/** A batch whose values the codec has sealed. */
export interface SealedBatch extends Omit<Batch, 'put' | 'append'> {
  readonly put: readonly { readonly key: string; readonly sealed: Uint8Array; readonly ttlMs?: number | undefined }[];
  readonly append: readonly { readonly log: string; readonly sealed: Uint8Array }[];
}

/** What each kind of command answers. */
interface Answers {
  write: WriteResult;
  claimDue: readonly string[];
  trimLog: undefined;
  add: { readonly value: number; readonly added: boolean };
  acquireLease: Lease | undefined;
  renewLease: boolean;
  releaseLease: undefined;
  sweep: undefined;
  /** Whether it came about. */
  erase: boolean;
}

interface Requests {
  write: { readonly batch: SealedBatch };
  claimDue: {
    readonly index: string;
    readonly until: number;
    readonly limit: number;
    readonly holdMs: number;
    readonly fence?: Fence | undefined;
  };
  trimLog: { readonly log: string; readonly upTo: Position };
  add: {
    readonly counter: string;
    readonly amount: number;
    readonly max?: number | undefined;
    readonly ttlMs?: number | undefined;
  };
  acquireLease: {
    readonly name: string;
    readonly owner: string;
    readonly ttlMs: number;
    readonly restMs: number;
  };
  renewLease: { readonly lease: Lease; readonly owner: string; readonly ttlMs: number };
  releaseLease: { readonly lease: Lease; readonly owner: string };
  sweep: { readonly limit: number };
  erase: object;
}

export type CommandKind = keyof Requests;
export type CommandOf<K extends CommandKind> = { readonly kind: K } & Requests[K];
export type Command = { [K in CommandKind]: CommandOf<K> }[CommandKind];
export type Answer<K extends CommandKind> = Answers[K];

/** Returns the function that runs one command at the store's time `now`. */
export function createCommandRunner(database: SqlDatabase): (command: Command, now: number) => Answers[CommandKind] {
  const records = createRecordStatements(database);
  const indexes = createIndexStatements(database);
  const logs = createLogStatements(database);
  const counters = createCounterStatements(database);
  const leases = createLeaseStatements(database);

  function conflictsOf(batch: SealedBatch, now: number): string[] {
    const conflicts = [];
    for (const { key, version } of batch.expect ?? []) {
      if (integer(records.version.get(key, now)) !== version) conflicts.push(key);
    }
    const { fence } = batch;
    if (fence !== undefined && isSucceeded(fence)) conflicts.push(fence.lease);
    return conflicts;
  }

  const isSucceeded = ({ lease, token }: Fence): boolean => integer(leases.token.get(lease)) !== token;

  function write(batch: SealedBatch, now: number): WriteResult {
    const conflicts = conflictsOf(batch, now);
    if (conflicts.length > 0) return { committed: false, conflicts };
    for (const { key, sealed, ttlMs } of batch.put) {
      records.put.run(key, sealed, ttlMs === undefined ? null : now + ttlMs, now);
    }
    for (const key of batch.remove ?? []) records.remove.run(key);
    const positions: Position[] = [];
    for (const { log, sealed } of batch.append) {
      const [id, position] = logs.grow.get(log) as [number, number];
      logs.insert.run(id, position, sealed);
      positions.push(position);
    }
    for (const change of batch.index ?? []) applyIndexChange(change, positions);
    return { committed: true, positions };
  }

  function applyIndexChange(change: IndexChange, positions: readonly Position[]): void {
    if ('remove' in change) indexes.remove.run(change.index, change.key);
    else if ('sort' in change) indexes.put.run(change.index, change.key, change.sort);
    else indexes.put.run(change.index, change.key, positions[change.sortByAppend] as Position);
  }

  function add({ counter, amount, max, ttlMs }: CommandOf<'add'>, now: number): Answers['add'] {
    const value = integer(counters.get.get(counter, now));
    if (amount > 0 && max !== undefined && value + amount > max) return { value, added: false };
    const expiresAt = ttlMs === undefined ? null : now + ttlMs;
    return { value: integer(counters.add.get(counter, amount, expiresAt, now, now)), added: true };
  }

  return (command, now) => {
    switch (command.kind) {
      case 'write':
        return write(command.batch, now);
      case 'claimDue': {
        if (command.fence !== undefined && isSucceeded(command.fence)) return [];
        const keys = indexes.due.all(command.index, command.until, command.limit).map(([key]) => key as string);
        for (const key of keys) indexes.put.run(command.index, key, command.until + command.holdMs);
        return keys;
      }
      case 'trimLog':
        logs.trim.run(command.upTo, command.log, command.upTo);
        logs.drop.run(command.log, command.log);
        return undefined;
      case 'add':
        return add(command, now);
      case 'acquireLease': {
        const { name, owner, ttlMs, restMs } = command;
        const token = leases.acquire.get(name, owner, now + ttlMs, now, restMs, now)?.[0];
        return token === undefined ? undefined : { name, token: Number(token) };
      }
      case 'renewLease': {
        const { lease, owner, ttlMs } = command;
        return leases.renew.get(now + ttlMs, lease.name, lease.token, owner, now) !== undefined;
      }
      case 'releaseLease':
        leases.release.run(now, command.lease.name, command.lease.token, command.owner);
        return undefined;
      case 'sweep':
        records.sweep.run(now, command.limit);
        counters.sweep.run(now, command.limit);
        return undefined;
      case 'erase':
        // Behind the commit: no checkpoint runs inside a transaction.
        return false;
    }
  };
}

type Statements<Name extends string> = Readonly<Record<Name, SqlStatement>>;

function createRecordStatements(database: SqlDatabase): Statements<'version' | 'put' | 'remove' | 'sweep'> {
  return {
    version: database.prepare('SELECT version FROM records WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)'),
    // A record that has lapsed but was not swept yet counts as absent: its version begins anew.
    put: database.prepare(`
      INSERT INTO records (key, version, value, expires_at) VALUES (?, 1, ?, ?)
      ON CONFLICT (key) DO UPDATE SET
        version = CASE WHEN expires_at <= ? THEN 1 ELSE version + 1 END,
        value = excluded.value, expires_at = excluded.expires_at`),
    remove: database.prepare('DELETE FROM records WHERE key = ?'),
    sweep: database.prepare(
      'DELETE FROM records WHERE rowid IN (SELECT rowid FROM records WHERE expires_at <= ? LIMIT ?)',
    ),
  };
}

function createIndexStatements(database: SqlDatabase): Statements<'put' | 'remove' | 'due'> {
  return {
    put: database.prepare(`
      INSERT INTO index_entries (name, key, sort) VALUES (?, ?, ?) ON CONFLICT (name, key) DO UPDATE SET sort = excluded.sort`),
    remove: database.prepare('DELETE FROM index_entries WHERE name = ? AND key = ?'),
    due: database.prepare('SELECT key FROM index_entries WHERE name = ? AND sort <= ? ORDER BY sort, key LIMIT ?'),
  };
}

function createLogStatements(database: SqlDatabase): Statements<'grow' | 'insert' | 'trim' | 'drop'> {
  return {
    grow: database.prepare(`
      INSERT INTO logs (name, first, head) VALUES (?, 1, 1)
      ON CONFLICT (name) DO UPDATE SET head = head + 1 RETURNING id, head`),
    insert: database.prepare('INSERT INTO log_entries (log_id, position, value) VALUES (?, ?, ?)'),
    trim: database.prepare('UPDATE logs SET first = min(?, head) + 1 WHERE name = ? AND first <= ?'),
    drop: database.prepare(`
      DELETE FROM log_entries
      WHERE log_id = (SELECT id FROM logs WHERE name = ?) AND position < (SELECT first FROM logs WHERE name = ?)`),
  };
}

function createCounterStatements(database: SqlDatabase): Statements<'get' | 'add' | 'sweep'> {
  return {
    get: database.prepare('SELECT value FROM counters WHERE name = ? AND (expires_at IS NULL OR expires_at > ?)'),
    add: database.prepare(`
      INSERT INTO counters (name, value, expires_at) VALUES (?, ?, ?)
      ON CONFLICT (name) DO UPDATE SET
        value = CASE WHEN expires_at <= ? THEN excluded.value ELSE value + excluded.value END,
        expires_at = CASE WHEN expires_at <= ? THEN excluded.expires_at ELSE expires_at END
      RETURNING value`),
    sweep: database.prepare(
      'DELETE FROM counters WHERE name IN (SELECT name FROM counters WHERE expires_at <= ? LIMIT ?)',
    ),
  };
}

function createLeaseStatements(database: SqlDatabase): Statements<'token' | 'acquire' | 'renew' | 'release'> {
  return {
    token: database.prepare('SELECT token FROM leases WHERE name = ?'),
    acquire: database.prepare(`
      INSERT INTO leases (name, token, owner, expires_at) VALUES (?, 1, ?, ?)
      ON CONFLICT (name) DO UPDATE SET token = token + 1, owner = excluded.owner, expires_at = excluded.expires_at
        WHERE (owner = excluded.owner AND expires_at > ?) OR expires_at + ? <= ?
      RETURNING token`),
    renew: database.prepare(
      'UPDATE leases SET expires_at = ? WHERE name = ? AND token = ? AND owner = ? AND expires_at > ? RETURNING token',
    ),
    // Given up now: the rest counts from here.
    release: database.prepare(
      'UPDATE leases SET owner = NULL, expires_at = ? WHERE name = ? AND token = ? AND owner = ?',
    ),
  };
}

/** The integer that a statement selected; 0 where it found no row. */
function integer(row: readonly SqlValue[] | undefined): number {
  return Number(row?.[0] ?? 0);
}
