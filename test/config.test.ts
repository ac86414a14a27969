import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../src/config.ts';
import { hashApiKey } from '../src/core/api-key.ts';
import { SCOPES } from '../src/core/tenant.ts';

let folder: string;
let dataDir: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gwanmun-config-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KEY_HEX = '0f'.repeat(32);

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function faultsOf(env: Record<string, string>): string[] {
  try {
    loadConfig({ GWANMUN_DATA_DIR: dataDir, ...env });
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ variable, message }) => `${variable} ${message}`);
    throw error;
  }
  return [];
}

function production(env: Record<string, string> = {}): Record<string, string> {
  return {
    GWANMUN_PROFILE: 'production',
    GWANMUN_DATA_DIR: dataDir,
    GWANMUN_DATA_KEY: KEY_HEX,
    GWANMUN_API_KEY: 'a-production-key',
    SENDER_NUMBERS: '1588-0000',
    ...env,
  };
}

const SENS = { SENS_SERVICE_ID: 'ncp:sms:kr:1:svc', SENS_ACCESS_KEY: 'AK', SENS_SECRET_KEY: 'SK' };
const NGS = {
  NGS_HOST: 'ngs.example',
  NGS_PORT: '7000',
  NGS_ID: 'testid',
  NGS_PASSWORD: 'testpwd',
  NGS_SENDER_CODE: '101280092',
};

