/**
 * Images at SENS: each is uploaded once and its fileId used again for as long as SENS keeps it (SENS SMS v2, files). An
 * upload sends nothing to anybody, so a lost answer does no harm. What is here is lost with the process, and made again.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Clock, Instant } from '../../core/clock.ts';
import type { Image, SubmitResult } from '../../core/provider.ts';
import { faultOf, mayRepeat, opaqueId, parseJson } from './answer.ts';
import type { SensCall } from './api.ts';
import { readKoreaTime } from './korea-time.ts';

export type NotAccepted = Extract<SubmitResult, { outcome: 'NOT_ACCEPTED' }>;

/** `reused`: one of them was uploaded for an earlier message. */
export type FileIds =
  | { readonly fileIds: readonly string[]; readonly reused: boolean }
  | { readonly failure: NotAccepted };

export interface SensFiles {
  /** In the order of the images; each will be kept until `neededUntil`. */
  idsOf(images: readonly Image[], neededUntil: Instant): Promise<FileIds>;
  /** SENS may have let go of these: they are uploaded anew when they are next needed. */
  forget(images: readonly Image[]): void;
}

interface Upload {
  readonly fileId: string;
  readonly usableUntil: Instant;
}

const HOUR_MS = 3_600_000;
/** Of the 6 days that SENS keeps a file: how late a message may still come to use it is SENS's to know. */
const MAX_LIFE_MS = 5.5 * 24 * HOUR_MS;
const LIFE_MARGIN_MS = 12 * HOUR_MS;
/** Ids, not images: some 200 bytes each. */
const MAX_REMEMBERED = 1_000;

const uploaded = z.object({ fileId: opaqueId, expireTime: z.string().optional().catch(undefined) });

const hashes = new WeakMap<Uint8Array, string>();

/** SHA-256 in hex; computed once for the same array of bytes. */
export function hashOf({ bytes }: Image): string {
  const known = hashes.get(bytes);
  if (known !== undefined) return known;
  const hash = createHash('sha256').update(bytes).digest('hex');
  hashes.set(bytes, hash);
  return hash;
}

export function createSensFiles(options: {
  readonly clock: Clock;
  readonly post: (path: string, body: unknown) => Promise<SensCall>;
}): SensFiles {
  const { clock, post } = options;
  const uploads = new LRUCache<string, Upload>({ max: MAX_REMEMBERED });
  const underWay = new Map<string, Promise<Upload | NotAccepted>>();

  async function upload(image: Image, hash: string): Promise<Upload | NotAccepted> {
    // SENS may answer a known name and size with the file that it has (SENS SMS v2, files), whatever is in it: so the
    // name tells the content, within its 40 characters, and the caller's own name stays here.
    const fileName = `${hash.slice(0, 32)}.jpg`;
    const startedAt = clock.now();
    const { result, clockMended } = await post('/files', {
      fileName,
      fileBody: Buffer.from(image.bytes.buffer, image.bytes.byteOffset, image.bytes.byteLength).toString('base64'),
    });
    const answer = result.kind === 'response' && result.status === 200 ? parseJson(result.body) : undefined;
    const parsed = uploaded.safeParse(answer);
    if (!parsed.success) {
      const fault = faultOf(result, clock.now());
      return { outcome: 'NOT_ACCEPTED', fault, retriable: clockMended || mayRepeat(result) };
    }
    const { fileId, expireTime } = parsed.data;
    const expiresAt = readKoreaTime(expireTime) ?? Number.POSITIVE_INFINITY;
    const made = { fileId, usableUntil: Math.min(startedAt + MAX_LIFE_MS, expiresAt - LIFE_MARGIN_MS) };
    uploads.set(hash, made);
    return made;
  }

  /** Of several messages with one image, the first uploads it for all. */
  function uploadOnce(image: Image, hash: string): Promise<Upload | NotAccepted> {
    const begun = underWay.get(hash) ?? upload(image, hash).finally(() => underWay.delete(hash));
    underWay.set(hash, begun);
    return begun;
  }

  return {
    async idsOf(images, neededUntil) {
      let reused = false;
      const found = await Promise.all(
        images.map((image) => {
          const hash = hashOf(image);
          const known = uploads.get(hash);
          if (known === undefined || known.usableUntil < neededUntil) return uploadOnce(image, hash);
          reused = true;
          return known;
        }),
      );
      const failure = found.find((each) => 'outcome' in each);
      if (failure !== undefined) return { failure };
      return { fileIds: found.flatMap((each) => ('fileId' in each ? [each.fileId] : [])), reused };
    },
    forget(images) {
      for (const image of images) uploads.delete(hashOf(image));
    },
  };
}
