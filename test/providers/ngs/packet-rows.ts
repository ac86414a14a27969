/** One filled row for every packet, with the values of the document's own examples. */
import type { Packet } from '../../../src/providers/ngs/frame-decoder.ts';

type Row = {
  [N in Packet['name']]: { readonly name: N; readonly fields: Extract<Packet, { name: N }>['fields'] };
}[Packet['name']];

const PWD =
  'ONs0wphSMJDVhzcYvm8hN89/bA4NzZQAYQvMstW8d29nm760R2ujAxD0Izo1iKi85uFKfAcOXfMZicTfMfJ04mvAby03pCF9sbRDorZ9HNM=';
const CERT_KEY = 'atK6KYa/iAFM+pdj2tA0tM/poWHkTKlCq6iMHRPXzdlcVJQUIIItj8us32qIVL0o';

export const ROWS: readonly Row[] = [
  { name: 'CERT', fields: { ID: 'testid', PWD, VERSION: 'TV_2.0.1', KEYPOS: '12' } },
  {
    name: 'CERT_ACK',
    fields: { RESULT: '0', CERT_KEY, SERVER_IP: '111.222.222.222', DELIVER_PORT: '4403', REPORT_PORT: '4404' },
  },
  {
    name: 'CERT_ACK',
    fields: { RESULT: '7', CERT_KEY: '', SERVER_IP: '비밀번호가 틀립니다', DELIVER_PORT: '', REPORT_PORT: '' },
  },
  {
    name: 'BIND',
    fields: { ID: 'testid', PWD, CERT_KEY, TYPE: 'p', KIND: 'DLV', VERSION: 'TV_2.0.1', KEYPOS: '12' },
  },
  { name: 'BIND_ACK', fields: { RESULT: '0', SMS_TPS: '80', MMS_TPS: '30', KKO_TPS: '30', MESSAGE: '' } },
  {
    name: 'DELIVER',
    fields: {
      MSGTYPE: 'S',
      DA_ADDR: '01020001234',
      CALLBACK: '15880000',
      ENCODING: '0',
      TEXT: 'SMS 테스트 발송 입니다.',
      SERIAL: '202112310012345',
      SENDER_CODE: '101280092',
      MEDIACNT: '0',
      EXT_SIZE: '0',
    },
  },
  { name: 'DELIVER_ACK', fields: { RESULT: '0', DA_ADDR: '01020001234', SERIAL: '202112310012348' } },
  {
    name: 'REPORT',
    fields: {
      RESULT: '0',
      MESSAGE: 'K2103,TS',
      DA_ADDR: '01020001234',
      SERIAL: '202112310012348',
      GWSERIAL: '220121140000164',
      SENDTIME: '20211231142201',
      TELCOINFO: 'SK',
    },
  },
  { name: 'REPORT_ACK', fields: { RESULT: '0', SERIAL: '202112310012348', GWSERIAL: '220121140000164' } },
  { name: 'LINK', fields: {} },
  { name: 'LINK_ACK', fields: {} },
  { name: 'EVENT', fields: { TYPE: '1', DATA: '80,30,30' } },
  { name: 'EVENT', fields: { TYPE: '0', DATA: '점검으로 접속을 종료합니다' } },
];
