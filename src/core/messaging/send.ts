/**
 * sendSms, sendSmsBatch and sendKakao: accept durably, wake whoever sends, and answer with the messages as they stand.
 * Once stored the answer is the message, whatever happens to it later.
 */
import { createHash } from 'node:crypto';
import { normaliseText } from '../../korean/ms949.ts';
import { parseCallbackNumber } from '../../korean/phone-number.ts';
import type { Clock, Instant } from '../clock.ts';
import { GatewayError, InvalidInput, storeUnavailable } from '../errors.ts';
import type { SmsProvider } from '../provider.ts';
import { type Batch, type Store, StoreUnavailable, storeKey } from '../store.ts';
import type { Tenant } from '../tenant.ts';
import { type AcceptRequest, acceptAll } from './accept.ts';
import type { Composer, SendKakaoInput, SendSmsInput } from './compose.ts';
import { decodeImage, type ImageInput } from './image.ts';
import { isPastSubmitting, type Message, type Route } from './message.ts';
import type { MessageStore } from './message-store.ts';
import { createQueueBound } from './queue-bound.ts';
import { parseRecipient } from './recipient.ts';
import type { StateWatch } from './state-watch.ts';

export interface Sender {
  /** @throws GatewayError where nothing was stored and nothing left. */
  sendSms(tenant: Tenant, input: SendSmsInput): Promise<Message>;
  /** One answer for each input, in order. @throws GatewayError where nothing at all was stored. */
  sendSmsBatch(tenant: Tenant, inputs: readonly SendSmsInput[]): Promise<readonly (Message | GatewayError)[]>;
  /** @throws GatewayError where nothing was stored and nothing left. */
  sendKakao(tenant: Tenant, input: SendKakaoInput): Promise<Message>;
  /**
   * A text that is part of something larger: it is stored in one batch with what `alongside` makes of it, and its key
   * is that batch's own business. Undefined, with nothing stored, where the batch's expectations failed; otherwise the
   * message as it stands after `settle`. @throws GatewayError where nothing was stored and nothing left.
   */
  sendAlongside(tenant: Tenant, text: AlongsideText): Promise<Message | undefined>;
  /** Waits until a message was submitted or settled, bounded by `maxWaitMs`. Undefined where there is none. */
  settle(tenantId: string, messageId: string, maxWaitMs?: number): Promise<Message | undefined>;
}

export interface AlongsideText {
  readonly to: string;
  readonly text: string;
  readonly provider: SmsProvider;
  readonly alongside: (message: Message) => Required<Pick<Batch, 'expect' | 'put'>>;
  /** It never leaves later than this. */
  readonly deadlineAt: Instant;
  /** The text is not kept longer than it is needed. */
  readonly isSecret: boolean;
  readonly maxWaitMs: number;
}

export interface SenderOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly composer: Composer;
  readonly watch: StateWatch;
  readonly clock: Clock;
  /** Something of this tenant's was queued for this route. */
  readonly poke: (route: Route, tenant: string) => void;
  /** How long `wait: SUBMITTED` waits at most. @default 10_000 */
  readonly maxWaitMs?: number;
  /**
   * How many calls may wait at once: with a provider that is slow or away, those who wait must not fill the gateway. Beyond it
   * the answer is the message as it was stored. @default 500
   */
  readonly maxWaiting?: number;
  /** How many messages may wait for an account, and as many more be scheduled with it. @default 100_000 */
  readonly maxQueued?: number | undefined;
}

const maxBatch = 1_000;

