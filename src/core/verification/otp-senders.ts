/**
 * The two ways a code leaves. One of ours is a text like any other: stored with its challenge in one batch, sent by
 * whoever dispatches, and never sent again once nobody can say. SecureKey's is a call, with its intent stored before.
 */
import type { Clock } from '../clock.ts';
import { GatewayError, InvalidInput, ProviderRejected, ProviderUnavailable, RateLimited } from '../errors.ts';
import type { Message } from '../messaging/message.ts';
import type { MessageStore } from '../messaging/message-store.ts';
import type { Sender } from '../messaging/send.ts';
import type { SmsProvider } from '../provider.ts';
import { type Batch, type Store, StoreUnavailable } from '../store.ts';
import { accountsOf, type Tenant } from '../tenant.ts';
import {
  type ChallengeStore,
  makeCode,
  type OtpProvider,
  type StoredChallenge,
  type Versioned,
} from './otp-challenge.ts';
import type { VerificationProvider } from './provider.ts';

/** Nothing of it can have left. */
export interface Refused {
  readonly refusal: GatewayError;
  /** The next provider may be tried: this one was over its limit, away, or did not want it. */
  readonly mayFallBack: boolean;
}

export interface OtpSenders {
  /** Whether it is here, and the tenant may use it. */
  has(tenant: Tenant, provider: OtpProvider): boolean;
  /** Of SecureKey, which knows one code a destination for all who share it. */
  accountOf(provider: OtpProvider): string | undefined;
  /** Stores the challenge with `batch` and lets its code leave. Undefined where the batch's expectations failed. */
  send(
    tenant: Tenant,
    challenge: StoredChallenge,
    batch: Required<Pick<Batch, 'expect' | 'put'>>,
    last: { readonly isLast: boolean },
  ): Promise<StoredChallenge | Refused | undefined>;
  /**
   * Waits for a call to SecureKey that may be under way elsewhere. Undefined where it was refused, and the challenge went.
   * Where nobody can say any more it is made UNCONFIRMED, which no late refusal takes away.
   */
  settled(found: Versioned<StoredChallenge>): Promise<StoredChallenge | undefined>;
  /** What a caller hears of a stored challenge. @throws ProviderRejected where its text failed. */
  answer(challenge: StoredChallenge, maxWaitMs?: number): Promise<StoredChallenge>;
}

export interface OtpSendersOptions {
  readonly store: Store;
  readonly challenges: ChallengeStore;
  readonly messages: MessageStore;
  readonly sender: Sender;
  /** That carry texts here. */
  readonly carriers: readonly SmsProvider[];
  readonly verification: VerificationProvider | undefined;
  readonly clock: Clock;
  /** How long a text may take to be submitted, at most, before the answer. @default 5_000 */
  readonly maxWaitMs?: number;
}

const defaultTemplate = '인증번호 [{code}]를 입력해 주세요. 타인에게 알려 주지 마세요.';
const maxCodeLifeMs = 10 * 60_000;
/** A text that another provider could carry waits no longer than this for its own. */
const fallBackAfterMs = 3_000;
/** Between an intent and its call lies a write, and another behind it. */
const settleMarginMs = 1_000;
const settlePollMs = 75;

