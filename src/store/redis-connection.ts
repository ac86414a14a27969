/**
 * Two connections to one Redis: one for commands, one that only listens. Owns deadlines and the repetition of a lost
 * operation; knows nothing of records or logs. No call waits longer than a second. Each new connection is looked at
 * before anything is written on it: it may be another server.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import { type StoreHealth, StoreUnavailable } from '../core/store.ts';
import { readFacts } from './redis-durability.ts';
import { evaluate, type ScriptArguments } from './redis-evaluation.ts';
import { messageOf, type RedisRefusal, refusalOf } from './redis-refusals.ts';
import { createReplicaConfirmation } from './redis-replication.ts';
import { barrierScript, type RedisScript } from './redis-scripts.ts';
import { placeOf, type RedisStanding } from './redis-standing.ts';
import { StoreRefused } from './store-refused.ts';
import { createWaitingBound } from './waiting-bound.ts';

const ANSWER_WITHIN_MS = 1_000;
const CONNECT_WITHIN_MS = 5_000;
/** A line that answers nothing for so long is left for a new one: it may never answer again, and TCP says so only much later. */
const SILENT_FOR_MS = 3 * ANSWER_WITHIN_MS;
const REPEAT_AFTER_MS = 10;
const MAX_RECONNECT_MS = 1_000;

export interface RedisConnection {
  readonly commands: Redis;
  /** Bounded in time; every failure comes as a StoreUnavailable that wrote nothing. */
  read<T>(ask: (redis: Redis) => Promise<T>): Promise<T>;
  readScript(script: RedisScript, args: ScriptArguments): Promise<unknown>;
  /** Runs a writing script once, though its reply be lost on the way, and answers its text. */
  writeScript(script: RedisScript, args: ScriptArguments): Promise<string>;
  /** Resolves once all that was read so far is as durable as a yes, where that takes a replica. */
  confirmSeen(): Promise<void>;
  /** Looks at the server anew, as each new connection does by itself. */
  examine(): Promise<void>;
  /** Leaves this server: the address may lead to another one by now. */
  reconnect(): void;
  health(): StoreHealth;
  close(): Promise<void>;
}

interface RedisConnectionOptions {
  readonly url: string;
  readonly prefix: string;
  /** Judges what is seen of the server; the first judgement may refuse it. */
  readonly standing: RedisStanding;
  readonly onAppended: (log: string) => void;
  /** The listening connection is up (again): what was told meanwhile was missed. */
  readonly onListening: () => void;
}

