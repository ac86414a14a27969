/**
 * Codes and authenticators, for whoever speaks for a tenant: asking for a code, verifying it, setting an authenticator
 * up, and seeing a challenge as it stands.
 */
import type { Clock, Instant } from '../clock.ts';
import { ProviderUnavailable, storeUnavailable, withoutKey } from '../errors.ts';
import type { MessageStore } from '../messaging/message-store.ts';
import type { Sender } from '../messaging/send.ts';
import type { SmsProvider } from '../provider.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { accountsOf, externalUserId, type Tenant } from '../tenant.ts';
import {
  createChallengeStore,
  deliveryOf,
  type OtpDelivery,
  type OtpProvider,
  type SentChannel,
  type StoredChallenge,
} from './otp-challenge.ts';
import { type EnrollTotpInput, judgeEnrollment, type RequestOtpInput, type VerifyOtpInput } from './otp-input.ts';
import { createOtpLimits } from './otp-limits.ts';
import { createOtpRequester } from './otp-request.ts';
import { createOtpSenders } from './otp-senders.ts';
import { createOtpVerifier, type OtpVerified } from './otp-verify.ts';
import type { VerificationProvider } from './provider.ts';

/** A challenge as its tenant may see it. */
export interface OtpChallenge {
  readonly id: string;
  readonly channel: SentChannel;
  readonly provider: OtpProvider;
  readonly expiresAt: Instant;
  readonly resendAt: Instant;
  readonly delivery: OtpDelivery;
  /** Undefined where nobody can say. */
  readonly attemptsLeft?: number;
  /** The text that carries a code of ours. */
  readonly messageId?: string;
}

export interface TotpEnrollment {
  readonly uri: string;
  /** An image of `uri` as `data:image/png;base64,…`. */
  readonly qrCodeDataUrl: string;
}

export interface OtpService {
  /** @throws GatewayError */
  request(tenant: Tenant, input: RequestOtpInput): Promise<OtpChallenge>;
  /** @throws OtpRejected, or another GatewayError. */
  verify(tenant: Tenant, input: VerifyOtpInput): Promise<OtpVerified>;
  /** @throws GatewayError */
  enrollTotp(tenant: Tenant, input: EnrollTotpInput): Promise<TotpEnrollment>;
  /** In the order of `ids`. */
  challenges(tenantId: string, ids: readonly string[]): Promise<readonly (OtpChallenge | undefined)[]>;
}

export interface OtpServiceOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly sender: Sender;
  /** That carry texts here. */
  readonly carriers: readonly SmsProvider[];
  /** Undefined where SecureKey has no settings. */
  readonly verification: VerificationProvider | undefined;
  readonly clock: Clock;
  /** How long requestOtp waits for a text to be submitted. @default 5_000 */
  readonly maxWaitMs?: number;
}

export function createOtpService(options: OtpServiceOptions): OtpService {
  const { store, messages, verification, clock } = options;
  const challenges = createChallengeStore(store);
  const limits = createOtpLimits({ store, clock });
  const senders = createOtpSenders({ ...options, challenges });
  const requester = createOtpRequester({ store, challenges, limits, senders, clock });
  const verifier = createOtpVerifier({ store, challenges, limits, verification, clock });

  async function present(challenge: StoredChallenge): Promise<OtpChallenge> {
    const { id, tenant, expiresAt, own, call, verifiedAt } = challenge;
    const [stored] = own === undefined ? [] : await messages.load([messages.key(tenant, own.messageId)]);
    const isOver = verifiedAt !== undefined || expiresAt <= clock.now();
    // An intent that nobody settled is what nobody can say.
    const called = call === 'SENT' ? 'SENT' : 'UNCONFIRMED';
    return {
      ...bare(challenge, stored === undefined ? called : deliveryOf(stored.message)),
      attemptsLeft: isOver ? 0 : await limits.triesLeft(challenges.key(tenant, id)),
    };
  }

  return {
    request: (tenant, input) =>
      told(async () => {
        const challenge = await requester.request(tenant, input);
        return present(challenge).catch((error) => {
          // It is stored, so the answer is the challenge, also where the store has gone away meanwhile.
          if (error instanceof StoreUnavailable) return bare(challenge, 'UNCONFIRMED');
          throw error;
        });
      }),
    verify: (tenant, input) => toldWithoutKey(() => verifier.verify(tenant, input)),
    async enrollTotp(tenant, { userId, accountName, issuer }) {
      judgeEnrollment({ userId, accountName, issuer });
      if (verification === undefined || accountsOf(tenant, 'SECUREKEY').length === 0) {
        throw new ProviderUnavailable('SECUREKEY is not configured.', {
          code: 'PROVIDER_DISABLED',
          outcome: 'NOT_ACCEPTED',
        });
      }
      return toldWithoutKey(() =>
        verification.setUpTotp({ userId: externalUserId(tenant, userId), accountName, issuer }),
      );
    },
    challenges: (tenantId, ids) =>
      Promise.all(
        ids.map(async (id) => {
          const stored = await challenges.load(tenantId, id);
          return stored === undefined ? undefined : present(stored.value);
        }),
      ),
  };
}

function bare(
  { id, channel, provider, expiresAt, resendAt, own }: StoredChallenge,
  delivery: OtpDelivery,
): OtpChallenge {
  return {
    id,
    channel,
    provider,
    expiresAt,
    resendAt,
    delivery,
    ...(own !== undefined && { messageId: own.messageId }),
  };
}

/** A store that does not answer, as a failure that a client knows. */
async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
  }
}

/** The same of a call that has no key: made again it costs one more try, or gives one more secret, and nothing else. */
async function toldWithoutKey<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof StoreUnavailable ? storeUnavailable(error, { hasKey: false }) : withoutKey(error);
  }
}
