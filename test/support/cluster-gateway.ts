/**
 * One of several gateways on one Redis, as main.ts runs it. It waits for one line with its order, and tells on its output
 * what it did under a lease. As a control it can be one that never knows that its lease is another's.
 */
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type OwnershipTimes, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Batch, Store } from '../../src/core/store.ts';
import { createLogger } from '../../src/log.ts';
import { exitOnUncaught, stopOnSignals } from '../../src/shutdown.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';

export interface ClusterOrder {
  readonly env: Readonly<Record<string, string>>;
  readonly times: OwnershipTimes;
  readonly clockAheadMs: number;
  /** The control: its monotonic clock stands still while it does, it believes each renewal, and it fences nothing. */
  readonly isUnprotected: boolean;
}

/** `at`: before the store was asked, and of an acquisition after it answered. */
export interface Told {
  readonly kind: 'ACQUIRED' | 'WROTE' | 'CLAIMED';
  readonly lease: string;
  readonly token: number;
  readonly at: number;
  /** Of the attempts that a write began. */
  readonly serials?: readonly string[];
}

const tell = (told: Told): void => void process.stdout.write(`told ${JSON.stringify(told)}\n`);
const pointer = 'reference/NGS/default/';
const serialsOf = ({ put = [] }: Batch): string[] =>
  put.flatMap(({ key }) => (key.startsWith(pointer) ? [decodeURIComponent(key.slice(pointer.length))] : []));

function telling(store: Store, isUnprotected: boolean): Store {
  return {
    ...store,
    async acquireLease(name, owner, ttlMs, restMs) {
      const lease = await store.acquireLease(name, owner, ttlMs, restMs);
      if (lease !== undefined) tell({ kind: 'ACQUIRED', lease: name, token: lease.token, at: Date.now() });
      return lease;
    },
    async renewLease(lease, owner, ttlMs) {
      const isHeld = await store.renewLease(lease, owner, ttlMs);
      return isHeld || isUnprotected;
    },
    async write(batch) {
      const { fence, ...unfenced } = batch;
      if (fence === undefined) return store.write(batch);
      const at = Date.now();
      const result = await store.write(isUnprotected ? unfenced : batch);
      if (result.committed) tell({ kind: 'WROTE', ...fence, at, serials: serialsOf(batch) });
      return result;
    },
    async claimDue(index, claim) {
      const { fence, ...unfenced } = claim;
      if (fence === undefined) return store.claimDue(index, claim);
      const at = Date.now();
      const keys = await store.claimDue(index, isUnprotected ? unfenced : claim);
      if (keys.length > 0) tell({ kind: 'CLAIMED', ...fence, at });
      return keys;
    },
  };
}

/** What a process cannot see that counts its time by its own turns. */
function standStillWithProcess(): void {
  const real = performance.now.bind(performance);
  let lastMs = real();
  let lostMs = 0;
  performance.now = () => {
    const now = real();
    if (now - lastMs > 2_000) lostMs += now - lastMs;
    lastMs = now;
    return now - lostMs;
  };
  setInterval(() => performance.now(), 20);
}

process.stdout.write('loaded\n');
const lines = createInterface({ input: process.stdin });
// Whoever started it is gone.
lines.once('close', () => process.kill(process.pid, 'SIGKILL'));
const [line] = (await once(lines, 'line')) as [string];
const { env, times, clockAheadMs, isUnprotected } = JSON.parse(line) as ClusterOrder;
const { now } = Date;
Date.now = () => now() + clockAheadMs;
if (isUnprotected) standStillWithProcess();

const log = createLogger({ level: 'info' });
exitOnUncaught(log);
const config = loadConfig(env);
const open = async (): Promise<Store> => {
  const store = await openRedisStore({
    url: config.redisUrl as string,
    codec: createRecordCodec(config.dataKey),
    allowWeak: false,
  });
  return telling(store, isUnprotected);
};
const app = await startApp(config, log, open, times);
stopOnSignals(app.stop, log);
process.stdout.write(`listens on ${app.url}\n`);
