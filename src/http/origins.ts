/**
 * What a page in a browser may do: nothing from another origin, unless the operator lists it; and no GET without a header
 * that such a page cannot set unasked. Who is no browser sends no Origin, and is asked for its key alone.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Origins {
  /** True of what comes from this gateway's own pages, from a listed origin, and from what is no browser. */
  mayConnect(request: IncomingMessage): boolean;
  /** Lets a page of a listed origin read the answer. True where it was a preflight, which is answered then. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

/** Any of them makes a browser ask first; all but the first are what clients send already. */
const preflightedHeaders = ['graphql-preflight', 'apollo-require-preflight', 'x-graphql-yoga-csrf', 'x-requested-with'];
const allowedHeaders = ['authorization', 'content-type', 'x-api-key', ...preflightedHeaders].join(', ');

export function createOrigins(allowed: readonly string[]): Origins {
  return {
    mayConnect(request) {
      const { origin } = request.headers;
      return origin === undefined || isOwn(request, origin) || allowed.includes(origin);
    },
    answer({ method, headers }, response) {
      const { origin } = headers;
      if (allowed.length > 0) response.setHeader('vary', 'Origin');
      if (origin === undefined || !allowed.includes(origin)) return false;
      // No credentials: keys come in headers that the page sets itself.
      response.setHeader('access-control-allow-origin', origin);
      response.setHeader('access-control-expose-headers', 'x-request-id, retry-after');
      if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false;
      response.setHeader('access-control-allow-methods', 'GET, POST');
      response.setHeader('access-control-allow-headers', allowedHeaders);
      response.setHeader('access-control-max-age', '600');
      response.writeHead(204).end();
      return true;
    },
  };
}

/**
 * A page of another site can make a browser send a GET, and headers of a few names with it, among them Authorization where
 * the browser remembers it. The answer would be hidden from the page; what the GET did would be done.
 */
export const isPreflighted = ({ headers }: IncomingMessage): boolean =>
  // Set by the browser alone: GraphiQL follows a stream by a GET, and takes no header for it.
  headers['sec-fetch-site'] === 'same-origin' ||
  preflightedHeaders.some((name) => headers[name] !== undefined) ||
  /^application\/json *(;|$)/i.test(headers['content-type'] ?? '');

const isOwn = ({ headers: { host = '' } }: IncomingMessage, origin: string): boolean =>
  URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
