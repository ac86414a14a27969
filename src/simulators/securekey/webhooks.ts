/**
 * The webhooks that the SecureKey simulator sends: signed over the very bytes, tried again with growing pauses, and
 * struck by faults. When a try is repeated is a guess: no schedule is published.
 */
import { createHmac } from 'node:crypto';
import type { ArmedFault } from '../faults.ts';
import type { HttpStrikes } from '../http-strikes.ts';
import type { Ledger } from '../ledger.ts';
import type { Timers } from '../timers.ts';
import type { SecureKeySettings } from './settings.ts';

const EVENT = 'POST webhook';
const RETRY_FACTOR = 5;
const REORDER_MS = 1_000;

export interface SentWebhook {
  /** The last answer's status; undefined where there was none, or nobody to ask. */
  readonly httpStatus: number | undefined;
}

export interface Webhooks {
  /** After webhookDelayMs, with retries, past the armed faults. Nothing happens without a webhookUrl. */
  emit(payload: object, reference: string): void;
  /** Just these bytes, now and once, past no fault. @default signature the right one */
  sendAsIs(body: string, signature: string | undefined): Promise<SentWebhook>;
  stop(): void;
}

interface Letter {
  readonly body: string;
  readonly signature: string;
  readonly reference: string | undefined;
}

export function createWebhooks(options: {
  readonly ledger: Ledger;
  readonly timers: Timers;
  readonly strikes: HttpStrikes;
  readonly settings: () => SecureKeySettings;
  readonly secret: () => string;
}): Webhooks {
  const { ledger, timers, strikes, settings, secret } = options;
  let aborter = new AbortController();
  /** What waits to leave behind the next one. */
  let held: (() => void)[] = [];

  const sign = (body: string, key: string) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;

  async function deliver({ body, signature, reference }: Letter, attempt: number): Promise<number | undefined> {
    const stopped = aborter.signal;
    const { webhookUrl: url, webhookTimeoutMs } = settings();
    if (url === null) return undefined;
    const fact = { event: EVENT, ...(reference !== undefined && { reference }) };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'X-SecureKey-Signature': signature },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([stopped, AbortSignal.timeout(webhookTimeoutMs)]),
      });
      await response.arrayBuffer();
      const { status: httpStatus } = response;
      const outcome = response.ok ? 'SENT' : 'REFUSED';
      ledger.record({ ...fact, outcome, fields: { body, attempt, httpStatus } });
      return httpStatus;
    } catch (fault) {
      if (stopped.aborted) return undefined;
      // fetch hides what happened to the connection in its cause.
      const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
      const reason = `no answer: ${cause instanceof Error ? cause.message : String(cause)}`;
      ledger.record({ ...fact, outcome: 'REFUSED', reason, fields: { body, attempt } });
      return undefined;
    }
  }

  async function deliverWithRetries(letter: Letter, attempt = 1): Promise<void> {
    const stopped = aborter.signal;
    const status = await deliver(letter, attempt);
    if (stopped.aborted) return;
    if (attempt === 1) for (const release of held.splice(0)) release();
    const isDone = status !== undefined && status >= 200 && status < 300;
    const { webhookRetries, webhookRetryDelayMs, webhookUrl } = settings();
    if (isDone || attempt > webhookRetries || webhookUrl === null) return;
    const pauseMs = webhookRetryDelayMs * RETRY_FACTOR ** (attempt - 1);
    timers.after(pauseMs, () => void deliverWithRetries(letter, attempt + 1));
  }

  function hold(letter: Letter, fault: ArmedFault): void {
    let isReleased = false;
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      held = held.filter((waiting) => waiting !== release);
      void deliverWithRetries(letter);
    };
    held.push(release);
    timers.after(fault.ms ?? REORDER_MS, release);
  }

  function leave(body: string, reference: string): void {
    const fault = strikes.take('webhook', EVENT, reference);
    const isForged = fault?.kind === 'forge';
    const letter = { body, signature: sign(body, isForged ? `not ${secret()}` : secret()), reference };
    switch (fault?.kind) {
      case 'drop':
        return;
      case 'delay':
        timers.after(fault.ms ?? 0, () => void deliverWithRetries(letter));
        return;
      case 'reorder':
        hold(letter, fault);
        return;
      case 'duplicate':
        void deliverWithRetries(letter);
        void deliverWithRetries(letter);
        return;
      default:
        void deliverWithRetries(letter);
    }
  }

  return {
    emit(payload, reference) {
      if (settings().webhookUrl === null) return;
      const body = JSON.stringify(payload);
      timers.after(settings().webhookDelayMs, () => leave(body, reference));
    },
    async sendAsIs(body, signature = sign(body, secret())) {
      return { httpStatus: await deliver({ body, signature, reference: undefined }, 1) };
    },
    stop() {
      aborter.abort();
      // A simulator may be started again: an outage is played so.
      aborter = new AbortController();
      held = [];
    },
  };
}
