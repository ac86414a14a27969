import { rm } from 'node:fs/promises';
import { Redis, ReplyError } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { REDIS_REFUSALS, refusalOf } from '../../src/store/redis-refusals.ts';
import { hasRedisServer, type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/until.ts';

const replyError = (message: string): Error => Object.assign(Object.create(ReplyError.prototype), { message });

describe('the table of refusals', () => {
  test('each says that nothing was written, what it means, and whether the address may lead elsewhere by now', () => {
    for (const code of Object.keys(REDIS_REFUSALS)) {
      expect(refusalOf(replyError(`${code} says Redis`))).toMatchObject({ code, wrote: 'NO' });
    }
    const leavers = Object.keys(REDIS_REFUSALS).filter((code) => REDIS_REFUSALS[code]?.reconnect);
    expect(leavers).toEqual(['READONLY', 'MASTERDOWN']);
  });

  test('what it does not know, and a right that was missing within a script, may have been written', () => {
    expect(refusalOf(replyError('WRONGTYPE Operation against a key'))).toMatchObject({
      code: 'WRONGTYPE',
      wrote: 'MAYBE',
    });
    expect(refusalOf(replyError('constructor of all evil'))).toMatchObject({ code: 'ERR', wrote: 'MAYBE' });
    const within = 'NOPERM User app has no permissions. script: 5cb2b1, on @user_script:9.';
    expect(refusalOf(replyError(within))).toMatchObject({ wrote: 'MAYBE' });
  });

  test('the loss of a connection or of time is no refusal', () => {
    expect(refusalOf(new Error('Command timed out'))).toBeUndefined();
  });
});

interface Injection {
  readonly code: string;
  readonly inject: (redis: Redis, server: RedisServer) => Promise<void>;
  readonly relieve: (redis: Redis) => Promise<unknown>;
}

const injections: readonly Injection[] = [
  {
    code: 'OOM',
    inject: async (redis) => void (await redis.config('SET', 'maxmemory', '1')),
    relieve: (redis) => redis.config('SET', 'maxmemory', '0'),
  },
  {
    code: 'NOREPLICAS',
    inject: async (redis) => void (await redis.config('SET', 'min-replicas-to-write', '1')),
    relieve: (redis) => redis.config('SET', 'min-replicas-to-write', '0'),
  },
  {
    code: 'BUSY',
    async inject(redis, { url }) {
      await redis.config('SET', 'busy-reply-threshold', '1');
      const other = new Redis(url);
      onTestFinished(() => other.disconnect());
      void other.eval('while true do end', 0).catch(() => undefined);
      await until(() =>
        redis.ping().then(
          () => false,
          (error) => String(error).includes('BUSY'),
        ),
      );
    },
    relieve: (redis) => redis.script('KILL'),
  },
  {
    code: 'MISCONF',
    // A snapshot that fails for want of its folder; only where snapshots are asked for do writes stop.
    async inject(redis, server) {
      const [file = ''] = await server.files();
      await redis.config('SET', 'save', '3600 1');
      await rm(file.slice(0, file.indexOf('/appendonlydir')), { recursive: true });
      await redis.bgsave();
      await until(async () => (await redis.info('persistence')).includes('rdb_last_bgsave_status:err'));
    },
    relieve: (redis) => redis.config('SET', 'save', ''),
  },
];

describe.runIf(hasRedisServer)('a Redis that refuses', () => {
  test.each(injections)(
    'with $code is answered at once, wrote nothing, and is well again by itself',
    async (injection) => {
      const server = await startRedisServer();
      onTestFinished(() => server.dispose());
      const codec = createRecordCodec(new Uint8Array(32).fill(7));
      const store = await openRedisStore({ url: server.url, codec, allowWeak: false });
      onTestFinished(() => store.close());
      const redis = new Redis(server.url);
      onTestFinished(() => redis.disconnect());
      const append = () => store.write({ append: [{ log: 'log', entry: 1 }] });
      await append();

      await injection.inject(redis, server);
      await expect(append()).rejects.toMatchObject({ name: 'StoreUnavailable', wrote: 'NO' });
      const { code } = injection;
      const why = `Redis has failed the last write (${code}: ${REDIS_REFUSALS[code]?.meaning}).`;
      expect(store.health()).toEqual({ ok: false, why });

      await injection.relieve(redis);
      await until(() => store.health().ok);
      expect(await append()).toEqual({ committed: true, positions: [2] });
    },
  );
});
