import { describe, expect, it } from 'vitest';
import { IdempotencyConflict, InvalidInput } from '../../../src/core/errors.ts';
import type { SendInput } from '../../../src/core/remittance/send.ts';
import { type Store, StoreUnavailable } from '../../../src/core/store.ts';
import { standingClock, storeKinds } from '../../support/push-core.ts';
import { bakery, recipientInput, remittanceCore, shop } from '../../support/remittance-core.ts';
import { lostAnswer, notAccepted, rejected, scriptedRemittance } from '../../support/scripted-remittance.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const problemsOf = async (call: Promise<unknown>): Promise<string[]> => {
  const error = await call.then(
    () => expect.unreachable(),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InvalidInput)) throw error;
  return error.fields.map(({ path, rule }) => `${path.join('.')} ${rule}`);
};

describe.each(storeKinds)('a remittance, on $name', ({ open, here }) => {
  it.runIf(here)('goes once by one key, also by twins of two gateways, and is the same remittance after', async () => {
    const [one, two] = await open(2);
    if (one === undefined || two === undefined) throw new Error('There are two.');
    const provider = scriptedRemittance();
    const first = remittanceCore({ store: one, provider, sweeping: false });
    const second = remittanceCore({ store: two, provider, sweeping: false });
    const quoted = await first.quoted();
    const same = { idempotencyKey: 'key', externalId: 'order' };
    const sent = await Promise.all(
      Array.from({ length: 20 }, (_none, at) => (at % 2 === 0 ? first : second).send(quoted, same)),
    );
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(provider.executed).toHaveLength(1);
    expect(await second.send(quoted, same)).toMatchObject({ state: 'REQUESTED', transferId: provider.executed[0]?.id });
  });

  it.runIf(here)('goes once by one external id, whichever of the keys comes first', async () => {
    const [one, two] = await open(2);
    if (one === undefined || two === undefined) throw new Error('There are two.');
    const provider = scriptedRemittance();
    const gateways = [remittanceCore({ store: one, provider }), remittanceCore({ store: two, provider })];
    const quoted = await gateways[0]?.quoted();
    if (quoted === undefined) throw new Error('There is one.');
    const quotes = await Promise.all(Array.from({ length: 20 }, () => gateways[0]?.requoted(quoted)));
    const sent = await Promise.allSettled(
      Array.from({ length: 20 }, (_none, at) =>
        gateways[at % 2]?.send(quotes[at] ?? quoted, { idempotencyKey: `key-${at}`, externalId: 'order' }),
      ),
    );
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of sent) {
      if (each.status === 'fulfilled') continue;
      expect(each.reason).toMatchObject({ fields: [{ path: ['input', 'externalId'], rule: 'DUPLICATE' }] });
    }
    expect(provider.executed).toHaveLength(1);
  });

  it.runIf(here)('that was executed and not answered is found, and never sent again: 50 of them', async () => {
    const [store] = await open(1);
    if (store === undefined) throw new Error('There is one.');
    const core = remittanceCore({ store });
    const { provider } = core;
    provider.script.transfer = async (_corridor, transfer) => {
      provider.execute(transfer);
      throw lostAnswer();
    };
    const first = await core.quoted();
    // Amounts of their own: nothing else of a row tells one from another.
    const sent = await Promise.all(
      Array.from({ length: 50 }, async (_none, at) => {
        const asked = { ...first, receiveAmount: at + 1 };
        const { id: quoteId } = await core.service.quote(shop, asked);
        return core.send({ ...asked, quoteId });
      }),
    );
    expect(new Set(sent.map(({ state }) => state))).toEqual(new Set(['UNCONFIRMED']));
    expect(sent[0]).toMatchObject({ fault: { code: 'ECONNRESET' } });
    for (const { id } of sent) await until(async () => (await core.load(id)).state === 'REQUESTED');
    expect(provider.executed).toHaveLength(50);
    for (const { id, receiveAmount } of sent) {
      const found = await core.load(id);
      expect(provider.executed.find((each) => each.id === found.transferId)?.given.receiveAmount).toBe(receiveAmount);
    }
  });
});

