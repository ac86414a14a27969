/**
 * Keys, PWD and body encryption of NGS (2.0.1, section 5). A key is the 32 ASCII characters at KEYPOS of the password's
 * SHA-256 in hex, not the bytes that the hex stands for. Which packets are encrypted is not decided here.
 */
import { createCipheriv, createDecipheriv, createHash, randomInt } from 'node:crypto';

const ALGORITHM = 'aes-256-cbc';
const KEY_BYTES = 32;
const BLOCK_BYTES = 16;
const ZERO_IV = Buffer.alloc(BLOCK_BYTES);
/** Above it the key is padded with NULs and loses four bits a step, though the document allows up to 64. */
const STRONGEST_KEYPOS = 32;

export function chooseKeypos(): number {
  return randomInt(STRONGEST_KEYPOS + 1);
}

export function deriveKey(password: string, keypos: number): Uint8Array {
  const key = Buffer.alloc(KEY_BYTES);
  key.write(hashHex(password).slice(keypos, keypos + KEY_BYTES), 'latin1');
  return key;
}

/** PWD of CERT and BIND: the hash's 64 hex characters, encrypted, in base64. Needed in plain mode too. */
export function encryptPassword(password: string, keypos: number): string {
  const cipher = createCipheriv(ALGORITHM, deriveKey(password, keypos), ZERO_IV);
  return Buffer.concat([cipher.update(hashHex(password), 'latin1'), cipher.final()]).toString('base64');
}

/** The length that a body of so many bytes has once it is encrypted: PKCS#7 always adds 1 to 16. */
export function encryptedBytes(plainBytes: number): number {
  return plainBytes + BLOCK_BYTES - (plainBytes % BLOCK_BYTES);
}

export interface BodyCipher {
  encrypt(body: Uint8Array): Uint8Array;
  /** Undefined for what is no whole blocks, or has no right padding. Nothing says which: that would help an attacker. */
  decrypt(body: Uint8Array): Uint8Array | undefined;
}

/**
 * Each body as by a cipher of its own with a zero IV, but from one cipher object for all of a session: CBC would chain
 * each body to the last block of the one before, and XORing that block into the first takes it out again. Making a
 * cipher for each costs three times as much (bench/ngs-codec.ts).
 */
export function createBodyCipher(key: Uint8Array): BodyCipher {
  const cipher = createCipheriv(ALGORITHM, key, ZERO_IV).setAutoPadding(false);
  const decipher = createDecipheriv(ALGORITHM, key, ZERO_IV).setAutoPadding(false);
  const lastSent = Buffer.alloc(BLOCK_BYTES);
  const lastReceived = Buffer.alloc(BLOCK_BYTES);

  return {
    encrypt(body) {
      const padded = Buffer.allocUnsafe(encryptedBytes(body.length));
      padded.set(body);
      padded.fill(padded.length - body.length, body.length);
      xorFirstBlock(padded, lastSent);
      const encrypted = cipher.update(padded);
      lastSent.set(encrypted.subarray(-BLOCK_BYTES));
      return encrypted;
    },
    decrypt(body) {
      if (body.length === 0 || body.length % BLOCK_BYTES !== 0) return undefined;
      const padded = decipher.update(body);
      xorFirstBlock(padded, lastReceived);
      lastReceived.set(body.subarray(-BLOCK_BYTES));
      const padding = padded[padded.length - 1] ?? 0;
      if (padding === 0 || padding > BLOCK_BYTES) return undefined;
      const plainBytes = padded.length - padding;
      for (let i = plainBytes; i < padded.length; i++) if (padded[i] !== padding) return undefined;
      return padded.subarray(0, plainBytes);
    },
  };
}

function xorFirstBlock(bytes: Buffer, block: Buffer): void {
  for (let i = 0; i < BLOCK_BYTES; i++) bytes[i] = (bytes[i] ?? 0) ^ (block[i] ?? 0);
}

function hashHex(password: string): string {
  return createHash('sha256').update(password, 'utf8').digest('hex');
}
