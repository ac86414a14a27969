import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { encryptPassword } from '../../../src/providers/ngs/cipher.ts';
import type { DumbFields } from '../../support/ngs-bytes.ts';
import { PASSWORD } from '../../support/ngs-peer.ts';
import { until } from '../../support/until.ts';
import { openAccount } from './account.ts';

describe('logging in', () => {
  it('says CERT once and then BIND once for DLV and once for REP, each on its own connection', async () => {
    const account = await openAccount();
    await account.bound();
    const { received } = account.peer;
    expect(received.map(({ line, name }) => `${line} ${name}`).sort()).toEqual(['AUTH CERT', 'DLV BIND', 'REP BIND']);
    const [cert, ...binds] = received;
    const { KEYPOS: keypos = '' }: DumbFields = cert?.fields ?? {};
    expect(Number(keypos)).toBeLessThanOrEqual(32);
    expect(cert?.fields).toEqual({
      ID: 'testid',
      PWD: encryptPassword(PASSWORD, Number(keypos)),
      VERSION: 'TV_2.0.1',
      KEYPOS: keypos,
    });
    for (const { line, fields } of binds) {
      expect(fields).toEqual({ ...cert?.fields, CERT_KEY: 'K'.repeat(64), TYPE: 'p', KIND: line });
    }
  });

  it('shows the session in its health and takes messages only from then on', async () => {
    const account = await openAccount({ isStarted: false });
    expect(account.provider.health()).toMatchObject({ healthy: false, ngs: { state: 'IDLE', inFlight: 0 } });
    expect(account.provider.vacancies()).toBe(0);
    await account.provider.start(account.inbox);
    await account.bound();
    expect(account.provider.health()).toMatchObject({
      provider: 'NGS',
      account: 'main',
      configured: true,
      healthy: true,
      simulated: false,
      ngs: { state: 'BOUND', encrypted: false, smsTps: 80, mmsTps: 30, kakaoTps: 30, inFlight: 0 },
    });
    expect(account.provider.health().ngs?.boundSince).toBeTypeOf('number');
    expect(account.provider.vacancies()).toBe(16);
  });

  it('leaves the auth connection once CERT_ACK has come', async () => {
    const account = await openAccount();
    await account.bound();
    await until(() => account.peer.open('AUTH') === 0);
    expect([account.peer.open('DLV'), account.peer.open('REP')]).toEqual([1, 1]);
  });

  it('tells those who listen that there is room, and nobody after the release', async () => {
    const account = await openAccount({ isStarted: false });
    let heard = 0;
    let heardAfterRelease = 0;
    account.provider.onChange(() => heard++);
    account.provider.onChange(() => heardAfterRelease++)();
    await account.provider.start(account.inbox);
    await account.bound();
    await until(() => heard > 0);
    expect(heardAfterRelease).toBe(0);
  });

  it('a CERT refused three times locks the account, and it stays away', async () => {
    const account = await openAccount({
      script: { cert: (line) => line.send('CERT_ACK', { RESULT: '7', SERVER_IP: '비밀번호 오류' }) },
    });
    await until(() => account.state() === 'LOCKED_OUT');
    expect(account.peer.all('CERT')).toHaveLength(3);
    expect(account.peer.all('BIND')).toHaveLength(0);
    expect(account.logged.filter(({ level }) => level === 'error').map(({ event }) => event)).toContain(
      'ngs.locked-out',
    );
    expect(account.provider.health()).toMatchObject({
      healthy: false,
      lastFault: { code: '7', text: '비밀번호 오류' },
    });
    await account.provider.stop();
    await account.provider.start(account.inbox);
    expect(account.state()).toBe('LOCKED_OUT');
  });

  it('a BIND refused three times locks the account too', async () => {
    const account = await openAccount({
      script: { bind: (line) => line.send('BIND_ACK', { RESULT: '8', MESSAGE: '접속 불가' }) },
    });
    await until(() => account.state() === 'LOCKED_OUT');
    expect(account.peer.all('CERT')).toHaveLength(3);
    await until(() => account.peer.open('DLV') + account.peer.open('REP') === 0);
  });

  it('a refusal that the table calls retriable does not count towards the lock', async () => {
    let refusals = 0;
    const account = await openAccount({
      resultCodes: { E_OK: { code: '0' }, E_SYS_BUSY: { code: '17', retriable: true } },
    });
    const behave = account.peer.script.cert;
    account.peer.script.cert = (line, fields) => {
      refusals++;
      if (refusals > 4) behave(line, fields);
      else line.send('CERT_ACK', { RESULT: '17' });
    };
    await account.bound();
    expect(account.logged.some(({ event }) => event === 'ngs.locked-out')).toBe(false);
  });

  it.each([
    ['no port', { DELIVER_PORT: '' }],
    ['a port of letters', { REPORT_PORT: 'abc' }],
    ['a port that cannot be', { REPORT_PORT: '65536' }],
    ['no address', { SERVER_IP: '' }],
    ['an address that is a sentence', { SERVER_IP: 'no server' }],
    ['no key', { CERT_KEY: '' }],
  ])('a CERT_ACK with %s ends the login without a BIND', async (_, change) => {
    const account = await openAccount({
      script: {
        cert: (line) =>
          line.send('CERT_ACK', {
            RESULT: '0',
            CERT_KEY: 'K',
            SERVER_IP: '127.0.0.1',
            DELIVER_PORT: '1',
            REPORT_PORT: '1',
            ...change,
          }),
      },
    });
    await until(() => account.peer.all('CERT').length > 1);
    expect(account.provider.health().lastFault?.code).toBe('UNREADABLE_ACK');
    expect(account.peer.all('BIND')).toEqual([]);
  });

  it('a BIND_ACK without a readable SMS_TPS is no licence to send', async () => {
    const account = await openAccount({ script: { bind: (line) => line.send('BIND_ACK', { RESULT: '0' }) } });
    await until(() => account.peer.all('CERT').length > 1);
    expect(account.provider.health().lastFault?.code).toBe('UNREADABLE_ACK');
  });

  it('a server that never answers CERT is left when the ACK time-out ends, and asked again', async () => {
    const account = await openAccount({ script: { cert() {} }, timings: { ackTimeoutMs: 30 } });
    await until(() => account.peer.all('CERT').length > 1);
    expect(account.provider.health().lastFault?.code).toBe('ACK_TIMEOUT');
  });

  it('half a CERT_ACK and then nothing ends the login', async () => {
    const account = await openAccount({
      script: {
        cert: (line) => {
          line.socket.write('1\0\0\x00125\0\0\0\0\0\0\0half');
          line.socket.end();
        },
      },
    });
    await until(() => account.peer.all('CERT').length > 1);
    expect(account.provider.health().lastFault?.code).toBe('PEER_CLOSED');
  });

  it('an address where nobody listens is tried again without end and without a throw', async () => {
    const vacated = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => vacated.once('listening', resolve));
    const { port } = vacated.address() as { port: number };
    await new Promise((resolve) => vacated.close(resolve));
    const account = await openAccount({ port });
    await until(() => account.logged.filter(({ cause }) => cause === 'CONNECT_FAILED').length >= 3);
    expect(account.provider.vacancies()).toBe(0);
  });

  it('a report before its line was bound is against the order and ends the login', async () => {
    const account = await openAccount({ script: { bind: (line) => line.name === 'REP' && line.send('REPORT') } });
    await until(() => account.peer.all('CERT').length > 1);
    expect(account.provider.health().lastFault?.code).toBe('UNEXPECTED_PACKET');
    expect(account.reports).toEqual([]);
  });

  it('never lets a password, a phone number or a text into a log record', async () => {
    const account = await openAccount();
    await account.bound();
    await account.send({ text: '비밀 안내' });
    account.peer.line('DLV').socket.destroy();
    await until(() => account.peer.all('CERT').length > 1);
    const logged = JSON.stringify(account.logged);
    for (const secret of [PASSWORD, '01020001234', '15880000', '비밀 안내', 'testid']) {
      expect(logged).not.toContain(secret);
    }
    expect(account.logged.length).toBeGreaterThan(0);
  });
});

