import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../../src/core/store.ts';
import { createRecordCodec } from '../../../src/store/record-codec.ts';
import { openRedisStore } from '../../../src/store/redis.ts';
import { codeTo, type OtpCore, otpCore, shop, testClock, wrongCode } from '../../support/otp-core.ts';
import type { Guesses } from '../../support/otp-guesser.ts';
import { startGuesser } from '../../support/otp-guesser-process.ts';
import { hasRedisServer, startRedisServer } from '../../support/redis-server.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

const securekey = { provider: 'SECUREKEY' } as const;

/** Guesses at one challenge, by four services on one store, all at once. */
async function storm(core: OtpCore, challengeId: string, codes: readonly string[]): Promise<number> {
  const services = Array.from({ length: 4 }, () => core.another());
  const answers = await Promise.allSettled(
    codes.map((code, at) => services[at % 4]?.verify(shop, { channel: 'SMS', challengeId, code })),
  );
  return answers.filter(({ status }) => status === 'fulfilled').length;
}

/** The same store as one that counts without looking at the bound. */
const unbounded = (store: Store): Store => ({
  ...store,
  add: (counter, amount, bound) => store.add(counter, amount, bound?.ttlMs === undefined ? {} : { ttlMs: bound.ttlMs }),
});

describe('1,000 guesses at once at one challenge', () => {
  it('are five for SecureKey to judge, and one success at most', async () => {
    const core = await otpCore();
    const { id } = await core.request(securekey);
    const successes = await storm(core, id, new Array<string>(1_000).fill('1234'));
    expect(successes).toBe(1);
    expect(core.verification.callsOf('verifySmsCode').length).toBeLessThanOrEqual(5);
  });

  it('are five for the gateway to judge: the right one behind five wrong ones is worth nothing', async () => {
    const core = await otpCore();
    const { id } = await core.request();
    const code = codeTo(core.providers[0]);
    expect(await storm(core, id, new Array<string>(5).fill(wrongCode(code)))).toBe(0);
    expect(await storm(core, id, new Array<string>(995).fill(code))).toBe(0);
  });

  it('are one success where all of them are right', async () => {
    const core = await otpCore();
    const { id } = await core.request();
    expect(await storm(core, id, new Array<string>(1_000).fill(codeTo(core.providers[0])))).toBe(1);
  });

  it('would be far more than five with a counter that is not taken atomically', async () => {
    const core = await otpCore({ store: unbounded(await temporaryStore()) });
    core.verification.script.verifySmsCode = async () => ({ verified: false, expired: false });
    const { id } = await core.request(securekey);
    await storm(core, id, new Array<string>(50).fill('1234'));
    expect(core.verification.callsOf('verifySmsCode').length).toBeGreaterThan(5);
  });

  it.runIf(hasRedisServer)('are five of four processes on Redis, and one success at most', async () => {
    const redis = await startRedisServer();
    onTestFinished(() => redis.dispose());
    const namespace = randomUUID();
    const codec = createRecordCodec(new Uint8Array(32).fill(7));
    const store = await openRedisStore({ url: redis.url, codec, namespace, allowWeak: false });
    onTestFinished(() => store.close());
    const core = await otpCore({ store, clock: testClock(Date.now()) });
    const { id } = await core.request(securekey);

    const processes = await Promise.all(
      Array.from({ length: 4 }, () =>
        startGuesser({ store: { url: redis.url, namespace }, challengeId: id, code: '123456', count: 250 }),
      ),
    );
    const answers = await Promise.all(processes.map(({ guess }) => guess()));
    const guesses = answers.map((answer) => JSON.parse(answer) as Guesses);
    const sum = (of: keyof Guesses): number => guesses.reduce((total, each) => total + each[of], 0);
    expect(sum('evaluated')).toBeLessThanOrEqual(5);
    expect(sum('successes')).toBe(1);
    expect(sum('rejected')).toBe(999);
    expect(sum('others')).toBe(0);
  });
});
