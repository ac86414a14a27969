import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Store, StoreUnavailable } from '../../src/core/store.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { connectRedis } from '../../src/store/redis-connection.ts';
import { createRedisStanding } from '../../src/store/redis-standing.ts';
import { hasRedisServer, type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { describeStore } from '../support/store-contract.ts';
import { startTcpFaultProxy } from '../support/tcp-fault-proxy.ts';
import { until } from '../support/until.ts';

const codec = createRecordCodec(new Uint8Array(32).fill(7));

if (!hasRedisServer) {
  test.skip('the Redis driver is not tested: there is no redis-server in the PATH', () => {});
} else {
  let shared: RedisServer;
  beforeAll(async () => {
    shared = await startRedisServer();
  });
  afterAll(() => shared.dispose());

  describeStore('redis', async () => {
    const options = { url: shared.url, codec, namespace: randomUUID(), allowWeak: false };
    let store = await openRedisStore(options);
    return {
      store,
      async reopen() {
        await store.close();
        store = await openRedisStore(options);
        return store;
      },
      files: () => shared.files(),
      dispose: () => store.close(),
    };
  });

  describe('redis: a yes is durable, and a lost reply is no second write', () => {
    const disposals: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const dispose of disposals.splice(0).reverse()) await dispose();
    });
    const start = async (settings: Readonly<Record<string, string>> = {}) => {
      const server = await startRedisServer(settings);
      disposals.push(() => server.dispose());
      return server;
    };
    const open = async (url: string, allowWeak = false): Promise<Store> => {
      const store = await openRedisStore({ url, codec, allowWeak });
      disposals.push(() => store.close());
      return store;
    };
    const administer = (server: RedisServer) => {
      const redis = new Redis(server.url);
      disposals.push(async () => redis.disconnect());
      return redis;
    };
    const append = (store: Store) => store.write({ append: [{ log: 'log', entry: 1 }] });

    test('a write, a claim, an addition and a lease whose reply is lost each happen once and are answered', async () => {
      const server = await start();
      const proxy = await startTcpFaultProxy(server.port);
      disposals.push(() => proxy.close());
      const store = await open(`redis://127.0.0.1:${proxy.port}`);
      await store.write({ index: [{ index: 'due', key: 'a', sort: 1 }] });
      let cuts = 0;
      const losing = async <T>(act: () => Promise<T>): Promise<T> => {
        proxy.cutReplies('EVALSHA', 1);
        const answer = await act();
        expect(proxy.repliesCut()).toBe(++cuts);
        return answer;
      };
      // Known to the server beforehand, so that the reply that is cut is the script's own and not NOSCRIPT.
      await append(store);
      await store.add('n', 1);
      await store.acquireLease('first lease', 'one', 1_000);
      await store.claimDue('other', { now: 1, limit: 1, holdMs: 1 });
      for (let position = 2; position <= 20; position++) {
        expect(await losing(() => append(store))).toEqual({ committed: true, positions: [position] });
      }
      expect((await store.readLog('log', 0, 100)).entries).toHaveLength(20);
      expect(await losing(() => store.add('n', 1))).toEqual({ value: 2, added: true });
      expect(await losing(() => store.acquireLease('lease', 'one', 60_000))).toEqual({ name: 'lease', token: 1 });
      expect(await losing(() => store.claimDue('due', { now: 5, limit: 9, holdMs: 100 }))).toEqual(['a']);
      expect(await store.sortOf('due', ['a'])).toEqual([105]);
    });

    test('control: without an operation id the same loss makes two of one', async () => {
      const server = await start();
      const proxy = await startTcpFaultProxy(server.port);
      disposals.push(() => proxy.close());
      const plain = new Redis(`redis://127.0.0.1:${proxy.port}`);
      disposals.push(async () => plain.disconnect());
      plain.on('error', () => {});
      await plain.ping();
      proxy.cutReplies('incr', 1);
      expect(await plain.incr('n')).toBe(2);
    });

    test('the client sends nothing again by itself: a command whose reply is lost reaches the server once', async () => {
      const server = await start();
      const proxy = await startTcpFaultProxy(server.port);
      disposals.push(() => proxy.close());
      const connection = await connectRedis({
        url: `redis://127.0.0.1:${proxy.port}`,
        prefix: '{n}',
        standing: createRedisStanding({ place: 'here', allowWeak: false }),
        onAppended: () => {},
        onListening: () => {},
      });
      disposals.push(() => connection.close());
      // Either of them hides that the other is missing: a client without both sends the command twice.
      expect(connection.commands.options).toMatchObject({
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
      });
      proxy.cutReplies('incr', 1);
      await expect(connection.read((redis) => redis.incr('n'))).rejects.toMatchObject({ name: 'StoreUnavailable' });
      expect(proxy.repliesCut()).toBe(1);
      // A client that repeats does so before it sends what is asked of it once it is connected again.
      await until(() => connection.commands.status === 'ready');
      expect(await connection.read((redis) => redis.ping())).toBe('PONG');
      const redis = administer(server);
      expect(await redis.info('commandstats')).toMatch(/cmdstat_incr:calls=1,/);
      expect(await redis.get('n')).toBe('1');
    });

    test('when every repetition is lost too, the caller hears that it may have been written', async () => {
      const server = await start();
      const proxy = await startTcpFaultProxy(server.port);
      disposals.push(() => proxy.close());
      const store = await open(`redis://127.0.0.1:${proxy.port}`);
      await append(store);
      proxy.cutReplies('EVALSHA', Number.POSITIVE_INFINITY);
      await expect(append(store)).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'MAYBE' });
      expect(proxy.repliesCut()).toBeGreaterThan(1);
      proxy.cutReplies('EVALSHA', 0);
      await until(async () => {
        const page = await store.readLog('log', 0, 10).catch(() => undefined);
        return page?.head === 2;
      });
    });

    test('a Redis that is gone is an error at once that wrote nothing, and its return needs no restart', async () => {
      const server = await start();
      const store = await open(server.url);
      await append(store);
      expect(store.health()).toEqual({ ok: true });
      await server.kill();
      await until(() => !store.health().ok);
      expect(store.health()).toEqual({ ok: false, why: 'Redis is not connected.' });
      await until(async () => {
        const failure: unknown = await append(store).catch((error: unknown) => error);
        return failure instanceof StoreUnavailable && failure.wrote === 'NO';
      });
      await expect(store.get('a')).rejects.toBeInstanceOf(StoreUnavailable);
      await server.restart();
      await until(async () => (await store.readLog('log', 0, 10).catch(() => undefined)) !== undefined);
      const { head, entries } = await store.readLog('log', 0, 10);
      expect(entries).toHaveLength(head);
      expect(await append(store)).toEqual({ committed: true, positions: [head + 1] });
      expect(store.health()).toEqual({ ok: true });
    });

    test('a Redis that is frozen ends each call in an error instead of holding it', async () => {
      const server = await start();
      const store = await open(server.url);
      await append(store);
      server.freeze();
      const outcomes = await Promise.allSettled([append(store), store.readLog('log', 0, 1), store.add('n', 1)]);
      expect(store.health()).toMatchObject({ ok: false, why: expect.stringMatching(/^Redis/) });
      server.thaw();
      expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toMatchObject([
        { name: 'StoreUnavailable', wrote: 'MAYBE' },
        { name: 'StoreUnavailable', wrote: 'NO' },
        { name: 'StoreUnavailable', wrote: 'MAYBE' },
      ]);
      // Nobody asks it anything: it finds out by itself.
      await until(() => store.health().ok);
      expect(await store.get('a')).toBeUndefined();
    });

    test('a Redis out of memory or turned read-only refuses writes, says that nothing was written, and goes on reading', async () => {
      const server = await start();
      const store = await open(server.url);
      await append(store);
      const redis = administer(server);
      await redis.config('SET', 'maxmemory', '1');
      await expect(append(store)).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'NO' });
      expect((await store.readLog('log', 0, 10)).head).toBe(1);
      expect(store.health()).toEqual({
        ok: false,
        why: 'Redis has failed the last write (OOM: its memory is full: raise maxmemory).',
      });
      await redis.config('SET', 'maxmemory', '0');
      expect(await append(store)).toEqual({ committed: true, positions: [2] });
      expect(store.health()).toEqual({ ok: true });
      await redis.replicaof('127.0.0.1', 1);
      await expect(append(store)).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'NO' });
      await redis.replicaof('NO', 'ONE');
      await until(async () => (await append(store).catch(() => undefined)) !== undefined);
      expect((await store.readLog('log', 0, 10)).head).toBe(3);
    });

    test('a watcher hears of an append by another gateway, even when nothing is pushed', async () => {
      const server = await start();
      const one = await open(server.url);
      const other = await open(server.url);
      let calls = 0;
      one.watchLog('log', () => calls++);
      await append(other);
      await until(() => calls > 0);
      const redis = administer(server);
      // The poll has learned the head once this is past; then the listening connection is made deaf.
      const afterFirst = calls;
      await until(() => calls > afterFirst);
      await redis.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await redis.call('ACL', 'SETUSER', 'default', 'resetchannels');
      const deaf = calls;
      expect(await append(other)).toEqual({ committed: true, positions: [2] });
      await until(() => calls > deaf);
    });

    test('weak settings are refused with every fault named, or allowed and said', async () => {
      const server = await start({ appendfsync: 'everysec', 'maxmemory-policy': 'allkeys-lru' });
      const refusal = open(server.url);
      await expect(refusal).rejects.toThrow('maxmemory-policy is allkeys-lru, not noeviction');
      await expect(refusal).rejects.toThrow('neither appendonly yes with appendfsync always nor an online replica');
      await expect(refusal).rejects.toThrow('GWANMUN_ALLOW_WEAK_REDIS=true');
      expect((await open(server.url, true)).durability()).toBe('WEAK');
      expect((await open(shared.url)).durability()).toBe('REDIS_AOF_ALWAYS');
    });

    test('with a replica a yes waits for it, and without its word the caller hears that it may have been written', async () => {
      const primary = await start({ appendonly: 'no' });
      const replica = await start({ replicaof: `127.0.0.1 ${primary.port}`, appendonly: 'no' });
      let store: Store | undefined;
      await until(async () => {
        store = await open(primary.url).catch(() => undefined);
        return store !== undefined;
      });
      if (store === undefined) throw new Error('it was opened');
      expect(store.durability()).toBe('REDIS_REPLICA');
      const writer = store;
      const many = () => Promise.all(Array.from({ length: 50 }, () => append(writer)));
      // A replica that has just come may miss the first deadline.
      await until(() =>
        many().then(
          () => true,
          () => false,
        ),
      );
      await expect(open(replica.url)).rejects.toThrow('is a replica. Set REDIS_URL to the primary.');
      replica.freeze();
      await expect(append(store)).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'MAYBE' });
      replica.thaw();
      await until(() =>
        append(writer).then(
          () => true,
          () => false,
        ),
      );
    });

    test('an address where no Redis answers is refused without its password, and so is another data key', async () => {
      const server = await start();
      await open(server.url);
      const other = createRecordCodec(new Uint8Array(32).fill(8));
      await expect(openRedisStore({ url: server.url, codec: other, allowWeak: false })).rejects.toThrow(
        'was written with another GWANMUN_DATA_KEY',
      );
      await server.kill();
      const url = `redis://user:hidden@127.0.0.1:${server.port}`;
      const failure: unknown = await open(url).catch((error: unknown) => error);
      expect(String(failure)).toContain(`StoreRefused: Redis at 127.0.0.1:${server.port} cannot be reached`);
      expect(String(failure)).not.toContain('hidden');
    });
  });
}
