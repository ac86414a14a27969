import { describe, expect, it } from 'vitest';
import { ASSERTION, answer, CALLS, CREDENTIAL, peer, provider, success } from './account.ts';

/** The body of each endpoint, from the samples of the document. */
const BODIES: Readonly<Record<string, unknown>> = {
  '/otp/send': { phone: '01012345678', purpose: 'login' },
  '/otp/verify': { phone: '01012345678', code: '123456' },
  '/email-otp/send': { email: 'hong@example.com', purpose: 'login' },
  '/email-otp/verify': { email: 'hong@example.com', code: '123456' },
  '/totp/setup': { userId: 'user_123', issuer: 'MyApp', accountName: 'hong@example.com' },
  '/totp/verify': { userId: 'user_123', token: '123456' },
  '/webauthn/register/options': { userId: 'user_123', userName: 'hong@example.com' },
  '/webauthn/register/verify': {
    userId: 'user_123',
    id: 'Y3JlZA',
    rawId: 'Y3JlZA',
    type: 'public-key',
    response: { clientDataJSON: 'e30', attestationObject: 'o2M', transports: ['internal'] },
    deviceName: 'Chrome on MacOS',
  },
  '/webauthn/authenticate/options': { userId: 'user_123' },
  '/webauthn/authenticate/verify': {
    userId: 'user_123',
    id: 'Y3JlZA',
    rawId: 'Y3JlZA',
    type: 'public-key',
    response: { clientDataJSON: 'e30', authenticatorData: 'SZYN', signature: 'MEUC', userHandle: 'dXNlcg' },
  },
  '/push/devices': { userId: 'user_123', fcmToken: 'fcm', deviceName: 'iPhone 15', platform: 'ios' },
  '/push/send': { userId: 'user_123', title: '로그인 승인 요청', body: '새로운 기기' },
  '/push/verify': { requestId: 'req_1', userId: 'user_123' },
  '/push/respond': { requestId: 'req_1', response: 'approve' },
};

const CREATION = {
  rp: { id: 'example.com', name: 'Example' },
  user: { id: 'dXNlcl8xMjM', name: 'hong@example.com', displayName: '홍길동' },
  challenge: 'Y2hhbGxlbmdl',
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  timeout: 60_000,
  extensions: { credProps: true },
};
const PNG = 'data:image/png;base64,iVBORw0KGgo=';
const PUSH = { pushRespondPath: '/push/respond' };

