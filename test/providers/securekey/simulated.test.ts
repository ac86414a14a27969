import { TOTP, URI } from 'otpauth';
import { describe, expect, it } from 'vitest';
import type { WebAuthnJson } from '../../../src/core/verification/provider.ts';
import { createSecureKeyWebhookSource } from '../../../src/providers/securekey/webhook-source.ts';
import type { SecureKeySimulatorOptions } from '../../../src/simulators/securekey/simulator.ts';
import { API_KEY, startSecureKeySimulator, startWebhookListener } from '../../support/securekey-simulator.ts';
import { createSoftwareAuthenticator } from '../../support/software-authenticator.ts';
import { until } from '../../support/until.ts';
import { failureOf, provider } from './account.ts';

const user = { userId: 'user_123', userName: 'hong@example.com' };
const origin = 'http://localhost:4000';
const json = (value: object): WebAuthnJson => value as WebAuthnJson;

/** Our reading of the document against the simulator's, which is another. */
async function account(options: Partial<SecureKeySimulatorOptions> = {}) {
  const { simulator, clock, url } = await startSecureKeySimulator(options);
  const made = provider(url, { apiKey: API_KEY, clock, pushRespondPath: '/push/respond' });
  return { simulator, clock, made };
}

describe('against the simulator', () => {
  const codes = [
    ['VERIFIED_FALSE', 'phone'],
    ['VERIFIED_FALSE', 'email'],
    ['ERROR', 'phone'],
    ['ERROR', 'email'],
  ] as const;
  it.each(codes)('a code is sent, refused where it is wrong (%s), and good once (%s)', async (wrongCode, channel) => {
    const { simulator, clock, made } = await account({ wrongCode });
    const [phone, email, purpose] = ['01012345678', 'hong@example.com', 'login'];
    const send = () =>
      channel === 'phone' ? made.sendSmsCode({ phone, purpose }) : made.sendEmailCode({ email, purpose });
    const verify = (code: string) =>
      channel === 'phone' ? made.verifySmsCode({ phone, code }) : made.verifyEmailCode({ email, code });
    const lastCode = () => simulator.lastCode(channel === 'phone' ? { phone } : { email })?.code ?? '';
    expect(await send()).toEqual({ requestId: expect.any(String), expiresAt: clock.now() + 180_000 });
    const code = lastCode();
    const wrong = code === '000000' ? '000001' : '000000';
    expect(await verify(wrong)).toMatchObject({ verified: false, expired: false });
    expect(await verify(code)).toEqual({ verified: true, expired: false });
    expect(await verify(code)).toMatchObject({ verified: false });
    await send();
    clock.at += 180_000;
    // Only an error has a code that could say so.
    expect(await verify(lastCode())).toMatchObject({ verified: false, expired: wrongCode === 'ERROR' });
  });

  it('an authenticator app is set up by its URI, and its code is good once', async () => {
    const { clock, made } = await account();
    expect(await failureOf(made.verifyTotp({ userId: 'user_123', code: '123456' }))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      origin: { code: 'TOTP_NOT_SET_UP' },
    });
    const { uri, qrCodeDataUrl } = await made.setUpTotp({ userId: 'user_123', accountName: 'hong', issuer: 'MyApp' });
    expect(qrCodeDataUrl).toMatch(/^data:image\/png;base64,/);
    const app = URI.parse(uri);
    expect(app).toBeInstanceOf(TOTP);
    const code = (app as TOTP).generate({ timestamp: clock.now() });
    expect(await made.verifyTotp({ userId: 'user_123', code })).toEqual({ verified: true, expired: false });
    expect(await made.verifyTotp({ userId: 'user_123', code })).toMatchObject({ verified: false });
  });

  it('a passkey is registered and used, and refused from another page by the check that failed', async () => {
    const { made } = await account({ strictUserName: true });
    const { userId } = user;
    const authenticator = createSoftwareAuthenticator();
    const created = authenticator.create(await made.passkeyRegistrationOptions(user), { origin });
    const credential = json(created);
    expect(await made.registerPasskey({ userId, credential, deviceName: 'Chrome' })).toEqual({ verified: true });
    const asserted = async (page: string) =>
      json(authenticator.get(await made.passkeyAuthenticationOptions({ userId }), { origin: page }));
    expect(await made.authenticatePasskey({ userId, credential: await asserted(origin) })).toEqual({ verified: true });
    const elsewhere = await asserted('http://evil.example');
    expect(await made.authenticatePasskey({ userId, credential: elsewhere })).toMatchObject({
      verified: false,
      check: 'WEBAUTHN_ORIGIN',
    });
    expect(await failureOf(made.passkeyAuthenticationOptions({ userId: 'stranger' }))).toMatchObject({
      origin: { code: 'WEBAUTHN_NO_CREDENTIAL' },
    });
  });

  it.each([
    ['APPROVED', true],
    ['DENIED', true],
    ['APPROVED', false],
  ] as const)('a push is %s by the device, told with a status (%s) or without', async (decision, told) => {
    const { heard, url: webhookUrl } = await startWebhookListener();
    const webhookSecret = 'webhook-secret';
    const settings = { webhookUrl, webhookSecret, pushStatus: told, webhookStatus: told };
    const { made } = await account(settings);
    await made.registerPushDevice({ userId: 'user_123', fcmToken: 'fcm', platform: 'IOS', deviceName: 'iPhone 15' });
    const { requestId } = await made.sendPush({ userId: 'user_123', title: '로그인 승인 요청' });
    expect(await made.pushAnswer({ requestId, userId: 'user_123' })).toBe('PENDING');
    await made.respondToPush?.({ requestId, decision });
    expect(await made.pushAnswer({ requestId, userId: 'user_123' })).toBe(decision);
    // A stranger's look-up learns nothing.
    expect(await made.pushAnswer({ requestId, userId: 'user_456' })).toBe('PENDING');

    await until(() => heard.length === 1);
    const source = createSecureKeyWebhookSource({ account: 'default', webhookSecrets: ['older-one', webhookSecret] });
    const [{ raw, signature } = { raw: Buffer.alloc(0), signature: '' }] = heard;
    expect(source.isGenuine(raw, { 'x-securekey-signature': [signature ?? ''] })).toBe(true);
    expect(source.read(raw)).toEqual({
      event: 'push.responded',
      subject: { type: 'PUSH_RESPONDED', requestId, userId: 'user_123', ...(told && { decision }) },
    });
  });

  it('a push that nobody answers expires', async () => {
    const { clock, made } = await account();
    await made.registerPushDevice({ userId: 'user_123', fcmToken: 'fcm', platform: 'ANDROID' });
    const { requestId } = await made.sendPush({ userId: 'user_123', title: 't', body: 'b' });
    clock.at += 120_000;
    expect(await made.pushAnswer({ requestId, userId: 'user_123' })).toBe('EXPIRED');
  });

  it.each([200, 403] as const)('a policy asks for one more factor, with the status %i', async (status) => {
    const policy = { on: 'otp' as const, at: 'start' as const, purpose: 'payment', status };
    const { made } = await account({
      mfaPolicies: [{ ...policy, requiredChannels: ['totp'], matchedPolicies: ['결제 시 추가 인증'] }],
    });
    expect(await failureOf(made.sendSmsCode({ phone: '01012345678', purpose: 'payment' }))).toMatchObject({
      code: 'MFA_REQUIRED',
      requiredChannels: ['totp'],
      matchedPolicies: ['결제 시 추가 인증'],
    });
  });

  it('its limit is told with its own time', async () => {
    const { clock, made } = await account({ sendsPerMinute: 1, retryAfter: true });
    const send = () => made.sendSmsCode({ phone: '01012345678', purpose: 'login' });
    await send();
    const failure = await failureOf(send());
    expect(failure).toMatchObject({ code: 'RATE_LIMITED', scope: 'SecureKey OTP sends' });
    expect(failure.retryAt).toBeLessThanOrEqual(clock.now() + 61_000);
  });

  it('another key is refused, and the account is unhealthy', async () => {
    const { url } = await startSecureKeySimulator();
    const made = provider(url, { apiKey: 'not-the-key', authentication: 'Bearer' });
    const failure = await failureOf(made.sendSmsCode({ phone: '01012345678', purpose: 'login' }));
    expect(failure).toMatchObject({ code: 'PROVIDER_REJECTED', origin: { httpStatus: 401 } });
    expect(made.health().healthy).toBe(false);
  });
});
