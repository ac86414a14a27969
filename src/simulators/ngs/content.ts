/**
 * What each MSGTYPE may carry (NGS 2.0.1, sections 4.3 and 6): its text, its Kakao block and its attachments, decoded
 * and held to the limits. Throws NgsRefused; where the document is silent, the reading is marked.
 */
import type { JsonValue } from '../ledger.ts';
import { checkButtons, type KakaoInfo, readKakaoInfo } from './kakao.ts';
import { BODY, BUTTONS, type Media, type NgsImage, readImage, SUBSTITUTE } from './media.ts';
import { NgsRefused } from './results.ts';
import { decodeText, ms949Bytes } from './text.ts';

/** Classes of the TPS in BIND_ACK. */
export type TpsClass = 'sms' | 'mms' | 'kakao';

const MAX_SMS_BYTES = 90;
const MAX_SUBJECT_BYTES = 64;
const MAX_LONG_BYTES = 2000;
const KB = 1024;

interface ContentRules {
  readonly tpsClass: TpsClass;
  readonly maxCharacters?: number;
  readonly imageTypes: readonly string[];
  readonly minImages: number;
  readonly maxImageBytes: number;
}

const FLAT = ['21', '23'];
const WIDE = ['22', '24'];

/** The international s, l and m are announced "for later" and so are no keys here. */
export const RULES: Readonly<Record<string, ContentRules>> = {
  S: { tpsClass: 'sms', imageTypes: [], minImages: 0, maxImageBytes: 0 },
  L: { tpsClass: 'mms', imageTypes: [], minImages: 0, maxImageBytes: 0 },
  // Without an image it would be an L; 300 KB is advice in the document (6.1), and a limit here.
  M: { tpsClass: 'mms', imageTypes: FLAT, minImages: 1, maxImageBytes: 300 * KB },
  // MTYPE names images for MMS and FriendTalk only, FAILOVER 3 names them for AlimTalk, too: taken with that one.
  A: { tpsClass: 'kakao', maxCharacters: 1000, imageTypes: FLAT, minImages: 0, maxImageBytes: 300 * KB },
  a: { tpsClass: 'kakao', maxCharacters: 1000, imageTypes: FLAT, minImages: 0, maxImageBytes: 300 * KB },
  F: { tpsClass: 'kakao', maxCharacters: 1000, imageTypes: FLAT, minImages: 0, maxImageBytes: 500 * KB },
  f: { tpsClass: 'kakao', maxCharacters: 400, imageTypes: FLAT, minImages: 0, maxImageBytes: 500 * KB },
  W: { tpsClass: 'kakao', maxCharacters: 76, imageTypes: WIDE, minImages: 0, maxImageBytes: 2 * KB * KB },
};

/** A message as the partner meant it. */
export type NgsContent = {
  readonly text: string;
  readonly subject?: string;
  readonly kakao?: KakaoInfo;
  readonly substitute?: string;
  readonly buttons?: JsonValue;
  readonly images?: readonly NgsImage[];
  readonly extention?: { readonly [name: string]: string };
};

export function checkContent(
  msgType: string,
  rules: ContentRules,
  field: (name: string) => Buffer,
  media: readonly Media[],
): NgsContent {
  const encoding = field('ENCODING').toString('latin1');
  const kakao = rules.tpsClass === 'kakao' ? readKakaoInfo(msgType, field) : undefined;
  const allowed = msgType === 'S' ? [] : [BODY, ...(kakao ? [SUBSTITUTE, BUTTONS] : []), ...rules.imageTypes];
  const stranger = media.find(({ mtype }) => !allowed.includes(mtype));
  if (stranger !== undefined) {
    throw new NgsRefused('E_INVALID_MEDIA', `MTYPE ${stranger.mtype} is not for MSGTYPE ${msgType}`);
  }
  if (kakao !== undefined) return checkKakao(msgType, rules, kakao, media);

  const head = textOf(field('TEXT'), encoding, 'TEXT');
  if (msgType === 'S') {
    if (field('TEXT').length > MAX_SMS_BYTES) throw new NgsRefused('E_INVALID_TEXT', 'TEXT is over 90 bytes');
    if (head === '') throw new NgsRefused('E_INVALID_TEXT', 'TEXT is empty');
    return { text: head };
  }
  if (field('TEXT').length > MAX_SUBJECT_BYTES) throw new NgsRefused('E_INVALID_TEXT', 'the subject is over 64 bytes');
  // "LMS/MMS's body (EUC-KR)": only the bodies of Kakao have a choice (section 4.3).
  const text = textPart(media, BODY, ['0']);
  if (text === undefined) throw new NgsRefused('E_INVALID_MEDIA', 'MTYPE 11 is missing');
  if (ms949Bytes(text) > MAX_LONG_BYTES) throw new NgsRefused('E_INVALID_TEXT', 'the body is over 2000 bytes');
  const images = imagesOf(rules, media);
  if (images.length < rules.minImages) throw new NgsRefused('E_INVALID_MEDIA', `MSGTYPE ${msgType} has no image`);
  return { text, subject: head, ...(images.length > 0 && { images }) };
}

