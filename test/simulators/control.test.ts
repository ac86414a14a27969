import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type SimulatorControl, startSimulatorControl } from '../../src/simulators/control.ts';
import { createNaverCommerceSimulator } from '../../src/simulators/naver-commerce/simulator.ts';
import { createNgsSimulator } from '../../src/simulators/ngs/simulator.ts';
import { createSecureKeySimulator } from '../../src/simulators/securekey/simulator.ts';
import { createSensSimulator } from '../../src/simulators/sens/simulator.ts';
import { createSentbeSimulator, type SentbeSimulator } from '../../src/simulators/sentbe/simulator.ts';
import { ACCOUNT, deliverPacket, logIn } from '../support/ngs-sim-client.ts';
import { startSentbeSimulator } from '../support/sentbe-simulator.ts';
import { until } from '../support/until.ts';

const API_KEY = '2fa_test_key';
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});

async function startControl(only?: 'SENS', simulatedSentbe?: SentbeSimulator) {
  const sens = createSensSimulator({ serviceId: 's', accessKey: 'AK', secretKey: 'SK', registeredNumbers: [] });
  const ngs = createNgsSimulator({ ...ACCOUNT, registeredNumbers: ['15880000'], reportDelayMs: 0 });
  const securekey = createSecureKeySimulator({ apiKey: API_KEY });
  // The product order that the example of a change names.
  const clock = { now: () => Date.parse('2026-03-02T03:04:05.678Z'), monotonicMs: () => 0 };
  const clientSecret = `$2a$04$${'.'.repeat(22)}`;
  const commerce = createNaverCommerceSimulator({ clientId: 'c', clientSecret, productOrderCount: 1, clock });
  const sentbe = simulatedSentbe ?? createSentbeSimulator({ partnerId: 'p', accessId: 'a', secretKey: 's' });
  const control: SimulatorControl = await startSimulatorControl({
    port: 0,
    simulators: only === 'SENS' ? [sens] : [sens, ngs, securekey, commerce, sentbe],
  });
  const { port } = await ngs.start();
  const { url: securekeyUrl } = await securekey.start();
  running.push(control, ngs, sens, securekey);
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${control.url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: response.status, json: JSON.parse(await response.text()) };
  };
  return { sens, ngs, port, call, control, securekey, securekeyUrl };
}

