import { describe, expect, it } from 'vitest';
import { startSecureKeySimulator } from '../support/securekey-simulator.ts';
import {
  type AuthenticationCeremony,
  createSoftwareAuthenticator,
  type RegistrationCeremony,
  type RegistrationJson,
} from '../support/software-authenticator.ts';

const USER = { userId: 'user_123', userName: 'someone@example.com' };
const origin = 'http://localhost:4000';
const other = Buffer.alloc(32, 7);

async function start(options = {}) {
  const started = await startSecureKeySimulator(options);
  const { call } = started;
  const authenticator = createSoftwareAuthenticator();
  const optionsOf = async (ceremony: 'register' | 'authenticate', userId = USER.userId) =>
    (await call(`webauthn/${ceremony}/options`, { userId })).json.data.publicKey;
  const created = async (ceremony: Partial<RegistrationCeremony> = {}, userId?: string): Promise<RegistrationJson> =>
    authenticator.create(await optionsOf('register', userId), { origin, ...ceremony });
  const register = async (ceremony?: Partial<RegistrationCeremony>, userId = USER.userId) =>
    call('webauthn/register/verify', { userId, ...(await created(ceremony, userId)) });
  const asserted = async (ceremony: Partial<AuthenticationCeremony> = {}) =>
    authenticator.get(await optionsOf('authenticate'), { origin, ...ceremony });
  const authenticate = async (ceremony?: Partial<AuthenticationCeremony>) =>
    call('webauthn/authenticate/verify', { userId: USER.userId, ...(await asserted(ceremony)) });
  return { ...started, created, register, asserted, authenticate, optionsOf };
}

