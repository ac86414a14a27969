import { describe, expect, it, onTestFinished } from 'vitest';
import type { NewRecipient, ProviderTransfer } from '../../../src/core/remittance/provider.ts';
import { createSentbeCallbackSource } from '../../../src/providers/sentbe/callback-source.ts';
import { createSentbeSimulator, type SentbeSimulatorOptions } from '../../../src/simulators/sentbe/simulator.ts';
import { startCallbackListener } from '../../support/sentbe-simulator.ts';
import { until } from '../../support/until.ts';
import { failureOf, KEYS, provider } from './account.ts';
import { SAMPLE_DOCUMENT, SAMPLE_RECIPIENT, SAMPLE_TRANSFER, SAMPLE_USER } from './people-of-samples.ts';

const bank = { bankCode: '10305', accountNumber: '1234567890123456', accountHolder: '홍길동테스트' };
const philippines: Omit<NewRecipient, 'userId'> = {
  externalId: '2',
  firstName: 'firsrt',
  lastName: 'last',
  country: 'PH',
  receiveMethod: 'bank',
  phone: '01033334442',
  address: { region: 'seoul', city: 'seoul', country: 'KR', line1: 'a 1' },
  bank: { ...bank, accountType: 'Savings', branch: '123' },
};

/** Our reading of the documents against the simulator's, which is another. */
async function account(options: Partial<SentbeSimulatorOptions> = {}) {
  const simulator = createSentbeSimulator({ ...KEYS, advanceMs: 0, approvalMs: 1, ...options });
  onTestFinished(() => simulator.stop());
  const { url } = await simulator.start();
  const made = provider(url);

  /** A user and a recipient of OUTBOUND, and a quote between them. */
  async function quoted() {
    const { id: userId } = await made.registerUser('OUTBOUND', SAMPLE_USER);
    const { id: recipientId } = await made.addRecipient('OUTBOUND', { ...philippines, userId });
    const request = { userId, recipientId, receiveAmount: 5_000, receiveCurrency: 'PHP' };
    const quote = await made.quote('OUTBOUND', request);
    return { quote, transfer: { ...request, rateListId: quote.rateListId } };
  }
  return { simulator, made, quoted };
}

