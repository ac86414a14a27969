import { describe, expect, it } from 'vitest';
import {
  createResultCodes,
  PROVISIONAL_RESULT_CODES,
  resultCodeTable,
} from '../../../src/providers/ngs/result-codes.ts';

describe('the table of result codes', () => {
  it('takes the shape that operators write', () => {
    const table = { E_OK: { code: '0' }, E_TPS_OVER: { code: '19', retriable: true }, E_SPAM: { code: '300' } };
    const codes = createResultCodes(resultCodeTable.parse(JSON.parse(JSON.stringify(table))));
    expect(codes.okCode).toBe('0');
    expect([codes.isOk('0'), codes.isOk('19'), codes.isOk('')]).toEqual([true, false, false]);
    expect([codes.isRetriable('19'), codes.isRetriable('300'), codes.isRetriable('999')]).toEqual([true, false, false]);
    expect([codes.nameOf('300'), codes.nameOf('999')]).toEqual(['E_SPAM', undefined]);
  });

  it.each([
    ['no object', [], /record|object/],
    ['a table without E_OK', { E_SPAM: { code: '3' } }, /E_OK is missing/],
    ['two names for one code', { E_OK: { code: '0' }, E_SPAM: { code: '0' } }, /share a code/],
    ['an E_OK that asks for more', { E_OK: { code: '0', retriable: true } }, /cannot be retriable/],
    ['a number for a code', { E_OK: { code: 0 } }, /string/],
    ['a code that RESULT cannot hold', { E_OK: { code: '1000' } }, /pattern|regex/],
    ['a misspelled setting', { E_OK: { code: '0', retryable: true } }, /retryable/],
    ['a name that is none', { E_OK: { code: '0' }, ok: { code: '1' } }, /ok/],
  ])('refuses %s', (_, json, message) => {
    expect(() => resultCodeTable.parse(json)).toThrow(message);
  });

  it('the provisional one passes its own check and names the four codes of section 7.2 as retriable', () => {
    const table = resultCodeTable.parse(PROVISIONAL_RESULT_CODES);
    expect(Object.keys(table).filter((name) => table[name]?.retriable === true)).toEqual([
      'E_SYS_FAIL',
      'E_SYS_BUSY',
      'E_NET_FAIL',
      'E_TPS_OVER',
    ]);
  });
});
