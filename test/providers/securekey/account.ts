/** A SecureKey account for a test: a provider with a key of its own, and a peer that answers as it is told. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { CallBudget } from '../../../src/core/call-budget.ts';
import { type Instant, systemClock } from '../../../src/core/clock.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { VerificationProvider } from '../../../src/core/verification/provider.ts';
import { SECUREKEY_LIMITS, type SecureKeyBucket } from '../../../src/providers/securekey/limits.ts';
import { createSecureKeyProvider, type SecureKeyProviderOptions } from '../../../src/providers/securekey/provider.ts';

export type Reply = (response: http.ServerResponse, request: http.IncomingMessage, body: string) => unknown;
export interface Seen {
  readonly line: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}
export interface Peer {
  readonly url: string;
  readonly seen: Seen[];
  stop(): Promise<void>;
}

/** A peer that answers as it is told and keeps what it got. */
export async function peer(reply: Reply): Promise<Peer> {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body: JSON.parse(body) });
    await reply(response, request, body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  onTestFinished(stop);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop };
}

export const answer =
  (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Reply =>
  (response) =>
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));

/** The envelopes of the document (응답 형식). */
export const success = (data: unknown): Reply => answer(200, { success: true, message: 'ok', data });
export const refusal = (code: string, error = 'Says why') => ({ success: false, error, code });

/** A budget without limits, which keeps what it was told to hold. */
export function openBudget(): CallBudget<SecureKeyBucket> & { readonly held: [SecureKeyBucket, Instant][] } {
  const held: [SecureKeyBucket, Instant][] = [];
  return {
    held,
    limits: SECUREKEY_LIMITS,
    take: async () => ({ taken: true }),
    hold: async (bucket, until) => void held.push([bucket, until]),
  };
}

export function provider(baseUrl: string, options: Partial<SecureKeyProviderOptions> = {}): VerificationProvider {
  const made = createSecureKeyProvider({
    account: 'default',
    baseUrl,
    apiKey: '2fa_test',
    authentication: 'X-API-Key',
    budget: openBudget(),
    simulated: true,
    clock: systemClock,
    log: silentLog,
    ...options,
  });
  onTestFinished(() => made.stop());
  return made;
}

/** What a call threw, which must be one of the closed list. */
export async function failureOf(call: Promise<unknown> | undefined): Promise<GatewayError> {
  const error = await Promise.resolve(call).then(
    (value) => new Error(`It answered ${JSON.stringify(value)}.`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof GatewayError) return error;
  throw error;
}

export const CREDENTIAL = {
  id: 'Y3JlZA',
  rawId: 'Y3JlZA',
  type: 'public-key',
  response: { clientDataJSON: 'e30', attestationObject: 'o2M', transports: ['internal'] },
};
export const ASSERTION = {
  ...CREDENTIAL,
  response: { clientDataJSON: 'e30', authenticatorData: 'SZYN', signature: 'MEUC', userHandle: 'dXNlcg' },
};
/** One call of every endpoint, with all its members. */
export const CALLS: Readonly<Record<string, (made: VerificationProvider) => Promise<unknown> | undefined>> = {
  '/otp/send': (made) => made.sendSmsCode({ phone: '01012345678', purpose: 'login' }),
  '/otp/verify': (made) => made.verifySmsCode({ phone: '01012345678', code: '123456' }),
  '/email-otp/send': (made) => made.sendEmailCode({ email: 'hong@example.com', purpose: 'login' }),
  '/email-otp/verify': (made) => made.verifyEmailCode({ email: 'hong@example.com', code: '123456' }),
  '/totp/setup': (made) => made.setUpTotp({ userId: 'user_123', accountName: 'hong@example.com', issuer: 'MyApp' }),
  '/totp/verify': (made) => made.verifyTotp({ userId: 'user_123', code: '123456' }),
  '/webauthn/register/options': (made) =>
    made.passkeyRegistrationOptions({ userId: 'user_123', userName: 'hong@example.com' }),
  '/webauthn/register/verify': (made) =>
    made.registerPasskey({ userId: 'user_123', credential: CREDENTIAL, deviceName: 'Chrome on MacOS' }),
  '/webauthn/authenticate/options': (made) => made.passkeyAuthenticationOptions({ userId: 'user_123' }),
  '/webauthn/authenticate/verify': (made) => made.authenticatePasskey({ userId: 'user_123', credential: ASSERTION }),
  '/push/devices': (made) =>
    made.registerPushDevice({ userId: 'user_123', fcmToken: 'fcm', deviceName: 'iPhone 15', platform: 'IOS' }),
  '/push/send': (made) => made.sendPush({ userId: 'user_123', title: '로그인 승인 요청', body: '새로운 기기' }),
  '/push/verify': (made) => made.pushAnswer({ requestId: 'req_1', userId: 'user_123' }),
  '/push/respond': (made) => made.respondToPush?.({ requestId: 'req_1', decision: 'APPROVED' }),
};
