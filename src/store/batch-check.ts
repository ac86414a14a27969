/**
 * What a caller may hand to either driver, checked before anything is stored. A breach is a bug of the caller and
 * throws a TypeError; both drivers refuse the same things, so that none works on one and fails on the other.
 */
import type { Batch, CountQuery, Fence, IndexChange, RangeQuery } from '../core/store.ts';

const MAX_KEY_BYTES = 4_096;
const MAX_KEYS = 1_000;

/** Keys, index names, log names, counters, leases and owners. NUL: SQLite cuts TEXT there. */
export function checkName(name: string): void {
  if (typeof name !== 'string' || name.length === 0) throw new TypeError('A name in the store is a non-empty text.');
  if (Buffer.byteLength(name) > MAX_KEY_BYTES) throw new TypeError(`A name is longer than ${MAX_KEY_BYTES} bytes.`);
  if (name.includes('\0') || !isWellFormed(name)) throw new TypeError('A name holds a NUL or half a surrogate pair.');
}

export function checkCount(what: string, value: number, least = 0): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new TypeError(`${what} is an integer from ${least} to 2^53 - 1, not ${value}.`);
  }
}

export function checkKeys(keys: readonly string[]): void {
  if (keys.length > MAX_KEYS) throw new TypeError(`At most ${MAX_KEYS} keys at once, not ${keys.length}.`);
  keys.forEach(checkName);
}

export function checkRange(query: RangeQuery): void {
  checkCount('limit', query.limit, 1);
  if (query.from !== undefined) checkCount('from', query.from);
  if (query.to !== undefined) checkCount('to', query.to);
  if (query.after !== undefined) {
    checkName(query.after.key);
    checkCount('after.sort', query.after.sort);
  }
}

export function checkCountQuery({ from, to, atMost }: CountQuery): void {
  checkCount('atMost', atMost, 1);
  if (from !== undefined) checkCount('from', from);
  if (to !== undefined) checkCount('to', to);
}

export function checkBatch(batch: Batch): void {
  for (const { key, version } of batch.expect ?? []) {
    checkName(key);
    checkCount('An expected version', version);
  }
  if (batch.fence !== undefined) checkFence(batch.fence);
  const touched = new Set<string>();
  const touch = (key: string) => {
    checkName(key);
    if (touched.has(key)) throw new TypeError(`The batch writes the record ${key} twice.`);
    touched.add(key);
  };
  for (const { key, ttlMs } of batch.put ?? []) {
    touch(key);
    if (ttlMs !== undefined) checkCount('ttlMs', ttlMs, 1);
  }
  batch.remove?.forEach(touch);
  for (const { log } of batch.append ?? []) checkName(log);
  for (const change of batch.index ?? []) checkIndexChange(change, batch.append?.length ?? 0);
}

export function checkFence({ lease, token }: Fence): void {
  checkName(lease);
  checkCount('A fencing token', token, 1);
}

function checkIndexChange(change: IndexChange, appends: number): void {
  checkName(change.index);
  checkName(change.key);
  if ('sort' in change) checkCount('sort', change.sort);
  if ('sortByAppend' in change) {
    checkCount('sortByAppend', change.sortByAppend);
    if (change.sortByAppend >= appends) throw new TypeError(`The batch has no append at ${change.sortByAppend}.`);
  }
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