describe('the wire', () => {
  it('has a body here for every call', () => {
    expect(Object.keys(BODIES)).toEqual(Object.keys(CALLS));
  });

  it.each(Object.entries(CALLS))('of %s is one POST below /api/v1, as the document shows it', async (path, call) => {
    const { url, seen } = await peer(answer(400, { success: false, error: 'Says why', code: 'ANY' }));
    await call(provider(url, PUSH))?.catch(() => {});
    expect(seen).toEqual([{ line: `POST /api/v1${path}`, headers: expect.any(Object), body: BODIES[path] }]);
    const { host, connection, 'content-length': length, ...headers } = seen[0]?.headers ?? {};
    expect(length).toBe(String(Buffer.byteLength(JSON.stringify(BODIES[path]))));
    expect(headers).toEqual({
      'content-type': 'application/json',
      'accept-encoding': 'identity',
      'x-api-key': '2fa_test',
    });
  });

  it('has the key as a bearer token where it is told so', async () => {
    const { url, seen } = await peer(success({}));
    await provider(url, { authentication: 'Bearer' }).sendSmsCode({ phone: '+819012345678', purpose: 'login' });
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer 2fa_test' });
    expect(seen[0]?.headers).not.toHaveProperty('x-api-key');
    expect(seen[0]?.body).toEqual({ phone: '+819012345678', purpose: 'login' });
  });

  it('leaves out what was not given', async () => {
    const { url, seen } = await peer(success({ uri: 'otpauth://totp/a', qrCodeDataUrl: PNG, requestId: 'r' }));
    const made = provider(url);
    await made.setUpTotp({ userId: 'u', accountName: 'a' });
    await made.registerPasskey({ userId: 'u', credential: CREDENTIAL });
    await made.registerPushDevice({ userId: 'u', fcmToken: 'f', platform: 'ANDROID' });
    await made.sendPush({ userId: 'u', title: 't' });
    expect(seen.map(({ body }) => body)).toEqual([
      { userId: 'u', accountName: 'a' },
      { userId: 'u', ...CREDENTIAL },
      { userId: 'u', fcmToken: 'f', platform: 'android' },
      { userId: 'u', title: 't' },
    ]);
  });

  it('carries of a credential what the document names, in texts and lists of texts alone', async () => {
    const { url, seen } = await peer(success({ verified: true }));
    const response = { ...ASSERTION.response, userHandle: null, publicKeyAlgorithm: -7, toJSON: {}, transports: [1] };
    const credential = { ...ASSERTION, response, clientExtensionResults: {}, authenticatorAttachment: 'platform' };
    await provider(url).authenticatePasskey({ userId: 'u', credential });
    const { userHandle: _, ...kept } = ASSERTION.response;
    expect(seen[0]?.body).toEqual({ userId: 'u', ...ASSERTION, response: kept });
  });

  it('has no way to respond to a push where no path for it is set', async () => {
    const { url, seen } = await peer(success({}));
    expect(provider(url).respondToPush).toBeUndefined();
    const made = provider(url, { pushRespondPath: '/push/answer' });
    await made.respondToPush?.({ requestId: 'r', decision: 'DENIED' });
    expect(seen).toMatchObject([{ line: 'POST /api/v1/push/answer', body: { requestId: 'r', response: 'deny' } }]);
  });
});

