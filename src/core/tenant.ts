/** Who may call: tenants, their API keys (only as SHA-256), scopes and caller numbers. No transport, no limits. */
import { createHash, timingSafeEqual } from 'node:crypto';

export const SCOPES = [
  'messages:send',
  'messages:read',
  'otp',
  'passkey',
  'push',
  'push:respond',
  'webhooks',
  'commerce:read',
  'commerce:write',
  'commerce:token',
  'remittance',
  'operator',
] as const;

export type Scope = (typeof SCOPES)[number];

export interface TenantKey {
  /** Names the key in logs and limits; not secret. */
  readonly id: string;
  /** SHA-256 of the API key, 64 lower-case hex digits. */
  readonly secretSha256: string;
  readonly scopes: readonly Scope[];
}

/** How the gateway's own codes go out, and what bounds them. Only where the gateway makes the code (SENS, NGS). */
export interface OtpRules {
  /** The text, with `{code}` in it once; at most 90 bytes of MS949. */
  readonly template?: string | undefined;
  /** Codes may go to mobiles abroad, over SENS. @default false */
  readonly abroad?: boolean | undefined;
  /** Codes that may be out and not verified, counted over the last hour. @default 1,000 */
  readonly maxUnverifiedPerHour?: number | undefined;
}

export interface Tenant {
  readonly id: string;
  /** National digits; the first is the default. */
  readonly callerNumbers: readonly string[];
  /** The recipients agreed to advertising between 21:00 and 08:00. @default false */
  readonly nightConsent?: boolean;
  readonly otp?: OtpRules | undefined;
  /**
   * Stands before each `userId` that a provider sees, so that two tenants of one account never share a person's passkeys,
   * authenticators or devices. Empty for the one tenant that has the account to itself. @default the tenant's id
   */
  readonly userNamespace?: string | undefined;
  readonly keys: readonly TenantKey[];
}

export interface Caller {
  readonly tenant: Tenant;
  readonly keyId: string;
  readonly scopes: ReadonlySet<Scope>;
}

export interface TenantDirectory {
  /** The tenant and key that an API key belongs to. */
  authenticate(apiKey: string): Caller | undefined;
  get(tenantId: string): Tenant | undefined;
}

/** What a provider knows a tenant's person by. */
export function externalUserId({ id, userNamespace = id }: Tenant, userId: string): string {
  return userNamespace === '' ? userId : `${userNamespace}:${userId}`;
}

/** Hex SHA-256 of an API key, as a tenants file holds it. */
export function hashApiKey(apiKey: string): string {
  return createHash('sha256').update(apiKey, 'utf8').digest('hex');
}

export function createTenantDirectory(tenants: readonly Tenant[]): TenantDirectory {
  const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
  const entries = tenants.flatMap((tenant) =>
    tenant.keys.map((key) => ({
      digest: Buffer.from(key.secretSha256, 'hex'),
      caller: { tenant, keyId: key.id, scopes: new Set(key.scopes) } satisfies Caller,
    })),
  );

  return {
    authenticate(apiKey) {
      const digest = createHash('sha256').update(apiKey, 'utf8').digest();
      let caller: Caller | undefined;
      // Every key is compared, whichever matches, so that the time tells nothing about a key or its place.
      for (const entry of entries) {
        if (timingSafeEqual(entry.digest, digest)) caller = entry.caller;
      }
      return caller;
    },
    get: (tenantId) => byId.get(tenantId),
  };
}
