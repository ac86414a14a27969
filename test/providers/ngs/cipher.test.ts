import { describe, expect, it } from 'vitest';
import { chooseKeypos, deriveKey, encryptPassword } from '../../../src/providers/ngs/cipher.ts';
import vectors from '../../contract/vectors.json' with { type: 'json' };

const { password, keys, pwd } = vectors.ngs;

describe('keys of NGS', () => {
  it.each(['0', '12', '32'] as const)('the key at offset %s is the golden one, as ASCII', (keypos) => {
    expect(Buffer.from(deriveKey(password, Number(keypos))).toString('latin1')).toBe(keys[keypos]);
  });

  it('the key at offset 60 is padded with NULs, as the document draws it', () => {
    expect(Buffer.from(deriveKey(password, 60)).toString('latin1')).toBe(`1087${'\0'.repeat(28)}`);
  });

  it.each(Object.entries(pwd))('PWD at offset %s is the golden one and fits its field', (keypos, expected) => {
    expect(encryptPassword(password, Number(keypos))).toBe(expected);
    expect(expected).toHaveLength(108);
  });

  it('offsets are chosen from 0 to 32, both ends included', () => {
    const chosen = new Set(Array.from({ length: 5_000 }, () => chooseKeypos()));
    expect([...chosen].sort((a, b) => a - b)).toEqual(Array.from({ length: 33 }, (_, keypos) => keypos));
  });
});
