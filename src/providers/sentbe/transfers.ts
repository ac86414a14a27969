/** Quotes and transfers (Sentbe: check commission, create transfer, check transfer status, cancel transfer). */
import type {
  Corridor,
  NewTransfer,
  ProviderTransfer,
  QuoteRequest,
  RemittanceProvider,
} from '../../core/remittance/provider.ts';
import type { SentbeApi } from './api.ts';
import type { JsonObject } from './exact-json.ts';
import { findTransfers } from './find-transfer.ts';
import { quoteOf, transferOf, transfersOf } from './transfer-answers.ts';

export interface SentbeWallet {
  /** ISO 4217: the prepaid balance, USD or KRW, that an INBOUND transfer is taken from. @default 'USD' */
  readonly transferCurrency?: string | undefined;
  /** And the one that its cost is taken from. @default 'USD' */
  readonly feeCurrency?: string | undefined;
}

type Transfers = Pick<RemittanceProvider, 'quote' | 'transfer' | 'cancelTransfer' | 'lookUpTransfer' | 'findTransfers'>;

/** Of one search. */
const MAX_PAGES = 60;

export function createSentbeTransfers(api: SentbeApi, wallet: SentbeWallet): Transfers {
  const root = (corridor: Corridor): string => (corridor === 'INBOUND' ? '/inbound' : '/outbound');

  /**
   * OUTBOUND asks by what is received; `recieve` is how Sentbe spells it. INBOUND asks by `send_amount`, whose currency
   * is fixed as KRW, and in every sample as much is received: so our receiveAmount in KRW is sent as it. In another
   * currency Sentbe refuses it (E0007). Which wallet pays is no question of the port: `wallet` says it for all.
   */
  function amountParameters(corridor: Corridor, { receiveAmount, receiveCurrency }: QuoteRequest): JsonObject {
    const amount = String(receiveAmount);
    if (corridor === 'OUTBOUND') return { recieve_amount: amount, recieve_amount_currency: receiveCurrency };
    return {
      transfer_info: { send_amount: amount, send_amount_currency: receiveCurrency },
      wallet_info: {
        transfer_currency: wallet.transferCurrency ?? 'USD',
        fee_currency: wallet.feeCurrency ?? 'USD',
      },
    };
  }

  /** The document asks for user and recipient only where the quote is of OUTBOUND. */
  function quoteParameters(corridor: Corridor, request: QuoteRequest): JsonObject {
    const amounts = amountParameters(corridor, request);
    if (corridor === 'INBOUND') return amounts;
    return { user_id: request.userId, recipient_id: request.recipientId, ...amounts };
  }

  function transferParameters(corridor: Corridor, transfer: NewTransfer): JsonObject {
    return {
      user_id: transfer.userId,
      recipient_id: transfer.recipientId,
      external_id: transfer.externalId,
      ...amountParameters(corridor, transfer),
      exchange_rate_list_id: corridor === 'OUTBOUND' ? transfer.rateListId : undefined,
    };
  }

  function readable(data: unknown, isRead = false): ProviderTransfer {
    const transfer = transferOf(data);
    if (transfer === undefined) throw api.unreadable('transfer_id or status is missing.', isRead);
    return transfer;
  }

  async function pageOf(path: string, number: number): Promise<readonly ProviderTransfer[]> {
    const data = await api.call({ method: 'GET', path, parameters: { page: String(number) }, isRead: true });
    const transfers = transfersOf(data);
    if (transfers === undefined) throw api.unreadable('data is no list of transfers.', true);
    return transfers;
  }

  return {
    async quote(corridor, request) {
      const path = `${root(corridor)}/check_commission`;
      const parameters = quoteParameters(corridor, request);
      const quote = quoteOf(corridor, await api.call({ method: 'POST', path, parameters, isRead: true }));
      if (quote === undefined) throw api.unreadable('An amount, its currency or the exchange rates are missing.', true);
      return quote;
    },

    async transfer(corridor, transfer) {
      const parameters = transferParameters(corridor, transfer);
      return readable(await api.call({ method: 'POST', path: `${root(corridor)}/transfers`, parameters }));
    },

    async cancelTransfer(id) {
      const parameters = { transfer_id: id };
      return readable(await api.call({ method: 'POST', path: '/outbound/transfers/cancel', parameters }));
    },

    async lookUpTransfer(corridor, id) {
      const answer = await api.find(`${root(corridor)}/transfers/${encodeURIComponent(id)}`);
      return answer === undefined ? undefined : readable(answer.data, true);
    },

    findTransfers(corridor, lost) {
      // Of one user where there is such a list: fewer pages, and nobody else's transfers.
      const list = corridor === 'OUTBOUND' ? `/user/${encodeURIComponent(lost.userId)}` : '';
      const path = `${root(corridor)}/transfers${list}`;
      return findTransfers({ page: (number) => pageOf(path, number), lost, maxPages: MAX_PAGES });
    },
  };
}
