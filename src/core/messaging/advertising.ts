/** Which night a message must leave alone, and what an advertisement lacks. */
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

type Advertisable = Pick<Message, 'kind' | 'purpose' | 'text' | 'nightConsent'>;

/** Undefined where it may arrive at any hour. */
export function nightOf({ kind, purpose, nightConsent }: Omit<Advertisable, 'text'>): NightWindow | undefined {
  if (purpose !== 'AD') return undefined;
  // Kakao refuses advertising at night whatever the recipient agreed to.
  if (laneOf(kind) === 'KAKAO') return KAKAO_NIGHT;
  return nightConsent === true ? undefined : TEXT_NIGHT;
}

const messages: Readonly<Record<AdvertisingRule, string>> = {
  AD_HEAD: 'An advertisement begins with exactly (광고). 광고 문자는 (광고)로 시작해야 합니다.',
  AD_OPT_OUT:
    'An advertisement ends with a free way out, for example 무료수신거부 080-123-4567. 무료 수신거부 번호가 필요합니다.',
  AD_NIGHT: 'An advertisement must not arrive at night. 야간에는 광고를 보낼 수 없습니다.',
};

/** What stands in the way of an advertisement that arrives at `arrivesAt`; nothing for what is none. */
export function advertisingProblems(message: Advertisable, arrivesAt: Instant, timeField: string): FieldProblem[] {
  if (message.purpose !== 'AD') return [];
  const night = nightOf(message);
  const missing = missingMarks(message.text).map((rule) => ({
    path: ['input', 'text'],
    rule,
    message: messages[rule],
  }));
  if (night === undefined || !isNight(arrivesAt, night)) return missing;
  return [...missing, { path: ['input', timeField], rule: 'AD_NIGHT', message: messages.AD_NIGHT }];
}
