/**
 * An authenticator and its browser in software: makes what `navigator.credentials.create` and `get` answer, as JSON, from the
 * options that a relying party gave. Written from W3C Web Authentication Level 3 (sections 5.8.1, 6.1, 6.5.1 and 8.7) and
 * RFC 9052, with no library, so that whoever verifies is checked against another reading. Every field can be overridden.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface RegistrationJson {
  id: string;
  rawId: string;
  type: string;
  authenticatorAttachment?: string;
  clientExtensionResults: Record<string, unknown>;
  response: { clientDataJSON: string; attestationObject: string; transports?: string[] };
}

export interface AuthenticationJson {
  id: string;
  rawId: string;
  type: string;
  authenticatorAttachment?: string;
  clientExtensionResults: Record<string, unknown>;
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle?: string };
}

export type Algorithm = 'ES256' | 'EdDSA' | 'RS256';

/** What is done otherwise than the options and the defaults say. Bytes are taken as they are. */
export interface Ceremony {
  /** The page that asked, for example `https://shop.example`. */
  origin: string;
  /** Else the options' own, else the host of `origin`. */
  rpId?: string;
  /** True unless said. */
  userPresent?: boolean;
  userVerified?: boolean;
  backupEligible?: boolean;
  backedUp?: boolean;
  /** The whole byte of flags, in place of the four above and of what is included. */
  flags?: number;
  /** Else 0 at registration and one more at every use; always 0 with `countsUses: false`. */
  signCount?: number;
  rpIdHash?: Uint8Array;
  /** Bytes behind the last field of the authenticator's data. */
  trailing?: Uint8Array;
  /** The authenticator's data as it was built, to be changed before it is signed. */
  authenticatorData?: (built: Buffer) => Uint8Array;
  /** Members of the client data: these replace or join the regular ones; undefined takes one out. */
  clientData?: Readonly<Record<string, unknown>>;
  /** The client data in place of the JSON, before it is hashed. */
  clientDataJSON?: Uint8Array;
  /** Else base64url without padding. `standard`: base64 with padding, as `btoa` writes it. */
  encoding?: 'url' | 'standard';
  type?: string;
  id?: string;
  rawId?: Uint8Array;
  attachment?: string;
}

export interface RegistrationCeremony extends Ceremony {
  /** Else the first of the options' that is known here. */
  algorithm?: Algorithm;
  credentialId?: Uint8Array;
  aaguid?: Uint8Array;
  /** COSE_Key as CBOR, in place of the new key's. */
  publicKey?: Uint8Array;
  format?: string;
  attestationStatement?: ReadonlyMap<string, Cbor>;
  attestationObject?: Uint8Array;
  transports?: string[];
}

export interface AuthenticationCeremony extends Ceremony {
  /** Else the first of the options' that is held, else the newest. */
  credentialId?: Uint8Array;
  signature?: (made: Buffer) => Uint8Array;
  /** Null leaves it out. */
  userHandle?: Uint8Array | null;
  /** Changes what is returned, but not what was signed. */
  authenticatorDataAfterSigning?: (built: Buffer) => Uint8Array;
}

export interface SoftwareAuthenticator {
  /** `options`: PublicKeyCredentialCreationOptionsJSON. The new credential is held from then on. */
  create(options: unknown, ceremony: RegistrationCeremony): RegistrationJson;
  /** `options`: PublicKeyCredentialRequestOptionsJSON. Throws where no credential is held. */
  get(options: unknown, ceremony: AuthenticationCeremony): AuthenticationJson;
}

interface Held {
  readonly id: Buffer;
  readonly privateKey: KeyObject;
  readonly algorithm: Algorithm;
  readonly userHandle: Buffer;
  signCount: number;
}

interface CreationOptions {
  readonly challenge: string;
  readonly rp: { readonly id?: string };
  readonly user: { readonly id: string };
  readonly pubKeyCredParams: readonly { readonly alg: number }[];
}

interface RequestOptions {
  readonly challenge: string;
  readonly rpId?: string;
  readonly allowCredentials?: readonly { readonly id: string }[];
}

