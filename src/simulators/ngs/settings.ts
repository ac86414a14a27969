/** What may be changed on a running NGS simulator, with the document's own times as defaults. */
import { z } from 'zod';

const ms = (standard: number) => z.int().min(0).max(86_400_000).default(standard);
const tps = z.int().min(1).max(9999);

/** What one second may carry, by class. */
export const tpsSchema = z.strictObject({ sms: tps, mms: tps, kakao: tps });

const shape = {
  /** From DELIVER to REPORT. */
  reportDelayMs: ms(800),
  /** The defaults are the sample's (4.2). */
  tps: z.strictObject({ sms: tps.default(80), mms: tps.default(30), kakao: tps.default(30) }).prefault({}),
  /** The EXTENTIONs that this partner has agreed upon (4.3). */
  extentions: z.array(z.enum(['DPT_CODE', 'NAT_CODE'])).default(['DPT_CODE', 'NAT_CODE']),
  /** The least time between two CERTs (4.1). */
  certFloorMs: ms(3000),
  /** From the connection to its CERT or BIND (2.1). For connections to come. */
  loginDeadlineMs: ms(1000),
  /** From CERT to BIND: "a few seconds" (4.2). */
  bindWithinMs: ms(5000),
  /** From REPORT to REPORT_ACK (2.2). */
  ackTimeoutMs: ms(10_000),
  /** "A certain time" without packets (2.2); 0 for never. The client's LINK comes within a minute. */
  idleTimeoutMs: ms(180_000),
};

const ngsSettingsSchema = z.strictObject(shape);
export type NgsSettings = z.output<typeof ngsSettingsSchema>;
export type NgsSettingsChange = {
  readonly [N in keyof Omit<NgsSettings, 'tps'>]?: NgsSettings[N] | undefined;
} & { readonly tps?: { readonly [N in keyof NgsSettings['tps']]?: number | undefined } | undefined };

/** The settings among other options. */
export const ngsSettingsFrom = (options: NgsSettingsChange): NgsSettings => z.object(shape).parse(options);

/** Throws a ZodError for what is no setting, or no value for it. */
export const changeNgsSettings = (present: NgsSettings, changes: NgsSettingsChange): NgsSettings =>
  ngsSettingsSchema.parse({ ...present, ...changes, tps: { ...present.tps, ...changes.tps } });
