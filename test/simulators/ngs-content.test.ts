import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readDeliver } from '../../src/simulators/ngs/deliver.ts';
import { NgsViolation } from '../../src/simulators/ngs/wire.ts';
import { jpeg, png } from '../support/images.ts';
import {
  type Attachment,
  ackOf,
  attached,
  type DeliverFields,
  deliverPacket,
  type KakaoFields,
  kakaoText,
  logIn,
  packet,
  pad,
  reportOf,
} from '../support/ngs-sim-client.ts';
import { startNgsSimulator } from '../support/ngs-simulator.ts';

const BODY: Attachment = ['11', '0', '본문입니다.'];
const SUBSTITUTE: Attachment = ['12', '0', '대체 본문입니다.'];
const BUTTONS: Attachment = ['13', '1', '{"button_cnt":2,"button1":{"name":"가"},"button2":{"name":"나"}}'];
const JPG: Attachment = ['21', '2', jpeg(200)];
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const long = (msgType: string, ...parts: Attachment[]): DeliverFields => ({
  msgType,
  text: '제목',
  ...attached(...parts),
});
const kakao = (msgType: string, changes: KakaoFields, ...parts: Attachment[]): DeliverFields => ({
  msgType,
  text: kakaoText(msgType === 'A' || msgType === 'a' ? changes : { template: '', ...changes }),
  ...attached(...parts),
});

async function send(fields: DeliverFields) {
  const { port, events, simulator } = await startNgsSimulator();
  const { dlv, rep } = await logIn(port);
  dlv.write(deliverPacket(fields));
  const [, result] = ackOf(await dlv.next());
  return { result, entry: events('DELIVER')[0], dlv, rep, simulator };
}

describe('LMS and MMS at the NGS simulator', () => {
  it('takes an LMS with its subject, and shows both', async () => {
    const { result, entry } = await send(long('L', BODY));
    expect(result).toBe('0');
    expect(entry).toMatchObject({ outcome: 'TAKEN', fields: { msgType: 'L', subject: '제목', text: '본문입니다.' } });
  });

  it('takes an MMS of 23,149 bytes as in the sample, and shows its images by size and hash', async () => {
    const image = jpeg(20_933);
    const fields = long('M', ['11', '0', 'x'.repeat(1965)], ['21', '2', image]);
    expect(deliverPacket(fields).toString('latin1', 4, 14)).toBe('23149\0\0\0\0\0');
    const { result, entry } = await send(fields);
    expect(result).toBe('0');
    expect(entry?.fields).toMatchObject({ images: [{ mtype: '21', bytes: 20_933, sha256: sha256(image) }] });
    expect(JSON.stringify(entry).length).toBeLessThan(3000);
  });

  it.each<[string, DeliverFields]>([
    ['64 bytes of subject', { ...long('L', BODY), text: '가'.repeat(32) }],
    ['no subject', { ...long('L', BODY), text: '' }],
    ['a subject in UTF-8', { ...long('L', BODY), encoding: '1', text: pad8('제목') }],
    ['2,000 bytes of body', long('L', ['11', '0', '가'.repeat(1000)])],
    ['text and three images of both kinds', long('M', JPG, BODY, ['23', '2', png(100)], JPG)],
    ['an image of 300 KB', long('M', BODY, ['21', '2', jpeg(307_200)])],
  ])('takes %s', async (_, fields) => {
    expect((await send(fields)).result).toBe('0');
  });

  it.each<[string, DeliverFields, string]>([
    ['65 bytes of subject', { ...long('L', BODY), text: `x${'가'.repeat(32)}` }, '24'],
    ['2,001 bytes of body', long('L', ['11', '0', `x${'가'.repeat(1000)}`]), '24'],
    ['a body in UTF-8', long('L', ['11', '1', '본문']), '26'],
    ['a body that is no MS949', long('L', ['11', '0', Buffer.of(0xb0)]), '24'],
    ['a body padded with NUL', long('L', ['11', '0', Buffer.from('x\0')]), '24'],
    ['no body', long('M', JPG), '26'],
    ['two bodies', long('L', BODY, BODY), '26'],
    ['an LMS with an image', long('L', BODY, JPG), '26'],
    ['an MMS without one', long('M', BODY), '26'],
    ['an MMS with a wide image', long('M', BODY, ['22', '2', jpeg(100)]), '26'],
    ['an MMS with buttons', long('M', BODY, JPG, BUTTONS), '26'],
    ['an SMS with a body', { ...attached(BODY) }, '26'],
    ['an image of 301 KB', long('M', BODY, ['21', '2', jpeg(307_201)]), '26'],
    ['an image that is text', long('M', BODY, ['21', '2', 'GIF89a']), '26'],
    ['a PNG called JPG', long('M', BODY, ['21', '2', png(100)]), '26'],
    ['a JPG called PNG', long('M', BODY, ['23', '2', jpeg(100)]), '26'],
    ['an image with ENCODING 0', long('M', BODY, ['21', '0', jpeg(100)]), '26'],
    ['five attachments', long('M', BODY, JPG, JPG, JPG, JPG), '26'],
    ['an MTYPE that does not exist', long('M', BODY, ['25', '2', jpeg(100)]), '26'],
    ['fewer attachments than MEDIACNT', { ...long('M', BODY, JPG), mediaCnt: '3' }, '26'],
    ['more attachments than MEDIACNT', { ...long('M', BODY, JPG), mediaCnt: '1' }, '90'],
    ['an attachment shorter than MFILELEN', cut(long('L', BODY)), '26'],
    ['an empty attachment', long('L', ['11', '0', '']), '26'],
    ['an MFILELEN that is no number', raw('11', '0', '0x5', 'abcde'), '26'],
    ['an MFILELEN with a leading zero', raw('11', '0', '05', 'abcde'), '26'],
  ])('does not take %s', async (_, fields, expected) => {
    const { result, entry } = await send(fields);
    expect([result, entry?.outcome, entry?.reason]).toEqual([expected, 'REFUSED', expect.any(String)]);
  });

  it('ends the session where MEDIA is not padded with NUL', async () => {
    const { port } = await startNgsSimulator();
    const { dlv } = await logIn(port);
    dlv.write(deliverPacket(raw('11', '0', '5    ', 'abcde')));
    expect(ackOf(await dlv.next())[1]).toBe('26');
    dlv.write(deliverPacket(raw('11', '0', '5\0x', 'abcde')));
    const event = await dlv.next();
    expect([event.headType, event.text(2, 88)]).toEqual(['51', 'MFILELEN has bytes behind its NUL.']);
  });
});