const coseAlgorithms: Readonly<Record<Algorithm, number>> = { ES256: -7, EdDSA: -8, RS256: -257 };
const flag = { userPresent: 0x01, userVerified: 0x04, backupEligible: 0x08, backedUp: 0x10, attested: 0x40 };

export function createSoftwareAuthenticator(settings: { countsUses?: boolean } = {}): SoftwareAuthenticator {
  const { countsUses = true } = settings;
  const held: Held[] = [];
  return {
    create(given, ceremony) {
      const options = given as CreationOptions;
      const algorithm = ceremony.algorithm ?? firstKnown(options);
      const pair = newKeyPair(algorithm);
      const id = Buffer.from(ceremony.credentialId ?? randomBytes(32));
      const signCount = ceremony.signCount ?? 0;
      held.push({
        id,
        privateKey: pair.privateKey,
        algorithm,
        userHandle: Buffer.from(options.user.id, 'base64url'),
        signCount,
      });

      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const publicKey = ceremony.publicKey ?? encodeCbor(coseKey(pair.publicKey, algorithm));
      const attested = Buffer.concat([ceremony.aaguid ?? Buffer.alloc(16), length, id, publicKey]);
      const data = authenticatorData(ceremony, options.rp.id, signCount, attested);
      const attestation = encodeCbor(
        new Map<string, Cbor>([
          ['fmt', ceremony.format ?? 'none'],
          ['attStmt', ceremony.attestationStatement ?? new Map()],
          ['authData', data],
        ]),
      );
      const encode = encoderOf(ceremony);
      return {
        ...outside(ceremony, id),
        response: {
          clientDataJSON: encode(clientData(ceremony, 'webauthn.create', options.challenge)),
          attestationObject: encode(ceremony.attestationObject ?? attestation),
          transports: ceremony.transports ?? ['internal'],
        },
      };
    },

    get(given, ceremony) {
      const options = given as RequestOptions;
      const credential = choose(options, ceremony);
      if (countsUses) credential.signCount += 1;
      const data = authenticatorData(ceremony, options.rpId, ceremony.signCount ?? credential.signCount);
      const client = clientData(ceremony, 'webauthn.get', options.challenge);
      const made = signWith(credential, Buffer.concat([data, sha256(client)]));
      const encode = encoderOf(ceremony);
      const userHandle = ceremony.userHandle === undefined ? credential.userHandle : ceremony.userHandle;
      return {
        ...outside(ceremony, Buffer.from(ceremony.credentialId ?? credential.id)),
        response: {
          clientDataJSON: encode(client),
          authenticatorData: encode(ceremony.authenticatorDataAfterSigning?.(data) ?? data),
          signature: encode(ceremony.signature?.(made) ?? made),
          ...(userHandle === null ? {} : { userHandle: encode(userHandle) }),
        },
      };
    },
  };

  function choose(options: RequestOptions, { credentialId }: AuthenticationCeremony): Held {
    const allowed = options.allowCredentials?.map(({ id }) => Buffer.from(id, 'base64url'));
    const wanted = held.find(({ id }) =>
      credentialId === undefined ? allowed?.some((one) => one.equals(id)) : id.equals(credentialId),
    );
    const chosen = wanted ?? held.at(-1);
    if (chosen === undefined) throw new Error('No credential is held: create one first.');
    return chosen;
  }
}

function outside(ceremony: Ceremony, id: Buffer): Omit<RegistrationJson, 'response'> {
  // `id` is base64url whatever the page does with the bytes: the browser itself writes it.
  return {
    id: ceremony.id ?? id.toString('base64url'),
    rawId: encoderOf(ceremony)(ceremony.rawId ?? id),
    type: ceremony.type ?? 'public-key',
    authenticatorAttachment: ceremony.attachment ?? 'platform',
    clientExtensionResults: {},
  };
}

function clientData(ceremony: Ceremony, type: string, challenge: string): Buffer {
  if (ceremony.clientDataJSON !== undefined) return Buffer.from(ceremony.clientDataJSON);
  const regular = { type, challenge, origin: ceremony.origin, crossOrigin: false };
  return Buffer.from(JSON.stringify({ ...regular, ...ceremony.clientData }));
}

