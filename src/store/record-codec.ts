/**
 * Seals record values with AES-256-GCM and makes keyed hashes for look-ups. Owns the envelope; reads no key from
 * anywhere. An envelope is: version (1 byte), key id (2), nonce (12), ciphertext, tag (16). The key id says which data
 * key sealed it, so that a later version can keep several.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomFillSync } from 'node:crypto';
import type { Json, RecordCodec } from '../core/store.ts';

const ENVELOPE_VERSION = 1;
const KEY_ID_BYTES = 2;
const HEADER_BYTES = 1 + KEY_ID_BYTES;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = HEADER_BYTES + NONCE_BYTES + TAG_BYTES;
const HASH_BYTES = 16;

/** A stored value that this data key does not open. The message names the record, never its content. */
export class RecordUnreadable extends Error {
  readonly context: string;
  constructor(context: string, reason: string, cause?: unknown) {
    super(`The record ${context} cannot be read: ${reason}.`, cause === undefined ? undefined : { cause });
    this.name = 'RecordUnreadable';
    this.context = context;
  }
}

export function createRecordCodec(dataKey: Uint8Array): RecordCodec {
  if (dataKey.byteLength !== 32) {
    throw new TypeError(`A data key has 32 bytes, not ${dataKey.byteLength}.`);
  }
  const sealingKey = subKey(dataKey, 'gwanmun/record-sealing/v1', 32);
  const hashingKey = subKey(dataKey, 'gwanmun/keyed-hash/v1', 32);
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = ENVELOPE_VERSION;
  header.set(subKey(dataKey, 'gwanmun/key-id/v1', KEY_ID_BYTES), 1);

  return {
    seal(value, context) {
      const plain = Buffer.from(JSON.stringify(value), 'utf8');
      // Exactly sized and never out of Buffer's pool: a worker message clones the whole memory behind a view.
      const sealed = new Uint8Array(OVERHEAD_BYTES + plain.byteLength);
      sealed.set(header);
      const nonce = randomFillSync(sealed.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES));
      const cipher = createCipheriv('aes-256-gcm', sealingKey, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(boundData(header, context));
      sealed.set(cipher.update(plain), HEADER_BYTES + NONCE_BYTES);
      cipher.final();
      sealed.set(cipher.getAuthTag(), sealed.byteLength - TAG_BYTES);
      return sealed;
    },

    open(bytes, context) {
      if (bytes.byteLength < OVERHEAD_BYTES) throw new RecordUnreadable(context, 'it is cut short');
      if (bytes[0] !== ENVELOPE_VERSION) throw new RecordUnreadable(context, `its envelope version is ${bytes[0]}`);
      if (!header.equals(bytes.subarray(0, HEADER_BYTES))) {
        throw new RecordUnreadable(context, 'it was sealed with another data key');
      }
      const nonce = bytes.subarray(HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
      const decipher = createDecipheriv('aes-256-gcm', sealingKey, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(boundData(header, context));
      decipher.setAuthTag(bytes.subarray(bytes.byteLength - TAG_BYTES));
      const plain = decipher.update(bytes.subarray(HEADER_BYTES + NONCE_BYTES, bytes.byteLength - TAG_BYTES));
      try {
        decipher.final();
      } catch (cause) {
        throw new RecordUnreadable(context, 'it is damaged, or was moved here from another key', cause);
      }
      return JSON.parse(plain.toString('utf8')) as Json;
    },

    keyedHash(text) {
      return createHmac('sha256', hashingKey).update(text, 'utf8').digest().toString('base64url', 0, HASH_BYTES);
    },
  };
}

function boundData(header: Uint8Array, context: string): Buffer {
  return Buffer.concat([header, Buffer.from(context, 'utf8')]);
}

function subKey(dataKey: Uint8Array, purpose: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), purpose, bytes));
}