describe('EXTENTION at the NGS simulator', () => {
  const withExtention = (size: string, content: string): DeliverFields => ({
    extSize: size,
    tail: pad(content, Number(size)),
  });

  it('takes DPT_CODE and NAT_CODE by their sizes, in front of MEDIA', async () => {
    expect((await send(withExtention('10', 'DPT1'))).entry?.fields).toMatchObject({ extention: { DPT_CODE: 'DPT1' } });
    expect((await send(withExtention('16', '82'))).entry?.fields).toMatchObject({ extention: { NAT_CODE: '82' } });
    const media = attached(BODY);
    const tail = Buffer.concat([pad('D', 10), media.tail ?? Buffer.alloc(0)]);
    const { result, entry } = await send({ ...long('L', BODY), extSize: '10', tail });
    expect(result).toBe('0');
    expect(entry?.fields).toMatchObject({ extention: { DPT_CODE: 'D' }, text: '본문입니다.' });
  });

  it('refuses the one that was not agreed upon', async () => {
    const { port } = await startNgsSimulator({ extentions: ['DPT_CODE'] });
    const { dlv } = await logIn(port);
    dlv.write(deliverPacket(withExtention('16', '82')));
    expect(ackOf(await dlv.next())[1]).toBe('27');
    dlv.write(deliverPacket(withExtention('10', 'D')));
    expect(ackOf(await dlv.next())[1]).toBe('0');
  });
});

