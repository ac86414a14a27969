/**
 * A Sentbe that is not there: its partner API for money out of and into Korea over real HTTP on loopback, and its
 * callbacks, written from the documents and not from our client. Here are its door and its faults.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../../core/clock.ts';
import { createFaultList, type FaultList } from '../faults.ts';
import { type Answer, createLoopbackServer, type LoopbackServer, readBody, send } from '../http-exchange.ts';
import { createHttpStrikes } from '../http-strikes.ts';
import { createLedger, type JsonValue, type Ledger } from '../ledger.ts';
import { createTimers } from '../timers.ts';
import { createCallbacks } from './callbacks.ts';
import { failure, meaningOf, SentbeRefusal, success } from './envelope.ts';
import { masked } from './parameters.ts';
import { createRecipients } from './recipients.ts';
import { createRoutes, type Route } from './routes.ts';
import {
  changeSentbeSettings,
  type SentbeSettings,
  type SentbeSettingsChange,
  sentbeSettingsSchema,
} from './settings.ts';
import { openSignature } from './signature.ts';
import { createTokens, type SentToken, type TokenType } from './tokens.ts';
import { createTransfers, type Transfer, type TransferStatus } from './transfers.ts';
import { createUsers, type User } from './users.ts';
import { createVerificationApi } from './verifications.ts';

const MAX_BODY_BYTES = 20_971_520;

export interface SentbeSimulatorOptions extends SentbeSettingsChange {
  readonly partnerId: string;
  readonly accessId: string;
  readonly secretKey: string;
  /** @default systemClock */
  readonly clock?: Clock;
}

export interface SentbeSimulator {
  readonly provider: 'SENTBE';
  readonly ledger: Ledger;
  readonly faults: FaultList;
  readonly arm: FaultList['arm'];
  readonly settings: SentbeSettings;
  /** Throws a ZodError for a setting that does not exist. Applies to what comes after. */
  configure(changes: SentbeSettingsChange): SentbeSettings;
  /** Gives the origin; the API is at /inbound and /outbound below it. */
  start(port?: number): Promise<{ readonly url: string }>;
  stop(): Promise<void>;
  /** Undefined where there is no such transfer. @throws SentbeRefusal E0009 for a status of the other corridor */
  setStatus(transferId: number, status: TransferStatus): Transfer | undefined;
  /** Of both corridors, newest first. */
  transfers(): readonly Transfer[];
  /** The last code that went to a user by SMS, or in a deposit of one won. @default type 'MOBILE' */
  lastCode(userId: number, type?: TokenType): SentToken | undefined;
  /** As Sentbe's staff would. Undefined where there is no such user. */
  setVerifications(userId: number, change: Partial<User['verifications']>): User | undefined;
  /** Someone who joined Sentbe by themselves, and whom the partner may register. Gives the user's id. */
  addMember(person: Parameters<ReturnType<typeof createUsers>['addMember']>[0]): number;
  /** A callback as it stands, once, to callbackUrl. Undefined where nobody answered. */
  sendCallback(body: string): Promise<number | undefined>;
}

/** What the ledger tells of a call, beside its answer. */
interface Exchanged {
  readonly answer: Answer;
  readonly reference: string | undefined;
}

