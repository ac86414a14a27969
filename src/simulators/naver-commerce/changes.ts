/** What each lastChangedType makes of a product order, where the one who changes it says nothing more exact. */
import { z } from 'zod';
import type { Standing } from './product-orders.ts';

/** In the document's order (last-changed-statuses). */
export const LAST_CHANGED_TYPES = [
  'PAY_WAITING',
  'PAYED',
  'EXCHANGE_OPTION',
  'DELIVERY_ADDRESS_CHANGED',
  'GIFT_RECEIVED',
  'CLAIM_REJECTED',
  'DISPATCHED',
  'CLAIM_REQUESTED',
  'COLLECT_DONE',
  'CLAIM_COMPLETED',
  'PURCHASE_DECIDED',
  'HOPE_DELIVERY_INFO_CHANGED',
  'CLAIM_REDELIVERING',
] as const;
export type LastChangedType = (typeof LAST_CHANGED_TYPES)[number];

/** Free texts on purpose: a test may bring a value that the document does not know yet. */
export const changeDetailSchema = z.strictObject({
  productOrderStatus: z.string().min(1).max(60).optional(),
  claimType: z.string().min(1).max(60).optional(),
  claimStatus: z.string().min(1).max(60).optional(),
});
export type ChangeDetail = z.output<typeof changeDetailSchema>;

const DONE_BY_CLAIM: Readonly<Record<string, string>> = {
  CANCEL: 'CANCELED',
  ADMIN_CANCEL: 'CANCELED',
  RETURN: 'RETURNED',
  EXCHANGE: 'EXCHANGED',
};

export function standingAfter(before: Standing, type: LastChangedType, detail: ChangeDetail): Partial<Standing> {
  const given = Object.fromEntries(Object.entries(detail).filter(([, value]) => value !== undefined));
  return { ...usually(before, type, detail.claimType), ...given };
}

function usually(before: Standing, type: LastChangedType, claim: string | undefined): Partial<Standing> {
  switch (type) {
    case 'PAY_WAITING':
      return { productOrderStatus: 'PAYMENT_WAITING' };
    case 'PAYED':
      return { productOrderStatus: 'PAYED' };
    case 'DISPATCHED':
      return { productOrderStatus: 'DELIVERING' };
    case 'PURCHASE_DECIDED':
      return { productOrderStatus: 'PURCHASE_DECIDED' };
    case 'DELIVERY_ADDRESS_CHANGED':
      return { receiverAddressChanged: true };
    case 'GIFT_RECEIVED':
      return { giftReceivingStatus: 'RECEIVED' };
    case 'CLAIM_REQUESTED': {
      // What is not yet on its way can be cancelled; what is, returned.
      const claimType = claim ?? (before.productOrderStatus === 'PAYED' ? 'CANCEL' : 'RETURN');
      return { claimType, claimStatus: `${claimType}_REQUEST` };
    }
    case 'COLLECT_DONE':
      return { claimType: claim ?? before.claimType ?? 'RETURN', claimStatus: 'COLLECT_DONE' };
    case 'CLAIM_REDELIVERING':
      return { claimType: 'EXCHANGE', claimStatus: 'EXCHANGE_REDELIVERING' };
    case 'CLAIM_REJECTED': {
      const claimType = claim ?? before.claimType ?? 'CANCEL';
      return { claimType, claimStatus: `${claimType}_REJECT` };
    }
    case 'CLAIM_COMPLETED': {
      const claimType = claim ?? before.claimType ?? 'CANCEL';
      const productOrderStatus = DONE_BY_CLAIM[claimType] ?? before.productOrderStatus;
      return { claimType, claimStatus: `${claimType}_DONE`, productOrderStatus };
    }
    default:
      return {};
  }
}
