import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decrypt, encrypt } from '../../../src/providers/sentbe/signature.ts';
import { openSealed, sealed } from './account.ts';

const vectors = JSON.parse(readFileSync(new URL('../../contract/vectors.json', import.meta.url), 'utf8'));
const { passphrase, saltHex, parameters, doubleEncoded, singleEncoded } = vectors.sentbe;
const salt = Buffer.from(saltHex, 'hex');

/** Authentication 2, the text of every sample. */
const sample = `{
	"bank_attributes": {
		"name": "002",
		"account_number": "12341234",
		"account_holder_name": "json"
	},
	"country": "KR",
	"phone_country_code": "KR",
	"birth_date": "19901111",
	"email": "test@sentbe.com",
	"user_id": "47",
	"phone_number": "010-3369-1481",
	"test": "aaa",
	"last_name": "Smith",
	"first_name": "John"
}`;

describe('SIGNATURE', () => {
  it('is the golden vector, in one line of ASCII, its members in the order of the samples', () => {
    const { ct, iv, s } = doubleEncoded;
    expect(encrypt(passphrase, parameters, salt)).toBe(`{"ct":"${ct}","iv":"${iv}","s":"${s}"}`);
  });

  it('is read whether it was encoded once or twice', () => {
    expect(decrypt(passphrase, JSON.stringify(doubleEncoded))).toBe(parameters);
    expect(decrypt(passphrase, JSON.stringify(singleEncoded))).toBe(parameters);
  });

  it('carries the text of the document to CryptoJS and back, byte for byte', () => {
    expect(openSealed('test_pw', encrypt('test_pw', sample))).toBe(sample);
    expect(decrypt('test_pw', sealed('test_pw', sample))).toBe(sample);
  });

  it('has a salt of its own each time', () => {
    expect(new Set(Array.from({ length: 50 }, () => encrypt('test_pw', '{}'))).size).toBe(50);
  });

  it('cannot be read with another passphrase', () => {
    for (let tries = 0; tries < 20; tries += 1) {
      expect(() => decrypt('test_px', encrypt('test_pw', sample))).toThrow();
    }
  });

  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      '홍길동',
      '서울특별시 강남구 테헤란로',
      '👩‍👩‍👧‍👦🇰🇷',
      '\\"\\\\n',
      '"',
      "'",
      '\\',
      '\n\r\t',
      '\u2028',
      '</script>',
      '',
    ),
  );
  const set = fc.dictionary(
    text,
    fc.oneof(text, fc.integer(), fc.boolean(), fc.dictionary(text, text, { maxKeys: 3 })),
    {
      maxKeys: 6,
    },
  );

  it('is what CryptoJS 3.1.2 reads and writes, over 1,000 sets of parameters', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' }), set, (key, each) => {
        const json = JSON.stringify(each);
        const ours = encrypt(key, json);
        expect(ours).toMatch(/^[\x20-\x7e]+$/);
        expect(Buffer.from(openSealed(key, ours))).toEqual(Buffer.from(json));
        expect(Buffer.from(decrypt(key, sealed(key, json)))).toEqual(Buffer.from(json));
        // Once, as a client other than the samples might.
        expect(JSON.parse(decrypt(key, sealed(key, each)))).toEqual(JSON.parse(json));
      }),
      { numRuns: 1_000 },
    );
  });
});
