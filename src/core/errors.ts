/**
 * The closed list of failures that a client can act on. Each class is a type of the same name in the schema.
 * Anything else that is thrown is a bug: masked for the client and logged once.
 */
import type { Instant } from './clock.ts';
import type { FieldProblem } from './field-problem.ts';
import type { MessagePreview } from './messaging/preview.ts';
import type { Outcome, ProviderFault } from './outcome.ts';
import type { StoreUnavailable } from './store.ts';

/** Whether, and how, the same call may be made again. */
export type RetryAdvice = 'SAFE_NOW' | 'SAFE_AFTER' | 'AFTER_FIX' | 'ONLY_WITH_SAME_KEY' | 'NEVER';

interface Advice {
  readonly retry: RetryAdvice;
  readonly retryAt?: Instant | undefined;
  readonly origin?: ProviderFault | undefined;
  readonly cause?: unknown;
}

export abstract class GatewayError extends Error {
  /** Stable, upper snake case; docs list every value. */
  readonly code: string;
  readonly retry: RetryAdvice;
  readonly retryAt: Instant | undefined;
  readonly origin: ProviderFault | undefined;

  constructor(code: string, message: string, advice: Advice) {
    super(message, advice.cause === undefined ? undefined : { cause: advice.cause });
    this.name = new.target.name;
    this.code = code;
    this.retry = advice.retry;
    this.retryAt = advice.retryAt;
    this.origin = advice.origin;
  }
}

export class InvalidInput extends GatewayError {
  readonly fields: readonly FieldProblem[];
  constructor(fields: readonly FieldProblem[]) {
    super('INVALID_INPUT', fields.map((field) => `${field.path.join('.')}: ${field.message}`).join(' '), {
      retry: 'AFTER_FIX',
    });
    this.fields = fields;
  }
}

/** The text cannot go as it is: too long, or characters that the carrier cannot carry. */
export class ContentRejected extends GatewayError {
  readonly preview: MessagePreview;
  constructor(preview: MessagePreview) {
    super('CONTENT_REJECTED', preview.problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join(' '), {
      retry: 'AFTER_FIX',
    });
    this.preview = preview;
  }
}

export class RateLimited extends GatewayError {
  readonly scope: string;
  readonly limit: number | undefined;
  readonly windowSeconds: number | undefined;
  constructor(
    scope: string,
    advice: { retryAt: Instant; limit?: number; windowSeconds?: number; origin?: ProviderFault },
  ) {
    super('RATE_LIMITED', `Too many requests for ${scope}.`, { retry: 'SAFE_AFTER', ...advice });
    this.scope = scope;
    this.limit = advice.limit;
    this.windowSeconds = advice.windowSeconds;
  }
}

/** The provider refused it for good. */
export class ProviderRejected extends GatewayError {
  readonly subjectId: string | undefined;
  constructor(message: string, origin: ProviderFault, subjectId?: string) {
    super('PROVIDER_REJECTED', message, { retry: 'NEVER', origin });
    this.subjectId = subjectId;
  }
}

/**
 * A provider, or the store that every promise stands on, cannot be used now. `outcome` tells whether the call may
 * have had an effect all the same.
 */
export class ProviderUnavailable extends GatewayError {
  readonly outcome: Outcome;
  readonly subjectId: string | undefined;
  constructor(
    message: string,
    detail: {
      code?: 'PROVIDER_UNAVAILABLE' | 'PROVIDER_DISABLED' | 'STORE_UNAVAILABLE';
      outcome: Outcome;
      retryAt?: Instant;
      origin?: ProviderFault;
      subjectId?: string;
      cause?: unknown;
    },
  ) {
    const retry = detail.outcome === 'NOT_ACCEPTED' ? 'SAFE_AFTER' : 'ONLY_WITH_SAME_KEY';
    super(detail.code ?? 'PROVIDER_UNAVAILABLE', message, { ...detail, retry });
    this.outcome = detail.outcome;
    this.subjectId = detail.subjectId;
  }
}

/** What a client hears of a store that does not answer. The driver's own words stay here: they may name a host. */
export function storeUnavailable(error: StoreUnavailable): ProviderUnavailable {
  const message =
    error.wrote === 'NO'
      ? 'The store does not answer. This call stored nothing and nothing left.'
      : 'The store stopped answering in the middle of a write. Call again with the same key to learn what became of it.';
  const outcome = error.wrote === 'NO' ? 'NOT_ACCEPTED' : 'UNKNOWN';
  return new ProviderUnavailable(message, { code: 'STORE_UNAVAILABLE', outcome, cause: error });
}

export class IdempotencyConflict extends GatewayError {
  readonly firstUsedAt: Instant;
  readonly differingPaths: readonly string[];
  constructor(firstUsedAt: Instant, differingPaths: readonly string[]) {
    super('IDEMPOTENCY_CONFLICT', `This idempotencyKey was used with another input: ${differingPaths.join(', ')}.`, {
      retry: 'AFTER_FIX',
    });
    this.firstUsedAt = firstUsedAt;
    this.differingPaths = differingPaths;
  }
}

export class Unauthorized extends GatewayError {
  readonly missingScopes: readonly string[];
  constructor(missingScopes: readonly string[]) {
    super('UNAUTHORIZED', `This key lacks the scope ${missingScopes.join(', ')}.`, { retry: 'AFTER_FIX' });
    this.missingScopes = missingScopes;
  }
}

/** SecureKey's policy asks for one more factor. */
export class MfaRequired extends GatewayError {
  readonly requiredChannels: readonly string[];
  readonly matchedPolicies: readonly string[];
  constructor(requiredChannels: readonly string[], matchedPolicies: readonly string[], origin?: ProviderFault) {
    super('MFA_REQUIRED', `One more factor is needed: ${requiredChannels.join(', ')}.`, { retry: 'AFTER_FIX', origin });
    this.requiredChannels = requiredChannels;
    this.matchedPolicies = matchedPolicies;
  }
}

export class OtpRejected extends GatewayError {
  readonly attemptsLeft: number | undefined;
  readonly expired: boolean;
  constructor(detail: { attemptsLeft?: number; expired: boolean; origin?: ProviderFault }) {
    super('OTP_REJECTED', detail.expired ? 'The code has expired.' : 'The code does not match.', {
      retry: 'AFTER_FIX',
      origin: detail.origin,
    });
    this.attemptsLeft = detail.attemptsLeft;
    this.expired = detail.expired;
  }
}

export class PasskeyRejected extends GatewayError {
  readonly check: string;
  constructor(check: string, origin?: ProviderFault) {
    super('PASSKEY_REJECTED', `The passkey was refused: ${check}.`, { retry: 'AFTER_FIX', origin });
    this.check = check;
  }
}

/** Naver capped the application (GW.QUOTA_LIMIT). */
export class CommerceRestricted extends GatewayError {
  readonly quotaPerHour: number | undefined;
  constructor(detail: { quotaPerHour?: number; retryAt?: Instant; origin?: ProviderFault }) {
    super('COMMERCE_RESTRICTED', 'Naver has restricted this application.', { retry: 'SAFE_AFTER', ...detail });
    this.quotaPerHour = detail.quotaPerHour;
  }
}
