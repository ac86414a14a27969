import { describe, expect, it } from 'vitest';
import vectors from '../contract/vectors.json' with { type: 'json' };
import {
  ACCOUNT,
  ackOf,
  bindPacket,
  type CertFields,
  certify,
  certPacket,
  type DeliverFields,
  deliverPacket,
  dial,
  LINK,
  logIn,
  packet,
  pad,
  passwordField,
  reportAckPacket,
  reportOf,
} from '../support/ngs-sim-client.ts';
import { startNgsSimulator as startSimulator } from '../support/ngs-simulator.ts';
import { until } from '../support/until.ts';

describe('CERT at the NGS simulator', () => {
  it('answers 125 bytes with a 64-character key, the address and two ports', async () => {
    const { port } = await startSimulator();
    const line = await dial(port);
    line.write(certPacket());
    const ack = await line.next();
    expect([ack.headType, ack.body.length, ack.text(0, 4), ack.text(69, 40)]).toEqual(['1', 125, '0', '127.0.0.1']);
    expect(ack.text(4, 65)).toMatch(/^[A-Za-z0-9+/]{64}$/);
    expect(Number(ack.text(109, 8))).toBeGreaterThan(0);
    expect(Number(ack.text(117, 8))).toBeGreaterThan(0);
    await line.whenClosed();
  });

  it.each(Object.entries(vectors.ngs.pwd))('accepts the golden PWD of KEYPOS %s', async (keypos, pwd) => {
    const { port } = await startSimulator();
    const line = await dial(port);
    line.write(certPacket({ keypos, pwd }));
    expect((await line.next()).text(0, 4)).toBe('0');
  });

  it.each<[string, CertFields, string]>([
    ['another ID', { id: 'other' }, '91'],
    ['a wrong password', { pwd: passwordField('wrong', 12) }, '91'],
    ['a PWD made with another KEYPOS', { pwd: passwordField(ACCOUNT.password, 11) }, '91'],
    ['another VERSION', { version: 'TV_2.0.0' }, '92'],
    ['KEYPOS 65', { keypos: '65', pwd: passwordField(ACCOUNT.password, 64) }, '93'],
    ['a KEYPOS that is no number', { keypos: 'x', pwd: '' }, '93'],
  ])('refuses %s with a reason and no ports, then hangs up', async (_, fields, result) => {
    const { port, events } = await startSimulator();
    const line = await dial(port);
    line.write(certPacket(fields));
    const ack = await line.next();
    expect([ack.headType, ack.text(0, 4), ack.text(4, 65), ack.text(109, 8)]).toEqual(['1', result, '', '']);
    expect(ack.text(69, 40)).not.toBe('');
    expect(events('CERT')).toMatchObject([{ outcome: 'REFUSED' }]);
    await line.whenClosed();
  });

  it('refuses a second CERT within 3 seconds, and takes one after them', async () => {
    const { port, clock } = await startSimulator();
    await certify(port);
    clock.at += 2999;
    await expect(certify(port)).rejects.toThrow('CERT within 3000 ms');
    clock.at += 3000;
    await certify(port);
  });

  it('hangs up on a connection that stays silent', async () => {
    const { port, events } = await startSimulator({ loginDeadlineMs: 1 });
    await (await dial(port)).whenClosed();
    expect(events('CERT connection')).toMatchObject([{ reason: 'no CERT or BIND in time' }]);
  });

  it.each([
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a packet of another port', LINK],
    ['a header padded with spaces', Buffer.concat([Buffer.from('0   149       '), Buffer.alloc(149)])],
    ['a length of another packet', packet('0', [['x', 150]])],
    ['a length that is none', Buffer.concat([pad('0', 4), pad('-1', 10)])],
    ['bytes behind the NUL of a header', Buffer.concat([Buffer.from('0\0\x001'), pad('149', 10), Buffer.alloc(149)])],
  ])('hangs up on %s without an answer', async (_, bytes) => {
    const { port } = await startSimulator();
    const line = await dial(port);
    line.write(bytes);
    await line.whenClosed();
    expect(line.answers).toEqual([]);
  });

  it('refuses a field with bytes behind its NUL, and one without any NUL', async () => {
    for (const [at, reason] of [
      [14 + 19, 'ID has bytes behind its NUL.'],
      [14 + 148, 'KEYPOS has bytes behind its NUL.'],
    ] as const) {
      const { port } = await startSimulator();
      const line = await dial(port);
      const bytes = certPacket();
      bytes.write('x', at);
      line.write(bytes);
      const ack = await line.next();
      expect([ack.text(0, 4), ack.text(69, 40)]).toEqual(['90', reason]);
    }
    const { port } = await startSimulator();
    const line = await dial(port);
    line.write(certPacket({ id: 'x'.repeat(20) }));
    expect((await line.next()).text(69, 40)).toBe('ID has no NUL behind its content.');
  });
});

