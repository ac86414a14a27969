/** Sending and taking back: sendSms, sendSmsBatch, sendKakao, cancelMessage. Resolvers only hand over; core decides. */
import {
  ContentRejected,
  IdempotencyConflict,
  InvalidInput,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
  Unauthorized,
} from '../core/errors.ts';
import type { SendKakaoInput as KakaoInput, SendSmsInput as SmsInput } from '../core/messaging/compose.ts';
import type { Message } from '../core/messaging/message.ts';
import { builder } from './builder.ts';
import { localId } from './global-id.ts';
import {
  KakaoFallbackEnum,
  KakaoMethodEnum,
  MessageKindEnum,
  MessagePurposeEnum,
  SendWaitEnum,
  SmsProviderEnum,
  TextEncodingEnum,
} from './message-enums.ts';
import { MessageType } from './message-types.ts';

const canSend = { scope: 'messages:send' } as const;

export const ImageInput = builder.inputType('ImageInput', {
  fields: (t) => ({
    fileName: t.string({ required: true }),
    data: t.field({ type: 'Base64', required: true }),
  }),
});

const SendSmsInput = builder.inputType('SendSmsInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    to: t.field({ type: 'PhoneNumber', required: true }),
    from: t.field({ type: 'CallbackNumber', description: "Defaults to the tenant's first registered caller number." }),
    text: t.string({ required: true }),
    subject: t.string({ description: 'Makes it an LMS: at most 64 bytes at NGS, 40 at SENS.' }),
    purpose: t.field({ type: MessagePurposeEnum, defaultValue: 'NORMAL' }),
    providers: t.field({
      type: [SmsProviderEnum],
      description: 'Tried in this order; the next one only where the one before certainly did not take it.',
    }),
    allowLms: t.boolean({ defaultValue: true, description: 'Allow promotion to LMS when the text passes 90 bytes.' }),
    images: t.field({ type: [ImageInput], description: 'Make it an MMS.' }),
    sendAt: t.field({ type: 'DateTime', description: 'At most 30 days ahead.' }),
    clientRef: t.string(),
    wait: t.field({ type: SendWaitEnum, defaultValue: 'SUBMITTED' }),
  }),
});

/** What GraphQL leaves null is absent in core, and a default may be given as null too. */
function smsInput(input: typeof SendSmsInput.$inferInput): SmsInput {
  return {
    idempotencyKey: input.idempotencyKey,
    to: input.to,
    from: input.from ?? undefined,
    text: input.text,
    subject: input.subject ?? undefined,
    purpose: input.purpose ?? 'NORMAL',
    providers: input.providers ?? undefined,
    allowLms: input.allowLms ?? true,
    images: input.images ?? undefined,
    sendAt: input.sendAt ?? undefined,
    clientRef: input.clientRef ?? undefined,
    wait: input.wait ?? 'SUBMITTED',
  };
}

const SendSmsResult = builder.errorUnion('SendSmsResult', {
  types: [
    MessageType,
    InvalidInput,
    ContentRejected,
    RateLimited,
    ProviderRejected,
    ProviderUnavailable,
    IdempotencyConflict,
    Unauthorized,
  ],
  resolveType: () => 'Message',
});

