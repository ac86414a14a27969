/**
 * The result codes of NGS as a table that an operator can replace: the document names five and prints the number of
 * one (2.0.1, section 7). It decides what "taken" and "send again" mean; it sends nothing.
 */
import { z } from 'zod';

const OK = 'E_OK';

/** What a file of result codes must hold: `{"E_OK": {"code": "0"}, "E_TPS_OVER": {"code": "19", "retriable": true}}`. */
export const resultCodeTable = z
  .record(
    z.string().regex(/^E_[A-Z0-9_]{1,40}$/, 'must be a result name such as E_OK'),
    z.strictObject({
      code: z.string({ error: 'must be text' }).regex(/^[0-9]{1,3}$/, 'must be 1 to 3 digits'),
      retriable: z.boolean({ error: 'must be true or false' }).optional(),
    }),
  )
  .refine((table) => table[OK] !== undefined, { error: 'E_OK is missing' })
  .refine((table) => new Set(Object.values(table).map(({ code }) => code)).size === Object.keys(table).length, {
    error: 'two names share a code',
  })
  .refine((table) => table[OK]?.retriable !== true, { error: 'E_OK cannot be retriable' });

export type ResultCodeTable = Readonly<
  Record<string, { readonly code: string; readonly retriable?: boolean | undefined }>
>;

/**
 * Provisional: only 0 = E_OK is public. The other numbers are placeholders that serve the simulator; Hanjin's own come
 * with the contract, in the annex ErrorCode.
 */
export const PROVISIONAL_RESULT_CODES: ResultCodeTable = {
  E_OK: { code: '0' },
  E_SYS_FAIL: { code: '16', retriable: true },
  E_SYS_BUSY: { code: '17', retriable: true },
  E_NET_FAIL: { code: '18', retriable: true },
  E_TPS_OVER: { code: '19', retriable: true },
};

export interface ResultCodes {
  /** What REPORT_ACK says. */
  readonly okCode: string;
  isOk(code: string): boolean;
  /** Codes that the table does not know are final: nothing says that the same message may come again. */
  isRetriable(code: string): boolean;
  nameOf(code: string): string | undefined;
}

export function createResultCodes(table: ResultCodeTable): ResultCodes {
  const byCode = new Map(
    Object.entries(table).map(([name, { code, retriable = false }]) => [code, { name, retriable }]),
  );
  const okCode = table[OK]?.code;
  if (okCode === undefined) throw new Error('A table of result codes names E_OK');
  return {
    okCode,
    isOk: (code) => code === okCode,
    isRetriable: (code) => byCode.get(code)?.retriable ?? false,
    nameOf: (code) => byCode.get(code)?.name,
  };
}
