import { describe, expect, it } from 'vitest';
import type { ReceivedReport } from '../../../src/core/provider.ts';
import { type DumbFields, dumbPacket } from '../../support/ngs-bytes.ts';
import { until } from '../../support/until.ts';
import { openAccount, type TestAccount } from './account.ts';

const REPORT = {
  RESULT: '0',
  MESSAGE: '',
  DA_ADDR: '01020001234',
  SERIAL: '202112310012348',
  GWSERIAL: '220121140000164',
  SENDTIME: '20211231142201',
  TELCOINFO: 'SK',
};

/** A store whose answers the test gives. */
function createSlowInbox() {
  const waiting: { readonly report: ReceivedReport; store(): void; refuse(): void }[] = [];
  return {
    waiting,
    receive: (report: ReceivedReport) =>
      new Promise<void>((resolve, reject) => {
        waiting.push({ report, store: resolve, refuse: () => reject(new Error('disk full')) });
      }),
  };
}

/** Whatever was sent on REP before is read once this event shows. */
async function passBarrier({ peer, provider }: TestAccount): Promise<void> {
  peer.line('REP').send('EVENT', { TYPE: '1', DATA: '79,1,1' });
  await until(() => provider.health().ngs?.smsTps === 79);
}

describe('reports', () => {
  it('hands a report in, whole, and acknowledges it under both its serials', async () => {
    const account = await openAccount();
    await account.bound();
    account.peer.line('REP').send('REPORT', REPORT);
    await until(() => account.peer.all('REPORT_ACK').length === 1);
    expect(account.reports).toEqual([
      {
        account: 'main',
        serial: '202112310012348',
        gwSerial: '220121140000164',
        to: '01020001234',
        rawResult: '0',
        rawMessage: '',
        delivered: true,
        spamFiltered: false,
        carrier: 'SKT',
        sentAt: Date.parse('2021-12-31T14:22:01+09:00'),
      },
    ]);
    expect(account.peer.all('REPORT_ACK')[0]?.fields).toEqual({
      RESULT: '0',
      SERIAL: '202112310012348',
      GWSERIAL: '220121140000164',
    });
  });

  it('acknowledges nothing before the report is stored', async () => {
    const inbox = createSlowInbox();
    const account = await openAccount({ inbox });
    await account.bound();
    account.peer.line('REP').send('REPORT', REPORT);
    account.peer.line('REP').send('REPORT', { ...REPORT, SERIAL: 'SECOND' });
    await passBarrier(account);
    expect(inbox.waiting.map(({ report }) => report.serial)).toEqual(['202112310012348', 'SECOND']);
    expect(account.peer.all('REPORT_ACK')).toEqual([]);
    inbox.waiting[1]?.store();
    await until(() => account.peer.all('REPORT_ACK').length === 1);
    inbox.waiting[0]?.store();
    await until(() => account.peer.all('REPORT_ACK').length === 2);
    const acknowledged = account.peer.all('REPORT_ACK').map(({ fields: { SERIAL } }) => SERIAL);
    expect(acknowledged).toEqual(['SECOND', '202112310012348']);
  });

  it('a report that cannot be stored is not acknowledged; the sessions end and it may come again', async () => {
    const inbox = createSlowInbox();
    const account = await openAccount({ inbox });
    await account.bound();
    account.peer.line('REP').send('REPORT', REPORT);
    await until(() => inbox.waiting.length === 1);
    inbox.waiting[0]?.refuse();
    await until(() => account.peer.all('CERT').length === 2);
    expect(account.provider.health().lastFault?.code).toBe('REPORT_NOT_STORED');
    await account.bound();
    expect(account.peer.all('REPORT_ACK')).toEqual([]);
    account.peer.line('REP').send('REPORT', REPORT);
    await until(() => inbox.waiting.length === 2);
    inbox.waiting[1]?.store();
    await until(() => account.peer.all('REPORT_ACK').length === 1);
  });

  it('a report stored after its session ended is not acknowledged on the next one', async () => {
    const inbox = createSlowInbox();
    const account = await openAccount({ inbox });
    await account.bound();
    account.peer.line('REP').send('REPORT', REPORT);
    await until(() => inbox.waiting.length === 1);
    account.peer.line('DLV').socket.destroy();
    await until(() => account.peer.all('CERT').length === 2);
    await account.bound();
    inbox.waiting[0]?.store();
    await passBarrier(account);
    expect(account.peer.all('REPORT_ACK')).toEqual([]);
  });

  it('a report may come before its DELIVER_ACK, and both arrive', async () => {
    const account = await openAccount({ script: { deliver() {} } });
    await account.bound();
    const sent = account.send();
    await until(() => account.peer.all('DELIVER').length === 1);
    const [deliver] = account.peer.all('DELIVER');
    const { SERIAL = '' }: DumbFields = deliver?.fields ?? {};
    account.peer.line('REP').send('REPORT', { ...REPORT, SERIAL });
    await until(() => account.peer.all('REPORT_ACK').length === 1);
    account.peer.line('DLV').send('DELIVER_ACK', { ...deliver?.fields, RESULT: '0' });
    expect(await sent).toEqual({ outcome: 'ACCEPTED', reference: account.reports[0]?.serial });
  });

  it('takes reports as soon as REP is bound, also while DLV is not', async () => {
    const account = await openAccount();
    const { bind } = account.peer.script;
    account.peer.script.bind = (line, fields) => {
      if (line.name === 'DLV') return;
      bind(line, fields);
      line.send('REPORT', REPORT);
    };
    await until(() => account.peer.all('REPORT_ACK').length === 1);
    expect(account.state()).toBe('BINDING');
  });

  it('hands a repeated report in again, for the store to know it', async () => {
    const account = await openAccount();
    await account.bound();
    account.peer.line('REP').send('REPORT', REPORT);
    account.peer.line('REP').send('REPORT', REPORT);
    await until(() => account.peer.all('REPORT_ACK').length === 2);
    expect(account.reports).toHaveLength(2);
  });

  it('stops reading while too many wait for the store, and loses none', async () => {
    const inbox = createSlowInbox();
    const account = await openAccount({ inbox });
    await account.bound();
    const count = 60_000;
    const { socket } = account.peer.line('REP');
    const batch = Array.from({ length: 1_000 }, (_, i) => dumbPacket('REPORT', { ...REPORT, GWSERIAL: String(i) }));
    for (let i = 0; i < count / batch.length; i++) socket.write(Buffer.concat(batch));
    await until(() => inbox.waiting.length >= 256);
    // Round trips on the other session: were REP still read, it would be read meanwhile.
    for (let i = 0; i < 20; i++) await account.send();
    expect(inbox.waiting.length).toBeLessThan(2_000);
    expect(socket.writableLength).toBeGreaterThan(0);

    let stored = 0;
    await until(() => {
      for (; stored < inbox.waiting.length; stored++) inbox.waiting[stored]?.store();
      return account.peer.all('REPORT_ACK').length === count;
    });
    expect(inbox.waiting).toHaveLength(count);
    expect(account.peer.all('CERT')).toHaveLength(1);
  });

  it('does not take a session for dead that it does not read itself', async () => {
    const inbox = createSlowInbox();
    const account = await openAccount({ inbox, timings: { linkIdleMs: 10, ackTimeoutMs: 20 } });
    await account.bound();
    const reports = Array.from({ length: 300 }, () => dumbPacket('REPORT', REPORT));
    account.peer.line('REP').socket.write(Buffer.concat(reports));
    await until(() => inbox.waiting.length === 300);
    const links = () => account.peer.all('LINK').filter(({ line }) => line === 'DLV').length;
    const seen = links();
    await until(() => links() > seen + 10);
    expect(account.state()).toBe('BOUND');
    for (const { store } of inbox.waiting) store();
    await until(() => account.peer.all('REPORT_ACK').length === 300);
    expect(account.peer.all('CERT')).toHaveLength(1);
  });
});
