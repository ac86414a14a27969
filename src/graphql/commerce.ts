/** Commerce, what is read: the seller, product orders, and the stream of what changed. Resolvers only hand over; core decides. */
import type { OrderChangeEvent } from '../core/commerce/commerce.ts';
import type { AccountProductOrder } from '../core/commerce/product-orders.ts';
import type { CommerceSeller } from '../core/commerce/provider.ts';
import {
  CommerceRestricted,
  InvalidInput,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
  Unauthorized,
} from '../core/errors.ts';
import { builder } from './builder.ts';
import { memberOf, StreamCaughtUpType, StreamEndedType, StreamGapType } from './streams.ts';

const canRead = { scope: 'commerce:read' } as const;

// ---------------------------------------------------------------- seller

const CommerceSellerType = builder.objectRef<CommerceSeller>('CommerceSeller').implement({
  fields: (t) => ({
    accountId: t.exposeID('accountId'),
    accountUid: t.exposeID('accountUid'),
    grade: t.exposeString('grade', { nullable: true }),
  }),
});

const CommerceSellerResult = builder.errorUnion('CommerceSellerResult', {
  types: [
    CommerceSellerType,
    InvalidInput,
    CommerceRestricted,
    RateLimited,
    ProviderRejected,
    ProviderUnavailable,
    Unauthorized,
  ],
  resolveType: () => 'CommerceSeller',
});

builder.queryField('commerceSeller', (t) =>
  t.field({
    type: CommerceSellerResult,
    authScopes: canRead,
    args: { account: t.arg.id({ description: 'A configured Naver application; the default one where left out.' }) },
    resolve: (_root, { account }, { services }) => services.commerce.seller(account ?? undefined),
  }),
);

// ---------------------------------------------------------------- product orders

export const CommerceProductOrderType = builder.objectRef<AccountProductOrder>('CommerceProductOrder');

builder.node(CommerceProductOrderType, {
  description: "productOrderId and orderId are Naver's own numbers, as text.",
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('commerce:read') ? loaders.productOrder.load(id) : null)),
  fields: (t) => ({
    productOrderId: t.exposeID('productOrderId'),
    orderId: t.exposeID('orderId'),
    status: t.exposeString('status'),
    placeOrderStatus: t.exposeString('placeOrderStatus', {
      nullable: true,
      description: 'NOT_YET, OK or CANCEL: OK once it was confirmed.',
    }),
    claimStatus: t.exposeString('claimStatus', { nullable: true }),
    productName: t.exposeString('productName'),
    productOption: t.exposeString('productOption', { nullable: true }),
    quantity: t.exposeInt('quantity'),
    totalPaymentAmount: t.int({
      nullable: true,
      description: 'In won. Null also where it is beyond an Int (2,147,483,647).',
      resolve: ({ totalPaymentAmount: amount }) => (amount !== undefined && amount === (amount | 0) ? amount : null),
    }),
    orderedAt: t.expose('orderedAt', { type: 'DateTime', nullable: true }),
    paidAt: t.expose('paidAt', { type: 'DateTime', nullable: true }),
    receiverName: t.exposeString('receiverName', { nullable: true }),
  }),
});

const CommerceProductOrderListType = builder
  .objectRef<{ productOrders: readonly (AccountProductOrder | undefined)[] }>('CommerceProductOrderList')
  .implement({
    fields: (t) => ({
      productOrders: t.field({
        type: [CommerceProductOrderType],
        nullable: { list: false, items: true },
        resolve: ({ productOrders }) => [...productOrders],
      }),
    }),
  });

const CommerceProductOrdersResult = builder.errorUnion('CommerceProductOrdersResult', {
  types: [
    CommerceProductOrderListType,
    InvalidInput,
    CommerceRestricted,
    RateLimited,
    ProviderRejected,
    ProviderUnavailable,
    Unauthorized,
  ],
  resolveType: () => 'CommerceProductOrderList',
});

builder.queryField('commerceProductOrders', (t) =>
  t.field({
    type: CommerceProductOrdersResult,
    authScopes: canRead,
    description:
      'In the order of the ids, at most 1,000; null where Naver does not know the id. All that one document asks for is\n' +
      'read together: one call for every 300 distinct ids.',
    args: { productOrderIds: t.arg.idList({ required: true }), account: t.arg.id() },
    async resolve(_root, { productOrderIds, account }, { services, loaders }) {
      const keys = services.commerce.productOrderKeys(account ?? undefined, productOrderIds);
      return { productOrders: await Promise.all(keys.map((key) => loaders.productOrder.load(key))) };
    },
  }),
);

// ---------------------------------------------------------------- stream

const CommerceOrderChangeType = builder
  .objectRef<OrderChangeEvent & { cursor: string }>('CommerceOrderChange')
  .implement({
    fields: (t) => ({
      cursor: t.exposeString('cursor'),
      productOrderId: t.exposeID('productOrderId'),
      orderId: t.exposeID('orderId'),
      changeType: t.exposeString('changeType', {
        description: "Naver's lastChangedType: PAYED, DISPATCHED, CLAIM_REQUESTED, …",
      }),
      status: t.exposeString('status'),
      changedAt: t.expose('changedAt', { type: 'DateTime' }),
      productOrder: t.field({
        type: CommerceProductOrderType,
        nullable: true,
        description:
          'As it stands when it is read: loaded in batches of up to 300, those of one page of a replay together. Null\n' +
          'where Naver does not know it; where it could not be read, null with an entry in `errors` that says why.',
        resolve: (change) => change.productOrder(),
      }),
    }),
  });

const CommerceOrderEvent = builder.unionType('CommerceOrderEvent', {
  types: [CommerceOrderChangeType, StreamCaughtUpType, StreamGapType, StreamEndedType],
  resolveType: memberOf('CommerceOrderChange'),
});

builder.subscriptionField('commerceOrderChanged', (t) =>
  t.field({
    type: CommerceOrderEvent,
    authScopes: canRead,
    description:
      'What changed of the product orders of an account, live or from `after` on, without end. It is followed from the\n' +
      'first start of the gateway on, whoever listens, and each change is told once.',
    args: { account: t.arg.id(), after: t.arg.string() },
    subscribe: (_root, { account, after }, { services, ending }) =>
      services.commerce.orderChanges(account ?? undefined, after ?? undefined, ending),
    resolve: (item) => (item.type === 'EVENT' ? { ...item.event, cursor: item.cursor } : item),
  }),
);