describe('Kakao at the NGS simulator', () => {
  it('takes the AlimTalk of the sample, 1,260 bytes with conversion, and shows its parts', async () => {
    const json = `{"button_cnt":1,"button1":"${'x'.repeat(71)}"}`;
    const text = `${'가'.repeat(454)}x`;
    const fields = kakao('A', { failover: '1', title: 'Replace Title' }, ['11', '0', text], ['13', '1', json]);
    expect(deliverPacket(fields).toString('latin1', 4, 14)).toBe('1260\0\0\0\0\0\0');
    const { result, entry } = await send(fields);
    expect(result).toBe('0');
    expect(entry?.fields).toMatchObject({
      msgType: 'A',
      text,
      kakao: {
        senderKey: 'cf1060fa976a7875eafae84083649af24f6ad3db',
        template: 'temp_code_01',
        method: 'p',
        failover: '1',
        title: 'Replace Title',
      },
      buttons: { button_cnt: 1 },
    });
  });

  it('takes the FriendTalk of the sample, 3,716 bytes with substitution', async () => {
    const fields = kakao(
      'F',
      { failover: '2', title: 'Replace Title.' },
      ['11', '0', `${'가'.repeat(982)}x`],
      ['12', '0', '나'.repeat(750)],
    );
    expect(deliverPacket(fields).toString('latin1', 4, 14)).toBe('3716\0\0\0\0\0\0');
    const { result, entry } = await send(fields);
    expect(result).toBe('0');
    expect(entry?.fields).toMatchObject({ substitute: '나'.repeat(750) });
  });

  it.each<[string, DeliverFields]>([
    ['1,000 characters of AlimTalk', kakao('A', {}, ['11', '1', '가'.repeat(1000)])],
    ['1,000 characters of AlimTalk with an image', kakao('a', {}, ['11', '0', '가'.repeat(1000)], BUTTONS)],
    ['1,000 characters of FriendTalk', kakao('F', {}, ['11', '1', '😀'.repeat(1000)])],
    ['400 characters of FriendTalk with an image', kakao('f', {}, ['11', '0', '가'.repeat(400)])],
    ['76 characters of wide FriendTalk', kakao('W', {}, ['11', '1', '가'.repeat(76)])],
    ['METHOD r', kakao('A', { method: 'r' }, BODY)],
    ['METHOD P', kakao('A', { method: 'P' }, BODY)],
    ['no METHOD, since p is the default', kakao('A', { method: '' }, BODY)],
    ['64 bytes of TITLE', kakao('A', { failover: '1', title: '가'.repeat(32) }, BODY)],
    ['a TITLE in UTF-8', { ...kakao('A', { failover: '1', title: pad8('제목', 65) }, BODY), encoding: '1' }],
    ['2,000 bytes of substitute', kakao('F', { failover: '2' }, BODY, ['12', '0', '가'.repeat(1000)])],
    ['a substitute in UTF-8', kakao('F', { failover: '3' }, BODY, ['12', '1', '대체'])],
    ['an image for the conversion of f', kakao('f', { failover: '1' }, BODY, ['23', '2', png(512_000)])],
    ['an image for the substitution of F', kakao('F', { failover: '3' }, BODY, SUBSTITUTE, JPG)],
    ['an image for the substitution of A', kakao('A', { failover: '3' }, BODY, SUBSTITUTE, JPG, BUTTONS)],
    ['a wide image of 2 MB', kakao('W', { failover: '1' }, BODY, ['22', '2', jpeg(2_097_152, 800, 600)])],
    ['a wide PNG of its own', kakao('W', {}, BODY, ['24', '2', png(100, 800, 600)])],
    ['buttons without button_cnt where there are none', kakao('A', {}, BODY, ['13', '1', '{"image":"http://a/b"}'])],
  ])('takes %s', async (_, fields) => {
    const { result, entry } = await send(fields);
    expect([result, entry?.reason]).toEqual(['0', undefined]);
  });

  it.each<[string, DeliverFields, string]>([
    ['no SENDERKEY', kakao('A', { senderKey: '' }, BODY), '28'],
    ['no TEMPLATE for AlimTalk', kakao('a', { template: '' }, BODY), '28'],
    ['a TEMPLATE for FriendTalk', kakao('F', { template: 'code' }, BODY), '28'],
    ['another METHOD', kakao('A', { method: 'R' }, BODY), '28'],
    ['no FAILOVER', kakao('A', { failover: '' }, BODY), '28'],
    ['FAILOVER 4', kakao('A', { failover: '4' }, BODY), '28'],
    ['a TITLE that is not in ENCODING', { ...kakao('A', { title: '제목' }, BODY), encoding: '1' }, '28'],
    ['no body', kakao('A', {}, BUTTONS), '26'],
    ['1,001 characters of AlimTalk', kakao('A', {}, ['11', '0', 'x'.repeat(1001)]), '24'],
    ['1,001 characters of FriendTalk', kakao('F', {}, ['11', '1', '가'.repeat(1001)]), '24'],
    ['401 characters with an image', kakao('f', {}, ['11', '0', '가'.repeat(401)]), '24'],
    ['77 characters of wide FriendTalk', kakao('W', {}, ['11', '0', '가'.repeat(77)]), '24'],
    ['a substitute with FAILOVER 0', kakao('F', { failover: '0' }, BODY, SUBSTITUTE), '26'],
    ['a substitute with FAILOVER 1', kakao('F', { failover: '1' }, BODY, SUBSTITUTE), '26'],
    ['FAILOVER 2 without a substitute', kakao('F', { failover: '2' }, BODY), '26'],
    ['FAILOVER 3 without a substitute', kakao('A', { failover: '3' }, BODY, JPG), '26'],
    ['2,001 bytes of substitute', kakao('F', { failover: '2' }, BODY, ['12', '1', `x${'가'.repeat(1000)}`]), '24'],
    ['an image with FAILOVER 0', kakao('f', { failover: '0' }, BODY, JPG), '26'],
    ['an image for the conversion of A', kakao('A', { failover: '1' }, BODY, JPG), '26'],
    ['an image over 500 KB', kakao('f', { failover: '1' }, BODY, ['21', '2', jpeg(512_001)]), '26'],
    ['a wide image for f', kakao('f', { failover: '1' }, BODY, ['22', '2', jpeg(100)]), '26'],
    ['an image that is not wide for W', kakao('W', { failover: '1' }, BODY, JPG), '26'],
    ['a wide image over 2 MB', kakao('W', {}, BODY, ['22', '2', jpeg(2_097_153, 800, 600)]), '26'],
    ['a wide image of 801 pixels', kakao('W', {}, BODY, ['22', '2', jpeg(100, 801, 600)]), '26'],
    ['a wide image 601 pixels high', kakao('W', {}, BODY, ['24', '2', png(100, 800, 601)]), '26'],
    ['buttons with ENCODING 0', kakao('A', {}, BODY, ['13', '0', '{"button_cnt":0}']), '26'],
    ['buttons that are no JSON', kakao('A', {}, BODY, ['13', '1', '{']), '26'],
    ['buttons that are a list', kakao('A', {}, BODY, ['13', '1', '[]']), '26'],
    ['buttons that are no UTF-8', kakao('A', {}, BODY, ['13', '1', Buffer.from('{"a":"\xff"}', 'latin1')]), '26'],
    ['a button_cnt too high', kakao('A', {}, BODY, ['13', '1', '{"button_cnt":2,"button1":{}}']), '26'],
    ['a button_cnt in quotes', kakao('A', {}, BODY, ['13', '1', '{"button_cnt":"1","button1":{}}']), '26'],
    ['a button without button_cnt', kakao('A', {}, BODY, ['13', '1', '{"button1":{}}']), '26'],
    ['buttons that skip a number', kakao('A', {}, BODY, ['13', '1', '{"button_cnt":1,"button2":{}}']), '26'],
    ['buttons twice', kakao('A', {}, BODY, BUTTONS, BUTTONS), '26'],
    ['an international LMS, which is for later', { msgType: 'l' }, '20'],
  ])('does not take %s', async (_, fields, expected) => {
    const { result, entry } = await send(fields);
    expect([result, entry?.outcome]).toEqual([expected, 'REFUSED']);
  });

  it('ends the session for bytes behind the NUL of a Kakao field', async () => {
    const { port } = await startNgsSimulator();
    const { dlv } = await logIn(port);
    const text = kakaoText();
    text.write('x', 41 + 30, 'latin1');
    dlv.write(deliverPacket({ msgType: 'A', text, ...attached(BODY) }));
    expect((await dlv.next()).text(2, 88)).toBe('TEMPLATE has bytes behind its NUL.');
  });
});

