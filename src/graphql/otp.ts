/** Codes and authenticators: requestOtp, verifyOtp, enrollTotp. Resolvers only hand over; core decides. */
import {
  IdempotencyConflict,
  InvalidInput,
  MfaRequired,
  OtpRejected,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
  Unauthorized,
} from '../core/errors.ts';
import type { OtpChallenge, TotpEnrollment } from '../core/verification/otp.ts';
import { otpScopes } from '../core/verification/otp-limits.ts';
import type { OtpVerified } from '../core/verification/otp-verify.ts';
import { builder } from './builder.ts';
import { localId } from './global-id.ts';
import { MessageType } from './message-types.ts';

const mayVerify = { scope: 'otp' } as const;

const OtpChannelEnum = builder.enumType('OtpChannel', { values: ['SMS', 'EMAIL', 'TOTP'] as const });

const OtpProviderEnum = builder.enumType('OtpProvider', {
  description: 'Who makes and checks the code: SecureKey, or the gateway itself with the code sent over SENS or NGS.',
  values: ['SECUREKEY', 'SENS', 'NGS'] as const,
});

const OtpDeliveryEnum = builder.enumType('OtpDelivery', {
  description:
    'QUEUED: still with the gateway; it leaves before it expires, or never. SENT: the provider took it.\n' +
    'UNCONFIRMED: it may have left, and nobody can say; it is never sent again by itself, and verifies if it arrived.\n' +
    'FAILED: it will not arrive.',
  values: ['QUEUED', 'SENT', 'UNCONFIRMED', 'FAILED'] as const,
});

export const OtpChallengeType = builder.objectRef<OtpChallenge>('OtpChallenge');
builder.node(OtpChallengeType, {
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('otp') ? loaders.otpChallenge.load(id) : null)),
  fields: (t) => ({
    channel: t.expose('channel', { type: OtpChannelEnum }),
    provider: t.expose('provider', { type: OtpProviderEnum, description: 'The one that the code went out by.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime' }),
    resendAt: t.expose('resendAt', {
      type: 'DateTime',
      description: 'Before then no other code goes to the same place. A new one replaces this one.',
    }),
    attemptsLeft: t.exposeInt('attemptsLeft', {
      nullable: true,
      description: 'Of five. Null where nobody can say now.',
    }),
    delivery: t.expose('delivery', { type: OtpDeliveryEnum }),
    sent: t.field({
      type: MessageType,
      nullable: true,
      description: 'The text that carries the code; null for SECUREKEY, which sends its own.',
      resolve: ({ messageId }, _args, { loaders }) =>
        messageId === undefined ? null : loaders.message.load(messageId),
    }),
  }),
});

const RequestOtpInput = builder.inputType('RequestOtpInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    channel: t.field({
      type: OtpChannelEnum,
      required: true,
      description: 'SMS or EMAIL: nothing is sent for an authenticator.',
    }),
    phone: t.field({ type: 'PhoneNumber' }),
    email: t.string(),
    purpose: t.string({ required: true, description: 'What the code is for: 1 to 40 printable characters.' }),
    provider: t.field({ type: OtpProviderEnum, defaultValue: 'SECUREKEY' }),
    fallback: t.field({
      type: [OtpProviderEnum],
      description:
        'SMS only. Tried in this order where the provider before certainly sent nothing: it is over its limit, away or\n' +
        'not configured.',
    }),
    clientAddress: t.string({
      description:
        'The IP address of the person who asks: at most 10 codes an hour for each, by /64 for IPv6. It is no part of what\n' +
        'the key stands for.',
    }),
  }),
});

const RequestOtpResult = builder.errorUnion('RequestOtpResult', {
  types: [
    OtpChallengeType,
    InvalidInput,
    RateLimited,
    MfaRequired,
    ProviderRejected,
    ProviderUnavailable,
    IdempotencyConflict,
    Unauthorized,
  ],
  resolveType: () => 'OtpChallenge',
});

