/**
 * What the rest of Gwanmun may say to its operator: an event in words, and facts from this closed list. A field that is
 * not here cannot be logged; bodies, codes, keys and names are not here, and must never be.
 */

export interface LogFields {
  readonly profile?: string | undefined;
  readonly url?: string | undefined;
  readonly durability?: string | undefined;
  readonly signal?: string | undefined;

  readonly provider?: string | undefined;
  readonly account?: string | undefined;
  readonly simulated?: boolean | undefined;
  readonly state?: string | undefined;
  readonly session?: string | undefined;
  /** A provider's code, or a system error's (ECONNREFUSED). Never its text: that may quote what was sent. */
  readonly code?: string | undefined;
  readonly httpStatus?: number | undefined;
  readonly outcome?: string | undefined;
  /** Why a session ended, in a word of ours: ACK_LOST, PEER_CLOSED. */
  readonly cause?: string | undefined;
  readonly kind?: string | undefined;
  readonly skewMs?: number | undefined;
  readonly tps?: number | undefined;
  readonly inFlight?: number | undefined;

  readonly tenant?: string | undefined;
  readonly keyId?: string | undefined;
  readonly operation?: string | undefined;
  readonly transport?: string | undefined;
  readonly requestId?: string | undefined;
  readonly messageId?: string | undefined;
  readonly remittanceId?: string | undefined;
  /** NGS SERIAL or SENS requestId. */
  readonly reference?: string | undefined;
  readonly attempt?: number | undefined;
  readonly topic?: string | undefined;
  readonly lease?: string | undefined;
  readonly owner?: string | undefined;

  /** Of the configuration: the place and the rule, never a value. */
  readonly fault?: string | undefined;
  readonly count?: number | undefined;
  readonly usedPercent?: number | undefined;
  /** Of the count, in this UTC day and process. */
  readonly ofDay?: number | undefined;
  readonly waitMs?: number | undefined;
  readonly durationMs?: number | undefined;
  /** Written as 010-****-5678. */
  readonly phone?: string | undefined;
  /** Written as its name, code and frames; its message is left out, since it may quote input. */
  readonly error?: unknown;
}

export interface Log {
  /** `event` is fixed text: facts go into `fields`. */
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export const silentLog: Log = { info() {}, warn() {}, error() {} };