describe('against the simulator, OUTBOUND', () => {
  it('a user is registered, and verified step by step', async () => {
    const { simulator, made } = await account({ approvalMs: 0 });
    const { id, verifications } = await made.registerUser('OUTBOUND', SAMPLE_USER);
    expect(await made.findUser('OUTBOUND', SAMPLE_USER.externalId)).toEqual({ id, verifications });
    expect(await made.findUser('OUTBOUND', 'nobody')).toBeUndefined();
    expect(verifications).toEqual({ mobile: 'standby', documents: 'standby', bank: 'standby' });
    await made.verifyUser(id, { type: 'MOBILE' });
    const code = simulator.lastCode(Number(id))?.token ?? '';
    expect(code).toMatch(/^\d{4}$/);
    const wrong = code === '0000' ? '0001' : '0000';
    expect(await failureOf(made.verifyUser(id, { type: 'MOBILE', token: wrong }))).toMatchObject({
      code: 'PROVIDER_REJECTED',
    });
    await made.verifyUser(id, { type: 'MOBILE', token: code });
    expect((await made.user('OUTBOUND', id))?.verifications.mobile).toBe('completed');
    await made.uploadDocument(id, SAMPLE_DOCUMENT);
    await made.verifyUser(id, { type: 'BANK', bank });
    expect((await made.user('OUTBOUND', id))?.verifications.documents).not.toBe('standby');
    expect(await made.user('OUTBOUND', '999999')).toBeUndefined();
    for (const secret of [SAMPLE_USER.details?.password, SAMPLE_USER.details?.identificationNumber]) {
      expect(JSON.stringify(simulator.ledger.entries())).not.toContain(secret);
    }
  });

  it('a wrong code is no verification, whichever way it is told', async () => {
    const { made } = await account({ wrongToken: 'DATA_FALSE' });
    const { id } = await made.registerUser('OUTBOUND', SAMPLE_USER);
    const failure = await failureOf(made.verifyUser(id, { type: 'MOBILE', token: 'abcd' }));
    expect(failure).toMatchObject({ code: 'PROVIDER_REJECTED' });
  });

  it('money is quoted as in the sample, sent once, read, and cancelled', async () => {
    const { made, quoted } = await account({ requireVerified: 'NONE' });
    const { quote, transfer } = await quoted();
    expect(quote).toMatchObject({
      send: { amount: '119090', currency: 'KRW' },
      commission: { amount: '5000', currency: 'KRW' },
      rateListId: expect.any(String),
    });
    const sent = await made.transfer('OUTBOUND', { ...transfer, externalId: 'ours-1' });
    expect(sent).toMatchObject({ state: 'REQUESTED', virtualAccount: expect.stringContaining(' | ') });
    expect(await made.lookUpTransfer('OUTBOUND', sent.id)).toEqual(sent);
    expect(await failureOf(made.transfer('OUTBOUND', { ...transfer, externalId: 'ours-1' }))).toMatchObject({
      code: 'PROVIDER_REJECTED',
      origin: { code: 'E0013' },
    });
    expect(await made.cancelTransfer(sent.id)).toMatchObject({ id: sent.id, state: 'CANCELED' });
    expect(await failureOf(made.cancelTransfer(sent.id))).toMatchObject({ origin: { code: 'E0009' } });
    expect(await made.lookUpTransfer('OUTBOUND', '999999')).toBeUndefined();
  });

  it('one that is not verified sends nothing', async () => {
    const { simulator, made, quoted } = await account({ requireVerified: 'ALL' });
    const { transfer } = await quoted();
    const failure = await failureOf(made.transfer('OUTBOUND', { ...transfer, externalId: 'ours-1' }));
    expect(failure).toMatchObject({ code: 'PROVIDER_REJECTED', origin: { code: 'E0112' } });
    expect(simulator.transfers()).toEqual([]);
  });

  it.each(['NEWEST_FIRST', 'OLDEST_FIRST'] as const)(
    'a transfer whose answer was cut is in doubt, there once, and found (%s)',
    async (listOrder) => {
      const { simulator, made, quoted } = await account({ requireVerified: 'NONE', listOrder });
      const { transfer } = await quoted();
      const minuteMs = 60_000;
      const known = new Set<string>();
      const lost: { sentAt: number; externalId: string; receiveAmount: number }[] = [];
      for (let index = 0; index < 12; index += 1) {
        const next = { ...transfer, externalId: `ours-${index}`, receiveAmount: 1_000 + (index % 6) };
        // The first six are answered: the others are like them in everything.
        if (index < 6) {
          known.add((await made.transfer('OUTBOUND', next)).id);
          continue;
        }
        simulator.arm({ provider: 'SENTBE', kind: 'cut', on: 'answer', endpoint: 'POST outbound/transfers' });
        const sentAt = Date.now();
        expect(await failureOf(made.transfer('OUTBOUND', next))).toMatchObject({ outcome: 'UNKNOWN' });
        lost.push({ sentAt, externalId: next.externalId, receiveAmount: next.receiveAmount });
      }
      expect(simulator.transfers()).toHaveLength(12);
      const found: ProviderTransfer[] = [];
      for (const { sentAt, externalId, ...each } of lost) {
        const window = { madeFrom: sentAt - minuteMs, madeTo: sentAt + minuteMs };
        const of = { ...transfer, ...each, ...window, externalIds: [externalId] };
        const listed = (await made.findTransfers('OUTBOUND', of)) ?? [];
        found.push(...listed.filter(({ id }) => !known.has(id)));
      }
      expect(new Set(found.map(({ id }) => id)).size).toBe(6);
      expect(found.map(({ receive }) => Number(receive?.amount))).toEqual(
        lost.map(({ receiveAmount }) => receiveAmount),
      );
      expect(simulator.transfers()).toHaveLength(12);
    },
  );

  it('a transfer that was cut before it was done is not there', async () => {
    const { simulator, made, quoted } = await account({ requireVerified: 'NONE' });
    const { transfer } = await quoted();
    simulator.arm({ provider: 'SENTBE', kind: 'drop', on: 'request', endpoint: 'POST outbound/transfers' });
    const lost = { ...transfer, externalId: 'ours-1' };
    const sentAt = Date.now();
    expect(await failureOf(made.transfer('OUTBOUND', lost))).toMatchObject({ outcome: 'UNKNOWN' });
    const window = { madeFrom: sentAt - 60_000, madeTo: sentAt + 60_000 };
    expect(await made.findTransfers('OUTBOUND', { ...lost, externalIds: ['ours-1'], ...window })).toEqual([]);
  });
});

