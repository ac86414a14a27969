/**
 * What a simulator received and answered, in order, in bounded memory. It keeps no passwords and no login keys; a
 * message's text and numbers are kept, since showing them is what the ledger is for.
 */
import type { Clock, Instant } from '../core/clock.ts';

/** One name here for every simulator; what each also needs, the compiler then asks for. */
export const SIMULATED_PROVIDERS = ['SENS', 'NGS', 'SECUREKEY', 'NAVER_COMMERCE', 'SENTBE'] as const;
export type SimulatedProvider = (typeof SIMULATED_PROVIDERS)[number];

/** TAKEN: it counts for the real world. REFUSED: answered with an error. FAULT: an armed fault struck. */
type LedgerOutcome = 'TAKEN' | 'REFUSED' | 'SENT' | 'IGNORED' | 'CLOSED' | 'FAULT';

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue | undefined };

interface LedgerFact {
  /** What came or went, in the provider's own word: `POST messages`, `DELIVER`, `REPORT_ACK`. */
  readonly event: string;
  readonly outcome: LedgerOutcome;
  /** SENS and SECUREKEY: the requestId. NGS: the SERIAL. NAVER_COMMERCE: the trace id of its answer.
   * SENTBE: the partner's external_id. */
  readonly reference?: string;
  readonly fields?: Readonly<Record<string, JsonValue | undefined>>;
  readonly reason?: string;
}

export interface LedgerEntry extends LedgerFact {
  /** Rises over all ledgers of the process, so that several of them merge into one order. */
  readonly sequence: number;
  readonly provider: SimulatedProvider;
  readonly at: Instant;
}

export interface LedgerQuery {
  readonly provider?: SimulatedProvider | undefined;
  readonly event?: string | undefined;
  /** Only entries with a higher sequence, oldest first. Without it, the newest. */
  readonly since?: number | undefined;
  readonly limit?: number | undefined;
}

export interface Ledger {
  record(fact: LedgerFact): LedgerEntry;
  /** Always in the order of `sequence`. */
  entries(query?: LedgerQuery): readonly LedgerEntry[];
  clear(): number;
}

let lastSequence = 0;

export function createLedger(options: {
  readonly provider: SimulatedProvider;
  readonly clock: Clock;
  /** @default 50000 */
  readonly maxEntries?: number;
}): Ledger {
  const maxEntries = options.maxEntries ?? 50_000;
  let kept: LedgerEntry[] = [];

  return {
    record(fact) {
      lastSequence += 1;
      const entry = { sequence: lastSequence, provider: options.provider, at: options.clock.now(), ...fact };
      kept.push(entry);
      // Cut in slices, so that a full ledger does not move its whole array at each entry.
      if (kept.length >= maxEntries * 1.1) kept = kept.slice(-maxEntries);
      return entry;
    },
    entries: (query = {}) => select(kept.slice(-maxEntries), query),
    clear() {
      const cleared = Math.min(kept.length, maxEntries);
      kept = [];
      return cleared;
    },
  };
}

/** The entries of several ledgers as one, by the same query. */
export function mergeLedgers(ledgers: readonly Ledger[], query: LedgerQuery): readonly LedgerEntry[] {
  const all = ledgers.flatMap((ledger) => ledger.entries());
  return select(
    all.sort((a, b) => a.sequence - b.sequence),
    query,
  );
}

function select(entries: readonly LedgerEntry[], query: LedgerQuery): readonly LedgerEntry[] {
  const { provider, event, since, limit } = query;
  const matching = entries.filter(
    (entry) =>
      (provider === undefined || entry.provider === provider) &&
      (event === undefined || entry.event === event) &&
      (since === undefined || entry.sequence > since),
  );
  if (limit === undefined) return matching;
  return since === undefined ? matching.slice(Math.max(0, matching.length - limit)) : matching.slice(0, limit);
}
