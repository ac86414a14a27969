/**
 * The feed of changed product orders, page by page (Naver Commerce, last-changed-statuses). What cannot be read fails
 * the whole page: a change that was left out would be lost for ever, and a page that is asked again loses nothing.
 */
import { z } from 'zod';
import type { CommerceProvider } from '../../core/commerce/provider.ts';
import type { CommerceApi, CommerceCall } from './api.ts';
import { callWithToken, dataOf, idText, instant, ORDERS_PATH } from './data-calls.ts';
import { koreaTime } from './korea-time.ts';

const call: CommerceCall = {
  path: `${ORDERS_PATH}/last-changed-statuses`,
  scope: 'the Naver Commerce order feed',
  method: 'GET',
};
const PAGE_SIZE = 300;

const row = z.object({
  productOrderId: idText,
  orderId: idText,
  lastChangedType: z.string().min(1),
  productOrderStatus: z.string().min(1),
  lastChangedDate: instant,
});
// Absent, null and empty alike: there is no more.
const noMore = z.union([z.null(), z.undefined(), z.strictObject({})]).transform(() => undefined);
const page = z.object({
  lastChangeStatuses: z.array(row).nullish(),
  more: z.union([noMore, z.object({ moreFrom: instant, moreSequence: idText })]).optional(),
});

export function createOrderChanges(api: CommerceApi): Pick<CommerceProvider, 'orderChanges'> {
  return {
    orderChanges(accessToken, { from, to, moreSequence }) {
      const query = new URLSearchParams({
        lastChangedFrom: koreaTime(from),
        lastChangedTo: koreaTime(to),
        limitCount: String(PAGE_SIZE),
        ...(moreSequence === undefined ? {} : { moreSequence }),
      });
      return callWithToken(api, { ...call, query: query.toString() }, { accessToken }, (body, httpStatus) => {
        const parsed = page.safeParse(dataOf(api, body, httpStatus) ?? {});
        if (!parsed.success) {
          const [issue] = parsed.error.issues;
          throw api.unreadable(httpStatus, `data cannot be read at ${z.core.toDotPath(issue?.path ?? [])}.`);
        }
        const { lastChangeStatuses, more } = parsed.data;
        const changes = (lastChangeStatuses ?? []).map((each) => ({
          productOrderId: each.productOrderId,
          orderId: each.orderId,
          changeType: each.lastChangedType,
          status: each.productOrderStatus,
          changedAt: each.lastChangedDate,
        }));
        return {
          changes,
          ...(more === undefined ? {} : { more: { from: more.moreFrom, sequence: more.moreSequence } }),
        };
      });
    },
  };
}
