/**
 * The polling feed of changed product orders (last-changed-statuses), judged and answered by the document. A parameter
 * that is unknown or doubled is refused, too, since a real one that is misspelt is lost without a word.
 */
import type { Instant } from '../../core/clock.ts';
import { LAST_CHANGED_TYPES, type LastChangedType } from './changes.ts';
import { koreaOffsetIso, readOffsetIso } from './gateway.ts';
import type { Change } from './product-orders.ts';

const DAY_MS = 86_400_000;
const NAMES = ['lastChangedFrom', 'lastChangedTo', 'lastChangedType', 'moreSequence', 'limitCount'];

interface FeedQuery {
  readonly from: Instant;
  /** Inclusive, as `from`. */
  readonly to: Instant;
  readonly type: LastChangedType | undefined;
  readonly moreSequence: string | undefined;
  readonly limitCount: number | undefined;
}

export type FeedQueryForm =
  | { readonly ok: true; readonly query: FeedQuery }
  | { readonly ok: false; readonly code: '4000' | '104139'; readonly message: string };

export function readFeedQuery(text: string): FeedQueryForm {
  const refused = (message: string): FeedQueryForm => ({ ok: false, code: '4000', message });
  const parameters = new URLSearchParams(text);
  for (const name of new Set(parameters.keys())) {
    if (!NAMES.includes(name)) return refused(`${name} is no parameter of this API.`);
    if (parameters.getAll(name).length > 1) return refused(`${name} came more than once.`);
  }
  const value = (name: string) => parameters.get(name) ?? undefined;
  const form = 'must be yyyy-MM-ddTHH:mm:ss.SSS+09:00, the plus sent as %2B.';
  const from = readOffsetIso(value('lastChangedFrom') ?? '');
  if (from === undefined) return refused(`lastChangedFrom ${form}`);
  const lastChangedTo = value('lastChangedTo');
  const to = lastChangedTo === undefined ? from + DAY_MS : readOffsetIso(lastChangedTo);
  if (to === undefined) return refused(`lastChangedTo ${form}`);
  if (to < from) return refused('lastChangedTo lies before lastChangedFrom.');
  if (to - from > DAY_MS) return { ok: false, code: '104139', message: '조회 기간은 24시간을 넘을 수 없습니다.' };
  const lastChangedType = value('lastChangedType');
  const type = LAST_CHANGED_TYPES.find((known) => known === lastChangedType);
  if (lastChangedType !== undefined && type === undefined) return refused('lastChangedType is unknown.');
  const moreSequence = value('moreSequence');
  if (moreSequence === '') return refused('moreSequence is empty.');
  const limit = value('limitCount');
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) return refused('limitCount must be a number above 0.');
  return {
    ok: true,
    query: { from, to, type, moreSequence, limitCount: limit === undefined ? undefined : Number(limit) },
  };
}

/** `data` of the answer. `more` stands there only while rows remain: the first row that was not given. */
export function feedPage(changes: readonly Change[], query: FeedQuery, pageLimit: number) {
  const rows = changes.filter(
    ({ at, lastChangedType, productOrder }) =>
      at >= query.from &&
      at <= query.to &&
      (query.type === undefined || lastChangedType === query.type) &&
      // At the first moment only: there it is the smallest key that is still to be given.
      (query.moreSequence === undefined || at > query.from || productOrder.productOrderId >= query.moreSequence),
  );
  const limit = Math.min(query.limitCount ?? pageLimit, pageLimit);
  const next = rows[limit];
  const page = rows.slice(0, limit).map(rowOf);
  return {
    lastChangeStatuses: page,
    count: page.length,
    ...(next !== undefined && {
      more: { moreFrom: koreaOffsetIso(next.at), moreSequence: next.productOrder.productOrderId },
    }),
  };
}

/** The status is that of now, not that of the change: the document calls it the product order's. */
function rowOf({ productOrder, lastChangedType, at }: Change) {
  const { orderId, productOrderId, paidAt, claimType, claimStatus, giftReceivingStatus } = productOrder;
  return {
    orderId,
    productOrderId,
    lastChangedType,
    ...(paidAt !== undefined && { paymentDate: koreaOffsetIso(paidAt) }),
    lastChangedDate: koreaOffsetIso(at),
    productOrderStatus: productOrder.productOrderStatus,
    ...(claimType !== undefined && { claimType }),
    ...(claimStatus !== undefined && { claimStatus }),
    receiverAddressChanged: productOrder.receiverAddressChanged,
    ...(giftReceivingStatus !== undefined && { giftReceivingStatus }),
  };
}
