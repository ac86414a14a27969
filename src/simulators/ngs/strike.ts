/** How an armed fault strikes at a point of the NGS simulator: it delays, withholds, or puts another result. */
import type { ArmedFault, FaultList, FaultPoint } from '../faults.ts';
import type { Ledger } from '../ledger.ts';
import type { Timers } from '../timers.ts';
import { type NgsResultCodes, resultCode } from './results.ts';
import type { NgsSettings } from './settings.ts';

interface StrikePoint {
  readonly on: FaultPoint;
  readonly event: string;
  readonly reference?: string;
  /** With a fault, it bends what is sent here, or hits the connection. */
  readonly proceed: (fault?: ArmedFault) => void;
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
  /** A new TPS, and the EVENT 1 that tells it. */
  readonly retune: (tps: { readonly [N in keyof NgsSettings['tps']]?: number | undefined }) => void;
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
      switch (fault?.kind) {
        case 'delay':
          options.timers.after(fault.ms ?? 0, point.proceed);
          break;
        case 'drop':
          point.drop();
          break;
        case 'reject':
          point.reject?.(codeOf(fault));
          break;
        case 'tps':
          options.retune(fault.tps ?? {});
          point.proceed();
          break;
        default:
          point.proceed(fault);
      }
    },
    take: strike,
    codeOf,
  };
}
