/**
 * Where received webhooks are kept: a small record that counts and moves, and beside it the body, which never changes.
 * A record's key names no tenant, since whose it is may be learned later: `owner` says it, and every reader compares it.
 */
import type { Instant } from '../clock.ts';
import { createEventLog, type EventLog } from '../events/log.ts';
import type { ProviderName } from '../outcome.ts';
import { type Batch, type IndexChange, type Store, type StoredRecord, storeKey } from '../store.ts';
import type { WebhookSource } from './source.ts';

export interface InboundWebhook {
  readonly id: string;
  readonly provider: ProviderName;
  readonly account: string;
  /** Undefined where it cannot be read, and where the signature is not genuine: such a body is not parsed. */
  readonly event?: string;
  readonly signatureValid: boolean;
  readonly receivedAt: Instant;
  /** Of the raw body, in hex. */
  readonly sha256: string;
  /** How often just this body came again, with the same verdict, within 7 days. */
  readonly duplicates: number;
  readonly replays: number;
  /** In whose list it stands: a tenant's, or `unmatchedOwner`. */
  readonly owner: string;
}

/**
 * Owns what matches no tenant's record, of accounts that several tenants use (design, section 2, rule 7). No tenant's id
 * has a colon. One list for every account, since a cursor can name but one and the operator reads them all.
 */
export const unmatchedOwner = 'operator:webhooks';

export const webhookKey = (id: string): string => storeKey('webhook', id);

const bodyKey = (id: string): string => storeKey('webhook-body', id);

export const webhookIndex = {
  all: (owner: string) => storeKey('webhooks', owner),
  /** Whose effect is still to come, by when it is due. */
  due: ({ provider, account }: WebhookSource) => storeKey('webhooks-due', provider, account),
  /** Forged ones, by when they are forgotten. */
  forgetting: ({ provider, account }: WebhookSource) => storeKey('webhooks-forgetting', provider, account),
  /** Genuine ones, by when they came: of which the body, or then the rest, is forgotten next. */
  ageing: (next: 'BODY' | 'ALL') => storeKey('forgetting', 'webhooks', next),
};

export interface WebhookChange {
  readonly webhook: InboundWebhook;
  /** Done in the same batch. */
  readonly with?: Batch;
}

export interface WebhookStore {
  log(owner: string): EventLog;
  load(keys: readonly string[]): Promise<readonly (StoredRecord<InboundWebhook> | undefined)[]>;
  /** The raw bytes; undefined where they are forgotten. */
  bodies(ids: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /** Keeps a new one in its owner's list; false where one of `also.expect` stood otherwise. */
  keep(webhook: InboundWebhook, body: Uint8Array, also: Batch): Promise<boolean>;
  /** Compare and set until it holds; a change of `owner` moves it to that list. Undefined where it is forgotten. */
  change(key: string, edit: (webhook: InboundWebhook) => WebhookChange): Promise<InboundWebhook | undefined>;
  forget(key: string, also: Batch): Promise<void>;
  /** Of a genuine one that has aged its body, and later all of it, with what the log tells of it and of those before it. */
  forgetAged(key: string, next: 'BODY' | 'ALL'): Promise<void>;
}

export function createWebhookStore(store: Store): WebhookStore {
  const log = (owner: string): EventLog => createEventLog(store, owner, 'webhooks');

  /** Puts it at the end of its owner's list. */
  const listing = ({ id, owner }: InboundWebhook): Batch => ({
    index: [{ index: webhookIndex.all(owner), key: webhookKey(id), sortByAppend: 0 }],
    append: [{ log: log(owner).name, entry: { webhookId: id } }],
  });

  async function forget(key: string, also: Batch): Promise<void> {
    const stored = await store.get<InboundWebhook>(key);
    if (stored === undefined) return void (await store.write(also));
    const { id, owner } = stored.value;
    await store.write(
      joined(also, {
        expect: [{ key, version: stored.version }],
        remove: [key, bodyKey(id)],
        index: [{ index: webhookIndex.all(owner), key, remove: true }],
      }),
    );
  }

  return {
    log,
    load: (keys) => store.getMany<InboundWebhook>(keys),
    async bodies(ids) {
      const records = await store.getMany<string>(ids.map(bodyKey));
      return records.map((record) => (record === undefined ? undefined : Buffer.from(record.value, 'base64')));
    },
    async keep(webhook, body, also) {
      const { id, receivedAt, signatureValid } = webhook;
      const ageing = { index: webhookIndex.ageing('BODY'), key: webhookKey(id), sort: receivedAt };
      const { committed } = await store.write(
        joined(listing(webhook), also, {
          index: signatureValid ? [ageing] : [],
          put: [
            { key: webhookKey(id), value: webhook },
            { key: bodyKey(id), value: Buffer.from(body).toString('base64') },
          ],
        }),
      );
      return committed;
    },
    async change(key, edit) {
      for (;;) {
        const stored = await store.get<InboundWebhook>(key);
        if (stored === undefined) return undefined;
        const { webhook, with: also = {} } = edit(stored.value);
        const from = webhookIndex.all(stored.value.owner);
        const moves = webhook.owner !== stored.value.owner;
        const { committed } = await store.write(
          joined(moves ? listing(webhook) : {}, also, {
            expect: [{ key, version: stored.version }],
            put: [{ key, value: webhook }],
            index: moves ? [{ index: from, key, remove: true }] : [],
          }),
        );
        if (committed) return webhook;
      }
    },
    forget,
    async forgetAged(key, next) {
      const index: IndexChange[] = [{ index: webhookIndex.ageing(next), key, remove: true }];
      const stored = await store.get<InboundWebhook>(key);
      if (stored === undefined) return void (await store.write({ index }));
      const { id, owner, receivedAt } = stored.value;
      if (next === 'BODY') {
        const later = { index: webhookIndex.ageing('ALL'), key, sort: receivedAt };
        return void (await store.write({ remove: [bodyKey(id)], index: [...index, later] }));
      }
      const [position] = await store.sortOf(webhookIndex.all(owner), [key]);
      // First, so that a crash between the two leaves the webhook to come back for.
      if (position !== undefined) await store.trimLog(log(owner).name, position);
      await forget(key, { index });
    },
  };
}

/** One batch of several, of which only the first may append: its indexes count from there. */
function joined(...batches: readonly Batch[]): Batch {
  return {
    expect: batches.flatMap(({ expect = [] }) => expect),
    put: batches.flatMap(({ put = [] }) => put),
    remove: batches.flatMap(({ remove = [] }) => remove),
    index: batches.flatMap(({ index = [] }) => index),
    append: batches.flatMap(({ append = [] }) => append),
  };
}
