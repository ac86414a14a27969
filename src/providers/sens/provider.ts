/**
 * Naver Cloud SENS, SMS v2: one account that takes SMS, LMS and MMS over HTTPS, and is asked for their results. It sends
 * each submission at most once; when to try again is for core to say.
 */
import type { ProviderFault } from '../../core/outcome.ts';
import type { Attempt, MessageProvider, Submission, SubmitResult } from '../../core/provider.ts';
import { outcomeOf } from './answer.ts';
import { createSensApi, type SensApiOptions, type SensCall } from './api.ts';
import { bodyOf, isReserved, keyOf, planCalls } from './calls.ts';
import { createSensFiles } from './files.ts';
import { createHoldOff } from './hold-off.ts';
import { MAX_RECIPIENTS, refusalOf, SENS_LIMITS } from './limits.ts';
import { createLookUps } from './look-up.ts';
import { acceptsReservation, cancelReservation } from './reservations.ts';

export interface SensProviderOptions extends SensApiOptions {
  readonly simulated: boolean;
  /** Calls that send, under way at once; a group is one. @default 16 */
  readonly maxInFlight?: number;
  /** How long nothing is taken after a 429 or a refused connection; doubled while that goes on. @default 250 */
  readonly holdOffMs?: number;
}

/** A result may wait for its turn on a busy event loop after the last time-out. */
const SETTLE_MARGIN_MS = 1_000;

export function createSensProvider(options: SensProviderOptions): MessageProvider {
  const { account, clock } = options;
  const maxInFlight = options.maxInFlight ?? 16;
  const api = createSensApi(options, changed);
  const holdOff = createHoldOff(options.holdOffMs ?? 250, changed);
  const files = createSensFiles({ clock, post });
  const lookUps = createLookUps({ api, clock, isRunning: () => running });

  const listeners = new Set<() => void>();
  const underWay = new Set<Promise<unknown>>();
  let running = false;
  let submitting = 0;
  let lastFault: ProviderFault | undefined;

  function changed(): void {
    for (const listener of listeners) listener();
  }

  /** What is asked in order to send; it alone shows how fast an account may go. */
  async function post(path: string, body: unknown): Promise<SensCall> {
    const call = await api.call('POST', path, body);
    const { result } = call;
    const tooFast = result.kind === 'response' && result.status === 429;
    if (result.kind !== 'not-sent' && !tooFast) holdOff.reset();
    else if (running) holdOff.hold(tooFast ? result.headers : {});
    return call;
  }

  async function send(submissions: readonly [Submission, ...Submission[]], reserved: boolean): Promise<SubmitResult> {
    const { images = [], reserveAt } = submissions[0];
    const found = await files.idsOf(images, Math.max(reserveAt ?? 0, clock.now()));
    if ('failure' in found) return found.failure;
    // An upload may have outlived the account: what was not sent yet need not be.
    if (!running) return stopped();
    const body = bodyOf(submissions, found.fileIds, reserved ? reserveAt : undefined);
    const { result, clockMended } = await post('/messages', body);
    const outcome = outcomeOf(result, clock.now());
    if (outcome.outcome !== 'NOT_ACCEPTED') return outcome;
    // The refusal may be of a file that SENS no longer has; once more, with a new one, shows it.
    const isStale = found.reused && result.kind === 'response' && (result.status === 400 || result.status === 404);
    if (isStale) files.forget(images);
    return { ...outcome, retriable: outcome.retriable || clockMended || isStale };
  }

  async function sendCounted(
    submissions: readonly [Submission, ...Submission[]],
    reserved: boolean,
  ): Promise<SubmitResult> {
    submitting += 1;
    try {
      const result = await track(send(submissions, reserved));
      if ('fault' in result) lastFault = result.fault;
      return result;
    } finally {
      submitting -= 1;
      changed();
    }
  }

  async function submitAll(submissions: readonly Submission[], attempts: readonly Attempt[]): Promise<SubmitResult[]> {
    const results = submissions.map((submission): SubmitResult | undefined => {
      if (!running) return stopped();
      const refusal = refusalOf(submission);
      return refusal && { outcome: 'NOT_ACCEPTED', retriable: false, fault: faultOfOurs(refusal.code, refusal.text) };
    });
    const open = submissions.flatMap((submission, index) => {
      const attempt = attempts[index];
      return results[index] === undefined && attempt !== undefined ? [{ submission, attempt, index }] : [];
    });
    await Promise.all(
      planCalls(open.map(({ submission }) => submission)).map(async (call) => {
        const [first, ...others] = call.flatMap((index) => open[index] ?? []);
        if (first === undefined) return;
        const together = others.map(({ submission }) => submission);
        const result = await sendCounted([first.submission, ...together], isReserved(first.submission, first.attempt));
        for (const { index } of [first, ...others]) results[index] = result;
      }),
    );
    return results.map((result) => result ?? stopped());
  }

  async function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  }

  const faultOfOurs = (code: string, text: string): ProviderFault => ({
    provider: 'SENS',
    code,
    text,
    at: clock.now(),
  });
  const faultOfStop = (): ProviderFault => faultOfOurs('STOPPED', 'This account takes nothing: it is not started.');
  const stopped = (): SubmitResult => ({ outcome: 'NOT_ACCEPTED', retriable: true, fault: faultOfStop() });

  return {
    provider: 'SENS',
    account,
    limits: SENS_LIMITS,
    // The images of a message are uploaded together, before it.
    submitTimeoutMs: 2 * api.totalTimeoutMs + SETTLE_MARGIN_MS,
    soleOwner: undefined,

    async start() {
      running = true;
      changed();
    },
    async stop() {
      running = false;
      holdOff.clear();
      changed();
      // Bounded by the total deadline of each call.
      await Promise.allSettled(underWay);
      await api.close();
    },

    vacancies: () => (running && !holdOff.isActive() ? Math.max(0, maxInFlight - submitting) : 0),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    newReference: () => undefined,
    async submit(submission, attempt) {
      const [result] = await submitAll([submission], [attempt]);
      return result ?? stopped();
    },
    groups: { maxSize: MAX_RECIPIENTS, keyOf, submit: submitAll },

    async lookUp(submission, attempt, isKnown) {
      const { reference } = attempt;
      if (!running) return { state: 'PENDING', taken: false };
      if (reference !== undefined) return track(lookUps.byReference(submission, attempt, reference));
      // By its content alone, another message to the same handset could pass for it.
      if (isKnown === undefined) return { state: 'PENDING', taken: false };
      return track(lookUps.byContent(submission, attempt, isKnown));
    },

    reservations: {
      accepts: (at) => acceptsReservation(at, clock.now()),
      async cancel(reserveId) {
        if (!running) return { state: 'UNKNOWN', fault: faultOfStop() };
        return track(cancelReservation(api, reserveId, clock));
      },
    },

    health: () => ({
      provider: 'SENS',
      account,
      configured: true,
      healthy: running && api.failing() === undefined,
      simulated: options.simulated,
      ...describe(),
      ...(lastFault === undefined ? {} : { lastFault }),
    }),
  };

  function describe(): { detail?: string } {
    if (!running) return { detail: 'Not started.' };
    const failing = api.failing();
    if (failing !== undefined) return { detail: `The last call failed: ${failing}.` };
    if (holdOff.isActive()) return { detail: 'Held off: too many requests, or no connection.' };
    if (api.isSkewed()) return { detail: `The clocks differ by ${Math.round(api.skewMs() / 1_000)} s.` };
    return {};
  }
}
