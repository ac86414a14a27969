/**
 * A message and the pure state machine that evidence moves it through. Nothing here stores or sends.
 * Rule of all rules: a weaker state never replaces a stronger one, so the order in which an ACK, a REPORT and a
 * look-up arrive does not matter, and hearing the same thing twice changes nothing.
 */
import type { Instant } from '../clock.ts';
import type { Outcome, ProviderFault } from '../outcome.ts';
import type {
  Image,
  KakaoContent,
  LookUpResult,
  MessageKind,
  MessagePurpose,
  SmsProvider,
  Submission,
  SubmitResult,
} from '../provider.ts';
import type { Forgotten } from './forget.ts';

/**
 * QUEUED: durable with us. SUBMITTING: intent stored, bytes may have left. SUBMITTED: the provider took it.
 * UNCONFIRMED: sent, outcome unknown; never sent again by itself. DELIVERED, FAILED: provider evidence.
 * EXPIRED: our deadline passed without evidence; late evidence still wins.
 */
export type MessageState =
  | 'QUEUED'
  | 'SUBMITTING'
  | 'SUBMITTED'
  | 'UNCONFIRMED'
  | 'DELIVERED'
  | 'FAILED'
  | 'EXPIRED'
  | 'CANCELLED';

/** One account of one provider. */
export interface Route {
  readonly provider: SmsProvider;
  readonly account: string;
}

export interface SendAttempt extends Route {
  /** NGS: the SERIAL, stored before the bytes left. SENS: the requestId, once it answered. */
  readonly reference?: string;
  /** UNKNOWN as long as nobody can say, so also while the bytes are on their way. */
  readonly outcome: Outcome;
  readonly startedAt: Instant;
  readonly settledAt?: Instant;
  readonly settledBy?: 'ACK' | 'REPORT' | 'LOOKUP' | 'DEADLINE';
  readonly fault?: ProviderFault;
}

export interface Message extends Forgotten {
  readonly id: string;
  readonly tenant: string;
  readonly kind: MessageKind;
  readonly purpose: MessagePurpose;
  /** National digits; empty once it is forgotten. */
  readonly to: string;
  readonly from: string;
  /** Empty once a secret one has no more use, and once it is forgotten. */
  readonly text: string;
  /** Nobody shall read the text here once it can no longer be sent or looked up by. */
  readonly isSecret?: boolean;
  readonly subject?: string;
  readonly imageCount: number;
  readonly kakao?: KakaoContent;
  readonly clientRef?: string;
  /** When the caller wants it to leave. */
  readonly sendAt?: Instant;
  /** The provider itself holds it until then. */
  readonly reserveAt?: Instant;
  /** Advertising may arrive at night: the tenant has the recipients' consent. */
  readonly nightConsent?: boolean;
  readonly state: MessageState;
  readonly createdAt: Instant;
  readonly requestId?: string;
  /** When it may leave, while QUEUED. */
  readonly dueAt: Instant;
  /** Without evidence by then it is EXPIRED. */
  readonly deadlineAt: Instant;
  /** The providers still to try, the present one first. */
  readonly routes: readonly Route[];
  /** How often the present route certainly did not take it and asked for another try. */
  readonly refusals: number;
  readonly attempts: readonly SendAttempt[];
}

export type Evidence = { readonly at: Instant } & (
  | { readonly type: 'STARTED'; readonly reference?: string }
  /** What `submit` answered to the attempt at this place in `attempts`. */
  | { readonly type: 'ANSWERED'; readonly attempt: number; readonly result: SubmitResult }
  /** The attempt's owner died, or never said how it ended. */
  | { readonly type: 'ABANDONED' }
  | {
      readonly type: 'REPORTED';
      readonly reference: string;
      readonly delivered: boolean;
      readonly fault?: ProviderFault;
    }
  | { readonly type: 'LOOKED_UP'; readonly attempt: number; readonly result: LookUpResult }
  | { readonly type: 'EXPIRED' }
  /** Its provider is away, and has been: the next one takes over, since nothing can have left. */
  | { readonly type: 'PASSED_ON'; readonly fault: ProviderFault }
  /** It must not leave before then (advertising at night). */
  | { readonly type: 'DEFERRED'; readonly until: Instant }
  | { readonly type: 'CANCELLED' }
  /** The provider gave up what it held until its time. */
  | { readonly type: 'RESERVATION_CANCELLED' }
);

export interface RetryRule {
  /** Retriable refusals that one route may give before the next route, or FAILED. */
  readonly maxRefusals: number;
  /** How long to wait after the n-th refusal (1, 2, …). */
  readonly delayMs: (refusal: number) => number;
}