describe('what SecureKey gives', () => {
  const now = 1_790_000_000_000;
  const clock = { now: () => now, monotonicMs: () => 0 };
  const in3Minutes = new Date(now + 180_000 + 9 * 3_600_000).toISOString().replace('Z', '+09:00');

  it.each([
    [
      { requestId: 'cm123', expiresAt: in3Minutes },
      { requestId: 'cm123', expiresAt: now + 180_000 },
    ],
    [{ expiresAt: new Date(now + 1_000).toISOString() }, { expiresAt: now + 1_000 }],
    [{ expiresAt: now + 1_000 }, { expiresAt: now + 1_000 }],
    [{}, {}],
    [undefined, {}],
    [[], {}],
    [{ requestId: 7, expiresAt: 'soon' }, {}],
    [{ requestId: '', expiresAt: now - 1 }, {}],
    [{ requestId: 'x'.repeat(257), expiresAt: now + 90_000_000 }, {}],
    // Whose time it is, nobody says.
    [{ expiresAt: new Date(now + 1_000).toISOString().slice(0, -1) }, {}],
  ])('for a sent code is %j, read as %j', async (data, sent) => {
    const { url } = await peer(success(data));
    expect(await provider(url, { clock }).sendSmsCode({ phone: '01012345678', purpose: 'login' })).toEqual(sent);
    expect(await provider(url, { clock }).sendEmailCode({ email: 'a@b.kr', purpose: 'login' })).toEqual(sent);
  });

  it('for an authenticator app is its URI and its QR code', async () => {
    const uri = 'otpauth://totp/MyApp:hong?secret=JBSWY3DPEHPK3PXP&issuer=MyApp';
    const { url } = await peer(success({ uri, qrCodeDataUrl: PNG, secret: 'JBSWY3DPEHPK3PXP' }));
    const made = await provider(url).setUpTotp({ userId: 'u', accountName: 'hong' });
    expect(made).toEqual({ uri, qrCodeDataUrl: PNG });
  });

  it('for a push is the name of the request', async () => {
    const { url } = await peer(success({ requestId: 'req_1', status: 'pending' }));
    expect(await provider(url).sendPush({ userId: 'u', title: 't' })).toEqual({ requestId: 'req_1' });
  });

  it.each(['publicKey', 'the top level'])('for a passkey are the options in %s, as they are', async (where) => {
    const wrap = (options: object) => success(where === 'publicKey' ? { publicKey: options } : options);
    const creation = await peer(wrap(CREATION));
    const made = provider(creation.url);
    expect(await made.passkeyRegistrationOptions({ userId: 'u', userName: 'n' })).toEqual(CREATION);
    const request = { challenge: 'Y2g', rpId: 'example.com', userVerification: 'required' };
    const authentication = await peer(wrap(request));
    expect(await provider(authentication.url).passkeyAuthenticationOptions({ userId: 'u' })).toEqual(request);
  });

  it('for a passkey becomes base64url wherever it is binary', async () => {
    // Bytes that base64 and base64url write in different letters.
    const bytes = Buffer.from([0xfb, 0xff, 0xfe, 0x3e]);
    const [base64, base64url] = [bytes.toString('base64'), bytes.toString('base64url')];
    expect(base64).not.toBe(base64url);
    const listed = (id: string) => [{ type: 'public-key', id, transports: ['usb'] }];
    const creation = (id: string) => ({
      ...CREATION,
      challenge: id,
      user: { ...CREATION.user, id },
      excludeCredentials: listed(id),
    });
    const made = provider((await peer(success({ publicKey: creation(base64) }))).url);
    expect(await made.passkeyRegistrationOptions({ userId: 'u', userName: 'n' })).toEqual(creation(base64url));
    const request = (id: string) => ({ challenge: id, allowCredentials: listed(id) });
    const asking = provider((await peer(success({ publicKey: request(base64) }))).url);
    expect(await asking.passkeyAuthenticationOptions({ userId: 'u' })).toEqual(request(base64url));
  });

  const noCreation = [
    {},
    { publicKey: {} },
    { publicKey: 'x' },
    { publicKey: { ...CREATION, challenge: undefined } },
    { publicKey: { ...CREATION, challenge: { type: 'Buffer', data: [1] } } },
    { publicKey: { ...CREATION, challenge: '한글' } },
    { publicKey: { ...CREATION, challenge: 'abcde' } },
    { publicKey: { ...CREATION, user: { name: 'n' } } },
    { publicKey: { ...CREATION, rp: undefined } },
    { publicKey: { ...CREATION, pubKeyCredParams: {} } },
    { publicKey: { ...CREATION, excludeCredentials: [{ type: 'public-key' }] } },
    { publicKey: { ...CREATION, excludeCredentials: {} } },
  ];
  const bad: [string, unknown][] = [
    ...noCreation.map((data): [string, unknown] => ['/webauthn/register/options', data]),
    ['/webauthn/authenticate/options', { publicKey: { rpId: 'example.com' } }],
    ['/webauthn/authenticate/options', { publicKey: { challenge: 'Y2g', allowCredentials: [null] } }],
    ['/totp/setup', { qrCodeDataUrl: PNG }],
    ['/totp/setup', { uri: 'https://example.com/', qrCodeDataUrl: PNG }],
    ['/totp/setup', { uri: 'otpauth://hotp/a', qrCodeDataUrl: PNG }],
    ['/totp/setup', { uri: 'otpauth://totp/a?secret=JBSWY3DPEHPK3PXP' }],
    ['/totp/setup', { uri: 'otpauth://totp/a', qrCodeDataUrl: 'https://example.com/qr.png' }],
    ['/push/send', {}],
    ['/push/send', { requestId: 7 }],
    ['/push/send', { requestId: 'a b' }],
  ];
  it.each(bad)('to %s cannot be used where it is %j, and nobody says it was not done', async (path, data) => {
    const { url, seen } = await peer(success(data));
    await expect(CALLS[path]?.(provider(url))).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      outcome: 'UNKNOWN',
      origin: { provider: 'SECUREKEY', code: 'BAD_ANSWER', httpStatus: 200, text: expect.not.stringMatching('JBSW') },
    });
    expect(seen).toHaveLength(1);
  });
});
