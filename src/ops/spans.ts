/**
 * What a trace is made of, whatever carries it away: spans with facts from a closed list, in the trace of the request that they
 * work for. Without tracing a span is its work and nothing else.
 */
import type { RequestScope } from '../core/request.ts';

/** What a span may tell. No text, number or name of a person is here, and none must ever be. */
export interface SpanFacts {
  readonly 'gwanmun.tenant'?: string;
  readonly 'gwanmun.transport'?: string;
  readonly 'graphql.operation.type'?: string;
  /** Names of the schema, never the name that a caller gave the operation. */
  readonly 'gwanmun.fields'?: string;
  readonly 'gwanmun.provider'?: string;
  readonly 'gwanmun.account'?: string;
  readonly 'gwanmun.outcome'?: string;
  readonly 'gwanmun.code'?: string;
  /** Messages of one call. */
  readonly 'gwanmun.count'?: number;
}

export interface Span {
  readonly name: string;
  readonly kind: 'SERVER' | 'CLIENT' | 'INTERNAL';
  readonly facts: SpanFacts;
  /** The first span of its request: the others hang below it. @default false */
  readonly isRoot?: boolean;
  /** Other requests that the same work serves. */
  readonly alsoFor?: readonly string[];
}

export interface Spans {
  /** Begins the work at once. `tell` says what became of it. */
  run<T>(span: Span, work: () => Promise<T>, tell: (ended: Ended<T>) => SpanFacts): Promise<T>;
  /** Sends what was not sent yet (bounded). */
  stop(): Promise<void>;
}

export type Ended<T> = { readonly value: T } | { readonly error: unknown };

export const noSpans: Spans = {
  run: (_span, work) => work(),
  stop: () => Promise.resolve(),
};

export const traceIdOf = ({ requestId }: RequestScope): string => requestId.replaceAll('-', '');

/** The id of a request's first span follows from the request's, so that work long after it still finds its place below it. */
export const rootSpanIdOf = (scope: RequestScope): string => traceIdOf(scope).slice(16);
