import { describe, expect, it } from 'vitest';
import { InvalidInput, ProviderUnavailable } from '../../../src/core/errors.ts';
import { standingClock } from '../../support/push-core.ts';
import { callbacks, remittanceCore, shop } from '../../support/remittance-core.ts';
import { lostAnswer, notAccepted, rejected } from '../../support/scripted-remittance.ts';
import { take } from '../../support/take.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

describe('a callback', () => {
  it('that was forged changes nothing: how it stands is read', async () => {
    const core = remittanceCore({ store: await temporaryStore(), clock: standingClock() });
    const sent = await core.send(await core.quoted(), { externalId: 'order' });
    expect(await core.hear('shop:order', 'Complete')).toBe('APPLIED');
    expect(await core.load(sent.id)).toMatchObject({ state: 'REQUESTED', status: 'requested' });
    // The control: where it is so, it is seen at once.
    const [transfer] = core.provider.executed;
    if (transfer !== undefined) transfer.state = 'COMPLETE';
    expect(await core.hear('shop:order', 'Transfer Requested')).toBe('APPLIED');
    expect(await core.load(sent.id)).toMatchObject({ state: 'COMPLETE' });
  });

  it('belongs to the tenant whose remittance has that name, and to nobody where there is none', async () => {
    const core = remittanceCore({ store: await temporaryStore() });
    await core.send(await core.quoted(), { externalId: 'order' });
    const about = (externalId: string) => ({ type: 'TRANSFER_CHANGED', externalId, status: 'Complete' }) as const;
    expect(await core.service.callbackEffect.ownerOf(callbacks, about('shop:order'))).toBe('shop');
    expect(await core.service.callbackEffect.ownerOf(callbacks, about('bakery:order'))).toBeUndefined();
    expect(await core.hear('bakery:order')).toBe('UNMATCHED');
  });

  it('that comes before the answer waits for it', async () => {
    const core = remittanceCore({ store: await temporaryStore(), sweeping: false });
    const quoted = await core.quoted();
    core.provider.script.transfer = async (_corridor, transfer) => {
      const answer = core.provider.execute(transfer);
      expect(await core.hear('shop:order')).toBe('APPLIED');
      return answer;
    };
    const sent = await core.send(quoted, { externalId: 'order' });
    expect(sent.state).toBe('REQUESTED');
    expect(core.provider.callsOf('findTransfers')).toEqual([]);
  });

  it('while the provider does not answer is read by the sweeper as soon as it does', async () => {
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock });
    const sent = await core.send(await core.quoted(), { externalId: 'order' });
    core.provider.script.lookUpTransfer = () => Promise.reject(notAccepted());
    expect(await core.hear('shop:order')).toBe('APPLIED');
    await until(() => core.provider.callsOf('lookUpTransfer').length >= 2);
    delete core.provider.script.lookUpTransfer;
    const [transfer] = core.provider.executed;
    if (transfer !== undefined) transfer.state = 'PROCESSING';
    clock.passMs(2_000);
    await until(async () => (await core.load(sent.id)).state === 'PROCESSING');
  });
});

