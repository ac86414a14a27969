import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { Scope } from '../../src/core/tenant.ts';
import {
  MessageByIdDocument,
  MessageChangesDocument,
  MessagesDocument,
  NgsReportListDocument,
  NgsReportsDocument,
  NodeByIdDocument,
  ProvidersDocument,
  SendSmsDocument,
  type SendSmsInput,
} from '../generated/operations.ts';
import { type GatewayClient, startGateway, startSimulators } from '../support/gateway.ts';
import { openInitialised } from '../support/raw-socket.ts';
import { take, takeUntil } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const keys = {
  whole: 'one-whole-0123456789',
  readOnly: 'one-reads-0123456789',
  sendOnly: 'one-sends-0123456789',
  other: 'two-whole-0123456789',
  operator: 'two-operates-0123456789',
};
const both: Scope[] = ['messages:send', 'messages:read'];
const tenants = [
  {
    id: 'one',
    callerNumbers: ['15880000'],
    keys: [
      { id: 'whole', secretSha256: hashApiKey(keys.whole), scopes: both },
      { id: 'reads', secretSha256: hashApiKey(keys.readOnly), scopes: ['messages:read'] },
      { id: 'sends', secretSha256: hashApiKey(keys.sendOnly), scopes: ['messages:send'] },
    ],
  },
  {
    id: 'two',
    callerNumbers: ['0212345678'],
    keys: [
      { id: 'whole', secretSha256: hashApiKey(keys.other), scopes: both },
      { id: 'operates', secretSha256: hashApiKey(keys.operator), scopes: ['operator'] },
    ],
  },
];

async function setUp() {
  const simulators = await startSimulators();
  const folder = await temporaryFolder();
  const file = join(folder, 'tenants.json');
  await writeFile(file, JSON.stringify({ tenants }));
  const gateway = await startGateway({
    GWANMUN_DATA_DIR: join(folder, 'data'),
    GWANMUN_TENANTS_FILE: file,
    GWANMUN_API_KEY: '',
    SENDER_NUMBERS: '',
    ...simulators.env,
  });
  return {
    ...simulators,
    app: gateway.app,
    one: gateway.as(keys.whole),
    readOnly: gateway.as(keys.readOnly),
    sendOnly: gateway.as(keys.sendOnly),
    two: gateway.as(keys.other),
    operator: gateway.as(keys.operator),
  };
}

const input = (part: Partial<SendSmsInput> = {}): SendSmsInput => ({
  idempotencyKey: 'same',
  to: '01012345678',
  text: 'hello',
  providers: ['NGS'],
  ...part,
});

async function send(client: GatewayClient, part: Partial<SendSmsInput> = {}) {
  const { sendSms } = await client.query(SendSmsDocument, { input: input(part) });
  return sendSms;
}

async function sendMessage(client: GatewayClient, part: Partial<SendSmsInput> = {}) {
  const sent = await send(client, part);
  if (sent.__typename !== 'Message') throw new Error(JSON.stringify(sent));
  return sent;
}

describe('a key without messages:send', () => {
  it('hears Unauthorized as data from sendSms, and nothing is stored or sent', async () => {
    const { readOnly, ngs } = await setUp();
    expect(await send(readOnly)).toMatchObject({
      __typename: 'Unauthorized',
      code: 'UNAUTHORIZED',
      missingScopes: ['messages:send'],
    });
    expect((await readOnly.query(MessagesDocument, {})).messages.edges).toEqual([]);
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toEqual([]);
  });
});

