/**
 * What becomes of messages, counted where every piece of evidence passes: sends by their outcome, states, results and how long
 * they took. It reads what was stored and changes nothing.
 */
import type { Clock } from '../core/clock.ts';
import type { Evidence, Message, SendAttempt } from '../core/messaging/message.ts';
import type { MessageStore, Recorded } from '../core/messaging/message-store.ts';
import { type Lane, laneOf } from '../core/provider.ts';
import type { Metrics } from './metrics.ts';
import { createPeak, type Peak } from './peak.ts';

export interface MessageWatch {
  observe(messages: MessageStore): MessageStore;
  /** DELIVERs of a lane in the busiest of the last seconds. */
  highestTps(account: string, lane: Lane): number;
}

/** Answers of our own to a DELIVER of which not a byte was written. */
const neverWritten: readonly string[] = ['NOT_BOUND', 'NO_ROOM', 'FIELD_REJECTED'];

export function createMessageWatch({ metrics, clock }: { metrics: Metrics; clock: Clock }): MessageWatch {
  const peaks = new Map<string, Peak>();

  function peakOf(account: string, lane: Lane): Peak {
    const name = `${account} ${lane}`;
    const peak = peaks.get(name) ?? createPeak(clock);
    peaks.set(name, peak);
    return peak;
  }

  function sent(message: Message, attempt: SendAttempt | undefined, outcome: string, wasWritten: boolean): void {
    if (attempt === undefined) return;
    const { provider, account } = attempt;
    const lane = laneOf(message.kind);
    metrics.sends.inc({ provider, account, lane, outcome });
    if (provider === 'NGS' && wasWritten) peakOf(account, lane).note();
  }

  function concluded(attempt: SendAttempt | undefined, state: Message['state'], at: number): void {
    if (attempt === undefined) return;
    metrics.reports.inc({ provider: attempt.provider, result: state });
    metrics.reportLag.observe({ provider: attempt.provider }, Math.max(0, at - attempt.startedAt) / 1_000);
  }

  function note({ message, from, changed }: Recorded, evidence: Evidence): void {
    const { state, attempts } = message;
    if (from !== state) metrics.messages.inc({ state });
    switch (evidence.type) {
      case 'ANSWERED': {
        const { result } = evidence;
        const wasWritten = result.outcome === 'ACCEPTED' || !neverWritten.includes(result.fault.code);
        sent(message, attempts[evidence.attempt], result.outcome, wasWritten);
        break;
      }
      case 'ABANDONED':
        if (changed) sent(message, attempts.at(-1), 'UNKNOWN', false);
        break;
      case 'REPORTED': {
        const attempt = attempts.find(({ reference }) => reference === evidence.reference);
        if (changed) concluded(attempt, state, evidence.at);
        break;
      }
      case 'LOOKED_UP':
        if (from !== state && evidence.result.state !== 'PENDING') {
          concluded(attempts[evidence.attempt], state, evidence.at);
        }
    }
  }

  return {
    highestTps: (account, lane) => peaks.get(`${account} ${lane}`)?.highest() ?? 0,
    observe: (messages) => ({
      ...messages,
      async accept(drafts, alongside) {
        const isStored = await messages.accept(drafts, alongside);
        if (isStored) metrics.messages.inc({ state: 'QUEUED' }, drafts.length);
        return isStored;
      },
      async record(key, evidence, alongside) {
        const recorded = await messages.record(key, evidence, alongside);
        if (recorded !== undefined) note(recorded, evidence);
        return recorded;
      },
    }),
  };
}
