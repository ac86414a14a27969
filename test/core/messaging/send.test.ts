import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { ContentRejected, IdempotencyConflict, InvalidInput, ProviderUnavailable } from '../../../src/core/errors.ts';
import type { SendSmsInput } from '../../../src/core/messaging/compose.ts';
import type { Message } from '../../../src/core/messaging/message.ts';
import { messageIndex } from '../../../src/core/messaging/message-index.ts';
import type { SubmitResult } from '../../../src/core/provider.ts';
import type { Lease, Store } from '../../../src/core/store.ts';
import { jpeg } from '../../support/images.ts';
import { reportOf } from '../../support/messages.ts';
import { messagingCore, tenant } from '../../support/messaging-core.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const accept = async (reference = 'R'): Promise<SubmitResult> => ({ outcome: 'ACCEPTED', reference });
const fault = { provider: 'NGS', code: '88', at: 1 } as const;

describe('sending a text', () => {
  it('stores the intent, with its SERIAL, before the provider is asked', async () => {
    const store = await temporaryStore();
    let seen: unknown;
    const provider = scriptedProvider({
      async submit(_submission, attempt) {
        const key = await core.messages.keyOfReference('NGS', 'default', attempt.reference ?? '');
        seen = (await core.messages.load([key ?? '']))[0]?.message;
        return accept(attempt.reference);
      },
    });
    const core = await messagingCore({ store, providers: [provider] });
    const message = await core.send();
    expect(seen).toMatchObject({
      id: message.id,
      state: 'SUBMITTING',
      attempts: [{ reference: 'SERIAL1', outcome: 'UNKNOWN' }],
    });
    expect(message).toMatchObject({ state: 'SUBMITTED', attempts: [{ outcome: 'ACCEPTED', settledBy: 'ACK' }] });
  });

  it('answers with the message as it stands when the provider takes longer than the wait', async () => {
    let answer = (_result: SubmitResult): void => undefined;
    const provider = scriptedProvider({
      submit: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider], maxWaitMs: 20 });
    expect((await core.send()).state).toBe('SUBMITTING');
    answer({ outcome: 'ACCEPTED', reference: 'R' });
  });

  it('answers at once with wait: QUEUED, and sends all the same', async () => {
    const provider = scriptedProvider({ submit: () => accept() });
    provider.setVacancies(0);
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider] });
    const message = await core.send({ wait: 'QUEUED' });
    expect(message.state).toBe('QUEUED');
    provider.setVacancies(10);
    await until(async () => (await core.load(message.id))?.state === 'SUBMITTED');
  });

  it('submits no more at a time than the provider has room for', async () => {
    let inFlight = 0;
    let most = 0;
    const provider = scriptedProvider({
      async submit() {
        inFlight += 1;
        most = Math.max(most, inFlight);
        provider.setVacancies(4 - inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        provider.setVacancies(4 - inFlight);
        return accept();
      },
    });
    provider.setVacancies(4);
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider] });
    const sent = await Promise.all(Array.from({ length: 100 }, () => core.send()));
    expect(sent.every(({ state }) => state === 'SUBMITTED')).toBe(true);
    expect(provider.submissions).toHaveLength(100);
    expect(most).toBe(4);
  });

  it('makes one message of 50 parallel calls with one key', async () => {
    const provider = scriptedProvider({ submit: () => accept() });
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider] });
    const sent = await Promise.all(Array.from({ length: 50 }, () => core.send({ idempotencyKey: 'same' })));
    expect(new Set(sent.map(({ id }) => id)).size).toBe(1);
    expect(provider.submissions).toHaveLength(1);
  });

  it('takes numbers written differently, and texts composed differently, for the same input', async () => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: () => accept() })],
    });
    const first = await core.send({ idempotencyKey: 'same', to: '010-1234-5678', text: '가\r\n나', from: '1588-0000' });
    const second = await core.send({
      idempotencyKey: 'same',
      to: '+821012345678',
      text: '가\n나'.normalize('NFD'),
      from: '15880000',
      wait: 'QUEUED',
    });
    expect(second.id).toBe(first.id);
  });

  it.each<[string, Partial<SendSmsInput>]>([
    ['text', { text: 'another' }],
    ['to', { to: '01099998888' }],
    ['clientRef', { clientRef: 'x' }],
    ['providers', { providers: ['NGS'] }],
  ])('names %s where the key was used with another one', async (path, other) => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: () => accept() })],
    });
    await core.send({ idempotencyKey: 'same' });
    const failure = await core.send({ idempotencyKey: 'same', ...other }).catch((error) => error);
    expect(failure).toBeInstanceOf(IdempotencyConflict);
    expect(failure.differingPaths).toEqual([path]);
  });

  it.each<[string, Partial<SendSmsInput>, string, string[]]>([
    ['a landline', { to: '0212345678' }, 'NOT_A_KOREAN_MOBILE', ['input', 'to']],
    ['a number abroad', { to: '+14155550100' }, 'NOT_A_KOREAN_MOBILE', ['input', 'to']],
    ['an empty text', { text: '' }, 'EMPTY', ['input', 'text']],
    ['a blank text', { text: ' \n ' }, 'EMPTY', ['input', 'text']],
    ['an unregistered caller number', { from: '15990000' }, 'UNREGISTERED', ['input', 'from']],
    ['half a character in its key', { idempotencyKey: 'a\ud800' }, 'FORM', ['input', 'idempotencyKey']],
    ['half a character in its clientRef', { clientRef: 'a\ud800' }, 'FORM', ['input', 'clientRef']],
    ['an empty key', { idempotencyKey: '' }, 'LENGTH', ['input', 'idempotencyKey']],
    ['no provider', { providers: [] }, 'EMPTY', ['input', 'providers']],
    ['a provider twice', { providers: ['NGS', 'NGS'] }, 'DUPLICATE', ['input', 'providers']],
    ['a long clientRef', { clientRef: 'x'.repeat(201) }, 'LENGTH', ['input', 'clientRef']],
  ])('refuses %s, and stores and sends nothing', async (_title, input, rule, path) => {
    const store = await temporaryStore();
    const provider = scriptedProvider({ submit: () => accept() });
    const core = await messagingCore({ store, providers: [provider] });
    const failure = await core.send(input).catch((error) => error);
    expect(failure).toBeInstanceOf(InvalidInput);
    expect(failure.fields).toMatchObject([{ path, rule }]);
    expect(await store.range(messageIndex.all(tenant.id), { limit: 1 })).toEqual([]);
    expect(provider.submissions).toEqual([]);
    if (input.idempotencyKey === undefined) {
      // The key was not used up: the mended call goes through.
      expect((await core.send({ idempotencyKey: 'key-1' })).state).toBe('SUBMITTED');
    }
  });

  it('names everything wrong with an input at once', async () => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: () => accept() })],
    });
    const failure = await core.send({ to: 'x', from: 'y', text: '' }).catch((error) => error);
    expect(failure.fields.map(({ path }: { path: string[] }) => path[1])).toEqual(['to', 'from', 'text']);
  });

  it.each<[string, string, string]>([
    ['an emoji', '안녕 😀', 'UNENCODABLE'],
    ['91 bytes', `${'가'.repeat(45)}a`, 'TOO_LONG'],
  ])('refuses %s with a preview that says why, and stores and sends nothing', async (_title, text, rule) => {
    const store = await temporaryStore();
    const provider = scriptedProvider({ submit: () => accept() });
    const core = await messagingCore({ store, providers: [provider] });
    const failure = await core.send({ text, allowLms: false }).catch((error) => error);
    expect(failure).toBeInstanceOf(ContentRejected);
    expect(failure.preview.problems).toMatchObject([{ path: ['input', 'text'], rule }]);
    expect(await store.range(messageIndex.all(tenant.id), { limit: 1 })).toEqual([]);
    expect(provider.submissions).toEqual([]);
  });

  it('carries 90 bytes', async () => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: () => accept() })],
    });
    expect((await core.send({ text: '가'.repeat(45), allowLms: false })).state).toBe('SUBMITTED');
  });

  it('says that a provider without settings is disabled, and stores nothing', async () => {
    const store = await temporaryStore();
    const core = await messagingCore({ store, providers: [scriptedProvider({ submit: () => accept() })] });
    const failure = await core.send({ providers: ['SENS'] }).catch((error) => error);
    expect(failure).toBeInstanceOf(ProviderUnavailable);
    expect(failure).toMatchObject({ code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED' });
    expect(await store.range(messageIndex.all(tenant.id), { limit: 1 })).toEqual([]);
  });
});

