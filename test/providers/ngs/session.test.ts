import { describe, expect, it } from 'vitest';
import { dumbPacket, header } from '../../support/ngs-bytes.ts';
import { until } from '../../support/until.ts';
import { openAccount, type TestAccount } from './account.ts';

const cause = ({ provider }: TestAccount) => provider.health().lastFault?.code;
const relogin = ({ peer }: TestAccount, logins = 2) => until(() => peer.all('CERT').length >= logins);

describe.each([
  { mode: 'plain', encrypted: false },
  { mode: 'encrypted', encrypted: true },
])('in $mode mode,', ({ encrypted }) => {
  const open: typeof openAccount = (given) => openAccount({ encrypted, ...given });

  describe('losing a session', () => {
    it.each(['DLV', 'REP'] as const)('when only %s drops, both are closed and the login begins anew', async (lost) => {
      const account = await open({ timings: { reconnectFloorMs: 60_000, reconnectCeilingMs: 60_000 } });
      await account.bound();
      account.peer.line(lost).socket.destroy();
      await until(() => account.peer.open('DLV') + account.peer.open('REP') === 0);
      expect(account.state()).toBe('BACKING_OFF');
      expect(account.provider.vacancies()).toBe(0);
      expect(account.provider.health()).toMatchObject({ healthy: false });
      expect(account.provider.health().detail).toMatch(/^PEER_CLOSED, next login at 2/);
    });

    it('comes back by itself with CERT and both BINDs, not before the floor', async () => {
      const floorMs = 150;
      const account = await open({ timings: { reconnectFloorMs: floorMs, reconnectCeilingMs: floorMs } });
      await account.bound();
      const droppedAtMs = performance.now();
      account.peer.line('DLV').socket.destroy();
      await relogin(account);
      await account.bound();
      const [, again] = account.peer.all('CERT');
      // A lower bound is a fact, however slow the machine.
      expect((again?.atMs ?? 0) - droppedAtMs).toBeGreaterThanOrEqual(floorMs);
      expect(account.peer.all('BIND')).toHaveLength(4);
      expect(await account.send()).toMatchObject({ outcome: 'ACCEPTED' });
    });

    it('a DELIVER without an ACK is UNKNOWN, ends both sessions and is never sent again', async () => {
      const account = await open({ script: { deliver() {} }, timings: { ackTimeoutMs: 40 } });
      await account.bound();
      expect(await account.send()).toMatchObject({ outcome: 'UNKNOWN', fault: { provider: 'NGS', code: 'ACK_LOST' } });
      expect(cause(account)).toBe('DELIVER_UNANSWERED');
      await relogin(account);
      await account.bound();
      expect(account.peer.all('DELIVER')).toHaveLength(1);
    });

    it('a drop with a full window makes all that was written UNKNOWN and hands back all that was not', async () => {
      const account = await open({ script: { deliver() {} }, window: 4 });
      await account.bound();
      const sent = Array.from({ length: 7 }, () => account.send());
      await until(() => account.peer.all('DELIVER').length === 4);
      expect(account.provider.health().ngs?.inFlight).toBe(4);
      account.peer.line('REP').socket.destroy();
      const outcomes = (await Promise.all(sent)).map((result) => result.outcome);
      expect(outcomes).toEqual([...Array(4).fill('UNKNOWN'), ...Array(3).fill('NOT_ACCEPTED')]);
      expect(account.provider.health().ngs?.inFlight).toBe(0);
    });

    it('an ACK that came in time is seen, though the loop was too busy to read it', async () => {
      const ackTimeoutMs = 30;
      const account = await open({ timings: { ackTimeoutMs } });
      const { deliver } = account.peer.script;
      account.peer.script.deliver = (line, fields) => {
        deliver(line, fields);
        const blockedUntilMs = performance.now() + 3 * ackTimeoutMs;
        while (performance.now() < blockedUntilMs);
      };
      await account.bound();
      expect(await account.send()).toMatchObject({ outcome: 'ACCEPTED' });
      expect(account.peer.all('CERT')).toHaveLength(1);
    });

    it('a server that sends reports and reads no acknowledgement is left before it fills our memory', async () => {
      const account = await open();
      await account.bound();
      const { socket, pack } = account.peer.line('REP');
      socket.pause();
      const batch = Buffer.concat(Array(1_000).fill(pack('REPORT', { RESULT: '0' })));
      await until(() => {
        if (socket.writableLength < batch.length) for (let i = 0; i < 10; i++) socket.write(batch);
        return cause(account) === 'PEER_NOT_READING';
      });
    });

    it('a frame that stalls halfway ends both sessions', async () => {
      const account = await open({ timings: { ackTimeoutMs: 40 } });
      await account.bound();
      const { socket, pack } = account.peer.line('REP');
      socket.write(pack('REPORT').subarray(0, 50));
      await until(() => cause(account) === 'STALLED_FRAME');
      await relogin(account);
    });

    it('a frame that drips one byte at a time stalls as well', async () => {
      const account = await open({ timings: { ackTimeoutMs: 60 } });
      await account.bound();
      const { socket, pack } = account.peer.line('REP');
      const bytes = pack('REPORT');
      let at = 0;
      await until(() => {
        socket.write(bytes.subarray(at, ++at));
        return cause(account) === 'STALLED_FRAME' || at > 100;
      });
      expect(cause(account)).toBe('STALLED_FRAME');
    });

    it.each([
      ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
      ['a length that lies', Buffer.from('22\0\x009999999999')],
      ['a packet for the other session', dumbPacket('REPORT')],
      ['a packet that only clients send', dumbPacket('LINK')],
      // As long as the other mode has it.
      ['a packet of the other TYPE', header('22', encrypted ? '44' : '48')],
    ])('%s on DLV ends both sessions and throws nothing', async (_, bytes) => {
      const account = await open();
      await account.bound();
      account.peer.line('DLV').socket.write(bytes);
      await relogin(account);
      expect(cause(account)).toBe('WIRE_FAULT');
      await account.bound();
    });

    it('two BIND_ACKs on one session do not stand for both', async () => {
      const account = await open();
      const { bind } = account.peer.script;
      account.peer.script.bind = (line, fields) => {
        if (line.name === 'REP') return;
        bind(line, fields);
        bind(line, fields);
      };
      await relogin(account);
      expect(cause(account)).toBe('UNEXPECTED_PACKET');
      expect(account.logged.some(({ event }) => event === 'ngs.bound')).toBe(false);
    });

    it('a second BIND_ACK on a bound session is against the order', async () => {
      const account = await open();
      await account.bound();
      account.peer.line('DLV').send('BIND_ACK', { RESULT: '0', SMS_TPS: '80', MMS_TPS: '30', KKO_TPS: '30' });
      await relogin(account);
      expect(cause(account)).toBe('UNEXPECTED_PACKET');
    });
  });

  describe('being kicked', () => {
    const slow = { reconnectFloorMs: 1, reconnectCeilingMs: 1, kickedFloorMs: 60_000, kickedCeilingMs: 60_000 };

    it('a drop right after BIND means a second login elsewhere: a long wait and an alarm', async () => {
      const account = await open({ timings: { ...slow, kickedWithinMs: 60_000 } });
      await account.bound();
      account.peer.line('DLV').socket.destroy();
      await until(() => account.state() === 'BACKING_OFF');
      expect(account.logged).toContainEqual(expect.objectContaining({ level: 'error', kind: 'KICKED' }));
      expect(account.peer.all('CERT')).toHaveLength(1);
    });

    it('EVENT 0 right after BIND means the same', async () => {
      const account = await open({ timings: { ...slow, kickedWithinMs: 60_000, closingGraceMs: 1 } });
      await account.bound();
      account.peer.line('REP').send('EVENT', { TYPE: '0', DATA: '중복 접속' });
      await until(() => account.state() === 'BACKING_OFF');
      expect(account.logged).toContainEqual(expect.objectContaining({ level: 'error', kind: 'KICKED' }));
    });

    it('EVENT 0 right after BIND counts as that, however long the server then takes to close', async () => {
      const account = await open({ timings: { ...slow, kickedWithinMs: 400, closingGraceMs: 500 } });
      const { bind } = account.peer.script;
      account.peer.script.bind = (line, fields) => {
        bind(line, fields);
        if (line.name === 'DLV') void account.bound().then(() => line.send('EVENT', { TYPE: '0' }));
      };
      await until(() => account.state() === 'BACKING_OFF');
      expect(account.logged).toContainEqual(expect.objectContaining({ level: 'error', kind: 'KICKED' }));
    });

    it('a drop of one session between the two BIND_ACKs means the same', async () => {
      const account = await open({ timings: { ...slow, kickedWithinMs: 60_000 } });
      const { bind } = account.peer.script;
      account.peer.script.bind = (line, fields) => {
        if (line.name === 'DLV') bind(line, fields);
        else setTimeout(() => line.socket.destroy(), 20);
      };
      await until(() => account.state() === 'BACKING_OFF');
      expect(account.logged).toContainEqual(expect.objectContaining({ kind: 'KICKED' }));
    });

    it('a drop later than that is an ordinary loss', async () => {
      const account = await open({ timings: { ...slow, kickedWithinMs: 0 } });
      await account.bound();
      account.peer.line('DLV').socket.destroy();
      await relogin(account);
      expect(account.logged.some(({ kind }) => kind === 'KICKED')).toBe(false);
    });
  });

  describe('keeping alive', () => {
    it('says LINK on each session when it was idle, and stays bound while it is answered', async () => {
      const account = await open({ timings: { linkIdleMs: 15 } });
      await account.bound();
      const links = (line: string) => account.peer.all('LINK').filter((each) => each.line === line).length;
      await until(() => links('DLV') >= 3 && links('REP') >= 3);
      expect(account.state()).toBe('BOUND');
      expect(account.peer.all('CERT')).toHaveLength(1);
    });

    it('a LINK without LINK_ACK ends both sessions', async () => {
      const account = await open({ timings: { linkIdleMs: 15, ackTimeoutMs: 30 }, script: { link() {} } });
      await account.bound();
      await relogin(account);
      expect(cause(account)).toBe('ACK_TIMEOUT');
    });

    it('says no LINK where packets arrive', async () => {
      const account = await open({ timings: { linkIdleMs: 60_000 } });
      await account.bound();
      await account.send();
      expect(account.peer.all('LINK')).toEqual([]);
    });

    it('takes a LINK_ACK whose MsgLeng is empty', async () => {
      const account = await open({
        timings: { linkIdleMs: 15 },
        script: { link: (line) => line.socket.write(Buffer.from('42'.padEnd(14, '\0'))) },
      });
      await account.bound();
      await until(() => account.peer.all('LINK').length >= 4);
      expect(account.state()).toBe('BOUND');
    });
  });

  describe('events', () => {
    it.each(['DLV', 'REP'] as const)('EVENT 1 on %s changes the limits at once', async (line) => {
      const account = await open();
      await account.bound();
      account.peer.line(line).send('EVENT', { TYPE: '1', DATA: '5,3,2' });
      await until(() => account.provider.health().ngs?.smsTps === 5);
      expect(account.provider.health().ngs).toMatchObject({ mmsTps: 3, kakaoTps: 2, lastEvent: '1 5,3,2' });
      expect(account.provider.vacancies()).toBe(5);
    });

    it.each(['', '80', '80,30', '80,30,30,30', '-1,30,30', 'a,b,c', '99999,1,1', '80,,30'])(
      'EVENT 1 with the DATA %j keeps the old limits',
      async (DATA) => {
        const account = await open();
        await account.bound();
        account.peer.line('DLV').send('EVENT', { TYPE: '1', DATA });
        await until(() => account.logged.some(({ event }) => event === 'ngs.event-ignored'));
        expect(account.provider.health().ngs).toMatchObject({ state: 'BOUND', smsTps: 80, mmsTps: 30, kakaoTps: 30 });
      },
    );

    it('an EVENT of a type that the document does not name changes nothing', async () => {
      const account = await open();
      await account.bound();
      account.peer.line('DLV').send('EVENT', { TYPE: '7', DATA: '1,1,1' });
      await until(() => account.logged.some(({ event }) => event === 'ngs.event-ignored'));
      expect(account.provider.health().ngs).toMatchObject({ state: 'BOUND', smsTps: 80 });
    });

    it('EVENT 0 stops the sending, lets answers on their way arrive, and then logs in anew', async () => {
      const account = await open({ script: { deliver() {} }, timings: { closingGraceMs: 200 } });
      await account.bound();
      const sent = account.send();
      await until(() => account.peer.all('DELIVER').length === 1);
      const [deliver] = account.peer.all('DELIVER');
      const line = account.peer.line('DLV');
      line.send('EVENT', { TYPE: '0', DATA: '점검' });
      await until(() => account.provider.vacancies() === 0);
      expect(await account.send()).toMatchObject({ outcome: 'NOT_ACCEPTED', retriable: true });
      line.send('DELIVER_ACK', { ...deliver?.fields, RESULT: '0' });
      expect(await sent).toMatchObject({ outcome: 'ACCEPTED' });
      await relogin(account);
      expect(cause(account)).toBe('SERVER_CLOSING');
      expect(account.peer.all('DELIVER')).toHaveLength(1);
    });

    it('EVENT 0 before BIND_ACK ends the login', async () => {
      const account = await open({ script: { bind: (line) => line.send('EVENT', { TYPE: '0', DATA: '점검' }) } });
      await relogin(account);
      expect(cause(account)).toBe('SERVER_CLOSING');
    });
  });
});
