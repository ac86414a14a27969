/**
 * The one pipeline that every operation passes, whichever transport brought it: parse, validate, context, execute, mask.
 * HTTP and SSE use yoga's request handling around it, WebSocket only the pipeline.
 */
import { GraphQLError, type GraphQLErrorOptions, type GraphQLSchema, Source, syntaxError } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { GatewayError, InvalidInput, ProviderUnavailable, storeUnavailable, Unauthorized } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { StoreUnavailable } from '../core/store.ts';
import { type CallerContext, type Context, createLoaders, type Services } from '../graphql/context.ts';
import { nameRequest } from './request-id.ts';

export const graphqlPath = '/graphql';
/** The largest image there is, FriendTalk's wide one of 2 MB, takes 2.7 MB in Base64. */
const maxRequestBodyBytes = 4 * 1_048_576;
/** Images come in variables; what is parsed, and kept parsed, is a document that somebody wrote. */
const maxDocumentLength = 128 * 1024;
/**
 * Seven times GraphiQL's introspection, which is larger than any document of schema/operations, and a tenth of what those
 * 128 KB hold. What parses is also never nested so deeply that validation or execution run out of stack.
 */
const maxTokens = 2_000;

export type Pipeline = YogaServerInstance<CallerContext, Omit<Context, keyof CallerContext>>;

export function createPipeline(options: {
  schema: GraphQLSchema;
  services: Services;
  log: Log;
  /** What else looks on, and changes nothing. */
  plugins?: readonly Plugin<CallerContext>[];
}): Pipeline {
  const { schema, services, log } = options;
  return createYoga<CallerContext, Omit<Context, keyof CallerContext>>({
    schema,
    graphqlEndpoint: graphqlPath,
    context: ({ caller }) => ({ services, loaders: createLoaders(services, caller.tenant.id) }),
    maskedErrors: { maskError: (error) => maskError(error, log) },
    maxRequestBodySize: maxRequestBodyBytes,
    batching: false,
    multipart: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    // Requests are not logged here: a query stands in the URL of a GET, and what it says is the caller's own.
    logging: false,
    plugins: [
      ...(options.plugins ?? []),
      { onResultProcess: nameRequest },
      {
        onParams: refuseLargeDocument,
        onParse: boundParsing,
        onResultProcess: refuseUnreadableStream,
        // Yoga says no-cache of a stream, and with that a cache may still keep it.
        onResponse: ({ response }) => response.headers.set('cache-control', 'no-store'),
      },
    ],
  });
}

/** What is no text at all is refused by yoga. */
function refuseLargeDocument({ params: { query } }: { params: { query?: unknown } }): void {
  if (typeof query !== 'string' || query.length <= maxDocumentLength) return;
  const extensions = { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } };
  throw new GraphQLError('The document is too large.', { extensions });
}

type ParseStart = Parameters<NonNullable<Plugin['onParse']>>[0];

/** Wraps the parser itself, so that what the pipeline remembers of a document is what this says of it. */
function boundParsing({ parseFn, setParseFn }: ParseStart): void {
  setParseFn((source, options) => {
    try {
      return parseFn(source, { ...options, maxTokens });
    } catch (error) {
      // The parser descends with the document, and one that opens without closing may end the stack before the ceiling.
      if (!(error instanceof RangeError)) throw error;
      throw syntaxError(typeof source === 'string' ? new Source(source) : source, 0, 'The document is too deep.');
    }
  });
}

type ResultProcess = Parameters<NonNullable<Plugin['onResultProcess']>>[0];

/** A stream that the client cannot read as it asks for it: yoga answers 406 and leaves the source open for ever. */
function refuseUnreadableStream({ result, resultProcessor, setResultProcessor }: ResultProcess): void {
  if (resultProcessor !== undefined || !(Symbol.asyncIterator in result)) return;
  void result[Symbol.asyncIterator]().return?.();
  const message = 'A subscription is answered as text/event-stream, or over WebSocket.';
  const errors = [{ message, extensions: { code: 'NOT_ACCEPTABLE' } }];
  setResultProcessor((_result, { Response }) => Response.json({ errors }, { status: 406 }), 'application/json');
}

