import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashApiKey, makeApiKey } from '../../src/core/api-key.ts';
import type { Caller, Scope, Tenant } from '../../src/core/tenant.ts';
import { createTenantDirectory } from '../../src/core/tenant-directory.ts';

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
});

const made = makeApiKey();
const soon = 1_800_000_000_000;
const read: Scope[] = ['messages:read'];
const withKey = (key: Partial<Tenant['keys'][number]>, others: Tenant['keys'] = []): Tenant => ({
  ...shop,
  keys: [{ ...made, scopes: read, ...key }, ...others],
});
const clockAt = (at: number) => {
  const clock = { at, now: () => clock.at, monotonicMs: () => 0 };
  return clock;
};

describe('a key of Gwanmun', () => {
  it('is found by its public id and its secret together, beside keys that an operator chose', () => {
    const directory = createTenantDirectory([withKey({}, shop.keys), bank]);
    expect(directory.authenticate(made.text)).toMatchObject({ keyId: made.id, tenant: { id: 'shop' } });
    expect(directory.authenticate('key-of-web')).toMatchObject({ keyId: 'web' });
    const other = makeApiKey();
    // A true id with a wrong secret, a true secret under an unknown id, and another's whole key.
    expect(directory.authenticate(`gw_${made.id}_${other.text.slice(16)}`)).toBeUndefined();
    expect(directory.authenticate(`gw_${other.id}_${made.text.slice(16)}`)).toBeUndefined();
    expect(directory.authenticate(other.text)).toBeUndefined();
  });

  it('lasts until it expires, and not a millisecond longer', () => {
    const clock = clockAt(soon - 1);
    const directory = createTenantDirectory([withKey({ expiresAt: soon })], clock);
    const caller = directory.authenticate(made.text) as Caller;
    expect(caller).toMatchObject({ keyId: made.id, expiresAt: soon });
    expect(directory.current(caller)).toBe(caller);
    clock.at = soon;
    expect(directory.authenticate(made.text)).toBeUndefined();
    expect(directory.current(caller)).toBeUndefined();
  });

  it('lets 0 of 100,000 wrong keys in', () => {
    const directory = createTenantDirectory([withKey({}, shop.keys), bank]);
    let admitted = 0;
    for (let at = 0; at < 100_000; at += 1) {
      const secret = randomBytes(32).toString('base64url');
      const guess = at % 3 === 0 ? `gw_${made.id}_${secret}` : at % 3 === 1 ? `gw_${makeId(at)}_${secret}` : secret;
      if (directory.authenticate(guess) !== undefined) admitted += 1;
    }
    expect(admitted).toBe(0);
    expect(directory.authenticate(made.text)).toBeDefined();
  });
});

describe('a caller who is judged again', () => {
  const changes: [string, readonly Tenant[], boolean][] = [
    ['another tenant came', [withKey({}), bank], true],
    ['its key may do more', [withKey({ scopes: ['messages:read', 'otp'] })], true],
    ['a second key stands beside its own', [withKey({}, shop.keys)], true],
    ['its key may do less', [withKey({ scopes: ['otp'] })], false],
    ['its key has another secret', [withKey({ secretSha256: makeApiKey().secretSha256 })], false],
    ['its key is gone', [shop], false],
    ['its key has expired', [withKey({ expiresAt: 1 })], false],
    ['its tenant is gone', [bank], false],
    ["its key is another tenant's now", [{ ...withKey({}), id: 'shop-2' }], false],
  ];
  it.each(changes)('where %s', (_title, next, stays) => {
    const directory = createTenantDirectory([withKey({})]);
    const caller = directory.authenticate(made.text) as Caller;
    let told = 0;
    const release = directory.onReplaced(() => {
      told += 1;
    });
    directory.replace(next);
    expect(told).toBe(1);
    expect(directory.current(caller)?.keyId).toBe(stays ? made.id : undefined);
    release();
    directory.replace([]);
    expect(told).toBe(1);
    expect(directory.authenticate(made.text)).toBeUndefined();
  });
});

describe('an account', () => {
  const uses = (id: string, accounts?: Tenant['accounts']): Tenant => ({ ...shop, id, keys: [], accounts });

  it('has a sole user where one tenant alone may use it', () => {
    const directory = createTenantDirectory([
      uses('a', { NGS: ['second', 'first'] }),
      uses('b', { NGS: ['first'] }),
      uses('c'),
    ]);
    expect(directory.soleUserOf('NGS', 'second')).toBe('a');
    expect(directory.soleUserOf('NGS', 'first')).toBeUndefined();
    expect(directory.soleUserOf('NGS', 'default')).toBe('c');
    expect(directory.soleUserOf('SENS', 'default')).toBe('c');
    expect(directory.soleUserOf('SENS', 'third')).toBeUndefined();
  });
});

const makeId = (at: number): string => at.toString(26).replace(/\d/g, 'z').padStart(12, 'a').slice(0, 12);
