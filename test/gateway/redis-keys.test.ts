import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SendSmsDocument, type SmsProvider } from '../generated/operations.ts';
import { startGateway, startSimulators } from '../support/gateway.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

/** What stands for as long as the data is kept: messages, reports, what leads to them, their order and age, and their logs. */
const kept = [
  /^record:(message|reference|ngs-report)\//,
  /^index:(messages|ngs-reports)\//,
  // One entry for each tenant that ever queued something there.
  /^index:queued-tenants\//,
  /^index:forgetting\/(messages|ngs-reports)\//,
  /^(log|head):\w+\/(messages|ngs-reports)$/,
  // One for each lease that there ever was, and there are as many as accounts: their numbers must never begin anew.
  /^token:/,
  /^meta$/,
];
/** The same of the account's orders, whose feed runs beside them. */
const ofTheFeed = [/^record:commerce-feed\//, /^(log|head):default\/NAVER_COMMERCE\/order-changes$/];
const openWork = /^index:(outbox|submitting|unconfirmed|look-ups|deadlines)/;

describe.runIf(hasRedisServer)('Redis, once every message is settled', () => {
  it('holds no open work, and lets everything lapse but the messages, their order and their logs', async () => {
    const server = await startRedisServer({ appendfsync: 'everysec' });
    onTestFinished(() => server.dispose());
    const redis = new Redis(server.url);
    onTestFinished(() => redis.disconnect());
    const simulators = Object.entries((await startSimulators()).env);
    const env = Object.fromEntries(simulators.filter(([name]) => /^(NGS|SENS)_/.test(name)));
    const folder = await temporaryFolder();
    const settings = { GWANMUN_DATA_DIR: folder, REDIS_URL: server.url, GWANMUN_ALLOW_WEAK_REDIS: 'true' };
    const gateway = await startGateway({ ...settings, ...env });
    const keysOf = async (): Promise<readonly string[]> =>
      (await redis.keys('{gwanmun}:*')).map((key) => key.slice('{gwanmun}:'.length));

    await Promise.all(
      Array.from({ length: 20 }, async (_, nth) => {
        const provider: SmsProvider = nth % 2 === 0 ? 'NGS' : 'SENS';
        const input = {
          idempotencyKey: `key ${nth}`,
          to: '01012345678',
          text: 'hello',
          providers: [provider],
        };
        const { sendSms } = await gateway.query(SendSmsDocument, { input });
        expect(sendSms.__typename).toBe('Message');
      }),
    );
    const isDelivered = async (): Promise<boolean> =>
      (await redis.zcard('{gwanmun}:index:messages/default/state/DELIVERED')) === 20;
    await until(isDelivered);
    expect((await keysOf()).filter((key) => openWork.test(key))).toEqual([]);

    const lasting: string[] = [];
    for (const key of await keysOf()) if ((await redis.pttl(`{gwanmun}:${key}`)) === -1) lasting.push(key);
    expect(lasting.filter((key) => ![...kept, ...ofTheFeed].some((form) => form.test(key)))).toEqual([]);
    // Each kind is there, so that a change of the names cannot make the comparison empty.
    for (const form of kept) expect(lasting.filter((key) => form.test(key))).not.toEqual([]);
    expect((await keysOf()).some((key) => key.startsWith('record:idempotency/'))).toBe(true);
  });
});
