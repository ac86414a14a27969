/**
 * The fields that CERT and BIND share, judged by the NGS document (2.0.1, sections 4.1 and 4.2). Stateless: who is
 * connected, and when, is judged elsewhere.
 */
import { timingSafeEqual } from 'node:crypto';
import { type NgsRefusal, refusal } from './results.ts';
import { encryptedPassword } from './seal.ts';

const VERSION = 'TV_2.0.1';
const MAX_KEYPOS = 64;

export interface NgsAccount {
  readonly id: string;
  readonly password: string;
  readonly registeredNumbers: readonly string[];
}

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
