/**
 * A stream of bytes to packets, whatever its chunking and encrypted or not. Judges each header before it sets a byte
 * aside, buffers at most one frame, throws nothing. It knows no socket and no order of packets.
 */
import { type BodyCipher, encryptedBytes } from './cipher.ts';
import { COMPILED, layoutOf, PACKET_NAMES, readFields } from './codec.ts';
import {
  bodyBytes,
  type FieldValues,
  HEAD_TYPE_BYTES,
  HEADER_BYTES,
  MEDIA_HEADER,
  MSG_LENG_BYTES,
  PACKETS,
  type PacketName,
} from './packets.ts';

/** What a peer can do wrong. Any of them ends the connection: nothing behind it can be trusted. */
export type WireFault =
  /** No HeadType of section 3.2, or not padded with NULs. */
  | 'UNKNOWN_TYPE'
  /** A HeadType that this side never receives here. */
  | 'UNEXPECTED_TYPE'
  /** MsgLeng is not decimal digits padded with NULs. */
  | 'MALFORMED_LENGTH'
  /** Not the fixed size of its type, encrypted or not, or above the cap for DELIVER. */
  | 'WRONG_LENGTH'
  /** An encrypted body that our key does not open to a packet of its type. */
  | 'UNREADABLE_BODY'
  /** EXTENTION and MEDIA do not add up to MsgLeng. */
  | 'MALFORMED_TAIL';

export class WireError extends Error {
  readonly fault: WireFault;
  /** The detail holds nothing of a body: bodies are personal. */
  constructor(fault: WireFault, detail: string) {
    super(`${fault}: ${detail}`);
    this.name = 'WireError';
    this.fault = fault;
  }
}

interface PacketOf<N extends PacketName> {
  readonly name: N;
  readonly fields: FieldValues<N>;
  /** EXTENTION and MEDIA as they stand; empty but for DELIVER. */
  readonly tail: Uint8Array;
  /** The whole plain frame, header included. A view: copy what is kept beyond the turn. */
  readonly bytes: Uint8Array;
}

export type Packet = { [N in PacketName]: PacketOf<N> }[PacketName];

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

type CompiledPacket = (typeof COMPILED)[PacketName];

const BY_HEAD_TYPE = new Map<number, CompiledPacket>(
  // DELIVER_KAKAO has DELIVER's HeadType, and is found by what stands in the body.
  PACKET_NAMES.filter((name) => name !== 'DELIVER_KAKAO').map((name) => [
    Number(PACKETS[name].headType),
    COMPILED[name],
  ]),
);
const NO_TAIL = Buffer.alloc(0);
const DIGITS = [0x30, 0x39] as const;
const PRINTABLE = [0x20, 0x7e] as const;
const NO_NUL = [0x01, 0xff] as const;
/** The largest legal DELIVER: four attachments of 2 MB and their headers (section 6). */
const LARGEST_DELIVER_BYTES = 9 * 1024 * 1024;

