/**
 * Packets to bytes and back, and bytes to packets whatever their chunking. Never truncates, never substitutes a
 * character, buffers at most one frame. It knows no socket, no order of packets and no cipher.
 */
import { decodeMs949, ms949ByteLength, writeMs949 } from '../../korean/ms949.ts';
import {
  bodyBytes,
  type FieldLayout,
  type FieldValues,
  HEAD_TYPE_BYTES,
  HEADER_BYTES,
  MEDIA_HEADER,
  MSG_LENG_BYTES,
  PACKETS,
  type PacketLayout,
  type PacketName,
  TEXT_MAX_BYTES,
} from './packets.ts';

/** What a peer can do wrong. Any of them ends the connection: nothing behind it can be trusted. */
export type WireFault =
  /** No HeadType of section 3.2, or not padded with NULs. */
  | 'UNKNOWN_TYPE'
  /** A HeadType that this side never receives here. */
  | 'UNEXPECTED_TYPE'
  /** MsgLeng is not decimal digits padded with NULs. */
  | 'MALFORMED_LENGTH'
  /** Not the fixed size of its type, or above the cap for DELIVER. */
  | 'WRONG_LENGTH'
  /** EXTENTION and MEDIA do not add up to MsgLeng. */
  | 'MALFORMED_TAIL';

export class WireError extends Error {
  readonly fault: WireFault;
  constructor(fault: WireFault, detail: string) {
    super(`${fault}: ${detail}`);
    this.name = 'WireError';
    this.fault = fault;
  }
}

/** A value of ours that no packet may carry. */
export type FieldFault = 'TOO_LONG' | 'HAS_NUL' | 'UNENCODABLE' | 'TAIL_MISMATCH';

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

interface PacketOf<N extends PacketName> {
  readonly name: N;
  readonly fields: FieldValues<N>;
  /** EXTENTION and MEDIA as they stand; empty but for DELIVER. */
  readonly tail: Uint8Array;
  /** The whole frame, header included. A view: copy what is kept beyond the turn. */
  readonly bytes: Uint8Array;
}

export type Packet = { [N in PacketName]: PacketOf<N> }[PacketName];

interface PlacedField extends FieldLayout {
  /** From the start of the frame. */
  readonly offset: number;
}

interface CompiledPacket {
  readonly name: PacketName;
  readonly fields: readonly PlacedField[];
  readonly hasTail: boolean;
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

const NO_TAIL = new Uint8Array(0);
const NAMES = Object.keys(PACKETS) as PacketName[];
const COMPILED = Object.fromEntries(NAMES.map((name) => [name, compile(name, PACKETS[name])])) as Record<
  PacketName,
  CompiledPacket
>;
const NAME_BY_HEAD_TYPE = new Map<string, PacketName>(NAMES.map((name) => [PACKETS[name].headType, name]));

function compile(name: PacketName, layout: PacketLayout): CompiledPacket {
  let offset = HEADER_BYTES;
  const fields = layout.fields.map((field) => {
    const placed = { ...field, offset };
    offset += field.size;
    return placed;
  });
  const fixedBytes = bodyBytes(layout.fields);
  const template = Buffer.alloc(HEADER_BYTES + fixedBytes);
  template.write(layout.headType, 0, 'latin1');
  template.write(String(fixedBytes), HEAD_TYPE_BYTES, 'latin1');
  return { name, fields, hasTail: layout.hasTail, fixedBytes, template };
}

/** Throws FieldRejected for a value that does not fit or cannot be encoded; nothing of the packet exists then. */
export function encodePacket<N extends PacketName>(
  name: N,
  fields: FieldValues<N>,
  tail: Uint8Array = NO_TAIL,
): Uint8Array {
  const { fields: layout, template, fixedBytes, hasTail } = COMPILED[name];
  const values = fields as Values;
  const frame = startFrame(template, fixedBytes, tail);
  for (const field of layout) {
    const write = field.content === 'MS949' ? writeKorean : writeBytes;
    write(frame, field, values[field.name] ?? '', maxBytes(field, values));
  }
  if (hasTail ? !isTailWhole(values, tail) : tail.length > 0) throw new FieldRejected('MEDIACNT', 'TAIL_MISMATCH');
  return frame;
}

function startFrame(template: Buffer, fixedBytes: number, tail: Uint8Array): Buffer {
  if (tail.length === 0) return Buffer.from(template);
  const frame = Buffer.alloc(template.length + tail.length);
  frame.set(template);
  frame.fill(0, HEAD_TYPE_BYTES, HEADER_BYTES);
  frame.write(String(fixedBytes + tail.length), HEAD_TYPE_BYTES, 'latin1');
  frame.set(tail, template.length);
  return frame;
}

function maxBytes(field: FieldLayout, values: Values): number {
  if (field.name !== 'TEXT') return field.maxBytes;
  return TEXT_MAX_BYTES[values.MSGTYPE ?? ''] ?? field.maxBytes;
}

function writeBytes(frame: Buffer, field: PlacedField, value: string, max: number): void {
  if (value.length > max) throw new FieldRejected(field.name, 'TOO_LONG');
  const isEcho = field.content === 'ECHO';
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0) throw new FieldRejected(field.name, 'HAS_NUL');
    if (isEcho ? code > 0xff : code < 0x20 || code > 0x7e) throw new FieldRejected(field.name, 'UNENCODABLE');
    frame[field.offset + i] = code;
  }
}

