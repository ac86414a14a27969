/**
 * One bit of the database is turned over, 500 times: is it refused at start, named at the record that it hit, or harmless? Prints
 * how many were which. What nothing finds is a place, a count or a version that is stored in the clear; that is counted too.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Store } from '../src/core/store.ts';
import { openEmbeddedStore } from '../src/store/embedded.ts';
import { createRecordCodec } from '../src/store/record-codec.ts';
import { createRandom } from '../test/support/random.ts';

const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const flips = Number(process.env['GWANMUN_CHAOS_FLIPS'] ?? 500);
const codec = createRecordCodec(new Uint8Array(32).fill(7));
const keys = Array.from({ length: 200 }, (_, at) => `message/${at}`);

/** The values, which are sealed; and the rest, which is not. */
async function contentOf(store: Store): Promise<{ sealed: string; clear: string }> {
  const records = await store.getMany(keys);
  const log = await store.readLog('log', 0, 1_000);
  const places = [await store.range('by-time', { limit: 1_000 }), await store.sortOf('by-name', keys)];
  const counters = await Promise.all(keys.slice(0, 20).map((key) => store.add(`count/${key}`, 0)));
  return {
    sealed: JSON.stringify([records.map((record) => record?.value), log.entries.map(({ entry }) => entry)]),
    clear: JSON.stringify([records.map((record) => record?.version), log.first, log.head, places, counters]),
  };
}

it('no flipped bit changes what a record or an event says without a word', async () => {
  const random = createRandom(seed);
  const root = await mkdtemp(join(tmpdir(), 'gwanmun-flips-'));
  const whole = join(root, 'whole');
  const made = await openEmbeddedStore({ dataDir: whole, codec });
  for (const [at, key] of keys.entries()) {
    await made.write({
      put: [{ key, value: { text: 'x'.repeat(at * 3), at } }],
      index: ['by-time', 'by-name'].map((index) => ({ index, key, sort: 1_000 + at })),
      append: [{ log: 'log', entry: { at } }],
    });
    if (at < 20) await made.add(`count/${key}`, at + 1);
  }
  const expected = await contentOf(made);
  await made.close();
  const bytes = await readFile(join(whole, 'gwanmun.db'));

  const counts = { refused: 0, named: 0, harmless: 0, clear: 0, sealed: 0 };
  const dataDir = join(root, 'flipped');
  for (let at = 0; at < flips; at += 1) {
    await rm(dataDir, { recursive: true, force: true });
    await mkdir(dataDir);
    const bit = random(bytes.length * 8);
    const copy = Buffer.from(bytes);
    copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7));
    await writeFile(join(dataDir, 'gwanmun.db'), copy);
    const store = await openEmbeddedStore({ dataDir, codec }).catch(() => undefined);
    if (store === undefined) {
      counts.refused += 1;
      continue;
    }
    const content = await contentOf(store).catch(() => undefined);
    if (content === undefined) counts.named += 1;
    else if (content.sealed !== expected.sealed) counts.sealed += 1;
    else if (content.clear !== expected.clear) counts.clear += 1;
    else counts.harmless += 1;
    await store.close();
  }
  await rm(root, { recursive: true });
  const { refused, named, harmless, clear, sealed } = counts;
  process.stdout.write(
    `${flips} flips: ${refused} refused at start, ${named} named when read, ${harmless} harmless, ${clear} changed a place, count or version unseen, ${sealed} changed a value unseen. Seed ${seed}.\n`,
  );
  expect(sealed, `GWANMUN_CHAOS_SEED=${seed}`).toBe(0);
});
