/**
 * Valid ceremonies with one thing in each that is wrong, and the check that finds it. PROVIDER: nothing but a verifier can
 * tell, so it is not one of the gateway's own.
 */
import {
  type AuthenticationCeremony,
  type AuthenticationJson,
  encodeCbor,
  type RegistrationCeremony,
  type RegistrationJson,
} from './software-authenticator.ts';

export interface Mutation<Ceremony, Json> {
  readonly what: string;
  readonly check: string;
  readonly ceremony?: Partial<Ceremony>;
  /** Changes what the browser answered, behind the authenticator's back. */
  readonly edit?: (json: Json) => object;
}

type RegistrationMutation = Mutation<RegistrationCeremony, RegistrationJson>;
type AuthenticationMutation = Mutation<AuthenticationCeremony, AuthenticationJson>;

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
const url = (of: Uint8Array): string => Buffer.from(of).toString('base64url');
const other = (of: string): string => url(bytes(of).map((byte) => byte ^ 0xff));

function withoutMember<Part extends object>(of: Part, name: keyof Part): object {
  const { [name]: _left, ...rest } = of;
  return rest;
}

function flip(at: number, mask: number): (built: Buffer) => Buffer {
  return (built) => {
    const changed = Buffer.from(built);
    const place = at < 0 ? changed.length + at : at;
    changed.writeUInt8(changed.readUInt8(place) ^ mask, place);
    return changed;
  };
}

const flag = { backupEligible: 0x08, attested: 0x40, extended: 0x80 };
const flagsAt = 32;

/** What goes wrong in either ceremony alike. */
function shared(otherType: string): (Omit<RegistrationMutation, 'edit'> & Omit<AuthenticationMutation, 'edit'>)[] {
  return [
    { what: 'the client data of the other ceremony', check: 'TYPE', ceremony: { clientData: { type: otherType } } },
    { what: 'client data of no ceremony', check: 'TYPE', ceremony: { clientData: { type: 'payment.get' } } },
    { what: 'client data without a type', check: 'FORM', ceremony: { clientData: { type: undefined } } },
    {
      what: 'a challenge of nobody',
      check: 'CHALLENGE',
      ceremony: { clientData: { challenge: url(Buffer.alloc(32)) } },
    },
    {
      what: 'a challenge in padded Base64',
      check: 'FORM',
      ceremony: { clientData: { challenge: `${'A'.repeat(43)}=` } },
    },
    { what: 'a challenge that is a number', check: 'FORM', ceremony: { clientData: { challenge: 7 } } },
    { what: 'client data without a challenge', check: 'FORM', ceremony: { clientData: { challenge: undefined } } },
    {
      what: 'the page of another domain',
      check: 'ORIGIN',
      ceremony: { clientData: { origin: 'https://evil.example' } },
    },
    {
      what: 'the page of a domain that ends alike',
      check: 'ORIGIN',
      ceremony: { clientData: { origin: 'https://evillocalhost' } },
    },
    {
      what: 'a page whose port hides its domain',
      check: 'ORIGIN',
      ceremony: { clientData: { origin: 'https://localhost@evil.example' } },
    },
    { what: 'client data without an origin', check: 'FORM', ceremony: { clientData: { origin: undefined } } },
    { what: 'a frame of another site', check: 'CROSS_ORIGIN', ceremony: { clientData: { crossOrigin: true } } },
    { what: 'a frame, told as text', check: 'CROSS_ORIGIN', ceremony: { clientData: { crossOrigin: 'true' } } },
    {
      what: 'a page above it',
      check: 'CROSS_ORIGIN',
      ceremony: { clientData: { topOrigin: 'https://evil.example' } },
    },
    { what: 'client data that is no JSON', check: 'FORM', ceremony: { clientDataJSON: Buffer.from('{') } },
    { what: 'client data that is a list', check: 'FORM', ceremony: { clientDataJSON: Buffer.from('[]') } },
    { what: 'client data that is no UTF-8', check: 'FORM', ceremony: { clientDataJSON: Buffer.from([0xff]) } },
    { what: 'another RP ID', check: 'RP_ID', ceremony: { rpId: 'evil.example' } },
    { what: 'a bit of the RP ID’s hash', check: 'RP_ID', ceremony: { authenticatorData: flip(0, 1) } },
    { what: 'nobody present', check: 'USER_PRESENT', ceremony: { userPresent: false } },
    { what: 'nobody verified', check: 'USER_VERIFIED', ceremony: { userVerified: false } },
    { what: 'a backup of what cannot be backed up', check: 'BACKUP_STATE', ceremony: { backedUp: true } },
    {
      what: 'a new credential said to be where it is not, or the reverse',
      check: 'FORM',
      ceremony: { authenticatorData: flip(flagsAt, flag.attested) },
    },
    {
      what: 'extensions that are not there',
      check: 'FORM',
      ceremony: { authenticatorData: flip(flagsAt, flag.extended) },
    },
    { what: 'a byte behind the authenticator data', check: 'FORM', ceremony: { trailing: Buffer.from([0]) } },
    {
      what: 'authenticator data that is cut',
      check: 'FORM',
      ceremony: { authenticatorData: (built) => built.subarray(0, -1) },
    },
    { what: 'another type of credential', check: 'TYPE', ceremony: { type: 'password' } },
    { what: 'another id', check: 'CREDENTIAL_ID', ceremony: { id: url(Buffer.alloc(32, 7)) } },
    { what: 'another rawId', check: 'CREDENTIAL_ID', ceremony: { rawId: Buffer.alloc(32, 7) } },
    { what: 'an id that is no Base64', check: 'FORM', ceremony: { id: 'not/base64_' } },
    { what: 'an empty id', check: 'FORM', ceremony: { id: '' } },
  ];
}

