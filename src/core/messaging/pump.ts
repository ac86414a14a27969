/**
 * Takes what is due in one lane of an account, of the tenants in turn, as fast as the provider has room for calls, and begins it. It counts
 * calls and not messages, so that a crash leaves no more calls in doubt than the provider takes at once.
 */
import type { Clock } from '../clock.ts';
import { crashPoint } from '../crash-points.ts';
import type { Log } from '../log.ts';
import type { Lane, MessageProvider } from '../provider.ts';
import type { Store } from '../store.ts';
import { createHand, type Hand } from './hand.ts';
import type { MessageStore } from './message-store.ts';
import type { AskPermit, Permit } from './permit.ts';
import type { ProviderCalls } from './provider-calls.ts';
import { createTurns } from './turns.ts';

export interface Pump {
  start(): void;
  /** There may be room. Called again while it runs, it looks once more. */
  run(): void;
  /** Something of this tenant's was queued. */
  note(tenant: string): void;
  /** Anybody may have something due. */
  lookAgain(): void;
  /** Begins nothing more, and gives back what was claimed and not begun. */
  stop(): Promise<void>;
}

export interface PumpOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly provider: MessageProvider;
  /** Of all the lanes: they share the provider's room. */
  readonly calls: ProviderCalls;
  readonly begin: (call: Promise<void>) => void;
  readonly permit: AskPermit;
  readonly clock: Clock;
  readonly log: Log;
  readonly awayAfterMs: number;
}

/** A claimed message that was not begun (its claimer died) is due again after this. */
const claimHoldMs = 5_000;
/** What finds no room for this long is left to other gateways. */
const handForMs = 1_000;
const maxClaim = 64;

export function createPump(options: PumpOptions, lane: Lane): Pump {
  const { store, messages, provider, calls, begin, permit, clock, log, awayAfterMs } = options;
  const { groups } = provider;
  const turns = createTurns({ store, messages, provider, lane });
  const hand = groups && createHand({ store, messages, provider, groups, clock, holdMs: claimHoldMs });
  let stopped = true;
  let failing = false;
  let asked = false;
  let pumping: Promise<void> | undefined;

  async function pump(): Promise<void> {
    try {
      while (asked && !stopped) {
        asked = false;
        // What this turn of the event loop began is counted only when it has run.
        await new Promise((resolve) => setImmediate(resolve));
        const under = permit();
        if (under === undefined) break;
        const room = Math.min(maxClaim, provider.vacancies(lane) - calls.uncounted());
        if (room <= 0) {
          await hand?.giveBack(clock.monotonicMs() - handForMs);
          if (!provider.health().healthy) await passOn(under);
        } else if (await fill(room, hand, under)) asked = true;
      }
      if (failing) log.info('dispatch.resumed', { provider: provider.provider, account: provider.account });
      failing = false;
    } catch (error) {
      // Once an outage: it is tried again four times a second.
      if (!failing)
        log.error('dispatch.claim-failed', { provider: provider.provider, account: provider.account, error });
      failing = true;
    } finally {
      pumping = undefined;
    }
  }

  /** Begins up to this many calls; true where there may be more to begin. */
  async function fill(room: number, held: Hand | undefined, under: Permit): Promise<boolean> {
    // Whoever may share a call with the oldest is looked for among as many as go in one.
    const limit = held === undefined ? room : Math.max(room, groups?.maxSize ?? 1) - held.size();
    const claimedAtMs = clock.monotonicMs();
    const claim = { now: clock.now(), limit, holdMs: claimHoldMs, ...under };
    const keys = limit <= 0 ? [] : await turns.claim(claim);
    if (keys.length > 0) crashPoint('dispatch.claimed');
    if (held !== undefined) await held.add(keys, claimedAtMs);
    if (stopped) return false;
    for (const call of held?.take(room) ?? keys.map((key) => [key])) begin(calls.make(call));
    return keys.length === limit || (held?.size() ?? 0) > 0;
  }

  /** What has waited long enough for a provider that is away goes to the next one: nothing of it can have left. */
  async function passOn(under: Permit): Promise<void> {
    const now = clock.now();
    const waiting = { now: now - awayAfterMs, limit: maxClaim, holdMs: claimHoldMs, ...under };
    const keys = await turns.claim(waiting);
    // Whoever has nothing that waited so long may have something that is due.
    turns.lookAgain();
    const { lastFault, detail } = provider.health();
    const fault = lastFault ?? {
      provider: provider.provider,
      code: 'AWAY',
      ...(detail !== undefined && { text: detail }),
      at: now,
    };
    await Promise.all(keys.map((key) => messages.record(key, { type: 'PASSED_ON', at: now, fault }, under)));
  }

  function run(): void {
    if (stopped) return;
    asked = true;
    pumping ??= pump();
  }

  return {
    start() {
      stopped = false;
    },
    run,
    note(tenant) {
      turns.note(tenant);
      run();
    },
    lookAgain() {
      turns.lookAgain();
      run();
    },
    async stop() {
      stopped = true;
      await pumping;
      // The claim of what cannot be given back now lapses by itself.
      await hand?.giveBack(Number.POSITIVE_INFINITY).catch(() => undefined);
    },
  };
}
