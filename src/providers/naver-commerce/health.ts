/**
 * Whether Naver serves the application, from what its answers show: nothing is asked for it. The token calls and the
 * others are judged apart, since an application that may have no more tokens is still served while it has one.
 */
import type { ProviderFault } from '../../core/outcome.ts';
import type { CommerceReply } from './answer.ts';

export interface CommerceHealth {
  /** `blames`: whether a refusal speaks of the application, and not of a seller or an order. Returns whether `failing` says something else now. */
  observe(reply: CommerceReply, of: 'token' | 'data', blames: boolean): boolean;
  /** Of one thing in an answer that could otherwise be read. */
  note(fault: ProviderFault): void;
  /** Why the application is not served, for an operator. */
  failing(): string | undefined;
  lastFault(): ProviderFault | undefined;
}

/** One lost connection is an accident. */
const FAILURES_THAT_COUNT = 3;

export function createCommerceHealth(): CommerceHealth {
  const lines = { token: { failures: 0, why: '' }, data: { failures: 0, why: '' } };
  let lastFault: ProviderFault | undefined;
  const failing = (): string | undefined => [lines.token.why, lines.data.why].find((why) => why !== '');

  function judge(reply: CommerceReply, line: (typeof lines)['token'], blames: boolean): void {
    if (reply.kind === 'DONE' || (reply.kind === 'REFUSED' && !blames)) {
      line.failures = 0;
      line.why = '';
    } else if (reply.kind === 'REFUSED') {
      line.why = `Naver refuses the application: ${reply.fault.code}.`;
    } else if (reply.kind === 'RESTRICTED') {
      const { quotaPerHour } = reply;
      line.why = `Naver has restricted the application${quotaPerHour === undefined ? '' : ` to ${quotaPerHour} an hour`}.`;
    } else if (reply.kind === 'UNCLEAR' || reply.kind === 'NOT_TAKEN') {
      line.failures += 1;
      if (line.failures >= FAILURES_THAT_COUNT) {
        line.why = `The last ${FAILURES_THAT_COUNT} calls or more failed: ${reply.fault.code}.`;
      }
    }
  }

  return {
    observe(reply, of, blames) {
      const before = failing();
      if ('fault' in reply && (reply.kind !== 'REFUSED' || blames)) lastFault = reply.fault;
      judge(reply, lines[of], blames);
      return failing() !== before;
    },
    note(fault) {
      lastFault = fault;
    },
    failing,
    lastFault: () => lastFault,
  };
}