describe('what becomes of a text', () => {
  it('is UNCONFIRMED after a lost answer, is not sent again, and is settled by a late report', async () => {
    const provider = scriptedProvider({ submit: async () => ({ outcome: 'UNKNOWN', fault }) });
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider] });
    const message = await core.send();
    expect(message).toMatchObject({ state: 'UNCONFIRMED', attempts: [{ outcome: 'UNKNOWN', fault: { code: '88' } }] });
    await provider.inbox().receive(reportOf('SERIAL1'));
    expect(await core.load(message.id)).toMatchObject({ state: 'DELIVERED', attempts: [{ settledBy: 'REPORT' }] });
    expect(provider.submissions).toHaveLength(1);
  });

  it('is sent again, under a new SERIAL, after a refusal that asks for it', async () => {
    const provider = scriptedProvider({
      submit: async (_submission, _attempt, nth) =>
        nth === 1 ? { outcome: 'NOT_ACCEPTED', fault, retriable: true } : accept(),
    });
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider] });
    const message = await core.send();
    expect(message.state).toBe('SUBMITTED');
    expect(provider.submissions.map(({ attempt }) => attempt.reference)).toEqual(['SERIAL1', 'SERIAL2']);
  });

  it('goes to the next provider once the one before certainly did not take it', async () => {
    const ngs = scriptedProvider({ submit: async () => ({ outcome: 'NOT_ACCEPTED', fault, retriable: false }) });
    const sens = scriptedProvider({ provider: 'SENS', submit: () => accept('request-1') });
    const core = await messagingCore({ store: await temporaryStore(), providers: [ngs, sens] });
    const message = await core.send({ providers: ['NGS', 'SENS'] });
    expect(message.attempts.map(({ provider, outcome, reference }) => [provider, outcome, reference])).toEqual([
      ['NGS', 'NOT_ACCEPTED', 'SERIAL1'],
      ['SENS', 'ACCEPTED', 'request-1'],
    ]);
  });

  it('does not go to the next provider when the answer of the first was lost', async () => {
    const ngs = scriptedProvider({ submit: async () => ({ outcome: 'UNKNOWN', fault }) });
    const sens = scriptedProvider({ provider: 'SENS', submit: () => accept('request-1') });
    const core = await messagingCore({ store: await temporaryStore(), providers: [ngs, sens] });
    expect((await core.send({ providers: ['NGS', 'SENS'] })).state).toBe('UNCONFIRMED');
    expect(sens.submissions).toEqual([]);
  });

  it('is looked up until its result is known, where results must be asked for', async () => {
    const sens = scriptedProvider({
      provider: 'SENS',
      submit: () => accept('request-1'),
      lookUp: async () => (sens.lookUps.length < 3 ? { state: 'PENDING', taken: true } : { state: 'DELIVERED' }),
    });
    let skewMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + skewMs };
    const core = await messagingCore({ store: await temporaryStore(), providers: [sens], clock });
    const message = await core.send();
    while (sens.lookUps.length < 3) {
      skewMs += 60_000;
      const asked = sens.lookUps.length;
      await until(() => sens.lookUps.length > asked);
    }
    await until(async () => (await core.load(message.id))?.state === 'DELIVERED');
    expect(sens.lookUps.every(({ reference }) => reference === 'request-1')).toBe(true);
    expect((await core.load(message.id))?.attempts).toMatchObject([{ settledBy: 'LOOKUP' }]);
  });

  it('is UNCONFIRMED when its owner died between the intent and the answer', async () => {
    let skewMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + skewMs };
    const provider = scriptedProvider({ submit: () => accept() });
    provider.setVacancies(0);
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider], clock });
    const message = await core.send({ wait: 'QUEUED' });
    // What a process leaves behind that was killed after its intent was stored.
    await core.messages.record(core.messages.key(tenant.id, message.id), {
      type: 'STARTED',
      at: clock.now(),
      reference: 'DEAD',
    });
    skewMs = 60_000;
    await until(async () => (await core.load(message.id))?.state === 'UNCONFIRMED');
    await core.reports.receive(reportOf('DEAD'));
    expect((await core.load(message.id))?.state).toBe('DELIVERED');
    expect(provider.submissions).toEqual([]);
  });

  it('is EXPIRED at its deadline, and DELIVERED by a report that comes later still', async () => {
    let skewMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + skewMs };
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: (_s, { reference }) => accept(reference) })],
      clock,
    });
    const message = await core.send();
    skewMs = 25 * 3_600_000;
    await until(async () => (await core.load(message.id))?.state === 'EXPIRED');
    await core.reports.receive(reportOf('SERIAL1'));
    expect((await core.load(message.id))?.state).toBe('DELIVERED');
  });
});

