/**
 * A submission as its DELIVER: which MSGTYPE and attachments each kind has, in which encoding, and how much of each
 * (NGS 2.0.1, sections 4.3 and 6). It decides content only; fields and bytes are the codec's.
 */
import { type ImageType, type KakaoContent, laneOf, type MessageKind, type Submission } from '../../core/provider.ts';
import { ms949ByteLength } from '../../korean/ms949.ts';
import { type Extension, encodePacket, FieldRejected, type Media } from './codec.ts';
import { NGS_LIMITS } from './limits.ts';
import { EXTENTIONS, type FieldValues } from './packets.ts';

/** What an account says in every DELIVER. */
export interface NgsSender {
  /** Nine digits of the first sender, issued by the state radio office. */
  readonly senderCode: string;
  /** Only for those who agreed on it with Hanjin (section 4.3). */
  readonly extension?: Extension | undefined;
}

const MSGTYPES: Readonly<Record<MessageKind, string>> = {
  SMS: 'S',
  LMS: 'L',
  MMS: 'M',
  ALIMTALK: 'A',
  ALIMTALK_IMAGE: 'a',
  FRIENDTALK: 'F',
  FRIENDTALK_IMAGE: 'f',
  FRIENDTALK_WIDE: 'W',
};
/** Told apart by case. */
const METHODS = { PUSH: 'p', REALTIME: 'r', POLLING: 'P' } as const;
const FAILOVERS = { NONE: '0', CONVERT: '1', SUBSTITUTE: '2', SUBSTITUTE_MMS: '3' } as const;

const EUC_KR = '0';
const UTF_8 = '1';
const BINARY = '2';

const BODY = '11';
const SUBSTITUTE_BODY = '12';
const BUTTONS = '13';
const IMAGES: Readonly<Record<ImageType, string>> = { JPG: '21', PNG: '23' };
const WIDE_IMAGES: Readonly<Record<ImageType, string>> = { JPG: '22', PNG: '24' };
/** Texts count among them (section 6). */
const MAX_MEDIA = 4;

/** Throws FieldRejected for what NGS cannot carry whole; nothing is cut and nothing replaced. */
export function encodeDeliver(submission: Submission, serial: string, sender: NgsSender): Uint8Array {
  const { kind, kakao } = submission;
  if (laneOf(kind) === 'KAKAO') {
    if (kakao === undefined) throw new Error(`A submission of the kind ${kind} has Kakao content`);
    return encodeKakao(submission, kakao, serial, sender);
  }
  const media = kind === 'SMS' ? [] : longMedia(submission);
  const text = kind === 'SMS' ? submission.text : (submission.subject ?? '');
  const tail = { extension: sender.extension, media };
  return encodePacket('DELIVER', deliverFields(submission, serial, sender, media, text), tail);
}

function encodeKakao(submission: Submission, kakao: KakaoContent, serial: string, sender: NgsSender): Uint8Array {
  const media = kakaoMedia(submission, kakao);
  return encodePacket(
    'DELIVER_KAKAO',
    {
      ...deliverFields(submission, serial, sender, media, ''),
      SENDERKEY: kakao.senderKey,
      TEMPLATE: kakao.templateCode ?? '',
      METHOD: METHODS[kakao.method],
      FAILOVER: FAILOVERS[kakao.fallback],
      TITLE: kakao.fallbackSubject ?? '',
    },
    { extension: sender.extension, media },
  );
}

function deliverFields(
  submission: Submission,
  serial: string,
  sender: NgsSender,
  media: readonly Media[],
  text: string,
): FieldValues<'DELIVER'> {
  if (media.length > MAX_MEDIA) throw new FieldRejected('MEDIACNT', 'TOO_MANY');
  return {
    MSGTYPE: MSGTYPES[submission.kind],
    DA_ADDR: submission.to,
    CALLBACK: submission.from,
    // Of TEXT or TITLE, which end on a handset as SMS, LMS or MMS: in EUC-KR, whatever the body of a Kakao message is in.
    ENCODING: EUC_KR,
    TEXT: text,
    SERIAL: serial,
    SENDER_CODE: sender.senderCode,
    MEDIACNT: String(media.length),
    EXT_SIZE: sender.extension === undefined ? '0' : String(EXTENTIONS[sender.extension.field].size),
  };
}

function longMedia({ kind, text, images = [] }: Submission): Media[] {
  const media = [textMedia(BODY, text)];
  if (kind === 'MMS') {
    for (const { type, bytes } of images) media.push(imageMedia(IMAGES[type], bytes, NGS_LIMITS.mms.maxImageBytes));
  }
  return media;
}

function kakaoMedia({ kind, text, images = [] }: Submission, kakao: KakaoContent): Media[] {
  const { maxCharacters, maxImageBytes } = NGS_LIMITS.kakao?.[kind] ?? { maxCharacters: 0, maxImageBytes: 0 };
  if (text === '') throw new FieldRejected(`MEDIA ${BODY}`, 'MISSING');
  if ([...text].length > maxCharacters) throw new FieldRejected(`MEDIA ${BODY}`, 'TOO_LONG');
  const media: Media[] = [{ MTYPE: BODY, ENCODING: kakao.encoding === 'UTF_8' ? UTF_8 : EUC_KR, content: text }];
  const isSubstituted = kakao.fallback === 'SUBSTITUTE' || kakao.fallback === 'SUBSTITUTE_MMS';
  if (isSubstituted) media.push(textMedia(SUBSTITUTE_BODY, kakao.fallbackText ?? ''));
  if (kakao.buttons !== undefined) media.push({ MTYPE: BUTTONS, ENCODING: UTF_8, content: kakao.buttons });
  // Kakao shows the image that the buttons' JSON names. This one is for the fallback, and a substitute without MMS ignores
  // it (section 4.3); only of the wide image it may be read that it is the message's own.
  const isWide = kind === 'FRIENDTALK_WIDE';
  const isUsed =
    kakao.fallback === 'CONVERT' || kakao.fallback === 'SUBSTITUTE_MMS' || (isWide && kakao.fallback === 'NONE');
  if (isUsed) {
    const mtypes = isWide ? WIDE_IMAGES : IMAGES;
    for (const { type, bytes } of images) media.push(imageMedia(mtypes[type], bytes, maxImageBytes));
  }
  return media;
}

/** Text that a handset shows as LMS or MMS (section 6.1). */
function textMedia(mtype: string, text: string): Media {
  if (text === '') throw new FieldRejected(`MEDIA ${mtype}`, 'MISSING');
  if (ms949ByteLength(text) > NGS_LIMITS.longMaxBytes) throw new FieldRejected(`MEDIA ${mtype}`, 'TOO_LONG');
  return { MTYPE: mtype, ENCODING: EUC_KR, content: text };
}

function imageMedia(mtype: string, bytes: Uint8Array, max: number): Media {
  if (bytes.length > max) throw new FieldRejected(`MEDIA ${mtype}`, 'TOO_LONG');
  return { MTYPE: mtype, ENCODING: BINARY, content: bytes };
}
