import { describe, expect, it } from 'vitest';
import { INBOUND_AMOUNT, INBOUND_RECIPIENT, INBOUND_USER, startSentbeSimulator } from '../support/sentbe-simulator.ts';
import { until } from '../support/until.ts';

describe('transfers out of Korea at the Sentbe simulator', () => {
  it('cost what the sample says', async () => {
    const { sender, good } = await startSentbeSimulator();
    const { quote } = await sender();
    expect(await good('POST', 'outbound/check_commission', quote)).toEqual({
      send_amount: 119_090,
      send_amount_currency: 'KRW',
      receive_amount: 5_000,
      receive_amount_currency: 'PHP',
      commission: 5_000,
      commission_currency: 'KRW',
      credit_usage_amount: 0,
      total_commission: 5_000,
      exchange_rate_list_id: 1,
    });
  });

  it('are made once an external_id, and found by id, by user and in the list, newest first', async () => {
    const { sender, good, refused, simulator } = await startSentbeSimulator();
    const { user, transfer } = await sender();
    const made = await good('POST', 'outbound/transfers', transfer);
    expect(made).toEqual({
      transfer_id: 3001,
      user_id: 1001,
      recipient_id: 2001,
      sender_country: 'KR',
      send_amount: 119_090,
      send_amount_currency: 'KRW',
      receive_amount: 5_000,
      receive_amount_currency: 'PHP',
      commission: 5_000,
      commission_currency: 'KRW',
      status: 'Transfer Requested',
      virtual_account: expect.stringMatching(/^.+\(Bank code \d+\) \| [\d-]+ \| .+$/),
      created_at: '2026-03-02T12:04:05.000+09:00',
    });
    expect(await refused('POST', 'outbound/transfers', transfer)).toBe('E0013');
    expect(simulator.transfers()).toHaveLength(1);
    const second = await good('POST', 'outbound/transfers', { ...transfer, external_id: 2 });
    expect(await good('GET', 'outbound/transfers/3001')).toEqual(made);
    expect(await good('GET', 'outbound/transfers')).toEqual([second, made]);
    expect(await good('GET', `outbound/transfers/user/${user.id}`, { page: 1 })).toEqual([second, made]);
    expect(await good('GET', 'outbound/transfers', { page: 2 })).toEqual([]);
    expect(await good('GET', 'inbound/transfers')).toEqual([]);
    const references = simulator.ledger.entries({ event: 'POST outbound/transfers' }).map(({ reference }) => reference);
    expect(references).toEqual(['T-1', 'T-1', '2']);
  });

  it.each([
    ['an amount that is spelt right', { recieve_amount: undefined, receive_amount: '5000' }, 'E0005'],
    ['an amount that is no whole number', { recieve_amount: '5000.5' }, 'E0005'],
    ['no amount at all', { recieve_amount: 0 }, 'E0005'],
    ['won', { recieve_amount_currency: 'KRW' }, 'E0007'],
    ['a currency without a rate', { recieve_amount_currency: 'EUR' }, 'E0007'],
    ['another user', { user_id: '1002' }, 'E0002'],
    ['another recipient', { recipient_id: '2002' }, 'E0002'],
    ['a list of rates that is not yet there', { exchange_rate_list_id: '2' }, 'E0115'],
    ['no list of rates', { exchange_rate_list_id: undefined }, 'E0005'],
  ])('with %s are refused', async (_, change, code) => {
    const { sender, refused, simulator } = await startSentbeSimulator();
    const { transfer } = await sender();
    expect(await refused('POST', 'outbound/transfers', { ...transfer, ...change })).toBe(code);
    expect(simulator.transfers()).toEqual([]);
  });

  it('name the rates of their quote: new ones refuse the old list, or reprice it where they are told to', async () => {
    const { sender, good, refused, simulator } = await startSentbeSimulator();
    const { transfer, quote } = await sender();
    simulator.configure({ rates: { PHP: 22.9075 } });
    expect(await refused('POST', 'outbound/transfers', transfer)).toBe('E0115');
    simulator.configure({ formerRates: 'REPRICE' });
    const made = await good('POST', 'outbound/transfers', { ...transfer, recieve_amount: 4_000 });
    expect(made).toMatchObject({ send_amount: 96_630 });
    expect(await good('POST', 'outbound/check_commission', quote)).toMatchObject({ exchange_rate_list_id: 2 });
  });

  it('need a user who is verified, as far as the setting asks', async () => {
    const { sender, good, refused, simulator } = await startSentbeSimulator();
    const { user, transfer } = await sender();
    simulator.setVerifications(user.id, { bank: 'pending' });
    expect(await refused('POST', 'outbound/transfers', transfer)).toBe('E0112');
    simulator.configure({ requireVerified: 'MOBILE' });
    await good('POST', 'outbound/transfers', transfer);
    simulator.setVerifications(user.id, { mobile: 'standby' });
    expect(await refused('POST', 'outbound/transfers', { ...transfer, external_id: '2' })).toBe('E0112');
    simulator.configure({ requireVerified: 'NONE' });
    await good('POST', 'outbound/transfers', { ...transfer, external_id: '2' });
  });

  it('are cancelled until they are paid, and not after', async () => {
    const { sender, good, refused, simulator } = await startSentbeSimulator();
    const { transfer } = await sender();
    await good('POST', 'outbound/transfers', transfer);
    expect(await good('POST', 'outbound/transfers/cancel', { transfer_id: '3001' })).toMatchObject({
      status: 'Canceled',
    });
    expect(await refused('POST', 'outbound/transfers/cancel', { transfer_id: '3001' })).toBe('E0009');
    await good('POST', 'outbound/transfers', { ...transfer, external_id: '2' });
    simulator.setStatus(3002, 'Processing');
    expect(await refused('POST', 'outbound/transfers/cancel', { transfer_id: 3002 })).toBe('E0009');
    expect(await refused('POST', 'outbound/transfers/cancel', { transfer_id: 1 })).toBe('E0002');
  });

  it('move on by themselves where they are told to, and stay where they were put', async () => {
    const { sender, good, simulator } = await startSentbeSimulator({ advanceMs: 1 });
    const { transfer } = await sender();
    await good('POST', 'outbound/transfers', transfer);
    await until(() => simulator.transfers()[0]?.status === 'Complete');
    simulator.configure({ advanceMs: 0 });
    await good('POST', 'outbound/transfers', { ...transfer, external_id: '2' });
    for (const status of ['AML filtered', 'Refunded', 'Expired'] as const) {
      expect(simulator.setStatus(3002, status)?.status).toBe(status);
      expect(await good('GET', 'outbound/transfers/3002')).toMatchObject({ status });
    }
    expect(() => simulator.setStatus(3002, 'Waiting verification')).toThrow('Invalid transfer status');
    expect(simulator.setStatus(1, 'Complete')).toBeUndefined();
  });
});

