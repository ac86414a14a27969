import { describe, expect, it } from 'vitest';
import { korea, ORDERS, START, startNaverCommerceSimulator } from '../support/naver-commerce-simulator.ts';

const ACCOUNT = '/v1/seller/account';
const DISPATCH = `${ORDERS}/dispatch`;
const provider = 'NAVER_COMMERCE';

async function startWithOrder() {
  const started = await startNaverCommerceSimulator();
  const [id = ''] = started.simulator.addProductOrders(1);
  const row = { productOrderId: id, deliveryMethod: 'VISIT_RECEIPT', dispatchDate: korea(START) };
  const dispatch = () => started.api('POST', DISPATCH, { dispatchProductOrders: [row] });
  const status = () => started.simulator.state().productOrders[0]?.productOrderStatus;
  return { ...started, id, dispatch, status };
}

describe('faults at the Naver Commerce simulator', () => {
  it('on answer let a dispatch be done and then tell a 504', async () => {
    const { simulator, dispatch, status, id, entries } = await startWithOrder();
    simulator.arm({ provider, kind: 'reject', on: 'answer', code: 'GW.TIMEOUT.01' });
    const answer = await dispatch();
    expect(answer.status).toBe(504);
    expect(answer.json).toMatchObject({ code: 'GW.TIMEOUT.01', traceId: answer.headers.get('gncp-gw-trace-id') });
    expect(status()).toBe('DELIVERING');
    expect(entries('POST dispatch')).toMatchObject([
      { outcome: 'TAKEN', fields: { succeeded: [id] }, reference: answer.json.traceId },
      { outcome: 'FAULT', reference: answer.json.traceId },
    ]);
  });

  it('on call leave it undone', async () => {
    const { simulator, dispatch, status } = await startWithOrder();
    simulator.arm({ provider, kind: 'reject', on: 'call', status: 503 });
    const answer = await dispatch();
    expect([answer.status, answer.json.code]).toEqual([503, 'GW.BLOCK.01']);
    simulator.arm({ provider, kind: 'drop', on: 'call' });
    await expect(dispatch()).rejects.toThrow();
    expect(status()).toBe('PAYED');
    expect((await dispatch()).status).toBe(200);
  });

  it('may be kept for one endpoint, whatever else is called in between', async () => {
    const { simulator, api, dispatch, status } = await startWithOrder();
    simulator.arm({ provider, kind: 'drop', on: 'answer', endpoint: DISPATCH.slice(1) });
    expect((await api('GET', ACCOUNT)).status).toBe(200);
    await expect(dispatch()).rejects.toThrow();
    expect(status()).toBe('DELIVERING');
  });

  it.each(['cut', 'garbage', 'delay', 'split'] as const)('spoil the answer by %s, after it was done', async (kind) => {
    const { simulator, dispatch, status } = await startWithOrder();
    simulator.arm({ provider, kind, on: 'answer', ...(kind === 'delay' && { ms: 1 }) });
    const answer = await dispatch().catch(() => undefined);
    const readable = answer !== undefined && answer.json !== undefined;
    expect(readable).toBe(kind === 'delay' || kind === 'split');
    expect(status()).toBe('DELIVERING');
  });

  it('reject with the code that is usual for a status, the status of a code, or both as they are given', async () => {
    const { simulator, api } = await startWithOrder();
    const cases = [
      [{}, 500, 'GW.INTERNAL_SERVER_ERROR'],
      [{ status: 401 }, 401, 'GW.AUTHN'],
      [{ status: 429 }, 429, 'GW.RATE_LIMIT'],
      [{ code: 'GW.QUOTA_LIMIT' }, 429, 'GW.QUOTA_LIMIT'],
      [{ code: '9999' }, 400, '9999'],
      [{ status: 502, code: 'GW.NEW' }, 502, 'GW.NEW'],
    ] as const;
    for (const [how, status, code] of cases) {
      simulator.arm({ provider, kind: 'reject', on: 'call', ...how });
      const answer = await api('GET', ACCOUNT);
      expect([answer.status, answer.json.code]).toEqual([status, code]);
    }
  });

  it('on token strike token calls only: before anything is handed out, or over what was', async () => {
    const { simulator, token } = await startWithOrder();
    simulator.arm({ provider, kind: 'reject', on: 'token', status: 500 });
    simulator.arm({ provider, kind: 'drop', on: 'token' });
    simulator.arm({ provider, kind: 'cut', on: 'token' });
    expect((await token()).status).toBe(500);
    await expect(token()).rejects.toThrow();
    expect(simulator.state().liveTokens).toBe(0);
    await expect(token()).rejects.toThrow();
    expect(simulator.state().liveTokens).toBe(1);
    expect((await token()).status).toBe(200);
  });

  it('cannot be armed where they mean nothing', async () => {
    const { simulator } = await startWithOrder();
    expect(() => simulator.arm({ provider, kind: 'cut', on: 'call' })).toThrow('knows drop, delay, reject');
    expect(() => simulator.arm({ provider, kind: 'drop', on: 'send' })).toThrow('token, call, answer');
  });
});
