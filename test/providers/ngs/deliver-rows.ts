/** One DELIVER of every kind, the document's own examples among them, with the packet that each must become. */
import type { Image, KakaoContent, Submission } from '../../../src/core/provider.ts';
import { type DumbFields, type DumbName, dumbMedia, eucKr } from '../../support/ngs-bytes.ts';
import { createRandom } from '../../support/random.ts';

export const SERIAL = '202112310012345';
export const FIELDS = {
  DA_ADDR: '01020001234',
  CALLBACK: '15880000',
  ENCODING: '0',
  SERIAL,
  SENDER_CODE: '101280092',
  MEDIACNT: '0',
  EXT_SIZE: '0',
};
export const KAKAO: KakaoContent = {
  senderKey: 'cf1060fa976a7875eafae84083649af24f6ad3db',
  method: 'PUSH',
  encoding: 'EUC_KR',
  fallback: 'NONE',
};
export const KAKAO_FIELDS = { ...FIELDS, SENDERKEY: KAKAO.senderKey, METHOD: 'p', FAILOVER: '0' };

export const jpg = (bytes: number): Image => ({ fileName: 'a.jpg', type: 'JPG', bytes: filler(bytes) });
export const png = (bytes: number): Image => ({ fileName: 'a.png', type: 'PNG', bytes: filler(bytes) });
const BUTTONS = '{"button_cnt":1,"button1":{"name":"배송조회 🚚","type":"WL"}}';

interface DeliverRow {
  readonly title: string;
  readonly submission: Partial<Submission>;
  readonly packet: readonly [DumbName, DumbFields, ...Buffer[]];
  /** MsgLeng, where the document prints it. */
  readonly msgLeng?: number;
}

