/**
 * The main thread's end of the writing thread: gathers what is asked while a commit is in flight and sends it as one
 * group (group commit). Owns the thread's life; knows no SQL.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { crashPoint } from '../core/crash-points.ts';
import { type StoreHealth, StoreUnavailable } from '../core/store.ts';
import type { Answer, Command, CommandKind, CommandOf } from './embedded-commands.ts';
import type { FromWorker, ToWorker, WorkerSettings } from './embedded-worker.ts';
import { createExitGate, shutExitGate } from './exit-gate.ts';
import { StoreRefused } from './store-refused.ts';
import { createWaitingBound } from './waiting-bound.ts';

/** Bounds how long one group may hold up those behind it. */
const MAX_GROUP = 1_000;
/** How long a commit may hold up the end of the process. */
const EXIT_WAIT_MS = 1_000;
/** How often a full disk is tried. */
const PROBE_EVERY_MS = 1_000;

interface Waiting {
  readonly command: Command;
  readonly leave: () => void;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

export interface EmbeddedWriter {
  readonly epoch: string;
  readonly keyCheck: Uint8Array;
  /** Resolves once the command is committed and synced. */
  run<K extends CommandKind>(command: CommandOf<K>): Promise<Answer<K>>;
  /** Commits what was asked before, then ends the thread and frees the folder. */
  close(): Promise<void>;
  health(): StoreHealth;
}

/** `onBroken`: from now on nothing is written, whatever is asked; called once. */
export async function startEmbeddedWriter(
  settings: Omit<WorkerSettings, 'exitGate'>,
  storeTime: () => number,
  onBroken: (error: unknown) => void,
): Promise<EmbeddedWriter> {
  const exitGate = createExitGate();
  const worker = startWorker({ ...settings, exitGate });
  // A disk that does not come back holds up no end: then nobody but the system can end the process.
  const onExit = (): void => {
    if (!shutExitGate(exitGate, EXIT_WAIT_MS)) process.kill(process.pid, 'SIGKILL');
  };
  process.once('exit', onExit);
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      process.off('exit', onExit);
      resolve();
    });
  });
  const { epoch, keyCheck } = await opened(worker);

  let queue: Waiting[] = [];
  let inFlight: Waiting[] = [];
  let state: 'OPEN' | 'CLOSING' | 'ENDED' = 'OPEN';
  let failure: unknown;
  let brokenBy: string | undefined;
  const waiting = createWaitingBound('the disk');
  let isFull = false;
  let probing: NodeJS.Timeout | undefined;

  function noteRoom(full: boolean): void {
    isFull = full;
    if (!isFull || probing !== undefined || state !== 'OPEN') return;
    probing = setTimeout(() => {
      probing = undefined;
      if (state === 'OPEN') post({ kind: 'probe', now: storeTime() });
    }, PROBE_EVERY_MS);
    probing.unref();
  }

  function sendNext(): void {
    if (inFlight.length > 0 || state === 'ENDED') return;
    if (queue.length === 0) {
      if (state === 'CLOSING') post({ kind: 'close' });
      return;
    }
    inFlight = queue.splice(0, MAX_GROUP);
    for (const { leave } of inFlight) leave();
    post({ kind: 'group', now: storeTime(), commands: inFlight.map(({ command }) => command) });
  }

  function post(message: ToWorker): void {
    worker.postMessage(message);
  }

  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'broken') {
      brokenBy = message.code;
      onBroken(Object.assign(new Error('The disk has failed the database.'), { code: message.code }));
      return;
    }
    if (message.kind === 'room') return noteRoom(message.isFull);
    const group = inFlight;
    inFlight = [];
    if (message.kind === 'done') {
      crashPoint('store.told');
      for (const [at, { resolve }] of group.entries()) resolve(message.answers[at] as never);
    } else if (message.kind === 'failed') {
      const want = message.isFull ? 'FULL' : undefined;
      if (message.isFull) noteRoom(true);
      for (const { reject } of group) reject(new StoreUnavailable(message.message, message.wrote, undefined, want));
    }
    sendNext();
  });
  worker.on('error', (error) => {
    failure = error;
  });
  worker.once('exit', () => {
    if (state === 'OPEN') onBroken(failure);
    state = 'ENDED';
    clearTimeout(probing);
    for (const { reject } of inFlight) reject(unavailable('MAYBE'));
    for (const { reject } of queue) reject(unavailable('NO'));
    inFlight = [];
    queue = [];
  });

  function unavailable(wrote: 'NO' | 'MAYBE'): StoreUnavailable {
    return failure === undefined
      ? new StoreUnavailable('The store is closed.', wrote)
      : new StoreUnavailable('The writing thread of the store has failed.', wrote, failure);
  }

  return {
    epoch,
    keyCheck,
    run: <K extends CommandKind>(command: CommandOf<K>) =>
      new Promise<Answer<K>>((resolve, reject) => {
        if (state !== 'OPEN') return reject(unavailable('NO'));
        const leave = waiting.take(bytesOf(command as Command));
        queue.push({ command: command as Command, leave, resolve, reject });
        // Sent at the end of the turn, so that all that one turn asks for shares one sync.
        if (queue.length === 1) queueMicrotask(sendNext);
      }),
    close() {
      if (state === 'OPEN') {
        state = 'CLOSING';
        sendNext();
      }
      return exited;
    },
    health() {
      if (state !== 'OPEN') return { ok: false, why: unavailable('NO').message };
      if (brokenBy !== undefined) {
        return { ok: false, why: `The disk has failed the database (${brokenBy}). Check the disk and restart.` };
      }
      return isFull ? { ok: false, why: 'The disk of the data folder is full. Free some space on it.' } : { ok: true };
    },
  };
}

/** Of its values: the rest is small. */
function bytesOf(command: Command): number {
  if (command.kind !== 'write') return 0;
  const { put, append } = command.batch;
  return [...put, ...append].reduce((sum, { sealed }) => sum + sealed.byteLength, 0);
}

function startWorker(settings: WorkerSettings): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./embedded-worker.js', import.meta.url), { workerData: settings });
  }
  // From source (tests, tsx): a thread of Node 20 does not inherit tsx, so it registers it itself. As CommonJS, which
  // starts in a quarter of the time that the ESM hooks take.
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs/api');
  const entry = fileURLToPath(new URL('./embedded-worker.ts', import.meta.url));
  const bootstrap = `require(${JSON.stringify(tsx)}).register(); require(${JSON.stringify(entry)});`;
  return new Worker(bootstrap, { eval: true, workerData: settings });
}

function opened(worker: Worker): Promise<FromWorker & { kind: 'opened' }> {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new StoreRefused('The writing thread of the store ended before it had opened.'));
    worker.once('exit', onExit);
    worker.once('error', reject);
    worker.once('message', (message: FromWorker) => {
      worker.off('exit', onExit);
      worker.off('error', reject);
      if (message.kind === 'opened') resolve(message);
      else reject(new StoreRefused(message.kind === 'refused' ? message.message : 'The store answered out of turn.'));
    });
  });
}
