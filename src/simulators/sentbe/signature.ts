/**
 * What is in SIGNATURE (Sentbe partner API, Authentication 2): the parameters, encrypted as CryptoJS does with a
 * passphrase. It proves nothing but that the sender knows the secret key: there is no MAC, time or nonce in it.
 */
import { createDecipheriv, createHash } from 'node:crypto';
import { SentbeRefusal } from './envelope.ts';

/** `double` is what all of the document's samples make: a JSON text, encoded as JSON once more. */
export type Encoding = 'single' | 'double';

export interface Opened {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly encoding: Encoding;
}

/** @throws SentbeRefusal E0004 for what cannot be decrypted, or whose iv is not the derived one; E0005 for no object */
export function openSignature(signature: string, secretKey: string): Opened {
  const once = parse(decrypt(signature, secretKey));
  const encoding: Encoding = typeof once === 'string' ? 'double' : 'single';
  const parameters = typeof once === 'string' ? parse(once) : once;
  if (!isObject(parameters)) throw new SentbeRefusal('E0005', 'the parameters are no object');
  return { parameters, encoding };
}

function decrypt(signature: string, secretKey: string): string {
  const sealed = parse(signature);
  const { ct, iv, s } = isObject(sealed) ? sealed : {};
  const isShaped =
    typeof ct === 'string' &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(ct) &&
    typeof iv === 'string' &&
    /^[0-9a-f]{32}$/i.test(iv) &&
    typeof s === 'string' &&
    /^[0-9a-f]{16}$/i.test(s);
  if (!isShaped) throw new SentbeRefusal('E0004', 'not {"ct","iv","s"}');
  const derived = derive(secretKey, Buffer.from(s, 'hex'));
  if (derived.iv.toString('hex') !== iv.toLowerCase()) throw new SentbeRefusal('E0004', 'not the derived iv');
  try {
    // The sample receivers take the iv that came.
    const decipher = createDecipheriv('aes-256-cbc', derived.key, Buffer.from(iv, 'hex'));
    const bytes = Buffer.concat([decipher.update(ct, 'base64'), decipher.final()]);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new SentbeRefusal('E0004', 'not to be decrypted');
  }
}

/** EVP_BytesToKey by MD5, one round. */
function derive(secretKey: string, salt: Buffer): { readonly key: Buffer; readonly iv: Buffer } {
  let block = Buffer.alloc(0);
  let salted = Buffer.alloc(0);
  while (salted.length < 48) {
    block = createHash('md5').update(block).update(secretKey, 'utf8').update(salt).digest();
    salted = Buffer.concat([salted, block]);
  }
  return { key: salted.subarray(0, 32), iv: salted.subarray(32, 48) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SentbeRefusal('E0004', 'not JSON');
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
