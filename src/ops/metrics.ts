/**
 * Every figure of Gwanmun's that /metrics shows: its name, what it says and its labels. A closed list, and so are the values of
 * the labels: no tenant, no text, no number of a person and no query ever becomes one.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** A provider may say anything for a code; how many of them become series is for us to say. */
const maxCodesOfProvider = 50;
const otherCode = 'OTHER';
/** No name of a person, and no phone number: those have more digits. */
const codeForm = /^(?!\d{7})[A-Za-z0-9._-]{1,32}$/;

const callSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const writeSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
const lagSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  const codes = new Map<string, Set<string>>();
  const unmappedCodes = new Counter({
    name: 'gwanmun_unmapped_codes_total',
    help: 'Codes of a provider that its table does not know.',
    labelNames: ['provider', 'code'],
    registers,
  });

  return {
    registry,
    unmappedCode(provider: string, code: string): void {
      const known = codes.get(provider) ?? new Set();
      codes.set(provider, known);
      const isNamed = known.has(code) || (codeForm.test(code) && known.size < maxCodesOfProvider);
      if (isNamed) known.add(code);
      unmappedCodes.inc({ provider, code: isNamed ? code : otherCode });
    },

    sends: new Counter({
      name: 'gwanmun_sends_total',
      help: 'Attempts to send a message, by what the provider made of them. UNKNOWN: nobody can say.',
      labelNames: ['provider', 'account', 'lane', 'outcome'],
      registers,
    }),
    messages: new Counter({
      name: 'gwanmun_messages_total',
      help: 'Messages that came to a state.',
      labelNames: ['state'],
      registers,
    }),
    reports: new Counter({
      name: 'gwanmun_reports_total',
      help: 'Results of messages, reported or looked up.',
      labelNames: ['provider', 'result'],
      registers,
    }),
    reportLag: new Histogram({
      name: 'gwanmun_report_lag_seconds',
      help: 'From the submission of a message to its result.',
      labelNames: ['provider'],
      buckets: lagSeconds,
      registers,
    }),
    unconfirmed: new Gauge({
      name: 'gwanmun_unconfirmed_messages',
      help: 'Messages that are UNCONFIRMED now, up to 1000. Of the store: the same at every gateway.',
      labelNames: ['provider', 'account'],
      registers,
    }),
    unconfirmedAge: new Gauge({
      name: 'gwanmun_unconfirmed_oldest_seconds',
      help: 'How long ago the oldest UNCONFIRMED message was submitted; 0 where there is none.',
      labelNames: ['provider', 'account'],
      registers,
    }),
    due: new Gauge({
      name: 'gwanmun_due_messages',
      help: 'Messages that are due and not begun, up to 1000. Of the store: the same at every gateway.',
      labelNames: ['provider', 'account', 'lane'],
      registers,
    }),
    dueAge: new Gauge({
      name: 'gwanmun_due_oldest_seconds',
      help: 'How long the oldest message that is due has waited; 0 where there is none.',
      labelNames: ['provider', 'account', 'lane'],
      registers,
    }),

    providerHealthy: new Gauge({
      name: 'gwanmun_provider_healthy',
      help: '1 where this gateway can use the account now.',
      labelNames: ['provider', 'account'],
      registers,
    }),
    providerCalls: new Histogram({
      name: 'gwanmun_provider_call_seconds',
      help: 'Calls to providers, by how they ended.',
      labelNames: ['provider', 'call', 'outcome'],
      buckets: callSeconds,
      registers,
    }),
    ngsSessionState: new Gauge({
      name: 'gwanmun_ngs_session_state',
      help: '1 for the state in which the session of the account is. Bound at one gateway only.',
      labelNames: ['account', 'state'],
      registers,
    }),
    ngsSessionEnds: new Counter({
      name: 'gwanmun_ngs_session_ends_total',
      help: 'Ended sessions and refused logins. KICKED: somebody else logged in under the same ID.',
      labelNames: ['account', 'kind'],
      registers,
    }),
    ngsTpsLimit: new Gauge({
      name: 'gwanmun_ngs_tps_limit',
      help: 'Messages a second that NGS allows the session.',
      labelNames: ['account', 'lane'],
      registers,
    }),
    ngsTpsUsed: new Gauge({
      name: 'gwanmun_ngs_tps_used',
      help: 'DELIVERs that were answered in the busiest of the last 15 seconds.',
      labelNames: ['account', 'lane'],
      registers,
    }),
    ngsInFlight: new Gauge({
      name: 'gwanmun_ngs_in_flight',
      help: 'DELIVERs that were written and are not answered: how much of the window is used.',
      labelNames: ['account'],
      registers,
    }),
    ngsWindow: new Gauge({
      name: 'gwanmun_ngs_window',
      help: 'How many DELIVERs may be unanswered.',
      labelNames: ['account'],
      registers,
    }),
    tokenIssues: new Counter({
      name: 'gwanmun_commerce_token_issues_total',
      help: 'Tokens that this gateway asked Naver for, the first ones and the renewals.',
      labelNames: ['account', 'outcome'],
      registers,
    }),
    webhooks: new Counter({
      name: 'gwanmun_webhooks_total',
      help: 'Webhooks that came, by what their signature said.',
      labelNames: ['provider', 'account', 'verdict'],
      registers,
    }),

    operations: new Counter({
      name: 'gwanmun_operations_total',
      help: 'GraphQL operations. ERROR: the answer has errors. REFUSED: nothing of it was executed.',
      labelNames: ['kind', 'transport', 'outcome'],
      registers,
    }),
    operationSeconds: new Histogram({
      name: 'gwanmun_operation_seconds',
      help: 'From the execution of a query or mutation to its result.',
      labelNames: ['kind'],
      buckets: callSeconds,
      registers,
    }),
    streams: new Gauge({
      name: 'gwanmun_streams',
      help: 'Subscriptions that are followed now.',
      registers,
    }),

    storeUp: new Gauge({
      name: 'gwanmun_store_up',
      help: '1 where the store can be expected to answer.',
      labelNames: ['durability'],
      registers,
    }),
    storeWrites: new Histogram({
      name: 'gwanmun_store_write_seconds',
      help: 'Durable writes. CONFLICT: somebody else was quicker, and nothing was written. FAILED: the store did not answer.',
      labelNames: ['outcome'],
      buckets: writeSeconds,
      registers,
    }),
    ready: new Gauge({
      name: 'gwanmun_ready',
      help: '1 where /readyz says yes.',
      registers,
    }),
  };
}

let ofProcess: Registry | undefined;

/** Of Node and the process, under the names that every dashboard of Node knows; the loop delay is among them. Once a process. */
export function processMetrics(): Registry {
  if (ofProcess === undefined) {
    ofProcess = new Registry();
    collectDefaultMetrics({ register: ofProcess });
    // Gauges with the name of a counter, which Prometheus's own linter refuses; the same stands in those without it.
    for (const kind of ['handles', 'requests', 'resources'])
      ofProcess.removeSingleMetric(`nodejs_active_${kind}_total`);
  }
  return ofProcess;
}
