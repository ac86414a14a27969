import { describe, expect, it } from 'vitest';
import { type Log, type LogFields, silentLog } from '../../../src/core/log.ts';
import { standingClock, storeKinds } from '../../support/push-core.ts';
import { type RemittanceCore, remittanceCore } from '../../support/remittance-core.ts';
import { lostAnswer, notAccepted, scriptedRemittance } from '../../support/scripted-remittance.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const hourMs = 3_600_000;

/** What it took, and did not answer. */
function loseAnswers({ provider }: RemittanceCore): void {
  provider.script.transfer = async (_corridor, transfer) => {
    provider.execute(transfer);
    throw lostAnswer();
  };
}

async function lost(core: RemittanceCore, externalId = 'order') {
  loseAnswers(core);
  return core.send(await core.quoted(), { externalId });
}

describe.each(storeKinds)('an open remittance, on $name', ({ open, here }) => {
  it.runIf(here)('is read by one of two gateways at a time until nothing more can come', async () => {
    const stores = await open(2);
    const clock = standingClock();
    const provider = scriptedRemittance(clock.now);
    const [core] = stores.map((store) => remittanceCore({ store, provider, clock }));
    if (core === undefined) throw new Error('There are two.');
    const sent = await core.send(await core.quoted());
    const told = core.told(sent.id);
    const [transfer] = provider.executed;
    if (transfer === undefined) throw new Error('It was sent.');
    for (const [at, state] of (['PROCESSING', 'REFUNDED'] as const).entries()) {
      transfer.state = state;
      clock.passMs(2_000);
      await until(async () => (await core.load(sent.id)).state === state);
      expect(provider.callsOf('lookUpTransfer')).toHaveLength(at + 1);
    }
    expect(await told).toEqual(expect.arrayContaining(['REQUESTED', 'PROCESSING', 'REFUNDED', 'CAUGHT_UP']));
  });
});

