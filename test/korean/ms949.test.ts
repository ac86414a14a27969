import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import {
  decodeMs949,
  encodeMs949,
  fitsKsx1001,
  ms949ByteLength,
  normaliseText,
  unencodableCharacters,
  writeMs949,
} from '../../src/korean/ms949.ts';

/** Every UTF-16 unit that is a character by itself. */
const PLANE = Array.from({ length: 0x10000 }, (_, unit) => unit)
  .filter((unit) => unit < 0xd800 || unit >= 0xe000)
  .map((unit) => String.fromCharCode(unit));

function oracleBytes(character: string): Buffer | undefined {
  const bytes = iconv.encode(character, 'cp949');
  return iconv.decode(bytes, 'cp949') === character ? bytes : undefined;
}

function suggestions(text: string) {
  return unencodableCharacters(text).map(({ character, suggestion }) => [character, suggestion]);
}

describe('MS949', () => {
  it('gives the bytes of iconv-lite for each of the 17,176 characters it has, and refuses the rest of the plane', () => {
    let encodable = 0;
    for (const character of PLANE) {
      const expected = oracleBytes(character);
      if (expected === undefined) {
        expect(() => encodeMs949(character)).toThrow(RangeError);
        continue;
      }
      encodable += 1;
      if (!expected.equals(encodeMs949(character)) || decodeMs949(expected) !== character) {
        expect.fail(`U+${character.charCodeAt(0).toString(16)}`);
      }
      if (ms949ByteLength(character) !== expected.length) expect.fail(`length of ${character}`);
    }
    expect(encodable).toBe(17_176);
  });

  it('encodes a text of any encodable characters as iconv-lite does, and back', () => {
    const encodable = PLANE.filter((character) => oracleBytes(character) !== undefined);
    const text = fc.array(fc.constantFrom(...encodable), { maxLength: 200 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(text, (value) => {
        const bytes = encodeMs949(value);
        expect(iconv.encode(value, 'cp949').equals(bytes)).toBe(true);
        expect(decodeMs949(bytes)).toBe(value);
        expect(ms949ByteLength(value)).toBe(bytes.length);
      }),
    );
  });

  it('either encodes a normalised text without loss or names what stands in the way', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (raw) => {
        const text = normaliseText(raw);
        const found = unencodableCharacters(text);
        for (const { index, codePoint } of found) {
          const first = text.codePointAt(index) ?? 0;
          expect(codePoint.split(' ')[0]).toBe(`U+${first.toString(16).toUpperCase().padStart(4, '0')}`);
        }
        if (found.length === 0) expect(decodeMs949(encodeMs949(text))).toBe(text);
        for (const { suggestion } of found) {
          if (suggestion !== undefined) expect(unencodableCharacters(suggestion)).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('decodes any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(decodeMs949(bytes)).toBe(iconv.decode(Buffer.from(bytes), 'cp949'));
      }),
    );
  });

  it('writes at an offset and touches nothing else', () => {
    const target = new Uint8Array(8).fill(0xee);
    expect(writeMs949('a똠', target, 2)).toBe(3);
    expect([...target]).toEqual([0xee, 0xee, 0x61, 0x8c, 0x63, 0xee, 0xee, 0xee]);
  });

  it('refuses to write past the end of the target', () => {
    expect(() => writeMs949('가나', new Uint8Array(3), 0)).toThrow(RangeError);
    expect(() => writeMs949('a', new Uint8Array(3), 3)).toThrow(RangeError);
    expect(writeMs949('', new Uint8Array(3), 3)).toBe(0);
  });

  it('names the code point that it cannot encode', () => {
    expect(() => encodeMs949('hi 👍')).toThrow('U+1F44D');
    expect(() => encodeMs949('₩')).toThrow('U+20A9');
  });

  it('counts an emoji as one character of two bytes, so that a preview of a bad text is still near the truth', () => {
    expect(ms949ByteLength('가👍a')).toBe(5);
    expect(ms949ByteLength('\uD83D')).toBe(2);
  });
});

describe('normaliseText', () => {
  it('composes, and makes every line end one LF', () => {
    expect(normaliseText('한글\r\nb\rc\n'.normalize('NFD'))).toBe('한글\nb\nc\n');
  });

  it('never makes an encodable text unencodable', () => {
    const lost = PLANE.filter(
      (character) => character !== '\r' && oracleBytes(character) && !oracleBytes(normaliseText(character)),
    );
    expect(lost).toEqual([]);
    // The control: NFC alone loses these.
    expect(PLANE.filter((character) => oracleBytes(character) && !oracleBytes(character.normalize('NFC')))).toEqual([
      '\u212B',
      '\uF92C',
      '\uF9B8',
    ]);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(normaliseText(normaliseText(text))).toBe(normaliseText(text));
      }),
    );
    for (const character of PLANE) {
      if (normaliseText(normaliseText(character)) !== normaliseText(character)) expect.fail(character);
    }
  });
});

