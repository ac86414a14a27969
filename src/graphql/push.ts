/** Push approval: devices, prompts, what became of them, and the stream of that. Resolvers only hand over; core decides. */
import {
  IdempotencyConflict,
  InvalidInput,
  MfaRequired,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
  Unauthorized,
} from '../core/errors.ts';
import type { PushApprovalChange } from '../core/verification/push.ts';
import type { PushApproval } from '../core/verification/push-approval.ts';
import type { PushDevice } from '../core/verification/push-device.ts';
import { builder } from './builder.ts';
import { ProviderFaultType } from './errors.ts';
import { localId } from './global-id.ts';
import { memberOf, StreamCaughtUpType, StreamEndedType, StreamGapType } from './streams.ts';

const canPush = { scope: 'push' } as const;

const PushPlatformEnum = builder.enumType('PushPlatform', { values: ['IOS', 'ANDROID'] as const });

const PushStateEnum = builder.enumType('PushState', {
  description:
    'The first of APPROVED, DENIED and EXPIRED is the last: nothing that comes later changes it. EXPIRED: two minutes without a decision.',
  values: ['PENDING', 'APPROVED', 'DENIED', 'EXPIRED'] as const,
});

const PushDeliveryEnum = builder.enumType('PushDelivery', {
  description: 'Whether the prompt left.',
  values: {
    SENDING: { description: 'On its way to the provider.' },
    SENT: { description: 'The provider took it.' },
    UNCONFIRMED: {
      description:
        'Nobody can say whether the provider took it. It is never sent again, and becomes EXPIRED: nothing tells an answer to it from an answer to another prompt.',
    },
    NOT_SENT: {
      description: 'The provider did not take it. The same idempotencyKey sends it again while it is PENDING.',
    },
  } as const,
});

const PushDecisionEnum = builder.enumType('PushDecision', {
  values: { APPROVE: { value: 'APPROVED' }, DENY: { value: 'DENIED' } } as const,
});

// ---------------------------------------------------------------- devices

export const PushDeviceType = builder.objectRef<PushDevice>('PushDevice');

builder.node(PushDeviceType, {
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('push') ? loaders.pushDevice.load(id) : null)),
  fields: (t) => ({
    userId: t.exposeID('userId'),
    deviceName: t.exposeString('deviceName', { nullable: true }),
    platform: t.expose('platform', { type: PushPlatformEnum }),
  }),
});

const RegisterPushDeviceInput = builder.inputType('RegisterPushDeviceInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    fcmToken: t.string({ required: true }),
    deviceName: t.string(),
    platform: t.field({ type: PushPlatformEnum, required: true }),
  }),
});

const RegisterPushDeviceResult = builder.errorUnion('RegisterPushDeviceResult', {
  types: [PushDeviceType, InvalidInput, RateLimited, MfaRequired, ProviderRejected, ProviderUnavailable, Unauthorized],
  resolveType: () => 'PushDevice',
});

builder.mutationField('registerPushDevice', (t) =>
  t.field({
    type: RegisterPushDeviceResult,
    authScopes: canPush,
    description:
      'The same token of the same user is the same device: calling again is safe. The token is not kept here.',
    args: { input: t.arg({ type: RegisterPushDeviceInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) =>
      services.push.devices.register(caller.tenant, { ...input, deviceName: input.deviceName ?? undefined }),
  }),
);

// ---------------------------------------------------------------- approvals

export const PushApprovalType = builder.objectRef<PushApproval>('PushApproval');

builder.node(PushApprovalType, {
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('push') ? loaders.pushApproval.load(id) : null)),
  fields: (t) => ({
    userId: t.exposeID('userId'),
    state: t.expose('state', { type: PushStateEnum }),
    delivery: t.expose('delivery', { type: PushDeliveryEnum }),
    fault: t.expose('fault', {
      type: ProviderFaultType,
      nullable: true,
      description: 'Why the prompt did not leave, or why nobody can say.',
    }),
    title: t.exposeString('title'),
    body: t.exposeString('body', { nullable: true }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: 'Two minutes after it was asked for, or was sent again.',
    }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.queryField('pushApproval', (t) =>
  t.field({
    type: PushApprovalType,
    nullable: true,
    authScopes: canPush,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { loaders }) => loaders.pushApproval.load(localId('PushApproval', id)),
  }),
);

const PushApprovalEdge = builder.edgeObject({ name: 'PushApprovalEdge', type: PushApprovalType });
const PushApprovalConnection = builder.connectionObject(
  { name: 'PushApprovalConnection', type: PushApprovalType },
  PushApprovalEdge,
);

builder.queryField('pushApprovals', (t) =>
  t.field({
    type: PushApprovalConnection,
    authScopes: canPush,
    description: 'Of one user, oldest first; also those whose prompt did not leave.',
    args: { userId: t.arg.id({ required: true }), first: t.arg.int(), after: t.arg.string() },
    resolve: (_root, { userId, ...page }, { services, caller }) => services.push.page(caller.tenant.id, userId, page),
  }),
);

const RequestPushApprovalInput = builder.inputType('RequestPushApprovalInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    userId: t.id({ required: true }),
    title: t.string({ required: true, description: 'At most 100 characters.' }),
    body: t.string({ description: 'At most 500 characters.' }),
  }),
});

