import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { INBOUND_USER, OUTBOUND_RECIPIENT, OUTBOUND_USER, startSentbeSimulator } from '../support/sentbe-simulator.ts';
import { until } from '../support/until.ts';

const BOUNDARY = '----0123456789abcdef0123456789';
type Started = Awaited<ReturnType<typeof startSentbeSimulator>>;

async function statusOf({ good }: Started, id: number) {
  return (await good('GET', `outbound/users/${id}`)).verifications_status;
}

function upload({ send }: Started, fields: Record<string, string>, file?: Uint8Array) {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="document"; filename="id.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(parts.join('')),
    ...(file === undefined ? [] : [Buffer.from(head), file, Buffer.from('\r\n')]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);
  return send(
    'POST',
    'outbound/verifications/document',
    { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body,
  );
}

describe('users of the Sentbe simulator', () => {
  it('are made as in the sample, sent a code, and verified step by step', async () => {
    const started = await startSentbeSimulator({ approvalMs: 1 });
    const { good, simulator } = started;
    const user = await good('POST', 'outbound/users', OUTBOUND_USER);
    expect(user).toEqual({
      id: 1001,
      first_name: 'firsrt',
      last_name: 'last',
      email: 'test@outbound.com',
      created_at: '2026-03-02T12:04:05.000+09:00',
      phone_country_code: 'KR',
      phone_number: '010-3333-4445',
      external_id: '3',
      verifications_status: { mobile: 'standby', documents: 'standby', bank: 'standby' },
    });
    const { token } = simulator.lastCode(user.id) ?? {};
    expect(await good('POST', 'outbound/verifications/mobile/verify', { user_id: '1001', token })).toBe(true);
    const file = Buffer.from('an image');
    const uploaded = await upload(started, { user_id: '1001', document_type: 'passport' }, file);
    expect(uploaded.json).toEqual({ result: true, data: { id: '10' } });
    const account = { name: '004', account_number: '1234567890123456', account_holder_name: '홍길동테스트' };
    expect(await good('POST', 'outbound/banks', { user_id: '1001', ...account })).toBe(true);
    expect(await statusOf(started, user.id)).toMatchObject({ mobile: 'completed', bank: 'processing' });
    const deposit = simulator.lastCode(user.id, 'BANK')?.token;
    expect(await good('POST', 'outbound/verifications/bank/verify', { user_id: 1001, token: deposit })).toBe(true);
    await until(async () => !/standby|processing|pending/.test(JSON.stringify(await statusOf(started, user.id))));
    expect(await statusOf(started, user.id)).toEqual({
      mobile: 'completed',
      documents: 'completed',
      bank: 'completed',
    });
  });

  it('leave no password, identity number or document in the ledger', async () => {
    const started = await startSentbeSimulator();
    await started.good('POST', 'outbound/users', { ...OUTBOUND_USER, passport: 'M12345678' });
    const file = Buffer.from('the bytes of a passport');
    await upload(started, { user_id: '1001', document_type: 'passport' }, file);
    await started.refused('POST', 'outbound/update_user_info', { user_id: 1001, password: { deep: 'another secret' } });
    const ledger = JSON.stringify(started.simulator.ledger.entries());
    for (const secret of ['1234qwer', '88010112345677', 'M12345678', 'the bytes', 'another secret']) {
      expect(ledger).not.toContain(secret);
    }
    expect(started.simulator.ledger.entries()).toMatchObject([
      { reference: '3', fields: { parameters: { password: '***', passport: '***', first_name: 'firsrt' } } },
      { fields: { document: '***', bytes: 23, sha256: createHash('sha256').update(file).digest('hex') } },
      { outcome: 'REFUSED' },
    ]);
  });

  it.each([
    ['without a required parameter', { password: undefined }, 'E0005'],
    ['with one that is not permitted', { test: 'aaa' }, 'E0005'],
    [
      'with a nested one that is not permitted',
      { address_attributes: { ...OUTBOUND_USER.address_attributes, x: '1' } },
      'E0005',
    ],
    ['of a country that is none', { nationality: 'Korea' }, 'E0011'],
    ['with a value that is not in the list', { occupation: 'astronaut' }, 'E0102'],
    ['with an identification number of another form', { identification_number: '1' }, 'E0103'],
    ['without any identity', { identification_number: undefined }, 'E0105'],
    [
      'without an agreement',
      { agreements_attributes: { ...OUTBOUND_USER.agreements_attributes, privacy_info: 'false' } },
      'E0113',
    ],
  ])('%s are refused', async (_, change, code) => {
    const { refused } = await startSentbeSimulator();
    expect(await refused('POST', 'outbound/users', { ...OUTBOUND_USER, ...change })).toBe(code);
  });

  it('come once: by external_id, and by identity', async () => {
    const { good, refused } = await startSentbeSimulator();
    await good('POST', 'outbound/users', OUTBOUND_USER);
    const other = { identification_number: '9901011234567' };
    expect(await refused('POST', 'outbound/users', { ...OUTBOUND_USER, ...other })).toBe('E0104');
    expect(await refused('POST', 'outbound/users', { ...OUTBOUND_USER, external_id: '4' })).toBe('E0107');
    await good('POST', 'outbound/users', { ...OUTBOUND_USER, ...other, external_id: '4' });
  });

  it('may try a code 5 times wrongly and for 3 minutes', async () => {
    const { good, refused, simulator, clock } = await startSentbeSimulator();
    const { id: user_id } = await good('POST', 'outbound/users', OUTBOUND_USER);
    const verify = 'outbound/verifications/mobile/verify';
    const first = simulator.lastCode(user_id)?.token ?? '';
    const wrong = first === '0000' ? '1111' : '0000';
    for (let i = 0; i < 5; i += 1) expect(await refused('POST', verify, { user_id, token: wrong })).toBe('E0005');
    expect(await refused('POST', verify, { user_id, token: first })).toBe('E0005');
    await good('POST', 'outbound/verifications/mobile', { user_id });
    clock.at += 180_000;
    expect(await refused('POST', verify, { user_id, token: simulator.lastCode(user_id)?.token })).toBe('E0005');
    await good('POST', 'outbound/verifications/mobile', { user_id });
    clock.at += 179_999;
    simulator.configure({ wrongToken: 'DATA_FALSE' });
    expect(await good('POST', verify, { user_id, token: '12345' })).toBe(false);
    expect(await good('POST', verify, { user_id, token: simulator.lastCode(user_id)?.token })).toBe(true);
    expect(await refused('POST', 'outbound/verifications/mobile', { user_id })).toBe('E0114');
  });

  it('whom Sentbe knows already are registered by a code to their phone', async () => {
    const { good, refused, simulator } = await startSentbeSimulator();
    const id = simulator.addMember({ first_name: 'Gildong', last_name: 'Hong', phone_number: '010-1234-5678' });
    expect(await refused('GET', `outbound/users/${id}`)).toBe('E0101');
    expect(await good('POST', 'outbound/registrations/mobile', { id })).toBe(true);
    const told = { user_id: id, token: simulator.lastCode(id)?.token, token_type: 'external' };
    expect(await refused('POST', 'outbound/verifications/mobile/verify', told)).toBe('E0109');
    await good('POST', 'outbound/verifications/mobile/verify', { ...told, external_id: '77' });
    expect(await good('GET', `outbound/users/${id}`)).toMatchObject({ external_id: '77' });
    expect(await refused('POST', 'outbound/registrations/mobile', { id })).toBe('E0106');
  });

  it('upload documents only as a form, of a known type and with a file', async () => {
    const started = await startSentbeSimulator();
    await started.good('POST', 'outbound/users', OUTBOUND_USER);
    const known = { user_id: '1001', document_type: 'passport' };
    const file = Buffer.from('x');
    expect((await upload(started, known)).json.errors[0].error_code).toBe('E0005');
    expect((await upload(started, { ...known, extra: '1' }, file)).json.errors[0].error_code).toBe('E0005');
    expect((await upload(started, { ...known, document_type: 'library_card' }, file)).json.errors[0].error_code).toBe(
      'E0102',
    );
    expect((await upload(started, { ...known, user_id: '1' }, file)).json.errors[0].error_code).toBe('E0002');
    expect(await started.refused('POST', 'outbound/verifications/document', known)).toBe('E0005');
  });

  it('are listed 5 a page, newest first or the other way, each corridor by itself', async () => {
    const { good, refused, simulator } = await startSentbeSimulator();
    for (let i = 0; i < 6; i += 1) await good('POST', 'inbound/users', INBOUND_USER);
    const ids = async (page?: string) =>
      (await good('GET', 'inbound/users', page === undefined ? undefined : { page })).map(
        ({ id }: { id: number }) => id,
      );
    expect(await ids()).toEqual([1006, 1005, 1004, 1003, 1002]);
    expect(await ids('2')).toEqual([1001]);
    simulator.configure({ listOrder: 'OLDEST_FIRST' });
    expect(await ids('1')).toEqual([1001, 1002, 1003, 1004, 1005]);
    expect(await good('GET', 'outbound/users')).toEqual([]);
    expect(await refused('GET', 'outbound/users/1001')).toBe('E0002');
    expect(await good('GET', 'inbound/users/1001', { page: 1 })).not.toHaveProperty('external_id');
  });

  it('change what they may', async () => {
    const { good, refused } = await startSentbeSimulator();
    await good('POST', 'inbound/users', INBOUND_USER);
    const change = { email: 'new@example.com', phone_number: '010-1122-3344' };
    const changed = await good('POST', 'inbound/update_user_info', { user_id: '1001', ...change });
    expect(changed).toMatchObject({ id: 1001, last_name: 'ryu', ...change });
    expect(await refused('POST', 'inbound/update_user_info', { email: 'new@example.com' })).toBe('E0005');
  });
});

describe('recipients of the Sentbe simulator', () => {
  it('are made as in the sample, and found by id, by user and in the list', async () => {
    const { sender, good, refused } = await startSentbeSimulator();
    const { user, recipient } = await sender();
    expect(recipient).toEqual({
      id: 2001,
      first_name: 'firsrt',
      last_name: 'last',
      email: null,
      created_at: '2026-03-02T12:04:05.000+09:00',
      phone_country_code: 'KR',
      phone_number: '010-3333-4442',
      birth_date: null,
      receive_method: 'Bank',
      receive_method_info: {
        name: '10305',
        account_number: '1234567890123456',
        account_holder_name: '홍길동테스트',
        branch: '123',
      },
    });
    expect(await good('GET', `outbound/recipients/${recipient.id}`)).toEqual(recipient);
    expect(await good('GET', `outbound/recipients/user/${user.id}`)).toEqual([recipient]);
    expect(await good('GET', 'outbound/recipients', { page: '1' })).toEqual([recipient]);
    expect(await refused('GET', 'outbound/recipients/2002')).toBe('E0002');
  });

  it.each([
    [
      'a bank that is not of the country',
      { bank_attributes: { ...OUTBOUND_RECIPIENT.bank_attributes, name: '100001' } },
      'E0012',
    ],
    ['a country that is not reached', { country: 'FR' }, 'E0011'],
    ['a method that is none', { receive_method: 'Pigeon' }, 'E0102'],
    [
      'no account type',
      { bank_attributes: { ...OUTBOUND_RECIPIENT.bank_attributes, account_type: undefined } },
      'E0005',
    ],
    ['another user', { user_id: '9' }, 'E0002'],
  ])('with %s are refused', async (_, change, code) => {
    const { refused, good } = await startSentbeSimulator();
    const { id: user_id } = await good('POST', 'outbound/users', OUTBOUND_USER);
    expect(await refused('POST', 'outbound/recipients', { ...OUTBOUND_RECIPIENT, user_id, ...change })).toBe(code);
  });
});

describe('the lists of the Sentbe simulator', () => {
  it('are there for both corridors', async () => {
    const { good, refused } = await startSentbeSimulator();
    expect(await good('GET', 'outbound/data_list/occupation')).toContain('company_employee');
    expect(await refused('GET', 'outbound/data_list/hobby')).toBe('E0102');
    expect((await good('GET', 'inbound/banks'))['002']).toEqual({ label: '산업은행' });
    const union = [{ label: '中国银联', label_ko: '중국은련', label_en: '중국은련', value: '100001' }];
    for (const corridor of ['inbound', 'outbound']) {
      expect(await good('GET', `${corridor}/remittance_codes/bank/CN`)).toEqual(union);
    }
    expect(await good('GET', 'inbound/remittance_codes/bank')).toHaveLength(5);
    expect(await good('GET', 'outbound/params/PH/Bank')).toMatchObject({
      optional: ['middle_name', { bank_attributes: ['branch'] }],
    });
    expect(await good('GET', 'outbound/params')).toHaveProperty('required');
    expect(await good('GET', 'inbound/balances/USD')).toEqual([{ amount: 100_000, currency: 'USD' }]);
    expect(await refused('GET', 'inbound/balances/EUR')).toBe('E0007');
  });
});
