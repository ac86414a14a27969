/**
 * How a message is kept: its record, the indexes it stands in, and its log. Every change is one atomic batch of all
 * three, compared and set, so that two writers of one message never lose each other's evidence.
 */
import type { Clock } from '../clock.ts';
import { createEventLog, type EventLog } from '../events/log.ts';
import { type Image, laneOf, type SmsProvider } from '../provider.ts';
import { type Batch, type IndexChange, type Position, type Store, storeKey } from '../store.ts';
import { ageFrom, type Forgetting, nextForgetting, withoutRecipient, withoutText } from './forget.ts';
import {
  apply,
  type Evidence,
  isAwaitingResult,
  isOpen,
  type Message,
  type MessageState,
  type RetryRule,
  type Route,
} from './message.ts';
import { messageIndex, queueKey } from './message-index.ts';

/** An entry of a tenant's message log. */
export interface MessageEntry {
  readonly messageId: string;
  readonly state: MessageState;
  readonly at: number;
}

/** A message to accept, with the images that it has. They are kept apart: no later change writes them again. */
export interface Draft {
  readonly message: Message;
  readonly images: readonly Image[];
}

interface StoredImage extends Omit<Image, 'bytes'> {
  readonly bytes: string;
}

export interface StoredMessage {
  readonly message: Message;
  readonly version: number;
  /** Where its QUEUED event stands in the tenant's log: its place in every listing. */
  readonly position: Position;
}

export interface Recorded {
  readonly message: Message;
  /** The state in which this evidence found it. */
  readonly from: MessageState;
  /** True where it was this evidence that changed the message. */
  readonly changed: boolean;
}

export interface MessageStore {
  log(tenant: string): EventLog;
  key(tenant: string, id: string): string;
  load(keys: readonly string[]): Promise<readonly (StoredMessage | undefined)[]>;
  /** Stores new messages, all or none, with what else must be true at the same moment; false where that was not so. */
  accept(drafts: readonly Draft[], alongside: Pick<Batch, 'expect' | 'put'>): Promise<boolean>;
  /** The images that were stored with a message. */
  images(message: Message): Promise<readonly Image[]>;
  /**
   * Applies evidence and stores what it changed; `alongside` is written in the same batch, also where the message
   * stays as it is. Undefined where there is no such message, or where `alongside`'s own conditions failed.
   */
  record(key: string, evidence: Evidence, alongside?: Batch): Promise<Recorded | undefined>;
  /** Forgets what is forgotten next, by its time: `next` says which index has brought it up. Again, it does nothing more. */
  forget(key: string, next: Forgetting): Promise<void>;
  /** The key of the message that an attempt with this reference belongs to; `to` where results are looked up. */
  keyOfReference(provider: SmsProvider, account: string, reference: string, to?: string): Promise<string | undefined>;
  /** The record that leads from the reference of an attempt to its message. */
  pointerKey(message: Message, attempt: Route, reference: string): string;
}

/** Longest time past a provider's own time-out before an unanswered attempt counts as abandoned. */
const abandonedAfterMs = 5_000;
/** A first look-up is worth its call only once the provider had time to deliver. */
const firstLookUpAfterMs = 1_000;

export interface MessageStoreOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly retry: RetryRule;
  /** How long `submit` may take, and whether results are looked up, by provider. */
  readonly providers: Readonly<Record<SmsProvider, { readonly submitTimeoutMs: number; readonly looksUp: boolean }>>;
}

