/**
 * From a document's text to one that may be executed: parsed within bounds, measured, validated without suggestions, and
 * remembered by its bytes once it passed all of it. Who asks does not matter here, but for introspection.
 */
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  type ParseOptions,
  Source,
  syntaxError,
  type ValidationRule,
  validate,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import type { Caller } from '../core/tenant.ts';
import { type DocumentShape, limitError, measureDocument, tooLongPage } from './document-limits.ts';
import { CACHE_LIMITS, DOCUMENT_LIMITS } from './limits.ts';
import { refuseVariables } from './variable-limits.ts';

/** Who may ask what the schema is. */
export type Introspection = 'EVERY_CALLER' | 'OPERATORS';

/** By measurement: what the parser keeps of a token, on the heap. */
const bytesPerToken = 320;

type Parser = (source: string | Source, options?: ParseOptions) => DocumentNode;
type Errors = readonly GraphQLError[];

export function createDocuments(options: { introspection: Introspection; cacheBytes?: number }): Plugin {
  const { introspection, cacheBytes = CACHE_LIMITS.bytes } = options;
  const passed = new LRUCache<string, DocumentNode>({ maxSize: cacheBytes, sizeCalculation: sizeOf });
  /** Of what was validated: with its document it is forgotten. */
  const shapes = new WeakMap<DocumentNode, DocumentShape>();

  function parse(source: string | Source, given: ParseOptions | undefined, parser: Parser): DocumentNode {
    const text = typeof source === 'string' ? source : source.body;
    const known = passed.get(text);
    if (known !== undefined) return known;
    try {
      return parser(source, { ...given, maxTokens: DOCUMENT_LIMITS.tokens });
    } catch (error) {
      // The parser descends with the document, and one that opens without closing may end the stack before the ceiling.
      if (error instanceof RangeError)
        throw syntaxError(typeof source === 'string' ? new Source(source) : source, 0, 'The document is too deep.');
      throw withoutCeiling(error);
    }
  }

  function judge(schema: GraphQLSchema, document: DocumentNode, rules: readonly ValidationRule[] | undefined): Errors {
    try {
      const shape = measureDocument(schema, document);
      const errors = validate(schema, document, rules, { maxErrors: DOCUMENT_LIMITS.errors, hideSuggestions: true });
      if (errors.length > 0) return errors;
      shapes.set(document, shape);
      const text = document.loc?.source.body ?? '';
      if (text.length <= CACHE_LIMITS.documentCharacters) passed.set(text, document);
      return [];
    } catch (error) {
      if (error instanceof GraphQLError) return [error];
      throw error;
    }
  }

  function mayIntrospect({ caller }: { caller?: Caller }): boolean {
    return introspection === 'EVERY_CALLER' || caller?.scopes.has('operator') === true;
  }

  /** What is only known once there are values. */
  function refusalOf(document: DocumentNode, variables: unknown): GraphQLError | undefined {
    const refusal = refuseVariables(variables);
    if (refusal !== undefined) return limitError(refusal);
    for (const name of shapes.get(document)?.pageVariables ?? []) {
      const value: unknown = (variables as Record<string, unknown> | null | undefined)?.[name];
      if (typeof value === 'number' && value > DOCUMENT_LIMITS.pageSize) return tooLongPage();
    }
    return undefined;
  }

  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source, given) => parse(source, given, parseFn));
    },
    onValidate({ context, setValidationFn }) {
      setValidationFn((schema, document, rules) => {
        const errors = shapes.has(document) ? [] : judge(schema, document, rules);
        if (errors.length > 0 || !shapes.get(document)?.introspects || mayIntrospect(context as { caller?: Caller }))
          return errors;
        const extensions = { code: 'INTROSPECTION_DISABLED', http: { status: 400, spec: false } };
        return [new GraphQLError('Introspection is for operators.', { extensions })];
      });
    },
    onExecute({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args.document, args.variableValues);
      if (refusal !== undefined) setResultAndStopExecution({ errors: [refusal] });
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refusal = refusalOf(args.document, args.variableValues);
      if (refusal !== undefined) setResultAndStopExecution({ errors: [refusal] });
    },
  };
}

/** What it takes on the heap, with its text, which is also its name. */
function sizeOf(document: DocumentNode, text: string): number {
  return 2 * text.length + bytesPerToken * (document.tokenCount ?? text.length);
}

/** The parser says how many tokens there may be. */
function withoutCeiling(error: unknown): unknown {
  if (!(error instanceof GraphQLError && error.message.includes('tokens. Parsing aborted'))) return error;
  const { source, positions } = error;
  return new GraphQLError('Syntax Error: The document is too long.', {
    source: source ?? null,
    positions: positions ?? null,
  });
}