describe('a report', () => {
  it('is stored once, however often it is repeated', async () => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: (_s, { reference }) => accept(reference) })],
    });
    const { id } = await core.send();
    await Promise.all(Array.from({ length: 20 }, () => core.reports.receive(reportOf('SERIAL1'))));
    const page = await core.reader.reportPage(tenant.id, {}, {});
    expect(page.edges).toHaveLength(1);
    expect(page.edges[0]?.node.report).toMatchObject({ serial: 'SERIAL1', gwSerial: 'GW1', messageId: id });
    const [own] = await core.reader.reportsOfMessages(tenant.id, [id]);
    expect(own).toHaveLength(1);
  });

  it('that contradicts an earlier one is kept beside it and changes nothing', async () => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: (_s, { reference }) => accept(reference) })],
    });
    const { id } = await core.send();
    await core.reports.receive(reportOf('SERIAL1', { delivered: false, rawResult: '44' }));
    await core.reports.receive(reportOf('SERIAL1', { gwSerial: 'GW2' }));
    expect(await core.load(id)).toMatchObject({ state: 'FAILED', attempts: [{ fault: { code: '44' } }] });
    expect((await core.reader.reportPage(tenant.id, {}, {})).edges).toHaveLength(2);
  });

  it('with a SERIAL that nobody knows is kept for the tenant that alone uses the account', async () => {
    const core = await messagingCore({ store: await temporaryStore(), providers: [] });
    await core.reports.receive(reportOf('FOREIGN'));
    const [edge] = (await core.reader.reportPage(tenant.id, {}, {})).edges;
    expect(edge?.node.report).toMatchObject({ serial: 'FOREIGN' });
    expect(edge?.node.report.messageId).toBeUndefined();
  });

  it('with a SERIAL that nobody knows is shown to no tenant where several use the account', async () => {
    const core = await messagingCore({ store: await temporaryStore(), providers: [], soleTenantOf: () => undefined });
    await core.reports.receive(reportOf('FOREIGN'));
    expect((await core.reader.reportPage(tenant.id, {}, {})).edges).toEqual([]);
  });
});