describe('against the simulator, INBOUND', () => {
  it('money is quoted, sent to the recipient of the sample, and read', async () => {
    const { made } = await account();
    const { details: _, ...sender } = SAMPLE_USER;
    const { id: userId, verifications } = await made.registerUser('INBOUND', sender);
    expect(verifications.mobile).toBe('none');
    const { id: recipientId } = await made.addRecipient('INBOUND', { ...SAMPLE_RECIPIENT, userId });
    const request = { userId, recipientId, receiveAmount: 1_000_000, receiveCurrency: 'KRW' };
    const quote = await made.quote('INBOUND', request);
    expect(quote).toMatchObject({ send: { currency: 'USD' }, commission: { amount: '2.5', currency: 'USD' } });
    expect(Number(quote.receive.amount)).toBe(1_000_000);
    const sentAt = Date.now();
    const sent = await made.transfer('INBOUND', { ...request, externalId: '23' });
    expect(await made.lookUpTransfer('INBOUND', sent.id)).toEqual(sent);
    const window = { madeFrom: sentAt - 60_000, madeTo: sentAt + 60_000 };
    expect(await made.findTransfers('INBOUND', { ...request, externalIds: ['23'], ...window })).toEqual([sent]);
    expect(await failureOf(made.quote('INBOUND', { ...request, receiveCurrency: 'PHP' }))).toMatchObject({
      code: 'PROVIDER_REJECTED',
    });
  });
});

it.each(['NEWEST_FIRST', 'OLDEST_FIRST'] as const)(
  'the newest of 111 transfers into Korea is found (%s)',
  async (listOrder) => {
    let now = Date.parse('2026-03-02T03:04:05Z');
    const { made } = await account({ listOrder, clock: { now: () => now } as never });
    const { details: _, ...sender } = SAMPLE_USER;
    const { id: userId } = await made.registerUser('INBOUND', sender);
    const { id: recipientId } = await made.addRecipient('INBOUND', { ...SAMPLE_RECIPIENT, userId });
    const request = { userId, recipientId, receiveAmount: 10_000, receiveCurrency: 'KRW' };
    for (let count = 0; count < 110; count += 1) {
      now += 60_000;
      await made.transfer('INBOUND', { ...request, externalId: `earlier-${count}` });
    }
    now += 600_000;
    const sent = await made.transfer('INBOUND', { ...request, externalId: 'lost' });
    const window = { madeFrom: now - 300_000, madeTo: now + 300_000 };
    expect(await made.findTransfers('INBOUND', { ...request, externalIds: ['lost'], ...window })).toEqual([sent]);
  },
);

describe('against the simulator, the partner', () => {
  it.each([
    ['accessId', 'E0001'],
    ['partnerId', 'E0001'],
    ['secretKey', 'E0004'],
  ] as const)('with a wrong %s is refused by %s', async (name, code) => {
    const simulator = createSentbeSimulator({ ...KEYS, advanceMs: 0, approvalMs: 0 });
    onTestFinished(() => simulator.stop());
    const { url } = await simulator.start();
    const made = provider(url, { [name]: 'wrong' });
    expect(await failureOf(made.quote('OUTBOUND', SAMPLE_TRANSFER))).toMatchObject({ origin: { code } });
    expect(made.health().healthy).toBe(false);
  });

  it('calls back with what our source takes for genuine, and a forged call is told from it', async () => {
    const { callbackUrl, heard } = await startCallbackListener();
    const { simulator, made } = await account({ callbackUrl });
    const { details: _, ...sender } = SAMPLE_USER;
    const { id: userId } = await made.registerUser('INBOUND', sender);
    const { id: recipientId } = await made.addRecipient('INBOUND', { ...SAMPLE_RECIPIENT, userId });
    const request = { userId, recipientId, receiveAmount: 1_000, receiveCurrency: 'KRW' };
    const { id } = await made.transfer('INBOUND', { ...request, externalId: 'ours-9' });
    simulator.setStatus(Number(id), 'Complete');
    const source = createSentbeCallbackSource({ account: 'default', accessId: KEYS.accessId });
    const subjects = () => heard.map((each) => source.read(Buffer.from(JSON.stringify(each))).subject);
    const complete = { type: 'TRANSFER_CHANGED', externalId: 'ours-9', status: 'Complete' };
    await until(() => heard.some(({ status }) => status === complete.status));
    expect(subjects()).toContainEqual(complete);
    expect(heard.every((each) => source.isGenuine(Buffer.from(JSON.stringify(each)), {}))).toBe(true);
    simulator.arm({ provider: 'SENTBE', kind: 'forge', on: 'callback' });
    const before = heard.length;
    simulator.setStatus(Number(id), 'Refunded');
    await until(() => heard.length > before);
    expect(source.isGenuine(Buffer.from(JSON.stringify(heard.at(-1))), {})).toBe(false);
  });
});
