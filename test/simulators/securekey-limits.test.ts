import { describe, expect, it } from 'vitest';
import { EMAIL, PHONE, startSecureKeySimulator } from '../support/securekey-simulator.ts';

const SEND = { phone: PHONE, purpose: 'login' };
const VERIFY = { phone: PHONE, code: '123456' };
/** The document's own. */
const DOCUMENTED = { callsPerMinute: 100, sendsPerMinute: 3, attemptsPerMinute: 10 };

describe('limits of the SecureKey simulator', () => {
  it('sends 3 codes in any minute, over all channels', async () => {
    const { call, clock } = await startSecureKeySimulator(DOCUMENTED);
    await call('otp/send', SEND);
    clock.at += 1_000;
    await call('email-otp/send', { email: EMAIL, purpose: 'login' });
    await call('otp/send', SEND);
    const refused = await call('otp/send', SEND);
    expect(refused).toMatchObject({ status: 429, json: { success: false, code: 'RATE_LIMITED' } });
    expect(refused.headers.get('retry-after')).toBeNull();
    clock.at += 58_999;
    expect((await call('otp/send', SEND)).status).toBe(429);
    clock.at += 1;
    expect((await call('otp/send', SEND)).status).toBe(200);
    expect((await call('otp/send', SEND)).status).toBe(429);
  });

  it('takes 10 attempts in a minute; polls of a push count where it is told so', async () => {
    const { call, simulator, sentPush } = await startSecureKeySimulator(DOCUMENTED);
    const requestId = await sentPush();
    for (let i = 0; i < 10; i += 1) expect((await call('otp/verify', VERIFY)).status).toBe(200);
    expect((await call('totp/verify', { userId: 'u', token: '123456' })).status).toBe(429);
    expect((await call('push/verify', { requestId })).status).toBe(200);
    simulator.configure({ pollsAreAttempts: true });
    expect((await call('push/verify', { requestId })).status).toBe(429);
  });

  it('takes 100 calls in a minute, also of those without a key, and says when where it is told to', async () => {
    const { call, clock } = await startSecureKeySimulator({ ...DOCUMENTED, retryAfter: true });
    for (let i = 0; i < 100; i += 1) await call('nothing', {}, { 'x-api-key': null });
    clock.at += 15_500;
    const refused = await call('otp/verify', VERIFY);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('45');
  });

  it('has the limits of the document by default', async () => {
    const { simulator } = await startSecureKeySimulator({
      callsPerMinute: undefined,
      sendsPerMinute: undefined,
      attemptsPerMinute: undefined,
    });
    expect(simulator.settings).toMatchObject(DOCUMENTED);
  });
});

describe('MFA policies of the SecureKey simulator', () => {
  it.each([403, 200] as const)('ask for more after a good code, by status %i', async (status) => {
    const { call, sentCode } = await startSecureKeySimulator({
      mfaPolicies: [
        { on: 'otp', purpose: 'payment', requiredChannels: ['totp'], matchedPolicies: ['결제 시 추가 인증'], status },
      ],
    });
    const answer = await call('otp/verify', { phone: PHONE, code: await sentCode('payment') });
    expect(answer.status).toBe(status);
    expect(answer.json).toEqual({
      success: false,
      code: 'MFA_REQUIRED',
      requiredChannels: ['totp'],
      matchedPolicies: ['결제 시 추가 인증'],
    });
    const other = await call('otp/verify', { phone: PHONE, code: await sentCode('login') });
    expect(other.json.data).toEqual({ verified: true });
  });

  it('match by user, on every channel, at the start as well', async () => {
    const policy = { userId: 'user_123', requiredChannels: ['sms'], matchedPolicies: ['p'] };
    const { call, simulator, sentPush } = await startSecureKeySimulator();
    await call('totp/setup', { userId: 'user_123', accountName: EMAIL });
    const requestId = await sentPush();
    const others = await sentPush('user_456');
    simulator.configure({
      mfaPolicies: [
        { on: 'totp', ...policy },
        { on: 'push', ...policy },
        { on: 'webauthn', at: 'start', ...policy },
        { on: 'email-otp', at: 'start', email: EMAIL, requiredChannels: ['sms'], matchedPolicies: ['p'] },
      ],
    });
    const token = simulator.currentTotp('user_123')?.token;
    expect((await call('totp/verify', { userId: 'user_123', token })).json.code).toBe('MFA_REQUIRED');
    expect((await call('push/verify', { requestId })).json.data.status).toBe('pending');
    for (const each of [requestId, others]) simulator.answerPush(each, 'approve');
    expect((await call('push/verify', { requestId })).json.code).toBe('MFA_REQUIRED');
    expect((await call('push/verify', { requestId: others })).json.data.verified).toBe(true);
    expect((await call('webauthn/register/options', { userId: 'user_123' })).json.code).toBe('MFA_REQUIRED');
    expect((await call('webauthn/register/options', { userId: 'user_456' })).status).toBe(200);
    expect((await call('email-otp/send', { email: EMAIL, purpose: 'login' })).json.code).toBe('MFA_REQUIRED');
  });
});

