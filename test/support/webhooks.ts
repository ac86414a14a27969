/** The webhook inbox as app.ts puts it together, over a given store, with senders and an effect of the test's own. */
import { createHmac, timingSafeEqual, webcrypto } from 'node:crypto';
import { systemClock } from '../../src/core/clock.ts';
import type { Store } from '../../src/core/store.ts';
import { createWebhookEffectWork, type WebhookEffectWorkOptions } from '../../src/core/webhooks/effects.ts';
import { createWebhookInbox, type WebhookInboxOptions } from '../../src/core/webhooks/inbox.ts';
import { createWebhookReader } from '../../src/core/webhooks/read.ts';
import type { WebhookContent, WebhookEffect, WebhookSource, WebhookSubject } from '../../src/core/webhooks/source.ts';
import { createWebhookStore } from '../../src/core/webhooks/webhook-store.ts';
import { runLog } from './run-log.ts';

export const signatureHeader = 'x-securekey-signature';

/** An account whose sender signs with `secret`, as SecureKey does (providers' document, section 4.3). */
export function hmacSource({ account = 'default', secret = 'secret' } = {}): WebhookSource {
  return {
    provider: 'SECUREKEY',
    account,
    isGenuine(body, headers) {
      const [signature, ...more] = headers[signatureHeader] ?? [];
      if (signature === undefined || more.length > 0 || !/^sha256=[0-9a-f]{64}$/.test(signature)) return false;
      return timingSafeEqual(
        Buffer.from(signature.slice(7), 'hex'),
        createHmac('sha256', secret).update(body).digest(),
      );
    },
    read: readPush,
  };
}

function readPush(body: Uint8Array): WebhookContent {
  try {
    const { event, requestId } = JSON.parse(new TextDecoder().decode(body));
    return { event, ...(requestId !== undefined && { subject: { type: 'PUSH_RESPONDED', requestId } }) };
  } catch {
    return {};
  }
}

/** By WebCrypto, so that the two do not share a slip. */
export async function sign(body: string | Uint8Array, secret = 'secret'): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await webcrypto.subtle.importKey('raw', Buffer.from(secret), algorithm, false, ['sign']);
  return `sha256=${Buffer.from(await webcrypto.subtle.sign('HMAC', key, Buffer.from(body))).toString('hex')}`;
}

export const pushBody = (requestId: string): string => JSON.stringify({ event: 'push.responded', requestId });

interface RecordedEffect extends WebhookEffect {
  /** The tenants' requests; what is not here is of nobody, or not yet. */
  readonly tenantOf: Map<string, string>;
  readonly applied: string[];
  /** Thrown by the next calls of `apply`, one each. */
  readonly failures: unknown[];
}

const nameIn = (subject: WebhookSubject): string =>
  subject.type === 'PUSH_RESPONDED' ? subject.requestId : subject.externalId;

/** Idempotent by a record in the store, as a real one is by its state; `applied` counts every run. */
function recordedEffect(store: Store): RecordedEffect {
  const tenantOf = new Map<string, string>();
  const applied: string[] = [];
  const failures: unknown[] = [];
  return {
    tenantOf,
    applied,
    failures,
    ownerOf: async (_source, subject) => tenantOf.get(nameIn(subject)),
    async apply(_source, subject) {
      const requestId = nameIn(subject);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      if (!tenantOf.has(requestId)) return 'UNMATCHED';
      applied.push(requestId);
      const key = `effect/${requestId}`;
      await store.write({
        expect: [{ key, version: 0 }],
        put: [{ key, value: requestId }],
        append: [{ log: 'effects', entry: requestId }],
      });
      return 'APPLIED';
    },
  };
}

/** What came to pass in the store, whoever ran it and however often. */
export async function effectsIn(store: Store): Promise<unknown[]> {
  return (await store.readLog('effects', 0, 10_000)).entries.map(({ entry }) => entry);
}

export type WebhookSetting = Partial<Omit<WebhookInboxOptions, 'store'> & Omit<WebhookEffectWorkOptions, 'store'>>;

export function webhookCore(store: Store, setting: WebhookSetting = {}) {
  const effect = recordedEffect(store);
  const webhooks = createWebhookStore(store);
  const options = {
    store,
    webhooks,
    sources: [hmacSource()],
    effects: { PUSH_RESPONDED: effect },
    clock: systemClock,
    log: runLog,
    soleTenantOf: () => undefined,
    ...setting,
  };
  const work = createWebhookEffectWork(options);
  const inbox = createWebhookInbox({ ...options, work });
  const reader = createWebhookReader({ ...options, work });
  const [source] = options.sources as [WebhookSource];
  return {
    effect,
    work,
    inbox,
    webhooks,
    reader,
    /** Posts to the first source, signed by its sender unless told otherwise. */
    async receive(body: string, signature?: string) {
      const headers = { [signatureHeader]: [signature ?? (await sign(body))] };
      const verdict = inbox.judge(source, Buffer.from(body), headers);
      await inbox.receive(source, Buffer.from(body), verdict);
      return verdict;
    },
    listed: async (owner: string) => (await reader.page(owner, {}, {})).edges.map(({ node }) => node),
  };
}
