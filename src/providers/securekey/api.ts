/**
 * Calls to one account of SecureKey: a place in the budget first, then one request, which is never repeated. What is
 * the same for every endpoint becomes an error here; what a refusal means for the person is for its callers to say.
 */
import type { CallBudget } from '../../core/call-budget.ts';
import type { Clock, Instant } from '../../core/clock.ts';
import { MfaRequired, ProviderRejected, ProviderUnavailable, RateLimited } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import { StoreUnavailable } from '../../core/store.ts';
import { createHttpClient, type HttpClientOptions } from '../http-client.ts';
import { badAnswer, readAnswer, type SecureKeyAnswer } from './answer.ts';
import { createSecureKeyHealth } from './health.ts';
import { SCOPES, type SecureKeyBucket } from './limits.ts';

export interface SecureKeyApiOptions {
  readonly account: string;
  /** An origin, for example https://securekey.ideacode.co.kr: /api/v1 is added. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly authentication: 'X-API-Key' | 'Bearer';
  /** Of this account: shared by whoever calls it. */
  readonly budget: CallBudget<SecureKeyBucket>;
  readonly clock: Clock;
  readonly log: Log;
  readonly http?: Omit<HttpClientOptions, 'origin'>;
}

export type SecureKeyReply = Extract<SecureKeyAnswer, { kind: 'DONE' | 'REFUSED' }>;

export interface SecureKeyCall {
  /** Below /api/v1. */
  readonly path: string;
  readonly body: object;
  /** Where it counts, besides among all calls. */
  readonly bucket?: Exclude<SecureKeyBucket, 'all'>;
  readonly isVerdict?: (code: string) => boolean;
}

export interface SecureKeyApi {
  /** The longest that an exchange takes. */
  readonly totalTimeoutMs: number;
  /** @throws MfaRequired, RateLimited, ProviderRejected, ProviderUnavailable; StoreUnavailable where the budget has no store */
  call(call: SecureKeyCall): Promise<SecureKeyReply>;
  /** What was done; a refusal becomes ProviderRejected. @throws as `call` */
  done(call: SecureKeyCall): Promise<Extract<SecureKeyAnswer, { kind: 'DONE' }>>;
  rejected(fault: ProviderFault): ProviderRejected;
  /** It was done, but `what` is missing in the answer. */
  unreadable(httpStatus: number, what: string): ProviderUnavailable;
  failing(): string | undefined;
  lastFault(): ProviderFault | undefined;
  /** Takes no new call, lets those under way finish (bounded by `totalTimeoutMs`). */
  stop(): Promise<void>;
}

/** `onHealth` is called when what `failing` says has changed. */
export function createSecureKeyApi(options: SecureKeyApiOptions, onHealth: () => void): SecureKeyApi {
  const { account, budget, clock, log } = options;
  const http = createHttpClient({ secrets: [options.apiKey], ...options.http, origin: options.baseUrl });
  const health = createSecureKeyHealth();
  const underWay = new Set<Promise<unknown>>();
  const headers = {
    'content-type': 'application/json',
    ...(options.authentication === 'Bearer'
      ? { authorization: `Bearer ${options.apiKey}` }
      : { 'x-api-key': options.apiKey }),
  };
  let stopping: Promise<void> | undefined;

  function refuseWhenStopped(): void {
    if (stopping === undefined) return;
    const fault = {
      provider: 'SECUREKEY',
      code: 'STOPPED',
      text: 'This account is stopping.',
      at: clock.now(),
    } as const;
    throw unavailable('This gateway is stopping: nothing was sent to SecureKey.', 'NOT_ACCEPTED', fault);
  }

  function tooMany(bucket: SecureKeyBucket, retryAt: Instant, origin?: ProviderFault): RateLimited {
    const { limit, windowMs } = budget.limits[bucket];
    const advice = { retryAt, limit, windowSeconds: Math.ceil(windowMs / 1_000) };
    return new RateLimited(SCOPES[bucket], origin === undefined ? advice : { ...advice, origin });
  }

  async function ask({ path, body, bucket, isVerdict }: SecureKeyCall): Promise<SecureKeyReply> {
    const place = await budget.take(bucket === undefined ? ['all'] : ['all', bucket]);
    if (!place.taken) throw tooMany(place.bucket, place.retryAt);
    refuseWhenStopped();
    const result = await http.request({ method: 'POST', path: `/api/v1${path}`, headers, body: JSON.stringify(body) });
    const answer = readAnswer(result, clock.now(), isVerdict);
    observe(answer);
    switch (answer.kind) {
      case 'DONE':
      case 'REFUSED':
        return answer;
      case 'MFA_REQUIRED':
        throw new MfaRequired(answer.requiredChannels, answer.matchedPolicies, answer.fault);
      case 'TOO_MANY':
        await hold(bucket ?? 'all', answer.retryAt);
        throw tooMany(bucket ?? 'all', answer.retryAt, answer.fault);
      case 'KEY_REFUSED':
        throw new ProviderRejected(
          'SecureKey refuses this gateway itself. Its operator must check SECUREKEY_API_KEY, SECUREKEY_AUTHENTICATION and what the key may do.',
          answer.fault,
        );
      case 'UNCLEAR':
        throw unavailable('SecureKey gave no clear answer. It may have done it.', 'UNKNOWN', answer.fault);
      case 'NOT_SENT':
        throw unavailable('SecureKey cannot be reached. Nothing was sent.', 'NOT_ACCEPTED', answer.fault);
    }
  }

  async function hold(bucket: SecureKeyBucket, until: Instant): Promise<void> {
    try {
      await budget.hold(bucket, until);
    } catch (error) {
      // That SecureKey did nothing is what the caller must hear; the next one may find it out anew.
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }

  function observe(answer: SecureKeyAnswer): void {
    if (!health.observe(answer)) return;
    if (health.failing() === undefined) {
      log.info('The provider serves the account again.', { provider: 'SECUREKEY', account });
    } else if ('fault' in answer) {
      const { code, httpStatus } = answer.fault;
      log.warn('The provider does not serve the account.', { provider: 'SECUREKEY', account, code, httpStatus });
    }
    onHealth();
  }

  async function call(of: SecureKeyCall): Promise<SecureKeyReply> {
    refuseWhenStopped();
    const work = ask(of);
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  }

  const rejected = (fault: ProviderFault): ProviderRejected =>
    new ProviderRejected(`SecureKey refused it: ${fault.code}.`, fault);

  return {
    totalTimeoutMs: http.totalTimeoutMs,
    call,
    async done(of) {
      const reply = await call(of);
      if (reply.kind === 'REFUSED') throw rejected(reply.fault);
      return reply;
    },
    rejected,
    unreadable: (httpStatus, what) =>
      unavailable(
        'SecureKey did it, but its answer lacks what was asked for.',
        'UNKNOWN',
        badAnswer(httpStatus, what, clock.now()),
      ),
    failing: health.failing,
    lastFault: health.lastFault,
    stop() {
      stopping ??= Promise.allSettled(underWay).then(() => http.close());
      return stopping;
    },
  };
}

function unavailable(message: string, outcome: 'UNKNOWN' | 'NOT_ACCEPTED', origin: ProviderFault): ProviderUnavailable {
  return new ProviderUnavailable(message, { outcome, origin });
}
