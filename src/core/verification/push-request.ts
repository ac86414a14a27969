/**
 * requestPushApproval: stored with its key, its deadline and its place before the provider is called, so that no prompt
 * leaves that nobody knows of, and none twice. What certainly did not leave is sent again by the same key.
 */
import { randomUUID } from 'node:crypto';
import { isWellFormed } from '../../korean/ms949.ts';
import type { Clock } from '../clock.ts';
import {
  GatewayError,
  InvalidInput,
  MfaRequired,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
  storeUnavailable,
  unavailableOf,
} from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import {
  assertSameInput,
  fingerprintOf,
  type IdempotencyRecord,
  idempotencyKey,
  idempotencyKeyProblem,
  idempotencyTtlMs,
  useOf,
} from '../idempotency.ts';
import type { ProviderFault } from '../outcome.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { externalUserId, type Tenant } from '../tenant.ts';
import type { VerificationProvider } from './provider.ts';
import { type PushApproval, pushLifeMs, type SendPushResult } from './push-approval.ts';
import type { PushStore } from './push-store.ts';
import { userIdProblems } from './user-id.ts';

export interface RequestPushInput {
  readonly idempotencyKey: string;
  /** 1 to 128 printable characters. */
  readonly userId: string;
  /** 1 to 100 characters. */
  readonly title: string;
  /** At most 500 characters. */
  readonly body?: string | undefined;
}

/**
 * The same key at once is one prompt, and its answer is everyone's. @throws GatewayError; with a subject where the approval
 * is stored and its prompt did not leave.
 */
export type RequestPush = (tenant: Tenant, input: RequestPushInput) => Promise<PushApproval>;

export interface PushRequestOptions {
  readonly store: Store;
  readonly approvals: PushStore;
  readonly provider: VerificationProvider | undefined;
  /** Whether the provider is asked what became of it. */
  readonly polling: boolean;
  readonly clock: Clock;
}

/** An answer may come so much later than the provider's own time-out. */
const abandonedAfterMs = 5_000;
const firstPollAfterMs = 1_000;
/** How often a twin in another gateway looks whether the answer has come. */
const twinLooksEveryMs = 75;

export function createPushRequester(options: PushRequestOptions): RequestPush {
  const { store, approvals, polling, clock } = options;
  /** By approval: a twin in this process waits for the same answer. */
  const underWay = new Map<string, Promise<PushApproval>>();

  async function request(tenant: Tenant, input: RequestPushInput): Promise<PushApproval> {
    assertSound(input);
    const { idempotencyKey: callersKey, ...canonical } = input;
    const recordKey = idempotencyKey(store, tenant.id, 'requestPushApproval', callersKey);
    const fingerprint = fingerprintOf(store, canonical);
    for (;;) {
      const used = await useOf(store, recordKey);
      if (used !== undefined) {
        assertSameInput(used, fingerprint);
        return again(used.subjectKey);
      }
      const provider = providerOrRefusal(options.provider);
      const approval = compose(tenant, input, provider);
      const key = approvals.key(tenant.id, approval.id);
      const record: IdempotencyRecord = { subjectKey: key, firstUsedAt: approval.createdAt, fingerprint };
      const alongside = {
        expect: [{ key: recordKey, version: 0 }],
        put: [{ key: recordKey, value: record, ttlMs: idempotencyTtlMs }],
      };
      const isStored = await approvals.create(approval, alongside).catch(async (error) => {
        // What leaves no room may be the very prompt that was asked for, by a twin a moment ago.
        if (error instanceof RateLimited && (await store.get(recordKey)) !== undefined) return false;
        throw error;
      });
      if (isStored) return send(provider, key, approval);
    }
  }

  function compose(tenant: Tenant, { userId, title, body }: RequestPushInput, provider: VerificationProvider) {
    const now = clock.now();
    return {
      id: randomUUID(),
      tenant: tenant.id,
      provider: provider.provider,
      account: provider.account,
      userId,
      externalUserId: externalUserId(tenant, userId),
      title,
      ...(body !== undefined && { body }),
      state: 'PENDING',
      delivery: 'SENDING',
      giveUpAt: now + provider.callTimeoutMs + abandonedAfterMs,
      createdAt: now,
      expiresAt: now + pushLifeMs,
    } satisfies PushApproval;
  }

  /** The same key once more. */
  async function again(key: string): Promise<PushApproval> {
    for (;;) {
      const sending = underWay.get(key);
      if (sending !== undefined) return sending;
      const at = clock.now();
      // Where a time has passed and nobody has looked yet, this is who looks: so no twin waits beyond `giveUpAt`.
      await approvals.record(key, { type: 'ABANDONED', at });
      const approval = (await approvals.record(key, { type: 'DEADLINE', at }))?.approval;
      if (approval === undefined) throw new Error('An idempotency record outlived its push approval.');
      const { state, delivery } = approval;
      if (state !== 'PENDING' || delivery === 'SENT' || delivery === 'UNCONFIRMED') return approval;
      if (delivery === 'NOT_SENT') {
        const provider = providerOrRefusal(options.provider);
        const giveUpAt = at + provider.callTimeoutMs + abandonedAfterMs;
        const started = await approvals.record(key, { type: 'STARTED', at, giveUpAt }).catch((error) => {
          throw error instanceof GatewayError ? withSubject(error, approval.id) : error;
        });
        if (started?.changed === true) return send(provider, key, started.approval);
      } else await new Promise((resolve) => setTimeout(resolve, twinLooksEveryMs));
    }
  }

  function send(provider: VerificationProvider, key: string, approval: PushApproval): Promise<PushApproval> {
    const sent = sendOnce(provider, key, approval).finally(() => underWay.delete(key));
    underWay.set(key, sent);
    return sent;
  }

  async function sendOnce(provider: VerificationProvider, key: string, approval: PushApproval): Promise<PushApproval> {
    const { externalUserId: userId, title, body } = approval;
    const { result, error } = await provider.sendPush({ userId, title, body }).then(
      ({ requestId }) => ({ result: { delivery: 'SENT', requestId } as SendPushResult, error: undefined }),
      (thrown: unknown) => {
        // It is the budget of calls that has no store, and without it nothing was asked.
        const error =
          thrown instanceof StoreUnavailable
            ? storeUnavailable(new StoreUnavailable(thrown.message, 'NO', thrown, thrown.want))
            : thrown;
        // Anything else is a bug, after which nobody can say: the sweeper finds it.
        if (!(error instanceof GatewayError)) throw error;
        return { result: failureOf(error, provider, clock.now()), error };
      },
    );
    const at = clock.now();
    const pollAt = polling ? at + firstPollAfterMs : undefined;
    try {
      const recorded = await approvals.record(key, { type: 'ANSWERED', at, result, pollAt });
      if (error !== undefined && result.delivery === 'NOT_SENT') throw withSubject(error, approval.id);
      if (recorded !== undefined) return recorded.approval;
      // The requestId names another prompt: no answer to it can be told from an answer to that one.
      const lost = { delivery: 'UNCONFIRMED', fault: faultOf(provider, 'REQUEST_ID_REUSED', at) } as const;
      return (await approvals.record(key, { type: 'ANSWERED', at, result: lost }))?.approval ?? approval;
    } catch (failure) {
      if (!(failure instanceof StoreUnavailable)) throw failure;
      throw new ProviderUnavailable('The prompt may have left, and the store stopped answering before it was noted.', {
        code: 'STORE_UNAVAILABLE',
        outcome: 'UNKNOWN',
        subject: { type: 'PushApproval', id: approval.id },
        cause: failure,
      });
    }
  }

  return (tenant, input) =>
    request(tenant, input).catch((error) => {
      throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
    });
}

