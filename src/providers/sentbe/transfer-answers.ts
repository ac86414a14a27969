/** What Sentbe's answers say of a quote or a transfer. Pure: amounts stay the text that they came as, and undefined is unreadable. */
import type { Instant } from '../../core/clock.ts';
import type {
  Amount,
  Corridor,
  ProviderQuote,
  ProviderTransfer,
  TransferState,
} from '../../core/remittance/provider.ts';
import { idOf, type JsonObject, jsonObject, shortText } from './exact-json.ts';

const states: ReadonlyMap<string, TransferState> = new Map([
  ['transfer requested', 'REQUESTED'],
  ['waiting verification', 'REQUESTED'],
  ['processing', 'PROCESSING'],
  ['aml filtered', 'AML_FILTERED'],
  ['complete', 'COMPLETE'],
  ['canceled', 'CANCELED'],
  ['expired', 'EXPIRED'],
  ['refunded', 'REFUNDED'],
]);

/** A word that is in no document claims the least: that Sentbe has the transfer. */
function stateOf(status: string): TransferState {
  return states.get(status.trim().toLowerCase()) ?? 'REQUESTED';
}

export function quoteOf(corridor: Corridor, data: unknown): ProviderQuote | undefined {
  const quote = jsonObject(data);
  const receive = amountOf(jsonObject(quote?.['transfer_info']) ?? quote, 'receive_amount');
  if (quote === undefined || receive === undefined) return undefined;
  if (corridor === 'INBOUND') {
    const send = billed(quote, 'transfer');
    const commission = billed(quote, 'distribution cost');
    return send && commission && { send, receive, commission };
  }
  const send = amountOf(quote, 'send_amount');
  const commission = amountOf(quote, 'commission', 'commission_currency');
  const rateListId = idOf(quote['exchange_rate_list_id']);
  // Without it no transfer can be made of the quote.
  if (send === undefined || commission === undefined || rateListId === undefined) return undefined;
  return { send, receive, commission, rateListId };
}

/** INBOUND answers keep the transfer in `transfer_info`, beside `billing_info`; OUTBOUND ones are the transfer. */
export function transferOf(data: unknown): ProviderTransfer | undefined {
  const outer = jsonObject(data);
  const row = jsonObject(outer?.['transfer_info']) ?? outer;
  const id = idOf(row?.['transfer_id']);
  const status = shortText(row?.['status'], 64);
  if (outer === undefined || row === undefined || id === undefined || status === undefined) return undefined;
  const send = amountOf(row, 'send_amount') ?? billed(outer, 'transfer');
  const receive = amountOf(row, 'receive_amount');
  const virtualAccount = shortText(row['virtual_account'], 500);
  const createdAt = instantOf(row['created_at']);
  const userId = idOf(row['user_id']);
  const recipientId = idOf(row['recipient_id']);
  // In no documented row, but in those of users: taken where it is there.
  const externalId = shortText(row['external_id'] ?? outer['external_id'], 256);
  return {
    id,
    state: stateOf(status),
    status,
    ...(send && { send }),
    ...(receive && { receive }),
    ...(virtualAccount === undefined ? {} : { virtualAccount }),
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(userId === undefined ? {} : { userId }),
    ...(recipientId === undefined ? {} : { recipientId }),
    ...(externalId === undefined ? {} : { externalId }),
  };
}

/** The rows of a page; undefined where it is none, or where one cannot be read: it might be the one that is sought. */
export function transfersOf(data: unknown): ProviderTransfer[] | undefined {
  if (!Array.isArray(data)) return undefined;
  const rows = data.map(transferOf).filter((row) => row !== undefined);
  return rows.length === data.length ? rows : undefined;
}

/** What is taken out of the partner's wallet under one name: one row, or it cannot be told without arithmetic. */
function billed(data: JsonObject, desc: string): Amount | undefined {
  const billing: unknown = data['billing_info'];
  const rows = (Array.isArray(billing) ? billing : []).map(jsonObject).filter((row) => row?.['desc'] === desc);
  return rows.length === 1 ? amountOf(rows[0], 'amount', 'currency') : undefined;
}

function amountOf(row: JsonObject | undefined, name: string, currencyName = `${name}_currency`): Amount | undefined {
  const amount = shortText(row?.[name], 32);
  const currency = shortText(row?.[currencyName], 3);
  const isAmount = amount !== undefined && /^\d+(?:\.\d+)?$/.test(amount);
  return isAmount && currency !== undefined && /^[A-Z]{3}$/.test(currency) ? { amount, currency } : undefined;
}

/** `2018-06-22T14:13:05.000+09:00` */
function instantOf(value: unknown): Instant | undefined {
  const isIso =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:?\d\d)$/.test(value);
  const at = isIso ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}