describe('BIND at the NGS simulator', () => {
  it('answers 59 bytes with the TPS of each class', async () => {
    const { port } = await startSimulator({ tps: { sms: 20 } });
    const { dlv, rep } = await logIn(port);
    for (const { answers } of [dlv, rep]) {
      const [ack] = answers;
      expect(ack?.body.length).toBe(59);
      expect([ack?.text(4, 5), ack?.text(9, 5), ack?.text(14, 5)]).toEqual(['20', '30', '30']);
    }
  });

  it.each<[string, CertFields & { type?: string; certKey?: string; kind?: string }, string]>([
    ['another CERT_KEY', { certKey: 'A'.repeat(64) }, '95'],
    ['the KIND of the other port', { kind: 'REP' }, '96'],
    ['an unknown KIND', { kind: 'DL' }, '96'],
    ['an unknown TYPE', { type: 'x' }, '97'],
    ['a wrong password', { pwd: passwordField('wrong', 12) }, '91'],
    ['another VERSION', { version: '2.0.1' }, '92'],
  ])('refuses %s with a reason and hangs up', async (_, { certKey, kind, ...changes }, result) => {
    const { port } = await startSimulator();
    const certificate = await certify(port);
    const line = await dial(certificate.deliverPort);
    line.write(bindPacket(kind ?? 'DLV', certKey ?? certificate.certKey, changes));
    const ack = await line.next();
    expect([ack.headType, ack.text(0, 4)]).toEqual(['12', result]);
    expect(ack.text(19, 40)).not.toBe('');
    await line.whenClosed();
  });

  it('refuses a BIND without CERT, one that comes too late, and a CERT_KEY used before', async () => {
    const { port, clock } = await startSimulator();
    const first = await certify(port);
    clock.at += 5001;
    const late = await dial(first.deliverPort);
    late.write(bindPacket('DLV', first.certKey));
    expect((await late.next()).text(19, 40)).toBe('CERT_KEY has expired: CERT again');

    const { dlv, certificate } = await logIn(port);
    dlv.socket.destroy();
    const again = async () => {
      const line = await dial(certificate.deliverPort);
      line.write(bindPacket('DLV', certificate.certKey));
      return (await line.next()).text(19, 40);
    };
    await until(async () => (await again()) === 'CERT_KEY was used: CERT again');
  });

  it('ends both sessions with EVENT 0 when the same ID binds the same KIND twice', async () => {
    const { port, simulator } = await startSimulator();
    const { certificate, dlv, rep } = await logIn(port);
    const twin = await dial(certificate.deliverPort);
    twin.write(bindPacket('DLV', certificate.certKey));
    for (const line of [dlv, twin]) {
      const event = await line.next();
      expect([event.headType, event.body.length, event.text(0, 2)]).toEqual(['51', 90, '0']);
      expect(event.text(2, 88)).toBe('ID is bound twice as DLV');
      await line.whenClosed();
    }
    expect(rep.closed).toBe(false);
    expect(simulator.ledger.entries({ event: 'DLV session' })).toMatchObject([{ outcome: 'CLOSED' }]);
  });

  it('hangs up on DELIVER before BIND and on BIND after BIND', async () => {
    const { port } = await startSimulator();
    const { dlv, certificate } = await logIn(port);
    const early = await dial(certificate.deliverPort);
    early.write(deliverPacket());
    await early.whenClosed();
    expect(early.answers).toEqual([]);
    dlv.write(bindPacket('DLV', certificate.certKey));
    expect((await dlv.next()).headType).toBe('51');
    await dlv.whenClosed();
  });
});