describe('a key without messages:read', () => {
  it('hears an error with the code UNAUTHORIZED from every listing and look-up', async () => {
    const { sendOnly } = await setUp();
    const { id } = await sendMessage(sendOnly);
    for (const [document, variables] of [
      [MessagesDocument, {}],
      [NgsReportListDocument, {}],
      [MessageByIdDocument, { id }],
    ] as const) {
      const response = await sendOnly.post({ query: print(document), variables }, { 'x-api-key': keys.sendOnly });
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'UNAUTHORIZED', missingScopes: ['messages:read'] } }],
      });
    }
  });

  it('finds nothing by node, so that an id says nothing', async () => {
    const { one, sendOnly } = await setUp();
    const { id } = await sendMessage(sendOnly);
    expect((await sendOnly.query(NodeByIdDocument, { id })).node).toBeNull();
    expect((await one.query(NodeByIdDocument, { id })).node).toMatchObject({ id });
  });

  it('opens no source with a subscription, and another operation of its socket goes on', async () => {
    const { app, sendOnly } = await setUp();
    const socket = await openInitialised(sendOnly.url, keys.sendOnly);
    socket.send({
      type: 'subscribe',
      id: 'status',
      payload: { query: 'subscription { providerStatus { provider } }' },
    });
    await socket.next(({ type }) => type === 'next');
    for (const [id, document] of Object.entries({ reports: NgsReportsDocument, changes: MessageChangesDocument })) {
      socket.send({ type: 'subscribe', id, payload: { query: print(document) } });
      const answer = await socket.next((message) => message.id === id);
      expect(JSON.stringify(answer)).toContain('"code":"UNAUTHORIZED"');
    }
    expect(app.liveStreams()).toBe(1);
    socket.send({ type: 'subscribe', id: 'after', payload: { query: print(ProvidersDocument) } });
    expect(await socket.next((message) => message.id === 'after')).toMatchObject({ type: 'next' });

    const overSse = await sendOnly.post(
      { query: print(NgsReportsDocument) },
      { 'x-api-key': keys.sendOnly, accept: 'text/event-stream' },
    );
    expect(await overSse.text()).toContain('"code":"UNAUTHORIZED"');
    expect(app.liveStreams()).toBe(1);
    socket.socket.close();
    await until(() => app.liveStreams() === 0);
  });
});

describe('two tenants', () => {
  it('each make a message of their own with the same idempotencyKey, and each sees but its own', async () => {
    const { one, two, ngs } = await setUp();
    const streams = [one, two].map((client) => ({
      reports: client.subscribe(NgsReportsDocument),
      changes: client.subscribe(MessageChangesDocument),
    }));
    for (const { reports, changes } of streams) await Promise.all([take(reports, 1), take(changes, 1)]);

    const ofOne = await sendMessage(one, { clientRef: 'one' });
    const ofTwo = await sendMessage(two, { clientRef: 'two' });
    expect(ofTwo.id).not.toBe(ofOne.id);
    expect([ofOne.from, ofTwo.from]).toEqual(['15880000', '0212345678']);
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toHaveLength(2);

    for (const [at, mine] of [ofOne, ofTwo].entries()) {
      const { reports, changes } = streams[at] ?? expect.unreachable();
      const [report] = await take(reports, 1);
      expect(report).toMatchObject({ ngsReport: { __typename: 'NgsReport', sent: { id: mine.id } } });
      const seen = await takeUntil(
        changes,
        ({ messageChanged: event }) => event.__typename === 'MessageChanged' && event.state === 'DELIVERED',
      );
      for (const { messageChanged } of seen) expect(messageChanged).toMatchObject({ changed: { id: mine.id } });
    }

    for (const [client, mine, foreign] of [
      [one, ofOne, ofTwo],
      [two, ofTwo, ofOne],
    ] as const) {
      const { messages } = await client.query(MessagesDocument, {});
      expect(messages.edges.map(({ node }) => node.id)).toEqual([mine.id]);
      const { ngsReports } = await client.query(NgsReportListDocument, {});
      expect(ngsReports.edges.map(({ node }) => node.sent?.id)).toEqual([mine.id]);
      expect((await client.query(MessageByIdDocument, { id: foreign.id })).message).toBeNull();
      expect((await client.query(NodeByIdDocument, { id: foreign.id })).node).toBeNull();
      expect((await client.query(NodeByIdDocument, { id: mine.id })).node).toMatchObject({ id: mine.id });
    }
    const [reportOfOne] = (await one.query(NgsReportListDocument, {})).ngsReports.edges;
    expect((await two.query(NodeByIdDocument, { id: reportOfOne?.node.id ?? '' })).node).toBeNull();
  });

  it('cannot use a cursor of the other, in a listing or a stream', async () => {
    const { one, two } = await setUp();
    await sendMessage(one);
    await sendMessage(two);
    const [foreign] = (await one.query(MessagesDocument, {})).messages.edges;
    const after = foreign?.cursor ?? '';
    const changes = two.subscribe(MessageChangesDocument, { after });
    expect(await take(changes, 1)).toMatchObject([
      { messageChanged: { __typename: 'StreamEnded', reason: 'INVALID_CURSOR' } },
    ]);
    const listing = await two.post(
      { query: print(MessagesDocument), variables: { first: 1, after, last: null } },
      { 'x-api-key': keys.other },
    );
    expect(await listing.json()).toMatchObject({
      errors: [{ extensions: { code: 'INVALID_INPUT', fields: [{ path: ['after'] }] } }],
    });
  });

  it('cannot follow a message of the other by its id', async () => {
    const { one, two } = await setUp();
    const changes = two.subscribe(MessageChangesDocument);
    await take(changes, 1);
    const { id } = await sendMessage(one);
    const byId = two.subscribe(MessageChangesDocument, { id });
    expect(await take(byId, 1)).toMatchObject([{ messageChanged: { __typename: 'StreamCaughtUp' } }]);
    const mine = await sendMessage(two, { idempotencyKey: 'mine' });
    expect(mine.id).not.toBe(id);
    // What comes next is its own: of the other nothing came before.
    expect(await take(changes, 1)).toMatchObject([{ messageChanged: { state: 'QUEUED', changed: { id: mine.id } } }]);
  });
});

