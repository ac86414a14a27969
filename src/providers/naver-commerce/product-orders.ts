/** The detail of product orders, up to 300 by their ids (Naver Commerce, product-orders/query). */
import { z } from 'zod';
import type { CommerceProvider, Delivery, ProductOrder } from '../../core/commerce/provider.ts';
import { someText } from './answer.ts';
import type { CommerceApi, CommerceCall } from './api.ts';
import { callWithToken, dataOf, idText, instant, ORDERS_PATH, perhaps, present } from './data-calls.ts';

export const MAX_QUERIED = 300;

const call: CommerceCall = { path: `${ORDERS_PATH}/query`, scope: 'Naver Commerce product orders', method: 'POST' };

/** What a count may be: the API's answers are 32 bits wide. */
const count = z.int32().nonnegative();
const words = perhaps(someText);

const row = z.object({
  order: z.object({ orderId: idText, orderDate: perhaps(instant), paymentDate: perhaps(instant) }),
  productOrder: z.object({
    productOrderId: idText,
    productOrderStatus: z.string().min(1),
    placeOrderStatus: perhaps(z.string().min(1)),
    claimStatus: perhaps(z.string().min(1)),
    productName: z.string(),
    productOption: perhaps(z.string().min(1)),
    quantity: count,
    totalPaymentAmount: perhaps(z.int()),
    shippingAddress: perhaps(z.object({ name: perhaps(z.string().min(1)) })),
  }),
  delivery: perhaps(
    z.object({ deliveryMethod: words, deliveryCompany: words, trackingNumber: words, sendDate: perhaps(instant) }),
  ),
});

export function createProductOrders(api: CommerceApi): Pick<CommerceProvider, 'productOrders'> {
  return {
    async productOrders(accessToken, ids) {
      if (ids.length > MAX_QUERIED) throw new RangeError(`At most ${MAX_QUERIED} product orders in one call.`);
      if (ids.length === 0) return { tokenRefused: false, value: [] };
      return callWithToken(api, call, { accessToken, body: { productOrderIds: ids } }, (body, httpStatus) => {
        const rows = dataOf(api, body, httpStatus) ?? [];
        if (!Array.isArray(rows)) throw api.unreadable(httpStatus, 'data is no list of product orders.');
        const asked = new Set(ids);
        // By its id, since ids that Naver does not know are absent without a word.
        const found = new Map<string, ProductOrder>();
        for (const each of rows) {
          const parsed = row.safeParse(each);
          // One that cannot be read must not hide 299 others, and is told as a fault of its own.
          if (!parsed.success) api.leftOut(httpStatus, 'A product order in data cannot be read.');
          else if (asked.has(parsed.data.productOrder.productOrderId)) {
            found.set(parsed.data.productOrder.productOrderId, productOrderOf(parsed.data));
          }
        }
        return [...found.values()];
      });
    },
  };
}

function productOrderOf({ order, productOrder, delivery }: z.infer<typeof row>): ProductOrder {
  const { placeOrderStatus, claimStatus, productOption, totalPaymentAmount, shippingAddress } = productOrder;
  return {
    productOrderId: productOrder.productOrderId,
    orderId: order.orderId,
    status: productOrder.productOrderStatus,
    productName: productOrder.productName,
    quantity: productOrder.quantity,
    ...present({
      placeOrderStatus,
      claimStatus,
      productOption,
      totalPaymentAmount,
      orderedAt: order.orderDate,
      paidAt: order.paymentDate,
      receiverName: shippingAddress?.name,
      delivery: delivery && deliveryOf(delivery),
    }),
  };
}

function deliveryOf(delivery: NonNullable<z.infer<typeof row>['delivery']>): Delivery {
  const { deliveryMethod, deliveryCompany, trackingNumber, sendDate } = delivery;
  return present({ deliveryMethod, deliveryCompanyCode: deliveryCompany, trackingNumber, sentAt: sendDate });
}
