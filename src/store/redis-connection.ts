/**
 * Two connections to one Redis: one for commands, one that only listens. Owns deadlines, the repetition of a lost
 * operation and what each failure means; knows nothing of records or logs. No call waits longer than a second.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis, type RedisOptions, ReplyError } from 'ioredis';
import { type StoreHealth, StoreUnavailable } from '../core/store.ts';
import type { RedisScript } from './redis-scripts.ts';
import { StoreRefused } from './store-refused.ts';

const ANSWER_WITHIN_MS = 1_000;
const CONNECT_WITHIN_MS = 5_000;
const REPLICA_WITHIN_MS = 200;
const REPEAT_AFTER_MS = 10;
const MAX_RECONNECT_MS = 1_000;

/** Refusals that Redis gives before a script wrote anything: nothing happened. */
const UNTOUCHED = /^(READONLY|LOADING|OOM|BUSY|MISCONF|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|MOVED|TRYAGAIN|NOAUTH)\b/;

export interface RedisConnection {
  readonly commands: Redis;
  /** Bounded in time; every failure comes as a StoreUnavailable that wrote nothing. */
  read<T>(ask: (redis: Redis) => Promise<T>): Promise<T>;
  readScript(script: RedisScript, args: readonly (string | Uint8Array)[]): Promise<unknown>;
  /** Runs a writing script once, though its reply be lost on the way, and answers its text. */
  writeScript(script: RedisScript, args: readonly (string | Uint8Array)[]): Promise<string>;
  /** From now on a write also waits until a replica has it. */
  requireReplica(): void;
  health(): StoreHealth;
  close(): Promise<void>;
}

interface RedisConnectionOptions {
  readonly url: string;
  readonly prefix: string;
  readonly onAppended: (log: string) => void;
  /** The listening connection is up (again): what was told meanwhile was missed. */
  readonly onListening: () => void;
}

