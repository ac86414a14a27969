import { describe, expect, it } from 'vitest';
import type { SubmitResult } from '../../../src/core/provider.ts';
import vectors from '../../contract/vectors.json' with { type: 'json' };
import type { DumbFields } from '../../support/ngs-bytes.ts';
import { until } from '../../support/until.ts';
import { openAccount, SMS } from './account.ts';

const PACKET_BYTES = 235;

describe('submitting', () => {
  it('writes the golden DELIVER and answers ACCEPTED with its SERIAL', async () => {
    const account = await openAccount();
    await account.bound();
    const { SERIAL } = vectors.ngs.deliverSms.fields;
    const result = await account.provider.submit(SMS, { reference: SERIAL, startedAt: 0 });
    expect(result).toEqual({ outcome: 'ACCEPTED', reference: SERIAL });
    const written = account.peer.deliverChunks.at(-1)?.toString('hex');
    expect(written).toBe(vectors.ngs.deliverSms.plainPacketHex);
  });

  it('all that a turn submits leaves in one socket write', async () => {
    const account = await openAccount();
    await account.bound();
    const [bind] = account.peer.deliverChunks;
    await Promise.all(Array.from({ length: 10 }, () => account.send()));
    expect(account.peer.deliverChunks.map((chunk) => chunk.length)).toEqual([bind?.length, 10 * PACKET_BYTES]);
  });

  it.each([
    ['16', true, 'E_SYS_FAIL'],
    ['17', true, 'E_SYS_BUSY'],
    ['18', true, 'E_NET_FAIL'],
    ['19', true, 'E_TPS_OVER'],
    ['55', false, undefined],
    ['', false, undefined],
    ['00', false, undefined],
  ])('RESULT %j was not taken, and whether it may come again is the table’s word', async (RESULT, retriable, text) => {
    const account = await openAccount({
      script: { deliver: (line, fields) => line.send('DELIVER_ACK', { ...fields, RESULT }) },
    });
    await account.bound();
    const result = await account.send();
    expect(result).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable, fault: { provider: 'NGS', code: RESULT } });
    expect(result.outcome === 'NOT_ACCEPTED' && result.fault.text).toBe(text);
    expect(account.state()).toBe('BOUND');
  });

  it('matches ACKs by SERIAL in whatever order they come, and drops those that nobody waits for', async () => {
    const account = await openAccount({ script: { deliver() {} } });
    await account.bound();
    const sent = Array.from({ length: 16 }, () => account.send());
    await until(() => account.peer.all('DELIVER').length === 16);
    const line = account.peer.line('DLV');
    line.send('DELIVER_ACK', { RESULT: '0', SERIAL: 'NOBODYS' });
    const delivers = account.peer.all('DELIVER').map(({ fields }) => fields);
    for (const [i, fields] of delivers.entries()) {
      if (i % 2 === 1) line.send('DELIVER_ACK', { ...fields, RESULT: '0' });
    }
    for (const [i, fields] of [...delivers.entries()].reverse()) {
      if (i % 2 === 0) line.send('DELIVER_ACK', { ...fields, RESULT: '55' });
      line.send('DELIVER_ACK', { ...fields, RESULT: '55' });
    }
    const results = await Promise.all(sent);
    expect(results.map(({ outcome }) => outcome)).toEqual(
      results.map((_, i) => (i % 2 === 1 ? 'ACCEPTED' : 'NOT_ACCEPTED')),
    );
    const references = results.flatMap((result) => (result.outcome === 'ACCEPTED' ? [result.reference] : []));
    expect(references).toEqual(delivers.filter((_, i) => i % 2 === 1).map(({ SERIAL }: DumbFields) => SERIAL));
    expect(account.state()).toBe('BOUND');
    await until(() => account.logged.filter(({ event }) => event === 'ngs.unknown-ack').length === 17);
  });

  it('never has more in flight than the window, and vacancies tell what is left', async () => {
    const account = await openAccount({ script: { deliver() {} }, window: 3 });
    await account.bound();
    expect(account.provider.vacancies()).toBe(3);
    const sent = [account.send(), account.send()];
    expect(account.provider.vacancies()).toBe(1);
    sent.push(account.send(), account.send(), account.send());
    await until(() => account.peer.all('DELIVER').length === 3);
    expect(account.provider.vacancies()).toBe(0);
    const answer = (from: number) => {
      for (const { fields } of account.peer.all('DELIVER').slice(from)) {
        account.peer.line('DLV').send('DELIVER_ACK', { ...fields, RESULT: '0' });
      }
    };
    answer(0);
    await until(() => account.peer.all('DELIVER').length === 5);
    answer(3);
    expect((await Promise.all(sent)).every(({ outcome }) => outcome === 'ACCEPTED')).toBe(true);
    expect(account.provider.vacancies()).toBe(3);
  });

  it('never sends above the TPS, and EVENT 1 lets more go', async () => {
    const account = await openAccount({
      script: {
        bind: (line) => line.send('BIND_ACK', { RESULT: '0', SMS_TPS: '2', MMS_TPS: '9', KKO_TPS: '9' }),
      },
      timings: { pacingWindowMs: 60_000 },
    });
    await account.bound();
    const sent = Array.from({ length: 3 }, () => account.send());
    await Promise.all(sent.slice(0, 2));
    expect(account.provider.vacancies()).toBe(0);
    expect(account.peer.all('DELIVER')).toHaveLength(2);
    account.peer.line('DLV').send('EVENT', { TYPE: '1', DATA: '3,9,9' });
    expect(await sent[2]).toMatchObject({ outcome: 'ACCEPTED' });
    expect(account.provider.vacancies()).toBe(0);
  });

  it('keeps a rate for each lane, and one without any holds nobody else back', async () => {
    const account = await openAccount({
      script: {
        bind: (line) => line.send('BIND_ACK', { RESULT: '0', SMS_TPS: '80', MMS_TPS: '0', KKO_TPS: '3' }),
      },
      timings: { pacingWindowMs: 60_000 },
    });
    await account.bound();
    const vacancies = () => (['SMS', 'LONG', 'KAKAO'] as const).map((lane) => account.provider.vacancies(lane));
    expect(vacancies()).toEqual([16, 0, 3]);
    const long = account.send({ kind: 'LMS', text: '긴 문자' });
    expect(await account.send()).toMatchObject({ outcome: 'ACCEPTED' });
    expect(account.peer.all('DELIVER').map(({ fields }) => fields['MSGTYPE'])).toEqual(['S']);
    account.peer.line('DLV').send('EVENT', { TYPE: '1', DATA: '80,2,0' });
    expect(await long).toMatchObject({ outcome: 'ACCEPTED' });
    expect(vacancies()).toEqual([16, 1, 0]);
  });

  it('sends megabytes of MMS no faster than they leave, and takes no slow reader for a dead one', async () => {
    const account = await openAccount();
    await account.bound();
    const { socket } = account.peer.line('DLV');
    socket.pause();
    const image = { fileName: 'a.jpg', type: 'JPG', bytes: Buffer.alloc(300 * 1024, 0x41) } as const;
    const sent = Array.from({ length: 20 }, () => account.send({ kind: 'MMS', images: [image, image, image] }));
    // A round trip by the other session: by then what may be written is written.
    account.peer.line('REP').send('EVENT', { TYPE: '1', DATA: '80,30,29' });
    await until(() => account.provider.health().ngs?.kakaoTps === 29);
    socket.resume();
    expect((await Promise.all(sent)).every(({ outcome }) => outcome === 'ACCEPTED')).toBe(true);
    expect(account.peer.all('CERT')).toHaveLength(1);
  });

  it('tells that there is room again once the pace allows it', async () => {
    const account = await openAccount({
      script: {
        bind: (line) => line.send('BIND_ACK', { RESULT: '0', SMS_TPS: '1', MMS_TPS: '9', KKO_TPS: '9' }),
      },
      timings: { pacingWindowMs: 80 },
    });
    await account.bound();
    await account.send();
    const room = new Promise<void>((resolve) => {
      account.provider.onChange(() => account.provider.vacancies() > 0 && resolve());
    });
    await room;
  });

  it('hands back what waits too long for a place, unsent', async () => {
    const account = await openAccount({ script: { deliver() {} }, window: 1, timings: { queueTimeoutMs: 30 } });
    await account.bound();
    void account.send();
    const waiting = account.send();
    expect(await account.send()).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      retriable: true,
      fault: { code: 'NO_ROOM' },
    });
    expect(await waiting).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable: true, fault: { code: 'NO_ROOM' } });
    expect(account.peer.all('DELIVER')).toHaveLength(1);
  });

  it('hands back everything while it is not bound', async () => {
    const account = await openAccount({ isStarted: false });
    expect(await account.send()).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      retriable: true,
      fault: { code: 'NOT_BOUND' },
    });
  });

  it.each([
    ['a text of 91 bytes', { text: 'a'.repeat(91) }, 'TEXT: TOO_LONG'],
    ['an emoji', { text: '😀' }, 'TEXT: UNENCODABLE'],
    ['a NUL', { text: 'a\0b' }, 'TEXT: HAS_NUL'],
    ['a number that no field holds', { to: '0'.repeat(20) }, 'DA_ADDR: TOO_LONG'],
  ])('refuses %s before a byte is written, for good', async (_, change, text) => {
    const account = await openAccount();
    await account.bound();
    const result = await account.provider.submit({ ...SMS, ...change }, { reference: 'R1', startedAt: 0 });
    expect(result).toMatchObject({
      outcome: 'NOT_ACCEPTED',
      retriable: false,
      fault: { code: 'FIELD_REJECTED', text },
    });
    expect(account.peer.all('DELIVER')).toEqual([]);
  });

  it('takes a reference for one attempt only', async () => {
    const account = await openAccount({ script: { deliver() {} } });
    await account.bound();
    const attempt = { reference: 'ONCE', startedAt: 0 };
    const first: Promise<SubmitResult> = account.provider.submit(SMS, attempt);
    await expect(account.provider.submit(SMS, attempt)).rejects.toThrow('one attempt only');
    await until(() => account.peer.all('DELIVER').length === 1);
    await expect(account.provider.submit(SMS, attempt)).rejects.toThrow('one attempt only');
    await account.provider.stop();
    expect(await first).toMatchObject({ outcome: 'UNKNOWN' });
  });

  it('needs the reference that was stored before', async () => {
    const account = await openAccount({ isStarted: false });
    await expect(account.provider.submit(SMS, { startedAt: 0 })).rejects.toThrow('SERIAL');
  });

  it('promises an answer within the time that it names', async () => {
    const { provider } = await openAccount({
      isStarted: false,
      timings: { queueTimeoutMs: 1_000, ackTimeoutMs: 2_000, reconnectFloorMs: 5_000 },
    });
    expect(provider).toMatchObject({
      provider: 'NGS',
      account: 'main',
      soleOwner: { restMs: 5_000 },
      submitTimeoutMs: 8_000,
    });
  });
});
