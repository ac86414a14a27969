import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../../src/providers/sentbe/exact-json.ts';

/** The same value with each number as JSON writes it. */
function texts(value: unknown): unknown {
  if (typeof value === 'number') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, texts(each)]));
}

describe('exact JSON', () => {
  it('keeps a number as it was written', () => {
    expect(parseExactJson('{"a":119090.10,"b":[-1,0.0,1E+3,90071992547409931],"c":"2","d":true,"e":null}')).toEqual({
      a: '119090.10',
      b: ['-1', '0.0', '1E+3', '90071992547409931'],
      c: '2',
      d: true,
      e: null,
    });
  });

  it('touches no digit within a string, whatever is escaped there', () => {
    const value = { 'a 1': 'x 2 "3\\" 4\\\\', '"5': '\\', '6': 'bank | 066-40-15 | 7' };
    expect(parseExactJson(JSON.stringify(value))).toEqual(value);
  });

  it.each(['', '01', '1.', '{"a":1', 'NaN', "{'a':1}", '"a'])('is undefined for %j', (text) => {
    expect(parseExactJson(text)).toBeUndefined();
  });

  it('reads an answer of a megabyte', () => {
    const text = '\\"1'.repeat(300_000);
    expect(parseExactJson(`{"a":"${text}","b":1}`)).toMatchObject({ b: '1' });
  });

  it('differs from JSON.parse in numbers alone', () => {
    const value = fc.jsonValue({ stringUnit: 'binary' });
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2), (each, space) => {
        // Its own text once more, so that a key __proto__ is the same in both.
        const text = JSON.stringify(each, null, space);
        expect(JSON.stringify(parseExactJson(text))).toBe(JSON.stringify(texts(JSON.parse(text))));
      }),
      { numRuns: 2_000 },
    );
  });
});
