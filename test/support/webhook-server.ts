/** The real server and pipeline around a webhook inbox, on a free port, and a client that says headers word for word. */
import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import type { Log } from '../../src/core/log.ts';
import type { Tenant } from '../../src/core/tenant.ts';
import { createTenantDirectory } from '../../src/core/tenant-directory.ts';
import type { Services } from '../../src/graphql/context.ts';
import { schema } from '../../src/graphql/schema.ts';
import { createCredentials } from '../../src/http/credentials.ts';
import { createPipeline } from '../../src/http/pipeline.ts';
import { createHttpServer, type HttpServerOptions } from '../../src/http/server.ts';
import { createWebhookEndpoint, type WebhookEndpointOptions } from '../../src/http/webhooks.ts';
import { runLog } from './run-log.ts';
import { signatureHeader, type webhookCore } from './webhooks.ts';

export interface WebhookServing {
  readonly endpoint?: Partial<WebhookEndpointOptions>;
  readonly server?: Partial<HttpServerOptions>;
  readonly tenants?: readonly Tenant[];
  readonly log?: Log;
}

type Core = Pick<ReturnType<typeof webhookCore>, 'inbox' | 'reader'>;

export async function serveWebhooks({ inbox, reader }: Core, serving: WebhookServing = {}) {
  const { endpoint, tenants = [], log = runLog } = serving;
  const server = createHttpServer({
    host: '127.0.0.1',
    port: 0,
    pipeline: createPipeline({ schema, services: { webhooks: reader } as Services, log }),
    credentials: createCredentials(createTenantDirectory(tenants)),
    webhooks: createWebhookEndpoint({ inbox, log, maxPerSecond: 1e9, maxForgedPerSecond: 1e9, ...endpoint }),
    demo: undefined,
    readiness: () => ({ ready: true, reasons: [] }),
    graphiqlPage: undefined,
    loopbackOnly: true,
    log,
    ...serving.server,
  });
  const url = await server.listen();
  onTestFinished(() => server.close());
  return { url, server };
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** `headers` by name and value in turn, so that one can stand there twice. */
export function postRaw(url: string, body: string | Uint8Array, headers: readonly string[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method: 'POST', headers: ['host', new URL(url).host, ...headers] });
    request.on('error', reject);
    request.on('response', async (response) => {
      let text = '';
      for await (const chunk of response) text += String(chunk);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    request.end(body);
  });
}

export async function postWebhook(url: string, body: string | Uint8Array, signature: string): Promise<number> {
  return (await postRaw(url, body, [signatureHeader, signature])).status;
}
