/**
 * Taking a webhook in: verified over its raw bytes, then durable in one batch, and only then may the sender hear 200. The
 * same body again is counted and changes nothing. What it does follows after the answer (effects.ts).
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { type Batch, type Store, storeKey } from '../store.ts';
import type { WebhookEffectWork } from './effects.ts';
import { createForgeryTally } from './forgery-tally.ts';
import type { WebhookContent, WebhookHeaders, WebhookSource } from './source.ts';
import { type InboundWebhook, unmatchedOwner, type WebhookStore, webhookIndex, webhookKey } from './webhook-store.ts';

export type WebhookVerdict = 'GENUINE' | 'FORGED';

export interface WebhookInbox {
  /** The account that an endpoint names: `provider` in lower case. */
  sourceOf(provider: string, account: string): WebhookSource | undefined;
  /** Asks no store, and leaves nothing but a count of what is forged. */
  judge(source: WebhookSource, body: Uint8Array, headers: WebhookHeaders): WebhookVerdict;
  /**
   * `verdict`: of `judge`. Resolves once it is stored, or counted as one that was. A forged one beyond the day's room is
   * not stored. @throws StoreUnavailable where nothing was promised: the sender must try again
   */
  receive(source: WebhookSource, body: Uint8Array, verdict: WebhookVerdict): Promise<void>;
}

export interface WebhookInboxOptions {
  readonly store: Store;
  readonly webhooks: WebhookStore;
  readonly sources: readonly WebhookSource[];
  readonly work: Pick<WebhookEffectWork, 'dueOf' | 'ownerOf' | 'begin'>;
  /** The tenant that alone uses the account and so may see what matches nobody; undefined where several do. */
  readonly soleTenantOf: (source: WebhookSource) => string | undefined;
  readonly clock: Clock;
  readonly log: Log;
  /** Different forged bodies that are kept a day and account. @default 1_000 */
  readonly maxForgedPerDay?: number;
  /** How often the log says how many forged ones came. @default 1_000 */
  readonly forgedLineEveryMs?: number;
}

const dayMs = 86_400_000;
/** How long a body is known again, and a forged one kept. */
const rememberedMs = 7 * dayMs;

export function createWebhookInbox(options: WebhookInboxOptions): WebhookInbox {
  const { store, webhooks, sources, work, soleTenantOf, clock, log, maxForgedPerDay = 1_000 } = options;
  const byPlace = new Map(sources.map((source) => [placeOf(source.provider.toLowerCase(), source.account), source]));
  const forgeries = createForgeryTally({ clock, log, everyMs: options.forgedLineEveryMs });

  async function keep(source: WebhookSource, body: Uint8Array, seenKey: string, sha256: string, genuine: boolean) {
    const { provider, account } = source;
    // A forged body is not even parsed.
    const content: WebhookContent = genuine ? source.read(body) : {};
    const id = randomUUID();
    const key = webhookKey(id);
    const webhook: InboundWebhook = {
      id,
      provider,
      account,
      ...(content.event !== undefined && { event: content.event }),
      signatureValid: genuine,
      receivedAt: clock.now(),
      sha256,
      duplicates: 0,
      replays: 0,
      owner: (await work.ownerOf(source, content)) ?? soleTenantOf(source) ?? unmatchedOwner,
    };
    const due: Batch = genuine
      ? work.dueOf(source, id, content)
      : { index: [{ index: webhookIndex.forgetting(source), key, sort: webhook.receivedAt + rememberedMs }] };
    const kept = await webhooks.keep(webhook, body, {
      ...due,
      expect: [{ key: seenKey, version: 0 }],
      put: [{ key: seenKey, value: { key }, ttlMs: rememberedMs }],
    });
    if (kept && genuine && due.index !== undefined) work.begin(source, key);
    return kept;
  }

  async function hasRoom({ provider, account }: WebhookSource): Promise<boolean> {
    const counter = storeKey('webhooks-forged-kept', provider, account);
    return (await store.add(counter, 1, { max: maxForgedPerDay, ttlMs: dayMs })).added;
  }

  return {
    sourceOf: (provider, account) => byPlace.get(placeOf(provider, account)),
    judge(source, body, headers) {
      if (source.isGenuine(body, headers)) return 'GENUINE';
      forgeries.count(source);
      return 'FORGED';
    },
    async receive(source, body, verdict) {
      const genuine = verdict === 'GENUINE';
      const sha256 = createHash('sha256').update(body).digest('hex');
      // With the verdict: a forged copy must not stand in the way of the genuine one, nor the other way round.
      const seenKey = storeKey('webhook-seen', source.provider, source.account, verdict, sha256);
      for (;;) {
        const seen = await store.get<{ readonly key: string }>(seenKey);
        if (seen !== undefined) {
          await webhooks.change(seen.value.key, (webhook) => ({
            webhook: { ...webhook, duplicates: webhook.duplicates + 1 },
          }));
          return;
        }
        if (!genuine && !(await hasRoom(source))) return;
        // Else a twin was stored meanwhile, here or by another gateway.
        if (await keep(source, body, seenKey, sha256, genuine)) return;
      }
    },
  };
}

const placeOf = (provider: string, account: string): string => `${provider}/${account}`;
