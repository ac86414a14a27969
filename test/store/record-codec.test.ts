import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Json } from '../../src/core/store.ts';
import { createRecordCodec, RecordUnreadable } from '../../src/store/record-codec.ts';

const dataKey = new Uint8Array(32).fill(1);
const codec = createRecordCodec(dataKey);

describe('record codec', () => {
  test('any JSON value opens as it was sealed', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, context) => {
        const plain = JSON.parse(JSON.stringify(value)) as Json;
        expect(codec.open(codec.seal(plain, context), context)).toEqual(plain);
      }),
    );
  });

  test('the same value is sealed differently each time and never stands readable', () => {
    const one = Buffer.from(codec.seal({ to: '01012345678' }, 'a'));
    const other = Buffer.from(codec.seal({ to: '01012345678' }, 'a'));
    expect(one.equals(other)).toBe(false);
    expect(one.includes('01012345678')).toBe(false);
  });

  test('a value under another key of the store does not open, and the error names where it was looked for', () => {
    const sealed = codec.seal({ text: 'secret' }, 'tenant-a/1');
    expect(() => codec.open(sealed, 'tenant-b/1')).toThrow(RecordUnreadable);
    expect(() => codec.open(sealed, 'tenant-b/1')).toThrow('The record tenant-b/1 cannot be read: it is damaged');
  });

  test('another data key is told apart from damage', () => {
    const sealed = codec.seal('secret', 'a');
    const other = createRecordCodec(new Uint8Array(32).fill(2));
    expect(() => other.open(sealed, 'a')).toThrow('The record a cannot be read: it was sealed with another data key.');
  });

  test('each flipped bit and each cut is found, without a word of the content', () => {
    const sealed = codec.seal({ text: 'a secret' }, 'a');
    for (let at = 0; at < sealed.length * 8; at++) {
      const damaged = Uint8Array.from(sealed);
      damaged[at >> 3] = (damaged[at >> 3] ?? 0) ^ (1 << (at & 7));
      expect(() => codec.open(damaged, 'a')).toThrow(/^The record a cannot be read: (?!.*secret)/);
    }
    for (let kept = 0; kept < sealed.length; kept++) {
      expect(() => codec.open(sealed.subarray(0, kept), 'a')).toThrow(RecordUnreadable);
    }
  });

  test('a keyed hash is HMAC-SHA-256 under its own key of the data key, cut to 128 bits', () => {
    const key = Buffer.from(hkdfSync('sha256', dataKey, '', 'gwanmun/keyed-hash/v1', 32));
    const whole = createHmac('sha256', key).update('01012345678').digest();
    expect(codec.keyedHash('01012345678')).toBe(whole.subarray(0, 16).toString('base64url'));
    expect(createRecordCodec(new Uint8Array(32)).keyedHash('01012345678')).not.toBe(codec.keyedHash('01012345678'));
  });

  test('a data key of another length is refused', () => {
    expect(() => createRecordCodec(new Uint8Array(16))).toThrow('A data key has 32 bytes, not 16.');
  });
});
