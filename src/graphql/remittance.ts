/** Remittance: what it costs, sending it, taking it back, and what became of it. Resolvers only hand over; core decides. */
import {
  IdempotencyConflict,
  InvalidInput,
  ProviderRejected,
  ProviderUnavailable,
  Unauthorized,
} from '../core/errors.ts';
import type { RemittanceQuote } from '../core/remittance/quote.ts';
import type { RemittanceChange } from '../core/remittance/remittance.ts';
import type { Remittance } from '../core/remittance/transfer.ts';
import { builder } from './builder.ts';
import { ProviderFaultType } from './errors.ts';
import { encodeGlobalId, localId } from './global-id.ts';
import { RemittanceCorridorEnum } from './remittance-people.ts';
import { memberOf, StreamCaughtUpType, StreamEndedType, StreamGapType } from './streams.ts';

const canRemit = { scope: 'remittance' } as const;

const RemittanceStateEnum = builder.enumType('RemittanceState', {
  description:
    "REQUESTED to REFUNDED are the provider's states; UNCONFIRMED is ours: sent, outcome unknown, looked up, never sent again by itself.",
  values: {
    UNCONFIRMED: {
      description:
        'Looked up for 72 hours. Where it was not found by then, ask the provider before anything is sent anew.',
    },
    REQUESTED: { description: 'The provider has it, and waits for the money or for the recipient.' },
    PROCESSING: {},
    AML_FILTERED: { description: 'Held back by the check against money laundering.' },
    COMPLETE: { description: 'Paid out. It can still become REFUNDED.' },
    CANCELED: {},
    EXPIRED: {},
    REFUNDED: {},
    FAILED: { description: 'The provider did not take it; `fault` says why.' },
  } as const,
});

// ---------------------------------------------------------------- quote

const RemittanceQuoteType = builder.objectRef<RemittanceQuote>('RemittanceQuote').implement({
  description: 'Amounts are decimal text; money is never a float.',
  fields: (t) => ({
    id: t.id({ resolve: ({ id }) => encodeGlobalId('RemittanceQuote', id) }),
    sendAmount: t.string({ resolve: ({ send }) => send.amount }),
    sendCurrency: t.string({ resolve: ({ send }) => send.currency }),
    receiveAmount: t.string({ resolve: ({ receive }) => receive.amount }),
    receiveCurrency: t.string({ resolve: ({ receive }) => receive.currency }),
    commission: t.string({ resolve: ({ commission }) => commission.amount }),
    commissionCurrency: t.string({ resolve: ({ commission }) => commission.currency }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: "Ours: half an hour after it was given. The provider's rates may change before.",
    }),
  }),
});

const QuoteRemittanceInput = builder.inputType('QuoteRemittanceInput', {
  fields: (t) => ({
    corridor: t.field({ type: RemittanceCorridorEnum, defaultValue: 'OUTBOUND' }),
    userId: t.id({ required: true }),
    recipientId: t.id({ required: true }),
    receiveAmount: t.int({ required: true, description: 'Whole units of the currency.' }),
    receiveCurrency: t.string({ required: true, description: 'ISO 4217. INBOUND: KRW; OUTBOUND: any other.' }),
  }),
});

const SendRemittanceInput = builder.inputType('SendRemittanceInput', {
  description: 'All but the key, the externalId and the quote as the quote was asked for.',
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    corridor: t.field({ type: RemittanceCorridorEnum, defaultValue: 'OUTBOUND' }),
    externalId: t.string({ required: true, description: 'Your own name of the remittance, used once.' }),
    userId: t.id({ required: true }),
    recipientId: t.id({ required: true }),
    quoteId: t.id({ required: true }),
    receiveAmount: t.int({ required: true }),
    receiveCurrency: t.string({ required: true }),
  }),
});

const QuoteRemittanceResult = builder.errorUnion('QuoteRemittanceResult', {
  types: [RemittanceQuoteType, InvalidInput, ProviderRejected, ProviderUnavailable, Unauthorized],
  resolveType: () => 'RemittanceQuote',
});

type QuoteInput = typeof QuoteRemittanceInput.$inferInput;

const asked = ({ corridor, userId, recipientId, receiveAmount, receiveCurrency }: QuoteInput) => ({
  corridor: corridor ?? 'OUTBOUND',
  userId: localId('RemittanceUser', userId),
  recipientId: localId('RemittanceRecipient', recipientId),
  receiveAmount,
  receiveCurrency,
});

