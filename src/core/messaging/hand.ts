/**
 * What one dispatcher has claimed and not begun, where several messages may share a call: it must look at more of them than it
 * has room for. It holds them for a moment only, and gives them back to the outbox, where they stood. It sends nothing.
 */
import type { Clock, Instant } from '../clock.ts';
import { laneOf, type MessageProvider } from '../provider.ts';
import type { Store } from '../store.ts';
import { planCalls, type Waiting } from './call-plan.ts';
import { submissionOf } from './message.ts';
import { messageIndex } from './message-index.ts';
import type { MessageStore } from './message-store.ts';

export interface Hand {
  size(): number;
  /** Takes up what was claimed at this moment. */
  add(keys: readonly string[], claimedAtMs: number): Promise<void>;
  /** The messages of up to this many calls, the oldest first; they are the taker's now. */
  take(calls: number): string[][];
  /** What was claimed by then is due again as it was, unless it moved on meanwhile. */
  giveBack(claimedByMs: number): Promise<void>;
}

export interface HandOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly provider: Pick<MessageProvider, 'provider' | 'account'>;
  readonly groups: NonNullable<MessageProvider['groups']>;
  readonly clock: Clock;
  /** How long the claim lasts; past it, they are due again by themselves. */
  readonly holdMs: number;
}

interface Held extends Waiting {
  readonly version: number;
  readonly dueAt: Instant;
  readonly outbox: string;
  readonly claimedAtMs: number;
}

export function createHand({ store, messages, groups, provider, clock, holdMs }: HandOptions): Hand {
  let held: readonly Held[] = [];

  return {
    size: () => held.length,
    async add(keys, claimedAtMs) {
      const stored = (await messages.load(keys)).filter((each) => each !== undefined);
      const added = stored.map(async ({ message, version }): Promise<Held> => {
        const submission = submissionOf(message, await messages.images(message), clock.now());
        const key = messages.key(message.tenant, message.id);
        const { to, dueAt, kind, tenant } = message;
        const outbox = messageIndex.outbox(provider.provider, provider.account, laneOf(kind), tenant);
        // Only its key is kept: images are large, and it may be cancelled before it is begun.
        return { key, callKey: groups.keyOf(submission), to, version, dueAt, outbox, claimedAtMs };
      });
      held = [...held, ...(await Promise.all(added))];
    },
    take(calls) {
      const taken = planCalls(held, groups.maxSize).slice(0, calls);
      const gone = new Set(taken.flat());
      held = held.filter((each) => !gone.has(each));
      return taken.map((call) => call.map(({ key }) => key));
    },
    async giveBack(claimedByMs) {
      const leaving = held.filter(({ claimedAtMs }) => claimedAtMs <= claimedByMs);
      held = held.filter(({ claimedAtMs }) => claimedAtMs > claimedByMs);
      // Whose claim has lapsed may be another gateway's by now.
      const lapsedMs = clock.monotonicMs() - holdMs / 2;
      let open = leaving.filter(({ claimedAtMs }) => claimedAtMs > lapsedMs);
      while (open.length > 0) {
        const result = await store.write({
          // What was cancelled or begun since is in the outbox no more, and must not come back to it.
          expect: open.map(({ key, version }) => ({ key, version })),
          index: open.map(({ key, dueAt, outbox }) => ({ index: outbox, key, sort: dueAt })),
        });
        if (result.committed) return;
        open = open.filter(({ key }) => !result.conflicts.includes(key));
      }
    },
  };
}