export function createOtpSenders(options: OtpSendersOptions): OtpSenders {
  const { store, challenges, messages, sender, carriers, verification, clock, maxWaitMs = 5_000 } = options;

  async function sendOwn(
    tenant: Tenant,
    challenge: StoredChallenge,
    provider: SmsProvider,
    { expect, put }: Required<Pick<Batch, 'expect' | 'put'>>,
    isLast: boolean,
  ): Promise<StoredChallenge | Refused | undefined> {
    const code = makeCode();
    const codeMac = challenges.macOf(challenge.id, code);
    const withMessage = (messageId: string): StoredChallenge => ({ ...challenge, own: { codeMac, messageId } });
    const text = {
      to: challenge.destination,
      text: (tenant.otp?.template ?? defaultTemplate).replace('{code}', code),
      provider,
      deadlineAt: challenge.expiresAt,
      isSecret: true,
      maxWaitMs: isLast ? maxWaitMs : Math.min(fallBackAfterMs, maxWaitMs),
      alongside: ({ id }: Message) => ({ expect, put: [...put, challenges.put(withMessage(id))] }),
    };
    const sent = await sender.sendAlongside(tenant, text).catch((error) => {
      throw error instanceof InvalidInput ? asked(error) : error;
    });
    if (sent === undefined) return undefined;
    const message = isLast ? sent : await withdrawn(sent);
    const isRefused = message.state === 'FAILED' || message.state === 'CANCELLED';
    const hasNotLeft = message.attempts.every(({ outcome }) => outcome === 'NOT_ACCEPTED');
    return isRefused && hasNotLeft
      ? { refusal: refusalOf(message, provider), mayFallBack: true }
      : withMessage(message.id);
  }

  /** What is still with us goes another way, unless it begins to leave at this very moment. */
  async function withdrawn(message: Message): Promise<Message> {
    if (message.state !== 'QUEUED') return message;
    const key = messages.key(message.tenant, message.id);
    try {
      return (await messages.record(key, { type: 'CANCELLED', at: clock.now() }))?.message ?? message;
    } catch (error) {
      // It is stored, and may leave: the challenge stands.
      if (error instanceof StoreUnavailable) return message;
      throw error;
    }
  }

  async function sendByCall(
    provider: VerificationProvider,
    challenge: StoredChallenge,
    { expect, put }: Required<Pick<Batch, 'expect' | 'put'>>,
  ): Promise<StoredChallenge | Refused | undefined> {
    const intent: StoredChallenge = { ...challenge, call: 'SENDING' };
    const { committed } = await store.write({ expect, put: [...put, challenges.put(intent)] });
    if (!committed) return undefined;
    const { channel, destination, purpose, createdAt } = challenge;
    try {
      const { expiresAt = challenge.expiresAt } = await (channel === 'SMS'
        ? provider.sendSmsCode({ phone: destination, purpose })
        : provider.sendEmailCode({ email: destination, purpose }));
      return await noted({ ...intent, call: 'SENT', expiresAt: Math.min(expiresAt, createdAt + maxCodeLifeMs) });
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      if (error instanceof ProviderUnavailable && error.outcome !== 'NOT_ACCEPTED') {
        return noted({ ...intent, call: 'UNCONFIRMED' });
      }
      return { refusal: error, mayFallBack: error instanceof RateLimited || error instanceof ProviderUnavailable };
    }
  }

  /** The code has left, whatever becomes of this write: without it the intent says UNCONFIRMED, which is no lie. */
  async function noted(challenge: StoredChallenge): Promise<StoredChallenge> {
    const key = challenges.key(challenge.tenant, challenge.id);
    await store.write({ expect: [{ key, version: 1 }], put: [challenges.put(challenge)] }).catch(() => undefined);
    return challenge;
  }

  async function settled(found: Versioned<StoredChallenge>): Promise<StoredChallenge | undefined> {
    const { tenant, id, createdAt } = found.value;
    const longestMs = (verification?.callTimeoutMs ?? 0) + settleMarginMs;
    // Bounded, whichever clock wrote the intent.
    const leftMs = Math.min(longestMs, createdAt + longestMs - clock.now());
    const until = clock.monotonicMs() + leftMs;
    let present: Versioned<StoredChallenge> | undefined = found;
    while (present?.value.call === 'SENDING') {
      if (clock.monotonicMs() < until) {
        await new Promise((resolve) => setTimeout(resolve, settlePollMs));
      } else {
        const unconfirmed: StoredChallenge = { ...present.value, call: 'UNCONFIRMED' };
        const expect = [{ key: challenges.key(tenant, id), version: present.version }];
        const { committed } = await store.write({ expect, put: [challenges.put(unconfirmed)] });
        if (committed) return unconfirmed;
      }
      present = await challenges.load(tenant, id);
    }
    return present?.value;
  }

  return {
    settled,
    accountOf: (provider) => (provider === 'SECUREKEY' ? verification?.account : undefined),
    has(tenant, provider) {
      if (accountsOf(tenant, provider).length === 0) return false;
      return provider === 'SECUREKEY' ? verification !== undefined : carriers.includes(provider);
    },
    send(tenant, challenge, batch, { isLast }) {
      const { provider } = challenge;
      if (provider !== 'SECUREKEY') return sendOwn(tenant, challenge, provider, batch, isLast);
      if (verification === undefined) throw new Error('SECUREKEY was asked for, and there is none.');
      return sendByCall(verification, challenge, batch);
    },
    async answer(challenge, waitMs = maxWaitMs) {
      if (challenge.own === undefined) return challenge;
      const message = await sender.settle(challenge.tenant, challenge.own.messageId, waitMs).catch((error) => {
        // It is stored, so the answer is the challenge, also where the store has gone away meanwhile.
        if (error instanceof StoreUnavailable) return undefined;
        throw error;
      });
      const fault = message?.attempts.at(-1)?.fault;
      if (message?.state === 'FAILED' && fault !== undefined) throw refusalOf(message, challenge.provider);
      return challenge;
    },
  };
}

function refusalOf({ id, attempts }: Message, provider: OtpProvider): GatewayError {
  const fault = attempts.at(-1)?.fault;
  const subject = { type: 'Message', id } as const;
  if (fault !== undefined) return new ProviderRejected(`${provider} did not deliver the code.`, fault, subject);
  return new ProviderUnavailable(`${provider} does not take anything now, and the code was withdrawn.`, {
    outcome: 'NOT_ACCEPTED',
    subject,
  });
}

/** The input that composing judged was made here: its caller knows `to` as `phone`, and all else as the provider's. */
function asked(error: InvalidInput): InvalidInput {
  const fields = error.fields.map((field) => ({
    ...field,
    path: ['input', field.path[1] === 'to' ? 'phone' : 'provider'],
  }));
  return new InvalidInput(fields);
}