function checkKakao(msgType: string, rules: ContentRules, kakao: KakaoInfo, media: readonly Media[]): NgsContent {
  const text = textPart(media, BODY, ['0', '1']);
  if (text === undefined) throw new NgsRefused('E_INVALID_MEDIA', 'MTYPE 11 is missing');
  // Whether a character beyond the BMP counts once or twice is not said; here it counts once.
  const { maxCharacters = 0 } = rules;
  if ([...text].length > maxCharacters) {
    throw new NgsRefused('E_INVALID_TEXT', `the body is over ${maxCharacters} characters`);
  }
  const substitute = textPart(media, SUBSTITUTE, ['0', '1']);
  const substitutes = kakao.failover === '2' || kakao.failover === '3';
  if (substitutes !== (substitute !== undefined)) {
    throw new NgsRefused('E_INVALID_MEDIA', 'MTYPE 12 belongs to FAILOVER 2 and 3, and they to it');
  }
  if (substitute !== undefined && ms949Bytes(substitute) > MAX_LONG_BYTES) {
    throw new NgsRefused('E_INVALID_TEXT', 'the substitute is over 2000 bytes');
  }
  const images = imagesOf(rules, media);
  if (images.length > 0 && !mayCarryImages(msgType, kakao.failover)) {
    throw new NgsRefused('E_INVALID_MEDIA', `FAILOVER ${kakao.failover} has no use for an image`);
  }
  const buttons = checkButtons(only(media, BUTTONS));
  return {
    text,
    kakao,
    ...(substitute !== undefined && { substitute }),
    ...(buttons !== undefined && { buttons }),
    ...(images.length > 0 && { images }),
  };
}

/** Images are "for the case of conversion or substitution" (4.3); MTYPE 22 and 24 may be the wide message's own. */
function mayCarryImages(msgType: string, failover: string): boolean {
  if (msgType === 'W') return true;
  return msgType === 'A' || msgType === 'a' ? failover === '3' : failover !== '0';
}

function only(media: readonly Media[], mtype: string): Media | undefined {
  const found = media.filter((part) => part.mtype === mtype);
  if (found.length > 1) throw new NgsRefused('E_INVALID_MEDIA', `MTYPE ${mtype} came twice`);
  return found[0];
}

function textPart(media: readonly Media[], mtype: string, encodings: readonly string[]): string | undefined {
  const part = only(media, mtype);
  if (part === undefined) return undefined;
  if (!encodings.includes(part.encoding)) {
    throw new NgsRefused('E_INVALID_MEDIA', `ENCODING of MTYPE ${mtype} is not ${encodings.join(' or ')}`);
  }
  return textOf(part.bytes, part.encoding, `MTYPE ${mtype}`);
}

/** NUL is padding on this wire, never text. */
function textOf(bytes: Buffer, encoding: string, name: string): string {
  const text = bytes.includes(0) ? undefined : decodeText(bytes, encoding);
  if (text === undefined) throw new NgsRefused('E_INVALID_TEXT', `${name} is not in its ENCODING`);
  return text;
}

const imagesOf = (rules: ContentRules, media: readonly Media[]): readonly NgsImage[] =>
  media.filter(({ mtype }) => rules.imageTypes.includes(mtype)).map((part) => readImage(part, rules.maxImageBytes));
