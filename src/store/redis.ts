/**
 * The Redis driver of the store, for several gateways on one body of data. Every write is one Lua script that takes
 * effect once (redis-scripts, redis-connection); this file gives the scripts their arguments and reads their answers.
 */
import { randomUUID } from 'node:crypto';
import type { Log } from '../core/log.ts';
import { type Batch, type IndexChange, type RecordCodec, type Store, StoreUnavailable } from '../core/store.ts';
import {
  checkBatch,
  checkCount,
  checkCountQuery,
  checkFence,
  checkKeys,
  checkName,
  checkRange,
} from './batch-check.ts';
import { createLogWatchers } from './log-watchers.ts';
import { RecordUnreadable } from './record-codec.ts';
import { connectRedis, type RedisConnection } from './redis-connection.ts';
import { rewriteRedisFiles } from './redis-erasure.ts';
import * as scripts from './redis-scripts.ts';
import { createRedisStanding, placeOf, type RedisStanding } from './redis-standing.ts';
import { StoreRefused } from './store-refused.ts';

/** Behind the pushed wake-ups, which may be lost. */
const POLL_EVERY_MS = 1_000;
const EXAMINE_EVERY_POLLS = 5;
const KEY_CHECK = 'meta/key-check';

interface RedisStoreOptions {
  readonly url: string;
  readonly codec: RecordCodec;
  /** Keeps the data of several installations apart in one Redis. @default 'gwanmun' */
  readonly namespace?: string;
  /** Opens a Redis that may lose what it acknowledged; `durability` then says WEAK. */
  readonly allowWeak: boolean;
  /** Hears when what a yes stands on has changed. @default silent */
  readonly log?: Log | undefined;
}

