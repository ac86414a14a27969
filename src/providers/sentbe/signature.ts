/**
 * SIGNATURE: the parameters of a call, encrypted as CryptoJS does with a passphrase (Sentbe, Authentication 2). Pure. It
 * hides them and proves nothing: there is no MAC, no time and no nonce, so TLS is what protects a call.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

interface Key {
  readonly key: Buffer;
  readonly iv: Buffer;
}

/**
 * One line of ASCII, `{"ct": base64, "iv": hex, "s": hex}`, of the JSON text `parameters`. That text is encoded as JSON
 * once more, since each of the document's samples hands a string to its JSON encoder. `salt`: 8 bytes.
 */
export function encrypt(passphrase: string, parameters: string, salt: Uint8Array = randomBytes(8)): string {
  const { key, iv } = deriveKey(passphrase, salt);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const ct = Buffer.concat([cipher.update(JSON.stringify(parameters), 'utf8'), cipher.final()]);
  return JSON.stringify({
    ct: ct.toString('base64'),
    iv: iv.toString('hex'),
    s: Buffer.from(salt).toString('hex'),
  });
}

/** The JSON text that was encrypted, encoded once or twice. @throws Error where it is not of this passphrase */
export function decrypt(passphrase: string, signature: string): string {
  const { ct, iv, s } = JSON.parse(signature) as Record<'ct' | 'iv' | 's', string>;
  const { key } = deriveKey(passphrase, Buffer.from(s, 'hex'));
  // The iv that came, as all of the samples take it, though it is also what the passphrase and the salt give.
  const decipher = createDecipheriv('aes-256-cbc', key, Buffer.from(iv, 'hex'));
  const text = Buffer.concat([decipher.update(ct, 'base64'), decipher.final()]).toString('utf8');
  const parsed: unknown = JSON.parse(text);
  return typeof parsed === 'string' ? parsed : text;
}

/** OpenSSL's EVP_BytesToKey: MD5, one round, 48 bytes. Weak, but it is theirs. */
function deriveKey(passphrase: string, salt: Uint8Array): Key {
  const digests: Buffer[] = [];
  let last: Buffer = Buffer.alloc(0);
  while (digests.length < 3) {
    last = createHash('md5').update(last).update(passphrase, 'utf8').update(salt).digest();
    digests.push(last);
  }
  const bytes = Buffer.concat(digests);
  return { key: bytes.subarray(0, 32), iv: bytes.subarray(32, 48) };
}
