/**
 * How many codes may be out, and how many wrong ones may come, kept so that all gateways share it. A counter has the
 * number of its window in its name, so what is given back late never touches the next window.
 */
import type { Clock, Instant } from '../clock.ts';
import { RateLimited } from '../errors.ts';
import { type Store, StoreUnavailable, storeKey } from '../store.ts';
import type { Tenant } from '../tenant.ts';
import { type Addressed, dayMs, destinationIdentity, type SentChannel, type TakenPlace } from './otp-challenge.ts';
import { createSlidingWindow } from './otp-window.ts';

/** RateLimited.scope: stable words, which the schema lists. */
export const otpScopes = {
  resend: 'OTP resends to this destination',
  destination: 'OTP codes to this destination',
  client: 'OTP codes of this client address',
  neighbours: 'OTP codes to neighbouring numbers',
  tenant: 'unverified OTP codes of this tenant',
  failures: 'OTP failures of this destination',
  totpFailures: 'TOTP failures of this user',
} as const;

/** What was taken, so that it can be given back. */
export interface Taken {
  readonly places: readonly TakenPlace[];
  /** Those of them that a verified code gives back. */
  readonly unverified: readonly TakenPlace[];
}

export interface OtpLimits {
  /** Takes a place in each, or in none. @throws RateLimited */
  takeSending(
    tenant: Tenant,
    to: { readonly channel: SentChannel; readonly destination: string; readonly clientNetwork?: string | undefined },
  ): Promise<Taken>;
  /**
   * Before anything is compared: a failure is taken to have happened until it did not. SecureKey has one code a
   * destination for all tenants of an account, so their guesses count together. @throws RateLimited
   */
  takeFailure(challenge: Addressed): Promise<Taken>;
  /** `left`: how many more may fail. @throws RateLimited */
  takeTotpFailure(tenant: Tenant, userId: string): Promise<Taken & { readonly left: number }>;
  /** Where the store has gone away it stays taken: that is the safe side, and no reason to fail. */
  giveBack(places: readonly TakenPlace[]): Promise<void>;
  /** One try of a challenge: how many are left behind it; undefined where there was none. */
  takeTry(challengeKey: string): Promise<number | undefined>;
  giveTryBack(challengeKey: string): Promise<void>;
  triesLeft(challengeKey: string): Promise<number>;
}

const maxTries = 5;

const hourMs = 3_600_000;
const fiveMinutesMs = 300_000;
/** Korea has no summer time: its days begin at 15:00 UTC. */
const koreaOffsetMs = 9 * hourMs;
/** By the clock's hour, so that around its turn it may be twice as many: it only slows one asker among many down. */
const maxCodesOfClientAnHour = 10;
/**
 * In any hour, wherever it begins: this is what bounds pumping, whose numbers are neighbours. There is no breaker besides,
 * on how few of the last codes were verified. It could only refuse the whole tenant, so that anybody could shut its honest
 * users out with some 160 codes to scattered numbers; neighbouring ones end here long before it would see them, and what
 * scattered ones may cost is `maxUnverifiedPerHour`, the one guard that refuses all.
 */
const maxUnverifiedOfNeighboursAnHour = 20;
/** By the clock's hour too: a counter carries any number that a tenant may be given, and its turn doubles it at most. */
const defaultMaxUnverifiedOfTenantAnHour = 1_000;
const maxFailuresADay = 10;
const maxTotpFailuresInFiveMinutes = 5;

interface Rule {
  readonly scope: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly isUnverified?: boolean;
  take(): Promise<{ readonly place: TakenPlace; readonly left: number } | { readonly retryAt: Instant }>;
}

