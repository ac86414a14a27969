import { describe, expect, it } from 'vitest';
import { encodePacket, FieldRejected, type Tail } from '../../../src/providers/ngs/codec.ts';
import {
  createFrameDecoder,
  type FrameDecoder,
  type Packet,
  type WireFault,
} from '../../../src/providers/ngs/frame-decoder.ts';
import {
  bodyBytes,
  EXTENTIONS,
  type FieldValues,
  MEDIA_HEADER,
  PACKETS,
  type PacketName,
} from '../../../src/providers/ngs/packets.ts';
import vectors from '../../contract/vectors.json' with { type: 'json' };
import { dumbPacket, header } from '../../support/ngs-bytes.ts';
import { ROWS } from './packet-rows.ts';

const ALL = Object.keys(PACKETS) as PacketName[];
const decoderOfAll = (): FrameDecoder => createFrameDecoder({ accepts: ALL });
const seen = ({ name, fields }: Packet) => ({ name, fields: { ...fields } });

function pushAll(decoder: FrameDecoder, chunks: readonly Uint8Array[]): { packets: Packet[]; fault?: WireFault } {
  const packets: Packet[] = [];
  let fault: WireFault | undefined;
  for (const chunk of chunks) {
    const step = decoder.push(chunk);
    packets.push(...step.packets);
    fault ??= step.fault?.fault;
  }
  return fault === undefined ? { packets } : { packets, fault };
}

