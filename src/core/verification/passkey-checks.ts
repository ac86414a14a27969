/**
 * Our own checks of a credential against the ceremony that it answers (W3C Web Authentication Level 3, sections 7.1 and 7.2),
 * made before the provider is asked. Pure. The signature and the attestation are the provider's to check.
 */
import { createHash } from 'node:crypto';
import { PasskeyRejected } from '../errors.ts';
import type { Ceremony } from './passkey-ceremony.ts';
import type { CeremonyKind, PasskeyCredential } from './passkey-credential.ts';

const clientDataType: Readonly<Record<CeremonyKind, string>> = {
  REGISTRATION: 'webauthn.create',
  AUTHENTICATION: 'webauthn.get',
};
/** Section 6.1: no authenticator makes a longer one. */
const maxCredentialIdBytes = 1_023;
/** ES256, EdDSA and RS256: what every platform's authenticators speak. Others, such as RS1, are weaker or untried. */
const algorithms: readonly number[] = [-7, -8, -257];

/** What can be told of a credential alone. @throws PasskeyRejected TYPE, CROSS_ORIGIN or CREDENTIAL_ID. */
export function checkCredential(credential: PasskeyCredential, kind: CeremonyKind): void {
  const { type, clientData, id, rawId, authenticatorData } = credential;
  refuseUnless(type === 'public-key' && clientData.type === clientDataType[kind], 'TYPE');
  const isCrossOrigin = (clientData.crossOrigin ?? false) !== false || (clientData.topOrigin ?? null) !== null;
  refuseUnless(!isCrossOrigin, 'CROSS_ORIGIN');
  const { attested } = authenticatorData;
  const isOneId = id.equals(rawId) && (attested === undefined || attested.id.equals(rawId));
  refuseUnless(isOneId && rawId.length <= maxCredentialIdBytes, 'CREDENTIAL_ID');
}

/**
 * @param origins where pages may stand; where undefined, on the RP ID's own domain.
 * @throws PasskeyRejected ORIGIN, RP_ID, USER_PRESENT, USER_VERIFIED, BACKUP_STATE, CREDENTIAL_ID or ALGORITHM.
 */
export function checkAgainstCeremony(
  { clientData, rawId, authenticatorData: data }: PasskeyCredential,
  ceremony: Ceremony,
  origins: readonly string[] | undefined,
): void {
  const { origin } = clientData;
  const rpId = ceremony.rpId ?? hostOf(origin);
  const isAllowed = origins === undefined ? standsOn(origin, rpId) : origins.includes(origin);
  refuseUnless(isAllowed, 'ORIGIN');
  refuseUnless(rpId !== undefined && data.rpIdHash.equals(sha256(rpId)), 'RP_ID');
  refuseUnless(data.userPresent, 'USER_PRESENT');
  refuseUnless(data.userVerified, 'USER_VERIFIED');
  refuseUnless(data.backupEligible || !data.backedUp, 'BACKUP_STATE');
  const { allowedCredentialIds: allowed, offeredAlgorithms: offered } = ceremony;
  refuseUnless(allowed.length === 0 || allowed.includes(rawId.toString('base64url')), 'CREDENTIAL_ID');
  if (data.attested === undefined) return;
  const { algorithm } = data.attested;
  const isKnown = algorithm !== undefined && algorithms.includes(algorithm);
  refuseUnless(isKnown && (offered.length === 0 || offered.includes(algorithm)), 'ALGORITHM');
}

export function refuseUnless(passes: boolean, check: string): asserts passes {
  if (!passes) throw new PasskeyRejected(check);
}

/** A page of the domain or below it, as browsers hold it (section 5.1.2). An app's origin names no domain, so it has to be listed. */
function standsOn(origin: string, rpId: string | undefined): boolean {
  const host = hostOf(origin);
  return host !== undefined && rpId !== undefined && (host === rpId || host.endsWith(`.${rpId}`));
}

/** The host of a web origin that is written as browsers write it: over TLS, or of this machine. */
function hostOf(origin: string): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined;
  if (url?.origin !== origin) return undefined;
  const { protocol, hostname } = url;
  const isLocal = hostname === 'localhost' || hostname.endsWith('.localhost');
  return protocol === 'https:' || (protocol === 'http:' && isLocal) ? hostname : undefined;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
