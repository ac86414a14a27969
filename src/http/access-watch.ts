/**
 * Tells the access record what is read of whom: one entry an operation, by its root fields and what they are asked by. Values that
 * name a person go as keyed hashes, the same that listings are searched by; texts of the caller's own do, too.
 */
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getArgumentValues,
  getOperationAST,
  getOperationRootType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { AccessRecord } from '../core/access/record.ts';
import { parseRecipient } from '../core/messaging/recipient.ts';
import type { Store } from '../core/store.ts';
import type { CallerContext } from '../graphql/context.ts';

/** They tell of nobody. A field that is new here is taken for one that does. */
const impersonal = new Set(['providers', 'providerStatus', 'previewMessage', 'commerceSeller']);

/** Mutations that show what was there before them; the others show what their caller has just given. */
const readingMutations = new Set([
  'cancelMessage',
  'cancelRemittance',
  'replayWebhook',
  'respondToPushApproval',
  'verifyRemittanceUser',
  'uploadRemittanceDocument',
]);

/** Ids, places and kinds, which name no person. */
const plainArguments = new Set([
  ...['id', 'ids', 'account', 'after', 'before', 'first', 'last', 'states', 'kinds', 'carriers', 'delivered'],
  ...['provider', 'unmatched', 'orphans', 'since', 'serials', 'productOrderIds'],
]);

const maxTextLength = 200;
const maxListed = 100;

type KeyedHash = Store['keyedHash'];

interface Execution {
  readonly args: {
    readonly schema: GraphQLSchema;
    readonly document: DocumentNode;
    readonly operationName?: string | null | undefined;
    readonly variableValues?: Readonly<Record<string, unknown>> | null | undefined;
    readonly contextValue: unknown;
  };
}

export function createAccessWatch(note: AccessRecord['note'], keyedHash: KeyedHash): Plugin<CallerContext> {
  function look({ args: { schema, document, operationName, variableValues, contextValue } }: Execution): void {
    const operation = getOperationAST(document, operationName);
    if (operation == null) return;
    const { operation: kind } = operation;
    const root = getOperationRootType(schema, operation).getFields();
    const fields = rootFields(operation.selectionSet, document).flatMap((field) => {
      const { value: name } = field.name;
      const definition = root[name];
      const isRead = kind === 'mutation' ? readingMutations.has(name) : !impersonal.has(name);
      // What begins with two underscores asks about the schema.
      if (definition === undefined || !isRead) return [];
      return [{ name, asked: described(argumentsOf(definition, field, variableValues), keyedHash) }];
    });
    if (fields.length === 0) return;
    const { caller, requestId, address } = contextValue as CallerContext;
    note({ tenant: caller.tenant.id, keyId: caller.keyId, requestId, address, operation: kind, fields });
  }
  return { onExecute: look, onSubscribe: look };
}

/** Also those that stand in fragments. */
function rootFields({ selections }: SelectionSetNode, document: DocumentNode): readonly FieldNode[] {
  return selections.flatMap((selection): readonly FieldNode[] => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(selection.selectionSet, document);
    const named = document.definitions.find(
      (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
    );
    return named?.kind === Kind.FRAGMENT_DEFINITION ? rootFields(named.selectionSet, document) : [];
  });
}

function argumentsOf(
  definition: Parameters<typeof getArgumentValues>[0],
  field: FieldNode,
  variables: Execution['args']['variableValues'],
): Record<string, unknown> {
  try {
    return getArgumentValues(definition, field, variables);
  } catch {
    // The operation fails by it as well, and reads nothing.
    return {};
  }
}

function described(given: Readonly<Record<string, unknown>>, keyedHash: KeyedHash): Record<string, unknown> {
  const entries = Object.entries(given).filter(([, value]) => value != null);
  return Object.fromEntries(entries.map(([name, value]) => [name, shownOf(name, value, keyedHash)]));
}

function shownOf(name: string, value: unknown, keyedHash: KeyedHash): unknown {
  if (Array.isArray(value)) return value.slice(0, maxListed).map((each) => shownOf(name, each, keyedHash));
  if (typeof value === 'object' && value !== null) return described(value as Record<string, unknown>, keyedHash);
  if (typeof value !== 'string') return value;
  if (plainArguments.has(name)) return value.slice(0, maxTextLength);
  return `#${keyedHash(name === 'to' ? (parseRecipient(value) ?? value) : value)}`;
}
