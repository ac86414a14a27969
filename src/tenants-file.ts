/**
 * The form of GWANMUN_TENANTS_FILE: who may call, with which keys, caller numbers and accounts; docs/tenants.md explains it.
 * Reading it is not done here.
 */
import { z } from 'zod';
import { accountsOf, defaultAccount, SCOPES, type Scope, type Tenant } from './core/tenant.ts';
import { ms949ByteLength, normaliseText, unsendableCharacters } from './korean/ms949.ts';
import { parseCallbackNumber } from './korean/phone-number.ts';
import { CONFIGURED_PROVIDERS, type DeclaredAccount, declaredAccounts, name } from './provider-accounts.ts';
import type { ConfiguredProvider } from './provider-settings.ts';

export const callerNumber = z.string({ error: 'must be text' }).transform((text, context) => {
  const national = parseCallbackNumber(text);
  if (national !== undefined) return national;
  context.addIssue({ code: 'custom', message: 'is not a Korean caller number' });
  return z.NEVER;
});

const wholeNumber = (from: number, to: number) =>
  z
    .int({ error: 'must be a whole number' })
    .min(from, `must be ${from} or more`)
    .max(to, `must not be over ${to.toLocaleString('en')}`);

const moment = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00+09:00' })
  .transform((text) => Date.parse(text));

const key = z.strictObject({
  id: name,
  secretSha256: z
    .string({ error: 'must be text' })
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the API key as 64 lower-case hex digits'),
  scopes: z
    .array(z.enum(SCOPES, { error: `must be one of ${SCOPES.join(', ')}` }), { error: 'must be a list' })
    .min(1, 'must name at least one scope'),
  expiresAt: moment.optional(),
  note: z.string({ error: 'must be text' }).max(200, 'must not be longer than 200 characters').optional(),
});

const otpRules = z.strictObject({
  template: z
    .string({ error: 'must be text' })
    .refine((text) => text.split('{code}').length === 2, 'must hold {code} once')
    .refine((text) => {
      const sample = normaliseText(text.replace('{code}', '000000'));
      return unsendableCharacters(sample).length === 0 && ms949ByteLength(sample) <= 90;
    }, 'must fit an SMS: at most 90 bytes of MS949, with a code of 6 digits in it')
    .optional(),
  abroad: z.boolean({ error: 'must be true or false' }).optional(),
  maxUnverifiedPerHour: wholeNumber(1, 1_000_000).optional(),
});

const perMinute = wholeNumber(1, 1_000_000);
const quotas = z.strictObject({
  perMinute: z
    .strictObject({
      operations: perMinute.optional(),
      fields: z
        .record(z.string().regex(/^[a-z][A-Za-z0-9]{0,63}$/, 'must be the name of a root field'), perMinute)
        .optional(),
    })
    .optional(),
});

const accounts = z.strictObject(
  Object.fromEntries(
    CONFIGURED_PROVIDERS.map((provider) => [
      provider,
      z.array(name, { error: 'must be a list' }).min(1, 'must name at least one account').optional(),
    ]),
  ),
);

const tenant = z.strictObject({
  id: name,
  callerNumbers: z.array(callerNumber, { error: 'must be a list' }).default([]),
  nightConsent: z.boolean({ error: 'must be true or false' }).default(false),
  otp: otpRules.optional(),
  userNamespace: z.union([z.literal(''), name]).optional(),
  accounts: accounts.optional(),
  quotas: quotas.optional(),
  keys: z.array(key, { error: 'must be a list' }).min(1, 'must hold at least one key'),
});

export interface TenantsFile {
  readonly tenants: readonly Tenant[];
  readonly accounts: readonly DeclaredAccount[];
}