function writeKorean(frame: Buffer, field: PlacedField, value: string, max: number): void {
  if (value.includes('\0')) throw new FieldRejected(field.name, 'HAS_NUL');
  if (ms949ByteLength(value) > max) throw new FieldRejected(field.name, 'TOO_LONG');
  try {
    writeMs949(value, frame, field.offset);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FieldRejected(field.name, 'UNENCODABLE');
  }
}

/** The frame must have passed the decoder's length check, so that every field lies inside it. */
function readFields(frame: Buffer, { fields, template }: CompiledPacket): Values {
  const values: Values = {};
  // One character a byte, so that nothing a peer put in an identifier is lost; one call for all fields is cheapest.
  const characters = frame.toString('latin1', 0, template.length);
  for (const { name, offset, size, content } of fields) {
    const nul = characters.indexOf('\0', offset);
    const end = nul < 0 || nul > offset + size ? offset + size : nul;
    values[name] = content === 'MS949' ? decodeMs949(frame.subarray(offset, end)) : characters.slice(offset, end);
  }
  return values;
}

/** Section 4.3: EXT_SIZE bytes, then MEDIACNT times MTYPE 3C, ENCODING 2C, MFILELEN 10C and the file. */
function isTailWhole(values: Values, tail: Uint8Array): boolean {
  const extensionBytes = decimal(values.EXT_SIZE ?? '');
  const mediaCount = decimal(values.MEDIACNT ?? '');
  if (extensionBytes === undefined || mediaCount === undefined) return false;
  const headerBytes = bodyBytes(MEDIA_HEADER);
  const lengthBytes = MEDIA_HEADER[2].size;
  const bytes = asBuffer(tail);
  let offset = extensionBytes;
  for (let i = 0; i < mediaCount; i++) {
    if (offset + headerBytes > bytes.length) return false;
    const fileBytes = decimalField(bytes, offset + headerBytes - lengthBytes, lengthBytes);
    if (fileBytes === undefined) return false;
    offset += headerBytes + fileBytes;
  }
  return offset === bytes.length;
}

interface DecodeStep {
  /** What this chunk completed, in order, up to the fault. */
  readonly packets: readonly Packet[];
  /** Set once the peer broke the wire; from then on every push repeats it and decodes nothing. */
  readonly fault: WireError | undefined;
}