/** @throws ProviderUnavailable where SecureKey has no settings. */
export function providerOrRefusal(provider: VerificationProvider | undefined): VerificationProvider {
  if (provider !== undefined) return provider;
  throw new ProviderUnavailable('SecureKey is not configured: set SECUREKEY_API_KEY.', {
    code: 'PROVIDER_DISABLED',
    outcome: 'NOT_ACCEPTED',
  });
}

/** The problem with a text of so many characters, where it has one. */
export function textProblem(name: string, text: string, from: number, to: number): FieldProblem[] {
  const path = ['input', name];
  if (!isWellFormed(text)) return [{ path, rule: 'FORM', message: 'Half a character stands alone in it.' }];
  const length = [...text].length;
  if (length >= from && length <= to) return [];
  return [
    {
      path,
      rule: 'LENGTH',
      message: from === 0 ? `Give at most ${to} characters.` : `Give ${from} to ${to} characters.`,
    },
  ];
}

function assertSound({ idempotencyKey: key, userId, title, body = '' }: RequestPushInput): void {
  const problems = [
    idempotencyKeyProblem(key) ?? [],
    userIdProblems(userId),
    textProblem('title', title, 1, 100),
    textProblem('body', body, 0, 500),
  ].flat();
  if (problems.length > 0) throw new InvalidInput(problems);
}

function failureOf(error: GatewayError, provider: VerificationProvider, at: number): SendPushResult {
  const isUnknown = error instanceof ProviderUnavailable && error.outcome !== 'NOT_ACCEPTED';
  const fault = error.origin ?? faultOf(provider, error.code, at);
  return { delivery: isUnknown ? 'UNCONFIRMED' : 'NOT_SENT', fault };
}

const faultOf = ({ provider }: VerificationProvider, code: string, at: number): ProviderFault => ({
  provider,
  code,
  at,
});

/** The same failure, naming what was stored, as far as its kind can. */
function withSubject(error: GatewayError, id: string): GatewayError {
  const subject = { type: 'PushApproval', id } as const;
  if (error instanceof ProviderRejected && error.origin !== undefined) {
    return new ProviderRejected(error.message, error.origin, subject);
  }
  if (error instanceof MfaRequired) {
    return new MfaRequired(error.requiredChannels, error.matchedPolicies, error.origin, subject);
  }
  const { retryAt, origin } = error;
  if (error instanceof RateLimited && retryAt !== undefined) {
    const { scope, limit, windowSeconds } = error;
    return new RateLimited(scope, {
      retryAt,
      subject,
      ...(limit !== undefined && { limit }),
      ...(windowSeconds !== undefined && { windowSeconds }),
      ...(origin !== undefined && { origin }),
    });
  }
  return error instanceof ProviderUnavailable ? unavailableOf(error, subject) : error;
}
