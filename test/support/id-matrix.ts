/**
 * Every argument of the schema that is an ID, and for each a document that gives it, made from the schema itself: a field that is
 * added later is in it by itself. What the other arguments need is filled in with the least that their types take.
 */
import { randomUUID } from 'node:crypto';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
} from 'graphql';
import { jpeg } from './images.ts';

export interface IdArgument {
  readonly kind: 'query' | 'mutation' | 'subscription';
  readonly field: string;
  /** From the argument down: `input.challengeId`. */
  readonly path: readonly string[];
  readonly query: string;
  /** The variables with this value at the path. `others`: for every other ID that is required. */
  variables(id: string, others: string): Record<string, unknown>;
}

/** Of what a type alone does not say. */
const values: Readonly<Record<string, unknown>> = {
  code: '000000',
  receiveAmount: 5_000,
  receiveCurrency: 'PHP',
  externalId: 'matrix',
  documentType: 'passport',
  data: jpeg(500).toString('base64'),
};
const scalars: Readonly<Record<string, unknown>> = {
  String: 'matrix',
  Int: 1,
  Float: 1,
  Boolean: false,
  PhoneNumber: '+821011112222',
  CallbackNumber: '15880000',
  DateTime: '2030-01-01T00:00:00Z',
  Base64: 'AAAA',
  WebAuthnJSON: {},
};

export function idArgumentsOf(schema: GraphQLSchema): IdArgument[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, type]) =>
    Object.values(type?.getFields() ?? {}).flatMap((field) =>
      field.args.flatMap((argument) =>
        pathsToIds(argument.type).map((below) => idArgument(kind, field, [argument.name, ...below])),
      ),
    ),
  );
}

/** Each mutation with what it requires, whether it has an ID or not. */
export function mutationsOf(schema: GraphQLSchema): IdArgument[] {
  return Object.values(schema.getMutationType()?.getFields() ?? {}).map((field) => idArgument('mutation', field, []));
}

function idArgument(kind: IdArgument['kind'], field: GraphQLField<unknown, unknown>, path: string[]): IdArgument {
  const given = field.args.filter((argument) => isRequiredArgument(argument) || argument.name === path[0]);
  const declared = given.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = given.map(({ name }) => `${name}: $${name}`).join(', ');
  return {
    kind,
    field: field.name,
    path,
    query: `${kind} (${declared}) { ${field.name}(${passed}) ${selectionOf(field.type, 2)} }`,
    variables: (id, others) =>
      Object.fromEntries(given.map((argument) => [argument.name, filled(argument, [argument.name], path, id, others)])),
  };
}

function pathsToIds(type: GraphQLInputType, seen: readonly string[] = []): string[][] {
  const named = getNamedType(type);
  if (named.name === 'ID') return [[]];
  if (!isInputObjectType(named) || seen.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    pathsToIds(field.type, [...seen, named.name]).map((below) => [field.name, ...below]),
  );
}

function filled(
  { name, type }: GraphQLArgument | GraphQLInputField,
  at: readonly string[],
  path: readonly string[],
  id: string,
  others: string,
): unknown {
  const inner = isNonNullType(type) ? type.ofType : type;
  const one = single();
  return isListType(inner) ? [one] : one;

  function single(): unknown {
    const named = getNamedType(type);
    // One of its own each time: the same key with another id would be a conflict, and the same device would change hands.
    if (name === 'idempotencyKey' || name === 'fcmToken') return randomUUID();
    if (named.name === 'ID') return at.join('.') === path.join('.') ? id : others;
    if (isInputObjectType(named)) {
      const fields = Object.values(named.getFields()).filter(
        (field) => isRequiredInputField(field) || [...at, field.name].every((part, index) => path[index] === part),
      );
      return Object.fromEntries(
        fields.map((field) => [field.name, filled(field, [...at, field.name], path, id, others)]),
      );
    }
    return values[name] ?? (isEnumType(named) ? named.getValues()[0]?.name : scalars[named.name]);
  }
}

/** Every leaf down to a depth, of whichever member it is. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (isObjectType(named)) return `{ ${fieldsOf(named, depth)} }`;
  if (!isUnionType(named)) return '{ __typename id }';
  const members = named.getTypes();
  // Two members may type a field of the same name differently: then it goes by another name.
  const clashes = (name: string): boolean =>
    new Set(members.flatMap((member) => member.getFields()[name]?.type.toString() ?? [])).size > 1;
  const parts = members.map((member) => `... on ${member.name} { ${fieldsOf(member, depth, clashes)} }`);
  return `{ __typename ${parts.join(' ')} }`;
}

function fieldsOf(type: GraphQLObjectType, depth: number, clashes: (name: string) => boolean = () => false): string {
  const fields = Object.values(type.getFields())
    .filter(({ args }) => args.every((argument) => !isRequiredArgument(argument)))
    .filter((field) => isLeafType(getNamedType(field.type)) || depth > 1)
    .map((field) => {
      const alias = clashes(field.name) ? `${type.name}_${field.name}: ` : '';
      return `${alias}${field.name} ${selectionOf(field.type, depth - 1)}`;
    });
  return `__typename ${fields.join(' ')}`;
}