builder.mutationField('requestOtp', (t) =>
  t.field({
    type: RequestOtpResult,
    authScopes: mayVerify,
    description:
      'One code a key: with the same key and input the answer is the same challenge, and nothing is sent again. While the\n' +
      'call to SecureKey is under way, the same key elsewhere waits for it.\n' +
      'RateLimited, MfaRequired and ProviderUnavailable NOT_ACCEPTED mean that nothing left and the key is free again.\n' +
      `RateLimited.scope is one of ${[
        otpScopes.resend,
        otpScopes.destination,
        otpScopes.client,
        otpScopes.neighbours,
        otpScopes.tenant,
      ]
        .map((scope) => `"${scope}"`)
        .join(',\n')},\n"SecureKey OTP sends" or "SecureKey".`,
    args: { input: t.arg({ type: RequestOtpInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) =>
      services.otp.request(caller.tenant, {
        idempotencyKey: input.idempotencyKey,
        channel: input.channel,
        phone: input.phone ?? undefined,
        email: input.email ?? undefined,
        purpose: input.purpose,
        provider: input.provider ?? 'SECUREKEY',
        fallback: input.fallback ?? undefined,
        clientAddress: input.clientAddress ?? undefined,
      }),
  }),
);

const OtpVerifiedType = builder.objectRef<OtpVerified>('OtpVerified').implement({
  fields: (t) => ({
    verifiedAt: t.expose('verifiedAt', { type: 'DateTime' }),
    channel: t.expose('channel', { type: OtpChannelEnum }),
  }),
});

const VerifyOtpInput = builder.inputType('VerifyOtpInput', {
  description: 'challengeId, or the phone or email that the code went to; userId for TOTP.',
  fields: (t) => ({
    channel: t.field({ type: OtpChannelEnum, required: true }),
    code: t.string({ required: true }),
    challengeId: t.id(),
    phone: t.field({ type: 'PhoneNumber' }),
    email: t.string(),
    userId: t.id(),
  }),
});

const VerifyOtpResult = builder.errorUnion('VerifyOtpResult', {
  types: [
    OtpVerifiedType,
    OtpRejected,
    InvalidInput,
    RateLimited,
    MfaRequired,
    ProviderRejected,
    ProviderUnavailable,
    Unauthorized,
  ],
  resolveType: () => 'OtpVerified',
});

builder.mutationField('verifyOtp', (t) =>
  t.field({
    type: VerifyOtpResult,
    authScopes: mayVerify,
    description:
      'At most one success and five tries a challenge. A challenge that never was, was replaced, was used or has expired\n' +
      'gives one and the same OtpRejected. RateLimited.scope is one of\n' +
      `"${otpScopes.failures}", "${otpScopes.totpFailures}",\n"SecureKey verification attempts" or "SecureKey".`,
    args: { input: t.arg({ type: VerifyOtpInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) =>
      services.otp.verify(caller.tenant, {
        channel: input.channel,
        code: input.code,
        challengeId: input.challengeId == null ? undefined : localId('OtpChallenge', input.challengeId),
        phone: input.phone ?? undefined,
        email: input.email ?? undefined,
        userId: input.userId ?? undefined,
      }),
  }),
);

const TotpEnrollmentType = builder.objectRef<TotpEnrollment>('TotpEnrollment').implement({
  fields: (t) => ({
    uri: t.exposeString('uri', {
      description: 'otpauth://totp/…, the secret in it: show it once, and keep it nowhere.',
    }),
    qrCodeDataUrl: t.exposeString('qrCodeDataUrl'),
  }),
});

const EnrollTotpInput = builder.inputType('EnrollTotpInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    accountName: t.string({ required: true }),
    issuer: t.string(),
  }),
});

const EnrollTotpResult = builder.errorUnion('EnrollTotpResult', {
  types: [
    TotpEnrollmentType,
    InvalidInput,
    RateLimited,
    MfaRequired,
    ProviderRejected,
    ProviderUnavailable,
    Unauthorized,
  ],
  resolveType: () => 'TotpEnrollment',
});

builder.mutationField('enrollTotp', (t) =>
  t.field({
    type: EnrollTotpResult,
    authScopes: mayVerify,
    description:
      'Sets an authenticator up by SecureKey. It counts once verifyOtp has taken a first code of it.\n' +
      'RateLimited.scope is "SecureKey".',
    args: { input: t.arg({ type: EnrollTotpInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) =>
      services.otp.enrollTotp(caller.tenant, {
        userId: input.userId,
        accountName: input.accountName,
        issuer: input.issuer ?? undefined,
      }),
  }),
);
