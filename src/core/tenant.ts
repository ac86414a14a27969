/** Who may call: tenants, their API keys (only as SHA-256), scopes, caller numbers and accounts. No transport, no limits. */
import type { Instant } from './clock.ts';
import type { ProviderName } from './outcome.ts';

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
  /** From then on it is no key any more; undefined: it lasts until it is taken out of the file. */
  readonly expiresAt?: Instant | undefined;
}

/** How much a tenant may ask for. Who holds it to that is not decided here. */
export interface Quotas {
  readonly perMinute?:
    | {
        /** GraphQL operations of any kind, on all transports together. */
        readonly operations?: number | undefined;
        /** Calls of a root field, by its name: `sendSms`. */
        readonly fields?: Readonly<Record<string, number>> | undefined;
      }
    | undefined;
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
  /**
   * By provider, the accounts that it may use, the first being its default. A provider that is not named is not the tenant's.
   * @default the account `default` of every provider
   */
  readonly accounts?: Readonly<Partial<Record<ProviderName, readonly string[]>>> | undefined;
  readonly quotas?: Quotas | undefined;
  readonly keys: readonly TenantKey[];
}

export interface Caller {
  readonly tenant: Tenant;
  readonly keyId: string;
  readonly scopes: ReadonlySet<Scope>;
  readonly expiresAt?: Instant | undefined;
}

/** The account that the settings of the environment describe. */
export const defaultAccount = 'default';

/** The accounts of a provider that a tenant may use, its default first. */
export function accountsOf({ accounts }: Pick<Tenant, 'accounts'>, provider: ProviderName): readonly string[] {
  return accounts === undefined ? [defaultAccount] : (accounts[provider] ?? []);
}

/** What a provider knows a tenant's person by. */
export function externalUserId({ id, userNamespace = id }: Tenant, userId: string): string {
  return userNamespace === '' ? userId : `${userNamespace}:${userId}`;
}
