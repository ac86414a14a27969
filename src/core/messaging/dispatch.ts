/**
 * Takes what is due out of an account's outbox and submits it, as fast as the provider has room. The intent is
 * stored before a byte leaves, and the answer after; what happens between the two is the provider's business.
 */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { MessageProvider, SubmitResult } from '../provider.ts';
import type { Store } from '../store.ts';
import { submissionOf } from './message.ts';
import { type MessageStore, messageIndex } from './message-store.ts';

export interface Dispatcher {
  start(): void;
  /** Takes nothing new and waits for what was begun. */
  stop(): Promise<void>;
  /** Something may be due now. */
  poke(): void;
}

export interface DispatcherOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly provider: MessageProvider;
  readonly clock: Clock;
  readonly log: Log;
  /** How often to look for what became due by itself, or was queued by another process. @default 250 */
  readonly pollMs?: number;
}

/** A claimed message that was not begun (its claimer died) is due again after this. */
const claimHoldMs = 5_000;
const maxClaim = 64;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, messages, provider, clock, log, pollMs = 250 } = options;
  const outbox = messageIndex.outbox(provider.provider, provider.account);
  const begun = new Set<Promise<void>>();
  /** Claimed, but not yet counted by the provider as in flight. */
  let starting = 0;
  let running = false;
  let pumping = false;
  let poked = false;
  let timer: NodeJS.Timeout | undefined;
  let releaseProvider: (() => void) | undefined;

  async function pump(): Promise<void> {
    poked = true;
    if (pumping) return;
    pumping = true;
    try {
      while (running && poked) {
        poked = false;
        const room = Math.min(maxClaim, provider.vacancies() - starting);
        if (room <= 0) break;
        const keys = await store.claimDue(outbox, { now: clock.now(), limit: room, holdMs: claimHoldMs });
        for (const key of keys) begin(key);
        if (keys.length === room) poked = true;
      }
    } catch (error) {
      log.error('dispatch.claim-failed', { provider: provider.provider, account: provider.account, error });
    } finally {
      pumping = false;
    }
  }

  function begin(key: string): void {
    const work = dispatch(key)
      .catch((error) => log.error('dispatch.failed', { provider: provider.provider, account: provider.account, error }))
      .finally(() => {
        begun.delete(work);
        void pump();
      });
    begun.add(work);
  }

  async function dispatch(key: string): Promise<void> {
    const reference = provider.newReference();
    const startedAt = clock.now();
    const intent = { type: 'STARTED', at: startedAt, ...(reference !== undefined && { reference }) } as const;
    let answer: Promise<SubmitResult>;
    starting += 1;
    let attempt: number;
    try {
      const intended = await messages.record(key, intent);
      // Cancelled, expired or begun elsewhere since the claim: no longer ours to send.
      if (!intended?.changed) return;
      attempt = intended.message.attempts.length - 1;
      answer = provider.submit(submissionOf(intended.message), {
        startedAt,
        ...(reference !== undefined && { reference }),
      });
    } finally {
      // From here on the provider itself counts it among what is in flight.
      starting -= 1;
    }
    const result = await answer;
    await messages.record(key, { type: 'ANSWERED', at: clock.now(), attempt, result });
  }

  return {
    start() {
      running = true;
      releaseProvider = provider.onChange(() => void pump());
      timer = setInterval(() => void pump(), pollMs);
      void pump();
    },
    async stop() {
      running = false;
      clearInterval(timer);
      releaseProvider?.();
      await Promise.all(begun);
    },
    poke: () => void pump(),
  };
}
