/**
 * The settings of every provider, one entry each: adding a provider to the configuration is adding its entry here. Which
 * of them are simulated or disabled is for config.ts to say.
 */
import { z } from 'zod';
import { jsonFileSetting, optional, type Settings, type SettingTable, secretSetting, setting } from './environment.ts';
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

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Phone numbers and texts travel in the body: without TLS only within this machine.
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url !== undefined && safe && url.href === `${url.origin}/`) return url.origin;
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
} satisfies Record<string, SettingTable>;

type Table = typeof PROVIDER_SETTINGS;
export type ConfiguredProvider = keyof Table;
export type ProviderSettings = { readonly [Provider in ConfiguredProvider]: Settings<Table[Provider]> };
