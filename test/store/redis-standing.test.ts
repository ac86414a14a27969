import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Log } from '../../src/core/log.ts';
import type { Store } from '../../src/core/store.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import type { RedisFacts } from '../../src/store/redis-durability.ts';
import { createRedisStanding } from '../../src/store/redis-standing.ts';
import { hasRedisServer, type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const sound: RedisFacts = {
  version: '7.0.15',
  runId: 'a',
  isPrimary: true,
  evictionPolicy: 'noeviction',
  hasReplica: false,
  syncsAlways: true,
  memoryShare: 0,
  epoch: 'e',
};
const replicated = { ...sound, hasReplica: true };

function standing(allowWeak = false) {
  const events: string[] = [];
  const hear = (event: string, { durability, cause, usedPercent }: Parameters<Log['warn']>[1] = {}): void =>
    void events.push([event, durability, cause, usedPercent].filter((each) => each !== undefined).join(' '));
  const made = createRedisStanding({ place: 'here', allowWeak, log: { info: hear, warn: hear, error: hear } });
  return { ...made, events };
}

describe('what a yes stands on', () => {
  test('is what Redis was found to offer at start, and grows when a replica comes', () => {
    const { judge, durability, needsReplica, remark, events } = standing();
    judge(sound);
    expect([durability(), needsReplica(), remark()]).toEqual(['REDIS_AOF_ALWAYS', false, undefined]);
    judge(replicated);
    expect([durability(), needsReplica()]).toEqual(['REDIS_REPLICA', true]);
    expect(remark()).toMatch(/^Until \S+ the durability was REDIS_AOF_ALWAYS\.$/);
    expect(events).toEqual(['store.durability-changed REDIS_REPLICA']);
  });

  test('is not given up when the replica goes: it may be promoted, and nothing is written until one is back', () => {
    const { judge, objection, needsReplica, events } = standing();
    judge(replicated);
    judge(sound);
    expect(objection()).toContain('lost its replica');
    expect(needsReplica()).toBe(true);
    judge(replicated);
    expect(objection()).toBeUndefined();
    expect(events).toEqual(['store.unfit REDIS_REPLICA REPLICA_AWAY', 'store.fit-again REDIS_REPLICA']);
  });

  test('may shrink where the operator allows a weak Redis, and that is said', () => {
    const { judge, durability, objection, events } = standing(true);
    judge(replicated);
    judge({ ...sound, syncsAlways: false });
    expect([durability(), objection()]).toEqual(['WEAK', undefined]);
    expect(events).toEqual(['store.durability-changed WEAK']);
  });

  test.each([
    ['settings that no longer sync', { syncsAlways: false }, 'could lose what it acknowledges'],
    ['evictions', { evictionPolicy: 'allkeys-lru' }, 'could lose what it acknowledges'],
    ['a primary turned replica', { isPrimary: false, epoch: undefined }, 'is a replica now'],
    ['an older server', { version: '6.2.1', runId: 'b' }, 'too old'],
    ['other data', { runId: 'b', epoch: 'another' }, 'other data'],
    ['no data at all', { runId: 'b', epoch: undefined }, 'other data'],
  ])('does not hold with %s, and holds again without', (_name, change, why) => {
    const { judge, openedAs, objection } = standing();
    judge({ ...sound, epoch: undefined });
    openedAs('e');
    judge({ ...sound, ...change });
    expect(objection()).toContain(why);
    judge(sound);
    expect(objection()).toBeUndefined();
  });

  test('memory that is used to 70 % is told once, and at /readyz for as long as it is', () => {
    const { judge, remark, events } = standing();
    judge({ ...sound, memoryShare: 0.69 });
    expect(remark()).toBeUndefined();
    judge({ ...sound, memoryShare: 0.7 });
    judge({ ...sound, memoryShare: 0.756 });
    expect(remark()).toBe('Redis uses 75 % of its maxmemory; at 100 % nothing more is accepted.');
    expect(events).toEqual(['store.memory-high 70']);
    judge({ ...sound, memoryShare: 0.5 });
    expect(remark()).toBeUndefined();
  });
});

describe.runIf(hasRedisServer)('a Redis that changes under a gateway', () => {
  async function setUp(settings: Readonly<Record<string, string>> = {}) {
    const server = await startRedisServer(settings);
    onTestFinished(() => server.dispose());
    const redis = new Redis(server.url);
    redis.on('error', () => {});
    onTestFinished(() => redis.disconnect());
    return { server, redis };
  }
  async function open({ url }: RedisServer): Promise<Store> {
    const codec = createRecordCodec(new Uint8Array(32).fill(7));
    const store = await openRedisStore({ url, codec, allowWeak: false });
    onTestFinished(() => store.close());
    return store;
  }
  const append = (store: Store) => store.write({ append: [{ log: 'log', entry: 1 }] });
  /** Every new connection is looked at. */
  const cut = (redis: Redis) => redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  const whyNot = (store: Store): string => {
    const health = store.health();
    return health.ok ? '' : health.why;
  };

  test('in its settings is written to no more, and again once they are right, without a restart', async () => {
    const { server, redis } = await setUp();
    const store = await open(server);
    await append(store);
    await redis.config('SET', 'no-appendfsync-on-rewrite', 'yes');
    await cut(redis);
    await until(() => whyNot(store).includes('could lose what it acknowledges'));
    await expect(append(store)).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'NO' });
    expect((await store.readLog('log', 0, 10)).head).toBe(1);
    await redis.config('SET', 'no-appendfsync-on-rewrite', 'no');
    await until(() => store.health().ok);
    expect(await append(store)).toEqual({ committed: true, positions: [2] });
  });

  test('in its data is not written to: keys that were used before would be free', async () => {
    const { server, redis } = await setUp();
    const store = await open(server);
    await append(store);
    await redis.flushall();
    await cut(redis);
    await until(() => whyNot(store).includes('other data'));
    await expect(append(store)).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'NO' });
    expect(await redis.keys('*log*')).toEqual([]);
  });

  test('by a replica that comes says yes only with one from then on', async () => {
    const { server, redis } = await setUp();
    const store = await open(server);
    expect(store.durability()).toBe('REDIS_AOF_ALWAYS');
    const { server: replica } = await setUp({ replicaof: `127.0.0.1 ${server.port}` });
    await until(async () => {
      await cut(redis);
      await until(() => store.health().ok);
      return store.durability() === 'REDIS_REPLICA';
    });
    await until(() =>
      append(store).then(
        () => true,
        () => false,
      ),
    );
    await replica.kill();
    await until(async () => !(await redis.info('replication')).includes('slave0'));
    await cut(redis);
    await until(() => whyNot(store).includes('lost its replica'));
    await expect(append(store)).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'NO' });
    await replica.restart();
    await until(() => store.health().ok);
    await until(() =>
      append(store).then(
        () => true,
        () => false,
      ),
    );
  });

  test('by nothing, says yes to a key that was used only once its first use is with the replica', async () => {
    const { server } = await setUp({ appendonly: 'no' });
    const { server: replica } = await setUp({ replicaof: `127.0.0.1 ${server.port}`, appendonly: 'no' });
    let store: Store | undefined;
    await until(async () => {
      store = await open(server).catch(() => undefined);
      return store !== undefined;
    });
    const opened = store as unknown as Store;
    await until(() =>
      append(opened).then(
        () => true,
        () => false,
      ),
    );
    replica.freeze();
    const first = { expect: [{ key: 'a', version: 0 }], put: [{ key: 'a', value: 1 }] };
    await expect(opened.write(first)).rejects.toMatchObject({ wrote: 'MAYBE' });
    expect((await opened.get('a'))?.version).toBe(1);
    // It stands there, and would be gone after a failover: neither a conflict nor a question may be answered yet.
    await expect(opened.write(first)).rejects.toMatchObject({ wrote: 'MAYBE' });
    await expect(opened.write({ expect: [{ key: 'a', version: 1 }] })).rejects.toMatchObject({ wrote: 'MAYBE' });
    await expect(opened.readLog('log', 0, 10)).rejects.toMatchObject({ wrote: 'NO' });
    replica.thaw();
    await until(() =>
      opened.write({ expect: [{ key: 'a', version: 1 }] }).then(
        () => true,
        () => false,
      ),
    );
    expect(await opened.write(first)).toEqual({ committed: false, conflicts: ['a'] });
  });
});
