import { describe, expect, it } from 'vitest';
import type { LogFields } from '../../../src/core/log.ts';
import { ERROR_CODES } from '../../../src/providers/sentbe/error-codes.ts';
import { answer, failureOf, KEYS, peer, provider, type Reply, refusal, scripted, success } from './account.ts';
import { CALLS, done, SAMPLE_RECIPIENT, SAMPLE_TRANSFER, SAMPLE_USER, TRANSFER_ROW } from './people-of-samples.ts';

const html = '<html><body><h1>Error</h1></body></html>';
const transfer = { result: true, data: JSON.parse(TRANSFER_ROW) };
const documented = [
  ...['E0000', 'E0001', 'E0002', 'E0003', 'E0004', 'E0005', 'E0006', 'E0007', 'E0008', 'E0009', 'E0010', 'E0011'],
  ...['E0012', 'E0013', 'E0014', 'E0101', 'E0102', 'E0103', 'E0104', 'E0105', 'E0106', 'E0107', 'E0108', 'E0109'],
  ...['E0110', 'E0111', 'E0112', 'E0113', 'E0114', 'E0115'],
];
const uncertain = ['E0000', 'E0108', 'E0110', 'E0115'];

describe('the table of error codes', () => {
  it('has every code of both documents, and no other', () => {
    expect([...ERROR_CODES.keys()]).toEqual(documented);
  });

  it.each(documented.flatMap((code) => [200, 400, 500].map((status) => [code, status] as const)))(
    '%s of a transfer, with the status %i',
    async (code, status) => {
      const { made, seen } = await scripted(answer(status, refusal(code)));
      const failure = await failureOf(made.transfer('OUTBOUND', SAMPLE_TRANSFER));
      expect(failure).toMatchObject({
        ...(uncertain.includes(code)
          ? { code: 'PROVIDER_UNAVAILABLE', outcome: 'UNKNOWN', retry: 'ONLY_WITH_SAME_KEY' }
          : { code: 'PROVIDER_REJECTED' }),
        origin: { provider: 'SENTBE', code, text: `Says why of ${code}`, httpStatus: status, at: expect.any(Number) },
      });
      expect(seen).toHaveLength(1);
    },
  );

  it('lets a doubt outweigh what else is named', async () => {
    const { made } = await scripted(answer(200, refusal('E0013', 'E0000')));
    expect(await failureOf(made.transfer('OUTBOUND', SAMPLE_TRANSFER))).toMatchObject({
      outcome: 'UNKNOWN',
      origin: { code: 'E0000' },
    });
  });
});

describe('a transfer', () => {
  const rows: [status: number, body: unknown, origin: string, outcome?: string][] = [
    [400, html, 'HTTP_400'],
    [401, '', 'HTTP_401'],
    [403, html, 'HTTP_403'],
    [404, '', 'HTTP_404'],
    [400, refusal('E9999'), 'E9999'],
    [400, { result: false }, 'HTTP_400'],
    [429, '', 'HTTP_429', 'NOT_ACCEPTED'],
    [200, refusal('E9999'), 'E9999', 'UNKNOWN'],
    [200, { result: false }, 'HTTP_200', 'UNKNOWN'],
    [200, { result: false, errors: [7, {}, { error_code: 7.5 }] }, '7.5', 'UNKNOWN'],
    [200, { result: 'true', data: transfer.data }, 'HTTP_200', 'UNKNOWN'],
    [200, '', 'HTTP_200', 'UNKNOWN'],
    [200, html, 'HTTP_200', 'UNKNOWN'],
    [200, '{"result":tr', 'HTTP_200', 'UNKNOWN'],
    [200, '['.repeat(100_000), 'HTTP_200', 'UNKNOWN'],
    [200, [transfer], 'HTTP_200', 'UNKNOWN'],
    [200, { result: true }, 'BAD_ANSWER', 'UNKNOWN'],
    [200, { result: true, data: { status: 'Processing' } }, 'BAD_ANSWER', 'UNKNOWN'],
    [200, { result: true, data: { transfer_id: 49 } }, 'BAD_ANSWER', 'UNKNOWN'],
    [200, { result: true, data: { transfer_id: {}, status: 'x' } }, 'BAD_ANSWER', 'UNKNOWN'],
    [400, transfer, 'HTTP_400', 'UNKNOWN'],
    [500, transfer, 'HTTP_500', 'UNKNOWN'],
    [500, html, 'HTTP_500', 'UNKNOWN'],
    [502, '', 'HTTP_502', 'UNKNOWN'],
    [301, '', 'HTTP_301', 'UNKNOWN'],
    [408, '', 'HTTP_408', 'UNKNOWN'],
  ];
  it.each(rows)('answered with %i %j is %s %s', async (status, body, origin, outcome) => {
    const { made, seen } = await scripted(answer(status, body));
    const failure = await failureOf(made.transfer('OUTBOUND', SAMPLE_TRANSFER));
    expect(failure).toMatchObject({
      ...(outcome === undefined ? { code: 'PROVIDER_REJECTED' } : { code: 'PROVIDER_UNAVAILABLE', outcome }),
      origin: { provider: 'SENTBE', code: origin },
    });
    expect(failure.origin?.text ?? '').not.toContain('html');
    expect(seen).toHaveLength(1);
  });

  it('that never left is certainly not made', async () => {
    const { url, stop } = await peer(success({}));
    await stop();
    expect(await failureOf(provider(url).transfer('OUTBOUND', SAMPLE_TRANSFER))).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      origin: { code: 'ECONNREFUSED' },
    });
  });

  it.each([
    ['Transfer Requested', 'REQUESTED'],
    ['Waiting verification', 'REQUESTED'],
    ['Processing', 'PROCESSING'],
    ['AML filtered', 'AML_FILTERED'],
    ['Complete', 'COMPLETE'],
    ['Canceled', 'CANCELED'],
    ['Expired', 'EXPIRED'],
    ['Refunded', 'REFUNDED'],
    // A word that nobody knows claims nothing.
    ['Teleported', 'REQUESTED'],
  ])('in the status %s is %s', async (status, state) => {
    const { made } = await scripted(success({ transfer_id: 49, status }));
    expect(await made.lookUpTransfer('OUTBOUND', '49')).toEqual({ id: '49', state, status });
  });

  it('keeps every digit of an amount and an id', async () => {
    const row = TRANSFER_ROW.replace('96630.0', '90071992547409931.10').replace('49', '9007199254740993123');
    const { made } = await scripted((response) => response.end(done(row)));
    expect(await made.lookUpTransfer('OUTBOUND', '1')).toMatchObject({
      id: '9007199254740993123',
      send: { amount: '90071992547409931.10', currency: 'KRW' },
    });
  });

  it.each(['-1', '1e5', '"1,000"', 'null', '""', '{}'])('has no amount where it is %s', async (amount) => {
    const { made } = await scripted((response) => response.end(done(TRANSFER_ROW.replace('96630.0', amount))));
    const found = await made.lookUpTransfer('OUTBOUND', '49');
    expect(found).toMatchObject({ id: '49' });
    expect(found).not.toHaveProperty('send');
  });
});