export function createSender(options: SenderOptions): Sender {
  const { store, messages, composer, watch, clock, poke, maxWaitMs = 10_000, maxWaiting = 500 } = options;
  const bound = createQueueBound({ store, clock, maxQueued: options.maxQueued ?? 100_000 });
  let waiting = 0;

  async function send(
    requests: readonly AcceptRequest[],
    waits: readonly boolean[],
  ): Promise<readonly (Message | GatewayError)[]> {
    const accepted = await acceptAll(store, messages, requests, bound).catch((error) => {
      throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
    });
    const queued = new Map<string, { readonly route: Route; readonly tenant: string }>();
    for (const each of accepted) {
      if (each instanceof GatewayError || !each.isNew) continue;
      const { routes, tenant } = each.message;
      const [route] = routes;
      if (route !== undefined) queued.set(storeKey(route.provider, route.account, tenant), { route, tenant });
    }
    for (const { route, tenant } of queued.values()) poke(route, tenant);
    const now = clock.now();
    // What is not due yet is not submitted within any wait.
    const isWorthIt = accepted.map(
      (each, at) =>
        waits[at] === true &&
        !(each instanceof GatewayError) &&
        !isPastSubmitting(each.message.state) &&
        each.message.dueAt <= now + maxWaitMs,
    );
    const mayWait = isWorthIt.includes(true) && waiting < maxWaiting;
    if (mayWait) waiting += 1;
    try {
      return await Promise.all(
        accepted.map((each, at) => {
          if (each instanceof GatewayError) return each;
          return mayWait && isWorthIt[at] === true ? settled(each.message) : each.message;
        }),
      );
    } finally {
      if (mayWait) waiting -= 1;
    }
  }

  async function settled(message: Message, waitMs = maxWaitMs): Promise<Message> {
    try {
      await watch.waitFor(message.tenant, message.id, isPastSubmitting, waitMs);
      const [present] = await messages.load([messages.key(message.tenant, message.id)]);
      return present?.message ?? message;
    } catch (error) {
      // It is stored, so the answer is the message, also where the store has gone away meanwhile.
      if (error instanceof StoreUnavailable) return message;
      throw error;
    }
  }

  async function sendOne(request: AcceptRequest, wait: boolean): Promise<Message> {
    const [result] = await send([request], [wait]);
    if (result === undefined || result instanceof GatewayError) throw result ?? new Error('No answer to one request.');
    return result;
  }

  const smsRequest = (tenant: Tenant, input: SendSmsInput): AcceptRequest => ({
    tenant: tenant.id,
    field: 'sendSms',
    idempotencyKey: input.idempotencyKey,
    canonical: canonicalSms(input),
    compose: () => composer.sms(tenant, input),
  });

  return {
    sendSms: (tenant, input) => sendOne(smsRequest(tenant, input), input.wait === 'SUBMITTED'),
    async sendSmsBatch(tenant, inputs) {
      if (inputs.length === 0 || inputs.length > maxBatch) {
        throw new InvalidInput([{ path: ['inputs'], rule: 'LENGTH', message: `Give 1 to ${maxBatch} messages.` }]);
      }
      return send(
        inputs.map((input) => smsRequest(tenant, input)),
        inputs.map(({ wait }) => wait === 'SUBMITTED'),
      );
    },
    sendKakao(tenant, input) {
      const request: AcceptRequest = {
        tenant: tenant.id,
        field: 'sendKakao',
        idempotencyKey: input.idempotencyKey,
        canonical: canonicalKakao(input),
        compose: () => composer.kakao(tenant, input),
      };
      return sendOne(request, input.wait === 'SUBMITTED');
    },
    async sendAlongside(tenant, { to, text, provider, alongside, deadlineAt, isSecret, maxWaitMs: waitMs }) {
      const draft = composer.sms(tenant, {
        idempotencyKey: '',
        to,
        text,
        purpose: 'AUTH',
        providers: [provider],
        allowLms: false,
        wait: 'SUBMITTED',
      });
      const message: Message = { ...draft.message, deadlineAt, ...(isSecret && { isSecret }) };
      const admission = await bound.admit([message]);
      if (admission.refusals[0] !== undefined) throw admission.refusals[0];
      let isStored = true;
      try {
        isStored = await messages.accept([{ ...draft, message }], alongside(message));
      } finally {
        admission.end(isStored);
      }
      if (!isStored) return undefined;
      for (const route of message.routes) poke(route, tenant.id);
      return settled(message, waitMs);
    },
    async settle(tenantId, messageId, waitMs) {
      const [stored] = await messages.load([messages.key(tenantId, messageId)]);
      const isDone = stored === undefined || isPastSubmitting(stored.message.state);
      return isDone ? stored?.message : settled(stored.message, waitMs);
    },
  };
}

/** Two calls with the same of these are the same call; how long the caller waits is no part of it. */
function canonicalSms({ idempotencyKey: _key, wait: _wait, ...input }: SendSmsInput): Record<string, unknown> {
  return {
    ...input,
    ...canonicalNumbers(input),
    text: normaliseText(input.text),
    subject: input.subject ? normaliseText(input.subject) : undefined,
    images: input.images?.map(digestOf),
  };
}

function canonicalKakao({ idempotencyKey: _key, wait: _wait, ...input }: SendKakaoInput): Record<string, unknown> {
  return {
    ...input,
    ...canonicalNumbers(input),
    text: normaliseText(input.text),
    fallbackText: input.fallbackText === undefined ? undefined : normaliseText(input.fallbackText),
    fallbackSubject: input.fallbackSubject ? normaliseText(input.fallbackSubject) : undefined,
    image: input.image && digestOf(input.image),
  };
}

function canonicalNumbers({ to, from }: { to: string; from?: string | undefined }): {
  to: string;
  from: string | undefined;
} {
  return {
    to: parseRecipient(to) ?? to,
    from: from === undefined ? undefined : (parseCallbackNumber(from) ?? from),
  };
}

/** Of the image's bytes, however they were written. */
const digestOf = ({ fileName, data }: ImageInput): string[] => [
  fileName,
  createHash('sha256')
    .update(decodeImage(data) ?? data)
    .digest('base64'),
];
