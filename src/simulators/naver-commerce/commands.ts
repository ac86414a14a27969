/** What the control API can do at the Naver Commerce simulator alone. */
import { z } from 'zod';
import { type ControlCommand, ControlRefusal } from '../control-command.ts';
import { changeDetailSchema, LAST_CHANGED_TYPES } from './changes.ts';
import type { NaverCommerceSimulator } from './simulator.ts';

/** Milliseconds since the epoch. */
const at = z.int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const newProductOrders = z.strictObject({
  count: z.int().min(1).max(1000).default(1),
  lastChangedType: z.enum(LAST_CHANGED_TYPES).optional(),
  accountId: z.string().min(1).max(100).optional(),
  oneOrder: z.boolean().optional(),
  at,
});
const newChange = z.strictObject({
  productOrderId: z.string().regex(/^\d{16}$/, '16 digits'),
  lastChangedType: z.enum(LAST_CHANGED_TYPES),
  ...changeDetailSchema.shape,
  at,
});
const nothing = z.strictObject({});

/** `commerce` throws where it is not simulated. */
export const naverCommerceCommands = (commerce: () => NaverCommerceSimulator): readonly ControlCommand[] => [
  {
    method: 'GET',
    path: '/naver-commerce/state',
    about: 'Its product orders, how many tokens are live, and whether the application is capped.',
    run(input) {
      nothing.parse(input);
      return commerce().state();
    },
  },
  {
    method: 'POST',
    path: '/naver-commerce/product-orders',
    about: 'Makes product orders: paid now, each in an order of its own, unless told otherwise.',
    example: { count: 3, oneOrder: true },
    run(input) {
      const { count, at: given, accountId, ...made } = newProductOrders.parse(input);
      const ids = commerce().addProductOrders(count, {
        ...made,
        ...(given !== undefined && { at: given }),
        ...(accountId !== undefined && { accountId }),
      });
      return { productOrderIds: ids };
    },
  },
  {
    method: 'POST',
    path: '/naver-commerce/changes',
    about: 'Changes a product order, which the feed then tells; claimType and claimStatus may be given, too.',
    example: { productOrderId: '2026030200000002', lastChangedType: 'CLAIM_REQUESTED' },
    run(input) {
      const { productOrderId, lastChangedType, ...detail } = newChange.parse(input);
      const productOrder = commerce().change(productOrderId, lastChangedType, detail);
      if (productOrder === undefined) throw new ControlRefusal(404, 'NOT_FOUND', 'There is no such product order.');
      return { productOrder };
    },
  },
  {
    method: 'POST',
    path: '/naver-commerce/revoke-tokens',
    about: 'Every token that is out opens nothing any more.',
    example: {},
    run(input) {
      nothing.parse(input);
      return { revoked: commerce().revokeTokens() };
    },
  },
  {
    method: 'POST',
    path: '/naver-commerce/pardon',
    about: 'Lifts the cap of one token call an hour, which a malformed token request brought.',
    example: {},
    run(input) {
      nothing.parse(input);
      commerce().pardon();
      return { isCapped: commerce().state().isCapped };
    },
  },
];
