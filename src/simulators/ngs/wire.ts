/**
 * NGS packets as the simulator reads them in the document (2.0.1, sections 3 and 4): its own field tables, its own
 * framing and its own idea of padding, so that a slip in our client's codec cannot hide behind a shared one.
 */
import iconv from 'iconv-lite';

export const HEAD = {
  CERT: '0',
  CERT_ACK: '1',
  BIND: '11',
  BIND_ACK: '12',
  DELIVER: '21',
  DELIVER_ACK: '22',
  REPORT: '31',
  REPORT_ACK: '32',
  LINK: '41',
  LINK_ACK: '42',
  EVENT: '51',
} as const;

type Layout = Readonly<Record<string, number>>;

/** Bytes of each field, in wire order. */
export const CERT = { ID: 20, PWD: 110, VERSION: 15, KEYPOS: 4 } as const;
export const CERT_ACK = { RESULT: 4, CERT_KEY: 65, SERVER_IP: 40, DELIVER_PORT: 8, REPORT_PORT: 8 } as const;
export const BIND = { ID: 20, PWD: 110, CERT_KEY: 65, TYPE: 2, KIND: 4, VERSION: 15, KEYPOS: 4 } as const;
export const BIND_ACK = { RESULT: 4, SMS_TPS: 5, MMS_TPS: 5, KKO_TPS: 5, MESSAGE: 40 } as const;
const DELIVER_START = { MSGTYPE: 2, DA_ADDR: 20, CALLBACK: 20, ENCODING: 2 } as const;
const DELIVER_END = { SERIAL: 20, SENDER_CODE: 10, MEDIACNT: 2, EXT_SIZE: 4 } as const;
export const DELIVER = { ...DELIVER_START, TEXT: 141, ...DELIVER_END } as const;
/** In a Kakao message these five stand in the place of TEXT. */
export const KAKAO_DELIVER = {
  ...DELIVER_START,
  SENDERKEY: 41,
  TEMPLATE: 31,
  METHOD: 2,
  FAILOVER: 2,
  TITLE: 65,
  ...DELIVER_END,
} as const;
/** In front of each attachment; its bytes follow without a NUL of their own. */
export const MEDIA = { MTYPE: 3, ENCODING: 2, MFILELEN: 10 } as const;
export const DELIVER_ACK = { RESULT: 4, DA_ADDR: 20, SERIAL: 20 } as const;
export const REPORT = {
  RESULT: 4,
  MESSAGE: 15,
  DA_ADDR: 20,
  SERIAL: 20,
  GWSERIAL: 16,
  SENDTIME: 15,
  TELCOINFO: 4,
} as const;
export const REPORT_ACK = { RESULT: 4, SERIAL: 20, GWSERIAL: 16 } as const;
export const EVENT = { TYPE: 2, DATA: 88 } as const;

const HEADER_BYTES = 14;
const HEAD_TYPE_BYTES = 4;
export const DELIVER_BYTES = 221;
export const MEDIA_BYTES = 15;
/** Four attachments of at most 2 MB (section 6), their headers, and the longer EXTENTION. */
export const MAX_DELIVER_BYTES = DELIVER_BYTES + 16 + 4 * (15 + 2 * 1_048_576);

/** What the document promises about a packet was broken; the server may end the connection (section 1.2). */
export class NgsViolation extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'NgsViolation';
  }
}

export interface Frame {
  readonly headType: string;
  readonly body: Buffer;
}

/**
 * Cuts a byte stream into packets however it arrives. `lengthAllowed` judges each header before its body is awaited,
 * so nothing is held that could not be legal. One packet at a time, since each may change what the next may be.
 * Throws NgsViolation.
 */
export function createFrameReader(
  lengthAllowed: (headType: string, length: number) => boolean,
): (chunk: Buffer) => Iterable<Frame> {
  let parts: Buffer[] = [];
  let held = 0;
  let needed = HEADER_BYTES;
  let headType: string | undefined;

  return function* (chunk) {
    parts.push(chunk);
    held += chunk.length;
    while (held >= needed) {
      const bytes = parts.length === 1 ? (parts[0] ?? chunk) : Buffer.concat(parts, held);
      parts = [bytes];
      if (headType === undefined) {
        headType = numeral(bytes.subarray(0, HEAD_TYPE_BYTES), 'HeadType');
        // LINK has no body; whether its MsgLeng reads "0" or stays NUL is not said.
        const printed = numeral(bytes.subarray(HEAD_TYPE_BYTES, HEADER_BYTES), 'MsgLeng', headType === HEAD.LINK);
        const length = Number(printed);
        if (!lengthAllowed(headType, length)) {
          throw new NgsViolation(`HeadType ${headType} with MsgLeng ${printed} is not expected here.`);
        }
        needed = HEADER_BYTES + length;
        continue;
      }
      const frame = { headType, body: bytes.subarray(HEADER_BYTES, needed) };
      const rest = bytes.subarray(needed);
      parts = rest.length > 0 ? [rest] : [];
      held = rest.length;
      needed = HEADER_BYTES;
      headType = undefined;
      yield frame;
    }
  };
}

function numeral(field: Buffer, name: string, mayBeEmpty = false): string {
  const text = field.toString('latin1');
  const match = /^(0|[1-9]\d*)\0*$/.exec(text);
  if (match !== null) return match[1] ?? '';
  if (mayBeEmpty && /^\0+$/.test(text)) return '';
  throw new NgsViolation(`${name} is no decimal number padded with NUL.`);
}

/**
 * The content of each field, without its padding. Throws NgsViolation where a field is not filled from the front and
 * padded with NUL to its end (section 1.2), or leaves no NUL at all: every sample keeps one.
 */
export function readFields<L extends Layout>(layout: L, body: Buffer): { readonly [N in keyof L]: Buffer } {
  const fields: Record<string, Buffer> = {};
  let at = 0;
  for (const [name, size] of Object.entries(layout)) {
    const field = body.subarray(at, at + size);
    at += size;
    const end = field.indexOf(0);
    if (end === -1) throw new NgsViolation(`${name} has no NUL behind its content.`);
    if (field.subarray(end).some((byte) => byte !== 0)) throw new NgsViolation(`${name} has bytes behind its NUL.`);
    fields[name] = field.subarray(0, end);
  }
  return fields as { readonly [N in keyof L]: Buffer };
}

/** In the clear. Text is cut to what its field holds with one NUL left, since the simulator's reasons may be long. */
export function buildFrame<L extends Layout>(
  headType: string,
  layout: L,
  values: { readonly [N in keyof L]?: string | Buffer },
): Frame {
  const body = Buffer.alloc(Object.values(layout).reduce((sum, size) => sum + size, 0));
  let at = 0;
  for (const [name, size] of Object.entries(layout)) {
    const value = values[name] ?? '';
    const bytes = typeof value === 'string' ? iconv.encode(value, 'cp949') : value;
    bytes.copy(body, at, 0, size - 1);
    at += size;
  }
  return { headType, body };
}

/** Header and body in one, as they must leave (section 1.2). */
export function packetOf({ headType, body }: Frame): Buffer {
  const packet = Buffer.concat([Buffer.alloc(HEADER_BYTES), body]);
  packet.write(headType, 0, 'latin1');
  writeLength(packet, String(body.length));
  return packet;
}

/** Puts another MsgLeng, true or not, into a packet. */
export function writeLength(packet: Buffer, length: string): void {
  packet.fill(0, HEAD_TYPE_BYTES, HEADER_BYTES);
  packet.write(length, HEAD_TYPE_BYTES, HEADER_BYTES - HEAD_TYPE_BYTES, 'latin1');
}
