/** The query string of a SENS list, judged and answered by the document (SENS SMS v2, list). */
import { z } from 'zod';
import type { Instant } from '../../core/clock.ts';
import { type Answer, jsonAnswer } from '../http-exchange.ts';
import { wallClock } from '../korea-time.ts';
import { type Refusal, serviceRefusal } from './gateway.ts';
import { listRow, type Mailbox, type SensMessage } from './mailbox.ts';

const DAY_MS = 86_400_000;
const REACH_MS = 90 * DAY_MS;
const MAX_WINDOW_MS = { request: 30 * DAY_MS, complete: DAY_MS } as const;

const FILTERS = ['messageId', 'type', 'contentType', 'countryCode', 'status', 'statusName', 'from', 'to'] as const;

const pageSchema = z.object({
  pageSize: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number)
    .pipe(z.int().min(1).max(100))
    .default(20),
  nextToken: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .transform((token) => Number(Buffer.from(token, 'base64url').toString()))
    .pipe(z.int().min(1))
    .optional(),
});

export function listMessages(
  query: URLSearchParams,
  mailbox: Mailbox,
  now: Instant,
  unknownRequest: 'NOT_FOUND' | 'EMPTY_LIST',
): Answer | Refusal {
  const page = pageSchema.safeParse(Object.fromEntries(query));
  if (!page.success) return serviceRefusal(400, `${String(page.error.issues[0]?.path[0])}: not acceptable.`);
  const found = lookUp(query, mailbox, now);
  if (found === undefined && unknownRequest === 'NOT_FOUND') return serviceRefusal(404, 'requestId: not found.');
  if (typeof found === 'string') return serviceRefusal(400, found);

  const rows = (found ?? [])
    .filter((message) => message.sequence > (page.data.nextToken ?? 0))
    .map((message) => ({ sequence: message.sequence, row: listRow(message, now) }))
    .filter(({ row }) => FILTERS.every((name) => !query.has(name) || row[name] === query.get(name)));
  const shown = rows.slice(0, page.data.pageSize);
  const hasMore = rows.length > shown.length;
  const last = shown.at(-1)?.sequence;
  return jsonAnswer(200, {
    ...(query.has('requestId') && { requestId: query.get('requestId') }),
    // "202" also in a list (SENS, endpoints), unlike in a get.
    statusCode: '202',
    statusName: 'success',
    messages: shown.map(({ row }) => row),
    pageSize: page.data.pageSize,
    itemCount: shown.length,
    hasMore,
    ...(hasMore && { nextToken: Buffer.from(String(last)).toString('base64url') }),
  });
}

/** The messages of the one look-up that the query names; a text where it is wrong; undefined for a stranger's id. */
function lookUp(query: URLSearchParams, mailbox: Mailbox, now: Instant): readonly SensMessage[] | string | undefined {
  const named = [
    query.has('requestId'),
    query.has('requestStartTime') || query.has('requestEndTime'),
    query.has('completeStartTime') || query.has('completeEndTime'),
  ];
  if (named.filter(Boolean).length !== 1) {
    return 'Exactly one of requestId, requestStartTime with requestEndTime, completeStartTime with completeEndTime.';
  }
  if (named[0]) return mailbox.ofRequest(query.get('requestId') ?? '');
  const kind = named[1] ? 'request' : 'complete';
  const [start, end] = (['StartTime', 'EndTime'] as const).map((side) => {
    const text = query.get(`${kind}${side}`) ?? '';
    return text.length === 19 ? wallClock(text) : undefined;
  });
  if (start === undefined || end === undefined) return `${kind}StartTime and ${kind}EndTime: YYYY-MM-DD HH:mm:ss.`;
  if (end < start) return `${kind}EndTime: before the start.`;
  if (end - start > MAX_WINDOW_MS[kind]) return `${kind}EndTime: the window is too wide.`;
  if (start < now - REACH_MS) return `${kind}StartTime: older than 90 days.`;
  return mailbox.all().filter((message) => {
    const at = kind === 'request' ? message.requestedAt : message.completesAt;
    // The bounds have whole seconds, so the last second counts as a whole.
    return at >= start && at < end + 1000 && (kind === 'request' || at <= now);
  });
}
