import { webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  API_KEY,
  EMAIL,
  type HeardWebhook,
  PHONE,
  startSecureKeySimulator,
  startWebhookListener,
} from '../support/securekey-simulator.ts';
import { createSoftwareAuthenticator } from '../support/software-authenticator.ts';
import { until } from '../support/until.ts';

const webhookSecret = 'whsec_0123456789';

/** Verified by WebCrypto over the bytes as they came. */
async function isSigned({ signature = '', raw }: HeardWebhook, secret = webhookSecret): Promise<boolean> {
  const [, hex = ''] = /^sha256=([0-9a-f]{64})$/.exec(signature) ?? [];
  const hmac = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', Buffer.from(secret), hmac, false, ['verify']);
  return webcrypto.subtle.verify('HMAC', key, Buffer.from(hex, 'hex'), raw);
}

async function start(answers: (number | undefined)[] = [], options = {}) {
  const { url: webhookUrl, heard } = await startWebhookListener(answers);
  const started = await startSecureKeySimulator({ webhookUrl, webhookSecret, webhookRetryDelayMs: 1, ...options });
  const tries = () => started.simulator.ledger.entries({ event: 'POST webhook' });
  const pushAnswered = async (decision: 'approve' | 'deny') => {
    const requestId = await started.sentPush();
    started.simulator.answerPush(requestId, decision);
    return requestId;
  };
  return { ...started, heard, tries, pushAnswered };
}

