/**
 * As much of CBOR (RFC 8949, section 3) as it takes to walk past an item: the head of one, and where it ends. Of definite
 * length only, since CTAP2 allows authenticators nothing else. Pure, without recursion, linear in the bytes.
 */

export interface CborHead {
  /** 0 unsigned, 1 negative, 2 bytes, 3 text, 4 array, 5 map, 6 tag, 7 simple or float. */
  readonly major: number;
  /** The number, length or count. Of 64 bits: rounded, which no length within a buffer ever is. */
  readonly argument: number;
  /** Where the head ends and the content begins. */
  readonly end: number;
}

/** Undefined where it is cut, reserved or of indefinite length. */
export function readHead(bytes: Buffer, at: number): CborHead | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const major = first >> 5;
  const short = first & 0x1f;
  if (short < 24) return { major, argument: short, end: at + 1 };
  if (short > 27) return undefined;
  const width = 1 << (short - 24);
  const end = at + 1 + width;
  if (end > bytes.length) return undefined;
  const argument = width === 8 ? Number(bytes.readBigUInt64BE(at + 1)) : bytes.readUIntBE(at + 1, width);
  return { major, argument, end };
}

/** How many items stand within the one of this head. */
export function childrenOf({ major, argument }: CborHead): number {
  if (major === 4) return argument;
  if (major === 5) return argument * 2;
  return major === 6 ? 1 : 0;
}

/** Where the item at `at` ends; undefined where it is cut or malformed. */
export function skipItem(bytes: Buffer, at: number): number | undefined {
  let position = at;
  let left = 1;
  while (left > 0) {
    const head = readHead(bytes, position);
    if (head === undefined) return undefined;
    position = head.end + (head.major === 2 || head.major === 3 ? head.argument : 0);
    left += childrenOf(head) - 1;
    // Every item has at least a byte, so what promises more of them than there are bytes lies.
    if (left > bytes.length - position) return undefined;
  }
  return position;
}
