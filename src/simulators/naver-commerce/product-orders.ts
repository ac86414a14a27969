/**
 * The product orders of the sellers, and when what of them changed.
 *
 * The feed keeps one row per product order and lastChangedType, which moves to the time of the newest change of that
 * type. The document only says that a row may appear again with a newer change. With a single row for each product
 * order, a change that comes while a client reads its pages would hide the one before it, which no client could make
 * good; with a row for each change ever made, no client would ever see a row move away under its paging.
 */
import type { Instant } from '../../core/clock.ts';
import { koreaCompact } from '../korea-time.ts';
import { type ChangeDetail, type LastChangedType, standingAfter } from './changes.ts';

export interface Delivery {
  readonly deliveryMethod: string;
  readonly deliveryCompanyCode?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly dispatchedAt: Instant;
}

/** Where it stands, in the words of the document. */
export interface Standing {
  readonly productOrderStatus: string;
  readonly claimType?: string | undefined;
  readonly claimStatus?: string | undefined;
  readonly giftReceivingStatus?: string | undefined;
  readonly receiverAddressChanged: boolean;
  readonly placeOrderStatus: 'NOT_YET' | 'OK' | 'CANCEL';
}

export interface ProductOrder extends Standing {
  /** 16 digits. */
  readonly productOrderId: string;
  readonly orderId: string;
  /** The seller whose it is. */
  readonly accountId: string;
  readonly orderedAt: Instant;
  readonly paidAt?: Instant | undefined;
  readonly placedAt?: Instant | undefined;
  readonly delivery?: Delivery | undefined;
}

export interface Change {
  readonly productOrder: ProductOrder;
  readonly lastChangedType: LastChangedType;
  readonly at: Instant;
}

export interface NewProductOrders {
  readonly accountId: string;
  readonly at: Instant;
  /** The first change of each. @default 'PAYED' */
  readonly lastChangedType?: LastChangedType | undefined;
  /** All of them in one order. @default false */
  readonly oneOrder?: boolean | undefined;
}

export interface ProductOrders {
  /** Answers their ids, ascending. */
  add(count: number, made: NewProductOrders): readonly string[];
  /** Undefined for one that is not there. */
  change(id: string, type: LastChangedType, at: Instant, detail?: ChangeDetail): ProductOrder | undefined;
  place(id: string, at: Instant): void;
  dispatch(id: string, delivery: Delivery): void;
  find(id: string): ProductOrder | undefined;
  all(): readonly ProductOrder[];
  /** Of one seller, in the order of the feed: by time, then by product order id. */
  changes(accountId: string): readonly Change[];
}

export function createProductOrders(maxProductOrders = 20_000): ProductOrders {
  const byId = new Map<string, ProductOrder>();
  const changedAt = new Map<string, Map<LastChangedType, Instant>>();
  let lastNumber = 0;

  function nextId(at: Instant): string {
    lastNumber += 1;
    return `${koreaCompact(at).slice(0, 8)}${String(lastNumber).padStart(8, '0')}`;
  }

  /** Two changes of one product order never share a millisecond: moreSequence could not tell them apart. */
  function mark(id: string, type: LastChangedType, at: Instant): Instant {
    const times = changedAt.get(id) ?? new Map<LastChangedType, Instant>();
    const others = new Set([...times].filter(([other]) => other !== type).map(([, taken]) => taken));
    let free = at;
    while (others.has(free)) free += 1;
    changedAt.set(id, times.set(type, free));
    return free;
  }

  function change(id: string, type: LastChangedType, at: Instant, detail: ChangeDetail = {}) {
    const before = byId.get(id);
    if (before === undefined) return undefined;
    const changed = mark(id, type, at);
    const after: ProductOrder = {
      ...before,
      ...standingAfter(before, type, detail),
      ...(type === 'PAYED' && { paidAt: changed }),
    };
    byId.set(id, after);
    return after;
  }

  function dropOldest(): void {
    const [oldest] = byId.keys();
    if (byId.size <= maxProductOrders || oldest === undefined) return;
    byId.delete(oldest);
    changedAt.delete(oldest);
  }

  return {
    change,
    add(count, { accountId, at, lastChangedType = 'PAYED', oneOrder = false }) {
      const sharedOrderId = oneOrder ? nextId(at) : undefined;
      return Array.from({ length: count }, () => {
        const orderId = sharedOrderId ?? nextId(at);
        const productOrderId = nextId(at);
        byId.set(productOrderId, {
          productOrderId,
          orderId,
          accountId,
          orderedAt: at,
          productOrderStatus: 'PAYMENT_WAITING',
          receiverAddressChanged: false,
          placeOrderStatus: 'NOT_YET',
        });
        // Whatever came first, a product order that waits for nothing has been paid.
        if (lastChangedType !== 'PAY_WAITING' && lastChangedType !== 'PAYED') {
          const unpaid = byId.get(productOrderId);
          if (unpaid !== undefined) byId.set(productOrderId, { ...unpaid, productOrderStatus: 'PAYED', paidAt: at });
        }
        change(productOrderId, lastChangedType, at);
        dropOldest();
        return productOrderId;
      });
    },
    place(id, at) {
      const before = byId.get(id);
      if (before !== undefined) byId.set(id, { ...before, placeOrderStatus: 'OK', placedAt: at });
    },
    dispatch(id, delivery) {
      const after = change(id, 'DISPATCHED', delivery.dispatchedAt);
      // That a dispatch also confirms is a guess.
      if (after !== undefined) byId.set(id, { ...after, delivery, placeOrderStatus: 'OK' });
    },
    find: (id) => byId.get(id),
    all: () => [...byId.values()],
    changes(accountId) {
      const rows = [...byId.values()]
        .filter((productOrder) => productOrder.accountId === accountId)
        .flatMap((productOrder) =>
          [...(changedAt.get(productOrder.productOrderId) ?? [])].map(
            ([lastChangedType, at]): Change => ({ productOrder, lastChangedType, at }),
          ),
        );
      return rows.sort(
        (a, b) => a.at - b.at || (a.productOrder.productOrderId < b.productOrder.productOrderId ? -1 : 1),
      );
    },
  };
}
