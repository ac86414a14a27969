import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { Scope } from '../../src/core/tenant.ts';
import { createLogger } from '../../src/log.ts';
import {
  AddRemittanceRecipientDocument,
  CancelRemittanceDocument,
  NodeByIdDocument,
  QuoteRemittanceDocument,
  RegisterRemittanceUserDocument,
  RemittanceByIdDocument,
  RemittanceChangesDocument,
  SendRemittanceDocument,
  UploadRemittanceDocumentDocument,
  VerifyRemittanceUserDocument,
} from '../generated/operations.ts';
import { type GatewayClient, startGateway, startSimulators } from '../support/gateway.ts';
import { jpeg } from '../support/images.ts';
import { recipientOf, registerPair, remit, secrets, userOf } from '../support/remittance-people.ts';
import { mustNotBeLogged, runLog } from '../support/run-log.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

async function setUp({ requireVerified = 'NONE', callbacks = true, log = runLog, env = {} } = {}) {
  for (const secret of Object.values(secrets)) mustNotBeLogged(secret);
  const simulators = await startSimulators();
  const { sentbe } = simulators;
  const dataDir = await temporaryFolder();
  const gateway = await startGateway({ GWANMUN_DATA_DIR: dataDir, ...simulators.env, ...env }, log);
  sentbe.configure({
    requireVerified: requireVerified as 'ALL' | 'NONE',
    advanceMs: 0,
    callbackUrl: callbacks ? `${gateway.url}/webhooks/sentbe` : null,
  });
  return { ...simulators, gateway, dataDir };
}

const stateOf = async (gateway: GatewayClient, id: string) =>
  (await gateway.query(RemittanceByIdDocument, { id })).remittance?.state;

/** The simulator's id of the first user. */
const firstUser = 1_001;
/** As the simulator's ledger and faults name it. */
const endpoint = 'POST outbound/transfers';

