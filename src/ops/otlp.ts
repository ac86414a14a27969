/** Spans on their way to a collector, by OpenTelemetry's own SDK. Loaded only where an endpoint is configured. */
import { type Attributes, ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { currentRequest, inRequest, type RequestScope } from '../core/request.ts';
import { type Ended, rootSpanIdOf, type Span, type SpanFacts, type Spans, traceIdOf } from './spans.ts';

export interface OtlpOptions {
  /** Where traces go: the collector's origin with /v1/traces. */
  readonly tracesUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Which share of the traces is kept. By the id of the trace, so that all of one are, or none. */
  readonly sampled: number;
}

const stopTimeoutMs = 3_000;

export function createOtlpSpans({ tracesUrl, headers, serviceName, sampled }: OtlpOptions): Spans {
  const random = new RandomIdGenerator();
  /** Of the span that is begun in this very turn. */
  let root: RequestScope | undefined;
  const exporter = new OTLPTraceExporter({ url: tracesUrl, headers: { ...headers }, timeoutMillis: 5_000 });
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: new TraceIdRatioBasedSampler(sampled),
    idGenerator: {
      generateTraceId: () => (root === undefined ? random.generateTraceId() : traceIdOf(root)),
      generateSpanId: () => (root === undefined ? random.generateSpanId() : rootSpanIdOf(root)),
    },
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 1_000 })],
  });
  const tracer = provider.getTracer('gwanmun');

  function begin({ name, kind, facts, isRoot = false, alsoFor = [] }: Span, scope: RequestScope | undefined) {
    root = isRoot ? scope : undefined;
    const parent = scope === undefined || isRoot ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, contextOf(scope));
    const links = alsoFor.map((requestId) => ({ context: contextOf({ requestId }) }));
    const span = tracer.startSpan(
      name,
      { kind: SpanKind[kind], attributes: { ...facts } as Attributes, links },
      parent,
    );
    root = undefined;
    return span;
  }

  return {
    run<T>(span: Span, work: () => Promise<T>, tell: (ended: Ended<T>) => SpanFacts): Promise<T> {
      const scope = currentRequest();
      const begun = begin(span, scope);
      const { traceId, spanId } = begun.spanContext();
      const end = (ended: Ended<T>): void => {
        begun.setAttributes({ ...tell(ended) } as Attributes);
        // No message of an error: it may quote input.
        if ('error' in ended) begun.setStatus({ code: SpanStatusCode.ERROR });
        begun.end();
      };
      return inRequest({ requestId: scope?.requestId ?? uuidOf(traceId), spanId }, work).then(
        (value) => {
          end({ value });
          return value;
        },
        (error) => {
          end({ error });
          throw error;
        },
      );
    },
    async stop() {
      let late: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        late = setTimeout(resolve, stopTimeoutMs);
      });
      await Promise.race([provider.shutdown().catch(() => undefined), patience]);
      clearTimeout(late);
    },
  };
}

function contextOf(scope: RequestScope) {
  return {
    traceId: traceIdOf(scope),
    spanId: scope.spanId ?? rootSpanIdOf(scope),
    traceFlags: TraceFlags.SAMPLED,
    isRemote: scope.spanId === undefined,
  };
}

const uuidOf = (traceId: string): string => traceId.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
