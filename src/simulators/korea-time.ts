/** The zone-less Korean times that SENS and NGS print and read. Korea keeps +09:00 all year. */
import type { Instant } from '../core/clock.ts';

const KOREA_OFFSET_MS = 9 * 3_600_000;

/** `2026-01-02T03:04:05.678` */
export const koreaIso = (at: Instant): string => new Date(at + KOREA_OFFSET_MS).toISOString().slice(0, 23);

/** `20260102030405` */
export const koreaCompact = (at: Instant): string => koreaIso(at).replace(/\D/g, '').slice(0, 14);

/** Reads `yyyy-MM-dd HH:mm` or `yyyy-MM-dd HH:mm:ss` as the wall clock of `zone`; undefined where there is none. */
export function wallClock(text: string, zone = 'Asia/Seoul'): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d(?::\d\d)?)$/.exec(text);
  if (match === null) return undefined;
  const asUtc = Date.parse(`${match[1]}T${match[2]}Z`);
  // Date.parse lets 30 February pass as 2 March.
  if (Number.isNaN(asUtc) || new Date(asUtc).toISOString().slice(0, 10) !== match[1]) return undefined;
  try {
    // Twice, since the offset is wanted at the answer and not at the guess (daylight saving abroad).
    return asUtc - offsetMs(asUtc - offsetMs(asUtc, zone), zone);
  } catch (fault) {
    if (fault instanceof RangeError) return undefined;
    throw fault;
  }
}

function offsetMs(at: Instant, zone: string): number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
