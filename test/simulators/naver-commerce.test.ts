import { describe, expect, it } from 'vitest';
import { korea, MINUTE_MS, ORDERS, START, startNaverCommerceSimulator } from '../support/naver-commerce-simulator.ts';

const QUERY = `${ORDERS}/query`;
const CONFIRM = `${ORDERS}/confirm`;
const DISPATCH = `${ORDERS}/dispatch`;
const UNKNOWN = '2026030299999999';

interface Failure {
  readonly productOrderId: string;
  readonly code: string;
}
const codes = (failed: readonly Failure[]) => failed.map(({ productOrderId, code }) => [productOrderId, code]);
const parcel = (productOrderId: string, changes: object = {}) => ({
  productOrderId,
  deliveryMethod: 'DELIVERY',
  deliveryCompanyCode: 'HANJIN',
  trackingNumber: `5${productOrderId.slice(-10)}`,
  dispatchDate: korea(START),
  ...changes,
});

async function startOrders(options: Parameters<typeof startNaverCommerceSimulator>[0] = {}) {
  const started = await startNaverCommerceSimulator(options);
  const { api, simulator } = started;
  const query = (...productOrderIds: string[]) => api('POST', QUERY, { productOrderIds });
  const confirm = (...productOrderIds: string[]) => api('POST', CONFIRM, { productOrderIds });
  const dispatch = (...dispatchProductOrders: object[]) => api('POST', DISPATCH, { dispatchProductOrders });
  const statusOf = (id: string) =>
    simulator.state().productOrders.find(({ productOrderId }) => productOrderId === id)?.productOrderStatus;
  return { ...started, query, confirm, dispatch, statusOf };
}

describe('a query of product orders at the Naver Commerce simulator', () => {
  it('gives their details in another order than asked, and leaves out strangers and those of others', async () => {
    const { simulator, query, entries } = await startOrders();
    const [a = '', b = ''] = simulator.addProductOrders(2);
    const [theirs = ''] = simulator.addProductOrders(1, { accountId: 'seller-a' });
    const answer = await query(a, UNKNOWN, b, theirs);
    expect(answer.status).toBe(200);
    const rows: { productOrder: { productOrderId: string } }[] = answer.json.data;
    expect(rows.map(({ productOrder }) => productOrder.productOrderId)).toEqual([b, a]);
    expect(rows[0]).toMatchObject({
      order: { orderId: expect.stringMatching(/^\d{16}$/), paymentDate: korea(START) },
      productOrder: { productOrderStatus: 'PAYED', placeOrderStatus: 'NOT_YET', shippingAddress: { zipCode: '04524' } },
    });
    expect(entries('POST query')).toMatchObject([{ fields: { productOrderIds: [a, UNKNOWN, b, theirs], count: 2 } }]);
  });

  it('refuses what it does not know by ERROR, with the code of why', async () => {
    const { simulator, query } = await startOrders({ unknownIds: 'ERROR' });
    const [a = ''] = simulator.addProductOrders(1);
    const [theirs = ''] = simulator.addProductOrders(1, { accountId: 'seller-a' });
    expect((await query(a)).status).toBe(200);
    expect((await query(a, UNKNOWN)).json.code).toBe('100001');
    expect((await query(a, theirs)).json.code).toBe('101009');
  });

  it('takes 300 ids, and not 301, none, a number, or what is no JSON', async () => {
    const { api, query, token, call } = await startOrders();
    const ids = Array.from({ length: 301 }, (_, i) => String(i).padStart(16, '1'));
    expect((await query(...ids.slice(1))).status).toBe(200);
    for (const productOrderIds of [ids, [], [1], undefined]) {
      const answer = await api('POST', QUERY, { productOrderIds });
      expect([answer.status, answer.json.code]).toEqual([400, '4000']);
    }
    const headers = { authorization: `Bearer ${(await token()).json.access_token}` };
    const text = await call('POST', QUERY, '{', { ...headers, 'content-type': 'application/json' });
    expect(text.json.code).toBe('4000');
  });
});