export function createSentbeSimulator(options: SentbeSimulatorOptions): SentbeSimulator {
  const { partnerId, accessId, secretKey, clock = systemClock, ...chosen } = options;
  let settings = sentbeSettingsSchema.parse(chosen);
  const configure = (changes: SentbeSettingsChange) => {
    settings = changeSentbeSettings(settings, changes);
    return settings;
  };
  const current = () => settings;
  const ledger = createLedger({ provider: 'SENTBE', clock });
  const faults = createFaultList();
  const timers = createTimers();
  const strikes = createHttpStrikes({
    faults,
    ledger,
    timers,
    rejection: ({ status = settings.errorStatus, code = 'E0000' }) => failure(status, code, meaningOf(code)),
  });
  const callbacks = createCallbacks({ accessId, ledger, timers, strikes, settings: current });
  const users = createUsers(clock);
  const tokens = createTokens(clock, current);
  const recipients = createRecipients(clock, users);
  const transfers = createTransfers({ clock, timers, users, recipients, callbacks, settings: current, configure });
  const verifications = createVerificationApi({ users, tokens, timers, settings: current });
  const routes = createRoutes({ users, recipients, transfers, verifications, tokens, settings: current });
  let server: LoopbackServer | undefined;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_BODY_BYTES);
    const found = routes.find(request.method, request.url ?? '');
    if (found.route === undefined) {
      const reason = found.isKnownPath ? 'There is no such method here.' : 'There is no such path.';
      const answer = failure(found.isKnownPath ? settings.errorStatus : 404, 'E0006', reason);
      const fields = { httpStatus: answer.status, code: 'E0006' };
      ledger.record({ event: `${request.method} ?`, outcome: 'REFUSED', reason, fields });
      send(response, answer);
      return;
    }
    const { endpoint } = found.route;
    if ((await strikes.pass('request', { event: endpoint, response, endpoint })) === 'ENDED') return;
    const { answer, reference } = await exchange(found.route, found.at, request, body);
    const after = await strikes.pass('answer', { event: endpoint, response, reference, endpoint });
    if (after !== 'ENDED') strikes.answer(response, answer, after);
  }

  async function exchange(
    { endpoint: event, serve: serveEndpoint }: Route,
    at: Readonly<Record<string, string>>,
    request: IncomingMessage,
    body: Buffer | undefined,
  ): Promise<Exchanged> {
    const fields: Record<string, JsonValue | undefined> = Object.keys(at).length > 0 ? { at } : {};
    let reference: string | undefined;
    try {
      checkPartner(request);
      let data: unknown;
      if (serveEndpoint === undefined) {
        if (body === undefined) throw new SentbeRefusal('E0005', `the document is over ${MAX_BODY_BYTES} bytes`);
        const uploaded = await verifications.uploadDocument(body, request.headers['content-type']);
        Object.assign(fields, uploaded.fields);
        data = uploaded.data;
      } else {
        const signature = headerOf(request, 'signature');
        const opened = signature === undefined ? undefined : openSignature(signature, secretKey);
        Object.assign(fields, opened && { encoding: opened.encoding, parameters: masked(opened.parameters) });
        reference = referenceIn(opened?.parameters);
        data = serveEndpoint(opened?.parameters ?? {}, at);
      }
      ledger.record({ event, outcome: 'TAKEN', fields, ...(reference !== undefined && { reference }) });
      return { answer: success(data), reference };
    } catch (fault) {
      if (!(fault instanceof SentbeRefusal)) throw fault;
      const { code, message: reason } = fault;
      const answer = failure(settings.errorStatus, code, reason);
      ledger.record({
        event,
        outcome: 'REFUSED',
        reason,
        fields: { ...fields, httpStatus: answer.status, code },
        ...(reference !== undefined && { reference }),
      });
      return { answer, reference };
    }
  }

  /** @throws SentbeRefusal E0003 where a header is absent, E0001 where it is wrong */
  function checkPartner(request: IncomingMessage): void {
    const partner = headerOf(request, 'partner-id');
    const key = headerOf(request, 'key');
    if (partner === undefined || key === undefined) {
      throw new SentbeRefusal('E0003', partner === undefined ? 'PARTNER-ID' : 'KEY');
    }
    if (partner !== partnerId || key !== accessId) throw new SentbeRefusal('E0001');
    if (!settings.ipAllowed) throw new SentbeRefusal('E0001', 'the address is not allowed');
  }

  return {
    provider: 'SENTBE',
    ledger,
    faults,
    arm: faults.arm,
    get settings() {
      return settings;
    },
    configure,
    async start(port) {
      const starting = server ?? createLoopbackServer(serve, { maxHeaderSize: settings.maxHeaderSize });
      server = starting;
      return starting.start(port);
    },
    async stop() {
      timers.clear();
      callbacks.stop();
      await server?.stop();
    },
    setStatus: transfers.setStatus,
    transfers: () => [...transfers.of('inbound'), ...transfers.of('outbound')].sort((a, b) => b.id - a.id),
    lastCode: (userId, type = 'MOBILE') => tokens.last(userId, type),
    setVerifications: users.setVerifications,
    addMember: (person) => users.addMember(person).id,
    sendCallback: callbacks.sendAsIs,
  };
}

function headerOf({ headers }: IncomingMessage, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function referenceIn(parameters: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const id = parameters?.['external_id'];
  return typeof id === 'string' || typeof id === 'number' ? String(id).slice(0, 100) : undefined;
}
