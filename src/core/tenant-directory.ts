/**
 * The tenants as they stand now, and whose a key is. They can be replaced while the process runs; what was judged by the
 * old ones is judged again by `current`. What follows for whoever is connected is credential-watch.ts.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { publicIdOf } from './api-key.ts';
import { type Clock, systemClock } from './clock.ts';
import type { ProviderName } from './outcome.ts';
import { accountsOf, type Caller, type Tenant, type TenantKey } from './tenant.ts';

export interface TenantDirectory {
  /** The tenant and key that an API key belongs to. */
  authenticate(apiKey: string): Caller | undefined;
  /** The same caller as it stands now; undefined where its key was taken away, replaced or cut in scopes, or has expired. */
  current(caller: Caller): Caller | undefined;
  get(tenantId: string): Tenant | undefined;
  /** The id of the tenant that alone may use an account; undefined where several may, or none. */
  soleUserOf(provider: ProviderName, account: string): string | undefined;
  replace(tenants: readonly Tenant[]): void;
  /** Tells after each replacement. Returns how to stop. */
  onReplaced(listener: () => void): () => void;
}

interface Entry {
  readonly digest: Buffer;
  /** Undefined: nobody's. */
  readonly caller?: Caller;
}

interface Known {
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly entries: readonly Entry[];
  /** Two tenants may have named a key of their own choice alike. */
  readonly byPublicId: ReadonlyMap<string, readonly Entry[]>;
  /** What an unknown public id is compared with: as many digests as there are, so that each is as far away in memory. */
  readonly decoys: readonly (readonly Entry[])[];
  /** By tenant, then by key. */
  readonly callers: ReadonlyMap<string, ReadonlyMap<string, Caller>>;
}

export function createTenantDirectory(initial: readonly Tenant[], clock: Clock = systemClock): TenantDirectory {
  let known = learn(initial);
  const listeners = new Set<() => void>();
  const isLive = ({ expiresAt }: Pick<Caller, 'expiresAt'>): boolean =>
    expiresAt === undefined || clock.now() < expiresAt;

  return {
    authenticate(apiKey) {
      const digest = createHash('sha256').update(apiKey, 'utf8').digest();
      const publicId = publicIdOf(apiKey);
      // An id that nobody has costs the same as one with a wrong secret. A key that an operator chose names no id.
      const decoy = known.decoys[digest.readUInt32LE(0) % known.decoys.length] ?? [];
      const candidates = publicId === undefined ? known.entries : (known.byPublicId.get(publicId) ?? decoy);
      let caller: Caller | undefined;
      // Every candidate is compared, whichever matches, so that the time tells nothing about a key or its place.
      for (const entry of candidates) {
        if (timingSafeEqual(entry.digest, digest)) caller = entry.caller;
      }
      return caller !== undefined && isLive(caller) ? caller : undefined;
    },
    current(caller) {
      const present = known.callers.get(caller.tenant.id)?.get(caller.keyId);
      if (present === undefined || secretOf(present) !== secretOf(caller) || !isLive(present)) return undefined;
      return [...caller.scopes].every((scope) => present.scopes.has(scope)) ? present : undefined;
    },
    get: (tenantId) => known.tenants.get(tenantId),
    soleUserOf(provider, account) {
      const users = [...known.tenants.values()].filter((tenant) => accountsOf(tenant, provider).includes(account));
      return users.length === 1 ? users[0]?.id : undefined;
    },
    replace(tenants) {
      known = learn(tenants);
      for (const listener of [...listeners]) listener();
    },
    onReplaced(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function learn(tenants: readonly Tenant[]): Known {
  const entries: Entry[] = [];
  const byPublicId = new Map<string, Entry[]>();
  const callers = new Map<string, Map<string, Caller>>();
  for (const tenant of tenants) {
    const own = new Map<string, Caller>();
    callers.set(tenant.id, own);
    for (const key of tenant.keys) {
      const entry = { digest: Buffer.from(key.secretSha256, 'hex'), caller: callerOf(tenant, key) };
      entries.push(entry);
      byPublicId.set(key.id, [...(byPublicId.get(key.id) ?? []), entry]);
      own.set(key.id, entry.caller);
    }
  }
  return {
    tenants: new Map(tenants.map((tenant) => [tenant.id, tenant])),
    entries,
    byPublicId,
    decoys: entries.map(({ digest }) => [{ digest }]),
    callers,
  };
}

function callerOf(tenant: Tenant, { id, scopes, expiresAt }: TenantKey): Caller {
  return { tenant, keyId: id, scopes: new Set(scopes), ...(expiresAt !== undefined && { expiresAt }) };
}

const secretOf = ({ tenant, keyId }: Caller): string | undefined =>
  tenant.keys.find(({ id }) => id === keyId)?.secretSha256;
