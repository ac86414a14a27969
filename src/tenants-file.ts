/** The form of GWANMUN_TENANTS_FILE: who may call, with which keys and caller numbers. Reading it is not done here. */
import { z } from 'zod';
import { SCOPES, type Tenant } from './core/tenant.ts';
import { ms949ByteLength, normaliseText, unsendableCharacters } from './korean/ms949.ts';
import { parseCallbackNumber } from './korean/phone-number.ts';

export const callerNumber = z.string({ error: 'must be text' }).transform((text, context) => {
  const national = parseCallbackNumber(text);
  if (national !== undefined) return national;
  context.addIssue({ code: 'custom', message: 'is not a Korean caller number' });
  return z.NEVER;
});

const name = z
  .string({ error: 'must be text' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be 1 to 63 letters, digits, dots, hyphens or underscores');

const key = z.strictObject({
  id: name,
  secretSha256: z
    .string({ error: 'must be text' })
    .regex(/^[0-9a-f]{64}$/, 'must be the SHA-256 of the API key as 64 lower-case hex digits'),
  scopes: z
    .array(z.enum(SCOPES, { error: `must be one of ${SCOPES.join(', ')}` }), { error: 'must be a list' })
    .min(1, 'must name at least one scope'),
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
  maxUnverifiedPerHour: z
    .int({ error: 'must be a whole number' })
    .min(1, 'must be 1 or more')
    .max(1_000_000, 'must not be over 1,000,000')
    .optional(),
});

const tenant = z.strictObject({
  id: name,
  callerNumbers: z.array(callerNumber, { error: 'must be a list' }).default([]),
  nightConsent: z.boolean({ error: 'must be true or false' }).default(false),
  otp: otpRules.optional(),
  userNamespace: z.union([z.literal(''), name]).optional(),
  keys: z.array(key, { error: 'must be a list' }).min(1, 'must hold at least one key'),
});

export const tenantsFile = z
  .strictObject({ tenants: z.array(tenant, { error: 'must be a list' }).min(1, 'must hold at least one tenant') })
  .superRefine(({ tenants }, context) => {
    const tenantIds = new Set<string>();
    const secrets = new Set<string>();
    const namespaces = new Set<string>();
    const refuse = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path: ['tenants', ...path], message });

    for (const [index, { id, keys, callerNumbers, userNamespace = id }] of tenants.entries()) {
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
      const keyIds = new Set<string>();
      for (const [keyIndex, { id: keyId, secretSha256 }] of keys.entries()) {
        if (keyIds.has(keyId)) refuse([index, 'keys', keyIndex, 'id'], 'is used twice');
        // Two tenants behind one key would make the caller depend on the order of the file.
        if (secrets.has(secretSha256)) refuse([index, 'keys', keyIndex, 'secretSha256'], 'is used twice');
        keyIds.add(keyId);
        secrets.add(secretSha256);
      }
    }
  })
  .transform(({ tenants }): readonly Tenant[] => tenants);