describe('a batch', () => {
  const item = (at: number, part: Partial<SendSmsInput> = {}): SendSmsInput => ({
    idempotencyKey: `item-${at}`,
    to: `010${String(20_000_000 + at)}`,
    text: `${at}번 문자`,
    purpose: 'NORMAL',
    allowLms: true,
    wait: 'QUEUED',
    ...part,
  });

  it('of 1,000 with 10 bad ones stores 990 in one write, refuses 10 in their places, and sends each once', async () => {
    const store = await temporaryStore();
    let acceptWrites = 0;
    const counting: Store = {
      ...store,
      write(batch) {
        if (batch.put?.some(({ key }) => key.startsWith('idempotency/'))) acceptWrites += 1;
        return store.write(batch);
      },
    };
    const provider = scriptedProvider({ submit: (_s, { reference }) => accept(reference) });
    const core = await messagingCore({ store: counting, providers: [provider] });
    const inputs = Array.from({ length: 1_000 }, (_, at) => item(at, at % 100 === 7 ? { to: '0212345678' } : {}));
    const results = await core.sender.sendSmsBatch(tenant, inputs);
    expect(acceptWrites).toBe(1);
    expect(results).toHaveLength(1_000);
    results.forEach((result, at) => {
      if (at % 100 === 7) expect(result).toBeInstanceOf(InvalidInput);
      else expect(result).toMatchObject({ to: inputs[at]?.to, state: 'QUEUED' });
    });
    await until(() => provider.submissions.length === 990);
    expect(new Set(provider.submissions.map(({ submission }) => submission.to)).size).toBe(990);
  });

  it('takes twins within itself for one message, and names what differs where they are none', async () => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: () => accept() })],
    });
    const [first, twin, other, again] = await core.sender.sendSmsBatch(tenant, [
      item(1),
      item(1),
      item(1, { text: '다른 내용' }),
      item(2),
    ]);
    expect(twin).toMatchObject({ id: (first as Message).id });
    expect(other).toBeInstanceOf(IdempotencyConflict);
    expect(other).toMatchObject({ differingPaths: ['text'] });
    expect((again as Message).id).not.toBe((first as Message).id);
  });

  it('given twice makes no second message', async () => {
    const provider = scriptedProvider({ submit: () => accept() });
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider] });
    const inputs = Array.from({ length: 50 }, (_, at) => item(at));
    const [once, twice] = await Promise.all([
      core.sender.sendSmsBatch(tenant, inputs),
      core.sender.sendSmsBatch(tenant, inputs),
    ]);
    expect(twice.map((result) => (result as Message).id)).toEqual(once.map((result) => (result as Message).id));
    await until(() => provider.submissions.length === 50);
  });

  it.each([0, 1_001])('of %i is refused', async (length) => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: () => accept() })],
    });
    const batch = core.sender.sendSmsBatch(
      tenant,
      Array.from({ length }, (_, at) => item(at)),
    );
    await expect(batch).rejects.toBeInstanceOf(InvalidInput);
  });

  it('goes in few calls where a provider takes several recipients of one content', async () => {
    const calls: number[] = [];
    let twice = false;
    const sens = scriptedProvider({
      provider: 'SENS',
      submit: () => accept('alone'),
      groups: {
        maxSize: 100,
        keyOf: ({ text }) => text,
        async submit(submissions) {
          calls.push(submissions.length);
          twice ||= new Set(submissions.map(({ to }) => to)).size < submissions.length;
          return submissions.map(() => ({ outcome: 'ACCEPTED', reference: 'together' }));
        },
      },
    });
    sens.setVacancies(0);
    const core = await messagingCore({ store: await temporaryStore(), providers: [sens] });
    const inputs = Array.from({ length: 100 }, (_, at) => item(at, { text: '같은 내용' }));
    const results = await core.sender.sendSmsBatch(tenant, [
      ...inputs,
      item(500, { to: inputs[0]?.to ?? '', text: '같은 내용' }),
    ]);
    sens.setVacancies(10);
    const ids = results.map((result) => (result as Message).id);
    await until(async () =>
      (await core.reader.messages(tenant.id, ids)).every((message) => message?.state === 'SUBMITTED'),
    );
    // The second text to one recipient goes by itself: in one call the two results could not be told apart.
    expect(calls).toHaveLength(1);
    expect((calls[0] ?? 0) + sens.submissions.length).toBe(101);
    expect(twice).toBe(false);
  });
});