describe('fitsKsx1001', () => {
  it('holds for 2,350 syllables of 11,172', () => {
    const syllables = PLANE.filter((character) => character >= '가' && character <= '힣');
    expect(syllables).toHaveLength(11_172);
    expect(syllables.filter(fitsKsx1001)).toHaveLength(2_350);
  });

  it('agrees with a strict EUC-KR decoder on every syllable', () => {
    const strict = new TextDecoder('euc-kr', { fatal: true });
    for (const character of PLANE.filter((each) => each >= '가' && each <= '힣')) {
      let decoded: string | undefined;
      try {
        decoded = strict.decode(encodeMs949(character));
      } catch {
        decoded = undefined;
      }
      if ((decoded === character) !== fitsKsx1001(character)) expect.fail(character);
    }
  });

  it('is false for a text with any other character', () => {
    expect(fitsKsx1001('ABC 가나다 漢字 ①\n')).toBe(true);
    expect(fitsKsx1001('펩시콜라 똠')).toBe(false);
    expect(fitsKsx1001('👍')).toBe(false);
    expect(fitsKsx1001('₩')).toBe(false);
  });
});

describe('unencodableCharacters', () => {
  it('finds nothing in what a carrier takes', () => {
    expect(unencodableCharacters('관문 ABC\n\t漢字 ～ ￦ € ™ … “”‘’ ① ☆ 똠')).toEqual([]);
  });

  it('reports index, character, code point and suggestion', () => {
    expect(unencodableCharacters('값 ₩100')).toEqual([
      { index: 2, character: '₩', codePoint: 'U+20A9', suggestion: '￦' },
    ]);
  });

  it.each([
    ['–', '-'],
    ['—', '-'],
    ['‐', '-'],
    ['\u00A0', ' '],
    ['\u202F', ' '],
    ['•', '·'],
    ['〜', '～'],
    ['¥', '￥'],
    ['©', '(C)'],
    ['‟', '“'],
    ['‛', '‘'],
    ['\u200B', ''],
    ['\u2060', ''],
    ['\uFEFF', ''],
    ['\u0000', ''],
    ['\u007F', ''],
    ['\u2028', '\n'],
    ['é', 'e'],
    ['µ', 'μ'],
    ['ﬁ', 'fi'],
    ['1️⃣', '1'],
    ['☎️', '☎'],
    ['❤️', '♥'],
    ['👍', undefined],
    ['👍🏽', undefined],
    ['👩‍👩‍👧‍👦', undefined],
    ['🇰🇷', undefined],
    ['สั', undefined],
  ])('suggests for %j: %j', (character, suggestion) => {
    expect(suggestions(`가${character}`)).toEqual([[character, suggestion]]);
  });

  it('takes a joiner together with the letter that it hangs on', () => {
    expect(suggestions('가\u200D나')).toEqual([['가\u200D', '가']]);
  });

  it('reports an emoji of many code points once, with all of them, and goes on behind it', () => {
    expect(unencodableCharacters('a👨‍👩‍👧b₩')).toEqual([
      { index: 1, character: '👨‍👩‍👧', codePoint: 'U+1F468 U+200D U+1F469 U+200D U+1F467' },
      { index: 10, character: '₩', codePoint: 'U+20A9', suggestion: '￦' },
    ]);
  });

  it('refuses every control character but LF and TAB', () => {
    const controls = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).concat('\u007F');
    const refused = controls.filter((control) => unencodableCharacters(control).length > 0);
    expect(controls.filter((control) => !refused.includes(control))).toEqual(['\t', '\n']);
  });

  it('shows half a surrogate pair as U+FFFD, under its own code point', () => {
    expect(unencodableCharacters('a\uD83D')).toEqual([{ index: 1, character: '\uFFFD', codePoint: 'U+D83D' }]);
  });

  it('finds the same graphemes as a segmentation of the whole text', () => {
    const units = [
      '가',
      'a',
      '1',
      '\n',
      '👍',
      '🏽',
      '🇰🇷',
      '🇰',
      '👩‍👩‍👧',
      '\u200D',
      '\uFE0F',
      '\u20E3',
      '\u0301',
      '₩',
      '❤️',
      '\u200B',
    ];
    const whole = new Intl.Segmenter('ko', { granularity: 'grapheme' });
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...units), { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const found = unencodableCharacters(text);
        const clusters = [...whole.segment(text)];
        fc.pre(clusters.every(({ segment }) => segment.length <= 32));
        const expected = clusters.filter(({ segment }) => unencodableCharacters(segment).length > 0);
        expect(found.map(({ index, character }) => [index, character])).toEqual(
          expected.map(({ index, segment }) => [index, segment]),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('stops at a hundred, and does not take a tower of marks for one character', () => {
    expect(unencodableCharacters('👍'.repeat(20_000))).toHaveLength(100);
    const tower = unencodableCharacters(`a${'\u0301'.repeat(10_000)}`);
    expect(tower).toHaveLength(100);
    expect(tower[0]).toEqual({ index: 1, character: '\u0301', codePoint: 'U+0301', suggestion: '' });
  });
});
