/**
 * A challenge: one code that was asked for, how it is kept and found again, and what its code is known by. What is
 * stored of a code of ours is a MAC and nothing else. Asking and judging are not done here.
 */
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../clock.ts';
import { idempotencyTtlMs } from '../idempotency.ts';
import type { Message } from '../messaging/message.ts';
import { type Batch, type Store, storeKey } from '../store.ts';

export type OtpChannel = 'SMS' | 'EMAIL' | 'TOTP';
export type OtpProvider = 'SECUREKEY' | 'SENS' | 'NGS';
/** Where a code goes; an authenticator's code goes nowhere. */
export type SentChannel = Exclude<OtpChannel, 'TOTP'>;

/** QUEUED: with us, and leaves before it expires or never. UNCONFIRMED: it may have left; it is never sent again. */
export type OtpDelivery = 'QUEUED' | 'SENT' | 'UNCONFIRMED' | 'FAILED';

export interface StoredChallenge {
  readonly id: string;
  readonly tenant: string;
  readonly channel: SentChannel;
  readonly provider: OtpProvider;
  /** National digits, E.164 abroad, or an e-mail address. */
  readonly destination: string;
  readonly purpose: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly resendAt: Instant;
  /** Where this one counts among the codes that are out and unverified. */
  readonly unverified: readonly TakenPlace[];
  /** SecureKey: the account that made the code. It knows one code a destination, whichever tenant asked for it. */
  readonly account?: string;
  /** SecureKey: how its call ended. SENDING: the intent is stored, and perhaps nobody will ever say. */
  readonly call?: 'SENDING' | 'SENT' | 'UNCONFIRMED';
  /** A code of ours. */
  readonly own?: { readonly codeMac: string; readonly messageId: string };
  readonly verifiedAt?: Instant;
}

/** One of a counter, or with `id` that entry of a record, so that it can be given back. */
export interface TakenPlace {
  readonly key: string;
  readonly id?: string;
}

/** Whose a code is, as far as others of the same destination are concerned. */
export type Addressed = Pick<StoredChallenge, 'tenant' | 'channel' | 'destination' | 'account'>;

/** What stands at a destination: its one valid challenge, and when codes went there in the last day. */
export interface Destination {
  readonly challengeId: string;
  readonly sentAt: readonly Instant[];
}

export interface Versioned<T> {
  readonly value: T;
  readonly version: number;
}

/** A challenge that stands, with the versions of its places at which it does. */
export interface LiveChallenge {
  readonly challenge: Versioned<StoredChallenge>;
  readonly places: NonNullable<Batch['expect']>;
}

export interface ChallengeStore {
  key(tenant: string, id: string): string;
  destinationKey(tenant: string, channel: SentChannel, destination: string): string;
  /** The keys at all of which a challenge has to stand: its tenant's, and that of SecureKey's account where it is one. */
  placesOf(challenge: Addressed): readonly string[];
  load(tenant: string, id: string): Promise<Versioned<StoredChallenge> | undefined>;
  loadKey(key: string): Promise<Versioned<StoredChallenge> | undefined>;
  destinationAt(key: string): Promise<Versioned<Destination> | undefined>;
  /** The same as long as nothing has replaced it. Used up and late ones are the caller's to tell. */
  stands(challenge: Versioned<StoredChallenge>): Promise<LiveChallenge | undefined>;
  /** A write of the record, for a batch. */
  put(challenge: StoredChallenge): NonNullable<Batch['put']>[number];
  putDestination(key: string, destination: Destination): NonNullable<Batch['put']>[number];
  macOf(id: string, code: string): string;
  /** In a time that tells nothing. */
  isCodeOf(challenge: StoredChallenge, code: string): boolean;
}

export const dayMs = 24 * 3_600_000;
export const codeLifeMs = 3 * 60_000;
export const resendAfterMs = 30_000;

/** A key that was used has to have an answer as long as it is known. */
const challengeTtlMs = idempotencyTtlMs + 3_600_000;

export function createChallengeStore(store: Store): ChallengeStore {
  const key = (tenant: string, id: string): string => storeKey('otp-challenge', tenant, id);
  const destinationKey = (tenant: string, channel: SentChannel, destination: string): string =>
    storeKey('otp-destination', tenant, channel, store.keyedHash(destinationIdentity(destination)));
  const placesOf = ({ tenant, channel, destination, account }: Addressed): readonly string[] => {
    const whose = store.keyedHash(destinationIdentity(destination));
    const ofAccount = account === undefined ? [] : [storeKey('otp-account-destination', account, channel, whose)];
    return [destinationKey(tenant, channel, destination), ...ofAccount];
  };
  const macOf = (id: string, code: string): string => store.keyedHash(`otp ${id} ${code}`);

  async function loadKey(recordKey: string): Promise<Versioned<StoredChallenge> | undefined> {
    return store.get<StoredChallenge>(recordKey);
  }
  const destinationAt = (recordKey: string): Promise<Versioned<Destination> | undefined> =>
    store.get<Destination>(recordKey);

  return {
    key,
    destinationKey,
    placesOf,
    loadKey,
    destinationAt,
    load: (tenant, id) => loadKey(key(tenant, id)),
    async stands(challenge) {
      const keys = placesOf(challenge.value);
      const found = await Promise.all(keys.map(destinationAt));
      const places = found.flatMap((place, at) =>
        place?.value.challengeId === challenge.value.id ? [{ key: keys[at] as string, version: place.version }] : [],
      );
      return places.length === keys.length ? { challenge, places } : undefined;
    },
    put: (challenge) => ({ key: key(challenge.tenant, challenge.id), value: challenge, ttlMs: challengeTtlMs }),
    putDestination: (recordKey, destination) => ({ key: recordKey, value: destination, ttlMs: dayMs }),
    macOf,
    isCodeOf: ({ id, own }, code) => {
      const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
      return own !== undefined && timingSafeEqual(digest(own.codeMac), digest(macOf(id, code)));
    },
  };
}

/** Mailboxes are one whatever the case; of numbers there is but one form by now. */
export const destinationIdentity = (destination: string): string => destination.toLowerCase();

export const makeCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** How the code fares that a text of ours carries. */
export function deliveryOf(message: Message): OtpDelivery {
  const outcome = message.attempts.at(-1)?.outcome ?? 'NOT_ACCEPTED';
  switch (message.state) {
    case 'QUEUED':
      return 'QUEUED';
    case 'SUBMITTED':
    case 'DELIVERED':
      return 'SENT';
    case 'SUBMITTING':
    case 'UNCONFIRMED':
      return 'UNCONFIRMED';
    case 'FAILED':
    case 'CANCELLED':
      return 'FAILED';
    case 'EXPIRED':
      return { ACCEPTED: 'SENT', NOT_ACCEPTED: 'FAILED', UNKNOWN: 'UNCONFIRMED' }[outcome] as OtpDelivery;
  }
}
