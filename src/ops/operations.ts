/** GraphQL operations as an operator sees them, on every transport: kind, outcome, time; never the document or what it asks for. */
import { type DocumentNode, getOperationAST, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { CallerContext } from '../graphql/context.ts';
import type { Metrics } from './metrics.ts';
import type { Spans } from './spans.ts';

/** Of one document; what is more is not named. */
const maxNamedFields = 5;

export function createOperationWatch({ metrics, spans }: { metrics: Metrics; spans: Spans }): Plugin<CallerContext> {
  const refused = (): void => metrics.operations.inc({ kind: 'unknown', transport: 'any', outcome: 'REFUSED' });

  return {
    onParse:
      () =>
      ({ result }) => {
        if (result instanceof Error) refused();
      },
    onValidate:
      () =>
      ({ result }) => {
        if (result.length > 0) refused();
      },
    onExecute({ args, executeFn, setExecuteFn }) {
      const { tenant, transport } = callerOf(args.contextValue);
      const { kind, fields } = whatIsAsked(args.document, args.operationName);
      const stop = metrics.operationSeconds.startTimer({ kind });
      const facts = {
        'gwanmun.tenant': tenant,
        'gwanmun.transport': transport,
        'graphql.operation.type': kind,
        'gwanmun.fields': fields,
      };
      setExecuteFn((given) =>
        spans.run(
          { name: `graphql ${kind}`, kind: 'SERVER', facts, isRoot: true },
          async () => executeFn(given),
          (ended) => ({ 'gwanmun.outcome': 'error' in ended ? 'ERROR' : outcomeOf(ended.value) }),
        ),
      );
      return {
        onExecuteDone({ result }) {
          stop();
          metrics.operations.inc({ kind, transport, outcome: outcomeOf(result) });
        },
      };
    },
    onSubscribe({ args }) {
      const { transport } = callerOf(args.contextValue);
      return {
        // The stream itself is left alone: what stands between it and its reader must not keep it from being released.
        onSubscribeResult({ result }) {
          metrics.operations.inc({ kind: 'subscription', transport, outcome: outcomeOf(result) });
        },
      };
    },
  };
}

function callerOf(context: Partial<CallerContext>): { tenant: string; transport: string } {
  return { tenant: context.caller?.tenant.id ?? 'none', transport: context.transport ?? 'HTTP' };
}

/** It was validated, so every field is one of the schema. */
function whatIsAsked(document: DocumentNode, operationName: string | null | undefined) {
  const operation = getOperationAST(document, operationName);
  const selections = operation?.selectionSet.selections ?? [];
  const names = new Set(selections.flatMap((each) => (each.kind === Kind.FIELD ? each.name.value : [])));
  return { kind: operation?.operation ?? 'unknown', fields: [...names].slice(0, maxNamedFields).join(' ') };
}

const outcomeOf = (result: unknown): 'OK' | 'ERROR' =>
  typeof result === 'object' && result !== null && 'errors' in result && result.errors !== undefined ? 'ERROR' : 'OK';
