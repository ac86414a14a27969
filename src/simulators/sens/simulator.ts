/**
 * A SENS that is not there: Naver's SMS v2 over real HTTP on loopback, written from the document and not from our
 * client. Here are its door, its clock and its faults; what it does with a request is in service.ts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../../core/clock.ts';
import { createFaultList, type FaultList } from '../faults.ts';
import { createLoopbackServer, readBody, send } from '../http-exchange.ts';
import { createHttpStrikes } from '../http-strikes.ts';
import { createLedger, type Ledger } from '../ledger.ts';
import { createTimers } from '../timers.ts';
import { checkGateway, errorAnswer, gatewayRefusal, type Refusal, type SensKeys, serviceRefusal } from './gateway.ts';
import { type Route, routeOf } from './routes.ts';
import { createSensService } from './service.ts';
import { type SensSettings, sensSettingsSchema } from './settings.ts';

const MAX_BODY_BYTES = 1_048_576;

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
  const { serviceId, accessKey: _, secretKey: __, registeredNumbers, clock: given = systemClock, ...chosen } = options;
  let settings = sensSettingsSchema.strip().parse(chosen);
  const clock: Clock = { now: () => given.now() + settings.clockSkewMs, monotonicMs: () => given.monotonicMs() };
  const ledger = createLedger({ provider: 'SENS', clock });
  const faults = createFaultList();
  const timers = createTimers();
  const strikes = createHttpStrikes({
    faults,
    ledger,
    timers,
    rejection: ({ status = 500, shape = 'gateway', code }) => errorAnswer(status, shape, 'Armed fault', code),
  });
  const service = createSensService({ registeredNumbers, clock, ledger, strikes, settings: () => settings });
  const server = createLoopbackServer(serve);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_BODY_BYTES);
    // By its own clock, so that a client can see how far apart the two are.
    response.setHeader('date', new Date(clock.now()).toUTCString());
    const route = routeOf(request, serviceId);
    const event = route?.event ?? `${request.method} ?`;
    const record = ({ answer, reason }: Refusal) => {
      ledger.record({ event, outcome: 'REFUSED', reason, fields: { httpStatus: answer.status } });
    };
    const refused = refusedAtTheDoor(request, route, body);
    if (refused !== undefined) {
      record(refused);
      send(response, refused.answer);
      return;
    }
    if (route !== undefined && body !== undefined) await exchange(route, request, body, response, record);
  }

  function refusedAtTheDoor(
    request: IncomingMessage,
    route: Route | undefined,
    body: Buffer | undefined,
  ): Refusal | undefined {
    if (body === undefined) return gatewayRefusal(413, '430', 'Request Entity Too Large', 'The body is over 1 MiB.');
    const refused = checkGateway(request, options, clock);
    if (refused !== undefined) return refused;
    if (route === undefined) return gatewayRefusal(404, '300', 'Not Found Exception', 'No such path.');
    return route.serviceId === serviceId ? undefined : serviceRefusal(404, 'serviceId: not found.');
  }

  async function exchange(
    route: Route,
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    record: (refusal: Refusal) => void,
  ): Promise<void> {
    const { event } = route;
    const before = await strikes.pass(route.before, { event, response });
    if (before === 'ENDED') return;
    const served = service.serve(route, body, request.headers['content-type']);
    if ('reason' in served) {
      record(served);
      strikes.answer(response, served.answer, before);
      return;
    }
    const { reference } = served;
    const after =
      route.after === undefined ? undefined : await strikes.pass(route.after, { event, response, reference });
    if (after !== 'ENDED') strikes.answer(response, served.answer, after ?? before);
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