describe('the sandbox', () => {
  it('needs no settings: loopback, simulated providers, and secrets that stay the same', () => {
    const config = loadConfig({ GWANMUN_DATA_DIR: dataDir });
    expect(config).toMatchObject({
      profile: 'sandbox',
      host: '127.0.0.1',
      port: 4000,
      simulatorPort: 4001,
      redisUrl: undefined,
      allowWeakRedis: false,
      providers: { SENS: { mode: 'simulated' }, NGS: { mode: 'simulated' } },
    });
    expect(config.dataKey).toHaveLength(32);
    expect(config.tenants).toEqual([
      {
        id: 'default',
        userNamespace: '',
        callerNumbers: ['15880000', '0212345678'],
        keys: [{ id: 'default', secretSha256: hashApiKey(config.sandboxApiKey ?? ''), scopes: [...SCOPES] }],
      },
    ]);
    expect(loadConfig({ GWANMUN_DATA_DIR: dataDir })).toEqual(config);
  });

  it('keeps its data under ./data', () => {
    const env = { GWANMUN_API_KEY: 'key-of-mine', GWANMUN_DATA_KEY: KEY_HEX };
    expect(loadConfig(env).dataDir).toBe('./data');
  });

  it('makes no file where the operator gave both secrets', () => {
    const config = loadConfig({ GWANMUN_DATA_DIR: dataDir, GWANMUN_API_KEY: 'key-of-mine', GWANMUN_DATA_KEY: KEY_HEX });
    expect(config.sandboxApiKey).toBeUndefined();
    expect(config.tenants[0]?.keys[0]?.secretSha256).toBe(hashApiKey('key-of-mine'));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('makes only the secret that is missing', () => {
    const config = loadConfig({ GWANMUN_DATA_DIR: dataDir, GWANMUN_API_KEY: 'key-of-mine' });
    expect(config.sandboxApiKey).toBeUndefined();
    expect(config.dataKey).toHaveLength(32);
    expect(loadConfig({ GWANMUN_DATA_DIR: dataDir, GWANMUN_DATA_KEY: KEY_HEX }).sandboxApiKey).toMatch(
      /^gwanmun_sandbox_/,
    );
  });

  it('takes caller numbers of its own', () => {
    const config = loadConfig({ GWANMUN_DATA_DIR: dataDir, SENDER_NUMBERS: ' 02-123-4567 , 1600-1234,,02-123-4567' });
    expect(config.tenants[0]?.callerNumbers).toEqual(['021234567', '16001234']);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('may listen on %s', (host) => {
    expect(loadConfig({ GWANMUN_DATA_DIR: dataDir, HOST: host }).host).toBe(host);
  });

  it.each(['0.0.0.0', '::', '192.168.0.10', '127.0.0.1.example.com', 'localhost.example.com'])(
    'may not listen on %s',
    (host) => {
      expect(faultsOf({ HOST: host })).toEqual([
        'HOST must be loopback (127.0.0.1, ::1, localhost) in the profile sandbox',
      ]);
    },
  );

  it('names a data folder that cannot be used, and does not replace a damaged secret', () => {
    const path = file('occupied', '');
    expect(faultsOf({ GWANMUN_DATA_DIR: path })[0]).toMatch(
      /^GWANMUN_DATA_DIR cannot be used: .*\((EEXIST|ENOTDIR)\)$/,
    );
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'sandbox-secrets.json'), '{"apiKey":"CANARY');
    expect(faultsOf({})[0]).toMatch(/^GWANMUN_DATA_DIR .* is damaged/);
    expect(faultsOf({})[0]).not.toContain('CANARY');
  });
});

describe('production', () => {
  it('starts with a key and a caller number, all providers disabled', () => {
    const config = loadConfig(production({ HOST: '0.0.0.0', PORT: '8080' }));
    expect(config).toMatchObject({
      profile: 'production',
      host: '0.0.0.0',
      port: 8080,
      sandboxApiKey: undefined,
      providers: { SENS: { mode: 'disabled' }, NGS: { mode: 'disabled' } },
    });
    expect(config.dataKey).toEqual(Uint8Array.from(Buffer.from(KEY_HEX, 'hex')));
    expect(config.tenants).toEqual([
      {
        id: 'default',
        userNamespace: '',
        callerNumbers: ['15880000'],
        keys: [{ id: 'default', secretSha256: hashApiKey('a-production-key'), scopes: [...SCOPES] }],
      },
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses to start without tenants and a data key', () => {
    expect(faultsOf({ GWANMUN_PROFILE: 'production' })).toEqual([
      'GWANMUN_TENANTS_FILE is missing: set it, or GWANMUN_API_KEY and SENDER_NUMBERS',
      'GWANMUN_DATA_KEY is missing: production never makes a key of its own',
    ]);
  });

  it('asks for the other half of a single tenant', () => {
    expect(faultsOf(production({ SENDER_NUMBERS: '' }))).toEqual([
      'SENDER_NUMBERS is missing: the tenant of GWANMUN_API_KEY needs a caller number',
    ]);
    expect(faultsOf(production({ GWANMUN_API_KEY: '' }))).toEqual([
      'GWANMUN_API_KEY is missing: the tenant of SENDER_NUMBERS needs a key',
    ]);
  });

  it('holds a misspelt profile to its own rules and never simulates for it', () => {
    expect(faultsOf({ GWANMUN_PROFILE: 'prodution' })).toEqual([
      'GWANMUN_PROFILE must be sandbox or production',
      'GWANMUN_TENANTS_FILE is missing: set it, or GWANMUN_API_KEY and SENDER_NUMBERS',
      'GWANMUN_DATA_KEY is missing: production never makes a key of its own',
    ]);
  });
});

describe('providers', () => {
  it('reads whole settings with their defaults', () => {
    const { providers } = loadConfig(production({ ...SENS, ...NGS }));
    expect(providers.SENS).toEqual({
      mode: 'configured',
      settings: {
        serviceId: 'ncp:sms:kr:1:svc',
        accessKey: 'AK',
        secretKey: 'SK',
        baseUrl: 'https://sens.apigw.ntruss.com',
      },
    });
    expect(providers.NGS).toEqual({
      mode: 'configured',
      settings: {
        host: 'ngs.example',
        port: 7000,
        id: 'testid',
        password: 'testpwd',
        encrypted: false,
        senderCode: '101280092',
        window: 16,
        extension: undefined,
        resultCodes: undefined,
      },
    });
  });

  it('reads every optional setting', () => {
    const codes = file('codes.json', '{"E_OK":{"code":"0"},"E_TPS_OVER":{"code":"19","retriable":true}}');
    const { providers } = loadConfig({
      GWANMUN_DATA_DIR: dataDir,
      ...SENS,
      ...NGS,
      SENS_BASE_URL: 'http://127.0.0.1:8080/',
      NGS_ENCRYPTED: 'true',
      NGS_WINDOW: '1000',
      NGS_EXTENTION: 'NAT_CODE=82',
      NGS_RESULT_CODES_FILE: codes,
    });
    expect(providers).toMatchObject({
      SENS: { settings: { baseUrl: 'http://127.0.0.1:8080' } },
      NGS: {
        settings: {
          encrypted: true,
          window: 1000,
          extension: { field: 'NAT_CODE', value: '82' },
          resultCodes: { E_OK: { code: '0' }, E_TPS_OVER: { code: '19', retriable: true } },
        },
      },
    });
  });

  it.each(['sandbox', 'production'])('neither simulates nor disables a provider that is half set in %s', (profile) => {
    const env = profile === 'sandbox' ? {} : production();
    expect(
      faultsOf({ ...env, SENS_ACCESS_KEY: 'AK', NGS_WINDOW: '8', NGS_HOST: 'ngs.example', NGS_PORT: '7000' }),
    ).toEqual([
      'SENS_SERVICE_ID is missing: SENS needs it beside SENS_ACCESS_KEY',
      'SENS_SECRET_KEY is missing: SENS needs it beside SENS_ACCESS_KEY',
      'NGS_ID is missing: NGS needs it beside NGS_HOST',
      'NGS_PASSWORD is missing: NGS needs it beside NGS_HOST',
      'NGS_SENDER_CODE is missing: NGS needs it beside NGS_HOST',
    ]);
  });

  it.each([
    [{ SENS_BASE_URL: 'http://sens.example' }, 'SENS_BASE_URL'],
    [{ SENS_BASE_URL: 'https://sens.example/sms' }, 'SENS_BASE_URL'],
    [{ SENS_BASE_URL: 'https://user:pass@sens.example' }, 'SENS_BASE_URL'],
    [{ SENS_BASE_URL: 'https://sens.example?x=1' }, 'SENS_BASE_URL'],
    [{ SENS_BASE_URL: 'sens.example' }, 'SENS_BASE_URL'],
    [{ SENS_SERVICE_ID: 'ncp:sms/../kr' }, 'SENS_SERVICE_ID'],
    [{ SENS_SERVICE_ID: 'ncp?x' }, 'SENS_SERVICE_ID'],
    [{ SENS_ACCESS_KEY: 'A\nK' }, 'SENS_ACCESS_KEY'],
    [{ NGS_PORT: '0' }, 'NGS_PORT'],
    [{ NGS_PORT: '65536' }, 'NGS_PORT'],
    [{ NGS_PORT: '70x' }, 'NGS_PORT'],
    [{ NGS_ID: 'twenty-characters-id' }, 'NGS_ID'],
    [{ NGS_WINDOW: '0' }, 'NGS_WINDOW'],
    [{ NGS_WINDOW: '1001' }, 'NGS_WINDOW'],
    [{ NGS_WINDOW: '1.5' }, 'NGS_WINDOW'],
    [{ NGS_SENDER_CODE: '12345678' }, 'NGS_SENDER_CODE'],
    [{ NGS_EXTENTION: 'DPT_CODE=1234567890' }, 'NGS_EXTENTION'],
    [{ NGS_EXTENTION: 'OTHER=1' }, 'NGS_EXTENTION'],
    [{ NGS_ENCRYPTED: 'yes' }, 'NGS_ENCRYPTED'],
    [{ NGS_RESULT_CODES_FILE: '/nowhere/codes.json' }, 'NGS_RESULT_CODES_FILE'],
  ])('refuses %j with one fault', (env, variable) => {
    const faults = faultsOf({ ...SENS, ...NGS, ...env });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(variable);
  });

  it('names the place inside a file of result codes', () => {
    const codes = file('codes.json', '{"E_OK":{"code":"0","retriable":"no"},"E_X":{"code":"1234"}}');
    expect(faultsOf({ ...NGS, NGS_RESULT_CODES_FILE: codes })).toEqual([
      'NGS_RESULT_CODES_FILE E_OK.retriable: must be true or false',
      'NGS_RESULT_CODES_FILE E_X.code: must be 1 to 3 digits',
    ]);
  });
});

describe('the Naver Commerce application', () => {
  const COMMERCE = { COMMERCE_CLIENT_ID: 'aaaabbbbcccc', COMMERCE_CLIENT_SECRET: '$2a$04$abcdefghijklmnopqrstuv' };

  it('is read whole, the secret from a file too', () => {
    expect(loadConfig(production(COMMERCE)).providers.NAVER_COMMERCE).toEqual({
      mode: 'configured',
      settings: {
        clientId: 'aaaabbbbcccc',
        clientSecret: '$2a$04$abcdefghijklmnopqrstuv',
        baseUrl: 'https://api.commerce.naver.com/external',
      },
    });
    const { COMMERCE_CLIENT_SECRET, ...id } = COMMERCE;
    const path = file('secret', `${COMMERCE_CLIENT_SECRET}\n`);
    const near = { COMMERCE_CLIENT_SECRET_FILE: path, COMMERCE_BASE_URL: 'http://127.0.0.1:8080/external/' };
    expect(loadConfig(production({ ...id, ...near })).providers.NAVER_COMMERCE).toMatchObject({
      settings: { clientSecret: COMMERCE_CLIENT_SECRET, baseUrl: 'http://127.0.0.1:8080/external' },
    });
  });

  // As a shell, Compose or a dotenv loader leaves it: $2a, $04 and what follows are names of variables to them.
  it.each([
    '',
    'a4bcdefghijklmnopqrstuv',
    '$$2a$$04$$abcdefghijklmnopqrstuv',
    '\\$2a\\$04\\$abcdefghijklmnopqrstuv',
    'a$04$CANARY',
  ])('refuses the secret %j, tells how to quote it, and does not quote it', (secret) => {
    const [fault = '', ...rest] = faultsOf(production({ ...COMMERCE, COMMERCE_CLIENT_SECRET: secret }));
    expect(rest).toEqual([]);
    expect(fault).toMatch(
      secret === ''
        ? /^COMMERCE_CLIENT_SECRET is missing/
        : /^COMMERCE_CLIENT_SECRET must be a client secret .*check that \$ was not expanded in the env file: quote it with single quotes or use COMMERCE_CLIENT_SECRET_FILE$/,
    );
    expect(fault).not.toContain('CANARY');
  });

  it.each([
    [{ COMMERCE_CLIENT_ID: 'a b' }, 'COMMERCE_CLIENT_ID'],
    [{ COMMERCE_CLIENT_ID: 'a\u0007b' }, 'COMMERCE_CLIENT_ID'],
    [{ COMMERCE_CLIENT_ID: 'a'.repeat(59) }, 'COMMERCE_CLIENT_ID'],
    [{ COMMERCE_BASE_URL: 'https://api.commerce.naver.com' }, 'COMMERCE_BASE_URL'],
    [{ COMMERCE_BASE_URL: 'https://api.commerce.naver.com/external/v1' }, 'COMMERCE_BASE_URL'],
    [{ COMMERCE_BASE_URL: 'http://api.commerce.naver.com/external' }, 'COMMERCE_BASE_URL'],
  ])('refuses %j', (env, variable) => {
    expect(faultsOf(production({ ...COMMERCE, ...env }))).toEqual([expect.stringContaining(`${variable} must`)]);
  });
});

describe('the Sentbe account', () => {
  const SENTBE = {
    SENTBE_PARTNER_ID: 'partner',
    SENTBE_ACCESS_ID: 'access',
    SENTBE_SECRET_KEY: 'secret key',
    SENTBE_BASE_URL: 'https://sentbe.example:10443',
  };

  it('is read whole, its secrets from files too', () => {
    const settings = {
      partnerId: 'partner',
      accessId: 'access',
      secretKey: 'secret key',
      baseUrl: 'https://sentbe.example:10443',
    };
    expect(loadConfig(production(SENTBE)).providers.SENTBE).toEqual({ mode: 'configured', settings });
    const { SENTBE_ACCESS_ID, SENTBE_SECRET_KEY, ...open } = SENTBE;
    const files = {
      SENTBE_ACCESS_ID_FILE: file('access', `${SENTBE_ACCESS_ID}\n`),
      SENTBE_SECRET_KEY_FILE: file('secret', `${SENTBE_SECRET_KEY}\n`),
    };
    expect(loadConfig(production({ ...open, ...files })).providers.SENTBE).toMatchObject({ settings });
  });

  it('needs every setting, since not even its address is public', () => {
    expect(faultsOf(production({ SENTBE_PARTNER_ID: 'partner' }))).toEqual([
      expect.stringContaining('SENTBE_ACCESS_ID is missing'),
      expect.stringContaining('SENTBE_SECRET_KEY is missing'),
      expect.stringContaining('SENTBE_BASE_URL is missing'),
    ]);
  });

  it.each([
    [{ SENTBE_PARTNER_ID: 'a b' }, 'SENTBE_PARTNER_ID'],
    [{ SENTBE_ACCESS_ID: 'CANARY\u0007' }, 'SENTBE_ACCESS_ID'],
    [{ SENTBE_SECRET_KEY: 'CANARY'.repeat(100) }, 'SENTBE_SECRET_KEY'],
    // The access_id, and documents, travel in the clear.
    [{ SENTBE_BASE_URL: 'http://sentbe.example' }, 'SENTBE_BASE_URL'],
    [{ SENTBE_BASE_URL: 'https://sentbe.example/outbound' }, 'SENTBE_BASE_URL'],
  ])('refuses %j', (env, variable) => {
    const faults = faultsOf(production({ ...SENTBE, ...env }));
    expect(faults).toEqual([expect.stringContaining(`${variable} must`)]);
    expect(faults[0]).not.toContain('CANARY');
  });
});

describe('the origins of passkeys', () => {
  const app = `android:apk-key-hash:${'A'.repeat(43)}`;

  it('are web origins and apps, or any on the domain of the passkeys', () => {
    const given = `https://shop.example/, http://localhost:5000,,${app}`;
    expect(loadConfig(production({ GWANMUN_PASSKEY_ORIGINS: given })).passkeyOrigins).toEqual([
      'https://shop.example',
      'http://localhost:5000',
      app,
    ]);
    expect(loadConfig(production({})).passkeyOrigins).toBeUndefined();
  });

  it.each(['http://shop.example', 'shop.example', 'https://shop.example/pay', '*', 'android:apk-key-hash:AAAA', ','])(
    'are not %j',
    (given) => {
      expect(faultsOf(production({ GWANMUN_PASSKEY_ORIGINS: given }))).toEqual([
        expect.stringMatching(/^GWANMUN_PASSKEY_ORIGINS .*must/),
      ]);
    },
  );
});

describe('the tenants file', () => {
  const sha256 = hashApiKey('key-of-shop');

  it('gives tenants, caller numbers, keys and scopes', () => {
    const path = file(
      'tenants.json',
      JSON.stringify({
        tenants: [
          {
            id: 'shop',
            callerNumbers: ['1588-0000', '02-1234-5678'],
            nightConsent: true,
            keys: [{ id: 'web', secretSha256: sha256, scopes: ['messages:send', 'messages:read'] }],
          },
          { id: 'ops', keys: [{ id: 'web', secretSha256: hashApiKey('other'), scopes: ['operator'] }] },
        ],
      }),
    );
    const { tenants } = loadConfig(production({ GWANMUN_TENANTS_FILE: path, GWANMUN_API_KEY: '', SENDER_NUMBERS: '' }));
    expect(tenants).toEqual([
      {
        id: 'shop',
        callerNumbers: ['15880000', '0212345678'],
        nightConsent: true,
        keys: [{ id: 'web', secretSha256: sha256, scopes: ['messages:send', 'messages:read'] }],
      },
      {
        id: 'ops',
        callerNumbers: [],
        nightConsent: false,
        keys: [{ id: 'web', secretSha256: hashApiKey('other'), scopes: ['operator'] }],
      },
    ]);
  });

  it('names every fault by its place, and quotes no value', () => {
    const path = file(
      'tenants.json',
      JSON.stringify({
        tenants: [
          { id: 'shop', callerNumbers: ['CANARY'], keys: [{ id: 'web', secretSha256: 'CANARY', scopes: ['CANARY'] }] },
          { id: 'CANARY CANARY', callerNumbers: 5, keys: [], apiKey: 'CANARY' },
        ],
      }),
    );
    const faults = faultsOf(production({ GWANMUN_TENANTS_FILE: path, GWANMUN_API_KEY: '', SENDER_NUMBERS: '' }));
    expect(faults.map((fault) => fault.replace(/^GWANMUN_TENANTS_FILE /, '').split(': ')[0])).toEqual([
      'tenants[0].callerNumbers[0]',
      'tenants[0].keys[0].secretSha256',
      'tenants[0].keys[0].scopes[0]',
      'tenants[1].id',
      'tenants[1].callerNumbers',
      'tenants[1].keys',
      'tenants[1]',
    ]);
    expect(faults.join()).not.toContain('CANARY');
  });

  it('refuses doubled ids and keys, and a sender without a number', () => {
    const key = { id: 'web', secretSha256: sha256, scopes: ['messages:send'] };
    const path = file(
      'tenants.json',
      JSON.stringify({
        tenants: [
          { id: 'shop', callerNumbers: ['15880000'], keys: [key, key] },
          { id: 'shop', callerNumbers: [], keys: [{ ...key, id: 'other' }] },
        ],
      }),
    );
    expect(faultsOf({ GWANMUN_TENANTS_FILE: path })).toEqual([
      'GWANMUN_TENANTS_FILE tenants[0].keys[1].id: is used twice',
      'GWANMUN_TENANTS_FILE tenants[0].keys[1].secretSha256: is used twice',
      'GWANMUN_TENANTS_FILE tenants[1].id: is used twice',
      'GWANMUN_TENANTS_FILE tenants[1].callerNumbers: must not be empty where a key has messages:send',
      'GWANMUN_TENANTS_FILE tenants[1].keys[0].secretSha256: is used twice',
    ]);
  });

  it('stands alone', () => {
    const path = file('tenants.json', '{}');
    expect(
      faultsOf({ GWANMUN_TENANTS_FILE: path, GWANMUN_API_KEY: 'key-of-mine', SENDER_NUMBERS: '15880000' }),
    ).toEqual([
      'GWANMUN_TENANTS_FILE tenants: must be a list',
      'GWANMUN_API_KEY must be unset where GWANMUN_TENANTS_FILE is set',
      'SENDER_NUMBERS must be unset where GWANMUN_TENANTS_FILE is set',
    ]);
  });

  it.each([
    ['{"CANARY', 'is not JSON'],
    ['CANARY', 'is not JSON'],
    ['', 'is not JSON'],
    [' '.repeat(1_048_577), 'longer than'],
  ])('is refused without being quoted when it is no JSON', (content, reason) => {
    const faults = faultsOf({ GWANMUN_TENANTS_FILE: file('tenants.json', content) });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(reason);
    expect(faults[0]).not.toContain('CANARY');
  });
});

describe('secrets', () => {
  it('may stand in files', () => {
    const { providers, ...config } = loadConfig({
      GWANMUN_PROFILE: 'production',
      GWANMUN_DATA_DIR: dataDir,
      SENDER_NUMBERS: '15880000',
      GWANMUN_API_KEY_FILE: file('api-key', 'a-production-key\r\n'),
      GWANMUN_DATA_KEY_FILE: file('data-key', `${Buffer.from(KEY_HEX, 'hex').toString('base64')}\n`),
      REDIS_URL_FILE: file('redis', 'rediss://:secret@redis:6379\n'),
      SENS_SERVICE_ID: 'ncp:sms:kr:1:svc',
      SENS_ACCESS_KEY_FILE: file('access', 'AK\n'),
      SENS_SECRET_KEY_FILE: file('secret', 'SK\n'),
    });
    expect(config).toMatchObject({
      dataKey: Uint8Array.from(Buffer.from(KEY_HEX, 'hex')),
      redisUrl: 'rediss://:secret@redis:6379',
      tenants: [{ keys: [{ secretSha256: hashApiKey('a-production-key') }] }],
    });
    expect(providers.SENS).toMatchObject({ settings: { accessKey: 'AK', secretKey: 'SK' } });
  });

  it('may not be given twice, nor in a file that cannot be read or is empty', () => {
    const env = {
      ...SENS,
      SENS_SECRET_KEY_FILE: file('secret', 'SK'),
      NGS_HOST: 'ngs.example',
      NGS_PORT: '7000',
      NGS_ID: 'testid',
      NGS_SENDER_CODE: '101280092',
      NGS_PASSWORD_FILE: join(folder, 'nowhere'),
      GWANMUN_API_KEY_FILE: file('empty', '\n'),
    };
    expect(faultsOf(env)).toEqual([
      `GWANMUN_API_KEY_FILE names the empty file ${join(folder, 'empty')}`,
      'SENS_SECRET_KEY is given twice: unset it or SENS_SECRET_KEY_FILE',
      `NGS_PASSWORD_FILE names ${join(folder, 'nowhere')}, which cannot be read (ENOENT)`,
    ]);
  });

  it('are in no fault, whatever is wrong with them', () => {
    const canary = 'CANARY canary\u0007';
    const faults = faultsOf({
      GWANMUN_API_KEY: canary,
      GWANMUN_DATA_KEY: canary,
      REDIS_URL: `http://user:${canary}@host`,
      SENS_SERVICE_ID: canary,
      SENS_ACCESS_KEY: canary,
      SENS_SECRET_KEY: canary,
      NGS_PASSWORD: 'CANARY'.repeat(100),
      NGS_ID: canary,
    });
    expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
      'GWANMUN_DATA_KEY',
      'REDIS_URL',
      'GWANMUN_API_KEY',
      'SENS_SERVICE_ID',
      'SENS_ACCESS_KEY',
      'SENS_SECRET_KEY',
      'NGS_HOST',
      'NGS_PORT',
      'NGS_ID',
      'NGS_PASSWORD',
      'NGS_SENDER_CODE',
    ]);
    expect(faults.join().toLowerCase()).not.toContain('canary');
  });

  it.each([
    [KEY_HEX, true],
    [KEY_HEX.toUpperCase(), true],
    [Buffer.from(KEY_HEX, 'hex').toString('base64'), true],
    [Buffer.from(KEY_HEX, 'hex').toString('base64url'), true],
    [KEY_HEX.slice(2), false],
    [`${KEY_HEX}00`, false],
    ['a passphrase', false],
  ])('reads a data key of 32 bytes and no other: %s', (key, isValid) => {
    const env = production({ GWANMUN_DATA_KEY: key });
    if (isValid) expect(Buffer.from(loadConfig(env).dataKey).toString('hex')).toBe(KEY_HEX);
    else
      expect(faultsOf(env)).toEqual(['GWANMUN_DATA_KEY must be 32 bytes as base64 or hex (openssl rand -base64 32)']);
  });
});

describe('the configuration', () => {
  it('reports every fault at once, in one message', () => {
    const env = {
      GWANMUN_PROFILE: 'production',
      HOST: 'no host',
      PORT: '65536',
      GWANMUN_SIMULATOR_PORT: '-1',
      GWANMUN_ALLOW_WEAK_REDIS: '1',
      REDIS_URL: 'localhost:6379',
      SENDER_NUMBERS: '15880000,112',
      SENS_BASE_URL: 'ftp://sens',
    };
    expect(() => loadConfig(env)).toThrow(
      [
        'The configuration has 12 faults:',
        '  HOST must be a host name or an IP address',
        '  PORT must be a whole number from 0 to 65535',
        '  GWANMUN_SIMULATOR_PORT must be a whole number from 0 to 65535',
        '  REDIS_URL must be a redis:// or rediss:// URL',
        '  GWANMUN_ALLOW_WEAK_REDIS must be true or false',
        '  SENDER_NUMBERS [1]: is not a Korean caller number',
        '  SENS_SERVICE_ID is missing: SENS needs it beside SENS_BASE_URL',
        '  SENS_ACCESS_KEY is missing: SENS needs it beside SENS_BASE_URL',
        '  SENS_SECRET_KEY is missing: SENS needs it beside SENS_BASE_URL',
        '  SENS_BASE_URL must be an https:// origin without a path (http:// on loopback only)',
        '  GWANMUN_API_KEY is missing: the tenant of SENDER_NUMBERS needs a key',
        '  GWANMUN_DATA_KEY is missing: production never makes a key of its own',
      ].join('\n'),
    );
  });

  it('takes blank settings for absent ones', () => {
    const blank = { HOST: '', PORT: ' ', SENS_ACCESS_KEY: '', SENS_SECRET_KEY_FILE: '', NGS_HOST: '', REDIS_URL: '' };
    expect(faultsOf(blank)).toEqual([]);
  });

  it('does not take PORT_FILE for a port', () => {
    expect(loadConfig({ GWANMUN_DATA_DIR: dataDir, PORT_FILE: '/nowhere' }).port).toBe(4000);
  });

  it('is frozen to its depth', () => {
    const config = loadConfig(production({ ...SENS }));
    const isFrozen = (value: unknown): boolean =>
      typeof value !== 'object' ||
      value === null ||
      ArrayBuffer.isView(value) ||
      (Object.isFrozen(value) && Object.values(value).every(isFrozen));
    expect(isFrozen(config)).toBe(true);
  });
});

describe('how long personal data is kept', () => {
  it('is 30, 90 and 365 days, or what the operator says', () => {
    expect(loadConfig({ GWANMUN_DATA_DIR: dataDir }).privacy).toEqual({
      textDays: 30,
      phoneDays: 90,
      recordDays: 365,
      accessRecordDays: 730,
    });
    const days = {
      GWANMUN_RETENTION_TEXT_DAYS: '1',
      GWANMUN_RETENTION_PHONE_DAYS: '2',
      GWANMUN_RETENTION_RECORD_DAYS: '8',
      GWANMUN_ACCESS_RECORD_DAYS: '365',
    };
    expect(loadConfig({ GWANMUN_DATA_DIR: dataDir, ...days }).privacy).toEqual({
      textDays: 1,
      phoneDays: 2,
      recordDays: 8,
      accessRecordDays: 365,
    });
  });

  it('is never less for what goes later', () => {
    expect(faultsOf({ GWANMUN_RETENTION_PHONE_DAYS: '29', GWANMUN_RETENTION_RECORD_DAYS: '28' })).toEqual([
      'GWANMUN_RETENTION_PHONE_DAYS must not be less than GWANMUN_RETENTION_TEXT_DAYS',
      'GWANMUN_RETENTION_RECORD_DAYS must not be less than GWANMUN_RETENTION_PHONE_DAYS',
    ]);
    expect(faultsOf({ GWANMUN_RETENTION_RECORD_DAYS: '7' })).toEqual([
      'GWANMUN_RETENTION_RECORD_DAYS must be a whole number from 8 to 3660',
    ]);
    expect(faultsOf({ GWANMUN_ACCESS_RECORD_DAYS: '364' })).toEqual([
      'GWANMUN_ACCESS_RECORD_DAYS must be a whole number from 365 to 3660',
    ]);
  });
});
