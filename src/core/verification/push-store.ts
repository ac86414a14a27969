/**
 * How a push approval is kept: its record, the indexes it stands in, its log, the pointer from the provider's requestId,
 * and what its person was sent lately. Every change is one batch of all of them, compared and set.
 */
import type { Clock, Instant } from '../clock.ts';
import { RateLimited } from '../errors.ts';
import { createEventLog, type EventLog } from '../events/log.ts';
import type { ProviderName } from '../outcome.ts';
import { type Batch, type IndexChange, type Position, type Store, type StoredRecord, storeKey } from '../store.ts';
import {
  applyPush,
  holdsUser,
  type PushApproval,
  type PushEvidence,
  type PushState,
  type PushVia,
} from './push-approval.ts';

/** An entry of a tenant's log. The one of its creation has no `via`, and is no event. */
export interface PushEntry {
  readonly approvalId: string;
  readonly state: PushState;
  readonly via?: PushVia;
  readonly at: Instant;
}

/** What one person was sent lately, whatever account of ours asked for it: their phone is one. */
interface PromptedPerson {
  /** The key of the approval whose prompt is, or may be, before them. */
  readonly pending?: string;
  readonly pendingUntil?: Instant;
  /** Oldest first. */
  readonly prompts: readonly { readonly key: string; readonly at: Instant }[];
}

export interface PushRecorded {
  readonly approval: PushApproval;
  /** True where it was this evidence that changed it. */
  readonly changed: boolean;
}

export interface PushStore {
  key(tenant: string, id: string): string;
  log(tenant: string): EventLog;
  load(keys: readonly string[]): Promise<readonly (PushApproval | undefined)[]>;
  /** Where its creation stands in the tenant's log. */
  positionOf(approval: PushApproval): Promise<Position | undefined>;
  /** False where `alongside` did not hold. @throws RateLimited where the person was sent enough. */
  create(approval: PushApproval, alongside: Required<Pick<Batch, 'expect' | 'put'>>): Promise<boolean>;
  /**
   * Undefined where there is none, or where its requestId is another's already. @throws RateLimited where it begins
   * again, and the person was sent enough.
   */
  record(key: string, evidence: PushEvidence): Promise<PushRecorded | undefined>;
  keyOfRequest(provider: ProviderName, account: string, requestId: string): Promise<string | undefined>;
  /** Where a user's approvals stand, by their places in the tenant's log. */
  indexOfUser(tenant: string, userId: string): string;
}

export const pushIndex = {
  all: (tenant: string) => storeKey('push-approvals', tenant),
  byUser: (tenant: string, userHash: string) => storeKey('push-approvals-of', tenant, userHash),
  deadlines: storeKey('push-deadlines'),
  sending: storeKey('push-sending'),
  polls: (provider: ProviderName, account: string) => storeKey('push-polls', provider, account),
};

const promptLimit = { limit: 3, windowMs: 10 * 60_000 } as const;

