import fc from 'fast-check';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { ContentRejected, GatewayError, IdempotencyConflict, InvalidInput } from '../../../src/core/errors.ts';
import { createComposer, type SendKakaoInput, type SendSmsInput } from '../../../src/core/messaging/compose.ts';
import type { Draft } from '../../../src/core/messaging/message-store.ts';
import type { SmsProvider } from '../../../src/core/provider.ts';
import type { Tenant } from '../../../src/core/tenant.ts';
import { encodeDeliver } from '../../../src/providers/ngs/deliver.ts';
import { bmp, gif, jpeg, png } from '../../support/images.ts';
import { messagingCore } from '../../support/messaging-core.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

const tenant: Tenant = { id: 'shop', callerNumbers: ['15880000'], keys: [] };
const noon = Date.parse('2026-11-21T12:00:00+09:00');
const at = (time: string): Clock => ({ ...systemClock, now: () => Date.parse(`2026-11-21T${time}+09:00`) });
const carriers = (['NGS', 'SENS'] as const).map((provider) =>
  scriptedProvider({ provider, submit: async () => ({ outcome: 'ACCEPTED', reference: 'R' }) }),
);

function sms(part: Partial<SendSmsInput>, clock: Clock = at('12:00:00'), whose: Tenant = tenant): Draft | GatewayError {
  const input: SendSmsInput = {
    idempotencyKey: 'k',
    to: '01012345678',
    text: '안녕하세요',
    purpose: 'NORMAL',
    allowLms: true,
    wait: 'QUEUED',
    ...part,
  };
  return judged(() => createComposer({ carriers, clock }).sms(whose, input));
}

function kakao(
  part: Partial<SendKakaoInput>,
  clock: Clock = at('12:00:00'),
  whose: Tenant = tenant,
): Draft | GatewayError {
  const input: SendKakaoInput = {
    idempotencyKey: 'k',
    kind: 'ALIMTALK',
    purpose: 'NORMAL',
    method: 'PUSH',
    encoding: 'UTF_8',
    to: '01012345678',
    senderKey: 'cf1060fa976a7875eafae84083649af24f6ad3db',
    templateCode: 'temp_code_01',
    text: '주문이 접수되었습니다.',
    fallback: 'NONE',
    wait: 'QUEUED',
    ...part,
  };
  return judged(() => createComposer({ carriers, clock }).kakao(whose, input));
}

function judged(work: () => Draft): Draft | GatewayError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}

/** The kind it became, or the rules it broke with the fields they name. */
function verdict(result: Draft | GatewayError): string {
  if (!(result instanceof GatewayError)) return result.message.kind;
  const fields =
    result instanceof InvalidInput ? result.fields : result instanceof ContentRejected ? result.preview.problems : [];
  return fields.map(({ path, rule }) => `${path.slice(1).join('.')} ${rule}`).join(', ') || result.code;
}

const image = (bytes: Buffer, fileName = 'a.jpg') => ({ fileName, data: bytes.toString('base64') });
const noTemplate = { templateCode: undefined };
const named = (provider: SmsProvider) => ({ providers: [provider] });

