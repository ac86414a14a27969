/**
 * Images uploaded to the SENS simulator for MMS (SENS SMS v2, files). It keeps their names and hashes, not their bytes.
 */
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Instant } from '../../core/clock.ts';
import { readImageHeader } from '../image-header.ts';
import type { JsonBody } from '../json-body.ts';

const MAX_NAME_LENGTH = 40;
const MAX_BYTES = 300 * 1024;
const MAX_WIDTH = 1500;
const MAX_HEIGHT = 1440;
const KEPT_MS = 6 * 86_400_000;

export interface SensFile {
  readonly fileId: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
}

export interface Files {
  /** `reuse`: the same name and size get the file of before, whatever it shows. Tells what is wrong as a text. */
  upload(body: JsonBody, now: Instant, reuse: boolean): { readonly file: SensFile; readonly reused: boolean } | string;
  /** Undefined for a stranger, and for one that has expired. */
  find(fileId: string, now: Instant): SensFile | undefined;
}

const fileSchema = z.object({ fileName: z.string(), fileBody: z.string() });

export function createFiles(maxFiles = 10_000): Files {
  const files = new Map<string, SensFile>();

  return {
    upload(body, now, reuse) {
      const read = readFile(body);
      if (typeof read === 'string') return read;
      const { name, bytes } = read;
      const known = [...files.values()].find(
        (file) => file.name === name && file.bytes === bytes.length && now < file.expiresAt,
      );
      if (reuse && known !== undefined) return { file: known, reused: true };
      const file: SensFile = {
        fileId: randomUUID(),
        name,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        createdAt: now,
        expiresAt: now + KEPT_MS,
      };
      files.set(file.fileId, file);
      const [oldest] = files.keys();
      if (files.size > maxFiles && oldest !== undefined) files.delete(oldest);
      return { file, reused: false };
    },
    find(fileId, now) {
      const file = files.get(fileId);
      return file !== undefined && now < file.expiresAt ? file : undefined;
    },
  };
}

function readFile(body: JsonBody): { readonly name: string; readonly bytes: Buffer } | string {
  if (!body.ok) return body.reason;
  const parsed = fileSchema.safeParse(body.json);
  if (!parsed.success) return `${parsed.error.issues[0]?.path.join('.') || 'body'}: a text is required.`;
  const { fileName: name, fileBody } = parsed.data;
  if ([...name].length > MAX_NAME_LENGTH) return `fileName: over ${MAX_NAME_LENGTH} characters.`;
  if (!/.\.jpe?g$/.test(name)) return 'fileName: does not end in .jpg or .jpeg.';
  // Node's decoder skips what is no base64, a "data:" in front included.
  const bytes = Buffer.from(fileBody, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== fileBody) return 'fileBody: is no bare base64.';
  if (bytes.length > MAX_BYTES) return `fileBody: over ${MAX_BYTES} bytes.`;
  const header = readImageHeader(bytes);
  if (header?.format !== 'JPEG' || header.size === undefined) return 'fileBody: is no JPEG.';
  if (header.size.width > MAX_WIDTH || header.size.height > MAX_HEIGHT) {
    return `fileBody: over ${MAX_WIDTH} x ${MAX_HEIGHT} pixels.`;
  }
  return { name, bytes };
}
