/**
 * One effect a key. What is remembered is a keyed hash a path of the input, so that a conflict can name the paths that
 * differ, and the input itself is kept nowhere.
 */
import { isWellFormed } from '../korean/ms949.ts';
import type { Instant } from './clock.ts';
import { IdempotencyConflict } from './errors.ts';
import type { FieldProblem } from './field-problem.ts';
import { type Store, storeKey } from './store.ts';

export const idempotencyTtlMs = 72 * 3_600_000;
const maxIdempotencyKeyLength = 255;

/** Path of the input, for example `to`, to the keyed hash of its value. */
export type Fingerprint = Readonly<Record<string, string>>;

export interface IdempotencyRecord {
  readonly subjectKey: string;
  readonly firstUsedAt: Instant;
  readonly fingerprint: Fingerprint;
}

/** Keys are apart by tenant and field; a caller's key may hold anything, also a phone number, so it is hashed. */
export function idempotencyKey(store: Store, tenant: string, field: string, key: string): string {
  return storeKey('idempotency', tenant, field, store.keyedHash(key));
}

/**
 * What each of these keys was used for, once that may be promised: who used it first may still wait for its yes, or was told
 * that nobody knows. Undefined for a key that is free.
 */
export async function usesOf(
  store: Store,
  recordKeys: readonly string[],
): Promise<readonly (IdempotencyRecord | undefined)[]> {
  for (;;) {
    const records = await store.getMany<IdempotencyRecord>(recordKeys);
    const found = new Map(records.flatMap((record) => (record === undefined ? [] : [[record.key, record.version]])));
    const expect = [...found].map(([key, version]) => ({ key, version }));
    if (expect.length === 0 || (await store.write({ expect })).committed) return records.map((record) => record?.value);
  }
}

/** The same of one key. */
export const useOf = async (store: Store, recordKey: string): Promise<IdempotencyRecord | undefined> =>
  (await usesOf(store, [recordKey]))[0];

/** What is wrong with a caller's key, where something is. */
export function idempotencyKeyProblem(key: string): FieldProblem | undefined {
  const path = ['input', 'idempotencyKey'];
  if (key === '' || key.length > maxIdempotencyKeyLength) {
    return { path, rule: 'LENGTH', message: `Give 1 to ${maxIdempotencyKeyLength} characters.` };
  }
  // Two different halves of a character look the same once they are bytes, and two keys would be one.
  return isWellFormed(key) ? undefined : { path, rule: 'FORM', message: 'Half a character stands alone in it.' };
}

export function fingerprintOf(store: Store, input: Readonly<Record<string, unknown>>): Fingerprint {
  return Object.fromEntries(
    Object.entries(input).map(([path, value]) => [path, store.keyedHash(`${path} ${JSON.stringify(value ?? null)}`)]),
  );
}

/** @throws IdempotencyConflict naming the paths whose values differ. */
export function assertSameInput(record: IdempotencyRecord, fingerprint: Fingerprint): void {
  const paths = new Set([...Object.keys(record.fingerprint), ...Object.keys(fingerprint)]);
  const differing = [...paths].filter((path) => record.fingerprint[path] !== fingerprint[path]);
  if (differing.length > 0) throw new IdempotencyConflict(record.firstUsedAt, differing);
}
