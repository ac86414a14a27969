/** The first bytes of a JPEG or PNG: what it is, and how large it says it is. It decodes no picture. */

export interface ImageHeader {
  readonly format: 'JPEG' | 'PNG';
  /** Missing where the header breaks off. */
  readonly size?: { readonly width: number; readonly height: number };
}

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** Start-of-frame markers are C0..CF but for these three: tables, an extension and arithmetic conditioning. */
const NO_FRAME = [0xc4, 0xc8, 0xcc];

/** Undefined where the bytes begin like neither. */
export function readImageHeader(bytes: Buffer): ImageHeader | undefined {
  if (bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) {
    const hasHeader = bytes.length >= 24 && bytes.toString('latin1', 12, 16) === 'IHDR';
    return {
      format: 'PNG',
      ...(hasHeader && { size: { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) } }),
    };
  }
  if (bytes.length < 3 || bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff) return undefined;
  const size = jpegSize(bytes);
  return { format: 'JPEG', ...(size !== undefined && { size }) };
}

function jpegSize(bytes: Buffer): ImageHeader['size'] {
  let at = 2;
  while (at + 9 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      // A marker may be preceded by any number of fill bytes.
      at += 1;
    } else if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker)) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    } else {
      at += 2 + bytes.readUInt16BE(at + 2);
    }
  }
  return undefined;
}
