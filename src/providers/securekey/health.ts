/** Whether SecureKey serves the account, from what its answers show: nothing is asked for it. */
import type { ProviderFault } from '../../core/outcome.ts';
import type { SecureKeyAnswer } from './answer.ts';

export interface SecureKeyHealth {
  /** Returns whether `failing` says something else now. */
  observe(answer: SecureKeyAnswer): boolean;
  /** Why the account is not served, for an operator. */
  failing(): string | undefined;
  /** Of the account, never of a person: what was said of a call of one tenant is not for the others. */
  lastFault(): ProviderFault | undefined;
}

/** One lost connection is an accident. */
const FAILURES_THAT_COUNT = 3;

export function createSecureKeyHealth(): SecureKeyHealth {
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
      if (answer.kind === 'DONE' || answer.kind === 'REFUSED' || answer.kind === 'MFA_REQUIRED') {
        failures = 0;
        return becomes(undefined);
      }
      lastFault = ofTheAccount(answer.fault);
      // It shows the pace, and nothing of the line or the key.
      if (answer.kind === 'TOO_MANY') return false;
      if (answer.kind === 'KEY_REFUSED') return becomes(`SecureKey refuses the API key: ${answer.fault.code}.`);
      failures += 1;
      if (failures < FAILURES_THAT_COUNT) return false;
      return becomes(`The last ${FAILURES_THAT_COUNT} calls or more failed: ${answer.fault.code}.`);
    },
    failing: () => failing,
    lastFault: () => lastFault,
  };
}

/** The text of an answer may quote what was sent; that of a lost line does not. */
function ofTheAccount(fault: ProviderFault): ProviderFault {
  if (fault.httpStatus === undefined) return fault;
  const { text: _, ...wordless } = fault;
  return wordless;
}
