import { describe, expect, it } from 'vitest';
import { answer, failureOf, given, peer, provider } from './account.ts';

const ID = '2026030212345671';
const OTHER = '2026030212345672';
const orders = '/external/v1/pay-order/seller/product-orders';
const row = (productOrderId: unknown = ID, changes: object = {}) => ({
  order: {
    orderId: '2026030298765431',
    orderDate: '2026-03-02T12:00:00.0+09:00',
    paymentDate: '2026-03-02T12:04:05.678+09:00',
    ordererName: '홍길동',
  },
  productOrder: {
    productOrderId,
    productOrderStatus: 'PAYED',
    placeOrderStatus: 'NOT_YET',
    claimStatus: 'CANCEL_REQUEST',
    productName: '사과 5kg',
    productOption: '색상: 빨강',
    quantity: 2,
    totalPaymentAmount: 25_000,
    shippingAddress: { name: '김수취', baseAddress: '서울' },
    ...changes,
  },
});
const whole = {
  productOrderId: ID,
  orderId: '2026030298765431',
  status: 'PAYED',
  placeOrderStatus: 'NOT_YET',
  claimStatus: 'CANCEL_REQUEST',
  productName: '사과 5kg',
  productOption: '색상: 빨강',
  quantity: 2,
  totalPaymentAmount: 25_000,
  orderedAt: Date.parse('2026-03-02T03:00:00.000Z'),
  paidAt: Date.parse('2026-03-02T03:04:05.678Z'),
  receiverName: '김수취',
};

describe('the seller', () => {
  it('is read with its token', async () => {
    const { url, seen } = await peer(answer(200, { accountId: 'ncp_1', accountUid: 12_345, grade: 'BIG_POWER', x: 1 }));
    const seller = await given(provider(url).seller('the-token'));
    expect(seller).toEqual({ accountId: 'ncp_1', accountUid: '12345', grade: 'BIG_POWER' });
    expect(seen[0]).toMatchObject({
      line: 'GET /external/v1/seller/account',
      headers: { authorization: 'Bearer the-token' },
      body: '',
    });
  });

  it.each([{}, { accountId: 'ncp_1' }, { code: 'E', message: 'm' }])('is none in %j', async (body) => {
    const { url } = await peer(answer(200, body));
    expect(await failureOf(provider(url).seller('t'))).toMatchObject({
      outcome: 'UNKNOWN',
      origin: { code: 'BAD_ANSWER' },
    });
  });
});

describe('product orders', () => {
  it('are asked for by their ids, and read by them, in any order', async () => {
    const { url, seen } = await peer(answer(200, { data: [row(OTHER), row('999'), row(), row(OTHER)] }));
    const found = await given(provider(url).productOrders('the-token', [ID, OTHER, '1']));
    expect(seen[0]).toMatchObject({
      line: `POST ${orders}/query`,
      headers: { 'content-type': 'application/json', authorization: 'Bearer the-token' },
      body: `{"productOrderIds":["${ID}","${OTHER}","1"]}`,
    });
    expect(found).toEqual([{ ...whole, productOrderId: OTHER }, whole]);
  });

  it('are read without what may be missing', async () => {
    const productOrder = { productOrderId: Number(ID), productOrderStatus: 'NEW_STATUS', productName: '', quantity: 1 };
    const order = { orderId: 2026030298765431, orderDate: null, paymentDate: 'soon' };
    const { url } = await peer(
      answer(200, { data: [{ order, productOrder: { ...productOrder, claimStatus: null } }] }),
    );
    expect(await given(provider(url).productOrders('t', [ID]))).toEqual([
      { productOrderId: ID, orderId: '2026030298765431', status: 'NEW_STATUS', productName: '', quantity: 1 },
    ]);
  });

  it('are read with how they went out', async () => {
    const sent = { deliveryMethod: 'DELIVERY', deliveryCompany: 'CJGLS', trackingNumber: 123_456, isWrong: false };
    const delivery = { ...sent, sendDate: '2026-03-02T12:04:05.678+09:00' };
    const { url } = await peer(
      answer(200, {
        data: [
          { ...row(), delivery },
          { ...row(OTHER), delivery: {} },
        ],
      }),
    );
    expect(await given(provider(url).productOrders('t', [ID, OTHER]))).toEqual([
      {
        ...whole,
        delivery: {
          deliveryMethod: 'DELIVERY',
          deliveryCompanyCode: 'CJGLS',
          trackingNumber: '123456',
          sentAt: Date.parse('2026-03-02T03:04:05.678Z'),
        },
      },
      { ...whole, productOrderId: OTHER, delivery: {} },
    ]);
  });

  it.each([{}, { data: null }, { data: [] }, { timestamp: 't', traceId: 'x' }])('are none in %j', async (body) => {
    const { url } = await peer(answer(200, body));
    expect(await given(provider(url).productOrders('t', [ID]))).toEqual([]);
  });

  it.each([{ code: '9999', message: 'm' }, { data: {} }, { data: 'none' }])('are not to be had in %j', async (body) => {
    const { url } = await peer(answer(200, body));
    expect(await failureOf(provider(url).productOrders('t', [ID]))).toMatchObject({ outcome: 'UNKNOWN' });
  });

  const badRows = [
    null,
    {},
    row(undefined, { productOrderId: undefined }),
    row(1e300),
    row(ID, { quantity: '2' }),
    row(ID, { quantity: 2 ** 31 }),
  ];
  it.each(badRows)('are left without the one that cannot be read, and the account says so: %j', async (bad) => {
    const warned: string[] = [];
    const log = { info() {}, error() {}, warn: (event: string) => void warned.push(event) };
    const { url } = await peer(answer(200, { data: [bad, row(OTHER)] }));
    const made = provider(url, { log });
    expect(await given(made.productOrders('t', [ID, OTHER]))).toEqual([{ ...whole, productOrderId: OTHER }]);
    expect(made.health()).toMatchObject({ healthy: true, lastFault: { code: 'BAD_ANSWER' } });
    expect(warned).toHaveLength(1);
  });

  it('are 300 in one answer, however long each is', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => String(2_026_030_212_345_000 + index));
    const { url, seen } = await peer(
      answer(200, { data: ids.map((id) => ({ ...row(id), delivery: '배'.repeat(3_000) })) }),
    );
    expect(await given(provider(url).productOrders('t', ids))).toHaveLength(300);
    await expect(provider(url).productOrders('t', [...ids, '1'])).rejects.toThrow(RangeError);
    expect(await given(provider(url).productOrders('t', []))).toEqual([]);
    expect(seen).toHaveLength(1);
  });
});

