/**
 * Documents that the operator has read, known by the SHA-256 of their text: a caller names one instead of sending it, as
 * Apollo's persisted queries do (`extensions.persistedQuery.sha256Hash`) or by `documentId`. Where only those are
 * executed, another text is refused on every transport. They are held to the same limits as any other.
 */
import { createHash } from 'node:crypto';
import { GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { measureDocument } from './document-limits.ts';

export interface TrustedDocument {
  /** What an operator knows it by: its file, or its place in the manifest. */
  readonly name: string;
  /** SHA-256 of the text, in lower-case hex. */
  readonly id: string;
  readonly text: string;
}

/** What every transport has of an operation before it is parsed. */
export interface OperationParams {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

export interface TrustedDocuments {
  /** The text to run. Undefined where none was named or given. @throws GraphQLError */
  textOf(params: OperationParams): unknown;
}

/** One of them could never run: it is not valid, or over a limit. */
export class TrustedDocumentUnusable extends Error {
  constructor(name: string, why: string) {
    super(`${name} cannot be executed: ${why}`);
    this.name = 'TrustedDocumentUnusable';
  }
}

/** @throws TrustedDocumentUnusable */
export function createTrustedDocuments(options: {
  schema: GraphQLSchema;
  documents: readonly TrustedDocument[];
  /** Nothing else is executed. */
  only: boolean;
}): TrustedDocuments {
  const { schema, documents, only } = options;
  for (const { name, text } of documents) {
    const why = faultOf(schema, text);
    if (why !== undefined) throw new TrustedDocumentUnusable(name, why);
  }
  const texts = new Map(documents.map(({ id, text }) => [id, text]));

  return {
    textOf(params) {
      const { query } = params;
      const id = idOf(params);
      const given = typeof query === 'string' && query !== '';
      if (id !== undefined) {
        const text = texts.get(id);
        if (text === undefined && (only || !given))
          throw refusal('PersistedQueryNotFound', 'PERSISTED_QUERY_NOT_FOUND');
        // A name beside another text would be read by one and run by the other.
        if (given && hashOf(query) !== id)
          throw refusal('The document is not the one that its hash names.', 'BAD_REQUEST');
        return text ?? query;
      }
      if (only && given && !texts.has(hashOf(query)))
        throw refusal('Only documents that the operator has listed are executed.', 'TRUSTED_DOCUMENTS_ONLY');
      return query;
    },
  };
}

function idOf({ documentId, extensions }: OperationParams): string | undefined {
  const { persistedQuery } = (isObject(extensions) ? extensions : {}) as { persistedQuery?: unknown };
  const named = isObject(persistedQuery) ? (persistedQuery as { sha256Hash?: unknown }).sha256Hash : undefined;
  const [id] = [documentId, named].filter((each) => each !== undefined && each !== null);
  if (id === undefined) return undefined;
  // Of another form it is as unknown as one of its own form that nobody listed.
  return typeof id === 'string' ? id.replace(/^sha256:/, '') : '';
}

function faultOf(schema: GraphQLSchema, text: string): string | undefined {
  try {
    const document = parse(text);
    measureDocument(schema, document);
    return validate(schema, document)[0]?.message;
  } catch (error) {
    if (error instanceof GraphQLError) return error.message;
    throw error;
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

const refusal = (message: string, code: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code, http: { status: 400, spec: false } } });