describe('passkeys at the SecureKey simulator', () => {
  it('gives options to create one as W3C JSON', async () => {
    const { call } = await start();
    const { json } = await call('webauthn/register/options', USER);
    expect(json.data.publicKey).toMatchObject({
      challenge: expect.stringMatching(/^[\w-]{43}$/),
      rp: { id: 'localhost', name: 'Gwanmun sandbox' },
      user: { id: expect.stringMatching(/^[\w-]{43}$/), name: USER.userName },
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ alg, type: 'public-key' })),
      timeout: 300_000,
      attestation: 'none',
      authenticatorSelection: { userVerification: 'required' },
    });
  });

  it.each(['ES256', 'EdDSA', 'RS256'] as const)('registers one of %s, and takes it', async (algorithm) => {
    const { register, authenticate, optionsOf } = await start();
    expect(await register({ algorithm })).toMatchObject({ status: 200, json: { data: { verified: true } } });
    expect((await optionsOf('authenticate')).allowCredentials).toHaveLength(1);
    expect((await optionsOf('register')).excludeCredentials).toHaveLength(1);
    expect(await authenticate()).toMatchObject({ status: 200, json: { data: { verified: true } } });
    expect(await authenticate()).toMatchObject({ status: 200, json: { data: { verified: true } } });
  });

  it('takes the credential at the top level or nested, in base64url or base64, and tells which', async () => {
    const { call, created, authenticate, simulator } = await start();
    const deviceName = 'Chrome on MacOS';
    const nested = await created({ encoding: 'standard', credentialId: Buffer.alloc(32, 0xfb) });
    const answer = await call('webauthn/register/verify', { userId: USER.userId, deviceName, credential: nested });
    expect(answer.json.data).toEqual({ verified: true });
    expect((await authenticate()).json.data).toEqual({ verified: true });
    expect(simulator.ledger.entries().filter(({ event }) => event.endsWith('/verify'))).toMatchObject([
      { outcome: 'TAKEN', fields: { placed: 'credential', alphabet: 'base64' } },
      { outcome: 'TAKEN', fields: { placed: 'top level', alphabet: 'base64url' } },
    ]);
  });

  it.each<[string, Partial<RegistrationCeremony>]>([
    ['ORIGIN', { origin: 'http://evil.example' }],
    ['ORIGIN', { origin: 'http://sub.localhost:4000', rpId: 'localhost' }],
    ['ORIGIN', { clientData: { origin: 'http://localhost:4000/path' } }],
    ['TYPE', { clientData: { type: 'webauthn.get' } }],
    ['TYPE', { type: 'password' }],
    ['CHALLENGE', { clientData: { challenge: other.toString('base64url') } }],
    ['CROSS_ORIGIN', { clientData: { crossOrigin: true } }],
    ['CLIENT_DATA', { clientDataJSON: Buffer.from('no JSON') }],
    ['CLIENT_DATA', { clientDataJSON: Buffer.from('null') }],
    ['RP_ID', { rpId: 'evil.example' }],
    ['USER_VERIFICATION', { userVerified: false }],
    ['USER_PRESENCE', { userPresent: false }],
    ['CREDENTIAL', { rawId: other }],
    ['CREDENTIAL', { attestationObject: other }],
    ['CREDENTIAL', { format: 'unheard' }],
  ])('refuses to register by WEBAUTHN_%s what was made with %j; the control passes', async (check, ceremony) => {
    const { register } = await start();
    const refused = await register(ceremony);
    expect(refused).toMatchObject({ status: 400, json: { success: false, code: `WEBAUTHN_${check}` } });
    expect((await register()).json.data).toEqual({ verified: true });
  });

  it.each<[string, Partial<AuthenticationCeremony>]>([
    ['ORIGIN', { clientData: { origin: 'http://evil.example' } }],
    ['TYPE', { clientData: { type: 'webauthn.create' } }],
    ['CHALLENGE', { clientData: { challenge: other.toString('base64url') } }],
    ['CROSS_ORIGIN', { clientData: { crossOrigin: true } }],
    ['RP_ID', { rpIdHash: other }],
    ['USER_VERIFICATION', { userVerified: false }],
    ['USER_PRESENCE', { userPresent: false }],
    ['COUNTER', { signCount: 0 }],
    ['CREDENTIAL', { userHandle: other }],
    ['CREDENTIAL', { id: other.toString('base64url') }],
    [
      'SIGNATURE',
      { signature: (made) => Buffer.concat([made.subarray(0, -1), Buffer.from([(made.at(-1) ?? 0) ^ 1])]) },
    ],
    [
      'SIGNATURE',
      { authenticatorDataAfterSigning: (built) => Buffer.concat([built.subarray(0, -1), Buffer.from([9])]) },
    ],
  ])('refuses to authenticate by WEBAUTHN_%s what was made with %j; the control passes', async (check, ceremony) => {
    const { register, authenticate } = await start();
    await register({ signCount: 1 });
    const refused = await authenticate(ceremony);
    expect(refused).toMatchObject({ status: 400, json: { success: false, code: `WEBAUTHN_${check}` } });
    expect((await authenticate({ signCount: 20 })).json.data).toEqual({ verified: true });
  });

  it('takes a challenge once, from its user, for its ceremony, and for 5 minutes', async () => {
    const { call, created, asserted, clock } = await start();
    const code = async (path: string, userId: string, credential: object) =>
      (await call(`webauthn/${path}/verify`, { userId, ...credential })).json.code;
    const first = await created();
    expect(await code('register', 'user_456', first)).toBe('WEBAUTHN_CHALLENGE');
    expect(await code('register', USER.userId, first)).toBeUndefined();
    expect(await code('register', USER.userId, first)).toBe('WEBAUTHN_CHALLENGE');
    const late = await asserted();
    clock.at += 300_000;
    expect(await code('authenticate', USER.userId, late)).toBe('WEBAUTHN_CHALLENGE');
    const inTime = await asserted();
    clock.at += 299_999;
    expect(await code('authenticate', USER.userId, inTime)).toBeUndefined();
  });

  it('registers a credential id once, over all users, and takes it from its user only', async () => {
    const { register, call, optionsOf } = await start();
    const credentialId = Buffer.alloc(16, 1);
    await register({ credentialId });
    expect((await register({ credentialId }, 'user_456')).json.code).toBe('WEBAUTHN_CREDENTIAL');
    await register({ credentialId: Buffer.alloc(16, 2) }, 'user_456');
    expect((await optionsOf('authenticate', 'user_456')).allowCredentials).toHaveLength(1);
    const stranger = await call('webauthn/authenticate/options', { userId: 'nobody' });
    expect(stranger).toMatchObject({ status: 404, json: { code: 'WEBAUTHN_NO_CREDENTIAL' } });
  });

  it('holds origins against its list where it has one, whatever the RP ID', async () => {
    const { register } = await start({ rpId: 'example.com', origins: ['https://login.example.com'] });
    expect((await register({ origin: 'https://login.example.com' })).json.data).toEqual({ verified: true });
    expect((await register({ origin: 'https://example.com' })).json.code).toBe('WEBAUTHN_ORIGIN');
  });

  it('asks for a userName where it is strict about it', async () => {
    const { call } = await start({ strictUserName: true });
    expect((await call('webauthn/register/options', { userId: 'u' })).json.code).toBe('VALIDATION_ERROR');
    expect((await call('webauthn/register/options', USER)).status).toBe(200);
  });
});