describe('cancelling', () => {
  it('answers the remittance as the provider says it then stands, and again the same', async () => {
    const core = remittanceCore({ store: await temporaryStore() });
    const { id } = await core.send(await core.quoted());
    expect(await core.service.cancel(shop, id)).toMatchObject({ id, state: 'CANCELED' });
    expect(await core.service.cancel(shop, id)).toMatchObject({ id, state: 'CANCELED' });
    expect(core.provider.callsOf('cancelTransfer')).toHaveLength(1);
  });

  it.each([
    ['refused', rejected('E0009'), { code: 'PROVIDER_REJECTED', origin: { code: 'E0009' } }],
    [
      'without room',
      new ProviderUnavailable('Not now.', { code: 'OVERLOADED', outcome: 'NOT_ACCEPTED' }),
      { code: 'OVERLOADED', outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER' },
    ],
    ['lost', lostAnswer(), { code: 'PROVIDER_UNAVAILABLE', outcome: 'UNKNOWN' }],
  ])('that was %s names the remittance, which is then read', async (_what, error, expected) => {
    const core = remittanceCore({ store: await temporaryStore(), clock: standingClock() });
    const { id } = await core.send(await core.quoted());
    core.provider.script.cancelTransfer = () => Promise.reject(error);
    const [transfer] = core.provider.executed;
    if (transfer !== undefined) transfer.state = 'CANCELED';
    const thrown = await core.service.cancel(shop, id).catch((each: unknown) => each);
    expect(thrown).toMatchObject({ ...expected, subject: { type: 'Remittance', id } });
    await until(async () => (await core.load(id)).state === 'CANCELED');
  });

  it('is refused where there is none, or where it is too late, and waits while nobody knows', async () => {
    const core = remittanceCore({ store: await temporaryStore(), clock: standingClock() });
    const { id } = await core.send(await core.quoted(), { externalId: 'paid' });
    const [transfer] = core.provider.executed;
    if (transfer !== undefined) transfer.state = 'COMPLETE';
    await core.hear('shop:paid');
    for (const [each, rule] of [
      [id, 'TOO_LATE'],
      ['', 'UNKNOWN'],
    ] as const) {
      const thrown = await core.service.cancel(shop, each).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(InvalidInput);
      expect(thrown).toMatchObject({ fields: [{ path: ['id'], rule }] });
    }
    core.provider.script.transfer = () => Promise.reject(lostAnswer());
    const open = await core.send(await core.quoted());
    await expect(core.service.cancel(shop, open.id)).rejects.toMatchObject({
      outcome: 'NOT_ACCEPTED',
      subject: { type: 'Remittance', id: open.id },
    });
    expect(core.provider.callsOf('cancelTransfer')).toEqual([]);
  });
});

describe('the stream of a remittance', () => {
  it('of all of them is live, and from a cursor on, without end', async () => {
    const core = remittanceCore({ store: await temporaryStore(), sweeping: false });
    const quoted = await core.quoted();
    const live = await core.service.changes(shop.id, {});
    const [begun] = await take(live, 1);
    const sent = [await core.send(quoted), await core.send(await core.requoted(quoted))];
    const expected = sent.flatMap(({ id }) => [`UNCONFIRMED ${id}`, `REQUESTED ${id}`]);
    const after = begun?.type === 'CAUGHT_UP' ? begun.cursor : undefined;
    for (const stream of [live, await core.service.changes(shop.id, { after })]) {
      const items = await take(stream, 4);
      const told = items.map((item) => item.type === 'EVENT' && `${item.event.state} ${item.event.remittance.id}`);
      expect(told).toEqual(expected);
      await stream.return?.();
    }
    expect(await take(await core.service.changes('bakery', { after }), 1)).toMatchObject([
      { type: 'ENDED', reason: 'INVALID_CURSOR' },
    ]);
  });

  it('tells each state once from its creation on, resumes behind a cursor, and completes by itself', async () => {
    const core = remittanceCore({ store: await temporaryStore(), clock: standingClock() });
    const { id } = await core.send(await core.quoted(), { externalId: 'order' });
    // Of another one: no business of this stream.
    await core.send(await core.quoted());
    const [transfer] = core.provider.executed;
    for (const state of ['PROCESSING', 'COMPLETE', 'REFUNDED'] as const) {
      if (transfer !== undefined) transfer.state = state;
      await core.hear('shop:order');
    }
    expect(await core.told(id)).toEqual(['REQUESTED', 'PROCESSING', 'COMPLETE', 'REFUNDED', 'CAUGHT_UP']);
    const items = [];
    for await (const item of await core.service.changes(shop.id, { id })) items.push(item);
    const cursor = items.flatMap((item) => (item.type === 'EVENT' ? [item.cursor] : []))[1];
    expect(await core.told(id, cursor)).toEqual(['COMPLETE', 'REFUNDED', 'CAUGHT_UP']);
    expect(
      await core.told(id, items.at(-1)?.type === 'CAUGHT_UP' ? (items.at(-1) as { cursor: string }).cursor : ''),
    ).toEqual(['CAUGHT_UP']);
    expect(await core.told('no-such-remittance')).toEqual(['CAUGHT_UP']);
  });
});
