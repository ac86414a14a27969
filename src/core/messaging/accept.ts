/**
 * Durable acceptance, once a key: one write for all the messages of a call, with their idempotency records and first
 * events. Twins at the same moment, in one call or in several, get the same message.
 */
import { crashPoint } from '../crash-points.ts';
import { GatewayError, InvalidInput } from '../errors.ts';
import {
  assertSameInput,
  type Fingerprint,
  fingerprintOf,
  type IdempotencyRecord,
  idempotencyKey,
  idempotencyKeyProblem,
  idempotencyTtlMs,
  usesOf,
} from '../idempotency.ts';
import type { Store } from '../store.ts';
import type { Message } from './message.ts';
import type { Draft, MessageStore } from './message-store.ts';
import type { QueueBound } from './queue-bound.ts';

export interface AcceptRequest {
  readonly tenant: string;
  /** The GraphQL field, to which the key is scoped. */
  readonly field: string;
  readonly idempotencyKey: string;
  /** The input in the form in which two calls are the same call. */
  readonly canonical: Readonly<Record<string, unknown>>;
  /** A message to store. @throws GatewayError where it cannot be. */
  readonly compose: () => Draft;
}

export interface Accepted {
  readonly message: Message;
  /** False where the key had been used for it before. */
  readonly isNew: boolean;
}

interface Open {
  readonly at: number;
  readonly recordKey: string;
  readonly fingerprint: Fingerprint;
  readonly request: AcceptRequest;
}

interface Fresh {
  readonly each: Open;
  readonly draft: Draft;
}

/** One result for each request, in their order; a GatewayError where nothing was stored for it. */
export async function acceptAll(
  store: Store,
  messages: MessageStore,
  requests: readonly AcceptRequest[],
  bound: QueueBound,
): Promise<readonly (Accepted | GatewayError)[]> {
  const results: (Accepted | GatewayError)[] = new Array(requests.length);
  let open = requests.flatMap((request, at): Open[] => {
    const { tenant, field, idempotencyKey: key, canonical } = request;
    const problem = idempotencyKeyProblem(key);
    if (problem !== undefined) {
      results[at] = new InvalidInput([problem]);
      return [];
    }
    return [
      {
        at,
        request,
        recordKey: idempotencyKey(store, tenant, field, key),
        fingerprint: fingerprintOf(store, canonical),
      },
    ];
  });
  // Once round where no key is contended; again for the twins of what this round stored.
  while (open.length > 0) open = await acceptRound(store, messages, open, results, bound);
  return results;
}

/** Settles what it can, and answers what another round must look at. */
async function acceptRound(
  store: Store,
  messages: MessageStore,
  open: readonly Open[],
  results: (Accepted | GatewayError)[],
  bound: QueueBound,
): Promise<Open[]> {
  const uses = await usesOf(
    store,
    open.map(({ recordKey }) => recordKey),
  );
  const known = open.flatMap((each, at) => {
    const use = uses[at];
    return use === undefined ? [] : [{ ...each, use }];
  });
  const present = await messages.load(known.map(({ use }) => use.subjectKey));
  known.forEach(({ at, fingerprint, use }, index) => {
    results[at] = caught(() => {
      assertSameInput(use, fingerprint);
      const message = present[index]?.message;
      if (message === undefined) throw new Error('An idempotency record outlived its message.');
      return { message, isNew: false };
    });
  });

  const leaders = new Map<string, Fresh>();
  const twins: Open[] = [];
  for (const each of open.filter((_each, at) => uses[at] === undefined)) {
    if (leaders.has(each.recordKey)) {
      twins.push(each);
      continue;
    }
    const draft = caught(each.request.compose);
    if (draft instanceof GatewayError) results[each.at] = draft;
    else leaders.set(each.recordKey, { each, draft });
  }
  const composed = [...leaders.values()];
  // Behind the keys: whoever repeats a call hears what became of it, however much is queued.
  const admission = await bound.admit(composed.map(({ draft }) => draft.message));
  const fresh = composed.filter(({ each }, at) => {
    const refusal = admission.refusals[at];
    if (refusal !== undefined) results[each.at] = refusal;
    return refusal === undefined;
  });
  if (fresh.length === 0) return twins;

  let mayBeStored = true;
  try {
    mayBeStored = await storeFresh(messages, fresh);
  } finally {
    admission.end(mayBeStored);
  }
  // Somebody else used one of the keys meanwhile: the next round sees whose it is.
  if (!mayBeStored) return [...fresh.map(({ each }) => each), ...twins];
  crashPoint('accept.committed');
  for (const { each, draft } of fresh) results[each.at] = { message: draft.message, isNew: true };
  return twins;
}

function storeFresh(messages: MessageStore, fresh: readonly Fresh[]): Promise<boolean> {
  crashPoint('accept.before-commit');
  return messages.accept(
    fresh.map(({ draft }) => draft),
    {
      expect: fresh.map(({ each }) => ({ key: each.recordKey, version: 0 })),
      put: fresh.map(({ each, draft: { message } }) => ({
        key: each.recordKey,
        value: {
          subjectKey: messages.key(message.tenant, message.id),
          firstUsedAt: message.createdAt,
          fingerprint: each.fingerprint,
        } satisfies IdempotencyRecord,
        ttlMs: idempotencyTtlMs,
      })),
    },
  );
}

/** A failure of the closed list as a value; a bug goes on. */
function caught<T>(work: () => T): T | GatewayError {
  try {
    return work();
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}
