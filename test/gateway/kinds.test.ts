import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  CancelMessageDocument,
  MessageByIdDocument,
  MessageChangesDocument,
  PreviewMessageDocument,
  SendAlimTalkDocument,
  SendBatchDocument,
  type SendKakaoInput,
  SendSmsDocument,
  type SendSmsInput,
} from '../generated/operations.ts';
import { type Gateway, startGateway, startSimulators } from '../support/gateway.ts';
import { jpeg } from '../support/images.ts';
import { take } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

async function setUp(env: Record<string, string> = {}) {
  const simulators = await startSimulators();
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env, ...env });
  return { gateway, ...simulators };
}

async function stateOf(gateway: Gateway, id: string): Promise<string | undefined> {
  return (await gateway.query(MessageByIdDocument, { id })).message?.state;
}

const text: Omit<SendSmsInput, 'idempotencyKey'> = { to: '010-1234-5678', text: '[관문] 안녕하세요.' };
const long = '가'.repeat(500);
const image = { fileName: 'sale.jpg', data: jpeg(20_000).toString('base64') };

const kakao: Omit<SendKakaoInput, 'idempotencyKey' | 'kind'> = {
  to: '010-1234-5678',
  senderKey: 'cf1060fa976a7875eafae84083649af24f6ad3db',
  text: '주문이 접수되었습니다. 😀',
  buttons: '{"button_cnt":1,"button1":{"name":"보기","type":"WL"}}',
};

const texts: [string, Partial<SendSmsInput>, string][] = [
  ['SMS', {}, 'S'],
  ['LMS', { text: long, subject: '안내' }, 'L'],
  ['MMS', { text: long, subject: '안내', images: [image] }, 'M'],
];
const kakaos: [SendKakaoInput['kind'], Partial<SendKakaoInput>, string][] = [
  ['ALIMTALK', { fallback: 'CONVERT', fallbackSubject: '주문' }, 'A'],
  ['ALIMTALK_IMAGE', {}, 'a'],
  ['FRIENDTALK', { fallback: 'SUBSTITUTE', fallbackText: '주문이 접수되었습니다.' }, 'F'],
  ['FRIENDTALK_IMAGE', { image, fallback: 'SUBSTITUTE_MMS', fallbackText: '주문이 접수되었습니다.' }, 'f'],
  ['FRIENDTALK_WIDE', { text: '주문 접수', image }, 'W'],
];

describe.each([
  ['plain', 'false'],
  ['encrypted', 'true'],
])('NGS in its %s mode', (_mode, encrypted) => {
  it.each(texts)('carries %s and brings it to DELIVERED', async (kind, part, msgType) => {
    const { gateway, ngs } = await setUp({ NGS_ENCRYPTED: encrypted });
    const input = { ...text, ...part, idempotencyKey: kind, providers: ['NGS' as const] };
    const { sendSms } = await gateway.query(SendSmsDocument, { input });
    expect(sendSms).toMatchObject({ __typename: 'Message', kind, state: 'SUBMITTED' });
    if (sendSms.__typename !== 'Message') throw new Error('Not a message.');
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toMatchObject([{ outcome: 'TAKEN', fields: { msgType } }]);
    await until(async () => (await stateOf(gateway, sendSms.id)) === 'DELIVERED');
  });

  it.each(kakaos)('carries %s and brings it to DELIVERED', async (kind, part, msgType) => {
    const { gateway, ngs } = await setUp({ NGS_ENCRYPTED: encrypted });
    const { sendKakao } = await gateway.query(SendAlimTalkDocument, {
      input: {
        ...kakao,
        ...part,
        kind,
        idempotencyKey: kind,
        ...(kind.startsWith('ALIM') && { templateCode: 'temp_code_01' }),
      },
    });
    expect(sendKakao).toMatchObject({ __typename: 'Message', kind, state: 'SUBMITTED' });
    if (sendKakao.__typename !== 'Message') throw new Error('Not a message.');
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toMatchObject([{ outcome: 'TAKEN', fields: { msgType } }]);
    await until(async () => (await stateOf(gateway, sendKakao.id)) === 'DELIVERED');
  });
});