describe('a time to send at', () => {
  it('keeps the message with us until then', async () => {
    let skewMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + skewMs };
    const provider = scriptedProvider({ submit: () => accept() });
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider], clock });
    const message = await core.send({ sendAt: clock.now() + 3_600_000 });
    expect(message.state).toBe('QUEUED');
    expect(provider.submissions).toEqual([]);
    skewMs = 3_600_000;
    await until(async () => (await core.load(message.id))?.state === 'SUBMITTED');
  });

  it('is left to a provider that holds messages itself, and taken back there', async () => {
    const cancelled: string[] = [];
    const sens = scriptedProvider({
      provider: 'SENS',
      submit: () => accept('reserve-1'),
      reservations: {
        accepts: () => true,
        async cancel(reference) {
          cancelled.push(reference);
          return { state: 'CANCELLED' };
        },
      },
    });
    const core = await messagingCore({ store: await temporaryStore(), providers: [sens] });
    const sendAt = Date.now() + 3_600_000;
    const message = await core.send({ sendAt, providers: ['SENS'] });
    expect(message).toMatchObject({ state: 'SUBMITTED', reserveAt: sendAt });
    expect(sens.submissions[0]?.submission.reserveAt).toBe(sendAt);
    expect(await core.canceller.cancel(tenant.id, message.id)).toMatchObject({ state: 'CANCELLED' });
    expect(cancelled).toEqual(['reserve-1']);
  });

  it.each([
    [{ state: 'TOO_LATE', fault }, InvalidInput],
    [{ state: 'UNKNOWN', fault }, ProviderUnavailable],
  ] as const)('that the provider does not give up is answered as such: %j', async (result, failure) => {
    const sens = scriptedProvider({
      provider: 'SENS',
      submit: () => accept('reserve-1'),
      reservations: { accepts: () => true, cancel: async () => result },
    });
    const core = await messagingCore({ store: await temporaryStore(), providers: [sens] });
    const message = await core.send({ sendAt: Date.now() + 3_600_000 });
    await expect(core.canceller.cancel(tenant.id, message.id)).rejects.toBeInstanceOf(failure);
    expect((await core.load(message.id))?.state).toBe('SUBMITTED');
  });
});

