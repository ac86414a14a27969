/**
 * A SENS that is not there: Naver's SMS v2 over real HTTP on loopback, written from the document and not from our
 * client. It takes messages, cuts over-long ones as the real one does, completes them after a while, and fails on
 * demand. File upload and reservation management are not here.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { type Clock, systemClock } from '../../core/clock.ts';
import { type ArmedFault, createFaultList, type FaultList, type FaultPoint } from '../faults.ts';
import { type Answer, createLoopbackServer, jsonAnswer, readBody, send } from '../http-exchange.ts';
import { koreaIso } from '../korea-time.ts';
import { createLedger, type Ledger } from '../ledger.ts';
import { createTimers } from '../timers.ts';
import { readSensBody, type SensItem } from './body.ts';
import { checkGateway, errorAnswer, gatewayRefusal, type Refusal, type SensKeys, serviceRefusal } from './gateway.ts';
import { listMessages } from './lookup.ts';
import { createMailbox, getRow } from './mailbox.ts';

const MAX_BODY_BYTES = 1_048_576;

const sensSettingsSchema = z.strictObject({
  /** From acceptance to COMPLETED; PROCESSING begins after a quarter of it. */
  deliverAfterMs: z.int().min(0).max(86_400_000).default(800),
  /** Refuse over-long text instead of cutting it. */
  strictLength: z.boolean().default(false),
  /** What a list by an unknown requestId answers: the document does not say. */
  unknownRequestId: z.enum(['NOT_FOUND', 'EMPTY_LIST']).default('NOT_FOUND'),
});
type SensSettings = z.output<typeof sensSettingsSchema>;

export interface SensSimulatorOptions extends SensKeys, Partial<SensSettings> {
  readonly serviceId: string;
  readonly registeredNumbers: readonly string[];
  /** @default systemClock */
  readonly clock?: Clock;
}

export interface SensSimulator {
  readonly provider: 'SENS';
  readonly ledger: Ledger;
  readonly faults: FaultList;
  readonly arm: FaultList['arm'];
  readonly settings: SensSettings;
  /** Throws a ZodError for a setting that does not exist. Applies to what comes after. */
  configure(changes: Partial<SensSettings>): SensSettings;
  start(port?: number): Promise<{ readonly url: string }>;
  stop(): Promise<void>;
}