describe('a remittance whose answer was lost', () => {
  it('stays UNCONFIRMED while it is not to be found, is given up after 72 hours, and was sent once', async () => {
    const warnings: [string, LogFields | undefined][] = [];
    const log: Log = { ...silentLog, warn: (event, fields) => void warnings.push([event, fields]) };
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock, log });
    core.provider.script.transfer = () => Promise.reject(lostAnswer());
    const { id, createdAt: sentAt } = await core.send(await core.quoted());
    clock.passMs(1_000);
    await until(() => core.provider.callsOf('findTransfers').length === 1);
    clock.passMs(72 * hourMs);
    await until(() => warnings.length > 0);
    expect(warnings).toEqual([
      ['remittance.given-up', expect.objectContaining({ state: 'UNCONFIRMED', tenant: 'shop', remittanceId: id })],
    ]);
    clock.passMs(72 * hourMs);
    expect(await core.load(id)).toMatchObject({ state: 'UNCONFIRMED', fault: { code: 'ECONNRESET' } });
    expect(core.provider.callsOf('transfer')).toHaveLength(1);
    expect(core.provider.callsOf('findTransfers')).toHaveLength(2);
    // A callback has it looked for once more, and what is found is of its time.
    const [call] = core.provider.callsOf('transfer');
    const given = call?.[1] as never;
    core.provider.executed.push({ id: 't8', given, sentAt: clock.now(), state: 'COMPLETE' });
    expect(await core.hear('shop:order-1')).toBe('APPLIED');
    expect(core.provider.callsOf('findTransfers')).toHaveLength(3);
    expect(await core.load(id)).toMatchObject({ state: 'UNCONFIRMED' });
    core.provider.executed.push({ id: 't9', given, sentAt, state: 'COMPLETE' });
    expect(await core.hear('shop:order-1')).toBe('APPLIED');
    expect(await core.load(id)).toMatchObject({ state: 'COMPLETE', transferId: 't9' });
  });

  it('is told from those of the same amount by the order of time, where each of them is there', async () => {
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock, sweeping: false });
    const quoted = await core.quoted();
    const answered = await core.send(quoted);
    loseAnswers(core);
    const ids: string[] = [];
    for (let count = 0; count < 50; count += 1) {
      clock.passMs(10);
      ids.push((await core.send(await core.requoted(quoted))).id);
    }
    clock.passMs(1_000);
    core.service.start();
    for (const id of ids) await until(async () => (await core.load(id)).state === 'REQUESTED');
    const found = await Promise.all(ids.map(async (id) => (await core.load(id)).transferId));
    expect([answered.transferId, ...found]).toEqual(core.provider.executed.map(({ id }) => id));
    expect(core.provider.callsOf('transfer')).toHaveLength(51);
  });

  it('waits where one more is there than were lost: it may be any of them', async () => {
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock });
    const one = await lost(core);
    const [ours] = core.provider.executed;
    if (ours === undefined) throw new Error('It was sent.');
    // By another system of the same partner.
    core.provider.executed.push({ ...ours, id: 'theirs' });
    clock.passMs(1_000);
    await until(() => core.provider.callsOf('findTransfers').length === 1);
    await until(async () => ((await core.load(one.id)).lookAt ?? 0) > clock.now());
    expect((await core.load(one.id)).transferId).toBeUndefined();
  });

  it('is never taken for another of the same amount: where one of two is there, neither is told', async () => {
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock });
    const quoted = await core.quoted();
    const finds = () => core.provider.callsOf('findTransfers').length;
    // Only the first of them reached the provider.
    loseAnswers(core);
    const one = await core.send(quoted);
    core.provider.script.transfer = () => Promise.reject(lostAnswer());
    const two = await core.send(await core.requoted(quoted));
    for (const _look of [1, 2]) {
      const before = finds();
      clock.passMs(2_000);
      await until(() => finds() > before);
      for (const { id } of [one, two]) {
        await until(async () => ((await core.load(id)).lookAt ?? 0) > clock.now());
        expect((await core.load(id)).transferId).toBeUndefined();
      }
    }
  });

  it('is found beside one of the same amount whose answer came', async () => {
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock });
    const quoted = await core.quoted();
    const one = await lost(core);
    delete core.provider.script.transfer;
    const two = await core.send(quoted);
    clock.passMs(1_000);
    await until(async () => (await core.load(one.id)).state === 'REQUESTED');
    expect([(await core.load(one.id)).transferId, two.transferId]).toEqual(core.provider.executed.map(({ id }) => id));
  });

  it('waits for the answer of one of the same amount that is on its way', async () => {
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock });
    const quoted = await core.quoted();
    // Of this one the provider never heard.
    core.provider.script.transfer = () => Promise.reject(lostAnswer());
    const one = await core.send(quoted);
    let answer: () => void = () => {};
    core.provider.script.transfer = async (_corridor, transfer) => {
      const answered = core.provider.execute(transfer);
      await new Promise<void>((resolve) => {
        answer = resolve;
      });
      return answered;
    };
    const sending = core.send(await core.requoted(quoted));
    await until(() => core.provider.executed.length === 1);
    for (const _look of [1, 2]) {
      clock.passMs(2_000);
      await until(async () => ((await core.load(one.id)).lookAt ?? 0) > clock.now());
    }
    answer();
    expect(await sending).toMatchObject({ state: 'REQUESTED', transferId: core.provider.executed[0]?.id });
    expect((await core.load(one.id)).state).toBe('UNCONFIRMED');
  });

  it('does not take a transfer that another has, though the provider says it', async () => {
    const clock = standingClock();
    const core = remittanceCore({ store: await temporaryStore(), clock });
    const first = await core.send(await core.quoted());
    core.provider.script.findTransfers = async () => [
      { id: first.transferId ?? '', state: 'COMPLETE', status: 'Complete', createdAt: clock.now() },
    ];
    const second = await lost(core);
    clock.passMs(1_000);
    await until(() => core.provider.callsOf('findTransfers').length === 1);
    expect(await core.hear('shop:order')).toBe('APPLIED');
    expect(await core.load(second.id)).toMatchObject({ state: 'UNCONFIRMED' });
    expect((await core.load(second.id)).transferId).toBeUndefined();
  });

  it('by the death of the gateway that sent it is found by another, once the answer can come no more', async () => {
    const clock = standingClock();
    const store = await temporaryStore();
    const dead = remittanceCore({ store, clock, sweeping: false });
    const { provider } = dead;
    const quoted = await dead.quoted();
    provider.script.transfer = (_corridor, transfer) => {
      provider.execute(transfer);
      return new Promise(() => {});
    };
    void dead.send(quoted, { idempotencyKey: 'key', externalId: 'order' });
    await until(() => provider.executed.length === 1);
    const alive = remittanceCore({ store, provider, clock });
    const { id } = await alive.send(quoted, { idempotencyKey: 'key', externalId: 'order' });
    clock.passMs(provider.callTimeoutMs + 4_999);
    await alive.hear('shop:order');
    expect(await alive.load(id)).toMatchObject({ state: 'UNCONFIRMED' });
    clock.passMs(1);
    await until(async () => (await alive.load(id)).state === 'REQUESTED');
    expect(provider.executed).toHaveLength(1);
  });

  it('is looked for again after the provider was away', async () => {
    const warnings: string[] = [];
    const clock = standingClock();
    const log: Log = { ...silentLog, warn: (event) => void warnings.push(event) };
    const core = remittanceCore({ store: await temporaryStore(), clock, log });
    const { id } = await lost(core);
    core.provider.script.findTransfers = () => Promise.reject(notAccepted());
    for (const count of [1, 2, 3]) {
      clock.passMs(2_000);
      await until(() => core.provider.callsOf('findTransfers').length === count);
    }
    delete core.provider.script.findTransfers;
    clock.passMs(2_000);
    await until(async () => (await core.load(id)).state === 'REQUESTED');
    expect(warnings).toEqual(['remittance.look-failed']);
  });
});
