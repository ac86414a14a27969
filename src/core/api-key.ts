/**
 * The text of an API key that Gwanmun makes: `gw_<public id>_<secret>`. The id finds the key and may be seen; the secret
 * is 256 random bits, so that its plain SHA-256 tells nobody anything: there is no list of likely secrets to try.
 */
import { createHash, randomBytes } from 'node:crypto';

const idAlphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const idLength = 12;
const secretBytes = 32;
const form = /^gw_([a-z2-7]{12})_[A-Za-z0-9_-]{43}$/;

export interface NewApiKey {
  readonly id: string;
  /** What a caller sends, whole. Kept nowhere. */
  readonly text: string;
  readonly secretSha256: string;
}

export function makeApiKey(): NewApiKey {
  const id = Array.from(randomBytes(idLength), (byte) => idAlphabet[byte % idAlphabet.length]).join('');
  const text = `gw_${id}_${randomBytes(secretBytes).toString('base64url')}`;
  return { id, text, secretSha256: hashApiKey(text) };
}

/** Undefined where the text is of another form: then it is a key that an operator chose. */
export function publicIdOf(apiKey: string): string | undefined {
  return form.exec(apiKey)?.[1];
}

/** Hex SHA-256 of an API key, as a tenants file holds it. */
export function hashApiKey(apiKey: string): string {
  return createHash('sha256').update(apiKey, 'utf8').digest('hex');
}
