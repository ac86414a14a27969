/** What may be changed on a running SecureKey simulator. Where the document is silent, a setting stands for each reading. */
import { z } from 'zod';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const ms = (standard: number, least = 0) => z.int().min(least).max(DAY_MS).default(standard);
const aMinute = (standard: number) => z.int().min(1).max(1_000_000).default(standard);
const name = z.string().min(1).max(254);

/** The channels as the API's paths name them. */
const CHANNELS = ['otp', 'email-otp', 'totp', 'webauthn', 'push'] as const;
export type SecureKeyChannel = (typeof CHANNELS)[number];

const mfaPolicy = z.strictObject({
  /** Whose call meets the policy. */
  on: z.enum(CHANNELS),
  /** `start`: send, setup or options. `verify`: once the code, passkey or push itself was good. */
  at: z.enum(['start', 'verify']).default('verify'),
  /** Of these, each that is given must match. */
  userId: name.optional(),
  phone: name.optional(),
  email: name.optional(),
  purpose: name.optional(),
  requiredChannels: z.array(name).min(1).max(10),
  matchedPolicies: z.array(name).min(1).max(10),
  /** The document shows the body and no status. */
  status: z.union([z.literal(200), z.literal(403)]).default(403),
});
export type MfaPolicy = z.output<typeof mfaPolicy>;

const isHttpUrl = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const shape = {
  codeTtlMs: ms(3 * MINUTE_MS, 1),
  /** How many codes may be tried against one that was sent. */
  codeAttempts: z.int().min(1).max(100).default(5),
  /** How a code that is not good is answered: verified false, or as an error with a code of its own. */
  wrongCode: z.enum(['VERIFIED_FALSE', 'ERROR']).default('VERIFIED_FALSE'),
  /** Refuse members that the document does not name. */
  strictFields: z.boolean().default(true),
  /** Refuse register/options without a userName: two samples call it required, three leave it out. */
  strictUserName: z.boolean().default(false),
  rpId: z
    .string()
    .regex(/^[a-z0-9.-]{1,253}$/, 'a host name')
    .default('localhost'),
  rpName: z.string().min(1).max(100).default('Gwanmun sandbox'),
  /** Empty: any http(s) origin whose host is the rpId, whatever its port. */
  origins: z.array(z.string().refine(isHttpUrl, 'an origin')).max(20).default([]),
  challengeTtlMs: ms(5 * MINUTE_MS, 1),
  pushTtlMs: ms(2 * MINUTE_MS, 1),
  /** Whether push/verify tells a status beside verified. */
  pushStatus: z.boolean().default(true),
  /** Null: nobody hears. */
  webhookUrl: z.string().refine(isHttpUrl, 'an http(s) URL').nullable().default(null),
  /** Whether push.responded tells data.status. */
  webhookStatus: z.boolean().default(true),
  webhookDelayMs: ms(0),
  webhookRetries: z.int().min(0).max(10).default(3),
  /** Before the first retry; each later one waits 5 times as long. */
  webhookRetryDelayMs: ms(1_000),
  webhookTimeoutMs: ms(5_000, 1),
  /** Calls in any 60 s of one address (the document's figures). */
  callsPerMinute: aMinute(100),
  sendsPerMinute: aMinute(3),
  attemptsPerMinute: aMinute(10),
  /** Whether push/verify counts as an attempt. */
  pollsAreAttempts: z.boolean().default(false),
  /** Whether a 429 says when. */
  retryAfter: z.boolean().default(false),
  mfaPolicies: z.array(mfaPolicy).max(100).default([]),
};

const webhookSecret = z.string().regex(/^[\x21-\x7e]{8,512}$/, '8 to 512 printable ASCII characters');

const settingsSchema = z.strictObject(shape);
export type SecureKeySettings = z.output<typeof settingsSchema>;
/** The secret can be set and not be read. */
export type SecureKeySettingsChange = Partial<z.input<typeof settingsSchema>> & {
  readonly webhookSecret?: string | undefined;
};

interface Changed {
  readonly settings: SecureKeySettings;
  readonly webhookSecret: string | undefined;
}

/** Throws a ZodError for what is no setting, or no value for it. */
export function changeSecureKeySettings(present: object, changes: SecureKeySettingsChange): Changed {
  const { webhookSecret: secret, ...rest } = changes;
  return {
    settings: settingsSchema.parse({ ...present, ...rest }),
    webhookSecret: webhookSecret.optional().parse(secret),
  };
}