export async function connectRedis({
  url,
  prefix,
  standing,
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
    // Counted only while an answer is awaited.
    socketTimeout: SILENT_FOR_MS,
    retryStrategy: (attempt: number) => Math.min(50 * 2 ** Math.min(attempt - 1, 10), MAX_RECONNECT_MS),
    // After a failover the old primary answers READONLY: the name may lead to the new one by now.
    reconnectOnError: (error: Error) => (refusalOf(error)?.reconnect === true ? (1 as const) : (false as const)),
  } satisfies RedisOptions;
  const commands = new Redis(url, options);
  // ioredis leaves a refused resubscription unhandled, which ends the process (measured on 6.0.0): done by hand below.
  const listener = new Redis(url, { ...options, autoResubscribe: false });
  // As many calls may wait for the connection as are under way.
  commands.setMaxListeners(0);
  const pending = new Set<Promise<unknown>>();
  const waiting = createWaitingBound('Redis');
  const unanswered = new Set<(error: Error) => void>();
  let lastError: Error | undefined;
  let isClosed = false;
  /** Counts the connections for commands. */
  let connection = 0;
  /** The look at the connection as it is now: nothing is written before it is over. */
  let looked: Promise<void> = Promise.resolve();
  let isLookedAt = false;
  /** The kind of the last call that failed, until one of its kind succeeds: a full Redis still reads. */
  let failing: { readonly kind: 'read' | 'write'; readonly refusal: RedisRefusal | undefined } | undefined;
  const replication = createReplicaConfirmation({
    wait: (replicas, withinMs) => commands.wait(replicas, withinMs),
    connection: () => connection,
  });

  for (const client of [commands, listener]) {
    client.on('error', (error: Error) => {
      lastError = error;
    });
  }
  commands.on('ready', () => {
    connection += 1;
    isLookedAt = false;
    looked = examine();
    // Whoever writes hears of it, and the store's polling looks again.
    looked.catch(() => undefined);
  });
  commands.on('close', () => {
    isLookedAt = false;
    for (const fail of unanswered) fail(new Error('the connection was lost', { cause: lastError }));
  });
  listener.on('message', (_channel, log) => onAppended(log));
  listener.on('ready', () => {
    // Where Redis allows no listening, the store's own polling remains.
    void listener.subscribe(`${prefix}:appended`).then(onListening, () => undefined);
  });
  try {
    await Promise.all([commands.connect(), listener.connect()]);
    await looked;
  } catch (error) {
    disconnect();
    if (error instanceof StoreRefused) throw error;
    const cause = lastError ?? error;
    const advice = 'Start it, or correct REDIS_URL.';
    throw new StoreRefused(`Redis at ${placeOf(url)} cannot be reached: ${messageOf(cause)}. ${advice}`, cause);
  }

  function disconnect(): void {
    commands.disconnect();
    listener.disconnect();
  }

  function unavailable(wrote: 'NO' | 'MAYBE', cause: unknown): StoreUnavailable {
    return new StoreUnavailable(`Redis does not answer: ${messageOf(cause)}.`, wrote, cause, refusalOf(cause)?.want);
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

  function requireConnection(): void {
    if (isClosed) throw new StoreUnavailable('The store is closed.', 'NO');
    if (commands.status !== 'ready') throw unavailable('NO', lastError ?? new Error('not connected'));
  }

  async function examine(): Promise<void> {
    const on = connection;
    const facts = await answerOf(readFacts(commands, prefix), performance.now() + ANSWER_WITHIN_MS);
    if (on !== connection) return;
    standing.judge(facts);
    isLookedAt = true;
  }

  /** Settles once the connection may be written to. */
  async function admitted(deadline: number): Promise<void> {
    if (!isLookedAt) await answerOf(looked, deadline);
    const objection = standing.objection();
    if (objection !== undefined) throw new Error(objection);
  }

  async function writeOnce(script: RedisScript, args: ScriptArguments): Promise<string> {
    const deadline = performance.now() + ANSWER_WITHIN_MS;
    const named = [randomUUID(), ...args];
    await admitted(deadline).catch((error) => {
      throw unavailable('NO', error);
    });
    let written: { readonly answer: unknown; readonly on: number };
    try {
      written = await runOn(script, named, deadline);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal !== undefined) throw unavailable(refusal.wrote, error);
      written = await repeat(script, named, deadline);
    }
    if (standing.needsReplica()) await confirm(written.on, deadline);
    return String(written.answer);
  }

  /** The answer, and the number of the connection that it was asked for on. */
  async function runOn(script: RedisScript, named: ScriptArguments, deadline: number) {
    const on = connection;
    return { answer: await answerOf(evaluate(commands, prefix, script, named), deadline), on };
  }

  /** The reply is lost, the operation perhaps not: its id makes asking again safe, as often as the time allows. */
  async function repeat(script: RedisScript, named: ScriptArguments, deadline: number): ReturnType<typeof runOn> {
    for (;;) {
      try {
        await connected(deadline);
        await admitted(deadline);
        return await runOn(script, named, deadline);
      } catch (error) {
        if (refusalOf(error) !== undefined || performance.now() >= deadline) throw unavailable('MAYBE', error);
      }
      // A connection may still call itself ready while its socket is gone: let the event loop hear of it.
      await delay(REPEAT_AFTER_MS);
    }
  }

  async function confirm(writtenOn: number, deadline: number): Promise<void> {
    try {
      await answerOf(replication.confirm(writtenOn), deadline);
    } catch (error) {
      throw unavailable('MAYBE', error);
    }
  }

  async function noting<T>(kind: 'read' | 'write', call: Promise<T>): Promise<T> {
    try {
      const answer = await call;
      if (kind === 'write' || failing?.kind === 'read') failing = undefined;
      return answer;
    } catch (error) {
      const cause = error instanceof StoreUnavailable ? error.cause : error;
      // Of what Redis said only its code and what we make of it: the rest may name places and keys.
      failing = { kind, refusal: refusalOf(cause) };
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
    readScript: (script, args) => read((redis) => evaluate(redis, prefix, script, args)),
    async writeScript(script, args) {
      requireConnection();
      const leave = waiting.take(args.reduce((sum, part) => sum + part.length, 0));
      const writing = noting('write', writeOnce(script, args));
      pending.add(writing);
      return writing.finally(() => {
        leave();
        pending.delete(writing);
      });
    },
    async confirmSeen() {
      if (!standing.needsReplica()) return;
      requireConnection();
      // What was read was written by others: only a write of our own, behind it, is one to wait for.
      await noting('write', writeOnce(barrierScript, []));
    },
    examine,
    reconnect: () => commands.disconnect(true),
    health() {
      if (isClosed) return { ok: false, why: 'The store is closed.' };
      if (commands.status !== 'ready') return { ok: false, why: 'Redis is not connected.' };
      const objection = standing.objection();
      if (objection !== undefined) return { ok: false, why: objection };
      if (!isLookedAt) return { ok: false, why: 'Redis has not been looked at yet.' };
      const remark = standing.remark();
      if (failing === undefined) return remark === undefined ? { ok: true } : { ok: true, remark };
      const { kind, refusal } = failing;
      const why = refusal === undefined ? 'no answer' : `${refusal.code}: ${refusal.meaning}`;
      return { ok: false, why: `Redis has failed the last ${kind} (${why}).` };
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(pending);
      disconnect();
    },
  };
}
