/**
 * Every setting of Gwanmun, from the environment and the tenants file to one frozen Config; the only reader of
 * process.env. All faults are reported at once, by variable; the value of a secret is in none of them.
 */
import { z } from 'zod';
import { hashApiKey } from './core/api-key.ts';
import { SCOPES, type Tenant } from './core/tenant.ts';
import {
  type ConfigFault,
  createEnvironment,
  type Environment,
  jsonFileSetting,
  optional,
  readAll,
  secretSetting,
  setting,
} from './environment.ts';
import { checkFrontDoor, FRONT_DOOR_SETTINGS, type FrontDoorSettings } from './front-door-settings.ts';
import { OPERATOR_SETTINGS, type OperatorSettings } from './operator-settings.ts';
import { checkPrivacy, PRIVACY_SETTINGS, type PrivacySettings } from './privacy-settings.ts';
import { type ConfiguredAccount, type DeclaredAccount, readAccounts } from './provider-accounts.ts';
import {
  type ConfiguredProvider,
  flag,
  hostName,
  integer,
  isLoopback,
  originOf,
  PROVIDER_SETTINGS,
  type ProviderSettings,
} from './provider-settings.ts';
import { type SandboxSecrets, SandboxSecretsUnusable, sandboxSecrets } from './sandbox.ts';
import { callerNumber, tenantsFile } from './tenants-file.ts';

export type Profile = 'sandbox' | 'production';

/** Where not one of a provider's settings is given, it is `simulated` in the sandbox and `disabled` in production. */
export type ProviderConfig<T> =
  | { readonly mode: 'configured'; readonly settings: T }
  | { readonly mode: 'simulated' }
  | { readonly mode: 'disabled' };

export interface Config {
  readonly profile: Profile;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Where the simulators' control API listens on loopback; 0 takes any free port. */
  readonly simulatorPort: number;
  readonly dataDir: string;
  /** 32 bytes. */
  readonly dataKey: Uint8Array;
  readonly redisUrl: string | undefined;
  readonly allowWeakRedis: boolean;
  /** How many messages may wait for an account. */
  readonly queueLimit: number;
  readonly tenants: readonly Tenant[];
  /** Of providers, beside the one of each that the environment describes. */
  readonly accounts: readonly ConfiguredAccount[];
  /** The same as the tenants file has them. */
  readonly declaredAccounts: readonly DeclaredAccount[];
  /** Where pages and apps with passkeys may stand; undefined: on the domain of the RP ID that the provider names. */
  readonly passkeyOrigins: readonly string[] | undefined;
  /** The key that the sandbox made, to be printed and filled in; undefined where the operator gave keys. */
  readonly sandboxApiKey: string | undefined;
  /** Who may come in, and with which documents. */
  readonly frontDoor: FrontDoorSettings;
  /** How long personal data is kept. */
  readonly privacy: PrivacySettings;
  /** What an operator looks at. */
  readonly operator: OperatorSettings;
  readonly providers: { readonly [Name in ConfiguredProvider]: ProviderConfig<ProviderSettings[Name]> };
}

