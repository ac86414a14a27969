import { describe, expect, it } from 'vitest';
import type { RemittanceProvider } from '../../../src/core/remittance/provider.ts';
import { KEYS, scripted, success } from './account.ts';
import {
  done,
  INBOUND_ROW,
  QUOTE,
  SAMPLE_DOCUMENT,
  SAMPLE_RECIPIENT,
  SAMPLE_TRANSFER,
  SAMPLE_USER,
  TRANSFER_ROW,
} from './people-of-samples.ts';

type Row = [
  call: (made: RemittanceProvider) => Promise<unknown>,
  line: string,
  parameters: unknown,
  reply: string,
  result?: unknown,
];

const bank = { bankCode: '10305', accountNumber: '1234567890123456', accountHolder: '홍길동테스트' };
const user = `{"id": 15, "external_id": "3", "verifications_status": {"mobile": "completed", "documents": "standby", "bank": "standby"}}`;
const verifications = { mobile: 'completed', documents: 'standby', bank: 'standby' };
const outbound = {
  id: '49',
  state: 'REQUESTED',
  status: 'Transfer Requested',
  send: { amount: '96630.0', currency: 'KRW' },
  receive: { amount: '4000.0', currency: 'PHP' },
  virtualAccount: '상호저축은행(Bank code 50) | 066-40-15-072113-4 | (주)센트비',
  createdAt: Date.parse('2018-06-22T05:13:05Z'),
  userId: '15',
  recipientId: '53',
};
const inbound = {
  id: '23',
  state: 'PROCESSING',
  status: 'Processing',
  send: { amount: '1000000.0', currency: 'KRW' },
  receive: { amount: '1000000.0', currency: 'KRW' },
  createdAt: Date.parse('2018-05-14T04:23:09Z'),
  userId: '47',
  recipientId: '10',
};
const lostOnes = { externalIds: ['1'], madeFrom: outbound.createdAt, madeTo: outbound.createdAt };
const wallet = { transfer_currency: 'USD', fee_currency: 'USD' };
const won = { ...SAMPLE_TRANSFER, receiveAmount: 1_000_000, receiveCurrency: 'KRW' };

