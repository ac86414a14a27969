/** A process that writes to an embedded store without a pause, and ends with 7 in the middle of it. */
import { randomInt } from 'node:crypto';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';

const [, , dataDir = ''] = process.argv;
const store = await openEmbeddedStore({ dataDir, codec: createRecordCodec(Buffer.alloc(32, 1)) });

async function writeOn(lane: number): Promise<never> {
  for (let round = 0; ; round += 1) {
    const put = Array.from({ length: 50 }, (_, at) => ({ key: `k/${lane}/${round}/${at}`, value: 'x'.repeat(500) }));
    await store.write({ put });
  }
}

for (let lane = 0; lane < 8; lane += 1) void writeOn(lane);
setTimeout(() => process.exit(7), 200 + randomInt(100));