describe('taking back', () => {
  it('what waits is CANCELLED and never sent; asked again it stays so', async () => {
    const provider = scriptedProvider({ submit: () => accept() });
    provider.setVacancies(0);
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider] });
    const message = await core.send({ wait: 'QUEUED' });
    expect((await core.canceller.cancel(tenant.id, message.id)).state).toBe('CANCELLED');
    expect((await core.canceller.cancel(tenant.id, message.id)).state).toBe('CANCELLED');
    provider.setVacancies(10);
    const later = await core.send();
    expect(later.state).toBe('SUBMITTED');
    expect(provider.submissions).toHaveLength(1);
  });

  it('what has left, and what does not exist, is refused by name', async () => {
    const core = await messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: () => accept() })],
    });
    const { id } = await core.send();
    const late = await core.canceller.cancel(tenant.id, id).catch((error) => error);
    expect(late.fields).toMatchObject([{ path: ['id'], rule: 'TOO_LATE' }]);
    const unknown = await core.canceller.cancel(tenant.id, 'unknown').catch((error) => error);
    expect(unknown.fields).toMatchObject([{ path: ['id'], rule: 'NOT_FOUND' }]);
  });
});

describe('advertising', () => {
  it('that was to be held by its provider and came too late for that does not go out at night', async () => {
    let now = Date.parse('2026-11-21T20:30:00+09:00');
    const clock = { ...systemClock, now: () => now };
    const sens = scriptedProvider({
      provider: 'SENS',
      submit: () => accept('reserve-1'),
      reservations: { accepts: () => true, cancel: async () => ({ state: 'CANCELLED' }) },
    });
    sens.setVacancies(0);
    const core = await messagingCore({ store: await temporaryStore(), providers: [sens], clock });
    const text = '(광고)관문 할인\n무료수신거부 080-123-4567';
    const sendAt = Date.parse('2026-11-21T20:59:00+09:00');
    const { id } = await core.send({ purpose: 'AD', text, sendAt, wait: 'QUEUED' });
    now = Date.parse('2026-11-21T21:30:00+09:00');
    sens.setVacancies(10);
    await until(async () => (await core.load(id))?.dueAt === Date.parse('2026-11-22T08:00:00+09:00'));
    expect(sens.submissions).toEqual([]);
  });

  it('that was still waiting when the night came waits until it is over', async () => {
    let now = Date.parse('2026-11-21T20:59:00+09:00');
    const clock = { ...systemClock, now: () => now };
    const provider = scriptedProvider({ submit: () => accept() });
    provider.setVacancies(0);
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider], clock });
    const text = '(광고)관문 할인\n무료수신거부 080-123-4567';
    const message = await core.send({ purpose: 'AD', text, wait: 'QUEUED' });
    now = Date.parse('2026-11-21T21:00:00+09:00');
    provider.setVacancies(10);
    const morning = Date.parse('2026-11-22T08:00:00+09:00');
    await until(async () => (await core.load(message.id))?.dueAt === morning);
    expect(provider.submissions).toEqual([]);
    now = morning;
    await until(async () => (await core.load(message.id))?.state === 'SUBMITTED');
  });
});

