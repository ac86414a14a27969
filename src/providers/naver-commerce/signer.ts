/**
 * The main thread's end of the signing thread: started by the first signature at the latest, and anew after it failed. It
 * does not keep the process alive, and no secret leaves this process.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../core/clock.ts';
import { ProviderUnavailable } from '../../core/errors.ts';
import type { CommerceCredentials } from './credentials.ts';
import type { FromSignatureWorker, ToSignatureWorker } from './signature-worker.ts';

export interface SignerOptions {
  readonly credentials: CommerceCredentials;
  readonly clock: Clock;
  /** Of one signature, its wait for those before it included; past it the thread is given up. @default 10000 */
  readonly signTimeoutMs?: number | undefined;
  /** @default startSignatureWorker */
  readonly startWorker?: ((credentials: CommerceCredentials) => Worker) | undefined;
}

export interface Signer {
  /** Ahead of the first signature, so that nobody who waits for that one pays for the start. */
  start(): void;
  /** `timestamp` in epoch milliseconds. @throws ProviderUnavailable NOT_ACCEPTED where the thread failed */
  sign(timestamp: number): Promise<string>;
  /** Ends the thread; what it was asked fails. */
  stop(): Promise<void>;
}

interface Waiting {
  readonly resolve: (signature: string) => void;
  readonly reject: (error: ProviderUnavailable) => void;
  readonly deadline: NodeJS.Timeout;
}

interface Thread {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

export function createSigner(options: SignerOptions): Signer {
  const { credentials, clock, signTimeoutMs = 10_000, startWorker = startSignatureWorker } = options;
  let current: Thread | undefined;
  let lastId = 0;
  let isStopped = false;

  function startThread(): Thread {
    const worker = startWorker({ clientId: credentials.clientId, clientSecret: credentials.clientSecret });
    const thread: Thread = { worker, waiting: new Map() };
    worker.on('message', ({ id, signature }: FromSignatureWorker) => {
      const asked = thread.waiting.get(id);
      if (asked === undefined) return;
      thread.waiting.delete(id);
      clearTimeout(asked.deadline);
      asked.resolve(signature);
    });
    // Its 'exit' follows, and says the same to whoever waits; unheard, an 'error' would end the process.
    worker.on('error', () => giveUp(thread));
    worker.once('exit', () => giveUp(thread));
    // Last: whoever listens for its messages makes it count again.
    worker.unref();
    return thread;
  }

  function giveUp(thread: Thread): void {
    if (current === thread) current = undefined;
    for (const { reject, deadline } of thread.waiting.values()) {
      clearTimeout(deadline);
      reject(failed());
    }
    thread.waiting.clear();
  }

  function failed(): ProviderUnavailable {
    const text = isStopped ? 'This account is stopping.' : 'The signing thread of this gateway has failed.';
    return new ProviderUnavailable('The request could not be signed. Nothing was sent to Naver.', {
      outcome: 'NOT_ACCEPTED',
      origin: { provider: 'NAVER_COMMERCE', code: isStopped ? 'STOPPED' : 'SIGNING_FAILED', text, at: clock.now() },
    });
  }

  return {
    start() {
      if (!isStopped) current ??= startThread();
    },
    sign: (timestamp) =>
      new Promise((resolve, reject) => {
        if (isStopped) return reject(failed());
        current ??= startThread();
        const thread = current;
        lastId += 1;
        const deadline = setTimeout(() => {
          giveUp(thread);
          void thread.worker.terminate();
        }, signTimeoutMs);
        thread.waiting.set(lastId, { resolve, reject, deadline });
        thread.worker.postMessage({ id: lastId, timestamp } satisfies ToSignatureWorker);
      }),
    async stop() {
      isStopped = true;
      const thread = current;
      if (thread === undefined) return;
      giveUp(thread);
      await thread.worker.terminate();
    },
  };
}

export function startSignatureWorker(workerData: CommerceCredentials): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./signature-worker.js', import.meta.url), { workerData });
  }
  // From source (tests, tsx): a thread of Node 20 does not inherit tsx, so it registers it itself, as CommonJS;
  // and an --input-type of this process would make a module of it.
  const tsx = createRequire(import.meta.url).resolve('tsx/cjs/api');
  const entry = fileURLToPath(new URL('./signature-worker.ts', import.meta.url));
  const bootstrap = `require(${JSON.stringify(tsx)}).register(); require(${JSON.stringify(entry)});`;
  return new Worker(bootstrap, { eval: true, execArgv: [], workerData });
}