describe('a text', () => {
  const borders: [string, Partial<SendSmsInput>, string][] = [
    ['90 bytes', { text: '가'.repeat(45) }, 'SMS'],
    ['91 bytes', { text: `${'가'.repeat(45)}a` }, 'LMS'],
    ['91 bytes, no LMS allowed', { text: `${'가'.repeat(45)}a`, allowLms: false }, 'text TOO_LONG'],
    ['2,000 bytes', { text: '가'.repeat(1_000) }, 'LMS'],
    ['2,001 bytes', { text: `${'가'.repeat(1_000)}a` }, 'text TOO_LONG'],
    ['a subject', { subject: '제목' }, 'LMS'],
    ['a subject, no LMS allowed', { subject: '제목', allowLms: false }, 'subject NOT_CARRIED'],
    ['a subject of 64 bytes at NGS', { subject: '가'.repeat(32), ...named('NGS') }, 'LMS'],
    ['a subject of 65 bytes at NGS', { subject: `${'가'.repeat(32)}a`, ...named('NGS') }, 'subject TOO_LONG'],
    ['a subject of 40 bytes at SENS', { subject: '가'.repeat(20), ...named('SENS') }, 'LMS'],
    ['a subject of 41 bytes at SENS', { subject: `${'가'.repeat(20)}a`, ...named('SENS') }, 'subject TOO_LONG'],
    ['a subject of two lines', { subject: 'a\nb' }, 'subject ONE_LINE'],
    ['a subject of blanks', { subject: ' \t' }, 'subject EMPTY'],
    ['a subject with an emoji', { subject: '😀' }, 'subject UNENCODABLE'],
    ['one image', { images: [image(jpeg(1_000))] }, 'MMS'],
    ['three images', { images: [image(jpeg(9)), image(jpeg(9)), image(jpeg(9))], ...named('NGS') }, 'MMS'],
    ['four images', { images: Array.from({ length: 4 }, () => image(jpeg(9))), ...named('NGS') }, 'images TOO_MANY'],
    ['an image of 300 KB', { images: [image(jpeg(300 * 1024))] }, 'MMS'],
    ['an image of 301 KB', { images: [image(jpeg(301 * 1024))] }, 'images.0.data TOO_LARGE'],
    ['a PNG at NGS', { images: [image(png(1_000))], ...named('NGS') }, 'MMS'],
    ['a PNG at SENS', { images: [image(png(1_000))], ...named('SENS') }, 'images.0.data IMAGE_TYPE'],
    ['a GIF', { images: [image(gif())] }, 'images.0.data IMAGE_TYPE'],
    ['a BMP', { images: [image(bmp())] }, 'images.0.data IMAGE_TYPE'],
    [
      'a JPEG of 1,501 pixels at SENS',
      { images: [image(jpeg(1_000, 1_501, 100))], ...named('SENS') },
      'images.0.data TOO_LARGE',
    ],
    ['what is no image', { images: [image(Buffer.from('hello'))] }, 'images.0.data IMAGE_TYPE'],
    [
      'what is no Base64',
      { images: [{ fileName: 'a.jpg', data: 'data:image/jpeg;base64,AAAA' }] },
      'images.0.data NOT_BASE64',
    ],
    ['an image without a name', { images: [image(jpeg(9), '')] }, 'images.0.fileName LENGTH'],
  ];
  it.each(borders)('with %s', (_title, input, expected) => {
    expect(verdict(sms(input))).toBe(expected);
  });

  it('goes only to the providers that can carry it, where nobody named one', () => {
    const draft = sms({ subject: '가'.repeat(30) });
    expect(draft).toMatchObject({ message: { kind: 'LMS', routes: [{ provider: 'NGS' }] } });
  });

  it('must fit every provider that was named', () => {
    expect(verdict(sms({ subject: '가'.repeat(30), providers: ['NGS', 'SENS'] }))).toBe('subject TOO_LONG');
  });

  it('is stored in NFC and with LF line ends, and counted so', () => {
    expect(sms({ text: `${'가'.repeat(44).normalize('NFD')}\r\na` })).toMatchObject({
      message: { kind: 'SMS', text: `${'가'.repeat(44)}\na` },
    });
  });
});

describe('a number abroad', () => {
  it.each<[string, Partial<SendSmsInput>, string]>([
    ['goes by SENS where it alone is named', named('SENS'), 'SMS'],
    ['does not go by NGS', named('NGS'), 'to NOT_A_KOREAN_MOBILE'],
    ['does not go where nobody is named', {}, 'to NOT_A_KOREAN_MOBILE'],
    ['does not go where one of those named cannot', { providers: ['SENS', 'NGS'] }, 'to NOT_A_KOREAN_MOBILE'],
    ['takes no LMS', { ...named('SENS'), text: '가'.repeat(46) }, 'to NOT_CARRIED'],
    ['is no landline', { ...named('SENS'), to: '+44 20 7946 0018' }, 'to NOT_A_KOREAN_MOBILE'],
    ['is a number that there is', { ...named('SENS'), to: '+1 000 000 0000' }, 'to NOT_A_KOREAN_MOBILE'],
  ])('%s', (_title, input, expected) => {
    expect(verdict(sms({ to: '+1 415-555-2671', ...input }))).toBe(expected);
  });

  it('is kept in E.164', () => {
    expect(sms({ to: '+1 415-555-2671', ...named('SENS') })).toMatchObject({ message: { to: '+14155552671' } });
  });
});

