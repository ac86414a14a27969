/** What an authenticator app does, from its documents alone: reads a QR code, and shows what its secret gives now. */
import { createHmac } from 'node:crypto';
import jsQrModule from 'jsqr';
import { PNG } from 'pngjs';

/** Its types say CommonJS with a `default`; what comes is the function. */
const readPixels = jsQrModule as unknown as typeof jsQrModule.default;

/** What the QR code of a PNG in a data URL says. */
export function readQrCode(dataUrl: string): string | undefined {
  const png = PNG.sync.read(Buffer.from(dataUrl.replace(/^data:image\/png;base64,/, ''), 'base64'));
  return readPixels(new Uint8ClampedArray(png.data), png.width, png.height)?.data;
}

/** RFC 6238 with SHA-1, 6 digits and 30 s, over RFC 4226, section 5.3. */
export function totpAt(secret: string, at: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 0xf;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** RFC 4648, section 6. */
function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  const bytes = bits.join('').match(/.{8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte, 2)));
}
