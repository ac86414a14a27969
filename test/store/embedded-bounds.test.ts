import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../src/core/store.ts';
import { temporaryStore } from '../support/temporary-store.ts';

const refusedOf = (results: readonly PromiseSettledResult<unknown>[]): unknown[] =>
  results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));

test('what is asked while 10,000 commands wait for the disk is refused, leaves nothing, and may be asked again', async () => {
  const store = await temporaryStore();
  const write = (at: number) => store.write({ put: [{ key: `k${at}`, value: at }] });
  const results = await Promise.allSettled(Array.from({ length: 10_003 }, (_, at) => write(at)));
  const refused = refusedOf(results);
  expect(refused).toHaveLength(3);
  for (const reason of refused) {
    expect(reason).toBeInstanceOf(StoreUnavailable);
    expect(reason).toMatchObject({ wrote: 'NO', want: 'OVERLOADED' });
  }
  expect(await store.getMany(['k10000', 'k10001', 'k10002'])).toEqual([undefined, undefined, undefined]);
  expect(await write(10_000)).toMatchObject({ committed: true });
  expect(store.health()).toMatchObject({ ok: true });
});

test('what would have more than 64 MB wait for the disk is refused', async () => {
  const store = await temporaryStore();
  const value = 'x'.repeat(4 * 1024 * 1024);
  const writes = Array.from({ length: 20 }, (_, at) => store.write({ put: [{ key: `k${at}`, value }] }));
  const refused = refusedOf(await Promise.allSettled(writes));
  expect(refused.length).toBeGreaterThanOrEqual(4);
  expect(refused[0]).toMatchObject({ wrote: 'NO', want: 'OVERLOADED' });
  expect(await store.write({ put: [{ key: 'later', value: 1 }] })).toMatchObject({ committed: true });
});
