/** What a text becomes on the wire, before anything is sent: kind, bytes, limit and what stands in the way. */
import { encodeMs949, fitsKsx1001, ms949ByteLength, normaliseText, unencodableCharacters } from '../../korean/ms949.ts';
import type { FieldProblem } from '../errors.ts';
import type { MessageKind } from '../provider.ts';

export interface UnencodableCharacter {
  /** In UTF-16 units of the normalised text. */
  readonly index: number;
  readonly character: string;
  /** `U+20A9`. */
  readonly codePoint: string;
  readonly suggestion?: string;
}

export interface MessagePreview {
  readonly kind: MessageKind;
  readonly bytes: number;
  readonly limit: number;
  /** The exact text bytes that go on the wire; empty where the text cannot go. */
  readonly wire: Uint8Array;
  readonly fitsKsx1001: boolean;
  readonly unencodable: readonly UnencodableCharacter[];
  readonly problems: readonly FieldProblem[];
}

/** Both providers print 90 bytes of EUC-KR (SENS SMS v2, send; NGS 2.0.1, section 4.3). */
const smsMaxBytes = 90;

/** `path` names the text in the caller's input, for the problems found. */
export function previewText(text: string, path: readonly string[]): MessagePreview {
  const normalised = normaliseText(text);
  const unencodable = unencodableCharacters(normalised);
  const bytes = ms949ByteLength(normalised);
  const problems: FieldProblem[] = [];
  if (normalised.trim() === '') {
    problems.push({ path, rule: 'EMPTY', message: 'The text is empty. 내용이 비어 있습니다.' });
  }
  if (unencodable.length > 0) {
    const shown = unencodable.slice(0, 5).map(({ character, codePoint }) => `${character} (${codePoint})`);
    problems.push({
      path,
      rule: 'UNENCODABLE',
      message: `Carriers cannot carry ${shown.join(', ')}. 통신사가 전송할 수 없는 문자입니다.`,
    });
  }
  if (bytes > smsMaxBytes) {
    problems.push({
      path,
      rule: 'TOO_LONG',
      message: `The text takes ${bytes} bytes; an SMS carries ${smsMaxBytes}. SMS는 ${smsMaxBytes}바이트까지 보낼 수 있습니다.`,
    });
  }
  return {
    kind: 'SMS',
    bytes,
    limit: smsMaxBytes,
    wire: unencodable.length > 0 ? new Uint8Array() : encodeMs949(normalised),
    fitsKsx1001: fitsKsx1001(normalised),
    unencodable,
    problems,
  };
}