describe('a DELIVER of any bytes at the NGS simulator', () => {
  it('is taken, refused with a reason, or ends the session, and nothing else', () => {
    const account = { id: 'x', password: 'x', registeredNumbers: ['15880000'] };
    const valid = [
      {},
      long('M', BODY, JPG, ['23', '2', png(60)]),
      kakao('F', { failover: '3', title: '제목' }, BODY, SUBSTITUTE, JPG, BUTTONS),
      { extSize: '16', tail: pad('82', 16) },
    ].map((fields) => deliverPacket(fields).subarray(14));
    let seed = 20_260_302;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const ends = { taken: 0, refused: 0, violated: 0 };
    for (let round = 0; round < 20_000; round += 1) {
      const body = Buffer.from(valid[random(valid.length)] ?? '');
      for (let i = 0; i < random(4); i += 1)
        body[random(body.length)] = random(2) === 0 ? random(256) : 0x30 + random(10);
      const length = random(4) === 0 ? Math.max(221, random(body.length)) : body.length;
      try {
        const { verdict } = readDeliver(body.subarray(0, length), account, ['NAT_CODE']);
        if (verdict.ok) ends.taken += 1;
        else if (verdict.refusal.reason !== '') ends.refused += 1;
      } catch (fault) {
        expect(fault).toBeInstanceOf(NgsViolation);
        ends.violated += 1;
      }
    }
    expect(ends.taken + ends.refused + ends.violated).toBe(20_000);
    expect(Math.min(...Object.values(ends))).toBeGreaterThan(1000);
  });
});

