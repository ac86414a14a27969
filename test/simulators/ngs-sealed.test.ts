import { describe, expect, it } from 'vitest';
import vectors from '../contract/vectors.json' with { type: 'json' };
import {
  ackOf,
  bindPacket,
  certify,
  deliverPacket,
  dial,
  LINK,
  logIn,
  packet,
  pad,
  reportAckPacket,
  reportOf,
  sealed,
} from '../support/ngs-sim-client.ts';
import { startNgsSimulator } from '../support/ngs-simulator.ts';
import { until } from '../support/until.ts';

const GOLDEN = Buffer.from(vectors.ngs.deliverSms.encryptedPacketHex, 'hex');

describe('TYPE P at the NGS simulator', () => {
  it('opens the golden packet, and seals its DELIVER_ACK and REPORT', async () => {
    const { port, simulator, events } = await startNgsSimulator();
    const { dlv, rep } = await logIn(port, { dlv: 12, rep: 12 });
    dlv.write(GOLDEN);
    const ack = await dlv.next();
    expect([ack.wireBytes, ack.body.length, ...ackOf(ack)]).toEqual([48, 44, '22', '0', '202112310012345']);
    const report = await rep.next();
    expect(report.wireBytes).toBe(96);
    expect(reportOf(report)).toMatchObject({ bytes: 94, result: '0', serial: '202112310012345' });
    rep.write(sealed(reportAckPacket('202112310012345', report.text(59, 16))));
    await until(() => simulator.waitingReports === 0);
    expect(events('DELIVER')).toMatchObject([{ outcome: 'TAKEN', fields: { text: 'SMS 테스트 발송 입니다.' } }]);
    expect(events('BIND').map(({ fields }) => fields)).toEqual([
      { kind: 'DLV', type: 'P' },
      { kind: 'REP', type: 'P' },
    ]);
  });

  it('uses for each session the KEYPOS of its own BIND, from 0 to 64', async () => {
    const { port } = await startNgsSimulator();
    const { dlv, rep } = await logIn(port, { dlv: 0, rep: 64 });
    dlv.write(sealed(deliverPacket({ serial: 'K1' }), 0));
    expect(ackOf(await dlv.next())).toEqual(['22', '0', 'K1']);
    const report = await rep.next();
    expect(report.text(39, 20)).toBe('K1');
    rep.write(sealed(reportAckPacket('K1', report.text(59, 16)), 64));
    rep.write(LINK);
    expect((await rep.next()).headType).toBe('42');
  });

  it('leaves EVENT and LINK in the clear', async () => {
    const { port, simulator } = await startNgsSimulator();
    const { dlv } = await logIn(port, { dlv: 32, rep: 32 });
    dlv.write(LINK);
    expect(await dlv.next()).toMatchObject({ headType: '42', wireBytes: 0 });
    simulator.configure({ tps: { sms: 7 } });
    const event = await dlv.next();
    expect([event.headType, event.wireBytes, event.text(2, 88)]).toEqual(['51', 90, '7,30,30']);
    simulator.kick('DLV', 'bye');
    expect((await dlv.next()).text(2, 88)).toBe('bye');
  });

  it.each<[string, Buffer]>([
    ['a body in the clear', deliverPacket()],
    ['a body in the clear whose length is right for a sealed one', packet('21', [['S', 224]])],
    ['a body under another key', sealed(deliverPacket(), 13)],
    ['a body with a byte turned', Buffer.concat([GOLDEN.subarray(0, -1), Buffer.of(0)])],
    ['half a block at the end', Buffer.concat([pad('21', 4), pad('230', 10), Buffer.alloc(230)])],
    ['too little under the seal', sealed(packet('21', [['S', 210]]))],
    ['a sealed LINK', sealed(packet('41', []))],
    ['a length beyond any', Buffer.concat([pad('21', 4), pad('99999984', 10)])],
  ])('ends the session with EVENT 0 for %s, and takes nothing', async (_, bytes) => {
    const { port, events } = await startNgsSimulator();
    const { dlv } = await logIn(port, { dlv: 12, rep: 12 });
    dlv.write(bytes);
    const event = await dlv.next();
    expect([event.headType, event.text(0, 2)]).toEqual(['51', '0']);
    await dlv.whenClosed();
    expect(events('DELIVER')).toEqual([]);
  });

  it('ends a plain session that sends a sealed packet', async () => {
    const { port, events } = await startNgsSimulator();
    const { dlv, rep } = await logIn(port);
    dlv.write(GOLDEN);
    expect((await dlv.next()).headType).toBe('51');
    rep.write(sealed(reportAckPacket('x', '1')));
    expect((await rep.next()).headType).toBe('51');
    expect(events('DELIVER')).toEqual([]);
  });

  it.each([
    ['p', 'P'],
    ['P', 'p'],
  ])('refuses %s on DLV with %s on REP, and leaves the first one bound', async (first, second) => {
    const { port } = await startNgsSimulator();
    const { certKey, deliverPort, reportPort } = await certify(port);
    const dlv = await dial(deliverPort);
    dlv.write(bindPacket('DLV', certKey, { type: first }));
    expect((await dlv.next()).text(0, 4)).toBe('0');
    const rep = await dial(reportPort);
    rep.write(bindPacket('REP', certKey, { type: second }));
    const ack = await rep.next();
    expect([ack.text(0, 4), ack.text(19, 40)]).toEqual(['97', 'TYPE differs from the other session']);
    await rep.whenClosed();
    expect(dlv.closed).toBe(false);
  });
});
