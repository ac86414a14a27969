import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Log } from '../../src/core/log.ts';
import { createLogger } from '../../src/log.ts';
import { apiKey, type Gateway, startGateway, startSimulators } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];
}

/** A collector that keeps what it is sent, as JSON. */
async function startCollector() {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const spans = (): OtlpSpan[] =>
    bodies.flatMap((body) =>
      (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }).resourceSpans.flatMap((each) =>
        each.scopeSpans.flatMap((scope) => scope.spans),
      ),
    );
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, text: () => bodies.join('\n') };
}

const requestId = '0f8fad5b-d9cb-469f-a165-70867728950e';
const traceId = requestId.replaceAll('-', '');
const phone = '01098765432';
const words = 'nobody-may-read-this';

const mutation = `mutation NamedByTheCaller($input: SendSmsInput!) { sendSms(input: $input) { __typename } }`;
const sendBy = (gateway: Gateway, provider: string, headers: Record<string, string>): Promise<Response> =>
  gateway.post(
    {
      query: mutation,
      variables: { input: { idempotencyKey: provider, to: phone, text: words, providers: [provider] } },
    },
    { authorization: `Bearer ${apiKey}`, ...headers },
  );

describe('a trace', () => {
  it('follows a request to the store and the providers under its one id, and tells nobody’s number or text', async () => {
    const collector = await startCollector();
    const { env } = await startSimulators();
    const gateway = await startGateway({
      GWANMUN_DATA_DIR: await temporaryFolder(),
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      ...env,
    });
    for (const provider of ['NGS', 'SENS']) await sendBy(gateway, provider, { 'x-request-id': requestId });
    const named = (): Set<string> =>
      new Set(
        collector
          .spans()
          .filter((span) => span.traceId === traceId)
          .map(({ name }) => name),
      );
    const expected = ['graphql mutation', 'store write', 'NGS submit', 'SENS submit', 'SENS lookUp'];
    await until(() => expected.every((name) => named().has(name)));

    const own = collector.spans().filter((span) => span.traceId === traceId);
    const ids = new Set(own.map(({ spanId }) => spanId));
    // Every span but the first of a request hangs below one that is there.
    for (const span of own) {
      if (span.name === 'graphql mutation') expect(span.parentSpanId ?? '').toBe('');
      else expect(ids.has(span.parentSpanId ?? ''), span.name).toBe(true);
    }
    const text = collector.text();
    for (const secret of [phone, phone.slice(1), words, apiKey, 'NamedByTheCaller']) expect(text).not.toContain(secret);
    expect(text).toContain('sendSms');
  });

  it('is none, and costs nothing, where no collector is configured', async () => {
    const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });
    expect((await gateway.post({ query: '{ __typename }' })).status).toBe(200);
  });
});

describe('the id of a request', () => {
  async function setUp() {
    const lines: string[] = [];
    const log: Log = createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } });
    const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() }, log);
    const ask = async (headers: Record<string, string>, query = '{ noSuchField }') => {
      const response = await gateway.post({ query }, { authorization: `Bearer ${apiKey}`, ...headers });
      const { errors } = (await response.json()) as { errors: { extensions: { requestId: string } }[] };
      return { header: response.headers.get('x-request-id'), told: errors.map((each) => each.extensions.requestId) };
    };
    return { gateway, ask, lines };
  }

  it('is the caller’s own where it is a UUID or a trace, and stands in every error', async () => {
    const { ask } = await setUp();
    expect(await ask({ 'x-request-id': requestId.toUpperCase() })).toEqual({ header: requestId, told: [requestId] });
    expect(await ask({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` })).toEqual({
      header: requestId,
      told: [requestId],
    });
    // The same document, whose faults are remembered, under another id.
    const other = requestId.replace('0f8f', '1f8f');
    expect(await ask({ 'x-request-id': other })).toEqual({ header: other, told: [other] });
  });

  it.each(['short', `${requestId} x`, '00000000-0000-0000-0000-000000000000', "'; DROP TABLE"])(
    'is a new one where the caller gives %s',
    async (given) => {
      const { ask } = await setUp();
      const { header, told } = await ask({ 'x-request-id': given });
      expect(header).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(header).not.toBe(given);
      expect(told).toEqual([header]);
    },
  );
});
