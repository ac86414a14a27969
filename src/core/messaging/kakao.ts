/** What a Kakao message needs besides its text (NGS 2.0.1, sections 4.3 and 6.2), judged before acceptance. */
import { isWellFormed, ms949ByteLength, normaliseText, unencodableCharacters } from '../../korean/ms949.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { ContentLimits, KakaoContent, MessageKind } from '../provider.ts';
import { lineProblems, notEncodable, tooLong } from './preview.ts';

export interface KakaoInput {
  readonly senderKey: string;
  readonly templateCode?: string | undefined;
  readonly method: KakaoContent['method'];
  readonly encoding: KakaoContent['encoding'];
  readonly buttons?: string | undefined;
  readonly fallback: KakaoContent['fallback'];
  readonly fallbackText?: string | undefined;
  readonly fallbackSubject?: string | undefined;
}

/** SENDERKEY 41C and TEMPLATE 31C, each with its closing NUL. */
const maxSenderKeyLength = 40;
const maxTemplateCodeLength = 30;
const lettersAndDigits = /^[0-9A-Za-z]+$/;
const printableAscii = /^[\x21-\x7e]+$/;

/** The content to store, and what keeps it from being carried. */
export function judgeKakao(
  input: KakaoInput,
  kind: MessageKind,
  limits: ContentLimits,
): { readonly kakao: KakaoContent; readonly problems: readonly FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const add = (field: string, rule: string, message: string): number =>
    problems.push({ path: ['input', field], rule, message });
  const isAlimTalk = kind === 'ALIMTALK' || kind === 'ALIMTALK_IMAGE';

  if (!lettersAndDigits.test(input.senderKey) || input.senderKey.length > maxSenderKeyLength) {
    add('senderKey', 'FORM', `Give 1 to ${maxSenderKeyLength} letters (a-z) and digits.`);
  }
  if (isAlimTalk && (input.templateCode === undefined || input.templateCode === '')) {
    add(
      'templateCode',
      'REQUIRED',
      'AlimTalk needs the code of its approved template. 알림톡은 템플릿 코드가 필요합니다.',
    );
  } else if (
    input.templateCode &&
    (!printableAscii.test(input.templateCode) || input.templateCode.length > maxTemplateCodeLength)
  ) {
    add('templateCode', 'FORM', `Give at most ${maxTemplateCodeLength} ASCII characters.`);
  }
  if (!isAlimTalk && input.templateCode !== undefined) {
    add('templateCode', 'NOT_CARRIED', 'FriendTalk has no template. 친구톡은 템플릿을 쓰지 않습니다.');
  }
  if (input.buttons !== undefined) {
    const fault = buttonsFault(input.buttons);
    if (fault !== undefined) add('buttons', 'BUTTONS', fault);
  }

  const substitutes = input.fallback === 'SUBSTITUTE' || input.fallback === 'SUBSTITUTE_MMS';
  const fallbackText = input.fallbackText === undefined ? undefined : normaliseText(input.fallbackText);
  const fallbackSubject = input.fallbackSubject ? normaliseText(input.fallbackSubject) : undefined;
  if (substitutes && (fallbackText === undefined || fallbackText.trim() === '')) {
    add('fallbackText', 'REQUIRED', 'A substitute needs its text. 대체 발송할 내용이 필요합니다.');
  } else if (!substitutes && fallbackText !== undefined) {
    add('fallbackText', 'NOT_CARRIED', 'Only a substitute has a text of its own.');
  }
  if (input.fallback === 'NONE' && fallbackSubject !== undefined) {
    add('fallbackSubject', 'NOT_CARRIED', 'Without a fallback there is no subject.');
  }
  if (fallbackSubject !== undefined) problems.push(...lineProblems(fallbackSubject, ['input', 'fallbackSubject']));
  problems.push(
    ...ms949Problems('fallbackText', fallbackText, limits.longMaxBytes, kind),
    ...ms949Problems('fallbackSubject', fallbackSubject, limits.subjectMaxBytes, kind),
  );
  return {
    problems,
    kakao: {
      senderKey: input.senderKey,
      ...(input.templateCode !== undefined && { templateCode: input.templateCode }),
      method: input.method,
      encoding: input.encoding,
      ...(input.buttons !== undefined && { buttons: input.buttons }),
      fallback: input.fallback,
      ...(fallbackText !== undefined && { fallbackText }),
      ...(fallbackSubject !== undefined && { fallbackSubject }),
    },
  };
}

/** A carrier shows it, so it is held to what a carrier carries. */
function ms949Problems(field: string, text: string | undefined, maxBytes: number, kind: MessageKind): FieldProblem[] {
  if (text === undefined) return [];
  const unencodable = unencodableCharacters(text);
  const bytes = ms949ByteLength(text);
  return [
    ...(unencodable.length > 0 ? [notEncodable(unencodable, ['input', field])] : []),
    ...(bytes > maxBytes ? [tooLong(field, bytes, maxBytes, 'bytes', kind, ['input'])] : []),
  ];
}

/**
 * The annex with their form is not public: they must parse, and button_cnt must count button1 to buttonN; the rest is
 * passed on.
 */
function buttonsFault(text: string): string | undefined {
  if (!isWellFormed(text)) return 'Half a character stands alone in it.';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'Not JSON.';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'Not a JSON object.';
  const names = Object.keys(value).filter((name) => /^button\d+$/.test(name));
  if (names.some((_name, at) => !Object.hasOwn(value, `button${at + 1}`))) {
    return `Number the buttons button1 to button${names.length}, without gaps.`;
  }
  const { button_cnt: counted = 0 } = value as { button_cnt?: unknown };
  if (!Number.isInteger(counted)) return 'button_cnt is no integer.';
  return counted === names.length ? undefined : `button_cnt is ${counted}, but there are ${names.length} buttons.`;
}