describe('images and Kakao', () => {
  it('reach the provider as they were handed in', async () => {
    const provider = scriptedProvider({ submit: () => accept() });
    const core = await messagingCore({ store: await temporaryStore(), providers: [provider] });
    const bytes = jpeg(20_000);
    const mms = await core.send({
      images: [{ fileName: 'sale.jpg', data: bytes.toString('base64') }],
      subject: '할인',
    });
    expect(mms).toMatchObject({ kind: 'MMS', state: 'SUBMITTED', imageCount: 1 });
    const [{ submission } = {}] = provider.submissions;
    expect(submission).toMatchObject({ kind: 'MMS', subject: '할인', images: [{ fileName: 'sale.jpg', type: 'JPG' }] });
    expect(bytes.equals(Buffer.from(submission?.images?.[0]?.bytes ?? []))).toBe(true);

    const buttons = '{"button_cnt":0}';
    expect(await core.sendKakao({ buttons, fallback: 'CONVERT' })).toMatchObject({
      kind: 'ALIMTALK',
      state: 'SUBMITTED',
    });
    expect(provider.submissions[1]?.submission).toMatchObject({
      kind: 'ALIMTALK',
      text: '주문이 접수되었습니다. 😀',
      kakao: { templateCode: 'temp_code_01', method: 'PUSH', encoding: 'UTF_8', buttons, fallback: 'CONVERT' },
    });
  });
});

describe('a provider that is away', () => {
  it('is passed over once a text has waited long enough, by the next one and by one send', async () => {
    let skewMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + skewMs };
    const ngs = scriptedProvider({ submit: () => accept() });
    const sens = scriptedProvider({ provider: 'SENS', submit: () => accept('request-1') });
    ngs.setVacancies(0);
    ngs.setHealthy(false);
    const core = await messagingCore({ store: await temporaryStore(), providers: [ngs, sens], clock });
    const [both, alone] = await Promise.all([
      core.send({ wait: 'QUEUED', providers: ['NGS', 'SENS'] }),
      core.send({ wait: 'QUEUED', providers: ['NGS'] }),
    ]);
    expect((await core.load(both.id))?.state).toBe('QUEUED');
    skewMs = 16_000;
    await until(async () => (await core.load(both.id))?.state === 'SUBMITTED');
    expect((await core.load(both.id))?.attempts).toMatchObject([
      { provider: 'NGS', outcome: 'NOT_ACCEPTED', settledBy: 'DEADLINE', fault: { code: 'AWAY' } },
      { provider: 'SENS', outcome: 'ACCEPTED' },
    ]);
    expect(sens.submissions).toHaveLength(1);
    expect(ngs.submissions).toEqual([]);
    // With nowhere else to go a text waits for its provider.
    expect((await core.load(alone.id))?.state).toBe('QUEUED');
    ngs.setHealthy(true);
    ngs.setVacancies(10);
    skewMs += 10_000;
    await until(async () => (await core.load(alone.id))?.state === 'SUBMITTED');
  });

  it('is not passed over while it is only busy', async () => {
    let skewMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + skewMs };
    const ngs = scriptedProvider({ submit: () => accept() });
    const sens = scriptedProvider({ provider: 'SENS', submit: () => accept('request-1') });
    ngs.setVacancies(0);
    const core = await messagingCore({ store: await temporaryStore(), providers: [ngs, sens], clock });
    const { id } = await core.send({ wait: 'QUEUED', providers: ['NGS', 'SENS'] });
    skewMs = 60_000;
    ngs.setVacancies(10);
    await until(async () => (await core.load(id))?.state === 'SUBMITTED');
    expect(sens.submissions).toEqual([]);
  });
});

describe('an account that one process at a time may run', () => {
  it('is not used without its lease, nor with one that has been succeeded', async () => {
    const stored = await temporaryStore();
    const provider = scriptedProvider({ submit: (_s, { reference }) => accept(reference) });
    const refused: string[] = [];
    let claimed = 0;
    const store: Store = {
      ...stored,
      async claimDue(index, claim) {
        const keys = await stored.claimDue(index, claim);
        if (claim.fence === undefined) return keys;
        if (keys.length === 0) refused.push(index);
        else claimed += 1;
        return keys;
      },
    };
    let lease: Lease | undefined;
    const core = await messagingCore({ store, providers: [provider], ownership: () => lease });
    const message = await core.send({ wait: 'QUEUED' });
    const outbox = messageIndex.outbox('NGS', 'default', 'SMS', tenant.id);

    const stale = await store.acquireLease('owner', 'first', 60_000);
    if (stale === undefined) throw new Error('No lease.');
    await store.releaseLease(stale, 'first');
    const newest = await store.acquireLease('owner', 'second', 60_000);
    expect(refused).toEqual([]);
    lease = stale;
    await until(() => refused.includes(outbox));
    expect(claimed).toBe(0);
    // It stands where it stood, and is hidden from nobody.
    expect(await store.sortOf(outbox, [core.messages.key(tenant.id, message.id)])).toEqual([message.dueAt]);
    expect((await core.load(message.id))?.state).toBe('QUEUED');
    expect(provider.submissions).toEqual([]);

    lease = newest;
    await until(async () => (await core.load(message.id))?.state === 'SUBMITTED');
    expect(provider.submissions).toHaveLength(1);
  });
});