describe('an account that passed to another process', () => {
  it('is not logged in to', async () => {
    let asked = 0;
    const account = await openAccount({ isStarted: false });
    await account.provider.start(account.inbox, () => {
      asked += 1;
      return false;
    });
    await until(() => asked > 0 && account.state() === 'BACKING_OFF');
    expect(account.peer.all('CERT')).toEqual([]);
  });

  it('sends no CERT by a connection that was made too late', async () => {
    // Asked before it connects, and once more when it has.
    const answers = [true];
    const account = await openAccount({ isStarted: false });
    await account.provider.start(account.inbox, () => answers.shift() ?? false);
    await until(() => account.logged.some((record) => record['cause'] === 'NOT_OWNER'));
    expect(account.peer.all('CERT')).toEqual([]);
  });

  it('is bound no more where it passed on between CERT and BIND', async () => {
    // Twice for the CERT.
    const answers = [true, true];
    const account = await openAccount({ isStarted: false });
    await account.provider.start(account.inbox, () => answers.shift() ?? false);
    await until(() => account.logged.some((record) => record['cause'] === 'NOT_OWNER'));
    expect(account.peer.all('CERT')).toHaveLength(1);
    expect(account.peer.all('BIND')).toEqual([]);
  });

  it('gets no DELIVER, and says of each that not a byte left', async () => {
    let isOwner = true;
    const account = await openAccount({ isStarted: false });
    await account.provider.start(account.inbox, () => isOwner);
    await account.bound();
    const before = account.send();
    expect(await before).toMatchObject({ outcome: 'ACCEPTED' });
    const late = account.send();
    // Handed in, and not yet written: that happens in a later turn.
    isOwner = false;
    expect(await late).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable: true, fault: { code: 'NOT_OWNER' } });
    expect(account.peer.all('DELIVER')).toHaveLength(1);
  });

  it('is let go of at once where there is no time to wait for answers', async () => {
    const account = await openAccount({ script: { deliver() {} }, timings: { drainTimeoutMs: 3_600_000 } });
    await account.bound();
    const sent = account.send();
    await until(() => account.peer.all('DELIVER').length === 1);
    const hurry = new AbortController();
    const stopped = account.provider.stop(hurry.signal);
    hurry.abort();
    await stopped;
    expect(await sent).toMatchObject({ outcome: 'UNKNOWN' });
    await until(() => account.peer.open('DLV') + account.peer.open('REP') === 0);
  });
});

