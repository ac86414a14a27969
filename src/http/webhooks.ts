/**
 * Where providers send their webhooks: POST /webhooks/<provider> for the default account, /webhooks/<provider>/<account> for
 * any. No API key: the signature over the raw bytes is the credential. Bounds what a sender may cost, so that who has no
 * secret takes no room from who has; core/webhooks decides.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../core/clock.ts';
import { storeUnavailable } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { StoreUnavailable } from '../core/store.ts';
import type { WebhookInbox, WebhookVerdict } from '../core/webhooks/inbox.ts';
import type { WebhookSource } from '../core/webhooks/source.ts';
import { failure, respond } from './answer.ts';

export const webhooksPath = '/webhooks/';

export interface WebhookEndpoint {
  /** For a path that begins with `webhooksPath`. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

export interface WebhookEndpointOptions {
  readonly inbox: WebhookInbox;
  readonly log: Log;
  /** From its headers on. @default 5_000 */
  readonly bodyTimeoutMs?: number;
  /** Genuine ones of each account; as many may come at once. @default 50 */
  readonly maxPerSecond?: number;
  /** Forged ones of each account: what comes beyond is answered alike, and not stored. @default 10 */
  readonly maxForgedPerSecond?: number;
  /** Bodies of one account that are read at once. @default 100 */
  readonly maxReading?: number;
  readonly clock?: Pick<Clock, 'monotonicMs'>;
}

const maxBodyBytes = 64 * 1024;
/** A name of the tenants file needs no escapes, so a path with one names nothing. */
const pathForm = /^\/webhooks\/([a-z_]{1,32})(?:\/([A-Za-z0-9][A-Za-z0-9._-]{0,62}))?$/;

/** What is left of one account. */
interface Room extends Readonly<Record<WebhookVerdict, () => boolean>> {
  reading: number;
}

export function createWebhookEndpoint(options: WebhookEndpointOptions): WebhookEndpoint {
  const { inbox, log, bodyTimeoutMs = 5_000, clock = systemClock } = options;
  const { maxPerSecond = 50, maxForgedPerSecond = 10, maxReading = 100 } = options;
  const rooms = new WeakMap<WebhookSource, Room>();

  function roomOf(source: WebhookSource): Room {
    const room = rooms.get(source) ?? {
      GENUINE: createTokenBucket(maxPerSecond, clock),
      FORGED: createTokenBucket(maxForgedPerSecond, clock),
      reading: 0,
    };
    rooms.set(source, room);
    return room;
  }

  function sourceOf({ url = '' }: IncomingMessage): WebhookSource | undefined {
    const [, provider, account = 'default'] = pathForm.exec(url.split('?', 1)[0] ?? '') ?? [];
    return provider === undefined ? undefined : inbox.sourceOf(provider, account);
  }

  return {
    async handle(request, response) {
      const refuse = (status: number, code: string, message: string): void => {
        cutLateBody(request, bodyTimeoutMs);
        respond(response, status, failure(code, message));
      };
      const source = sourceOf(request);
      if (source === undefined) return refuse(404, 'NOT_FOUND', 'No account takes webhooks here.');
      if (request.method !== 'POST') {
        response.setHeader('allow', 'POST');
        return refuse(405, 'METHOD_NOT_ALLOWED', 'Webhooks are sent by POST.');
      }
      // Opened, it would be other bytes than the signed ones, and of any size.
      if (request.headers['content-encoding'] !== undefined)
        return refuse(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as it was signed, without Content-Encoding.');

      const room = roomOf(source);
      if (room.reading >= maxReading) {
        response.setHeader('retry-after', '1');
        return refuse(503, 'BUSY', `This endpoint reads ${maxReading} webhooks at once. Send it again.`);
      }
      room.reading += 1;
      const body = await readBody(request, bodyTimeoutMs).finally(() => {
        room.reading -= 1;
      });
      switch (body) {
        case 'ABORTED':
          return;
        case 'TOO_LARGE':
          return refuse(413, 'REQUEST_ENTITY_TOO_LARGE', `A webhook has at most ${maxBodyBytes} bytes.`);
        case 'TOO_SLOW':
          response.setHeader('connection', 'close');
          return refuse(408, 'REQUEST_TIMEOUT', 'The body took too long.');
      }
      try {
        const verdict = inbox.judge(source, body, request.headersDistinct);
        const hasRoom = room[verdict]();
        if (hasRoom) await inbox.receive(source, body, verdict);
        if (verdict === 'FORGED')
          return respond(response, 401, failure('SIGNATURE_INVALID', 'The signature does not match the body.'));
        if (hasRoom) return respond(response, 200, { received: true });
        response.setHeader('retry-after', '1');
        return refuse(429, 'RATE_LIMITED', `This endpoint takes ${maxPerSecond} webhooks a second.`);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        const { provider, account } = source;
        log.error('webhook.not-stored', { provider, account, error });
        return respond(response, 503, failure(storeUnavailable(error).code, 'It could not be stored. Send it again.'));
      }
    },
  };
}

/** Full at first; each second gives `perSecond` back. */
function createTokenBucket(perSecond: number, clock: Pick<Clock, 'monotonicMs'>): () => boolean {
  let tokens = perSecond;
  let filledAtMs = clock.monotonicMs();
  return () => {
    const nowMs = clock.monotonicMs();
    tokens = Math.min(perSecond, tokens + ((nowMs - filledAtMs) / 1_000) * perSecond);
    filledAtMs = nowMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

type Unread = 'TOO_LARGE' | 'TOO_SLOW' | 'ABORTED';

/** Never holds more than `maxBodyBytes`, nor waits longer than this. */
function readBody(request: IncomingMessage, timeoutMs: number): Promise<Uint8Array | Unread> {
  if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return Promise.resolve('TOO_LARGE');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const timer = setTimeout(() => settle('TOO_SLOW'), timeoutMs);
    function settle(result: Uint8Array | Unread): void {
      clearTimeout(timer);
      request.off('data', take);
      resolve(result);
    }
    function take(chunk: Buffer): void {
      bytes += chunk.length;
      if (bytes > maxBodyBytes) settle('TOO_LARGE');
      else chunks.push(chunk);
    }
    request.on('data', take);
    request.once('end', () => settle(Buffer.concat(chunks)));
    // Also where the other side resets: there is nobody to answer then.
    request.once('error', () => settle('ABORTED'));
    request.once('close', () => settle('ABORTED'));
  });
}

/** Node reads on behind an answer, so that its sender can hear it; but not for ever. */
function cutLateBody(request: IncomingMessage, timeoutMs: number): void {
  if (request.complete) return;
  const timer = setTimeout(() => request.destroy(), timeoutMs);
  request.once('close', () => clearTimeout(timer));
  request.resume();
}
