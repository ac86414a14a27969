/**
 * The port to durable storage: records, ordered indexes, append-only logs, counters and leases. Two drivers pass one
 * contract suite. Domain rules live above it; a driver knows none. Values are plain JSON; a driver seals each record
 * and log entry with the RecordCodec before it touches disk or network. Keys, index names and sort values are NOT
 * sealed: put nothing personal in them but what `keyedHash` made.
 */
import type { Instant } from './clock.ts';

/** Anything that JSON carries; a property that is undefined is left out. */
export type Json = null | boolean | number | string | readonly Json[] | object;

export interface StoredRecord<T> {
  readonly key: string;
  readonly value: T;
  /** 1 when first written, one more at each write. Absent counts as 0. */
  readonly version: number;
}

/** Where an entry stands in its log: 1 for the first entry ever, then without gaps. */
export type Position = number;

export interface IndexEntry {
  readonly key: string;
  /** A non-negative integer below 2^53. Entries are ordered by (sort, key). */
  readonly sort: number;
}

export type IndexChange =
  /** A key stands in an index once: adding it again moves it. */
  | { readonly index: string; readonly key: string; readonly sort: number }
  /** Sorted by the position that the append at this place of the batch's `append` receives. */
  | { readonly index: string; readonly key: string; readonly sortByAppend: number }
  | { readonly index: string; readonly key: string; readonly remove: true };

/** What a holder of a lease may do only while nobody has taken it over. */
export interface Fence {
  readonly lease: string;
  readonly token: number;
}

/** All of it happens, durably, or none. */
export interface Batch {
  /** Each record must stand at just this version (0: absent), or nothing is written. */
  readonly expect?: readonly { readonly key: string; readonly version: number }[];
  /** Nothing is written unless this token is the lease's newest. */
  readonly fence?: Fence;
  readonly put?: readonly { readonly key: string; readonly value: Json; readonly ttlMs?: number }[];
  readonly remove?: readonly string[];
  readonly index?: readonly IndexChange[];
  readonly append?: readonly { readonly log: string; readonly entry: Json }[];
}

export type WriteResult =
  /** `positions`: where each of `append` landed, in its order. */
  | { readonly committed: true; readonly positions: readonly Position[] }
  /** `conflicts`: the keys of `expect` that stood at another version, or the name of the fence's lease. */
  | { readonly committed: false; readonly conflicts: readonly string[] };

export interface LogPage {
  readonly entries: readonly { readonly position: Position; readonly entry: Json }[];
  /** The oldest position still kept; head + 1 where nothing is kept. */
  readonly first: Position;
  /** The newest position ever given; 0 where nothing was appended yet. */
  readonly head: Position;
}

export interface RangeQuery {
  /** Inclusive bounds on `sort`. */
  readonly from?: number;
  readonly to?: number;
  /** Begin strictly behind this entry, in the direction of travel. */
  readonly after?: IndexEntry;
  readonly reverse?: boolean;
  readonly limit: number;
}

export interface CountQuery {
  readonly from?: number;
  readonly to?: number;
  /** Bounds what the count costs. */
  readonly atMost: number;
}

export interface Lease {
  readonly name: string;
  /** Rises with every acquisition, for ever. */
  readonly token: number;
}

/** `why` and `remark` (what to know although it is well) are for an operator, and name no secret, place or person. */
export type StoreHealth =
  | { readonly ok: true; readonly remark?: string }
  | { readonly ok: false; readonly why: string };

export interface Store {
  /** Names this body of data; another value behind the same cursor means that the data was replaced. */
  readonly epoch: string;
  /** What a yes stands on now, for /readyz and the logs: for example `DISK`, `REDIS_AOF_ALWAYS`, `WEAK`. */
  durability(): string;
  /** Whether the next call can be expected to succeed, from what is known already: asks no disk and no network. */
  health(): StoreHealth;

