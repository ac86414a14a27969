/**
 * Packets to bytes, and the bytes of one whole packet back to its fields. Never truncates, never substitutes a character,
 * copies an attachment once. It knows no socket, no stream and no order of packets.
 */
import { decodeMs949, ms949ByteLength, writeMs949 } from '../../korean/ms949.ts';
import type { BodyCipher } from './cipher.ts';
import {
  bodyBytes,
  EXTENTIONS,
  type FieldLayout,
  type FieldValues,
  HEAD_TYPE_BYTES,
  HEADER_BYTES,
  KAKAO_MSGTYPES,
  MEDIA_HEADER,
  PACKETS,
  type PacketLayout,
  type PacketName,
  TEXT_MAX_BYTES,
} from './packets.ts';

/** A value of ours that no packet may carry. */
export type FieldFault = 'TOO_LONG' | 'TOO_MANY' | 'MISSING' | 'HAS_NUL' | 'UNENCODABLE' | 'TAIL_MISMATCH';

export class FieldRejected extends Error {
  readonly field: string;
  readonly fault: FieldFault;
  /** Names the field but never its value: values are personal. */
  constructor(field: string, fault: FieldFault) {
    super(`${field}: ${fault}`);
    this.name = 'FieldRejected';
    this.field = field;
    this.fault = fault;
  }
}

/** EXTENTION of a DELIVER. */
export interface Extension {
  readonly field: keyof typeof EXTENTIONS;
  readonly value: string;
}

/** One MEDIA of a DELIVER. */
export interface Media {
  readonly MTYPE: string;
  /** EUC-KR (MS949), UTF-8 or binary (section 4.3): it says what `content` becomes. */
  readonly ENCODING: '0' | '1' | '2';
  readonly content: string | Uint8Array;
}

/** What follows the fields of a DELIVER; EXT_SIZE and MEDIACNT must announce it. */
export interface Tail {
  readonly extension?: Extension | undefined;
  readonly media?: readonly Media[];
}

/** A field as the loops below read it: all of one shape, nothing left to look up. */
interface CompiledField {
  readonly name: string;
  /** From the start of the frame. */
  readonly offset: number;
  readonly size: number;
  readonly maxBytes: number;
  readonly isKorean: boolean;
  /** Where it is not Korean: the character codes that it may hold. */
  readonly lowest: number;
  readonly highest: number;
}

interface CompiledPacket {
  readonly name: PacketName;
  readonly fields: readonly CompiledField[];
  readonly hasTail: boolean;
  readonly isEncrypted: boolean;
  readonly fixedBytes: number;
  /** Header filled, body zero: encoding copies it. */
  readonly template: Buffer;
}

/** A packet's fields by name, where the packet itself does not matter. */
interface Values {
  [field: string]: string | undefined;
  MSGTYPE?: string;
  MEDIACNT?: string;
  EXT_SIZE?: string;
}

const NO_TAIL: Tail = {};
const NO_MEDIA: readonly Media[] = [];

export const PACKET_NAMES = Object.keys(PACKETS) as PacketName[];
export const COMPILED = Object.fromEntries(PACKET_NAMES.map((name) => [name, compile(name, PACKETS[name])])) as Record<
  PacketName,
  CompiledPacket
>;

const MEDIA_HEADER_BYTES = bodyBytes(MEDIA_HEADER);
const MEDIA_FIELDS = compileFields(MEDIA_HEADER, 0);
const EXTENSION_FIELDS = {
  DPT_CODE: compileField(EXTENTIONS.DPT_CODE, 0),
  NAT_CODE: compileField(EXTENTIONS.NAT_CODE, 0),
};

function compile(name: PacketName, layout: PacketLayout): CompiledPacket {
  const fields = compileFields(layout.fields, HEADER_BYTES);
  const fixedBytes = bodyBytes(layout.fields);
  const template = Buffer.alloc(HEADER_BYTES + fixedBytes);
  template.write(layout.headType, 0, 'latin1');
  writeMsgLeng(template, fixedBytes);
  const { hasTail, isEncrypted } = layout;
  return { name, fields, hasTail, isEncrypted, fixedBytes, template };
}

function compileFields(layout: readonly FieldLayout[], start: number): CompiledField[] {
  let offset = start;
  return layout.map((field) => {
    offset += field.size;
    return compileField(field, offset - field.size);
  });
}

function compileField({ name, size, content, maxBytes }: FieldLayout, offset: number): CompiledField {
  const [lowest, highest] = content === 'ECHO' ? [0x01, 0xff] : [0x20, 0x7e];
  return { name, offset, size, maxBytes, isKorean: content === 'MS949', lowest, highest };
}

function writeMsgLeng(frame: Buffer, length: number): void {
  frame.fill(0, HEAD_TYPE_BYTES, HEADER_BYTES);
  frame.write(String(length), HEAD_TYPE_BYTES, 'latin1');
}

/** Throws FieldRejected for a value that does not fit or cannot be encoded; nothing of the packet exists then. */
export function encodePacket<N extends PacketName>(name: N, fields: FieldValues<N>, tail: Tail = NO_TAIL): Uint8Array {
  const { fields: layout, template, fixedBytes, hasTail } = COMPILED[name];
  const values = fields as Values;
  const tailBytes = hasTail ? announcedBytes(values, tail) : 0;
  // Every byte of it is written: the template here, the tail below.
  const frame = Buffer.allocUnsafe(template.length + tailBytes);
  frame.set(template);
  for (const field of layout) {
    const value = values[field.name] ?? '';
    if (field.isKorean) writeKorean(frame, field.name, field.offset, value, textMaxBytes(field, values));
    else writeAscii(frame, field, field.offset, value);
  }
  if (tailBytes > 0) {
    writeMsgLeng(frame, fixedBytes + tailBytes);
    writeTail(frame, template.length, tail);
  }
  return frame;
}

