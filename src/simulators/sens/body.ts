/** The body of a SENS send, judged by the document alone (SENS SMS v2, send). It keeps nothing and sends nothing. */
import iconv from 'iconv-lite';
import { z } from 'zod';
import type { Instant } from '../../core/clock.ts';
import type { JsonBody } from '../json-body.ts';
import { wallClock } from '../korea-time.ts';

type SensType = 'SMS' | 'LMS' | 'MMS';

/** One recipient of an accepted send, its text as the handset would get it. */
export interface SensItem {
  readonly type: SensType;
  readonly contentType: 'COMM' | 'AD';
  readonly countryCode: string;
  readonly from: string;
  readonly to: string;
  readonly subject?: string;
  readonly content: string;
  readonly files: readonly { readonly fileId: string; readonly name: string }[];
  /** The text holds characters that the carrier's charset lacks: such a message fails (SENS SMS v2, send). */
  readonly unencodable: boolean;
}

export type SensBody =
  | {
      readonly ok: true;
      readonly items: readonly SensItem[];
      readonly startsAt: Instant;
      /** Where it is reserved: the time as it was printed. */
      readonly reservation: { readonly reserveTime: string; readonly reserveTimeZone: string } | undefined;
    }
  | { readonly ok: false; readonly reason: string };

export interface BodyRules {
  readonly registeredNumbers: readonly string[];
  /** Refuse what is too long. The real service cuts it without a word. */
  readonly strictLength: boolean;
  readonly optOutService: boolean;
  /** Undefined for a file that is not there. */
  readonly fileName: (fileId: string) => string | undefined;
  readonly now: Instant;
}

const MAX_SUBJECT_BYTES = 40;
const MAX_CONTENT_BYTES: Readonly<Record<SensType, number>> = { SMS: 90, LMS: 2000, MMS: 2000 };

const digits = z.string().regex(/^\d{1,20}$/, 'digits only');

const bodySchema = z.object({
  // The older reference accepts lower case.
  type: z.preprocess((type) => (typeof type === 'string' ? type.toUpperCase() : type), z.enum(['SMS', 'LMS', 'MMS'])),
  contentType: z.enum(['COMM', 'AD']).default('COMM'),
  countryCode: z
    .string()
    .regex(/^\d{1,4}$/, 'digits only')
    .default('82'),
  from: digits,
  subject: z.string().optional(),
  content: z.string(),
  messages: z
    .array(z.object({ to: digits, subject: z.string().optional(), content: z.string().optional() }))
    .min(1)
    .max(100),
  files: z.array(z.object({ fileId: z.string().min(1) })).optional(),
  reserveTime: z.string().optional(),
  reserveTimeZone: z.string().default('Asia/Seoul'),
});

export function readSensBody(input: JsonBody, rules: BodyRules): SensBody {
  const refused = (reason: string): SensBody => ({ ok: false, reason });
  if (!input.ok) return refused(input.reason);
  const parsed = bodySchema.safeParse(input.json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return refused(`${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  const body = parsed.data;
  if (!rules.registeredNumbers.includes(body.from)) return refused('from: this number is not registered.');
  if (body.type !== 'SMS' && body.countryCode !== '82') return refused(`countryCode: ${body.type} is domestic only.`);
  const subjects = [body.subject, ...body.messages.map(({ subject }) => subject)].filter((text) => text !== undefined);
  if (body.type === 'SMS' && subjects.length > 0) return refused('subject: only LMS and MMS have one.');
  if (body.files !== undefined && body.type !== 'MMS') return refused('files: only MMS has them.');
  const files = (body.files ?? []).map(({ fileId }) => ({ fileId, name: rules.fileName(fileId) }));
  const known = files.flatMap(({ fileId, name }) => (name === undefined ? [] : [{ fileId, name }]));
  if (known.length < files.length) return refused('files: no such fileId.');
  if (body.contentType === 'AD' && !rules.optOutService) return refused('contentType: AD needs an 080 service.');
  const startsAt = reservation(body.reserveTime, body.reserveTimeZone, rules.now);
  if (typeof startsAt === 'string') return refused(startsAt);

  const maxBytes = MAX_CONTENT_BYTES[body.type];
  if (rules.strictLength) {
    const contents = [body.content, ...body.messages.map(({ content }) => content ?? '')];
    if (contents.some((text) => cp949Bytes(text) > maxBytes)) return refused(`content: over ${maxBytes} bytes.`);
    if (subjects.some((text) => cp949Bytes(text) > MAX_SUBJECT_BYTES)) {
      return refused(`subject: over ${MAX_SUBJECT_BYTES} bytes.`);
    }
  }
  const items = body.messages.map((message): SensItem => {
    const content = message.content ?? body.content;
    const subject = message.subject ?? body.subject;
    return {
      // An MMS without a file goes out as LMS.
      type: body.type === 'MMS' && known.length === 0 ? 'LMS' : body.type,
      contentType: body.contentType,
      countryCode: body.countryCode,
      from: body.from,
      to: message.to,
      ...(subject !== undefined && { subject: cut(subject, MAX_SUBJECT_BYTES) }),
      content: cut(content, maxBytes),
      files: known,
      unencodable: !encodable(content) || !encodable(subject ?? ''),
    };
  });
  const { reserveTime, reserveTimeZone } = body;
  return {
    ok: true,
    items,
    startsAt,
    reservation: reserveTime === undefined ? undefined : { reserveTime, reserveTimeZone },
  };
}

/** When the send starts, or what is wrong with its reserveTime. */
function reservation(reserveTime: string | undefined, zone: string, now: Instant): Instant | string {
  if (reserveTime === undefined) return now;
  const at = /^.{16}$/.test(reserveTime) ? wallClock(reserveTime, zone) : undefined;
  if (at === undefined) return 'reserveTime: yyyy-MM-dd HH:mm in a zone of the TZ database is required.';
  // How the real service answers a past time is not published.
  return at < now ? 'reserveTime: lies in the past.' : at;
}

const cp949Bytes = (text: string): number => iconv.encode(text, 'cp949').length;
const encodable = (text: string): boolean => iconv.decode(iconv.encode(text, 'cp949'), 'cp949') === text;

/** Cut at a character, never inside a double byte. */
function cut(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += cp949Bytes(character);
    if (bytes > maxBytes) return kept;
    kept += character;
  }
  return kept;
}
