/** What may be changed on a running Sentbe simulator. Where the document is silent, a setting stands for each reading. */
import { z } from 'zod';

const DAY_MS = 86_400_000;
const ms = (standard: number, least = 0) => z.int().min(least).max(DAY_MS).default(standard);
const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

export const sentbeSettingsSchema = z.strictObject({
  /** From each status of a transfer to the next one; 0: only by command. */
  advanceMs: ms(3_000),
  /** Until a document, or a bank account whose code was right, is approved; 0: only by command. */
  approvalMs: ms(1_000),
  /** The HTTP status of an error envelope. */
  errorStatus: z.int().min(200).max(599).default(200),
  /** Whether the caller's address is one that Sentbe knows: E0001 where it is not. */
  ipAllowed: z.boolean().default(true),
  /** Bytes of all headers of a request, what Node takes by default. Read at start. */
  maxHeaderSize: z.int().min(1_024).max(1_048_576).default(16_384),
  /** What of verifications_status must be completed before a transfer out of Korea: E0112 where it is not. */
  requireVerified: z.enum(['ALL', 'MOBILE', 'NONE']).default('ALL'),
  /** How a wrong or dead code is answered: an error, or result true with data false. */
  wrongToken: z.enum(['ERROR', 'DATA_FALSE']).default('ERROR'),
  tokenTtlMs: ms(180_000, 1),
  tokenAttempts: z.int().min(1).max(100).default(5),
  listOrder: z.enum(['NEWEST_FIRST', 'OLDEST_FIRST']).default('NEWEST_FIRST'),
  /** KRW for one unit. A change of them makes a new list, unless exchangeRateListId is given, too. */
  rates: z
    .record(z.string().regex(/^[A-Z]{3}$/), z.number().positive().max(1_000_000))
    .default({ PHP: 22.818, USD: 1_100, CNY: 170, VND: 0.048, THB: 33.5, JPY: 10 }),
  /** The only one that a transfer may name. */
  exchangeRateListId: z.int().min(1).default(1),
  /** What a transfer with the id of a former list becomes: E0115, or one by the rates of now. */
  formerRates: z.enum(['REFUSE', 'REPRICE']).default('REFUSE'),
  commissionKrw: z.int().min(0).max(1_000_000).default(5_000),
  /** The fee of a transfer into Korea. */
  distributionCostUsd: z.number().min(0).max(1_000).default(2.5),
  /** What the partner has paid in ahead, for transfers into Korea. */
  balances: z
    .strictObject({ USD: z.number().min(0).max(1e12), KRW: z.number().min(0).max(1e15) })
    .default({ USD: 100_000, KRW: 100_000_000 }),
  /** Null: nobody hears. */
  callbackUrl: z.string().refine(isHttpUrl, 'an http(s) URL').nullable().default(null),
  /** The page about callbacks of transfers out of Korea exists, but is switched off in its index. */
  outboundCallbacks: z.boolean().default(true),
  callbackDelayMs: ms(0),
  /** Whether a callback that was not answered 200 comes again: nothing is published. */
  callbackRetries: z.int().min(0).max(10).default(0),
  callbackRetryDelayMs: ms(1_000),
  callbackTimeoutMs: ms(5_000, 1),
});

export type SentbeSettings = z.output<typeof sentbeSettingsSchema>;
export type SentbeSettingsChange = Partial<z.input<typeof sentbeSettingsSchema>>;

/** Throws a ZodError for what is no setting, or no value for it. */
export function changeSentbeSettings(present: SentbeSettings, changes: SentbeSettingsChange): SentbeSettings {
  const hasNewRates = changes.rates !== undefined && changes.exchangeRateListId === undefined;
  const { exchangeRateListId } = present;
  return sentbeSettingsSchema.parse({
    ...present,
    ...(hasNewRates && { exchangeRateListId: exchangeRateListId + 1 }),
    ...changes,
  });
}
