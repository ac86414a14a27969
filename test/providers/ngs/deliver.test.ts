import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Image, KakaoContent, MessageKind, Submission } from '../../../src/core/provider.ts';
import { createBodyCipher } from '../../../src/providers/ngs/cipher.ts';
import { encryptFrame, FieldRejected } from '../../../src/providers/ngs/codec.ts';
import { encodeDeliver, type NgsSender } from '../../../src/providers/ngs/deliver.ts';
import { createFrameDecoder } from '../../../src/providers/ngs/frame-decoder.ts';
import { NGS_LIMITS } from '../../../src/providers/ngs/limits.ts';
import { dumbEncrypt, dumbKey, dumbMedia, dumbPacket, eucKr, eucKrText } from '../../support/ngs-bytes.ts';
import { SMS } from './account.ts';
import { DELIVER_ROWS, FIELDS, jpg, KAKAO, KAKAO_FIELDS, png, SERIAL } from './deliver-rows.ts';

const SENDER: NgsSender = { senderCode: '101280092' };
const encode = (change: Partial<Submission>, sender = SENDER) =>
  Buffer.from(encodeDeliver({ ...SMS, ...change }, SERIAL, sender));

describe('a DELIVER of each kind', () => {
  it.each(DELIVER_ROWS)('$title', ({ submission, packet: [name, fields, ...tail], msgLeng }) => {
    const expected = dumbPacket(name, fields, Buffer.concat(tail));
    if (msgLeng !== undefined) expect(expected.length).toBe(14 + msgLeng);
    const encoded = encode(submission);
    expect(encoded.equals(expected)).toBe(true);

    const key = dumbKey('testpwd', 12);
    const encrypted = Buffer.from(encryptFrame(encoded, createBodyCipher(key)));
    expect(encrypted.equals(dumbEncrypt(expected, key))).toBe(true);

    for (const [bytes, cipher] of [[expected], [encrypted, createBodyCipher(key)]] as const) {
      const [decoded] = createFrameDecoder({ accepts: ['DELIVER'], cipher }).push(bytes).packets;
      expect(decoded?.name).toBe(name);
      expect(decoded?.fields).toEqual(
        name === 'DELIVER' ? { TEXT: '', ...fields } : { TEMPLATE: '', TITLE: '', ...fields },
      );
      expect(Buffer.concat(tail).equals(decoded?.tail ?? Buffer.alloc(1))).toBe(true);
    }
  });

  it('has a row for every kind that NGS carries', () => {
    const kinds = DELIVER_ROWS.map(({ submission: { kind = 'SMS' } }) => kind);
    expect(new Set(kinds)).toEqual(new Set(NGS_LIMITS.kinds));
  });

  it.each([
    ['DPT_CODE', 'sales', 10],
    ['NAT_CODE', '82', 16],
  ] as const)('carries the account’s %s before its attachments', (field, value, size) => {
    const extension = Buffer.from(value.padEnd(size, '\0'));
    const sender = { ...SENDER, extension: { field, value } };
    const fields = { ...FIELDS, MSGTYPE: 'S', TEXT: SMS.text, EXT_SIZE: String(size) };
    expect(encode({}, sender)).toEqual(dumbPacket('DELIVER', fields, extension));
    const kakao = { ...KAKAO_FIELDS, MSGTYPE: 'F', MEDIACNT: '1', EXT_SIZE: String(size) };
    const tail = Buffer.concat([extension, dumbMedia('11', '0', eucKr('안녕'))]);
    expect(encode({ kind: 'FRIENDTALK', text: '안녕', kakao: KAKAO }, sender)).toEqual(
      dumbPacket('DELIVER_KAKAO', kakao, tail),
    );
  });

  it('is a bug for a Kakao kind without Kakao content', () => {
    expect(() => encode({ kind: 'ALIMTALK' })).toThrow('has Kakao content');
  });
});