describe('a REPORT with a SERIAL of nobody, where two tenants use the account', () => {
  it('reaches the operator, live, by page, by cursor and by id, and no tenant', async () => {
    const { one, two, operator, ngs } = await setUp();
    const tenantStreams = [one, two].map((client) => client.subscribe(NgsReportsDocument));
    for (const stream of tenantStreams) await take(stream, 1);
    const live = operator.subscribe(NgsReportsDocument, { orphans: true });
    await take(live, 1);

    const serials = ['NOBODY1', 'NOBODY2'];
    for (const serial of serials) ngs.sendReport({ serial });
    expect(await take(live, 2)).toMatchObject(
      serials.map((serial) => ({ ngsReport: { __typename: 'NgsReport', serial, sent: null } })),
    );

    const { edges } = (await operator.query(NgsReportListDocument, { orphans: true })).ngsReports;
    expect(edges.map(({ node }) => node.serial)).toEqual(serials);
    const [first, second] = edges.map(({ node }) => node);
    expect(edges.map(({ cursor }) => cursor)).toEqual([first?.cursor, second?.cursor]);
    const after = first?.cursor ?? '';
    const next = (await operator.query(NgsReportListDocument, { orphans: true, after })).ngsReports;
    expect(next.edges.map(({ node }) => node.serial)).toEqual(['NOBODY2']);
    expect(await take(operator.subscribe(NgsReportsDocument, { orphans: true, after }), 1)).toMatchObject([
      { ngsReport: { __typename: 'NgsReport', serial: 'NOBODY2', cursor: second?.cursor } },
    ]);

    const id = first?.id ?? '';
    expect((await operator.query(NodeByIdDocument, { id })).node).toMatchObject({ id });
    for (const [at, client] of [one, two].entries()) {
      expect((await client.query(NodeByIdDocument, { id })).node).toBeNull();
      // What comes next is its own: of the orphans nothing came before.
      const mine = await sendMessage(client, { to: `0101234567${at}` });
      const [report] = await take(tenantStreams[at] ?? expect.unreachable(), 1);
      expect(report).toMatchObject({ ngsReport: { sent: { id: mine.id } } });
      const listed = (await client.query(NgsReportListDocument, {})).ngsReports.edges;
      expect(listed.map(({ node }) => node.sent?.id)).toEqual([mine.id]);
    }
    const still = (await operator.query(NgsReportListDocument, { orphans: true })).ngsReports.edges;
    expect(still.map(({ node }) => node.serial)).toEqual(serials);
  });

  it('is refused to a key without the scope operator, and messages to one that has no other', async () => {
    const { app, one, operator } = await setUp();
    for (const [client, key, orphans, scope] of [
      [one, keys.whole, true, 'operator'],
      [operator, keys.operator, false, 'messages:read'],
    ] as const) {
      const refusal = { errors: [{ extensions: { code: 'UNAUTHORIZED', missingScopes: [scope] } }] };
      const listing = { query: print(NgsReportListDocument), variables: { orphans } };
      expect(await (await client.post(listing, { 'x-api-key': key })).json()).toMatchObject(refusal);
      const stream = { query: print(NgsReportsDocument), variables: { orphans } };
      const streamed = await client.post(stream, { 'x-api-key': key, accept: 'text/event-stream' });
      const said = await streamed.text();
      expect(said).toContain('"code":"UNAUTHORIZED"');
      expect(said).toContain(`"missingScopes":["${scope}"]`);
    }
    expect(app.liveStreams()).toBe(0);
  });
});
