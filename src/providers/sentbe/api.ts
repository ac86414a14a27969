/**
 * Calls to one account of Sentbe: one request each, which is never repeated. Parameters travel encrypted in the header
 * SIGNATURE, for GET too, and there is no body (Sentbe, Authentication 2 and 3). What is the same for every endpoint
 * becomes an error here.
 */
import type { Clock } from '../../core/clock.ts';
import { ProviderRejected, ProviderUnavailable } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ProviderFault } from '../../core/outcome.ts';
import { createHttpClient, type HttpClientOptions, type HttpRequest } from '../http-client.ts';
import { badAnswer, readAnswer, type SentbeAnswer } from './answer.ts';
import { ERROR_CODES } from './error-codes.ts';
import type { JsonObject } from './exact-json.ts';
import { createSentbeHealth } from './health.ts';
import { encrypt } from './signature.ts';

export interface SentbeApiOptions {
  readonly account: string;
  /** An origin; Sentbe publishes none, so it comes with the contract. */
  readonly baseUrl: string;
  readonly partnerId: string;
  readonly accessId: string;
  readonly secretKey: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly http?: Omit<HttpClientOptions, 'origin'>;
}

export interface SentbeCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Without any, there is no SIGNATURE. */
  readonly parameters?: JsonObject;
  /** The one kind of call that is not encrypted (create document verification). */
  readonly form?: { readonly contentType: string; readonly bytes: Uint8Array };
  /** It changes nothing, so nothing can be left in doubt. */
  readonly isRead?: boolean;
}

export interface SentbeApi {
  /** The longest that a call takes. */
  readonly totalTimeoutMs: number;
  /** `data` of the answer, its numbers as text. @throws ProviderRejected, ProviderUnavailable */
  call(call: SentbeCall): Promise<unknown>;
  /** A read of one thing; undefined where Sentbe says that there is none. @throws as `call` */
  find(path: string): Promise<{ readonly data: unknown } | undefined>;
  /** It was done, but its answer lacks `what`; a read gave nothing that can be used. */
  unreadable(what: string, isRead?: boolean): ProviderUnavailable;
  /** What cannot be sent as it is: nothing left. `text` quotes nothing of it. */
  refuse(code: string, text: string): ProviderRejected;
  failing(): string | undefined;
  lastFault(): ProviderFault | undefined;
  /** Takes no new call, lets those under way finish (bounded by `totalTimeoutMs`). */
  stop(): Promise<void>;
}

/** Of the whole header. Servers stop at 8 KB or 16 KB of all headers together, some without an answer. */
const MAX_SIGNATURE_BYTES = 6 * 1_024;

/** What Sentbe's own words may not quote back, wherever it stands among the parameters. */
const secretMembers = new Set([
  ...['password', 'identification_number', 'passport', 'account_number', 'account_holder_name', 'token'],
  ...['first_name', 'middle_name', 'last_name', 'email', 'phone_number', 'birth_date'],
  ...['region', 'city', 'line_1', 'line_2', 'postal_code'],
]);

