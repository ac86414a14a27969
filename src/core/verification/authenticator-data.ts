/**
 * What an authenticator signs, as far as our own checks need it: W3C Web Authentication Level 3, sections 6.1 (authenticator
 * data) and 6.5.4 (attestation object). Pure and bounded: any bytes give a value or undefined. It judges no signature and no
 * attestation: those are the provider's.
 */
import { type CborHead, childrenOf, readHead, skipItem } from './cbor.ts';

export interface AttestedCredential {
  readonly id: Buffer;
  /** COSE algorithm of the public key, for example -7; undefined where the key names none. */
  readonly algorithm: number | undefined;
}

export interface AuthenticatorData {
  readonly rpIdHash: Buffer;
  readonly userPresent: boolean;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  /** Of a registration only. */
  readonly attested: AttestedCredential | undefined;
}

const fixedLength = 37;
const aaguidLength = 16;
const flag = {
  userPresent: 0x01,
  userVerified: 0x04,
  backupEligible: 0x08,
  backedUp: 0x10,
  attested: 0x40,
  extended: 0x80,
};
/** RFC 9052, section 7.1: the label of `alg` in a COSE_Key. */
const coseAlgorithmLabel = 3;

/** Undefined where it is cut, or where anything stands behind its last field. */
export function readAuthenticatorData(bytes: Buffer): AuthenticatorData | undefined {
  if (bytes.length < fixedLength) return undefined;
  const flags = bytes.readUInt8(32);
  let at = fixedLength;
  let attested: AttestedCredential | undefined;
  if ((flags & flag.attested) !== 0) {
    const read = readAttestedCredential(bytes, at);
    if (read === undefined) return undefined;
    ({ attested } = read);
    at = read.end;
  }
  if ((flags & flag.extended) !== 0) {
    const end = readHead(bytes, at)?.major === 5 ? skipItem(bytes, at) : undefined;
    if (end === undefined) return undefined;
    at = end;
  }
  if (at !== bytes.length) return undefined;
  return {
    rpIdHash: bytes.subarray(0, 32),
    userPresent: (flags & flag.userPresent) !== 0,
    userVerified: (flags & flag.userVerified) !== 0,
    backupEligible: (flags & flag.backupEligible) !== 0,
    backedUp: (flags & flag.backedUp) !== 0,
    attested,
  };
}

/** The authenticator data within an attestation object: a map of the texts fmt, attStmt and authData. */
export function authenticatorDataOf(attestationObject: Buffer): Buffer | undefined {
  const map = readHead(attestationObject, 0);
  if (map?.major !== 5) return undefined;
  let found: Buffer | undefined;
  let at = map.end;
  for (let member = 0; member < map.argument; member += 1) {
    const name = readHead(attestationObject, at);
    if (name?.major !== 3) return undefined;
    const valueAt = name.end + name.argument;
    const end = skipItem(attestationObject, valueAt);
    if (end === undefined) return undefined;
    if (attestationObject.toString('latin1', name.end, valueAt) === 'authData') {
      const value = readHead(attestationObject, valueAt);
      // Said twice, two readers could take two different ones.
      if (value?.major !== 2 || found !== undefined) return undefined;
      found = attestationObject.subarray(value.end, end);
    }
    at = end;
  }
  return at === attestationObject.length ? found : undefined;
}

function readAttestedCredential(
  bytes: Buffer,
  from: number,
): { attested: AttestedCredential; end: number } | undefined {
  const idAt = from + aaguidLength + 2;
  if (bytes.length < idAt) return undefined;
  const keyAt = idAt + bytes.readUInt16BE(from + aaguidLength);
  const key = readHead(bytes, keyAt);
  const end = skipItem(bytes, keyAt);
  if (key?.major !== 5 || end === undefined) return undefined;
  return { attested: { id: bytes.subarray(idAt, keyAt), algorithm: algorithmOf(bytes, key) }, end };
}

/** The key is known to be whole. */
function algorithmOf(bytes: Buffer, key: CborHead): number | undefined {
  let at = key.end;
  for (let member = 0; member < childrenOf(key) / 2; member += 1) {
    const label = readHead(bytes, at);
    const valueAt = skipItem(bytes, at);
    const value = valueAt === undefined ? undefined : readHead(bytes, valueAt);
    const end = valueAt === undefined ? undefined : skipItem(bytes, valueAt);
    if (label === undefined || value === undefined || end === undefined) return undefined;
    if (label.major === 0 && label.argument === coseAlgorithmLabel) {
      if (value.major === 0) return value.argument;
      return value.major === 1 ? -1 - value.argument : undefined;
    }
    at = end;
  }
  return undefined;
}
