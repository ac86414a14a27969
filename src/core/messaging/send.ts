/**
 * sendSms: judge the input, store the message, its idempotency record and its first event in one durable write, and
 * answer with the message as it stands. Once stored the answer is the message, whatever happens to it later.
 */
import { randomUUID } from 'node:crypto';
import { normaliseText } from '../../korean/ms949.ts';
import { parseCallbackNumber, parseKoreanMobile } from '../../korean/phone-number.ts';
import type { Clock } from '../clock.ts';
import { ContentRejected, type FieldProblem, InvalidInput, ProviderUnavailable, storeUnavailable } from '../errors.ts';
import {
  assertSameInput,
  fingerprintOf,
  type IdempotencyRecord,
  idempotencyKey,
  idempotencyTtlMs,
  maxIdempotencyKeyLength,
} from '../idempotency.ts';
import type { MessagePurpose, SmsProvider } from '../provider.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import type { Tenant } from '../tenant.ts';
import { isPastSubmitting, type Message, type Route } from './message.ts';
import type { MessageStore } from './message-store.ts';
import { previewText } from './preview.ts';
import type { StateWatch } from './state-watch.ts';

export interface SendSmsInput {
  readonly idempotencyKey: string;
  readonly to: string;
  readonly from?: string | undefined;
  readonly text: string;
  readonly purpose: MessagePurpose;
  readonly providers?: readonly SmsProvider[] | undefined;
  readonly allowLms: boolean;
  readonly clientRef?: string | undefined;
  readonly wait: 'QUEUED' | 'SUBMITTED';
}

export interface Sender {
  /**
   * @throws GatewayError where nothing was stored and nothing left; only a ProviderUnavailable with the outcome UNKNOWN,
   * of a store that was lost in the middle of the write, leaves that open.
   */
  sendSms(tenant: Tenant, input: SendSmsInput): Promise<Message>;
}

export interface SenderOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly watch: StateWatch;
  readonly clock: Clock;
  /** The accounts that messages may go through, in the order in which they are tried by default. */
  readonly routes: readonly Route[];
  /** Something was queued for this route. */
  readonly poke: (route: Route) => void;
  /** How long `wait: SUBMITTED` waits at most. @default 10_000 */
  readonly maxWaitMs?: number;
}

const field = 'sendSms';
/** Without a report by then the message is EXPIRED; relays keep an SMS for about a day. */
const smsDeadlineMs = 24 * 3_600_000;
const maxClientRefLength = 200;

