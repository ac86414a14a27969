/**
 * REPORTs on their way to the partner: queued while there is no REP session, sent again on the next one until their
 * REPORT_ACK comes (the document is silent on it). It decides no results.
 */
import { z } from 'zod';
import type { ArmedFault } from '../faults.ts';
import type { Ledger } from '../ledger.ts';
import type { Timers } from '../timers.ts';
import type { NgsConnection } from './connection.ts';
import { NGS_RESULT_CODES, type NgsResultName } from './results.ts';
import { buildFrame, HEAD, REPORT } from './wire.ts';

const RESULT_NAMES = Object.keys(NGS_RESULT_CODES) as NgsResultName[];
const field = (maxBytes: number) =>
  z
    .string()
    .regex(/^[\x20-\x7e]*$/, 'printable ASCII only')
    .max(maxBytes);

/** A REPORT to send as it stands, for what a real server would never or rarely do. */
export const reportSchema = z.strictObject({
  serial: field(19),
  /** A fresh one where it is missing. */
  gwSerial: field(15).optional(),
  /** A name of the result table or the code itself. @default 0 */
  result: z.union([field(3), z.enum(RESULT_NAMES)]).default('E_OK'),
  message: field(14).default(''),
  to: field(19).default('01020001234'),
  /** YYYYMMDDHHMISS in Korea; now, where it is missing. */
  sendTime: field(14).optional(),
  telcoInfo: field(3).default('SK'),
});
export type ReportRequest = z.input<typeof reportSchema>;

export interface OutgoingReport {
  readonly serial: string;
  readonly gwSerial: string;
  readonly result: string;
  readonly message: string;
  readonly to: string;
  readonly sendTime: string;
  readonly telcoInfo: string;
}

export interface ReportOutbox {
  /** Not yet acknowledged, sent or not. */
  readonly size: number;
  /** A fault bends its first transmission only. */
  add(report: OutgoingReport, fault?: ArmedFault): void;
  attach(session: NgsConnection): void;
  /** The session is gone: what it left unanswered goes out first on the next one. */
  detach(session: NgsConnection): void;
  /** False where no such REPORT is waiting. */
  acknowledge(serial: string, gwSerial: string): boolean;
}

interface Queued {
  readonly report: OutgoingReport;
  readonly fault?: ArmedFault | undefined;
}

interface InFlight {
  readonly report: OutgoingReport;
  readonly stopWaiting: () => void;
}

export function createReportOutbox(options: {
  readonly ledger: Ledger;
  readonly timers: Timers;
  readonly ackTimeoutMs: () => number;
  /** REPORTs sent ahead of their ACKs; the document sets no limit. */
  readonly window: number;
}): ReportOutbox {
  const { ledger, timers } = options;
  let queue: Queued[] = [];
  let inFlight: InFlight[] = [];
  let session: NgsConnection | undefined;

  function pump(): void {
    while (session?.open && inFlight.length < options.window) {
      const next = queue.shift();
      if (next === undefined) return;
      transmit(session, next);
    }
  }

  function transmit(to: NgsConnection, { report, fault }: Queued): void {
    const frame = buildFrame(HEAD.REPORT, REPORT, {
      RESULT: report.result,
      MESSAGE: report.message,
      DA_ADDR: report.to,
      SERIAL: report.serial,
      GWSERIAL: report.gwSerial,
      SENDTIME: report.sendTime,
      TELCOINFO: report.telcoInfo,
    });
    const { serial, ...fields } = report;
    ledger.record({ event: 'REPORT', outcome: 'SENT', reference: serial, fields });
    // Without an ACK for 10 seconds the connection ends and is made anew (section 2.2).
    const stopWaiting = timers.after(options.ackTimeoutMs(), () => to.evict('no REPORT_ACK in time'));
    inFlight.push({ report, stopWaiting });
    // Last, since a fault may end the session here and now.
    to.send(frame, fault);
  }

  function requeue(): void {
    for (const { stopWaiting } of inFlight) stopWaiting();
    queue = [...inFlight.map(({ report }) => ({ report })), ...queue];
    inFlight = [];
  }

  return {
    get size() {
      return queue.length + inFlight.length;
    },
    add(report, fault) {
      queue.push({ report, fault });
      pump();
    },
    attach(next) {
      // The session before may still be on its way out.
      requeue();
      session = next;
      pump();
    },
    detach(gone) {
      if (session !== gone) return;
      session = undefined;
      requeue();
    },
    acknowledge(serial, gwSerial) {
      const at = inFlight.findIndex(({ report }) => report.serial === serial && report.gwSerial === gwSerial);
      const found = inFlight[at];
      if (found === undefined) return false;
      found.stopWaiting();
      inFlight = inFlight.toSpliced(at, 1);
      pump();
      return true;
    },
  };
}
