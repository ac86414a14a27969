/** Query.node. What is no ID of ours, or of another tenant, is null: both look the same. */
import { builder } from './builder.ts';
import { decodeGlobalId } from './global-id.ts';
import { MessageType, NgsReportType } from './message-types.ts';

const nodeTypes = { Message: MessageType, NgsReport: NgsReportType } as const;

builder.queryField('node', (t) =>
  t.node({
    args: { id: t.arg.id({ required: true }) },
    id: (_root, args) => {
      const { typename, id } = decodeGlobalId(args.id);
      const type = Object.hasOwn(nodeTypes, typename) ? nodeTypes[typename as keyof typeof nodeTypes] : undefined;
      return type === undefined ? null : { type, id };
    },
  }),
);
