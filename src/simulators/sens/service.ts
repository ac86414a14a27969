/**
 * What SENS does with a request that its gateway let through: it holds the messages, files, reservations and opt-outs
 * of one service. It speaks no HTTP but by the status of its answers.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../core/clock.ts';
import { type Answer, jsonAnswer } from '../http-exchange.ts';
import type { HttpStrikes } from '../http-strikes.ts';
import { readJsonBody } from '../json-body.ts';
import { koreaIso } from '../korea-time.ts';
import type { Ledger } from '../ledger.ts';
import { readSensBody, type SensBody, type SensItem } from './body.ts';
import { createFiles } from './files.ts';
import { type Refusal, serviceRefusal } from './gateway.ts';
import { listMessages } from './lookup.ts';
import { createMailbox, getRow } from './mailbox.ts';
import { createOptOuts } from './opt-outs.ts';
import { createReservations } from './reservations.ts';
import type { Route } from './routes.ts';
import type { SensSettings } from './settings.ts';

/** Of an answer, what it is about; of a refusal, why. */
type Served = { readonly answer: Answer; readonly reference?: string } | Refusal;

export interface SensService {
  serve(route: Route, body: Buffer, contentType: string | undefined): Served;
}

type Taken = Extract<SensBody, { ok: true }>;

export function createSensService(options: {
  readonly registeredNumbers: readonly string[];
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly strikes: HttpStrikes;
  readonly settings: () => SensSettings;
}): SensService {
  const { clock, ledger, strikes, settings } = options;
  const mailbox = createMailbox();
  const files = createFiles();
  const reservations = createReservations();
  const optOuts = createOptOuts();

  function takeMessages(event: string, bytes: Buffer, contentType: string | undefined): Served {
    const now = clock.now();
    const body = readSensBody(readJsonBody(bytes, contentType), {
      registeredNumbers: options.registeredNumbers,
      strictLength: settings().strictLength,
      optOutService: settings().optOutService,
      fileName: (fileId) => files.find(fileId, now)?.name,
      now,
    });
    if (!body.ok) return serviceRefusal(400, body.reason);
    // A reservation's id looks unlike a send's: both are opaque.
    const requestId = body.reservation === undefined ? randomUUID() : `RSSA-${randomUUID()}`;
    const cutShort = reserve(body, requestId, event);
    for (const item of body.items) takeOne(item, requestId, event, body, cutShort);
    const answer = { requestId, requestTime: koreaIso(now), statusCode: '202', statusName: 'success' };
    return { answer: jsonAnswer(202, answer), reference: requestId };
  }

  /** True where an armed fault keeps the reservation from ever going out. */
  function reserve(body: Taken, reserveId: string, event: string): boolean {
    if (body.reservation === undefined) return false;
    const fault = strikes.take('reservation', event, reserveId);
    reservations.add({
      ...body.reservation,
      reserveId,
      startsAt: body.startsAt,
      doneAt: body.startsAt + settings().deliverAfterMs / 4,
      forced: fault === undefined ? undefined : (fault.code ?? 'FAIL'),
    });
    return fault !== undefined;
  }

  function takeOne(item: SensItem, requestId: string, event: string, body: Taken, cutShort: boolean): void {
    const fault = strikes.take('report', event, requestId);
    const forced =
      fault?.kind === 'reject' ? { statusCode: fault.code ?? '3000', statusMessage: 'armed fault' } : undefined;
    const message = mailbox.take(item, {
      requestId,
      requestedAt: clock.now(),
      startsAt: cutShort ? Number.POSITIVE_INFINITY : body.startsAt,
      deliverAfterMs: settings().deliverAfterMs + (fault?.ms ?? 0),
      forced,
      neverEnds: fault?.kind === 'drop',
      optedOut: item.contentType === 'AD' && optOuts.has(item.to),
    });
    const { unencodable: _, files: attached, ...fields } = item;
    ledger.record({
      event,
      outcome: 'TAKEN',
      reference: requestId,
      fields: {
        messageId: message.messageId,
        ...fields,
        ...(attached.length > 0 && { files: attached.map(({ fileId }) => fileId) }),
        ...(body.reservation !== undefined && { reserveTime: body.reservation.reserveTime }),
      },
    });
  }

  function upload(event: string, bytes: Buffer, contentType: string | undefined): Served {
    const uploaded = files.upload(readJsonBody(bytes, contentType), clock.now(), settings().reuseFiles);
    if (typeof uploaded === 'string') return serviceRefusal(400, uploaded);
    const { file, reused } = uploaded;
    const { fileId, name, bytes: size, sha256 } = file;
    ledger.record({ event, outcome: 'TAKEN', reference: fileId, fields: { name, bytes: size, sha256, reused } });
    const times = { createTime: koreaIso(file.createdAt), expireTime: koreaIso(file.expiresAt) };
    return { answer: jsonAnswer(200, { fileId, ...times }), reference: fileId };
  }

  function cancel(event: string, reserveId: string): Served {
    const status = reservations.status(reserveId, clock.now());
    if (status === undefined) return serviceRefusal(404, 'reserveId: not found.');
    if (!reservations.cancel(reserveId, clock.now())) {
      // Which 4xx is not published.
      return serviceRefusal(400, `reserveId: is ${status['reserveStatus']} and no more READY.`);
    }
    mailbox.withdraw(reserveId);
    ledger.record({ event, outcome: 'TAKEN', reference: reserveId });
    return { answer: { status: 204 }, reference: reserveId };
  }

  function changeOptOuts(event: string, bytes: Buffer, contentType: string | undefined): Served {
    const body = readJsonBody(bytes, contentType);
    const isNew = event.startsWith('POST');
    const numbers = isNew ? optOuts.add(body, clock.now()) : optOuts.remove(body);
    if (typeof numbers === 'string') return serviceRefusal(400, numbers);
    ledger.record({ event, outcome: 'TAKEN', fields: { numbers } });
    return {
      answer: isNew
        ? jsonAnswer(
            201,
            numbers.map((clientTelNo) => ({ clientTelNo })),
          )
        : { status: 204 },
    };
  }

  function read(route: Route): Answer | Refusal {
    const now = clock.now();
    switch (route.event) {
      case 'GET messages':
        return listMessages(route.query, mailbox, now, settings().unknownRequestId);
      case 'GET message': {
        const message = mailbox.message(route.id);
        if (message === undefined) return serviceRefusal(404, 'messageId: not found.');
        return jsonAnswer(200, { statusCode: '200', statusName: 'success', messages: [getRow(message, now)] });
      }
      case 'GET reservation': {
        const status = reservations.status(route.id, now);
        return status === undefined ? serviceRefusal(404, 'reserveId: not found.') : jsonAnswer(200, status);
      }
      default:
        return jsonAnswer(200, optOuts.list());
    }
  }

  return {
    serve(route, body, contentType) {
      const { event } = route;
      if (event.endsWith('unsubscribes') && !settings().optOutService) {
        return serviceRefusal(403, 'There is no 080 opt-out service.');
      }
      switch (event) {
        case 'POST messages':
          return takeMessages(event, body, contentType);
        case 'POST files':
          return upload(event, body, contentType);
        case 'DELETE reservation':
          return cancel(event, route.id);
        case 'POST unsubscribes':
        case 'DELETE unsubscribes':
          return changeOptOuts(event, body, contentType);
        default: {
          const answer = read(route);
          if ('reason' in answer) return answer;
          ledger.record({ event, outcome: 'TAKEN', fields: { target: route.target } });
          return { answer };
        }
      }
    },
  };
}