describe('confirm at the Naver Commerce simulator', () => {
  it('answers 200 with what succeeded and what failed, each by its code', async () => {
    const { simulator, confirm, query, entries } = await startOrders();
    const [a = '', moved = '', cancelled = ''] = simulator.addProductOrders(3);
    const [theirs = ''] = simulator.addProductOrders(1, { accountId: 'seller-a' });
    simulator.change(moved, 'DELIVERY_ADDRESS_CHANGED');
    simulator.change(cancelled, 'CLAIM_REQUESTED');
    const answer = await confirm(a, moved, a, cancelled, UNKNOWN, theirs);
    expect(answer.status).toBe(200);
    const { data } = answer.json;
    expect(data.successProductOrderInfos).toEqual([
      { productOrderId: a, isReceiverAddressChanged: false },
      { productOrderId: moved, isReceiverAddressChanged: true },
    ]);
    const failed = [
      [a, '104131'],
      [cancelled, '104133'],
      [UNKNOWN, '100001'],
      [theirs, '101009'],
    ];
    expect(codes(data.failProductOrderInfos)).toEqual(failed);
    expect(entries('POST confirm')).toMatchObject([{ outcome: 'TAKEN', fields: { succeeded: [a, moved] } }]);
    expect(codes((await confirm(a)).json.data.failProductOrderInfos)).toEqual([[a, '105306']]);
    expect((await query(a)).json.data[0].productOrder.placeOrderStatus).toBe('OK');
  });

  it.each([CONFIRM, DISPATCH])('takes 30 rows and not 31: %s', async (path) => {
    const { api, simulator } = await startOrders();
    const ids = simulator.addProductOrders(31);
    const post = (some: readonly string[]) =>
      api(
        'POST',
        path,
        path === CONFIRM ? { productOrderIds: some } : { dispatchProductOrders: some.map((id) => parcel(id)) },
      );
    const over = await post(ids);
    expect([over.status, over.json.code]).toEqual([400, '4000']);
    const { data } = (await post(ids.slice(1))).json;
    expect(data.failProductOrderInfos).toEqual([]);
  });
});

describe('dispatch at the Naver Commerce simulator', () => {
  it('sends what it can, and tells the rest by its codes', async () => {
    const { simulator, dispatch, query, statusOf, api } = await startOrders();
    const [a = '', b = '', c = '', d = '', e = '', f = '', g = ''] = simulator.addProductOrders(7);
    const answer = await dispatch(
      parcel(a),
      parcel(a),
      parcel(b, { deliveryCompanyCode: '' }),
      parcel(c, { trackingNumber: undefined }),
      parcel(d, { trackingNumber: parcel(a).trackingNumber }),
      parcel(e, { trackingNumber: '!' }),
      parcel(f, { dispatchDate: '2026-03-02' }),
      parcel(g, { deliveryMethod: 'DRONE' }),
      parcel(UNKNOWN),
    );
    expect(answer.status).toBe(200);
    expect(answer.json.data.successProductOrderIds).toEqual([a]);
    expect(codes(answer.json.data.failProductOrderInfos)).toEqual([
      [a, '104131'],
      [b, '104118'],
      [c, '104120'],
      [d, '104121'],
      [e, '104122'],
      [f, '4000'],
      [g, '4000'],
      [UNKNOWN, '100001'],
    ]);
    expect([a, b, c, d, e, f, g].map(statusOf)).toEqual(['DELIVERING', ...Array(6).fill('PAYED')]);
    expect((await query(a)).json.data[0].delivery).toMatchObject({ deliveryCompany: 'HANJIN' });
    const window = new URLSearchParams({ lastChangedFrom: korea(START), lastChangedType: 'DISPATCHED' });
    const feed = (await api('GET', `${ORDERS}/last-changed-statuses?${window}`)).json.data;
    expect(feed.lastChangeStatuses).toMatchObject([{ productOrderId: a, productOrderStatus: 'DELIVERING' }]);
    expect(codes((await dispatch(parcel(a))).json.data.failProductOrderInfos)).toEqual([[a, '105306']]);
  });

  it('lets the goods of one order leave in one parcel, and a visitor take them without any', async () => {
    const { simulator, dispatch } = await startOrders();
    const [a = '', b = ''] = simulator.addProductOrders(2, { oneOrder: true });
    const [c = ''] = simulator.addProductOrders(1);
    const together = { trackingNumber: '500000000001' };
    const visit = { productOrderId: c, deliveryMethod: 'VISIT_RECEIPT', dispatchDate: korea(START) };
    const { data } = (await dispatch(parcel(a, together), parcel(b, together), visit)).json;
    expect(data).toEqual({ successProductOrderIds: [a, b, c], failProductOrderInfos: [] });
  });
});

