/**
 * What one document may cost, judged from its text and the schema before anything is validated or executed: a pass over
 * each operation and fragment, with fragments remembered, so that judging costs no more than the text is long.
 * Whether the document is valid is not asked here; what the schema does not know has no cost of its own.
 */
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { costlyKindOf } from './costly-mutations.ts';
import { DOCUMENT_LIMITS as LIMITS } from './limits.ts';

/** A refusal says what there is too much of, and not how much would be allowed. */
export function limitError(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'LIMIT', http: { status: 400, spec: false } } });
}

export interface DocumentShape {
  /** Asks for `__schema` or `__type`. */
  readonly introspects: boolean;
  /** Variables that stand for `first` or `last`. */
  readonly pageVariables: ReadonlySet<string>;
}

/** What is below a place: a selection set, or all that a fragment adds where it is spread. */
interface Cost {
  readonly depth: number;
  readonly nesting: number;
  readonly fields: number;
  readonly values: number;
  readonly aliases: number;
  readonly directives: number;
  readonly introspectionDepth: number;
  readonly introspectionFields: number;
  readonly introspects: boolean;
  /** The fields that stand right here, also through fragments. */
  readonly names: readonly string[];
}

const nothing: Cost = {
  depth: 0,
  nesting: 0,
  fields: 0,
  values: 0,
  aliases: 0,
  directives: 0,
  introspectionDepth: 0,
  introspectionFields: 0,
  introspects: false,
  names: [],
};

/** A list that has no page and is no input's: providers, attempts, REPORTs of a message. */
const itemsOfList = 5;
const pageArguments: readonly string[] = ['first', 'last'];
/** More names than any limit allows: one too many is as good as all. */
const maxNames = LIMITS.rootFields + 1;

/** @throws GraphQLError with the code LIMIT. */
export function measureDocument(schema: GraphQLSchema, document: DocumentNode): DocumentShape {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);

  const measured = new Map<string, Cost | 'UNDER_WAY'>();
  const pageVariables = new Set<string>();
  let introspects = false;

  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      const cost = ofFragment(definition.name.value);
      checkCost(definition.typeCondition.name.value.startsWith('__') ? belowIntrospection(cost) : cost);
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      const root = schema.getRootType(definition.operation) ?? undefined;
      const cost = ofSelections(definition.selectionSet, root);
      let directives = cost.directives + countDirectives(definition.directives);
      for (const variable of definition.variableDefinitions ?? []) {
        directives += countDirectives(variable.directives);
        if (variable.defaultValue !== undefined) checkLiteral(variable.defaultValue, 1);
      }
      checkCost({ ...cost, directives });
      checkRoot(cost.names, definition.operation === 'mutation');
      introspects ||= cost.introspects;
    }
  }
  return { introspects, pageVariables };

  function ofFragment(name: string): Cost {
    const known = measured.get(name);
    if (known === 'UNDER_WAY') throw limitError('A fragment leads back to itself.');
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    // Validation says that there is none.
    if (fragment === undefined) return nothing;
    measured.set(name, 'UNDER_WAY');
    const type = schema.getType(fragment.typeCondition.name.value);
    const cost = ofSelections(fragment.selectionSet, type);
    const whole = { ...cost, directives: cost.directives + countDirectives(fragment.directives) };
    measured.set(name, whole);
    return whole;
  }

  function ofSelections(set: SelectionSetNode, type: GraphQLNamedType | undefined): Cost {
    let sum: Cost = nothing;
    for (const selection of set.selections) {
      sum = added(sum, ofSelection(selection, type));
    }
    return { ...sum, nesting: sum.nesting + 1 };
  }

  function ofSelection(selection: SelectionSetNode['selections'][number], type: GraphQLNamedType | undefined): Cost {
    const directives = countDirectives(selection.directives);
    switch (selection.kind) {
      case Kind.FIELD:
        return ofField(selection, type, directives);
      case Kind.INLINE_FRAGMENT: {
        const condition = selection.typeCondition?.name.value;
        const inner = ofSelections(selection.selectionSet, condition === undefined ? type : schema.getType(condition));
        return { ...inner, directives: inner.directives + directives };
      }
      case Kind.FRAGMENT_SPREAD: {
        const inner = ofFragment(selection.name.value);
        return { ...inner, directives: inner.directives + directives };
      }
    }
  }

  function ofField(node: FieldNode, parent: GraphQLNamedType | undefined, directives: number): Cost {
    const name = node.name.value;
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
    const items = itemsOf(node, field);
    const type = field === undefined ? introspectionType(schema, name) : getNamedType(field.type);
    const inner = node.selectionSet === undefined ? nothing : ofSelections(node.selectionSet, type);
    const aliases = inner.aliases + (node.alias === undefined ? 0 : 1);
    const own = { ...inner, aliases, directives: inner.directives + directives, names: [name] };
    if (name === '__schema' || name === '__type') return { ...belowIntrospection(own), introspects: true };
    return { ...own, depth: inner.depth + 1, fields: inner.fields + 1, values: inner.values * items + 1 };
  }

  /** How many objects stand below it, at most; a connection's `edges` are counted where `first` stands. */
  function itemsOf(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined): number {
    let page = 0;
    for (const { name, value } of node.arguments ?? []) {
      checkLiteral(value, 1);
      if (!pageArguments.includes(name.value)) continue;
      if (value.kind === Kind.VARIABLE) pageVariables.add(value.name.value);
      if (value.kind === Kind.INT && Number(value.value) > LIMITS.pageSize) throw tooLongPage();
      page = value.kind === Kind.INT ? Number(value.value) : LIMITS.pageSize;
    }
    if (field === undefined) return 1;
    if (field.args.some(({ name }) => pageArguments.includes(name))) return page > 0 ? page : LIMITS.pageSize;
    return isListType(getNullableType(field.type)) && node.name.value !== 'edges' ? itemsOfList : 1;
  }
}

