/** What each SecureKey endpoint does (SDK guide). It speaks no HTTP but by the status of a refusal. */
import { z } from 'zod';
import type { Clock } from '../../core/clock.ts';
import type { HttpStrikes } from '../http-strikes.ts';
import type { Ledger } from '../ledger.ts';
import type { Timers } from '../timers.ts';
import { type CodeVerdict, createCodes, type SentCode } from './codes.ts';
import type { Endpoint } from './endpoints.ts';
import { type Done, newRequestId, readFields, SecureKeyRefusal, text, zonedKoreaIso } from './envelope.ts';
import { createPushes, type Push, type PushResponse } from './push.ts';
import type { MfaPolicy, SecureKeyChannel, SecureKeySettings } from './settings.ts';
import { createTotps } from './totp.ts';
import { createWebAuthn, type Verified } from './webauthn.ts';
import { createWebhooks, type SentWebhook } from './webhooks.ts';

const phone = z.string().regex(/^01[016789]\d{7,8}$/, 'must be a Korean mobile number in digits');
const email = z.email().max(254);
const purpose = text(50);
const sixDigits = z.string().regex(/^\d{6}$/, 'must be 6 digits');
const userId = text(254);

const BODIES = {
  sms: z.object({ phone, purpose }),
  smsVerify: z.object({ phone, code: sixDigits, purpose: purpose.optional() }),
  email: z.object({ email, purpose }),
  emailVerify: z.object({ email, code: sixDigits, purpose: purpose.optional() }),
  totp: z.object({ userId, accountName: text(254), issuer: text(100).optional() }),
  totpVerify: z.object({ userId, token: sixDigits.optional(), code: sixDigits.optional() }),
  register: z.object({ userId, userName: text(254).optional() }),
  authenticate: z.object({ userId }),
  device: z.object({
    userId,
    fcmToken: text(4096),
    platform: z.enum(['ios', 'android', 'web']),
    deviceName: text(100).optional(),
  }),
  push: z.object({ userId, title: text(200), body: text(1000).optional() }),
  pushVerify: z.object({ requestId: text(100), userId: userId.optional() }),
  respond: z.object({ requestId: text(100), response: z.enum(['approve', 'deny']) }),
} as const;

const WHY = {
  NO_CODE: 'No code waits for this recipient.',
  CODE_EXPIRED: 'The code has expired.',
  TOO_MANY_ATTEMPTS: 'The code was tried too often.',
  INVALID_CODE: 'The code is wrong.',
} as const;

/** Whom a call is about, as the MFA policies match it. */
type Subject = Partial<Record<'userId' | 'phone' | 'email' | 'purpose', string | undefined>>;

export interface SecureKeyService {
  /** @throws SecureKeyRefusal */
  serve(endpoint: Endpoint, body: unknown): Done | Promise<Done>;
  lastCode(to: { readonly phone: string } | { readonly email: string }): SentCode | undefined;
  currentTotp(userId: string): { readonly token: string; readonly validForMs: number } | undefined;
  /** Newest first. */
  pushes(): readonly Push[];
  /** As the device would. @throws SecureKeyRefusal where there is no such push, or it waits no more */
  answerPush(requestId: string, response: PushResponse): Push;
  sendWebhook(body: string, signature: string | undefined): Promise<SentWebhook>;
  stop(): void;
}

