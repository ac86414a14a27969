import { describe, expect, it } from 'vitest';
import { MESSAGES, SERVICE, START, startSensSimulator } from '../support/sens-simulator.ts';

const OPT_OUTS = `${SERVICE}/unsubscribes`;
const AT = { reserveTime: '2026-03-02 13:00' };
const DUE = Date.parse('2026-03-02T04:00:00Z');

async function startReserved(changes: object = AT, options: Parameters<typeof startSensSimulator>[0] = {}) {
  const started = await startSensSimulator({ deliverAfterMs: 1000, ...options });
  const { json } = await started.post(changes);
  const id = json.requestId as string;
  const status = async () =>
    (await started.call('GET', `${SERVICE}/reservations/${id}/reserve-status`)).json.reserveStatus;
  const cancel = () => started.call('DELETE', `${SERVICE}/reservations/${id}`);
  const row = async () => (await started.call('GET', `${MESSAGES}?requestId=${id}`)).json.messages[0];
  return { ...started, id, status, cancel, row };
}

describe('reservations at the SENS simulator', () => {
  it('are READY until their time, then PROCESSING and DONE, and so are their messages', async () => {
    const { call, clock, id, status, row, taken } = await startReserved();
    expect((await call('GET', `${SERVICE}/reservations/${id}/reserve-status`)).json).toEqual({
      reserveId: id,
      reserveTimeZone: 'Asia/Seoul',
      reserveTime: '2026-03-02 13:00',
      reserveStatus: 'READY',
    });
    expect(taken()[0]?.fields).toMatchObject({ reserveTime: '2026-03-02 13:00' });
    clock.at = DUE - 1;
    expect([await status(), (await row()).status]).toEqual(['READY', 'READY']);
    clock.at = DUE;
    expect(await status()).toBe('PROCESSING');
    clock.at = DUE + 250;
    expect([await status(), (await row()).status]).toEqual(['DONE', 'PROCESSING']);
    clock.at = DUE + 1000;
    expect(await row()).toMatchObject({ status: 'COMPLETED', completeTime: '2026-03-02T13:00:01.000' });
  });

  it('are cancelled with 204 and no body while READY, and then never go out', async () => {
    const { clock, cancel, status, row, simulator, id } = await startReserved();
    clock.at = DUE - 1;
    expect(await cancel()).toMatchObject({ status: 204, text: '' });
    expect(await status()).toBe('CANCELED');
    clock.at = DUE + 1_000_000;
    expect([await status(), (await row()).status]).toEqual(['CANCELED', 'READY']);
    expect(simulator.ledger.entries({ event: 'DELETE reservation' })).toMatchObject([
      { outcome: 'TAKEN', reference: id },
    ]);
  });

  it('are not cancelled once their time has come, nor twice, nor for strangers', async () => {
    const { call, clock, cancel, status, row, post } = await startReserved();
    clock.at = DUE;
    expect((await cancel()).status).toBe(400);
    clock.at = DUE + 1000;
    expect([await status(), (await row()).status]).toEqual(['DONE', 'COMPLETED']);
    const { requestId } = (await post({ reserveTime: '2026-03-02 14:00' })).json;
    expect((await call('DELETE', `${SERVICE}/reservations/${requestId}`)).status).toBe(204);
    expect((await call('DELETE', `${SERVICE}/reservations/${requestId}`)).status).toBe(400);
    expect((await call('DELETE', `${SERVICE}/reservations/x`)).status).toBe(404);
    expect((await call('GET', `${SERVICE}/reservations/x/reserve-status`)).status).toBe(404);
    expect((await call('GET', `${SERVICE}/reservations/${requestId}`)).status).toBe(404);
  });

  it('are not made by a send without reserveTime', async () => {
    const { call, id } = await startReserved({});
    expect((await call('GET', `${SERVICE}/reservations/${id}/reserve-status`)).status).toBe(404);
    expect((await call('DELETE', `${SERVICE}/reservations/${id}`)).status).toBe(404);
  });

  it.each([
    [undefined, 'FAIL'],
    ['STALE', 'STALE'],
    ['SKIP', 'SKIP'],
  ])('end otherwise where a fault with code %s was armed', async (code, expected) => {
    const { simulator, post, call, clock } = await startSensSimulator();
    simulator.arm({ provider: 'SENS', kind: 'reject', on: 'reservation', ...(code !== undefined && { code }) });
    expect((await post()).status).toBe(202);
    const { requestId } = (await post(AT)).json;
    const status = async () =>
      (await call('GET', `${SERVICE}/reservations/${requestId}/reserve-status`)).json.reserveStatus;
    expect(await status()).toBe('READY');
    clock.at = DUE + 1_000_000;
    expect(await status()).toBe(expected);
    expect((await call('GET', `${MESSAGES}?requestId=${requestId}`)).json.messages).toMatchObject([
      { status: 'READY' },
    ]);
  });
});

