import { describe, expect, it } from 'vitest';
import { type DumbFields, dumbEncrypt, dumbKey, dumbPacket } from '../../support/ngs-bytes.ts';
import { PASSWORD } from '../../support/ngs-peer.ts';
import { createRandom } from '../../support/random.ts';
import { until } from '../../support/until.ts';
import { openAccount, SMS } from './account.ts';
import { DELIVER_ROWS, SERIAL } from './deliver-rows.ts';

const open: typeof openAccount = (given) => openAccount({ encrypted: true, ...given });

/** Everything about a message that must never be logged. */
const CANARIES = [PASSWORD, SMS.to, SMS.from, SMS.text, 'testid'];

describe('an encrypted account', () => {
  it('says TYPE P on both sessions, and one KEYPOS in CERT and both BINDs', async () => {
    const account = await open();
    await account.bound();
    const [cert, ...binds] = account.peer.received;
    expect(binds.map(({ line, fields }) => [line, fields['TYPE'], fields['KIND']]).sort()).toEqual([
      ['DLV', 'P', 'DLV'],
      ['REP', 'P', 'REP'],
    ]);
    expect(new Set([cert, ...binds].map((each) => each?.fields['KEYPOS'])).size).toBe(1);
    expect(account.provider.health().ngs).toMatchObject({ state: 'BOUND', encrypted: true });
  });

  it('writes each kind byte for byte, in bodies that only the key opens', async () => {
    const account = await open();
    await account.bound();
    const key = dumbKey(PASSWORD, Number(account.peer.all('CERT')[0]?.fields['KEYPOS']));
    const bind = Buffer.concat(account.peer.deliverChunks).length;
    let written = Buffer.alloc(0);
    for (const [i, { submission, packet }] of DELIVER_ROWS.entries()) {
      const [name, fields, ...tail] = packet;
      const reference = `${SERIAL}${i}`;
      const result = await account.provider.submit({ ...SMS, ...submission }, { reference, startedAt: 0 });
      expect(result).toEqual({ outcome: 'ACCEPTED', reference });
      const plain = dumbPacket(name, { ...fields, SERIAL: reference }, Buffer.concat(tail));
      written = Buffer.concat([written, dumbEncrypt(plain, key)]);
    }
    const onTheWire = Buffer.concat(account.peer.deliverChunks).subarray(bind);
    expect(onTheWire.equals(written)).toBe(true);
    for (const canary of CANARIES) expect(onTheWire.includes(canary)).toBe(false);
  });

  it('reads an encrypted REPORT of a fallback, and acknowledges it encrypted', async () => {
    const account = await open();
    await account.bound();
    account.peer.line('REP').send('REPORT', {
      RESULT: '0',
      MESSAGE: 'K2103,TS',
      DA_ADDR: SMS.to,
      SERIAL,
      GWSERIAL: '220121140000164',
      SENDTIME: '20211231142201',
      TELCOINFO: 'SK',
    });
    await until(() => account.peer.all('REPORT_ACK').length === 1);
    expect(account.reports).toMatchObject([
      { serial: SERIAL, delivered: true, kakaoErrorCode: '2103', finalKind: 'SMS', rawMessage: 'K2103,TS' },
    ]);
    expect(account.peer.all('REPORT_ACK')[0]?.fields).toEqual({ RESULT: '0', SERIAL, GWSERIAL: '220121140000164' });
  });

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'a corrupt ACK ends both sessions and leaves the outcome unknown, nothing thrown or logged (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const account = await open();
      account.peer.script.deliver = (line, { DA_ADDR = '', SERIAL: serial = '' }: DumbFields) => {
        const bytes = line.pack('DELIVER_ACK', { RESULT: '0', DA_ADDR, SERIAL: serial });
        const at = 14 + random(bytes.length - 14);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
        line.socket.write(bytes);
      };
      await account.bound();
      expect(await account.send()).toMatchObject({ outcome: 'UNKNOWN', fault: { code: 'ACK_LOST' } });
      expect(account.provider.health().lastFault).toMatchObject({
        code: 'WIRE_FAULT',
        text: 'UNREADABLE_BODY: DELIVER_ACK',
      });
      await until(() => account.peer.all('CERT').length === 2);
      await account.bound();
      expect(account.peer.all('DELIVER')).toHaveLength(1);
      const logged = JSON.stringify(account.logged);
      for (const canary of CANARIES) expect(logged).not.toContain(canary);
    },
  );

  it.each(['DLV', 'REP'] as const)('a body under another key on %s ends both sessions', async (name) => {
    const account = await open();
    await account.bound();
    const keypos = Number(account.peer.all('CERT')[0]?.fields['KEYPOS']);
    const other = dumbKey(PASSWORD, (keypos + 1) % 33);
    const plain = dumbPacket(name === 'DLV' ? 'DELIVER_ACK' : 'REPORT', { RESULT: '0', SERIAL });
    account.peer.line(name).socket.write(dumbEncrypt(plain, other));
    await until(() => account.peer.all('CERT').length === 2);
    expect(account.provider.health().lastFault).toMatchObject({ code: 'WIRE_FAULT' });
    expect(account.reports).toEqual([]);
  });

  it('takes EVENT and LINK_ACK plain', async () => {
    const account = await open({ timings: { linkIdleMs: 15 } });
    await account.bound();
    account.peer.line('REP').socket.write(dumbPacket('EVENT', { TYPE: '1', DATA: '9,8,7' }));
    await until(() => account.peer.all('LINK').length >= 4);
    expect(account.provider.health().ngs).toMatchObject({ state: 'BOUND', smsTps: 9, mmsTps: 8, kakaoTps: 7 });
  });

  it('draws a new KEYPOS for each login', async () => {
    const account = await open({ timings: { reconnectFloorMs: 1, reconnectCeilingMs: 1 } });
    const positions = new Set<string | undefined>();
    for (let logins = 1; positions.size < 2; logins++) {
      await until(() => account.peer.all('CERT').length === logins);
      await account.bound();
      positions.add(account.peer.all('CERT').at(-1)?.fields['KEYPOS']);
      expect(await account.send()).toMatchObject({ outcome: 'ACCEPTED' });
      account.peer.line('DLV').socket.destroy();
    }
  });
});