/** What a caller learns of the schema has limits of its own, and takes nothing from those of data. */
function belowIntrospection(cost: Cost): Cost {
  return {
    ...cost,
    depth: 1,
    fields: 1,
    values: 1,
    introspectionDepth: Math.max(cost.depth, cost.introspectionDepth) + 1,
    introspectionFields: cost.fields + cost.introspectionFields,
  };
}

export const tooLongPage = (): GraphQLError => limitError('The document asks for too long a page.');

/** `__schema` and `__type` lead into types that are the same in every schema; the rest has no sub-fields, or is unknown. */
function introspectionType(schema: GraphQLSchema, name: string): GraphQLNamedType | undefined {
  const typeName = name === '__schema' ? '__Schema' : name === '__type' ? '__Type' : undefined;
  const type = typeName === undefined ? undefined : schema.getType(typeName);
  return isCompositeType(type) ? type : undefined;
}

function added(one: Cost, other: Cost): Cost {
  return {
    depth: Math.max(one.depth, other.depth),
    nesting: Math.max(one.nesting, other.nesting),
    fields: one.fields + other.fields,
    values: one.values + other.values,
    aliases: one.aliases + other.aliases,
    directives: one.directives + other.directives,
    introspectionDepth: Math.max(one.introspectionDepth, other.introspectionDepth),
    introspectionFields: one.introspectionFields + other.introspectionFields,
    introspects: one.introspects || other.introspects,
    names: one.names.length >= maxNames ? one.names : [...one.names, ...other.names].slice(0, maxNames),
  };
}

function checkCost(cost: Cost): void {
  if (cost.depth > LIMITS.depth || cost.nesting > LIMITS.nesting || cost.introspectionDepth > LIMITS.introspectionDepth)
    throw limitError('The document is nested too deeply.');
  if (cost.fields > LIMITS.fields || cost.introspectionFields > LIMITS.introspectionFields)
    throw limitError('The document asks for too many fields.');
  if (cost.aliases > LIMITS.aliases) throw limitError('The document has too many aliases.');
  if (cost.directives > LIMITS.directives) throw limitError('The document has too many directives.');
  if (cost.values > LIMITS.values) throw limitError('The document asks for too many values.');
}

function checkRoot(names: readonly string[], isMutation: boolean): void {
  if (names.length > LIMITS.rootFields) throw limitError('The document asks for too much at its root.');
  if (!isMutation) return;
  const kinds = names.flatMap((name) => costlyKindOf(name) ?? []);
  if (new Set(kinds).size < kinds.length) throw limitError('The document has a costly mutation more than once.');
}

/** What is written where a value goes; the parser has bound how deep it can be. */
function checkLiteral(value: ValueNode, depth: number): void {
  const parts =
    value.kind === Kind.LIST
      ? value.values
      : value.kind === Kind.OBJECT
        ? value.fields.map((field) => field.value)
        : undefined;
  if (parts === undefined) return;
  if (depth > LIMITS.literalDepth) throw limitError('A value of the document is nested too deeply.');
  if (value.kind === Kind.LIST && parts.length > LIMITS.literalItems)
    throw limitError('A list of the document is too long: give it as a variable.');
  for (const part of parts) checkLiteral(part, depth + 1);
}

const countDirectives = (directives: readonly DirectiveNode[] | undefined): number => directives?.length ?? 0;