const coseKey = (algorithm: [number, number][]): Buffer =>
  encodeCbor(
    new Map<number, number | Uint8Array>([
      [1, 2],
      ...algorithm,
      [-1, 1],
      [-2, Buffer.alloc(32, 1)],
      [-3, Buffer.alloc(32, 2)],
    ]),
  );
const authDataTwice = Buffer.concat([
  Buffer.from([0xa2]),
  ...[1, 2].flatMap((fill) => [encodeCbor('authData'), encodeCbor(Buffer.alloc(37, fill))]),
]);

export const registrationMutations: readonly RegistrationMutation[] = [
  ...shared('webauthn.get'),
  {
    what: 'a credential id over 1,023 bytes',
    check: 'CREDENTIAL_ID',
    ceremony: { credentialId: Buffer.alloc(1_024, 1) },
  },
  {
    what: 'a credential id whose length lies',
    check: 'FORM',
    ceremony: { authenticatorData: flip(53, 0xff) },
  },
  { what: 'a bit of the credential id', check: 'CREDENTIAL_ID', ceremony: { authenticatorData: flip(55, 1) } },
  { what: 'a key for RS1', check: 'ALGORITHM', ceremony: { publicKey: coseKey([[3, -65_535]]) } },
  { what: 'a key for no algorithm', check: 'ALGORITHM', ceremony: { publicKey: coseKey([]) } },
  { what: 'a key that is a list', check: 'FORM', ceremony: { publicKey: encodeCbor([1, 2, 3, -7]) } },
  { what: 'an attestation of no known format', check: 'PROVIDER', ceremony: { format: 'unheard-of' } },
  { what: 'an attestation that is packed and unsigned', check: 'PROVIDER', ceremony: { format: 'packed' } },
  {
    what: 'no attestation, with a statement',
    check: 'PROVIDER',
    ceremony: { attestationStatement: new Map([['alg', -7]]) },
  },
  { what: 'an attestation object that is no CBOR', check: 'FORM', ceremony: { attestationObject: Buffer.from('{}') } },
  { what: 'an attestation object of two data', check: 'FORM', ceremony: { attestationObject: authDataTwice } },
  {
    what: 'no attestation object',
    check: 'FORM',
    edit: (json) => ({ ...json, response: withoutMember(json.response, 'attestationObject') }),
  },
  {
    what: 'transports that are a text',
    check: 'FORM',
    edit: (json) => ({ ...json, response: { ...json.response, transports: 'usb' } }),
  },
  { what: 'no rawId', check: 'FORM', edit: (json) => withoutMember(json, 'rawId') },
  { what: 'no type', check: 'FORM', edit: (json) => withoutMember(json, 'type') },
  { what: 'no response', check: 'FORM', edit: (json) => withoutMember(json, 'response') },
  {
    what: 'more than 64 KB',
    check: 'FORM',
    edit: (json) => ({ ...json, clientExtensionResults: { much: 'x'.repeat(65_536) } }),
  },
];

export const authenticationMutations: readonly AuthenticationMutation[] = [
  ...shared('webauthn.create'),
  {
    what: 'a credential of nobody',
    check: 'CREDENTIAL_ID',
    edit: (json) => ({ ...json, id: other(json.id), rawId: other(json.id) }),
  },
  { what: 'the handle of another user', check: 'USER_HANDLE', ceremony: { userHandle: Buffer.from('somebody else') } },
  { what: 'a bit of the signature', check: 'PROVIDER', ceremony: { signature: flip(-1, 1) } },
  { what: 'a signature that is cut', check: 'PROVIDER', ceremony: { signature: (made) => made.subarray(0, -1) } },
  { what: 'a signature of zeros', check: 'PROVIDER', ceremony: { signature: () => Buffer.alloc(70) } },
  { what: 'an empty signature', check: 'FORM', ceremony: { signature: () => Buffer.alloc(0) } },
  {
    what: 'a counter changed behind the signature',
    check: 'PROVIDER',
    ceremony: { authenticatorDataAfterSigning: flip(36, 0x40) },
  },
  {
    what: 'a flag changed behind the signature',
    check: 'PROVIDER',
    ceremony: { authenticatorDataAfterSigning: flip(flagsAt, flag.backupEligible) },
  },
  {
    what: 'client data changed behind the signature',
    check: 'PROVIDER',
    edit: (json) => {
      const data = JSON.parse(bytes(json.response.clientDataJSON).toString()) as object;
      const clientDataJSON = url(Buffer.from(JSON.stringify({ ...data, more: true })));
      return { ...json, response: { ...json.response, clientDataJSON } };
    },
  },
  {
    what: 'no signature',
    check: 'FORM',
    edit: (json) => ({ ...json, response: withoutMember(json.response, 'signature') }),
  },
  {
    what: 'no authenticator data',
    check: 'FORM',
    edit: (json) => ({ ...json, response: withoutMember(json.response, 'authenticatorData') }),
  },
  {
    what: 'a handle that is a number',
    check: 'FORM',
    edit: (json) => ({ ...json, response: { ...json.response, userHandle: 7 } }),
  },
  { what: 'no id', check: 'FORM', edit: (json) => withoutMember(json, 'id') },
];
