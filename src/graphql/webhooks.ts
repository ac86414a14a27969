/** Received webhooks: a list, one by its ID, and running one again. Resolvers only hand over; core decides. */
import { InvalidInput, Unauthorized } from '../core/errors.ts';
import type { Caller } from '../core/tenant.ts';
import { type InboundWebhook, unmatchedOwner } from '../core/webhooks/webhook-store.ts';
import { builder } from './builder.ts';
import { ProviderEnum } from './errors.ts';
import { localId } from './global-id.ts';

const can = { read: { scope: 'webhooks' }, operate: { scope: 'operator' } } as const;

export const InboundWebhookType = builder.objectRef<InboundWebhook>('InboundWebhook');

builder.node(InboundWebhookType, {
  description: 'A received webhook: raw bytes kept, signature verdict shown, replayable.',
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map(async (id) => {
      const own = caller.scopes.has('webhooks') ? await loaders.webhook.load(id) : undefined;
      return own ?? (caller.scopes.has('operator') ? loaders.unmatchedWebhook.load(id) : null);
    }),
  fields: (t) => ({
    provider: t.expose('provider', { type: ProviderEnum }),
    event: t.exposeString('event', {
      nullable: true,
      description: 'Null where the body cannot be read, and where the signature is not genuine.',
    }),
    signatureValid: t.exposeBoolean('signatureValid'),
    receivedAt: t.expose('receivedAt', { type: 'DateTime' }),
    duplicates: t.exposeInt('duplicates', {
      description: 'How often the same bytes came again within 7 days. They had no further effect.',
    }),
    replays: t.exposeInt('replays'),
    body: t.field({
      type: 'Base64',
      description:
        'The bytes as they were signed, but for a secret of the account that the provider writes into them, in whose place *** stands. Of a forged webhook they are kept for 7 days. Empty where they are not kept any more, or the account has no settings any more.',
      resolve: async ({ id }, _args, { loaders }) => (await loaders.webhookBody.load(id)) ?? new Uint8Array(),
    }),
  }),
});

const InboundWebhookEdge = builder.edgeObject({ name: 'InboundWebhookEdge', type: InboundWebhookType });
const InboundWebhookConnection = builder.connectionObject(
  { name: 'InboundWebhookConnection', type: InboundWebhookType },
  InboundWebhookEdge,
);

builder.queryField('inboundWebhooks', (t) =>
  t.field({
    type: InboundWebhookConnection,
    authScopes: (_root, { unmatched }) => (unmatched === true ? can.operate : can.read),
    description:
      'Oldest first. With `unmatched`, which asks for the scope operator: those that are about no record of a tenant, or whose signature is not genuine, where several tenants use the account. Where one alone does, they are among its own.',
    args: {
      first: t.arg.int(),
      after: t.arg.string(),
      provider: t.arg({ type: ProviderEnum }),
      unmatched: t.arg.boolean({ defaultValue: false }),
    },
    resolve: (_root, { provider, unmatched, ...page }, { services, caller }) =>
      services.webhooks.page(unmatched === true ? unmatchedOwner : caller.tenant.id, page, { provider }),
  }),
);

/** Whose webhooks a key may run again: its tenant's, and with operator those of nobody. */
const ownersFor = ({ scopes, tenant }: Caller): string[] => [
  ...(scopes.has('webhooks') ? [tenant.id] : []),
  ...(scopes.has('operator') ? [unmatchedOwner] : []),
];

const ReplayWebhookResult = builder.errorUnion('ReplayWebhookResult', {
  types: [InboundWebhookType, InvalidInput, Unauthorized],
  resolveType: () => 'InboundWebhook',
});

builder.mutationField('replayWebhook', (t) =>
  t.field({
    type: ReplayWebhookResult,
    authScopes: (_root, _args, { caller }) => (caller.scopes.has('operator') ? can.operate : can.read),
    description:
      'Runs what a genuine webhook does once more, which changes nothing that it did before. With the scope operator also of one that is unmatched.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { services, caller }) =>
      services.webhooks.replay(ownersFor(caller), localId('InboundWebhook', id)),
  }),
);
