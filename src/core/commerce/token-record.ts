/**
 * What the store keeps of a token: the token, sealed as every record is, and what must not be asked again before when.
 * Pure: no store and no provider here.
 */
import type { Instant } from '../clock.ts';
import {
  CommerceRestricted,
  type GatewayError,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
} from '../errors.ts';
import type { Outcome, ProviderFault } from '../outcome.ts';
import type { IssuedToken } from './provider.ts';

export interface StoredToken extends IssuedToken {
  /** Of this answer of the token endpoint, which may hand out the same text again. */
  readonly issueId: string;
  readonly issuedAt: Instant;
}

/** Until then nobody asks the token endpoint: whoever needs a token hears this at once. */
export interface StandingFailure {
  readonly said: StoredFailure;
  readonly count: number;
  readonly until: Instant;
}

export interface TokenRecord {
  readonly token?: StoredToken;
  /** A rejection of this subject. */
  readonly failure?: StandingFailure;
  /** A token fresh from the endpoint was refused as well: until then, a refusal renews nothing. */
  readonly renewalHeldUntil?: Instant;
}

/** What hinders every subject of an application alike: its secret, its address, its rate, its cap. */
export interface ApplicationRecord {
  readonly failure: StandingFailure;
}

interface StoredFailure {
  readonly type: 'CommerceRestricted' | 'RateLimited' | 'ProviderRejected' | 'ProviderUnavailable';
  readonly message: string;
  readonly retryAt?: Instant;
  readonly origin?: ProviderFault;
  readonly quotaPerHour?: number;
  readonly scope?: string;
  readonly limit?: number;
  readonly windowSeconds?: number;
  readonly outcome?: Outcome;
}

/** Naver hands out the same token until it has less than 30 minutes left, and a new one from then on. */
const renewBeforeMs = 30 * 60_000;
/** A token with less than this left may lapse on its way. */
const spentBeforeMs = 10_000;
/** Where a renewed token is as short-lived as the one before, it is not renewed at every call. */
const renewalPauseMs = 60_000;
const firstFailurePauseMs = 10_000;
const longestFailurePauseMs = 60_000;
/** Whoever used a token within this time is likely to want the next one. */
const inUseMs = 3_600_000;

export const renewAtOf = ({ expiresAt }: IssuedToken): Instant => expiresAt - renewBeforeMs;

export const isUsable = ({ expiresAt }: IssuedToken, now: Instant): boolean => expiresAt - now > spentBeforeMs;

export const isRenewalDue = (token: StoredToken, now: Instant): boolean =>
  now >= Math.max(renewAtOf(token), token.issuedAt + renewalPauseMs);

export const isInUse = (usedAt: Instant, now: Instant): boolean => now - usedAt < inUseMs;

/**
 * How long a failure of the token endpoint stands for everybody. A rejection is the operator's to mend, and is tried less
 * and less often; undefined where the next caller may ask at once.
 */
export function standsUntil(error: GatewayError, count: number, now: Instant): Instant | undefined {
  const pauseMs = Math.min(firstFailurePauseMs * 2 ** (count - 1), longestFailurePauseMs);
  if (error instanceof ProviderRejected) return now + pauseMs;
  if (error instanceof CommerceRestricted) return error.retryAt ?? now + longestFailurePauseMs;
  return error.retryAt !== undefined && error.retryAt > now ? error.retryAt : undefined;
}

/** Undefined for what no marketplace says. */
export function storedFailure(error: GatewayError): StoredFailure | undefined {
  const { message, retryAt, origin } = error;
  const common = { message, ...(retryAt !== undefined && { retryAt }), ...(origin !== undefined && { origin }) };
  if (error instanceof CommerceRestricted) {
    const { quotaPerHour } = error;
    return { type: 'CommerceRestricted', ...common, ...(quotaPerHour !== undefined && { quotaPerHour }) };
  }
  if (error instanceof RateLimited) {
    const { scope, limit, windowSeconds } = error;
    return {
      type: 'RateLimited',
      ...common,
      scope,
      ...(limit !== undefined && { limit }),
      ...(windowSeconds !== undefined && { windowSeconds }),
    };
  }
  if (error instanceof ProviderRejected) return { type: 'ProviderRejected', ...common };
  if (error instanceof ProviderUnavailable) return { type: 'ProviderUnavailable', ...common, outcome: error.outcome };
  return undefined;
}

/** The failure as it was thrown, for whoever comes before it has passed. */
export function failureOf(said: StoredFailure): GatewayError {
  const { type, message, retryAt, origin } = said;
  const common = { ...(retryAt !== undefined && { retryAt }), ...(origin !== undefined && { origin }) };
  switch (type) {
    case 'CommerceRestricted':
      return new CommerceRestricted({
        ...common,
        ...(said.quotaPerHour !== undefined && { quotaPerHour: said.quotaPerHour }),
      });
    case 'RateLimited':
      return new RateLimited(said.scope ?? 'tokens', {
        retryAt: retryAt ?? 0,
        ...(origin !== undefined && { origin }),
        ...(said.limit !== undefined && { limit: said.limit }),
        ...(said.windowSeconds !== undefined && { windowSeconds: said.windowSeconds }),
      });
    case 'ProviderRejected':
      return new ProviderRejected(message, origin as ProviderFault);
    case 'ProviderUnavailable':
      return new ProviderUnavailable(message, { ...common, outcome: said.outcome ?? 'NOT_ACCEPTED' });
  }
}
