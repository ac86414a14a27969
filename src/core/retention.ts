/**
 * Forgets what is kept no longer, by its age and oldest first: texts, then numbers, then whole records with their places in the
 * logs. Several gateways share the work, and it goes on where one that died left off. How each thing is forgotten is its
 * store's; that it then leaves the disk too is the driver's `erase`, which is owed durably from before the first removal.
 */
import type { Clock } from './clock.ts';
import { createDueWork, type DueTask } from './due-work.ts';
import type { Log } from './log.ts';
import { messageIndex } from './messaging/message-index.ts';
import type { MessageStore } from './messaging/message-store.ts';
import { type ReportStore, reportIndex } from './messaging/report.ts';
import { type Store, storeKey } from './store.ts';
import { type WebhookStore, webhookIndex } from './webhooks/webhook-store.ts';

export interface RetentionDays {
  /** Of texts, images and the bodies of webhooks. */
  readonly textDays: number;
  /** Of numbers. */
  readonly phoneDays: number;
  /** Of what remains: ids, states, times and keyed hashes. */
  readonly recordDays: number;
}

export interface Retention {
  start(): void;
  /** Forgets what is due now, and erases what is owed if the last time was long enough ago. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

export interface RetentionOptions {
  readonly store: Store;
  readonly messages: Pick<MessageStore, 'forget'>;
  readonly reports: Pick<ReportStore, 'forget'>;
  readonly webhooks: Pick<WebhookStore, 'forgetAged'>;
  readonly days: RetentionDays;
  readonly clock: Clock;
  readonly log: Log;
  /** @default 60_000 */
  readonly everyMs?: number;
}

const dayMs = 86_400_000;
/** Writing all of a Redis anew is no small thing. */
const eraseEveryMs = 3_600_000;
const owedKey = storeKey('erasure-owed');

export function createRetention(options: RetentionOptions): Retention {
  const { store, messages, reports, webhooks, days, clock, log, everyMs = 60_000 } = options;
  const ages = { text: days.textDays * dayMs, phone: days.phoneDays * dayMs, record: days.recordDays * dayMs };
  /** This process has removed something since it last erased. */
  let isOwed = false;
  let erasedAt: number | undefined;
  /** What lapsed by its ttl has left nobody's debt, and the disk only now and then. */
  let eraseAnywayAt = clock.now() + dayMs;
  let isFailing = false;
  let isStopped = false;

  const task = (index: string, afterMs: number, forget: (key: string) => Promise<void>): DueTask => ({
    index,
    afterMs,
    async work(key) {
      await owe();
      await forget(key);
    },
  });
  const due = createDueWork({
    store,
    clock,
    log,
    everyMs,
    tasks: [
      task(messageIndex.forgetting('TEXT'), ages.text, (key) => messages.forget(key, 'TEXT')),
      task(messageIndex.forgetting('RECIPIENT'), ages.phone, (key) => messages.forget(key, 'RECIPIENT')),
      task(messageIndex.forgetting('ALL'), ages.record, (key) => messages.forget(key, 'ALL')),
      task(reportIndex.forgetting('RECIPIENT'), ages.phone, (key) => reports.forget(key, 'RECIPIENT')),
      task(reportIndex.forgetting('ALL'), ages.record, (key) => reports.forget(key, 'ALL')),
      task(webhookIndex.ageing('BODY'), ages.text, (key) => webhooks.forgetAged(key, 'BODY')),
      task(webhookIndex.ageing('ALL'), ages.record, (key) => webhooks.forgetAged(key, 'ALL')),
    ],
  });

  async function owe(): Promise<void> {
    if (isOwed) return;
    await store.write({ put: [{ key: owedKey, value: clock.now() }] });
    isOwed = true;
  }

  async function erase(): Promise<void> {
    const now = clock.now();
    if (isStopped || (erasedAt !== undefined && now - erasedAt < eraseEveryMs)) return;
    // Of whoever removed something and has not erased it yet: this process, one that died, or another gateway.
    const owed = await store.get<number>(owedKey);
    if (!isOwed && owed === undefined && now < eraseAnywayAt) return;
    await store.erase();
    isOwed = false;
    erasedAt = now;
    eraseAnywayAt = now + dayMs;
    // Unless somebody has come to owe since: then it stands until the next time.
    if (owed !== undefined) {
      await store.write({ expect: [{ key: owedKey, version: owed.version }], remove: [owedKey] });
    }
    isFailing = false;
  }

  let active: Promise<void> | undefined;
  const sweep = (): Promise<void> => {
    active ??= due
      .sweep()
      .then(erase)
      .catch((error) => {
        // Once an outage: it is tried again with the next look.
        if (!isFailing && !isStopped) log.error('retention.erase-failed', { error });
        isFailing = true;
      })
      .finally(() => {
        active = undefined;
      });
    return active;
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      timer = setInterval(sweep, everyMs);
      void sweep();
    },
    sweep,
    async stop() {
      isStopped = true;
      clearInterval(timer);
      // Not for Redis to write its files anew: what is owed is erased after the next start.
      await due.stop();
    },
  };
}