/** Judged already: the pipeline and the transport around it both ask, and a bug is logged once. */
const masked = new WeakSet<object>();

/** What leaves in `errors`: a failure of the closed list with its code, the client's own mistakes, or a masked bug. */
export function maskError(error: unknown, log: Log): GraphQLError {
  const seen = [error, error instanceof GraphQLError ? error.originalError : undefined].find(isMasked);
  if (seen !== undefined) return seen;
  const answer = judge(error, log);
  masked.add(answer);
  return answer;
}

const isMasked = (error: unknown): error is GraphQLError => error instanceof GraphQLError && masked.has(error);

function judge(error: unknown, log: Log): GraphQLError {
  const graphqlError = error instanceof GraphQLError ? error : undefined;
  const thrown = graphqlError === undefined ? error : graphqlError.originalError;
  const cause = thrown instanceof StoreUnavailable ? storeUnavailable(thrown) : thrown;
  if (cause instanceof GatewayError) {
    return new GraphQLError(cause.message, { ...placeOf(graphqlError), extensions: extensionsOf(cause) });
  }
  // Without a cause, or with one of graphql's own, it is about the request, the document or its variables.
  if (graphqlError !== undefined && (cause === undefined || cause instanceof GraphQLError)) {
    const { code = codeOf(graphqlError), http } = graphqlError.extensions;
    const extensions = { code, ...(http === undefined ? {} : { http: httpOf(code, http) }) };
    return new GraphQLError(messageOf(graphqlError), { ...placeOf(graphqlError), extensions } as GraphQLErrorOptions);
  }
  log.error('graphql.bug', { error: cause ?? error });
  return new GraphQLError('Unexpected error.', {
    ...placeOf(graphqlError),
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
}

/**
 * graphql-js quotes the whole value of a variable that it refuses: a password beside the field that is missing. What is
 * said here is where it is wrong and why, and of the value nothing.
 */
function messageOf({ message, nodes, originalError }: GraphQLError): string {
  const [node] = nodes ?? [];
  const why = originalError?.message;
  if (node?.kind !== 'VariableDefinition' || why === undefined || !message.endsWith(`; ${why}`)) return message;
  // Behind the value and before the reason, so that nothing in the value can pass for it.
  const at = / at "([\w.[\]]+)"$/.exec(message.slice(0, -`; ${why}`.length))?.[1] ?? node.variable.name.value;
  const reason = why
    .replace(/(cannot represent .*? value): [\s\S]*$/, '$1.')
    .replace(/^Value .* does not exist in/s, 'It does not exist in');
  return `Variable "$${node.variable.name.value}" is not valid at "${at}": ${reason}`;
}

/** The same on every transport, where the libraries name it on some paths only. */
function codeOf({ nodes, source }: GraphQLError): string {
  if (nodes?.[0]?.kind === 'VariableDefinition') return 'BAD_USER_INPUT';
  return nodes === undefined && source !== undefined ? 'GRAPHQL_PARSE_FAILED' : 'BAD_REQUEST';
}

/** `spec` makes it 200 for who accepts application/json only; GraphQL over HTTP says so of documents, not of bodies. */
const httpOf = (code: unknown, http: object): object => (code === 'BAD_REQUEST' ? { ...http, spec: false } : http);

const placeOf = (error: GraphQLError | undefined): GraphQLErrorOptions => ({
  nodes: error?.nodes ?? null,
  source: error?.source ?? null,
  positions: error?.positions ?? null,
  path: error?.path ?? null,
});

function extensionsOf(error: GatewayError): Record<string, unknown> {
  return {
    code: error.code,
    retry: error.retry,
    ...(error instanceof InvalidInput && { fields: error.fields }),
    ...(error instanceof ProviderUnavailable && { outcome: error.outcome }),
    ...(error instanceof Unauthorized && { missingScopes: error.missingScopes }),
  };
}
