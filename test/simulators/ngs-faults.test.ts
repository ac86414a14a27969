import { describe, expect, it } from 'vitest';
import {
  ackOf,
  bindPacket,
  certify,
  certPacket,
  deliverPacket,
  dial,
  LINK,
  logIn,
  type RawPeer,
  reportAckPacket,
  sealed,
} from '../support/ngs-sim-client.ts';
import { startNgsSimulator } from '../support/ngs-simulator.ts';
import { until } from '../support/until.ts';

const ACK_BYTES = 14 + 44;

/** What comes on a line from now on, chunk by chunk. */
function chunksOf({ socket }: RawPeer): Buffer[] {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  return chunks;
}

const deliveries = (...serials: string[]) => Buffer.concat(serials.map((serial) => deliverPacket({ serial })));
const ackSerials = async (dlv: RawPeer, count: number) => {
  const serials: (string | undefined)[] = [];
  while (serials.length < count) serials.push(ackOf(await dlv.next())[2]);
  return serials;
};
const reportSerials = async (rep: RawPeer, count: number) => {
  const serials: string[] = [];
  while (serials.length < count) serials.push((await rep.next()).text(39, 20));
  return serials;
};

describe('duplicate', () => {
  it.each([undefined, { dlv: 12, rep: 12 }])(
    'sends the same DELIVER_ACK or REPORT twice, sealed or not',
    async (keypos) => {
      const { port, simulator } = await startNgsSimulator();
      const { dlv, rep } = await logIn(port, keypos);
      const sealing = (packet: Buffer) => (keypos === undefined ? packet : sealed(packet));
      simulator.arm({ provider: 'NGS', kind: 'duplicate', on: 'ack' });
      simulator.arm({ provider: 'NGS', kind: 'duplicate', on: 'report' });
      for (const serial of ['D1', 'D2']) dlv.write(sealing(deliverPacket({ serial })));
      expect(await ackSerials(dlv, 3)).toEqual(['D1', 'D1', 'D2']);
      expect((await reportSerials(rep, 3)).sort()).toEqual(['D1', 'D1', 'D2']);
      expect(simulator.waitingReports).toBe(2);
    },
  );
});

describe('reorder', () => {
  it('holds an ACK back until the next one has gone, several of them newest first', async () => {
    const { port, simulator } = await startNgsSimulator();
    const { dlv } = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'reorder', on: 'ack', count: 2, ms: 60_000 });
    dlv.write(deliveries('O1', 'O2', 'O3', 'O4'));
    expect(await ackSerials(dlv, 4)).toEqual(['O3', 'O2', 'O1', 'O4']);
  });

  it('holds a REPORT back in the same way, and gives it up after its time where nothing follows', async () => {
    const { port, simulator } = await startNgsSimulator();
    const { dlv, rep } = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'reorder', on: 'report', ms: 60_000 });
    dlv.write(deliveries('P1', 'P2'));
    expect(await reportSerials(rep, 2)).toEqual(['P2', 'P1']);
    simulator.arm({ provider: 'NGS', kind: 'reorder', on: 'ack', ms: 1 });
    dlv.write(deliveries('P3'));
    expect(await ackSerials(dlv, 3)).toEqual(['P1', 'P2', 'P3']);
  });
});

describe('split and glue', () => {
  it('split sends one byte at a time, and what follows stays behind it', async () => {
    const { port, simulator } = await startNgsSimulator();
    const { dlv } = await logIn(port);
    const chunks = chunksOf(dlv);
    simulator.arm({ provider: 'NGS', kind: 'split', on: 'ack' });
    dlv.write(Buffer.concat([deliveries('S1', 'S2'), LINK]));
    expect(await ackSerials(dlv, 2)).toEqual(['S1', 'S2']);
    expect((await dlv.next()).headType).toBe('42');
    expect(chunks.filter(({ length }) => length === 1).length).toBeGreaterThan(ACK_BYTES / 2);
  });

  it('glue sends a packet in one write with the next, in order', async () => {
    const { port, simulator, events } = await startNgsSimulator();
    const { dlv } = await logIn(port);
    const chunks = chunksOf(dlv);
    simulator.arm({ provider: 'NGS', kind: 'glue', on: 'ack', count: 2, ms: 60_000 });
    dlv.write(deliveries('G1', 'G2'));
    await until(() => events('DELIVER').length === 2);
    dlv.write(LINK);
    expect(await ackSerials(dlv, 2)).toEqual(['G1', 'G2']);
    expect((await dlv.next()).headType).toBe('42');
    expect(chunks.map(({ length }) => length)).toEqual([2 * ACK_BYTES + 14]);
  });

  it('lets go of what waits before the session ends', async () => {
    const { port, simulator, events } = await startNgsSimulator();
    const { dlv } = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'glue', on: 'ack', ms: 60_000 });
    simulator.arm({ provider: 'NGS', kind: 'split', on: 'ack' });
    dlv.write(deliveries('L1', 'L2'));
    await until(() => events('DELIVER').length === 2);
    simulator.kick('DLV', 'bye');
    expect(await ackSerials(dlv, 2)).toEqual(['L1', 'L2']);
    expect((await dlv.next()).text(2, 88)).toBe('bye');
  });
});

