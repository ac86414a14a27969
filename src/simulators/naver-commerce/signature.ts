/**
 * The electronic signature of a token request: base64(bcrypt(client_id + "_" + timestamp, salt = client_secret))
 * (authentication guide, 전자서명). Hashed by a bcrypt that is not the one Gwanmun signs with.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { bcrypt } from 'hash-wasm';

const SECRET = /^(\$2[aby]\$)(\d\d)\$([./A-Za-z0-9]{22})$/;
/** bcrypt's own Base64, most significant bit first. */
const ALPHABET = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const SALT_BYTES = 16;

export interface Signed {
  readonly clientId: string;
  readonly timestamp: string;
}

export type VerifySignature = (signed: Signed, signature: string) => Promise<boolean>;

/** Throws for a secret that is no bcrypt salt. */
export function createSignatureCheck(clientSecret: string): VerifySignature {
  const [, prefix = '', cost = '', salt = ''] = SECRET.exec(clientSecret) ?? [];
  if (prefix === '') throw new Error('clientSecret is no bcrypt salt, such as $2a$04$ and 22 characters.');
  const saltBytes = decodeSalt(salt);

  return async ({ clientId, timestamp }, signature) => {
    if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(signature)) return false;
    const hash = await bcrypt({
      password: `${clientId}_${timestamp}`,
      salt: saltBytes,
      costFactor: Number(cost),
      outputType: 'encoded',
    });
    // The whole hash is compared: its salt need not end as the secret does, since bcrypt clears the spare bits.
    const expected = Buffer.from(prefix + hash.slice(prefix.length));
    // Node reads both alphabets as 'base64', and the vendor's own examples use both.
    const given = Buffer.from(signature, 'base64');
    return given.length === expected.length && timingSafeEqual(given, expected);
  };
}

/** A secret such as Naver gives: of cost 04. */
export function randomClientSecret(): string {
  return `$2a$04$${encodeSalt(randomBytes(SALT_BYTES))}`;
}

function decodeSalt(text: string): Uint8Array {
  const bits = [...text].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(6, '0')).join('');
  return Uint8Array.from({ length: SALT_BYTES }, (_, i) => Number.parseInt(bits.slice(i * 8, i * 8 + 8), 2));
}

function encodeSalt(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,6}/g) ?? []).map((six) => ALPHABET[Number.parseInt(six.padEnd(6, '0'), 2)]).join('');
}