export class ConfigError extends Error {
  readonly faults: readonly ConfigFault[];
  constructor(faults: readonly ConfigFault[]) {
    const lines = faults.map(({ variable, message }) => `  ${variable} ${message}`);
    super(`The configuration has ${faults.length === 1 ? '1 fault' : `${faults.length} faults`}:\n${lines.join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

const SANDBOX_CALLER_NUMBERS = ['15880000', '0212345678'];

const redisUrl = z.string().refine((text) => URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol), {
  error: 'must be a redis:// or rediss:// URL',
});

const dataKey = z.string().transform((text, context) => {
  if (/^[0-9a-f]{64}$/i.test(text)) return Uint8Array.from(Buffer.from(text, 'hex'));
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Uint8Array.from(Buffer.from(text, 'base64'));
  context.addIssue({ code: 'custom', message: 'must be 32 bytes as base64 or hex (openssl rand -base64 32)' });
  return z.NEVER;
});

/** Of an app: the SHA-256 of the certificate that it is signed with, in base64url. */
const androidAppOrigin = /^android:apk-key-hash:[A-Za-z0-9_-]{43}$/;

const apiKey = z.string().regex(/^[\x21-\x7e]{8,512}$/, 'must be 8 to 512 printable ASCII characters without spaces');

const callerNumbers = z
  .string()
  .transform((text) => text.split(',').filter((part) => part.trim() !== ''))
  .pipe(z.array(callerNumber).min(1, 'must name at least one caller number'));

const passkeyOrigins = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(
    z
      .array(
        z.string().transform((text, context) => {
          const known = androidAppOrigin.test(text) ? text : originOf(text);
          if (known !== undefined) return known;
          context.addIssue({ code: 'custom', message: 'must be https:// origins, or android:apk-key-hash:…' });
          return z.NEVER;
        }),
      )
      .min(1, 'must name at least one origin'),
  );

const tenantsFileSetting = jsonFileSetting('GWANMUN_TENANTS_FILE', tenantsFile);

export const GATEWAY_SETTINGS = {
  profile: optional(
    setting('GWANMUN_PROFILE', z.enum(['sandbox', 'production'], { error: 'must be sandbox or production' })),
    'sandbox',
  ),
  host: optional(setting('HOST', hostName), '127.0.0.1'),
  port: optional(setting('PORT', integer(0, 65_535)), 4000),
  simulatorPort: optional(setting('GWANMUN_SIMULATOR_PORT', integer(0, 65_535)), 4001),
  dataDir: optional(setting('GWANMUN_DATA_DIR', z.string()), './data'),
  dataKey: optional(secretSetting('GWANMUN_DATA_KEY', dataKey)),
  redisUrl: optional(secretSetting('REDIS_URL', redisUrl)),
  allowWeakRedis: optional(setting('GWANMUN_ALLOW_WEAK_REDIS', flag), false),
  queueLimit: optional(setting('GWANMUN_QUEUE_LIMIT', integer(1_000, 1_000_000)), 100_000),
  tenants: optional(tenantsFileSetting),
  apiKey: optional(secretSetting('GWANMUN_API_KEY', apiKey)),
  callerNumbers: optional(setting('SENDER_NUMBERS', callerNumbers)),
  passkeyOrigins: optional(setting('GWANMUN_PASSKEY_ORIGINS', passkeyOrigins)),
};

/** @throws ConfigError with every fault. */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const environment = createEnvironment(env);
  // A misspelt profile is held to the stricter rules.
  const profile = (environment.text('GWANMUN_PROFILE') ?? 'sandbox') === 'sandbox' ? 'sandbox' : 'production';
  const gateway = readAll(environment, GATEWAY_SETTINGS, 'the gateway needs it');
  const frontDoor = readAll(environment, FRONT_DOOR_SETTINGS, 'the gateway needs it');
  checkFrontDoor(environment);
  const privacy = readAll(environment, PRIVACY_SETTINGS, 'the gateway needs it');
  checkPrivacy(environment, privacy);
  const operator = readAll(environment, OPERATOR_SETTINGS, 'the gateway needs it');
  const providers = readProviders(environment, profile);
  const declaredAccounts = gateway?.tenants?.accounts ?? [];
  const accounts = readAccounts(environment, tenantsFileSetting.name, declaredAccounts);
  checkTogether(environment, profile);
  if (gateway === undefined || environment.faults.length > 0) throw new ConfigError(environment.faults);

  const hasKeys = gateway.tenants !== undefined || gateway.apiKey !== undefined;
  const made = hasKeys && gateway.dataKey !== undefined ? undefined : readSandboxSecrets(gateway.dataDir);
  const { tenants, callerNumbers: numbers = SANDBOX_CALLER_NUMBERS, ...rest } = gateway;
  return deepFreeze({
    profile,
    host: rest.host,
    port: rest.port,
    simulatorPort: rest.simulatorPort,
    dataDir: rest.dataDir,
    dataKey: rest.dataKey ?? required(made).dataKey,
    redisUrl: rest.redisUrl,
    allowWeakRedis: rest.allowWeakRedis,
    queueLimit: rest.queueLimit,
    tenants: tenants?.tenants ?? [singleTenant(rest.apiKey ?? required(made).apiKey, numbers)],
    accounts,
    declaredAccounts,
    passkeyOrigins: rest.passkeyOrigins,
    sandboxApiKey: hasKeys ? undefined : made?.apiKey,
    frontDoor: required(frontDoor),
    privacy: required(privacy),
    operator: required(operator),
    providers,
  });
}

/** Where the tenants file lies; undefined where there is none. */
export function tenantsFilePath(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  return createEnvironment(env).text(tenantsFileSetting.name);
}

/**
 * The tenants as their file has them now; undefined where there is no file. The accounts run since the start with what
 * they were given then, so a file that has others is refused. @throws ConfigError with every fault.
 */
export function loadTenants(
  { declaredAccounts }: Pick<Config, 'declaredAccounts'>,
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly Tenant[] | undefined {
  if (tenantsFilePath(env) === undefined) return undefined;
  const environment = createEnvironment(env);
  const file = tenantsFileSetting.read(environment);
  if (file !== undefined && JSON.stringify(file.accounts) !== JSON.stringify(declaredAccounts)) {
    environment.fault(tenantsFileSetting.name, 'accounts: have changed, which takes a restart');
  }
  if (file === undefined || environment.faults.length > 0) throw new ConfigError(environment.faults);
  return deepFreeze(file.tenants);
}

/** The rules that no setting can be held to alone. */
function checkTogether(environment: Environment, profile: Profile): void {
  const hasFile = environment.text('GWANMUN_TENANTS_FILE') !== undefined;
  const hasKey = environment.hasSecret('GWANMUN_API_KEY');
  const hasNumbers = environment.text('SENDER_NUMBERS') !== undefined;
  if (hasFile && hasKey) environment.fault('GWANMUN_API_KEY', 'must be unset where GWANMUN_TENANTS_FILE is set');
  if (hasFile && hasNumbers) environment.fault('SENDER_NUMBERS', 'must be unset where GWANMUN_TENANTS_FILE is set');

  if (profile === 'sandbox') {
    const host = environment.text('HOST');
    if (host !== undefined && !isLoopback(host)) {
      environment.fault('HOST', 'must be loopback (127.0.0.1, ::1, localhost) in the profile sandbox');
    }
    return;
  }
  if (!hasFile && !hasKey && !hasNumbers) {
    environment.fault('GWANMUN_TENANTS_FILE', 'is missing: set it, or GWANMUN_API_KEY and SENDER_NUMBERS');
  } else if (!hasFile && !hasNumbers) {
    environment.fault('SENDER_NUMBERS', 'is missing: the tenant of GWANMUN_API_KEY needs a caller number');
  } else if (!hasFile && !hasKey) {
    environment.fault('GWANMUN_API_KEY', 'is missing: the tenant of SENDER_NUMBERS needs a key');
  }
  if (!environment.hasSecret('GWANMUN_DATA_KEY')) {
    environment.fault('GWANMUN_DATA_KEY', 'is missing: production never makes a key of its own');
  }
}

function readProviders(environment: Environment, profile: Profile): Config['providers'] {
  const entries = Object.entries(PROVIDER_SETTINGS).map(([provider, table]) => {
    const given = Object.values(table).find((each) => each.isGiven(environment));
    if (given === undefined) return [provider, { mode: profile === 'sandbox' ? 'simulated' : 'disabled' }];
    return [
      provider,
      { mode: 'configured', settings: readAll(environment, table, `${provider} needs it beside ${given.name}`) },
    ];
  });
  return Object.fromEntries(entries);
}

function singleTenant(key: string, numbers: readonly string[]): Tenant {
  const keys = [{ id: 'default', secretSha256: hashApiKey(key), scopes: [...SCOPES] }];
  return { id: 'default', callerNumbers: [...new Set(numbers)], userNamespace: '', keys };
}

function readSandboxSecrets(dataDir: string): SandboxSecrets {
  try {
    return sandboxSecrets(dataDir);
  } catch (error) {
    if (!(error instanceof SandboxSecretsUnusable)) throw error;
    throw new ConfigError([{ variable: 'GWANMUN_DATA_DIR', message: `cannot be used: ${error.message}` }]);
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('A setting passed every check and is absent.');
  return value;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