describe('any text at all', () => {
  it('goes as it is or is refused by a type: over 20,000 texts no ? is ever put in its place', () => {
    const korean = fc.integer({ min: 0xac00, max: 0xd7a3 }).map((code) => String.fromCharCode(code));
    const character = fc.oneof(korean, fc.string({ unit: 'binary', maxLength: 1 }), fc.string({ maxLength: 1 }));
    let carried = 0;
    fc.assert(
      fc.property(fc.array(character, { maxLength: 60 }), (characters) => {
        const text = characters.join('');
        const result = sms({ text });
        if (result instanceof GatewayError) {
          expect(result instanceof ContentRejected || result instanceof InvalidInput).toBe(true);
          return;
        }
        carried += 1;
        // Decoded by another library than the one that judged it, and compared with what the caller wrote.
        const wire = iconv.encode(result.message.text, 'cp949');
        expect(iconv.decode(wire, 'cp949')).toBe(result.message.text);
        expect(result.message.text.normalize('NFC')).toBe(text.replace(/\r\n?/g, '\n').normalize('NFC'));
      }),
      { numRuns: 20_000 },
    );
    expect(carried).toBeGreaterThan(1_000);
  });

  it('goes to Kakao in UTF-8 as it is or is refused by a type, over 5,000 texts', () => {
    const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
    const plain = fc.string({ unit: 'grapheme', maxLength: 1 });
    let carried = 0;
    let refused = 0;
    fc.assert(
      // Half of the texts have halves of characters in them.
      fc.property(fc.oneof(fc.array(plain), fc.array(fc.oneof(unit, plain))), (characters) => {
        const text = characters.join('');
        const result = kakao({ text, encoding: 'UTF_8' });
        if (result instanceof GatewayError) {
          expect(result instanceof ContentRejected || result instanceof InvalidInput).toBe(true);
          refused += 1;
          return;
        }
        carried += 1;
        expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text);
        expect(Buffer.from(result.message.text, 'utf8').toString('utf8')).toBe(result.message.text);
        expect(result.message.text.normalize('NFC')).toBe(text.replace(/\r\n?/g, '\n').normalize('NFC'));
      }),
      { numRuns: 5_000 },
    );
    expect(carried).toBeGreaterThan(500);
    expect(refused).toBeGreaterThan(500);
  });
});

describe('a time to send at', () => {
  it.each([
    ['a minute ago', noon - 60_001, 'sendAt IN_THE_PAST'],
    ['just now', noon - 30_000, 'SMS'],
    ['in 30 days', noon + 30 * 86_400_000, 'SMS'],
    ['later than 30 days', noon + 30 * 86_400_000 + 1, 'sendAt TOO_FAR_AHEAD'],
  ])('%s', (_title, sendAt, expected) => {
    expect(verdict(sms({ sendAt }))).toBe(expected);
  });

  it('holds the message with us until then, and counts its deadline from there', () => {
    const sendAt = noon + 3_600_000;
    expect(sms({ sendAt })).toMatchObject({ message: { sendAt, dueAt: sendAt, deadlineAt: sendAt + 24 * 3_600_000 } });
  });
});

const ad = '(광고)관문 할인\n무료수신거부 080-123-4567';

