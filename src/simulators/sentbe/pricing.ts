/** What a transfer costs (check commission), in both directions, and the wallets from which a partner pays. */
import { z } from 'zod';
import { SentbeRefusal } from './envelope.ts';
import { currency, modelId, wholeAmount } from './parameters.ts';
import type { SentbeSettings } from './settings.ts';

/** `recieve` is how the wire spells it; its answers spell it right. */
export const outboundAmount = {
  user_id: modelId,
  recipient_id: modelId,
  recieve_amount: wholeAmount,
  recieve_amount_currency: currency,
};
export const inboundAmount = {
  transfer_info: z.strictObject({ send_amount: wholeAmount, send_amount_currency: currency }),
  wallet_info: z.strictObject({ transfer_currency: currency, fee_currency: currency }),
};
type InboundAmount = z.output<z.ZodObject<typeof inboundAmount>>;

export interface OutboundPrice {
  readonly send_amount: number;
  readonly send_amount_currency: 'KRW';
  readonly receive_amount: number;
  readonly receive_amount_currency: string;
  readonly commission: number;
  readonly commission_currency: 'KRW';
}

/** The price is whole won: receive × rate + commission. @throws SentbeRefusal E0007 */
export function priceOutbound(amount: number, to: string, { rates, commissionKrw }: SentbeSettings): OutboundPrice {
  const rate = to !== 'KRW' && Object.hasOwn(rates, to) ? rates[to] : undefined;
  if (rate === undefined) throw new SentbeRefusal('E0007', to);
  return {
    send_amount: Math.round(amount * rate) + commissionKrw,
    send_amount_currency: 'KRW',
    receive_amount: amount,
    receive_amount_currency: to,
    commission: commissionKrw,
    commission_currency: 'KRW',
  };
}

type WalletCurrency = keyof SentbeSettings['balances'];
export interface Bill {
  readonly amount: number;
  readonly currency: WalletCurrency;
  readonly desc: 'transfer' | 'distribution cost';
}

export interface InboundPrice {
  readonly transfer_info: { readonly receive_amount: number; readonly receive_amount_currency: 'KRW' };
  readonly billing_info: readonly Bill[];
}

const toCents = (amount: number) => Math.round(amount * 100) / 100;

/** @throws SentbeRefusal E0007 */
export function priceInbound({ transfer_info, wallet_info }: InboundAmount, settings: SentbeSettings): InboundPrice {
  const { send_amount: amount, send_amount_currency: sent } = transfer_info;
  if (sent !== 'KRW') throw new SentbeRefusal('E0007', sent);
  const wonForDollar = settings.rates['USD'] ?? 1_100;
  const { distributionCostUsd: cost } = settings;
  const payIn = walletOf(wallet_info.transfer_currency);
  const feeIn = walletOf(wallet_info.fee_currency);
  return {
    transfer_info: { receive_amount: amount, receive_amount_currency: 'KRW' },
    billing_info: [
      { amount: payIn === 'KRW' ? amount : toCents(amount / wonForDollar), currency: payIn, desc: 'transfer' },
      { amount: feeIn === 'USD' ? cost : Math.round(cost * wonForDollar), currency: feeIn, desc: 'distribution cost' },
    ],
  };
}

function walletOf(given: string): WalletCurrency {
  if (given !== 'USD' && given !== 'KRW') throw new SentbeRefusal('E0007', given);
  return given;
}

/** What is left after these bills. @throws SentbeRefusal E0014 */
export function paid(balances: SentbeSettings['balances'], bills: readonly Bill[]): SentbeSettings['balances'] {
  const left = { ...balances };
  for (const bill of bills) left[bill.currency] = toCents(left[bill.currency] - bill.amount);
  if (left.USD < 0 || left.KRW < 0) throw new SentbeRefusal('E0014');
  return left;
}
