/**
 * What happens to messages by the passing of time alone: results are looked up, abandoned attempts become UNCONFIRMED,
 * deadlines expire. All of it is claimed from ordered indexes, so it goes on after a restart and with several gateways.
 */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { MessageProvider } from '../provider.ts';
import type { Batch, Store } from '../store.ts';
import { isAwaitingResult, type Message, type SendAttempt, submissionOf } from './message.ts';
import { messageIndex } from './message-index.ts';
import type { MessageStore } from './message-store.ts';

export interface Sweeper {
  start(): void;
  stop(): Promise<void>;
}

export interface SweeperOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly providers: readonly MessageProvider[];
  readonly clock: Clock;
  readonly log: Log;
  /** @default 500 */
  readonly everyMs?: number;
}

const batchSize = 32;
/** A claimed key whose work was lost is due again after this; longer than a look-up takes. */
const holdMs = 60_000;
const maxLookUpDelayMs = 10 * 60_000;

export function createSweeper({ store, messages, providers, clock, log, everyMs = 500 }: SweeperOptions): Sweeper {
  const rounds = [
    round(messageIndex.deadlines, (key) => messages.record(key, { type: 'EXPIRED', at: clock.now() })),
    ...providers.map(({ provider, account }) =>
      round(messageIndex.submitting(provider, account), (key) =>
        messages.record(key, { type: 'ABANDONED', at: clock.now() }),
      ),
    ),
    ...providers
      .filter((provider) => provider.lookUp !== undefined)
      .map((provider) =>
        round(messageIndex.lookUps(provider.provider, provider.account), (key) => lookUp(provider, key)),
      ),
  ];

  /** One index and its work; a round never overlaps itself. */
  function round(index: string, work: (key: string) => Promise<unknown>): () => Promise<void> {
    let active: Promise<void> | undefined;
    let failing = false;
    const sweep = async (): Promise<void> => {
      const keys = await store.claimDue(index, { now: clock.now(), limit: batchSize, holdMs });
      await Promise.all(
        keys.map((key) => work(key).catch((error) => log.error('sweep.failed', { topic: index, error }))),
      );
      if (keys.length === batchSize) await sweep();
    };
    return () => {
      active ??= sweep()
        .then(() => {
          failing = false;
        })
        .catch((error) => {
          // Once an outage: it is tried again twice a second.
          if (!failing) log.error('sweep.claim-failed', { topic: index, error });
          failing = true;
        })
        .finally(() => {
          active = undefined;
        });
      return active;
    };
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

  let active: Promise<unknown> = Promise.resolve();
  const sweepAll = (): void => {
    active = Promise.all(rounds.map((sweep) => sweep()));
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    start() {
      timer = setInterval(sweepAll, everyMs);
      sweepAll();
    },
    async stop() {
      clearInterval(timer);
      await active;
    },
  };
}
