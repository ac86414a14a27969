/**
 * The NGS packets as data: one description of each packet's fields, in the document's own words, for both
 * directions (NGS 2.0.1, sections 3 and 4). It owns sizes and what a field may hold; it reads and writes no bytes.
 */

/**
 * ASCII: printable ASCII. MS949: Korean text. ECHO: what the other side chose, carried byte for byte so that it goes
 * back unaltered (one character a byte).
 */
type FieldContent = 'ASCII' | 'MS949' | 'ECHO';

export interface FieldLayout<Name extends string = string> {
  readonly name: Name;
  /** The document's nC. */
  readonly size: number;
  readonly content: FieldContent;
  /** What may be filled: every sample of the document leaves one NUL. An echo must be able to go back whole. */
  readonly maxBytes: number;
}

export interface PacketLayout {
  /** HeadType, section 3.2. */
  readonly headType: string;
  readonly fields: readonly FieldLayout[];
  /** Whether EXTENTION and MEDIA may follow the fields (DELIVER only). */
  readonly hasTail: boolean;
  /** Whether its body is encrypted where the session's TYPE is P (section 5.3). */
  readonly isEncrypted: boolean;
}

const field = <const Name extends string>(
  name: Name,
  size: number,
  content: FieldContent = 'ASCII',
): FieldLayout<Name> => ({ name, size, content, maxBytes: content === 'ECHO' ? size : size - 1 });

/** HeadType 4C and MsgLeng 10C (section 3.1). */
export const HEAD_TYPE_BYTES = 4;
export const MSG_LENG_BYTES = 10;
export const HEADER_BYTES = HEAD_TYPE_BYTES + MSG_LENG_BYTES;

export const PROTOCOL_VERSION = 'TV_2.0.1';

/** A DELIVER is one HeadType with two bodies of 221 bytes, told apart by MSGTYPE (section 4.3). */
const DELIVER = { headType: '21', hasTail: true, isEncrypted: true } as const;
const DELIVER_BEGIN = [field('MSGTYPE', 2), field('DA_ADDR', 20), field('CALLBACK', 20), field('ENCODING', 2)] as const;
const DELIVER_END = [
  field('SERIAL', 20),
  field('SENDER_CODE', 10),
  field('MEDIACNT', 2),
  field('EXT_SIZE', 4),
] as const;

export const PACKETS = {
  CERT: {
    headType: '0',
    hasTail: false,
    isEncrypted: false,
    fields: [field('ID', 20), field('PWD', 110), field('VERSION', 15), field('KEYPOS', 4)],
  },
  CERT_ACK: {
    headType: '1',
    hasTail: false,
    isEncrypted: false,
    fields: [
      field('RESULT', 4),
      field('CERT_KEY', 65),
      // Carries the reason, in Korean, where RESULT is not OK.
      field('SERVER_IP', 40, 'MS949'),
      field('DELIVER_PORT', 8),
      field('REPORT_PORT', 8),
    ],
  },
  BIND: {
    headType: '11',
    hasTail: false,
    isEncrypted: false,
    fields: [
      field('ID', 20),
      field('PWD', 110),
      field('CERT_KEY', 65),
      field('TYPE', 2),
      field('KIND', 4),
      field('VERSION', 15),
      field('KEYPOS', 4),
    ],
  },
  BIND_ACK: {
    headType: '12',
    hasTail: false,
    isEncrypted: false,
    fields: [
      field('RESULT', 4),
      field('SMS_TPS', 5),
      field('MMS_TPS', 5),
      field('KKO_TPS', 5),
      field('MESSAGE', 40, 'MS949'),
    ],
  },
  DELIVER: { ...DELIVER, fields: [...DELIVER_BEGIN, field('TEXT', 141, 'MS949'), ...DELIVER_END] },
  /** AlimTalk and FriendTalk: KAKAO_INFO stands in the place of TEXT. */
  DELIVER_KAKAO: {
    ...DELIVER,
    fields: [
      ...DELIVER_BEGIN,
      field('SENDERKEY', 41),
      field('TEMPLATE', 31),
      field('METHOD', 2),
      field('FAILOVER', 2),
      field('TITLE', 65, 'MS949'),
      ...DELIVER_END,
    ],
  },
  DELIVER_ACK: {
    headType: '22',
    hasTail: false,
    isEncrypted: true,
    fields: [field('RESULT', 4), field('DA_ADDR', 20, 'ECHO'), field('SERIAL', 20, 'ECHO')],
  },
  REPORT: {
    headType: '31',
    hasTail: false,
    isEncrypted: true,
    fields: [
      field('RESULT', 4),
      field('MESSAGE', 15),
      field('DA_ADDR', 20),
      field('SERIAL', 20),
      field('GWSERIAL', 16),
      field('SENDTIME', 15),
      field('TELCOINFO', 4),
    ],
  },
  REPORT_ACK: {
    headType: '32',
    hasTail: false,
    isEncrypted: true,
    fields: [field('RESULT', 4), field('SERIAL', 20, 'ECHO'), field('GWSERIAL', 16, 'ECHO')],
  },
  LINK: { headType: '41', hasTail: false, isEncrypted: false, fields: [] },
  LINK_ACK: { headType: '42', hasTail: false, isEncrypted: false, fields: [] },
  // DATA of TYPE 0 is a reason in Korean.
  EVENT: {
    headType: '51',
    hasTail: false,
    isEncrypted: false,
    fields: [field('TYPE', 2), field('DATA', 88, 'MS949')],
  },
} as const satisfies Record<string, PacketLayout>;

export type PacketName = keyof typeof PACKETS;
type FieldName<N extends PacketName> = (typeof PACKETS)[N]['fields'][number]['name'];
/** Every field as text. SERIAL and GWSERIAL too: a number would lose digits. */
export type FieldValues<N extends PacketName> = { readonly [F in FieldName<N>]: string };

/** The MSGTYPEs whose DELIVER is DELIVER_KAKAO. */
export const KAKAO_MSGTYPES: readonly string[] = ['A', 'a', 'F', 'f', 'W'];

/** EXTENTION: EXT_SIZE tells which of the two follows, or 0 for none (section 4.3). */
export const EXTENTIONS = { DPT_CODE: field('DPT_CODE', 10), NAT_CODE: field('NAT_CODE', 16) } as const;

/** Before each MEDIA; then exactly MFILELEN bytes without a terminator, MEDIACNT times (section 4.3). */
export const MEDIA_HEADER = [field('MTYPE', 3), field('ENCODING', 2), field('MFILELEN', 10)] as const;

/** Bytes of TEXT by MSGTYPE: below the field's own size for a body (SMS) and a subject (LMS, MMS), section 4.3. */
export const TEXT_MAX_BYTES: Readonly<Record<string, number>> = { S: 90, L: 64, M: 64 };

/** Length of the fixed fields. */
export function bodyBytes(fields: readonly FieldLayout[]): number {
  return fields.reduce((sum, { size }) => sum + size, 0);
}
