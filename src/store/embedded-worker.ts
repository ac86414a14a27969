/**
 * The writing thread of the embedded store: holds the folder's lock and the only writing connection, and commits
 * each group of commands in one synced transaction. The main thread never waits for a disk.
 */
import { statSync } from 'node:fs';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { crashPoint } from '../core/crash-points.ts';
import { type Answer, type Command, type CommandKind, createCommandRunner } from './embedded-commands.ts';
import { databasePath, type OpenFolder, openFolder } from './embedded-folder.ts';
import { type ExitGate, leaveExitGate, passExitGate } from './exit-gate.ts';
import { sqliteCode } from './sqlite.ts';
import { StoreRefused } from './store-refused.ts';

export interface WorkerSettings {
  readonly dataDir: string;
  readonly newEpoch: string;
  readonly newKeyCheck: Uint8Array;
  readonly exitGate: ExitGate;
}

export type ToWorker =
  | { readonly kind: 'group'; readonly now: number; readonly commands: readonly Command[] }
  /** Whether a full disk has room again. Answered by `room`. */
  | { readonly kind: 'probe'; readonly now: number }
  | { readonly kind: 'close' };

export type FromWorker =
  | { readonly kind: 'opened'; readonly epoch: string; readonly keyCheck: Uint8Array }
  | { readonly kind: 'refused'; readonly message: string }
  /** From now on nothing is written. Answers no group. */
  | { readonly kind: 'broken'; readonly code: string }
  | { readonly kind: 'done'; readonly answers: readonly Answer<CommandKind>[] }
  | { readonly kind: 'failed'; readonly message: string; readonly wrote: 'NO' | 'MAYBE'; readonly isFull: boolean }
  /** Of the disk: whether it takes what grows. Answers no group. */
  | { readonly kind: 'room'; readonly isFull: boolean };

/** Of 4 KB each: keeps the write-ahead log, which every start after a crash has to read, at some 4 MB. */
const CHECKPOINT_AT_PAGES = 1_000;
const PAGE_BYTES = 4_096;
/** One row writes about one page where many share a commit, three where each has its own; values come on top. */
const PAGES_PER_ROW = { least: 1, first: 3, most: 4 };

const BALLAST_KEY = 'store/ballast';
const BALLAST_BYTES = 8 * PAGE_BYTES;

