/**
 * What the Network Act (정보통신망법, article 50) asks of an advertising text: the mark at its head, a free way out at its
 * end, and the night left alone unless the recipient agreed to it. Clock time in Korea, which has no daylight saving.
 */
export type AdvertisingRule = 'AD_HEAD' | 'AD_OPT_OUT' | 'AD_NIGHT';

/** When advertising must not arrive: from `startHour` to `endHour`, the next morning. */
export interface NightWindow {
  readonly startHour: number;
  readonly endHour: number;
}

/** 21:00 to 08:00 for texts by the Act; Kakao itself keeps 20:00 to 08:00. */
export const TEXT_NIGHT: NightWindow = { startHour: 21, endHour: 8 };
export const KAKAO_NIGHT: NightWindow = { startHour: 20, endHour: 8 };

const HEAD = '(광고)';
/** "무료수신거부" or "무료거부" and a free 080 number, on the last line that says anything. */
const OPT_OUT = /무료\s?(?:수신)?\s?거부[^\n]{0,10}?080[-\s]?\d{3,4}[-\s]?\d{4}[^\n]{0,10}$/;
const KOREA_OFFSET_MS = 9 * 3_600_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is missing from the text itself; its variants such as `(광 고)` or `[광고]` are no mark. */
export function missingMarks(text: string): AdvertisingRule[] {
  const missing: AdvertisingRule[] = [];
  if (!text.startsWith(HEAD)) missing.push('AD_HEAD');
  if (!OPT_OUT.test(text.trimEnd())) missing.push('AD_OPT_OUT');
  return missing;
}

/** Moments are milliseconds since the Unix epoch. True from the first moment of the window (21:00:00) until just before its end (08:00:00 is allowed). */
export function isNight(at: number, { startHour, endHour }: NightWindow): boolean {
  const hour = Math.floor(((((at + KOREA_OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS);
  return hour >= startHour || hour < endHour;
}

/** The next moment at which the window is over; `at` itself outside of it. */
export function endOfNight(at: number, window: NightWindow): number {
  if (!isNight(at, window)) return at;
  const sinceMidnight = (at + KOREA_OFFSET_MS) % DAY_MS;
  const untilEnd = window.endHour * HOUR_MS - sinceMidnight;
  return at + (untilEnd > 0 ? untilEnd : untilEnd + DAY_MS);
}
