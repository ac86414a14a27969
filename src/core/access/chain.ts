/**
 * The access record as a chain: pure. Each entry carries a keyed hash of itself and of the one before it, so that none can be
 * changed, left out, put in or moved without the data key, and with it only by writing all that follows anew.
 */
import type { Instant } from '../clock.ts';
import type { Store } from '../store.ts';

export interface Access {
  readonly at: Instant;
  readonly tenant: string;
  readonly keyId: string;
  readonly requestId: string;
  /** From where it was asked. */
  readonly address: string;
  readonly operation: 'query' | 'mutation' | 'subscription';
  /** The fields at the root, each with what it was asked by: ids and filters as they are, persons as keyed hashes. */
  readonly fields: readonly { readonly name: string; readonly asked: Readonly<Record<string, unknown>> }[];
}

export interface Link {
  /** Counts from 1, and is its position in the log. */
  readonly n: number;
  readonly hash: string;
}

export type AccessEntry = Access & Link;

/** Before the first entry ever. */
export const beginning: Link = { n: 0, hash: '' };

type KeyedHash = Store['keyedHash'];

export function chained(accesses: readonly Access[], behind: Link, keyedHash: KeyedHash): AccessEntry[] {
  let previous = behind;
  return accesses.map((access) => {
    const numbered = { ...access, n: previous.n + 1 };
    const entry = { ...numbered, hash: hashOf(numbered, previous, keyedHash) };
    previous = entry;
    return entry;
  });
}

/** Whether it is just what was once written behind `previous`. */
export function follows(entry: AccessEntry, previous: Link, keyedHash: KeyedHash): boolean {
  const { hash, ...numbered } = entry;
  return entry.n === previous.n + 1 && hash === hashOf(numbered, previous, keyedHash);
}

/** JSON keeps the order in which its names were written. */
const hashOf = (numbered: object, previous: Link, keyedHash: KeyedHash): string =>
  keyedHash(`access ${previous.hash} ${JSON.stringify(numbered)}`);
