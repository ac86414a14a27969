/**
 * Orders that live on by themselves, for the sandbox: by turns one comes, and one moves on. It never confirms or
 * dispatches, which is the seller's to do.
 */
import type { Clock } from '../../core/clock.ts';
import type { Timers } from '../timers.ts';
import type { ProductOrders } from './product-orders.ts';

export interface AutomaticChanges {
  /** From now on so often; 0 for never. */
  every(ms: number): void;
}

export function createAutomaticChanges(options: {
  readonly orders: ProductOrders;
  readonly accountId: string;
  readonly clock: Clock;
  readonly timers: Timers;
}): AutomaticChanges {
  const { orders, accountId, clock, timers } = options;
  let cancel: () => void = () => undefined;
  let turn = 0;

  function step(): void {
    const at = clock.now();
    turn += 1;
    const own = orders.all().filter((productOrder) => productOrder.accountId === accountId);
    const delivering = own.find(({ productOrderStatus }) => productOrderStatus === 'DELIVERING');
    const paid = own.find((row) => row.productOrderStatus === 'PAYED' && !row.receiverAddressChanged);
    if (turn % 2 === 1) orders.add(1, { accountId, at });
    else if (delivering !== undefined) orders.change(delivering.productOrderId, 'PURCHASE_DECIDED', at);
    else if (paid !== undefined) orders.change(paid.productOrderId, 'DELIVERY_ADDRESS_CHANGED', at);
  }

  return {
    every(ms) {
      cancel();
      const next = () => {
        cancel = timers.after(ms, () => {
          step();
          next();
        });
      };
      if (ms > 0) next();
    },
  };
}