/** Throws StoreRefused where Redis cannot be reached, is too weak, or was written with another data key. */
export async function openRedisStore({
  url,
  codec,
  namespace = 'gwanmun',
  allowWeak,
  log,
}: RedisStoreOptions): Promise<Store> {
  const prefix = `{${namespace}}`;
  const watchers = createLogWatchers();
  const standing = createRedisStanding({ place: placeOf(url), allowWeak, ...(log && { log }) });
  const connection = await connectRedis({
    url,
    prefix,
    standing,
    onAppended: watchers.notify,
    onListening: () => watchers.logs().forEach(watchers.notify),
  });
  let epoch: string;
  try {
    epoch = await readEpoch(connection, prefix, codec, placeOf(url));
    standing.openedAs(epoch);
  } catch (error) {
    await connection.close();
    throw error;
  }
  let isOpen = true;
  const polling = poll(connection, standing, prefix, watchers);

  /** For what is only read: it fails as a read does, having written nothing. */
  async function seen(): Promise<void> {
    await connection.confirmSeen().catch((error) => {
      throw error instanceof StoreUnavailable ? new StoreUnavailable(error.message, 'NO', error.cause) : error;
    });
  }

  async function openRecords<T>(keys: readonly string[]) {
    if (keys.length === 0) return [];
    const found = (await connection.readScript(scripts.recordsScript, keys)) as [Buffer | null, Buffer | null][];
    return found.map(([version, sealed], at) => {
      const key = keys[at] as string;
      if (version === null || sealed === null) return undefined;
      return { key, version: Number(version), value: codec.open(sealed, key) as T };
    });
  }

  return {
    epoch,
    durability: standing.durability,
    health: connection.health,

    async get<T>(key: string) {
      checkName(key);
      return (await openRecords<T>([key]))[0];
    },
    async getMany<T>(keys: readonly string[]) {
      checkKeys(keys);
      return openRecords<T>(keys);
    },
    async write(batch) {
      checkBatch(batch);
      const answer = await connection.writeScript(scripts.writeScript, planOf(batch, codec));
      const { conflicts, positions } = JSON.parse(answer) as { conflicts?: number[]; positions?: number[] };
      if (conflicts === undefined) return { committed: true, positions: positions ?? [] };
      // The caller goes on with what it finds instead: that must be as durable as what it would have written.
      await connection.confirmSeen();
      const names = [...(batch.expect ?? []).map(({ key }) => key), batch.fence?.lease ?? ''];
      return { committed: false, conflicts: conflicts.map((at) => names[at] as string) };
    },
    async range(index, query) {
      checkName(index);
      checkRange(query);
      const { from = 0, to = Number.MAX_SAFE_INTEGER, after, limit } = query;
      const direction = query.reverse === true ? 'reverse' : 'forward';
      const behind = after === undefined ? ['', ''] : [String(after.sort), after.key];
      const args = [index, String(from), String(to), String(limit), direction, ...behind];
      const flat = ((await connection.readScript(scripts.rangeScript, args)) as Buffer[]).map(String);
      return Array.from({ length: flat.length / 2 }, (_, at) => ({
        key: flat[2 * at] as string,
        sort: Number(flat[2 * at + 1]),
      }));
    },
    async count(index, query) {
      checkName(index);
      checkCountQuery(query);
      const { from = 0, to = Number.MAX_SAFE_INTEGER, atMost } = query;
      return Math.min(atMost, await connection.read((redis) => redis.zcount(`${prefix}:index:${index}`, from, to)));
    },
    async sortOf(index, keys) {
      checkName(index);
      checkKeys(keys);
      if (keys.length === 0) return [];
      const sorts = await connection.read((redis) => redis.zmscore(`${prefix}:index:${index}`, ...keys));
      return sorts.map((sort) => (sort === null ? undefined : Number(sort)));
    },
    async claimDue(index, { now, limit, holdMs, fence }) {
      checkName(index);
      checkCount('now', now);
      checkCount('limit', limit, 1);
      checkCount('holdMs', holdMs);
      if (fence !== undefined) checkFence(fence);
      const fenced = fence === undefined ? ['', ''] : [fence.lease, String(fence.token)];
      const args = [index, String(now), String(limit), String(now + holdMs), ...fenced];
      return JSON.parse(await connection.writeScript(scripts.claimDueScript, args)) as string[];
    },
    async readLog(log, after, limit) {
      checkName(log);
      checkCount('after', after);
      checkCount('limit', limit, 1);
      const [head, oldest, entries] = (await connection.readScript(scripts.readLogScript, [
        log,
        String(after),
        String(limit),
      ])) as [Buffer, Buffer, [Buffer, [Buffer, Buffer]][]];
      // A reader keeps its position: one that a failover takes back would be given to another entry.
      if (entries.length > 0) await seen();
      return {
        entries: entries.map(([id, [, sealed]]) => ({ position: positionOf(id), entry: codec.open(sealed, log) })),
        first: oldest.byteLength > 0 ? positionOf(oldest) : Number(head) + 1,
        head: Number(head),
      };
    },
    async trimLog(log, upTo) {
      checkName(log);
      checkCount('upTo', upTo);
      await connection.writeScript(scripts.trimLogScript, [log, String(upTo)]);
    },
    watchLog(log, onAppend) {
      if (!isOpen) throw new StoreUnavailable('The store is closed.', 'NO');
      checkName(log);
      return watchers.watch(log, onAppend);
    },
    async add(counter, amount, { max, ttlMs } = {}) {
      checkName(counter);
      checkCount('amount', amount, Number.MIN_SAFE_INTEGER);
      if (ttlMs !== undefined) checkCount('ttlMs', ttlMs, 1);
      const args = [counter, String(amount), String(max ?? ''), String(ttlMs ?? '')];
      return JSON.parse(await connection.writeScript(scripts.addScript, args)) as { value: number; added: boolean };
    },
    async acquireLease(name, owner, ttlMs, restMs = 0) {
      [name, owner].forEach(checkName);
      checkCount('ttlMs', ttlMs, 1);
      checkCount('restMs', restMs);
      const args = [name, owner, String(ttlMs), String(restMs)];
      const answer = await connection.writeScript(scripts.acquireLeaseScript, args);
      return answer === 'null' ? undefined : { name, token: Number(answer) };
    },
    async renewLease({ name, token }, owner, ttlMs) {
      checkCount('ttlMs', ttlMs, 1);
      const args = [name, owner, String(token), String(ttlMs)];
      return (await connection.writeScript(scripts.renewLeaseScript, args)) === 'true';
    },
    async releaseLease({ name, token }, owner) {
      await connection.writeScript(scripts.releaseLeaseScript, [name, owner, String(token)]);
    },
    async leaseOwner(name) {
      checkName(name);
      return (await connection.read((redis) => redis.hget(`${prefix}:lease:${name}`, 'owner'))) ?? undefined;
    },
    erase: () => rewriteRedisFiles(connection),
    keyedHash: codec.keyedHash,
    async close() {
      isOpen = false;
      clearInterval(polling);
      watchers.clear();
      await connection.close();
    },
  };
}

