/** An NGS account of ours against a scripted peer: what every session test opens, and closes by itself. */
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import type {
  MessageProvider,
  ReceivedReport,
  ReportInbox,
  Submission,
  SubmitResult,
} from '../../../src/core/provider.ts';
import { createNgsProvider, type NgsProviderOptions } from '../../../src/providers/ngs/provider.ts';
import type { NgsTimings } from '../../../src/providers/ngs/timings.ts';
import { type NgsPeer, PASSWORD, type PeerScript, startNgsPeer } from '../../support/ngs-peer.ts';
import { until } from '../../support/until.ts';

/** Short where a test waits for them, long where they would only disturb. */
const QUICK: NgsTimings = {
  connectTimeoutMs: 5_000,
  ackTimeoutMs: 10_000,
  linkIdleMs: 60_000,
  reconnectFloorMs: 20,
  reconnectCeilingMs: 20,
  certIntervalMs: 0,
  loginBudgets: [],
  kickedWithinMs: 0,
  kickedFloorMs: 20,
  kickedCeilingMs: 20,
  stableAfterMs: 0,
  closingGraceMs: 20,
  slowAckMs: 10_000,
  pacingWindowMs: 1_001,
  queueTimeoutMs: 10_000,
  drainTimeoutMs: 100,
};

interface LogRecord {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface TestAccount {
  readonly provider: MessageProvider;
  readonly peer: NgsPeer;
  readonly reports: ReceivedReport[];
  readonly logged: LogRecord[];
  readonly inbox: ReportInbox;
  state(): string | undefined;
  bound(): Promise<void>;
  /** An SMS, unless the change says otherwise. */
  send(change?: Partial<Submission>): Promise<SubmitResult>;
}

export const SMS: Submission = {
  kind: 'SMS',
  purpose: 'NORMAL',
  to: '01020001234',
  from: '15880000',
  text: 'SMS 테스트 발송 입니다.',
};

export async function openAccount(
  given: {
    readonly script?: Partial<PeerScript>;
    readonly timings?: Partial<NgsTimings>;
    readonly inbox?: ReportInbox;
    readonly isStarted?: boolean;
  } & Partial<Pick<NgsProviderOptions, 'window' | 'resultCodes' | 'port' | 'encrypted' | 'extension'>> = {},
): Promise<TestAccount> {
  const { script, timings, isStarted = true, ...options } = given;
  const peer = await startNgsPeer(script);
  const reports: ReceivedReport[] = [];
  const logged: LogRecord[] = [];
  const logTo = (level: LogRecord['level']) => (event: string, fields?: object) =>
    logged.push({ level, event, ...fields } as LogRecord);
  const inbox = given.inbox ?? {
    async receive(report) {
      reports.push(report);
    },
  };
  const provider = createNgsProvider({
    account: 'main',
    host: '127.0.0.1',
    port: peer.port,
    id: 'testid',
    password: PASSWORD,
    encrypted: false,
    senderCode: '101280092',
    simulated: false,
    clock: systemClock,
    log: { info: logTo('info'), warn: logTo('warn'), error: logTo('error') },
    ...options,
    timings: { ...QUICK, ...timings },
  });
  onTestFinished(async () => {
    await provider.stop();
    await peer.close();
  });
  const account: TestAccount = {
    provider,
    peer,
    reports,
    logged,
    inbox,
    state: () => provider.health().ngs?.state,
    bound: () => until(() => account.state() === 'BOUND'),
    send: (change) => submit(provider, change),
  };
  if (isStarted) await provider.start(inbox);
  return account;
}

function submit(provider: MessageProvider, change: Partial<Submission> = {}): Promise<SubmitResult> {
  const reference = provider.newReference();
  if (reference === undefined) throw new Error('NGS makes references');
  return provider.submit({ ...SMS, ...change }, { reference, startedAt: systemClock.now() });
}