export function createPushStore({ store, clock }: { readonly store: Store; readonly clock: Clock }): PushStore {
  const key = (tenant: string, id: string): string => storeKey('push-approval', tenant, id);
  const log = (tenant: string): EventLog => createEventLog(store, tenant, 'push-approvals');
  const requestKey = (provider: ProviderName, account: string, requestId: string): string =>
    storeKey('push-request', provider, account, requestId);
  const personKey = ({ provider, account, externalUserId }: PushApproval): string =>
    storeKey('push-person', provider, account, store.keyedHash(externalUserId));
  const indexOfUser = (tenant: string, userId: string): string => pushIndex.byUser(tenant, store.keyedHash(userId));

  function places(approval: PushApproval | undefined): ReadonlyMap<string, number> {
    const places = new Map<string, number>();
    if (approval === undefined) return places;
    if (approval.state === 'PENDING') places.set(pushIndex.deadlines, approval.expiresAt);
    if (approval.delivery === 'SENDING') places.set(pushIndex.sending, approval.giveUpAt);
    if (approval.pollAt !== undefined)
      places.set(pushIndex.polls(approval.provider, approval.account), approval.pollAt);
    return places;
  }

  function moves(before: PushApproval | undefined, after: PushApproval): IndexChange[] {
    const recordKey = key(after.tenant, after.id);
    const old = places(before);
    const present = places(after);
    return [
      ...[...old.keys()]
        .filter((index) => !present.has(index))
        .map((index) => ({ index, key: recordKey, remove: true as const })),
      ...[...present]
        .filter(([index, sort]) => old.get(index) !== sort)
        .map(([index, sort]) => ({ index, key: recordKey, sort })),
    ];
  }

  /** What becomes of the person's record, in the same batch; nothing where the prompt before them stays as it is. */
  async function personChange(before: PushApproval | undefined, after: PushApproval): Promise<Batch> {
    const held = before !== undefined && holdsUser(before);
    if (held === holdsUser(after)) return {};
    const recordKey = personKey(after);
    const stored = await store.get<PromptedPerson>(recordKey);
    const now = clock.now();
    const { windowMs } = promptLimit;
    const recent = (stored?.value.prompts ?? []).filter(({ at }) => at > now - windowMs);
    const person = { ...stored?.value, prompts: recent };
    const next = held ? released(person, after) : prompted(person, after, now);
    return {
      expect: [{ key: recordKey, version: stored?.version ?? 0 }],
      put: [{ key: recordKey, value: next, ttlMs: windowMs }],
    };
  }

  /** @throws RateLimited */
  function prompted(person: PromptedPerson, approval: PushApproval, now: Instant): PromptedPerson {
    const { pending, pendingUntil = 0, prompts } = person;
    if (pending !== undefined && pendingUntil > now) {
      throw new RateLimited('open push approvals of one user', { retryAt: pendingUntil, limit: 1 });
    }
    const { limit, windowMs } = promptLimit;
    const oldest = prompts.at(-limit);
    if (oldest !== undefined) {
      throw new RateLimited('push prompts to one user', {
        retryAt: oldest.at + windowMs,
        limit,
        windowSeconds: windowMs / 1_000,
      });
    }
    const own = key(approval.tenant, approval.id);
    return { pending: own, pendingUntil: approval.expiresAt, prompts: [...prompts, { key: own, at: now }] };
  }

  function released({ pending, pendingUntil, prompts }: PromptedPerson, approval: PushApproval): PromptedPerson {
    const own = key(approval.tenant, approval.id);
    const isOther = pending !== own && pending !== undefined && pendingUntil !== undefined;
    // What did not leave is no prompt.
    const isPrompt = approval.delivery !== 'NOT_SENT';
    return {
      ...(isOther && { pending, pendingUntil }),
      prompts: prompts.filter((prompt) => isPrompt || prompt.key !== own),
    };
  }

  const entryOf = ({ id, state, via }: PushApproval, at: Instant): PushEntry => ({
    approvalId: id,
    state,
    at,
    ...(via !== undefined && { via }),
  });

  async function batchFor(before: StoredRecord<PushApproval> | undefined, after: PushApproval): Promise<Batch> {
    const recordKey = key(after.tenant, after.id);
    const person = await personChange(before?.value, after);
    const isNewRequest = after.requestId !== undefined && before?.value.requestId === undefined;
    const pointer = isNewRequest ? [requestKey(after.provider, after.account, after.requestId as string)] : [];
    const isNewState = before?.value.state !== after.state;
    return {
      expect: [
        { key: recordKey, version: before?.version ?? 0 },
        ...(person.expect ?? []),
        ...pointer.map((each) => ({ key: each, version: 0 })),
      ],
      put: [
        { key: recordKey, value: after },
        ...(person.put ?? []),
        ...pointer.map((each) => ({ key: each, value: recordKey })),
      ],
      index: moves(before?.value, after),
      append: isNewState
        ? [{ log: log(after.tenant).name, entry: entryOf(after, after.decidedAt ?? after.createdAt) }]
        : [],
    };
  }

  return {
    key,
    log,
    async load(keys) {
      return (await store.getMany<PushApproval>(keys)).map((record) => record?.value);
    },
    async positionOf({ tenant, id }) {
      const [position] = await store.sortOf(pushIndex.all(tenant), [key(tenant, id)]);
      return position;
    },
    async create(approval, alongside) {
      const guards = new Set(alongside.expect.map((guard) => guard.key));
      const recordKey = key(approval.tenant, approval.id);
      for (;;) {
        const batch = await batchFor(undefined, approval);
        const result = await store.write({
          ...batch,
          expect: [...(batch.expect ?? []), ...alongside.expect],
          put: [...(batch.put ?? []), ...alongside.put],
          index: [
            ...(batch.index ?? []),
            ...[pushIndex.all(approval.tenant), indexOfUser(approval.tenant, approval.userId)].map(
              (index) => ({ index, key: recordKey, sortByAppend: 0 }) as const,
            ),
          ],
        });
        if (result.committed) return true;
        if (result.conflicts.some((conflict) => guards.has(conflict))) return false;
      }
    },
    async record(recordKey, evidence) {
      for (;;) {
        const before = await store.get<PushApproval>(recordKey);
        if (before === undefined) return undefined;
        const after = applyPush(before.value, evidence);
        if (after === before.value) return { approval: after, changed: false };
        const batch = await batchFor(before, after).catch(async (error) => {
          // What leaves no room may be this very prompt, begun by a twin since it was read.
          const isOld = error instanceof RateLimited && (await store.get(recordKey))?.version !== before.version;
          if (!isOld) throw error;
        });
        if (batch === undefined) continue;
        const result = await store.write(batch);
        if (result.committed) return { approval: after, changed: true };
        const pointer =
          after.requestId === undefined ? undefined : requestKey(after.provider, after.account, after.requestId);
        // Not one's own: that would have shown in the record, which then is another version too.
        const isTaken = pointer !== undefined && result.conflicts.includes(pointer);
        if (isTaken && !result.conflicts.includes(recordKey)) return undefined;
      }
    },
    async keyOfRequest(provider, account, requestId) {
      return (await store.get<string>(requestKey(provider, account, requestId)))?.value;
    },
    indexOfUser,
  };
}
