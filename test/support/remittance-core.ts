/** Core's remittance as app.ts puts it together, over a given store and a scripted provider. */
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createStreams } from '../../src/core/events/follow.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import type { AddRecipientInput, RegisterUserInput } from '../../src/core/remittance/input.ts';
import type { RemittanceProvider } from '../../src/core/remittance/provider.ts';
import { createRemittanceService, type RemittanceService } from '../../src/core/remittance/remittance.ts';
import type { SendInput } from '../../src/core/remittance/send.ts';
import type { Remittance } from '../../src/core/remittance/transfer.ts';
import type { Store } from '../../src/core/store.ts';
import type { Tenant } from '../../src/core/tenant.ts';
import type { WebhookSource } from '../../src/core/webhooks/source.ts';
import { type ScriptedRemittance, scriptedRemittance } from './scripted-remittance.ts';

export const shop: Tenant = { id: 'shop', callerNumbers: [], keys: [] };
export const bakery: Tenant = { id: 'bakery', callerNumbers: [], keys: [] };

export const userInput: RegisterUserInput = {
  idempotencyKey: 'user',
  corridor: 'OUTBOUND',
  externalId: 'user-1',
  firstName: 'Maria',
  lastName: 'Santos',
  nationality: 'PH',
  birthDate: '1990-01-31',
  email: 'maria@example.com',
  phone: '010-3369-1481',
  details: {
    password: 'canary-password',
    gender: 'F',
    fundsSource: 'business_earnings',
    occupation: 'company_employee',
    transferPurpose: 'saving',
    oftenSendCountry: 'PH',
    passportNumber: 'CANARY-PASSPORT',
    address: { country: 'KR', line1: '1 Sejong-daero', city: 'Seoul', region: 'Seoul' },
    agreements: ['unique_id_info', 'privacy_info'],
  },
};

export const recipientInput: Omit<AddRecipientInput, 'userId'> = {
  idempotencyKey: 'recipient',
  corridor: 'OUTBOUND',
  externalId: 'recipient-1',
  firstName: 'Jose',
  lastName: 'Santos',
  country: 'PH',
  receiveMethod: 'Bank',
  phone: '+639171234567',
  bank: { bankCode: '10305', accountNumber: 'CANARY-ACCOUNT', accountHolder: 'Jose Santos', accountType: 'Savings' },
};

/** The names of a pair, and what is sent between them. */
export type Quoted = Pick<
  SendInput,
  'corridor' | 'userId' | 'recipientId' | 'quoteId' | 'receiveAmount' | 'receiveCurrency'
>;

export interface RemittanceCore {
  readonly store: Store;
  readonly service: RemittanceService;
  readonly provider: ScriptedRemittance;
  /** A user, a recipient and a quote of theirs. */
  quoted(part?: { readonly receiveAmount?: number; readonly tenant?: Tenant }): Promise<Quoted>;
  /** The same once more, by a quote of its own. */
  requoted(quoted: Quoted): Promise<Quoted>;
  send(quoted: Quoted, part?: Partial<SendInput>): Promise<Remittance>;
  load(id: string): Promise<Remittance>;
  /** A genuine callback. */
  hear(externalId: string, status?: string): Promise<string>;
  /** All that the stream says until it completes by itself; the events as their states. */
  told(id: string, after?: string): Promise<string[]>;
}

export interface RemittanceCoreOptions {
  readonly store: Store;
  readonly provider?: ScriptedRemittance;
  /** What core sees of the provider, where it is not the scripted one itself. */
  readonly seen?: RemittanceProvider | undefined;
  readonly clock?: Clock;
  readonly log?: Log;
  /** Without it time passes without anybody looking. @default true */
  readonly sweeping?: boolean;
}

export const callbacks: WebhookSource = {
  provider: 'SENTBE',
  account: 'default',
  isGenuine: () => true,
  read: () => ({}),
};

export function remittanceCore(options: RemittanceCoreOptions): RemittanceCore {
  const { store, clock = systemClock, log = silentLog, sweeping = true } = options;
  const provider = options.provider ?? scriptedRemittance(clock.now);
  const service = createRemittanceService({
    store,
    streams: createStreams(store),
    provider: 'seen' in options ? options.seen : provider,
    clock,
    log,
    everyMs: 5,
  });
  if (sweeping) service.start();
  onTestFinished(() => service.stop());
  let sends = 0;
  return {
    store,
    service,
    provider,
    async quoted({ receiveAmount = 5_000, tenant = shop } = {}) {
      const user = await service.registerUser(tenant, userInput);
      const recipient = await service.addRecipient(tenant, { ...recipientInput, userId: user.id });
      const asked = {
        corridor: 'OUTBOUND',
        userId: user.id,
        recipientId: recipient.id,
        receiveAmount,
        receiveCurrency: 'PHP',
      } as const;
      const quote = await service.quote(tenant, asked);
      return { ...asked, quoteId: quote.id };
    },
    async requoted({ quoteId: _used, ...asked }) {
      return { ...asked, quoteId: (await service.quote(shop, asked)).id };
    },
    send(quoted, part = {}) {
      sends += 1;
      return service.send(shop, { ...quoted, idempotencyKey: `send-${sends}`, externalId: `order-${sends}`, ...part });
    },
    async load(id) {
      const [remittance] = await service.remittances(shop.id, [id]);
      if (remittance === undefined) throw new Error('There is no such remittance.');
      return remittance;
    },
    hear: (externalId, status = 'Complete') =>
      service.callbackEffect.apply(callbacks, { type: 'TRANSFER_CHANGED', externalId, status }, clock.now()),
    async told(id, after) {
      const told: string[] = [];
      for await (const item of await service.changes(shop.id, { id, after })) {
        told.push(item.type === 'EVENT' ? item.event.state : item.type);
      }
      return told;
    },
  };
}
