/** Transfers of both corridors and their statuses over time. Each status, the first one too, is called back. */
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { Timers } from '../timers.ts';
import type { Callbacks } from './callbacks.ts';
import { SentbeRefusal } from './envelope.ts';
import { type Corridor, createdAtOf, createModels } from './models.ts';
import { externalId, modelId, type Parameters, read } from './parameters.ts';
import {
  type InboundPrice,
  inboundAmount,
  type OutboundPrice,
  outboundAmount,
  paid,
  priceInbound,
  priceOutbound,
} from './pricing.ts';
import type { Recipients } from './recipients.ts';
import type { SentbeSettings, SentbeSettingsChange } from './settings.ts';
import type { User, Users } from './users.ts';

export const TRANSFER_STATUSES = [
  'Transfer Requested',
  'Waiting verification',
  'Processing',
  'AML filtered',
  'Complete',
  'Canceled',
  'Expired',
  'Refunded',
] as const;
export type TransferStatus = (typeof TRANSFER_STATUSES)[number];

const FIRST: Readonly<Record<Corridor, TransferStatus>> = {
  outbound: 'Transfer Requested',
  inbound: 'Waiting verification',
};

export interface Transfer {
  readonly id: number;
  readonly corridor: Corridor;
  readonly externalId: string;
  readonly userId: number;
  readonly recipientId: number;
  readonly senderCountry: string;
  readonly status: TransferStatus;
  readonly createdAt: string;
  readonly price: OutboundPrice | InboundPrice;
}

const outbound = z.object({ ...outboundAmount, exchange_rate_list_id: modelId, external_id: externalId });
const inbound = z.object({ user_id: modelId, recipient_id: modelId, external_id: externalId, ...inboundAmount });
const cancellation = z.object({ transfer_id: modelId });
/** Of the sample: who pays in, and where. */
const VIRTUAL_ACCOUNT = '상호저축은행(Bank code 50) | 066-40-15-072113-4 | (주)센트비';

export type Transfers = ReturnType<typeof createTransfers>;

export function createTransfers(options: {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly users: Users;
  readonly recipients: Recipients;
  readonly callbacks: Callbacks;
  readonly settings: () => SentbeSettings;
  readonly configure: (changes: SentbeSettingsChange) => void;
}) {
  const { clock, timers, users, recipients, callbacks, settings, configure } = options;
  const models = createModels<Transfer>('transfer', 3_001);

  function isOpen(user: User): boolean {
    const { requireVerified } = settings();
    const { mobile, documents, bank } = user.verifications;
    if (requireVerified === 'NONE') return true;
    const all = requireVerified === 'ALL' ? [mobile, documents, bank] : [mobile];
    return all.every((status) => status === 'completed');
  }

  /** A duplicate is refused: the document says "invalid external transfer id", and no more. */
  function checkExternalId(given: string): void {
    const isTaken = [...models.of('inbound'), ...models.of('outbound')].some((each) => each.externalId === given);
    if (isTaken) throw new SentbeRefusal('E0013', 'it is taken');
  }

  function moveOn(transfer: Transfer): void {
    const { advanceMs } = settings();
    if (advanceMs === 0) return;
    timers.after(advanceMs, () => {
      // Someone else may have moved it meanwhile.
      if (models.find(transfer.id)?.status !== transfer.status) return;
      if (transfer.status === FIRST[transfer.corridor]) moveOn(become(transfer, 'Processing'));
      else if (transfer.status === 'Processing') become(transfer, 'Complete');
    });
  }

  function become(transfer: Transfer, status: TransferStatus): Transfer {
    const changed = { ...transfer, status };
    models.replace(changed);
    if (transfer.corridor === 'inbound' && (status === 'Processing' || status === 'Complete')) {
      recipients.verify(transfer.recipientId);
    }
    callbacks.emit(changed);
    return changed;
  }

  function made(transfer: Omit<Transfer, 'id' | 'createdAt'>): Transfer {
    const added = models.add({ ...transfer, createdAt: createdAtOf(clock.now()) });
    callbacks.emit(added);
    moveOn(added);
    return added;
  }

  return {
    createOutbound(parameters: Parameters): Transfer {
      const given = read(outbound, parameters);
      const user = users.get('outbound', given.user_id);
      recipients.ofUser('outbound', given.recipient_id, user.id);
      checkExternalId(given.external_id);
      if (!isOpen(user)) throw new SentbeRefusal('E0112');
      const { exchangeRateListId: current, formerRates } = settings();
      const listed = given.exchange_rate_list_id;
      if (listed !== current && (formerRates === 'REFUSE' || listed > current)) {
        throw new SentbeRefusal('E0115', 'exchange_rate_list_id is not a current one');
      }
      const price = priceOutbound(given.recieve_amount, given.recieve_amount_currency, settings());
      return made({
        corridor: 'outbound',
        externalId: given.external_id,
        userId: user.id,
        recipientId: given.recipient_id,
        senderCountry: user.nationality,
        status: 'Transfer Requested',
        price,
      });
    },
    createInbound(parameters: Parameters): Transfer {
      const given = read(inbound, parameters);
      const user = users.get('inbound', given.user_id);
      const recipient = recipients.ofUser('inbound', given.recipient_id, user.id);
      checkExternalId(given.external_id);
      const price = priceInbound(given, settings());
      configure({ balances: paid(settings().balances, price.billing_info) });
      return made({
        corridor: 'inbound',
        externalId: given.external_id,
        userId: user.id,
        recipientId: recipient.id,
        senderCountry: user.nationality,
        status: recipient.isVerified ? 'Processing' : 'Waiting verification',
        price,
      });
    },
    /** Only as long as nothing was paid in. @throws SentbeRefusal E0002, E0009 */
    cancel(parameters: Parameters): Transfer {
      const transfer = models.get('outbound', read(cancellation, parameters).transfer_id);
      if (transfer.status !== 'Transfer Requested') throw new SentbeRefusal('E0009', transfer.status);
      return become(transfer, 'Canceled');
    },
    get: models.get,
    find: models.find,
    of: models.of,
    /** From here the status moves only by command, unless it is one that moves by itself. */
    setStatus(id: number, status: TransferStatus): Transfer | undefined {
      const transfer = models.find(id);
      if (transfer === undefined) return undefined;
      const other = transfer.corridor === 'inbound' ? FIRST.outbound : FIRST.inbound;
      if (status === other) throw new SentbeRefusal('E0009', `${transfer.corridor} has no ${status}`);
      return become(transfer, status);
    },
  };
}

/** The partner's external_id is not part of it, as printed. */
export function transferView(transfer: Transfer): object {
  const { id, userId, recipientId, senderCountry, status, createdAt, price } = transfer;
  const head = { transfer_id: id, user_id: userId, recipient_id: recipientId, sender_country: senderCountry };
  if (!('billing_info' in price)) {
    return { ...head, ...price, status, virtual_account: VIRTUAL_ACCOUNT, created_at: createdAt };
  }
  return {
    transfer_info: {
      user_id: userId,
      recipient_id: recipientId,
      transfer_id: id,
      sender_country: senderCountry,
      ...price.transfer_info,
      status,
      created_at: createdAt,
    },
    billing_info: price.billing_info,
  };
}
