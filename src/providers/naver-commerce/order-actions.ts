/**
 * Confirming and dispatching up to 30 product orders (Naver Commerce, confirm, dispatch). Both answer 200 with what
 * succeeded and what failed: only what stands in a list has an outcome.
 */
import { z } from 'zod';
import type { CommerceProvider, OrderActionResult } from '../../core/commerce/provider.ts';
import { MAX_TEXT_LENGTH, someText } from './answer.ts';
import type { CommerceApi, CommerceCall } from './api.ts';
import { callWithToken, dataOf, idText, ORDERS_PATH, type Read } from './data-calls.ts';
import { koreaTime } from './korea-time.ts';

export const MAX_ACTED_ON = 30;

const confirmCall: CommerceCall = {
  path: `${ORDERS_PATH}/confirm`,
  scope: 'Naver Commerce confirmations',
  method: 'POST',
};
const dispatchCall: CommerceCall = {
  path: `${ORDERS_PATH}/dispatch`,
  scope: 'Naver Commerce dispatches',
  method: 'POST',
};

const listOf = z.array(z.unknown()).nullish();
const lists = z.object({
  // confirm answers with objects and dispatch with ids: each is taken from either.
  successProductOrderInfos: listOf,
  successProductOrderIds: listOf,
  failProductOrderInfos: listOf,
});
const succeededRow = z.union([idText, z.object({ productOrderId: idText }).transform((row) => row.productOrderId)]);
const failedRow = z.object({
  productOrderId: idText,
  code: someText.catch('NO_CODE'),
  message: z.string().catch(''),
});

export function createOrderActions(api: CommerceApi): Pick<CommerceProvider, 'confirm' | 'dispatch'> {
  /** Of `ids`, which were asked for; another's are none of our business. */
  const resultOf =
    (ids: readonly string[]): Read<OrderActionResult> =>
    (body, httpStatus) => {
      const parsed = lists.safeParse(dataOf(api, body, httpStatus) ?? {});
      if (!parsed.success) throw api.unreadable(httpStatus, 'data has no lists of what succeeded and what failed.');
      const { successProductOrderInfos, successProductOrderIds, failProductOrderInfos } = parsed.data;
      const rows = <T>(schema: z.ZodType<T>, list: readonly unknown[] | null | undefined): T[] =>
        (list ?? []).flatMap((each) => {
          const read = schema.safeParse(each);
          if (read.success) return [read.data];
          api.leftOut(httpStatus, 'A row of what succeeded or failed cannot be read.');
          return [];
        });
      const succeeded = new Set([
        ...rows(succeededRow, successProductOrderInfos),
        ...rows(succeededRow, successProductOrderIds),
      ]);
      const failed = new Map(rows(failedRow, failProductOrderInfos).map((each) => [each.productOrderId, each]));
      const unique = [...new Set(ids)];
      if (!unique.some((id) => succeeded.has(id) || failed.has(id))) {
        throw api.unreadable(httpStatus, 'It names none of the product orders.');
      }
      return {
        // Who is in both lists has failed: a success that is not one would never be looked at again.
        succeeded: unique.filter((id) => succeeded.has(id) && !failed.has(id)),
        failed: unique
          .filter((id) => failed.has(id) || !succeeded.has(id))
          .map((productOrderId) => {
            const { code, message } = failed.get(productOrderId) ?? NOT_ANSWERED;
            return { productOrderId, code, message: message.slice(0, MAX_TEXT_LENGTH) };
          }),
      };
    };

  function checkCount(count: number): void {
    if (count > MAX_ACTED_ON) throw new RangeError(`At most ${MAX_ACTED_ON} product orders in one call.`);
  }

  return {
    async confirm(accessToken, ids) {
      checkCount(ids.length);
      if (ids.length === 0) return { tokenRefused: false, value: { succeeded: [], failed: [] } };
      return callWithToken(api, confirmCall, { accessToken, body: { productOrderIds: ids } }, resultOf(ids));
    },
    async dispatch(accessToken, orders) {
      checkCount(orders.length);
      if (orders.length === 0) return { tokenRefused: false, value: { succeeded: [], failed: [] } };
      const dispatchProductOrders = orders.map(({ dispatchedAt, ...order }) => ({
        productOrderId: order.productOrderId,
        deliveryMethod: order.deliveryMethod,
        deliveryCompanyCode: order.deliveryCompanyCode,
        trackingNumber: order.trackingNumber,
        dispatchDate: koreaTime(dispatchedAt),
      }));
      const ids = orders.map(({ productOrderId }) => productOrderId);
      return callWithToken(api, dispatchCall, { accessToken, body: { dispatchProductOrders } }, resultOf(ids));
    },
  };
}

/** Our own code, for whom Naver's answer leaves out of both lists: it may have been done. */
const NOT_ANSWERED = {
  code: 'NOT_ANSWERED',
  message: 'Naver answered without naming it: it may have been done. Look it up before it is repeated.',
};
