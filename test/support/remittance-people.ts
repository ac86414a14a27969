/** A user who may send, a recipient and quotes of theirs, through a whole gateway by its typed documents. */
import type { AddRemittanceRecipientInput, RegisterRemittanceUserInput } from '../generated/operations.ts';
import {
  AddRemittanceRecipientDocument,
  QuoteRemittanceDocument,
  RegisterRemittanceUserDocument,
  SendRemittanceDocument,
  type SendRemittanceMutation,
} from '../generated/operations.ts';
import type { HttpQuery } from './http-query.ts';

/** What must be found nowhere: not in a log, not in a file. */
export const secrets = {
  password: 'canary-pw-5c1f',
  identificationNumber: '880101-9876543',
  accountNumber: '110-222-canary',
} as const;

export const userOf = (name: string, part: Partial<RegisterRemittanceUserInput> = {}): RegisterRemittanceUserInput => ({
  idempotencyKey: `user ${name}`,
  externalId: `user-${name}`,
  firstName: 'Maria',
  lastName: 'Santos',
  nationality: 'PH',
  birthDate: '1990-01-31',
  email: 'maria@example.com',
  phone: `010-3369-${1_000 + Number(name)}`,
  details: {
    password: secrets.password,
    gender: 'F',
    fundsSource: 'business_earnings',
    occupation: 'company_employee',
    transferPurpose: 'saving',
    oftenSendCountry: 'PH',
    // One person, one number.
    identificationNumber: `${secrets.identificationNumber.slice(0, -1)}${name}`,
    address: { country: 'KR', region: 'Seoul', city: 'Seoul', line1: '1 Sejong-daero', postalCode: '04524' },
    agreements: [
      'unique_id_info',
      'third_party_info',
      'electronic_financial_transactions',
      'privacy_info',
      'small_sum_foreign',
    ],
  },
  ...part,
});

export const recipientOf = (name: string, userId: string): AddRemittanceRecipientInput => ({
  idempotencyKey: `recipient ${name}`,
  userId,
  externalId: `recipient-${name}`,
  firstName: 'Jose',
  lastName: 'Santos',
  country: 'PH',
  receiveMethod: 'Bank',
  phone: '+639171234567',
  address: { country: 'PH', region: 'NCR', city: 'Manila', line1: '1 Rizal' },
  bank: {
    bankCode: '10305',
    accountNumber: secrets.accountNumber,
    accountHolder: 'Jose Santos',
    accountType: 'Savings',
    branch: '1',
  },
});

export interface Pair {
  readonly userId: string;
  readonly recipientId: string;
}

export async function registerPair(gateway: HttpQuery, name: string): Promise<Pair> {
  const { registerRemittanceUser: user } = await gateway.query(RegisterRemittanceUserDocument, { input: userOf(name) });
  if (user.__typename !== 'RemittanceUser') throw new Error(JSON.stringify(user));
  const input = recipientOf(name, user.id);
  const { addRemittanceRecipient: recipient } = await gateway.query(AddRemittanceRecipientDocument, { input });
  if (recipient.__typename !== 'RemittanceRecipient') throw new Error(JSON.stringify(recipient));
  return { userId: user.id, recipientId: recipient.id };
}

/** Quoted, then sent by that quote. */
export async function remit(
  gateway: HttpQuery,
  pair: Pair,
  sent: { readonly receiveAmount: number; readonly externalId: string; readonly idempotencyKey?: string },
): Promise<SendRemittanceMutation['sendRemittance']> {
  const { receiveAmount, externalId, idempotencyKey = externalId } = sent;
  const asked = { ...pair, receiveAmount, receiveCurrency: 'PHP' };
  const { quoteRemittance: quote } = await gateway.query(QuoteRemittanceDocument, { input: asked });
  if (quote.__typename !== 'RemittanceQuote') throw new Error(JSON.stringify(quote));
  const input = { ...asked, quoteId: quote.id, externalId, idempotencyKey };
  return (await gateway.query(SendRemittanceDocument, { input })).sendRemittance;
}