function serve(port: MessagePort, settings: WorkerSettings): void {
  const post = (message: FromWorker) => port.postMessage(message);
  let folder: OpenFolder;
  try {
    folder = openFolder(settings.dataDir, settings.newEpoch, settings.newKeyCheck);
  } catch (error) {
    if (!(error instanceof StoreRefused)) throw error;
    post({ kind: 'refused', message: error.message });
    port.close();
    return;
  }
  const { database } = folder;
  const run = createCommandRunner(database);
  // What a failed sync leaves on the disk is unknown, and a second sync of the same pages would claim success:
  // after one, nothing is written until a restart has read the disk anew.
  let brokenBy: string | undefined;
  function breakOff(code: string, message: string): void {
    brokenBy = `${message} Check the disk and restart.`;
    post({ kind: 'broken', code });
  }

  function commit(commands: readonly Command[], now: number): FromWorker {
    if (brokenBy !== undefined) return { kind: 'failed', message: brokenBy, wrote: 'NO', isFull: false };
    let isCommitting = false;
    try {
      database.exec('BEGIN IMMEDIATE');
      const answers = commands.map((command) => run(command, now));
      isCommitting = true;
      crashPoint('store.before-commit');
      database.exec('COMMIT');
      crashPoint('store.committed');
      return { kind: 'done', answers };
    } catch (error) {
      const code = sqliteCode(error);
      if (code === undefined) throw error;
      const isDoubtful = isCommitting && code !== 'SQLITE_FULL' && !code.startsWith('SQLITE_BUSY');
      const message = `The database in ${settings.dataDir} took no write: ${(error as Error).message} (${code}).`;
      if (isDoubtful) breakOff(code, message);
      if (database.inTransaction()) database.exec('ROLLBACK');
      return { kind: 'failed', message, wrote: isDoubtful ? 'MAYBE' : 'NO', isFull: code === 'SQLITE_FULL' };
    }
  }

  let rowsPending = 0;
  let pagesPerRow = PAGES_PER_ROW.first;

  /** Moves what was committed from the write-ahead log to its place, after the answer has left. False where the disk is full. */
  function checkpoint(mode: 'PASSIVE' | 'TRUNCATE'): boolean {
    const rows = rowsPending;
    rowsPending = 0;
    try {
      const [, pages] = database.prepare(`PRAGMA wal_checkpoint(${mode})`).get() ?? [];
      // How long the log is, SQLite tells only here: the next is taken to grow as this one did.
      const { least, most } = PAGES_PER_ROW;
      if (rows > 0) pagesPerRow = Math.min(most, Math.max(least, Number(pages ?? 0) / rows));
      return true;
    } catch (error) {
      const code = sqliteCode(error);
      if (code === undefined) throw error;
      // Everything is still in the write-ahead log. A full disk passes; a failed sync does not.
      if (code !== 'SQLITE_FULL' && !code.startsWith('SQLITE_BUSY')) {
        breakOff(code, `The database in ${settings.dataDir} failed: ${(error as Error).message} (${code}).`);
      }
      return code !== 'SQLITE_FULL';
    }
  }

  /**
   * What was removed is overwritten in its page by `secure_delete`, and stands in the log as it was until the log is cut off.
   */
  function erased(commands: readonly Command[], outcome: FromWorker): FromWorker {
    if (outcome.kind !== 'done' || !commands.some(({ kind }) => kind === 'erase')) return outcome;
    const isErased = checkpoint('TRUNCATE') && brokenBy === undefined && logLength() === 0;
    return {
      kind: 'done',
      answers: outcome.answers.map((answer, at) => (commands[at]?.kind === 'erase' ? isErased : answer)),
    };
  }

  const logLength = (): number =>
    statSync(`${databasePath(settings.dataDir)}-wal`, { throwIfNoEntry: false })?.size ?? 0;

  /**
   * A small write may still find a place in the log when nothing larger does, so what says that there is room again is one
   * that needs a few pages more, and a checkpoint that brings them home. The pages stay, free for what comes next.
   */
  function hasRoom(now: number): boolean {
    const put = [{ key: BALLAST_KEY, sealed: new Uint8Array(BALLAST_BYTES) }];
    const outcomes = [
      commit([{ kind: 'write', batch: { put, append: [] } }], now),
      commit([{ kind: 'write', batch: { put: [], append: [], remove: [BALLAST_KEY] } }], now),
    ];
    const isCheckpointed = brokenBy === undefined && checkpoint('PASSIVE');
    return isCheckpointed && outcomes.every(({ kind }) => kind === 'done');
  }

  port.on('message', (message: ToWorker) => passExitGate(settings.exitGate, () => serveOne(message)));

  function serveOne(message: ToWorker): void {
    if (message.kind === 'close') {
      if (brokenBy === undefined) checkpoint('TRUNCATE');
      folder.close();
      port.close();
      return;
    }
    if (message.kind === 'probe') {
      post({ kind: 'room', isFull: brokenBy === undefined && !hasRoom(message.now) });
      return;
    }
    const outcome = erased(message.commands, commit(message.commands, message.now));
    post(outcome);
    rowsPending += message.commands.reduce((rows, command) => rows + rowsOf(command), 0);
    // On a full disk the log itself may be what fills it.
    const isDue = outcome.kind === 'failed' || rowsPending * pagesPerRow >= CHECKPOINT_AT_PAGES;
    if (isDue && brokenBy === undefined && !checkpoint('PASSIVE')) post({ kind: 'room', isFull: true });
  }
  post({ kind: 'opened', epoch: folder.epoch, keyCheck: folder.keyCheck });
}

/** The rows that a command writes, a page of values counted as one more. */
function rowsOf(command: Command): number {
  if (command.kind !== 'write') return 1;
  const { put, append, remove, index } = command.batch;
  const bytes = [...put, ...append].reduce((sum, { sealed }) => sum + sealed.byteLength, 0);
  return put.length + append.length + (remove?.length ?? 0) + (index?.length ?? 0) + bytes / PAGE_BYTES;
}

if (parentPort !== null) {
  const settings = workerData as WorkerSettings;
  serve(parentPort, settings);
  leaveExitGate(settings.exitGate);
}