describe('texts whose answers were lost together', () => {
  it('are each found by their own look-up, also where one reference stands for all of them', async () => {
    const sens = scriptedProvider({
      provider: 'SENS',
      submit: async () => ({ outcome: 'UNKNOWN', fault }),
      // Every recipient stands under the one request that was lost; what is known already is another's.
      lookUp: async (_submission, { reference }, isKnown) => {
        if (reference !== undefined) return { state: 'DELIVERED' };
        if (await isKnown?.('lost-request')) return { state: 'PENDING', taken: false };
        return { state: 'PENDING', taken: true, reference: 'lost-request' };
      },
    });
    let skewMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + skewMs };
    const core = await messagingCore({ store: await temporaryStore(), providers: [sens], clock });
    const different = [await core.send({ to: '01011112222' }), await core.send({ to: '01033334444' })];
    expect(different.map(({ state }) => state)).toEqual(['UNCONFIRMED', 'UNCONFIRMED']);
    skewMs += 60_000;
    for (const { id } of different) {
      await until(async () => {
        skewMs += 60_000;
        return (await core.load(id))?.state === 'DELIVERED';
      });
      expect((await core.load(id))?.attempts).toMatchObject([{ reference: 'lost-request', settledBy: 'LOOKUP' }]);
    }
  });

  it('to one recipient never claim one reference twice', async () => {
    const sens = scriptedProvider({
      provider: 'SENS',
      submit: async () => ({ outcome: 'UNKNOWN', fault }),
      lookUp: async (_submission, { reference }) =>
        reference === undefined ? { state: 'DELIVERED', reference: 'one-request' } : { state: 'PENDING', taken: true },
    });
    let skewMs = 0;
    const clock = { ...systemClock, now: () => Date.now() + skewMs };
    const core = await messagingCore({ store: await temporaryStore(), providers: [sens], clock });
    const twins = [await core.send(), await core.send()];
    skewMs += 60_000;
    await until(() => sens.lookUps.length >= 2);
    for (let round = 0; round < 5; round += 1) {
      skewMs += 600_000;
      const asked = sens.lookUps.length;
      await until(() => sens.lookUps.length > asked);
    }
    const states = await Promise.all(twins.map(async ({ id }) => (await core.load(id))?.state));
    expect(states.sort()).toEqual(['DELIVERED', 'UNCONFIRMED']);
  });

  it('sends nothing where its lease passed to another while it stored its intent, and leaves the text to that one', async () => {
    const stored = await temporaryStore();
    const provider = scriptedProvider({ submit: (_s, { reference }) => accept(reference) });
    const lease = await stored.acquireLease('owner', 'first', 60_000);
    let isHeld = true;
    let passes = 0;
    const store: Store = {
      ...stored,
      async write(batch) {
        if (batch.fence !== undefined) {
          passes += 1;
          isHeld = passes > 1;
        }
        return stored.write(batch);
      },
    };
    const core = await messagingCore({ store, providers: [provider], ownership: () => (isHeld ? lease : undefined) });
    const message = await core.send({ wait: 'QUEUED' });
    await until(async () => (await core.load(message.id))?.attempts.length === 1);
    await until(async () => (await core.load(message.id))?.state === 'QUEUED');
    expect((await core.load(message.id))?.attempts).toMatchObject([
      { outcome: 'NOT_ACCEPTED', fault: { code: 'NOT_OWNER' } },
    ]);
    expect(provider.submissions).toEqual([]);
    isHeld = true;
    await until(() => provider.submissions.length === 1);
  });
});