builder.mutationField('quoteRemittance', (t) =>
  t.field({
    type: QuoteRemittanceResult,
    authScopes: canRemit,
    description: 'What it would cost now. It sends nothing.',
    args: { input: t.arg({ type: QuoteRemittanceInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) => services.remittance.quote(caller.tenant, asked(input)),
  }),
);

// ---------------------------------------------------------------- transfer

export const RemittanceType = builder.objectRef<Remittance>('Remittance');

builder.node(RemittanceType, {
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('remittance') ? loaders.remittance.load(id) : null)),
  fields: (t) => ({
    state: t.expose('state', { type: RemittanceStateEnum }),
    status: t.exposeString('status', { nullable: true, description: "The provider's own word for the state." }),
    fault: t.expose('fault', {
      type: ProviderFaultType,
      nullable: true,
      description: 'Why the provider did not take it, or why nobody can say.',
    }),
    corridor: t.expose('corridor', { type: RemittanceCorridorEnum }),
    externalId: t.exposeString('externalId'),
    transferId: t.exposeString('transferId', { nullable: true, description: "The provider's own id." }),
    sendAmount: t.string({ nullable: true, resolve: ({ send }) => send?.amount }),
    sendCurrency: t.string({ nullable: true, resolve: ({ send }) => send?.currency }),
    receiveAmount: t.string({
      description: 'As the provider says it; until then, what was asked for.',
      resolve: ({ receive, receiveAmount }) => receive?.amount ?? String(receiveAmount),
    }),
    receiveCurrency: t.string({ resolve: ({ receive, receiveCurrency }) => receive?.currency ?? receiveCurrency }),
    virtualAccount: t.exposeString('virtualAccount', {
      nullable: true,
      description: 'Where the sender pays in, as one text: bank, number, holder.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime' }),
  }),
});

builder.queryField('remittance', (t) =>
  t.field({
    type: RemittanceType,
    nullable: true,
    authScopes: canRemit,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { loaders }) => loaders.remittance.load(localId('Remittance', id)),
  }),
);

const RemittanceResult = builder.errorUnion('RemittanceResult', {
  types: [RemittanceType, InvalidInput, ProviderRejected, ProviderUnavailable, IdempotencyConflict, Unauthorized],
  resolveType: () => 'Remittance',
});

builder.mutationField('sendRemittance', (t) =>
  t.field({
    type: RemittanceResult,
    authScopes: canRemit,
    description:
      'Once it is stored the answer is the Remittance, also when the same key is used again: its state and fault tell the\n' +
      'outcome (UNCONFIRMED, FAILED). It is never sent again by itself. The error members mean that nothing was stored and\n' +
      'nothing left.',
    args: { input: t.arg({ type: SendRemittanceInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) =>
      services.remittance.send(caller.tenant, {
        ...asked(input),
        idempotencyKey: input.idempotencyKey,
        externalId: input.externalId,
        quoteId: localId('RemittanceQuote', input.quoteId),
      }),
  }),
);

builder.mutationField('cancelRemittance', (t) =>
  t.field({
    type: RemittanceResult,
    authScopes: canRemit,
    description:
      'Asks the provider to take an OUTBOUND one back. Where it refuses, or where nobody can say, the answer is the error with\n' +
      '`subjectId`, and how it stands is read.',
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { services, caller }) =>
      services.remittance.cancel(caller.tenant, localId('Remittance', id)),
  }),
);

// ---------------------------------------------------------------- stream

const RemittanceChangedType = builder.objectRef<RemittanceChange & { cursor: string }>('RemittanceChanged').implement({
  fields: (t) => ({
    cursor: t.exposeString('cursor'),
    state: t.expose('state', { type: RemittanceStateEnum, description: 'What it became.' }),
    at: t.expose('at', { type: 'DateTime' }),
    remittance: t.expose('remittance', {
      type: RemittanceType,
      description: 'As it stands now, which may be further on than `state`.',
    }),
  }),
});

const RemittanceEvent = builder.unionType('RemittanceEvent', {
  types: [RemittanceChangedType, StreamCaughtUpType, StreamGapType, StreamEndedType],
  resolveType: memberOf('RemittanceChanged'),
});

builder.subscriptionField('remittanceChanged', (t) =>
  t.field({
    type: RemittanceEvent,
    authScopes: canRemit,
    description:
      'States. With `id`: from the creation of that remittance on, and completed by itself behind CANCELED, EXPIRED, REFUNDED\n' +
      'and FAILED, or at once where there is none; not behind COMPLETE, which can still become REFUNDED. Otherwise live, or\n' +
      'from `after` on, without end.',
    args: { id: t.arg.id(), after: t.arg.string() },
    subscribe: (_root, { id, after }, { services, caller, ending }) =>
      services.remittance.changes(caller.tenant.id, {
        id: id == null ? undefined : localId('Remittance', id),
        after: after ?? undefined,
        ending,
      }),
    resolve: (item) => (item.type === 'EVENT' ? { ...item.event, cursor: item.cursor } : item),
  }),
);