describe('confirming and dispatching', () => {
  const dispatchedAt = Date.parse('2026-03-01T15:04:05.006Z');
  const dispatch = { productOrderId: ID, deliveryMethod: 'DELIVERY', dispatchedAt };

  it('send what the document prints', async () => {
    const data = { successProductOrderIds: [ID, OTHER] };
    const { url, seen } = await peer(answer(200, { data }));
    const made = provider(url);
    await made.confirm('the-token', [ID, OTHER]);
    const parcel = { deliveryCompanyCode: 'CJGLS', trackingNumber: '123456789012' };
    await made.dispatch('the-token', [
      { ...dispatch, ...parcel },
      { ...dispatch, productOrderId: OTHER, deliveryMethod: 'VISIT_RECEIPT', trackingNumber: undefined },
    ]);
    expect(seen.map(({ line }) => line)).toEqual([`POST ${orders}/confirm`, `POST ${orders}/dispatch`]);
    expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
      { productOrderIds: [ID, OTHER] },
      {
        dispatchProductOrders: [
          {
            productOrderId: ID,
            deliveryMethod: 'DELIVERY',
            ...parcel,
            dispatchDate: '2026-03-02T00:04:05.006+09:00',
          },
          { productOrderId: OTHER, deliveryMethod: 'VISIT_RECEIPT', dispatchDate: '2026-03-02T00:04:05.006+09:00' },
        ],
      },
    ]);
    for (const { headers } of seen) expect(headers.authorization).toBe('Bearer the-token');
  });

  const fail = { productOrderId: OTHER, code: '104417', message: '교환 상태를 확인해 주세요.' };
  const notAnswered = {
    productOrderId: OTHER,
    code: 'NOT_ANSWERED',
    message: expect.stringContaining('may have been done'),
  };
  it.each([
    [
      {
        successProductOrderInfos: [{ productOrderId: ID, isReceiverAddressChanged: false }],
        failProductOrderInfos: [fail],
      },
      fail,
    ],
    [{ successProductOrderIds: [ID], failProductOrderInfos: [fail] }, fail],
    [{ successProductOrderIds: [Number(ID), '999'], failProductOrderInfos: [{ ...fail, code: 104417 }] }, fail],
    // It cannot have been both: what failed is looked at again, and what succeeded never is.
    [{ successProductOrderIds: [ID, OTHER], failProductOrderInfos: [fail] }, fail],
    [{ successProductOrderIds: [ID], failProductOrderInfos: null }, notAnswered],
    [{ successProductOrderIds: [ID, null, { productOrderId: {} }] }, notAnswered],
    [{ successProductOrderIds: [ID], failProductOrderInfos: [{ ...fail, productOrderId: null }] }, notAnswered],
    [
      { successProductOrderIds: [ID], failProductOrderInfos: [{ productOrderId: OTHER }] },
      { productOrderId: OTHER, code: 'NO_CODE', message: '' },
    ],
  ])('read %j by what each list names', async (data, failed) => {
    const { url } = await peer(answer(200, { timestamp: 't', data, traceId: 'x' }));
    const made = provider(url);
    const expected = { succeeded: [ID], failed: [failed] };
    expect(await given(made.confirm('t', [ID, OTHER]))).toEqual(expected);
    expect(await given(made.dispatch('t', [dispatch, { ...dispatch, productOrderId: OTHER }]))).toEqual(expected);
  });

  it.each([
    {},
    { data: null },
    { data: {} },
    { data: { successProductOrderIds: ['999'] } },
    { data: [] },
    { data: { successProductOrderIds: {} } },
    { code: '9999' },
  ])('may have been done where the answer names none of them: %j', async (body) => {
    const { url, seen } = await peer(answer(200, body));
    expect(await failureOf(provider(url).confirm('t', [ID]))).toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
      outcome: 'UNKNOWN',
      origin: { code: 'BAD_ANSWER' },
    });
    expect(seen).toHaveLength(1);
  });

  it('take 30 at most, and none without a call', async () => {
    const { url, seen } = await peer(answer(200, {}));
    const made = provider(url);
    const ids = Array.from({ length: 31 }, (_, index) => String(index));
    await expect(made.confirm('t', ids)).rejects.toThrow(RangeError);
    await expect(
      made.dispatch(
        't',
        ids.map(() => dispatch),
      ),
    ).rejects.toThrow(RangeError);
    expect(await given(made.confirm('t', []))).toEqual({ succeeded: [], failed: [] });
    expect(await given(made.dispatch('t', []))).toEqual({ succeeded: [], failed: [] });
    expect(seen).toEqual([]);
  });
});
