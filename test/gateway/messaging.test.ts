import { describe, expect, it } from 'vitest';
import {
  MessageByIdDocument,
  MessageChangesDocument,
  type MessageChangesSubscription,
  MessagesDocument,
  NgsReportListDocument,
  NgsReportsDocument,
  type NgsReportsSubscription,
  NodeByIdDocument,
  PreviewMessageDocument,
  ProviderChangesDocument,
  ProvidersDocument,
  SendSmsDocument,
  type SendSmsInput,
} from '../generated/operations.ts';
import { type Gateway, type SimulatorSettings, startGateway, startSimulators } from '../support/gateway.ts';
import { take, takeUntil } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

type ReportEvent = NgsReportsSubscription['ngsReport'];
type ChangeEvent = MessageChangesSubscription['messageChanged'];

const hello = (part: Partial<SendSmsInput> & { idempotencyKey: string }): SendSmsInput => ({
  to: '010-1234-5678',
  text: '[관문] 안녕하세요.',
  ...part,
});

async function setUp(settings: SimulatorSettings = {}) {
  const simulators = await startSimulators(settings);
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env });
  return { gateway, ...simulators };
}

async function send(gateway: Gateway, input: SendSmsInput) {
  return (await gateway.query(SendSmsDocument, { input })).sendSms;
}

