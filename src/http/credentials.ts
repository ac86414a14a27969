/** Where each transport carries its API key, and whose key it is. Says nothing about what the caller may do. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, TenantDirectory } from '../core/tenant.ts';

const bearer = /^Bearer +(\S+)$/i;

export interface Credentials {
  /** `Authorization: Bearer …` or `X-API-Key`. */
  ofHeaders(headers: IncomingHttpHeaders): Caller | undefined;
  /** graphql-ws connectionParams: `authorization` or `x-api-key`, in any case, with or without `Bearer`. */
  ofConnectionParams(params: unknown): Caller | undefined;
}

export function createCredentials(tenants: TenantDirectory): Credentials {
  const callerOf = (authorization: unknown, apiKey: unknown): Caller | undefined => {
    const key = typeof apiKey === 'string' && apiKey !== '' ? apiKey : bearerOf(authorization);
    return key === undefined ? undefined : tenants.authenticate(key);
  };
  return {
    ofHeaders: (headers) => callerOf(headers.authorization, headers['x-api-key']),
    ofConnectionParams(params) {
      if (typeof params !== 'object' || params === null) return undefined;
      const named = new Map(Object.entries(params).map(([name, value]) => [name.toLowerCase(), value]));
      const authorization = named.get('authorization');
      const bare = typeof authorization === 'string' && !authorization.includes(' ') ? authorization : undefined;
      return callerOf(authorization, named.get('x-api-key') ?? bare);
    },
  };
}

function bearerOf(authorization: unknown): string | undefined {
  return typeof authorization === 'string' ? bearer.exec(authorization)?.[1] : undefined;
}
