/** Reads a REPORT's fields into what core keeps of it (NGS 2.0.1, section 4.4). Unknown parts stay in the raw text. */
import type { Instant } from '../../core/clock.ts';
import type { Carrier, MessageKind, ReceivedReport } from '../../core/provider.ts';
import type { FieldValues } from './packets.ts';

const FINAL_KINDS = new Map<string, MessageKind>([
  ['TS', 'SMS'],
  ['TL', 'LMS'],
  ['TM', 'MMS'],
]);
const CARRIERS = new Map<string, Carrier>([
  ['SK', 'SKT'],
  ['KT', 'KT'],
  ['LG', 'LGU'],
  ['KKO', 'KAKAO'],
  ['ETC', 'ETC'],
]);
/** Korea keeps no summer time. */
const KST_OFFSET_MS = 9 * 3_600_000;

export function readReport(account: string, fields: FieldValues<'REPORT'>, delivered: boolean): ReceivedReport {
  const parts = fields.MESSAGE.split(',').map((part) => part.trim());
  const kakaoErrorCode = parts.map((part) => /^K([0-9]+)$/.exec(part)?.[1]).find((code) => code !== undefined);
  const finalKind = parts.map((part) => FINAL_KINDS.get(part)).find((kind) => kind !== undefined);
  const carrier = CARRIERS.get(fields.TELCOINFO);
  const sentAt = readSendTime(fields.SENDTIME);
  return {
    account,
    serial: fields.SERIAL,
    gwSerial: fields.GWSERIAL,
    to: fields.DA_ADDR,
    rawResult: fields.RESULT,
    rawMessage: fields.MESSAGE,
    delivered,
    spamFiltered: parts.includes('SS'),
    ...(kakaoErrorCode === undefined ? {} : { kakaoErrorCode }),
    ...(finalKind === undefined ? {} : { finalKind }),
    ...(carrier === undefined ? {} : { carrier }),
    ...(sentAt === undefined ? {} : { sentAt }),
  };
}

/** YYYYMMDDHH24MISS in Korean time; a failed message may carry none. */
function readSendTime(text: string): Instant | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const utc = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls the 31st of February over; only what reads back the same was a time.
  const readsBack = new Date(utc).toISOString().replace(/[-:T]/g, '').startsWith(text);
  return readsBack ? utc - KST_OFFSET_MS : undefined;
}
