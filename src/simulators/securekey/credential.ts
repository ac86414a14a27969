/**
 * A browser's credential as it may come: the document's samples disagree on where its fields stand (top level or
 * `credential`) and on its alphabet (btoa or base64url). Both are taken, and which it was is told.
 */
import { z } from 'zod';
import { readFields, SecureKeyRefusal, text } from './envelope.ts';

const base64 = z.string().regex(/^[A-Za-z0-9+/_-]{1,100000}={0,2}$/, 'must be base64url or base64');

/** What PublicKeyCredential.toJSON() adds is let in, though no sample sends it. */
const credentialShape = {
  id: base64,
  rawId: base64,
  type: text(40),
  authenticatorAttachment: z.string().nullish(),
  clientExtensionResults: z.looseObject({}).optional(),
};
const attestation = z.looseObject({
  clientDataJSON: base64,
  attestationObject: base64,
  transports: z.array(z.string().max(40)).max(10).optional(),
});
const assertion = z.looseObject({
  clientDataJSON: base64,
  authenticatorData: base64,
  signature: base64,
  userHandle: z.union([base64, z.literal('')]).nullish(),
});

const around = { userId: text(254), deviceName: text(100).optional() };
const nestedCredential = z.looseObject({});

const created = z.strictObject({ ...credentialShape, response: attestation });
const asserted = z.strictObject({ ...credentialShape, response: assertion });

export interface Told {
  readonly placed: 'top level' | 'credential';
  readonly alphabet: 'base64url' | 'base64';
}

export interface GivenCredential<Response> {
  readonly userId: string;
  readonly deviceName: string | undefined;
  readonly id: string;
  readonly rawId: string;
  readonly type: string;
  readonly response: Response;
  readonly told: Told;
}

const toBase64url = (given: string): string => given.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

function alphabetOf(given: readonly string[]): Told['alphabet'] {
  return given.some((each) => /[+/=]/.test(each)) ? 'base64' : 'base64url';
}

function split(body: unknown, isStrict: boolean) {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new SecureKeyRefusal(400, 'VALIDATION_ERROR', 'body: must be an object');
  }
  if ('credential' in body) {
    const { credential, ...outer } = readFields(
      z.strictObject({ ...around, credential: nestedCredential }),
      body,
      isStrict,
    );
    return { ...outer, credential, placed: 'credential' as const };
  }
  const { userId, deviceName, ...credential } = body as Record<string, unknown>;
  return {
    ...readFields(z.strictObject(around), { userId, deviceName }, true),
    credential,
    placed: 'top level' as const,
  };
}

/** @throws SecureKeyRefusal */
export function readCreated(
  body: unknown,
  isStrict: boolean,
): GivenCredential<{ clientDataJSON: string; attestationObject: string; transports: string[] | undefined }> {
  const { userId, deviceName, credential, placed } = split(body, isStrict);
  const { id, rawId, type, response } = readFields(created, credential, isStrict);
  const { clientDataJSON, attestationObject, transports } = response;
  return {
    userId,
    deviceName,
    id: toBase64url(id),
    rawId: toBase64url(rawId),
    type,
    response: {
      clientDataJSON: toBase64url(clientDataJSON),
      attestationObject: toBase64url(attestationObject),
      transports,
    },
    told: { placed, alphabet: alphabetOf([id, rawId, clientDataJSON, attestationObject]) },
  };
}

/** @throws SecureKeyRefusal */
export function readAsserted(
  body: unknown,
  isStrict: boolean,
): GivenCredential<{
  clientDataJSON: string;
  authenticatorData: string;
  signature: string;
  userHandle: string | undefined;
}> {
  const { userId, deviceName, credential, placed } = split(body, isStrict);
  const { id, rawId, type, response } = readFields(asserted, credential, isStrict);
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return {
    userId,
    deviceName,
    id: toBase64url(id),
    rawId: toBase64url(rawId),
    type,
    response: {
      clientDataJSON: toBase64url(clientDataJSON),
      authenticatorData: toBase64url(authenticatorData),
      signature: toBase64url(signature),
      userHandle: userHandle ? toBase64url(userHandle) : undefined,
    },
    told: { placed, alphabet: alphabetOf([id, rawId, clientDataJSON, authenticatorData, signature]) },
  };
}