describe('DELIVER at the NGS simulator', () => {
  it('takes the golden packet, cut at every byte, and acknowledges it with its SERIAL', async () => {
    const { port, events } = await startSimulator();
    const { dlv } = await logIn(port);
    dlv.socket.setNoDelay(true);
    for (const byte of Buffer.from(vectors.ngs.deliverSms.plainPacketHex, 'hex')) dlv.write(Buffer.of(byte));
    const ack = await dlv.next();
    expect(ack.body.length).toBe(44);
    expect(ackOf(ack)).toEqual(['22', '0', '202112310012345']);
    expect(ack.text(4, 20)).toBe('01020001234');
    expect(events('DELIVER')).toMatchObject([
      {
        outcome: 'TAKEN',
        reference: '202112310012345',
        fields: { msgType: 'S', to: '01020001234', from: '15880000', text: 'SMS 테스트 발송 입니다.', encoding: '0' },
      },
    ]);
  });

  it('takes packets glued together, in order, and the same SERIAL twice: nothing promises that it would not', async () => {
    const { port, events } = await startSimulator();
    const { dlv } = await logIn(port);
    const serials = ['a1', 'a2', 'a2', 'A3'];
    dlv.write(Buffer.concat([LINK, ...serials.map((serial) => deliverPacket({ serial })), LINK]));
    const seen = [];
    for (let i = 0; i < 6; i += 1) seen.push((await dlv.next()).headType);
    expect(seen).toEqual(['42', '22', '22', '22', '22', '42']);
    expect(events('DELIVER').map((entry) => entry.reference)).toEqual(serials);
  });

  it.each<[string, DeliverFields, string]>([
    ['an unknown MSGTYPE', { msgType: 'X' }, '20'],
    ['a MSGTYPE that the document postpones', { msgType: 's' }, '20'],
    ['hyphens in DA_ADDR', { to: '010-2000-1234' }, '21'],
    ['a DA_ADDR that is no mobile', { to: '0212345678' }, '21'],
    ['hyphens in CALLBACK', { from: '1588-0000' }, '22'],
    ['an unregistered CALLBACK', { from: '15889999' }, '22'],
    ['an unknown ENCODING', { encoding: '2' }, '23'],
    ['91 bytes of TEXT', { text: `${'가'.repeat(45)}x` }, '24'],
    ['an empty TEXT', { text: '' }, '24'],
    ['half a character', { text: Buffer.concat([Buffer.of(0x41, 0xb0), Buffer.alloc(139)]) }, '24'],
    ['EUC-KR bytes called UTF-8', { encoding: '1', text: '가' }, '24'],
    ['a SENDER_CODE of 8 digits', { senderCode: '10128009' }, '25'],
    ['a MEDIACNT for SMS', { mediaCnt: '1' }, '26'],
    ['no MEDIACNT', { mediaCnt: '' }, '26'],
    ['an EXT_SIZE of neither kind', { extSize: '11', tail: pad('x', 11) }, '27'],
    ['an empty EXTENTION', { extSize: '10', tail: Buffer.alloc(10) }, '27'],
    ['an EXTENTION that is too short', { extSize: '16', tail: pad('82', 10) }, '27'],
    ['bytes that nothing announced', { tail: Buffer.alloc(3) }, '90'],
  ])('does not take %s: a code, and no REPORT', async (_, fields, result) => {
    const { port, simulator, events } = await startSimulator();
    const { dlv } = await logIn(port);
    dlv.write(deliverPacket({ serial: 'S1', ...fields }));
    expect(ackOf(await dlv.next())).toEqual(['22', result, 'S1']);
    expect(events('DELIVER')).toMatchObject([{ outcome: 'REFUSED', fields: { result } }]);
    expect(simulator.waitingReports).toBe(0);
    dlv.write(deliverPacket({ serial: 'S2' }));
    expect(ackOf(await dlv.next())).toEqual(['22', '0', 'S2']);
  });

  it('takes exactly 90 bytes, syllables outside KS X 1001, UTF-8 where ENCODING says so, and a literal ?', async () => {
    const { port, events } = await startSimulator();
    const { dlv } = await logIn(port);
    const utf8 = Buffer.alloc(141);
    utf8.write('안녕');
    const texts: [string | Buffer, string][] = [
      ['가'.repeat(45), '0'],
      ['뷁똠?', '0'],
      [utf8, '1'],
    ];
    for (const [text, encoding] of texts) {
      dlv.write(deliverPacket({ text, encoding }));
      expect((await dlv.next()).text(0, 4)).toBe('0');
    }
    expect(events('DELIVER').map((entry) => entry.fields)).toMatchObject([
      { text: '가'.repeat(45) },
      { text: '뷁똠?' },
      { text: '안녕' },
    ]);
  });

  it.each<[string, Buffer]>([
    ['TEXT with bytes behind its NUL', deliverPacket({ text: Buffer.concat([pad('x', 140), Buffer.from('y')]) })],
    ['TEXT padded with spaces', deliverPacket({ text: Buffer.alloc(141, ' ') })],
    ['no SERIAL', deliverPacket({ serial: '' })],
    ['a SERIAL of 20 bytes', deliverPacket({ serial: '1'.repeat(20) })],
    ['a SERIAL with a space', deliverPacket({ serial: 'a b' })],
    ['a body that is too short', packet('21', [['S', 220]])],
    ['a body longer than any', Buffer.concat([pad('21', 4), pad('9999999999', 10)])],
    ['REPORT_ACK on the DLV session', packet('32', [['0', 40]])],
  ])('ends the session for %s, and takes nothing', async (_, bytes) => {
    const { port, events } = await startSimulator();
    const { dlv } = await logIn(port);
    dlv.write(bytes);
    const event = await dlv.next();
    expect([event.headType, event.text(0, 2)]).toEqual(['51', '0']);
    await dlv.whenClosed();
    await until(() => events('DLV session').length > 0);
    expect(events('DELIVER')).toEqual([]);
    expect(events('DLV session')).toMatchObject([{ outcome: 'CLOSED', reason: event.text(2, 88) }]);
  });

  it('takes no more than the TPS in any second, and takes again as the second slides', async () => {
    const { port, clock } = await startSimulator({ tps: { sms: 3 } });
    const { dlv } = await logIn(port);
    const results: string[] = [];
    for (const stepMs of [0, 400, 0, 0, 599, 1, 0, 400]) {
      clock.at += stepMs;
      dlv.write(deliverPacket());
      results.push((await dlv.next()).text(0, 4));
    }
    expect(results).toEqual(['0', '0', '0', '19', '19', '0', '19', '0']);
  });

  it('tells a new TPS by EVENT 1 and holds to it', async () => {
    const { port, simulator } = await startSimulator();
    const { dlv } = await logIn(port);
    simulator.configure({ tps: { sms: 1 } });
    const event = await dlv.next();
    expect([event.headType, event.text(0, 2), event.text(2, 88)]).toEqual(['51', '1', '1,30,30']);
    dlv.write(Buffer.concat([deliverPacket(), deliverPacket()]));
    expect([(await dlv.next()).text(0, 4), (await dlv.next()).text(0, 4)]).toEqual(['0', '19']);
  });
});

