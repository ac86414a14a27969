/** A provider that answers as the test says, and remembers what it was asked. It keeps what a real one must keep. */
import type {
  Attempt,
  MessageProvider,
  ReportInbox,
  SmsProvider,
  Submission,
  SubmitResult,
} from '../../src/core/provider.ts';

import { NGS_LIMITS } from '../../src/providers/ngs/limits.ts';
import { SENS_LIMITS } from '../../src/providers/sens/limits.ts';

export interface ScriptedProvider extends MessageProvider {
  readonly submissions: { readonly submission: Submission; readonly attempt: Attempt }[];
  readonly lookUps: Attempt[];
  inbox(): ReportInbox;
  setVacancies(vacancies: number): void;
  setHealthy(isHealthy: boolean): void;
}

export interface Script {
  readonly provider?: SmsProvider;
  readonly submit: (submission: Submission, attempt: Attempt, nth: number) => Promise<SubmitResult>;
  readonly lookUp?: NonNullable<MessageProvider['lookUp']>;
  readonly groups?: NonNullable<MessageProvider['groups']>;
  readonly reservations?: NonNullable<MessageProvider['reservations']>;
  readonly submitTimeoutMs?: number;
}

export function scriptedProvider(script: Script): ScriptedProvider {
  const { provider = 'NGS', submitTimeoutMs = 1_000 } = script;
  const submissions: ScriptedProvider['submissions'] = [];
  const lookUps: Attempt[] = [];
  const listeners = new Set<() => void>();
  let inbox: ReportInbox | undefined;
  let vacancies = 100;
  let healthy = true;
  let serial = 0;
  const { lookUp, groups, reservations } = script;
  return {
    provider,
    account: 'default',
    limits: provider === 'NGS' ? NGS_LIMITS : SENS_LIMITS,
    submitTimeoutMs,
    soleOwner: provider === 'NGS' ? { restMs: 0 } : undefined,
    submissions,
    lookUps,
    async start(reportInbox) {
      inbox = reportInbox;
    },
    async stop() {},
    vacancies: () => vacancies,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    newReference() {
      serial += 1;
      return provider === 'NGS' ? `SERIAL${serial}` : undefined;
    },
    submit(submission, attempt) {
      submissions.push({ submission, attempt });
      return script.submit(submission, attempt, submissions.length);
    },
    ...(groups !== undefined && { groups }),
    ...(reservations !== undefined && { reservations }),
    ...(lookUp !== undefined && {
      lookUp(submission: Submission, attempt: Attempt) {
        lookUps.push(attempt);
        return lookUp(submission, attempt);
      },
    }),
    health: () => ({ provider, account: 'default', configured: true, healthy, simulated: false }),
    inbox() {
      if (inbox === undefined) throw new Error('The provider was not started.');
      return inbox;
    },
    setHealthy(isHealthy) {
      healthy = isHealthy;
    },
    setVacancies(value) {
      vacancies = value;
      for (const listener of listeners) listener();
    },
  };
}
