import { describe, expect, it, onTestFinished } from 'vitest';
import { createDueWork } from '../../src/core/due-work.ts';
import type { Log } from '../../src/core/log.ts';
import { type Store, StoreUnavailable } from '../../src/core/store.ts';
import { temporaryStore } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const index = 'due';

async function rig(change: (store: Store) => Store = (store) => store) {
  const store = await temporaryStore();
  let now = 1_000;
  const errors: string[] = [];
  const log: Log = { info() {}, warn() {}, error: (event) => errors.push(event) };
  const worker = (work: (key: string) => Promise<unknown>) => {
    const due = createDueWork({
      store: change(store),
      clock: { now: () => now, monotonicMs: () => now },
      log,
      tasks: [{ index, work, holdMs: 100 }],
      everyMs: 1,
    });
    onTestFinished(() => due.stop());
    return due;
  };
  return {
    store,
    errors,
    worker,
    passMs: (ms: number) => {
      now += ms;
    },
    add: (keys: Record<string, number>) =>
      store.write({ index: Object.entries(keys).map(([key, sort]) => ({ index, key, sort })) }),
  };
}

describe('work that falls due', () => {
  it('is done when it is due, oldest first, and not before', async () => {
    const { add, worker } = await rig();
    await add({ late: 999, early: 10, now: 1_000, next: 1_001 });
    const done: string[] = [];
    await worker(async (key) => done.push(key)).sweep();
    expect(done).toEqual(['early', 'late', 'now']);
  });

  it('is done whole where more is due than one claim takes', async () => {
    const { add, worker } = await rig();
    await add(Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`k${at}`, at])));
    const done = new Set<string>();
    await worker(async (key) => done.add(key)).sweep();
    expect(done.size).toBe(100);
  });

  it('is done once by two workers, and again after the hold where it was lost', async () => {
    const { add, worker, passMs } = await rig();
    await add({ a: 1, b: 2 });
    const done: string[] = [];
    const [one, other] = [worker(async (key) => done.push(key)), worker(async (key) => done.push(key))];
    await Promise.all([one.sweep(), other.sweep()]);
    expect(done.sort()).toEqual(['a', 'b']);
    passMs(99);
    await one.sweep();
    expect(done).toHaveLength(2);
    passMs(1);
    await one.sweep();
    expect(done).toHaveLength(4);
  });

  it('goes on with the others where one fails', async () => {
    const { add, worker, errors } = await rig();
    await add({ bad: 1, good: 2 });
    const done: string[] = [];
    await worker(async (key) => {
      if (key === 'bad') throw new TypeError('a bug');
      done.push(key);
    }).sweep();
    expect(done).toEqual(['good']);
    expect(errors).toEqual(['sweep.failed']);
  });

  it('says once that the store is away, and goes on by itself when it is back', async () => {
    let away = true;
    let asked = 0;
    const { add, worker, errors } = await rig((store) => ({
      ...store,
      async claimDue(name, claim) {
        asked += 1;
        if (away) throw new StoreUnavailable('away', 'NO');
        return store.claimDue(name, claim);
      },
    }));
    await add({ a: 1 });
    const done: string[] = [];
    worker(async (key) => done.push(key)).start();
    await until(() => asked >= 3);
    away = false;
    await until(() => done.length === 1);
    expect(errors).toEqual(['sweep.claim-failed']);
  });

  it('lets what is under way finish when it is stopped', async () => {
    const { add, worker } = await rig();
    await add({ a: 1 });
    let finish = (): void => undefined;
    const told: string[] = [];
    const due = worker(async () => {
      told.push('begun');
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      told.push('finished');
    });
    due.start();
    await until(() => told.length === 1);
    const stopping = due.stop().then(() => told.push('stopped'));
    finish();
    await stopping;
    expect(told).toEqual(['begun', 'finished', 'stopped']);
  });
});
