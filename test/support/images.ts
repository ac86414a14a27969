/** Small true images, padded to a size: what stands behind the end of an image is ignored by whoever shows it. */

const jpegHead = (width: number, height: number): Buffer => {
  const size = Buffer.alloc(4);
  size.writeUInt16BE(height, 0);
  size.writeUInt16BE(width, 2);
  return Buffer.concat([
    Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
    Buffer.from('ffc0000b08', 'hex'),
    size,
    Buffer.from('01011100', 'hex'),
  ]);
};

/** A JPEG of so many bytes, whose header says these pixels. */
export function jpeg(bytes: number, width = 176, height = 144): Buffer {
  const head = jpegHead(width, height);
  const end = Buffer.from('ffd9', 'hex');
  return Buffer.concat([head, Buffer.alloc(Math.max(0, bytes - head.length - end.length)), end]);
}

export function png(bytes: number, width = 176, height = 144): Buffer {
  const head = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(8)]);
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return Buffer.concat([head, Buffer.alloc(Math.max(0, bytes - head.length))]);
}

export const gif = (): Buffer =>
  Buffer.from('47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b', 'hex');

export const bmp = (): Buffer => {
  const bytes = Buffer.alloc(58);
  bytes.write('BM', 0, 'latin1');
  bytes.writeUInt32LE(58, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(1, 18);
  bytes.writeInt32LE(1, 22);
  return bytes;
};
