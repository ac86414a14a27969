/**
 * Calls to one Naver Commerce application: a turn in the path's line, one request, and what its answer shows of the
 * clock, the rate and the application. What is the same for every endpoint becomes an error here. It repeats only what
 * Naver's gateway turned away for its rate.
 */
import type { Clock } from '../../core/clock.ts';
import { CommerceRestricted, ProviderRejected, ProviderUnavailable, RateLimited } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Outcome, ProviderFault } from '../../core/outcome.ts';
import { createHttpClient, type HttpClientOptions, type HttpRequest } from '../http-client.ts';
import { badAnswer, type CommerceReply, readAnswer } from './answer.ts';
import { createCommerceHealth } from './health.ts';
import { createPace } from './pace.ts';
import { createPeerClock, type PeerClock } from './peer-clock.ts';

export interface CommerceApiOptions {
  readonly account: string;
  /** Ends in /external: https://api.commerce.naver.com/external. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The longest wait for a turn under Naver's rate. @default 5000 */
  readonly maxQueueMs?: number | undefined;
  readonly http?: Omit<HttpClientOptions, 'origin'>;
}

export interface CommerceCall {
  /** Names the line that it waits in: one for each API. */
  readonly path: string;
  /** `commerce` in words, as a client reads it behind "Too many requests for". */
  readonly scope: string;
  readonly method: HttpRequest['method'];
  readonly query?: string;
}

/** What is sent once it is its turn, and what of it must not be in a fault. */
export interface CommerceContent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly secrets: readonly string[];
}

export type SettledReply = Extract<CommerceReply, { kind: 'DONE' | 'REFUSED' | 'TOKEN_REFUSED' }>;

export interface CommerceApi {
  readonly peerClock: PeerClock;
  /**
   * `make` is asked anew for each request. `blames`: whether a refusal speaks of the application.
   * @throws CommerceRestricted, RateLimited, ProviderUnavailable; what `make` throws
   */
  call(
    call: CommerceCall,
    make: () => CommerceContent | Promise<CommerceContent>,
    blames: (refused: Extract<CommerceReply, { kind: 'REFUSED' }>) => boolean,
  ): Promise<SettledReply>;
  rejected(fault: ProviderFault): ProviderRejected;
  /** It was done, but `what` is missing in the answer. */
  unreadable(httpStatus: number, what: string): ProviderUnavailable;
  /** `what` of an answer was left out. */
  leftOut(httpStatus: number, what: string): void;
  failing(): string | undefined;
  lastFault(): ProviderFault | undefined;
  /** Whether the clocks differ so much that an operator should know. */
  isSkewed(): boolean;
  /** Takes no new call, lets go who waits for a turn, and lets those under way finish (bounded by the time-outs). */
  stop(): Promise<void>;
}

/** 300 product orders come in one answer, each with its addresses, claims and deliveries. */
const MAX_RESPONSE_BYTES = 8 * 1_048_576;
export const NOTABLE_SKEW_MS = 60_000;

