/**
 * Who owned an account, by what the gateways told and by what the NGS simulator saw: whether anybody did anything under a
 * lease that was another's by then, and how often somebody logged in. It counts, and decides nothing.
 */
import type { LedgerEntry } from '../../src/simulators/ledger.ts';
import type { Told } from './cluster-gateway.ts';

export interface OwnershipVerdict {
  /** How often the account changed hands, the first time not counted. */
  readonly takeOvers: number;
  /** Writes and claims that were stored under a token after a newer one was given. */
  readonly staleWrites: number;
  /** DELIVERs that the simulator took of an attempt begun under a token after a newer one was given. */
  readonly staleDelivers: number;
  /** The most CERTs between one acquisition and the next. */
  readonly mostLogins: number;
  /** BINDs that met a session of their kind, which ends both. */
  readonly doubleBinds: number;
  /** The shortest time from the end of a session to the next CERT. */
  readonly leastPauseMs: number;
}

/** `told` by all of the gateways, of any lease; `lease` names the account's. */
export function ownershipOf(lease: string, told: readonly Told[], ledger: readonly LedgerEntry[]): OwnershipVerdict {
  const own = told.filter((each) => each.lease === lease);
  const acquired = own.filter(({ kind }) => kind === 'ACQUIRED').sort((a, b) => a.token - b.token);
  /** When the next one after this token was certainly given. */
  const succeededAt = (token: number): number =>
    Math.min(...acquired.filter((each) => each.token > token).map(({ at }) => at));
  const isStale = ({ token, at }: { token: number; at: number }): boolean => at > succeededAt(token);
  const tokenOf = new Map(own.flatMap(({ token, serials = [] }) => serials.map((serial) => [serial, token] as const)));
  const of = (event: string, outcome: string): readonly LedgerEntry[] =>
    ledger.filter((entry) => entry.event === event && entry.outcome === outcome);
  const certs = ledger.filter(({ event }) => event === 'CERT').map(({ at }) => at);
  const closings = [...of('DLV session', 'CLOSED'), ...of('REP session', 'CLOSED')].map(({ at }) => at);
  const pauses = certs.flatMap((at) => {
    const before = closings.filter((closedAt) => closedAt <= at);
    return before.length === 0 ? [] : [at - Math.max(...before)];
  });
  return {
    takeOvers: acquired.length - 1,
    staleWrites: own.filter(({ kind }) => kind !== 'ACQUIRED').filter(isStale).length,
    staleDelivers: of('DELIVER', 'TAKEN').filter(({ reference, at }) => {
      const token = tokenOf.get(reference ?? '');
      return token !== undefined && isStale({ token, at });
    }).length,
    mostLogins: Math.max(
      ...acquired.map(({ at }, nth) => {
        const until = acquired[nth + 1]?.at ?? Number.POSITIVE_INFINITY;
        return certs.filter((certAt) => certAt >= at && certAt < until).length;
      }),
    ),
    doubleBinds: of('BIND', 'REFUSED').filter(({ reason }) => reason?.startsWith('ID is bound twice')).length,
    leastPauseMs: Math.min(...pauses),
  };
}
