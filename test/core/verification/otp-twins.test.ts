import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RateLimited } from '../../../src/core/errors.ts';
import type { Store } from '../../../src/core/store.ts';
import type { OtpChallenge, OtpService } from '../../../src/core/verification/otp.ts';
import { createRecordCodec } from '../../../src/store/record-codec.ts';
import { openRedisStore } from '../../../src/store/redis.ts';
import { failureOf, type OtpCore, otpCore, shop, testClock } from '../../support/otp-core.ts';
import { hasRedisServer, startRedisServer } from '../../support/redis-server.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

async function redisStore(): Promise<Store> {
  const redis = await startRedisServer();
  onTestFinished(() => redis.dispose());
  const codec = createRecordCodec(new Uint8Array(32).fill(7));
  const store = await openRedisStore({ url: redis.url, codec, namespace: randomUUID(), allowWeak: false });
  onTestFinished(() => store.close());
  return store;
}

/** Whoever reads a key second, before it is used, gets to hear so only once it is: the worst that a twin can meet. */
async function lateStore(): Promise<Store> {
  const store = await temporaryStore();
  const readers = new Map<string, number>();
  return {
    ...store,
    async get<T>(key: string) {
      const found = await store.get<T>(key);
      if (found !== undefined || !key.startsWith('idempotency')) return found;
      const nth = (readers.get(key) ?? 0) + 1;
      readers.set(key, nth);
      if (nth === 2) await until(async () => (await store.get(key)) !== undefined);
      return undefined;
    },
  };
}

describe('twins over two gateways', { timeout: 60_000 }, () => {
  const stores = [
    ['the embedded store', lateStore, true],
    ['Redis', redisStore, hasRedisServer],
  ] as const;
  const ways = stores.flatMap(([name, open, isHere]) =>
    (['SENS', 'SECUREKEY'] as const).flatMap((provider) => (isHere ? [[provider, name, open] as const] : [])),
  );

  it.each(ways)('are one challenge and one code by %s, in each of 20 rounds, on %s', async (provider, _name, open) => {
    const core = await otpCore({ store: await open(), clock: testClock(Date.now()) });
    const gateways = [core.otp, core.another()];
    const { script } = core.verification;
    script.sendSmsCode = () => new Promise((resolve) => setImmediate(resolve, {}));
    for (let round = 0; round < 20; round += 1) {
      const phone = `010${2_000 + round}5678`;
      const twins = Array.from({ length: 4 }, (_, nth) =>
        (gateways[nth % 2] as OtpService).request(shop, {
          idempotencyKey: `round ${round}`,
          channel: 'SMS',
          phone,
          purpose: 'login',
          provider,
          clientAddress: `198.51.100.${round}`,
        }),
      );
      const answers = await Promise.all(twins);
      expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
      expect(core.providers[0]?.submissions.length ?? 0).toBe(provider === 'SENS' ? round + 1 : 0);
      expect(core.verification.calls).toHaveLength(provider === 'SECUREKEY' ? round + 1 : 0);
    }
  });
});

describe('a key whose call to SecureKey is under way elsewhere', () => {
  interface Calling {
    readonly core: OtpCore;
    readonly first: Promise<OtpChallenge>;
    settle(how: 'SENT' | 'REFUSED'): void;
    /** By another gateway. */
    again(): Promise<OtpChallenge>;
  }

  async function calling(): Promise<Calling> {
    const core = await otpCore();
    let settle: Calling['settle'] = () => undefined;
    core.verification.script.sendSmsCode = () =>
      new Promise((resolve, reject) => {
        settle = (how) => (how === 'SENT' ? resolve({}) : reject(new RateLimited('SecureKey', { retryAt: 5 })));
      });
    const input = {
      idempotencyKey: 'k',
      channel: 'SMS',
      phone: '01012345678',
      purpose: 'login',
      provider: 'SECUREKEY',
    } as const;
    const first = core.request(input);
    await until(() => core.verification.calls.length === 1);
    return { core, first, settle: (how) => settle(how), again: () => core.another().request(shop, input) };
  }

  it('waits for it, and answers what came of it', async () => {
    const { core, first, settle, again } = await calling();
    const twins = [again(), again()];
    settle('SENT');
    const { id } = await first;
    for (const twin of await Promise.all(twins)) expect(twin).toMatchObject({ id, delivery: 'SENT' });
    expect(core.verification.calls).toHaveLength(1);
  });

  it('is free where the call is refused: no twin was told of a challenge that then went', async () => {
    const { core, first, settle, again } = await calling();
    const own = first.catch((error) => error);
    let isAnswered = false;
    const twin = again().finally(() => {
      isAnswered = true;
    });
    // The twin reads the intent some times over.
    const { get } = core.store;
    let reads = 0;
    core.store.get = (key) => {
      reads += 1;
      return get(key);
    };
    await until(() => reads >= 3 || isAnswered);
    expect(isAnswered).toBe(false);
    core.verification.script.sendSmsCode = async () => ({});
    settle('REFUSED');
    const { id, delivery } = await twin;
    expect(delivery).toBe('SENT');
    // Refused here, and answered by its twin where that was faster.
    const heard = await own;
    if (heard instanceof RateLimited) expect(heard.scope).toBe('SecureKey');
    else expect(heard).toMatchObject({ id });
    expect(await core.otp.challenges(shop.id, [id])).toMatchObject([{ delivery: 'SENT' }]);
    expect(core.verification.calls).toHaveLength(2);
  });

  it('is UNCONFIRMED where nothing was heard for longer than a call takes, and no late refusal takes that back', async () => {
    const { core, first, settle, again } = await calling();
    const { id, delivery } = await again();
    expect(delivery).toBe('UNCONFIRMED');
    settle('REFUSED');
    expect(await first).toMatchObject({ id, delivery: 'UNCONFIRMED' });
    expect(await core.otp.challenges(shop.id, [id])).toMatchObject([{ id, delivery: 'UNCONFIRMED' }]);
    expect(await failureOf(core.request({ provider: 'SECUREKEY' }))).toBeInstanceOf(RateLimited);
    expect(core.verification.calls).toHaveLength(1);
  });
});
