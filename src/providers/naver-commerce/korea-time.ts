/** The times of Naver Commerce: ISO 8601 with milliseconds and +09:00 (Naver Commerce, restful-api). */
import type { Instant } from '../../core/clock.ts';

const KOREA_OFFSET_MS = 9 * 3_600_000;

/** 2026-03-02T12:04:05.678+09:00, the exact form that requests must have. */
export const koreaTime = (at: Instant): string => new Date(at + KOREA_OFFSET_MS).toISOString().replace('Z', '+09:00');

/** Reads leniently: any fraction of a second, and without an offset a Korean time. Undefined where it is no time. */
export function readTime(text: string): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [, date, time, fraction = '', offset = '+09:00'] = match;
  const zone = offset.length === 5 ? `${offset.slice(0, 3)}:${offset.slice(3)}` : offset;
  const at = Date.parse(`${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}
