/** How an armed fault strikes at a point of the NGS simulator: it delays, withholds, or puts another result. */
import type { ArmedFault, FaultList, FaultPoint } from '../faults.ts';
import type { Ledger } from '../ledger.ts';
import type { Timers } from '../timers.ts';
import { type NgsResultCodes, resultCode } from './results.ts';

interface StrikePoint {
  readonly on: FaultPoint;
  readonly event: string;
  readonly reference?: string;
  readonly proceed: () => void;
  readonly drop: () => void;
  readonly reject?: (code: string) => void;
}

export interface Strikes {
  /** Proceeds at once where no fault is armed. */
  pass(point: StrikePoint): void;
  /** The fault that strikes now, on record, for points that mix it into something larger. */
  take(on: FaultPoint, event: string, reference: string): ArmedFault | undefined;
  codeOf(fault: ArmedFault): string;
}

export function createStrikes(options: {
  readonly faults: FaultList;
  readonly ledger: Ledger;
  readonly timers: Timers;
  readonly codes: NgsResultCodes;
}): Strikes {
  function strike(on: FaultPoint, event: string, reference: string | undefined): ArmedFault | undefined {
    const fault = options.faults.strike(on);
    if (fault === undefined) return undefined;
    const reason = `fault ${fault.id}: ${fault.kind} on ${fault.on}`;
    options.ledger.record({ event, outcome: 'FAULT', reason, ...(reference !== undefined && { reference }) });
    return fault;
  }
  const codeOf = (fault: ArmedFault) => resultCode(options.codes, fault.code ?? 'E_SYS_FAIL');

  return {
    pass(point) {
      const fault = strike(point.on, point.event, point.reference);
      if (fault === undefined) point.proceed();
      else if (fault.kind === 'delay') options.timers.after(fault.ms ?? 0, point.proceed);
      else if (fault.kind === 'drop') point.drop();
      else point.reject?.(codeOf(fault));
    },
    take: strike,
    codeOf,
  };
}
