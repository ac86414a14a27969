import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { describeStore } from '../support/store-contract.ts';

const codec = createRecordCodec(new Uint8Array(32).fill(7));

describeStore('embedded', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-store-'));
  let store = await openEmbeddedStore({ dataDir, codec });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openEmbeddedStore({ dataDir, codec });
      return store;
    },
    // Not the lock: a process that closes any handle of a file drops its own locks on it.
    files: async () => ['gwanmun.db', 'gwanmun.db-wal'].map((name) => join(dataDir, name)),
    async dispose() {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
});

test('a wall clock that jumps neither lapses a record nor keeps it', async () => {
  let wall = 1_700_000_000_000;
  let monotonic = 500;
  const clock: Clock = { now: () => wall, monotonicMs: () => monotonic };
  const dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-store-'));
  const store = await openEmbeddedStore({ dataDir, codec, clock });
  await store.write({ put: [{ key: 'a', value: 1, ttlMs: 1_000 }] });
  wall += 3_600_000;
  expect(await store.get('a')).toBeDefined();
  wall -= 7_200_000;
  monotonic += 1_000;
  expect(await store.get('a')).toBeUndefined();
  await store.close();
  await rm(dataDir, { recursive: true });
});
