/**
 * A remittance and the pure state machine that evidence moves it through. UNCONFIRMED is ours: it left, or may have, and
 * nobody knows more. All other states are the provider's, but FAILED without a transfer: that is its refusal of the call.
 */
import type { Instant } from '../clock.ts';
import type { ProviderFault } from '../outcome.ts';
import { isSameAmount } from './amount.ts';
import type { Amount, Corridor, ProviderTransfer, TransferState } from './provider.ts';

export type RemittanceState = 'UNCONFIRMED' | TransferState;

export interface Remittance {
  readonly id: string;
  readonly tenant: string;
  readonly provider: 'SENTBE';
  readonly account: string;
  /** Whose ids the provider's ids here are: to another partner they name other people and other money. */
  readonly partner: string;
  readonly corridor: Corridor;
  /** The tenant's own name of it, and the one that the provider sees. */
  readonly externalId: string;
  readonly providerExternalId: string;
  /** Ours, and the provider's. */
  readonly userId: string;
  readonly recipientId: string;
  readonly providerUserId: string;
  readonly providerRecipientId: string;
  readonly quoteId: string;
  /** What was asked for, in whole units. */
  readonly receiveAmount: number;
  readonly receiveCurrency: string;
  readonly rateListId?: string;
  readonly state: RemittanceState;
  /** The provider's own word for the state. */
  readonly status?: string;
  readonly transferId?: string;
  /** As the provider says them. */
  readonly send?: Amount;
  readonly receive?: Amount;
  readonly virtualAccount?: string;
  /** Why it was refused, or why nobody can say. */
  readonly fault?: ProviderFault;
  readonly createdAt: Instant;
  /** The call is over: answered, refused or lost. Until then nobody looks, and past `giveUpAt` it is lost. */
  readonly isSettled: boolean;
  readonly giveUpAt: Instant;
  /** When the call began that the state was read by. */
  readonly readAt?: Instant;
  /** The provider once said what cannot be of this one: others, or another amount. */
  readonly isMisread?: true;
  /** When to read it next; absent where nothing more is waited for. */
  readonly lookAt?: Instant;
}

export type TransferEvidence =
  /** The provider says how it stands: by the answer, by a look-up, or by cancelling. */
  | { readonly type: 'READ'; readonly at: Instant; readonly askedAt: Instant; readonly transfer: ProviderTransfer }
  /** The provider certainly did not take it. */
  | { readonly type: 'REFUSED'; readonly at: Instant; readonly fault: ProviderFault }
  /** The answer was lost: nobody can say. */
  | { readonly type: 'LOST'; readonly at: Instant; readonly fault: ProviderFault }
  /** A look-up found nothing, or was not answered. */
  | { readonly type: 'NOT_READ'; readonly at: Instant }
  /** There is reason to look now. */
  | { readonly type: 'LOOK_DUE'; readonly at: Instant };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** How long it is looked for; past it, it stays as it is, and an operator is told. */
const lookedForMs = { UNCONFIRMED: 72 * hourMs, OPEN: 90 * dayMs } as const;
/** What is complete can still be paid back, and where no callback says so, only looking tells. */
const refundable = { lookedForMs: 30 * dayMs, everyMs: dayMs } as const;
const firstLookAfterMs = 1_000;

const rank: Readonly<Record<RemittanceState, number>> = {
  UNCONFIRMED: 0,
  REQUESTED: 2,
  PROCESSING: 3,
  AML_FILTERED: 3,
  COMPLETE: 4,
  CANCELED: 4,
  EXPIRED: 4,
  FAILED: 4,
  REFUNDED: 5,
};

/** A refusal is what we take an answer for; a transfer that is there all the same is a fact. */
const rankOf = ({ state, transferId }: Remittance): number =>
  state === 'FAILED' && transferId === undefined ? 1 : rank[state];

/** Nothing that is waited for can follow: what follows COMPLETE is REFUNDED. */
export const isOver = (state: RemittanceState): boolean =>
  state === 'CANCELED' || state === 'EXPIRED' || state === 'REFUNDED' || state === 'FAILED';

