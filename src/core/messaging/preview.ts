/**
 * What a text becomes on the wire of a provider, before anything is sent: its kind, its bytes against that provider's
 * limit, and what stands in the way. The same judgement decides what sendSms accepts.
 */
import {
  encodeMs949,
  fitsKsx1001,
  ms949ByteLength,
  normaliseText,
  type UnencodableCharacter,
  unencodableCharacters,
  unsendableCharacters,
} from '../../korean/ms949.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { ContentLimits, MessageKind } from '../provider.ts';

export interface MessagePreview {
  readonly kind: MessageKind;
  readonly bytes: number;
  /** Bytes for SMS, LMS and MMS; characters for Kakao. */
  readonly limit: number;
  /** The exact text bytes that go on the wire; empty where the text cannot go. */
  readonly wire: Uint8Array;
  readonly fitsKsx1001: boolean;
  readonly unencodable: readonly UnencodableCharacter[];
  readonly problems: readonly FieldProblem[];
}

export interface PreviewRequest {
  readonly text: string;
  readonly subject?: string | undefined;
  readonly hasImages?: boolean;
  /** False where a text over the SMS limit must not become an LMS. @default true */
  readonly allowLms?: boolean;
  /** Judged as this kind, whatever it would become. */
  readonly kind?: MessageKind | undefined;
  /** Kakao: UTF_8 carries any character. @default EUC_KR */
  readonly encoding?: 'EUC_KR' | 'UTF_8';
}

/** `path` stands before the name of the field in each problem: `['input']`, or nothing for an argument. */
export function previewContent(
  request: PreviewRequest,
  limits: ContentLimits,
  path: readonly string[],
): MessagePreview {
  const text = normaliseText(request.text);
  const isUtf8 = request.encoding === 'UTF_8';
  const bytes = isUtf8 ? Buffer.byteLength(text) : ms949ByteLength(text);
  const kind = request.kind ?? kindOf(request, bytes, limits);
  const unencodable = isUtf8 ? unsendableCharacters(text) : unencodableCharacters(text);
  const kakaoLimit = limits.kakao?.[kind]?.maxCharacters;
  const limit = kakaoLimit ?? (kind === 'SMS' ? limits.smsMaxBytes : limits.longMaxBytes);
  const size = kakaoLimit === undefined ? bytes : Array.from(text).length;
  const problems = [
    ...textProblems(text, unencodable, [...path, 'text']),
    ...(size > limit
      ? [tooLong('text', size, limit, kakaoLimit === undefined ? 'bytes' : 'characters', kind, path)]
      : []),
    ...subjectProblems(request.subject, kind, limits, [...path, 'subject']),
  ];
  if (!limits.kinds.includes(kind)) {
    problems.push({ path: [...path, 'kind'], rule: 'NOT_CARRIED', message: `This provider carries no ${kind}.` });
  }
  return {
    kind,
    bytes,
    limit,
    wire: unencodable.length > 0 ? new Uint8Array() : isUtf8 ? Buffer.from(text) : encodeMs949(text),
    fitsKsx1001: fitsKsx1001(text),
    unencodable,
    problems,
  };
}

/** A subject, an image, or more text than an SMS carries make it a longer kind. */
function kindOf(
  { subject, hasImages, allowLms = true }: PreviewRequest,
  bytes: number,
  limits: ContentLimits,
): MessageKind {
  if (hasImages === true) return 'MMS';
  const needsLms = bytes > limits.smsMaxBytes || (subject !== undefined && subject !== '');
  return needsLms && allowLms ? 'LMS' : 'SMS';
}

function textProblems(
  text: string,
  unencodable: readonly UnencodableCharacter[],
  path: readonly string[],
): FieldProblem[] {
  if (text.trim() === '') return [{ path, rule: 'EMPTY', message: 'The text is empty. 내용이 비어 있습니다.' }];
  return unencodable.length > 0 ? [notEncodable(unencodable, path)] : [];
}

function subjectProblems(
  subject: string | undefined,
  kind: MessageKind,
  limits: ContentLimits,
  path: readonly string[],
): FieldProblem[] {
  if (subject === undefined || subject === '') return [];
  if (kind === 'SMS') {
    return [{ path, rule: 'NOT_CARRIED', message: 'An SMS has no subject. SMS에는 제목을 넣을 수 없습니다.' }];
  }
  const text = normaliseText(subject);
  const bytes = ms949ByteLength(text);
  const unencodable = unencodableCharacters(text);
  const problems = lineProblems(text, path);
  if (unencodable.length > 0) problems.push(notEncodable(unencodable, path));
  if (bytes > limits.subjectMaxBytes) {
    problems.push(tooLong('subject', bytes, limits.subjectMaxBytes, 'bytes', kind, path.slice(0, -1)));
  }
  return problems;
}

/** What a subject must be, of a text or of a fallback: one line that says something. */
export function lineProblems(text: string, path: readonly string[]): FieldProblem[] {
  if (text.trim() === '') return [{ path, rule: 'EMPTY', message: 'The subject is empty. 제목이 비어 있습니다.' }];
  if (!text.includes('\n')) return [];
  return [{ path, rule: 'ONE_LINE', message: 'A subject is one line. 제목은 한 줄이어야 합니다.' }];
}

export function notEncodable(unencodable: readonly UnencodableCharacter[], path: readonly string[]): FieldProblem {
  const shown = unencodable.slice(0, 5).map(({ character, codePoint }) => `${character} (${codePoint})`);
  const message = `Carriers cannot carry ${shown.join(', ')}. 통신사가 전송할 수 없는 문자입니다.`;
  return { path, rule: 'UNENCODABLE', message };
}

export function tooLong(
  field: string,
  size: number,
  limit: number,
  unit: 'bytes' | 'characters',
  kind: MessageKind,
  path: readonly string[],
): FieldProblem {
  const korean = unit === 'bytes' ? '바이트' : '자';
  return {
    path: [...path, field],
    rule: 'TOO_LONG',
    message: `The ${field} takes ${size} ${unit}; ${kind} carries ${limit}. ${limit}${korean}까지 보낼 수 있습니다.`,
  };
}
