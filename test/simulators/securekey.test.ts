import { describe, expect, it } from 'vitest';
import { API_KEY, EMAIL, PHONE, startSecureKeySimulator } from '../support/securekey-simulator.ts';

describe('the door of the SecureKey simulator', () => {
  it.each<[string, Record<string, string | null>, number]>([
    ['X-API-Key', {}, 200],
    ['Bearer', { 'x-api-key': null, authorization: `Bearer ${API_KEY}` }, 200],
    ['no key', { 'x-api-key': null }, 401],
    ['another key', { 'x-api-key': 'other' }, 401],
    ['another bearer', { 'x-api-key': null, authorization: 'Bearer other' }, 401],
    ['a key and another bearer', { authorization: 'Bearer other' }, 401],
  ])('answers %s', async (_name, headers, status) => {
    const { call } = await startSecureKeySimulator();
    const answer = await call('otp/send', { phone: PHONE, purpose: 'login' }, headers);
    expect(answer.status).toBe(status);
    if (status === 401) {
      expect(answer.json).toEqual({ success: false, error: expect.any(String), code: 'UNAUTHORIZED' });
    }
  });

  it.each<[string, number, string, () => Parameters<Awaited<ReturnType<typeof startSecureKeySimulator>>['call']>]>([
    ['another path', 404, 'NOT_FOUND', () => ['otp/resend', {}]],
    ['GET', 405, 'METHOD_NOT_ALLOWED', () => ['otp/send', undefined, {}, 'GET']],
    ['no JSON', 400, 'INVALID_JSON', () => ['otp/send', '{']],
    [
      'a form',
      400,
      'INVALID_JSON',
      () => ['otp/send', 'phone=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    ],
    ['too much', 413, 'PAYLOAD_TOO_LARGE', () => ['otp/send', 'x'.repeat(300_000)]],
    ['no object', 400, 'VALIDATION_ERROR', () => ['otp/send', '[]']],
  ])('refuses %s by %i %s', async (_name, status, code, args) => {
    const { call, simulator } = await startSecureKeySimulator();
    const answer = await call(...args());
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(simulator.ledger.entries()).toMatchObject([{ provider: 'SECUREKEY', outcome: 'REFUSED' }]);
  });

  it.each<[string, object, string]>([
    ['otp/send', { phone: '010-1234-5678', purpose: 'login' }, 'phone'],
    ['otp/send', { phone: '0212345678', purpose: 'login' }, 'phone'],
    ['otp/send', { phone: PHONE }, 'purpose'],
    ['otp/send', { phone: PHONE, purpose: 'login', extra: 1 }, 'extra'],
    ['otp/verify', { phone: PHONE, code: '12345' }, 'code'],
    ['otp/verify', { phone: PHONE, code: 123456 }, 'code'],
    ['email-otp/send', { email: 'nobody', purpose: 'login' }, 'email'],
    ['email-otp/verify', { email: EMAIL, code: '' }, 'code'],
    ['totp/setup', { userId: 'u' }, 'accountName'],
    ['totp/verify', { userId: 'u' }, 'token'],
    ['totp/verify', { userId: 'u', token: '123456', code: '123456' }, 'token'],
    ['push/devices', { userId: 'u', fcmToken: 'f', platform: 'windows' }, 'platform'],
    ['push/send', { userId: 'u' }, 'title'],
    ['push/verify', { userId: 'u' }, 'requestId'],
    ['push/respond', { requestId: 'c', response: 'maybe' }, 'response'],
    ['webauthn/register/options', { userName: 'n' }, 'userId'],
    [
      'webauthn/register/verify',
      { userId: 'u', id: 'a', rawId: 'a', type: 'public-key', response: {} },
      'clientDataJSON',
    ],
    ['webauthn/authenticate/verify', { userId: 'u', credential: {} }, 'id'],
  ])('%s refuses %j and names %s', async (path, body, field) => {
    const { call } = await startSecureKeySimulator();
    const { status, json } = await call(path, body);
    expect([status, json.success, json.code]).toEqual([400, false, 'VALIDATION_ERROR']);
    expect(json.error).toContain(field);
  });

  it('lets unknown fields pass where it is told to', async () => {
    const { call } = await startSecureKeySimulator({ strictFields: false });
    expect((await call('otp/send', { phone: PHONE, purpose: 'login', extra: 1 })).status).toBe(200);
  });

  it('keeps the API key out of its ledger', async () => {
    const { call, simulator } = await startSecureKeySimulator({ webhookSecret: 'webhook-secret' });
    await call('otp/send', { phone: PHONE, purpose: 'login' });
    await call('totp/setup', { userId: 'u', accountName: 'a' });
    const { json } = await call('totp/setup', { userId: 'u', accountName: 'a' });
    const shown = JSON.stringify([simulator.ledger.entries(), simulator.settings]);
    for (const secret of [API_KEY, 'webhook-secret', json.data.secret]) expect(shown).not.toContain(secret);
  });
});

describe.each([
  ['otp', 'phone', { phone: PHONE }],
  ['email-otp', 'email', { email: EMAIL }],
] as const)('%s of the SecureKey simulator', (name, _field, to) => {
  async function start(options = {}) {
    const started = await startSecureKeySimulator(options);
    const send = (purpose = 'login') => started.call(`${name}/send`, { ...to, purpose });
    const code = () => started.simulator.lastCode(to)?.code ?? '';
    const wrong = () => String((Number(code()) + 1) % 1_000_000).padStart(6, '0');
    const verify = (given: string, more = {}) => started.call(`${name}/verify`, { ...to, code: given, ...more });
    return { ...started, send, code, wrong, verify };
  }

  it('sends 6 digits, tells a requestId and when they expire, and takes them once', async () => {
    const { send, code, verify } = await start();
    const sent = await send();
    expect(sent.json).toMatchObject({ success: true, message: expect.any(String) });
    expect(sent.json.data.requestId).toMatch(/^c[a-z0-9]{24}$/);
    expect(sent.json.data.expiresAt).toBe('2026-03-02T12:07:05.678+09:00');
    expect(code()).toMatch(/^\d{6}$/);
    expect(sent.text).not.toContain(code());
    expect(await verify(code())).toMatchObject({ status: 200, json: { success: true, data: { verified: true } } });
    expect((await verify(code())).json.data).toEqual({ verified: false });
  });

  it('answers a wrong code by verified false, or by an error where it is told to', async () => {
    const { send, wrong, verify, simulator } = await start();
    await send();
    expect(await verify(wrong())).toMatchObject({ status: 200, json: { success: true, data: { verified: false } } });
    simulator.configure({ wrongCode: 'ERROR' });
    expect(await verify(wrong())).toMatchObject({ status: 400, json: { success: false, code: 'INVALID_CODE' } });
  });

  it('takes the code at the fifth try and not at the sixth', async () => {
    const { send, code, wrong, verify, simulator } = await start({ wrongCode: 'ERROR' });
    await send();
    for (let i = 0; i < 4; i += 1) await verify(wrong());
    expect((await verify(code())).json.data).toEqual({ verified: true });
    await send();
    for (let i = 0; i < 5; i += 1) await verify(wrong());
    expect((await verify(code())).json.code).toBe('TOO_MANY_ATTEMPTS');
    expect(simulator.ledger.entries({ event: `POST ${name}/verify` }).at(-1)).toMatchObject({
      outcome: 'REFUSED',
      fields: { code: 'TOO_MANY_ATTEMPTS', verified: false },
    });
  });

  it('takes a code until 3 minutes have gone', async () => {
    const { send, code, verify, clock } = await start({ wrongCode: 'ERROR' });
    await send();
    clock.at += 180_000;
    expect((await verify(code())).json.code).toBe('CODE_EXPIRED');
    await send();
    clock.at += 179_999;
    expect((await verify(code())).json.data).toEqual({ verified: true });
  });

  it('puts a new code in place of the old one', async () => {
    const { send, code, verify } = await start();
    await send();
    const old = code();
    do await send();
    while (code() === old);
    expect((await verify(old)).json.data).toEqual({ verified: false });
    expect((await verify(code())).json.data).toEqual({ verified: true });
  });

  it('holds a purpose, where one is given, against that of the sending', async () => {
    const { send, code, verify } = await start();
    await send('payment');
    expect((await verify(code(), { purpose: 'login' })).json.data).toEqual({ verified: false });
    expect((await verify(code(), { purpose: 'payment' })).json.data).toEqual({ verified: true });
  });

  it('knows no code of a recipient to whom none was sent', async () => {
    const { verify } = await start({ wrongCode: 'ERROR' });
    expect((await verify('123456')).json.code).toBe('NO_CODE');
  });
});
