/**
 * Whether a dispatcher may act at this moment, and under which fence. Fenced is what the owner of an account decides: to
 * claim, to begin, to put off, to pass on. What a provider said (an answer, a REPORT) is not: it is true whoever stores
 * it, and a process that was succeeded is the only one that heard it.
 */
import type { Batch, Lease } from '../store.ts';

export type Permit = Pick<Batch, 'fence'>;
/** Undefined where this process may not act now. */
export type AskPermit = () => Permit | undefined;

/** @param ownership left out where any process may act */
export function permitsOf(ownership: (() => Lease | undefined) | undefined): AskPermit {
  return () => {
    if (ownership === undefined) return {};
    const lease = ownership();
    return lease && { fence: { lease: lease.name, token: lease.token } };
  };
}

/** Whether what was begun under `before` may go on under `now`. */
export const isSamePermit = (before: Permit, now: Permit | undefined): boolean =>
  now !== undefined && before.fence?.token === now.fence?.token;
