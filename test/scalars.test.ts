import { isScalarType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../src/graphql/schema.ts';

const type = schema.getType('DateTime');
if (!isScalarType(type)) throw new Error('There is no DateTime.');
const { parseValue, serialize } = type;

describe('a DateTime', () => {
  it.each([
    ['2026-02-28T23:59:59Z', '2026-03-01T08:59:59.000+09:00'],
    ['2028-02-29T00:00:00+09:00', '2028-02-29T00:00:00.000+09:00'],
    ['2026-01-01 00:00:00.5-05:30', '2026-01-01T14:30:00.500+09:00'],
    ['9999-12-31T23:59:59+09:00', '9999-12-31T23:59:59.000+09:00'],
  ])('%s is %s in Korea', (given, printed) => {
    expect(serialize(parseValue(given))).toBe(printed);
  });

  it.each([
    '2026-02-30T00:00:00Z',
    '2026-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-10T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01T00:60:00Z',
    // In Korea it is the year 10000.
    '9999-12-31T20:00:00Z',
    '0000-01-01T00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01',
    '',
    1_700_000_000_000,
  ])('%s is none', (given) => {
    expect(() => parseValue(given)).toThrow('RFC 3339');
  });
});
