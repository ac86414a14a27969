/** Whether Sentbe serves the account, from what its answers show: nothing is asked for it. */
import type { ProviderFault } from '../../core/outcome.ts';
import type { SentbeAnswer } from './answer.ts';

export interface SentbeHealth {
  /** Returns whether `failing` says something else now. */
  observe(answer: SentbeAnswer): boolean;
  /** Why the account is not served, for an operator. */
  failing(): string | undefined;
  /** Of the account, never of a person: what was said of a call of one tenant is not for the others. */
  lastFault(): ProviderFault | undefined;
}

/** One lost connection is an accident. */
const FAILURES_THAT_COUNT = 3;

export function createSentbeHealth(): SentbeHealth {
  let failures = 0;
  let failing: string | undefined;
  let lastFault: ProviderFault | undefined;

  function becomes(next: string | undefined): boolean {
    const changed = next !== failing;
    failing = next;
    return changed;
  }

  return {
    observe(answer) {
      if (answer.kind === 'DONE' || answer.kind === 'REFUSED') {
        failures = 0;
        return becomes(undefined);
      }
      const { text: _, ...wordless } = answer.fault;
      // The text of an answer may quote what was sent; that of a lost line does not.
      lastFault = answer.fault.httpStatus === undefined ? answer.fault : wordless;
      if (answer.kind === 'KEY_REFUSED') return becomes(`Sentbe refuses the partner: ${answer.fault.code}.`);
      failures += 1;
      if (failures < FAILURES_THAT_COUNT) return false;
      return becomes(`The last ${FAILURES_THAT_COUNT} calls or more failed: ${answer.fault.code}.`);
    },
    failing: () => failing,
    lastFault: () => lastFault,
  };
}
