/**
 * The one pipeline that every operation passes, whichever transport brought it: parse, validate, context, execute, mask.
 * HTTP and SSE use yoga's request handling around it, WebSocket only the pipeline.
 */
import { GraphQLError, type GraphQLErrorOptions, type GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import {
  GatewayError,
  InvalidInput,
  ProviderUnavailable,
  RateLimited,
  storeUnavailable,
  Unauthorized,
} from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { StoreUnavailable } from '../core/store.ts';
import { type CallerContext, type Context, createLoaders, type Services } from '../graphql/context.ts';
import { createBodyReader } from './body.ts';
import { createDocuments, type Introspection } from './documents.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import { nameRequest } from './request-id.ts';
import { createStreamCaps } from './stream-caps.ts';
import type { OperationParams, TrustedDocuments } from './trusted-documents.ts';

export const graphqlPath = '/graphql';

export type Pipeline = YogaServerInstance<CallerContext, Omit<Context, keyof CallerContext>>;

export interface PipelineOptions {
  readonly schema: GraphQLSchema;
  readonly services: Services;
  readonly log: Log;
  /** What else looks on, and changes nothing. */
  readonly plugins?: readonly Plugin<CallerContext>[];
  /** @default 'OPERATORS' */
  readonly introspection?: Introspection;
  /** Undefined where the operator has listed none. */
  readonly trustedDocuments?: TrustedDocuments | undefined;
}

export function createPipeline(options: PipelineOptions): Pipeline {
  const { schema, services, log, introspection = 'OPERATORS', trustedDocuments } = options;
  return createYoga<CallerContext, Omit<Context, keyof CallerContext>>({
    schema,
    graphqlEndpoint: graphqlPath,
    context: ({ caller }) => ({ services, loaders: createLoaders(services, caller.tenant.id) }),
    maskedErrors: { maskError: (error) => maskError(error, log) },
    // Ours are bound by bytes, and by who calls.
    parserAndValidationCache: false,
    maxRequestBodySize: false,
    extraParamNames: ['documentId'],
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
        onResultProcess: (ended) => {
          const { onStream } = ended.serverContext as Partial<CallerContext>;
          if (Symbol.asyncIterator in ended.result) onStream?.();
          refuseUnreadableStream(ended);
        },
        // Yoga says no-cache of a stream, and with that a cache may still keep it.
        onResponse: ({ response }) => response.headers.set('cache-control', 'no-store'),
      },
      createBodyReader(),
      createDocuments({ introspection }),
      ...(trustedDocuments === undefined ? [] : [runTrusted(trustedDocuments)]),
      createStreamCaps(),
    ],
  });
}

/** What is no text at all is refused by yoga. */
function refuseLargeDocument({ params: { query } }: { params: { query?: unknown } }): void {
  if (typeof query !== 'string' || query.length <= DOCUMENT_LIMITS.characters) return;
  const extensions = { code: 'REQUEST_ENTITY_TOO_LARGE', http: { status: 413 } };
  throw new GraphQLError('The document is too large.', { extensions });
}

/** Over HTTP before yoga asks for a text; at the parser again, which is what WebSocket comes by. */
function runTrusted(trusted: TrustedDocuments): Plugin {
  return {
    onParams({ params, setParams }) {
      const query = trusted.textOf(params);
      if (typeof query === 'string') setParams({ ...params, query });
    },
    onParse({ context, parseFn, setParseFn }) {
      const { params = {} } = context as { params?: OperationParams };
      setParseFn((source, given) => {
        const text = trusted.textOf({ ...params, query: source });
        return parseFn(typeof text === 'string' ? text : source, given);
      });
    },
  };
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
  if (node?.kind !== 'VariableDefinition' || why === undefined || !message.endsWith(`; ${why}`))
    return withoutSuggestions(message);
  // Behind the value and before the reason, so that nothing in the value can pass for it.
  const at = / at "([\w.[\]]+)"$/.exec(message.slice(0, -`; ${why}`.length))?.[1] ?? node.variable.name.value;
  const reason = why
    .replace(/(cannot represent .*? value): [\s\S]*$/, '$1.')
    .replace(/^Value .* does not exist in/s, 'It does not exist in');
  return withoutSuggestions(`Variable "$${node.variable.name.value}" is not valid at "${at}": ${reason}`);
}

/** Of the values of an enum, which are read only once there are variables; validation makes none. */
const withoutSuggestions = (message: string): string => message.replace(/ Did you mean [^?]*\?/g, '');

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
    ...(error.retryAt !== undefined && { retryAt: new Date(error.retryAt).toISOString() }),
    ...(error instanceof RateLimited && limitOf(error)),
    ...(error instanceof InvalidInput && { fields: error.fields }),
    ...(error instanceof ProviderUnavailable && { outcome: error.outcome }),
    ...(error instanceof Unauthorized && { missingScopes: error.missingScopes }),
  };
}

const limitOf = ({ scope, limit, windowSeconds }: RateLimited): Record<string, unknown> => ({
  scope,
  limit,
  windowSeconds,
});
