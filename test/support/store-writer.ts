/** A process of its own that writes to an embedded store until it is killed; prints each number once acknowledged. */
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error('The data folder is missing.');
const store = await openEmbeddedStore({ dataDir, codec: createRecordCodec(new Uint8Array(32).fill(7)) });

let next = 0;
async function writeForEver(): Promise<never> {
  for (;;) {
    const number = next++;
    const key = `record/${number}`;
    await store.write({
      put: [{ key, value: number }],
      index: [{ index: 'records', key, sortByAppend: 0 }],
      append: [{ log: 'written', entry: number }],
    });
    process.stdout.write(`${number}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, writeForEver));
