import { describe, expect, onTestFinished, test } from 'vitest';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { startTcpFaultProxy } from '../support/tcp-fault-proxy.ts';
import { until } from '../support/until.ts';

describe.runIf(hasRedisServer)('a line to Redis that has fallen silent', () => {
  test('is left for a new one, though nobody ends it', { timeout: 60_000 }, async () => {
    const server = await startRedisServer();
    onTestFinished(() => server.dispose());
    const line = await startTcpFaultProxy(server.port);
    onTestFinished(() => line.close());
    const codec = createRecordCodec(new Uint8Array(32).fill(7));
    const url = `redis://127.0.0.1:${line.port}`;
    const store = await openRedisStore({ url, codec, allowWeak: false });
    onTestFinished(() => store.close());
    await store.write({ put: [{ key: 'before', value: 1 }] });

    const opened = line.opened();
    line.set({ blackhole: true });
    await expect(store.get('before')).rejects.toThrow('Redis does not answer');
    // As behind a firewall that has forgotten the connection: the old one stays silent, and new ones pass.
    await until(() => line.opened() > opened);
    line.set({});
    await until(() => store.health().ok);
    expect(await store.get('before')).toMatchObject({ value: 1 });
  });
});
