import { describe, expect, it } from 'vitest';
import { readReport } from '../../../src/providers/ngs/report.ts';

const FIELDS = {
  RESULT: '0',
  MESSAGE: '',
  DA_ADDR: '01020001234',
  SERIAL: 'S',
  GWSERIAL: 'G',
  SENDTIME: '',
  TELCOINFO: '',
};
const read = (change: Partial<typeof FIELDS>) => readReport('main', { ...FIELDS, ...change }, true);

describe('reading a REPORT', () => {
  it.each([
    ['', { spamFiltered: false }],
    ['SS', { spamFiltered: true }],
    ['K2103,TS', { spamFiltered: false, kakaoErrorCode: '2103', finalKind: 'SMS' }],
    ['TL,SS,K0001', { spamFiltered: true, kakaoErrorCode: '0001', finalKind: 'LMS' }],
    ['TM', { spamFiltered: false, finalKind: 'MMS' }],
    ['K12, TS', { spamFiltered: false, kakaoErrorCode: '12', finalKind: 'SMS' }],
    ['SSX,KX,TX,T', { spamFiltered: false }],
  ])('MESSAGE %j', (MESSAGE, expected) => {
    const { spamFiltered, kakaoErrorCode, finalKind, rawMessage } = read({ MESSAGE });
    expect({ spamFiltered, kakaoErrorCode, finalKind }).toEqual({
      kakaoErrorCode: undefined,
      finalKind: undefined,
      ...expected,
    });
    expect(rawMessage).toBe(MESSAGE);
  });

  it.each([
    ['SK', 'SKT'],
    ['KT', 'KT'],
    ['LG', 'LGU'],
    ['KKO', 'KAKAO'],
    ['ETC', 'ETC'],
    ['', undefined],
    ['XX', undefined],
  ])('TELCOINFO %j is the carrier %s', (TELCOINFO, carrier) => {
    expect(read({ TELCOINFO }).carrier).toBe(carrier);
  });

  it.each([
    ['20211231142201', '2021-12-31T05:22:01.000Z'],
    ['20240229000000', '2024-02-28T15:00:00.000Z'],
    ['20230101000000', '2022-12-31T15:00:00.000Z'],
  ])('SENDTIME %s is Korean time', (SENDTIME, expected) => {
    expect(new Date(read({ SENDTIME }).sentAt ?? 0).toISOString()).toBe(expected);
  });

  it.each([
    '',
    '2021123114220',
    '20210229000000',
    '20211331142201',
    '20211231246001',
    '00000000000000',
    'yesterday12345',
  ])('SENDTIME %j is no time', (SENDTIME) => {
    expect(read({ SENDTIME })).not.toHaveProperty('sentAt');
  });
});