/** The call may still be under way. */
export const isSending = ({ isSettled, giveUpAt }: Remittance, now: Instant): boolean => !isSettled && now < giveUpAt;

/** The same object where the evidence changes nothing. */
export function applyTransfer(remittance: Remittance, evidence: TransferEvidence): Remittance {
  const { at } = evidence;
  switch (evidence.type) {
    case 'READ':
      return read(remittance, evidence);
    case 'REFUSED':
      return remittance.state === 'UNCONFIRMED' && remittance.transferId === undefined
        ? { ...withoutLook(remittance), state: 'FAILED', isSettled: true, fault: evidence.fault }
        : remittance;
    case 'LOST':
      return remittance.isSettled
        ? remittance
        : { ...remittance, isSettled: true, fault: evidence.fault, lookAt: at + firstLookAfterMs };
    case 'NOT_READ':
      return isSending(remittance, at) ? remittance : waiting({ ...remittance, isSettled: true }, at);
    case 'LOOK_DUE':
      return isSending(remittance, at) ? remittance : { ...remittance, lookAt: at };
  }
}

function read(
  remittance: Remittance,
  { at, askedAt, transfer }: Extract<TransferEvidence, { type: 'READ' }>,
): Remittance {
  // Of another transfer: it says nothing of this one.
  if (remittance.transferId !== undefined && remittance.transferId !== transfer.id) return remittance;
  if (!fits(remittance, transfer)) return waiting({ ...remittance, isSettled: true, isMisread: true }, at);
  const { fault, ...rest } = remittance;
  const { id: transferId, state, status, send, receive, virtualAccount } = transfer;
  const isNewest = askedAt >= (remittance.readAt ?? 0);
  const moves =
    rank[state] > rankOf(remittance) || (rank[state] === rankOf(remittance) && isSideways(state) && isNewest);
  const stays = state === remittance.state && isNewest;
  return waiting(
    {
      ...rest,
      ...(fault !== undefined && !moves && { fault }),
      isSettled: true,
      transferId,
      ...(send !== undefined && { send }),
      ...(receive !== undefined && { receive }),
      ...(virtualAccount !== undefined && { virtualAccount }),
      ...((moves || stays) && { state, status, readAt: askedAt }),
    },
    at,
  );
}

/** Whether it can be this one, by all that the provider says of it. */
export function fits(remittance: Remittance, { userId, recipientId, receive }: ProviderTransfer): boolean {
  const { providerUserId, providerRecipientId, receiveAmount, receiveCurrency } = remittance;
  return (
    (userId === undefined || userId === providerUserId) &&
    (recipientId === undefined || recipientId === providerRecipientId) &&
    (receive === undefined ||
      (receive.currency === receiveCurrency && isSameAmount(receive.amount, String(receiveAmount))))
  );
}

/** The two that are worked on: each may follow the other, so what was asked later counts. */
const isSideways = (state: TransferState): boolean => state === 'PROCESSING' || state === 'AML_FILTERED';

function waiting(remittance: Remittance, at: Instant): Remittance {
  const delayMs = lookDelayMs(remittance, at - remittance.createdAt);
  const rest = withoutLook(remittance);
  return delayMs === undefined ? rest : { ...rest, lookAt: at + delayMs };
}

/** The older it is, the less often: a tenth of its age, from two seconds to an hour. */
function lookDelayMs({ state, transferId }: Remittance, ageMs: number): number | undefined {
  if (isOver(state)) return undefined;
  if (state === 'COMPLETE') return ageMs < refundable.lookedForMs ? refundable.everyMs : undefined;
  const longestMs = transferId === undefined ? lookedForMs.UNCONFIRMED : lookedForMs.OPEN;
  return ageMs < longestMs ? Math.min(Math.max(2_000, Math.round(ageMs / 10)), hourMs) : undefined;
}

function withoutLook({ lookAt: _lookAt, ...remittance }: Remittance): Remittance {
  return remittance;
}