describe('SENS', () => {
  it.each(texts)('carries %s and brings it to DELIVERED', async (kind, part) => {
    const { gateway, sens } = await setUp();
    const input = { ...text, ...part, idempotencyKey: kind, providers: ['SENS' as const] };
    const { sendSms } = await gateway.query(SendSmsDocument, { input });
    expect(sendSms).toMatchObject({ __typename: 'Message', kind, state: 'SUBMITTED' });
    if (sendSms.__typename !== 'Message') throw new Error('Not a message.');
    expect(sens.ledger.entries({ event: 'POST messages' })).toMatchObject([
      { outcome: 'TAKEN', fields: { type: kind } },
    ]);
    await until(async () => (await stateOf(gateway, sendSms.id)) === 'DELIVERED');
  });

  it('settles by look-up a text whose answer was lost, and sends it once', async () => {
    const { gateway, sens } = await setUp();
    sens.arm({ provider: 'SENS', kind: 'drop', on: 'ack' });
    const input = { ...text, idempotencyKey: 'lost', providers: ['SENS' as const, 'NGS' as const] };
    const { sendSms } = await gateway.query(SendSmsDocument, { input });
    expect(sendSms).toMatchObject({ state: 'UNCONFIRMED' });
    if (sendSms.__typename !== 'Message') throw new Error('Not a message.');
    await until(async () => (await stateOf(gateway, sendSms.id)) === 'DELIVERED');
    const taken = sens.ledger.entries({ event: 'POST messages' }).filter(({ outcome }) => outcome === 'TAKEN');
    expect(taken).toHaveLength(1);
  });

  it('carries an SMS abroad, with its country code apart', async () => {
    const { gateway, sens } = await setUp();
    const input = { ...text, to: '+1 415-555-2671', idempotencyKey: 'abroad', providers: ['SENS' as const] };
    const { sendSms } = await gateway.query(SendSmsDocument, { input });
    expect(sendSms).toMatchObject({ state: 'SUBMITTED', to: '+14155552671' });
    expect(sens.ledger.entries({ event: 'POST messages' })).toMatchObject([
      { outcome: 'TAKEN', fields: { countryCode: '1', to: '4155552671' } },
    ]);
  });

  it('holds a text until its time, and gives it back', async () => {
    const { gateway, sens } = await setUp();
    const wholeMinute = Math.ceil((Date.now() + 3_600_000) / 60_000) * 60_000;
    const input = {
      ...text,
      idempotencyKey: 'held',
      providers: ['SENS' as const],
      sendAt: new Date(wholeMinute).toISOString(),
    };
    const { sendSms } = await gateway.query(SendSmsDocument, { input });
    expect(sendSms).toMatchObject({ state: 'SUBMITTED' });
    if (sendSms.__typename !== 'Message') throw new Error('Not a message.');
    expect((await gateway.query(CancelMessageDocument, { id: sendSms.id })).cancelMessage).toMatchObject({
      state: 'CANCELLED',
    });
    expect(sens.ledger.entries({ event: 'DELETE reservation' })).toMatchObject([{ outcome: 'TAKEN' }]);
  });
});

describe('the images of an MMS', () => {
  it('reach both providers to the byte', async () => {
    const { gateway, ngs, sens } = await setUp();
    for (const provider of ['NGS', 'SENS'] as const) {
      const input = { ...text, idempotencyKey: provider, providers: [provider], images: [image] };
      expect((await gateway.query(SendSmsDocument, { input })).sendSms).toMatchObject({
        kind: 'MMS',
        state: 'SUBMITTED',
      });
    }
    const digest = sha256(jpeg(20_000));
    expect(JSON.stringify(ngs.ledger.entries({ event: 'DELIVER' }))).toContain(digest);
    expect(JSON.stringify(sens.ledger.entries({ event: 'POST files' }))).toContain(digest);
  });
});

