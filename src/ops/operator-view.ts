/** Everything an operator sees of one gateway: what is watched, and the page that tells of it. */
import { Registry } from 'prom-client';
import type { Clock } from '../core/clock.ts';
import type { WebhookInbox } from '../core/webhooks/inbox.ts';
import type { ResultCodeTable } from '../providers/ngs/result-codes.ts';
import { type Facts, readFacts } from './facts.ts';
import { createKnownCodes } from './known-codes.ts';
import { createMetrics, processMetrics } from './metrics.ts';
import { createMessageWatch, type MessageWatch } from './observed-messages.ts';
import { createProviderWatch, type ProviderWatch } from './observed-providers.ts';
import { observeStore } from './observed-store.ts';
import { createOperationWatch } from './operations.ts';
import { noSpans, type Spans } from './spans.ts';

export interface OperatorView {
  store(store: Facts['store']): Facts['store'];
  messages: MessageWatch['observe'];
  readonly providers: ProviderWatch;
  webhooks(inbox: WebhookInbox): WebhookInbox;
  readonly operations: ReturnType<typeof createOperationWatch>;
  /** The text of /metrics, in Prometheus's own form. */
  page(facts: Omit<Facts, 'clock' | 'highestTps'>): Promise<string>;
  stop(): Promise<void>;
}

export interface OperatorViewOptions {
  readonly clock: Clock;
  /** Of each NGS account; undefined: the provisional one. */
  readonly ngsCodes: readonly (ResultCodeTable | undefined)[];
  readonly settings: {
    /** Undefined where no collector is configured: then nothing of OpenTelemetry is loaded. */
    readonly tracesEndpoint: string | undefined;
    readonly tracesHeaders: Readonly<Record<string, string>>;
    readonly tracesServiceName: string;
    readonly tracesSampled: number;
  };
}

export const metricsContentType = Registry.PROMETHEUS_CONTENT_TYPE;

export async function createOperatorView(options: OperatorViewOptions): Promise<OperatorView> {
  const { clock, settings, ngsCodes } = options;
  const spans = await openSpans(settings);
  const knowsCode = createKnownCodes(ngsCodes);
  const metrics = createMetrics();
  const ofProcess = processMetrics();
  const messages = createMessageWatch({ metrics, clock });

  return {
    store: (store) => observeStore(store, { metrics, spans }),
    messages: messages.observe,
    providers: createProviderWatch({ metrics, spans, knowsCode }),
    webhooks: (inbox) => ({
      ...inbox,
      judge(source, body, headers) {
        const verdict = inbox.judge(source, body, headers);
        metrics.webhooks.inc({ provider: source.provider, account: source.account, verdict });
        return verdict;
      },
    }),
    operations: createOperationWatch({ metrics, spans }),
    async page(facts) {
      await readFacts(metrics, { ...facts, clock, highestTps: messages.highestTps });
      return `${await metrics.registry.metrics()}\n${await ofProcess.metrics()}`;
    },
    stop: spans.stop,
  };
}

async function openSpans(settings: OperatorViewOptions['settings']): Promise<Spans> {
  const { tracesEndpoint, tracesHeaders, tracesServiceName, tracesSampled } = settings;
  if (tracesEndpoint === undefined) return noSpans;
  const { createOtlpSpans } = await import('./otlp.ts');
  return createOtlpSpans({
    tracesUrl: `${tracesEndpoint}/v1/traces`,
    headers: tracesHeaders,
    serviceName: tracesServiceName,
    sampled: tracesSampled,
  });
}