/** `onHealth` is called when what `failing` says has changed. */
export function createSentbeApi(options: SentbeApiOptions, onHealth: () => void): SentbeApi {
  const { account, partnerId, accessId, secretKey, clock, log } = options;
  const http = createHttpClient({ ...options.http, origin: options.baseUrl });
  const health = createSentbeHealth();
  const underWay = new Set<Promise<unknown>>();
  let stopping: Promise<void> | undefined;

  function requestOf({ method, path, parameters, form }: SentbeCall): HttpRequest {
    const signature = parameters === undefined ? undefined : encrypt(secretKey, JSON.stringify(parameters));
    if (signature !== undefined && 'SIGNATURE: '.length + signature.length > MAX_SIGNATURE_BYTES) {
      throw refuse('HEADER_TOO_LARGE', 'The parameters are too long for the header that Sentbe takes them in.');
    }
    return {
      method,
      path,
      headers: {
        'Content-Type': form?.contentType ?? 'application/json; charset=utf-8',
        'PARTNER-ID': partnerId,
        KEY: accessId,
        ...(signature === undefined ? {} : { SIGNATURE: signature }),
      },
      body: form?.bytes,
    };
  }

  async function ask(of: SentbeCall): Promise<SentbeAnswer> {
    const request = requestOf(of);
    // The longest first: one may stand within another.
    const secrets = [accessId, secretKey, ...secretsOf(of.parameters)].sort((one, other) => other.length - one.length);
    const answer = readAnswer(await http.request(request), clock.now(), secrets);
    observe(answer);
    return answer;
  }

  function observe(answer: SentbeAnswer): void {
    if (!health.observe(answer)) return;
    if (health.failing() === undefined) {
      log.info('The provider serves the account again.', { provider: 'SENTBE', account });
    } else if ('fault' in answer) {
      const { code, httpStatus } = answer.fault;
      log.warn('The provider does not serve the account.', { provider: 'SENTBE', account, code, httpStatus });
    }
    onHealth();
  }

  async function answerTo(of: SentbeCall): Promise<SentbeAnswer> {
    if (stopping !== undefined) {
      const fault = {
        provider: 'SENTBE',
        code: 'STOPPED',
        text: 'This account is stopping.',
        at: clock.now(),
      } as const;
      throw unavailable('This gateway is stopping: nothing was sent to Sentbe.', 'NOT_ACCEPTED', fault);
    }
    const work = ask(of);
    underWay.add(work);
    try {
      return await work;
    } finally {
      underWay.delete(work);
    }
  }

  async function call(of: SentbeCall): Promise<unknown> {
    const answer = await answerTo(of);
    switch (answer.kind) {
      case 'DONE':
        return answer.data;
      case 'REFUSED':
        throw new ProviderRejected(`Sentbe refused it: ${describe(answer.fault)}.`, answer.fault);
      case 'KEY_REFUSED':
        throw new ProviderRejected(
          'Sentbe refuses this gateway itself. Its operator must check SENTBE_PARTNER_ID, SENTBE_ACCESS_ID, SENTBE_SECRET_KEY, and the IP address that Sentbe knows.',
          answer.fault,
        );
      case 'NOT_SENT':
        throw unavailable(
          'Sentbe cannot be reached, or takes no more calls now. Nothing was done.',
          'NOT_ACCEPTED',
          answer.fault,
        );
      case 'UNCERTAIN':
        if (of.isRead) throw unavailable('Sentbe gave no clear answer.', 'NOT_ACCEPTED', answer.fault);
        throw unavailable('Sentbe gave no clear answer. It may have done it.', 'UNKNOWN', answer.fault);
    }
  }

  function refuse(code: string, text: string): ProviderRejected {
    return new ProviderRejected(text, { provider: 'SENTBE', code, text, at: clock.now() });
  }

  return {
    totalTimeoutMs: http.totalTimeoutMs,
    call,
    async find(path) {
      try {
        return { data: await call({ method: 'GET', path, isRead: true }) };
      } catch (error) {
        const isAbsent = error instanceof ProviderRejected && ERROR_CODES.get(error.origin?.code ?? '')?.isAbsence;
        if (isAbsent) return undefined;
        throw error;
      }
    },
    unreadable(what, isRead) {
      const fault = badAnswer(what, clock.now());
      if (isRead) return unavailable('The answer of Sentbe cannot be used.', 'NOT_ACCEPTED', fault);
      return unavailable('Sentbe did it, but its answer lacks what was asked for.', 'UNKNOWN', fault);
    },
    refuse,
    failing: health.failing,
    lastFault: health.lastFault,
    stop() {
      stopping ??= Promise.allSettled(underWay).then(() => http.close());
      return stopping;
    },
  };
}

function describe({ code }: ProviderFault): string {
  const means = ERROR_CODES.get(code)?.means;
  return means === undefined ? code : `${code}, ${means}`;
}

function secretsOf(parameters: JsonObject = {}): string[] {
  return Object.entries(parameters).flatMap(([name, value]) => {
    if (typeof value === 'object' && value !== null) return secretsOf(value as JsonObject);
    if (typeof value !== 'string' || value === '' || !secretMembers.has(name)) return [];
    return name === 'phone_number' ? [value, value.replaceAll('-', '')] : [value];
  });
}

function unavailable(message: string, outcome: 'UNKNOWN' | 'NOT_ACCEPTED', origin: ProviderFault): ProviderUnavailable {
  return new ProviderUnavailable(message, { outcome, origin });
}