describe('lie and garbage', () => {
  it.each<[string | undefined, string]>([
    [undefined, '45'],
    ['43', '43'],
    ['-1', '-1'],
    ['9999999999', '9999999999'],
    ['', ''],
    ['4x', '4x'],
  ])('lie prints, for length %j, the MsgLeng %j over the true body', async (length, printed) => {
    const { port, simulator } = await startNgsSimulator();
    const { dlv } = await logIn(port);
    const chunks = chunksOf(dlv);
    simulator.arm({ provider: 'NGS', kind: 'lie', on: 'ack', ...(length !== undefined && { length }) });
    dlv.write(deliveries('L1'));
    await until(() => Buffer.concat(chunks).length === ACK_BYTES);
    const bytes = Buffer.concat(chunks);
    expect(bytes.toString('latin1', 4, 14)).toBe(printed.padEnd(10, '\0'));
    expect(bytes.toString('latin1', 14 + 24, 14 + 26)).toBe('L1');
  });

  it('garbage stands in the place of the packet, the same in every run', async () => {
    const runs: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      const { port, simulator } = await startNgsSimulator();
      const { dlv } = await logIn(port);
      const chunks = chunksOf(dlv);
      simulator.arm({ provider: 'NGS', kind: 'garbage', on: 'ack' });
      dlv.write(deliveries('G1'));
      await until(() => Buffer.concat(chunks).length >= 64);
      runs.push(Buffer.concat(chunks).toString('hex'));
    }
    expect(runs[0]).toBe(runs[1]);
    expect(Buffer.from(runs[0] ?? '', 'hex').includes('G1')).toBe(false);
  });

  it('strikes CERT_ACK, BIND_ACK and LINK_ACK, too', async () => {
    const { port, simulator, clock } = await startNgsSimulator();
    for (const on of ['login', 'bind', 'link'] as const) {
      simulator.arm({ provider: 'NGS', kind: 'lie', on, length: '7' });
    }
    expect(await certify(port)).toMatchObject({ deliverPort: 0, reportPort: 0 });
    clock.at += 3000;
    const { certKey, deliverPort } = await certify(port);
    const dlv = await dial(deliverPort);
    const chunks = chunksOf(dlv);
    dlv.write(Buffer.concat([bindPacket('DLV', certKey), LINK]));
    await until(() => Buffer.concat(chunks).length === 14 + 59 + 14);
    const bytes = Buffer.concat(chunks);
    expect([bytes.toString('latin1', 4, 6), bytes.toString('latin1', 77, 79)]).toEqual(['7\0', '7\0']);
  });
});

describe('kick', () => {
  it('on send takes nothing, on ack takes the message, and both end with EVENT 0', async () => {
    for (const [on, taken] of [
      ['send', 0],
      ['ack', 1],
    ] as const) {
      const { port, simulator, events } = await startNgsSimulator();
      const { dlv, rep } = await logIn(port);
      simulator.arm({ provider: 'NGS', kind: 'kick', on });
      dlv.write(deliveries('K1'));
      const event = await dlv.next();
      expect([event.headType, event.text(0, 2), event.text(2, 88)]).toEqual(['51', '0', 'kicked by fault 1']);
      await dlv.whenClosed();
      expect(events('DELIVER').filter(({ outcome }) => outcome === 'TAKEN')).toHaveLength(taken);
      expect(rep.closed).toBe(false);
    }
  });

  it('on bind accepts and throws out at once, as a double login does', async () => {
    const { port, simulator } = await startNgsSimulator();
    const { certKey, deliverPort } = await certify(port);
    simulator.arm({ provider: 'NGS', kind: 'kick', on: 'bind' });
    const dlv = await dial(deliverPort);
    dlv.write(bindPacket('DLV', certKey));
    const ack = await dlv.next();
    expect([ack.headType, ack.text(0, 4), (await dlv.next()).headType]).toEqual(['12', '0', '51']);
    await dlv.whenClosed();
  });

  it('on report ends the REP session, and the REPORT comes on the next', async () => {
    const { port, simulator, clock } = await startNgsSimulator();
    const first = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'kick', on: 'report' });
    first.dlv.write(deliveries('K1', 'K2'));
    expect((await first.rep.next()).headType).toBe('51');
    await first.rep.whenClosed();
    clock.at += 3000;
    const { certKey, reportPort } = await certify(port);
    const rep = await dial(reportPort);
    rep.write(bindPacket('REP', certKey));
    await rep.next();
    expect(await reportSerials(rep, 2)).toEqual(['K1', 'K2']);
    expect(simulator.waitingReports).toBe(2);
  });
});

