/** Commerce, what is done: a token handed out, product orders confirmed and dispatched. Resolvers only hand over; core decides. */
import type { OrderActionResult } from '../core/commerce/provider.ts';
import type { CommerceToken } from '../core/commerce/token.ts';
import {
  CommerceRestricted,
  InvalidInput,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
  Unauthorized,
} from '../core/errors.ts';
import { builder } from './builder.ts';

const failures = [
  InvalidInput,
  CommerceRestricted,
  RateLimited,
  ProviderRejected,
  ProviderUnavailable,
  Unauthorized,
] as const;

// ---------------------------------------------------------------- token

const CommerceTokenTypeEnum = builder.enumType('CommerceTokenType', { values: ['SELF', 'SELLER'] as const });

const CommerceTokenType = builder.objectRef<CommerceToken>('CommerceToken').implement({
  fields: (t) => ({
    accessToken: t.exposeString('accessToken'),
    tokenType: t.exposeString('tokenType'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    renewAt: t.expose('renewAt', {
      type: 'DateTime',
      description: 'From then on Naver gives a new one, and the gateway fetches it while this one still serves.',
    }),
    reused: t.exposeBoolean('reused', { description: 'From the cache rather than from Naver.' }),
  }),
});

const CommerceTokenInput = builder.inputType('CommerceTokenInput', {
  description: 'account: a configured Naver application; the default one where left out.',
  fields: (t) => ({
    account: t.id(),
    type: t.field({ type: CommerceTokenTypeEnum, defaultValue: 'SELF' }),
    sellerAccountId: t.id({ description: 'The id or UID of a seller: with SELLER, and only then.' }),
  }),
});

const CommerceTokenResult = builder.errorUnion('CommerceTokenResult', {
  types: [CommerceTokenType, ...failures],
  resolveType: () => 'CommerceToken',
});

builder.mutationField('commerceToken', (t) =>
  t.field({
    type: CommerceTokenResult,
    authScopes: { scope: 'commerce:token' },
    description: 'Hands out a bearer token: a scope of its own, and refused over WebSocket.',
    args: { input: t.arg({ type: CommerceTokenInput, required: true }) },
    resolve: (_root, { input: { account, type, sellerAccountId } }, { services, transport }) =>
      services.commerce.token(
        { account: account ?? undefined, type: type ?? 'SELF', sellerAccountId: sellerAccountId ?? undefined },
        transport,
      ),
  }),
);

// ---------------------------------------------------------------- actions

const CommerceOrderFailureType = builder
  .objectRef<OrderActionResult['failed'][number]>('CommerceOrderFailure')
  .implement({
    description:
      "code: Naver's own, such as 104120. UNKNOWN where the answer was lost and could not be read back, NOT_SENT for what\n" +
      'was to follow it, NOT_ANSWERED where the answer does not name it; otherwise the code of the failure of its call.',
    fields: (t) => ({
      productOrderId: t.exposeID('productOrderId'),
      code: t.exposeString('code'),
      message: t.exposeString('message'),
    }),
  });

const CommerceOrderActionPayloadType = builder.objectRef<OrderActionResult>('CommerceOrderActionPayload').implement({
  description: 'Each row by itself, in the order in which they were given.',
  fields: (t) => ({
    succeeded: t.idList({ resolve: ({ succeeded }) => [...succeeded] }),
    failed: t.field({ type: [CommerceOrderFailureType], resolve: ({ failed }) => [...failed] }),
  }),
});

const CommerceOrderActionResult = builder.errorUnion('CommerceOrderActionResult', {
  types: [CommerceOrderActionPayloadType, ...failures],
  resolveType: () => 'CommerceOrderActionPayload',
});

builder.mutationField('confirmProductOrders', (t) =>
  t.field({
    type: CommerceOrderActionResult,
    authScopes: { scope: 'commerce:write' },
    description:
      'At most 1,000, 30 in a call. An error member means that nothing is known to have been done; with the outcome\n' +
      'UNKNOWN it may have been. Where an answer is lost it is read back, and only what was not done is sent again, once.\n' +
      'There is no key: the call may be made again (SAFE_NOW), since what Naver holds already it refuses by row (105306).',
    args: { productOrderIds: t.arg.idList({ required: true }), account: t.arg.id() },
    resolve: (_root, { productOrderIds, account }, { services }) =>
      services.commerce.confirm(account ?? undefined, productOrderIds),
  }),
);

const DispatchProductOrderInput = builder.inputType('DispatchProductOrderInput', {
  fields: (t) => ({
    productOrderId: t.id({ required: true }),
    deliveryMethod: t.string({ required: true, description: 'DELIVERY, VISIT_RECEIPT, DIRECT_DELIVERY, …' }),
    deliveryCompanyCode: t.string({ description: "Naver's code of the courier, such as CJGLS; with DELIVERY." }),
    trackingNumber: t.string({ description: 'With DELIVERY.' }),
    dispatchedAt: t.field({ type: 'DateTime', required: true, description: 'From 30 days ago to a day from now.' }),
  }),
});

builder.mutationField('dispatchProductOrders', (t) =>
  t.field({
    type: CommerceOrderActionResult,
    authScopes: { scope: 'commerce:write' },
    description:
      'As confirmProductOrders. Where an answer is lost, what is read back counts as done only with the parcel that was\n' +
      'asked for: an order that went out with another one fails with 105306.',
    args: { orders: t.arg({ type: [DispatchProductOrderInput], required: true }), account: t.arg.id() },
    resolve: (_root, { orders, account }, { services }) =>
      services.commerce.dispatch(
        account ?? undefined,
        orders.map(({ deliveryCompanyCode, trackingNumber, ...order }) => ({
          ...order,
          deliveryCompanyCode: deliveryCompanyCode ?? undefined,
          trackingNumber: trackingNumber ?? undefined,
        })),
      ),
  }),
);
