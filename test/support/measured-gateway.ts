/**
 * A gateway as main.ts runs it, that says how much memory it holds: loads, waits for one line with its order, and then answers
 * each further line with what is left after a full collection.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocket } from 'ws';
import { startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { silentLog } from '../../src/core/log.ts';

export interface MeasuredOrder {
  readonly env: Readonly<Record<string, string>>;
  /** A control: readers of WebSockets are not waited for, and what piles up for them is not weighed. */
  readonly isUnguarded: boolean;
}

export interface Memory {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

const lines = createInterface({ input: process.stdin });
// Whoever started it is gone.
lines.once('close', () => process.kill(process.pid, 'SIGKILL'));
const [line] = (await once(lines, 'line')) as [string];
const { env, isUnguarded } = JSON.parse(line) as MeasuredOrder;

if (isUnguarded) {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (this: WebSocket, data: never, taken: unknown) {
    (send as (this: WebSocket, data: never) => void).call(this, data);
    if (typeof taken === 'function') taken();
  } as typeof send;
  Object.defineProperty(WebSocket.prototype, 'bufferedAmount', { get: () => 0 });
}
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const app = await startApp(loadConfig(env), silentLog);
lines.on('line', () => {
  collect();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.stdout.write(`memory ${JSON.stringify({ rss, heapUsed, external } satisfies Memory)}\n`);
});
process.stdout.write(`listens on ${app.url}\n`);
