/**
 * The settings of every provider, one entry each: adding a provider to the configuration is adding its entry here. Which
 * of them are simulated or disabled is for config.ts to say.
 */
import { z } from 'zod';
import { jsonFileSetting, optional, type Settings, type SettingTable, secretSetting, setting } from './environment.ts';
import {
  CLIENT_ID,
  CLIENT_ID_HINT,
  CLIENT_SECRET,
  CLIENT_SECRET_HINT,
} from './providers/naver-commerce/credentials.ts';
import { resultCodeTable } from './providers/ngs/result-codes.ts';

const headerText = z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be printable ASCII without spaces');

export const hostName = z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be a host name or an IP address');

export const flag = z.enum(['true', 'false'], { error: 'must be true or false' }).transform((text) => text === 'true');

export function integer(from: number, to: number) {
  const error = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error, abort: true })
    .transform(Number)
    .pipe(z.number().min(from, error).max(to, error));
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(host) || /^\[?::1\]?$/.test(host);
}

/** Of a URL without a path: over TLS, or within this machine. */
export function originOf(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  return url !== undefined && safe && url.href === `${url.origin}/` ? url.origin : undefined;
}

const origin = z.string().transform((text, context) => {
  // Phone numbers and texts travel in the body: without TLS only within this machine.
  const known = originOf(text);
  if (known !== undefined) return known;
  context.addIssue({ code: 'custom', message: 'must be an https:// origin without a path (http:// on loopback only)' });
  return z.NEVER;
});

const ngsExtension = z
  .string()
  .regex(
    /^(?:DPT_CODE=[\x21-\x7e]{1,9}|NAT_CODE=[\x21-\x7e]{1,15})$/,
    'must be DPT_CODE=… of 1 to 9 or NAT_CODE=… of 1 to 15 printable ASCII characters',
  )
  .transform((text) => ({
    field: text.startsWith('DPT_CODE=') ? ('DPT_CODE' as const) : ('NAT_CODE' as const),
    value: text.slice('DPT_CODE='.length),
  }));

/** Every path of Naver's is below /external, and a redirect is never followed. */
const commerceUrl = z.string().transform((text, context) => {
  const known = originOf(text.replace(/\/external\/?$/, ''));
  if (known !== undefined && /\/external\/?$/.test(text)) return `${known}/external`;
  context.addIssue({ code: 'custom', message: 'must be an https:// origin and /external (http:// on loopback only)' });
  return z.NEVER;
});

/** Several while one replaces another: a webhook may be signed with any of them. */
const webhookSecrets = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(
    z
      .array(z.string().regex(/^[\x21-\x7e]{8,512}$/, 'must be secrets of 8 to 512 printable ASCII characters'))
      .min(1, 'must name at least one secret')
      .max(8, 'must not name more than 8 secrets'),
  );

export const PROVIDER_SETTINGS = {
  SENS: {
    serviceId: setting(
      'SENS_SERVICE_ID',
      // It goes into the signed path as it is, so no part of it may mean anything to a URL parser.
      z.string().regex(/^[A-Za-z0-9:_-]{1,128}$/, 'must be an id such as ncp:sms:kr:123456789012:project'),
    ),
    accessKey: secretSetting('SENS_ACCESS_KEY', headerText),
    secretKey: secretSetting('SENS_SECRET_KEY', headerText),
    baseUrl: optional(setting('SENS_BASE_URL', origin), 'https://sens.apigw.ntruss.com'),
  },
  NGS: {
    host: setting('NGS_HOST', hostName),
    port: setting('NGS_PORT', integer(1, 65_535)),
    id: setting('NGS_ID', z.string().regex(/^[\x21-\x7e]{1,19}$/, 'must be 1 to 19 printable ASCII characters')),
    password: secretSetting('NGS_PASSWORD', z.string().max(512, 'must not be longer than 512 characters')),
    encrypted: optional(setting('NGS_ENCRYPTED', flag), false),
    senderCode: setting('NGS_SENDER_CODE', z.string().regex(/^\d{9}$/, 'must be 9 digits')),
    window: optional(setting('NGS_WINDOW', integer(1, 1_000)), 16),
    extension: optional(setting('NGS_EXTENTION', ngsExtension)),
    resultCodes: optional(jsonFileSetting('NGS_RESULT_CODES_FILE', resultCodeTable)),
  },
  SECUREKEY: {
    apiKey: secretSetting('SECUREKEY_API_KEY', headerText),
    baseUrl: optional(setting('SECUREKEY_BASE_URL', origin), 'https://securekey.ideacode.co.kr'),
    authentication: optional(
      setting('SECUREKEY_AUTHENTICATION', z.enum(['X-API-Key', 'Bearer'], { error: 'must be X-API-Key or Bearer' })),
      'X-API-Key',
    ),
    webhookSecrets: optional(secretSetting('SECUREKEY_WEBHOOK_SECRET', webhookSecrets), []),
    pushPolling: optional(setting('SECUREKEY_PUSH_POLLING', flag), true),
    pushRespondPath: optional(
      setting(
        'SECUREKEY_PUSH_RESPOND_PATH',
        z.string().regex(/^(?:\/[A-Za-z0-9_-]{1,64}){1,8}$/, 'must be a path below /api/v1, such as /push/respond'),
      ),
    ),
  },
  NAVER_COMMERCE: {
    clientId: setting('COMMERCE_CLIENT_ID', z.string().regex(CLIENT_ID, CLIENT_ID_HINT)),
    clientSecret: secretSetting('COMMERCE_CLIENT_SECRET', z.string().regex(CLIENT_SECRET, CLIENT_SECRET_HINT)),
    baseUrl: optional(setting('COMMERCE_BASE_URL', commerceUrl), 'https://api.commerce.naver.com/external'),
  },
  SENTBE: {
    partnerId: setting('SENTBE_PARTNER_ID', headerText),
    accessId: secretSetting('SENTBE_ACCESS_ID', headerText),
    secretKey: secretSetting('SENTBE_SECRET_KEY', z.string().max(512, 'must not be longer than 512 characters')),
    // None is public: each partner is told its own.
    baseUrl: setting('SENTBE_BASE_URL', origin),
  },
} satisfies Record<string, SettingTable>;

type Table = typeof PROVIDER_SETTINGS;
export type ConfiguredProvider = keyof Table;
export type ProviderSettings = { readonly [Provider in ConfiguredProvider]: Settings<Table[Provider]> };
