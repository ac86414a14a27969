/** Reading messages and reports: one, a page, a stream. Resolvers only hand over; core decides. */
import type { MessageChange } from '../core/messaging/read.ts';
import { orphanOwner } from '../core/messaging/report.ts';
import type { Caller } from '../core/tenant.ts';
import { builder } from './builder.ts';
import { localId } from './global-id.ts';
import { CarrierEnum, MessageKindEnum, MessageStateEnum } from './message-enums.ts';
import { MessageType, NgsReportType } from './message-types.ts';
import { memberOf, StreamCaughtUpType, StreamEndedType, StreamGapType, unwrap } from './streams.ts';

const canRead = { scope: 'messages:read' } as const;

interface ReportChoice {
  readonly orphans?: boolean | null | undefined;
}

/** Orphans are no tenant's messages, so messages:read neither opens them nor is asked for. */
const canReadReports = (_root: unknown, { orphans }: ReportChoice) =>
  orphans === true ? ({ scope: 'operator' } as const) : canRead;

const ownerOf = ({ orphans }: ReportChoice, { tenant }: Caller): string => (orphans === true ? orphanOwner : tenant.id);

const aboutOrphans =
  'With `orphans`, which asks for the scope operator: the REPORTs whose SERIAL is of no message, where several tenants use the account. Where one alone does, they are among its own.';

// ---------------------------------------------------------------- reading

const MessageFilter = builder.inputType('MessageFilter', {
  fields: (t) => ({
    states: t.field({ type: [MessageStateEnum] }),
    kinds: t.field({ type: [MessageKindEnum] }),
    to: t.field({ type: 'PhoneNumber' }),
    clientRef: t.string(),
    since: t.field({ type: 'DateTime' }),
  }),
});

const NgsReportFilter = builder.inputType('NgsReportFilter', {
  fields: (t) => ({
    serials: t.stringList(),
    delivered: t.boolean(),
    carriers: t.field({ type: [CarrierEnum] }),
    clientRef: t.string(),
  }),
});

builder.queryField('message', (t) =>
  t.field({
    type: MessageType,
    nullable: true,
    authScopes: canRead,
    args: { id: t.arg.id({ required: true }) },
    resolve: (_root, { id }, { loaders }) => loaders.message.load(localId('Message', id)),
  }),
);

builder.queryField('messages', (t) =>
  t.connection(
    {
      type: MessageType,
      authScopes: canRead,
      description:
        "Oldest first. An edge's cursor is the position of its QUEUED event, so messageChanged takes it too.",
      args: { filter: t.arg({ type: MessageFilter }) },
      resolve: (_root, { filter, ...page }, { services, caller }) =>
        services.reader.messagePage(caller.tenant.id, page, filter ?? {}),
    },
    { name: 'MessageConnection' },
    { name: 'MessageEdge' },
  ),
);

const NgsReportEdge = builder.edgeObject({ name: 'NgsReportEdge', type: NgsReportType });
const NgsReportConnection = builder.connectionObject(
  {
    name: 'NgsReportConnection',
    type: NgsReportType,
    description: 'Edge cursors are the ones that ngsReport(after:) takes.',
  },
  NgsReportEdge,
);

builder.queryField('ngsReports', (t) =>
  t.field({
    type: NgsReportConnection,
    authScopes: canReadReports,
    description: `Oldest first. ${aboutOrphans}`,
    args: {
      first: t.arg.int(),
      after: t.arg.string(),
      filter: t.arg({ type: NgsReportFilter }),
      orphans: t.arg.boolean({ defaultValue: false }),
    },
    resolve: (_root, { filter, orphans, ...page }, { services, caller }) =>
      services.reader.reportPage(ownerOf({ orphans }, caller), page, filter ?? {}),
  }),
);

// ---------------------------------------------------------------- streams

const NgsReportEvent = builder.unionType('NgsReportEvent', {
  types: [NgsReportType, StreamCaughtUpType, StreamGapType, StreamEndedType],
  resolveType: memberOf('NgsReport'),
});

builder.subscriptionField('ngsReport', (t) =>
  t.field({
    type: NgsReportEvent,
    authScopes: canReadReports,
    description: `NGS REPORT packets. Without \`after\`: live only; with a cursor: replayed from there, then live. ${aboutOrphans}`,
    args: {
      after: t.arg.string(),
      filter: t.arg({ type: NgsReportFilter }),
      orphans: t.arg.boolean({ defaultValue: false }),
    },
    subscribe: (_root, { after, filter, orphans }, { services, caller, ending }) =>
      services.reader.reportStream(ownerOf({ orphans }, caller), {
        after: after ?? undefined,
        ending,
        filter: filter ?? {},
      }),
    resolve: unwrap,
  }),
);

const MessageChangedType = builder.objectRef<MessageChange & { cursor: string }>('MessageChanged').implement({
  fields: (t) => ({
    cursor: t.exposeString('cursor'),
    state: t.expose('state', { type: MessageStateEnum }),
    changed: t.field({ type: MessageType, resolve: ({ message }) => message }),
    at: t.expose('at', { type: 'DateTime' }),
  }),
});

const MessageEvent = builder.unionType('MessageEvent', {
  types: [MessageChangedType, StreamCaughtUpType, StreamGapType, StreamEndedType],
  resolveType: memberOf('MessageChanged'),
});

builder.subscriptionField('messageChanged', (t) =>
  t.field({
    type: MessageEvent,
    authScopes: canRead,
    description: 'State changes of messages of every provider.',
    args: {
      id: t.arg.id(),
      after: t.arg.string(),
      filter: t.arg({ type: MessageFilter }),
    },
    subscribe: (_root, { id, after, filter }, { services, caller, ending }) =>
      services.reader.messageChanges(caller.tenant.id, {
        after: after ?? undefined,
        ending,
        id: id == null ? undefined : localId('Message', id),
        filter: filter ?? {},
      }),
    resolve: (item) => (item.type === 'EVENT' ? { ...item.event, cursor: item.cursor } : item),
  }),
);
