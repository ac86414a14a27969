/**
 * The ceremonies that are open: what the options of each one named, kept for five minutes under a hash of its challenge, and
 * good for one answer. They belong to a tenant, one of its users, and registration or authentication.
 */
import { createHash } from 'node:crypto';
import type { Clock, Instant } from '../clock.ts';
import { ProviderUnavailable } from '../errors.ts';
import { type Store, storeKey } from '../store.ts';
import { type CeremonyKind, decodeBase64 } from './passkey-credential.ts';
import type { WebAuthnJson } from './provider.ts';

export interface Ceremony {
  readonly kind: CeremonyKind;
  /** A keyed hash of the user's id. */
  readonly user: string;
  readonly expiresAt: Instant;
  /** Undefined where the options named none: then it is the host of the page's origin. */
  readonly rpId: string | undefined;
  /** Of an authentication, in base64url. Empty where the options named none: then any may answer. */
  readonly allowedCredentialIds: readonly string[];
  /** Of a registration: COSE algorithms. */
  readonly offeredAlgorithms: readonly number[];
  /** Of a registration, in base64url: by what the authenticator will know the user. */
  readonly userHandle: string | undefined;
}

export interface CeremonyOwner {
  readonly tenant: string;
  /** A keyed hash of the user's id. */
  readonly user: string;
  readonly kind: CeremonyKind;
}

/** One that was taken, and that nobody else can take. */
export interface TakenCeremony {
  readonly ceremony: Ceremony;
  /** Opens it again for what is left of its time: only where the provider certainly judged nothing. */
  giveBack(): Promise<void>;
}

export interface Ceremonies {
  /** @throws ProviderUnavailable where the options have no challenge that could be told from others. */
  open(owner: CeremonyOwner, options: WebAuthnJson): Promise<void>;
  /** Undefined where the owner has none open with this challenge. */
  take(owner: CeremonyOwner, challenge: Buffer): Promise<TakenCeremony | undefined>;
}

const ceremonyTtlMs = 5 * 60_000;
/** Section 13.4.3: challenges have at least 16 bytes of chance. */
const minChallengeBytes = 16;

export function createCeremonies({ store, clock }: { store: Store; clock: Clock }): Ceremonies {
  const keyOf = (tenant: string, challenge: Buffer): string =>
    storeKey('passkey-ceremony', tenant, createHash('sha256').update(challenge).digest('base64url'));
  const isOf = (ceremony: Ceremony | undefined, { user, kind }: CeremonyOwner): boolean =>
    ceremony?.user === user && ceremony.kind === kind;

  return {
    async open(owner, options) {
      const challenge = bytesOf(options['challenge']);
      if (challenge === undefined || challenge.length < minChallengeBytes) throw unusable();
      const key = keyOf(owner.tenant, challenge);
      const value = ceremonyOf(owner, options, clock.now() + ceremonyTtlMs);
      const result = await store.write({
        expect: [{ key, version: 0 }],
        put: [{ key, value, ttlMs: ceremonyTtlMs }],
      });
      // A provider may repeat options that are still good, but only to the same user.
      if (!result.committed && !isOf((await store.get<Ceremony>(key))?.value, owner)) throw unusable();
    },

    async take(owner, challenge) {
      const key = keyOf(owner.tenant, challenge);
      const record = await store.get<Ceremony>(key);
      if (record === undefined || !isOf(record.value, owner) || record.value.expiresAt <= clock.now()) return undefined;
      const taken = await store.write({ expect: [{ key, version: record.version }], remove: [key] });
      if (!taken.committed) return undefined;
      const ceremony = record.value;
      return {
        ceremony,
        async giveBack() {
          const ttlMs = ceremony.expiresAt - clock.now();
          if (ttlMs > 0) await store.write({ expect: [{ key, version: 0 }], put: [{ key, value: ceremony, ttlMs }] });
        },
      };
    },
  };
}

function ceremonyOf({ kind, user }: CeremonyOwner, options: WebAuthnJson, expiresAt: Instant): Ceremony {
  const rpId = kind === 'REGISTRATION' ? field(options['rp'], 'id') : options['rpId'];
  const allowed = listOf(options['allowCredentials']).map((one) => bytesOf(field(one, 'id'))?.toString('base64url'));
  const offered = listOf(options['pubKeyCredParams']).map((one) => field(one, 'alg'));
  return {
    kind,
    user,
    expiresAt,
    rpId: typeof rpId === 'string' ? rpId : undefined,
    allowedCredentialIds: kind === 'AUTHENTICATION' ? allowed.filter((id) => id !== undefined) : [],
    offeredAlgorithms: kind === 'REGISTRATION' ? offered.filter((alg) => typeof alg === 'number') : [],
    userHandle: kind === 'REGISTRATION' ? bytesOf(field(options['user'], 'id'))?.toString('base64url') : undefined,
  };
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? (of as WebAuthnJson)[name] : undefined;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function bytesOf(value: unknown): Buffer | undefined {
  const bytes = typeof value === 'string' ? decodeBase64(value) : undefined;
  return bytes?.length === 0 ? undefined : bytes;
}

const unusable = (): ProviderUnavailable =>
  new ProviderUnavailable('The provider gave no options that a ceremony could be begun with. Begin again.', {
    outcome: 'NOT_ACCEPTED',
  });