export function createOtpLimits({ store, clock }: { readonly store: Store; readonly clock: Clock }): OtpLimits {
  const sliding = createSlidingWindow({ store, clock });

  /** As many by a window that begins with the clock's day or hour. */
  function fixed(scope: string, limit: number, windowMs: number, ...name: readonly string[]): Rule {
    const window = Math.floor((clock.now() + koreaOffsetMs) / windowMs);
    const retryAt = (window + 1) * windowMs - koreaOffsetMs;
    const key = storeKey('otp-limit', ...name, window);
    return {
      scope,
      limit,
      windowMs,
      async take() {
        const { added, value } = await store.add(key, 1, { max: limit, ttlMs: 2 * windowMs });
        return added ? { place: { key }, left: limit - value } : { retryAt };
      },
    };
  }

  /** As many in any window. */
  function exact(scope: string, limit: number, windowMs: number, ...name: readonly string[]): Rule {
    const key = storeKey('otp-window', ...name);
    return {
      scope,
      limit,
      windowMs,
      async take() {
        const taken = await sliding.take(key, { limit, windowMs });
        return 'id' in taken ? { place: { key, id: taken.id }, left: taken.left } : taken;
      },
    };
  }

  async function take(rules: readonly Rule[]): Promise<Taken & { readonly left: number }> {
    const places: TakenPlace[] = [];
    const unverified: TakenPlace[] = [];
    let least = Number.POSITIVE_INFINITY;
    for (const rule of rules) {
      const taken = await rule.take();
      if ('retryAt' in taken) {
        await giveBack(places);
        const { scope, limit, windowMs } = rule;
        throw new RateLimited(scope, { retryAt: taken.retryAt, limit, windowSeconds: windowMs / 1_000 });
      }
      places.push(taken.place);
      if (rule.isUnverified === true) unverified.push(taken.place);
      least = Math.min(least, taken.left);
    }
    return { places, unverified, left: least };
  }

  async function giveBack(places: readonly TakenPlace[]): Promise<void> {
    // The time to live is for a counter that is gone by now: it must not come back for ever.
    const give = ({ key, id }: TakenPlace) =>
      id === undefined ? store.add(key, -1, { ttlMs: fiveMinutesMs }) : sliding.giveBack(key, id);
    await Promise.all(places.map((place) => unlessGone(give(place))));
  }

  async function unlessGone(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }

  const triesKey = (challengeKey: string): string => storeKey('otp-tries', challengeKey);

  return {
    takeSending(tenant, { channel, destination, clientNetwork }) {
      const { id, otp } = tenant;
      const rules: Rule[] = [];
      if (clientNetwork !== undefined) {
        const client = store.keyedHash(clientNetwork);
        rules.push(fixed(otpScopes.client, maxCodesOfClientAnHour, hourMs, 'client', id, client));
      }
      if (channel === 'SMS') {
        const neighbours = store.keyedHash(`neighbours ${destination.slice(0, -4)}`);
        const most = otp?.maxUnverifiedPerHour ?? defaultMaxUnverifiedOfTenantAnHour;
        rules.push(
          {
            ...exact(otpScopes.neighbours, maxUnverifiedOfNeighboursAnHour, hourMs, 'neighbours', id, neighbours),
            isUnverified: true,
          },
          { ...fixed(otpScopes.tenant, most, hourMs, 'tenant', id), isUnverified: true },
        );
      }
      return take(rules);
    },
    takeFailure({ tenant, channel, destination, account }) {
      const whose = store.keyedHash(destinationIdentity(destination));
      const rules = [fixed(otpScopes.failures, maxFailuresADay, dayMs, 'failures', tenant, channel, whose)];
      if (account !== undefined) {
        rules.push(fixed(otpScopes.failures, maxFailuresADay, dayMs, 'account-failures', account, channel, whose));
      }
      return take(rules);
    },
    takeTotpFailure(tenant, userId) {
      const whose = [tenant.id, store.keyedHash(userId)];
      return take([
        fixed(otpScopes.totpFailures, maxTotpFailuresInFiveMinutes, fiveMinutesMs, 'totp-now', ...whose),
        fixed(otpScopes.totpFailures, maxFailuresADay, dayMs, 'totp-day', ...whose),
      ]);
    },
    giveBack,
    async takeTry(challengeKey) {
      const { added, value } = await store.add(triesKey(challengeKey), 1, { max: maxTries, ttlMs: dayMs });
      return added ? maxTries - value : undefined;
    },
    giveTryBack: (challengeKey) => unlessGone(store.add(triesKey(challengeKey), -1, { ttlMs: dayMs })),
    async triesLeft(challengeKey) {
      const { value } = await store.add(triesKey(challengeKey), 0, { ttlMs: dayMs });
      return Math.max(0, maxTries - value);
    },
  };
}