describe('REPORT from the NGS simulator', () => {
  const ack = (answer: { text(offset: number, size: number): string }, result = '0') =>
    reportAckPacket(answer.text(39, 20), answer.text(59, 16), result);

  it('comes on the REP session with all fields and waits for its ACK', async () => {
    const { port, simulator, events } = await startSimulator();
    const { dlv, rep } = await logIn(port);
    dlv.write(deliverPacket());
    const report = await rep.next();
    expect(reportOf(report)).toEqual({
      headType: '31',
      bytes: 94,
      result: '0',
      message: '',
      to: '01020001234',
      serial: '202112310012345',
      gwSerial: expect.stringMatching(/^260302\d{9}$/),
      sendTime: '20260302120405',
      telcoInfo: 'KT',
    });
    expect(simulator.waitingReports).toBe(1);
    rep.write(ack(report));
    await until(() => simulator.waitingReports === 0);
    expect(events('REPORT_ACK')).toMatchObject([{ outcome: 'TAKEN', reference: '202112310012345' }]);
  });

  it('waits for a REP session, goes out first on the next, and again until its ACK comes', async () => {
    const { port, simulator, clock } = await startSimulator();
    const first = await logIn(port);
    first.rep.socket.destroy();
    await until(() => simulator.ledger.entries({ event: 'REP session' }).length === 1);
    for (const serial of ['R1', 'R2']) first.dlv.write(deliverPacket({ serial }));
    await until(() => simulator.waitingReports === 2);

    const bindReport = async () => {
      clock.at += 3000;
      const { certKey, reportPort } = await certify(port);
      const rep = await dial(reportPort);
      rep.write(bindPacket('REP', certKey));
      await rep.next();
      return rep;
    };
    const second = await bindReport();
    const answers = [await second.next(), await second.next()];
    expect(answers.map((answer) => reportOf(answer).serial)).toEqual(['R1', 'R2']);
    second.write(ack(answers[0] as (typeof answers)[0]));
    await until(() => simulator.waitingReports === 1);
    second.socket.destroy();
    await until(() => simulator.ledger.entries({ event: 'REP session' }).length === 2);

    const third = await bindReport();
    const again = await third.next();
    expect(reportOf(again)).toEqual(reportOf(answers[1] as (typeof answers)[1]));
    third.write(ack(again));
    await until(() => simulator.waitingReports === 0);
  });

  it('goes over to a new REP session while the one before is still on its way out', async () => {
    const { port, simulator, clock } = await startSimulator();
    const first = await logIn(port);
    simulator.sendReport({ serial: 'MOVED' });
    await first.rep.next();
    // Never reads its end, so that the connection stays half open.
    first.rep.socket.pause();
    clock.at += 3000;
    const { certKey, reportPort } = await certify(port);
    const second = await dial(reportPort);
    expect(simulator.kick('REP')).toBe(1);
    second.write(bindPacket('REP', certKey));
    expect((await second.next()).text(0, 4)).toBe('0');
    expect(reportOf(await second.next()).serial).toBe('MOVED');
  });

  it('ends the REP session when no ACK comes, or only a refusal', async () => {
    const { port, simulator } = await startSimulator({ ackTimeoutMs: 30 });
    const { dlv, rep } = await logIn(port);
    dlv.write(deliverPacket());
    rep.write(ack(await rep.next(), '16'));
    const event = await rep.next();
    expect([event.headType, event.text(2, 88)]).toEqual(['51', 'no REPORT_ACK in time']);
    await rep.whenClosed();
    expect(simulator.waitingReports).toBe(1);
  });

  it.each([
    ['01099990001', { result: '30', telcoInfo: 'ETC' }],
    ['01099990003', { result: '0', message: 'SS' }],
  ])('for %s ends as its number says', async (to, expected) => {
    const { port } = await startSimulator();
    const { dlv, rep } = await logIn(port);
    dlv.write(deliverPacket({ to }));
    expect(reportOf(await rep.next())).toMatchObject(expected);
  });

  it('comes never, twice, or before the DELIVER_ACK for the numbers that say so', async () => {
    const { port, simulator } = await startSimulator();
    const { dlv, rep } = await logIn(port);
    dlv.write(deliverPacket({ to: '01099990002', serial: 'NEVER' }));
    await dlv.next();
    expect(simulator.waitingReports).toBe(0);
    dlv.write(deliverPacket({ to: '01099990004', serial: 'TWICE' }));
    const twins = [await rep.next(), await rep.next()].map(reportOf);
    expect(twins[0]).toEqual(twins[1]);
    expect(twins[0]?.serial).toBe('TWICE');
    await dlv.next();
    dlv.write(deliverPacket({ to: '01099990005', serial: 'EARLY' }));
    const [report, late] = [await rep.next(), await dlv.next()];
    expect(reportOf(report).serial).toBe('EARLY');
    expect(ackOf(late)).toEqual(['22', '0', 'EARLY']);
    expect(report.arrival).toBeLessThan(late.arrival);
  });

  it('goes out as it is told, for strangers, duplicates and bursts', async () => {
    const { port, simulator } = await startSimulator();
    const { rep } = await logIn(port);
    const sent = simulator.sendReport({
      serial: 'STRANGER',
      result: 'E_TPS_OVER',
      message: 'K2103,TS',
      telcoInfo: 'KKO',
    });
    expect(reportOf(await rep.next())).toMatchObject({ ...sent, result: '19', message: 'K2103,TS' });
    simulator.sendReport(sent);
    expect(reportOf(await rep.next())).toMatchObject({ serial: 'STRANGER', gwSerial: sent.gwSerial });
    expect(() => simulator.sendReport({ serial: 'x'.repeat(20) })).toThrow();
    for (let i = 0; i < 500; i += 1) simulator.sendReport({ serial: `B${i}` });
    const serials: string[] = [];
    while (serials.length < 500) {
      const report = await rep.next();
      serials.push(reportOf(report).serial);
      rep.write(ack(report));
    }
    expect(serials).toEqual(Array.from({ length: 500 }, (_, i) => `B${i}`));
  });

  it('ignores an ACK for nothing', async () => {
    const { port, events } = await startSimulator();
    const { rep } = await logIn(port);
    rep.write(reportAckPacket('NOBODY', '1'));
    await until(() => events('REPORT_ACK').length === 1);
    expect(events('REPORT_ACK')).toMatchObject([{ outcome: 'IGNORED', reference: 'NOBODY' }]);
    expect(rep.closed).toBe(false);
  });

  it('is still owed after the line was away', async () => {
    const { port, simulator, clock } = await startSimulator({ reportDelayMs: 60_000 });
    const { dlv } = await logIn(port);
    dlv.write(deliverPacket());
    await dlv.next();
    await simulator.stop();
    clock.at += 3000;
    const { rep } = await logIn((await simulator.start()).port);
    expect(reportOf(await rep.next()).serial).toBe('202112310012345');
  });
});

