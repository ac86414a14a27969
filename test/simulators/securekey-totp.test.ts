import { describe, expect, it } from 'vitest';
import { readQrCode, totpAt } from '../support/authenticator-app.ts';
import { START, startSecureKeySimulator } from '../support/securekey-simulator.ts';

const USER = { userId: 'user_123', accountName: 'someone@example.com' };

async function start(options = {}) {
  const started = await startSecureKeySimulator(options);
  const { json } = await started.call('totp/setup', USER);
  const secret: string = json.data.secret;
  const verify = (at: number, name: 'token' | 'code' = 'token') =>
    started.call('totp/verify', { userId: USER.userId, [name]: totpAt(secret, at) });
  return { ...started, setup: json.data, secret, verify };
}

describe('TOTP at the SecureKey simulator', () => {
  it('gives a URI, and a QR code that says the same', async () => {
    const { setup, secret, call } = await start();
    expect(readQrCode(setup.qrCodeDataUrl)).toBe(setup.uri);
    const uri = new URL(setup.uri);
    expect(decodeURIComponent(uri.pathname)).toBe('/Gwanmun sandbox:someone@example.com');
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'Gwanmun sandbox',
      secret,
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    });
    const other = await call('totp/setup', { ...USER, issuer: 'MyApp' });
    expect(new URL(other.json.data.uri).searchParams.get('issuer')).toBe('MyApp');
  });

  it.each([
    ['가'.repeat(232), 200],
    ['가'.repeat(254), 400],
  ])('gives a QR code for as long a name as one can hold (%#)', async (accountName, status) => {
    const { call } = await startSecureKeySimulator();
    expect((await call('totp/setup', { userId: 'u', accountName, issuer: 'x' })).status).toBe(status);
    const longest = { userId: 'u', accountName, issuer: '나'.repeat(100) };
    expect(await call('totp/setup', longest)).toMatchObject({ status: 400, json: { code: 'VALIDATION_ERROR' } });
  });

  it('takes what an authenticator app shows, under either name, and tells which', async () => {
    const { verify, clock, simulator } = await start();
    expect((await verify(clock.at)).json.data).toEqual({ verified: true });
    clock.at += 30_000;
    expect((await verify(clock.at, 'code')).json.data).toEqual({ verified: true });
    expect(simulator.ledger.entries({ event: 'POST totp/verify' })).toMatchObject([
      { outcome: 'TAKEN', fields: { field: 'token' } },
      { outcome: 'TAKEN', fields: { field: 'code' } },
    ]);
  });

  it.each([
    [-60_000, false],
    [-30_000, true],
    [30_000, true],
    [60_000, false],
  ])('judges a token of %i ms from now as %s', async (skewMs, verified) => {
    const { verify } = await start();
    expect((await verify(START + skewMs)).json.data).toEqual({ verified });
  });

  it('takes a token once, and none of before it', async () => {
    const { verify, clock } = await start();
    expect((await verify(clock.at)).json.data).toEqual({ verified: true });
    expect((await verify(clock.at)).json.data).toEqual({ verified: false });
    expect((await verify(clock.at - 30_000)).json.data).toEqual({ verified: false });
    expect((await verify(clock.at + 30_000)).json.data).toEqual({ verified: true });
  });

  it('answers a wrong token as an error where it is told to, and knows who has set up nothing', async () => {
    const { verify, clock, call } = await start({ wrongCode: 'ERROR' });
    expect(await verify(clock.at - 600_000)).toMatchObject({ status: 400, json: { code: 'INVALID_CODE' } });
    const stranger = await call('totp/verify', { userId: 'nobody', token: '123456' });
    expect(stranger).toMatchObject({ status: 404, json: { success: false, code: 'TOTP_NOT_SET_UP' } });
  });

  it('puts a new secret in place of the old one, and shows what the app shows now', async () => {
    const { verify, clock, call, simulator } = await start();
    const { json } = await call('totp/setup', USER);
    expect((await verify(clock.at)).json.data).toEqual({ verified: false });
    expect(simulator.currentTotp(USER.userId)?.token).toBe(totpAt(json.data.secret, clock.at));
  });
});
