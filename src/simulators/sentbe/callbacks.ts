/**
 * What Sentbe tells a partner (Callback transfer status): JSON with nothing but the access_id to know it by. A retry is a
 * guess and off by default: no rule is published.
 */
import type { HttpStrikes } from '../http-strikes.ts';
import type { Ledger } from '../ledger.ts';
import type { Timers } from '../timers.ts';
import type { Corridor } from './models.ts';
import type { SentbeSettings } from './settings.ts';

const EVENT = 'POST callback';

interface Told {
  readonly corridor: Corridor;
  readonly externalId: string;
  readonly status: string;
}

export interface Callbacks {
  /** After callbackDelayMs, past the armed faults. Nothing happens without a callbackUrl. */
  emit(told: Told): void;
  /** Just this body, now and once, past no fault. Undefined where nobody answered. */
  sendAsIs(body: string): Promise<number | undefined>;
  stop(): void;
}

export function createCallbacks(options: {
  readonly accessId: string;
  readonly ledger: Ledger;
  readonly timers: Timers;
  readonly strikes: HttpStrikes;
  readonly settings: () => SentbeSettings;
}): Callbacks {
  const { accessId, ledger, timers, strikes, settings } = options;
  const aborter = new AbortController();

  async function deliver(
    body: string,
    reference: string | undefined,
    fields: Readonly<Record<string, string | number | boolean>>,
  ) {
    const { callbackUrl: url, callbackTimeoutMs } = settings();
    if (url === null) return undefined;
    const fact = { event: EVENT, ...(reference !== undefined && { reference }) };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body,
        redirect: 'manual',
        signal: AbortSignal.any([aborter.signal, AbortSignal.timeout(callbackTimeoutMs)]),
      });
      await response.arrayBuffer();
      const { status: httpStatus } = response;
      ledger.record({ ...fact, outcome: httpStatus === 200 ? 'SENT' : 'REFUSED', fields: { ...fields, httpStatus } });
      return httpStatus;
    } catch (fault) {
      if (aborter.signal.aborted) return undefined;
      // fetch hides what happened to the connection in its cause.
      const cause = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault;
      const reason = `no answer: ${cause instanceof Error ? cause.message : String(cause)}`;
      ledger.record({ ...fact, outcome: 'REFUSED', reason, fields });
      return undefined;
    }
  }

  async function deliverWithRetries({ externalId, status }: Told, isForged: boolean, attempt = 1): Promise<void> {
    const body = JSON.stringify({ token: isForged ? 'forged-access-id' : accessId, external_id: externalId, status });
    const answered = await deliver(body, externalId, { external_id: externalId, status, forged: isForged, attempt });
    const { callbackRetries, callbackRetryDelayMs, callbackUrl } = settings();
    if (answered === 200 || attempt > callbackRetries || aborter.signal.aborted || callbackUrl === null) return;
    const again = { corridor: 'outbound', externalId, status } as const;
    timers.after(callbackRetryDelayMs, () => void deliverWithRetries(again, isForged, attempt + 1));
  }

  function leave(told: Told): void {
    const fault = strikes.take('callback', EVENT, told.externalId);
    switch (fault?.kind) {
      case 'drop':
        return;
      case 'delay':
        timers.after(fault.ms ?? 0, () => void deliverWithRetries(told, false));
        return;
      case 'duplicate':
        void deliverWithRetries(told, false);
        void deliverWithRetries(told, false);
        return;
      default:
        void deliverWithRetries(told, fault?.kind === 'forge');
    }
  }

  return {
    emit(told) {
      const { callbackUrl, outboundCallbacks, callbackDelayMs } = settings();
      if (callbackUrl === null || (told.corridor === 'outbound' && !outboundCallbacks)) return;
      timers.after(callbackDelayMs, () => leave(told));
    },
    sendAsIs: (body) => deliver(body, undefined, { asIs: true, bytes: Buffer.byteLength(body) }),
    stop: () => aborter.abort(),
  };
}
