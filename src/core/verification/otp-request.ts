/**
 * requestOtp: one code a key, from the first provider that takes it. The challenge, its place at the destination and its
 * key are stored in one batch before anything can leave: with the message where the code is ours, and as an intent
 * before the call where it is SecureKey's. What was certainly not taken leaves nothing behind.
 */
import { randomUUID } from 'node:crypto';
import type { Clock, Instant } from '../clock.ts';
import { GatewayError, ProviderUnavailable, RateLimited } from '../errors.ts';
import {
  assertSameInput,
  type Fingerprint,
  fingerprintOf,
  type IdempotencyRecord,
  idempotencyKey,
  idempotencyTtlMs,
  useOf,
} from '../idempotency.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import type { Tenant } from '../tenant.ts';
import {
  type ChallengeStore,
  codeLifeMs,
  type Destination,
  dayMs,
  type OtpProvider,
  resendAfterMs,
  type StoredChallenge,
  type Versioned,
} from './otp-challenge.ts';
import { canonicalRequest, type JudgedRequest, judgeRequest, type RequestOtpInput } from './otp-input.ts';
import { type OtpLimits, otpScopes, type Taken } from './otp-limits.ts';
import type { OtpSenders } from './otp-senders.ts';

export interface OtpRequester {
  /** @throws GatewayError where there is no challenge, or the provider refused its text. */
  request(tenant: Tenant, input: RequestOtpInput): Promise<StoredChallenge>;
}

export interface OtpRequesterOptions {
  readonly store: Store;
  readonly challenges: ChallengeStore;
  readonly limits: OtpLimits;
  readonly senders: OtpSenders;
  readonly clock: Clock;
}

/** One call as it is kept by its key. */
interface Call {
  readonly tenant: Tenant;
  readonly asked: JudgedRequest;
  readonly recordKey: string;
  readonly destinationKey: string;
  readonly fingerprint: Fingerprint;
}

/** A place that a challenge took, and what stood there before. */
interface Place {
  readonly key: string;
  readonly before: Versioned<Destination> | undefined;
}

const maxCodesADay = 5;

