/** The people and the money of the documents' samples, as our port names them. */
import type {
  IdentityDocument,
  NewRecipient,
  NewTransfer,
  NewUser,
  RemittanceProvider,
} from '../../../src/core/remittance/provider.ts';

/** Authentication 2. */
export const SAMPLE_RECIPIENT: NewRecipient = {
  userId: '47',
  externalId: 'ours-1',
  firstName: 'John',
  lastName: 'Smith',
  email: 'test@sentbe.com',
  phone: '01033691481',
  birthDate: '19901111',
  country: 'KR',
  bank: { bankCode: '002', accountNumber: '12341234', accountHolder: 'json' },
};

/** Outbound, create user. */
export const SAMPLE_USER: NewUser = {
  externalId: '3',
  nationality: 'KR',
  phone: '01033334445',
  birthDate: '19880101',
  firstName: 'firsrt',
  lastName: 'last',
  email: 'test@outbound.com',
  details: {
    password: '1234qwer!@',
    gender: 'M',
    fundsSource: 'business_earnings',
    occupation: 'company_employee',
    transferPurpose: 'saving',
    oftenSendCountry: 'PH',
    identificationNumber: '88010112345677',
    address: { region: 'seoul', country: 'KR', line1: 'gangnamgu 111', city: 'seoul', postalCode: '12345' },
    agreements: [
      'unique_id_info',
      'third_party_info',
      'electronic_financial_transactions',
      'privacy_info',
      'small_sum_foreign',
    ],
  },
};

export const SAMPLE_TRANSFER: NewTransfer = {
  userId: '15',
  recipientId: '53',
  receiveAmount: 4_000,
  receiveCurrency: 'PHP',
  rateListId: '1',
  externalId: '2',
};

export const SAMPLE_DOCUMENT: IdentityDocument = {
  documentType: 'korean_registration',
  fileName: '주민등록증.jpg',
  contentType: 'image/jpeg',
  bytes: Uint8Array.from([0xff, 0xd8, 0x00, 0x0d, 0x0a, 0x2d, 0x2d, 0xff]),
};

/** Outbound, check transfer status, as it stands there. */
export const TRANSFER_ROW = `{
  "transfer_id": 49,
  "user_id": 15,
  "recipient_id": 53,
  "sender_country": "KR",
  "send_amount": 96630.0,
  "send_amount_currency": "KRW",
  "receive_amount": 4000.0,
  "receive_amount_currency": "PHP",
  "commission": 5000.0,
  "commission_currency": "KRW",
  "status": "Transfer Requested",
  "virtual_account": "상호저축은행(Bank code 50) | 066-40-15-072113-4 | (주)센트비",
  "created_at": "2018-06-22T14:13:05.000+09:00"
}`;

/** Inbound, check transfer status, as it stands there but for the external_id, which it has not. */
export const INBOUND_ROW = `{
  "transfer_info": {
    "user_id": 47,
    "recipient_id": 10,
    "transfer_id": 23,
    "sender_country": "KR",
    "receive_amount": 1000000.0,
    "receive_amount_currency": "KRW",
    "status": "Processing",
    "created_at": "2018-05-14T13:23:09.000+09:00"
  },
  "billing_info": [
    { "amount": 1000000.0, "currency": "KRW", "desc": "transfer" },
    { "amount": 2.5, "currency": "USD", "desc": "distribution cost" }
  ]
}`;

/** Outbound, check commission. */
export const QUOTE = `{
  "send_amount": 119090, "send_amount_currency": "KRW",
  "receive_amount": 5000.0, "receive_amount_currency": "PHP",
  "commission": 5000, "commission_currency": "KRW",
  "credit_usage_amount": 0, "total_commission": 5000, "exchange_rate_list_id": 1
}`;

export const done = (data: string): string => `{"result": true, "data": ${data}}`;

/** Every call, and whether it changes anything at Sentbe. */
export const CALLS: Readonly<
  Record<string, { readonly writes: boolean; readonly call: (made: RemittanceProvider) => Promise<unknown> }>
> = {
  registerUser: { writes: true, call: (made) => made.registerUser('OUTBOUND', SAMPLE_USER) },
  user: { writes: false, call: (made) => made.user('OUTBOUND', '15') },
  verifyUser: { writes: true, call: (made) => made.verifyUser('15', { type: 'MOBILE', token: '8932' }) },
  uploadDocument: { writes: true, call: (made) => made.uploadDocument('15', SAMPLE_DOCUMENT) },
  addRecipient: { writes: true, call: (made) => made.addRecipient('INBOUND', SAMPLE_RECIPIENT) },
  quote: { writes: false, call: (made) => made.quote('OUTBOUND', SAMPLE_TRANSFER) },
  transfer: { writes: true, call: (made) => made.transfer('OUTBOUND', SAMPLE_TRANSFER) },
  cancelTransfer: { writes: true, call: (made) => made.cancelTransfer('49') },
  lookUpTransfer: { writes: false, call: (made) => made.lookUpTransfer('OUTBOUND', '49') },
  findUser: { writes: false, call: (made) => made.findUser('OUTBOUND', '1') },
  findTransfers: {
    writes: false,
    call: (made) =>
      made.findTransfers('OUTBOUND', { ...SAMPLE_TRANSFER, externalIds: ['1'], madeFrom: 0, madeTo: Date.now() }),
  },
};
