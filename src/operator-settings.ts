/** The settings of what an operator looks at: /metrics, and where traces go. */
import { z } from 'zod';
import { optional, type Settings, secretSetting, setting } from './environment.ts';

const token = z.string().regex(/^[\x21-\x7e]{16,512}$/, 'must be 16 to 512 printable ASCII characters without spaces');

/** No personal data is in a trace, and no secret; within a cluster a collector speaks HTTP, so both forms will do. */
const collector = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.search === '' && url.username === '') {
    return url.href.replace(/\/$/, '');
  }
  context.addIssue({ code: 'custom', message: 'must be an http:// or https:// URL without a query' });
  return z.NEVER;
});

const headers = z
  .string()
  .regex(
    /^[A-Za-z0-9-]+=[^,=]+(,[A-Za-z0-9-]+=[^,=]+)*$/,
    'must be name=value pairs, comma-separated, values percent-encoded',
  )
  .transform((text) =>
    Object.fromEntries(
      text.split(',').map((pair) => {
        const [name = '', value = ''] = pair.split('=');
        return [name, decoded(value)];
      }),
    ),
  );

const share = z
  .string()
  .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, 'must be a number from 0 to 1')
  .transform(Number);

export const OPERATOR_SETTINGS = {
  metricsToken: optional(secretSetting('GWANMUN_METRICS_TOKEN', token)),
  tracesEndpoint: optional(setting('OTEL_EXPORTER_OTLP_ENDPOINT', collector)),
  tracesHeaders: optional(secretSetting('OTEL_EXPORTER_OTLP_HEADERS', headers), {}),
  tracesServiceName: optional(
    setting(
      'OTEL_SERVICE_NAME',
      z.string().regex(/^[\w .-]{1,64}$/, 'must be 1 to 64 letters, digits, ., _, - or spaces'),
    ),
    'gwanmun',
  ),
  tracesSampled: optional(setting('OTEL_TRACES_SAMPLER_ARG', share), 1),
};

export type OperatorSettings = Settings<typeof OPERATOR_SETTINGS>;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}
