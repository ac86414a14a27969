/**
 * A gateway as main.ts runs it, that a test may kill. It loads, then waits for one line with its order, so that the next one can
 * be loaded while this one lives; its clock may be ahead, as if it had been down for that long.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { createLogger } from '../../src/log.ts';
import { exitOnBrokenStore, exitOnUncaught, stopOnSignals } from '../../src/shutdown.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { type BrokenPromise, breaking } from './breaking-store.ts';

export interface GatewayOrder {
  readonly env: Readonly<Record<string, string>>;
  readonly clockAheadMs: number;
  /** A crash point and its pass: `dispatch.claimed 3`. */
  readonly crashAt?: string | undefined;
  /** The same, of the writing thread: there SQLite then says that the disk failed it. */
  readonly diskFailsAt?: string | undefined;
  /** A protection that is switched off, as a control. */
  readonly broken?: BrokenPromise | undefined;
}

process.stdout.write('loaded\n');
const lines = createInterface({ input: process.stdin });
// Whoever started it is gone.
lines.once('close', () => process.kill(process.pid, 'SIGKILL'));
const [line] = (await once(lines, 'line')) as [string];
const { env, clockAheadMs, crashAt, diskFailsAt, broken } = JSON.parse(line) as GatewayOrder;

const { now } = Date;
Date.now = () => now() + clockAheadMs;
if (crashAt !== undefined) process.env['GWANMUN_CRASH_AT'] = crashAt;
if (diskFailsAt !== undefined) process.env['GWANMUN_DISK_FAILS_AT'] = diskFailsAt;

const log = createLogger({ level: 'info' });
exitOnUncaught(log);
const app = await startApp(loadConfig(env), log, async ({ dataDir, dataKey, redisUrl }, onBroken) => {
  const codec = createRecordCodec(dataKey);
  const store =
    redisUrl === undefined
      ? await openEmbeddedStore({ dataDir, codec, onBroken })
      : await openRedisStore({ url: redisUrl, codec, allowWeak: false });
  return broken === undefined ? store : breaking(store, broken);
});
stopOnSignals(app.stop, log);
exitOnBrokenStore(app.storeBroken, log);
process.stdout.write(`listens on ${app.url}\n`);
