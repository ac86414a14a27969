/**
 * Hanjin NGS as core's MessageProvider: submissions to DELIVER, DELIVER_ACK to an outcome, REPORT to the inbox. It
 * keeps nothing that must outlive the process: core stored the SERIAL beforehand.
 */
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import {
  type Attempt,
  laneOf,
  type MessageProvider,
  type NgsSessionHealth,
  type ProviderHealth,
  type ReportInbox,
  type Submission,
  type SubmitResult,
} from '../../core/provider.ts';
import { FieldRejected } from './codec.ts';
import { encodeDeliver, type NgsSender } from './deliver.ts';
import { createDeliveries, type DeliverOutcome } from './deliveries.ts';
import type { Tps } from './lanes.ts';
import { NGS_LIMITS } from './limits.ts';
import type { TpsLimits } from './login-answers.ts';
import { readReport } from './report.ts';
import { createReportIntake, type ReportIntake } from './report-intake.ts';
import { createResultCodes, PROVISIONAL_RESULT_CODES, type ResultCodeTable } from './result-codes.ts';
import { makeSerial } from './serial.ts';
import { createSession } from './session.ts';
import type { SessionListener } from './session-state.ts';
import { NGS_TIMINGS, type NgsTimings } from './timings.ts';

export interface NgsProviderOptions extends NgsSender {
  /** The account's name in configuration, not its ID at Hanjin. */
  readonly account: string;
  readonly host: string;
  readonly port: number;
  readonly id: string;
  readonly password: string;
  /** TYPE P: the bodies that carry messages and their results are encrypted (section 5). */
  readonly encrypted: boolean;
  /**
   * Unanswered DELIVERs at a time. 16 is room for 80 messages a second up to a round trip of 200 ms, and is what a lost
   * session leaves in doubt at most.
   * @default 16
   */
  readonly window?: number;
  /** @default PROVISIONAL_RESULT_CODES */
  readonly resultCodes?: ResultCodeTable | undefined;
  readonly simulated: boolean;
  readonly timings?: Partial<NgsTimings>;
  readonly clock: Clock;
  readonly log: Log;
}

const DEFAULT_WINDOW = 16;
/** Reports that may wait for the store: a few write batches, and a few hundred kilobytes at most. */
const MAX_STORING_REPORTS = 256;
/** Beyond the waits themselves: a busy event loop. */
const SUBMIT_SLACK_MS = 5_000;

