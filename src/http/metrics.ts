/**
 * GET /metrics, for who may read it: with the token of the configuration or the key of an operator. To anybody else there is nothing
 * here. Where a request comes from is no credential: behind a proxy of the same machine everybody comes from loopback.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failure, respond } from './answer.ts';
import type { Credentials } from './credentials.ts';

export const metricsPath = '/metrics';

export interface MetricsEndpoint {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface MetricsEndpointOptions {
  readonly page: () => Promise<string>;
  readonly contentType: string;
  /** Undefined where only an operator's key may read. */
  readonly token: string | undefined;
  readonly credentials: Pick<Credentials, 'ofRequest'>;
  /** No credential is asked for, since nobody but this machine can come. */
  readonly isOpen: boolean;
}

export function createMetricsEndpoint(options: MetricsEndpointOptions): MetricsEndpoint {
  const { page, contentType, token, credentials, isOpen } = options;
  const expected = token === undefined ? undefined : digestOf(token);
  /** However many ask at once, the facts are read once. */
  let rendering: Promise<string> | undefined;

  function isAllowed({ headers }: IncomingMessage): boolean {
    const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    if (expected !== undefined && given !== undefined && timingSafeEqual(expected, digestOf(given))) return true;
    return credentials.ofRequest(headers)?.scopes.has('operator') === true;
  }

  return {
    async handle(request, response) {
      const hasCredential = request.headers.authorization !== undefined || request.headers['x-api-key'] !== undefined;
      if (!isOpen && !hasCredential) {
        return respond(response, 404, failure('NOT_FOUND', 'There is nothing here; the API is at /graphql.'));
      }
      // Who brings one, and a wrong one, must be able to find out why there are no figures.
      if (!isOpen && !isAllowed(request)) {
        response.setHeader('www-authenticate', 'Bearer realm="gwanmun metrics"');
        return respond(response, 401, failure('UNAUTHENTICATED', 'Send the metrics token, or the key of an operator.'));
      }
      if (request.method !== 'GET') {
        response.setHeader('allow', 'GET');
        return respond(response, 405, failure('METHOD_NOT_ALLOWED', 'Metrics are read by GET.'));
      }
      rendering ??= page().finally(() => {
        rendering = undefined;
      });
      const text = await rendering;
      response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
      response.end(text);
    },
  };
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();
