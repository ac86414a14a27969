/**
 * What webhooks do once they are stored: the effect runs at once in the process that took it in, and from an index of what
 * is due after a crash, in any gateway. Nothing here decides what an effect is, nor who may see what.
 */
import type { Clock, Instant } from '../clock.ts';
import { createDueWork, type DueTask } from '../due-work.ts';
import type { Log } from '../log.ts';
import { type Batch, type Store, StoreUnavailable } from '../store.ts';
import type { WebhookContent, WebhookEffect, WebhookSource, WebhookSubject } from './source.ts';
import { type InboundWebhook, type WebhookStore, webhookIndex, webhookKey } from './webhook-store.ts';

export type WebhookEffects = Partial<Readonly<Record<WebhookSubject['type'], WebhookEffect>>>;

export interface WebhookEffectWork {
  /** What stands in the batch that keeps a genuine webhook, or asks for it once more: its effect is lost no more. */
  dueOf(source: WebhookSource, id: string, content: WebhookContent): Batch;
  /** The tenant whose record it names, as far as there is one yet. @throws StoreUnavailable */
  ownerOf(source: WebhookSource, content: WebhookContent): Promise<string | undefined>;
  /** Runs it now. What fails stays due; never throws. */
  run(source: WebhookSource, key: string): Promise<void>;
  /** The same without waiting; where very many run already, it waits in the index. */
  begin(source: WebhookSource, key: string): void;
  start(): void;
  /** Begins nothing more, and lets what is under way finish. */
  stop(): Promise<void>;
}

export interface WebhookEffectWorkOptions {
  readonly store: Store;
  readonly webhooks: WebhookStore;
  readonly sources: readonly WebhookSource[];
  readonly effects: WebhookEffects;
  readonly clock: Clock;
  readonly log: Log;
  /** @default 500 */
  readonly everyMs?: number;
  /** An effect that a crash cut off is due again after this; longer than it takes. @default 20_000 */
  readonly holdMs?: number;
}

/** A webhook may come before the answer of the call that it is about was stored; after this it is of nobody. */
const unmatchedForMs = 10 * 60_000;
const maxDelayMs = 60_000;
const maxRunning = 256;

export function createWebhookEffectWork(options: WebhookEffectWorkOptions): WebhookEffectWork {
  const { store, webhooks, sources, effects, clock, log, everyMs = 500, holdMs = 20_000 } = options;
  const running = new Set<Promise<void>>();
  const due = createDueWork({ store, clock, log, tasks: sources.flatMap(tasksOf), everyMs });
  const effectOf = (subject: WebhookSubject): WebhookEffect | undefined => effects[subject.type];

  function tasksOf(source: WebhookSource): DueTask[] {
    const forgetting = webhookIndex.forgetting(source);
    return [
      { index: webhookIndex.due(source), work: (key) => run(source, key), holdMs },
      {
        index: forgetting,
        work: (key) => webhooks.forget(key, { index: [{ index: forgetting, key, remove: true }] }),
      },
    ];
  }

  async function ownerOf(source: WebhookSource, { subject }: WebhookContent): Promise<string | undefined> {
    try {
      return subject && (await effectOf(subject)?.ownerOf(source, subject));
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      // A bug of one effect must not keep the webhook out: whose it is can be learned later.
      tellFailure(source, error);
      return undefined;
    }
  }

  function tellFailure({ provider, account }: WebhookSource, error: unknown): void {
    log.error('webhook.effect-failed', { provider, account, error });
  }

  const run = (source: WebhookSource, key: string): Promise<void> =>
    apply(source, key).catch((error) => tellFailure(source, error));

  async function apply(source: WebhookSource, key: string): Promise<void> {
    const index = webhookIndex.due(source);
    const done: Batch = { index: [{ index, key, remove: true }] };
    const [stored] = await webhooks.load([key]);
    const [body] = stored === undefined ? [] : await webhooks.bodies([stored.value.id]);
    if (stored === undefined || body === undefined) return void (await store.write(done));

    const content = source.read(body);
    const { receivedAt } = stored.value;
    const effect = content.subject && effectOf(content.subject);
    if (content.subject === undefined || effect === undefined) return void (await store.write(done));

    const result = await effect.apply(source, content.subject, receivedAt).catch((error) => {
      tellFailure(source, error);
      return 'FAILED' as const;
    });
    if (result === 'APPLIED') {
      const tenant = await ownerOf(source, content);
      const owned = (webhook: InboundWebhook): InboundWebhook => ({ ...webhook, owner: tenant ?? webhook.owner });
      await webhooks.change(key, (webhook) => ({ webhook: owned(webhook), with: done }));
      return;
    }
    if (result === 'UNMATCHED' && clock.now() - receivedAt >= unmatchedForMs) {
      log.warn('webhook.unmatched', { provider: source.provider, account: source.account });
      return void (await store.write(done));
    }
    // Only where it still stands so: whoever changed it meanwhile has said when it is due.
    const again = { index, key, sort: nextTry(receivedAt) };
    await store.write({ expect: [{ key, version: stored.version }], index: [again] });
  }

  /** The longer it has taken so far, the less often it is tried. */
  function nextTry(receivedAt: Instant): Instant {
    const now = clock.now();
    return now + Math.min(Math.max(1_000, now - receivedAt), maxDelayMs);
  }

  return {
    dueOf(source, id, { subject }) {
      if (subject === undefined || effectOf(subject) === undefined) return {};
      // Whoever stores it runs it at once; the index is for when that process dies.
      return { index: [{ index: webhookIndex.due(source), key: webhookKey(id), sort: clock.now() + holdMs }] };
    },
    ownerOf,
    run,
    begin(source, key) {
      if (running.size >= maxRunning) return;
      const work: Promise<void> = run(source, key).finally(() => running.delete(work));
      running.add(work);
    },
    start: () => due.start(),
    async stop() {
      await due.stop();
      await Promise.all(running);
    },
  };
}
