/** The zone-less Korean times of SENS (SENS SMS v2, send and list). Korea keeps +09:00 all year. */
import type { Instant } from '../../core/clock.ts';

const KOREA_OFFSET_MS = 9 * 3_600_000;

const shown = (at: Instant): string => new Date(at + KOREA_OFFSET_MS).toISOString().replace('T', ' ');

/** `2026-03-02 12:04`, of a reservation. */
export const koreaMinute = (at: Instant): string => shown(at).slice(0, 16);

/** `2026-03-02 12:04:05`, of a list's window. */
export const koreaSecond = (at: Instant): string => shown(at).slice(0, 19);

/** Reads `2026-03-02T12:04:05.678`, leniently; undefined where it is no time. */
export function readKoreaTime(text: string | undefined): Instant | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?)$/.exec(text ?? '');
  if (match === null) return undefined;
  const at = Date.parse(`${match[1]}T${match[2]}+09:00`);
  return Number.isNaN(at) ? undefined : at;
}