export async function connectRedis({
  url,
  prefix,
  onAppended,
  onListening,
}: RedisConnectionOptions): Promise<RedisConnection> {
  const options = {
    lazyConnect: true,
    // Either of the next two alone repeats commands or hangs for ever.
    autoResendUnfulfilledCommands: false,
    commandTimeout: ANSWER_WITHIN_MS,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_WITHIN_MS,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt - 1, 10), MAX_RECONNECT_MS),
    // After a failover the old primary answers READONLY: the name may lead to the new one by now.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? (1 as const) : (false as const)),
  } satisfies RedisOptions;
  const commands = new Redis(url, options);
  // ioredis leaves a refused resubscription unhandled, which ends the process (measured on 6.0.0): done by hand below.
  const listener = new Redis(url, { ...options, autoResubscribe: false });
  const pending = new Set<Promise<unknown>>();
  const unanswered = new Set<(error: Error) => void>();
  let lastError: Error | undefined;
  let isClosed = false;
  let needsReplica = false;
  /** The kind of the last call that failed, until one of its kind succeeds: a full Redis still reads. */
  let failing: { readonly kind: 'read' | 'write'; readonly code: string | undefined } | undefined;
  let waitInFlight: Promise<number> | undefined;
  let waitNext: Promise<number> | undefined;

  for (const client of [commands, listener]) {
    client.on('error', (error: Error) => {
      lastError = error;
    });
  }
  commands.on('close', () => {
    for (const fail of unanswered) fail(new Error('the connection was lost', { cause: lastError }));
  });
  listener.on('message', (_channel, log) => onAppended(log));
  listener.on('ready', () => {
    // Where Redis allows no listening, the store's own polling remains.
    void listener.subscribe(`${prefix}:appended`).then(onListening, () => undefined);
  });
  try {
    await Promise.all([commands.connect(), listener.connect()]);
  } catch (error) {
    disconnect();
    const cause = lastError ?? error;
    const advice = 'Start it, or correct REDIS_URL.';
    throw new StoreRefused(`Redis at ${placeOf(url)} cannot be reached: ${messageOf(cause)}. ${advice}`, cause);
  }

  function disconnect(): void {
    commands.disconnect();
    listener.disconnect();
  }

  function unavailable(wrote: 'NO' | 'MAYBE', cause: unknown): StoreUnavailable {
    return new StoreUnavailable(`Redis does not answer: ${messageOf(cause)}.`, wrote, cause);
  }

  /** The command's answer, or the loss of its connection or of its time, whichever comes first. */
  async function answerOf<T>(answer: Promise<T>, deadline: number): Promise<T> {
    let fail: (error: Error) => void = () => {};
    const failed = new Promise<never>((_resolve, reject) => {
      fail = reject;
    });
    const timer = setTimeout(() => fail(new Error('no answer in time')), Math.max(0, deadline - performance.now()));
    unanswered.add(fail);
    try {
      return await Promise.race([answer, failed]);
    } finally {
      clearTimeout(timer);
      unanswered.delete(fail);
    }
  }

  async function connected(deadline: number): Promise<void> {
    if (commands.status === 'ready') return;
    let onReady = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('not connected')), Math.max(0, deadline - performance.now()));
        onReady = () => {
          clearTimeout(timer);
          resolve();
        };
        commands.once('ready', onReady);
      });
    } finally {
      commands.off('ready', onReady);
    }
  }

  async function evaluate(script: RedisScript, args: readonly (string | Uint8Array)[]): Promise<unknown> {
    const rest = [1, prefix, ...args.map(toArgument)];
    try {
      return await commands.callBuffer('EVALSHA', [shaOf(script), ...rest]);
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return await commands.callBuffer('EVAL', [script.source, ...rest]);
    }
  }

  function requireConnection(): void {
    if (isClosed) throw new StoreUnavailable('The store is closed.', 'NO');
    if (commands.status !== 'ready') throw unavailable('NO', lastError ?? new Error('not connected'));
  }

  async function writeOnce(script: RedisScript, args: readonly (string | Uint8Array)[]): Promise<string> {
    const deadline = performance.now() + ANSWER_WITHIN_MS;
    const named = [randomUUID(), ...args];
    let answer: unknown;
    try {
      answer = await answerOf(evaluate(script, named), deadline);
    } catch (error) {
      if (error instanceof ReplyError) throw unavailable(UNTOUCHED.test(messageOf(error)) ? 'NO' : 'MAYBE', error);
      answer = await repeat(script, named, deadline);
    }
    if (needsReplica) await confirm(deadline);
    return String(answer);
  }

  /** The reply is lost, the operation perhaps not: its id makes asking again safe, as often as the time allows. */
  async function repeat(
    script: RedisScript,
    named: readonly (string | Uint8Array)[],
    deadline: number,
  ): Promise<unknown> {
    for (;;) {
      try {
        await connected(deadline);
        return await answerOf(evaluate(script, named), deadline);
      } catch (error) {
        if (error instanceof ReplyError || performance.now() >= deadline) throw unavailable('MAYBE', error);
      }
      // A connection may still call itself ready while its socket is gone: let the event loop hear of it.
      await delay(REPEAT_AFTER_MS);
    }
  }

  async function confirm(deadline: number): Promise<void> {
    let replicas: number;
    try {
      // Fails with the connection: a WAIT on another one knows nothing of what was written on this.
      replicas = await answerOf(replicated(), deadline);
    } catch (error) {
      throw unavailable('MAYBE', error);
    }
    if (replicas < 1) throw new StoreUnavailable('No replica of Redis has confirmed the write.', 'MAYBE');
  }

  /** How many replicas have it. One WAIT covers every write that was answered before it left. */
  function replicated(): Promise<number> {
    waitNext ??= (waitInFlight ?? Promise.resolve(0))
      .catch(() => 0)
      .then(() => {
        waitInFlight = waitNext;
        waitNext = undefined;
        return commands.wait(1, REPLICA_WITHIN_MS);
      })
      .finally(() => {
        waitInFlight = undefined;
      });
    return waitNext;
  }

  async function noting<T>(kind: 'read' | 'write', call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      if (kind === 'write' || failing?.kind === 'read') failing = undefined;
      return answer;
    } catch (error) {
      const cause = error instanceof StoreUnavailable ? error.cause : error;
      // Of what Redis said only its code: the rest may name places and keys.
      const code = cause instanceof ReplyError ? /^[A-Z]+\b/.exec(messageOf(cause))?.[0] : undefined;
      failing = { kind, code };
      throw error;
    }
  }

  async function readOnce<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
    try {
      return await answerOf(ask(commands), performance.now() + ANSWER_WITHIN_MS);
    } catch (error) {
      throw unavailable('NO', error);
    }
  }

  async function read<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
    requireConnection();
    return noting('read', readOnce(ask));
  }

  return {
    commands,
    read,
    readScript: (script, args) => read(() => evaluate(script, args)),
    async writeScript(script, args) {
      requireConnection();
      const writing = noting('write', writeOnce(script, args));
      pending.add(writing);
      return writing.finally(() => pending.delete(writing));
    },
    requireReplica() {
      needsReplica = true;
    },
    health() {
      if (isClosed) return { ok: false, why: 'The store is closed.' };
      if (commands.status !== 'ready') return { ok: false, why: 'Redis is not connected.' };
      if (failing === undefined) return { ok: true };
      return { ok: false, why: `Redis has failed the last ${failing.kind} (${failing.code ?? 'no answer'}).` };
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(pending);
      disconnect();
    },
  };
}

/** Host and port without the password. */
export function placeOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 6379}`;
}

const shas = new WeakMap<RedisScript, string>();

function shaOf(script: RedisScript): string {
  const known = shas.get(script) ?? createHash('sha1').update(script.source).digest('hex');
  shas.set(script, known);
  return known;
}

function toArgument(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
