import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../../src/core/errors.ts';
import { type Log, type LogFields, silentLog } from '../../../src/core/log.ts';
import { standingClock } from '../../support/push-core.ts';
import { recipientInput, remittanceCore, shop, userInput } from '../../support/remittance-core.ts';
import { scriptedRemittance } from '../../support/scripted-remittance.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const refusalOf = async (call: Promise<unknown>): Promise<string[]> => {
  const error = await call.then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InvalidInput)) throw error;
  return error.fields.map(({ path, rule, message }) => `${path.join('.')} ${rule} ${message.split('.')[0]}`);
};

describe('after the partner account has changed on one store', () => {
  it('nobody of before is named by an id that is now of another person', async () => {
    const store = await temporaryStore();
    const before = remittanceCore({ store, sweeping: false });
    const quoted = await before.quoted();
    const provider = scriptedRemittance(Date.now, 'another');
    const { service } = remittanceCore({ store, provider, sweeping: false });
    const words = 'It is registered with another partner account';
    const { userId } = quoted;
    expect(await refusalOf(service.quote(shop, quoted))).toEqual([`input.userId UNKNOWN ${words}`]);
    const sent = service.send(shop, { ...quoted, idempotencyKey: 'key', externalId: 'order' });
    expect(await refusalOf(sent)).toEqual([`input.userId UNKNOWN ${words}`]);
    const added = service.addRecipient(shop, { ...recipientInput, idempotencyKey: 'new', externalId: 'new', userId });
    expect(await refusalOf(added)).toEqual([`input.userId UNKNOWN ${words}`]);
    const verified = service.verifyUser(shop, { userId, verification: 'MOBILE' });
    expect(await refusalOf(verified)).toEqual([`input.userId UNKNOWN ${words}`]);
    expect(await service.users(shop.id, [userId])).toMatchObject([{ firstName: 'Maria', providerId: 'u1' }]);
    expect(provider.calls).toEqual([]);
  });

  it('a remittance of before stays as it is, and one with the same number at the other stands beside it', async () => {
    const store = await temporaryStore();
    const clock = standingClock();
    const before = remittanceCore({ store, clock, provider: scriptedRemittance(clock.now), sweeping: false });
    const alice = await before.send(await before.quoted(), { idempotencyKey: 'alice', externalId: 'order' });
    const provider = scriptedRemittance(clock.now, 'another');
    const after = remittanceCore({ store, clock, provider });
    const bobs = { ...userInput, idempotencyKey: 'bob', lastName: 'Cruz' };
    const user = await after.service.registerUser(shop, bobs);
    const added = { ...recipientInput, idempotencyKey: 'bob', userId: user.id };
    const recipient = await after.service.addRecipient(shop, added);
    const asked = { corridor: 'OUTBOUND', userId: user.id, recipientId: recipient.id } as const;
    const money = { receiveAmount: 9_000, receiveCurrency: 'PHP' };
    const { id: quoteId } = await after.service.quote(shop, { ...asked, ...money });
    const bob = await after.send({ ...asked, ...money, quoteId }, { idempotencyKey: 'bob', externalId: 'order' });
    expect(bob).toMatchObject({ state: 'REQUESTED', transferId: alice.transferId, receive: { amount: '9000' } });
    const [transfer] = provider.executed;
    if (transfer !== undefined) transfer.state = 'COMPLETE';
    clock.passMs(2_000);
    await until(async () => (await after.load(bob.id)).state === 'COMPLETE');
    expect(await after.hear('shop:order')).toBe('APPLIED');
    expect(await refusalOf(after.service.cancel(shop, alice.id))).toEqual([
      'id UNKNOWN It is registered with another partner account',
    ]);
    expect(await after.load(alice.id)).toEqual(alice);
    expect(provider.callsOf('lookUpTransfer').every(([, id]) => id === bob.transferId)).toBe(true);
  });
});

describe('what the provider says of a transfer', () => {
  it.each([
    ['user', { userId: 'u9' }],
    ['recipient', { recipientId: 'r9' }],
    ['amount', { receive: { amount: '5001', currency: 'PHP' } }],
    ['currency', { receive: { amount: '5000', currency: 'USD' } }],
  ])('is not taken where it is of another %s, and the operator is told once', async (_what, part) => {
    const warnings: [string, LogFields | undefined][] = [];
    const log: Log = { ...silentLog, warn: (event, fields) => void warnings.push([event, fields]) };
    const core = remittanceCore({ store: await temporaryStore(), log, sweeping: false });
    const sent = await core.send(await core.quoted(), { externalId: 'order' });
    const state = { state: 'COMPLETE', status: 'Complete' } as const;
    core.provider.script.lookUpTransfer = async (_corridor, id) => ({ id, ...state, ...part });
    for (const _again of [1, 2]) await core.hear('shop:order');
    expect(await core.load(sent.id)).toMatchObject({ state: 'REQUESTED', receive: { amount: '5000' } });
    const { id: remittanceId } = sent;
    expect(warnings).toEqual([['remittance.misread', expect.objectContaining({ remittanceId, tenant: 'shop' })]]);
    // The control: what is its own is taken, however the amount is written.
    const receive = { amount: '5000.0', currency: 'PHP' };
    core.provider.script.lookUpTransfer = async (_corridor, id) => ({ id, ...state, userId: 'u1', receive });
    await core.hear('shop:order');
    expect(await core.load(sent.id)).toMatchObject({ state: 'COMPLETE' });
  });

  it('is not taken from the answer to the sending itself', async () => {
    const core = remittanceCore({ store: await temporaryStore(), sweeping: false });
    core.provider.script.transfer = async () => ({ id: 't9', state: 'REQUESTED', status: 'x', recipientId: 'r9' });
    const sent = await core.send(await core.quoted());
    expect(sent).toMatchObject({ state: 'UNCONFIRMED', isSettled: true });
    expect(sent.transferId).toBeUndefined();
  });
});