describe('sending', () => {
  it('tells the provider what was quoted, by its own names, and answers what it says', async () => {
    const core = remittanceCore({ store: await temporaryStore(), sweeping: false });
    const sent = await core.send(await core.quoted(), { externalId: 'order' });
    expect(core.provider.callsOf('transfer')).toEqual([
      [
        'OUTBOUND',
        {
          userId: 'u1',
          recipientId: 'r2',
          externalId: 'shop:order',
          receiveAmount: 5_000,
          receiveCurrency: 'PHP',
          rateListId: '1',
        },
      ],
    ]);
    expect(sent).toMatchObject({
      state: 'REQUESTED',
      status: 'requested',
      externalId: 'order',
      send: { amount: '119090', currency: 'KRW' },
      receive: { amount: '5000', currency: 'PHP' },
      virtualAccount: expect.stringContaining('066'),
    });
  });

  it('has a quote that may be asked for again where its answer was lost: there is no key', async () => {
    const core = remittanceCore({ store: await temporaryStore(), sweeping: false });
    core.provider.script.quote = () => Promise.reject(lostAnswer());
    await expect(core.quoted()).rejects.toMatchObject({ outcome: 'UNKNOWN', retry: 'SAFE_NOW' });
  });

  it('is stored before it leaves', async () => {
    const core = remittanceCore({ store: await temporaryStore(), sweeping: false });
    const quoted = await core.quoted();
    let atCall: unknown;
    core.provider.script.transfer = async (_corridor, transfer) => {
      // Another gateway would answer this.
      const other = remittanceCore({ store: core.store, provider: core.provider, sweeping: false });
      atCall = await other.send(quoted, { idempotencyKey: 'key', externalId: 'order' });
      return core.provider.execute(transfer);
    };
    const sent = await core.send(quoted, { idempotencyKey: 'key', externalId: 'order' });
    expect(atCall).toMatchObject({ id: sent.id, state: 'UNCONFIRMED' });
  });

  it.each([
    ['refused', rejected(), 'E0013'],
    ['not taken', notAccepted(), 'ECONNREFUSED'],
  ])(
    'that was %s answers the remittance as FAILED with the fault, and by its key the same',
    async (_what, error, code) => {
      const core = remittanceCore({ store: await temporaryStore() });
      const quoted = await core.quoted();
      core.provider.script.transfer = () => Promise.reject(error);
      const same = { idempotencyKey: 'key', externalId: 'order' };
      const failed = await core.send(quoted, same);
      expect(failed).toMatchObject({ state: 'FAILED', fault: { code } });
      expect(await core.send(quoted, same)).toEqual(failed);
      expect(core.provider.callsOf('transfer')).toHaveLength(1);
      expect(core.provider.callsOf('findTransfers')).toEqual([]);
    },
  );

  it('answers what is stored where the store goes away behind the call, and finds it when it is back', async () => {
    const store = await temporaryStore();
    let away = false;
    const leaving: Store = {
      ...store,
      write: (batch) => (away ? Promise.reject(new StoreUnavailable('away', 'NO')) : store.write(batch)),
    };
    const clock = standingClock();
    const core = remittanceCore({ store: leaving, clock });
    const quoted = await core.quoted();
    core.provider.script.transfer = async (_corridor, transfer) => {
      away = true;
      return core.provider.execute(transfer);
    };
    const sent = await core.send(quoted);
    expect(sent.state).toBe('UNCONFIRMED');
    away = false;
    clock.passMs(core.provider.callTimeoutMs + 5_000);
    await until(async () => (await core.load(sent.id)).state === 'REQUESTED');
    expect(core.provider.executed).toHaveLength(1);
  });

  it.each<[string[], Partial<SendInput>]>([
    [['input.userId UNKNOWN'], { userId: '' }],
    [['input.recipientId UNKNOWN'], { recipientId: 'none' }],
    [['input.quoteId UNKNOWN'], { quoteId: '' }],
    [['input.receiveAmount NOT_AS_QUOTED'], { receiveAmount: 5_001 }],
    [['input.receiveCurrency NOT_AS_QUOTED'], { receiveCurrency: 'USD' }],
    [
      ['input.receiveAmount NOT_POSITIVE', 'input.receiveCurrency NOT_A_CURRENCY'],
      { receiveAmount: 0, receiveCurrency: 'php' },
    ],
    [['input.receiveCurrency NOT_FOR_CORRIDOR'], { receiveCurrency: 'KRW' }],
    [['input.corridor NOT_OF_USER'], { corridor: 'INBOUND', receiveCurrency: 'KRW' }],
    [['input.externalId FORM'], { externalId: '' }],
    [['input.idempotencyKey LENGTH'], { idempotencyKey: '' }],
  ])('is refused with %s', async (problems, part) => {
    const core = remittanceCore({ store: await temporaryStore() });
    const sent = core.send(await core.quoted(), part);
    expect(await problemsOf(sent)).toEqual(problems);
    expect(core.provider.callsOf('transfer')).toEqual([]);
  });

  it('by a quote of another recipient, of another tenant, or of half an hour ago is refused', async () => {
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock, sweeping: false });
    const quoted = await core.quoted();
    const second = { ...recipientInput, idempotencyKey: 'second', externalId: 'second', userId: quoted.userId };
    const { id: recipientId } = await core.service.addRecipient(shop, second);
    expect(await problemsOf(core.send({ ...quoted, recipientId }))).toEqual(['input.recipientId NOT_AS_QUOTED']);
    const theirs = await core.quoted({ tenant: bakery });
    expect(await problemsOf(core.send({ ...quoted, quoteId: theirs.quoteId }))).toEqual(['input.quoteId UNKNOWN']);
    expect(await problemsOf(core.send({ ...quoted, recipientId: theirs.recipientId }))).toEqual([
      'input.recipientId UNKNOWN',
    ]);
    clock.passMs(30 * 60_000);
    expect(await problemsOf(core.send(quoted))).toEqual(['input.quoteId EXPIRED']);
    expect(core.provider.callsOf('transfer')).toEqual([]);
  });

  it('with a key that had another input is refused, and the same name is free for another tenant', async () => {
    const core = remittanceCore({ store: await temporaryStore() });
    const quoted = await core.quoted();
    await core.send(quoted, { idempotencyKey: 'key', externalId: 'order' });
    const other = await core
      .send(quoted, { idempotencyKey: 'key', externalId: 'other' })
      .catch((thrown: unknown) => thrown);
    expect(other).toBeInstanceOf(IdempotencyConflict);
    const theirs = await core.quoted({ tenant: bakery });
    const sent = await core.service.send(bakery, { ...theirs, idempotencyKey: 'key', externalId: 'order' });
    expect(sent).toMatchObject({ tenant: 'bakery', providerExternalId: 'bakery:order' });
  });

  it('goes once by one quote, whichever of 20 keys comes first', async () => {
    const core = remittanceCore({ store: await temporaryStore() });
    const quoted = await core.quoted();
    const sent = await Promise.allSettled(Array.from({ length: 20 }, () => core.send(quoted)));
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const each of sent) {
      if (each.status === 'fulfilled') continue;
      expect(each.reason).toMatchObject({ fields: [{ path: ['input', 'quoteId'], rule: 'USED' }] });
    }
    expect(core.provider.executed).toHaveLength(1);
    expect(await core.send(await core.requoted(quoted))).toMatchObject({ state: 'REQUESTED' });
  });

  it('is the same remittance for a twin that had looked for its key before the quote was used', async () => {
    const store = await temporaryStore();
    const first = remittanceCore({ store, sweeping: false });
    const quoted = await first.quoted();
    const same = { idempotencyKey: 'key', externalId: 'order' };
    let sent: Promise<unknown> | undefined;
    const late: Store = {
      ...store,
      async get<T>(key: string) {
        const found = await store.get<T>(key);
        sent ??= first.send(quoted, same);
        await sent;
        return found;
      },
    };
    const second = remittanceCore({ store: late, provider: first.provider, sweeping: false });
    expect(await second.send(quoted, same)).toEqual(await sent);
    expect(first.provider.executed).toHaveLength(1);
  });

  it('is refused where Sentbe has no settings, and nothing is stored', async () => {
    const store = await temporaryStore();
    const core = remittanceCore({ store });
    const quoted = await core.quoted();
    const without = remittanceCore({ store, seen: undefined });
    await expect(without.send(quoted, { idempotencyKey: 'key' })).rejects.toMatchObject({ code: 'PROVIDER_DISABLED' });
    expect(await core.send(quoted, { idempotencyKey: 'key' })).toMatchObject({ state: 'REQUESTED' });
  });
});
