/**
 * What becomes of a DELIVER at the NGS simulator: taken or refused, acknowledged, and its REPORT after a while. It
 * holds what is owed to the partner; sessions come and go around it.
 */
import type { Clock } from '../../core/clock.ts';
import type { ArmedFault } from '../faults.ts';
import { koreaCompact } from '../korea-time.ts';
import type { Ledger } from '../ledger.ts';
import { endingOf } from '../recipients.ts';
import type { Timers } from '../timers.ts';
import type { NgsConnection } from './connection.ts';
import type { NgsContent, TpsClass } from './content.ts';
import type { NgsAccount } from './credentials.ts';
import { type ReadDeliver, readDeliver } from './deliver.ts';
import { ngsEndingOf } from './endings.ts';
import { createReportOutbox, type OutgoingReport, type ReportRequest, reportSchema } from './reports.ts';
import { type NgsRefusal, type NgsResultCodes, resultCode } from './results.ts';
import type { NgsSettings } from './settings.ts';
import { createSlidingSecond } from './sliding-second.ts';
import type { Strikes } from './strike.ts';
import { buildFrame, DELIVER_ACK, HEAD, REPORT_ACK, readFields } from './wire.ts';

/** Beyond it a DELIVER is refused as E_SYS_BUSY, so that a partner that never acknowledges cannot fill the memory. */
const MAX_WAITING_REPORTS = 50_000;
/** By how much the DELIVER_ACK of the number whose report comes early is held back. */
const EARLY_REPORT_MS = 100;
/** REPORTs sent ahead of their ACKs; the document sets no limit. */
const REPORT_WINDOW = 100;
const KOREA_OFFSET_MS = 9 * 3_600_000;

export interface NgsDelivery {
  /** Both may throw NgsViolation. */
  deliver(connection: NgsConnection, body: Buffer): void;
  reportAck(body: Buffer): void;
  /** REPORTs flow on this session from now, until it is detached. */
  attach(session: NgsConnection): void;
  detach(session: NgsConnection): void;
  sendReport(request: ReportRequest): OutgoingReport;
  /** REPORTs without their REPORT_ACK, due or not. */
  readonly waiting: number;
  /** Makes every REPORT due: once the timers are gone, they wait for the next session instead. */
  settle(): void;
}