  get<T>(key: string): Promise<StoredRecord<T> | undefined>;
  /** In the order of `keys`; undefined where there is none. At most 1,000 keys. */
  getMany<T>(keys: readonly string[]): Promise<readonly (StoredRecord<T> | undefined)[]>;
  /**
   * Resolves only once the batch would survive a power cut (or the configured replica has it), and so would what its
   * `expect` found: a batch of nothing else asks whether what was read may be promised.
   */
  write(batch: Batch): Promise<WriteResult>;

  range(index: string, query: RangeQuery): Promise<readonly IndexEntry[]>;
  /** How many entries have a sort within these bounds, both inclusive; `atMost` where they are that many or more. */
  count(index: string, query: CountQuery): Promise<number>;
  /** The sort value of each key in the index; undefined where it does not stand in it. */
  sortOf(index: string, keys: readonly string[]): Promise<readonly (number | undefined)[]>;
  /**
   * Takes up to `limit` keys whose sort is at most `now`, oldest first, and in the same step moves them to
   * `now + holdMs`, so that no other claimer sees them until then. A claimer that dies loses nothing. One whose
   * `fence` is not the lease's newest takes nothing.
   */
  claimDue(
    index: string,
    claim: { readonly now: Instant; readonly limit: number; readonly holdMs: number; readonly fence?: Fence },
  ): Promise<readonly string[]>;

  /** Entries with a position above `after`, oldest first. */
  readLog(log: string, after: Position, limit: number): Promise<LogPage>;
  /** Drops entries up to and including `upTo`. */
  trimLog(log: string, upTo: Position): Promise<void>;
  /**
   * Calls `onAppend` soon after the log grew, in whichever process. Only a hint: it may come late, twice or for
   * nothing, but never not at all. Returns the release, which takes effect at once.
   */
  watchLog(log: string, onAppend: () => void): () => void;

  /**
   * Adds to a counter unless that would take it above `max` (then `added` is false and nothing changes). `ttlMs`
   * counts from the counter's first addition.
   */
  add(
    counter: string,
    amount: number,
    bound?: { readonly max?: number; readonly ttlMs?: number },
  ): Promise<{ readonly value: number; readonly added: boolean }>;

  /**
   * Undefined while somebody else holds it, and for `restMs` after it lapsed or was given up, for everybody. All who
   * ask for one lease name the same rest.
   */
  acquireLease(name: string, owner: string, ttlMs: number, restMs?: number): Promise<Lease | undefined>;
  /** False once it lapsed or passed to another. */
  renewLease(lease: Lease, owner: string, ttlMs: number): Promise<boolean>;
  releaseLease(lease: Lease, owner: string): Promise<void>;
  leaseOwner(name: string): Promise<string | undefined>;

  /**
   * Resolves once no file that the driver writes holds, in any form, what was removed or replaced before the call. It takes
   * a while, and so is for what must be gone and not for every removal. @throws StoreUnavailable where it still may
   */
  erase(): Promise<void>;

  /** A keyed hash of a personal value, the same for ever with the same data key: for index names and look-ups. */
  keyedHash(text: string): string;
  close(): Promise<void>;
}

/** Seals what a driver writes. `context` (the key or log name) is bound in: a value moved elsewhere does not open. */
export interface RecordCodec {
  seal(value: Json, context: string): Uint8Array;
  open(bytes: Uint8Array, context: string): Json;
  keyedHash(text: string): string;
}

/** FULL: it has no space left. OVERLOADED: it is well, and more waits for it than it takes. */
export type StoreWant = 'FULL' | 'OVERLOADED';

/** The store cannot answer now. `wrote` tells whether the write may have happened all the same. */
export class StoreUnavailable extends Error {
  readonly wrote: 'NO' | 'MAYBE';
  /** Where more is known than that it does not answer; nothing was written then. */
  readonly want: StoreWant | undefined;
  constructor(message: string, wrote: 'NO' | 'MAYBE', cause?: unknown, want?: StoreWant) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'StoreUnavailable';
    this.wrote = wrote;
    this.want = want;
  }
}

/** Joins the parts of a key so that no two different lists of parts give the same text. */
export function storeKey(...parts: readonly (string | number)[]): string {
  return parts.map((part) => encodeURIComponent(part)).join('/');
}