const finalStates: readonly MessageState[] = ['DELIVERED', 'FAILED'];
const openStates: readonly MessageState[] = ['QUEUED', 'SUBMITTING', 'SUBMITTED', 'UNCONFIRMED'];

export const isOpen = (state: MessageState): boolean => openStates.includes(state);
/** Submitted, or settled without that: what `wait: SUBMITTED` waits for. */
export const isPastSubmitting = (state: MessageState): boolean => state !== 'QUEUED' && state !== 'SUBMITTING';
/** Taken, or perhaps taken, and its result has to be asked for or waited for. */
export const isAwaitingResult = (state: MessageState): boolean => state === 'SUBMITTED' || state === 'UNCONFIRMED';

/** Taken, and held by the provider until a time that is still to come. */
export const isHeldByProvider = (message: Message, now: Instant): boolean =>
  message.state === 'SUBMITTED' && message.reserveAt !== undefined && message.reserveAt > now;

/** A reservation whose time is this near is no reservation any more: the message is sent at once. */
const leastReservationMs = 60_000;

/** When it arrives if it leaves now: at once, or when the provider lets it go. */
export const arrivalOf = ({ reserveAt }: Message, now: Instant): Instant =>
  reserveAt !== undefined && reserveAt > now + leastReservationMs ? reserveAt : now;

export function submissionOf(message: Message, images: readonly Image[], now: Instant): Submission {
  const { kind, purpose, to, from, text, subject, kakao, requestId } = message;
  return {
    kind,
    purpose,
    to,
    from,
    text,
    ...(subject !== undefined && { subject }),
    ...(images.length > 0 && { images }),
    ...(kakao !== undefined && { kakao }),
    ...(requestId !== undefined && { requestId }),
    ...(arrivalOf(message, now) > now && { reserveAt: arrivalOf(message, now) }),
  };
}

/** What the message becomes; the very same object where the evidence changes nothing. */
export function apply(message: Message, evidence: Evidence, retry: RetryRule): Message {
  const after = moved(message, evidence, retry);
  const isSpent = after.isSecret === true && !isOpen(after.state) && after.text !== '';
  return isSpent ? { ...after, text: '' } : after;
}

function moved(message: Message, evidence: Evidence, retry: RetryRule): Message {
  if (finalStates.includes(message.state)) return message;
  switch (evidence.type) {
    case 'STARTED':
      return started(message, evidence.at, evidence.reference);
    case 'ANSWERED':
      return answered(message, evidence.attempt, evidence.result, evidence.at, retry);
    case 'ABANDONED':
      return message.state === 'SUBMITTING' ? { ...message, state: 'UNCONFIRMED' } : message;
    case 'REPORTED':
      return reported(message, evidence);
    case 'LOOKED_UP':
      return lookedUp(message, evidence.attempt, evidence.result, evidence.at);
    case 'EXPIRED':
      return expired(message, evidence.at);
    case 'PASSED_ON':
      return passedOn(message, evidence.at, evidence.fault);
    case 'DEFERRED':
      return message.state === 'QUEUED' ? { ...message, dueAt: evidence.until } : message;
    case 'CANCELLED':
      return message.state === 'QUEUED' ? { ...message, state: 'CANCELLED' } : message;
    case 'RESERVATION_CANCELLED':
      return isHeldByProvider(message, evidence.at) ? { ...message, state: 'CANCELLED' } : message;
  }
}

function started(message: Message, at: Instant, reference: string | undefined): Message {
  const [route] = message.routes;
  if (message.state !== 'QUEUED' || route === undefined) return message;
  // After an outage it may be found due before the sweeper has found it late.
  if (at >= message.deadlineAt) return message;
  const attempt: SendAttempt = {
    provider: route.provider,
    account: route.account,
    ...(reference !== undefined && { reference }),
    outcome: 'UNKNOWN',
    startedAt: at,
  };
  return { ...message, state: 'SUBMITTING', attempts: [...message.attempts, attempt] };
}

