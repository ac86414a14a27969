/**
 * A second, dumber reading of the NGS document: packets as concatenated paddings, written and read without the
 * project's codec and encrypted with a cipher of its own for each, so that a mistake there cannot cancel itself out.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import iconv from 'iconv-lite';

const LAYOUTS = {
  CERT: ['0', 'ID 20, PWD 110, VERSION 15, KEYPOS 4'],
  CERT_ACK: ['1', 'RESULT 4, CERT_KEY 65, SERVER_IP 40, DELIVER_PORT 8, REPORT_PORT 8'],
  BIND: ['11', 'ID 20, PWD 110, CERT_KEY 65, TYPE 2, KIND 4, VERSION 15, KEYPOS 4'],
  BIND_ACK: ['12', 'RESULT 4, SMS_TPS 5, MMS_TPS 5, KKO_TPS 5, MESSAGE 40'],
  DELIVER: [
    '21',
    'MSGTYPE 2, DA_ADDR 20, CALLBACK 20, ENCODING 2, TEXT 141, SERIAL 20, SENDER_CODE 10, MEDIACNT 2, EXT_SIZE 4',
  ],
  DELIVER_KAKAO: [
    '21',
    'MSGTYPE 2, DA_ADDR 20, CALLBACK 20, ENCODING 2, SENDERKEY 41, TEMPLATE 31, METHOD 2, FAILOVER 2, TITLE 65, SERIAL 20, SENDER_CODE 10, MEDIACNT 2, EXT_SIZE 4',
  ],
  DELIVER_ACK: ['22', 'RESULT 4, DA_ADDR 20, SERIAL 20'],
  REPORT: ['31', 'RESULT 4, MESSAGE 15, DA_ADDR 20, SERIAL 20, GWSERIAL 16, SENDTIME 15, TELCOINFO 4'],
  REPORT_ACK: ['32', 'RESULT 4, SERIAL 20, GWSERIAL 16'],
  LINK: ['41', ''],
  LINK_ACK: ['42', ''],
  EVENT: ['51', 'TYPE 2, DATA 88'],
} as const;

export type DumbName = keyof typeof LAYOUTS;
export type DumbFields = Record<string, string>;

function layoutOf(name: DumbName): { readonly name: string; readonly size: number }[] {
  const text: string = LAYOUTS[name][1];
  return text
    .split(', ')
    .filter((each) => each !== '')
    .map((each) => ({ name: each.split(' ')[0] ?? '', size: Number(each.split(' ')[1]) }));
}

export const eucKr = (text: string): Buffer => iconv.encode(text, 'cp949');
export const eucKrText = (bytes: Buffer): string => iconv.decode(bytes, 'cp949');

function padded(text: string, size: number): Buffer {
  const bytes = eucKr(text);
  if (bytes.length > size) throw new Error(`${text} does not fit ${size}`);
  return Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]);
}

export function header(headType: string, msgLeng: string): Buffer {
  return Buffer.concat([padded(headType, 4), padded(msgLeng, 10)]);
}

export function dumbPacket(name: DumbName, fields: DumbFields = {}, tail: Uint8Array = Buffer.alloc(0)): Buffer {
  const body = Buffer.concat([...layoutOf(name).map((each) => padded(fields[each.name] ?? '', each.size)), tail]);
  return Buffer.concat([header(LAYOUTS[name][0], String(body.length)), body]);
}

/** One MEDIA of a DELIVER. */
export function dumbMedia(mtype: string, encoding: string, file: Uint8Array): Buffer {
  return Buffer.concat([padded(mtype, 3), padded(encoding, 2), padded(String(file.length), 10), file]);
}

const ENCRYPTED = ['21', '22', '31', '32'];
const ZERO_IV = Buffer.alloc(16);

export function dumbKey(password: string, keypos: number): Buffer {
  const hex = createHash('sha256').update(password).digest('hex');
  return Buffer.from(hex.slice(keypos, keypos + 32).padEnd(32, '\0'), 'latin1');
}

/** The packet as it leaves on a session of TYPE P. */
export function dumbEncrypt(packet: Buffer, key: Buffer): Buffer {
  const headType = text(packet.subarray(0, 4));
  if (!ENCRYPTED.includes(headType)) return packet;
  const cipher = createCipheriv('aes-256-cbc', key, ZERO_IV);
  const body = Buffer.concat([cipher.update(packet.subarray(14)), cipher.final()]);
  return Buffer.concat([header(headType, String(body.length)), body]);
}

function dumbDecrypt(body: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-cbc', key, ZERO_IV);
  return Buffer.concat([decipher.update(body), decipher.final()]);
}

export interface DumbPacket {
  readonly name: DumbName;
  readonly fields: DumbFields;
  /** Behind the fields. */
  readonly tail: Buffer;
}

/** Takes the whole packets off the front; what is left is half of one. */
export function dumbRead(bytes: Buffer, key?: Buffer): { readonly packets: DumbPacket[]; readonly rest: Buffer } {
  const packets: DumbPacket[] = [];
  let rest = bytes;
  while (rest.length >= 14) {
    const length = Number(text(rest.subarray(4, 14)));
    if (rest.length < 14 + length) break;
    const headType = text(rest.subarray(0, 4));
    const isEncrypted = key !== undefined && ENCRYPTED.includes(headType);
    const received = rest.subarray(14, 14 + length);
    const body = isEncrypted ? dumbDecrypt(received, key) : received;
    const isKakao = headType === '21' && /^[AaFfW]/.test(text(body));
    const found = (Object.keys(LAYOUTS) as DumbName[]).find((each) => LAYOUTS[each][0] === headType);
    const name = isKakao ? 'DELIVER_KAKAO' : found;
    if (name === undefined) throw new Error(`No packet ${headType}`);
    const fields: DumbFields = {};
    let offset = 0;
    for (const each of layoutOf(name)) {
      fields[each.name] = text(body.subarray(offset, offset + each.size));
      offset += each.size;
    }
    packets.push({ name, fields, tail: body.subarray(offset) });
    rest = rest.subarray(14 + length);
  }
  return { packets, rest };
}

function text(field: Buffer): string {
  return iconv.decode(field, 'cp949').replace(/\0.*$/s, '');
}
