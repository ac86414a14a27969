/** The reading of Sentbe's parameters: what is required, what is not permitted, and what of it nobody may keep. */
import { z } from 'zod';
import type { JsonValue } from '../ledger.ts';
import { SentbeRefusal } from './envelope.ts';

export type Parameters = Readonly<Record<string, unknown>>;

/** Numbers come as numbers or, in most samples, as text. */
const digits = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/, 'must be a whole number')])
  .transform(Number);
export const modelId = digits;
export const wholeAmount = digits.refine((amount) => amount > 0, 'must be more than 0');
export const text = z.string().trim().min(1).max(500);
/** Ids of the partner's own. */
export const externalId = z.union([text.max(100), z.int().transform(String)]);
export const birthDate = z.string().regex(/^\d{8}$/, 'must be YYYYMMDD');
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be a currency');
/** Judged by countryOf, since a wrong one has a code of its own. */
export const country = z.string().max(10);

const paging = z.object({ page: digits.refine((page) => page > 0, 'must be 1 or more').default(1) });
const ROWS_PER_PAGE = 5;

/** @throws SentbeRefusal E0005 that names the parameter */
export function read<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  parameters: Parameters,
): z.output<z.ZodObject<Shape>> {
  const parsed = schema.strict().safeParse(parameters);
  if (parsed.success) return parsed.data as z.output<z.ZodObject<Shape>>;
  const [issue] = parsed.error.issues;
  throw new SentbeRefusal('E0005', `${issue?.path.join('.') || 'parameters'}: ${issue?.message}`);
}

/** ISO 3166-1 alpha-2. @throws SentbeRefusal E0011 */
export function countryOf(given: string): string {
  if (!/^[A-Z]{2}$/.test(given)) throw new SentbeRefusal('E0011');
  return given;
}

/** From page 1, 5 rows each. */
export function pageOf<Row>(rows: readonly Row[], parameters: Parameters): readonly Row[] {
  const { page } = read(paging, parameters);
  return rows.slice((page - 1) * ROWS_PER_PAGE, page * ROWS_PER_PAGE);
}

/** For one model: a page is permitted there, too, and means nothing. */
export function ignorePage(parameters: Parameters): void {
  read(paging, parameters);
}

const SECRETS = new Set(['password', 'identification_number', 'passport', 'card_number', 'document']);

/** As the ledger may keep them: a secret is `***` wherever it stands, whatever it is. */
export function masked(value: unknown, depth = 0): JsonValue {
  if (Array.isArray(value)) return depth > 8 ? '…' : value.slice(0, 100).map((each) => masked(each, depth + 1));
  if (typeof value === 'object' && value !== null) {
    if (depth > 8) return '…';
    const entries = Object.entries(value).slice(0, 100);
    return Object.fromEntries(
      entries.map(([name, each]) => [name, SECRETS.has(name) ? '***' : masked(each, depth + 1)]),
    );
  }
  return value === undefined ? null : (value as JsonValue);
}