/** `onHealth` is called when what `failing` says has changed. */
export function createCommerceApi(options: CommerceApiOptions, onHealth: () => void): CommerceApi {
  const { account, clock, log, maxQueueMs = 5_000 } = options;
  const { origin, pathname: root } = new URL(options.baseUrl);
  const http = createHttpClient({ maxResponseBytes: MAX_RESPONSE_BYTES, ...options.http, origin });
  const health = createCommerceHealth();
  const pace = createPace(clock);
  const peerClock = createPeerClock(clock);
  const underWay = new Set<Promise<unknown>>();
  const fields = { provider: 'NAVER_COMMERCE', account } as const;
  let stopping: Promise<void> | undefined;

  const isSkewed = (): boolean => Math.abs(peerClock.offsetMs()) > NOTABLE_SKEW_MS;

  function refuseWhenStopped(): void {
    if (stopping === undefined) return;
    const text = 'This account is stopping.';
    const fault = { provider: 'NAVER_COMMERCE', code: 'STOPPED', text, at: clock.now() } as const;
    throw unavailable('This gateway is stopping: nothing was sent to Naver.', 'NOT_ACCEPTED', fault);
  }

  async function request(call: CommerceCall, content: CommerceContent): Promise<CommerceReply> {
    const sentAtMs = clock.monotonicMs();
    const result = await http.request({
      method: call.method,
      path: `${root}${call.path}${call.query === undefined ? '' : `?${call.query}`}`,
      headers: content.headers,
      body: content.body,
    });
    if (result.kind === 'response') {
      const wasSkewed = isSkewed();
      const wasUnbelieved = peerClock.isUnbelieved();
      peerClock.observe(result.headers['date'], clock.monotonicMs() - sentAtMs);
      if (isSkewed() && !wasSkewed) {
        const skewMs = peerClock.offsetMs();
        log.warn('The clock differs from the provider by more than a minute.', { ...fields, skewMs });
      }
      if (peerClock.isUnbelieved() && !wasUnbelieved) {
        log.warn('The clock differs from the provider by more than a day, and the difference is not followed.', fields);
      }
      pace.observe(call.path, result.headers);
    }
    return readAnswer(result, clock.now(), content.secrets);
  }

  async function ask(...[call, make, blames]: Parameters<CommerceApi['call']>): Promise<SettledReply> {
    const deadlineMs = clock.monotonicMs() + maxQueueMs;
    let tooFast: ProviderFault | undefined;
    for (;;) {
      const turn = await pace.turn(call.path, deadlineMs);
      refuseWhenStopped();
      if (!turn.granted) throw rateLimited(call, turn.waitMs, tooFast);
      const content = await make();
      refuseWhenStopped();
      const reply = await request(call, content);
      observe(reply, call, reply.kind === 'REFUSED' && blames(reply));
      switch (reply.kind) {
        case 'DONE':
        case 'REFUSED':
        case 'TOKEN_REFUSED':
          return reply;
        case 'RESTRICTED': {
          const { quotaPerHour, retryAt, fault } = reply;
          throw new CommerceRestricted({
            retryAt,
            origin: fault,
            ...(quotaPerHour === undefined ? {} : { quotaPerHour }),
          });
        }
        case 'TOO_FAST':
          pace.hold(call.path, reply.waitMs);
          // A 429 of anybody else says less: how much of it was done is not written anywhere.
          if (!reply.byGateway) throw rateLimited(call, reply.waitMs, reply.fault);
          tooFast = reply.fault;
          continue;
        case 'UNCLEAR':
          throw unavailable('Naver gave no clear answer. It may have done it.', 'UNKNOWN', reply.fault);
        case 'NOT_TAKEN':
          throw unavailable('Naver cannot be reached. Nothing was done.', 'NOT_ACCEPTED', reply.fault, reply.retryAt);
      }
    }
  }

  function rateLimited({ path, scope }: CommerceCall, waitMs: number, origin?: ProviderFault): RateLimited {
    const advice = { retryAt: clock.now() + waitMs, limit: pace.ratePerSecond(path), windowSeconds: 1 };
    return new RateLimited(scope, origin === undefined ? advice : { ...advice, origin });
  }

  function observe(reply: CommerceReply, { path }: CommerceCall, blames: boolean): void {
    if (!health.observe(reply, path === TOKEN_PATH ? 'token' : 'data', blames)) return;
    if (health.failing() === undefined) {
      log.info('The provider serves the account again.', fields);
    } else if ('fault' in reply) {
      const { code, httpStatus } = reply.fault;
      log.warn('The provider does not serve the account.', { ...fields, code, httpStatus });
    }
    onHealth();
  }

  return {
    peerClock,
    async call(...of) {
      refuseWhenStopped();
      const work = ask(...of);
      underWay.add(work);
      try {
        return await work;
      } finally {
        underWay.delete(work);
      }
    },
    rejected: (fault) => new ProviderRejected(`Naver refused it: ${fault.code}.`, fault),
    unreadable(httpStatus, what) {
      const fault = badAnswer(httpStatus, what, clock.now());
      health.note(fault);
      return unavailable('Naver did it, but its answer lacks what was asked for.', 'UNKNOWN', fault);
    },
    leftOut(httpStatus, what) {
      health.note(badAnswer(httpStatus, what, clock.now()));
      log.warn('A part of an answer could not be read and was left out.', {
        ...fields,
        code: 'BAD_ANSWER',
        httpStatus,
      });
    },
    failing: health.failing,
    lastFault: health.lastFault,
    isSkewed,
    stop() {
      if (stopping === undefined) {
        stopping = Promise.allSettled(underWay).then(() => http.close());
        pace.stop();
      }
      return stopping;
    },
  };
}

export const TOKEN_PATH = '/v1/oauth2/token';

function unavailable(message: string, outcome: Outcome, origin: ProviderFault, retryAt?: number): ProviderUnavailable {
  return new ProviderUnavailable(message, { outcome, origin, ...(retryAt === undefined ? {} : { retryAt }) });
}
