/**
 * Reads what a browser answered, as W3C WebAuthn JSON with its bytes in either form of Base64, and writes it anew in
 * base64url without padding: from any JSON value to a credential that can be checked, or PasskeyRejected(FORM). It knows
 * no ceremony and no user.
 */
import { PasskeyRejected } from '../errors.ts';
import { type AuthenticatorData, authenticatorDataOf, readAuthenticatorData } from './authenticator-data.ts';
import type { WebAuthnJson } from './provider.ts';

export type CeremonyKind = 'REGISTRATION' | 'AUTHENTICATION';

export interface ClientData {
  readonly type: string;
  /** The bytes of the challenge. */
  readonly challenge: Buffer;
  readonly origin: string;
  readonly crossOrigin: unknown;
  readonly topOrigin: unknown;
}

export interface PasskeyCredential {
  /** What the provider gets: the members that verifying asks for, and no other. */
  readonly json: WebAuthnJson;
  readonly type: string;
  readonly id: Buffer;
  readonly rawId: Buffer;
  readonly clientData: ClientData;
  readonly authenticatorData: AuthenticatorData;
  /** Of an authentication, where the authenticator tells it. */
  readonly userHandle: Buffer | undefined;
}

const maxCredentialBytes = 65_536;
const maxTransports = 16;

/** @throws PasskeyRejected FORM where a member is missing, of another type, over 64 KB or no Base64. */
export function readCredential(given: unknown, kind: CeremonyKind): PasskeyCredential {
  if (sizeOf(given) > maxCredentialBytes) throw malformed();
  const credential = objectOf(given);
  const response = objectOf(member(credential, 'response'));
  const id = bytesOf(member(credential, 'id'));
  const rawId = bytesOf(member(credential, 'rawId'));
  const type = textOf(member(credential, 'type'));
  const clientDataJson = bytesOf(member(response, 'clientDataJSON'));
  const read = kind === 'REGISTRATION' ? readAttestation(response) : readAssertion(response);
  const attachment = member(credential, 'authenticatorAttachment') ?? undefined;
  const extensions = member(credential, 'clientExtensionResults') ?? {};
  return {
    json: {
      id: id.toString('base64url'),
      rawId: rawId.toString('base64url'),
      type,
      response: { clientDataJSON: clientDataJson.toString('base64url'), ...read.response },
      clientExtensionResults: objectOf(extensions),
      ...(attachment === undefined ? {} : { authenticatorAttachment: textOf(attachment) }),
    },
    type,
    id,
    rawId,
    clientData: readClientData(clientDataJson),
    authenticatorData: read.authenticatorData,
    userHandle: read.userHandle,
  };
}

/** The bytes of a text in base64url or Base64, padded or not; undefined where it is not the one way to write them. */
export function decodeBase64(text: string): Buffer | undefined {
  const bare = text.replace(/={1,2}$/, '');
  if (bare.length !== text.length && text.length % 4 !== 0) return undefined;
  const bytes = Buffer.from(bare, 'base64');
  const isWhole = bytes.toString('base64url') === bare || bytes.toString('base64').replace(/=+$/, '') === bare;
  return isWhole ? bytes : undefined;
}

interface Answer {
  readonly response: Readonly<Record<string, unknown>>;
  readonly authenticatorData: AuthenticatorData;
  readonly userHandle: Buffer | undefined;
}

/**
 * The copies that browsers add beside the attestation object (authenticatorData, publicKey, publicKeyAlgorithm) are left
 * out: nothing binds them to it, so whoever read them could be told another key.
 */
function readAttestation(response: Members): Answer {
  const attestationObject = bytesOf(member(response, 'attestationObject'));
  const transports = member(response, 'transports') ?? undefined;
  return {
    response: {
      attestationObject: attestationObject.toString('base64url'),
      ...(transports === undefined ? {} : { transports: transportsOf(transports) }),
    },
    authenticatorData: dataOf(authenticatorDataOf(attestationObject), { attested: true }),
    userHandle: undefined,
  };
}

function readAssertion(response: Members): Answer {
  const authenticatorData = bytesOf(member(response, 'authenticatorData'));
  const signature = bytesOf(member(response, 'signature'));
  const handle = member(response, 'userHandle') ?? '';
  const userHandle = handle === '' ? undefined : bytesOf(handle);
  return {
    response: {
      authenticatorData: authenticatorData.toString('base64url'),
      signature: signature.toString('base64url'),
      ...(userHandle === undefined ? {} : { userHandle: userHandle.toString('base64url') }),
    },
    authenticatorData: dataOf(authenticatorData, { attested: false }),
    userHandle,
  };
}

/** A new credential stands in the data of a registration, and in no other (Level 3, section 6.1). */
function dataOf(bytes: Buffer | undefined, { attested }: { attested: boolean }): AuthenticatorData {
  const data = bytes === undefined ? undefined : readAuthenticatorData(bytes);
  if (data === undefined || (data.attested !== undefined) !== attested) throw malformed();
  return data;
}

function readClientData(bytes: Buffer): ClientData {
  const data = objectOf(parseJson(bytes));
  const challengeText = textOf(member(data, 'challenge'));
  const challenge = Buffer.from(challengeText, 'base64url');
  // The browser writes it, and always in the one form (Level 3, section 5.8.1).
  if (challenge.toString('base64url') !== challengeText) throw malformed();
  return {
    type: textOf(member(data, 'type')),
    challenge,
    origin: textOf(member(data, 'origin')),
    crossOrigin: member(data, 'crossOrigin'),
    topOrigin: member(data, 'topOrigin'),
  };
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw malformed();
  }
}

type Members = Readonly<Record<string, unknown>>;

function member(of: Members, name: string): unknown {
  return Object.hasOwn(of, name) ? of[name] : undefined;
}

function objectOf(value: unknown): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed();
  return value as Members;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw malformed();
  return value;
}

function bytesOf(value: unknown): Buffer {
  const bytes = decodeBase64(textOf(value));
  if (bytes === undefined || bytes.length === 0) throw malformed();
  return bytes;
}

function transportsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > maxTransports) throw malformed();
  return value.map(textOf);
}

/** What is nested too deep to be written is too large as well. */
function sizeOf(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value) ?? '');
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

const malformed = (): PasskeyRejected => new PasskeyRejected('FORM');