const rows: Row[] = [
  [
    (made) => made.registerUser('OUTBOUND', SAMPLE_USER),
    'POST /outbound/users',
    // Outbound, create user: the sample.
    {
      external_id: '3',
      nationality: 'KR',
      phone_number: '010-3333-4445',
      birth_date: '19880101',
      funds_source: 'business_earnings',
      occupation: 'company_employee',
      often_send_country: 'PH',
      phone_country_code: 'KR',
      password: '1234qwer!@',
      first_name: 'firsrt',
      transfer_purpose: 'saving',
      identification_number: '88010112345677',
      last_name: 'last',
      email: 'test@outbound.com',
      gender: 'M',
      address_attributes: {
        region: 'seoul',
        country: 'KR',
        line_1: 'gangnamgu 111',
        city: 'seoul',
        postal_code: '12345',
      },
      agreements_attributes: {
        unique_id_info: 'true',
        third_party_info: 'true',
        electronic_financial_transactions: 'true',
        privacy_info: 'true',
        small_sum_foreign: 'true',
      },
    },
    user,
    { id: '15', verifications },
  ],
  [
    (made) => made.registerUser('INBOUND', { ...SAMPLE_USER, phone: '+821012345678', middleName: 'm' }),
    'POST /inbound/users',
    {
      phone_country_code: 'KR',
      phone_number: '010-1234-5678',
      first_name: 'firsrt',
      middle_name: 'm',
      last_name: 'last',
      email: 'test@outbound.com',
      nationality: 'KR',
      birth_date: '19880101',
    },
    '{"id": 47}',
    { id: '47', verifications: { mobile: 'none', documents: 'none', bank: 'none' } },
  ],
  [(made) => made.user('OUTBOUND', '15'), 'GET /outbound/users/15', undefined, user, { id: '15', verifications }],
  [(made) => made.user('INBOUND', '1/5?'), 'GET /inbound/users/1%2F5%3F', undefined, '{"id": "47"}'],
  [
    (made) => made.verifyUser('15', { type: 'MOBILE' }),
    'POST /outbound/verifications/mobile',
    { user_id: '15' },
    'true',
  ],
  [
    (made) => made.verifyUser('15', { type: 'MOBILE', token: '8932' }),
    'POST /outbound/verifications/mobile/verify',
    { user_id: '15', token: '8932' },
    'true',
  ],
  [
    (made) => made.verifyUser('15', { type: 'BANK', bank }),
    'POST /outbound/banks',
    { user_id: '15', name: '10305', account_number: '1234567890123456', account_holder_name: '홍길동테스트' },
    'true',
  ],
  [
    (made) => made.verifyUser('15', { type: 'BANK', token: '0321' }),
    'POST /outbound/verifications/bank/verify',
    { user_id: '15', token: '0321' },
    'true',
  ],
  [
    (made) => made.addRecipient('INBOUND', SAMPLE_RECIPIENT),
    'POST /inbound/recipients',
    // Authentication 2: the sample, without its member `test`, which only shows the encryption.
    {
      bank_attributes: { name: '002', account_number: '12341234', account_holder_name: 'json' },
      country: 'KR',
      phone_country_code: 'KR',
      birth_date: '19901111',
      email: 'test@sentbe.com',
      user_id: '47',
      phone_number: '010-3369-1481',
      last_name: 'Smith',
      first_name: 'John',
    },
    '{"id": 10}',
    { id: '10' },
  ],
  [
    (made) =>
      made.addRecipient('OUTBOUND', {
        userId: '15',
        firstName: 'firsrt',
        lastName: 'last',
        country: 'PH',
        receiveMethod: 'Bank',
        externalId: '2',
        phone: '01033334442',
        address: { region: 'seoul', city: 'seoul', country: 'KR', line1: 'a' },
        bank: { ...bank, accountType: 'Savings', branch: '123' },
      }),
    'POST /outbound/recipients',
    // Outbound, create recipient: the sample, and line_1.
    {
      user_id: '15',
      first_name: 'firsrt',
      last_name: 'last',
      country: 'PH',
      receive_method: 'bank',
      external_id: '2',
      phone_number: '010-3333-4442',
      phone_country_code: 'KR',
      address_attributes: { region: 'seoul', city: 'seoul', country: 'KR', line_1: 'a' },
      bank_attributes: {
        account_type: 'Savings',
        branch: '123',
        account_number: '1234567890123456',
        account_holder_name: '홍길동테스트',
        name: '10305',
      },
    },
    '{"id": 53}',
    { id: '53' },
  ],
  [
    (made) => made.quote('OUTBOUND', { ...SAMPLE_TRANSFER, receiveAmount: 5_000 }),
    'POST /outbound/check_commission',
    { user_id: '15', recipient_id: '53', recieve_amount: '5000', recieve_amount_currency: 'PHP' },
    QUOTE,
    {
      send: { amount: '119090', currency: 'KRW' },
      receive: { amount: '5000.0', currency: 'PHP' },
      commission: { amount: '5000', currency: 'KRW' },
      rateListId: '1',
    },
  ],
  [
    (made) => made.quote('INBOUND', won),
    'POST /inbound/check_commission',
    { transfer_info: { send_amount: '1000000', send_amount_currency: 'KRW' }, wallet_info: wallet },
    INBOUND_ROW,
    {
      send: { amount: '1000000.0', currency: 'KRW' },
      receive: { amount: '1000000.0', currency: 'KRW' },
      commission: { amount: '2.5', currency: 'USD' },
    },
  ],
  [
    (made) => made.transfer('OUTBOUND', SAMPLE_TRANSFER),
    'POST /outbound/transfers',
    {
      user_id: '15',
      recipient_id: '53',
      recieve_amount: '4000',
      recieve_amount_currency: 'PHP',
      exchange_rate_list_id: '1',
      external_id: '2',
    },
    TRANSFER_ROW,
    outbound,
  ],
  [
    (made) => made.transfer('INBOUND', won),
    'POST /inbound/transfers',
    {
      user_id: '15',
      recipient_id: '53',
      external_id: '2',
      transfer_info: { send_amount: '1000000', send_amount_currency: 'KRW' },
      wallet_info: wallet,
    },
    INBOUND_ROW,
    inbound,
  ],
  [
    (made) => made.cancelTransfer('49'),
    'POST /outbound/transfers/cancel',
    { transfer_id: '49' },
    TRANSFER_ROW,
    outbound,
  ],
  [(made) => made.lookUpTransfer('OUTBOUND', '49'), 'GET /outbound/transfers/49', undefined, TRANSFER_ROW, outbound],
  [(made) => made.lookUpTransfer('INBOUND', '23'), 'GET /inbound/transfers/23', undefined, INBOUND_ROW, inbound],
  [
    (made) => made.findTransfers('OUTBOUND', { ...SAMPLE_TRANSFER, ...lostOnes }),
    'GET /outbound/transfers/user/15',
    { page: '1' },
    '[]',
  ],
  [(made) => made.findTransfers('INBOUND', { ...won, ...lostOnes }), 'GET /inbound/transfers', { page: '1' }, '[]'],
  [(made) => made.findUser('OUTBOUND', 'shop:1'), 'GET /outbound/users', { page: '1' }, '[]'],
];

describe('on the wire', () => {
  it.each(rows)('%s is %s with %j', async (call, line, parameters, reply, result) => {
    const { made, seen } = await scripted((response) => response.end(done(reply)));
    const value = await call(made);
    if (result !== undefined) expect(value).toEqual(result);
    expect(seen).toHaveLength(1);
    const [only] = seen;
    expect(only?.line).toBe(line);
    expect(only?.parameters).toEqual(parameters);
    expect(only?.body).toHaveLength(0);
    expect(only?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'partner-id': KEYS.partnerId,
      key: KEYS.accessId,
    });
    // Where there are no parameters, it is left out.
    expect('signature' in (only?.headers ?? {})).toBe(parameters !== undefined);
  });

  it('sends a document as a form, unencrypted', async () => {
    const { made, seen } = await scripted(success({ id: '10' }));
    await made.uploadDocument('15', SAMPLE_DOCUMENT);
    const [only] = seen;
    expect(only?.line).toBe('POST /outbound/verifications/document');
    expect(only?.headers).toMatchObject({ 'partner-id': KEYS.partnerId, key: KEYS.accessId });
    expect(only?.headers).not.toHaveProperty('signature');
    const type = only?.headers['content-type'] ?? '';
    expect(type).toMatch(/^multipart\/form-data; ?boundary=/);
    const form = await new Response(Uint8Array.from(only?.body ?? []), {
      headers: { 'content-type': type },
    }).formData();
    expect([...form.keys()]).toEqual(['user_id', 'document_type', 'document']);
    expect([form.get('user_id'), form.get('document_type')]).toEqual(['15', 'korean_registration']);
    const document = form.get('document') as File;
    expect(document.type).toBe('image/jpeg');
    expect(new Uint8Array(await document.arrayBuffer())).toEqual(SAMPLE_DOCUMENT.bytes);
  });
});
