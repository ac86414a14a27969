import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hashApiKey, makeApiKey, publicIdOf } from '../../src/core/api-key.ts';

describe('an API key', () => {
  it('is hashed as sha256sum does', () => {
    expect(hashApiKey('key-of-web')).toBe(createHash('sha256').update('key-of-web').digest('hex'));
    expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('carries its public id and a secret of 256 bits, and no two are alike', () => {
    const keys = Array.from({ length: 1_000 }, makeApiKey);
    for (const { id, text, secretSha256 } of keys) {
      expect(text).toMatch(/^gw_[a-z2-7]{12}_[\w-]{43}$/);
      expect(publicIdOf(text)).toBe(id);
      expect(Buffer.from(text.slice(16), 'base64url')).toHaveLength(32);
      expect(secretSha256).toBe(hashApiKey(text));
    }
    expect(new Set(keys.map(({ id }) => id)).size).toBe(1_000);
    expect(new Set(keys.map(({ text }) => text.slice(16))).size).toBe(1_000);
  });

  it.each(['', 'key-of-web', 'gw_abc_def', `gw_abcdefghijkl_${'x'.repeat(42)}`, `GW_abcdefghijkl_${'x'.repeat(43)}`])(
    'names no public id as %j',
    (text) => expect(publicIdOf(text)).toBeUndefined(),
  );
});