describe('a text over both providers', () => {
  it('is SUBMITTED at once, reported over WebSocket and SSE, and DELIVERED', async () => {
    // Late enough that the answer is there before the result.
    const { gateway, ngs, sens } = await setUp({ reportDelayMs: 500, deliverAfterMs: 500 });
    const overWebSocket = gateway.subscribe(NgsReportsDocument);
    const overSse = gateway.events(NgsReportsDocument);
    const changes = gateway.subscribe(MessageChangesDocument);
    const caughtUp = [await take(overWebSocket, 1), await take(overSse, 1), await take(changes, 1)];
    expect(caughtUp.flat().map((event) => Object.values(event)[0])).toMatchObject(
      Array.from({ length: 3 }, () => ({ __typename: 'StreamCaughtUp', replayed: 0 })),
    );

    const byNgs = await send(gateway, hello({ idempotencyKey: 'ngs', providers: ['NGS'], clientRef: 'order-1' }));
    const bySens = await send(gateway, hello({ idempotencyKey: 'sens', providers: ['SENS'] }));
    expect(byNgs).toMatchObject({
      __typename: 'Message',
      state: 'SUBMITTED',
      provider: 'NGS',
      to: '+821012345678',
      from: '15880000',
    });
    expect(bySens).toMatchObject({ __typename: 'Message', state: 'SUBMITTED', provider: 'SENS' });
    if (byNgs.__typename !== 'Message' || bySens.__typename !== 'Message') throw new Error('Not messages.');

    const [{ ngsReport: fromSocket }] = (await take(overWebSocket, 1)) as [NgsReportsSubscription];
    const [{ ngsReport: fromSse }] = (await take(overSse, 1)) as [NgsReportsSubscription];
    expect(fromSocket).toMatchObject({
      __typename: 'NgsReport',
      delivered: true,
      rawResult: '0',
      sent: { id: byNgs.id, clientRef: 'order-1' },
    });
    expect(fromSse).toEqual(fromSocket);

    const delivered = new Set<string>();
    const states: ChangeEvent[] = [];
    while (delivered.size < 2) {
      const [{ messageChanged }] = (await take(changes, 1)) as [MessageChangesSubscription];
      states.push(messageChanged);
      if (messageChanged.__typename === 'MessageChanged' && messageChanged.state === 'DELIVERED')
        delivered.add(messageChanged.changed.id);
    }
    expect(delivered).toEqual(new Set([byNgs.id, bySens.id]));
    const statesOf = (id: string) =>
      states.flatMap((event) =>
        event.__typename === 'MessageChanged' && event.changed.id === id ? [event.state] : [],
      );
    expect(statesOf(byNgs.id)).toEqual(['QUEUED', 'SUBMITTING', 'SUBMITTED', 'DELIVERED']);
    expect(statesOf(bySens.id)).toEqual(['QUEUED', 'SUBMITTING', 'SUBMITTED', 'DELIVERED']);

    expect(ngs.ledger.entries({ event: 'DELIVER' })).toMatchObject([
      {
        outcome: 'TAKEN',
        reference: byNgs.attempts[0]?.reference,
        fields: { text: '[관문] 안녕하세요.', to: '01012345678', from: '15880000' },
      },
    ]);
    expect(
      sens.ledger.entries().filter(({ outcome, event }) => outcome === 'TAKEN' && event === 'POST messages'),
    ).toHaveLength(1);

    const { message } = await gateway.query(MessageByIdDocument, { id: byNgs.id });
    expect(message).toMatchObject({
      state: 'DELIVERED',
      attempts: [{ outcome: 'ACCEPTED', settledBy: 'REPORT' }],
      reports: [{ delivered: true }],
    });
    const { messages } = await gateway.query(MessagesDocument, { last: 10 });
    expect(messages.edges.map(({ node }) => node.id)).toEqual([byNgs.id, bySens.id]);
  });

  it('resumes from the cursor of a listing, for messages and for reports', async () => {
    const { gateway } = await setUp();
    const live = gateway.subscribe(NgsReportsDocument);
    await take(live, 1);
    for (const key of ['a', 'b', 'c']) await send(gateway, hello({ idempotencyKey: key, providers: ['NGS'] }));
    await take(live, 3);

    const { messages } = await gateway.query(MessagesDocument, { first: 10, last: null });
    const changes = gateway.subscribe(MessageChangesDocument, { after: messages.edges[2]?.cursor ?? '' });
    const toSubmitted = await takeUntil(
      changes,
      ({ messageChanged: event }) => event.__typename === 'MessageChanged' && event.state === 'DELIVERED',
    );
    // Behind the QUEUED event of the third comes nothing of it but what followed.
    expect(
      toSubmitted.flatMap(({ messageChanged: event }) =>
        event.__typename === 'MessageChanged' && event.changed.id === messages.edges[2]?.node.id ? [event.state] : [],
      ),
    ).not.toContain('QUEUED');

    const { ngsReports } = await gateway.query(NgsReportListDocument, { first: 1 });
    const resumed = gateway.subscribe(NgsReportsDocument, { after: ngsReports.pageInfo.endCursor ?? '' });
    const replay = await takeUntil(resumed, ({ ngsReport: event }) => event.__typename === 'StreamCaughtUp');
    expect(replay.map(({ ngsReport: event }) => event.__typename)).toEqual([
      'NgsReport',
      'NgsReport',
      'StreamCaughtUp',
    ]);
  });

  it('makes one DELIVER and one Message of 50 parallel calls with one key, and names what differs in another', async () => {
    const { gateway, ngs } = await setUp();
    const input = hello({ idempotencyKey: 'once', providers: ['NGS'] });
    const sent = await Promise.all(Array.from({ length: 50 }, () => send(gateway, input)));
    expect(new Set(sent.map((result) => result.__typename === 'Message' && result.id)).size).toBe(1);
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toHaveLength(1);
    expect(await send(gateway, { ...input, text: '다른 내용' })).toMatchObject({
      __typename: 'IdempotencyConflict',
      code: 'IDEMPOTENCY_CONFLICT',
      differingPaths: ['text'],
    });
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toHaveLength(1);
  });

  const refusals: [string, Partial<SendSmsInput>, object][] = [
    [
      'a number that is no Korean mobile',
      { to: '02-123-4567' },
      { __typename: 'InvalidInput', fields: [{ path: ['input', 'to'], rule: 'NOT_A_KOREAN_MOBILE' }] },
    ],
    [
      'an emoji',
      { text: '반가워요 😀' },
      {
        __typename: 'ContentRejected',
        preview: {
          problems: [{ path: ['input', 'text'], rule: 'UNENCODABLE' }],
          unencodable: [{ index: 5, codePoint: 'U+1F600' }],
        },
      },
    ],
    [
      'an empty text',
      { text: '' },
      { __typename: 'InvalidInput', fields: [{ path: ['input', 'text'], rule: 'EMPTY' }] },
    ],
    [
      'an unregistered caller number',
      { from: '1599-9999' },
      { __typename: 'InvalidInput', fields: [{ path: ['input', 'from'], rule: 'UNREGISTERED' }] },
    ],
    [
      '91 bytes with allowLms false',
      { text: 'a'.repeat(91), allowLms: false },
      {
        __typename: 'ContentRejected',
        preview: { bytes: 91, limit: 90, problems: [{ path: ['input', 'text'], rule: 'TOO_LONG' }] },
      },
    ],
  ];
  it.each(refusals)(
    'refuses %s with a typed error that names the field, stores nothing and sends nothing',
    async (_title, part, expected) => {
      const { gateway, ngs, sens } = await setUp();
      expect(await send(gateway, hello({ idempotencyKey: 'refused', ...part }))).toMatchObject(expected);
      const { messages } = await gateway.query(MessagesDocument, {});
      expect(messages.edges).toEqual([]);
      expect(ngs.ledger.entries({ event: 'DELIVER' })).toEqual([]);
      expect(sens.ledger.entries({ event: 'POST messages' })).toEqual([]);
    },
  );
});

