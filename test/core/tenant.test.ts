import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTenantDirectory, hashApiKey, type Tenant } from '../../src/core/tenant.ts';

const shop: Tenant = {
  id: 'shop',
  callerNumbers: ['15880000'],
  keys: [
    { id: 'web', secretSha256: hashApiKey('key-of-web'), scopes: ['messages:send', 'messages:read'] },
    { id: 'audit', secretSha256: hashApiKey('key-of-audit'), scopes: ['messages:read'] },
  ],
};
const bank: Tenant = {
  id: 'bank',
  callerNumbers: ['16001234'],
  keys: [{ id: 'web', secretSha256: hashApiKey('key-of-bank'), scopes: ['operator'] }],
};

describe('the tenant directory', () => {
  const directory = createTenantDirectory([shop, bank]);

  it('finds tenant, key and scopes by the API key', () => {
    expect(directory.authenticate('key-of-audit')).toEqual({
      tenant: shop,
      keyId: 'audit',
      scopes: new Set(['messages:read']),
    });
    expect(directory.authenticate('key-of-bank')).toEqual({
      tenant: bank,
      keyId: 'web',
      scopes: new Set(['operator']),
    });
  });

  it.each(['', 'key-of-we', 'key-of-web ', 'KEY-OF-WEB', hashApiKey('key-of-web'), '\0', 'k'.repeat(100_000)])(
    'knows no %j',
    (apiKey) => {
      expect(directory.authenticate(apiKey)).toBeUndefined();
    },
  );

  it('finds a tenant by its own id only', () => {
    expect(directory.get('bank')).toBe(bank);
    expect(directory.get('Bank')).toBeUndefined();
    expect(directory.get('__proto__')).toBeUndefined();
  });

  it('knows nobody where there are no tenants', () => {
    expect(createTenantDirectory([]).authenticate('key-of-web')).toBeUndefined();
  });

  it('hashes a key as sha256sum does', () => {
    expect(hashApiKey('key-of-web')).toBe(createHash('sha256').update('key-of-web').digest('hex'));
    expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
