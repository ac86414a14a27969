/**
 * What happens to messages by the passing of time alone: results are looked up, abandoned attempts become UNCONFIRMED,
 * deadlines expire. All of it is claimed from ordered indexes, so it goes on after a restart and with several gateways.
 */
import type { Clock } from '../clock.ts';
import { crashPoint } from '../crash-points.ts';
import { createDueWork, type DueTask, type DueWork } from '../due-work.ts';
import type { Log } from '../log.ts';
import type { MessageProvider } from '../provider.ts';
import type { Batch, Store } from '../store.ts';
import { isAwaitingResult, type Message, type SendAttempt, submissionOf } from './message.ts';
import { messageIndex } from './message-index.ts';
import type { MessageStore } from './message-store.ts';

export type Sweeper = Pick<DueWork, 'start' | 'stop'>;

export interface SweeperOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly providers: readonly MessageProvider[];
  readonly clock: Clock;
  readonly log: Log;
  /** @default 500 */
  readonly everyMs?: number;
}

const maxLookUpDelayMs = 10 * 60_000;

export function createSweeper({ store, messages, providers, clock, log, everyMs = 500 }: SweeperOptions): Sweeper {
  const tasks: DueTask[] = [
    { index: messageIndex.deadlines, work: expire },
    ...providers.map(({ provider, account }) => ({
      index: messageIndex.submitting(provider, account),
      work: abandon,
    })),
    ...providers
      .filter((provider) => provider.lookUp !== undefined)
      .map((provider) => ({
        index: messageIndex.lookUps(provider.provider, provider.account),
        work: (key: string) => lookUp(provider, key),
      })),
  ];

  async function expire(key: string): Promise<void> {
    crashPoint('sweep.expired');
    await messages.record(key, { type: 'EXPIRED', at: clock.now() });
  }

  async function abandon(key: string): Promise<void> {
    crashPoint('sweep.abandoned');
    await messages.record(key, { type: 'ABANDONED', at: clock.now() });
  }

  async function lookUp(provider: MessageProvider, key: string): Promise<void> {
    const index = messageIndex.lookUps(provider.provider, provider.account);
    const [stored] = await messages.load([key]);
    if (stored === undefined) return;
    const { message, version } = stored;
    const attempt = message.attempts.at(-1);
    if (attempt === undefined || !isAwaitingResult(message.state)) {
      // Unless it moved on meanwhile: then it stands here for a new reason.
      await store.write({ expect: [{ key, version }], index: [{ index, key, remove: true }] });
      return;
    }
    const { reference, startedAt } = attempt;
    const isKnown = async (other: string): Promise<boolean> =>
      (await messages.keyOfReference(attempt.provider, attempt.account, other, message.to)) !== undefined;
    // Without its images: a look-up compares texts.
    const submission = submissionOf(message, [], startedAt);
    const under = { startedAt, ...(reference !== undefined && { reference }) };
    const result = await provider.lookUp?.(submission, under, isKnown);
    if (result === undefined) return;
    crashPoint('look-up.answered');
    const at = clock.now();
    const evidence = { type: 'LOOKED_UP', at, attempt: message.attempts.length - 1, result } as const;
    const recorded = await messages.record(key, evidence, claimOf(message, attempt, result.reference));
    if (recorded !== undefined && !isAwaitingResult(recorded.message.state)) return;
    // The longer it has taken so far, the less often we ask.
    const delayMs = Math.min(Math.max(1_000, (at - startedAt) / 2), maxLookUpDelayMs);
    await store.write({ index: [{ index, key, sort: Math.ceil(at + delayMs) }] });
  }

  /** What was found for an attempt without a reference may be another message's by the time it is stored. */
  function claimOf(message: Message, attempt: SendAttempt, found: string | undefined): Batch {
    if (found === undefined || attempt.reference !== undefined) return {};
    return { expect: [{ key: messages.pointerKey(message, attempt, found), version: 0 }] };
  }

  return createDueWork({ store, clock, log, tasks, everyMs });
}