export function createOtpRequester(options: OtpRequesterOptions): OtpRequester {
  const { store, challenges, limits, senders, clock } = options;
  /** Twins in one process share one answer; those of several find each other by the key's record. */
  const underWay = new Map<
    string,
    { readonly fingerprint: Fingerprint; readonly since: Instant; readonly answer: Promise<StoredChallenge> }
  >();

  async function answerOnce(call: Call): Promise<StoredChallenge> {
    for (;;) {
      const used = await useOf(store, call.recordKey);
      if (used !== undefined) {
        assertSameInput(used, call.fingerprint);
        const known = await challenges.loadKey(used.subjectKey);
        const standing = known === undefined ? undefined : await senders.settled(known);
        if (standing !== undefined) return senders.answer(standing);
        // What was refused elsewhere went with its key.
        const now = await store.get<IdempotencyRecord>(call.recordKey);
        if (now?.value.subjectKey !== used.subjectKey) continue;
        throw new Error('An idempotency record outlived its challenge.');
      }
      const made = await makeUnlessUsed(call);
      // It has been waited for already.
      if (made !== undefined) return senders.answer(made, 0);
      // Somebody else used the key or the destination meanwhile: look again whose it is.
    }
  }

  /** A twin elsewhere may have taken the very place that a guard refuses here: then the key has its answer. */
  async function makeUnlessUsed(call: Call): Promise<StoredChallenge | undefined> {
    try {
      return await make(call);
    } catch (error) {
      if (error instanceof GatewayError && (await store.get(call.recordKey)) !== undefined) return undefined;
      throw error;
    }
  }

  /** Undefined where something that it stood on changed meanwhile. */
  async function make(call: Call): Promise<StoredChallenge | undefined> {
    const { tenant, asked } = call;
    const usable = asked.providers.filter((provider) => senders.has(tenant, provider));
    if (usable.length === 0) {
      throw new ProviderUnavailable(`${asked.providers.join(', ')}: not configured.`, {
        code: 'PROVIDER_DISABLED',
        outcome: 'NOT_ACCEPTED',
      });
    }
    assertMaySend(await challenges.destinationAt(call.destinationKey));
    const taken = await limits.takeSending(tenant, asked);
    let sent: StoredChallenge | undefined;
    try {
      sent = await sendByFirst(call, usable, taken);
    } catch (error) {
      // Where nobody can say whether it was stored or left, what it took stays taken.
      const isCertain = error instanceof GatewayError || (error instanceof StoreUnavailable && error.wrote === 'NO');
      if (isCertain) await limits.giveBack(taken.places);
      throw error;
    }
    if (sent === undefined) await limits.giveBack(taken.places);
    return sent;
  }

  /** @throws GatewayError where nothing can have left. */
  async function sendByFirst(
    call: Call,
    [provider, ...others]: readonly OtpProvider[],
    taken: Taken,
  ): Promise<StoredChallenge | undefined> {
    if (provider === undefined) throw new Error('There is no provider left.');
    const challenge = newChallenge(call, provider, taken);
    const places: Place[] = await Promise.all(
      challenges.placesOf(challenge).map(async (key) => ({ key, before: await challenges.destinationAt(key) })),
    );
    const batch = {
      expect: [
        { key: call.recordKey, version: 0 },
        ...places.map(({ key, before }) => ({ key, version: before?.version ?? 0 })),
        { key: challenges.key(challenge.tenant, challenge.id), version: 0 },
      ],
      put: [
        ...places.map(({ key, before }) =>
          challenges.putDestination(key, {
            challengeId: challenge.id,
            sentAt: [...assertMaySend(before), challenge.createdAt],
          }),
        ),
        { key: call.recordKey, value: recordOf(call, challenge), ttlMs: idempotencyTtlMs },
      ],
    };
    const sent = await senders.send(call.tenant, challenge, batch, { isLast: others.length === 0 });
    if (sent === undefined || !('refusal' in sent)) return sent;
    const standing = await undo(call, challenge, places);
    if (standing !== undefined) return standing;
    if (!sent.mayFallBack || others.length === 0) throw sent.refusal;
    return sendByFirst(call, others, taken);
  }

  /**
   * As if it had never been asked: the code before it is valid again, and the key may be used. The challenge itself where
   * somebody has relied on it meanwhile: then it stays.
   */
  async function undo(
    call: Call,
    { tenant, id }: StoredChallenge,
    places: readonly Place[],
  ): Promise<StoredChallenge | undefined> {
    const challengeKey = challenges.key(tenant, id);
    for (;;) {
      const stored = await challenges.loadKey(challengeKey);
      if (stored?.version !== 1) return stored?.value;
      const now = await Promise.all(places.map(({ key }) => challenges.destinationAt(key)));
      // Where another code has taken its place by now, that one stays.
      const mine = places.flatMap(({ key, before }, at) => {
        const place = now[at];
        return place?.value.challengeId === id ? [{ key, before, version: place.version }] : [];
      });
      const { committed } = await store.write({
        expect: [{ key: challengeKey, version: 1 }, ...mine.map(({ key, version }) => ({ key, version }))],
        put: mine.flatMap(({ key, before }) =>
          before === undefined ? [] : [challenges.putDestination(key, before.value)],
        ),
        remove: [
          challengeKey,
          call.recordKey,
          ...mine.flatMap(({ key, before }) => (before === undefined ? [key] : [])),
        ],
      });
      if (committed) return undefined;
    }
  }

  /** When codes went there in the last day. @throws RateLimited */
  function assertMaySend(destination: Versioned<Destination> | undefined): readonly number[] {
    const now = clock.now();
    const recent = destination?.value.sentAt.filter((at) => at > now - dayMs) ?? [];
    const [last, first] = [recent.at(-1) ?? 0, recent.at(-maxCodesADay)];
    if (last + resendAfterMs > now) {
      const windowSeconds = resendAfterMs / 1_000;
      throw new RateLimited(otpScopes.resend, { retryAt: last + resendAfterMs, limit: 1, windowSeconds });
    }
    if (first !== undefined) {
      const windowSeconds = dayMs / 1_000;
      throw new RateLimited(otpScopes.destination, { retryAt: first + dayMs, limit: maxCodesADay, windowSeconds });
    }
    return recent;
  }

  function newChallenge({ tenant, asked }: Call, provider: OtpProvider, { unverified }: Taken): StoredChallenge {
    const createdAt = clock.now();
    const account = senders.accountOf(provider);
    return {
      id: randomUUID(),
      tenant: tenant.id,
      channel: asked.channel,
      provider,
      destination: asked.destination,
      purpose: asked.purpose,
      createdAt,
      expiresAt: createdAt + codeLifeMs,
      resendAt: createdAt + resendAfterMs,
      unverified,
      ...(account !== undefined && { account }),
    };
  }

  const recordOf = ({ fingerprint }: Call, { tenant, id, createdAt }: StoredChallenge): IdempotencyRecord => ({
    subjectKey: challenges.key(tenant, id),
    firstUsedAt: createdAt,
    fingerprint,
  });

  return {
    async request(tenant, input) {
      const asked = judgeRequest(tenant, input);
      const call: Call = {
        tenant,
        asked,
        recordKey: idempotencyKey(store, tenant.id, 'requestOtp', input.idempotencyKey),
        destinationKey: challenges.destinationKey(tenant.id, asked.channel, asked.destination),
        fingerprint: fingerprintOf(store, canonicalRequest(asked, input)),
      };
      const twin = underWay.get(call.recordKey);
      if (twin !== undefined) {
        assertSameInput({ subjectKey: '', firstUsedAt: twin.since, fingerprint: twin.fingerprint }, call.fingerprint);
        return twin.answer;
      }
      const answer = answerOnce(call).finally(() => underWay.delete(call.recordKey));
      underWay.set(call.recordKey, { fingerprint: call.fingerprint, since: clock.now(), answer });
      return answer;
    },
  };
}
