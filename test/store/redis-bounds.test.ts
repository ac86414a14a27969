import { describe, expect, onTestFinished, test } from 'vitest';
import { type Store, StoreUnavailable } from '../../src/core/store.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

describe.runIf(hasRedisServer)('what waits for Redis', () => {
  async function openedStore() {
    const server = await startRedisServer();
    onTestFinished(() => server.dispose());
    const codec = createRecordCodec(new Uint8Array(32).fill(7));
    const store = await openRedisStore({ url: server.url, codec, allowWeak: false });
    onTestFinished(() => store.close());
    return store;
  }
  const isWritten = (store: Store): Promise<boolean> =>
    store.write({ put: [{ key: 'later', value: 1 }] }).then(
      ({ committed }) => committed,
      () => false,
    );
  // On a slow machine some of the others may run out of time, which is not what is asked here.
  const overloadsOf = (results: readonly PromiseSettledResult<unknown>[]): unknown[] =>
    results.flatMap((result) => {
      const isOverload = result.status === 'rejected' && (result.reason as StoreUnavailable).want === 'OVERLOADED';
      return isOverload ? [result.reason] : [];
    });

  test('is at most 10,000 writes: one more is refused, leaves nothing, and may be asked again', async () => {
    const store = await openedStore();
    const write = (at: number) => store.write({ put: [{ key: `k${at}`, value: at }] });
    const results = await Promise.allSettled(Array.from({ length: 10_003 }, (_, at) => write(at)));
    const refused = overloadsOf(results);
    expect(refused).toHaveLength(3);
    for (const reason of refused) {
      expect(reason).toBeInstanceOf(StoreUnavailable);
      expect(reason).toMatchObject({ wrote: 'NO' });
    }
    await until(() => isWritten(store));
    expect(await store.getMany(['k10000', 'k10001', 'k10002'])).toEqual([undefined, undefined, undefined]);
    expect(await write(10_000)).toMatchObject({ committed: true });
    expect(store.health()).toMatchObject({ ok: true });
  });

  test('is at most 64 MB', async () => {
    const store = await openedStore();
    const value = 'x'.repeat(4 * 1024 * 1024);
    const writes = Array.from({ length: 20 }, (_, at) => store.write({ put: [{ key: `k${at}`, value }] }));
    const refused = overloadsOf(await Promise.allSettled(writes));
    expect(refused.length).toBeGreaterThanOrEqual(4);
    await until(() => isWritten(store));
  });
});
