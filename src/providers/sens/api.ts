/**
 * Signed calls to one SENS service, and what they show of the line: whether the account is served, and how far apart
 * the clocks are. It repeats nothing, and what an answer means for a message is for its callers to say.
 */
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { createHttpClient, type HttpClientOptions, type HttpHeaders, type HttpResult } from '../http-client.ts';
import { signSens } from './signature.ts';

export interface SensApiOptions {
  readonly account: string;
  /** An origin, for example https://sens.apigw.ntruss.com. */
  readonly baseUrl: string;
  readonly serviceId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly http?: Omit<HttpClientOptions, 'origin'>;
}

type Method = 'GET' | 'POST' | 'DELETE';

export interface SensCall {
  readonly result: HttpResult;
  /** It was refused for its timestamp, and the next one will carry a better one. */
  readonly clockMended: boolean;
}

export interface SensApi {
  /** The longest that `call` takes. */
  readonly totalTimeoutMs: number;
  /** `path` is what follows the service, query included and already encoded: /messages?requestId=… Never rejects. */
  call(method: Method, path: string, body?: unknown): Promise<SensCall>;
  /** Theirs minus ours, as last seen. */
  skewMs(): number;
  /** Whether the skew is so large that an operator should know. */
  isSkewed(): boolean;
  /** Why the account is not served, in a word. */
  failing(): string | undefined;
  close(): Promise<void>;
}

/** SENS refuses a timestamp that is 5 minutes off (SENS, signature); well before that the operator should know. */
const NOTABLE_SKEW_MS = 60_000;

/** `onHealth` is called when what `failing` says has changed. */
export function createSensApi(options: SensApiOptions, onHealth: () => void): SensApi {
  const { account, clock, log } = options;
  const root = `/sms/v2/services/${options.serviceId}`;
  const http = createHttpClient({
    secrets: [options.accessKey, options.secretKey],
    ...options.http,
    origin: options.baseUrl,
  });
  let failing: string | undefined;
  let seenSkewMs = 0;
  let signedSkewMs = 0;

  function observeClock({ date }: HttpHeaders): void {
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(theirs)) return;
    const skewMs = theirs - clock.now();
    if (Math.abs(skewMs) > NOTABLE_SKEW_MS && Math.abs(seenSkewMs) <= NOTABLE_SKEW_MS) {
      log.warn('The clock differs from the provider by more than a minute.', { provider: 'SENS', account, skewMs });
    }
    seenSkewMs = skewMs;
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

  /**
   * What a call says of the account and the line: 400 and 413 speak of the message alone, 429 of the pace, and 404 of
   * what was asked for by its id: only a POST names nothing but the service.
   */
  function observeHealth(method: Method, result: HttpResult): void {
    const status = result.kind === 'response' ? result.status : undefined;
    if (status === 429 || status === 413 || (status === 404 && method !== 'POST')) return;
    const before = failing;
    const serves = status !== undefined && ((status >= 200 && status < 300) || status === 400);
    failing = serves ? undefined : result.kind === 'response' ? `HTTP ${result.status}` : result.cause.code;
    if (failing === before) return;
    const fields = { provider: 'SENS', account, httpStatus: status, code: status === undefined ? failing : undefined };
    if (failing === undefined) log.info('The provider serves the account again.', fields);
    else log.warn('The provider does not serve the account.', fields);
    onHealth();
  }

  return {
    totalTimeoutMs: http.totalTimeoutMs,
    async call(method, path, body) {
      const usedSkewMs = signedSkewMs;
      const target = `${root}${path}`;
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
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      if (result.kind === 'response') observeClock(result.headers);
      observeHealth(method, result);
      return { result, clockMended: result.kind === 'response' && result.status === 401 && mendClock(usedSkewMs) };
    },
    skewMs: () => seenSkewMs,
    isSkewed: () => Math.abs(seenSkewMs) > NOTABLE_SKEW_MS,
    failing: () => failing,
    close: () => http.close(),
  };
}