export const DELIVER_ROWS: readonly DeliverRow[] = [
  {
    title: 'the document’s SMS',
    submission: {},
    packet: ['DELIVER', { ...FIELDS, MSGTYPE: 'S', TEXT: 'SMS 테스트 발송 입니다.' }],
    msgLeng: 221,
  },
  {
    title: 'the document’s MMS',
    submission: { kind: 'MMS', subject: 'MMS 제목', text: filledText(1965), images: [jpg(20_933)] },
    packet: [
      'DELIVER',
      { ...FIELDS, MSGTYPE: 'M', TEXT: 'MMS 제목', MEDIACNT: '2' },
      dumbMedia('11', '0', eucKr(filledText(1965))),
      dumbMedia('21', '2', filler(20_933)),
    ],
    msgLeng: 23_149,
  },
  {
    title: 'the document’s AlimTalk with conversion',
    submission: {
      kind: 'ALIMTALK',
      text: filledText(909),
      kakao: {
        ...KAKAO,
        templateCode: 'temp_code_01',
        fallback: 'CONVERT',
        fallbackSubject: 'Replace Title',
        buttons: `{"button_cnt":3,"button1":"${'x'.repeat(71)}"}`,
      },
    },
    packet: [
      'DELIVER_KAKAO',
      {
        ...KAKAO_FIELDS,
        MSGTYPE: 'A',
        TEMPLATE: 'temp_code_01',
        FAILOVER: '1',
        TITLE: 'Replace Title',
        MEDIACNT: '2',
      },
      dumbMedia('11', '0', eucKr(filledText(909))),
      dumbMedia('13', '1', Buffer.from(`{"button_cnt":3,"button1":"${'x'.repeat(71)}"}`)),
    ],
    msgLeng: 1_260,
  },
  {
    // Its slips are mended: it prints MSGTYPE A for F, and MTYPE 13 for the 12 that a substitute is.
    title: 'the document’s FriendTalk with substitution',
    submission: {
      kind: 'FRIENDTALK',
      text: `${'가'.repeat(982)}a`,
      kakao: {
        ...KAKAO,
        fallback: 'SUBSTITUTE',
        fallbackSubject: 'Replace Title.',
        fallbackText: filledText(1500),
      },
    },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'F', FAILOVER: '2', TITLE: 'Replace Title.', MEDIACNT: '2' },
      dumbMedia('11', '0', eucKr(`${'가'.repeat(982)}a`)),
      dumbMedia('12', '0', eucKr(filledText(1500))),
    ],
    msgLeng: 3_716,
  },
  {
    title: 'a LMS, whose text is its one attachment',
    submission: { kind: 'LMS', subject: '제목', text: '똠방각하\n€uro' },
    packet: [
      'DELIVER',
      { ...FIELDS, MSGTYPE: 'L', TEXT: '제목', MEDIACNT: '1' },
      dumbMedia('11', '0', eucKr('똠방각하\n€uro')),
    ],
  },
  {
    title: 'a LMS without a subject',
    submission: { kind: 'LMS', text: 'a' },
    packet: ['DELIVER', { ...FIELDS, MSGTYPE: 'L', MEDIACNT: '1' }, dumbMedia('11', '0', Buffer.from('a'))],
  },
  {
    title: 'a MMS of a JPG and two PNGs, four attachments in all',
    submission: { kind: 'MMS', text: '본문', images: [jpg(5), png(1), png(0)] },
    packet: [
      'DELIVER',
      { ...FIELDS, MSGTYPE: 'M', MEDIACNT: '4' },
      dumbMedia('11', '0', eucKr('본문')),
      dumbMedia('21', '2', filler(5)),
      dumbMedia('23', '2', filler(1)),
      dumbMedia('23', '2', filler(0)),
    ],
  },
  {
    title: 'an AlimTalk with an image template, in UTF-8',
    submission: {
      kind: 'ALIMTALK_IMAGE',
      text: '배송 시작 🚚',
      kakao: { ...KAKAO, templateCode: 'T', encoding: 'UTF_8', method: 'REALTIME', buttons: BUTTONS },
    },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'a', TEMPLATE: 'T', METHOD: 'r', MEDIACNT: '2' },
      dumbMedia('11', '1', Buffer.from('배송 시작 🚚', 'utf8')),
      dumbMedia('13', '1', Buffer.from(BUTTONS, 'utf8')),
    ],
  },
  {
    title: 'a FriendTalk by polling',
    submission: { kind: 'FRIENDTALK', text: '안녕', kakao: { ...KAKAO, method: 'POLLING' } },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'F', METHOD: 'P', MEDIACNT: '1' },
      dumbMedia('11', '0', eucKr('안녕')),
    ],
  },
  {
    title: 'a FriendTalk image that converts, with its image',
    submission: {
      kind: 'FRIENDTALK_IMAGE',
      text: '안녕',
      images: [jpg(500 * 1024)],
      kakao: { ...KAKAO, fallback: 'CONVERT', buttons: BUTTONS },
    },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'f', FAILOVER: '1', MEDIACNT: '3' },
      dumbMedia('11', '0', eucKr('안녕')),
      dumbMedia('13', '1', Buffer.from(BUTTONS)),
      dumbMedia('21', '2', filler(500 * 1024)),
    ],
  },
  {
    title: 'a FriendTalk image that never converts, whose image nobody would see',
    submission: { kind: 'FRIENDTALK_IMAGE', text: '안녕', images: [png(9)], kakao: { ...KAKAO, buttons: BUTTONS } },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'f', MEDIACNT: '2' },
      dumbMedia('11', '0', eucKr('안녕')),
      dumbMedia('13', '1', Buffer.from(BUTTONS)),
    ],
  },
  {
    title: 'a FriendTalk image whose substitute is text only, and ignores the image',
    submission: {
      kind: 'FRIENDTALK_IMAGE',
      text: '안녕',
      images: [png(9)],
      kakao: { ...KAKAO, fallback: 'SUBSTITUTE', fallbackText: '대체' },
    },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'f', FAILOVER: '2', MEDIACNT: '2' },
      dumbMedia('11', '0', eucKr('안녕')),
      dumbMedia('12', '0', eucKr('대체')),
    ],
  },
  {
    title: 'a FriendTalk image whose substitute is a MMS, with all four kinds of attachment',
    submission: {
      kind: 'FRIENDTALK_IMAGE',
      text: '안녕',
      images: [png(9)],
      kakao: {
        ...KAKAO,
        encoding: 'UTF_8',
        fallback: 'SUBSTITUTE_MMS',
        fallbackText: '대체',
        fallbackSubject: '가'.repeat(32),
        buttons: BUTTONS,
      },
    },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'f', FAILOVER: '3', TITLE: '가'.repeat(32), MEDIACNT: '4' },
      dumbMedia('11', '1', Buffer.from('안녕')),
      dumbMedia('12', '0', eucKr('대체')),
      dumbMedia('13', '1', Buffer.from(BUTTONS)),
      dumbMedia('23', '2', filler(9)),
    ],
  },
  {
    title: 'a wide FriendTalk of a JPG of 2 MB',
    submission: { kind: 'FRIENDTALK_WIDE', text: '넓게', images: [jpg(2 * 1024 * 1024)], kakao: KAKAO },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'W', MEDIACNT: '2' },
      dumbMedia('11', '0', eucKr('넓게')),
      dumbMedia('22', '2', filler(2 * 1024 * 1024)),
    ],
  },
  {
    title: 'a wide FriendTalk of a PNG',
    submission: { kind: 'FRIENDTALK_WIDE', text: '넓게', images: [png(3)], kakao: { ...KAKAO, fallback: 'CONVERT' } },
    packet: [
      'DELIVER_KAKAO',
      { ...KAKAO_FIELDS, MSGTYPE: 'W', FAILOVER: '1', MEDIACNT: '2' },
      dumbMedia('11', '0', eucKr('넓게')),
      dumbMedia('24', '2', filler(3)),
    ],
  },
];

/** Korean and Latin, of exactly so many bytes. */
function filledText(bytes: number): string {
  return `${'본문 '.repeat(10)}${'a'.repeat(bytes - 50)}`;
}

/** Bytes of every value, NUL and line ends too. */
function filler(bytes: number): Buffer {
  const random = createRandom(bytes);
  return Buffer.from(Array.from({ length: bytes }, () => random(256)));
}
