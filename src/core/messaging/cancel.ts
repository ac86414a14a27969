/** cancelMessage: takes back what has not left, or what the provider itself still holds until its time. */
import type { Clock, Instant } from '../clock.ts';
import { InvalidInput, ProviderUnavailable, storeUnavailable } from '../errors.ts';
import type { MessageProvider } from '../provider.ts';
import { StoreUnavailable } from '../store.ts';
import { isHeldByProvider, type Message } from './message.ts';
import type { MessageStore } from './message-store.ts';

export interface Canceller {
  /** @throws InvalidInput where there is no such message or it has left; ProviderUnavailable where nobody can say. */
  cancel(tenant: string, id: string): Promise<Message>;
}

export interface CancellerOptions {
  readonly messages: MessageStore;
  readonly carriers: readonly MessageProvider[];
  readonly clock: Clock;
}

/** When to ask again for what is just being handed over: a call to the provider is mostly done by then. */
const handingOverMs = 2_000;

export function createCanceller({ messages, carriers, clock }: CancellerOptions): Canceller {
  async function cancel(tenant: string, id: string): Promise<Message> {
    const key = messages.key(tenant, id);
    const withdrawn = await messages.record(key, { type: 'CANCELLED', at: clock.now() });
    if (withdrawn === undefined) throw invalid('NOT_FOUND', 'There is no such message.');
    const { message } = withdrawn;
    if (message.state === 'CANCELLED') return message;
    const now = clock.now();
    if (isBeingReserved(message, now)) {
      throw new ProviderUnavailable('It is on its way to the provider; ask again in a moment.', {
        outcome: 'NOT_ACCEPTED',
        retryAt: now + handingOverMs,
      });
    }
    return isHeldByProvider(message, now) ? cancelReservation(key, message) : tooLate(message.state);
  }

  async function cancelReservation(key: string, message: Message): Promise<Message> {
    const attempt = message.attempts.at(-1);
    const carrier = carriers.find(
      ({ provider, account }) => provider === attempt?.provider && account === attempt.account,
    );
    if (attempt?.reference === undefined || carrier?.reservations === undefined) return tooLate(message.state);
    const result = await carrier.reservations.cancel(attempt.reference);
    if (result.state === 'UNKNOWN') {
      throw new ProviderUnavailable('Nobody can say whether it was cancelled; asking again is safe.', {
        outcome: 'UNKNOWN',
        origin: result.fault,
      });
    }
    if (result.state === 'TOO_LATE') return tooLate(result.fault.text ?? result.fault.code);
    const recorded = await messages.record(key, { type: 'RESERVATION_CANCELLED', at: clock.now() });
    return recorded?.message ?? message;
  }

  return {
    cancel: (tenant, id) =>
      cancel(tenant, id).catch((error) => {
        throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
      }),
  };
}

/** The provider will hold it, but has not answered yet: there is no reference to cancel by, and it is not too late. */
const isBeingReserved = ({ state, reserveAt }: Message, now: Instant): boolean =>
  state === 'SUBMITTING' && reserveAt !== undefined && reserveAt > now;

function tooLate(why: string): never {
  throw invalid('TOO_LATE', `It can no longer be cancelled (${why}). 이미 발송되어 취소할 수 없습니다.`);
}

const invalid = (rule: string, message: string): InvalidInput => new InvalidInput([{ path: ['id'], rule, message }]);