export function createNgsProvider(options: NgsProviderOptions): MessageProvider {
  const { account, simulated, clock, log, window = DEFAULT_WINDOW } = options;
  const timings = { ...NGS_TIMINGS, ...options.timings };
  const resultCodes = createResultCodes(options.resultCodes ?? PROVISIONAL_RESULT_CODES);
  const listeners = new Set<() => void>();
  let inbox: ReportInbox = { receive: () => Promise.reject(new Error('Reports came before start')) };
  let intake: ReportIntake | undefined;
  let mayAct = (): boolean => true;
  let mayLogIn = mayAct;
  let isStopping = false;
  /** The stop under way, which a new start must wait for. */
  let stopped: Promise<void> = Promise.resolve();
  let lastRefusal: ProviderFault | undefined;
  let notice: NodeJS.Immediate | undefined;

  const deliveries = createDeliveries({
    capacity: window,
    timings,
    clock,
    mayWrite: () => mayAct(),
    onRoom: notify,
    onUnanswered: () => session.fail({ cause: 'DELIVER_UNANSWERED' }),
  });

  const listener: SessionListener = {
    onReportLine(line) {
      intake = createReportIntake({
        line,
        okCode: resultCodes.okCode,
        maxStoring: MAX_STORING_REPORTS,
        store: (report) => inbox.receive(report),
        onRefused(error) {
          log.error('ngs.report-not-stored', { account, error });
          session.fail({ cause: 'REPORT_NOT_STORED' });
        },
      });
    },
    onBound(line, limits) {
      if (!isStopping) deliveries.open(line, tpsByLane(limits));
    },
    onDrain: () => deliveries.drained(),
    onDeliverAck({ SERIAL, RESULT }) {
      const isAwaited = deliveries.acknowledge(SERIAL, RESULT);
      if (!isAwaited) log.warn('ngs.unknown-ack', { account, reference: SERIAL });
    },
    onReport(fields) {
      intake?.receive(readReport(account, fields, resultCodes.isOk(fields.RESULT)));
    },
    onLimits: (limits) => deliveries.retune(tpsByLane(limits)),
    onLeaving: () => deliveries.hold(),
    onEnd() {
      intake?.close();
      intake = undefined;
      deliveries.close();
    },
    onChange: notify,
  };
  const session = createSession({ ...options, resultCodes, timings, mayLogIn: () => mayLogIn(), log, listener });

  /** Once a turn, and never from inside the call that caused it. */
  function notify(): void {
    if (notice !== undefined) return;
    notice = setImmediate(() => {
      notice = undefined;
      for (const listen of listeners) listen();
    });
  }

  async function stop(hurry: AbortSignal | undefined): Promise<void> {
    isStopping = true;
    deliveries.hold();
    let impatience: NodeJS.Timeout | undefined;
    let loseHope = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      loseHope = resolve;
      impatience = setTimeout(resolve, timings.drainTimeoutMs);
      hurry?.addEventListener('abort', loseHope);
    });
    if (!hurry?.aborted) await Promise.race([Promise.all([deliveries.idle(), intake?.idle()]), patience]);
    clearTimeout(impatience);
    hurry?.removeEventListener('abort', loseHope);
    await session.stop({ atOnce: hurry?.aborted === true });
  }

  function fault(code: string, text?: string): ProviderFault {
    return { provider: 'NGS', code, ...(text === undefined || text === '' ? {} : { text }), at: clock.now() };
  }

  function notAccepted(reason: ProviderFault, retriable: boolean): SubmitResult {
    lastRefusal = reason;
    return { outcome: 'NOT_ACCEPTED', fault: reason, retriable };
  }

  function toResult(serial: string, outcome: DeliverOutcome): SubmitResult {
    switch (outcome.kind) {
      case 'LOST':
        return { outcome: 'UNKNOWN', fault: fault('ACK_LOST', 'The DELIVER was written and its ACK never came.') };
      case 'NOT_SENT':
        return notAccepted(fault(outcome.reason, 'Not a byte of the DELIVER was written.'), true);
      case 'ANSWERED':
        if (resultCodes.isOk(outcome.result)) return { outcome: 'ACCEPTED', reference: serial };
        // Any other RESULT means that the message never entered the server (section 7.2).
        return notAccepted(
          fault(outcome.result, resultCodes.nameOf(outcome.result)),
          resultCodes.isRetriable(outcome.result),
        );
    }
  }

  return {
    provider: 'NGS',
    account,
    limits: NGS_LIMITS,
    submitTimeoutMs: timings.queueTimeoutMs + timings.ackTimeoutMs + SUBMIT_SLACK_MS,
    // A second login under the same ID kicks both, and one too soon may lock it (section 1.2). A simulator's is ours alone.
    soleOwner: { restMs: simulated ? 0 : timings.reconnectFloorMs },

    async start(reportInbox, mayActNow = () => true, mayLogInNow = mayActNow) {
      await stopped;
      inbox = reportInbox;
      mayAct = mayActNow;
      mayLogIn = mayLogInNow;
      isStopping = false;
      session.start();
    },

    stop(hurry) {
      stopped = stop(hurry);
      return stopped;
    },

    vacancies: (lane = 'SMS') => deliveries.vacancies(lane),

    onChange(listen) {
      // A wrapper of its own, so that the same function may listen twice and let go once.
      const entry = () => listen();
      listeners.add(entry);
      return () => listeners.delete(entry);
    },

    newReference: () => makeSerial(clock.now()),

    async submit(submission: Submission, { reference }: Attempt): Promise<SubmitResult> {
      if (reference === undefined) throw new Error('A DELIVER needs the SERIAL that was stored before it');
      let packet: Uint8Array;
      try {
        packet = encodeDeliver(submission, reference, options);
      } catch (error) {
        if (!(error instanceof FieldRejected)) throw error;
        return notAccepted(fault('FIELD_REJECTED', error.message), false);
      }
      return toResult(reference, await deliveries.submit(laneOf(submission.kind), reference, packet));
    },

    health(): ProviderHealth {
      const view = session.view();
      const { lastEnding } = view;
      const isBound = view.state === 'BOUND';
      const ended =
        lastEnding === undefined
          ? undefined
          : { ...fault(lastEnding.result ?? lastEnding.cause, lastEnding.reason), at: lastEnding.at };
      const newest = [ended, lastRefusal].filter((each) => each !== undefined).sort((a, b) => b.at - a.at)[0];
      const ngs: NgsSessionHealth = {
        state: view.state,
        encrypted: options.encrypted,
        ...(view.limits ?? {}),
        inFlight: deliveries.inFlight(),
        window,
        ends: view.ends,
        ...(view.boundSince === undefined ? {} : { boundSince: view.boundSince }),
        ...(view.lastEvent === undefined ? {} : { lastEvent: view.lastEvent }),
      };
      return {
        provider: 'NGS',
        account,
        configured: true,
        healthy: isBound,
        simulated,
        ...(isBound || lastEnding === undefined ? {} : { detail: describe(lastEnding.cause, view.retryAt) }),
        ...(newest === undefined ? {} : { lastFault: newest }),
        ngs,
      };
    },
  };
}

function tpsByLane({ smsTps, mmsTps, kakaoTps }: TpsLimits): Tps {
  return { SMS: smsTps, LONG: mmsTps, KAKAO: kakaoTps };
}

function describe(cause: string, retryAt: number | undefined): string {
  return retryAt === undefined ? cause : `${cause}, next login at ${new Date(retryAt).toISOString()}`;
}