describe('the last that fits and the first that does not', () => {
  const kakao = (kind: MessageKind, change: Partial<KakaoContent> & { text?: string; images?: Image[] } = {}) => {
    const { text = '본문', images = [], ...content } = change;
    return { kind, text, images, kakao: { ...KAKAO, ...content } };
  };
  const borders: readonly [string, Partial<Submission>, Partial<Submission>, string][] = [
    ['90 bytes of SMS', { text: '가'.repeat(45) }, { text: `${'가'.repeat(45)}a` }, 'TEXT: TOO_LONG'],
    [
      '64 bytes of subject',
      { kind: 'LMS', subject: '가'.repeat(32) },
      { kind: 'LMS', subject: `${'가'.repeat(32)}a` },
      'TEXT: TOO_LONG',
    ],
    [
      '2000 bytes of LMS',
      { kind: 'LMS', text: '가'.repeat(1000) },
      { kind: 'LMS', text: `${'가'.repeat(1000)}a` },
      'MEDIA 11: TOO_LONG',
    ],
    [
      '300 KB of MMS image',
      { kind: 'MMS', images: [jpg(300 * 1024)] },
      { kind: 'MMS', images: [jpg(300 * 1024 + 1)] },
      'MEDIA 21: TOO_LONG',
    ],
    [
      'four attachments',
      { kind: 'MMS', images: [jpg(1), jpg(1), jpg(1)] },
      { kind: 'MMS', images: [jpg(1), jpg(1), jpg(1), jpg(1)] },
      'MEDIACNT: TOO_MANY',
    ],
    [
      '1000 characters of AlimTalk',
      kakao('ALIMTALK', { text: '가'.repeat(1000) }),
      kakao('ALIMTALK', { text: '가'.repeat(1001) }),
      'MEDIA 11: TOO_LONG',
    ],
    [
      '1000 characters, where an emoji is one',
      kakao('FRIENDTALK', { text: '😀'.repeat(1000), encoding: 'UTF_8' }),
      kakao('FRIENDTALK', { text: '😀'.repeat(1001), encoding: 'UTF_8' }),
      'MEDIA 11: TOO_LONG',
    ],
    [
      '400 characters of FriendTalk image',
      kakao('FRIENDTALK_IMAGE', { text: 'a'.repeat(400) }),
      kakao('FRIENDTALK_IMAGE', { text: 'a'.repeat(401) }),
      'MEDIA 11: TOO_LONG',
    ],
    [
      '76 characters of wide FriendTalk',
      kakao('FRIENDTALK_WIDE', { text: 'a'.repeat(76) }),
      kakao('FRIENDTALK_WIDE', { text: 'a'.repeat(77) }),
      'MEDIA 11: TOO_LONG',
    ],
    [
      '500 KB of FriendTalk image',
      kakao('FRIENDTALK_IMAGE', { images: [png(500 * 1024)], fallback: 'CONVERT' }),
      kakao('FRIENDTALK_IMAGE', { images: [png(500 * 1024 + 1)], fallback: 'CONVERT' }),
      'MEDIA 23: TOO_LONG',
    ],
    [
      '2 MB of wide image',
      kakao('FRIENDTALK_WIDE', { images: [png(2 * 1024 * 1024)] }),
      kakao('FRIENDTALK_WIDE', { images: [png(2 * 1024 * 1024 + 1)] }),
      'MEDIA 24: TOO_LONG',
    ],
    [
      '64 bytes of title',
      kakao('FRIENDTALK', { fallbackSubject: '가'.repeat(32) }),
      kakao('FRIENDTALK', { fallbackSubject: `${'가'.repeat(32)}a` }),
      'TITLE: TOO_LONG',
    ],
    [
      '2000 bytes of substitute',
      kakao('FRIENDTALK', { fallback: 'SUBSTITUTE', fallbackText: 'a'.repeat(2000) }),
      kakao('FRIENDTALK', { fallback: 'SUBSTITUTE', fallbackText: 'a'.repeat(2001) }),
      'MEDIA 12: TOO_LONG',
    ],
    ['a sender key', kakao('FRIENDTALK'), kakao('FRIENDTALK', { senderKey: 'k'.repeat(41) }), 'SENDERKEY: TOO_LONG'],
    [
      'a template code',
      kakao('ALIMTALK', { templateCode: 't'.repeat(30) }),
      kakao('ALIMTALK', { templateCode: 't'.repeat(31) }),
      'TEMPLATE: TOO_LONG',
    ],
    [
      'an EUC-KR body',
      kakao('FRIENDTALK', { text: '€' }),
      kakao('FRIENDTALK', { text: '😀' }),
      'MEDIA 11: UNENCODABLE',
    ],
    [
      'a UTF-8 body',
      kakao('FRIENDTALK', { text: '😀', encoding: 'UTF_8' }),
      kakao('FRIENDTALK', { text: '\ud83d', encoding: 'UTF_8' }),
      'MEDIA 11: UNENCODABLE',
    ],
    [
      'buttons',
      kakao('FRIENDTALK', { buttons: '{"a":"\\ud83d"}' }),
      kakao('FRIENDTALK', { buttons: '{"a":"\ud83d"}' }),
      'MEDIA 13: UNENCODABLE',
    ],
    [
      'a substitute, whatever the body is in',
      kakao('FRIENDTALK', { encoding: 'UTF_8', fallback: 'SUBSTITUTE', fallbackText: '가' }),
      kakao('FRIENDTALK', { encoding: 'UTF_8', fallback: 'SUBSTITUTE', fallbackText: '😀' }),
      'MEDIA 12: UNENCODABLE',
    ],
    [
      'a title, whatever the body is in',
      kakao('FRIENDTALK', { encoding: 'UTF_8', fallbackSubject: '￦' }),
      kakao('FRIENDTALK', { encoding: 'UTF_8', fallbackSubject: '₩' }),
      'TITLE: UNENCODABLE',
    ],
    ['no NUL in a LMS', { kind: 'LMS', text: 'ab' }, { kind: 'LMS', text: 'a\0b' }, 'MEDIA 11: HAS_NUL'],
    [
      'no NUL in UTF-8',
      kakao('FRIENDTALK', { text: 'ab', encoding: 'UTF_8' }),
      kakao('FRIENDTALK', { text: 'a\0b', encoding: 'UTF_8' }),
      'MEDIA 11: HAS_NUL',
    ],
    ['a LMS with a text', { kind: 'LMS', text: 'a' }, { kind: 'LMS', text: '' }, 'MEDIA 11: MISSING'],
    ['a FriendTalk with a text', kakao('FRIENDTALK'), kakao('FRIENDTALK', { text: '' }), 'MEDIA 11: MISSING'],
    [
      'a substitute with a text',
      kakao('FRIENDTALK', { fallback: 'SUBSTITUTE_MMS', fallbackText: 'a' }),
      kakao('FRIENDTALK', { fallback: 'SUBSTITUTE_MMS' }),
      'MEDIA 12: MISSING',
    ],
  ];

  it.each(borders)('%s', (_, fits, passes, message) => {
    expect(encode(fits).length).toBeGreaterThanOrEqual(235);
    expect(() => encode(passes)).toThrow(expect.objectContaining({ name: 'FieldRejected', message }));
  });

  it('never writes a question mark that nobody sent: 20,000 texts arrive as they are, or not at all', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 40 });
    const koreanText = fc.string({
      unit: fc.constantFrom(...'가힣똠뷁漢€￦※☆ab \n·', '😀', '₩', '–', 'é'),
      maxLength: 40,
    });
    const kinds = fc.constantFrom<MessageKind>('SMS', 'LMS', 'FRIENDTALK');
    const counts = { whole: 0, refused: 0 };
    const decoder = createFrameDecoder({ accepts: ['DELIVER'] });
    fc.assert(
      fc.property(kinds, fc.oneof(anyText, koreanText), fc.boolean(), (kind, text, isUtf8) => {
        let bytes: Buffer;
        try {
          bytes = encode({ kind, text, kakao: { ...KAKAO, encoding: isUtf8 ? 'UTF_8' : 'EUC_KR' } });
        } catch (error) {
          expect(error).toBeInstanceOf(FieldRejected);
          counts.refused++;
          return;
        }
        counts.whole++;
        const [packet] = decoder.push(bytes).packets;
        if (packet?.name !== 'DELIVER' && packet?.name !== 'DELIVER_KAKAO') throw new Error('no DELIVER');
        const received = kind === 'SMS' && packet.name === 'DELIVER' ? packet.fields.TEXT : readBody(packet.tail);
        expect(received).toBe(text);
      }),
      { numRuns: 20_000 },
    );
    expect(counts.whole).toBeGreaterThan(3_000);
    expect(counts.refused).toBeGreaterThan(3_000);
  });
});

/** The text of a first attachment, as its ENCODING says. */
function readBody(tail: Uint8Array): string {
  const bytes = Buffer.from(tail);
  return bytes[3] === 0x31 ? bytes.subarray(15).toString('utf8') : eucKrText(bytes.subarray(15));
}