describe('the gateway of the Naver Commerce simulator', () => {
  it('puts a trace, its time and the rate into every answer, refusals included', async () => {
    const { token, call, api } = await startOrders({ ratePerSecond: 3 });
    for (const answer of [await token(), await call('GET', '/v1/none'), await call('GET', '/v1/seller/account')]) {
      expect(answer.headers.get('gncp-gw-trace-id')).toMatch(/^cr3-\d{6}-[a-z]{6}\^\d{13}\^\d{7}$/);
      expect(answer.headers.get('gncp-gw-httpclient-responsetime')).toMatch(/^\d+$/);
      expect(answer.headers.get('gncp-gw-ratelimit-burst-capacity')).toBe('6');
    }
    const header = async () => (await api('GET', '/v1/seller/account')).headers.get('gncp-gw-ratelimit-remaining');
    expect([await header(), await header()]).toEqual(['5', '4']);
  });

  it('knows no other routes and no other methods', async () => {
    const { api } = await startOrders();
    for (const [method, path] of [
      ['GET', '/v1/none'],
      ['GET', QUERY],
      ['POST', '/v1/seller/account'],
    ] as const) {
      const answer = await api(method, path);
      expect([answer.status, answer.json.code]).toEqual([404, 'GW.NOT_FOUND']);
    }
  });

  it('answers 429 over the rate, path by path, and lets pass again what a second refills', async () => {
    const { token, api, clock } = await startOrders({ ratePerSecond: 2 });
    const bearer = (await token()).json.access_token;
    const account = async () => (await api('GET', '/v1/seller/account', undefined, bearer)).status;
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push(await account());
    expect(statuses).toEqual([200, 200, 200, 200, 429]);
    const limited = await api('GET', '/v1/seller/account', undefined, bearer);
    expect(limited.json.code).toBe('GW.RATE_LIMIT');
    expect(limited.headers.get('gncp-gw-ratelimit-remaining')).toBe('0');
    expect((await api('POST', QUERY, { productOrderIds: [UNKNOWN] }, bearer)).status).toBe(200);
    clock.at += 1000;
    expect([await account(), await account(), await account()]).toEqual([200, 200, 429]);
  });

  it('answers 401 without a token, with a strange one, and with one that is no Bearer', async () => {
    const { call, token } = await startOrders();
    const good = (await token()).json.access_token;
    for (const authorization of ['', 'Bearer x', `Basic ${good}`, good]) {
      const answer = await call('GET', '/v1/seller/account', undefined, authorization === '' ? {} : { authorization });
      expect([answer.status, answer.json.code]).toEqual([401, 'GW.AUTHN']);
    }
  });

  it('refuses every call from an address that is not allowed, the token call included', async () => {
    const { token, simulator, clock } = await startOrders({ ipAllowed: false });
    const answer = await token();
    expect([answer.status, answer.json.code]).toEqual([403, 'GW.IP_NOT_ALLOWED']);
    simulator.configure({ ipAllowed: true });
    clock.at += MINUTE_MS;
    expect((await token()).status).toBe(200);
  });
});
