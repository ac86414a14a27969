/**
 * Confirm and dispatch, row by row: HTTP 200 with what succeeded and what failed (confirm; dispatch). Which code a row
 * gets where several fit is a guess; one whose state does not allow the action gets 104133.
 */
import type { Instant } from '../../core/clock.ts';
import { readOffsetIso } from './gateway.ts';
import type { ProductOrder, ProductOrders } from './product-orders.ts';

export interface Failure {
  readonly productOrderId: string;
  readonly code: string;
  readonly message: string;
}

/** A row of a dispatch, its members as they came. */
export interface DispatchRow {
  readonly productOrderId: string;
  readonly deliveryMethod: string;
  readonly deliveryCompanyCode?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly dispatchDate?: string | undefined;
}

const MESSAGES: Readonly<Record<string, string>> = {
  4000: '잘못된 파라미터입니다.',
  100001: '상품 주문을 찾을 수 없습니다.',
  101009: '상품 주문에 대한 권한이 없습니다.',
  104118: '택배사를 입력해 주세요.',
  104119: '택배사 코드를 확인해 주세요.',
  104120: '송장 번호를 입력해 주세요.',
  104121: '이미 사용된 송장 번호입니다.',
  104122: '유효하지 않은 송장 번호입니다.',
  104131: '중복된 상품 주문 번호입니다.',
  104133: '처리할 수 없는 요청입니다.',
  105306: '현재 상태와 같은 상태로 변경할 수 없습니다.',
};

const DELIVERY_METHODS = [
  'DELIVERY',
  'GDFW_ISSUE_SVC',
  'VISIT_RECEIPT',
  'DIRECT_DELIVERY',
  'QUICK_SVC',
  'NOTHING',
  'RETURN_DESIGNATED',
  'RETURN_DELIVERY',
  'RETURN_INDIVIDUAL',
  'RETURN_MERCHANT',
  'UNKNOWN',
];

interface Acting {
  readonly orders: ProductOrders;
  /** The seller of the token. */
  readonly accountId: string;
  readonly at: Instant;
}

interface Outcome {
  readonly succeeded: readonly ProductOrder[];
  readonly failed: readonly Failure[];
}

export function confirm(ids: readonly string[], acting: Acting): Outcome {
  const { orders, at } = acting;
  return eachRow(
    ids.map((productOrderId) => ({ productOrderId })),
    acting,
    (found) => {
      if (found.productOrderStatus === 'PAYED' && found.placeOrderStatus === 'OK') return '105306';
      if (found.productOrderStatus !== 'PAYED' || hasOpenClaim(found)) return '104133';
      // No lastChangedType is documented for it, so the feed does not tell it.
      orders.place(found.productOrderId, at);
      return undefined;
    },
  );
}

export function dispatch(rows: readonly DispatchRow[], acting: Acting): Outcome {
  const { orders, at } = acting;
  return eachRow(rows, acting, (found, row) => {
    if (!DELIVERY_METHODS.includes(row.deliveryMethod)) return '4000';
    if (readOffsetIso(row.dispatchDate ?? '') === undefined) return '4000';
    if (found.productOrderStatus === 'DELIVERING') return '105306';
    if (found.productOrderStatus !== 'PAYED' || hasOpenClaim(found)) return '104133';
    const { productOrderId, deliveryMethod, deliveryCompanyCode, trackingNumber } = row;
    if (deliveryMethod === 'DELIVERY') {
      const wrong = parcelFlaw(found, row, orders);
      if (wrong !== undefined) return wrong;
    }
    orders.dispatch(productOrderId, { deliveryMethod, deliveryCompanyCode, trackingNumber, dispatchedAt: at });
    return undefined;
  });
}

function parcelFlaw(found: ProductOrder, row: DispatchRow, orders: ProductOrders): string | undefined {
  const { deliveryCompanyCode = '', trackingNumber = '' } = row;
  if (deliveryCompanyCode === '') return '104118';
  if (!/^[A-Z0-9_]{2,30}$/.test(deliveryCompanyCode)) return '104119';
  if (trackingNumber === '') return '104120';
  // How each courier's numbers look is its own affair.
  if (!/^[A-Za-z0-9-]{5,40}$/.test(trackingNumber)) return '104122';
  // The goods of one order may leave in one parcel.
  const isUsed = orders
    .all()
    .some(
      ({ orderId, delivery }) =>
        orderId !== found.orderId &&
        delivery?.trackingNumber === trackingNumber &&
        delivery.deliveryCompanyCode === deliveryCompanyCode,
    );
  return isUsed ? '104121' : undefined;
}

function eachRow<Row extends { readonly productOrderId: string }>(
  rows: readonly Row[],
  { orders, accountId }: Acting,
  act: (found: ProductOrder, row: Row) => string | undefined,
): Outcome {
  const seen = new Set<string>();
  const succeeded: ProductOrder[] = [];
  const failed: Failure[] = [];
  for (const row of rows) {
    const { productOrderId } = row;
    const found = orders.find(productOrderId);
    let code: string | undefined;
    if (seen.has(productOrderId)) code = '104131';
    else if (found === undefined) code = '100001';
    else if (found.accountId !== accountId) code = '101009';
    else code = act(found, row);
    seen.add(productOrderId);
    if (code !== undefined) failed.push({ productOrderId, code, message: MESSAGES[code] ?? '' });
    else if (found !== undefined) succeeded.push(found);
  }
  return { succeeded, failed };
}

const hasOpenClaim = ({ claimStatus }: ProductOrder): boolean =>
  claimStatus !== undefined && !/_(REJECT|DONE|RELEASE)$/.test(claimStatus);