describe('a remittance through Sentbe', () => {
  it('goes from the registration of a user to the payout, and its stream tells each state', async () => {
    const { gateway, sentbe } = await setUp({ requireVerified: 'ALL' });
    const pair = await registerPair(gateway, '1');
    const { userId } = pair;

    const early = await remit(gateway, pair, { receiveAmount: 5_000, externalId: 'too-early' });
    expect(early).toMatchObject({ __typename: 'Remittance', state: 'FAILED', fault: { code: 'E0112' } });

    const verify = async (input: object) =>
      (await gateway.query(VerifyRemittanceUserDocument, { input: { userId, ...input } as never }))
        .verifyRemittanceUser;
    const wrong = await verify({ verification: 'MOBILE', token: '0000' });
    expect(wrong.__typename).toBe('ProviderRejected');
    const token = sentbe.lastCode(firstUser)?.token;
    expect(await verify({ verification: 'MOBILE', token })).toMatchObject({
      mobile: 'completed',
      documents: 'standby',
    });
    const document = { fileName: 'me.jpg', data: jpeg(5_000).toString('base64') };
    const upload = { userId, documentType: 'passport', document };
    const { uploadRemittanceDocument } = await gateway.query(UploadRemittanceDocumentDocument, { input: upload });
    expect(uploadRemittanceDocument).toMatchObject({ __typename: 'RemittanceUser', id: userId });
    const bank = { bankCode: '004', accountNumber: secrets.accountNumber, accountHolder: 'Maria Santos' };
    expect((await verify({ verification: 'BANK', bank })).__typename).toBe('RemittanceUser');
    await verify({ verification: 'BANK', token: sentbe.lastCode(firstUser, 'BANK')?.token });
    sentbe.setVerifications(firstUser, { mobile: 'completed', documents: 'completed', bank: 'completed' });

    const sent = await remit(gateway, pair, { receiveAmount: 5_000, externalId: 'order' });
    expect(sent).toMatchObject({
      __typename: 'Remittance',
      state: 'REQUESTED',
      externalId: 'order',
      sendAmount: '119090',
      sendCurrency: 'KRW',
      receiveCurrency: 'PHP',
      virtualAccount: expect.any(String),
      fault: null,
    });
    if (sent.__typename !== 'Remittance') throw new Error('It is one.');
    const told: string[] = [];
    const stream = gateway.subscribe(RemittanceChangesDocument, { id: sent.id });
    const transferId = sentbe.transfers()[0]?.id ?? 0;
    for (const status of ['Processing', 'Complete', 'Refunded'] as const) {
      sentbe.setStatus(transferId, status);
      const state = status.toUpperCase();
      await until(async () => (await stateOf(gateway, sent.id)) === state);
    }
    for await (const { remittanceChanged: event } of stream) {
      if (event.__typename === 'RemittanceChanged') told.push(event.state);
    }
    expect(told).toEqual(['REQUESTED', 'PROCESSING', 'COMPLETE', 'REFUNDED']);
    expect((await gateway.query(NodeByIdDocument, { id: sent.id })).node).toMatchObject({ __typename: 'Remittance' });
  });

  it('is found 200 times where 200 answers are cut: each transfer is there once, and is never sent again', async () => {
    const { gateway, sentbe } = await setUp();
    const pairs = await Promise.all(['1', '2', '3', '4'].map((name) => registerPair(gateway, name)));
    sentbe.arm({ provider: 'SENTBE', kind: 'cut', on: 'answer', endpoint, count: 200 });
    const ids: string[] = [];
    for (let amount = 1; amount <= 50; amount += 1) {
      const sent = await Promise.all(
        pairs.map((pair, at) =>
          remit(gateway, pair, { receiveAmount: 1_000 + amount, externalId: `order-${at}-${amount}` }),
        ),
      );
      for (const each of sent) {
        expect(each).toMatchObject({ __typename: 'Remittance', state: 'UNCONFIRMED' });
        if (each.__typename === 'Remittance') ids.push(each.id);
      }
    }
    for (const id of ids) await until(async () => (await stateOf(gateway, id)) === 'REQUESTED');
    const transfers = sentbe.transfers();
    expect(transfers).toHaveLength(200);
    expect(new Set(transfers.map(({ externalId }) => externalId)).size).toBe(200);
    // Each of ours is the transfer that has its external id.
    for (const id of ids) {
      const { remittance } = await gateway.query(RemittanceByIdDocument, { id });
      const transfer = transfers.find(({ externalId }) => externalId === remittance?.externalId);
      expect(remittance?.transferId).toBe(String(transfer?.id));
    }
    const asked = sentbe.ledger.entries({ event: endpoint, limit: 1_000 });
    expect(asked.filter(({ outcome }) => outcome === 'TAKEN' || outcome === 'REFUSED')).toHaveLength(200);
  }, 120_000);

  it('is the same for the same key, and refused for another key with its external id', async () => {
    const { gateway, sentbe } = await setUp();
    const pair = await registerPair(gateway, '1');
    const asked = { ...pair, receiveAmount: 5_000, receiveCurrency: 'PHP' };
    const { quoteRemittance: quote } = await gateway.query(QuoteRemittanceDocument, { input: asked });
    if (quote.__typename !== 'RemittanceQuote') throw new Error(JSON.stringify(quote));
    expect(quote).toMatchObject({ sendAmount: '119090', commission: '5000', commissionCurrency: 'KRW' });
    const send = async (part: object) => {
      const input = { ...asked, quoteId: quote.id, externalId: 'order', idempotencyKey: 'key', ...part };
      return (await gateway.query(SendRemittanceDocument, { input })).sendRemittance;
    };
    const first = await send({});
    expect(await send({})).toEqual(first);
    const { quoteRemittance: second } = await gateway.query(QuoteRemittanceDocument, { input: asked });
    if (second.__typename !== 'RemittanceQuote') throw new Error(JSON.stringify(second));
    expect(await send({ idempotencyKey: 'other', quoteId: second.id })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['input', 'externalId'], rule: 'DUPLICATE' }],
    });
    expect(await send({ idempotencyKey: 'new', externalId: 'new' })).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['input', 'quoteId'], rule: 'USED' }],
    });
    expect(await send({ externalId: 'other' })).toMatchObject({
      __typename: 'IdempotencyConflict',
      differingPaths: ['externalId'],
    });
    for (const name of ['userId', 'recipientId', 'quoteId']) {
      expect(await send({ idempotencyKey: 'new', externalId: 'new', [name]: 'garbage' })).toMatchObject({
        __typename: 'InvalidInput',
        fields: [{ path: ['input', name], rule: 'UNKNOWN' }],
      });
    }
    expect(sentbe.transfers()).toHaveLength(1);
  });

  it('is not moved by a callback that was forged, with and without the token', async () => {
    const { gateway, sentbe, env } = await setUp({ callbacks: false });
    const pair = await registerPair(gateway, '1');
    const sent = await remit(gateway, pair, { receiveAmount: 5_000, externalId: 'order' });
    if (sent.__typename !== 'Remittance') throw new Error(JSON.stringify(sent));
    sentbe.configure({ callbackUrl: `${gateway.url}/webhooks/sentbe` });
    const forged = (token = '') => JSON.stringify({ token, external_id: 'order', status: 'Complete' });
    expect(await sentbe.sendCallback(forged('guessed'))).toBe(401);
    const reads = () => sentbe.ledger.entries({ event: 'GET outbound/transfers/:id' }).length;
    const before = reads();
    expect(await sentbe.sendCallback(forged(env['SENTBE_ACCESS_ID']))).toBe(200);
    await until(() => reads() > before);
    expect(await stateOf(gateway, sent.id)).toBe('REQUESTED');
    // The control: a true one moves it.
    sentbe.setStatus(sentbe.transfers()[0]?.id ?? 0, 'Processing');
    await until(async () => (await stateOf(gateway, sent.id)) === 'PROCESSING');
  });

  it('is cancelled while nothing was paid in, and not after', async () => {
    const { gateway, sentbe } = await setUp();
    const pair = await registerPair(gateway, '1');
    const cancel = async (id: string) => (await gateway.query(CancelRemittanceDocument, { id })).cancelRemittance;
    const [one, two] = [
      await remit(gateway, pair, { receiveAmount: 5_000, externalId: 'one' }),
      await remit(gateway, pair, { receiveAmount: 5_000, externalId: 'two' }),
    ];
    if (one.__typename !== 'Remittance' || two.__typename !== 'Remittance') throw new Error('They are sent.');
    expect(await cancel(one.id)).toMatchObject({ __typename: 'Remittance', state: 'CANCELED' });
    sentbe.setStatus(sentbe.transfers()[0]?.id ?? 0, 'Processing');
    expect(await cancel(two.id)).toMatchObject({
      __typename: 'ProviderRejected',
      origin: { code: 'E0009' },
      subjectId: two.id,
    });
    await until(async () => (await stateOf(gateway, two.id)) === 'PROCESSING');
    expect(await cancel('garbage')).toMatchObject({ __typename: 'InvalidInput', fields: [{ rule: 'UNKNOWN' }] });
  });

  it('into Korea waits for the recipient, and has no user to verify', async () => {
    const { gateway, sentbe } = await setUp();
    const corridor = 'INBOUND' as const;
    const user = userOf('1', { corridor, phone: '+639171234567', details: null });
    const { registerRemittanceUser: sender } = await gateway.query(RegisterRemittanceUserDocument, { input: user });
    if (sender.__typename !== 'RemittanceUser') throw new Error(JSON.stringify(sender));
    expect(sender).toMatchObject({ registration: 'REGISTERED', mobile: 'none' });
    const bank = { bankCode: '004', accountNumber: secrets.accountNumber, accountHolder: '김철수' };
    const phone = '010-3333-4445';
    const input = {
      ...recipientOf('1', sender.id),
      corridor,
      country: 'KR',
      phone,
      receiveMethod: null,
      address: null,
      bank,
    };
    const { addRemittanceRecipient: recipient } = await gateway.query(AddRemittanceRecipientDocument, { input });
    if (recipient.__typename !== 'RemittanceRecipient') throw new Error(JSON.stringify(recipient));
    expect(recipient).toMatchObject({ receiveMethod: 'Bank', country: 'KR' });
    const asked = {
      corridor,
      userId: sender.id,
      recipientId: recipient.id,
      receiveAmount: 100_000,
      receiveCurrency: 'KRW',
    };
    const { quoteRemittance: quote } = await gateway.query(QuoteRemittanceDocument, { input: asked });
    if (quote.__typename !== 'RemittanceQuote') throw new Error(JSON.stringify(quote));
    const sent = { ...asked, quoteId: quote.id, externalId: 'in', idempotencyKey: 'in' };
    const { sendRemittance } = await gateway.query(SendRemittanceDocument, { input: sent });
    expect(sendRemittance).toMatchObject({ __typename: 'Remittance', state: 'REQUESTED', receiveCurrency: 'KRW' });
    sentbe.setStatus(sentbe.transfers()[0]?.id ?? 0, 'Complete');
    if (sendRemittance.__typename !== 'Remittance') throw new Error('It is one.');
    const { id } = sendRemittance;
    await until(async () => (await stateOf(gateway, id)) === 'COMPLETE');
    const verified = await gateway.query(VerifyRemittanceUserDocument, {
      input: { userId: sender.id, verification: 'MOBILE' },
    });
    expect(verified.verifyRemittanceUser).toMatchObject({ fields: [{ rule: 'NOT_FOR_CORRIDOR' }] });
  });

  it('is for keys with its scope, and for its tenant alone', async () => {
    const folder = await temporaryFolder();
    const key = (id: string, scopes: Scope[]) => ({ id, secretSha256: hashApiKey(`${id}-key-0123456789`), scopes });
    const tenantsFile = join(folder, 'tenants.json');
    const tenants = [
      { id: 'shop', keys: [key('remits', ['remittance']), key('hears', ['webhooks'])] },
      { id: 'bakery', keys: [key('other', ['remittance'])] },
    ];
    await writeFile(tenantsFile, JSON.stringify({ tenants }));
    const { gateway } = await setUp({
      env: { GWANMUN_TENANTS_FILE: tenantsFile, GWANMUN_API_KEY: '', SENDER_NUMBERS: '' },
    });
    const [remits, hears, other] = ['remits', 'hears', 'other'].map((id) => gateway.as(`${id}-key-0123456789`));
    if (remits === undefined || hears === undefined || other === undefined) throw new Error('There are three.');
    const pair = await registerPair(remits, '1');
    const sent = await remit(remits, pair, { receiveAmount: 5_000, externalId: 'order' });
    if (sent.__typename !== 'Remittance') throw new Error(JSON.stringify(sent));
    const refused = await hears.query(CancelRemittanceDocument, { id: sent.id });
    expect(refused.cancelRemittance).toMatchObject({ __typename: 'Unauthorized' });
    for (const id of [sent.id, pair.userId, pair.recipientId]) {
      for (const client of [hears, other]) expect((await client.query(NodeByIdDocument, { id })).node).toBeNull();
      expect((await remits.query(NodeByIdDocument, { id })).node).not.toBeNull();
    }
    expect((await other.query(RemittanceByIdDocument, { id: sent.id })).remittance).toBeNull();
    const theirs = await other.query(CancelRemittanceDocument, { id: sent.id });
    expect(theirs.cancelRemittance).toMatchObject({ __typename: 'InvalidInput', fields: [{ rule: 'UNKNOWN' }] });
  });

  it('leaves no secret of its people in the log, nor in a file of the store', async () => {
    const lines: string[] = [];
    const log = createLogger({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
    const { gateway, dataDir, sentbe } = await setUp({ log });
    await registerPair(gateway, '1');
    sentbe.arm({ provider: 'SENTBE', kind: 'reject', on: 'request', code: 'E0103', count: 1 });
    const refused = await gateway.query(RegisterRemittanceUserDocument, { input: userOf('2') });
    expect(refused.registerRemittanceUser).toMatchObject({ __typename: 'ProviderRejected', subjectId: null });
    const again = await gateway.query(RegisterRemittanceUserDocument, { input: userOf('2') });
    expect(again.registerRemittanceUser).toMatchObject({ __typename: 'RemittanceUser' });
    const files = (await readdir(dataDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    const bytes = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name))));
    expect(Buffer.concat(bytes).length).toBeGreaterThan(1_000);
    expect(lines.length).toBeGreaterThan(0);
    for (const secret of Object.values(secrets)) {
      const part = secret.slice(0, -1);
      expect(lines.join('')).not.toContain(part);
      expect(Buffer.concat(bytes).includes(part)).toBe(false);
    }
  });
});
