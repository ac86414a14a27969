/**
 * Accounts of the providers that carry messages, beside those of the environment. Each is a small environment of its own in the tenants file, with
 * the same names, so that one table says what a provider needs; of a secret the file holds only where it is.
 */
import { z } from 'zod';
import { defaultAccount } from './core/tenant.ts';
import { createEnvironment, type Environment, readAll, type SettingTable } from './environment.ts';
import { type ConfiguredProvider, PROVIDER_SETTINGS, type ProviderSettings } from './provider-settings.ts';

/** Who may have several accounts. */
const SEVERAL_ACCOUNTS = ['SENS', 'NGS'] as const satisfies readonly ConfiguredProvider[];
type Several = (typeof SEVERAL_ACCOUNTS)[number];

/** As the file has it. */
export interface DeclaredAccount {
  readonly provider: Several;
  readonly account: string;
  /** By the names of the environment; of a secret NAME_FILE, the path of a file, or NAME_ENV, the name of a variable. */
  readonly settings: Readonly<Record<string, string>>;
}

export type ConfiguredAccount = {
  readonly [Provider in Several]: {
    readonly provider: Provider;
    readonly account: string;
    readonly settings: ProviderSettings[Provider];
  };
}[Several];

export const CONFIGURED_PROVIDERS = Object.keys(PROVIDER_SETTINGS) as ConfiguredProvider[];

export const name = z
  .string({ error: 'must be text' })
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'must be 1 to 63 letters, digits, dots, hyphens or underscores');

const text = z.string({ error: 'must be text' }).optional();

function declaredBy(provider: Several): z.ZodObject {
  const table: SettingTable = PROVIDER_SETTINGS[provider];
  const names = Object.values(table).flatMap(({ name, isSecret }) =>
    isSecret ? [`${name}_FILE`, `${name}_ENV`] : [name],
  );
  return z.strictObject({
    provider: z.literal(provider),
    account: name.refine((given) => given !== defaultAccount, 'is the account of the environment'),
    settings: z.strictObject(Object.fromEntries(names.map((each) => [each, text]))),
  });
}

const declared = z.discriminatedUnion('provider', SEVERAL_ACCOUNTS.map(declaredBy) as unknown as [z.ZodObject], {
  error: `must be one of ${SEVERAL_ACCOUNTS.join(', ')}`,
});

export const declaredAccounts = z
  .array(declared, { error: 'must be a list' })
  .default([])
  .transform((accounts) => accounts as unknown as readonly DeclaredAccount[]);

/** Notes every fault of every account at its place in the file. */
export function readAccounts(
  environment: Environment,
  variable: string,
  declared: readonly DeclaredAccount[],
): readonly ConfiguredAccount[] {
  return declared.flatMap(({ provider, account, settings }, index) => {
    const own: Record<string, string | undefined> = {};
    const faults = new Map<string, string>();
    for (const [given, value] of Object.entries(settings)) {
      const secret = /^(.*)_ENV$/.exec(given)?.[1];
      if (secret === undefined) own[given] = value;
      else {
        own[secret] = environment.text(value);
        if (own[secret] === undefined) faults.set(secret, 'names a variable that is not set');
        else if (settings[`${secret}_FILE`] !== undefined) faults.set(secret, 'is given twice');
      }
    }
    const inner = createEnvironment(own);
    const table: SettingTable = PROVIDER_SETTINGS[provider];
    const values = readAll(inner, table, `${provider} needs it`);
    for (const fault of inner.faults) if (!faults.has(fault.variable)) faults.set(fault.variable, fault.message);
    for (const [name, message] of faults) {
      environment.fault(variable, `accounts[${index}].settings.${name}: ${message}`);
    }
    return values === undefined ? [] : [{ provider, account, settings: values } as unknown as ConfiguredAccount];
  });
}
