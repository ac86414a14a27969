/** Numbers that opted out of advertising at the SENS simulator (SENS SMS v2, unsubscribes). */
import { z } from 'zod';
import type { Instant } from '../../core/clock.ts';
import type { JsonBody } from '../json-body.ts';
import { koreaIso } from '../korea-time.ts';

const MAX_NUMBERS = 100_000;

export interface OptOuts {
  has(number: string): boolean;
  /** The numbers that it took, or what is wrong with the body. */
  add(body: JsonBody, now: Instant): readonly string[] | string;
  remove(body: JsonBody): readonly string[] | string;
  list(): readonly { readonly clientTelNo: string; readonly registerTime: string }[];
}

const listSchema = z
  .array(z.object({ clientTelNo: z.string().regex(/^\d{1,20}$/, 'digits only') }))
  .min(1)
  .max(1000);

export function createOptOuts(): OptOuts {
  const since = new Map<string, Instant>();

  return {
    has: (number) => since.has(number),
    add(body, now) {
      const numbers = readNumbers(body);
      if (typeof numbers === 'string') return numbers;
      if (since.size + numbers.length > MAX_NUMBERS) return `The list is full with ${MAX_NUMBERS} numbers.`;
      for (const number of numbers) if (!since.has(number)) since.set(number, now);
      return numbers;
    },
    remove(body) {
      const numbers = readNumbers(body);
      if (typeof numbers === 'string') return numbers;
      for (const number of numbers) since.delete(number);
      return numbers;
    },
    list: () => [...since].map(([clientTelNo, at]) => ({ clientTelNo, registerTime: koreaIso(at) })),
  };
}

function readNumbers(body: JsonBody): readonly string[] | string {
  if (!body.ok) return body.reason;
  const parsed = listSchema.safeParse(body.json);
  if (parsed.success) return parsed.data.map(({ clientTelNo }) => clientTelNo);
  const issue = parsed.error.issues[0];
  return `${issue?.path.join('.') || 'body'}: ${issue?.message}`;
}