describe('sessions at the NGS simulator', () => {
  it('answers LINK on both, with "0" or NUL for its length', async () => {
    const { port } = await startSimulator();
    const { dlv, rep } = await logIn(port);
    for (const line of [dlv, rep]) {
      line.write(LINK);
      line.write(Buffer.concat([pad('41', 4), Buffer.alloc(10)]));
      const [first, second] = [await line.next(), await line.next()];
      expect([first.headType, first.body.length, second.headType]).toEqual(['42', 0, '42']);
    }
  });

  it('ends an idle session with EVENT 0', async () => {
    const { port } = await startSimulator({ idleTimeoutMs: 20 });
    const { dlv } = await logIn(port);
    expect((await dlv.next()).text(2, 88)).toBe('idle for too long');
    await dlv.whenClosed();
  });

  it('is kicked on demand, one or both', async () => {
    const { port, simulator } = await startSimulator();
    const { dlv, rep } = await logIn(port);
    expect(simulator.kick('REP', '점검')).toBe(1);
    expect((await rep.next()).text(2, 88)).toBe('점검');
    await rep.whenClosed();
    await until(() => simulator.ledger.entries({ event: 'REP session' }).length === 1);
    expect(simulator.kick()).toBe(1);
    await dlv.whenClosed();
  });

  it('survives random bytes on every port and every split of them', async () => {
    const { port, simulator } = await startSimulator();
    const { certificate } = await logIn(port);
    let seed = 20260302;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const valid = [certPacket(), bindPacket('DLV', certificate.certKey), deliverPacket(), LINK];
    for (let round = 0; round < 150; round += 1) {
      const line = await dial([port, certificate.deliverPort, certificate.reportPort][random(3)] ?? port);
      const bytes = Buffer.from(valid[random(valid.length)] ?? LINK);
      for (let i = 0; i < 1 + random(4); i += 1) bytes[random(bytes.length)] = random(256);
      const at = random(bytes.length);
      line.write(bytes.subarray(0, at));
      line.write(bytes.subarray(at));
      line.socket.end();
      await line.whenClosed();
    }
    expect(simulator.kick()).toBeGreaterThanOrEqual(0);
  });
});