/** The same packet with its body encrypted and its MsgLeng told anew (section 5.3). */
export function encryptFrame(frame: Uint8Array, cipher: Pick<BodyCipher, 'encrypt'>): Uint8Array {
  const body = cipher.encrypt(frame.subarray(HEADER_BYTES));
  const encrypted = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  encrypted.set(frame.subarray(0, HEAD_TYPE_BYTES));
  writeMsgLeng(encrypted, body.length);
  encrypted.set(body, HEADER_BYTES);
  return encrypted;
}

function textMaxBytes({ name, maxBytes }: CompiledField, values: Values): number {
  return (name === 'TEXT' ? TEXT_MAX_BYTES[values.MSGTYPE ?? ''] : undefined) ?? maxBytes;
}

function writeAscii(frame: Buffer, field: CompiledField, offset: number, value: string): void {
  if (value.length > field.maxBytes) throw new FieldRejected(field.name, 'TOO_LONG');
  const { lowest, highest } = field;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < lowest || code > highest) throw new FieldRejected(field.name, code === 0 ? 'HAS_NUL' : 'UNENCODABLE');
    frame[offset + i] = code;
  }
}

function writeKorean(frame: Buffer, name: string, offset: number, value: string, max: number): void {
  if (value.includes('\0')) throw new FieldRejected(name, 'HAS_NUL');
  let written = 0;
  try {
    written = writeMs949(value, frame, offset);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FieldRejected(name, ms949ByteLength(value) > max ? 'TOO_LONG' : 'UNENCODABLE');
  }
  // What it wrote over the next field dies with the frame.
  if (written > max) throw new FieldRejected(name, 'TOO_LONG');
}

/** The bytes of the tail, whose parts must be those that the fields announce. */
function announcedBytes(values: Values, { extension, media = NO_MEDIA }: Tail): number {
  const extensionBytes = extension === undefined ? 0 : EXTENTIONS[extension.field].size;
  if (values.EXT_SIZE !== String(extensionBytes) || values.MEDIACNT !== String(media.length)) {
    throw new FieldRejected('MEDIACNT', 'TAIL_MISMATCH');
  }
  let bytes = extensionBytes;
  for (const each of media) bytes += MEDIA_HEADER_BYTES + contentBytes(each);
  return bytes;
}

function writeTail(frame: Buffer, start: number, { extension, media = NO_MEDIA }: Tail): void {
  let offset = start;
  if (extension !== undefined) {
    const field = EXTENSION_FIELDS[extension.field];
    frame.fill(0, offset, offset + field.size);
    writeAscii(frame, field, offset, extension.value);
    offset += field.size;
  }
  for (const each of media) {
    const length = contentBytes(each);
    frame.fill(0, offset, offset + MEDIA_HEADER_BYTES);
    const values: Values = { MTYPE: each.MTYPE, ENCODING: each.ENCODING, MFILELEN: String(length) };
    for (const field of MEDIA_FIELDS) writeAscii(frame, field, offset + field.offset, values[field.name] ?? '');
    offset += MEDIA_HEADER_BYTES;
    writeContent(frame, offset, each, length);
    offset += length;
  }
}

function contentBytes({ ENCODING: encoding, content }: Media): number {
  if (typeof content !== 'string') return content.length;
  return encoding === '0' ? ms949ByteLength(content) : Buffer.byteLength(content, 'utf8');
}

function writeContent(
  frame: Buffer,
  offset: number,
  { MTYPE: mtype, ENCODING: encoding, content }: Media,
  length: number,
) {
  if (typeof content !== 'string') frame.set(content, offset);
  else if (encoding === '0') writeKorean(frame, `MEDIA ${mtype}`, offset, content, length);
  else {
    if (content.includes('\0')) throw new FieldRejected(`MEDIA ${mtype}`, 'HAS_NUL');
    // Half of a pair of surrogates has no UTF-8: it would leave as U+FFFD.
    if (/\p{Cs}/u.test(content)) throw new FieldRejected(`MEDIA ${mtype}`, 'UNENCODABLE');
    frame.write(content, offset, 'utf8');
  }
}

/** The layout that a frame of this HeadType has: a DELIVER shows by its MSGTYPE which of its two it is. */
export function layoutOf(packet: CompiledPacket, frame: Buffer): CompiledPacket {
  if (packet.name !== 'DELIVER') return packet;
  return KAKAO_MSGTYPES.includes(String.fromCharCode(frame[HEADER_BYTES] ?? 0)) ? COMPILED.DELIVER_KAKAO : packet;
}

/** The frame must be at least as long as its layout, so that every field lies inside it. */
export function readFields(frame: Buffer, { fields, template }: CompiledPacket): Values {
  const values: Values = {};
  // One character a byte, so that nothing a peer put in an identifier is lost; one call for all fields is cheapest.
  const characters = frame.toString('latin1', 0, template.length);
  for (const { name, offset, size, isKorean } of fields) {
    const nul = characters.indexOf('\0', offset);
    const end = nul < 0 || nul > offset + size ? offset + size : nul;
    values[name] = isKorean ? decodeMs949(frame.subarray(offset, end)) : characters.slice(offset, end);
  }
  return values;
}
