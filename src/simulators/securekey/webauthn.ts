/**
 * The relying party of the SecureKey simulator: challenges and passkeys. What a browser signed is judged by
 * @simplewebauthn/server; what that library leaves to its caller (challenge, origin, owner) is judged here.
 */
import { randomBytes } from 'node:crypto';
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import type { Clock } from '../../core/clock.ts';
import { readAsserted, readCreated, type Told } from './credential.ts';
import { SecureKeyRefusal } from './envelope.ts';
import type { SecureKeySettings } from './settings.ts';

/** EdDSA, ES256, RS256. */
const ALGORITHMS = [-8, -7, -257];
const MAX_CHALLENGES = 10_000;
const MAX_CREDENTIAL_ID_LENGTH = Math.ceil((1023 * 4) / 3);

type Ceremony = 'webauthn.create' | 'webauthn.get';

interface Passkey {
  readonly userId: string;
  readonly deviceName: string | undefined;
  credential: WebAuthnCredential;
}

export interface Verified {
  readonly userId: string;
  readonly credentialId: string;
  readonly told: Told;
}

export interface WebAuthn {
  /** The members of `publicKey`, as W3C's JSON. */
  registerOptions(user: { readonly userId: string; readonly userName: string }): Promise<object>;
  /** All verifications throw SecureKeyRefusal WEBAUTHN_… that names the check, or VALIDATION_ERROR. */
  registerVerify(body: unknown): Promise<Verified>;
  /** Throws SecureKeyRefusal WEBAUTHN_NO_CREDENTIAL for a user without a passkey. */
  authenticateOptions(userId: string): Promise<object>;
  authenticateVerify(body: unknown): Promise<Verified>;
}

export function createWebAuthn(clock: Clock, settings: () => SecureKeySettings): WebAuthn {
  const challenges = new Map<string, { userId: string; type: Ceremony; expiresAt: number }>();
  const passkeys = new Map<string, Passkey>();
  const handles = new Map<string, Buffer<ArrayBuffer>>();

  const passkeysOf = (userId: string) => [...passkeys.values()].filter((passkey) => passkey.userId === userId);

  function newChallenge(userId: string, type: Ceremony): Buffer<ArrayBuffer> {
    const challenge = randomBytes(32);
    challenges.set(challenge.toString('base64url'), {
      userId,
      type,
      expiresAt: clock.now() + settings().challengeTtlMs,
    });
    const [oldest] = challenges.keys();
    if (challenges.size > MAX_CHALLENGES && oldest !== undefined) challenges.delete(oldest);
    return challenge;
  }

  /** The library checks neither who was challenged nor, at a registration, crossOrigin. */
  function checkClientData(userId: string, type: Ceremony, clientDataJSON: string) {
    const client = readClientData(clientDataJSON);
    if (client.type !== type) throw refused('TYPE', `The client data is of type ${client.type}.`);
    const known = challenges.get(client.challenge);
    if (known?.userId !== userId || known.type !== type) throw refused('CHALLENGE', 'The challenge is not known.');
    challenges.delete(client.challenge);
    if (clock.now() >= known.expiresAt) throw refused('CHALLENGE', 'The challenge has expired.');
    if (client.crossOrigin === true) throw refused('CROSS_ORIGIN', 'The page was embedded in one of another origin.');
    if (!isExpectedOrigin(client.origin, settings())) throw refused('ORIGIN', 'The origin is not expected.');
    return { expectedChallenge: client.challenge, expectedOrigin: client.origin, expectedRPID: settings().rpId };
  }

  return {
    async registerOptions({ userId, userName }) {
      const { rpId, rpName, challengeTtlMs } = settings();
      const handle = handles.get(userId) ?? randomBytes(32);
      handles.set(userId, handle);
      return generateRegistrationOptions({
        rpName,
        rpID: rpId,
        userName,
        userDisplayName: userName,
        userID: new Uint8Array(handle),
        challenge: new Uint8Array(newChallenge(userId, 'webauthn.create')),
        timeout: challengeTtlMs,
        attestationType: 'none',
        excludeCredentials: passkeysOf(userId).map(({ credential }) => described(credential)),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        supportedAlgorithmIDs: ALGORITHMS,
      });
    },
    async registerVerify(body) {
      const { userId, deviceName, told, response, ...outer } = readCreated(body, settings().strictFields);
      const expected = checkClientData(userId, 'webauthn.create', response.clientDataJSON);
      const { clientDataJSON, attestationObject, transports } = response;
      const { verified, registrationInfo } = await judged(() =>
        verifyRegistrationResponse({
          response: {
            ...outer,
            type: outer.type as 'public-key',
            response: { clientDataJSON, attestationObject, ...(transports !== undefined && { transports }) },
            clientExtensionResults: {},
          },
          ...expected,
          requireUserVerification: true,
          supportedAlgorithmIDs: ALGORITHMS,
        }),
      );
      if (!verified) throw refused('SIGNATURE', 'The attestation is not valid.');
      const { credential } = registrationInfo;
      if (credential.id !== outer.id) throw refused('CREDENTIAL', 'The credential id is not the signed one.');
      if (credential.id.length > MAX_CREDENTIAL_ID_LENGTH)
        throw refused('CREDENTIAL', 'The credential id is too long.');
      if (passkeys.has(credential.id)) throw refused('CREDENTIAL', 'The credential id is registered already.');
      passkeys.set(credential.id, { userId, deviceName, credential });
      return { userId, credentialId: credential.id, told };
    },
    async authenticateOptions(userId) {
      const known = passkeysOf(userId);
      // What the real one answers here is not published.
      if (known.length === 0) throw new SecureKeyRefusal(404, 'WEBAUTHN_NO_CREDENTIAL', 'The user has no passkey.');
      return generateAuthenticationOptions({
        rpID: settings().rpId,
        allowCredentials: known.map(({ credential }) => described(credential)),
        challenge: new Uint8Array(newChallenge(userId, 'webauthn.get')),
        timeout: settings().challengeTtlMs,
        userVerification: 'required',
      });
    },
    async authenticateVerify(body) {
      const { userId, deviceName: _, told, response, ...outer } = readAsserted(body, settings().strictFields);
      const expected = checkClientData(userId, 'webauthn.get', response.clientDataJSON);
      const passkey = passkeys.get(outer.id);
      if (passkey?.userId !== userId) throw refused('CREDENTIAL', 'The user has no such passkey.');
      const { userHandle, ...signed } = response;
      if (userHandle !== undefined && userHandle !== handles.get(userId)?.toString('base64url')) {
        throw refused('CREDENTIAL', 'The user handle is of another user.');
      }
      const { verified, authenticationInfo } = await judged(() =>
        verifyAuthenticationResponse({
          response: { ...outer, type: outer.type as 'public-key', response: signed, clientExtensionResults: {} },
          ...expected,
          credential: passkey.credential,
          requireUserVerification: true,
        }),
      );
      if (!verified) throw refused('SIGNATURE', 'The signature does not match.');
      passkey.credential = { ...passkey.credential, counter: authenticationInfo.newCounter };
      return { userId, credentialId: outer.id, told };
    },
  };
}