describe('faults armed at the NGS simulator', () => {
  it('drop on send cuts the session and takes nothing; delay and reject on send do not lose it', async () => {
    const { port, simulator, events } = await startSimulator();
    const { dlv } = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'delay', on: 'send', ms: 30 });
    simulator.arm({ provider: 'NGS', kind: 'reject', on: 'send', code: 'E_SYS_BUSY' });
    simulator.arm({ provider: 'NGS', kind: 'reject', on: 'send', code: '77' });
    dlv.write(Buffer.concat(['F1', 'F2', 'F3', 'F4'].map((serial) => deliverPacket({ serial }))));
    const acks = [await dlv.next(), await dlv.next(), await dlv.next(), await dlv.next()].map(ackOf);
    expect(acks).toEqual([
      ['22', '17', 'F2'],
      ['22', '77', 'F3'],
      ['22', '0', 'F4'],
      ['22', '0', 'F1'],
    ]);
    simulator.arm({ provider: 'NGS', kind: 'drop', on: 'send' });
    dlv.write(deliverPacket({ serial: 'F5' }));
    await dlv.whenClosed();
    const taken = events('DELIVER').filter((entry) => entry.outcome === 'TAKEN');
    expect(taken.map((entry) => entry.reference)).toEqual(['F4', 'F1']);
    expect(dlv.answers).toHaveLength(5);
  });

  it('drop on ack takes the message without a word, and its REPORT comes; delay on ack holds it back', async () => {
    const { port, simulator } = await startSimulator();
    const { dlv, rep } = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'drop', on: 'ack' });
    simulator.arm({ provider: 'NGS', kind: 'delay', on: 'ack', ms: 30 });
    dlv.write(Buffer.concat(['A1', 'A2', 'A3'].map((serial) => deliverPacket({ serial }))));
    expect([await dlv.next(), await dlv.next()].map(ackOf)).toEqual([
      ['22', '0', 'A3'],
      ['22', '0', 'A2'],
    ]);
    const reports = [await rep.next(), await rep.next(), await rep.next()].map((report) => report.text(39, 20));
    expect(reports.sort()).toEqual(['A1', 'A2', 'A3']);
    expect(simulator.faults.list()).toEqual([]);
  });

  it('strikes REPORTs and their ACKs', async () => {
    const { port, simulator } = await startSimulator({ ackTimeoutMs: 60 });
    const { dlv, rep } = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'drop', on: 'report' });
    simulator.arm({ provider: 'NGS', kind: 'reject', on: 'report', code: '33' });
    dlv.write(Buffer.concat([deliverPacket({ serial: 'P1' }), deliverPacket({ serial: 'P2' })]));
    const report = await rep.next();
    expect([report.text(0, 4), report.text(39, 20)]).toEqual(['33', 'P2']);
    simulator.arm({ provider: 'NGS', kind: 'drop', on: 'reportAck' });
    rep.write(reportAckPacket('P2', report.text(59, 16)));
    expect((await rep.next()).text(2, 88)).toBe('no REPORT_ACK in time');
    expect(simulator.waitingReports).toBe(1);
  });

  it('strikes logins and LINK', async () => {
    const { port, simulator, clock } = await startSimulator();
    simulator.arm({ provider: 'NGS', kind: 'drop', on: 'login' });
    await expect(certify(port)).rejects.toThrow('line ended');
    simulator.arm({ provider: 'NGS', kind: 'reject', on: 'login', code: '98' });
    await expect(certify(port)).rejects.toThrow('CERT was refused');
    simulator.arm({ provider: 'NGS', kind: 'reject', on: 'bind' });
    await expect(logIn(port)).rejects.toThrow('BIND was refused: armed fault');
    clock.at += 3000;
    // The REP session of the failed login may bind only now.
    await until(() => simulator.kick() === 1);
    await until(() => simulator.kick() === 0);
    simulator.arm({ provider: 'NGS', kind: 'delay', on: 'login', ms: 10 });
    const { dlv } = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'drop', on: 'link' });
    simulator.arm({ provider: 'NGS', kind: 'delay', on: 'link', ms: 10 });
    dlv.write(Buffer.concat([LINK, LINK, deliverPacket()]));
    expect([(await dlv.next()).headType, (await dlv.next()).headType]).toEqual(['22', '42']);
  });
});