export function createFrameDecoder(options: {
  readonly accepts: readonly PacketName[];
  /** Where the session's TYPE is P. */
  readonly cipher?: Pick<BodyCipher, 'decrypt'> | undefined;
  /** @default 9 MiB */
  readonly maxDeliverBytes?: number;
}): FrameDecoder {
  const { cipher, maxDeliverBytes = LARGEST_DELIVER_BYTES } = options;
  const accepts = new Set<PacketName>(options.accepts);
  const header = Buffer.alloc(HEADER_BYTES);
  let frame: Buffer = header;
  let filled = 0;
  let expected: CompiledPacket | undefined;
  let fault: WireError | undefined;

  /** Judges a whole header before a byte is set aside for its body. */
  function open(): WireError | undefined {
    const headType = readNumber(header, 0, HEAD_TYPE_BYTES);
    const packet = headType === undefined ? undefined : BY_HEAD_TYPE.get(headType);
    if (packet === undefined) return new WireError('UNKNOWN_TYPE', 'no such HeadType');
    const { name, fixedBytes } = packet;
    if (!accepts.has(name)) return new WireError('UNEXPECTED_TYPE', name);
    // LINK and LINK_ACK have no body (section 3.2); peers may leave their MsgLeng empty.
    const length = readNumber(header, HEAD_TYPE_BYTES, MSG_LENG_BYTES, fixedBytes === 0);
    if (length === undefined) return new WireError('MALFORMED_LENGTH', name);
    if (!isLegalLength(packet, length)) return new WireError('WRONG_LENGTH', `${name} of ${length} bytes`);
    expected = packet;
    // Read only once it is full, so what the memory held before never shows.
    frame = Buffer.allocUnsafe(HEADER_BYTES + length);
    frame.set(header);
    return undefined;
  }

  function isLegalLength({ isEncrypted, fixedBytes, hasTail }: CompiledPacket, length: number): boolean {
    const least = cipher !== undefined && isEncrypted ? encryptedBytes(fixedBytes) : fixedBytes;
    return hasTail ? length >= least && length <= maxDeliverBytes : length === least;
  }

  /** The frame is full: its packet, or why it is none. */
  function close(packet: CompiledPacket): Packet | WireError {
    const received = frame;
    frame = header;
    filled = 0;
    expected = undefined;
    const bytes = cipher !== undefined && packet.isEncrypted ? decryptFrame(received, packet, cipher) : received;
    if (bytes === undefined) return new WireError('UNREADABLE_BODY', packet.name);
    const layout = layoutOf(packet, bytes);
    const fields = readFields(bytes, layout);
    const tail = layout.hasTail ? bytes.subarray(layout.template.length) : NO_TAIL;
    if (layout.hasTail && !isTailWhole(fields['EXT_SIZE'], fields['MEDIACNT'], tail)) {
      return new WireError('MALFORMED_TAIL', layout.name);
    }
    return { name: layout.name, fields, tail, bytes } as unknown as Packet;
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

/** Undefined where the key is not the peer's, or the bytes are not what the peer sent: CBC alone does not tell. */
function decryptFrame(frame: Buffer, packet: CompiledPacket, cipher: Pick<BodyCipher, 'decrypt'>): Buffer | undefined {
  const body = cipher.decrypt(frame.subarray(HEADER_BYTES));
  const isOfItsType =
    body !== undefined && (packet.hasTail ? body.length >= packet.fixedBytes : body.length === packet.fixedBytes);
  if (!isOfItsType) return undefined;
  const plain = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  plain.set(packet.template.subarray(0, HEADER_BYTES));
  plain.set(body, HEADER_BYTES);
  return layoutOf(packet, plain).fields.every((field) => isWellFilled(plain, field)) ? plain : undefined;
}

/**
 * Text from the front, then NULs only (section 1.2), and in RESULT digits. A block that was changed on its way decrypts to
 * 16 random bytes, and a RESULT out of them would read as a refusal: as leave to send the message again.
 */
function isWellFilled(frame: Buffer, { name, offset, size, isKorean }: CompiledPacket['fields'][number]): boolean {
  const [from, to] = name === 'RESULT' ? DIGITS : isKorean ? NO_NUL : PRINTABLE;
  const end = offset + size;
  let at = offset;
  while (at < end && isBetween(frame[at], from, to)) at++;
  while (at < end && frame[at] === 0) at++;
  return at === end;
}

function isBetween(byte: number | undefined, from: number, to: number): byte is number {
  return byte !== undefined && byte >= from && byte <= to;
}

/** Section 4.3: EXT_SIZE bytes, then MEDIACNT times MTYPE 3C, ENCODING 2C, MFILELEN 10C and the file. */
function isTailWhole(extSize: string | undefined, mediaCnt: string | undefined, tail: Buffer): boolean {
  const extensionBytes = decimal(extSize ?? '');
  const mediaCount = decimal(mediaCnt ?? '');
  if (extensionBytes === undefined || mediaCount === undefined) return false;
  const headerBytes = bodyBytes(MEDIA_HEADER);
  const lengthBytes = MEDIA_HEADER[2].size;
  let offset = extensionBytes;
  for (let i = 0; i < mediaCount; i++) {
    if (offset + headerBytes > tail.length) return false;
    const fileBytes = readNumber(tail, offset + headerBytes - lengthBytes, lengthBytes);
    if (fileBytes === undefined) return false;
    offset += headerBytes + fileBytes;
  }
  return offset === tail.length;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** Decimal digits without leading zeros, then NULs to the end of the field; undefined for anything else. */
function readNumber(bytes: Buffer, offset: number, size: number, mayBeEmpty = false): number | undefined {
  const limit = offset + size;
  let end = offset;
  let value = 0;
  for (let byte = bytes[end]; end < limit && isBetween(byte, 0x30, 0x39); byte = bytes[++end])
    value = value * 10 + byte - 0x30;
  const isCanonical = end === offset ? mayBeEmpty : bytes[offset] !== 0x30 || end === offset + 1;
  while (end < limit && bytes[end] === 0) end++;
  return isCanonical && end === limit ? value : undefined;
}

function decimal(text: string): number | undefined {
  return /^(0|[1-9][0-9]{0,9})$/.test(text) ? Number(text) : undefined;
}
