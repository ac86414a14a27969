import { describe, expect, it } from 'vitest';
import { makeSerial } from '../../../src/providers/ngs/serial.ts';

describe('a SERIAL', () => {
  it('is 19 characters that every reader takes', () => {
    for (const now of [0, 1_700_000_000_000, 2 ** 48 - 1]) expect(makeSerial(now)).toMatch(/^[0-9A-HJKMNP-TV-Z]{19}$/);
  });

  it('sorts by time', () => {
    const serials = [0, 31, 32, 1_000_000, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1].map(makeSerial);
    expect([...serials].sort()).toEqual(serials);
  });

  it('does not repeat within a millisecond', () => {
    expect(new Set(Array.from({ length: 100_000 }, () => makeSerial(1_700_000_000_000))).size).toBe(100_000);
  });
});