describe('TPS at the NGS simulator', () => {
  it('counts SMS, LMS with MMS, and Kakao each on its own', async () => {
    const { port } = await startNgsSimulator({ tps: { sms: 1, mms: 2, kakao: 1 } });
    const { dlv } = await logIn(port);
    const messages: DeliverFields[] = [
      {},
      long('L', BODY),
      kakao('A', {}, BODY),
      long('M', BODY, JPG),
      kakao('F', {}, BODY),
      long('L', BODY),
      {},
    ];
    dlv.write(Buffer.concat(messages.map(deliverPacket)));
    const results: (string | undefined)[] = [];
    for (const _ of messages) results.push(ackOf(await dlv.next())[1]);
    expect(results).toEqual(['0', '0', '0', '0', '19', '19', '19']);
  });
});

describe('REPORT of a Kakao message', () => {
  const FALLBACK = '01099990006';
  const FAILED = '01099990007';
  const long91: Attachment = ['11', '0', 'x'.repeat(91)];
  const endOf = async (fields: DeliverFields) => {
    const { rep, result } = await send(fields);
    expect(result).toBe('0');
    const { result: code, message, telcoInfo } = reportOf(await rep.next());
    return [code, message, telcoInfo];
  };

  it.each<[string, DeliverFields, string[]]>([
    ['delivered by Kakao', kakao('A', {}, BODY), ['0', '', 'KKO']],
    ['converted to SMS', { ...kakao('A', { failover: '1' }, BODY), to: FALLBACK }, ['0', 'K2103,TS', 'SK']],
    ['converted to LMS', { ...kakao('A', { failover: '1' }, long91), to: FALLBACK }, ['0', 'K2103,TL', 'SK']],
    ['converted to MMS', { ...kakao('f', { failover: '1' }, BODY, JPG), to: FALLBACK }, ['0', 'K2103,TM', 'SK']],
    [
      'substituted by SMS, its image ignored',
      { ...kakao('F', { failover: '2' }, long91, SUBSTITUTE, JPG), to: FALLBACK },
      ['0', 'K2103,TS', 'SK'],
    ],
    [
      'substituted by LMS',
      { ...kakao('A', { failover: '3' }, BODY, ['12', '1', '가'.repeat(46)]), to: FALLBACK },
      ['0', 'K2103,TL', 'SK'],
    ],
    [
      'substituted by MMS',
      { ...kakao('F', { failover: '3' }, BODY, SUBSTITUTE, JPG), to: FALLBACK },
      ['0', 'K2103,TM', 'SK'],
    ],
    ['failed without a fallback', { ...kakao('A', {}, BODY), to: FALLBACK }, ['31', 'K2103', 'ETC']],
    ['failed, and its fallback, too', { ...kakao('A', { failover: '1' }, BODY), to: FAILED }, ['31', 'K2103', 'ETC']],
    [
      'converted, and filtered as spam',
      { ...kakao('A', { failover: '1' }, BODY), to: '01099990003' },
      ['0', 'SS,K2103,TS', 'SK'],
    ],
    ['without a subscriber', { ...kakao('A', {}, BODY), to: '01099990001' }, ['30', 'K2103', 'ETC']],
    ['an SMS to the number where Kakao fails', { to: FALLBACK }, ['0', '', 'SK']],
  ])('tells that it was %s', async (_, fields, expected) => {
    const [code, message, telcoInfo] = await endOf(fields);
    const carrier = expected[2] === 'SK' ? expect.stringMatching(/^(SK|KT|LG)$/) : expected[2];
    expect([code, message, telcoInfo]).toEqual([expected[0], expected[1], carrier]);
  });
});

function pad8(text: string, size = 141): Buffer {
  const field = Buffer.alloc(size);
  field.write(text);
  return field;
}

function cut(fields: DeliverFields): DeliverFields {
  return { ...fields, tail: (fields.tail ?? Buffer.alloc(0)).subarray(0, -1) };
}

/** One attachment with an MFILELEN as it is given. */
function raw(mtype: string, encoding: string, length: string, content: string): DeliverFields {
  const tail = packet('', [
    [mtype, 3],
    [encoding, 2],
    [length, 10],
    [content, content.length],
  ]).subarray(14);
  return { msgType: 'L', mediaCnt: '1', tail };
}