describe('every packet of the document', () => {
  it.each(ROWS)('$name encodes, decodes and mirrors', ({ name, fields }) => {
    const expected = dumbPacket(name, fields);
    const encoded = encodePacket(name, fields as FieldValues<typeof name>);
    expect(Buffer.from(encoded)).toEqual(expected);

    const { packets, fault } = decoderOfAll().push(expected);
    expect(fault).toBeUndefined();
    expect(packets.map(seen)).toEqual([{ name, fields }]);
    const [packet] = packets;
    expect(Buffer.from(packet?.bytes ?? [])).toEqual(expected);
    expect(Buffer.from(encodePacket(name, packet?.fields as FieldValues<typeof name>))).toEqual(expected);
  });

  it.each(ROWS)('$name decodes alike when cut at every byte', ({ name, fields }) => {
    const bytes = dumbPacket(name, fields);
    for (let cut = 1; cut < bytes.length; cut++) {
      const decoder = decoderOfAll();
      const { packets, fault } = pushAll(decoder, [bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(fault).toBeUndefined();
      expect(packets.map(seen)).toEqual([{ name, fields }]);
      expect(decoder.isMidFrame()).toBe(false);
    }
  });

  it('decodes a stream of all of them byte by byte and glued together', () => {
    const stream = Buffer.concat(ROWS.map(({ name, fields }) => dumbPacket(name, fields)));
    const expected = ROWS.map(({ name, fields }) => ({ name, fields }));
    expect(decoderOfAll().push(stream).packets.map(seen)).toEqual(expected);
    const single = pushAll(
      decoderOfAll(),
      Array.from(stream, (byte) => Uint8Array.of(byte)),
    );
    expect(single.packets.map(seen)).toEqual(expected);
  });

  it('has the sizes that the document prints', () => {
    const sizes = Object.fromEntries(ALL.map((name) => [name, bodyBytes(PACKETS[name].fields)]));
    expect(sizes).toEqual({
      CERT: 149,
      CERT_ACK: 125,
      BIND: 220,
      BIND_ACK: 59,
      DELIVER: 221,
      DELIVER_KAKAO: 221,
      DELIVER_ACK: 44,
      REPORT: 94,
      REPORT_ACK: 40,
      LINK: 0,
      LINK_ACK: 0,
      EVENT: 90,
    });
    expect([EXTENTIONS.DPT_CODE.size, EXTENTIONS.NAT_CODE.size]).toEqual([10, 16]);
    expect(bodyBytes(MEDIA_HEADER)).toBe(15);
  });

  it('writes the golden DELIVER byte for byte', () => {
    const { fields, plainPacketHex } = vectors.ngs.deliverSms;
    expect(Buffer.from(encodePacket('DELIVER', fields)).toString('hex')).toBe(plainPacketHex);
  });
});

describe('identifiers', () => {
  it('keeps a SERIAL as text, leading zeros and all', () => {
    const ack = dumbPacket('DELIVER_ACK', { RESULT: '0', DA_ADDR: '01020001234', SERIAL: '0090071992547409931' });
    expect(decoderOfAll().push(ack).packets[0]?.fields).toMatchObject({ SERIAL: '0090071992547409931' });
  });

  it('echoes identifiers that fill their field or are no ASCII byte for byte', () => {
    const serial = Buffer.from([0xff, ...Buffer.from('ABCDEFGHIJKLMNOPQRS')]);
    const report = dumbPacket('REPORT', { RESULT: '0', GWSERIAL: 'ABCDEFGHIJKLMNOP' });
    serial.copy(report, 14 + 4 + 15 + 20);
    const [packet] = decoderOfAll().push(report).packets;
    if (packet?.name !== 'REPORT') throw new Error('no REPORT');
    const { SERIAL, GWSERIAL } = packet.fields;
    const ack = Buffer.from(encodePacket('REPORT_ACK', { RESULT: '0', SERIAL, GWSERIAL }));
    expect(ack.subarray(18, 38)).toEqual(serial);
    expect(ack.subarray(38).toString('latin1')).toBe('ABCDEFGHIJKLMNOP');
  });
});

describe('MsgLeng of LINK and LINK_ACK', () => {
  it.each(['0', ''])('may be %j', (msgLeng) => {
    const bytes = Buffer.concat([header('42', msgLeng), dumbPacket('LINK')]);
    expect(
      decoderOfAll()
        .push(bytes)
        .packets.map(({ name }) => name),
    ).toEqual(['LINK_ACK', 'LINK']);
  });
});

describe('what no server may send', () => {
  const MALFORMED: readonly [string, Buffer, WireFault][] = [
    ['an unknown HeadType', header('99', '0'), 'UNKNOWN_TYPE'],
    ['an empty HeadType', header('', '0'), 'UNKNOWN_TYPE'],
    ['a HeadType padded with spaces', header('22  ', '44'), 'UNKNOWN_TYPE'],
    ['bytes behind the NUL of HeadType', header('22\0x', '44'), 'UNKNOWN_TYPE'],
    ['a packet that only clients send', header('21', '221'), 'UNEXPECTED_TYPE'],
    ['letters in MsgLeng', header('22', 'abc'), 'MALFORMED_LENGTH'],
    ['an empty MsgLeng', header('22', ''), 'MALFORMED_LENGTH'],
    ['a negative MsgLeng', header('22', '-44'), 'MALFORMED_LENGTH'],
    ['a signed MsgLeng', header('22', '+44'), 'MALFORMED_LENGTH'],
    ['a fraction', header('22', '44.0'), 'MALFORMED_LENGTH'],
    ['a hexadecimal', header('22', '0x2c'), 'MALFORMED_LENGTH'],
    ['an exponent', header('22', '4e1'), 'MALFORMED_LENGTH'],
    ['MsgLeng padded with spaces', header('22', '44        '), 'MALFORMED_LENGTH'],
    ['MsgLeng with a leading space', header('22', ' 44'), 'MALFORMED_LENGTH'],
    ['MsgLeng with leading zeros', header('22', '0000000044'), 'MALFORMED_LENGTH'],
    ['digits behind the NUL of MsgLeng', header('22', '44\x001'), 'MALFORMED_LENGTH'],
    ['a MsgLeng one short', header('22', '43'), 'WRONG_LENGTH'],
    ['a MsgLeng one long', header('22', '45'), 'WRONG_LENGTH'],
    ['a MsgLeng of zero', header('22', '0'), 'WRONG_LENGTH'],
    ['a MsgLeng of ten digits', header('22', '9999999999'), 'WRONG_LENGTH'],
    ['a LINK_ACK with a body', header('42', '1'), 'WRONG_LENGTH'],
    ['the length of an encrypted body', header('22', '48'), 'WRONG_LENGTH'],
  ];
  const fromServer: PacketName[] = ['CERT_ACK', 'BIND_ACK', 'DELIVER_ACK', 'REPORT', 'LINK_ACK', 'EVENT'];

  it.each(MALFORMED)('%s ends the decoding, and nothing follows it', (_, bytes, expected) => {
    const good = dumbPacket('LINK_ACK');
    const decoder = createFrameDecoder({ accepts: fromServer });
    const step = decoder.push(Buffer.concat([good, bytes, good, good]));
    expect(step.packets.map(({ name }) => name)).toEqual(['LINK_ACK']);
    expect(step.fault?.fault).toBe(expected);
    expect(decoder.push(good)).toEqual({ packets: [], fault: step.fault });
  });

  it.each(ALL)('%s with any length but its own is refused', (name) => {
    const size = bodyBytes(PACKETS[name].fields);
    const lies = [
      '-1',
      '00',
      '1e3',
      '١',
      '9999999999',
      String(size + 1),
      String(size - 1),
      `${size}\0${size}`,
      `${size} `,
    ];
    for (const lie of lies.filter((each) => !PACKETS[name].hasTail || each !== String(size + 1))) {
      const bytes = Buffer.concat([header(PACKETS[name].headType, ''), Buffer.alloc(size)]);
      bytes.write(lie, 4, 10, 'latin1');
      const { packets, fault } = decoderOfAll().push(bytes);
      expect(packets).toEqual([]);
      expect(['MALFORMED_LENGTH', 'WRONG_LENGTH']).toContain(fault?.fault);
    }
  });
});

describe('the tail of a DELIVER', () => {
  const fields = { ...(ROWS.find(({ name }) => name === 'DELIVER')?.fields as FieldValues<'DELIVER'>), MSGTYPE: 'M' };
  const media = (length: string, bytes: number): Buffer =>
    Buffer.concat([Buffer.from('11\x000\0'), Buffer.from(length.padEnd(10, '\0')), Buffer.alloc(bytes, 0x41)]);

  it('is carried as it stands where EXT_SIZE and the MFILELENs add up', () => {
    const values = { ...fields, MEDIACNT: '2', EXT_SIZE: '10' };
    const tail = Buffer.concat([Buffer.from('sales\0\0\0\0\0'), media('3', 3), media('0', 0)]);
    const expected = dumbPacket('DELIVER', values, tail);
    const texts = ['AAA', ''].map((content) => ({ MTYPE: '11', ENCODING: '0', content }) as const);
    const given: Tail = { extension: { field: 'DPT_CODE', value: 'sales' }, media: texts };
    expect(Buffer.from(encodePacket('DELIVER', values, given))).toEqual(expected);
    const [packet] = pushAll(decoderOfAll(), [expected.subarray(0, 300), expected.subarray(300)]).packets;
    expect(Buffer.from(packet?.tail ?? [])).toEqual(tail);
    expect(packet?.fields).toEqual(values);
  });

  it.each([
    ['is missing', '1', '0', Buffer.alloc(0)],
    ['is longer than its sums', '1', '0', Buffer.concat([media('3', 3), Buffer.alloc(1)])],
    ['is shorter than its sums', '1', '0', media('4', 3)],
    ['ends in a header', '2', '0', Buffer.concat([media('3', 3), Buffer.alloc(14)])],
    ['has a MFILELEN of letters', '1', '0', media('x', 3)],
    ['is there though nothing announces it', '0', '0', Buffer.alloc(5)],
    ['has no countable MEDIACNT', 'x', '0', Buffer.alloc(0)],
    ['has no readable EXT_SIZE', '0', '-1', Buffer.alloc(0)],
  ])('is refused when it %s', (_, MEDIACNT, EXT_SIZE, tail) => {
    const values = { ...fields, MEDIACNT, EXT_SIZE };
    expect(decoderOfAll().push(dumbPacket('DELIVER', values, tail)).fault?.fault).toBe('MALFORMED_TAIL');
  });

  it.each([
    ['more MEDIA', { MEDIACNT: '1', EXT_SIZE: '0' }, {}],
    ['fewer MEDIA', { MEDIACNT: '0', EXT_SIZE: '0' }, { media: [{ MTYPE: '11', ENCODING: '0', content: '' }] }],
    ['another EXTENTION', { MEDIACNT: '0', EXT_SIZE: '10' }, { extension: { field: 'NAT_CODE', value: '82' } }],
    ['no EXTENTION', { MEDIACNT: '0', EXT_SIZE: '0' }, { extension: { field: 'NAT_CODE', value: '82' } }],
  ] satisfies [string, object, Tail][])('is never written where the fields announce %s', (_, change, tail) => {
    const values = { ...fields, ...change };
    expect(() => encodePacket('DELIVER', values, tail)).toThrow(new FieldRejected('MEDIACNT', 'TAIL_MISMATCH'));
  });

  it('is refused above the cap before its body is read', () => {
    const decoder = createFrameDecoder({ accepts: ['DELIVER'], maxDeliverBytes: 1_000 });
    expect(decoder.push(header('21', '1001')).fault?.fault).toBe('WRONG_LENGTH');
  });
});

describe('what we never send', () => {
  const deliver = ROWS.find(({ name }) => name === 'DELIVER')?.fields as FieldValues<'DELIVER'>;

  it.each([
    ['a NUL in a text', { TEXT: 'a\0b' }, 'TEXT', 'HAS_NUL'],
    ['a NUL in an identifier', { SERIAL: 'a\0b' }, 'SERIAL', 'HAS_NUL'],
    ['an emoji', { TEXT: '안녕 😀' }, 'TEXT', 'UNENCODABLE'],
    ['a character that MS949 lacks', { TEXT: '₩1,000' }, 'TEXT', 'UNENCODABLE'],
    ['Korean in an ASCII field', { SENDER_CODE: '가' }, 'SENDER_CODE', 'UNENCODABLE'],
    ['a control character in an ASCII field', { DA_ADDR: '010\n' }, 'DA_ADDR', 'UNENCODABLE'],
    ['a SERIAL of 20 characters', { SERIAL: 'A'.repeat(20) }, 'SERIAL', 'TOO_LONG'],
    ['an SMS of 91 bytes', { TEXT: `${'가'.repeat(45)}a` }, 'TEXT', 'TOO_LONG'],
    ['an LMS subject of 65 bytes', { MSGTYPE: 'L', TEXT: 'a'.repeat(65) }, 'TEXT', 'TOO_LONG'],
    ['a text of 141 bytes under any type', { MSGTYPE: 'A', TEXT: 'a'.repeat(141) }, 'TEXT', 'TOO_LONG'],
  ])('%s is refused by field and reason', (_, change, field, fault) => {
    let thrown: unknown;
    try {
      encodePacket('DELIVER', { ...deliver, ...change });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(FieldRejected);
    expect(thrown).toMatchObject({ field, fault, message: `${field}: ${fault}` });
  });

  it('fills a field up to its last usable byte', () => {
    const values = { ...deliver, TEXT: '가'.repeat(45), SERIAL: 'A'.repeat(19) };
    expect(Buffer.from(encodePacket('DELIVER', values))).toEqual(dumbPacket('DELIVER', values));
  });
});