/** What the examples of SecureKey's commands ask about. */
async function somethingToShow(securekeyUrl: string): Promise<void> {
  const userId = 'user_123';
  const calls: [string, object][] = [
    ['otp/send', { phone: '01012345678', purpose: 'login' }],
    ['totp/setup', { userId, accountName: 'someone@example.com' }],
    ['push/devices', { userId, fcmToken: 'fcm', platform: 'ios' }],
    ['push/send', { userId, title: '로그인 승인 요청' }],
  ];
  for (const [path, body] of calls) {
    await fetch(`${securekeyUrl}/api/v1/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': API_KEY },
      body: JSON.stringify(body),
    });
  }
}

describe('the control API of the simulators', () => {
  it('explains itself, and every example that it gives works', async () => {
    const { simulator, sender, good } = await startSentbeSimulator();
    await good('POST', 'outbound/transfers', (await sender()).transfer);
    const { call, securekeyUrl } = await startControl(undefined, simulator);
    await somethingToShow(securekeyUrl);
    const { status, json } = await call('GET', '/');
    expect(status).toBe(200);
    expect(json.simulators).toMatchObject([
      { provider: 'SENS' },
      { provider: 'NGS', settings: { reportDelayMs: 0 } },
      { provider: 'SECUREKEY', settings: { rpId: 'localhost' } },
      { provider: 'NAVER_COMMERCE', settings: { pageLimit: 300 } },
      { provider: 'SENTBE', settings: { errorStatus: 200 } },
    ]);
    expect(json.recipients).toMatchObject({ '01099990001': 'NO_SUBSCRIBER' });
    expect(json.faults).toMatchObject({ NGS: { reportAck: ['drop'] }, SENS: { reservation: ['reject'] } });
    for (const { method, path, example } of json.commands) {
      const asQuery = typeof example === 'string' ? example : '';
      const answer = await call(method, `${path}${asQuery}`, typeof example === 'object' ? example : undefined);
      expect([method, path, answer.status]).toEqual([method, path, 200]);
    }
  });

  it('shows the ledger from a sequence on, by provider and event, and forgets it', async () => {
    const { call, port } = await startControl();
    const { dlv } = await logIn(port);
    for (const serial of ['L1', 'L2', 'L3']) dlv.write(deliverPacket({ serial }));
    for (let i = 0; i < 3; i += 1) await dlv.next();
    const first = await call('GET', '/ledger?event=DELIVER&since=0&limit=2');
    expect(first.json.entries).toMatchObject([
      { provider: 'NGS', reference: 'L1', outcome: 'TAKEN', fields: { text: 'SMS 테스트 발송 입니다.' } },
      { reference: 'L2' },
    ]);
    const rest = await call('GET', `/ledger?event=DELIVER&since=${first.json.next}`);
    expect(rest.json.entries).toMatchObject([{ reference: 'L3' }]);
    const newest = await call('GET', '/ledger?event=DELIVER&limit=1');
    expect(newest.json.entries).toMatchObject([{ reference: 'L3' }]);
    expect((await call('GET', '/ledger?provider=SENS')).json.entries).toEqual([]);
    expect(JSON.stringify((await call('GET', '/ledger')).json)).not.toContain(ACCOUNT.password);
    expect((await call('DELETE', '/ledger?provider=NGS')).json.cleared).toBeGreaterThan(5);
  });

  it('arms, lists and disarms faults, which then strike', async () => {
    const { call, port, ngs } = await startControl();
    const armed = await call('POST', '/faults', { provider: 'NGS', kind: 'reject', on: 'send', code: 'E_TPS_OVER' });
    expect(armed).toMatchObject({ status: 200, json: { id: 1, count: 1, remaining: 1 } });
    await call('POST', '/faults', { provider: 'SENS', kind: 'drop', on: 'ack', count: 3 });
    const listed = await call('GET', '/faults');
    expect(listed.json.faults.map(({ provider }: { provider: string }) => provider)).toEqual(['SENS', 'NGS']);
    const { dlv } = await logIn(port);
    dlv.write(deliverPacket());
    expect((await dlv.next()).text(0, 4)).toBe('19');
    expect(ngs.faults.list()).toEqual([]);
    expect((await call('DELETE', '/faults')).json).toEqual({ disarmed: 1 });
  });

  it('changes settings, sends REPORTs, one and many, and kicks', async () => {
    const { call, port, ngs } = await startControl();
    const { dlv, rep } = await logIn(port);
    const changed = await call('POST', '/settings', { provider: 'NGS', reportDelayMs: 7, tps: { sms: 5 } });
    expect(changed.json.settings).toMatchObject({ reportDelayMs: 7, tps: { sms: 5, mms: 30 } });
    expect((await dlv.next()).text(2, 88)).toBe('5,30,30');
    await call('POST', '/ngs/reports', { serial: 'ONE', result: 'E_NET_FAIL' });
    expect((await rep.next()).text(0, 4)).toBe('18');
    await call('POST', '/ngs/reports', { reports: [{ serial: 'TWO' }, { serial: 'THREE', gwSerial: '9' }] });
    expect((await rep.next()).text(39, 20)).toBe('TWO');
    expect((await rep.next()).text(59, 16)).toBe('9');
    expect((await call('POST', '/ngs/kick', { kind: 'REP', reason: 'test' })).json).toEqual({ kicked: 1 });
    await rep.whenClosed();
    await until(() => ngs.ledger.entries({ event: 'REP session' }).length === 1);
    expect((await call('POST', '/ngs/kick', {})).json).toEqual({ kicked: 1 });
  });

  it.each<[string, string, unknown, string]>([
    ['POST', '/faults', { provider: 'NGS', kind: 'reject', on: 'ack' }, 'kind'],
    ['POST', '/faults', { provider: 'NGS', kind: 'drop', on: 'toString' }, 'on'],
    ['POST', '/faults', { provider: 'NGS', kind: 'delay', on: 'ack' }, 'ms'],
    ['POST', '/faults', { provider: 'NGS', kind: 'drop', on: 'ack', ms: 1 }, 'ms'],
    ['POST', '/faults', { provider: 'NGS', kind: 'drop', on: 'ack', code: '1' }, 'code'],
    ['POST', '/faults', { provider: 'NGS', kind: 'reject', on: 'send', code: 'E_UNHEARD' }, 'code'],
    ['POST', '/faults', { provider: 'NGS', kind: 'reject', on: 'send', status: 500 }, 'status'],
    ['POST', '/faults', { provider: 'NGS', kind: 'glue', on: 'send' }, 'kind'],
    ['POST', '/faults', { provider: 'NGS', kind: 'reorder', on: 'link' }, 'kind'],
    ['POST', '/faults', { provider: 'NGS', kind: 'drop', on: 'ack', length: '7' }, 'length'],
    ['POST', '/faults', { provider: 'NGS', kind: 'lie', on: 'ack', length: '12345678901' }, 'length'],
    ['POST', '/faults', { provider: 'NGS', kind: 'tps', on: 'send' }, 'tps'],
    ['POST', '/faults', { provider: 'NGS', kind: 'drop', on: 'ack', tps: { sms: 1 } }, 'tps'],
    ['POST', '/faults', { provider: 'NGS', kind: 'tps', on: 'send', tps: { sms: 0 } }, 'tps.sms'],
    ['POST', '/faults', { provider: 'NGS', kind: 'drop', on: 'ack', after: -1 }, 'after'],
    ['POST', '/faults', { provider: 'SENS', kind: 'silence', on: 'send' }, 'kind'],
    ['POST', '/faults', { provider: 'SENS', kind: 'drop', on: 'send', endpoint: 'messages' }, 'endpoint'],
    ['POST', '/faults', { provider: 'SECUREKEY', kind: 'forge', on: 'answer' }, 'kind'],
    ['POST', '/faults', { provider: 'SECUREKEY', kind: 'drop', on: 'webhook', endpoint: 'otp/send' }, 'endpoint'],
    ['POST', '/faults', { provider: 'SECUREKEY', kind: 'reject', on: 'answer', shape: 'html' }, 'shape'],
    ['POST', '/settings', { provider: 'SECUREKEY', wrongCode: 'MAYBE' }, 'wrongCode'],
    ['POST', '/settings', { provider: 'SECUREKEY', mfaPolicies: [{ on: 'sms' }] }, 'mfaPolicies.0.on'],
    ['POST', '/securekey/pushes/answer', { userId: 'u' }, 'decision'],
    ['POST', '/securekey/webhooks', { body: 1 }, 'body'],
    ['GET', '/securekey/totp', undefined, 'userId'],
    ['GET', '/codes?to=x', undefined, 'to'],
    ['POST', '/faults', { provider: 'SENS', kind: 'reject', on: 'reservation', code: 'DONE' }, 'code'],
    ['POST', '/faults', { provider: 'SENS', kind: 'reject', on: 'reservation', status: 500 }, 'status'],
    ['POST', '/faults', { provider: 'SENS', kind: 'reject', on: 'report', shape: 'html' }, 'shape'],
    ['POST', '/faults', { provider: 'SENS', kind: 'drop', on: 'send', count: 0 }, 'count'],
    ['POST', '/faults', { provider: 'KAKAO', kind: 'drop', on: 'send' }, 'provider'],
    ['POST', '/settings', { provider: 'NGS', reportDelayMs: -1 }, 'reportDelayMs'],
    ['POST', '/settings', { provider: 'NGS', tps: { sms: 0 } }, 'tps.sms'],
    ['POST', '/settings', { provider: 'NGS', extentions: ['OTHER'] }, 'extentions.0'],
    ['POST', '/settings', { provider: 'SENS', optOutService: 1 }, 'optOutService'],
    ['POST', '/settings', { reportDelayMs: 1 }, 'provider'],
    ['POST', '/ngs/reports', { serial: 'x'.repeat(20) }, 'serial'],
    ['POST', '/ngs/reports', { reports: [{ serial: 'ok' }, { serial: 'ok', gwSerial: '가' }] }, 'reports.1.gwSerial'],
    ['POST', '/ngs/reports', { serial: 'x', result: '1000' }, 'result'],
    ['POST', '/ngs/reports', { serial: 'x', result: 'E_UNHEARD' }, 'result'],
    ['POST', '/ngs/kick', { kind: 'CERT' }, 'kind'],
    ['GET', '/ledger?limit=0', undefined, 'limit'],
    ['GET', '/ledger?since=x', undefined, 'since'],
    ['GET', '/ledger?provider=X', undefined, 'provider'],
    ['DELETE', '/faults?id=1', undefined, 'provider'],
  ])('answers 400 for %s %s %j and names the field', async (method, path, body, field) => {
    const { call } = await startControl();
    const { status, json } = await call(method, path, body);
    expect(status).toBe(400);
    expect(json.error.code).toBe('INVALID_INPUT');
    expect(json.error.fields.map(({ path: at }: { path: string[] }) => at.join('.'))).toContain(field);
  });

  it.each<[number, string, string, unknown, Record<string, string>]>([
    [404, 'GET', '/nothing', undefined, {}],
    [405, 'PUT', '/faults', {}, {}],
    [405, 'GET', '/settings', undefined, {}],
    [400, 'POST', '/faults', '{', {}],
    [400, 'POST', '/faults', 'null', {}],
    [400, 'POST', '/ngs/reports', '[]', {}],
    [415, 'POST', '/faults', '{}', { 'content-type': 'text/plain' }],
    [413, 'POST', '/faults', 'x'.repeat(300_000), {}],
    [403, 'GET', '/ledger', undefined, { origin: 'https://example.com' }],
    [403, 'POST', '/ngs/kick', {}, { origin: 'null' }],
  ])('answers %i for %s %s %s', async (expected, method, path, body, headers) => {
    const { call } = await startControl();
    const { status, json } = await call(method, path, body, headers);
    expect([status, typeof json.error.code]).toEqual([expected, 'string']);
  });

  it('answers 404 for a provider that is not simulated', async () => {
    const { call } = await startControl('SENS');
    expect((await call('POST', '/ngs/kick', {})).json.error.code).toBe('NOT_SIMULATED');
    expect((await call('GET', '/ledger?provider=NGS')).status).toBe(404);
  });

  it.each([
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost@evil.example', 403],
    ['localhost:4001', 200],
    ['[::1]:4001', 200],
  ])('answers Host %s with %i', async (host, expected) => {
    const { control } = await startControl();
    const status = await new Promise((resolve, reject) => {
      httpRequest(`${control.url}/ledger`, { headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(expected);
  });

  it('outlives clients that send garbage or hang up half-way', async () => {
    const { control, call } = await startControl();
    const port = Number(new URL(control.url).port);
    const halves = [
      '\x16\x03\x01garbage\r\n\r\n',
      'POST /faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"provider"',
      'GET /ledger?%ZZ=%FF&__proto__=1 HTTP/1.1\r\nHost: localhost\r\n\r\n',
    ];
    for (const half of halves) {
      const socket = connect(port, '127.0.0.1');
      let closed = false;
      socket.on('error', () => undefined);
      socket.on('close', () => {
        closed = true;
      });
      socket.resume();
      await new Promise<void>((resolve) => socket.write(half, () => resolve()));
      socket.destroy();
      await until(() => closed);
    }
    expect((await call('GET', '/')).status).toBe(200);
  });
});