describe('webhooks of the SecureKey simulator', () => {
  it('tells of a good code by SMS, signed over the bytes that it sends', async () => {
    const { call, simulator, sentCode, heard } = await start();
    const code = await sentCode('payment');
    const { requestId } = simulator.lastCode({ phone: PHONE }) ?? {};
    await call('otp/verify', { phone: PHONE, code });
    await until(() => heard.length === 1);
    const [webhook] = heard as [HeardWebhook];
    expect(webhook.json).toEqual({
      event: 'verification.completed',
      channel: 'sms',
      data: { requestId, phone: PHONE, purpose: 'payment' },
      timestamp: '2026-03-02T12:04:05.678+09:00',
    });
    expect(await isSigned(webhook)).toBe(true);
    expect(await isSigned(webhook, 'another-secret')).toBe(false);
    expect(await isSigned({ ...webhook, raw: Buffer.concat([webhook.raw, Buffer.from(' ')]) })).toBe(false);
  });

  it('tells of email, TOTP and passkeys, and not of what was wrong', async () => {
    const { call, simulator, heard } = await start();
    const userId = 'user_123';
    await call('email-otp/send', { email: EMAIL, purpose: 'login' });
    await call('email-otp/verify', { email: EMAIL, code: 'wrong' });
    await call('email-otp/verify', { email: EMAIL, code: simulator.lastCode({ email: EMAIL })?.code });
    await call('totp/setup', { userId, accountName: EMAIL });
    const token = simulator.currentTotp(userId)?.token;
    await call('totp/verify', { userId, token });
    await call('totp/verify', { userId, token });
    const options = await call('webauthn/register/options', { userId });
    const credential = createSoftwareAuthenticator().create(options.json.data.publicKey, {
      origin: 'http://localhost',
    });
    await call('webauthn/register/verify', { userId, ...credential });
    await until(() => heard.length === 3);
    expect(heard.map(({ json }) => [json.event, json.channel, json.data['externalUserId']])).toEqual([
      ['verification.completed', 'email', undefined],
      ['verification.completed', 'totp', userId],
      ['verification.completed', 'webauthn', userId],
    ]);
  });

  it.each([
    ['approve', true, 'approved'],
    ['deny', true, 'denied'],
    ['deny', false, undefined],
  ] as const)('tells of a push: %s, with its status %s', async (decision, webhookStatus, status) => {
    const { pushAnswered, heard } = await start([], { webhookStatus });
    const requestId = await pushAnswered(decision);
    await until(() => heard.length === 1);
    expect(heard[0]?.json).toMatchObject({ event: 'push.responded', channel: 'push' });
    expect(heard[0]?.json.data).toEqual({ requestId, externalUserId: 'user_123', ...(status && { status }) });
  });

  it('tries again after a refusal and a lost answer, with the same bytes, until it hears 2xx', async () => {
    const { pushAnswered, heard, tries } = await start([500, undefined, 302]);
    const requestId = await pushAnswered('approve');
    await until(() => tries().length === 4);
    expect(heard).toHaveLength(4);
    expect(new Set(heard.map(({ raw, signature }) => `${raw} ${signature}`)).size).toBe(1);
    expect(tries()).toMatchObject([
      { outcome: 'REFUSED', reference: requestId, fields: { attempt: 1, httpStatus: 500 } },
      { outcome: 'REFUSED', reason: expect.stringContaining('no answer'), fields: { attempt: 2 } },
      { outcome: 'REFUSED', fields: { attempt: 3, httpStatus: 302 } },
      { outcome: 'SENT', fields: { attempt: 4, httpStatus: 200 } },
    ]);
  });

  it('gives up after 3 retries', async () => {
    const { pushAnswered, heard, tries, simulator } = await start([500, 500, 500, 500]);
    await pushAnswered('approve');
    await until(() => tries().length === 4);
    simulator.configure({ webhookRetries: 0 });
    await pushAnswered('deny');
    await until(() => tries().length === 5);
    expect(heard).toHaveLength(5);
  });

  it('sends nothing without a webhookUrl', async () => {
    const { pushAnswered, heard, tries, simulator } = await start();
    const { webhookUrl } = simulator.settings;
    simulator.configure({ webhookUrl: null });
    await pushAnswered('approve');
    simulator.configure({ webhookUrl });
    const requestId = await pushAnswered('approve');
    await until(() => tries().length === 1);
    expect(heard.map(({ json }) => json.data['requestId'])).toEqual([requestId]);
  });

  it('forgets what it had to send when it stops, and sends again once it is started', async () => {
    const { pushAnswered, simulator, heard, url, sentPush } = await start([], { webhookDelayMs: 600_000 });
    await pushAnswered('approve');
    const waiting = await sentPush();
    await simulator.stop();
    simulator.configure({ webhookDelayMs: 0 });
    await simulator.start(Number(new URL(url).port));
    simulator.answerPush(waiting, 'approve');
    await until(() => heard.length === 1);
    expect(heard[0]?.json.data['requestId']).toBe(waiting);
  });

  it('signs with a new secret once it has one', async () => {
    const { pushAnswered, heard, simulator } = await start();
    simulator.configure({ webhookSecret: 'rotated-secret' });
    await pushAnswered('approve');
    await until(() => heard.length === 1);
    expect(await isSigned(heard[0] as HeardWebhook, 'rotated-secret')).toBe(true);
  });

  it('sends one as it stands, signed rightly or as it is told', async () => {
    const { simulator, heard } = await start([202]);
    const body = '{ "event":"push.responded" }';
    expect(await simulator.sendWebhook({ body })).toEqual({ httpStatus: 202 });
    await simulator.sendWebhook({ body, signature: 'sha256=00' });
    expect(heard.map(({ raw }) => raw.toString())).toEqual([body, body]);
    expect(await isSigned(heard[0] as HeardWebhook)).toBe(true);
    expect(heard[1]?.signature).toBe('sha256=00');
  });

  it('strikes webhooks: dropped, forged, doubled, held back, out of order', async () => {
    const { pushAnswered, heard, simulator, tries } = await start();
    const strike = (kind: 'drop' | 'forge' | 'duplicate' | 'reorder' | 'delay', ms?: number) =>
      simulator.arm({ provider: 'SECUREKEY', kind, on: 'webhook', ...(ms !== undefined && { ms }) });
    const order = () => heard.map(({ json }) => json.data['requestId']);

    strike('drop');
    await pushAnswered('approve');
    await until(() => simulator.faults.list().length === 0);
    strike('forge');
    const forged = await pushAnswered('approve');
    await until(() => heard.length === 1);
    expect(order()).toEqual([forged]);
    expect(await isSigned(heard[0] as HeardWebhook)).toBe(false);
    expect(heard[0]?.signature).toMatch(/^sha256=[0-9a-f]{64}$/);

    strike('duplicate');
    const doubled = await pushAnswered('approve');
    await until(() => heard.length === 3);
    expect(order().slice(1)).toEqual([doubled, doubled]);

    strike('reorder', 600_000);
    const held = await pushAnswered('approve');
    await until(() => simulator.faults.list().length === 0);
    const next = await pushAnswered('approve');
    await until(() => heard.length === 5);
    expect(order().slice(3)).toEqual([next, held]);

    strike('delay', 1);
    const late = await pushAnswered('approve');
    await until(() => tries().filter(({ outcome }) => outcome === 'SENT').length === 6);
    expect(order().at(-1)).toBe(late);
    expect(JSON.stringify(simulator.ledger.entries())).not.toContain(API_KEY);
  });
});
