/** Core's commerce over a given store and a scripted marketplace, followed: what its stream told, and how it dies. */
import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { type Commerce, createCommerce } from '../../src/core/commerce/commerce.ts';
import type { CommerceProvider, OrderChange } from '../../src/core/commerce/provider.ts';
import { createStreams } from '../../src/core/events/follow.ts';
import { silentLog } from '../../src/core/log.ts';
import { type Store, StoreUnavailable } from '../../src/core/store.ts';

export interface RunningFeed {
  readonly commerce: Commerce;
  stop(): Promise<void>;
}

export interface FeedWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly providers: readonly CommerceProvider[];
  readonly owner?: string;
  /** False for a gateway that only listens. @default true */
  readonly reading?: boolean;
}

/** Looks every few milliseconds. */
export function runFeed({ store, clock, providers, owner = 'embedded', reading = true }: FeedWorld): RunningFeed {
  const streams = createStreams(store);
  const timings = { intervalMs: 5, leaseMs: 500 };
  const commerce = createCommerce({ store, streams, providers, owner, clock, log: silentLog, ...timings });
  if (reading) commerce.start();
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= commerce.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { commerce, stop };
}

/** A wall clock that the test moves, over the machine's own monotonic one. */
export function movableClock(now = 1_700_000_000_000): Clock & { passMs(ms: number): void } {
  let at = now;
  return {
    now: () => at,
    monotonicMs: () => performance.now(),
    passMs(ms) {
      at += ms;
    },
  };
}

export const change = (productOrderId: string, changedAt: number, part: Partial<OrderChange> = {}): OrderChange => ({
  productOrderId,
  orderId: `9${productOrderId}`,
  changeType: 'PAYED',
  status: 'PAYED',
  changedAt,
  ...part,
});

export const identityOf = ({ productOrderId, changedAt, changeType }: OrderChange): string =>
  `${productOrderId} ${changedAt} ${changeType}`;

/** Collects what the stream tells until it is let go; `cursor` is then where to resume. */
export async function listen(commerce: Commerce, after?: string) {
  const stream = await commerce.orderChanges(undefined, after);
  const heard: OrderChange[] = [];
  const listener = { heard, cursor: after ?? '', replayed: -1, stop: async () => {} };
  const reading = (async () => {
    for await (const item of stream) {
      if (item.type === 'EVENT') heard.push(item.event);
      if (item.type === 'CAUGHT_UP') listener.replayed = item.replayed;
      if ('cursor' in item) listener.cursor = item.cursor;
    }
  })();
  listener.stop = async () => {
    await stream.return?.();
    await reading;
  };
  onTestFinished(() => listener.stop());
  return listener;
}

/** A store that is gone from its `writes`th write on: just before it happens, or just behind. */
export function mortalStore(store: Store, writes: number, dies: 'BEFORE' | 'BEHIND') {
  const life = { dead: false, store };
  const gone = () => Promise.reject(new StoreUnavailable('Dead.', 'MAYBE'));
  let left = writes;
  life.store = new Proxy(store, {
    get(target, name, receiver) {
      const value = Reflect.get(target, name, receiver);
      if (typeof value !== 'function' || ['watchLog', 'keyedHash', 'health', 'durability'].includes(String(name)))
        return value;
      return async (...given: unknown[]) => {
        if (life.dead) return gone();
        if (name === 'write') left -= 1;
        const isLast = name === 'write' && left === 0;
        if (isLast && dies === 'BEFORE') life.dead = true;
        if (life.dead) return gone();
        const answer = await value.apply(target, given);
        if (isLast) life.dead = true;
        return life.dead ? gone() : answer;
      };
    },
  });
  return life;
}