export interface FrameDecoder {
  push(chunk: Uint8Array): DecodeStep;
  /** Whether a frame has begun and not ended. */
  isMidFrame(): boolean;
}

/** The largest legal DELIVER: four attachments of 2 MB and their headers (section 6). */
const LARGEST_DELIVER_BYTES = 9 * 1024 * 1024;

export function createFrameDecoder(options: {
  readonly accepts: readonly PacketName[];
  /** @default 9 MiB */
  readonly maxDeliverBytes?: number;
}): FrameDecoder {
  const { maxDeliverBytes = LARGEST_DELIVER_BYTES } = options;
  const accepts = new Set<PacketName>(options.accepts);
  const header = Buffer.alloc(HEADER_BYTES);
  let frame: Buffer = header;
  let filled = 0;
  let expected: CompiledPacket | undefined;
  let fault: WireError | undefined;

  /** Judges a whole header before a byte is set aside for its body. */
  function open(): WireError | undefined {
    const headType = paddedText(header, 0, HEAD_TYPE_BYTES);
    const name = headType === undefined ? undefined : NAME_BY_HEAD_TYPE.get(headType);
    if (name === undefined) return new WireError('UNKNOWN_TYPE', 'no such HeadType');
    if (!accepts.has(name)) return new WireError('UNEXPECTED_TYPE', name);
    const packet = COMPILED[name];
    const lengthText = paddedText(header, HEAD_TYPE_BYTES, MSG_LENG_BYTES);
    // LINK and LINK_ACK have no body (section 3.2); peers may leave their MsgLeng empty.
    const length = lengthText === '' && packet.fixedBytes === 0 ? 0 : decimal(lengthText ?? '');
    if (length === undefined) return new WireError('MALFORMED_LENGTH', name);
    const isLegal = packet.hasTail
      ? length >= packet.fixedBytes && length <= maxDeliverBytes
      : length === packet.fixedBytes;
    if (!isLegal) return new WireError('WRONG_LENGTH', `${name} of ${length} bytes`);
    expected = packet;
    // Read only once it is full, so what the memory held before never shows.
    frame = Buffer.allocUnsafe(HEADER_BYTES + length);
    header.copy(frame);
    return undefined;
  }

  /** The frame is full: its packet, or why it is none. */
  function close(packet: CompiledPacket): Packet | WireError {
    const bytes = frame;
    frame = header;
    filled = 0;
    expected = undefined;
    const fields = readFields(bytes, packet);
    const tail = bytes.subarray(HEADER_BYTES + packet.fixedBytes);
    if (packet.hasTail && !isTailWhole(fields, tail)) return new WireError('MALFORMED_TAIL', packet.name);
    return { name: packet.name, fields, tail, bytes } as unknown as Packet;
  }

  return {
    push(chunk) {
      const packets: Packet[] = [];
      const input = asBuffer(chunk);
      let offset = 0;
      while (fault === undefined && offset < input.length) {
        const copied = input.copy(frame, filled, offset);
        offset += copied;
        filled += copied;
        if (filled < frame.length) break;
        if (expected === undefined) fault = open();
        if (expected === undefined || filled < frame.length) continue;
        const closed = close(expected);
        if (closed instanceof WireError) fault = closed;
        else packets.push(closed);
      }
      return { packets, fault };
    },
    isMidFrame: () => filled > 0,
  };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** What stands before the NULs; undefined where something stands behind one. */
function paddedText(bytes: Buffer, offset: number, size: number): string | undefined {
  let end = offset;
  while (end < offset + size && bytes[end] !== 0) end++;
  for (let i = end; i < offset + size; i++) if (bytes[i] !== 0) return undefined;
  return bytes.toString('latin1', offset, end);
}

function decimalField(bytes: Buffer, offset: number, size: number): number | undefined {
  return decimal(paddedText(bytes, offset, size) ?? '');
}

function decimal(text: string): number | undefined {
  return /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : undefined;
}
