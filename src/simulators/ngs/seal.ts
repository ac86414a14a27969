/**
 * AES-256 as the NGS document has it (2.0.1, section 5): the key out of the password, PWD, and sealed bodies. Each
 * packet gets a cipher of its own: slow, and impossible to get wrong.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { NgsViolation } from './wire.ts';

const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const ZERO_IV = Buffer.alloc(BLOCK_BYTES);

/** One session's: its key comes from the KEYPOS of its own BIND. */
export interface Seal {
  close(body: Buffer): Buffer;
  /** Throws NgsViolation. */
  open(sealed: Buffer): Buffer;
}

/** PKCS#7 always adds something, a whole block where the last one is full. */
export const sealedBytes = (bytes: number): number => bytes - (bytes % BLOCK_BYTES) + BLOCK_BYTES;

const hashOf = (password: string): string => createHash('sha256').update(password).digest('hex');

/** Section 5.1: the hash's hex text from KEYPOS on, NUL where it ends. */
function keyOf(password: string, keypos: number): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  key.write(hashOf(password).slice(keypos, keypos + KEY_BYTES), 'latin1');
  return key;
}

export function createSeal(password: string, keypos: number): Seal {
  const key = keyOf(password, keypos);
  return {
    close(body) {
      const cipher = createCipheriv('aes-256-cbc', key, ZERO_IV);
      return Buffer.concat([cipher.update(body), cipher.final()]);
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-cbc', key, ZERO_IV);
      try {
        return Buffer.concat([decipher.update(sealed), decipher.final()]);
      } catch {
        throw new NgsViolation('The body is not sealed with the key of this BIND.');
      }
    },
  };
}

/** Section 5.2: the hash's hex text, sealed with the key that is cut from it. */
export const encryptedPassword = (password: string, keypos: number): string =>
  createSeal(password, keypos)
    .close(Buffer.from(hashOf(password), 'latin1'))
    .toString('base64');