export function createNgsDelivery(options: {
  readonly account: NgsAccount;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ledger: Ledger;
  readonly strikes: Strikes;
  readonly codes: NgsResultCodes;
  readonly settings: () => NgsSettings;
}): NgsDelivery {
  const { account, clock, timers, ledger, strikes, codes, settings } = options;
  const seconds = {
    sms: createSlidingSecond(clock),
    mms: createSlidingSecond(clock),
    kakao: createSlidingSecond(clock),
  };
  const ackTimeoutMs = () => settings().ackTimeoutMs;
  const outbox = createReportOutbox({ ledger, timers, ackTimeoutMs, window: REPORT_WINDOW });
  const notYetDue = new Set<() => void>();
  // Starts at the time of day and grows by one a message: unique on a day, also over a new process.
  let lastGwSerial = ((clock.now() + KOREA_OFFSET_MS) % 86_400_000) * 10;

  function take(connection: NgsConnection, message: ReadDeliver): void {
    const { verdict, serial: reference } = message;
    const refused = verdict.ok ? refusedByLoad(verdict.tpsClass) : verdict.refusal;
    if (refused !== undefined) {
      const result = codes[refused.result];
      const { reason } = refused;
      ledger.record({ event: 'DELIVER', outcome: 'REFUSED', reference, reason, fields: { ...shown(message), result } });
      acknowledge(connection, message, result);
      return;
    }
    const gwSerial = nextGwSerial();
    ledger.record({ event: 'DELIVER', outcome: 'TAKEN', reference, fields: { ...shown(message), gwSerial } });
    strikes.pass({
      on: 'ack',
      event: 'DELIVER_ACK',
      reference,
      proceed: (fault) => {
        const ack = () => acknowledge(connection, message, codes.E_OK, fault);
        if (endingOf(message.to) === 'EARLY') timers.after(EARLY_REPORT_MS, ack);
        else ack();
      },
      drop: () => undefined,
    });
    if (verdict.ok) scheduleReport(message, verdict.content, gwSerial);
  }

  function refusedByLoad(tpsClass: TpsClass): NgsRefusal | undefined {
    if (outbox.size + notYetDue.size >= MAX_WAITING_REPORTS) {
      return { result: 'E_SYS_BUSY', reason: 'too many REPORTs wait' };
    }
    const limit = settings().tps[tpsClass];
    return seconds[tpsClass].pass(limit) ? undefined : { result: 'E_TPS_OVER', reason: `over ${limit} a second` };
  }

  function acknowledge(connection: NgsConnection, message: ReadDeliver, code: string, fault?: ArmedFault): void {
    connection.send(buildFrame(HEAD.DELIVER_ACK, DELIVER_ACK, { RESULT: code, ...message.raw }), fault);
  }

  function scheduleReport(message: ReadDeliver, content: NgsContent, gwSerial: string): void {
    const ending = endingOf(message.to);
    const fault = strikes.take('report', 'REPORT', message.serial);
    if (fault?.kind === 'drop' || ending === 'NEVER_ENDS') return;
    const forced =
      fault?.kind === 'reject' ? { result: strikes.codeOf(fault), message: '', telcoInfo: 'ETC' } : undefined;
    const end = forced ?? ngsEndingOf(ending, message.to, content, codes);
    const send = () => {
      notYetDue.delete(send);
      const report: OutgoingReport = {
        ...end,
        serial: message.serial,
        gwSerial,
        to: message.to,
        sendTime: koreaCompact(clock.now()),
      };
      outbox.add(report, fault);
      if (ending === 'TWICE') outbox.add(report);
    };
    notYetDue.add(send);
    const delayMs = fault?.kind === 'delay' ? (fault.ms ?? 0) : 0;
    timers.after(ending === 'EARLY' ? 0 : settings().reportDelayMs + delayMs, send);
  }

  /** yyMMdd and nine digits, 15 in all as in the sample. */
  function nextGwSerial(): string {
    lastGwSerial += 1;
    return koreaCompact(clock.now()).slice(2, 8) + String(lastGwSerial % 1_000_000_000).padStart(9, '0');
  }

  return {
    deliver(connection, body) {
      const message = readDeliver(body, account, settings().extentions);
      strikes.pass({
        on: 'send',
        event: 'DELIVER',
        reference: message.serial,
        proceed: (fault) => (fault === undefined ? take(connection, message) : connection.strike(fault)),
        reject: (code) => acknowledge(connection, message, code),
        drop: () => connection.cut(),
      });
    },
    reportAck(body) {
      const fields = readFields(REPORT_ACK, body);
      const reference = fields.SERIAL.toString('latin1');
      const gwSerial = fields.GWSERIAL.toString('latin1');
      const result = fields.RESULT.toString('latin1');
      if (strikes.take('reportAck', 'REPORT_ACK', reference) !== undefined) return;
      const fact = { event: 'REPORT_ACK', reference, fields: { gwSerial, result } };
      if (result !== codes.E_OK) {
        // What a refused REPORT leads to is not documented: here it stays unacknowledged.
        ledger.record({ ...fact, outcome: 'REFUSED', reason: 'RESULT is not E_OK' });
      } else if (outbox.acknowledge(reference, gwSerial)) {
        ledger.record({ ...fact, outcome: 'TAKEN' });
      } else {
        ledger.record({ ...fact, outcome: 'IGNORED', reason: 'no such REPORT waits' });
      }
    },
    attach: outbox.attach,
    detach: outbox.detach,
    sendReport(request) {
      const { result, gwSerial, sendTime, ...rest } = reportSchema.parse(request);
      const report: OutgoingReport = {
        ...rest,
        result: resultCode(codes, result),
        gwSerial: gwSerial ?? nextGwSerial(),
        sendTime: sendTime ?? koreaCompact(clock.now()),
      };
      outbox.add(report);
      return report;
    },
    get waiting() {
      return outbox.size + notYetDue.size;
    },
    settle() {
      for (const send of [...notYetDue]) send();
    },
  };
}

/** A message as the ledger shows it: also the content of one that came too fast. */
function shown({ msgType, to, from, encoding, senderCode, verdict }: ReadDeliver) {
  return { msgType, to, from, encoding, senderCode, ...(verdict.ok && verdict.content) };
}
