import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, loadTenants } from '../src/config.ts';
import { hashApiKey } from '../src/core/api-key.ts';
import { systemClock } from '../src/core/clock.ts';
import { createComposer, type SendSmsInput } from '../src/core/messaging/compose.ts';
import type { Tenant } from '../src/core/tenant.ts';
import { NGS_LIMITS } from '../src/providers/ngs/limits.ts';
import { SENS_LIMITS } from '../src/providers/sens/limits.ts';
import { temporaryFolder } from './support/temporary-store.ts';

const marketing = {
  provider: 'SENS',
  account: 'marketing',
  settings: { SENS_SERVICE_ID: 'ncp:sms:kr:1:m', SENS_ACCESS_KEY_ENV: 'MARKETING_KEY', SENS_SECRET_KEY_FILE: '' },
};
const keys = [{ id: 'web', secretSha256: hashApiKey('key-of-shop'), scopes: ['otp'] }];

async function setUp(account: object = marketing) {
  const folder = await temporaryFolder();
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'the-secret\n');
  const file = join(folder, 'tenants.json');
  const write = (accounts: readonly object[]): void =>
    writeFileSync(file, JSON.stringify({ accounts, tenants: [{ id: 'shop', accounts: { NGS: ['default'] }, keys }] }));
  write([
    JSON.parse(
      JSON.stringify(account).replace('"SENS_SECRET_KEY_FILE":""', `"SENS_SECRET_KEY_FILE":${JSON.stringify(secret)}`),
    ),
  ]);
  const env = { GWANMUN_DATA_DIR: join(folder, 'data'), GWANMUN_TENANTS_FILE: file, MARKETING_KEY: 'the-key' };
  return { env, write };
}

function faultsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('an account of the tenants file', () => {
  it('has the settings of the environment, and its secrets from where the file says they are', async () => {
    const { env } = await setUp();
    expect(loadConfig(env).accounts).toMatchObject([
      {
        provider: 'SENS',
        account: 'marketing',
        settings: {
          serviceId: 'ncp:sms:kr:1:m',
          accessKey: 'the-key',
          secretKey: 'the-secret',
          baseUrl: 'https://sens.apigw.ntruss.com',
        },
      },
    ]);
  });

  it('is refused by the place of each fault, and no secret is quoted', async () => {
    const { env } = await setUp({
      provider: 'NGS',
      account: 'second',
      settings: { NGS_HOST: 'CANARY CANARY', NGS_PORT: '8000', NGS_ID: 'id', NGS_PASSWORD_ENV: 'NOT_SET' },
    });
    const faults = faultsOf(() => loadConfig(env));
    expect(faults).toHaveLength(3);
    expect(faults).toContain('accounts[0].settings.NGS_PASSWORD: names a variable that is not set');
    expect(faults.join()).toMatch(/accounts\[0\]\.settings\.NGS_HOST: must be a host name/);
    expect(faults.join()).toMatch(/accounts\[0\]\.settings\.NGS_SENDER_CODE: is missing/);
    expect(faults.join()).not.toContain('CANARY');
  });

  it('takes a restart to change, and the tenants do not', async () => {
    const { env, write } = await setUp();
    const config = loadConfig(env);
    expect(loadTenants(config, env)).toHaveLength(1);
    write([]);
    expect(faultsOf(() => loadTenants(config, env))).toEqual(['accounts: have changed, which takes a restart']);
    expect(loadTenants(config, {})).toBeUndefined();
  });
});

describe('the accounts that a tenant may use', () => {
  const carriers = [
    { provider: 'NGS', account: 'default', limits: NGS_LIMITS },
    { provider: 'SENS', account: 'default', limits: SENS_LIMITS },
    { provider: 'SENS', account: 'marketing', limits: SENS_LIMITS },
  ] as const;
  const composer = createComposer({ carriers, clock: systemClock });
  const routesOf = (accounts: Tenant['accounts'], part: Partial<SendSmsInput> = {}) =>
    composer
      .sms(
        { id: 'shop', callerNumbers: ['15880000'], keys: [], accounts },
        {
          idempotencyKey: 'k',
          to: '01012345678',
          text: 'hello',
          purpose: 'NORMAL',
          wait: 'QUEUED',
          allowLms: true,
          ...part,
        },
      )
      .message.routes.map(({ provider, account }) => `${provider} ${account}`);

  it('are the default one of each provider, where it does not say', () => {
    expect(routesOf(undefined)).toEqual(['NGS default', 'SENS default']);
  });

  it('are those it names, in its order, and no other provider’s', () => {
    expect(routesOf({ SENS: ['marketing', 'default'] })).toEqual(['SENS marketing', 'SENS default']);
    expect(routesOf({ SENS: ['marketing'] }, { providers: ['SENS'] })).toEqual(['SENS marketing']);
  });

  it('look like accounts that are not there, where they are another tenant’s', () => {
    expect(() => routesOf({ SENS: ['marketing'] }, { providers: ['NGS'] })).toThrow('NGS is not configured.');
    expect(() => routesOf({ SECUREKEY: ['default'] })).toThrow('No provider that carries texts is configured.');
  });
});
