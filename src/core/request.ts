/**
 * The request that the running code works for: its one id, by which logs, errors, messages and traces name it. Ambient, so that
 * no signature carries what only an operator reads. Nothing may be decided by it: a caller may have chosen it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestScope {
  /** A UUID in lower case; without its dashes it is the id of the trace. */
  readonly requestId: string;
  /** The span that what begins now belongs to, where there are traces. */
  readonly spanId?: string;
}

const scopes = new AsyncLocalStorage<RequestScope | undefined>();

export const currentRequest = (): RequestScope | undefined => scopes.getStore();

/** Begins the work at once; what it awaits and what it starts belong to the request, too. */
export const inRequest = <T>(scope: RequestScope, work: () => T): T => scopes.run(scope, work);

/** For work that serves everybody, though one request happens to start it. */
export const outsideRequest = <T>(work: () => T): T => scopes.run(undefined, work);