describe('what a provider does to a text', () => {
  it('UNCONFIRMED: SENS took it and the answer was lost; it is not sent again', async () => {
    const { gateway, sens } = await setUp();
    sens.arm({ provider: 'SENS', kind: 'drop', on: 'ack' });
    const message = await send(gateway, hello({ idempotencyKey: 'lost', providers: ['SENS', 'NGS'] }));
    expect(message).toMatchObject({ state: 'UNCONFIRMED', attempts: [{ provider: 'SENS', outcome: 'UNKNOWN' }] });
    expect(sens.ledger.entries({ event: 'POST messages' }).filter(({ outcome }) => outcome === 'TAKEN')).toHaveLength(
      1,
    );
  });

  it('FAILED: SENS refused it for good, and its own words are kept', async () => {
    const { gateway, sens } = await setUp();
    sens.arm({ provider: 'SENS', kind: 'reject', on: 'send', status: 403, code: '210' });
    const message = await send(gateway, hello({ idempotencyKey: 'refused', providers: ['SENS'] }));
    expect(message).toMatchObject({
      state: 'FAILED',
      attempts: [{ outcome: 'NOT_ACCEPTED', fault: { provider: 'SENS', httpStatus: 403 } }],
    });
  });

  it('FAILED: the REPORT says that the number has no subscriber', async () => {
    const { gateway } = await setUp();
    const changes = gateway.subscribe(MessageChangesDocument);
    await take(changes, 1);
    await send(gateway, hello({ idempotencyKey: 'gone', to: '01099990001', providers: ['NGS'] }));
    const events = await takeUntil(
      changes,
      ({ messageChanged: event }) => event.__typename === 'MessageChanged' && event.state === 'FAILED',
    );
    expect(events).not.toEqual([]);
    const { messages } = await gateway.query(MessagesDocument, { filter: { states: ['FAILED'] } });
    expect(messages.edges).toHaveLength(1);
    expect(messages.edges[0]?.node.reports).toMatchObject([{ delivered: false }]);
  });

  it('the next provider takes over only where NGS certainly did not take it', async () => {
    const { gateway, ngs, sens } = await setUp();
    ngs.arm({ provider: 'NGS', kind: 'reject', on: 'send', code: '77' });
    const message = await send(gateway, hello({ idempotencyKey: 'over', providers: ['NGS', 'SENS'] }));
    expect(message).toMatchObject({
      state: 'SUBMITTED',
      attempts: [
        { provider: 'NGS', outcome: 'NOT_ACCEPTED', fault: { code: '77' } },
        { provider: 'SENS', outcome: 'ACCEPTED' },
      ],
    });
    expect(sens.ledger.entries({ event: 'POST messages' })).toHaveLength(1);
  });
});

