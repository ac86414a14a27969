/** SecureKey's three envelopes (SDK guide, response format), and the reading of a body's fields. No endpoint here. */
import { randomInt } from 'node:crypto';
import { z } from 'zod';
import { type Answer, jsonAnswer } from '../http-exchange.ts';
import { koreaIso } from '../korea-time.ts';
import type { JsonValue } from '../ledger.ts';

/** What an endpoint has done. `fields` are for the ledger only. */
export interface Done {
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly reference?: string;
  readonly fields?: Readonly<Record<string, JsonValue | undefined>>;
}

/** Ends a call with an error envelope. But for MFA_REQUIRED, no code is published. */
export class SecureKeyRefusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: Pick<Done, 'reference' | 'fields'> & { readonly body?: object };
  constructor(status: number, code: string, message: string, more: SecureKeyRefusal['more'] = {}) {
    super(message);
    this.name = 'SecureKeyRefusal';
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

export const success = ({ message, data }: Done): Answer => jsonAnswer(200, { success: true, message, data });

export const failure = (status: number, code: string, error: string, headers?: Answer['headers']): Answer => ({
  ...jsonAnswer(status, { success: false, error, code }),
  ...(headers !== undefined && { headers }),
});

export const refusalAnswer = ({ status, code, message, more }: SecureKeyRefusal): Answer =>
  more.body === undefined ? failure(status, code, message) : jsonAnswer(status, { success: false, code, ...more.body });

/** @throws SecureKeyRefusal VALIDATION_ERROR that names the field */
export function readFields<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  body: unknown,
  isStrict: boolean,
): z.output<z.ZodObject<Shape>> {
  const parsed = (isStrict ? schema.strict() : schema.strip()).safeParse(body);
  if (parsed.success) return parsed.data as z.output<z.ZodObject<Shape>>;
  const [issue] = parsed.error.issues;
  throw new SecureKeyRefusal(400, 'VALIDATION_ERROR', `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
}

export const text = (longest: number) => z.string().min(1).max(longest);

/** Seen as 25 characters that begin with c, lower-case and digits. */
export function newRequestId(now: number): string {
  const random = Array.from({ length: 16 }, () => randomInt(36).toString(36)).join('');
  return `c${now.toString(36).slice(-8).padStart(8, '0')}${random}`;
}

/** `2026-01-02T03:04:05.678+09:00` */
export const zonedKoreaIso = (at: number): string => `${koreaIso(at)}+09:00`;
