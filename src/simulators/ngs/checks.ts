/**
 * What the NGS document demands of CERT, BIND and DELIVER, checked on the raw bytes of each field. Stateless: who is
 * connected, when and how fast is judged elsewhere. Only MSGTYPE S is taken.
 */
import { createCipheriv, createHash, timingSafeEqual } from 'node:crypto';
import iconv from 'iconv-lite';
import type { NgsRefusal, NgsResultName } from './results.ts';
import { DELIVER, DELIVER_BYTES, NgsViolation, readFields } from './wire.ts';

const VERSION = 'TV_2.0.1';
const MAX_KEYPOS = 64;
const MAX_SMS_BYTES = 90;
const KNOWN_MSGTYPES = 'SLMAaFfW';

export interface NgsAccount {
  readonly id: string;
  readonly password: string;
  readonly registeredNumbers: readonly string[];
}

const refusal = (result: NgsResultName, reason: string): NgsRefusal => ({ result, reason });

/** The fields that CERT and BIND share (sections 4.1 and 4.2). */
export function checkCredentials(
  fields: { readonly ID: Buffer; readonly PWD: Buffer; readonly VERSION: Buffer; readonly KEYPOS: Buffer },
  account: NgsAccount,
): NgsRefusal | undefined {
  if (fields.VERSION.toString('latin1') !== VERSION) return refusal('E_INVALID_VERSION', `VERSION is not ${VERSION}`);
  const keypos = fields.KEYPOS.toString('latin1');
  if (!/^(0|[1-9]\d?)$/.test(keypos) || Number(keypos) > MAX_KEYPOS) {
    return refusal('E_INVALID_KEYPOS', `KEYPOS is not 0..${MAX_KEYPOS}`);
  }
  if (fields.ID.toString('latin1') !== account.id) return refusal('E_INVALID_ACCOUNT', 'ID or PWD is wrong');
  // The IV is fixed, so the one right password has exactly one right PWD.
  const expected = Buffer.from(encryptedPassword(account.password, Number(keypos)));
  return expected.length === fields.PWD.length && timingSafeEqual(expected, fields.PWD)
    ? undefined
    : refusal('E_INVALID_ACCOUNT', 'ID or PWD is wrong');
}

/** Sections 5.1 and 5.2: the hash's hex text from KEYPOS on is the key, NUL where it ends; the same text is sealed. */
function encryptedPassword(password: string, keypos: number): string {
  const hash = createHash('sha256').update(password).digest('hex');
  const key = Buffer.alloc(32);
  key.write(hash.slice(keypos, keypos + 32), 'latin1');
  const cipher = createCipheriv('aes-256-cbc', key, Buffer.alloc(16));
  return Buffer.concat([cipher.update(hash, 'latin1'), cipher.final()]).toString('base64');
}

export interface ReadDeliver {
  readonly msgType: string;
  readonly to: string;
  readonly from: string;
  readonly text: string;
  readonly encoding: string;
  readonly serial: string;
  readonly senderCode: string;
  /** To go back in the ACK, byte for byte. */
  readonly raw: { readonly DA_ADDR: Buffer; readonly SERIAL: Buffer };
  /** A value that the document forbids: answered with its code, and not taken. */
  readonly refusal: NgsRefusal | undefined;
}

/** Throws NgsViolation where the packet itself is wrong, so that nothing in it can be trusted or answered. */
export function readDeliver(body: Buffer, account: NgsAccount): ReadDeliver {
  const fields = readFields(DELIVER, body);
  const value = (name: keyof typeof DELIVER) => fields[name].toString('latin1');
  if (!/^[0-9A-Za-z]{1,19}$/.test(value('SERIAL'))) {
    throw new NgsViolation('SERIAL is not 1 to 19 digits and letters.');
  }
  const text = decodeText(fields.TEXT, value('ENCODING'));
  return {
    msgType: value('MSGTYPE'),
    to: value('DA_ADDR'),
    from: value('CALLBACK'),
    text: text ?? '',
    encoding: value('ENCODING'),
    serial: value('SERIAL'),
    senderCode: value('SENDER_CODE'),
    raw: { DA_ADDR: fields.DA_ADDR, SERIAL: fields.SERIAL },
    refusal: checkValues(value, fields.TEXT.length, text, body.length, account),
  };
}

function checkValues(
  value: (name: keyof typeof DELIVER) => string,
  textBytes: number,
  text: string | undefined,
  bodyBytes: number,
  account: NgsAccount,
): NgsRefusal | undefined {
  const msgType = value('MSGTYPE');
  if (msgType !== 'S') {
    const known = msgType.length === 1 && KNOWN_MSGTYPES.includes(msgType);
    return refusal('E_INVALID_MSGTYPE', known ? `MSGTYPE ${msgType} is not simulated` : 'MSGTYPE is unknown');
  }
  if (!/^01[016789]\d{7,8}$/.test(value('DA_ADDR'))) {
    return refusal('E_INVALID_DA_ADDR', 'DA_ADDR is no mobile number in digits');
  }
  if (!/^\d+$/.test(value('CALLBACK'))) return refusal('E_INVALID_CALLBACK', 'CALLBACK is not in digits');
  if (!account.registeredNumbers.includes(value('CALLBACK'))) {
    return refusal('E_INVALID_CALLBACK', 'CALLBACK is not registered');
  }
  if (!['0', '1'].includes(value('ENCODING'))) return refusal('E_INVALID_ENCODING', 'ENCODING is neither 0 nor 1');
  if (text === undefined) return refusal('E_INVALID_TEXT', 'TEXT is not in its ENCODING');
  if (textBytes === 0) return refusal('E_INVALID_TEXT', 'TEXT is empty');
  if (textBytes > MAX_SMS_BYTES) return refusal('E_INVALID_TEXT', `TEXT is over ${MAX_SMS_BYTES} bytes`);
  if (!/^\d{9}$/.test(value('SENDER_CODE'))) return refusal('E_INVALID_SENDER_CODE', 'SENDER_CODE is not 9 digits');
  if (value('MEDIACNT') !== '0') return refusal('E_INVALID_MEDIA', 'an SMS has no MEDIA: MEDIACNT is not 0');
  // An EXTENTION needs a contract (section 4.3), and this account has none.
  if (value('EXT_SIZE') !== '0') return refusal('E_INVALID_EXT_SIZE', 'EXT_SIZE is not 0');
  return bodyBytes === DELIVER_BYTES
    ? undefined
    : refusal('E_INVALID_PACKET', 'bytes behind EXT_SIZE that no field announced');
}

/** Undefined where the bytes are not text in that encoding: proven by encoding them back. */
function decodeText(bytes: Buffer, encoding: string): string | undefined {
  const charset = encoding === '1' ? 'utf8' : 'cp949';
  const text = iconv.decode(bytes, charset, { stripBOM: false });
  return iconv.encode(text, charset).equals(bytes) ? text : undefined;
}