function answered(message: Message, index: number, result: SubmitResult, at: Instant, retry: RetryRule): Message {
  const attempt = message.attempts[index];
  // A REPORT that overtook the ACK has settled the attempt already; the ACK has nothing to add.
  if (attempt === undefined || attempt.settledAt !== undefined) return message;
  const waiting = message.state === 'SUBMITTING' || message.state === 'UNCONFIRMED';
  switch (result.outcome) {
    case 'ACCEPTED': {
      const settled = {
        ...attempt,
        reference: result.reference,
        outcome: 'ACCEPTED',
        settledAt: at,
        settledBy: 'ACK',
      } as const;
      return { ...withAttempt(message, index, settled), state: waiting ? 'SUBMITTED' : message.state };
    }
    case 'UNKNOWN': {
      if (attempt.fault !== undefined) return message;
      const unsettled = withAttempt(message, index, { ...attempt, fault: result.fault });
      return { ...unsettled, state: waiting ? 'UNCONFIRMED' : message.state };
    }
    case 'NOT_ACCEPTED': {
      const settled = {
        ...attempt,
        outcome: 'NOT_ACCEPTED',
        settledAt: at,
        settledBy: 'ACK',
        fault: result.fault,
      } as const;
      const refused = withAttempt(message, index, settled);
      return waiting ? afterRefusal(refused, result.retriable, at, retry) : refused;
    }
  }
}

/** The provider certainly did not take it: the same route later, the next route now, or the end. */
function afterRefusal(message: Message, retriable: boolean, at: Instant, retry: RetryRule): Message {
  const refusals = message.refusals + 1;
  if (retriable && refusals <= retry.maxRefusals) {
    return { ...message, state: 'QUEUED', refusals, dueAt: at + retry.delayMs(refusals) };
  }
  const routes = message.routes.slice(1);
  if (routes.length > 0) return { ...message, state: 'QUEUED', routes, refusals: 0, dueAt: at };
  return { ...message, state: 'FAILED' };
}

function passedOn(message: Message, at: Instant, fault: ProviderFault): Message {
  const [route, ...others] = message.routes;
  if (message.state !== 'QUEUED' || route === undefined || others.length === 0) return message;
  const attempt: SendAttempt = {
    ...route,
    outcome: 'NOT_ACCEPTED',
    startedAt: message.dueAt,
    settledAt: at,
    settledBy: 'DEADLINE',
    fault,
  };
  return { ...message, routes: others, refusals: 0, dueAt: at, attempts: [...message.attempts, attempt] };
}

function reported(message: Message, evidence: Extract<Evidence, { type: 'REPORTED' }>): Message {
  const index = message.attempts.findIndex((attempt) => attempt.reference === evidence.reference);
  const attempt = message.attempts[index];
  if (attempt === undefined) return message;
  // A failure of an earlier attempt says nothing about the one that followed it.
  if (!evidence.delivered && index !== message.attempts.length - 1) return message;
  return concluded(message, index, evidence.delivered, evidence.at, 'REPORT', evidence.fault);
}

function lookedUp(message: Message, index: number, result: LookUpResult, at: Instant): Message {
  const attempt = message.attempts[index];
  if (attempt === undefined) return message;
  const found = result.reference === undefined ? message : withReference(message, index, result.reference);
  if (result.state === 'PENDING') {
    if (!result.taken || message.state !== 'UNCONFIRMED') return message;
    const { fault: _lost, ...taken } = found.attempts[index] as SendAttempt;
    const settled = { ...taken, outcome: 'ACCEPTED', settledAt: at, settledBy: 'LOOKUP' } as const;
    return { ...withAttempt(found, index, settled), state: 'SUBMITTED' };
  }
  const fault = result.state === 'FAILED' ? result.fault : undefined;
  return concluded(found, index, result.state === 'DELIVERED', at, 'LOOKUP', fault);
}

function concluded(
  message: Message,
  index: number,
  delivered: boolean,
  at: Instant,
  settledBy: 'REPORT' | 'LOOKUP',
  fault: ProviderFault | undefined,
): Message {
  // What is known now replaces why it was not known before.
  const { fault: _former, ...attempt } = message.attempts[index] as SendAttempt;
  const settled: SendAttempt = {
    ...attempt,
    outcome: 'ACCEPTED',
    settledAt: at,
    settledBy,
    ...(fault !== undefined && { fault }),
  };
  return { ...withAttempt(message, index, settled), state: delivered ? 'DELIVERED' : 'FAILED' };
}

function expired(message: Message, at: Instant): Message {
  if (!isOpen(message.state)) return message;
  const index = message.attempts.length - 1;
  const attempt = message.attempts[index];
  const late = { ...message, state: 'EXPIRED' } as const;
  if (attempt === undefined || attempt.settledAt !== undefined) return late;
  return withAttempt(late, index, { ...attempt, settledAt: at, settledBy: 'DEADLINE' });
}

function withReference(message: Message, index: number, reference: string): Message {
  return withAttempt(message, index, { ...(message.attempts[index] as SendAttempt), reference });
}

function withAttempt(message: Message, index: number, attempt: SendAttempt): Message {
  return { ...message, attempts: message.attempts.with(index, attempt) };
}
