import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromE164, parseCallbackNumber, parseKoreanMobile, toE164 } from '../../src/korean/phone-number.ts';

describe('parseKoreanMobile', () => {
  it.each([
    '01022345678',
    '010-2234-5678',
    '010.2234.5678',
    '010 2234 5678',
    '(010) 2234-5678',
    '+82 10 2234 5678',
    '+82-10-2234-5678',
    '+82 (0)10 2234 5678',
    '+821022345678',
    '821022345678',
    '00821022345678',
    ' 01022345678 ',
  ])('reads %j', (text) => {
    expect(parseKoreanMobile(text)).toBe('01022345678');
  });

  it.each([
    ['01012345678', '01012345678'],
    ['010-1234-5678', '01012345678'],
    ['+821012345678', '01012345678'],
    ['0111234567', '0111234567'],
    ['01112345678', '01112345678'],
    ['016-123-4567', '0161234567'],
    ['017 1234 5678', '01712345678'],
    ['018-123-4567', '0181234567'],
    ['+82 19 123 4567', '0191234567'],
    ['01099999999', '01099999999'],
    ['01020000000', '01020000000'],
  ])('reads %j as %j', (text, national) => {
    expect(parseKoreanMobile(text)).toBe(national);
  });

  it.each([
    ['', 'empty'],
    ['010', 'too short'],
    ['0102234567', 'an 010 number of ten digits'],
    ['010223456789', 'too long'],
    ['01002345678', 'the unassigned range 010-0'],
    ['01222345678', 'no mobile prefix'],
    ['01322345678', 'no mobile prefix'],
    ['01522345678', 'no mobile prefix'],
    ['0212345678', 'a landline'],
    ['07022345678', 'an internet phone'],
    ['05022345678', 'a personal number'],
    ['15880000', 'a representative number'],
    ['112', 'a special number'],
    ['+14155550100', 'another country'],
    ['0011821022345678', 'a carrier prefix'],
    ['+01022345678', 'a plus without a country'],
    ['++821022345678', 'two plus signs'],
    ['010+22345678', 'a plus in the middle'],
    ['+8282 10 2234 5678', 'the country twice'],
    ['０１０２２３４５６７８', 'full-width digits'],
    ['٠١٠٢٢٣٤٥٦٧٨', 'Arabic digits'],
    ['010–2234–5678', 'en dashes'],
    ['010\u00A02234\u00A05678', 'no-break spaces'],
    ['010\t2234\t5678', 'tabs'],
    ['01022345678\n', 'a line end'],
    ['010_2234_5678', 'other separators'],
    ['010-2234-5678 ext 1', 'an extension'],
    ['tel:01022345678', 'a scheme'],
    [`010-2234-5678${' '.repeat(40)}`, 'endless padding'],
  ])('refuses %j: %s', (text) => {
    expect(parseKoreanMobile(text)).toBeUndefined();
  });

  it('answers national digits or nothing, for any text', () => {
    const texts = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0128+-. ()9') }));
    fc.assert(
      fc.property(texts, (text) => {
        const national = parseKoreanMobile(text);
        if (national === undefined) return;
        expect(national).toMatch(/^01\d{8,9}$/);
        expect(parseKoreanMobile(national)).toBe(national);
        expect(fromE164(toE164(national))).toBe(national);
        expect(parseKoreanMobile(toE164(national))).toBe(national);
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('parseCallbackNumber', () => {
  it.each([
    ['15880000', '15880000'],
    ['1588-0000', '15880000'],
    ['16001234', '16001234'],
    ['1800-1234', '18001234'],
    ['02-123-4567', '021234567'],
    ['02-1234-5678', '0212345678'],
    ['+82 2 1234 5678', '0212345678'],
    ['031-123-4567', '0311234567'],
    ['064-1234-5678', '06412345678'],
    ['070-2345-6789', '07023456789'],
    ['080-123-4567', '0801234567'],
    ['080-1234-5678', '08012345678'],
    ['0505-123-4567', '05051234567'],
    ['0505-1234-5678', '050512345678'],
    ['010-2234-5678', '01022345678'],
  ])('reads %j as %j', (text, national) => {
    expect(parseCallbackNumber(text)).toBe(national);
  });

  it.each([
    ['', 'empty'],
    ['112', 'a special number'],
    ['1366', 'a special number'],
    ['1466-0000', 'an unknown representative range'],
    ['1588-000', 'too short'],
    ['02-1588-0000', 'a representative number behind an area code'],
    ['031-1588-0000', 'a representative number behind an area code'],
    ['02-070-12345', 'a common-service number behind an area code'],
    ['+82 1588 0000', 'a representative number behind the country'],
    ['030-1234-5678', 'no area code'],
    ['060-1234-5678', 'a paid service'],
    ['065-123-4567', 'no area code'],
    ['070-0234-5678', 'the unassigned range 070-0'],
    ['070-1234-5678', 'the unassigned range 070-1'],
    ['0505-123-456', 'a personal number of ten digits'],
    ['011-123-4567', 'an old mobile'],
    ['010-1234-5678', 'the unassigned range 010-1'],
    ['GWANMUN', 'a name'],
    ['１５８８００００', 'full-width digits'],
  ])('refuses %j: %s', (text) => {
    expect(parseCallbackNumber(text)).toBeUndefined();
  });
});

describe('E.164', () => {
  it('is the national number behind +82', () => {
    expect(toE164('01022345678')).toBe('+821022345678');
    expect(fromE164('+821022345678')).toBe('01022345678');
  });

  it('does not exist for representative numbers', () => {
    expect(() => toE164('15880000')).toThrow(RangeError);
  });

  it.each(['01022345678', '+8201022345678', '+14155550100', '+82', '+82 10 2234 5678'])('is not %j', (text) => {
    expect(fromE164(text)).toBeUndefined();
  });
});
