/**
 * verifyOtp: a try is taken before anything is compared, and a failure is taken to have happened until it did not, so
 * that neither a race nor a crash is ever worth a guess. Success is a compare-and-set on the challenge: there is one.
 */
import type { Clock, Instant } from '../clock.ts';
import { MfaRequired, OtpRejected, ProviderRejected, ProviderUnavailable, RateLimited } from '../errors.ts';
import type { ProviderFault } from '../outcome.ts';
import type { Store } from '../store.ts';
import { externalUserId, type Tenant } from '../tenant.ts';
import type { ChallengeStore, LiveChallenge, OtpChannel, StoredChallenge } from './otp-challenge.ts';
import { type JudgedAttempt, judgeAttempt, type VerifyOtpInput } from './otp-input.ts';
import type { OtpLimits } from './otp-limits.ts';
import type { CodeVerdict, VerificationProvider } from './provider.ts';

export interface OtpVerified {
  readonly verifiedAt: Instant;
  readonly channel: OtpChannel;
}

export interface OtpVerifier {
  /** @throws OtpRejected, or another GatewayError. */
  verify(tenant: Tenant, input: VerifyOtpInput): Promise<OtpVerified>;
}

export interface OtpVerifierOptions {
  readonly store: Store;
  readonly challenges: ChallengeStore;
  readonly limits: OtpLimits;
  readonly verification: VerificationProvider | undefined;
  readonly clock: Clock;
}

export function createOtpVerifier(options: OtpVerifierOptions): OtpVerifier {
  const { store, challenges, limits, verification, clock } = options;

  async function verifySent(
    tenant: Tenant,
    given: Extract<JudgedAttempt, { channel: 'SMS' | 'EMAIL' }>,
    code: string,
  ): Promise<OtpVerified> {
    const live = await find(tenant, given);
    if (live === undefined) throw gone();
    const { value: challenge } = live.challenge;
    const key = challenges.key(tenant.id, challenge.id);
    const left = await limits.takeTry(key);
    if (left === undefined) throw new OtpRejected({ attemptsLeft: 0, expired: false });
    let failure: Awaited<ReturnType<OtpLimits['takeFailure']>>;
    try {
      failure = await limits.takeFailure(challenge);
    } catch (error) {
      // Nothing was compared.
      if (error instanceof RateLimited) await limits.giveTryBack(key);
      throw error;
    }
    let verdict: CodeVerdict;
    try {
      verdict = await judge(challenge, code);
    } catch (error) {
      if (isUnheard(error)) await Promise.all([limits.giveTryBack(key), limits.giveBack(failure.places)]);
      if (isUnjudged(error)) await limits.giveBack(failure.places);
      throw error;
    }
    if (!verdict.verified) throw rejected(verdict, left);
    const verifiedAt = await use(live);
    if (verifiedAt === undefined) throw gone();
    await limits.giveBack([...failure.places, ...challenge.unverified]);
    return { verifiedAt, channel: challenge.channel };
  }

  /** The challenge that this code may be for, where it stands and has been neither used nor outlived. */
  async function find(
    tenant: Tenant,
    given: Extract<JudgedAttempt, { channel: 'SMS' | 'EMAIL' }>,
  ): Promise<LiveChallenge | undefined> {
    // What is garbage or another tenant's is looked for in vain, as what never was.
    const id =
      'challengeId' in given
        ? given.challengeId
        : (await challenges.destinationAt(challenges.destinationKey(tenant.id, given.channel, given.destination)))
            ?.value.challengeId;
    const challenge = await challenges.load(tenant.id, id ?? '');
    if (challenge === undefined || challenge.value.channel !== given.channel) return undefined;
    return isUsable(challenge.value) ? challenges.stands(challenge) : undefined;
  }

  const isUsable = ({ verifiedAt, expiresAt }: StoredChallenge): boolean =>
    verifiedAt === undefined && expiresAt > clock.now();

  async function judge(challenge: StoredChallenge, code: string): Promise<CodeVerdict> {
    if (challenge.own !== undefined) return { verified: challenges.isCodeOf(challenge, code), expired: false };
    const provider = securekey();
    return challenge.channel === 'SMS'
      ? provider.verifySmsCode({ phone: challenge.destination, code })
      : provider.verifyEmailCode({ email: challenge.destination, code });
  }

  /** Undefined where somebody else used it first, or it was replaced or ran out meanwhile. */
  async function use(live: LiveChallenge): Promise<Instant | undefined> {
    for (let present: LiveChallenge | undefined = live; present !== undefined; ) {
      const { tenant, id } = present.challenge.value;
      if (!isUsable(present.challenge.value)) return undefined;
      const verifiedAt = clock.now();
      const key = challenges.key(tenant, id);
      const { committed } = await store.write({
        expect: [{ key, version: present.challenge.version }, ...present.places],
        put: [challenges.put({ ...present.challenge.value, verifiedAt })],
      });
      if (committed) return verifiedAt;
      // It may only have heard from its provider how it was sent.
      const changed = await challenges.load(tenant, id);
      present = changed === undefined ? undefined : await challenges.stands(changed);
    }
    return undefined;
  }

  async function verifyTotp(tenant: Tenant, userId: string, code: string): Promise<OtpVerified> {
    const provider = securekey();
    const failure = await limits.takeTotpFailure(tenant, userId);
    let verdict: CodeVerdict;
    try {
      verdict = await provider.verifyTotp({ userId: externalUserId(tenant, userId), code });
    } catch (error) {
      if (isUnheard(error) || error instanceof MfaRequired) await limits.giveBack(failure.places);
      throw error;
    }
    if (!verdict.verified) throw rejected(verdict, failure.left);
    await limits.giveBack(failure.places);
    return { verifiedAt: clock.now(), channel: 'TOTP' };
  }

  function securekey(): VerificationProvider {
    if (verification !== undefined) return verification;
    throw new ProviderUnavailable('SECUREKEY is not configured.', {
      code: 'PROVIDER_DISABLED',
      outcome: 'NOT_ACCEPTED',
    });
  }

  return {
    async verify(tenant, input) {
      const given = judgeAttempt(input);
      return given.channel === 'TOTP'
        ? verifyTotp(tenant, given.userId, input.code)
        : verifySent(tenant, given, input.code);
    },
  };
}

/** One answer for what never was, was replaced, was used and ran out: it tells nothing of anybody. */
const gone = (): OtpRejected => new OtpRejected({ attemptsLeft: 0, expired: true });

function rejected({ expired, fault }: CodeVerdict, left: number): OtpRejected {
  const origin: { origin?: ProviderFault } = fault === undefined ? {} : { origin: fault };
  return new OtpRejected({ attemptsLeft: expired ? 0 : left, expired, ...origin });
}

/** The provider certainly has not looked at the code. */
const isUnheard = (error: unknown): boolean =>
  error instanceof RateLimited || (error instanceof ProviderUnavailable && error.outcome === 'NOT_ACCEPTED');

/**
 * The provider did not call the code wrong. A guess is only worth something where the answer tells right from wrong, and
 * a step-up does not: were it a failure, ten good sign-ins would lock a phone. A refusal whose words SecureKey's document
 * does not list may yet have meant a wrong code. Of a challenge its five tries bound that, so they stay taken; an
 * authenticator has no tries, so there only a step-up costs nothing.
 */
const isUnjudged = (error: unknown): boolean => error instanceof MfaRequired || error instanceof ProviderRejected;
