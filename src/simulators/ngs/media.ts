/** The MEDIA list behind a DELIVER (NGS 2.0.1, section 4.3): cut into attachments whose sizes must add up exactly. */
import { createHash } from 'node:crypto';
import { type ImageHeader, readImageHeader } from '../image-header.ts';
import { NgsRefused } from './results.ts';
import { MEDIA, MEDIA_BYTES, readFields } from './wire.ts';

export const BODY = '11';
export const SUBSTITUTE = '12';
export const BUTTONS = '13';

const JPG = 'JPEG';
const PNG = 'PNG';
const IMAGE_FORMATS: Readonly<Record<string, ImageHeader['format']>> = { '21': JPG, '22': JPG, '23': PNG, '24': PNG };
const WIDE = ['22', '24'];
/** Section 6.2 limits a wide image to it, where it only recommends a size for the others. */
const MAX_WIDE = { width: 800, height: 600 };
const ENCODING_BINARY = '2';

/** An attachment as it came. */
export interface Media {
  readonly mtype: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** An image by what identifies it: the ledger keeps no megabytes. */
export type NgsImage = {
  readonly mtype: string;
  readonly bytes: number;
  readonly sha256: string;
};

const refused = (reason: string) => new NgsRefused('E_INVALID_MEDIA', reason);

/** Throws NgsRefused where the list does not add up, NgsViolation where a field is not padded with NUL. */
export function readMedia(count: number, bytes: Buffer): readonly Media[] {
  const list: Media[] = [];
  let rest = bytes;
  for (let number = 1; number <= count; number += 1) {
    if (rest.length < MEDIA_BYTES) throw refused(`MEDIA ${number} of ${count} is missing`);
    const fields = readFields(MEDIA, rest);
    const length = fields.MFILELEN.toString('latin1');
    if (!/^[1-9]\d*$/.test(length)) throw refused(`MFILELEN of MEDIA ${number} is no size`);
    const end = MEDIA_BYTES + Number(length);
    if (rest.length < end) throw refused(`MEDIA ${number} is shorter than its MFILELEN`);
    list.push({
      mtype: fields.MTYPE.toString('latin1'),
      encoding: fields.ENCODING.toString('latin1'),
      bytes: rest.subarray(MEDIA_BYTES, end),
    });
    rest = rest.subarray(end);
  }
  if (rest.length > 0) throw new NgsRefused('E_INVALID_PACKET', 'bytes at the end that no field announced');
  return list;
}

export function readImage({ mtype, encoding, bytes }: Media, maxBytes: number): NgsImage {
  if (encoding !== ENCODING_BINARY) throw refused(`ENCODING of MTYPE ${mtype} is not 2`);
  const header = readImageHeader(bytes);
  if (header === undefined || header.format !== IMAGE_FORMATS[mtype]) {
    throw refused(`MTYPE ${mtype} is no ${IMAGE_FORMATS[mtype]}`);
  }
  if (bytes.length > maxBytes) throw refused(`MTYPE ${mtype} is over ${maxBytes} bytes`);
  const { width = 0, height = 0 } = header.size ?? {};
  if (WIDE.includes(mtype) && (width > MAX_WIDE.width || height > MAX_WIDE.height)) {
    throw refused(`MTYPE ${mtype} is over ${MAX_WIDE.width} x ${MAX_WIDE.height}`);
  }
  return { mtype, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