/** The arguments of the write script: the plan as JSON, then the sealed values in the order that the plan names them. */
function planOf(batch: Batch, codec: RecordCodec): (string | Uint8Array)[] {
  const { expect = [], fence, put = [], remove = [], index = [], append = [] } = batch;
  const plan = {
    expect: expect.map(({ key, version }) => [key, String(version)]),
    fence: fence !== undefined && [fence.lease, String(fence.token)],
    put: put.map(({ key, ttlMs }) => [key, ttlMs !== undefined && String(ttlMs)]),
    remove,
    index: index.map(indexChangeOf),
    append: append.map(({ log }) => log),
  };
  const sealed = [
    ...put.map(({ key, value }) => codec.seal(value, key)),
    ...append.map(({ log, entry }) => codec.seal(entry, log)),
  ];
  return [JSON.stringify(plan), ...sealed];
}

function indexChangeOf(change: IndexChange): string[] {
  if ('remove' in change) return [change.index, 'remove', change.key];
  if ('sort' in change) return [change.index, 'sort', change.key, String(change.sort)];
  return [change.index, 'position', change.key, String(change.sortByAppend + 1)];
}

/** Names new data, and proves that known data was written with this data key. */
async function readEpoch(
  connection: RedisConnection,
  prefix: string,
  codec: RecordCodec,
  place: string,
): Promise<string> {
  const meta = `${prefix}:meta`;
  const keyCheck = Buffer.from(codec.seal('gwanmun', KEY_CHECK));
  const [epoch, sealed] = await connection.read(async (redis) => {
    await redis.hsetnx(meta, 'key_check', keyCheck);
    await redis.hsetnx(meta, 'epoch', randomUUID());
    return redis.hmgetBuffer(meta, 'epoch', 'key_check');
  });
  try {
    codec.open(sealed ?? Buffer.alloc(0), KEY_CHECK);
  } catch (cause) {
    if (!(cause instanceof RecordUnreadable)) throw cause;
    const advice = 'Give back the key of that time, or use another Redis.';
    throw new StoreRefused(`The data in Redis at ${place} was written with another GWANMUN_DATA_KEY. ${advice}`, cause);
  }
  return String(epoch);
}

/**
 * Wakes the watchers of every log whose head has moved since the last look, tries a store that failed anew, and looks
 * at the server: often while it is not well, and now and then while it is.
 */
function poll(
  connection: RedisConnection,
  standing: RedisStanding,
  prefix: string,
  watchers: ReturnType<typeof createLogWatchers>,
) {
  const lastHeads = new Map<string, string | null>();
  let rounds = 0;
  async function round(): Promise<void> {
    rounds += 1;
    if (!connection.health().ok || rounds % EXAMINE_EVERY_POLLS === 0) await connection.examine();
    if (standing.isMisled()) connection.reconnect();
    // Who is told that the store is not well sends nothing more, so only this can find it well again.
    if (!connection.health().ok) await connection.writeScript(scripts.releaseLeaseScript, ['probe', '', '0']);
    const logs = watchers.logs();
    if (logs.length === 0) return;
    const heads = await connection.read((redis) => redis.mget(logs.map((log) => `${prefix}:head:${log}`)));
    const watched = new Set(logs);
    for (const log of lastHeads.keys()) if (!watched.has(log)) lastHeads.delete(log);
    for (const [at, log] of logs.entries()) {
      const head = heads[at] ?? null;
      if (lastHeads.get(log) !== head) watchers.notify(log);
      lastHeads.set(log, head);
    }
  }
  // A poll that fails is made up for by the next; Redis being away shows in every other call.
  const timer = setInterval(() => void round().catch(() => undefined), POLL_EVERY_MS);
  timer.unref();
  return timer;
}

function positionOf(streamId: Buffer): number {
  return Number.parseInt(streamId.toString('latin1'), 10);
}