describe('reading', () => {
  it('loads the reports of a page of messages, and their messages, without asking for one after the other', async () => {
    const { gateway } = await setUp();
    const reports = gateway.subscribe(NgsReportsDocument);
    await take(reports, 1);
    for (let at = 0; at < 10; at += 1)
      await send(gateway, hello({ idempotencyKey: `m${at}`, providers: ['NGS'], wait: 'QUEUED' }));
    await take(reports, 10);
    const { messages } = await gateway.query(MessagesDocument, { last: 10 });
    expect(messages.edges.every(({ node }) => node.reports.length === 1)).toBe(true);
  });

  it('answers null for an id that is garbage, foreign or unknown', async () => {
    const { gateway } = await setUp();
    for (const id of [
      'garbage',
      '',
      '%%%',
      Buffer.from('Message:unknown').toString('base64url'),
      Buffer.from('Query:x').toString('base64'),
    ]) {
      expect((await gateway.query(NodeByIdDocument, { id })).node).toBeNull();
      expect((await gateway.query(MessageByIdDocument, { id })).message).toBeNull();
    }
  });

  it('finds a message and a report by their ids through node', async () => {
    const { gateway } = await setUp();
    const reports = gateway.subscribe(NgsReportsDocument);
    await take(reports, 1);
    const message = await send(gateway, hello({ idempotencyKey: 'n', providers: ['NGS'] }));
    const [{ ngsReport }] = (await take(reports, 1)) as [{ ngsReport: ReportEvent }];
    if (message.__typename !== 'Message' || ngsReport.__typename !== 'NgsReport') throw new Error('Not what was sent.');
    expect((await gateway.query(NodeByIdDocument, { id: message.id })).node).toMatchObject({
      __typename: 'Message',
      id: message.id,
    });
    expect((await gateway.query(NodeByIdDocument, { id: ngsReport.id })).node).toMatchObject({
      __typename: 'NgsReport',
      delivered: true,
    });
  });

  it('previews what a text becomes, and sends nothing', async () => {
    const { gateway, ngs } = await setUp();
    const { previewMessage } = await gateway.query(PreviewMessageDocument, { text: '값 ₩1,000' });
    expect(previewMessage).toMatchObject({
      kind: 'SMS',
      bytes: 10,
      limit: 90,
      unencodable: [{ index: 2, character: '₩', codePoint: 'U+20A9', suggestion: '￦' }],
    });
    expect((await gateway.query(PreviewMessageDocument, { text: '가a' })).previewMessage).toMatchObject({
      wire: Buffer.from([0xb0, 0xa1, 0x61]).toString('base64'),
      problems: [],
    });
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toEqual([]);
  });

  it('shows every provider account, and each change of one', async () => {
    const { gateway, ngs } = await setUp();
    const changes = gateway.subscribe(ProviderChangesDocument);
    await takeUntil(changes, ({ providerStatus }) => providerStatus.ngs?.state === 'BOUND');
    expect((await gateway.query(ProvidersDocument)).providers).toMatchObject([
      { provider: 'NGS', healthy: true, simulated: false, ngs: { state: 'BOUND', smsTps: 9999 } },
      { provider: 'SENS', configured: true, simulated: false },
      { provider: 'SECUREKEY', configured: true, simulated: false },
      { provider: 'NAVER_COMMERCE', configured: true, simulated: false },
      { provider: 'SENTBE', configured: true, simulated: false },
    ]);
    ngs.kick();
    await takeUntil(changes, ({ providerStatus }) => providerStatus.provider === 'NGS' && !providerStatus.healthy);
  });
});
