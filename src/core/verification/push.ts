/** Push approval as the rest of Gwanmun sees it: devices, prompts, what became of them, and the stream of that. */
import type { Clock } from '../clock.ts';
import type { Reading, StreamItem, Streams } from '../events/follow.ts';
import { type Page, type PageArguments, readPage } from '../events/page.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import type { WebhookEffect } from '../webhooks/source.ts';
import type { VerificationProvider } from './provider.ts';
import type { PushApproval, PushVia } from './push-approval.ts';
import { createPushDevices, type PushDevices } from './push-device.ts';
import { createPushRequester, type RequestPush } from './push-request.ts';
import { createPushResponder, type RespondToPush } from './push-respond.ts';
import { createPushStore, type PushEntry } from './push-store.ts';
import { createPushSweep } from './push-sweep.ts';
import { createPushWebhookEffect } from './push-webhook.ts';

export interface PushApprovalChange {
  readonly approval: PushApproval;
  readonly via: PushVia;
}

export interface PushFollow extends Reading {
  readonly id?: string | undefined;
  readonly userId?: string | undefined;
}

export interface PushApprovals {
  readonly devices: PushDevices;
  readonly request: RequestPush;
  readonly respond: RespondToPush;
  readonly webhookEffect: WebhookEffect;
  load(tenant: string, ids: readonly string[]): Promise<readonly (PushApproval | undefined)[]>;
  /** A user's, oldest first. @throws InvalidInput */
  page(tenant: string, userId: string, page: PageArguments): Promise<Page<PushApproval>>;
  /**
   * Decisions. With `id`, from its creation on, so that one made before anybody looked is not missed; it completes
   * behind the decision, or at once where there is no such approval. Otherwise live, or from `after` on, without end.
   */
  changes(tenant: string, follow: PushFollow): Promise<AsyncIterableIterator<StreamItem<PushApprovalChange>>>;
  /** Begins to poll and to expire. */
  start(): void;
  stop(): Promise<void>;
}

export interface PushApprovalsOptions {
  readonly store: Store;
  readonly streams: Streams;
  /** Undefined where SecureKey has no settings: what is open still expires. */
  readonly provider: VerificationProvider | undefined;
  /** Whether the provider is asked for decisions, besides where its webhook says that there is one. */
  readonly polling: boolean;
  readonly clock: Clock;
  readonly log: Log;
  /** @default 250 */
  readonly everyMs?: number;
}

export function createPushApprovals(options: PushApprovalsOptions): PushApprovals {
  const { store, streams, provider, polling, clock, log, everyMs = 250 } = options;
  const approvals = createPushStore({ store, clock });
  const sweep = createPushSweep({ store, approvals, provider, clock, log, everyMs });
  const loadAll = (tenant: string, ids: readonly string[]) =>
    approvals.load(ids.map((id) => approvals.key(tenant, id)));

  return {
    devices: createPushDevices({ store, provider, clock }),
    request: createPushRequester({ store, approvals, provider, polling, clock }),
    respond: createPushResponder({ approvals, provider, clock }),
    webhookEffect: createPushWebhookEffect({ approvals, clock }),
    load: loadAll,
    page(tenant, userId, page) {
      const index = approvals.indexOfUser(tenant, userId);
      return readPage({ store, index, log: approvals.log(tenant), load: approvals.load }, page);
    },
    async changes(tenant, { id, userId, after, ending }) {
      const isWanted = (approval: PushApproval): boolean => userId === undefined || approval.userId === userId;
      const [approval] = id === undefined ? [] : await loadAll(tenant, [id]);
      const one = approval !== undefined && isWanted(approval) ? approval : undefined;
      return streams.follow<PushApprovalChange>({
        log: approvals.log(tenant),
        after,
        ending,
        from: one && (await approvals.positionOf(one)),
        // Decided before it began: whether that lies before or behind `after`, nothing more can come.
        isOver: id !== undefined && one?.state !== 'PENDING',
        isLast: () => one !== undefined,
        async load(entries) {
          const events = entries.map(({ entry }) => entry as PushEntry);
          const present = await loadAll(
            tenant,
            events.map(({ approvalId }) => approvalId),
          );
          return events.map(({ approvalId, via }, at) => {
            const found = present[at];
            const isHere = found !== undefined && via !== undefined && isWanted(found);
            return isHere && (id === undefined || approvalId === one?.id) ? { approval: found, via } : undefined;
          });
        },
      });
    },
    start: sweep.start,
    stop: sweep.stop,
  };
}
