/** One object type for each failure class of core, all implementing Error. A field lists the ones it can answer. */
import {
  CommerceRestricted,
  ContentRejected,
  type GatewayError,
  IdempotencyConflict,
  InvalidInput,
  MfaRequired,
  OtpRejected,
  PasskeyRejected,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
  type Subject,
  Unauthorized,
} from '../core/errors.ts';
import type { ProviderFault } from '../core/outcome.ts';
import { builder } from './builder.ts';
import { encodeGlobalId } from './global-id.ts';
import { FieldProblemType, MessagePreviewType } from './preview.ts';

const globalIdOf = (subject: Subject | undefined): string | undefined =>
  subject && encodeGlobalId(subject.type, subject.id);

export const ProviderEnum = builder.enumType('Provider', {
  values: ['SENS', 'NGS', 'SECUREKEY', 'NAVER_COMMERCE', 'SENTBE'] as const,
});

const RetryAdviceEnum = builder.enumType('RetryAdvice', {
  description: 'Whether, and how, the same call may be made again.',
  values: ['SAFE_NOW', 'SAFE_AFTER', 'AFTER_FIX', 'ONLY_WITH_SAME_KEY', 'NEVER'] as const,
});

export const OutcomeEnum = builder.enumType('Outcome', {
  description: 'Did the provider take it? The only ground on which a failover or a retry is allowed.',
  values: ['ACCEPTED', 'NOT_ACCEPTED', 'UNKNOWN'] as const,
});

export const ProviderFaultType = builder.objectRef<ProviderFault>('ProviderFault').implement({
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderEnum }),
    code: t.exposeString('code'),
    text: t.exposeString('text', { nullable: true }),
    httpStatus: t.exposeInt('httpStatus', { nullable: true }),
    traceId: t.exposeString('traceId', { nullable: true }),
    at: t.expose('at', { type: 'DateTime' }),
  }),
});

const ErrorInterface = builder.interfaceRef<GatewayError>('Error').implement({
  description: 'Every failure a client can act on.',
  fields: (t) => ({
    code: t.exposeString('code', {
      description: 'Stable, upper snake case. A catalogue in the docs lists every value.',
    }),
    message: t.exposeString('message'),
    retry: t.expose('retry', { type: RetryAdviceEnum }),
    retryAt: t.expose('retryAt', { type: 'DateTime', nullable: true }),
    origin: t.expose('origin', {
      type: ProviderFaultType,
      nullable: true,
      description: 'What the provider really said, unaltered, so that a support ticket can quote it.',
    }),
  }),
});

builder.objectType(InvalidInput, {
  name: 'InvalidInput',
  interfaces: [ErrorInterface],
  fields: (t) => ({ fields: t.field({ type: [FieldProblemType], resolve: ({ fields }) => [...fields] }) }),
});

builder.objectType(ContentRejected, {
  name: 'ContentRejected',
  description: 'The text cannot go as it is: too long, or characters that the carrier cannot carry.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ preview: t.expose('preview', { type: MessagePreviewType }) }),
});

builder.objectType(RateLimited, {
  name: 'RateLimited',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    scope: t.exposeString('scope'),
    limit: t.exposeInt('limit', { nullable: true }),
    windowSeconds: t.exposeInt('windowSeconds', { nullable: true }),
    subjectId: t.id({
      nullable: true,
      description: 'The stored push approval, where there is one: its provider, or its budget, had no room for it.',
      resolve: ({ subject }) => globalIdOf(subject),
    }),
  }),
});

builder.objectType(ProviderRejected, {
  name: 'ProviderRejected',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    subjectId: t.id({
      nullable: true,
      description: 'The stored message or transfer, where there is one.',
      resolve: ({ subject }) => globalIdOf(subject),
    }),
  }),
});

builder.objectType(ProviderUnavailable, {
  name: 'ProviderUnavailable',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    outcome: t.expose('outcome', { type: OutcomeEnum }),
    subjectId: t.id({ nullable: true, resolve: ({ subject }) => globalIdOf(subject) }),
  }),
});

builder.objectType(IdempotencyConflict, {
  name: 'IdempotencyConflict',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    firstUsedAt: t.expose('firstUsedAt', { type: 'DateTime' }),
    differingPaths: t.stringList({ resolve: ({ differingPaths }) => [...differingPaths] }),
  }),
});

builder.objectType(Unauthorized, {
  name: 'Unauthorized',
  interfaces: [ErrorInterface],
  fields: (t) => ({ missingScopes: t.stringList({ resolve: ({ missingScopes }) => [...missingScopes] }) }),
});

builder.objectType(MfaRequired, {
  name: 'MfaRequired',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    requiredChannels: t.stringList({ resolve: ({ requiredChannels }) => [...requiredChannels] }),
    matchedPolicies: t.stringList({ resolve: ({ matchedPolicies }) => [...matchedPolicies] }),
    subjectId: t.id({
      nullable: true,
      description: 'The stored push approval, where there is one.',
      resolve: ({ subject }) => globalIdOf(subject),
    }),
  }),
});

builder.objectType(OtpRejected, {
  name: 'OtpRejected',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    attemptsLeft: t.exposeInt('attemptsLeft', {
      nullable: true,
      description: 'Null where the provider keeps the count to itself.',
    }),
    expired: t.exposeBoolean('expired'),
  }),
});

builder.objectType(PasskeyRejected, {
  name: 'PasskeyRejected',
  interfaces: [ErrorInterface],
  fields: (t) => ({ check: t.exposeString('check') }),
});

builder.objectType(CommerceRestricted, {
  name: 'CommerceRestricted',
  description: 'Naver capped the application (GW.QUOTA_LIMIT).',
  interfaces: [ErrorInterface],
  fields: (t) => ({ quotaPerHour: t.exposeInt('quotaPerHour', { nullable: true }) }),
});
