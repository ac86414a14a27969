/** What may be changed on a running Naver Commerce simulator. */
import { z } from 'zod';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export const naverCommerceSettingsSchema = z.strictObject({
  /** How long a new token lives. */
  tokenLifeMs: z
    .int()
    .min(1)
    .max(DAY_MS)
    .default(3 * HOUR_MS),
  /** With this much of its life left or more, the same token is handed out again. */
  tokenReuseMs: z
    .int()
    .min(0)
    .max(DAY_MS)
    .default(HOUR_MS / 2),
  /** What the token endpoint hands out where the live token was revoked: a new one, or the same one again. */
  revokedToken: z.enum(['REPLACED', 'RETURNED']).default('REPLACED'),
  /** What a malformed token request brings: nothing, one token call an hour at once, or on the day after (KST). */
  quotaPenalty: z.enum(['OFF', 'AT_ONCE', 'NEXT_DAY']).default('AT_ONCE'),
  /** Refill of the token bucket of each API path; it holds twice as many. 2 is what most order APIs give. */
  ratePerSecond: z.int().min(1).max(100_000).default(2),
  /** False: every call is refused, as from an address that is not on the list. */
  ipAllowed: z.boolean().default(true),
  /** The most rows of a page of the feed; limitCount is held down to it. */
  pageLimit: z.int().min(1).max(300).default(300),
  /** What a query answers for a product order it does not know: the document does not say. */
  unknownIds: z.enum(['ABSENT', 'ERROR']).default('ABSENT'),
  /** Every so often an order comes, or one moves on. 0: they only change when they are told to. */
  autoChangeMs: z.int().min(0).max(DAY_MS).default(0),
  /** How far its clock is ahead of the true one, or behind. */
  clockSkewMs: z.int().min(-DAY_MS).max(DAY_MS).default(0),
});
export type NaverCommerceSettings = z.output<typeof naverCommerceSettingsSchema>;