builder.mutationField('sendSms', (t) =>
  t.field({
    type: SendSmsResult,
    authScopes: canSend,
    description:
      'Once a message is stored the answer is the Message, also when the same key is used again: its state and\n' +
      "attempts tell the outcome (UNCONFIRMED, FAILED and the provider's own words). The error members mean that\n" +
      'nothing was stored and nothing left.',
    args: { input: t.arg({ type: SendSmsInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) => services.sender.sendSms(caller.tenant, smsInput(input)),
  }),
);

/** Of the failures only those that SendSmsResult lists can come; TypeScript has to be told of one. */
const SendSmsBatchPayload = builder.objectRef<{ results: readonly (Message | InvalidInput)[] }>('SendSmsBatchPayload');
SendSmsBatchPayload.implement({
  description: 'One result for each input, in their order.',
  fields: (t) => ({
    results: t.field({ type: [SendSmsResult], resolve: ({ results }) => [...results] }),
  }),
});

const SendSmsBatchResult = builder.errorUnion('SendSmsBatchResult', {
  types: [SendSmsBatchPayload, InvalidInput, RateLimited, ProviderUnavailable, Unauthorized],
  resolveType: () => 'SendSmsBatchPayload',
});

builder.mutationField('sendSmsBatch', (t) =>
  t.field({
    type: SendSmsBatchResult,
    authScopes: canSend,
    description:
      'Up to 1,000 at once. Those that are good are stored in one durable write, the others are refused in their places.',
    args: { inputs: t.arg({ type: [SendSmsInput], required: true }) },
    resolve: async (_root, { inputs }, { services, caller }) => ({
      results: (await services.sender.sendSmsBatch(caller.tenant, inputs.map(smsInput))) as (Message | InvalidInput)[],
    }),
  }),
);

const SendKakaoInput = builder.inputType('SendKakaoInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    kind: t.field({ type: MessageKindEnum, required: true }),
    purpose: t.field({ type: MessagePurposeEnum, defaultValue: 'NORMAL' }),
    method: t.field({ type: KakaoMethodEnum, defaultValue: 'PUSH' }),
    encoding: t.field({ type: TextEncodingEnum, defaultValue: 'UTF_8' }),
    to: t.field({ type: 'PhoneNumber', required: true }),
    from: t.field({ type: 'CallbackNumber' }),
    senderKey: t.string({ required: true }),
    templateCode: t.string(),
    text: t.string({ required: true }),
    buttons: t.string({ description: "Kakao's own JSON (button_cnt, button1, ...), checked and passed through." }),
    image: t.field({
      type: ImageInput,
      description: 'Goes out with a fallback; Kakao itself shows the image it was given beforehand.',
    }),
    fallback: t.field({ type: KakaoFallbackEnum, defaultValue: 'NONE' }),
    fallbackText: t.string(),
    fallbackSubject: t.string(),
    sendAt: t.field({ type: 'DateTime' }),
    clientRef: t.string(),
    wait: t.field({ type: SendWaitEnum, defaultValue: 'SUBMITTED' }),
  }),
});

const kakaoInput = (input: typeof SendKakaoInput.$inferInput): KakaoInput => ({
  idempotencyKey: input.idempotencyKey,
  kind: input.kind,
  purpose: input.purpose ?? 'NORMAL',
  method: input.method ?? 'PUSH',
  encoding: input.encoding ?? 'UTF_8',
  to: input.to,
  from: input.from ?? undefined,
  senderKey: input.senderKey,
  templateCode: input.templateCode ?? undefined,
  text: input.text,
  buttons: input.buttons ?? undefined,
  image: input.image ?? undefined,
  fallback: input.fallback ?? 'NONE',
  fallbackText: input.fallbackText ?? undefined,
  fallbackSubject: input.fallbackSubject ?? undefined,
  sendAt: input.sendAt ?? undefined,
  clientRef: input.clientRef ?? undefined,
  wait: input.wait ?? 'SUBMITTED',
});

builder.mutationField('sendKakao', (t) =>
  t.field({
    type: SendSmsResult,
    authScopes: canSend,
    description: 'AlimTalk and FriendTalk over NGS. Answers as sendSms does.',
    args: { input: t.arg({ type: SendKakaoInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) => services.sender.sendKakao(caller.tenant, kakaoInput(input)),
  }),
);

const CancelMessageResult = builder.errorUnion('CancelMessageResult', {
  types: [MessageType, InvalidInput, ProviderRejected, ProviderUnavailable, Unauthorized],
  resolveType: () => 'Message',
});

builder.mutationField('cancelMessage', (t) =>
  t.field({
    type: CancelMessageResult,
    authScopes: canSend,
    description: 'Takes back what is QUEUED, or what SENS still holds until its time.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { services, caller }) =>
      services.canceller.cancel(caller.tenant.id, localId('Message', id)),
  }),
);
