import { describe, expect, it } from 'vitest';
import { startSecureKeySimulator } from '../support/securekey-simulator.ts';

describe('push at the SecureKey simulator', () => {
  it('needs a device of the user', async () => {
    const { call } = await startSecureKeySimulator();
    const refused = await call('push/send', { userId: 'user_123', title: 't' });
    expect(refused).toMatchObject({ status: 404, json: { success: false, code: 'NO_DEVICE' } });
    const device = { userId: 'user_123', fcmToken: 'fcm', platform: 'ios', deviceName: 'iPhone 15' };
    const { json } = await call('push/devices', device);
    expect(json.data).toMatchObject({ deviceId: expect.any(String), platform: 'ios', deviceName: 'iPhone 15' });
    expect((await call('push/devices', device)).json.data.deviceId).toBe(json.data.deviceId);
    const sent = await call('push/send', { userId: 'user_123', title: 't', body: 'b' });
    expect(sent.json.data).toEqual({ requestId: expect.stringMatching(/^c[a-z0-9]{24}$/) });
    await call('push/devices', { ...device, userId: 'user_456' });
    expect((await call('push/send', { userId: 'user_123', title: 't' })).json.code).toBe('NO_DEVICE');
  });

  it.each([
    ['approve', { verified: true, status: 'approved' }],
    ['deny', { verified: false, status: 'denied' }],
  ] as const)('tells what the device answered: %s', async (response, data) => {
    const { call, sentPush } = await startSecureKeySimulator();
    const requestId = await sentPush();
    expect((await call('push/verify', { requestId })).json.data).toEqual({ verified: false, status: 'pending' });
    expect((await call('push/respond', { requestId, response })).status).toBe(200);
    expect((await call('push/verify', { requestId })).json.data).toEqual(data);
    const again = await call('push/respond', { requestId, response: 'approve' });
    expect(again).toMatchObject({ status: 409, json: { code: 'ALREADY_RESPONDED' } });
    expect((await call('push/verify', { requestId })).json.data).toEqual(data);
  });

  it('tells no status where it is told not to', async () => {
    const { call, sentPush } = await startSecureKeySimulator({ pushStatus: false });
    const requestId = await sentPush();
    expect((await call('push/verify', { requestId })).json.data).toEqual({ verified: false });
  });

  it('lets a push expire after 2 minutes', async () => {
    const { call, sentPush, clock } = await startSecureKeySimulator();
    const requestId = await sentPush();
    clock.at += 119_999;
    expect((await call('push/verify', { requestId })).json.data.status).toBe('pending');
    clock.at += 1;
    expect((await call('push/verify', { requestId })).json.data).toEqual({ verified: false, status: 'expired' });
    const late = await call('push/respond', { requestId, response: 'approve' });
    expect(late).toMatchObject({ status: 410, json: { code: 'REQUEST_EXPIRED' } });
    expect((await call('push/verify', { requestId })).json.data.status).toBe('expired');
  });

  it('shows a push to its user, and to who names none', async () => {
    const { call, sentPush } = await startSecureKeySimulator();
    const requestId = await sentPush();
    expect((await call('push/verify', { requestId, userId: 'user_123' })).status).toBe(200);
    const stranger = await call('push/verify', { requestId, userId: 'user_456' });
    const unknown = await call('push/verify', { requestId: 'cunknown' });
    expect(stranger).toMatchObject({ status: 404, json: { code: 'REQUEST_NOT_FOUND' } });
    expect(stranger.text).toBe(unknown.text);
    expect((await call('push/respond', { requestId: 'cunknown', response: 'deny' })).status).toBe(404);
  });

  it('is answered directly, too, and lists what there is', async () => {
    const { call, simulator, sentPush } = await startSecureKeySimulator();
    const [first, second] = [await sentPush(), await sentPush('user_456')];
    expect(simulator.answerPush(first, 'approve').status).toBe('approved');
    expect((await call('push/verify', { requestId: first })).json.data.verified).toBe(true);
    expect(simulator.pushes()).toMatchObject([
      { requestId: second, userId: 'user_456', status: 'pending' },
      { requestId: first, userId: 'user_123', status: 'approved' },
    ]);
  });
});