describe('advertising', () => {
  const rows: [string, Partial<SendSmsInput>, string, string][] = [
    ['by day, with its marks', { text: ad }, '12:00:00', 'SMS'],
    ['without its head', { text: ad.slice(4) }, '12:00:00', 'text AD_HEAD'],
    ['without its way out', { text: '(광고)관문 할인' }, '12:00:00', 'text AD_OPT_OUT'],
    ['at 20:59:59', { text: ad }, '20:59:59', 'SMS'],
    ['at 21:00:00', { text: ad }, '21:00:00', 'purpose AD_NIGHT'],
    ['at 07:59:59', { text: ad }, '07:59:59', 'purpose AD_NIGHT'],
    ['at 08:00:00', { text: ad }, '08:00:00', 'SMS'],
    [
      'reserved by day for the night',
      { text: ad, sendAt: Date.parse('2026-11-21T23:00:00+09:00') },
      '12:00:00',
      'sendAt AD_NIGHT',
    ],
    ['reserved at night for the day', { text: ad, sendAt: Date.parse('2026-11-22T10:00:00+09:00') }, '23:00:00', 'SMS'],
  ];
  it.each(rows)('%s', (_title, input, time, expected) => {
    expect(verdict(sms({ purpose: 'AD', ...input }, at(time)))).toBe(expected);
  });

  it('may arrive at night where the tenant has consent', () => {
    expect(verdict(sms({ purpose: 'AD', text: ad }, at('23:00:00'), { ...tenant, nightConsent: true }))).toBe('SMS');
  });

  it.each(['NORMAL', 'AUTH'] as const)('has no rules for %s', (purpose) => {
    expect(verdict(sms({ purpose, text: '인증번호 123456' }, at('23:00:00')))).toBe('SMS');
  });

  it.each(['NORMAL', 'AUTH'] as const)('does not go out as %s', (purpose) => {
    expect(verdict(sms({ purpose, text: ad }))).toBe('purpose AD_PURPOSE');
    expect(verdict(kakao({ purpose, text: ad }))).toBe('purpose AD_PURPOSE');
    expect(verdict(kakao({ purpose, fallback: 'SUBSTITUTE', fallbackText: ad }))).toBe('purpose AD_PURPOSE');
    expect(verdict(sms({ purpose, text: '표시는 (광고)입니다' }))).toBe('SMS');
  });

  const friendTalk = { kind: 'FRIENDTALK', ...noTemplate, purpose: 'AD', text: ad } as const;

  it.each(['SUBSTITUTE', 'SUBSTITUTE_MMS'] as const)('has its marks in the text of a %s, too', (fallback) => {
    const substituted = (fallbackText: string) => verdict(kakao({ ...friendTalk, fallback, fallbackText }));
    expect(substituted(ad)).toBe('FRIENDTALK');
    expect(substituted(ad.slice(4))).toBe('fallbackText AD_HEAD');
    expect(substituted('(광고)관문 할인')).toBe('fallbackText AD_OPT_OUT');
    expect(substituted('할인')).toBe('fallbackText AD_HEAD, fallbackText AD_OPT_OUT');
  });

  it('on Kakao leaves the night alone from 20:00 on, unless the tenant has consent', () => {
    expect(verdict(kakao(friendTalk, at('19:59:59')))).toBe('FRIENDTALK');
    expect(verdict(kakao(friendTalk, at('20:00:00')))).toBe('purpose AD_NIGHT');
    expect(verdict(kakao(friendTalk, at('07:59:59')))).toBe('purpose AD_NIGHT');
    expect(verdict(kakao(friendTalk, at('08:00:00')))).toBe('FRIENDTALK');
    const consenting = { ...tenant, nightConsent: true };
    for (const time of ['20:00:00', '23:00:00', '07:59:59']) {
      expect(verdict(kakao(friendTalk, at(time), consenting))).toBe('FRIENDTALK');
    }
  });
});

