/**
 * Naver Cloud SENS, SMS v2: one account that takes texts over HTTPS, and is asked for their results. It sends each
 * submission at most once; what an answer means is in sens-answer.ts, when to try again is for core to say.
 */
import { createHmac } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { ProviderFault } from '../core/outcome.ts';
import type {
  Attempt,
  ContentLimits,
  LookUpResult,
  MessageProvider,
  Submission,
  SubmitResult,
} from '../core/provider.ts';
import { createHttpClient, type HttpClientOptions, type HttpHeaders, type HttpResult } from './http-client.ts';
import { outcomeOf, rowOf, standingOf } from './sens-answer.ts';

/** SENS SMS v2, send and files: limits of its own, not NGS's. */
export const SENS_LIMITS: ContentLimits = {
  kinds: ['SMS'],
  smsMaxBytes: 90,
  longMaxBytes: 2000,
  subjectMaxBytes: 40,
  mms: {
    types: ['JPG'],
    maxImages: 3,
    maxImageBytes: 300 * 1024,
    maxFileNameLength: 40,
    maxWidth: 1500,
    maxHeight: 1440,
  },
};

export interface SensProviderOptions {
  readonly account: string;
  /** An origin, for example https://sens.apigw.ntruss.com. */
  readonly baseUrl: string;
  readonly serviceId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly simulated: boolean;
  readonly clock: Clock;
  readonly log: Log;
  readonly http?: Omit<HttpClientOptions, 'origin'>;
  /** Submissions under way at once. @default 16 */
  readonly maxInFlight?: number;
  /** How long nothing is taken after a 429 or a refused connection; doubled while that goes on. @default 250 */
  readonly holdOffMs?: number;
}

/** SENS refuses a timestamp that is 5 minutes off (providers.md 1.1); well before that the operator should know. */
const NOTABLE_SKEW_MS = 60_000;
const MAX_HOLD_OFF_MS = 30_000;
const MAX_RETRY_AFTER_MS = 300_000;
/** A result may wait for its turn on a busy event loop after the last time-out. */
const SETTLE_MARGIN_MS = 1_000;

/** The value of x-ncp-apigw-signature-v2 over the literal target, query included. */
export function signSens(
  request: { readonly method: string; readonly target: string; readonly timestamp: string },
  keys: { readonly accessKey: string; readonly secretKey: string },
): string {
  return createHmac('sha256', keys.secretKey)
    .update(`${request.method} ${request.target}\n${request.timestamp}\n${keys.accessKey}`)
    .digest('base64');
}

