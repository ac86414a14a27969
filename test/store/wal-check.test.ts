import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { StoreRefused } from '../../src/store/store-refused.ts';
import { findWalDamage } from '../../src/store/wal-check.ts';
import { createRandom } from '../support/random.ts';

const codec = createRecordCodec(new Uint8Array(32).fill(7));
const FRAME_BYTES = 24 + 4_096;
const frameStart = (frame: number) => 32 + frame * FRAME_BYTES;

describe('a write-ahead log that was left behind by a crash', () => {
  const COMMITS = 40;
  let root: string;
  /** As a crash leaves it: the database, and a log of many commits on top of an older log's frames. */
  let crashed: string;
  let wal: Buffer;
  /** The frames that end a commit. */
  let ends: number[];
  let frames: number;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'gwanmun-wal-'));
    crashed = join(root, 'crashed');
    const live = join(root, 'live');
    const store = await openEmbeddedStore({ dataDir: live, codec });
    // Enough for a checkpoint, after which the log begins anew over its older frames.
    await store.write({
      put: Array.from({ length: 1_500 }, (_, at) => ({ key: `old${at}`, value: 'x'.repeat(1_000) })),
    });
    for (let at = 0; at < COMMITS; at++) await commit(store, at);
    await cp(live, crashed, { recursive: true, filter: (path) => !path.endsWith('.lock') && !path.endsWith('-shm') });
    await store.close();
    wal = await readFile(join(crashed, 'gwanmun.db-wal'));
    const salts = wal.subarray(16, 24);
    const held = Math.floor((wal.length - 32) / FRAME_BYTES);
    frames = 0;
    while (frames < held && salts.equals(wal.subarray(frameStart(frames) + 8, frameStart(frames) + 16))) frames++;
    // The control: this is the log that the tests below mean.
    expect(held).toBeGreaterThan(frames);
    ends = Array.from({ length: frames }, (_, at) => at).filter((at) => wal.readUInt32BE(frameStart(at) + 4) !== 0);
    expect(ends).toHaveLength(COMMITS);
    expect(ends.at(-1)).toBe(frames - 1);
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  function commit(store: Store, at: number) {
    return store.write({
      put: [{ key: `k${at}`, value: at }],
      index: [{ index: 'i', key: `k${at}`, sort: at }],
      append: [{ log: 'log', entry: at }],
    });
  }

  /** What a start on the log, so changed, says or still has. */
  async function startOn(changed: Buffer): Promise<{ refusal: string } | { entries: number }> {
    const dataDir = join(root, 'started');
    await rm(dataDir, { recursive: true, force: true });
    await cp(crashed, dataDir, { recursive: true });
    await writeFile(join(dataDir, 'gwanmun.db-wal'), changed);
    try {
      const store = await openEmbeddedStore({ dataDir, codec });
      const { entries } = await store.readLog('log', 0, 1_000);
      expect(entries.map(({ entry }) => entry)).toEqual(entries.map((_, at) => at));
      await store.close();
      return { entries: entries.length };
    } catch (error) {
      expect(error).toBeInstanceOf(StoreRefused);
      // The refusal leaves all as it was.
      expect(changed.equals(await readFile(join(dataDir, 'gwanmun.db-wal')))).toBe(true);
      return { refusal: String(error) };
    }
  }
  const edited = (edit: (copy: Buffer) => void) => {
    const copy = Buffer.from(wal);
    edit(copy);
    return copy;
  };
  const findingIn = async (changed: Buffer) => {
    const path = join(root, 'some-wal');
    await writeFile(path, changed);
    return findWalDamage(path);
  };
  const flipped = (bit: number) => edited((copy) => (copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))));

  test('starts with every commit where it is whole', async () => {
    expect(await startOn(wal)).toEqual({ entries: COMMITS });
  });

  test('control: SQLite itself drops without a word what follows a flipped bit', async () => {
    const dataDir = join(root, 'bare');
    await cp(crashed, dataDir, { recursive: true });
    await writeFile(join(dataDir, 'gwanmun.db-wal'), flipped(8 * (frameStart(ends[4] as number) + 1_000)));
    const bare = openSqlite(join(dataDir, 'gwanmun.db'));
    expect(bare.prepare('SELECT count(*) FROM log_entries').get()).toEqual([4]);
    bare.close();
  });

  test('is refused by name, with what to do, where a bit in its middle is flipped', async () => {
    const outcome = await startOn(flipped(8 * (frameStart(ends[4] as number) + 1_000)));
    expect(outcome).toMatchObject({
      refusal: expect.stringMatching(/gwanmun\.db-wal is damaged \(frame \d+ of \d+ is broken\)/),
    });
    expect(outcome).toMatchObject({ refusal: expect.stringContaining('or move this file away to go on without') });
  });

  test('is found broken wherever a bit is flipped before its last frame', async () => {
    const random = createRandom(20_261_121);
    const bitsBefore = 8 * frameStart(frames - 1);
    const bits = Array.from({ length: 150 }, () => random(bitsBefore));
    const headers = Array.from({ length: 32 * 8 }, (_, bit) => bit);
    const heads = [3, frames - 2].flatMap((at) => Array.from({ length: 24 * 8 }, (_, bit) => 8 * frameStart(at) + bit));
    for (const bit of [...bits, ...headers, ...heads]) {
      expect(await findingIn(flipped(bit)), `bit ${bit}`).toMatch(/broken/);
    }
  });

  test('is refused where a whole sector of it reads as zeros or as garbage', async () => {
    const middle = frameStart(ends[20] as number) - (frameStart(ends[20] as number) % 4_096);
    for (const byte of [0, 0xa5]) {
      expect(await startOn(edited((copy) => copy.fill(byte, middle, middle + 4_096)))).toHaveProperty('refusal');
      expect(await startOn(edited((copy) => copy.fill(byte, 0, 4_096)))).toHaveProperty('refusal');
    }
  });

  test('starts with all before it where its end was cut off', async () => {
    for (const at of [3, 17, 38]) {
      const end = frameStart((ends[at] as number) + 1);
      expect(await startOn(wal.subarray(0, end))).toEqual({ entries: at + 1 });
      for (const missing of [1, 2_000, 4_096, 4_110]) {
        expect(await startOn(wal.subarray(0, end - missing))).toEqual({ entries: at });
      }
    }
    expect(await startOn(wal.subarray(0, 20))).toEqual({ entries: 0 });
    expect(await startOn(wal.subarray(0, 0))).toEqual({ entries: 0 });
  });

  test('starts without its last commit where only a part of the last frame was written', async () => {
    const from = frameStart(frames - 1);
    for (const written of [0, 8, 24, 512, 4_000]) {
      // The rest is what stood there before: zeros, or the log before this one.
      const torn = edited((copy) => copy.fill(0x5a, from + written, from + FRAME_BYTES));
      expect(await startOn(torn), `${written} bytes`).toEqual({ entries: COMMITS - 1 });
    }
  });

  test('starts without its last commit where any blocks of that commit, and no others, never arrived', async () => {
    const from = frameStart((ends.at(-2) as number) + 1);
    const to = frameStart(frames);
    const blocks = [];
    for (let block = Math.ceil(from / 4_096) * 4_096; block < to; block += 4_096) blocks.push(block);
    expect(blocks.length).toBeGreaterThan(2);
    for (const block of blocks) {
      const torn = edited((copy) => copy.fill(0x5a, block, Math.min(block + 4_096, to)));
      expect(await startOn(torn), `block at ${block}`).toEqual({ entries: COMMITS - 1 });
    }
  });

  test('starts where there is none', async () => {
    expect(findWalDamage(join(root, 'nothing-wal'))).toBeUndefined();
  });
});
