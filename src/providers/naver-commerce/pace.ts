/**
 * A line of calls for each path, under the rate that Naver tells in its answers (Naver Commerce, restriction: a token
 * bucket per API and application, which several gateways share). It decides when; what leaves is its callers' business.
 */
import type { Clock } from '../../core/clock.ts';
import type { HttpHeaders } from '../http-client.ts';

export type Turn = { readonly granted: true } | { readonly granted: false; readonly waitMs: number };

export interface Pace {
  /**
   * Resolves when the next call of the path may leave, or with the least wait that is left where that would be after
   * `deadlineMs` (monotonic), or the pace was stopped.
   */
  turn(path: string, deadlineMs: number): Promise<Turn>;
  /** Follows GNCP-GW-RateLimit-Replenish-Rate and -Remaining of an answer. */
  observe(path: string, headers: HttpHeaders): void;
  /** Nothing of the path leaves for so long. */
  hold(path: string, holdMs: number): void;
  ratePerSecond(path: string): number;
  /** Lets everybody who waits go, without a turn. */
  stop(): void;
}

/** What most order APIs were seen to have; the first answer tells the true one. */
const DEFAULT_RATE = 2;
const MAX_RATE = 10_000;

interface Waiting {
  readonly deadlineMs: number;
  readonly settle: (turn: Turn) => void;
}

interface Line {
  rate: number;
  /** At most `rate`: the other half of Naver's burst is left for whoever shares it. */
  tokens: number;
  filledAtMs: number;
  heldUntilMs: number;
  queue: Waiting[];
  timer: NodeJS.Timeout | undefined;
}

export function createPace(clock: Clock): Pace {
  const lines = new Map<string, Line>();
  let isStopped = false;

  function lineOf(path: string): Line {
    const known = lines.get(path);
    if (known !== undefined) return known;
    const nowMs = clock.monotonicMs();
    const made: Line = {
      rate: DEFAULT_RATE,
      tokens: DEFAULT_RATE,
      filledAtMs: nowMs,
      heldUntilMs: nowMs,
      queue: [],
      timer: undefined,
    };
    lines.set(path, made);
    return made;
  }

  function fill(line: Line): number {
    const nowMs = clock.monotonicMs();
    line.tokens = Math.min(line.rate, line.tokens + ((nowMs - line.filledAtMs) / 1_000) * line.rate);
    line.filledAtMs = nowMs;
    return nowMs;
  }

  /** Until the one with so many before it may leave. */
  function waitMs(line: Line, nowMs: number, before: number): number {
    const tokensMs = Math.max(0, ((before + 1 - line.tokens) / line.rate) * 1_000);
    return Math.ceil(Math.max(tokensMs, line.heldUntilMs - nowMs));
  }

  function advance(line: Line): void {
    clearTimeout(line.timer);
    line.timer = undefined;
    const nowMs = fill(line);
    while (line.queue.length > 0 && waitMs(line, nowMs, 0) === 0) {
      line.tokens -= 1;
      line.queue.shift()?.settle({ granted: true });
    }
    const tooLate = line.queue.filter((each, before) => nowMs + waitMs(line, nowMs, before) > each.deadlineMs);
    line.queue = line.queue.filter((each) => !tooLate.includes(each));
    for (const { settle } of tooLate) settle({ granted: false, waitMs: waitMs(line, nowMs, 0) });
    if (line.queue.length > 0) line.timer = setTimeout(advance, Math.max(1, waitMs(line, nowMs, 0)), line);
  }

  return {
    turn(path, deadlineMs) {
      if (isStopped) return Promise.resolve({ granted: false, waitMs: 0 });
      const line = lineOf(path);
      const nowMs = fill(line);
      const wait = waitMs(line, nowMs, line.queue.length);
      if (nowMs + wait > Math.max(deadlineMs, nowMs)) return Promise.resolve({ granted: false, waitMs: wait });
      return new Promise((settle) => {
        line.queue.push({ deadlineMs: Math.max(deadlineMs, nowMs), settle });
        advance(line);
      });
    },
    observe(path, headers) {
      const line = lineOf(path);
      fill(line);
      const rate = wholeNumber(headers['gncp-gw-ratelimit-replenish-rate']);
      const remaining = wholeNumber(headers['gncp-gw-ratelimit-remaining']);
      if (rate !== undefined && rate > 0) {
        // A rate that grew shows in the tokens at once, so that the first burst of a process is not held at the default.
        line.tokens += Math.min(rate, MAX_RATE) - line.rate;
        line.rate = Math.min(rate, MAX_RATE);
      }
      if (remaining !== undefined) line.tokens = Math.min(line.tokens, remaining);
      advance(line);
    },
    hold(path, holdMs) {
      const line = lineOf(path);
      line.heldUntilMs = Math.max(line.heldUntilMs, clock.monotonicMs() + holdMs);
      advance(line);
    },
    ratePerSecond: (path) => lineOf(path).rate,
    stop() {
      isStopped = true;
      for (const line of lines.values()) {
        clearTimeout(line.timer);
        for (const { settle } of line.queue.splice(0)) settle({ granted: false, waitMs: 0 });
      }
    },
  };
}

function wholeNumber(value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,9}$/.test(value.trim()) ? Number(value) : undefined;
}
