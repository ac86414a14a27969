/**
 * A SecureKey that is not there: its API over real HTTP on loopback, and its webhooks, written from the document and not
 * from our client. Here are its door, its limits and its faults; what it does with a request is in service.ts.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../../core/clock.ts';
import { createFaultList, type FaultList } from '../faults.ts';
import { type Answer, createLoopbackServer, readBody, send } from '../http-exchange.ts';
import { createHttpStrikes } from '../http-strikes.ts';
import { readJsonBody } from '../json-body.ts';
import { createLedger, type Ledger } from '../ledger.ts';
import { createTimers } from '../timers.ts';
import { ENDPOINTS, type Endpoint, endpointOf } from './endpoints.ts';
import { failure, refusalAnswer, SecureKeyRefusal, success } from './envelope.ts';
import { createRateLimits } from './rate-limits.ts';
import { createSecureKeyService, type SecureKeyService } from './service.ts';
import { changeSecureKeySettings, type SecureKeySettings, type SecureKeySettingsChange } from './settings.ts';

const MAX_BODY_BYTES = 262_144;

export interface SecureKeySimulatorOptions extends SecureKeySettingsChange {
  readonly apiKey: string;
  /** @default systemClock */
  readonly clock?: Clock;
}

export interface SecureKeySimulator extends Omit<SecureKeyService, 'serve' | 'stop' | 'sendWebhook'> {
  readonly provider: 'SECUREKEY';
  readonly ledger: Ledger;
  readonly faults: FaultList;
  readonly arm: FaultList['arm'];
  readonly settings: SecureKeySettings;
  /** Throws a ZodError for a setting that does not exist. Applies to what comes after. */
  configure(changes: SecureKeySettingsChange): SecureKeySettings;
  /** A webhook as it stands, once. The signature, where it is not given, is right. */
  sendWebhook(webhook: {
    readonly body: string;
    readonly signature?: string | undefined;
  }): ReturnType<SecureKeyService['sendWebhook']>;
  /** Gives the origin; the API is at /api/v1 below it. */
  start(port?: number): Promise<{ readonly url: string }>;
  stop(): Promise<void>;
}

