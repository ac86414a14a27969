import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../src/core/api-key.ts';
import { createTenantDirectory } from '../src/core/tenant-directory.ts';
import { KeyCommandRefused, runKeyCommand } from '../src/key-command.ts';
import { tenantsFile } from '../src/tenants-file.ts';
import { temporaryFolder } from './support/temporary-store.ts';

const old = { id: 'web', secretSha256: hashApiKey('key-of-web'), scopes: ['otp'], note: 'kept' };

async function setUp() {
  const path = join(await temporaryFolder(), 'tenants.json');
  writeFileSync(path, JSON.stringify({ tenants: [{ id: 'shop', callerNumbers: ['15880000'], keys: [old] }] }), {
    mode: 0o640,
  });
  return {
    path,
    directory: () => createTenantDirectory(tenantsFile.parse(JSON.parse(readFileSync(path, 'utf8'))).tenants),
    run(...args: string[]) {
      const said = { out: '', err: '' };
      runKeyCommand(args, path, {
        out(text) {
          said.out += text;
        },
        err(text) {
          said.err += text;
        },
      });
      return said;
    },
  };
}

describe('npm run key', () => {
  it('makes a key that is let in, prints it once and stores only its hash', async () => {
    const { run, path, directory } = await setUp();
    const { out, err } = run(
      'create',
      '--tenant',
      'shop',
      '--scopes',
      'otp, messages:read',
      '--expires',
      '90d',
      '--write',
    );
    const key = out.trim();
    expect(key).toMatch(/^gw_[a-z2-7]{12}_[\w-]{43}$/);
    expect(directory().authenticate(key)).toMatchObject({
      tenant: { id: 'shop' },
      scopes: new Set(['otp', 'messages:read']),
    });
    expect(directory().authenticate('key-of-web')).toBeDefined();
    expect(readFileSync(path, 'utf8') + err).not.toContain(key.slice(16));
    expect(run('list').out).toMatch(
      new RegExp(`^shop\\tweb\\tno end\\totp\\tkept\\nshop\\t${key.slice(3, 15)}\\tuntil 20`),
    );
  });

  it('changes no file without --write', async () => {
    const { run, path } = await setUp();
    const before = readFileSync(path, 'utf8');
    const { out, err } = run('create', '--tenant', 'shop', '--scopes', 'otp');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(err).toContain(hashApiKey(out.trim()));
  });

  it('lets two keys live at once while one replaces the other', async () => {
    const { run, directory } = await setUp();
    const { out } = run('rotate', '--tenant', 'shop', '--key', 'web', '--overlap', '1h', '--write');
    const next = directory().authenticate(out.trim());
    expect(next).toMatchObject({ scopes: new Set(['otp']) });
    expect(next?.expiresAt).toBeUndefined();
    const first = directory().authenticate('key-of-web');
    expect(first?.expiresAt).toBeGreaterThan(Date.now() + 3_500_000);
    expect(first?.expiresAt).toBeLessThanOrEqual(Date.now() + 3_600_000);
  });

  it('lets a key end now', async () => {
    const { run, directory } = await setUp();
    run('revoke', '--tenant', 'shop', '--key', 'web', '--write');
    expect(directory().authenticate('key-of-web')).toBeUndefined();
    expect(run('list').out).toContain('ended 20');
  });

  it.each([
    [['create', '--tenant', 'shop'], /--scopes/],
    [['create', '--tenant', 'shop', '--scopes', 'all', '--write'], /must be one of messages:send/],
    [['create', '--tenant', 'shop', '--scopes', 'otp', '--expires', 'soon'], /soon is no time/],
    [['create', '--tenant', 'other', '--scopes', 'otp'], /no tenant other/],
    [['revoke', '--tenant', 'shop', '--key', 'other'], /no key other/],
    [['create', '--secret', 'x'], /--secret/],
    [['destroy'], /npm run key -- create/],
    [[], /npm run key -- create/],
  ])('refuses %j and changes nothing', async (args, why) => {
    const { run, path } = await setUp();
    const before = readFileSync(path, 'utf8');
    expect(() => run(...args)).toThrow(KeyCommandRefused);
    expect(() => run(...args)).toThrow(why);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });
});