describe('a batch', () => {
  it('answers each input in its place, typed', async () => {
    const { gateway, ngs } = await setUp();
    const inputs: SendSmsInput[] = [
      { ...text, idempotencyKey: 'a', providers: ['NGS'] },
      { ...text, idempotencyKey: 'b', to: '02-123-4567' },
      { ...text, idempotencyKey: 'c', text: '😀' },
      { ...text, idempotencyKey: 'a', text: '다른 내용', providers: ['NGS'] },
      { ...text, idempotencyKey: 'd', text: long, allowLms: false },
    ];
    const { sendSmsBatch } = await gateway.query(SendBatchDocument, { inputs });
    expect(sendSmsBatch).toMatchObject({
      __typename: 'SendSmsBatchPayload',
      results: [
        { __typename: 'Message', state: 'SUBMITTED' },
        { __typename: 'InvalidInput', fields: [{ path: ['input', 'to'] }] },
        { __typename: 'ContentRejected' },
        { __typename: 'IdempotencyConflict' },
        { __typename: 'ContentRejected' },
      ],
    });
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toHaveLength(1);
    const tooMany = Array.from({ length: 1_001 }, (_, at) => ({ ...text, idempotencyKey: `${at}` }));
    const refused = await gateway.query(SendBatchDocument, { inputs: tooMany });
    expect(refused.sendSmsBatch).toMatchObject({ __typename: 'InvalidInput' });
  });
});

describe('taking back', () => {
  it('refuses an id that is none, and one of a text that has left', async () => {
    const { gateway } = await setUp();
    for (const id of ['garbage', Buffer.from('Message:unknown').toString('base64url')]) {
      expect((await gateway.query(CancelMessageDocument, { id })).cancelMessage).toMatchObject({
        __typename: 'InvalidInput',
        fields: [{ path: ['id'], rule: 'NOT_FOUND' }],
      });
    }
    const { sendSms } = await gateway.query(SendSmsDocument, { input: { ...text, idempotencyKey: 'k' } });
    if (sendSms.__typename !== 'Message') throw new Error('Not a message.');
    expect((await gateway.query(CancelMessageDocument, { id: sendSms.id })).cancelMessage).toMatchObject({
      __typename: 'InvalidInput',
      fields: [{ path: ['id'], rule: 'TOO_LATE' }],
    });
  });

  it('of a text that waits for its time survives a restart', async () => {
    const folder = await temporaryFolder();
    const { gateway, env, ngs } = await setUp({ GWANMUN_DATA_DIR: folder });
    const sendAt = new Date(Date.now() + 86_400_000).toISOString();
    const { sendSms } = await gateway.query(SendSmsDocument, { input: { ...text, idempotencyKey: 'k', sendAt } });
    if (sendSms.__typename !== 'Message') throw new Error('Not a message.');
    expect(sendSms.state).toBe('QUEUED');
    await gateway.stop();
    const again = await startGateway({ GWANMUN_DATA_DIR: folder, ...env });
    expect(await stateOf(again, sendSms.id)).toBe('QUEUED');
    const changes = again.subscribe(MessageChangesDocument);
    await take(changes, 1);
    expect((await again.query(CancelMessageDocument, { id: sendSms.id })).cancelMessage).toMatchObject({
      state: 'CANCELLED',
    });
    expect(await take(changes, 1)).toMatchObject([{ messageChanged: { state: 'CANCELLED' } }]);
    expect(ngs.ledger.entries({ event: 'DELIVER' })).toEqual([]);
  });
});

describe('a preview', () => {
  it('tells the kind, the bytes and the limit of each provider', async () => {
    const { gateway } = await setUp();
    const preview = async (variables: Parameters<typeof gateway.query<unknown, object>>[1] & object) =>
      (await gateway.query(PreviewMessageDocument, variables as { text: string })).previewMessage;
    expect(await preview({ text: long })).toMatchObject({ kind: 'LMS', bytes: 1_000, limit: 2_000, problems: [] });
    const subject = '가'.repeat(25);
    expect(await preview({ text: 'a', subject, provider: 'NGS' })).toMatchObject({ kind: 'LMS', problems: [] });
    expect(await preview({ text: 'a', subject, provider: 'SENS' })).toMatchObject({
      problems: [{ path: ['subject'], rule: 'TOO_LONG' }],
    });
    expect(await preview({ text: '😀', kind: 'ALIMTALK' })).toMatchObject({
      kind: 'ALIMTALK',
      limit: 1_000,
      problems: [],
    });
    expect(await preview({ text: 'a', kind: 'ALIMTALK', provider: 'SENS' })).toMatchObject({
      problems: [{ rule: 'NOT_CARRIED' }],
    });
  });
});