describe('stopping', () => {
  it('leaves no connection behind and does not come back', async () => {
    const account = await openAccount();
    await account.bound();
    await account.provider.stop();
    await until(() => account.peer.open('DLV') + account.peer.open('REP') === 0);
    expect(account.state()).toBe('STOPPED');
    expect(account.provider.vacancies()).toBe(0);
    expect(await account.send()).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable: true });
    expect(account.peer.all('CERT')).toHaveLength(1);
  });

  it('works while connecting', async () => {
    const account = await openAccount({ script: { cert() {} } });
    expect(account.state()).toBe('CERTIFYING');
    await account.provider.stop();
    expect(account.state()).toBe('STOPPED');
    await until(() => account.peer.open('AUTH') === 0);
  });

  it('works while binding', async () => {
    const account = await openAccount({ script: { bind() {} } });
    await until(() => account.state() === 'BINDING');
    await account.provider.stop();
    await until(() => account.peer.open('DLV') + account.peer.open('REP') + account.peer.open('AUTH') === 0);
  });

  it('works while backing off, and a new start logs in again', async () => {
    const account = await openAccount({
      script: { cert: (line) => line.socket.destroy() },
      timings: { reconnectFloorMs: 60_000, reconnectCeilingMs: 60_000 },
    });
    await until(() => account.state() === 'BACKING_OFF');
    await account.provider.stop();
    await account.provider.start(account.inbox);
    // The floor holds over a restart as well: the server counts logins, not our reasons.
    expect(account.state()).toBe('BACKING_OFF');
    expect(account.peer.all('CERT')).toHaveLength(1);
  });

  it('a start during a stop logs in once the stop is through', async () => {
    const account = await openAccount();
    await account.bound();
    const stopped = account.provider.stop();
    await account.provider.start(account.inbox);
    await stopped;
    await account.bound();
    await until(() => account.peer.open('DLV') === 1 && account.peer.open('REP') === 1);
    expect(account.peer.all('CERT')).toHaveLength(2);
  });

  it('waits for the answer of what is in flight', async () => {
    const account = await openAccount({ timings: { drainTimeoutMs: 10_000 } });
    await account.bound();
    let answer = () => {};
    account.peer.script.deliver = (line, { DA_ADDR = '', SERIAL = '' }) => {
      answer = () => line.send('DELIVER_ACK', { RESULT: '0', DA_ADDR, SERIAL });
    };
    const sent = account.send();
    await until(() => account.peer.all('DELIVER').length === 1);
    const stopped = account.provider.stop();
    expect(account.provider.vacancies()).toBe(0);
    answer();
    expect(await sent).toMatchObject({ outcome: 'ACCEPTED' });
    await stopped;
  });

  it('gives up on an answer that does not come, and says UNKNOWN', async () => {
    const account = await openAccount({ script: { deliver() {} }, timings: { drainTimeoutMs: 20 } });
    await account.bound();
    const sent = account.send();
    await until(() => account.peer.all('DELIVER').length === 1);
    await account.provider.stop();
    expect(await sent).toMatchObject({ outcome: 'UNKNOWN' });
  });
});
