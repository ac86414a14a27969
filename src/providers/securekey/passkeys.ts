/**
 * Passkeys: the options of a ceremony in W3C JSON, and the credential in the fields of SecureKey (SecureKey, WebAuthn /
 * Passkey). The Node sample's fields at the top level are the wire; the `credential` of the PHP sample is not.
 */
import type { PasskeyVerdict, VerificationProvider, WebAuthnJson } from '../../core/verification/provider.ts';
import { type JsonObject, jsonObject } from './answer.ts';
import type { SecureKeyApi, SecureKeyCall } from './api.ts';

type Passkeys = Pick<
  VerificationProvider,
  'passkeyRegistrationOptions' | 'registerPasskey' | 'passkeyAuthenticationOptions' | 'authenticatePasskey'
>;

/** Of AuthenticatorAttestationResponseJSON and AuthenticatorAssertionResponseJSON: the texts and lists of texts. */
const RESPONSE_MEMBERS = [
  'clientDataJSON',
  'attestationObject',
  'authenticatorData',
  'transports',
  'publicKey',
  'signature',
  'userHandle',
] as const;

/** With 401 and 403 a code must name the ceremony: INVALID_CREDENTIALS is said of keys. */
const surelyAboutPasskeys =
  /WEBAUTHN|PASSKEY|CHALLENGE|ASSERTION|ATTESTATION|ORIGIN|RP_ID|VERIFICATION|CREDENTIAL(?!S)/;

export function createSecureKeyPasskeys(api: SecureKeyApi): Passkeys {
  async function options(call: SecureKeyCall, read: (json: JsonObject) => WebAuthnJson | undefined) {
    const { data, httpStatus } = await api.done(call);
    const found = read(jsonObject(data['publicKey']) ?? data);
    if (found === undefined) throw api.unreadable(httpStatus, 'data.publicKey holds no options that a browser takes.');
    return found;
  }

  async function verify(path: string, body: object): Promise<PasskeyVerdict> {
    const isVerdict = (code: string): boolean => surelyAboutPasskeys.test(code);
    const reply = await api.call({ path, body, bucket: 'attempt', isVerdict });
    if (reply.kind === 'DONE') return { verified: reply.data['verified'] === true };
    const { fault } = reply;
    if (!reply.enveloped) throw api.rejected(fault);
    const check = checkOf(fault.code);
    return { verified: false, ...(check === undefined ? {} : { check }), fault };
  }

  return {
    // Some samples leave userName out; the comments of others say that it is required.
    passkeyRegistrationOptions: ({ userId, userName }) =>
      options({ path: '/webauthn/register/options', body: { userId, userName } }, creationOptions),
    registerPasskey: ({ userId, credential, deviceName }) =>
      verify('/webauthn/register/verify', {
        ...fieldsOf(userId, credential),
        ...(deviceName === undefined ? {} : { deviceName }),
      }),
    passkeyAuthenticationOptions: ({ userId }) =>
      options({ path: '/webauthn/authenticate/options', body: { userId } }, requestOptions),
    authenticatePasskey: ({ userId, credential }) =>
      verify('/webauthn/authenticate/verify', fieldsOf(userId, credential)),
  };
}

function fieldsOf(userId: string, { id, rawId, type, response }: WebAuthnJson): object {
  const given = jsonObject(response) ?? {};
  const members = RESPONSE_MEMBERS.filter((name) => Object.hasOwn(given, name) && isText(given[name]));
  return { userId, id, rawId, type, response: Object.fromEntries(members.map((name) => [name, given[name]])) };
}

function isText(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.every((each) => typeof each === 'string'));
}

/** PublicKeyCredentialCreationOptionsJSON, every binary member in base64url; undefined where it cannot be one. */
function creationOptions(json: JsonObject): WebAuthnJson | undefined {
  const user = withBase64url(jsonObject(json['user']), 'id');
  const options = withBase64url(json, 'challenge');
  const excludeCredentials = descriptors(json['excludeCredentials']);
  if (options === undefined || user === undefined || excludeCredentials === undefined) return undefined;
  if (jsonObject(json['rp']) === undefined || !Array.isArray(json['pubKeyCredParams'])) return undefined;
  return { ...options, user, ...excludeCredentials.named('excludeCredentials') };
}

/** PublicKeyCredentialRequestOptionsJSON, likewise. */
function requestOptions(json: JsonObject): WebAuthnJson | undefined {
  const options = withBase64url(json, 'challenge');
  const allowCredentials = descriptors(json['allowCredentials']);
  if (options === undefined || allowCredentials === undefined) return undefined;
  return { ...options, ...allowCredentials.named('allowCredentials') };
}

/** Of a list of credential descriptors, which may be left out; undefined where it is no such list. */
function descriptors(value: unknown): { named(name: string): JsonObject } | undefined {
  if (value === undefined || value === null) return { named: () => ({}) };
  if (!Array.isArray(value)) return undefined;
  const list = value.map((each) => withBase64url(jsonObject(each), 'id'));
  return list.includes(undefined) ? undefined : { named: (name) => ({ [name]: list }) };
}

function withBase64url(json: JsonObject | undefined, member: string): JsonObject | undefined {
  const value = json?.[member];
  if (typeof value !== 'string') return undefined;
  // The samples mix base64 with padding (btoa) and base64url.
  const text = value
    .replace(/={1,2}$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return /^[A-Za-z0-9_-]+$/.test(text) && text.length % 4 !== 1 ? { ...json, [member]: text } : undefined;
}

/** The provider's code as a name of the check; undefined where it gave none, and the fault has only the status. */
function checkOf(code: string): string | undefined {
  const name = code
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return name === '' || /^HTTP_\d{3}$/.test(name) ? undefined : name;
}
