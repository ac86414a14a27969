import { describe, expect, it } from 'vitest';
import { createBodyCipher } from '../../../src/providers/ngs/cipher.ts';
import { createFrameDecoder, type Packet } from '../../../src/providers/ngs/frame-decoder.ts';
import type { PacketName } from '../../../src/providers/ngs/packets.ts';
import { dumbEncrypt, dumbKey, dumbPacket, header } from '../../support/ngs-bytes.ts';
import { createRandom } from '../../support/random.ts';
import { ROWS } from './packet-rows.ts';

const KEY = dumbKey('testpwd', 7);
const CLIENT: PacketName[] = ['CERT_ACK', 'BIND_ACK', 'DELIVER_ACK', 'REPORT', 'LINK_ACK', 'EVENT'];
const SERVER: PacketName[] = ['CERT', 'BIND', 'DELIVER', 'REPORT_ACK', 'LINK'];
const open = (accepts: readonly PacketName[] = [...CLIENT, ...SERVER], key = KEY) =>
  createFrameDecoder({ accepts, cipher: createBodyCipher(key) });
const seen = ({ name, fields }: Packet) => ({ name, fields: { ...fields } });
const randomByte = createRandom(20_230_110);

/** What a block of a report would show if it leaked. */
const CANARY = 'CANARY9';
const ACK = dumbPacket('DELIVER_ACK', { RESULT: '0', DA_ADDR: '01020001234', SERIAL: CANARY });
const REPORT = dumbPacket('REPORT', {
  RESULT: '0',
  MESSAGE: 'K2103,TS',
  DA_ADDR: '01020001234',
  SERIAL: CANARY,
  GWSERIAL: '220121140000164',
  SENDTIME: '20211231142201',
  TELCOINFO: 'SK',
});

describe('a session of TYPE P', () => {
  it.each(ROWS)('$name is read whole, encrypted or plain as the document has it', ({ name, fields }) => {
    const bytes = dumbEncrypt(dumbPacket(name, fields), KEY);
    const isPlain = ['CERT', 'CERT_ACK', 'BIND', 'BIND_ACK', 'LINK', 'LINK_ACK', 'EVENT'].includes(name);
    expect(bytes.equals(dumbPacket(name, fields))).toBe(isPlain);
    for (let cut = 1; cut < bytes.length; cut++) {
      const decoder = open();
      const packets = [bytes.subarray(0, cut), bytes.subarray(cut)].flatMap((chunk) => decoder.push(chunk).packets);
      expect(packets.map(seen)).toEqual([{ name, fields }]);
    }
  });

  it('a stream of plain and encrypted packets is read in order by one decoder', () => {
    const decoder = open();
    const stream = Buffer.concat(ROWS.map(({ name, fields }) => dumbEncrypt(dumbPacket(name, fields), KEY)));
    for (let round = 0; round < 3; round++) {
      const { packets, fault } = decoder.push(stream);
      expect(fault).toBeUndefined();
      expect(packets.map(seen)).toEqual(ROWS.map(({ name, fields }) => ({ name, fields })));
    }
  });

  it.each([
    ['22', 48, [44, 47, 49, 32, 64]],
    ['31', 96, [94, 95, 97, 80, 112]],
    ['12', 59, [64]],
    ['51', 90, [96]],
    ['42', 0, [16]],
  ])('HeadType %s has %i bytes and no other number', (headType, size, others) => {
    expect(open(CLIENT).push(header(headType, String(size))).fault).toBeUndefined();
    for (const other of others) {
      expect(open(CLIENT).push(header(headType, String(other))).fault?.fault).toBe('WRONG_LENGTH');
    }
  });

  it('a body that is plain after all is not read', () => {
    const plain = Buffer.concat([header('22', '48'), ACK.subarray(14), Buffer.alloc(4, 4)]);
    expect(open(CLIENT).push(plain)).toMatchObject({ packets: [], fault: { fault: 'UNREADABLE_BODY' } });
  });

  it.each(['DELIVER_ACK', 'REPORT'])('a %s of another key is not read, whichever the key', (name) => {
    const plain = name === 'REPORT' ? REPORT : ACK;
    for (let keypos = 0; keypos <= 32; keypos++) {
      if (keypos === 7) continue;
      const { packets, fault } = open(CLIENT).push(dumbEncrypt(plain, dumbKey('testpwd', keypos)));
      expect(packets).toEqual([]);
      expect(fault?.message).toBe(`UNREADABLE_BODY: ${name}`);
    }
  });

  it('a body of another packet’s content is not read', () => {
    const report = Buffer.concat([header('31', '94'), ACK.subarray(14), Buffer.alloc(50, 0x41)]);
    expect(open(CLIENT).push(dumbEncrypt(report, KEY)).fault?.fault).toBe('UNREADABLE_BODY');
  });

  it('of 1,000 corrupt bodies none is read, none throws, and the fault shows nothing of one', () => {
    for (let i = 0; i < 1_000; i++) {
      const bytes = dumbEncrypt(i % 2 === 0 ? ACK : REPORT, KEY);
      for (let flips = randomByte(3); flips >= 0; flips--) {
        const at = 14 + randomByte(bytes.length - 14);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << randomByte(8));
      }
      // Two flips may take each other back.
      if (bytes.equals(dumbEncrypt(i % 2 === 0 ? ACK : REPORT, KEY))) continue;
      const { packets, fault } = open(CLIENT).push(bytes);
      expect(packets).toEqual([]);
      expect(fault?.message).toBe(`UNREADABLE_BODY: ${i % 2 === 0 ? 'DELIVER_ACK' : 'REPORT'}`);
    }
  });

  it('such a body would be read as a refusal, were its padding all that is looked at', () => {
    const cipher = createBodyCipher(KEY);
    const bytes = dumbEncrypt(ACK, KEY);
    bytes[14] = (bytes[14] ?? 0) ^ 1;
    const body = Buffer.from(cipher.decrypt(bytes.subarray(14)) ?? []);
    expect(body).toHaveLength(44);
    expect(body.subarray(24, 31).toString()).toBe(CANARY);
    expect(body.subarray(0, 4)).not.toEqual(ACK.subarray(14, 18));
  });
});