describe('opt-outs at the SENS simulator', () => {
  const numbers = (...list: string[]) => list.map((clientTelNo) => ({ clientTelNo }));

  it('are added, listed and removed as bare arrays', async () => {
    const { call } = await startSensSimulator();
    expect((await call('GET', OPT_OUTS)).json).toEqual([]);
    expect((await call('POST', OPT_OUTS, numbers('01020001234', '01020005678'))).status).toBe(201);
    expect(await call('DELETE', OPT_OUTS, numbers('01020005678', '01011112222'))).toMatchObject({
      status: 204,
      text: '',
    });
    expect((await call('GET', OPT_OUTS)).json).toMatchObject([
      { clientTelNo: '01020001234', registerTime: '2026-03-02T12:04:05.678' },
    ]);
  });

  it.each([
    ['nothing', []],
    ['1,001 numbers', numbers(...Array.from({ length: 1001 }, (_, i) => String(i)))],
    ['hyphens', numbers('010-2000-1234')],
    ['an object', { clientTelNo: '01020001234' }],
  ])('answer 400 for %s', async (_, body) => {
    const { call } = await startSensSimulator();
    expect((await call('POST', OPT_OUTS, body)).status).toBe(400);
    expect((await call('DELETE', OPT_OUTS, body)).status).toBe(400);
  });

  it('make an AD to them fail, and nothing else', async () => {
    const { call, post } = await startSensSimulator({ deliverAfterMs: 0 });
    await call('POST', OPT_OUTS, numbers('01020001234'));
    const codeOf = async (changes: object) => {
      const { requestId } = (await post(changes)).json;
      return (await call('GET', `${MESSAGES}?requestId=${requestId}`)).json.messages[0].statusCode;
    };
    expect(await codeOf({ contentType: 'AD' })).toBe('3006');
    expect(await codeOf({ contentType: 'COMM' })).toBe('0');
    expect(await codeOf({ contentType: 'AD', messages: [{ to: '01020005678' }] })).toBe('0');
  });

  it('need an 080 service, and so does an AD', async () => {
    const { call, post } = await startSensSimulator({ optOutService: false });
    expect((await call('GET', OPT_OUTS)).status).toBe(403);
    expect((await call('POST', OPT_OUTS, numbers('01020001234'))).status).toBe(403);
    expect((await post({ contentType: 'AD' })).json.errorMessage).toMatch(/^contentType/);
    expect((await post()).status).toBe(202);
  });
});

describe('an SMS abroad at the SENS simulator', () => {
  it('goes to a number that is no Korean mobile, and only as SMS', async () => {
    const { call, post } = await startSensSimulator({ deliverAfterMs: 0 });
    const { requestId } = (await post({ countryCode: '1', messages: [{ to: '4155550100' }] })).json;
    const { messages } = (await call('GET', `${MESSAGES}?requestId=${requestId}`)).json;
    expect(messages).toMatchObject([{ countryCode: '1', to: '4155550100', statusCode: '0' }]);
    expect((await post({ type: 'LMS', countryCode: '1', messages: [{ to: '4155550100' }] })).status).toBe(400);
  });
});

describe('the clock of the SENS simulator', () => {
  it('can be wrong, and says so in its Date', async () => {
    const { call, post, simulator } = await startSensSimulator();
    simulator.configure({ clockSkewMs: 300_001 });
    const refused = await post();
    expect([refused.status, refused.date]).toEqual([401, new Date(START + 300_001).toUTCString()]);
    const headers = { 'x-ncp-apigw-timestamp': String(Date.parse(refused.date ?? '')) };
    expect((await call('GET', OPT_OUTS, undefined, headers)).status).toBe(200);
  });
});
