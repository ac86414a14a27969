/**
 * When an account may log in again: pure arithmetic over how sessions ended. Too many logins lock the account and a
 * double login kicks both sides (NGS 2.0.1, section 1.2), so every answer errs on the slow side. It holds no timers.
 */
import type { NgsTimings } from './timings.ts';

/** How a login, or the session that it made, ended. */
export interface SessionEnd {
  /** REFUSED: a CERT_ACK or BIND_ACK said no, for good. KICKED: dropped right after BIND. LEFT: we went. */
  readonly kind: 'REFUSED' | 'KICKED' | 'LOST' | 'LEFT';
  /** From BOUND to the end; undefined where BOUND was never reached. */
  readonly boundForMs: number | undefined;
}

export interface LoginPolicy {
  /** The earliest moment for the next CERT, not before now; Infinity once only an operator can help. */
  earliestCertAt(nowMs: number): number;
  noteCert(nowMs: number): void;
  noteEnd(end: SessionEnd, nowMs: number): void;
}

/** A password does not become right by itself, and the next try may be the one that locks the account. */
const MAX_REFUSALS = 3;
const MAX_JITTER = 0.5;

export function createLoginPolicy(timings: NgsTimings, random: () => number = Math.random): LoginPolicy {
  const { loginBudgets, certIntervalMs, reconnectFloorMs, reconnectCeilingMs, kickedFloorMs, kickedCeilingMs } =
    timings;
  const longestSpanMs = Math.max(certIntervalMs, ...loginBudgets.map(({ spanMs }) => spanMs));
  let notBeforeMs = 0;
  /** Ascending. */
  let certsAtMs: readonly number[] = [];
  let refusals = 0;
  let failures = 0;
  let shortLives = 0;
  let kicks = 0;

  function backOff(floorMs: number, ceilingMs: number, streak: number): number {
    const delayMs = Math.min(ceilingMs, floorMs * 2 ** (streak - 1));
    return delayMs * (1 + MAX_JITTER * random());
  }

  function delayAfter({ kind, boundForMs }: SessionEnd): number {
    const wasStable = boundForMs !== undefined && boundForMs >= timings.stableAfterMs;
    if (wasStable) {
      failures = 0;
      shortLives = 0;
      kicks = 0;
    } else if (boundForMs !== undefined) {
      shortLives++;
    }
    // Another gateway with the same ID kicks us when it logs in, seconds after we did: twice short is no accident.
    if (kind === 'KICKED' || (!wasStable && boundForMs !== undefined && shortLives > 1)) {
      kicks++;
      return backOff(kickedFloorMs, kickedCeilingMs, kicks);
    }
    failures++;
    return backOff(reconnectFloorMs, reconnectCeilingMs, failures);
  }

  return {
    earliestCertAt(nowMs) {
      let earliest = Math.max(nowMs, notBeforeMs, (certsAtMs.at(-1) ?? -certIntervalMs) + certIntervalMs);
      for (const { spanMs, logins } of loginBudgets) {
        const blocking = certsAtMs.at(-logins);
        if (blocking !== undefined) earliest = Math.max(earliest, blocking + spanMs);
      }
      return earliest;
    },
    noteCert(nowMs) {
      certsAtMs = [...certsAtMs.filter((atMs) => nowMs - atMs < longestSpanMs), nowMs];
    },
    noteEnd(end, nowMs) {
      if (end.kind === 'LEFT') {
        notBeforeMs = Math.max(notBeforeMs, nowMs + reconnectFloorMs);
        return;
      }
      if (end.boundForMs !== undefined) refusals = 0;
      if (end.kind === 'REFUSED') refusals++;
      notBeforeMs = refusals >= MAX_REFUSALS ? Number.POSITIVE_INFINITY : nowMs + delayAfter(end);
    },
  };
}