export function createSender(options: SenderOptions): Sender {
  const { store, messages, watch, clock, routes, poke, maxWaitMs = 10_000 } = options;

  async function sendSms(tenant: Tenant, input: SendSmsInput): Promise<Message> {
    if (input.idempotencyKey === '' || input.idempotencyKey.length > maxIdempotencyKeyLength) {
      throw new InvalidInput([problem('idempotencyKey', 'LENGTH', `Give 1 to ${maxIdempotencyKeyLength} characters.`)]);
    }
    const { key, stored } = await once(tenant, input).catch((error) => {
      throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
    });
    if (input.wait === 'QUEUED' || isPastSubmitting(stored.state)) return stored;
    try {
      await watch.waitFor(tenant.id, stored.id, isPastSubmitting, maxWaitMs);
      const [present] = await messages.load([key]);
      return present?.message ?? stored;
    } catch (error) {
      // It is stored, so the answer is the message, also where the store has gone away meanwhile.
      if (error instanceof StoreUnavailable) return stored;
      throw error;
    }
  }

  /** The message that this key stands for: the one there is, or a new one. Twins at the same moment get the same. */
  async function once(tenant: Tenant, input: SendSmsInput): Promise<{ key: string; stored: Message }> {
    const recordKey = idempotencyKey(store, tenant.id, field, input.idempotencyKey);
    const fingerprint = fingerprintOf(store, canonical(input));
    for (;;) {
      const used = (await store.get<IdempotencyRecord>(recordKey))?.value;
      if (used !== undefined) {
        assertSameInput(used, fingerprint);
        const [present] = await messages.load([used.subjectKey]);
        if (present === undefined) throw new Error('An idempotency record outlived its message.');
        return { key: used.subjectKey, stored: present.message };
      }
      const message = compose(tenant, input);
      const key = messages.key(tenant.id, message.id);
      const record: IdempotencyRecord = { subjectKey: key, firstUsedAt: message.createdAt, fingerprint };
      const accepted = await messages.accept(message, {
        expect: [{ key: recordKey, version: 0 }],
        put: [{ key: recordKey, value: record, ttlMs: idempotencyTtlMs }],
      });
      if (!accepted) continue;
      const [route] = message.routes;
      if (route !== undefined) poke(route);
      return { key, stored: message };
    }
  }

  /** A message to store. @throws InvalidInput, ContentRejected or ProviderUnavailable. */
  function compose(tenant: Tenant, input: SendSmsInput): Message {
    const problems: FieldProblem[] = [];
    const to = parseKoreanMobile(input.to);
    if (to === undefined) {
      problems.push(problem('to', 'NOT_A_KOREAN_MOBILE', 'Not a Korean mobile number. 국내 휴대전화 번호가 아닙니다.'));
    }
    const from = callerNumber(tenant, input.from, problems);
    if (input.purpose === 'AD') {
      problems.push(
        problem('purpose', 'NOT_CARRIED', 'Advertising is not carried: its legal rules are not checked yet.'),
      );
    }
    if (input.clientRef !== undefined && input.clientRef.length > maxClientRefLength) {
      problems.push(problem('clientRef', 'LENGTH', `Give at most ${maxClientRefLength} characters.`));
    }
    const chosen = chooseRoutes(input.providers, problems);
    const preview = previewText(input.text, ['input', 'text']);
    const empty = preview.problems.find(({ rule }) => rule === 'EMPTY');
    if (empty !== undefined) problems.push(empty);
    if (problems.length > 0 || to === undefined || from === undefined) throw new InvalidInput(problems);
    if (preview.problems.length > 0) throw new ContentRejected(preview);
    const now = clock.now();
    return {
      id: randomUUID(),
      tenant: tenant.id,
      kind: preview.kind,
      purpose: input.purpose,
      to,
      from,
      text: normaliseText(input.text),
      ...(input.clientRef !== undefined && { clientRef: input.clientRef }),
      state: 'QUEUED',
      createdAt: now,
      dueAt: now,
      deadlineAt: now + smsDeadlineMs,
      routes: chosen,
      refusals: 0,
      attempts: [],
    };
  }

  function chooseRoutes(providers: readonly SmsProvider[] | undefined, problems: FieldProblem[]): readonly Route[] {
    if (providers === undefined) {
      if (routes.length === 0) throw disabled('No provider that carries texts is configured.');
      return routes;
    }
    if (providers.length === 0)
      problems.push(problem('providers', 'EMPTY', 'Name at least one provider, or none at all.'));
    if (new Set(providers).size < providers.length) {
      problems.push(problem('providers', 'DUPLICATE', 'Name each provider once.'));
    }
    return providers.map((name) => {
      const route = routes.find(({ provider }) => provider === name);
      if (route === undefined) throw disabled(`${name} is not configured.`);
      return route;
    });
  }

  return { sendSms };
}

function callerNumber(tenant: Tenant, from: string | undefined, problems: FieldProblem[]): string | undefined {
  const number = from === undefined ? tenant.callerNumbers[0] : parseCallbackNumber(from);
  if (number !== undefined && tenant.callerNumbers.includes(number)) return number;
  problems.push(
    from === undefined
      ? problem('from', 'NO_CALLER_NUMBER', 'This tenant has no registered caller number. 등록된 발신번호가 없습니다.')
      : problem('from', 'UNREGISTERED', 'Not one of the registered caller numbers. 등록되지 않은 발신번호입니다.'),
  );
  return undefined;
}

/** The input in the form in which two calls are the same call; `wait` is no part of it. */
function canonical(input: SendSmsInput): Record<string, unknown> {
  return {
    to: parseKoreanMobile(input.to) ?? input.to,
    from: input.from === undefined ? undefined : (parseCallbackNumber(input.from) ?? input.from),
    text: normaliseText(input.text),
    purpose: input.purpose,
    providers: input.providers,
    allowLms: input.allowLms,
    clientRef: input.clientRef,
  };
}

const problem = (name: string, rule: string, message: string): FieldProblem => ({
  path: ['input', name],
  rule,
  message,
});

const disabled = (message: string): ProviderUnavailable =>
  new ProviderUnavailable(message, { code: 'PROVIDER_DISABLED', outcome: 'NOT_ACCEPTED' });
