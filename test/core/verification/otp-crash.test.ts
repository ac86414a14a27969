import { randomUUID } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type { Store } from '../../../src/core/store.ts';
import { createChallengeStore, type StoredChallenge } from '../../../src/core/verification/otp-challenge.ts';
import { createOtpLimits } from '../../../src/core/verification/otp-limits.ts';
import { createOtpVerifier, type OtpVerified } from '../../../src/core/verification/otp-verify.ts';
import { openEmbeddedStore } from '../../../src/store/embedded.ts';
import { createRecordCodec } from '../../../src/store/record-codec.ts';
import { openRedisStore } from '../../../src/store/redis.ts';
import { failureOf, shop } from '../../support/otp-core.ts';
import type { GuessOrder } from '../../support/otp-guesser.ts';
import { startGuesser } from '../../support/otp-guesser-process.ts';
import { hasRedisServer, startRedisServer } from '../../support/redis-server.ts';
import { scriptedVerification } from '../../support/scripted-verification.ts';
import { temporaryFolder } from '../../support/temporary-store.ts';

const code = '123456';
const usedUp = { code: 'OTP_REJECTED', attemptsLeft: 0, expired: false };
const codec = createRecordCodec(new Uint8Array(32).fill(7));

type Where = GuessOrder['store'];

async function redis(): Promise<Where> {
  const server = await startRedisServer();
  onTestFinished(() => server.dispose());
  return { url: server.url, namespace: randomUUID() };
}

/** Opens the store as a process that was started anew does, and closes it again. */
async function at<T>(where: Where, work: (store: Store) => Promise<T>): Promise<T> {
  const store =
    typeof where === 'string'
      ? await openEmbeddedStore({ dataDir: where, codec })
      : await openRedisStore({ ...where, codec, allowWeak: false });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A challenge whose code is out; the kills may take their time. */
async function ask(where: Where, provider: 'SECUREKEY' | 'SENS'): Promise<string> {
  const now = systemClock.now();
  const id = randomUUID();
  await at(where, async (store) => {
    const challenges = createChallengeStore(store);
    const destination = '01012345678';
    const challenge: StoredChallenge = {
      id,
      tenant: shop.id,
      channel: 'SMS',
      provider,
      destination,
      purpose: 'login',
      createdAt: now,
      expiresAt: now + 3_600_000,
      resendAt: now,
      unverified: [],
      ...(provider === 'SECUREKEY'
        ? { call: 'SENT' }
        : { own: { codeMac: challenges.macOf(id, code), messageId: 'm' } }),
    };
    const place = challenges.destinationKey(shop.id, 'SMS', destination);
    await store.write({
      put: [challenges.put(challenge), challenges.putDestination(place, { challengeId: id, sentAt: [now] })],
    });
  });
  return id;
}

const triesLeft = (where: Where, id: string): Promise<number> =>
  at(where, (store) =>
    createOtpLimits({ store, clock: systemClock }).triesLeft(createChallengeStore(store).key(shop.id, id)),
  );

const verify = (where: Where, challengeId: string): Promise<OtpVerified> =>
  at(where, (store) =>
    createOtpVerifier({
      store,
      challenges: createChallengeStore(store),
      limits: createOtpLimits({ store, clock: systemClock }),
      verification: scriptedVerification(),
      clock: systemClock,
    }).verify(shop, { channel: 'SMS', challengeId, code }),
  );

/** What is left behind each of five processes that were killed while the right code was being judged. */
async function killFive(order: Pick<GuessOrder, 'store' | 'challengeId' | 'isForgetful'>): Promise<number[]> {
  const left: number[] = [];
  for (let kills = 0; kills < 5; kills += 1) {
    const guesser = await startGuesser({ ...order, code, count: 1, hangs: true });
    expect(await guesser.guess()).toBe('judging');
    await guesser.kill();
    left.push(await triesLeft(order.store, order.challengeId));
  }
  return left;
}

describe('a kill between the taking of a try and the judging of its code', { timeout: 120_000 }, () => {
  const judges = ['SECUREKEY', 'SENS'] as const;

  it.each(judges)('costs that try on the embedded store, and five leave none: %s', async (provider) => {
    const store = await temporaryFolder();
    const challengeId = await ask(store, provider);
    expect(await killFive({ store, challengeId })).toEqual([4, 3, 2, 1, 0]);
    expect(await failureOf(verify(store, challengeId))).toMatchObject(usedUp);
  });

  it.runIf(hasRedisServer).each(judges)('costs that try on Redis, and five leave none: %s', async (provider) => {
    const store = await redis();
    const challengeId = await ask(store, provider);
    expect(await killFive({ store, challengeId })).toEqual([4, 3, 2, 1, 0]);
    expect(await failureOf(verify(store, challengeId))).toMatchObject(usedUp);
  });

  it('would cost nothing with counters that are kept in the memory of the process', async () => {
    const store = await temporaryFolder();
    const challengeId = await ask(store, 'SENS');
    expect(await killFive({ store, challengeId, isForgetful: true })).toEqual([5, 5, 5, 5, 5]);
    expect(await verify(store, challengeId)).toMatchObject({ channel: 'SMS' });
  });
});