describe('every call', () => {
  it.each(Object.entries(CALLS))(
    '%s: a lost answer leaves in doubt what it may have changed',
    async (_, { call, writes }) => {
      const outcome = writes ? 'UNKNOWN' : 'NOT_ACCEPTED';
      for (const reply of [
        answer(500, html),
        answer(200, refusal('E0000')),
        ((response) => response.destroy()) as Reply,
      ]) {
        const { made, seen } = await scripted(reply);
        expect(await failureOf(call(made))).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', outcome });
        expect(seen).toHaveLength(1);
      }
    },
  );

  it.each(Object.entries(CALLS))('%s: a refusal of the partner names the settings', async (_, { call }) => {
    const { made } = await scripted(answer(200, refusal('E0001')));
    const failure = await failureOf(call(made));
    expect(failure).toMatchObject({ code: 'PROVIDER_REJECTED', origin: { code: 'E0001' } });
    expect(failure.message).toContain('SENTBE_ACCESS_ID');
  });

  it.each(['E0002', 'E0101', 'E0105'])('finds nothing where Sentbe says %s', async (code) => {
    const { made } = await scripted(answer(200, refusal(code)));
    expect(await made.user('OUTBOUND', '15')).toBeUndefined();
    expect(await made.lookUpTransfer('INBOUND', '49')).toBeUndefined();
  });

  it('takes no status alone for "there is none"', async () => {
    const { made } = await scripted(answer(404, html));
    expect(await failureOf(made.lookUpTransfer('INBOUND', '49'))).toMatchObject({ code: 'PROVIDER_REJECTED' });
  });

  it('takes no `data: false` for verified', async () => {
    const { made } = await scripted(success(false));
    const failure = await failureOf(made.verifyUser('15', { type: 'MOBILE', token: '1111' }));
    expect(failure).toMatchObject({ code: 'PROVIDER_REJECTED', origin: { code: 'NOT_VERIFIED' } });
  });

  it.each(['send_amount', 'commission', 'exchange_rate_list_id', 'receive_amount'])(
    'is no quote without %s',
    async (name) => {
      const data = { send_amount: 1, send_amount_currency: 'KRW', receive_amount: 1, receive_amount_currency: 'PHP' };
      const whole = { ...data, commission: 1, commission_currency: 'KRW', exchange_rate_list_id: 1 };
      const { made } = await scripted(success({ ...whole, [name]: undefined }));
      expect(await failureOf(made.quote('OUTBOUND', SAMPLE_TRANSFER))).toMatchObject({
        outcome: 'NOT_ACCEPTED',
        origin: { code: 'BAD_ANSWER' },
      });
    },
  );
});

describe('what is secret', () => {
  it('is in no fault, health or log, even where Sentbe quotes it', async () => {
    const details = SAMPLE_USER.details as NonNullable<typeof SAMPLE_USER.details>;
    const secrets = [
      ...[details.password, '88010112345677', '12341234', KEYS.accessId, KEYS.secretKey],
      ...[
        SAMPLE_USER.firstName,
        SAMPLE_USER.birthDate,
        'test@outbound.com',
        '010-3333-4445',
        '01033334445',
        'gangnamgu 111',
      ],
    ];
    const logged: (LogFields | undefined)[] = [];
    const keep = (_: string, fields?: LogFields) => void logged.push(fields);
    const message = `bad: ${secrets.join(' ')} ${'x'.repeat(1_000)}`;
    const reply = answer(200, { result: false, errors: [{ message, error_code: 'E0004' }] });
    const { made } = await scripted(reply, { log: { info: keep, warn: keep, error: keep } });
    const user = await failureOf(made.registerUser('OUTBOUND', SAMPLE_USER));
    const recipient = await failureOf(made.addRecipient('INBOUND', SAMPLE_RECIPIENT));
    expect(user.origin?.text).toMatch(/^bad: \*\*\* \*\*\*/);
    expect(user.origin?.text).toHaveLength(500);
    expect(recipient.origin?.text).toContain('***');
    expect(logged).toHaveLength(1);
    const told = JSON.stringify([user, user.message, made.health(), logged]);
    for (const secret of secrets.filter((each) => each !== '12341234')) expect(told).not.toContain(secret);
    expect(JSON.stringify([recipient, recipient.message])).not.toContain('12341234');
    expect(made.health().lastFault).not.toHaveProperty('text');
  });
});
