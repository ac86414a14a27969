/** What a Naver Commerce application proves itself with, and the forms of it that the configuration shares. */

export interface CommerceCredentials {
  readonly clientId: string;
  /** A bcrypt salt of 29 characters, such as $2a$04$… (Naver Commerce, 전자서명). */
  readonly clientSecret: string;
}

/** With the underscore and the 13 digits of a timestamp it fits into the 72 bytes that bcrypt reads. */
export const CLIENT_ID = /^[\x21-\x7e]{1,58}$/;
export const CLIENT_ID_HINT = 'must be 1 to 58 printable ASCII characters without spaces';

export const CLIENT_SECRET = /^\$2[aby]\$(?:0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{22}$/;
export const CLIENT_SECRET_HINT =
  'must be a client secret such as $2a$04$…: check that $ was not expanded in the env file: quote it with single quotes or use COMMERCE_CLIENT_SECRET_FILE';

/** @throws RangeError without the values */
export function checkCredentials({ clientId, clientSecret }: CommerceCredentials): void {
  if (!CLIENT_ID.test(clientId)) throw new RangeError(`clientId ${CLIENT_ID_HINT}`);
  if (!CLIENT_SECRET.test(clientSecret)) throw new RangeError(`clientSecret ${CLIENT_SECRET_HINT}`);
}