describe('transfers into Korea at the Sentbe simulator', () => {
  it('are quoted and made as in the sample, and paid from the wallets', async () => {
    const { inboundSender, good } = await startSentbeSimulator();
    const { transfer } = await inboundSender();
    const billing_info = [
      { amount: 1_000_000, currency: 'KRW', desc: 'transfer' },
      { amount: 2.5, currency: 'USD', desc: 'distribution cost' },
    ];
    expect(await good('POST', 'inbound/check_commission', INBOUND_AMOUNT)).toEqual({
      transfer_info: { receive_amount: 1_000_000, receive_amount_currency: 'KRW' },
      billing_info,
    });
    const made = await good('POST', 'inbound/transfers', transfer);
    expect(made).toEqual({
      transfer_info: {
        user_id: 1001,
        recipient_id: 2001,
        transfer_id: 3001,
        sender_country: 'US',
        receive_amount: 1_000_000,
        receive_amount_currency: 'KRW',
        status: 'Waiting verification',
        created_at: '2026-03-02T12:04:05.000+09:00',
      },
      billing_info,
    });
    expect(await good('GET', 'inbound/transfers/3001')).toEqual(made);
    expect(await good('GET', 'inbound/transfers')).toEqual([made]);
    expect(await good('GET', 'inbound/balances')).toEqual([
      { amount: 99_997.5, currency: 'USD' },
      { amount: 99_000_000, currency: 'KRW' },
    ]);
  });

  it('are refused where the balance is low, the currency another, or the external_id taken', async () => {
    const { inboundSender, good, refused, simulator } = await startSentbeSimulator();
    const { transfer } = await inboundSender();
    const { send_amount } = INBOUND_AMOUNT.transfer_info;
    const dollars = { ...transfer, transfer_info: { send_amount, send_amount_currency: 'USD' } };
    expect(await refused('POST', 'inbound/transfers', dollars)).toBe('E0007');
    const euros = { ...transfer, wallet_info: { transfer_currency: 'EUR', fee_currency: 'USD' } };
    expect(await refused('POST', 'inbound/transfers', euros)).toBe('E0007');
    simulator.configure({ balances: { USD: 2, KRW: 100_000_000 } });
    expect(await refused('POST', 'inbound/transfers', transfer)).toBe('E0014');
    simulator.configure({ balances: { USD: 1_000, KRW: 2_750 } });
    const paid = { ...transfer, wallet_info: { transfer_currency: 'USD', fee_currency: 'KRW' } };
    expect((await good('POST', 'inbound/transfers', paid)).billing_info).toEqual([
      { amount: 909.09, currency: 'USD', desc: 'transfer' },
      { amount: 2_750, currency: 'KRW', desc: 'distribution cost' },
    ]);
    expect(await refused('POST', 'inbound/transfers', paid)).toBe('E0013');
  });

  it('wait for a recipient to be verified, who then waits no more and cannot be changed', async () => {
    const { inboundSender, good, refused, simulator } = await startSentbeSimulator();
    const { recipient, transfer } = await inboundSender();
    const change = { recipient_id: recipient.id, first_name: 'new' };
    expect(await good('POST', 'inbound/update_recipient_info', change)).toEqual({ ...recipient, first_name: 'new' });
    await good('POST', 'inbound/transfers', transfer);
    simulator.setStatus(3001, 'Processing');
    expect(await refused('POST', 'inbound/update_recipient_info', change)).toBe('E0010');
    const second = await good('POST', 'inbound/transfers', { ...transfer, external_id: 'IN-2' });
    expect(second.transfer_info.status).toBe('Processing');
  });

  it('take only Korean banks, and only what the document names', async () => {
    const { good, refused } = await startSentbeSimulator();
    const { id: user_id } = await good('POST', 'inbound/users', INBOUND_USER);
    const bank_attributes = { ...INBOUND_RECIPIENT.bank_attributes, name: '10305' };
    expect(await refused('POST', 'inbound/recipients', { ...INBOUND_RECIPIENT, user_id, bank_attributes })).toBe(
      'E0012',
    );
    expect(await refused('POST', 'inbound/recipients', { ...INBOUND_RECIPIENT, user_id: 7 })).toBe('E0002');
    expect(await refused('POST', 'inbound/users', { ...INBOUND_USER, external_id: '1' })).toBe('E0005');
  });
});
