/**
 * The counters behind quotas, by rate-limiter-flexible: in Redis where several gateways share one, otherwise in memory. What is
 * counted, and what is too much, is core's. A restart forgets what was counted in memory.
 */
import { Redis, type RedisOptions } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import type { Count, Tally } from '../core/quota.ts';
import { StoreUnavailable } from '../core/store.ts';
import { refusalOf } from '../store/redis-refusals.ts';

const windowSeconds = 60;
const answerWithinMs = 750;
/** Longer than between two tries to connect: as soon as the store is back, so is this. */
const connectionWithinMs = 250;
const reconnectEveryMs = 100;
/** Core judges; here nothing is ever too much. */
const uncapped = { points: Number.MAX_SAFE_INTEGER, duration: windowSeconds };

export const openTally = (redisUrl: string | undefined): Promise<Tally> =>
  redisUrl === undefined ? Promise.resolve(memoryTally()) : redisTally(redisUrl);

function memoryTally(): Tally {
  const limiter = new RateLimiterMemory(uncapped);
  return {
    add: async (counter, amount) => countOf(await limiter.penalty(counter, amount)),
    close: () => Promise.resolve(),
  };
}

async function redisTally(url: string): Promise<Tally> {
  const options = {
    lazyConnect: true,
    // Whoever is counted waits: nothing is repeated, and nothing queued for a Redis that is away.
    autoResendUnfulfilledCommands: false,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    retryStrategy: () => reconnectEveryMs,
    // After a failover the old primary answers READONLY: the name may lead to the new one by now.
    reconnectOnError: (error: Error) => (refusalOf(error)?.reconnect === true ? (1 as const) : (false as const)),
  } satisfies RedisOptions;
  // Not the store's connection: a store's look at a new server must not wait behind what only counts.
  const redis = new Redis(url, options);
  // Each failed command tells by itself.
  redis.on('error', () => undefined);
  // The store has found it a moment ago; if it went since, the connection is tried again by itself.
  await redis.connect().catch(() => undefined);
  const limiter = new RateLimiterRedis({ ...uncapped, storeClient: redis, keyPrefix: '{gwanmun}:quota' });
  let connecting: Promise<void> | undefined;

  /** Resolves once there is a connection, or has been none for long enough. */
  async function connected(): Promise<void> {
    if (redis.status === 'ready') return;
    connecting ??= new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        redis.off('ready', done);
        connecting = undefined;
        resolve();
      };
      const timer = setTimeout(done, connectionWithinMs);
      redis.once('ready', done);
    });
    await connecting;
  }

  return {
    async add(counter, amount) {
      try {
        await connected();
        return countOf(await inTime(limiter.penalty(counter, amount)));
      } catch (error) {
        // What was counted and not told is of no effect for anybody.
        throw new StoreUnavailable('Redis does not count.', 'NO', error, refusalOf(error)?.want);
      }
    },
    async close() {
      redis.disconnect();
    },
  };
}

/** A time-out of ioredis would also count the time that this process stood still, with the answer already at its door. */
async function inTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    // What has arrived is read between a timer and the next immediate.
    const giveUp = (): unknown => setImmediate(() => setImmediate(reject, new Error('no answer in time')));
    timer = setTimeout(giveUp, answerWithinMs);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

const countOf = ({ consumedPoints, msBeforeNext }: { consumedPoints: number; msBeforeNext: number }): Count => ({
  value: consumedPoints,
  msLeft: Math.max(1, msBeforeNext),
});
