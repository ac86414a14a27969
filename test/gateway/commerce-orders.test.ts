import { isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';
import {
  CommerceProductOrdersDocument,
  CommerceSellerDocument,
  DispatchProductOrdersDocument,
} from '../generated/operations.ts';
import { startGateway, startSimulators } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

async function setUp() {
  const { commerce, env } = await startSimulators();
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...env });
  return { commerce, gateway };
}

describe('product orders', () => {
  it('are found where Naver refuses the whole query for one id that it does not know', async () => {
    const { commerce, gateway } = await setUp();
    commerce.configure({ unknownIds: 'ERROR' });
    const ids = commerce.addProductOrders(9);
    const productOrderIds = [...ids.slice(0, 4), '9999999999999999', ...ids.slice(4)];
    const { commerceProductOrders: list } = await gateway.query(CommerceProductOrdersDocument, { productOrderIds });
    if (list.__typename !== 'CommerceProductOrderList') throw new Error(list.__typename);
    expect(list.productOrders.map((order) => order?.productOrderId)).toEqual(
      productOrderIds.map((id) => (ids.includes(id) ? id : undefined)),
    );
  });

  it('that went out with another parcel are not told as dispatched with this one, though an answer is lost', async () => {
    const { commerce, gateway } = await setUp();
    const [productOrderId = ''] = commerce.addProductOrders(1);
    const dispatch = async (trackingNumber: string) => {
      const dispatchedAt = new Date().toISOString();
      const parcel = { deliveryMethod: 'DELIVERY', deliveryCompanyCode: 'CJGLS', trackingNumber };
      const orders = [{ productOrderId, ...parcel, dispatchedAt }];
      return (await gateway.query(DispatchProductOrdersDocument, { orders })).dispatchProductOrders;
    };
    const lose = (on: 'call' | 'answer') =>
      commerce.arm({
        provider: 'NAVER_COMMERCE',
        kind: 'reject',
        on,
        code: 'GW.TIMEOUT.01',
        endpoint: 'v1/pay-order/seller/product-orders/dispatch',
      });
    lose('answer');
    expect(await dispatch('123456789012')).toMatchObject({ succeeded: [productOrderId], failed: [] });
    lose('call');
    expect(await dispatch('999999999999')).toMatchObject({
      succeeded: [],
      failed: [{ productOrderId, code: '105306' }],
    });
  });

  it.each([
    [2 ** 31 - 1, 2 ** 31 - 1],
    [2 ** 31, null],
    [-(2 ** 31) - 1, null],
    [undefined, null],
  ])('cost %s won, which is %s where it is beyond an Int', async (totalPaymentAmount, shown) => {
    const type = schema.getType('CommerceProductOrder');
    if (!isObjectType(type)) throw new Error('There is no such type.');
    const { resolve } = type.getFields()['totalPaymentAmount'] ?? {};
    expect(await resolve?.({ totalPaymentAmount }, {}, {}, {} as never)).toBe(shown);
  });
});

describe('the seller', () => {
  it('of an account that is not configured is no good input', async () => {
    const { gateway } = await setUp();
    expect((await gateway.query(CommerceSellerDocument, { account: 'nope' })).commerceSeller).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['account'], rule: 'UNKNOWN_ACCOUNT' }],
    });
  });
});