function authenticatorData(ceremony: Ceremony, rpId: string | undefined, signCount: number, attested?: Buffer): Buffer {
  const flags =
    (ceremony.userPresent === false ? 0 : flag.userPresent) |
    (ceremony.userVerified === false ? 0 : flag.userVerified) |
    (ceremony.backupEligible === true ? flag.backupEligible : 0) |
    (ceremony.backedUp === true ? flag.backedUp : 0) |
    (attested === undefined ? 0 : flag.attested);
  const fixed = Buffer.alloc(5);
  fixed.writeUInt8(ceremony.flags ?? flags, 0);
  fixed.writeUInt32BE(signCount, 1);
  const rpIdHash = ceremony.rpIdHash ?? sha256(ceremony.rpId ?? rpId ?? new URL(ceremony.origin).hostname);
  const built = Buffer.concat([rpIdHash, fixed, attested ?? Buffer.alloc(0), ceremony.trailing ?? Buffer.alloc(0)]);
  return Buffer.from(ceremony.authenticatorData?.(built) ?? built);
}

function encoderOf({ encoding }: Ceremony): (bytes: Uint8Array) => string {
  return (bytes) => Buffer.from(bytes).toString(encoding === 'standard' ? 'base64' : 'base64url');
}

function firstKnown(options: CreationOptions): Algorithm {
  const names = Object.keys(coseAlgorithms) as Algorithm[];
  for (const { alg } of options.pubKeyCredParams) {
    const known = names.find((name) => coseAlgorithms[name] === alg);
    if (known !== undefined) return known;
  }
  throw new Error('None of the algorithms of the options is known here.');
}

function newKeyPair(algorithm: Algorithm): { privateKey: KeyObject; publicKey: KeyObject } {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' });
  if (algorithm === 'EdDSA') return generateKeyPairSync('ed25519');
  return generateKeyPairSync('rsa', { modulusLength: 2048 });
}

function signWith({ algorithm, privateKey }: Held, bytes: Buffer): Buffer {
  return sign(algorithm === 'EdDSA' ? null : 'sha256', bytes, privateKey);
}

/** RFC 9053, sections 7.1.1 and 7.2, and RFC 8230, section 4. */
function coseKey(key: KeyObject, algorithm: Algorithm): ReadonlyMap<number, Cbor> {
  const jwk = key.export({ format: 'jwk' });
  const part = (name: 'x' | 'y' | 'n' | 'e'): Buffer => Buffer.from(String(jwk[name]), 'base64url');
  const alg = coseAlgorithms[algorithm];
  if (algorithm === 'ES256') return cborMap([1, 2], [3, alg], [-1, 1], [-2, part('x')], [-3, part('y')]);
  if (algorithm === 'EdDSA') return cborMap([1, 1], [3, alg], [-1, 6], [-2, part('x')]);
  return cborMap([1, 3], [3, alg], [-1, part('n')], [-2, part('e')]);
}

const cborMap = (...entries: [number, Cbor][]): ReadonlyMap<number, Cbor> => new Map(entries);

export type Cbor = number | string | Uint8Array | boolean | readonly Cbor[] | ReadonlyMap<number | string, Cbor>;

/** RFC 8949, section 3, of definite length; the members of a map in the order given. Integers below 2^32. */
export function encodeCbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const members = [...(value as ReadonlyMap<number | string, Cbor>)];
    return Buffer.concat([head(5, members.length), ...members.flat().map((part) => encodeCbor(part as Cbor))]);
  }
  const items = value as readonly Cbor[];
  return Buffer.concat([head(4, items.length), ...items.map(encodeCbor)]);
}

function head(major: number, argument: number): Buffer {
  const type = major << 5;
  if (argument < 24) return Buffer.from([type | argument]);
  if (argument < 0x100) return Buffer.from([type | 24, argument]);
  if (argument < 0x10000) return Buffer.from([type | 25, argument >> 8, argument & 0xff]);
  const long = Buffer.alloc(5, type | 26);
  long.writeUInt32BE(argument, 1);
  return long;
}

const sha256 = (of: string | Uint8Array): Buffer => createHash('sha256').update(of).digest();