export function createSensSimulator(options: SensSimulatorOptions): SensSimulator {
  const clock = options.clock ?? systemClock;
  const ledger = createLedger({ provider: 'SENS', clock });
  const faults = createFaultList();
  const mailbox = createMailbox();
  const timers = createTimers();
  const { deliverAfterMs, strictLength, unknownRequestId } = options;
  let settings = sensSettingsSchema.parse({ deliverAfterMs, strictLength, unknownRequestId });
  const server = createLoopbackServer(serve);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_BODY_BYTES);
    // By its own clock, so that a client can see how far apart the two are.
    response.setHeader('date', new Date(clock.now()).toUTCString());
    const route = routeOf(request, options.serviceId);
    const event = route === undefined ? `${request.method} ?` : `${request.method} ${route.name}`;
    const refuse = ({ answer, reason }: Refusal) => {
      ledger.record({ event, outcome: 'REFUSED', reason, fields: { httpStatus: answer.status } });
      send(response, answer);
    };
    if (body === undefined) {
      return refuse(gatewayRefusal(413, '430', 'Request Entity Too Large', 'The body is over 1 MiB.'));
    }
    const refused = checkGateway(request, options, clock);
    if (refused !== undefined) return refuse(refused);
    if (route === undefined) return refuse(gatewayRefusal(404, '300', 'Not Found Exception', 'No such path.'));
    if (route.serviceId !== options.serviceId) return refuse(serviceRefusal(404, 'serviceId: not found.'));

    const isSend = request.method === 'POST';
    if (!(await pass(isSend ? 'send' : 'lookup', event, response))) return;
    if (isSend) {
      const taken = takeMessages(body, request.headers['content-type'], event);
      if (!taken.ok) return refuse(taken.refusal);
      if (await pass('ack', event, response, taken.requestId)) send(response, taken.answer);
      return;
    }
    const answer = read(route);
    if ('reason' in answer) return refuse(answer);
    ledger.record({ event, outcome: 'TAKEN', fields: { target: request.url ?? '' } });
    send(response, answer);
  }

  /** Lets an armed fault strike. False where the fault has ended the exchange. */
  async function pass(on: FaultPoint, event: string, response: ServerResponse, reference?: string): Promise<boolean> {
    const fault = faults.strike(on);
    if (fault === undefined) return true;
    recordFault(fault, event, reference);
    if (fault.kind === 'delay') {
      await new Promise<void>((resolve) => timers.after(fault.ms ?? 0, resolve));
      return true;
    }
    if (fault.kind === 'drop') response.socket?.destroy();
    else send(response, errorAnswer(fault.status ?? 500, fault.shape ?? 'gateway', 'Armed fault', fault.code));
    return false;
  }

  function recordFault(fault: ArmedFault, event: string, reference?: string): void {
    ledger.record({
      event,
      outcome: 'FAULT',
      reason: `fault ${fault.id}: ${fault.kind} on ${fault.on}`,
      ...(reference !== undefined && { reference }),
    });
  }

  function takeMessages(
    bytes: Buffer,
    contentType: string | undefined,
    event: string,
  ): { ok: true; requestId: string; answer: Answer } | { ok: false; refusal: Refusal } {
    const now = clock.now();
    const body = readSensBody(bytes, contentType, {
      registeredNumbers: options.registeredNumbers,
      strictLength: settings.strictLength,
      now,
    });
    if (!body.ok) return { ok: false, refusal: serviceRefusal(400, body.reason) };
    const requestId = randomUUID();
    for (const item of body.items) takeOne(item, requestId, event, body.startsAt);
    return {
      ok: true,
      requestId,
      answer: jsonAnswer(202, {
        requestId,
        requestTime: koreaIso(now),
        statusCode: '202',
        statusName: 'success',
      }),
    };
  }

  function takeOne(item: SensItem, requestId: string, event: string, startsAt: number): void {
    const fault = faults.strike('report');
    const forced =
      fault?.kind === 'reject' ? { statusCode: fault.code ?? '3000', statusMessage: 'armed fault' } : undefined;
    const message = mailbox.take(item, {
      requestId,
      requestedAt: clock.now(),
      startsAt,
      deliverAfterMs: settings.deliverAfterMs + (fault?.ms ?? 0),
      forced,
      neverEnds: fault?.kind === 'drop',
    });
    const { type, contentType, countryCode, from, to, subject, content } = item;
    const fields = { messageId: message.messageId, type, contentType, countryCode, from, to, content };
    ledger.record({
      event,
      outcome: 'TAKEN',
      reference: requestId,
      fields: subject === undefined ? fields : { ...fields, subject },
    });
    if (fault !== undefined) recordFault(fault, event, requestId);
  }

  function read(route: Route): Answer | Refusal {
    const now = clock.now();
    if (route.messageId === undefined) return listMessages(route.query, mailbox, now, settings.unknownRequestId);
    const message = mailbox.message(route.messageId);
    if (message === undefined) return serviceRefusal(404, 'messageId: not found.');
    return jsonAnswer(200, { statusCode: '200', statusName: 'success', messages: [getRow(message, now)] });
  }

  return {
    provider: 'SENS',
    ledger,
    faults,
    arm: faults.arm,
    get settings() {
      return settings;
    },
    configure(changes) {
      settings = sensSettingsSchema.parse({ ...settings, ...changes });
      return settings;
    },
    start: (port) => server.start(port),
    async stop() {
      timers.clear();
      await server.stop();
    },
  };
}

interface Route {
  readonly name: string;
  readonly serviceId: string;
  readonly messageId?: string;
  readonly query: URLSearchParams;
}

/** The colons of the serviceId may come raw or as %3A: what was sent is also what was signed. */
function routeOf(request: IncomingMessage, serviceId: string): Route | undefined {
  const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s);
  const match = /^\/sms\/v2\/services\/([^/]+)\/messages(?:\/([^/]+))?$/.exec(path);
  if (match === null || !['GET', 'POST'].includes(request.method ?? '')) return undefined;
  if (request.method === 'POST' && match[2] !== undefined) return undefined;
  const raw = match[1] ?? '';
  const sent = raw.replace(/%3A/gi, ':') === serviceId ? serviceId : raw;
  const base = { serviceId: sent, query: new URLSearchParams(query) };
  return match[2] === undefined ? { ...base, name: 'messages' } : { ...base, name: 'message', messageId: match[2] };
}