export function createSecureKeyService(options: {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly strikes: HttpStrikes;
  readonly timers: Timers;
  readonly settings: () => SecureKeySettings;
  readonly webhookSecret: () => string;
}): SecureKeyService {
  const { clock, settings } = options;
  const codes = { sms: createCodes(clock, settings), email: createCodes(clock, settings) };
  const totps = createTotps(clock);
  const webAuthn = createWebAuthn(clock, settings);
  const pushes = createPushes(clock, settings);
  const webhooks = createWebhooks({ ...options, secret: options.webhookSecret });

  const read = <Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>, body: unknown) =>
    readFields(schema, body, settings().strictFields);

  /** @throws SecureKeyRefusal MFA_REQUIRED where a policy asks for more */
  function meetPolicies(on: SecureKeyChannel, at: MfaPolicy['at'], subject: Subject): void {
    const policy = settings().mfaPolicies.find(
      (each) =>
        each.on === on &&
        each.at === at &&
        (['userId', 'phone', 'email', 'purpose'] as const).every(
          (name) => each[name] === undefined || each[name] === subject[name],
        ),
    );
    if (policy === undefined) return;
    const { status, requiredChannels, matchedPolicies } = policy;
    const body = { requiredChannels, matchedPolicies };
    throw new SecureKeyRefusal(status, 'MFA_REQUIRED', matchedPolicies.join(', '), { body, fields: { ...subject } });
  }

  /** What the members of data are by channel is published for SMS only; the others have what is known. */
  function announce(event: string, channel: string, requestId: string, data: Readonly<Record<string, unknown>>): void {
    const payload = { event, channel, data: { requestId, ...data }, timestamp: zonedKoreaIso(clock.now()) };
    webhooks.emit(payload, requestId);
  }

  /** The answer to a code or token that is not good, by the setting wrongCode. */
  function notVerified(code: string, why: string, fields: Done['fields']): Done {
    const seen = { ...fields, verified: false, why: code };
    if (settings().wrongCode === 'ERROR') throw new SecureKeyRefusal(400, code, why, { fields: seen });
    return { message: 'Not verified', data: { verified: false }, fields: seen };
  }

  function sent(code: SentCode, recipient: Subject): Done {
    const expiresAt = zonedKoreaIso(code.expiresAt);
    const { requestId, purpose: forWhat } = code;
    return {
      message: 'Sent',
      data: { requestId, expiresAt },
      reference: requestId,
      fields: { ...recipient, purpose: forWhat, code: code.code, expiresAt },
    };
  }

  function judged(on: 'otp' | 'email-otp', verdict: CodeVerdict, recipient: Subject): Done {
    if (!verdict.good) return notVerified(verdict.why, WHY[verdict.why], { ...recipient });
    const { requestId, purpose: forWhat } = verdict.sent;
    meetPolicies(on, 'verify', { ...recipient, purpose: forWhat });
    const isSms = on === 'otp';
    announce('verification.completed', isSms ? 'sms' : 'email', requestId, {
      ...(isSms && { phone: recipient.phone }),
      purpose: forWhat,
    });
    return {
      message: 'Verified',
      data: { verified: true },
      reference: requestId,
      fields: { ...recipient, verified: true },
    };
  }

  function verifiedUser(on: 'totp' | 'webauthn', user: string, fields: Done['fields']): Done {
    meetPolicies(on, 'verify', { userId: user });
    const reference = newRequestId(clock.now());
    announce('verification.completed', on, reference, { externalUserId: user });
    return {
      message: 'Verified',
      data: { verified: true },
      reference,
      fields: { userId: user, ...fields, verified: true },
    };
  }

  const passkeyFields = ({ told, credentialId }: Verified) => ({ credentialId, ...told });

  function pushOf(requestId: string, user: string | undefined): Push {
    const push = pushes.find(requestId);
    // A stranger learns nothing of a push that is not theirs.
    if (push === undefined || (user !== undefined && user !== push.userId)) {
      throw new SecureKeyRefusal(404, 'REQUEST_NOT_FOUND', 'There is no such push.', { reference: requestId });
    }
    return push;
  }

  function answerPush(requestId: string, response: PushResponse): Push {
    const responded = pushes.respond(requestId, response);
    const more = { reference: requestId };
    if (responded === undefined) throw new SecureKeyRefusal(404, 'REQUEST_NOT_FOUND', 'There is no such push.', more);
    const { before, push } = responded;
    if (before === 'expired') throw new SecureKeyRefusal(410, 'REQUEST_EXPIRED', 'The push has expired.', more);
    if (before !== 'pending') throw new SecureKeyRefusal(409, 'ALREADY_RESPONDED', `The push was ${before}.`, more);
    announce('push.responded', 'push', requestId, {
      externalUserId: push.userId,
      ...(settings().webhookStatus && { status: push.status }),
    });
    return push;
  }

  const handlers: { readonly [Name in Endpoint]: (body: unknown) => Done | Promise<Done> } = {
    'otp/send'(body) {
      const input = read(BODIES.sms, body);
      meetPolicies('otp', 'start', input);
      return sent(codes.sms.send(input.phone, input.purpose), { phone: input.phone });
    },
    'otp/verify'(body) {
      const input = read(BODIES.smsVerify, body);
      return judged('otp', codes.sms.verify(input.phone, input.code, input.purpose), { phone: input.phone });
    },
    'email-otp/send'(body) {
      const input = read(BODIES.email, body);
      meetPolicies('email-otp', 'start', input);
      return sent(codes.email.send(input.email, input.purpose), { email: input.email });
    },
    'email-otp/verify'(body) {
      const input = read(BODIES.emailVerify, body);
      return judged('email-otp', codes.email.verify(input.email, input.code, input.purpose), { email: input.email });
    },
    async 'totp/setup'(body) {
      const { issuer = settings().rpName, ...input } = read(BODIES.totp, body);
      meetPolicies('totp', 'start', { userId: input.userId });
      const data = await totps.setup({ ...input, issuer });
      return { message: 'Set up', data: { ...data }, fields: { ...input, issuer } };
    },
    'totp/verify'(body) {
      const { userId: user, token, code } = read(BODIES.totpVerify, body);
      // The samples disagree: token (Node, C#) or code (Python).
      const given = token ?? code;
      if (given === undefined || (token !== undefined && code !== undefined)) {
        throw new SecureKeyRefusal(400, 'VALIDATION_ERROR', 'token: one of token and code is required');
      }
      const fields = { userId: user, field: token === undefined ? 'code' : 'token' };
      const verified = totps.verify(user, given);
      if (verified === undefined)
        throw new SecureKeyRefusal(404, 'TOTP_NOT_SET_UP', 'The user has no TOTP.', { fields });
      return verified ? verifiedUser('totp', user, fields) : notVerified('INVALID_CODE', WHY.INVALID_CODE, fields);
    },
    async 'webauthn/register/options'(body) {
      const { userId: user, userName } = read(BODIES.register, body);
      if (userName === undefined && settings().strictUserName) {
        throw new SecureKeyRefusal(400, 'VALIDATION_ERROR', 'userName: is required');
      }
      meetPolicies('webauthn', 'start', { userId: user });
      const publicKey = await webAuthn.registerOptions({ userId: user, userName: userName ?? user });
      return { message: 'Options', data: { publicKey }, fields: { userId: user, userName } };
    },
    async 'webauthn/register/verify'(body) {
      const verified = await webAuthn.registerVerify(body);
      return verifiedUser('webauthn', verified.userId, passkeyFields(verified));
    },
    async 'webauthn/authenticate/options'(body) {
      const { userId: user } = read(BODIES.authenticate, body);
      meetPolicies('webauthn', 'start', { userId: user });
      const publicKey = await webAuthn.authenticateOptions(user);
      return { message: 'Options', data: { publicKey }, fields: { userId: user } };
    },
    async 'webauthn/authenticate/verify'(body) {
      const verified = await webAuthn.authenticateVerify(body);
      return verifiedUser('webauthn', verified.userId, passkeyFields(verified));
    },
    'push/devices'(body) {
      const input = read(BODIES.device, body);
      const {
        deviceId,
        userId: user,
        platform,
        deviceName,
      } = pushes.register({ ...input, deviceName: input.deviceName });
      const device = { deviceId, userId: user, platform, ...(deviceName !== undefined && { deviceName }) };
      return { message: 'Registered', data: device, reference: deviceId, fields: device };
    },
    'push/send'(body) {
      const input = read(BODIES.push, body);
      meetPolicies('push', 'start', { userId: input.userId });
      const push = pushes.send({ ...input, body: input.body });
      if (push === undefined) {
        throw new SecureKeyRefusal(404, 'NO_DEVICE', 'The user has no device.', { fields: { userId: input.userId } });
      }
      const { requestId } = push;
      return { message: 'Sent', data: { requestId }, reference: requestId, fields: { ...input } };
    },
    'push/verify'(body) {
      const { requestId, userId: user } = read(BODIES.pushVerify, body);
      const { status, userId: owner } = pushOf(requestId, user);
      if (status === 'approved') meetPolicies('push', 'verify', { userId: owner });
      const data = { verified: status === 'approved', ...(settings().pushStatus && { status }) };
      return { message: 'Push', data, reference: requestId, fields: { userId: user, status } };
    },
    'push/respond'(body) {
      const { requestId, response } = read(BODIES.respond, body);
      const { status, userId: user } = answerPush(requestId, response);
      return { message: 'Responded', data: { status }, reference: requestId, fields: { userId: user, response } };
    },
  };

  return {
    serve: (endpoint, body) => handlers[endpoint](body),
    lastCode: (to) => ('phone' in to ? codes.sms.last(to.phone) : codes.email.last(to.email)),
    currentTotp: totps.current,
    pushes: pushes.list,
    answerPush,
    sendWebhook: webhooks.sendAsIs,
    stop: webhooks.stop,
  };
}
