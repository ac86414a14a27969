/** A keeper over a scripted store, in a time that only the test moves. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLeaseKeeper } from '../../src/core/lease-keeper.ts';
import { silentLog } from '../../src/core/log.ts';
import type { Lease, Store } from '../../src/core/store.ts';

const ttlMs = 10_000;
const never = new Promise<never>(() => undefined);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function keep(given: Partial<Pick<Store, 'acquireLease' | 'renewLease'>> & { drain?: () => Promise<void> } = {}) {
  let tokens = 0;
  let stoodStillMs = 0;
  const heard: string[] = [];
  const lost: { readonly hurry: AbortSignal; readonly atMs: number }[] = [];
  const startedMs = performance.now();
  const passedMs = () => performance.now() - startedMs;
  const store = {
    health: () => ({ ok: true }) as const,
    async acquireLease(name: string): Promise<Lease> {
      heard.push('acquired');
      tokens += 1;
      return { name, token: tokens };
    },
    async renewLease() {
      heard.push('renewed');
      return true;
    },
    async releaseLease() {
      heard.push('released');
    },
    ...given,
  };
  const keeper = createLeaseKeeper({
    store: store as unknown as Store,
    name: 'lease',
    owner: 'one',
    clock: { now: () => 0, monotonicMs: () => passedMs() + stoodStillMs },
    log: silentLog,
    ttlMs,
    async onAcquired() {
      heard.push('up');
    },
    async onLost(hurry) {
      lost.push({ hurry, atMs: passedMs() });
      heard.push('down');
      await given.drain?.();
      heard.push('down for good');
    },
  });
  return {
    keeper,
    store,
    heard,
    lost,
    passedMs,
    standStill(ms: number): void {
      stoodStillMs += ms;
    },
  };
}

/** Settles when the test says so. */
function open<T>(): { readonly promise: Promise<T>; settle(value: T): void } {
  let settle = (_: T): void => undefined;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return { promise, settle: (value) => settle(value) };
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('the holder of a lease', () => {
  it('renews it, and holds it on', async () => {
    const { keeper, heard } = keep();
    keeper.start();
    await pass(60_000);
    expect(keeper.current()).toEqual({ name: 'lease', token: 1 });
    expect(heard.filter((each) => each !== 'renewed')).toEqual(['acquired', 'up']);
    expect(heard.length).toBeGreaterThan(20);
  });

  it('ends before it could lapse where the store gives no answer at all', async () => {
    const { keeper, lost } = keep({ renewLease: () => never });
    keeper.start();
    await pass(7_999);
    expect(keeper.current()).toBeDefined();
    expect(lost).toEqual([]);
    await pass(1);
    expect(keeper.current()).toBeUndefined();
    expect(lost.map(({ atMs }) => atMs)).toEqual([8_000]);
    expect(lost[0]?.hurry.aborted).toBe(false);
    await pass(1_000);
    // Half a margin before another could hold it.
    expect(lost[0]?.hurry.aborted).toBe(true);
  });

  it('knows that its time is over before anything else happens, and hurries, where it stood still', async () => {
    let isAnothers = false;
    const { keeper, lost, standStill } = keep({ renewLease: async () => !isAnothers });
    keeper.start();
    await pass(1_000);
    standStill(20_000);
    isAnothers = true;
    expect(keeper.current()).toBeUndefined();
    await pass(1_000);
    expect(lost).toHaveLength(1);
    expect(lost[0]?.hurry.aborted).toBe(true);
  });

  it('takes no answer for longer than it stood for when it was asked', async () => {
    const renewal = open<boolean>();
    const answers = [renewal.promise];
    const { keeper, lost } = keep({ renewLease: () => answers.shift() ?? never });
    keeper.start();
    await pass(2_000);
    // Asked at 2 s, and so held until 10 s, whenever it is answered.
    await pass(5_000);
    renewal.settle(true);
    await pass(2_999);
    expect(keeper.current()).toBeDefined();
    await pass(1);
    expect(keeper.current()).toBeUndefined();
    expect(lost).toHaveLength(1);
  });

  it('ends at once where it has passed to another, and asks for it anew only later', async () => {
    const renewals = [true, false];
    const { keeper, heard, lost } = keep({ renewLease: async () => renewals.shift() ?? true });
    keeper.start();
    await pass(4_000);
    expect(heard).toEqual(['acquired', 'up', 'down', 'down for good']);
    expect(lost[0]?.hurry.aborted).toBe(true);
    await pass(2_000);
    expect(heard.slice(4)).toEqual(['acquired', 'up']);
    expect(keeper.current()).toEqual({ name: 'lease', token: 2 });
  });

  it('begins anew only when what it ended is over', async () => {
    const drain = open<void>();
    const renewals = [false];
    const { keeper, heard } = keep({ renewLease: async () => renewals.shift() ?? true, drain: () => drain.promise });
    keeper.start();
    await pass(4_000);
    expect(heard).toEqual(['acquired', 'up', 'down', 'acquired']);
    drain.settle();
    await pass(0);
    expect(heard.slice(4)).toEqual(['down for good', 'up']);
  });

  it('keeps it while it ends in order, and only then gives it up', async () => {
    const drain = open<void>();
    const { keeper, heard, lost } = keep({ drain: () => drain.promise });
    keeper.start();
    await pass(1_000);
    heard.length = 0;
    const stopped = keeper.stop();
    await pass(15_000);
    expect(keeper.current()).toBeDefined();
    expect(lost[0]?.hurry.aborted).toBe(false);
    drain.settle();
    await pass(0);
    await stopped;
    expect(heard.filter((each) => each !== 'renewed')).toEqual(['down', 'down for good', 'released']);
    await pass(30_000);
    expect(heard.at(-1)).toBe('released');
  });

  it('is hurried where the lease would lapse while it ends in order', async () => {
    const { keeper, lost } = keep({ renewLease: () => never, drain: () => never });
    keeper.start();
    await pass(1_000);
    void keeper.stop();
    await pass(7_999);
    expect(lost[0]?.hurry.aborted).toBe(false);
    await pass(1);
    expect(lost[0]?.hurry.aborted).toBe(true);
  });
});