export const tenantsFile = z
  .strictObject({
    $schema: z.string().optional(),
    accounts: declaredAccounts,
    tenants: z.array(tenant, { error: 'must be a list' }).min(1, 'must hold at least one tenant'),
  })
  .superRefine((file, context) => {
    const refuse = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    refuseDoubledAccounts(file.accounts, (path, message) => refuse(['accounts', ...path], message));
    refuseTenants(file as TenantsFile, (path, message) => refuse(['tenants', ...path], message));
  })
  .transform(({ tenants, accounts }): TenantsFile => ({ tenants: tenants.map(withoutNotes), accounts }));

/** What a scope is worth nothing without. */
const providerOf: Readonly<Partial<Record<Scope, ConfiguredProvider>>> = {
  passkey: 'SECUREKEY',
  push: 'SECUREKEY',
  'push:respond': 'SECUREKEY',
  'commerce:read': 'NAVER_COMMERCE',
  'commerce:write': 'NAVER_COMMERCE',
  'commerce:token': 'NAVER_COMMERCE',
  remittance: 'SENTBE',
};

type Refuse = (path: (string | number)[], message: string) => void;

function refuseDoubledAccounts(accounts: readonly DeclaredAccount[], refuse: Refuse): void {
  const seen = new Set<string>();
  for (const [index, { provider, account }] of accounts.entries()) {
    if (seen.has(`${provider} ${account}`)) refuse([index, 'account'], 'is used twice');
    seen.add(`${provider} ${account}`);
  }
}

function refuseTenants({ tenants, accounts }: TenantsFile, refuse: Refuse): void {
  const tenantIds = new Set<string>();
  const secrets = new Set<string>();
  const namespaces = new Set<string>();
  const known = new Set(accounts.map(({ provider, account }) => `${provider} ${account}`));

  for (const [index, tenant] of tenants.entries()) {
    const { id, keys, callerNumbers, userNamespace = id } = tenant;
    if (tenantIds.has(id)) refuse([index, 'id'], 'is used twice');
    else if (namespaces.has(userNamespace)) refuse([index, 'userNamespace'], 'is used twice');
    // Its users could then be named so that they are another tenant's.
    if (userNamespace === '' && tenants.length > 1)
      refuse([index, 'userNamespace'], 'is only empty for one tenant alone');
    tenantIds.add(id);
    namespaces.add(userNamespace);
    if (callerNumbers.length === 0 && keys.some(({ scopes }) => scopes.includes('messages:send'))) {
      refuse([index, 'callerNumbers'], 'must not be empty where a key has messages:send');
    }
    for (const provider of CONFIGURED_PROVIDERS) {
      for (const [at, account] of accountsOf(tenant, provider).entries()) {
        if (account === defaultAccount || known.has(`${provider} ${account}`)) continue;
        refuse([index, 'accounts', provider, at], 'is not one of `accounts`');
      }
    }
    const refused = new Set<string>();
    for (const [at, scope] of keys.flatMap((key, at) => key.scopes.map((scope) => [at, scope] as const))) {
      const provider = providerOf[scope];
      if (provider === undefined || accountsOf(tenant, provider).length > 0 || refused.has(`${at} ${scope}`)) continue;
      refused.add(`${at} ${scope}`);
      refuse([index, 'keys', at, 'scopes'], `${scope} needs an account of ${provider} in \`accounts\``);
    }
    const keyIds = new Set<string>();
    for (const [keyIndex, { id: keyId, secretSha256 }] of keys.entries()) {
      if (keyIds.has(keyId)) refuse([index, 'keys', keyIndex, 'id'], 'is used twice');
      // Two tenants behind one key would make the caller depend on the order of the file.
      if (secrets.has(secretSha256)) refuse([index, 'keys', keyIndex, 'secretSha256'], 'is used twice');
      keyIds.add(keyId);
      secrets.add(secretSha256);
    }
  }
}

/** What an operator noted beside a key is for operators. */
function withoutNotes({ keys, ...rest }: z.infer<typeof tenant>): Tenant {
  return { ...rest, keys: keys.map(({ note: _note, ...key }) => key) };
}
