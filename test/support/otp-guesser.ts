/**
 * A process of its own that guesses at one challenge, once it is told to, as many times at once as its order says, and
 * prints what came of it as JSON. Where the order says so it hangs in the judging of its first guess, for a kill.
 */
import { systemClock } from '../../src/core/clock.ts';
import { OtpRejected } from '../../src/core/errors.ts';
import type { Store } from '../../src/core/store.ts';
import { type ChallengeStore, createChallengeStore } from '../../src/core/verification/otp-challenge.ts';
import { createOtpLimits } from '../../src/core/verification/otp-limits.ts';
import { createOtpVerifier } from '../../src/core/verification/otp-verify.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { scriptedVerification } from './scripted-verification.ts';

/** Its one argument, as JSON. */
export interface GuessOrder {
  /** The folder of an embedded store, or a Redis. */
  readonly store: string | { readonly url: string; readonly namespace: string };
  readonly challengeId: string;
  readonly code: string;
  readonly count: number;
  /** Prints `judging` once a guess is being judged, by SecureKey or by the gateway, and never gets past that. */
  readonly hangs?: boolean;
  /** Counts in the memory of this process, as the store must not. */
  readonly isForgetful?: boolean;
}

/** Of one process. */
export interface Guesses {
  /** How many SecureKey was asked about. */
  readonly evaluated: number;
  readonly successes: number;
  readonly rejected: number;
  readonly others: number;
}

const order = JSON.parse(process.argv[2] ?? '') as GuessOrder;
const codec = createRecordCodec(new Uint8Array(32).fill(7));
const opened =
  typeof order.store === 'string'
    ? await openEmbeddedStore({ dataDir: order.store, codec })
    : await openRedisStore({ ...order.store, codec, allowWeak: false });
const store = order.isForgetful === true ? forgetful(opened) : opened;
const challenges = createChallengeStore(store);
const verification = scriptedVerification(order.hangs === true ? { verifySmsCode: judgeForEver } : {});
const verifier = createOtpVerifier({
  store,
  challenges: order.hangs === true ? judgedForEver(challenges) : challenges,
  limits: createOtpLimits({ store, clock: systemClock }),
  verification,
  clock: systemClock,
});
// Whose challenge it is; a file of tests cannot be read outside of one.
const tenant = { id: 'shop', callerNumbers: [], keys: [] };
process.stdout.write('ready\n');
await new Promise((resolve) => process.stdin.once('data', resolve));
const results = await Promise.allSettled(
  Array.from({ length: order.count }, () =>
    verifier.verify(tenant, { channel: 'SMS', challengeId: order.challengeId, code: order.code }),
  ),
);
const isRejected = (result: PromiseSettledResult<unknown>): boolean =>
  result.status === 'rejected' && result.reason instanceof OtpRejected;
const successes = results.filter(({ status }) => status === 'fulfilled').length;
const rejected = results.filter(isRejected).length;
const guesses: Guesses = {
  evaluated: verification.callsOf('verifySmsCode').length,
  successes,
  rejected,
  others: results.length - successes - rejected,
};
process.stdout.write(`${JSON.stringify(guesses)}\n`);
await store.close();
process.exit(0);

function judgeForEver(): Promise<never> {
  process.stdout.write('judging\n');
  return new Promise(() => undefined);
}

/** A code of ours is compared at once, so the process stands still there. */
function judgedForEver(real: ChallengeStore): ChallengeStore {
  return {
    ...real,
    isCodeOf(...compared) {
      process.stdout.write('judging\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return real.isCodeOf(...compared);
    },
  };
}

function forgetful(real: Store): Store {
  const counters = new Map<string, number>();
  return {
    ...real,
    async add(counter, amount) {
      const value = (counters.get(counter) ?? 0) + amount;
      counters.set(counter, value);
      return { value, added: true };
    },
  };
}
