/**
 * Keys and PWD of NGS (2.0.1, sections 5.1 and 5.2). A key is the 32 ASCII characters at KEYPOS of the password's
 * SHA-256 in hex, not the bytes that the hex stands for. It encrypts no packet bodies: in plain mode none are.
 */
import { createCipheriv, createHash, randomInt } from 'node:crypto';

const KEY_BYTES = 32;
const ZERO_IV = Buffer.alloc(16);
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
  const cipher = createCipheriv('aes-256-cbc', deriveKey(password, keypos), ZERO_IV);
  return Buffer.concat([cipher.update(hashHex(password), 'latin1'), cipher.final()]).toString('base64');
}

function hashHex(password: string): string {
  return createHash('sha256').update(password, 'utf8').digest('hex');
}