describe('a Kakao message', () => {
  const buttons = JSON.stringify({ button_cnt: 1, button1: { name: '보기', type: 'WL' } });
  const rows: [string, Partial<SendKakaoInput>, string][] = [
    ['AlimTalk of 1,000 characters', { text: '가'.repeat(1_000) }, 'ALIMTALK'],
    ['AlimTalk of 1,001 characters', { text: '가'.repeat(1_001) }, 'text TOO_LONG'],
    [
      'FriendTalk image of 400 characters',
      { kind: 'FRIENDTALK_IMAGE', ...noTemplate, text: '가'.repeat(400) },
      'FRIENDTALK_IMAGE',
    ],
    [
      'FriendTalk image of 401 characters',
      { kind: 'FRIENDTALK_IMAGE', ...noTemplate, text: '가'.repeat(401) },
      'text TOO_LONG',
    ],
    [
      'FriendTalk wide of 76 characters',
      { kind: 'FRIENDTALK_WIDE', ...noTemplate, text: '가'.repeat(76) },
      'FRIENDTALK_WIDE',
    ],
    [
      'FriendTalk wide of 77 characters',
      { kind: 'FRIENDTALK_WIDE', ...noTemplate, text: '가'.repeat(77) },
      'text TOO_LONG',
    ],
    ['an emoji in UTF-8', { text: '😀' }, 'ALIMTALK'],
    ['half a character in UTF-8', { text: 'a\ud800' }, 'text UNENCODABLE'],
    ['a NUL in UTF-8', { text: 'a\0b' }, 'text UNENCODABLE'],
    ['half a character in its buttons', { buttons: '{"button_cnt":0,"x":"\ud800"}' }, 'buttons BUTTONS'],
    ['an emoji in EUC-KR', { text: '😀', encoding: 'EUC_KR' }, 'text UNENCODABLE'],
    ['AlimTalk without a template', { templateCode: undefined }, 'templateCode REQUIRED'],
    ['FriendTalk without a template', { kind: 'FRIENDTALK', templateCode: undefined }, 'FRIENDTALK'],
    ['FriendTalk with a template', { kind: 'FRIENDTALK' }, 'templateCode NOT_CARRIED'],
    ['a sender key of 41 characters', { senderKey: 'a'.repeat(41) }, 'senderKey FORM'],
    ['a sender key of 40 letters', { senderKey: 'aZ09'.repeat(10) }, 'ALIMTALK'],
    ['a sender key with a dash', { senderKey: 'cf10-60fa' }, 'senderKey FORM'],
    ['a template code of 31 characters', { templateCode: 'a'.repeat(31) }, 'templateCode FORM'],
    ['buttons that are counted right', { buttons }, 'ALIMTALK'],
    ['buttons that are counted wrong', { buttons: buttons.replace('1', '2') }, 'buttons BUTTONS'],
    ['buttons with a gap', { buttons: '{"button_cnt":2,"button1":{},"button3":{}}' }, 'buttons BUTTONS'],
    ['buttons from 0', { buttons: '{"button_cnt":1,"button0":{}}' }, 'buttons BUTTONS'],
    ['a button with a leading zero', { buttons: '{"button_cnt":1,"button01":{}}' }, 'buttons BUTTONS'],
    ['two buttons', { buttons: '{"button_cnt":2,"button2":{},"button1":{}}' }, 'ALIMTALK'],
    ['buttons counted in a string', { buttons: '{"button_cnt":"1","button1":{}}' }, 'buttons BUTTONS'],
    ['buttons counted by a fraction', { buttons: '{"button_cnt":1.5,"button1":{}}' }, 'buttons BUTTONS'],
    ['no buttons, counted by null', { buttons: '{"button_cnt":null}' }, 'buttons BUTTONS'],
    ['no buttons, not counted', { buttons: '{"image":"http://a/b"}' }, 'ALIMTALK'],
    ['buttons that are no JSON', { buttons: '{' }, 'buttons BUTTONS'],
    ['buttons in a list', { buttons: '[]' }, 'buttons BUTTONS'],
    ['a substitute with its text', { fallback: 'SUBSTITUTE', fallbackText: '대체' }, 'ALIMTALK'],
    ['a substitute without a text', { fallback: 'SUBSTITUTE' }, 'fallbackText REQUIRED'],
    ['a substitute with an emoji', { fallback: 'SUBSTITUTE', fallbackText: '😀' }, 'fallbackText UNENCODABLE'],
    [
      'a substitute of 2,001 bytes',
      { fallback: 'SUBSTITUTE', fallbackText: 'a'.repeat(2_001) },
      'fallbackText TOO_LONG',
    ],
    ['a fallback text without a substitute', { fallbackText: '대체' }, 'fallbackText NOT_CARRIED'],
    [
      'a fallback subject of 65 bytes',
      { fallback: 'CONVERT', fallbackSubject: 'a'.repeat(65) },
      'fallbackSubject TOO_LONG',
    ],
    ['a fallback subject', { fallback: 'CONVERT', fallbackSubject: '제목' }, 'ALIMTALK'],
    ['a fallback subject of two lines', { fallback: 'CONVERT', fallbackSubject: 'a\r\nb' }, 'fallbackSubject ONE_LINE'],
    ['a fallback subject of blanks', { fallback: 'CONVERT', fallbackSubject: ' ' }, 'fallbackSubject EMPTY'],
    ['a kind that is no Kakao', { kind: 'SMS' }, 'kind NOT_KAKAO'],
    ['an image for AlimTalk', { image: image(jpeg(9)) }, 'image NOT_CARRIED'],
    [
      'an image of 500 KB',
      { kind: 'FRIENDTALK_IMAGE', ...noTemplate, image: image(jpeg(500 * 1024)), fallback: 'CONVERT' },
      'FRIENDTALK_IMAGE',
    ],
    [
      'an image of 501 KB',
      { kind: 'FRIENDTALK_IMAGE', ...noTemplate, image: image(jpeg(501 * 1024)), fallback: 'CONVERT' },
      'image.data TOO_LARGE',
    ],
    [
      'a wide image of 2 MB',
      { kind: 'FRIENDTALK_WIDE', ...noTemplate, image: image(jpeg(2 * 1024 * 1024)) },
      'FRIENDTALK_WIDE',
    ],
    [
      'a wide image of 800 x 600 pixels',
      { kind: 'FRIENDTALK_WIDE', ...noTemplate, image: image(jpeg(1_000, 800, 600)) },
      'FRIENDTALK_WIDE',
    ],
    [
      'a wide image of 801 x 600 pixels',
      { kind: 'FRIENDTALK_WIDE', ...noTemplate, image: image(jpeg(1_000, 801, 600)) },
      'image.data TOO_LARGE',
    ],
    [
      'a wide image of 800 x 601 pixels',
      { kind: 'FRIENDTALK_WIDE', ...noTemplate, image: image(png(1_000, 800, 601)) },
      'image.data TOO_LARGE',
    ],
  ];
  it.each(rows)('with %s', (_title, input, expected) => {
    expect(verdict(kakao(input))).toBe(expected);
  });

  const kinds = [
    ['ALIMTALK', {}],
    ['ALIMTALK_IMAGE', {}],
    ['FRIENDTALK', noTemplate],
  ] as const;
  it.each(kinds)('of the kind %s has an image only in the MMS that stands in for it', (kind, part) => {
    const imaged = (change: Partial<SendKakaoInput>) => verdict(kakao({ kind, ...part, ...change }));
    const mms = { fallback: 'SUBSTITUTE_MMS', fallbackText: '대체' } as const;
    expect(imaged({ ...mms, image: image(jpeg(300 * 1024)) })).toBe(kind);
    expect(imaged({ ...mms, image: image(jpeg(300 * 1024 + 1)) })).toBe('image.data TOO_LARGE');
    for (const fallback of ['NONE', 'CONVERT'] as const) {
      expect(imaged({ fallback, image: image(jpeg(9)) })).toBe('image NOT_CARRIED');
    }
    expect(imaged({ ...mms, fallback: 'SUBSTITUTE', image: image(jpeg(9)) })).toBe('image NOT_CARRIED');
  });

  it.each(kinds)('of the kind %s puts that image on the wire of NGS', (kind, part) => {
    const picture = jpeg(300 * 1024);
    const fallback = { fallback: 'SUBSTITUTE_MMS', fallbackText: '대체' } as const;
    const draft = kakao({ kind, ...part, ...fallback, image: image(picture) });
    if (draft instanceof GatewayError) throw draft;
    const packet = encodeDeliver({ ...draft.message, images: draft.images }, 'S1', { senderCode: '123456789' });
    expect(Buffer.from(packet).includes(picture)).toBe(true);
  });
});