const refused = (check: string, why: string) => new SecureKeyRefusal(400, `WEBAUTHN_${check}`, why);

const described = ({ id, transports }: WebAuthnCredential) => ({ id, ...(transports !== undefined && { transports }) });

function isExpectedOrigin(origin: string, { rpId, origins }: SecureKeySettings): boolean {
  if (origins.length > 0) return origins.some((allowed) => new URL(allowed).origin === origin);
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  return /^https?:$/.test(url.protocol) && url.origin === origin && url.hostname === rpId;
}

function readClientData(base64url: string) {
  try {
    const client: unknown = JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64url, 'base64url')),
    );
    const { type, challenge, origin, crossOrigin } = client as Record<string, unknown>;
    if (typeof type === 'string' && typeof challenge === 'string' && typeof origin === 'string') {
      return { type, challenge, origin, crossOrigin };
    }
  } catch {
    // Refused below, as what is no JSON.
  }
  throw refused('CLIENT_DATA', 'clientDataJSON cannot be read.');
}

/** The library tells its checks apart by their messages only. */
const CHECKS: readonly (readonly [RegExp, string])[] = [
  [/RP ID/i, 'RP_ID'],
  [/user verification/i, 'USER_VERIFICATION'],
  [/user presence|user not present/i, 'USER_PRESENCE'],
  [/counter value/i, 'COUNTER'],
  [/public key alg/i, 'ALGORITHM'],
  [/unexpected credential type/i, 'TYPE'],
];

async function judged<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    const check = CHECKS.find(([pattern]) => pattern.test(why))?.[1];
    throw refused(check ?? 'CREDENTIAL', check === undefined ? 'The credential cannot be read.' : why);
  }
}
