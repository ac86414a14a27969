/**
 * What may be seen of received webhooks, and running one again. A webhook has an owner, a tenant or `unmatchedOwner`; who
 * may name which is the caller's to check.
 */
import { InvalidInput } from '../errors.ts';
import { type Page, type PageArguments, readPage } from '../events/page.ts';
import type { ProviderName } from '../outcome.ts';
import type { Store } from '../store.ts';
import type { WebhookEffectWork } from './effects.ts';
import type { WebhookSource } from './source.ts';
import { type InboundWebhook, type WebhookStore, webhookIndex, webhookKey } from './webhook-store.ts';

export interface WebhookReader {
  /** Undefined where there is none, or it is another owner's. */
  load(owner: string, ids: readonly string[]): Promise<readonly (InboundWebhook | undefined)[]>;
  page(
    owner: string,
    page: PageArguments,
    filter: { readonly provider?: ProviderName | null | undefined },
  ): Promise<Page<InboundWebhook>>;
  /**
   * The bytes of webhooks that were loaded, without the secrets in them. Undefined where they have been forgotten since,
   * or the account has no settings any more: what is secret in them is known no more.
   */
  bodies(ids: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>;
  /**
   * Runs its effect once more, which changes nothing that it did before. The wish is durable first: an effect that fails
   * now is tried again like one that has just come.
   * @throws InvalidInput UNKNOWN where none of these owners has it, SIGNATURE_INVALID for a forged one,
   *   FORGOTTEN where its body is kept no longer, NOT_CONFIGURED where the account it came to has no settings any more
   */
  replay(owners: readonly string[], id: string): Promise<InboundWebhook>;
}

export interface WebhookReaderOptions {
  readonly store: Store;
  readonly webhooks: WebhookStore;
  readonly sources: readonly WebhookSource[];
  readonly work: Pick<WebhookEffectWork, 'dueOf' | 'run'>;
}

export function createWebhookReader({ store, webhooks, sources, work }: WebhookReaderOptions): WebhookReader {
  async function loadKeys(owner: string, keys: readonly string[]): Promise<readonly (InboundWebhook | undefined)[]> {
    const records = await webhooks.load(keys);
    return records.map((record) => (record?.value.owner === owner ? record.value : undefined));
  }

  const sourceOf = ({ provider, account }: InboundWebhook): WebhookSource | undefined =>
    sources.find((each) => each.provider === provider && each.account === account);

  return {
    load: (owner, ids) => loadKeys(owner, ids.map(webhookKey)),
    async bodies(ids) {
      const [records, bodies] = await Promise.all([webhooks.load(ids.map(webhookKey)), webhooks.bodies(ids)]);
      return bodies.map((body, at) => {
        const webhook = records[at]?.value;
        const source = webhook && sourceOf(webhook);
        return body && source && (source.redact?.(body) ?? body);
      });
    },
    page(owner, page, { provider }) {
      const load = async (keys: readonly string[]): Promise<readonly (InboundWebhook | undefined)[]> =>
        (await loadKeys(owner, keys)).map((webhook) =>
          webhook !== undefined && (provider == null || provider === webhook.provider) ? webhook : undefined,
        );
      return readPage({ store, index: webhookIndex.all(owner), log: webhooks.log(owner), load }, page);
    },
    async replay(owners, id) {
      const key = webhookKey(id);
      const [stored] = await webhooks.load([key]);
      if (stored === undefined || !owners.includes(stored.value.owner)) {
        throw invalid('UNKNOWN', 'There is no such webhook.');
      }
      const { provider, account, signatureValid } = stored.value;
      if (!signatureValid) throw invalid('SIGNATURE_INVALID', 'Its signature is not genuine, so it has no effect.');
      const source = sourceOf(stored.value);
      const [body] = await webhooks.bodies([id]);
      if (body === undefined) throw invalid('FORGOTTEN', 'Its body is kept no longer.');
      if (source === undefined) {
        throw invalid('NOT_CONFIGURED', `The account ${account} of ${provider} has no settings any more.`);
      }
      const due = work.dueOf(source, id, source.read(body));
      const replayed = await webhooks.change(key, (webhook) => ({
        webhook: { ...webhook, replays: webhook.replays + 1 },
        with: due,
      }));
      if (due.index !== undefined) await work.run(source, key);
      const [after] = await webhooks.load([key]);
      return after?.value ?? replayed ?? stored.value;
    },
  };
}

const invalid = (rule: string, message: string): InvalidInput => new InvalidInput([{ path: ['id'], rule, message }]);
