/**
 * The closed list of failures that a client can act on. Each class is a type of the same name in the schema.
 * Anything else that is thrown is a bug: masked for the client and logged once.
 */
import type { Instant } from './clock.ts';
import type { FieldProblem } from './field-problem.ts';
import type { MessagePreview } from './messaging/preview.ts';
import type { Outcome, ProviderFault } from './outcome.ts';
import type { StoreUnavailable, StoreWant } from './store.ts';

/** Whether, and how, the same call may be made again. */
export type RetryAdvice = 'SAFE_NOW' | 'SAFE_AFTER' | 'AFTER_FIX' | 'ONLY_WITH_SAME_KEY' | 'NEVER';

/** What is stored of a call that failed all the same: its type in the schema, and our own id of it. */
export interface Subject {
  readonly type: 'Message' | 'PushApproval' | 'Remittance' | 'RemittanceUser' | 'RemittanceRecipient';
  readonly id: string;
}

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

/** A long list may be wrong in every place: who mends it needs the first ones, and not an answer of megabytes. */
const maxToldProblems = 50;

export class InvalidInput extends GatewayError {
  /** At most 50, and then one that tells how many more there are (MORE). */
  readonly fields: readonly FieldProblem[];
  constructor(problems: readonly FieldProblem[]) {
    const fields = problems.slice(0, maxToldProblems);
    const next = problems[maxToldProblems];
    if (next !== undefined) {
      const more = (problems.length - maxToldProblems).toLocaleString('en');
      fields.push({ path: next.path.slice(0, 1), rule: 'MORE', message: `And ${more} more.` });
    }
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
  readonly subject: Subject | undefined;
  constructor(
    scope: string,
    advice: { retryAt: Instant; limit?: number; windowSeconds?: number; origin?: ProviderFault; subject?: Subject },
  ) {
    super('RATE_LIMITED', `Too many requests for ${scope}.`, { retry: 'SAFE_AFTER', ...advice });
    this.scope = scope;
    this.limit = advice.limit;
    this.windowSeconds = advice.windowSeconds;
    this.subject = advice.subject;
  }
}

/** The provider refused it for good. */
export class ProviderRejected extends GatewayError {
  readonly subject: Subject | undefined;
  constructor(message: string, origin: ProviderFault, subject?: Subject) {
    super('PROVIDER_REJECTED', message, { retry: 'NEVER', origin });
    this.subject = subject;
  }
}

/**
 * STORE_UNAVAILABLE: the store does not answer. STORAGE_FULL: it has no space for new work, and reads go on. OVERLOADED: it is
 * well, and more was asked than it can take now. The last two are told only where nothing was stored and nothing left.
 */
type ProviderUnavailableCode =
  | 'PROVIDER_UNAVAILABLE'
  | 'PROVIDER_DISABLED'
  | 'STORE_UNAVAILABLE'
  | 'STORAGE_FULL'
  | 'OVERLOADED';

/**
 * A provider, or the store that every promise stands on, cannot be used now. `outcome` tells whether the call may
 * have had an effect all the same.
 */
export class ProviderUnavailable extends GatewayError {
  readonly outcome: Outcome;
  readonly subject: Subject | undefined;
  constructor(
    message: string,
    detail: {
      code?: ProviderUnavailableCode;
      outcome: Outcome;
      /** Where the outcome alone does not say it, as for a call that has no key. */
      retry?: RetryAdvice;
      retryAt?: Instant;
      origin?: ProviderFault;
      subject?: Subject;
      cause?: unknown;
    },
  ) {
    const retry = detail.retry ?? (detail.outcome === 'NOT_ACCEPTED' ? 'SAFE_AFTER' : 'ONLY_WITH_SAME_KEY');
    super(detail.code ?? 'PROVIDER_UNAVAILABLE', message, { ...detail, retry });
    this.outcome = detail.outcome;
    this.subject = detail.subject;
  }
}

const wants = {
  NONE: { code: 'STORE_UNAVAILABLE', why: 'The store does not answer.' },
  FULL: { code: 'STORAGE_FULL', why: 'The store has no space left.' },
  OVERLOADED: { code: 'OVERLOADED', why: 'More waits for the store than it can take: call again in a second.' },
} as const satisfies Record<StoreWant | 'NONE', { code: ProviderUnavailableCode; why: string }>;

/** More was asked than can be taken now, and this call was refused before it stored or sent anything. */
export function overloaded(why: string, retryAt?: Instant): ProviderUnavailable {
  const message = `${why} This call stored nothing and nothing left.`;
  return new ProviderUnavailable(message, {
    code: 'OVERLOADED',
    outcome: 'NOT_ACCEPTED',
    ...(retryAt !== undefined && { retryAt }),
  });
}

/**
 * What a client hears of a store that does not answer. The driver's own words stay here: they may name a host. `hasKey`:
 * the call has an idempotencyKey, by which it can be asked again; without one it must do no harm to make it again.
 */
export function storeUnavailable(error: StoreUnavailable, { hasKey = true } = {}): ProviderUnavailable {
  if (error.wrote === 'NO') {
    const { code, why } = wants[error.want ?? 'NONE'];
    const message = `${why} This call stored nothing and nothing left.`;
    return new ProviderUnavailable(message, { code, outcome: 'NOT_ACCEPTED', cause: error });
  }
  const again = hasKey ? 'Call again with the same key to learn what became of it.' : 'The call may be made again.';
  return new ProviderUnavailable(`The store stopped answering in the middle of a write. ${again}`, {
    code: 'STORE_UNAVAILABLE',
    outcome: 'UNKNOWN',
    retry: hasKey ? 'ONLY_WITH_SAME_KEY' : 'SAFE_NOW',
    cause: error,
  });
}

/** A failure of a call that has no idempotencyKey, and that does no harm when it is made again. Anything else is as it was. */
export function withoutKey<Failure>(failure: Failure): Failure | ProviderUnavailable {
  if (!(failure instanceof ProviderUnavailable) || failure.retry !== 'ONLY_WITH_SAME_KEY') return failure;
  return remade(failure, { retry: 'SAFE_NOW' });
}

/** The same failure, naming what is stored of the call. */
export const unavailableOf = (failure: ProviderUnavailable, subject: Subject): ProviderUnavailable =>
  remade(failure, { subject });

function remade(failure: ProviderUnavailable, change: { retry?: RetryAdvice; subject?: Subject }): ProviderUnavailable {
  const { code, message, outcome, retry, retryAt, origin, subject, cause } = failure;
  return new ProviderUnavailable(message, {
    code: code as ProviderUnavailableCode,
    outcome,
    retry,
    cause,
    ...(retryAt !== undefined && { retryAt }),
    ...(origin !== undefined && { origin }),
    ...(subject !== undefined && { subject }),
    ...change,
  });
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
  /** `message`: where it is not a scope that is missing. */
  constructor(missingScopes: readonly string[], message = `This key lacks the scope ${missingScopes.join(', ')}.`) {
    super('UNAUTHORIZED', message, { retry: 'AFTER_FIX' });
    this.missingScopes = missingScopes;
  }
}

/** SecureKey's policy asks for one more factor. */
export class MfaRequired extends GatewayError {
  readonly requiredChannels: readonly string[];
  readonly matchedPolicies: readonly string[];
  readonly subject: Subject | undefined;
  constructor(
    requiredChannels: readonly string[],
    matchedPolicies: readonly string[],
    origin?: ProviderFault,
    subject?: Subject,
  ) {
    super('MFA_REQUIRED', `One more factor is needed: ${requiredChannels.join(', ')}.`, { retry: 'AFTER_FIX', origin });
    this.requiredChannels = requiredChannels;
    this.matchedPolicies = matchedPolicies;
    this.subject = subject;
  }
}

export class OtpRejected extends GatewayError {
  readonly attemptsLeft: number | undefined;
  readonly expired: boolean;
  constructor(detail: { attemptsLeft?: number; expired: boolean; origin?: ProviderFault }) {
    const expired = 'The code has expired. 인증번호가 만료되었습니다.';
    const wrong = 'The code does not match. 인증번호가 일치하지 않습니다.';
    super('OTP_REJECTED', detail.expired ? expired : wrong, {
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
