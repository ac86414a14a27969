/**
 * A push approval and the pure state machine that evidence moves it through: whether its prompt left, and what the person
 * said. The first terminal evidence wins for ever: unlike a message's, a late approval must open nothing.
 */
import type { Instant } from '../clock.ts';
import type { ProviderFault, ProviderName } from '../outcome.ts';
import type { PushDecision } from './provider.ts';

export type PushState = 'PENDING' | PushDecision | 'EXPIRED';
/**
 * SENDING: stored, the prompt may have left. SENT: the provider took it. UNCONFIRMED: nobody can say; never sent again.
 * NOT_SENT: the provider certainly did not take it.
 */
export type PushDelivery = 'SENDING' | 'SENT' | 'UNCONFIRMED' | 'NOT_SENT';
/** What decided it. DEADLINE is our own clock. */
export type PushVia = 'WEBHOOK' | 'POLL' | 'RESPONSE' | 'DEADLINE';

export interface PushApproval {
  readonly id: string;
  readonly tenant: string;
  readonly provider: ProviderName;
  readonly account: string;
  /** The tenant's own name of the person. */
  readonly userId: string;
  /** The provider's. */
  readonly externalUserId: string;
  readonly title: string;
  readonly body?: string;
  readonly state: PushState;
  readonly delivery: PushDelivery;
  /** When a call whose answer never came counts as lost. */
  readonly giveUpAt: Instant;
  /** The provider's name of the prompt. */
  readonly requestId?: string;
  /** Why the prompt did not leave, or why nobody can say. */
  readonly fault?: ProviderFault;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  /** When `requestId` became known. */
  readonly sentAt?: Instant;
  /** When the provider was last asked what became of it. */
  readonly askedAt?: Instant;
  /** When to ask; absent where only a webhook is waited for. */
  readonly pollAt?: Instant;
  readonly decidedAt?: Instant;
  readonly via?: PushVia;
}

export type SendPushResult =
  | { readonly delivery: 'SENT'; readonly requestId: string }
  | { readonly delivery: 'NOT_SENT' | 'UNCONFIRMED'; readonly fault: ProviderFault };

export type PushEvidence =
  /** What had not left is sent again. */
  | { readonly type: 'STARTED'; readonly at: Instant; readonly giveUpAt: Instant }
  /** `pollAt`: absent where the provider is not asked. */
  | {
      readonly type: 'ANSWERED';
      readonly at: Instant;
      readonly result: SendPushResult;
      readonly pollAt?: Instant | undefined;
    }
  /** The answer never came, or whoever waited for it died. */
  | { readonly type: 'ABANDONED'; readonly at: Instant }
  | {
      readonly type: 'DECIDED';
      readonly at: Instant;
      readonly state: Exclude<PushState, 'PENDING'>;
      readonly via: Exclude<PushVia, 'DEADLINE'>;
    }
  /** Nothing where the deadline was moved meanwhile. */
  | { readonly type: 'DEADLINE'; readonly at: Instant }
  /** Asked without a decision, or to be asked soon. */
  | {
      readonly type: 'POLL_DUE';
      readonly at: Instant;
      readonly pollAt: Instant;
      readonly askedAt?: Instant | undefined;
    };

export const pushLifeMs = 2 * 60_000;

/** The same object where the evidence changes nothing. */
export function applyPush(approval: PushApproval, evidence: PushEvidence): PushApproval {
  const isPending = approval.state === 'PENDING';
  switch (evidence.type) {
    case 'STARTED':
      return isPending && approval.delivery === 'NOT_SENT' && evidence.at < approval.expiresAt
        ? started(approval, evidence)
        : approval;
    case 'ANSWERED':
      return isAwaitingAnswer(approval) ? answered(approval, evidence) : approval;
    case 'ABANDONED':
      return approval.delivery === 'SENDING' && evidence.at >= approval.giveUpAt
        ? { ...approval, delivery: 'UNCONFIRMED' }
        : approval;
    case 'DECIDED':
      return isPending ? decided(approval, evidence) : approval;
    case 'DEADLINE':
      return isPending && evidence.at >= approval.expiresAt ? expired(approval) : approval;
    case 'POLL_DUE':
      return isPending && approval.requestId !== undefined ? polled(approval, evidence) : approval;
  }
}

/** Its prompt is, or may be, before the person. */
export const holdsUser = ({ state, delivery }: PushApproval): boolean => state === 'PENDING' && delivery !== 'NOT_SENT';

/** Its call may still be answered, to whoever made it. */
const isAwaitingAnswer = ({ delivery }: PushApproval): boolean => delivery === 'SENDING' || delivery === 'UNCONFIRMED';

/** Its two minutes begin anew: they bound the prompt, and none has left. */
function started({ fault: _fault, ...approval }: PushApproval, { at, giveUpAt }: { at: Instant; giveUpAt: Instant }) {
  return { ...approval, delivery: 'SENDING', giveUpAt, expiresAt: at + pushLifeMs } as const;
}

function answered(
  { fault: _fault, ...approval }: PushApproval,
  { at, result, pollAt }: Extract<PushEvidence, { type: 'ANSWERED' }>,
): PushApproval {
  if (result.delivery !== 'SENT') return { ...approval, ...result };
  const isAsked = pollAt !== undefined && approval.state === 'PENDING';
  return { ...approval, ...result, sentAt: at, ...(isAsked && { pollAt }) };
}

/** Evidence from behind the deadline is the deadline's, also where nobody had looked at the clock yet. */
function decided(approval: PushApproval, { at, state, via }: Extract<PushEvidence, { type: 'DECIDED' }>): PushApproval {
  if (at >= approval.expiresAt) return expired(approval);
  const { pollAt: _pollAt, ...rest } = approval;
  return { ...rest, state, decidedAt: at, via };
}

function expired({ pollAt: _pollAt, ...approval }: PushApproval): PushApproval {
  return { ...approval, state: 'EXPIRED', decidedAt: approval.expiresAt, via: 'DEADLINE' };
}

function polled(
  approval: PushApproval,
  { pollAt, askedAt }: Extract<PushEvidence, { type: 'POLL_DUE' }>,
): PushApproval {
  return { ...approval, pollAt, ...(askedAt !== undefined && { askedAt }) };
}
