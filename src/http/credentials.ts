/** Where each transport carries its API key, and whose key it is. Says nothing about what the caller may do. */
import type { IncomingHttpHeaders } from 'node:http';
import { type CredentialWatch, createCredentialWatch } from '../core/credential-watch.ts';
import type { Caller } from '../core/tenant.ts';
import type { TenantDirectory } from '../core/tenant-directory.ts';

const bearer = /^Bearer +(\S+)$/i;
const bare = /^\S+$/;

export interface Credentials {
  /** `Authorization: Bearer …` or `X-API-Key`. */
  ofRequest(headers: IncomingHttpHeaders): Caller | undefined;
  /**
   * graphql-ws connectionParams: `authorization` or `x-api-key`, in any case, with or without `Bearer`; where they name
   * none, the headers of the upgrade. A wrong key is wrong, whatever stands beside it.
   */
  ofSocket(connectionParams: unknown, headers: IncomingHttpHeaders): Caller | undefined;
  /** The same caller as it stands now; undefined where its key is one no more. */
  current(caller: Caller): Caller | undefined;
  /** Calls once, when the caller's key has ended. Returns how to let go. */
  onEnd(caller: Caller, listener: () => void): () => void;
}

export function createCredentials(
  tenants: TenantDirectory,
  watch: CredentialWatch = createCredentialWatch(tenants),
): Credentials {
  const callerOf = (key: string | undefined): Caller | undefined =>
    key === undefined ? undefined : tenants.authenticate(key);
  return {
    ofRequest: (headers) => callerOf(keyOfHeaders(headers)),
    ofSocket: (params, headers) => callerOf(keyOfParams(params) ?? keyOfHeaders(headers)),
    current: tenants.current,
    onEnd: watch.onEnd,
  };
}

function keyOfHeaders(headers: IncomingHttpHeaders): string | undefined {
  return text(headers['x-api-key']) ?? bearer.exec(headers.authorization ?? '')?.[1];
}

function keyOfParams(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null) return undefined;
  const named = new Map(Object.entries(params).map(([name, value]) => [name.toLowerCase(), value]));
  const authorization = text(named.get('authorization')) ?? '';
  return text(named.get('x-api-key')) ?? bearer.exec(authorization)?.[1] ?? bare.exec(authorization)?.[0];
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
