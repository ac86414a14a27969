/**
 * The embedded driver of the store: one process, one folder, SQLite (libsql) in WAL mode with every commit synced.
 * Writes go to a thread of their own (embedded-writer), reads come straight from a second connection
 * (embedded-reader). Seals and opens values here, so that no thread but this one knows the data key.
 */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { type Clock, systemClock } from '../core/clock.ts';
import { type Batch, type RecordCodec, type Store, StoreUnavailable } from '../core/store.ts';
import {
  checkBatch,
  checkCount,
  checkCountQuery,
  checkFence,
  checkKeys,
  checkName,
  checkRange,
} from './batch-check.ts';
import type { SealedBatch } from './embedded-commands.ts';
import { openEmbeddedReader } from './embedded-reader.ts';
import { startEmbeddedWriter } from './embedded-writer.ts';
import { createLogWatchers } from './log-watchers.ts';
import { RecordUnreadable } from './record-codec.ts';
import { StoreRefused } from './store-refused.ts';

const SWEEP_EVERY_MS = 60_000;
const SWEEP_LIMIT = 1_000;
const KEY_CHECK = 'meta/key-check';

interface EmbeddedStoreOptions {
  readonly dataDir: string;
  readonly codec: RecordCodec;
  /** @default systemClock */
  readonly clock?: Clock;
  /** The disk, or the writing thread, has failed for good: nothing is written any more, and only a restart may mend it. */
  readonly onBroken?: (error: unknown) => void;
}

/** Throws StoreRefused where the folder is in use, not ours, damaged, or sealed with another data key. */
export async function openEmbeddedStore(options: EmbeddedStoreOptions): Promise<Store> {
  const { codec } = options;
  const dataDir = resolve(options.dataDir);
  const storeTime = createStoreTime(options.clock ?? systemClock);
  const settings = { dataDir, newEpoch: randomUUID(), newKeyCheck: codec.seal('gwanmun', KEY_CHECK) };
  const writer = await startEmbeddedWriter(settings, storeTime, options.onBroken ?? (() => undefined));
  try {
    codec.open(writer.keyCheck, KEY_CHECK);
  } catch (cause) {
    await writer.close();
    if (!(cause instanceof RecordUnreadable)) throw cause;
    const advice = 'Give back the key of that time, or another GWANMUN_DATA_DIR.';
    throw new StoreRefused(`The data folder ${dataDir} was written with another GWANMUN_DATA_KEY. ${advice}`, cause);
  }
  const reader = openEmbeddedReader(dataDir);
  const watchers = createLogWatchers();
  let isOpen = true;
  const sweeping = setInterval(() => {
    // A sweep that fails is made up for by the next; lapsed records are invisible all the while.
    writer.run({ kind: 'sweep', limit: SWEEP_LIMIT }).catch(() => undefined);
  }, SWEEP_EVERY_MS);
  sweeping.unref();

  function requireOpen(): void {
    if (!isOpen) throw new StoreUnavailable('The store is closed.', 'NO');
  }

  function openRecords<T>(keys: readonly string[]) {
    const found = reader.records(keys, storeTime());
    return keys.map((key) => {
      const record = found.get(key);
      return record && { key, version: record.version, value: codec.open(record.sealed, key) as T };
    });
  }

  return {
    epoch: writer.epoch,
    durability: () => 'DISK',
    health: writer.health,

    async get<T>(key: string) {
      requireOpen();
      checkName(key);
      return openRecords<T>([key])[0];
    },
    async getMany<T>(keys: readonly string[]) {
      requireOpen();
      checkKeys(keys);
      return openRecords<T>(keys);
    },
    async write(batch) {
      requireOpen();
      checkBatch(batch);
      const result = await writer.run({ kind: 'write', batch: seal(batch, codec) });
      if (result.committed) for (const { log } of batch.append ?? []) watchers.notify(log);
      return result;
    },
    async range(index, query) {
      requireOpen();
      checkName(index);
      checkRange(query);
      return reader.range(index, query);
    },
    async count(index, query) {
      requireOpen();
      checkName(index);
      checkCountQuery(query);
      return reader.count(index, query);
    },
    async sortOf(index, keys) {
      requireOpen();
      checkName(index);
      checkKeys(keys);
      const sorts = reader.sorts(index, keys);
      return keys.map((key) => sorts.get(key));
    },
    async claimDue(index, { now, limit, holdMs, fence }) {
      requireOpen();
      checkName(index);
      checkCount('now', now);
      checkCount('limit', limit, 1);
      checkCount('holdMs', holdMs);
      if (fence !== undefined) checkFence(fence);
      return writer.run({ kind: 'claimDue', index, until: now, limit, holdMs, fence });
    },
    async readLog(log, after, limit) {
      requireOpen();
      checkName(log);
      checkCount('after', after);
      checkCount('limit', limit, 1);
      const { entries, first, head } = reader.page(log, after, limit);
      return {
        entries: entries.map(({ position, sealed }) => ({ position, entry: codec.open(sealed, log) })),
        first,
        head,
      };
    },
    async trimLog(log, upTo) {
      requireOpen();
      checkName(log);
      checkCount('upTo', upTo);
      await writer.run({ kind: 'trimLog', log, upTo });
    },
    watchLog(log, onAppend) {
      requireOpen();
      checkName(log);
      return watchers.watch(log, onAppend);
    },
    async add(counter, amount, bound = {}) {
      requireOpen();
      checkName(counter);
      checkCount('amount', amount, Number.MIN_SAFE_INTEGER);
      if (bound.ttlMs !== undefined) checkCount('ttlMs', bound.ttlMs, 1);
      return writer.run({ kind: 'add', counter, amount, max: bound.max, ttlMs: bound.ttlMs });
    },
    async acquireLease(name, owner, ttlMs, restMs = 0) {
      requireOpen();
      [name, owner].forEach(checkName);
      checkCount('ttlMs', ttlMs, 1);
      checkCount('restMs', restMs);
      return writer.run({ kind: 'acquireLease', name, owner, ttlMs, restMs });
    },
    async renewLease(lease, owner, ttlMs) {
      requireOpen();
      checkCount('ttlMs', ttlMs, 1);
      return writer.run({ kind: 'renewLease', lease, owner, ttlMs });
    },
    async releaseLease(lease, owner) {
      requireOpen();
      await writer.run({ kind: 'releaseLease', lease, owner });
    },
    async leaseOwner(name) {
      requireOpen();
      checkName(name);
      return reader.leaseOwner(name, storeTime());
    },
    async erase() {
      requireOpen();
      if (await writer.run({ kind: 'erase' })) return;
      throw new StoreUnavailable('The write-ahead log could not be cut off.', 'NO');
    },
    keyedHash: codec.keyedHash,
    async close() {
      if (isOpen) {
        isOpen = false;
        clearInterval(sweeping);
        watchers.clear();
        reader.close();
      }
      await writer.close();
    },
  };
}

/**
 * Wall time that does not jump while the process runs: what was stored with a TTL lapses after that long, whatever
 * is done to the system's clock meanwhile.
 */
function createStoreTime(clock: Clock): () => number {
  const offsetMs = clock.now() - clock.monotonicMs();
  return () => Math.floor(offsetMs + clock.monotonicMs());
}

function seal(batch: Batch, codec: RecordCodec): SealedBatch {
  return {
    ...batch,
    put: (batch.put ?? []).map(({ key, value, ttlMs }) => ({ key, sealed: codec.seal(value, key), ttlMs })),
    append: (batch.append ?? []).map(({ log, entry }) => ({ log, sealed: codec.seal(entry, log) })),
  };
}
