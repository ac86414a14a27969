/** SecureKey's paths below /api/v1, all of them POST (SDK guide), and what each counts as. */
import type { Bucket } from './rate-limits.ts';

/** `push/respond` is an assumption: the guide names the act (`push.respond`) and not its path. */
export const ENDPOINTS = {
  'otp/send': 'sends',
  'otp/verify': 'attempts',
  'email-otp/send': 'sends',
  'email-otp/verify': 'attempts',
  'totp/setup': undefined,
  'totp/verify': 'attempts',
  'webauthn/register/options': undefined,
  'webauthn/register/verify': 'attempts',
  'webauthn/authenticate/options': undefined,
  'webauthn/authenticate/verify': 'attempts',
  'push/devices': undefined,
  'push/send': undefined,
  'push/verify': undefined,
  'push/respond': undefined,
} as const satisfies Record<string, Exclude<Bucket, 'calls'> | undefined>;

export type Endpoint = keyof typeof ENDPOINTS;

/** Undefined for a path that is none of them. */
export function endpointOf(target: string): Endpoint | undefined {
  const [, path = ''] = /^\/api\/v1\/([a-z/-]+)$/.exec(target.split('?')[0] ?? '') ?? [];
  return Object.hasOwn(ENDPOINTS, path) ? (path as Endpoint) : undefined;
}