export function createSecureKeySimulator(options: SecureKeySimulatorOptions): SecureKeySimulator {
  const { apiKey, clock = systemClock, ...chosen } = options;
  const first = changeSecureKeySettings({}, chosen);
  let { settings } = first;
  let webhookSecret = first.webhookSecret ?? randomBytes(24).toString('hex');
  const ledger = createLedger({ provider: 'SECUREKEY', clock });
  const faults = createFaultList();
  const timers = createTimers();
  const strikes = createHttpStrikes({
    faults,
    ledger,
    timers,
    rejection: ({ status = 500, code = 'INTERNAL_ERROR' }) => failure(status, code, 'Armed fault'),
  });
  const limits = createRateLimits(clock);
  const {
    serve: serveEndpoint,
    sendWebhook,
    stop: stopService,
    ...direct
  } = createSecureKeyService({
    clock,
    ledger,
    strikes,
    timers,
    settings: () => settings,
    webhookSecret: () => webhookSecret,
  });
  const server = createLoopbackServer(serve);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_BODY_BYTES);
    const endpoint = endpointOf(request.url ?? '');
    const event = `${request.method} ${endpoint ?? '?'}`;
    const atTheDoor = refusedAtTheDoor(request, endpoint, body);
    if (atTheDoor !== undefined || endpoint === undefined || body === undefined) {
      if (atTheDoor === undefined) return;
      ledger.record({
        event,
        outcome: 'REFUSED',
        reason: atTheDoor.reason,
        fields: { httpStatus: atTheDoor.answer.status },
      });
      send(response, atTheDoor.answer);
      return;
    }
    if ((await strikes.pass('request', { event, response, endpoint })) === 'ENDED') return;
    const { answer, reference } = await exchange(endpoint, event, request, body);
    const after = await strikes.pass('answer', { event, response, reference, endpoint });
    if (after !== 'ENDED') strikes.answer(response, answer, after);
  }

  /** Undefined where the request may go on to its endpoint. */
  function refusedAtTheDoor(request: IncomingMessage, endpoint: Endpoint | undefined, body: Buffer | undefined) {
    const refused = (status: number, code: string, reason: string, headers?: Answer['headers']) => ({
      answer: failure(status, code, reason, headers),
      reason,
    });
    const address = request.socket.remoteAddress ?? '';
    const tooMany = (bucket: 'calls' | 'sends' | 'attempts', limit: number) => {
      const over = limits.pass(bucket, address, limit);
      if (over === undefined) return undefined;
      const headers = settings.retryAfter ? { 'retry-after': String(Math.ceil(over.waitMs / 1000)) } : undefined;
      return refused(429, 'RATE_LIMITED', `More than ${limit} ${bucket} in a minute.`, headers);
    };
    const overAll = tooMany('calls', settings.callsPerMinute);
    if (overAll !== undefined) return overAll;
    if (!isAuthorized(request, apiKey)) return refused(401, 'UNAUTHORIZED', 'The API key is missing or wrong.');
    if (endpoint === undefined) return refused(404, 'NOT_FOUND', 'There is no such path.');
    if (request.method !== 'POST') return refused(405, 'METHOD_NOT_ALLOWED', 'Only POST.');
    if (body === undefined) return refused(413, 'PAYLOAD_TOO_LARGE', `The body is over ${MAX_BODY_BYTES} bytes.`);
    const counted = endpoint === 'push/verify' && settings.pollsAreAttempts ? 'attempts' : ENDPOINTS[endpoint];
    if (counted === undefined) return undefined;
    return tooMany(counted, counted === 'sends' ? settings.sendsPerMinute : settings.attemptsPerMinute);
  }

  async function exchange(
    endpoint: Endpoint,
    event: string,
    request: IncomingMessage,
    bytes: Buffer,
  ): Promise<{ readonly answer: Answer; readonly reference: string | undefined }> {
    try {
      const body = readJsonBody(bytes, request.headers['content-type']);
      if (!body.ok) throw new SecureKeyRefusal(400, 'INVALID_JSON', body.reason);
      const done = await serveEndpoint(endpoint, body.json);
      const { reference, fields = {} } = done;
      ledger.record({ event, outcome: 'TAKEN', fields, ...(reference !== undefined && { reference }) });
      return { answer: success(done), reference };
    } catch (fault) {
      if (!(fault instanceof SecureKeyRefusal)) throw fault;
      const { status, code, message, more } = fault;
      const fields = { ...more.fields, httpStatus: status, code };
      const { reference } = more;
      ledger.record({
        event,
        outcome: 'REFUSED',
        reason: message,
        fields,
        ...(reference !== undefined && { reference }),
      });
      return { answer: refusalAnswer(fault), reference };
    }
  }

  return {
    provider: 'SECUREKEY',
    ledger,
    faults,
    arm: faults.arm,
    ...direct,
    get settings() {
      return settings;
    },
    configure(changes) {
      const changed = changeSecureKeySettings(settings, changes);
      settings = changed.settings;
      webhookSecret = changed.webhookSecret ?? webhookSecret;
      return settings;
    },
    sendWebhook: ({ body, signature }) => sendWebhook(body, signature),
    start: (port) => server.start(port),
    async stop() {
      timers.clear();
      stopService();
      await server.stop();
    },
  };
}

/** Either header will do; where both come, both must be right. */
function isAuthorized({ headers }: IncomingMessage, apiKey: string): boolean {
  const asHeader = headers['x-api-key'];
  const asBearer = headers.authorization;
  if (asHeader === undefined && asBearer === undefined) return false;
  return (asHeader ?? apiKey) === apiKey && (asBearer ?? `Bearer ${apiKey}`) === `Bearer ${apiKey}`;
}