const RespondToPushApprovalInput = builder.inputType('RespondToPushApprovalInput', {
  fields: (t) => ({
    id: t.id({ required: true }),
    decision: t.field({ type: PushDecisionEnum, required: true }),
  }),
});

const PushApprovalResult = builder.errorUnion('PushApprovalResult', {
  types: [
    PushApprovalType,
    InvalidInput,
    RateLimited,
    MfaRequired,
    ProviderRejected,
    ProviderUnavailable,
    IdempotencyConflict,
    Unauthorized,
  ],
  resolveType: () => 'PushApproval',
});

builder.mutationField('requestPushApproval', (t) =>
  t.field({
    type: PushApprovalResult,
    authScopes: canPush,
    description:
      'Prompts a person on their device. One prompt at a time and three in ten minutes for each of them: more is\n' +
      'RateLimited, and nothing is stored. Where the provider refuses the prompt the answer is its error, `subjectId`\n' +
      'names the approval, and the same key sends it again. Where nobody can say, the answer is the PushApproval with the\n' +
      'delivery UNCONFIRMED.',
    args: { input: t.arg({ type: RequestPushApprovalInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) =>
      services.push.request(caller.tenant, { ...input, body: input.body ?? undefined }),
  }),
);

builder.mutationField('respondToPushApproval', (t) =>
  t.field({
    type: PushApprovalResult,
    authScopes: { scope: 'push:respond' },
    description: 'Device side; needs a scope of its own. DENIED is a result as APPROVED is.',
    args: { input: t.arg({ type: RespondToPushApprovalInput, required: true }) },
    resolve: (_root, { input: { id, decision } }, { services, caller }) =>
      services.push.respond(caller.tenant.id, localId('PushApproval', id), decision),
  }),
);

// ---------------------------------------------------------------- stream

const PushApprovalChangedType = builder
  .objectRef<PushApprovalChange & { cursor: string }>('PushApprovalChanged')
  .implement({
    description: 'via: WEBHOOK, POLL, RESPONSE or DEADLINE.',
    fields: (t) => ({
      cursor: t.exposeString('cursor'),
      approval: t.expose('approval', { type: PushApprovalType }),
      via: t.exposeString('via'),
    }),
  });

const PushApprovalEvent = builder.unionType('PushApprovalEvent', {
  types: [PushApprovalChangedType, StreamCaughtUpType, StreamGapType, StreamEndedType],
  resolveType: memberOf('PushApprovalChanged'),
});

builder.subscriptionField('pushApproval', (t) =>
  t.field({
    type: PushApprovalEvent,
    authScopes: canPush,
    description:
      'Decisions. With `id`: from the creation of that approval on, so that none is missed, and completed by itself behind\n' +
      'APPROVED, DENIED or EXPIRED; at once where there is no such approval. Otherwise live, or from `after` on, without end.',
    args: { id: t.arg.id(), userId: t.arg.id(), after: t.arg.string() },
    subscribe: (_root, { id, userId, after }, { services, caller, ending }) =>
      services.push.changes(caller.tenant.id, {
        id: id == null ? undefined : localId('PushApproval', id),
        userId: userId ?? undefined,
        after: after ?? undefined,
        ending,
      }),
    resolve: (item) => (item.type === 'EVENT' ? { ...item.event, cursor: item.cursor } : item),
  }),
);
