/**
 * A process of its own that takes webhooks into an embedded store and dies by SIGKILL at the worst moment: behind the batch
 * that stores one and before its answer; or, where it is told to answer first, behind the answer and before the batch.
 * Opens nothing before a line comes in, so that the next one can be loaded while this one lives.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { silentLog } from '../../src/core/log.ts';
import type { Store } from '../../src/core/store.ts';
import { createWebhookEndpoint } from '../../src/http/webhooks.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { webhookCore } from './webhooks.ts';

const [, , dataDir = '', order = ''] = process.argv;
process.stdout.write('loaded\n');
await once(process.stdin, 'data');

let answered = (): void => undefined;
const answer = new Promise<void>((resolve) => {
  answered = resolve;
});

async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

const real = await openEmbeddedStore({ dataDir, codec: createRecordCodec(new Uint8Array(32).fill(7)) });
const store: Store = {
  ...real,
  async write(batch) {
    const stores = batch.put?.some(({ key }) => key.startsWith('webhook-body/')) === true;
    if (stores && order === 'ANSWER_FIRST') {
      await answer;
      return die();
    }
    const result = await real.write(batch);
    return stores && result.committed ? die() : result;
  },
};
const { effect, inbox, work } = webhookCore(store, { everyMs: 20, holdMs: 200 });
for (let at = 0; at < 100; at += 1) effect.tenantOf.set(`r${at}`, 'one');
work.start();

const endpoint = createWebhookEndpoint({
  log: silentLog,
  inbox: {
    ...inbox,
    async receive(...webhook) {
      const received = inbox.receive(...webhook);
      return order === 'ANSWER_FIRST' ? undefined : received;
    },
  },
});
const server = createServer((request, response) => {
  response.once('finish', answered);
  void endpoint.handle(request, response);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`));
