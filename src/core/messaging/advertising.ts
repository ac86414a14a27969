/** Which night a message must leave alone, what an advertisement lacks, and what is one without saying so. */
import {
  type AdvertisingRule,
  isNight,
  KAKAO_NIGHT,
  missingMarks,
  type NightWindow,
  TEXT_NIGHT,
} from '../../korean/advertising.ts';
import type { Instant } from '../clock.ts';
import type { FieldProblem } from '../field-problem.ts';
import { laneOf } from '../provider.ts';
import type { Message } from './message.ts';

type Advertisable = Pick<Message, 'kind' | 'purpose' | 'text' | 'nightConsent' | 'kakao'>;

/** Undefined where it may arrive at any hour. */
export function nightOf({
  kind,
  purpose,
  nightConsent,
}: Omit<Advertisable, 'text' | 'kakao'>): NightWindow | undefined {
  // Kakao may still refuse it at night; then the report says so, and a fallback may reach who agreed to the night.
  if (purpose !== 'AD' || nightConsent === true) return undefined;
  return laneOf(kind) === 'KAKAO' ? KAKAO_NIGHT : TEXT_NIGHT;
}

const messages: Readonly<Record<AdvertisingRule | 'AD_PURPOSE', string>> = {
  AD_HEAD: 'An advertisement begins with exactly (광고). 광고 문자는 (광고)로 시작해야 합니다.',
  AD_OPT_OUT:
    'An advertisement ends with a free way out, for example 무료수신거부 080-123-4567. 무료 수신거부 번호가 필요합니다.',
  AD_PURPOSE:
    'What begins with (광고) is an advertisement: give purpose AD. (광고)로 시작하는 내용은 purpose를 AD로 지정해야 합니다.',
  AD_NIGHT: 'An advertisement must not arrive at night. 야간에는 광고를 보낼 수 없습니다.',
};

/** What stands in the way of an advertisement that arrives at `arrivesAt`, or of one that says it is none. */
export function advertisingProblems(message: Advertisable, arrivesAt: Instant, timeField: string): FieldProblem[] {
  // A substitute reaches the handset as a text of its own.
  const texts = { text: message.text, fallbackText: message.kakao?.fallbackText ?? '' };
  const said = Object.entries(texts).filter(([, text]) => text.trim() !== '');
  if (message.purpose !== 'AD') {
    return said.some(([, text]) => !missingMarks(text).includes('AD_HEAD')) ? [problem('purpose', 'AD_PURPOSE')] : [];
  }
  const missing = said.flatMap(([field, text]) => missingMarks(text).map((rule) => problem(field, rule)));
  const night = nightOf(message);
  return night !== undefined && isNight(arrivesAt, night) ? [...missing, problem(timeField, 'AD_NIGHT')] : missing;
}

const problem = (field: string, rule: keyof typeof messages): FieldProblem => ({
  path: ['input', field],
  rule,
  message: messages[rule],
});