export function createSensProvider(options: SensProviderOptions): MessageProvider {
  const { account, clock, log } = options;
  const maxInFlight = options.maxInFlight ?? 16;
  const holdOffMs = options.holdOffMs ?? 250;
  const messagesPath = `/sms/v2/services/${options.serviceId}/messages`;
  const http = createHttpClient({ ...options.http, origin: options.baseUrl });

  const listeners = new Set<() => void>();
  const underWay = new Set<Promise<unknown>>();
  let running = false;
  let submitting = 0;
  let holdOff: NodeJS.Timeout | undefined;
  let holdOffs = 0;
  /** Why the account is not served, in a word. */
  let failing: string | undefined;
  let lastFault: ProviderFault | undefined;
  /** Theirs minus ours, as last seen, and as signed with. */
  let seenSkewMs = 0;
  let signedSkewMs = 0;

  function changed(): void {
    for (const listener of listeners) listener();
  }

  async function call(
    method: 'GET' | 'POST',
    target: string,
    body?: string,
  ): Promise<{ readonly result: HttpResult; readonly clockMended: boolean }> {
    const usedSkewMs = signedSkewMs;
    const timestamp = String(clock.now() + usedSkewMs);
    const result = await http.request({
      method,
      path: target,
      headers: {
        'x-ncp-apigw-timestamp': timestamp,
        'x-ncp-iam-access-key': options.accessKey,
        'x-ncp-apigw-signature-v2': signSens({ method, target, timestamp }, options),
        ...(body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
      },
      body,
    });
    if (result.kind === 'response') observeClock(result.headers);
    observeHealth(method, result);
    return { result, clockMended: result.kind === 'response' && result.status === 401 && mendClock(usedSkewMs) };
  }

  function observeClock({ date }: HttpHeaders): void {
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(theirs)) return;
    const skewMs = theirs - clock.now();
    if (Math.abs(skewMs) > NOTABLE_SKEW_MS && Math.abs(seenSkewMs) <= NOTABLE_SKEW_MS) {
      log.warn('The clock differs from the provider by more than a minute.', { provider: 'SENS', account, skewMs });
    }
    seenSkewMs = skewMs;
  }

  /**
   * What a call says of the account and the line: 400 and 413 speak of the message alone, 429 of the pace, and 404 to a
   * look-up of a requestId that is not listed (yet).
   */
  function observeHealth(method: 'GET' | 'POST', result: HttpResult): void {
    const status = result.kind === 'response' ? result.status : undefined;
    if (status === 429 || status === 413 || (status === 404 && method === 'GET')) return;
    const before = failing;
    const serves = status !== undefined && ((status >= 200 && status < 300) || status === 400);
    failing = serves ? undefined : result.kind === 'response' ? `HTTP ${result.status}` : result.cause.code;
    if (failing === before) return;
    const fields = { provider: 'SENS', account, httpStatus: status, code: status === undefined ? failing : undefined };
    if (failing === undefined) log.info('The provider serves the account again.', fields);
    else log.warn('The provider does not serve the account.', fields);
    changed();
  }

  /** True where the refused call would pass now, because its timestamp was the fault and is mended. */
  function mendClock(usedSkewMs: number): boolean {
    if (Math.abs(seenSkewMs - usedSkewMs) <= NOTABLE_SKEW_MS) return false;
    // Of several that were refused together, the first mends it for all.
    if (signedSkewMs === usedSkewMs) {
      signedSkewMs = Math.abs(seenSkewMs) > NOTABLE_SKEW_MS ? seenSkewMs : 0;
      log.warn('Requests are signed by another clock now.', { provider: 'SENS', account, skewMs: signedSkewMs });
    }
    return true;
  }

  function hold(headers: HttpHeaders): void {
    const retryAfter = headers['retry-after'];
    // What was in flight together fails together: that is one reason to wait, not many.
    if (holdOff !== undefined || !running) return;
    const asked = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) * 1_000 : 0;
    const ours = Math.min(holdOffMs * 2 ** Math.min(holdOffs, 20), MAX_HOLD_OFF_MS);
    const waitMs = Math.max(ours, Math.min(asked, MAX_RETRY_AFTER_MS));
    holdOffs += 1;
    holdOff = setTimeout(() => {
      holdOff = undefined;
      changed();
    }, waitMs);
    // Only a stop has to wait for it, and that clears it.
    holdOff.unref();
  }

  async function send(submission: Submission): Promise<SubmitResult> {
    const body = {
      type: 'SMS',
      contentType: submission.purpose === 'AD' ? 'AD' : 'COMM',
      countryCode: '82',
      from: submission.from,
      content: submission.text,
      messages: [{ to: submission.to }],
    };
    const { result, clockMended } = await call('POST', messagesPath, JSON.stringify(body));
    const outcome = outcomeOf(result, clock.now());
    const tooFast = result.kind === 'response' && result.status === 429;
    if ('fault' in outcome) lastFault = outcome.fault;
    if (result.kind === 'not-sent') hold({});
    else if (tooFast) hold(result.headers);
    else holdOffs = 0;
    return clockMended && outcome.outcome === 'NOT_ACCEPTED' ? { ...outcome, retriable: true } : outcome;
  }

  async function find(submission: Submission, requestId: string): Promise<LookUpResult> {
    const list = await call('GET', `${messagesPath}?requestId=${encodeURIComponent(requestId)}`);
    const listed = rowOf(
      list.result,
      (row) => (row.requestId ?? requestId) === requestId && (row.to ?? submission.to) === submission.to,
    );
    if (listed === undefined) return { state: 'PENDING', taken: false };
    if (listed.status !== 'COMPLETED' || !running) return { state: 'PENDING', taken: true };
    // The list is an overview; the message's own page is what the reference gives for its result (providers.md 1.7).
    const one = await call('GET', `${messagesPath}/${encodeURIComponent(listed.messageId)}`);
    const row = rowOf(one.result, ({ messageId }) => messageId === listed.messageId);
    return row === undefined ? { state: 'PENDING', taken: true } : standingOf(row, clock.now());
  }

  async function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  }

  function notSent(code: string, text: string, retriable: boolean): SubmitResult {
    return { outcome: 'NOT_ACCEPTED', retriable, fault: { provider: 'SENS', code, text, at: clock.now() } };
  }

  return {
    provider: 'SENS',
    account,
    limits: SENS_LIMITS,
    submitTimeoutMs: http.totalTimeoutMs + SETTLE_MARGIN_MS,
    singleOwner: false,

    async start() {
      running = true;
      changed();
    },
    async stop() {
      running = false;
      clearTimeout(holdOff);
      changed();
      // Bounded by the total deadline of each call.
      await Promise.allSettled(underWay);
      await http.close();
    },

    vacancies: () => (running && holdOff === undefined ? Math.max(0, maxInFlight - submitting) : 0),
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    newReference: () => undefined,
    async submit(submission) {
      if (!running) return notSent('STOPPED', 'This account takes nothing: it is not started.', true);
      if (submission.kind !== 'SMS') return notSent('KIND_NOT_CARRIED', `SENS carries no ${submission.kind}.`, false);
      submitting += 1;
      try {
        return await track(send(submission));
      } finally {
        submitting -= 1;
        changed();
      }
    },
    async lookUp(submission: Submission, { reference }: Attempt) {
      // Without a requestId a list by time and number could show another message to the same handset.
      if (!running || reference === undefined) return { state: 'PENDING', taken: false };
      return track(find(submission, reference));
    },

    health: () => ({
      provider: 'SENS',
      account,
      configured: true,
      healthy: running && failing === undefined,
      simulated: options.simulated,
      ...describe(),
      ...(lastFault === undefined ? {} : { lastFault }),
    }),
  };

  function describe(): { detail?: string } {
    if (!running) return { detail: 'Not started.' };
    if (failing !== undefined) return { detail: `The last call failed: ${failing}.` };
    if (holdOff !== undefined) return { detail: 'Held off: too many requests, or no connection.' };
    if (Math.abs(seenSkewMs) > NOTABLE_SKEW_MS)
      return { detail: `The clocks differ by ${Math.round(seenSkewMs / 1_000)} s.` };
    return {};
  }
}
