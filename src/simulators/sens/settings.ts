/** What may be changed on a running SENS simulator. */
import { z } from 'zod';

const DAY_MS = 86_400_000;

export const sensSettingsSchema = z.strictObject({
  /** From acceptance to COMPLETED; PROCESSING begins after a quarter of it. */
  deliverAfterMs: z.int().min(0).max(DAY_MS).default(800),
  /** Refuse over-long text instead of cutting it. */
  strictLength: z.boolean().default(false),
  /** What a list by an unknown requestId answers: the document does not say. */
  unknownRequestId: z.enum(['NOT_FOUND', 'EMPTY_LIST']).default('NOT_FOUND'),
  /** Whether the project has an 080 opt-out service, without which there is no AD and no list of opt-outs. */
  optOutService: z.boolean().default(true),
  /** An upload with a known name and size gets the file of before: "may" in the document. */
  reuseFiles: z.boolean().default(true),
  /** How far its clock is ahead of the true one, or behind. */
  clockSkewMs: z.int().min(-DAY_MS).max(DAY_MS).default(0),
});
export type SensSettings = z.output<typeof sensSettingsSchema>;