export function createMessageStore({ store, clock, retry, providers }: MessageStoreOptions): MessageStore {
  const key = (tenant: string, id: string): string => storeKey('message', tenant, id);
  const log = (tenant: string): EventLog => createEventLog(store, tenant, 'messages');
  const imagesKey = (tenant: string, id: string): string => storeKey('message', tenant, id, 'images');
  const entryOf = (message: Message, at: number): MessageEntry => ({ messageId: message.id, state: message.state, at });
  // A reference of NGS is one message's own. One of SENS stands for every recipient of its call.
  const referenceKey = (
    provider: SmsProvider,
    account: string,
    reference: string,
    toHash: string | undefined,
  ): string =>
    toHash === undefined || !providers[provider].looksUp
      ? storeKey('reference', provider, account, reference)
      : storeKey('reference', provider, account, reference, toHash);
  const hashOf = (message: Message): string => message.recipientHash ?? store.keyedHash(message.to);
  const pointerKey = (message: Message, { provider, account }: Route, reference: string): string =>
    referenceKey(provider, account, reference, hashOf(message));

  const outboxOf = ({ tenant, kind }: Message, { provider, account }: Route): string =>
    messageIndex.outbox(provider, account, laneOf(kind), tenant);

  /** The indexes a message stands in as it is now; `listed` ones are ordered by its position in the log. */
  function places(message: Message): ReadonlyMap<string, number | 'listed'> {
    const places = new Map<string, number | 'listed'>([
      [messageIndex.all(message.tenant), 'listed'],
      [messageIndex.byState(message.tenant, message.state), 'listed'],
      [messageIndex.byRecipient(message.tenant, hashOf(message)), 'listed'],
    ]);
    if (message.clientRef !== undefined) {
      places.set(messageIndex.byClientRef(message.tenant, store.keyedHash(message.clientRef)), 'listed');
    }
    if (isOpen(message.state)) places.set(messageIndex.deadlines, message.deadlineAt);
    const forgetting = nextForgetting(message);
    if (forgetting !== undefined) places.set(messageIndex.forgetting(forgetting), ageFrom(message));
    const [route] = message.routes;
    if (message.state === 'QUEUED' && route !== undefined) {
      places.set(outboxOf(message, route), message.dueAt);
    }
    const attempt = message.attempts.at(-1);
    if (attempt === undefined) return places;
    const { submitTimeoutMs, looksUp } = providers[attempt.provider];
    if (message.state === 'SUBMITTING') {
      const abandonedAt = attempt.startedAt + submitTimeoutMs + abandonedAfterMs;
      places.set(messageIndex.submitting(attempt.provider, attempt.account), abandonedAt);
    }
    if (message.state === 'UNCONFIRMED') {
      places.set(messageIndex.unconfirmed(attempt.provider, attempt.account), attempt.startedAt);
    }
    if (looksUp && isAwaitingResult(message.state)) {
      // What the provider holds until a time has no result before; whether it holds it is worth asking at once.
      const heldUntil = message.state === 'SUBMITTED' ? (message.reserveAt ?? 0) : 0;
      const askAt = Math.max(attempt.startedAt, heldUntil) + firstLookUpAfterMs;
      places.set(messageIndex.lookUps(attempt.provider, attempt.account), askAt);
    }
    return places;
  }

  /** `listedBy` is where it stands in the log; for a new message, the place of its append in the batch. */
  function moves(before: Message | undefined, after: Message, listedBy: Position): IndexChange[] {
    const recordKey = key(after.tenant, after.id);
    const old = before === undefined ? new Map<string, number | 'listed'>() : places(before);
    const present = places(after);
    const changes: IndexChange[] = [];
    for (const index of old.keys()) if (!present.has(index)) changes.push({ index, key: recordKey, remove: true });
    for (const [index, sort] of present) {
      if (old.get(index) === sort) continue;
      if (sort !== 'listed') changes.push({ index, key: recordKey, sort });
      else if (before === undefined) changes.push({ index, key: recordKey, sortByAppend: listedBy });
      else changes.push({ index, key: recordKey, sort: listedBy });
    }
    const [route] = after.routes;
    if (route !== undefined && present.has(outboxOf(after, route)) && !old.has(outboxOf(after, route))) {
      const index = messageIndex.queuedTenants(route.provider, route.account, laneOf(after.kind));
      changes.push({ index, key: queueKey(after.tenant), sort: 0 });
    }
    return changes;
  }

  /** The pointer that lets a report find its message; stored with the intent, so before any byte left. */
  function pointers(before: Message, after: Message): { key: string; value: string }[] {
    return after.attempts.flatMap((attempt, at) =>
      attempt.reference === undefined || before.attempts[at]?.reference === attempt.reference
        ? []
        : [{ key: pointerKey(after, attempt, attempt.reference), value: key(after.tenant, after.id) }],
    );
  }

  function recordsOf({ message, images }: Draft): { key: string; value: object }[] {
    const record = { key: key(message.tenant, message.id), value: message };
    if (images.length === 0) return [record];
    const stored = images.map(
      (image): StoredImage => ({ ...image, bytes: Buffer.from(image.bytes).toString('base64') }),
    );
    return [record, { key: imagesKey(message.tenant, message.id), value: stored }];
  }

  /** `alongside` comes first in `append`, so that its own index entries may sort by it. */
  function batchFor(before: StoredMessage, after: Message, at: number, alongside: Batch): Batch {
    const recordKey = key(after.tenant, after.id);
    const append = alongside.append ?? [];
    const changed = before.message.state !== after.state;
    return {
      ...alongside,
      expect: [{ key: recordKey, version: before.version }, ...(alongside.expect ?? [])],
      put: [{ key: recordKey, value: after }, ...pointers(before.message, after), ...(alongside.put ?? [])],
      index: [...moves(before.message, after, before.position), ...(alongside.index ?? [])],
      append: changed ? [...append, { log: log(after.tenant).name, entry: entryOf(after, at) }] : append,
    };
  }

  async function load(keys: readonly string[]): Promise<readonly (StoredMessage | undefined)[]> {
    const records = await store.getMany<Message>(keys);
    const positions = new Map<string, Position | undefined>();
    const found = records.filter((record) => record !== undefined);
    for (const tenant of new Set(found.map((record) => record.value.tenant))) {
      const own = found.filter((record) => record.value.tenant === tenant).map((record) => record.key);
      const sorts = await store.sortOf(messageIndex.all(tenant), own);
      for (const [at, recordKey] of own.entries()) positions.set(recordKey, sorts[at]);
    }
    return records.map((record) => {
      const position = record === undefined ? undefined : positions.get(record.key);
      return record === undefined || position === undefined
        ? undefined
        : { message: record.value, version: record.version, position };
    });
  }

  async function revise(
    recordKey: string,
    edit: (message: Message) => Message,
    alongside: Batch = {},
  ): Promise<Recorded | undefined> {
    const guards = new Set([alongside.fence?.lease, ...(alongside.expect?.map(({ key: guard }) => guard) ?? [])]);
    for (;;) {
      const [stored] = await load([recordKey]);
      if (stored === undefined) return undefined;
      const after = edit(stored.message);
      const changed = after !== stored.message;
      const recorded = { message: after, from: stored.message.state, changed };
      if (!changed && Object.keys(alongside).length === 0) return recorded;
      const batch = changed ? batchFor(stored, after, clock.now(), alongside) : alongside;
      const result = await store.write(batch);
      if (result.committed) return recorded;
      if (result.conflicts.some((conflict) => guards.has(conflict))) return undefined;
    }
  }

  /** With all that leads to it, and what its log tells of it and of what was before it. */
  async function remove(recordKey: string): Promise<void> {
    const [stored] = await load([recordKey]);
    if (stored === undefined || nextForgetting(stored.message) !== 'ALL') return;
    const { message, version, position } = stored;
    // First, so that a crash between the two leaves the message to come back for.
    await store.trimLog(log(message.tenant).name, position);
    const pointers = message.attempts.flatMap((attempt) =>
      attempt.reference === undefined ? [] : [pointerKey(message, attempt, attempt.reference)],
    );
    await store.write({
      expect: [{ key: recordKey, version }],
      remove: [recordKey, ...pointers],
      index: [...places(message).keys()].map((index) => ({ index, key: recordKey, remove: true as const })),
    });
  }

  return {
    key,
    log,
    load,
    pointerKey,
    async accept(drafts, { expect = [], put = [] }) {
      const result = await store.write({
        expect: [...drafts.map(({ message }) => ({ key: key(message.tenant, message.id), version: 0 })), ...expect],
        put: [...drafts.flatMap(recordsOf), ...put],
        index: drafts.flatMap(({ message }, at) => moves(undefined, message, at)),
        append: drafts.map(({ message }) => ({
          log: log(message.tenant).name,
          entry: entryOf(message, message.createdAt),
        })),
      });
      return result.committed;
    },
    async images({ tenant, id, imageCount }) {
      if (imageCount === 0) return [];
      const record = await store.get<readonly StoredImage[]>(imagesKey(tenant, id));
      return record?.value.map(({ bytes, ...image }) => ({ ...image, bytes: Buffer.from(bytes, 'base64') })) ?? [];
    },
    record: (recordKey, evidence, alongside) =>
      revise(recordKey, (message) => apply(message, evidence, retry), alongside),
    async forget(recordKey, next) {
      const images = { remove: [`${recordKey}/images`] };
      if (next === 'TEXT') await revise(recordKey, withoutText, images);
      else if (next === 'RECIPIENT') await revise(recordKey, (message) => withoutRecipient(message, hashOf(message)));
      else await remove(recordKey);
      // Where it is no message any more, or is further on: else its next place is another index.
      const [stored] = await load([recordKey]);
      const index = messageIndex.forgetting(next);
      const isStale = stored === undefined || nextForgetting(stored.message) !== next;
      if (isStale) await store.write({ index: [{ index, key: recordKey, remove: true }] });
    },
    async keyOfReference(provider, account, reference, to) {
      const toHash = to === undefined ? undefined : store.keyedHash(to);
      return (await store.get<string>(referenceKey(provider, account, reference, toHash)))?.value;
    },
  };
}
