/** The order APIs: what a call with a good token asks for, and what it gets. They judge the form of what came. */
import { z } from 'zod';
import { type JsonBody, readJsonBody } from '../json-body.ts';
import { confirm, type DispatchRow, dispatch } from './actions.ts';
import { detailRow } from './detail.ts';
import { feedPage, readFeedQuery } from './feed.ts';
import { type Call, orderAnswer, orderRefusal, type Served } from './gateway.ts';
import type { ProductOrders } from './product-orders.ts';
import type { NaverCommerceSettings } from './settings.ts';

const MAX_QUERY_IDS = 300;
const MAX_ACTION_ROWS = 30;

const id = z.string().min(1).max(64);
const queryBody = z.strictObject({
  productOrderIds: z.array(id).min(1).max(MAX_QUERY_IDS),
  quantityClaimCompatibility: z.boolean().optional(),
});
const confirmBody = z.strictObject({ productOrderIds: z.array(id).min(1).max(MAX_ACTION_ROWS) });
const dispatchBody = z.strictObject({
  dispatchProductOrders: z
    .array(
      z.strictObject({
        productOrderId: id,
        deliveryMethod: z.string().max(60),
        deliveryCompanyCode: z.string().max(60).optional(),
        trackingNumber: z.string().max(100).optional(),
        dispatchDate: z.string().max(60).optional(),
      }),
    )
    .min(1)
    .max(MAX_ACTION_ROWS),
});

interface Sent {
  readonly call: Call;
  /** The seller of the token. */
  readonly accountId: string;
  readonly contentType: string | undefined;
  readonly query: string;
  readonly body: Buffer;
}

export interface OrderApis {
  lastChangedStatuses(sent: Sent): Served;
  query(sent: Sent): Served;
  confirm(sent: Sent): Served;
  dispatch(sent: Sent): Served;
}

export function createOrderApis(options: {
  readonly orders: ProductOrders;
  readonly settings: () => NaverCommerceSettings;
}): OrderApis {
  const { orders, settings } = options;

  return {
    lastChangedStatuses({ call, accountId, query }) {
      const fields = Object.fromEntries(new URLSearchParams(query));
      const form = readFeedQuery(query);
      if (!form.ok) return { ...orderRefusal(call, form.code, form.message), fields };
      const page = feedPage(orders.changes(accountId), form.query, settings().pageLimit);
      const more = page.more === undefined ? undefined : { ...page.more };
      return { answer: orderAnswer(call, page), fields: { ...fields, count: page.count, more } };
    },

    query({ call, accountId, contentType, body }) {
      const input = read(readJsonBody(body, contentType), queryBody);
      if (!input.ok) return orderRefusal(call, '4000', input.message);
      const { productOrderIds } = input.value;
      const asked = [...new Set(productOrderIds)];
      const found = asked.map((asking) => orders.find(asking)).filter((row) => row !== undefined);
      const own = found.filter((row) => row.accountId === accountId);
      const fields = { productOrderIds, count: own.length };
      if (settings().unknownIds === 'ERROR' && own.length < asked.length) {
        const isForeign = found.length === asked.length;
        const [code, message] = isForeign
          ? ['101009', '상품 주문에 대한 권한이 없습니다.']
          : ['100001', '상품 주문을 찾을 수 없습니다.'];
        return { ...orderRefusal(call, code, message), fields };
      }
      // The document promises no order, so none that a client could come to rely on is kept.
      return { answer: orderAnswer(call, own.toReversed().map(detailRow)), fields };
    },

    confirm({ call, accountId, contentType, body }) {
      const input = read(readJsonBody(body, contentType), confirmBody);
      if (!input.ok) return orderRefusal(call, '4000', input.message);
      const { productOrderIds } = input.value;
      const { succeeded, failed } = confirm(productOrderIds, { orders, accountId, at: call.at });
      const successProductOrderInfos = succeeded.map(({ productOrderId, receiverAddressChanged }) => ({
        productOrderId,
        isReceiverAddressChanged: receiverAddressChanged,
      }));
      return {
        answer: orderAnswer(call, { successProductOrderInfos, failProductOrderInfos: failed }),
        fields: {
          productOrderIds,
          succeeded: succeeded.map(({ productOrderId }) => productOrderId),
          failed: failed.map(({ productOrderId, code }) => ({ productOrderId, code })),
        },
      };
    },

    dispatch({ call, accountId, contentType, body }) {
      const input = read(readJsonBody(body, contentType), dispatchBody);
      if (!input.ok) return orderRefusal(call, '4000', input.message);
      const rows: readonly DispatchRow[] = input.value.dispatchProductOrders;
      const { succeeded, failed } = dispatch(rows, { orders, accountId, at: call.at });
      const successProductOrderIds = succeeded.map(({ productOrderId }) => productOrderId);
      return {
        answer: orderAnswer(call, { successProductOrderIds, failProductOrderInfos: failed }),
        fields: {
          productOrderIds: rows.map(({ productOrderId }) => productOrderId),
          dispatchProductOrders: rows.map((row) => ({ ...row })),
          succeeded: successProductOrderIds,
          failed: failed.map(({ productOrderId, code }) => ({ productOrderId, code })),
        },
      };
    },
  };
}

function read<Schema extends z.ZodType>(
  body: JsonBody,
  schema: Schema,
): { readonly ok: true; readonly value: z.output<Schema> } | { readonly ok: false; readonly message: string } {
  if (!body.ok) return { ok: false, message: body.reason };
  const parsed = schema.safeParse(body.json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  return { ok: false, message: `${issue?.path.join('.') || 'body'}: ${issue?.message}` };
}
