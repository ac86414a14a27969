/** How an armed fault strikes an exchange over HTTP: it ends it, holds it back, or spoils its answer. */
import type { ServerResponse } from 'node:http';
import type { ArmedFault, FaultList, FaultPoint } from './faults.ts';
import { type Answer, send } from './http-exchange.ts';
import type { Ledger } from './ledger.ts';
import type { Timers } from './timers.ts';

/** A dripping answer leaves in at most so many pieces, so that a long one also ends. */
const MAX_PIECES = 500;
const PIECE_GAP_MS = 1;
const GARBAGE = '\u0000{"requestId":';

export interface Exchange {
  readonly event: string;
  readonly response: ServerResponse;
  readonly reference?: string | undefined;
  /** The endpoint, where a fault may be armed for one of several that share a point. */
  readonly endpoint?: string | undefined;
}

export interface HttpStrikes {
  /** 'ENDED' where the fault has answered, or hung up. A fault that comes back spoils the answer to come. */
  pass(on: FaultPoint, exchange: Exchange): Promise<ArmedFault | 'ENDED' | undefined>;
  /** The fault that strikes now, on record, for points that are no exchange. */
  take(on: FaultPoint, event: string, reference?: string): ArmedFault | undefined;
  answer(response: ServerResponse, answer: Answer, fault: ArmedFault | undefined): void;
}

export function createHttpStrikes(options: {
  readonly faults: FaultList;
  readonly ledger: Ledger;
  readonly timers: Timers;
  /** What a `reject` answers, in the provider's own form. */
  readonly rejection: (fault: ArmedFault) => Answer;
}): HttpStrikes {
  const { faults, ledger, timers } = options;

  function take(on: FaultPoint, event: string, reference?: string, endpoint?: string): ArmedFault | undefined {
    const fault = faults.strike(on, endpoint);
    if (fault === undefined) return undefined;
    const reason = `fault ${fault.id}: ${fault.kind} on ${fault.on}`;
    ledger.record({ event, outcome: 'FAULT', reason, ...(reference !== undefined && { reference }) });
    return fault;
  }

  function drip(response: ServerResponse, body: Buffer): void {
    const size = Math.ceil(body.length / MAX_PIECES);
    const next = (at: number) => {
      if (response.destroyed) return;
      if (at >= body.length) {
        response.end();
        return;
      }
      response.write(body.subarray(at, at + size));
      timers.after(PIECE_GAP_MS, () => next(at + size));
    };
    next(0);
  }

  return {
    take: (on, event, reference) => take(on, event, reference),
    async pass(on, { event, response, reference, endpoint }) {
      const fault = take(on, event, reference, endpoint);
      switch (fault?.kind) {
        case 'delay':
          await new Promise<void>((resolve) => timers.after(fault.ms ?? 0, resolve));
          return undefined;
        case 'drop':
          response.socket?.destroy();
          return 'ENDED';
        case 'reject':
          send(response, options.rejection(fault));
          return 'ENDED';
        default:
          return fault;
      }
    },
    answer(response, answer, fault) {
      if (response.destroyed) return;
      const body = Buffer.from(fault?.kind === 'garbage' ? GARBAGE : (answer.body ?? ''));
      switch (fault?.kind) {
        case 'cut':
          response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': body.length });
          response.write(body.subarray(0, body.length / 2), () => response.socket?.destroy());
          break;
        case 'split':
          response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': body.length });
          drip(response, body);
          break;
        case 'garbage':
          send(response, { status: answer.status, body: GARBAGE });
          break;
        default:
          send(response, answer);
      }
    },
  };
}
