import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  chooseKeypos,
  createBodyCipher,
  deriveKey,
  encryptedBytes,
  encryptPassword,
} from '../../../src/providers/ngs/cipher.ts';
import { encryptFrame } from '../../../src/providers/ngs/codec.ts';
import vectors from '../../contract/vectors.json' with { type: 'json' };

const { password, keys, pwd, deliverSms } = vectors.ngs;

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

describe('the bodies of one session', () => {
  const key = deriveKey(password, deliverSms.keypos);

  /** A cipher of its own for each body: what the document describes. */
  function encryptAlone(body: Uint8Array): Buffer {
    const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16));
    return Buffer.concat([cipher.update(body), cipher.final()]);
  }

  it('the golden DELIVER becomes the golden ciphertext, also as the hundredth of its session', () => {
    const cipher = createBodyCipher(key);
    const plain = Buffer.from(deliverSms.plainPacketHex, 'hex');
    for (let i = 0; i < 100; i++) {
      const encrypted = Buffer.from(encryptFrame(plain, cipher));
      expect(encrypted.toString('hex')).toBe(deliverSms.encryptedPacketHex);
      expect(Buffer.from(cipher.decrypt(encrypted.subarray(14)) ?? []).equals(plain.subarray(14))).toBe(true);
    }
    expect(plain.toString('hex')).toBe(deliverSms.plainPacketHex);
  });

  it('each is what a cipher of its own would make of it, in both directions, in any order', () => {
    const step = fc.record({ body: fc.uint8Array({ maxLength: 200 }), isReceived: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const cipher = createBodyCipher(key);
        for (const { body, isReceived } of steps) {
          const alone = encryptAlone(body);
          expect(alone.length).toBe(encryptedBytes(body.length));
          if (isReceived) expect(Buffer.from(cipher.decrypt(alone) ?? [1]).equals(body)).toBe(true);
          else expect(Buffer.from(cipher.encrypt(body)).equals(alone)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('each is that also at two megabytes', () => {
    const body = Buffer.alloc(2 * 1024 * 1024, 'x');
    const cipher = createBodyCipher(key);
    cipher.encrypt(Buffer.from('before'));
    expect(Buffer.from(cipher.encrypt(body)).equals(encryptAlone(body))).toBe(true);
  });

  it.each([
    [44, 48],
    [94, 96],
    [40, 48],
    [221, 224],
    [48, 64],
  ])('a body of %i bytes takes %i', (plain, encrypted) => {
    expect(encryptedBytes(plain)).toBe(encrypted);
    expect(createBodyCipher(key).encrypt(Buffer.alloc(plain))).toHaveLength(encrypted);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['half a block', encryptAlone(Buffer.alloc(44)).subarray(0, 40)],
    ['no padding at all', encryptWhole(Buffer.alloc(32, 0x41))],
    ['a padding of 0', encryptWhole(Buffer.alloc(32))],
    ['a padding of 17', encryptWhole(Buffer.alloc(32, 17))],
    ['a padding that is not all alike', encryptWhole(Buffer.concat([Buffer.alloc(29), Buffer.from([2, 3, 3])]))],
  ])('%s is no body, and harms none that follows', (_, bytes) => {
    const cipher = createBodyCipher(key);
    expect(cipher.decrypt(bytes)).toBeUndefined();
    expect(Buffer.from(cipher.decrypt(encryptAlone(Buffer.from('next'))) ?? []).toString()).toBe('next');
  });

  function encryptWhole(blocks: Buffer): Buffer {
    const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16)).setAutoPadding(false);
    return Buffer.concat([cipher.update(blocks), cipher.final()]);
  }
});
