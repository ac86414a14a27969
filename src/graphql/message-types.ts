/** Message, its attempts and its NGS reports. */
import type { Message, SendAttempt } from '../core/messaging/message.ts';
import type { StoredReport } from '../core/messaging/report.ts';
import { parseKoreanMobile, toE164 } from '../korean/phone-number.ts';
import { builder } from './builder.ts';
import { OutcomeEnum, ProviderFaultType } from './errors.ts';
import {
  CarrierEnum,
  MessageKindEnum,
  MessagePurposeEnum,
  MessageStateEnum,
  SmsProviderEnum,
} from './message-enums.ts';

const forgottenNumber = '*** once the number is kept no longer.';

const SendAttemptType = builder.objectRef<SendAttempt>('SendAttempt').implement({
  fields: (t) => ({
    provider: t.expose('provider', { type: SmsProviderEnum }),
    reference: t.exposeString('reference', { nullable: true, description: 'NGS SERIAL or SENS requestId.' }),
    outcome: t.expose('outcome', { type: OutcomeEnum }),
    startedAt: t.expose('startedAt', { type: 'DateTime' }),
    settledAt: t.expose('settledAt', { type: 'DateTime', nullable: true }),
    settledBy: t.exposeString('settledBy', { nullable: true, description: 'ACK, REPORT, LOOKUP or DEADLINE.' }),
    fault: t.expose('fault', { type: ProviderFaultType, nullable: true }),
  }),
});

export const MessageType = builder.objectRef<Message>('Message');
export const NgsReportType = builder.objectRef<StoredReport>('NgsReport');

builder.node(MessageType, {
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('messages:read') ? loaders.message.load(id) : null)),
  fields: (t) => ({
    kind: t.expose('kind', { type: MessageKindEnum }),
    purpose: t.expose('purpose', { type: MessagePurposeEnum }),
    to: t.field({
      type: 'PhoneNumber',
      description: forgottenNumber,
      resolve: ({ to, forgotten }) => {
        if (forgotten === 'RECIPIENT') return '***';
        return to.startsWith('+') ? to : toE164(to);
      },
    }),
    from: t.field({ type: 'CallbackNumber', resolve: ({ from }) => from }),
    state: t.expose('state', { type: MessageStateEnum }),
    provider: t.field({
      type: SmsProviderEnum,
      nullable: true,
      description: 'The one that tried last; null before the first attempt.',
      resolve: ({ attempts }) => attempts.at(-1)?.provider,
    }),
    clientRef: t.exposeString('clientRef', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    sendAt: t.expose('sendAt', { type: 'DateTime', nullable: true }),
    attempts: t.field({ type: [SendAttemptType], resolve: ({ attempts }) => [...attempts] }),
    reports: t.field({
      type: [NgsReportType],
      description: 'NGS REPORTs of this message, oldest first.',
      resolve: async ({ id }, _args, { loaders }) => [...(await loaders.reportsOfMessage.load(id))],
    }),
  }),
});

builder.node(NgsReportType, {
  description: 'One NGS REPORT packet, decoded. raw* fields keep the wire values.',
  id: { resolve: ({ report }) => report.id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map(async (id) => {
      const own = caller.scopes.has('messages:read') ? await loaders.report.load(id) : undefined;
      return own ?? (caller.scopes.has('operator') ? loaders.orphan.load(id) : null);
    }),
  fields: (t) => ({
    cursor: t.string({
      resolve: (stored, _args, { services }) => services.reader.reportCursor(stored),
    }),
    sent: t.field({
      type: MessageType,
      nullable: true,
      description: 'Null where the SERIAL is not one of ours.',
      resolve: ({ report }, _args, { loaders }) =>
        report.messageId === undefined ? null : loaders.message.load(report.messageId),
    }),
    to: t.field({
      type: 'PhoneNumber',
      description: forgottenNumber,
      resolve: ({ report: { to, isForgotten } }) =>
        isForgotten ? '***' : parseKoreanMobile(to) === undefined ? to : toE164(to),
    }),
    serial: t.string({ resolve: ({ report }) => report.serial }),
    gwSerial: t.string({ resolve: ({ report }) => report.gwSerial }),
    delivered: t.boolean({ resolve: ({ report }) => report.delivered }),
    rawResult: t.string({ resolve: ({ report }) => report.rawResult }),
    rawMessage: t.string({ resolve: ({ report }) => report.rawMessage }),
    spamFiltered: t.boolean({ resolve: ({ report }) => report.spamFiltered }),
    kakaoErrorCode: t.string({ nullable: true, resolve: ({ report }) => report.kakaoErrorCode }),
    finalKind: t.field({
      type: MessageKindEnum,
      nullable: true,
      description: 'The kind that finally went out after a Kakao fallback.',
      resolve: ({ report }) => report.finalKind,
    }),
    carrier: t.field({ type: CarrierEnum, nullable: true, resolve: ({ report }) => report.carrier }),
    sentAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ report }) => report.sentAt }),
    receivedAt: t.field({ type: 'DateTime', resolve: ({ report }) => report.receivedAt }),
  }),
});