describe('faults of the SecureKey simulator', () => {
  const taken = ({ simulator }: Awaited<ReturnType<typeof startSecureKeySimulator>>) =>
    simulator.ledger.entries({ event: 'POST otp/send' }).filter(({ outcome }) => outcome === 'TAKEN').length;

  it.each([
    ['request', 'drop', 0],
    ['answer', 'drop', 1],
    ['answer', 'cut', 1],
  ] as const)('%s %s: no whole answer, and %i codes sent; the control comes whole', async (on, kind, sent) => {
    const started = await startSecureKeySimulator();
    started.simulator.arm({ provider: 'SECUREKEY', kind, on });
    await expect(started.call('otp/send', SEND)).rejects.toThrow();
    expect(taken(started)).toBe(sent);
    expect((await started.call('otp/send', SEND)).status).toBe(200);
  });

  it.each([
    ['request', 0],
    ['answer', 1],
  ] as const)('%s reject: an error envelope, and %i codes sent', async (on, sent) => {
    const started = await startSecureKeySimulator();
    started.simulator.arm({ provider: 'SECUREKEY', kind: 'reject', on, status: 503, code: 'MAINTENANCE' });
    const { status, json } = await started.call('otp/send', SEND);
    expect([status, json.success, json.code]).toEqual([503, false, 'MAINTENANCE']);
    expect(taken(started)).toBe(sent);
  });

  it('answers late, in drips, and with garbage', async () => {
    const { simulator, call } = await startSecureKeySimulator();
    simulator.arm({ provider: 'SECUREKEY', kind: 'delay', on: 'request', ms: 1 });
    simulator.arm({ provider: 'SECUREKEY', kind: 'split', on: 'answer' });
    expect((await call('otp/send', SEND)).json.success).toBe(true);
    simulator.arm({ provider: 'SECUREKEY', kind: 'garbage', on: 'answer' });
    const { status, text } = await call('otp/send', SEND);
    expect(status).toBe(200);
    expect(() => JSON.parse(text)).toThrow();
  });

  it('strikes only at the endpoint that a fault names', async () => {
    const { simulator, call } = await startSecureKeySimulator();
    simulator.arm({ provider: 'SECUREKEY', kind: 'reject', on: 'request', endpoint: 'push/send' });
    expect((await call('otp/send', SEND)).status).toBe(200);
    expect((await call('push/send', { userId: 'u', title: 't' })).status).toBe(500);
    expect((await call('push/send', { userId: 'u', title: 't' })).status).toBe(404);
    expect(simulator.ledger.entries().map(({ outcome }) => outcome)).toEqual(['TAKEN', 'FAULT', 'REFUSED']);
  });
});
