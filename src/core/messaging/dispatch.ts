/**
 * Carries what is due in an account's outbox to its provider: a pump for each lane, woken whenever something may be due or there
 * may be room, and what they began. How a call is made is provider-calls.ts's.
 */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { MessageProvider } from '../provider.ts';
import type { Lease, Store } from '../store.ts';
import type { MessageStore } from './message-store.ts';
import { permitsOf } from './permit.ts';
import { createProviderCalls } from './provider-calls.ts';
import { createPump } from './pump.ts';

export interface Dispatcher {
  start(): void;
  /** Takes nothing new and waits for what was begun. */
  stop(): Promise<void>;
  /** Something of this tenant's may be due now. */
  poke(tenant: string): void;
}

export interface DispatcherOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly provider: MessageProvider;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * The lease under which this process alone may send: undefined where it has lapsed. Nothing is begun without it, and
   * the store refuses an intent whose token is not the newest. Left out where any process may send.
   */
  readonly ownership?: () => Lease | undefined;
  /** A message with another provider to go to waits this long for one that is away. @default 15_000 */
  readonly awayAfterMs?: number;
  /** How often to look for what became due by itself, or was queued by another process. @default 250 */
  readonly pollMs?: number;
}

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { store, messages, provider, clock, log, ownership, awayAfterMs = 15_000, pollMs = 250 } = options;
  const begun = new Set<Promise<void>>();
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let releaseProvider: (() => void) | undefined;
  const permit = permitsOf(ownership);
  const calls = createProviderCalls({ messages, provider, clock, permit });
  const pumps = (['SMS', 'LONG', 'KAKAO'] as const).map((lane) =>
    createPump({ store, messages, provider, calls, begin, permit, clock, log, awayAfterMs }, lane),
  );

  /** Runs one call to its end, whatever becomes of the dispatcher; then there may be room again. */
  function begin(call: Promise<void>): void {
    const ended = call
      .catch((error) => log.error('dispatch.failed', { provider: provider.provider, account: provider.account, error }))
      .finally(() => {
        begun.delete(ended);
        run();
      });
    begun.add(ended);
  }

  function run(): void {
    if (running) for (const pump of pumps) pump.run();
  }

  function lookAgain(): void {
    if (running) for (const pump of pumps) pump.lookAgain();
  }

  return {
    start() {
      running = true;
      for (const pump of pumps) pump.start();
      releaseProvider = provider.onChange(run);
      timer = setInterval(lookAgain, pollMs);
      lookAgain();
    },
    async stop() {
      running = false;
      clearInterval(timer);
      releaseProvider?.();
      await Promise.all(pumps.map((pump) => pump.stop()));
      while (begun.size > 0) await Promise.all(begun);
    },
    poke(tenant) {
      if (running) for (const pump of pumps) pump.note(tenant);
    },
  };
}
