/**
 * The reports of one REP session on their way to the store: each is acknowledged only once it is durable, and reading
 * stops while too many wait. It neither reads their content nor decides what they settle.
 */
import { crashPoint } from '../../core/crash-points.ts';
import type { ReceivedReport } from '../../core/provider.ts';
import { encodePacket } from './codec.ts';

export interface ReportIntake {
  receive(report: ReceivedReport): void;
  /** Stored or refused, all of them. */
  idle(): Promise<void>;
  /** The session is gone: nothing is acknowledged any more, and the server will repeat what was not. */
  close(): void;
}

/** The line that the reports came by; it writes nothing once it is closed. */
export interface ReportLine {
  write(packets: readonly Uint8Array[]): void;
  pause(): void;
  resume(): void;
}

export function createReportIntake(options: {
  readonly line: ReportLine;
  readonly okCode: string;
  /** How many reports may wait for the store before reading stops. */
  readonly maxStoring: number;
  store(report: ReceivedReport): Promise<void>;
  /** A report could not be stored; the session must end, since leaving it unacknowledged stalls the server anyway. */
  onRefused(error: unknown): void;
}): ReportIntake {
  const { line, okCode, maxStoring, store, onRefused } = options;
  let isClosed = false;
  let storing = 0;
  let isPaused = false;
  let acks: Uint8Array[] = [];
  let idleListeners: (() => void)[] = [];

  /** One write for all that a turn made durable. */
  function acknowledge(report: ReceivedReport): void {
    acks.push(encodePacket('REPORT_ACK', { RESULT: okCode, SERIAL: report.serial, GWSERIAL: report.gwSerial }));
    if (acks.length > 1) return;
    setImmediate(() => {
      const batch = acks;
      acks = [];
      line.write(batch);
      noteIdle();
    });
  }

  async function keep(report: ReceivedReport): Promise<void> {
    try {
      await store(report);
      crashPoint('report.stored');
      if (!isClosed) acknowledge(report);
    } catch (error) {
      if (!isClosed) onRefused(error);
    }
    storing--;
    if (isPaused && storing < maxStoring / 2 && !isClosed) {
      isPaused = false;
      line.resume();
    }
    noteIdle();
  }

  function noteIdle(): void {
    if (storing > 0 || acks.length > 0) return;
    const listeners = idleListeners;
    idleListeners = [];
    for (const listener of listeners) listener();
  }

  return {
    receive(report) {
      storing++;
      if (storing >= maxStoring && !isPaused) {
        isPaused = true;
        line.pause();
      }
      void keep(report);
    },
    idle() {
      if (storing === 0 && acks.length === 0) return Promise.resolve();
      return new Promise((resolve) => {
        idleListeners.push(resolve);
      });
    },
    close() {
      isClosed = true;
    },
  };
}