describe('the same key', () => {
  // Bytes that Base64 writes with + and /, and the URL-safe form with - and _.
  const bytes = Buffer.concat([jpeg(400), Buffer.from('fbefbefffffefbff', 'hex')]);
  const standard = { fileName: 'a.jpg', data: bytes.toString('base64') };
  const urlSafe = { fileName: 'a.jpg', data: bytes.toString('base64url') };
  const opened = async () =>
    messagingCore({
      store: await temporaryStore(),
      providers: [scriptedProvider({ submit: async () => ({ outcome: 'ACCEPTED', reference: 'R' }) })],
    });
  const withMms = { idempotencyKey: 'same', fallback: 'SUBSTITUTE_MMS', wait: 'QUEUED' } as const;
  const composed = { ...withMms, fallbackText: '대체\r\n본문', fallbackSubject: '제목', image: standard };

  it('takes an image in either Base64, and a fallback composed differently, for the same input', async () => {
    expect(standard.data).not.toBe(urlSafe.data);
    const core = await opened();
    const first = await core.sendKakao(composed);
    const decomposed = {
      fallbackText: '대체\n본문'.normalize('NFD'),
      fallbackSubject: '제목'.normalize('NFD'),
      image: urlSafe,
    };
    expect((await core.sendKakao({ ...withMms, ...decomposed })).id).toBe(first.id);
    const text = { idempotencyKey: 'text', wait: 'QUEUED' } as const;
    const sent = await core.send({ ...text, images: [standard] });
    expect((await core.send({ ...text, images: [urlSafe] })).id).toBe(sent.id);
  });

  it.each<[string, Partial<SendKakaoInput>]>([
    ['image', { image: image(jpeg(401)) }],
    ['fallbackText', { fallbackText: '다른 본문' }],
    ['fallbackSubject', { fallbackSubject: '다른 제목' }],
  ])('names %s where it was used with another one', async (path, other) => {
    const core = await opened();
    await core.sendKakao(composed);
    const failure = await core.sendKakao({ ...composed, ...other }).catch((error) => error);
    expect(failure).toBeInstanceOf(IdempotencyConflict);
    expect(failure.differingPaths).toEqual([path]);
  });
});
