import { afterEach, describe, expect, it } from 'vitest';
import { startSimulatorControl } from '../../src/simulators/control.ts';
import { createNgsSimulator } from '../../src/simulators/ngs/simulator.ts';
import { ACCOUNT, deliverPacket, logIn } from '../support/ngs-sim-client.ts';
import { EMAIL, PHONE, startSecureKeySimulator, startWebhookListener } from '../support/securekey-simulator.ts';
import { startSensSimulator } from '../support/sens-simulator.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start() {
  const securekey = await startSecureKeySimulator();
  const sens = await startSensSimulator();
  const ngs = createNgsSimulator({ ...ACCOUNT, registeredNumbers: ['15880000'] });
  const { port } = await ngs.start();
  const control = await startSimulatorControl({ port: 0, simulators: [sens.simulator, ngs, securekey.simulator] });
  stops.push(control.stop, ngs.stop);
  const ask = async (path: string, body?: unknown) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    const response = await fetch(`${control.url}${path}`, body === undefined ? {} : init);
    return { status: response.status, json: JSON.parse(await response.text()) };
  };
  return { securekey, sens, ngs, port, ask };
}

describe('what a developer without a phone asks the control API', () => {
  it('shows the last text to a number and the code in it, whoever carried it', async () => {
    const { securekey, sens, port, ask } = await start();
    const last = async () => (await ask(`/codes?to=${PHONE}`)).json;
    expect(await last()).toMatchObject({ error: { code: 'NO_TEXT' } });
    await sens.post({ content: '인증번호 [012345] 1588-0000', messages: [{ to: PHONE }] });
    expect(await last()).toMatchObject({ provider: 'SENS', code: '012345', text: '인증번호 [012345] 1588-0000' });
    const code = await securekey.sentCode();
    expect(await last()).toMatchObject({ provider: 'SECUREKEY', code });
    const { dlv } = await logIn(port);
    dlv.write(deliverPacket({ to: PHONE, text: '코드는 654321 입니다' }));
    await dlv.next();
    expect(await last()).toMatchObject({ provider: 'NGS', code: '654321' });
    await sens.post({ content: '1234567 is too long', messages: [{ to: PHONE }] });
    expect(await last()).toMatchObject({ provider: 'SENS', code: null });
    expect((await ask('/codes?to=abc')).status).toBe(400);
  });

  it('shows the codes and tokens that SecureKey waits for', async () => {
    const { securekey, ask } = await start();
    const code = await securekey.sentCode();
    expect((await ask(`/securekey/codes?phone=${PHONE}`)).json).toMatchObject({ to: PHONE, code, purpose: 'login' });
    expect((await ask(`/securekey/codes?email=${EMAIL}`)).json.error.code).toBe('NO_CODE');
    expect((await ask('/securekey/codes')).status).toBe(400);
    expect((await ask('/securekey/totp?userId=user_123')).json.error.code).toBe('NO_TOTP');
    await securekey.call('totp/setup', { userId: 'user_123', accountName: EMAIL });
    const { json } = await ask('/securekey/totp?userId=user_123');
    expect(json.validForMs).toBeLessThanOrEqual(30_000);
    const verified = await securekey.call('totp/verify', { userId: 'user_123', token: json.token });
    expect(verified.json.data).toEqual({ verified: true });
  });

  it('answers pushes as the device would, by request or by user', async () => {
    const { securekey, ask } = await start();
    const first = await securekey.sentPush();
    const second = await securekey.sentPush();
    expect((await ask('/securekey/pushes')).json.pushes).toMatchObject([{ requestId: second }, { requestId: first }]);
    const answer = (input: object) => ask('/securekey/pushes/answer', input);
    const byUser = await answer({ userId: 'user_123', decision: 'deny' });
    expect(byUser.json).toMatchObject({ requestId: second, status: 'denied' });
    const byRequest = await answer({ requestId: first, decision: 'approve' });
    expect(byRequest.json).toMatchObject({ requestId: first, status: 'approved' });
    expect(await answer({ requestId: first, decision: 'deny' })).toMatchObject({
      status: 409,
      json: { error: { code: 'ALREADY_RESPONDED' } },
    });
    expect((await answer({ userId: 'user_123', decision: 'deny' })).json.error.code).toBe('NO_PUSH');
    expect((await answer({ requestId: 'x', userId: 'y', decision: 'deny' })).status).toBe(400);
    expect((await answer({ decision: 'deny' })).status).toBe(400);
  });

  it('changes settings, and sends webhooks of any text and signature', async () => {
    const { ask } = await start();
    const { url, heard } = await startWebhookListener([401]);
    const change = { provider: 'SECUREKEY', webhookUrl: url, webhookSecret: 'another-secret', wrongCode: 'ERROR' };
    const changed = await ask('/settings', change);
    expect(changed.json.settings).toMatchObject({ webhookUrl: url, wrongCode: 'ERROR' });
    expect(JSON.stringify(changed.json)).not.toContain('another-secret');
    const sent = await ask('/securekey/webhooks', { body: '{"event":"?"}', signature: 'sha256=bad' });
    expect(sent.json).toEqual({ httpStatus: 401 });
    expect(heard).toMatchObject([{ signature: 'sha256=bad', json: { event: '?' } }]);
    expect((await ask('/settings', { provider: 'SECUREKEY', rpId: 'NOT A HOST' })).status).toBe(400);
  });
});