describe('silence', () => {
  it('leaves the session half open: nothing is heard or said, and the line stays', async () => {
    const { port, simulator, events } = await startNgsSimulator();
    simulator.arm({ provider: 'NGS', kind: 'silence', on: 'send' });
    const { dlv, rep } = await logIn(port);
    dlv.write(Buffer.concat([deliveries('Q1', 'Q2'), LINK]));
    await until(() => events('DELIVER').length === 1);
    // Both are told to go: the other one hears it.
    expect(simulator.kick()).toBe(2);
    await rep.whenClosed();
    expect([dlv.answers.length, dlv.closed]).toEqual([1, false]);
    expect(events('DELIVER')).toMatchObject([{ outcome: 'FAULT', reference: 'Q1' }]);
    expect(events('LINK')).toEqual([]);
  });

  it('on ack takes the message and lets a new login in once the line is gone', async () => {
    const { port, simulator, clock, events } = await startNgsSimulator();
    const first = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'silence', on: 'ack' });
    first.dlv.write(deliveries('Q1', 'Q2'));
    expect(await reportSerials(first.rep, 1)).toEqual(['Q1']);
    for (const line of [first.dlv, first.rep]) line.socket.destroy();
    await until(() => events('DLV session').length + events('REP session').length === 2);
    clock.at += 3000;
    const second = await logIn(port);
    expect(await reportSerials(second.rep, 1)).toEqual(['Q1']);
    second.dlv.write(deliveries('Q3'));
    expect(await ackSerials(second.dlv, 1)).toEqual(['Q3']);
    expect(events('DELIVER').filter(({ outcome }) => outcome === 'TAKEN')).toHaveLength(2);
  });

  it('on report keeps what was not acknowledged for the next session', async () => {
    const { port, simulator, clock, events } = await startNgsSimulator();
    const first = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'silence', on: 'report' });
    first.dlv.write(deliveries('Q1'));
    await until(() => events('REPORT').some(({ outcome }) => outcome === 'SENT'));
    first.rep.write(LINK);
    first.rep.socket.destroy();
    await until(() => events('REP session').length === 1);
    expect(first.rep.answers).toHaveLength(1);
    clock.at += 3000;
    const { certKey, reportPort } = await certify(port);
    const rep = await dial(reportPort);
    rep.write(bindPacket('REP', certKey));
    await rep.next();
    const report = await rep.next();
    rep.write(reportAckPacket(report.text(39, 20), report.text(59, 16)));
    await until(() => simulator.waitingReports === 0);
  });

  it.each(['login', 'bind', 'link'] as const)('on %s answers nothing and does not hang up', async (on) => {
    const { port, simulator, events, clock } = await startNgsSimulator();
    const certificate = on === 'login' ? undefined : await certify(port);
    simulator.arm({ provider: 'NGS', kind: 'silence', on });
    const line = await dial(certificate?.deliverPort ?? port);
    line.write(certificate === undefined ? certPacket() : bindPacket('DLV', certificate.certKey));
    if (on === 'link') {
      await line.next();
      line.write(LINK);
    }
    const event = { login: 'CERT', bind: 'BIND', link: 'LINK' }[on];
    await until(() => events(event).some(({ outcome }) => outcome === 'FAULT'));
    // Another line is served meanwhile, so the silence had its time to break.
    const other = await dial(port);
    clock.at += 3000;
    other.write(certPacket());
    expect((await other.next()).text(0, 4)).toBe('0');
    expect([line.answers.length, line.closed]).toEqual([on === 'link' ? 1 : 0, false]);
  });
});

describe('tps', () => {
  it('changes at the n-th message: EVENT 1 comes first, and that message is counted by the new limit', async () => {
    const { port, simulator } = await startNgsSimulator();
    const { dlv } = await logIn(port);
    simulator.arm({ provider: 'NGS', kind: 'tps', on: 'send', after: 2, tps: { sms: 2 } });
    simulator.arm({ provider: 'NGS', kind: 'tps', on: 'send', after: 3, tps: { sms: 80 } });
    dlv.write(deliveries('T1', 'T2', 'T3', 'T4'));
    const seen: string[] = [];
    while (seen.length < 6) {
      const answer = await dlv.next();
      seen.push(answer.headType === '51' ? answer.text(2, 88) : `${answer.text(24, 20)} ${answer.text(0, 4)}`);
    }
    expect(seen).toEqual(['T1 0', 'T2 0', '2,30,30', 'T3 19', '80,30,30', 'T4 0']);
    expect(simulator.settings.tps.sms).toBe(80);
    expect(simulator.faults.list()).toEqual([]);
  });
});
