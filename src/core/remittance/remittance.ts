/** Remittance as the rest of Gwanmun sees it: users, recipients, quotes, transfers, what became of them, and the stream of that. */
import type { Clock, Instant } from '../clock.ts';
import { storeUnavailable } from '../errors.ts';
import type { Reading, StreamItem, Streams } from '../events/follow.ts';
import type { Log } from '../log.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import type { Tenant } from '../tenant.ts';
import type { WebhookEffect } from '../webhooks/source.ts';
import { createTransferCallbackEffect } from './callback.ts';
import { type CancelRemittance, createRemittanceCanceller } from './cancel.ts';
import { createTransferLook } from './look.ts';
import { createPeople, type RemittanceRecipient, type RemittanceUser } from './people.ts';
import type { RemittanceProvider } from './provider.ts';
import { createQuotes, type Quotes } from './quote.ts';
import { createRegistrar, type Registrar } from './register.ts';
import { createRemittanceSender, type SendRemittance } from './send.ts';
import { createRemittanceSweep } from './sweep.ts';
import { isOver, type Remittance, type RemittanceState } from './transfer.ts';
import { createRemittanceStore, type RemittanceEntry } from './transfer-store.ts';
import { createUserVerifier, type UserVerifier } from './verify.ts';

export interface RemittanceChange {
  readonly state: RemittanceState;
  readonly at: Instant;
  /** As it stands now, which may be further on than `state`. */
  readonly remittance: Remittance;
}

export interface RemittanceService {
  readonly registerUser: Registrar['registerUser'];
  readonly addRecipient: Registrar['addRecipient'];
  readonly verifyUser: UserVerifier['verify'];
  readonly uploadDocument: UserVerifier['upload'];
  readonly quote: Quotes['quote'];
  readonly send: SendRemittance;
  readonly cancel: CancelRemittance;
  readonly callbackEffect: WebhookEffect;
  users(tenant: string, ids: readonly string[]): Promise<readonly (RemittanceUser | undefined)[]>;
  recipients(tenant: string, ids: readonly string[]): Promise<readonly (RemittanceRecipient | undefined)[]>;
  remittances(tenant: string, ids: readonly string[]): Promise<readonly (Remittance | undefined)[]>;
  /**
   * States. With `id`, from its creation on; it completes behind CANCELED, EXPIRED, REFUNDED and FAILED, and at once where
   * there is none, but not behind COMPLETE: that can still become REFUNDED. Otherwise live, or from `after` on, without end.
   */
  changes(
    tenant: string,
    follow: Reading & { readonly id?: string | undefined },
  ): Promise<AsyncIterableIterator<StreamItem<RemittanceChange>>>;
  /** Begins to look at what is open. */
  start(): void;
  stop(): Promise<void>;
}

export interface RemittanceServiceOptions {
  readonly store: Store;
  readonly streams: Streams;
  /** Undefined where Sentbe has no settings: what is stored can still be read. */
  readonly provider: RemittanceProvider | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** @default 500 */
  readonly everyMs?: number;
}

export function createRemittanceService(options: RemittanceServiceOptions): RemittanceService {
  const { store, streams, provider, clock, log, everyMs = 500 } = options;
  const users = createPeople<RemittanceUser>({ store, clock, type: 'RemittanceUser' });
  const recipients = createPeople<RemittanceRecipient>({ store, clock, type: 'RemittanceRecipient' });
  const remittances = createRemittanceStore(store, log);
  const registrar = createRegistrar({ users, recipients, provider, clock });
  const verifier = createUserVerifier({ users, provider, clock });
  const quotes = createQuotes({ store, users, recipients, provider, clock });
  const look = provider && createTransferLook({ remittances, provider, clock });
  const sweep = provider && look && createRemittanceSweep({ store, remittances, provider, look, clock, log, everyMs });
  const load = (tenant: string, ids: readonly string[]) =>
    remittances.load(ids.map((id) => remittances.key(tenant, id)));

  return {
    registerUser: guarded(registrar.registerUser),
    addRecipient: guarded(registrar.addRecipient),
    verifyUser: guarded(verifier.verify),
    uploadDocument: guarded(verifier.upload),
    quote: guarded(quotes.quote),
    send: guarded(createRemittanceSender({ store, remittances, quotes, provider, clock })),
    cancel: guarded(createRemittanceCanceller({ remittances, provider, clock })),
    callbackEffect: createTransferCallbackEffect({ remittances, provider, look, clock }),
    users: verifier.load,
    recipients: recipients.load,
    remittances: load,
    async changes(tenant, { id, after, ending }) {
      const [remittance] = id === undefined ? [] : await load(tenant, [id]);
      return streams.follow<RemittanceChange>({
        log: remittances.log(tenant),
        after,
        ending,
        from: remittance && (await remittances.positionOf(remittance)),
        isOver: id !== undefined && (remittance === undefined || isOver(remittance.state)),
        isLast: ({ state }) => id !== undefined && isOver(state),
        async load(entries) {
          const events = entries.map(({ entry }) => entry as RemittanceEntry);
          const present = await load(
            tenant,
            events.map(({ remittanceId }) => remittanceId),
          );
          return events.map(({ remittanceId, state, at }, index) => {
            const found = present[index];
            const isWanted = found !== undefined && (id === undefined || remittanceId === id);
            return isWanted ? { state, at, remittance: found } : undefined;
          });
        },
      });
    },
    start: () => sweep?.start(),
    stop: async () => sweep?.stop(),
  };
}

/** What is refused before anything is done comes as a rejection too. */
const guarded =
  <Input, Result>(work: (tenant: Tenant, input: Input) => Promise<Result>) =>
  async (tenant: Tenant, input: Input): Promise<Result> => {
    try {
      return await work(tenant, input);
    } catch (error) {
      throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
    }
  };
