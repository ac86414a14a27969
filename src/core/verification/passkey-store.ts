/**
 * The passkeys that were registered here: one record for each credential of a tenant, listed by user. A credential is one
 * user's for ever. No key material is kept: the provider has it.
 */
import type { Instant } from '../clock.ts';
import { type Store, storeKey } from '../store.ts';

export interface Passkey {
  readonly id: string;
  readonly tenant: string;
  /** The caller's own. */
  readonly userId: string;
  /** In base64url. */
  readonly credentialId: string;
  readonly deviceName: string | undefined;
  readonly registeredAt: Instant;
  /** In base64url: by what the authenticator knows the user, where the provider's options told. */
  readonly userHandle: string | undefined;
}

export interface PasskeyStore {
  /** The one of this credential, whosever it is. */
  ofCredential(tenant: string, credentialId: string): Promise<Passkey | undefined>;
  /** Stores a new one, or what a repeated registration changes. Undefined where the credential is another user's. */
  save(given: Omit<Passkey, 'id'>): Promise<Passkey | undefined>;
  /** In the order of `ids`. */
  load(tenant: string, ids: readonly string[]): Promise<readonly (Passkey | undefined)[]>;
  /** Oldest first. */
  ofUser(tenant: string, userId: string): Promise<readonly Passkey[]>;
}

/** More than anybody registers; what a listing reads at most. */
const maxPasskeysOfUser = 1_000;

export function createPasskeyStore(store: Store): PasskeyStore {
  const keyOf = (tenant: string, id: string): string => storeKey('passkey', tenant, id);
  const indexOf = (tenant: string, userId: string): string => storeKey('passkeys', tenant, store.keyedHash(userId));
  // Made of the credential, so that its record alone holds it to be unique.
  const idOf = (tenant: string, credentialId: string): string =>
    store.keyedHash(storeKey('passkey', tenant, credentialId));

  return {
    async ofCredential(tenant, credentialId) {
      return (await store.get<Passkey>(keyOf(tenant, idOf(tenant, credentialId))))?.value;
    },
    async save(given) {
      const { tenant, userId } = given;
      const id = idOf(tenant, given.credentialId);
      const key = keyOf(tenant, id);
      for (;;) {
        const before = await store.get<Passkey>(key);
        if (before !== undefined && before.value.userId !== userId) return undefined;
        const passkey: Passkey = {
          ...given,
          id,
          registeredAt: before?.value.registeredAt ?? given.registeredAt,
          deviceName: given.deviceName ?? before?.value.deviceName,
        };
        const result = await store.write({
          expect: [{ key, version: before?.version ?? 0 }],
          put: [{ key, value: passkey }],
          index: [{ index: indexOf(tenant, userId), key, sort: passkey.registeredAt }],
        });
        if (result.committed) return passkey;
      }
    },
    async load(tenant, ids) {
      const records = await store.getMany<Passkey>(ids.map((id) => keyOf(tenant, id)));
      return records.map((record) => record?.value);
    },
    async ofUser(tenant, userId) {
      const entries = await store.range(indexOf(tenant, userId), { limit: maxPasskeysOfUser });
      const records = await store.getMany<Passkey>(entries.map(({ key }) => key));
      return records.flatMap((record) => (record === undefined ? [] : [record.value]));
    },
  };
}
