import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { SCOPES } from '../src/core/tenant.ts';
import { tenantsFile } from '../src/tenants-file.ts';

const page = readFileSync(new URL('../docs/tenants.md', import.meta.url), 'utf8');
const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as {
  accounts: [{ settings: object }];
  tenants: [{ keys: [object] }];
};

/** Names of properties, wherever they stand. */
function propertiesOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const own = 'properties' in schema ? Object.keys(schema.properties as object) : [];
  return [...own, ...Object.values(schema).flatMap(propertiesOf)];
}

const faultsOf = (file: unknown): string[] =>
  (tenantsFile.safeParse(file).error?.issues ?? []).map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`);

const having = (change: (file: typeof example) => void): typeof example => {
  const file = structuredClone(example);
  change(file);
  return file;
};

describe('the page on the tenants file', () => {
  it('has an example that is taken as it stands', () => {
    const { tenants, accounts } = tenantsFile.parse(example);
    expect(tenants[0]?.keys[0]).toMatchObject({ id: 'k3f7qmzt2abx', expiresAt: Date.UTC(2027, 11, 31, 14, 59, 59) });
    expect(tenants[0]?.keys[0]).not.toHaveProperty('note');
    expect(accounts).toMatchObject([{ provider: 'SENS', account: 'marketing' }]);
  });

  it('tells of each name that the file may have, and of each scope', () => {
    const names = propertiesOf(z.toJSONSchema(tenantsFile, { io: 'input', unrepresentable: 'any' }));
    const untold = [...names, ...SCOPES].filter((name) => !/^NGS_/.test(name) && !page.includes(name));
    expect(names.length).toBeGreaterThan(30);
    expect(untold.filter((name) => !/^SENS_|^NAVER_COMMERCE$|^SENTBE$|^NGS$/.test(name))).toEqual([]);
  });
});

describe('the tenants file', () => {
  it.each<[string, (file: typeof example) => void]>([
    [
      'accounts[0].account: is the account of the environment',
      (f) => Object.assign(f.accounts[0], { account: 'default' }),
    ],
    ['accounts[0].provider: must be one of SENS, NGS', (f) => Object.assign(f.accounts[0], { provider: 'SENTBE' })],
    ['accounts[1].account: is used twice', (f) => void (f.accounts as object[]).push(f.accounts[0])],
    [
      'tenants[0].accounts.SENS[0]: is not one of `accounts`',
      (f) => Object.assign(f.tenants[0], { accounts: { SENS: ['other'] } }),
    ],
    [
      'tenants[0].keys[0].scopes: remittance needs an account of SENTBE in `accounts`',
      (f) => Object.assign(f.tenants[0].keys[0], { scopes: ['remittance'] }),
    ],
    [
      'tenants[0].quotas.perMinute.operations: must be 1 or more',
      (f) => Object.assign(f.tenants[0], { quotas: { perMinute: { operations: 0 } } }),
    ],
    [
      'tenants[0].keys[0].expiresAt: must be a time such as 2027-01-31T00:00:00+09:00',
      (f) => Object.assign(f.tenants[0].keys[0], { expiresAt: '2027-01-31' }),
    ],
  ])('is refused: %s', (fault, change) => {
    expect(faultsOf(having(change))).toContain(fault);
  });

  it('holds no secret of a provider itself', () => {
    const file = having((f) => Object.assign(f.accounts[0].settings, { SENS_SECRET_KEY: 'CANARY' }));
    const faults = faultsOf(file);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain('SENS_SECRET_KEY');
    expect(faults[0]).not.toContain('CANARY');
  });
});
