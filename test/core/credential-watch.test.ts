import { describe, expect, it, onTestFinished } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import { createCredentialWatch } from '../../src/core/credential-watch.ts';
import type { Caller, Tenant } from '../../src/core/tenant.ts';
import { createTenantDirectory } from '../../src/core/tenant-directory.ts';
import { until } from '../support/until.ts';

const tenant: Tenant = {
  id: 'shop',
  callerNumbers: [],
  keys: ['one', 'two'].map((id) => ({ id, secretSha256: hashApiKey(`key-${id}`), scopes: ['otp'] })),
};

function setUp(now = { at: 0 }) {
  const directory = createTenantDirectory([tenant], { now: () => now.at, monotonicMs: () => 0 });
  const watch = createCredentialWatch(directory);
  onTestFinished(() => watch.close());
  const told: string[] = [];
  const follow = (id: string, name = id) =>
    watch.onEnd(directory.authenticate(`key-${id}`) as Caller, () => told.push(name));
  return { directory, watch, told, follow, now };
}

describe('the watch over credentials', () => {
  it('tells at once, and once, who uses a key that was taken away, and nobody else', () => {
    const { directory, told, follow } = setUp();
    follow('one', 'a');
    follow('one', 'b');
    follow('two');
    follow('one', 'gone')();
    directory.replace([{ ...tenant, keys: tenant.keys.slice(1) }]);
    expect(told).toEqual(['a', 'b']);
    directory.replace([]);
    expect(told).toEqual(['a', 'b', 'two']);
  });

  it('tells at once who comes when the key has just ended', () => {
    const { directory, watch, told } = setUp();
    const caller = directory.authenticate('key-one') as Caller;
    directory.replace([]);
    watch.onEnd(caller, () => told.push('late'));
    expect(told).toEqual(['late']);
  });

  it('sees a key expire although nobody says anything', async () => {
    const { directory, told, follow, now } = setUp();
    directory.replace([{ ...tenant, keys: tenant.keys.map((key) => ({ ...key, expiresAt: 1_000 })) }]);
    follow('one');
    expect(told).toEqual([]);
    now.at = 1_000;
    await until(() => told.length === 1);
  });
});
