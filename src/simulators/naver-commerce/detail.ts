/** A row of a product-order query (product-orders/query), with people and prices that are made up. */
import { koreaOffsetIso } from './gateway.ts';
import type { ProductOrder } from './product-orders.ts';

const UNIT_PRICE = 12_000;
const DAY_MS = 86_400_000;

export function detailRow(productOrder: ProductOrder) {
  const { claimType, claimStatus, delivery, placedAt } = productOrder;
  const claim = claimStatus === undefined ? {} : { claimType, claimStatus };
  return {
    order: orderPart(productOrder),
    productOrder: {
      productOrderId: productOrder.productOrderId,
      productOrderStatus: productOrder.productOrderStatus,
      ...claim,
      placeOrderStatus: productOrder.placeOrderStatus,
      ...(placedAt !== undefined && { placeOrderDate: koreaOffsetIso(placedAt) }),
      productId: '1000000001',
      originalProductId: '2000000001',
      productName: '감귤 5kg',
      productOption: '크기: 중과',
      sellerProductCode: 'TANGERINE-5',
      quantity: 2,
      initialQuantity: 2,
      remainQuantity: 2,
      unitPrice: UNIT_PRICE,
      totalProductAmount: 2 * UNIT_PRICE,
      totalPaymentAmount: 2 * UNIT_PRICE,
      initialPaymentAmount: 2 * UNIT_PRICE,
      remainPaymentAmount: 2 * UNIT_PRICE,
      mallId: 'simulated',
      packageNumber: `P${productOrder.orderId}`,
      shippingDueDate: koreaOffsetIso(productOrder.orderedAt + 3 * DAY_MS),
      shippingMemo: '문 앞에 놓아 주세요',
      shippingAddress: {
        name: '김관문',
        tel1: '010-0000-0000',
        zipCode: '04524',
        baseAddress: productOrder.receiverAddressChanged
          ? '부산광역시 중구 중앙대로 1'
          : '서울특별시 중구 세종대로 110',
        detailedAddress: '101호',
      },
    },
    ...(claimStatus !== undefined && { currentClaim: claimPart(productOrder) }),
    ...(delivery !== undefined && {
      delivery: {
        deliveryMethod: delivery.deliveryMethod,
        ...(delivery.deliveryCompanyCode !== undefined && { deliveryCompany: delivery.deliveryCompanyCode }),
        ...(delivery.trackingNumber !== undefined && { trackingNumber: delivery.trackingNumber }),
        sendDate: koreaOffsetIso(delivery.dispatchedAt),
        deliveryStatus: 'DELIVERING',
      },
    }),
  };
}

function orderPart({ orderId, orderedAt, paidAt }: ProductOrder) {
  return {
    orderId,
    orderDate: koreaOffsetIso(orderedAt),
    ordererId: 'simu****',
    ordererName: '이손님',
    ordererTel: '010-0000-0001',
    ordererNo: '100000001',
    ...(paidAt !== undefined && { paymentDate: koreaOffsetIso(paidAt) }),
    paymentMeans: '신용카드',
    payLocationType: 'MOBILE',
    orderDiscountAmount: 0,
    generalPaymentAmount: 2 * UNIT_PRICE,
  };
}

/** It holds one of cancel, return and exchange. */
function claimPart({ claimType = '', claimStatus }: ProductOrder) {
  const kind = { RETURN: 'return', EXCHANGE: 'exchange' }[claimType] ?? 'cancel';
  return { [kind]: { claimStatus } };
}
