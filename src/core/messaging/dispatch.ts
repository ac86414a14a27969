/**
 * Takes what is due out of an account's outbox, lane by lane, and submits it as fast as the provider has room. The
 * intent is stored before a byte leaves, and the answer after; what happens between the two is the provider's business.
 */
import { endOfNight, isNight } from '../../korean/advertising.ts';
import type { Clock } from '../clock.ts';
import { crashPoint } from '../crash-points.ts';
import type { Log } from '../log.ts';
import type { Attempt, Lane, MessageProvider, Submission, SubmitResult } from '../provider.ts';
import type { Batch, Lease, Store } from '../store.ts';
import { nightOf } from './advertising.ts';
import { arrivalOf, type Message, submissionOf } from './message.ts';
import { messageIndex } from './message-index.ts';
import type { MessageStore } from './message-store.ts';

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

/** A claimed message that was not begun (its claimer died) is due again after this. */
const claimHoldMs = 5_000;
const maxClaim = 64;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { provider, log, pollMs = 250 } = options;
  const begun = new Set<Promise<void>>();
  let running = false;
  let timer: NodeJS.Timeout | undefined;
  let releaseProvider: (() => void) | undefined;
  const pumps = (['SMS', 'LONG', 'KAKAO'] as const).map((lane) => createPump(options, lane, begin));

  /** Runs one piece of work to its end, whatever becomes of the dispatcher; then there may be room again. */
  function begin(work: Promise<void>): void {
    const ended = work
      .catch((error) => log.error('dispatch.failed', { provider: provider.provider, account: provider.account, error }))
      .finally(() => {
        begun.delete(ended);
        poke();
      });
    begun.add(ended);
  }

  function poke(): void {
    if (running) for (const pump of pumps) pump();
  }

  return {
    start() {
      running = true;
      releaseProvider = provider.onChange(poke);
      timer = setInterval(poke, pollMs);
      poke();
    },
    async stop() {
      running = false;
      clearInterval(timer);
      releaseProvider?.();
      while (begun.size > 0) await Promise.all(begun);
    },
    poke,
  };
}

/** One message of ours, its intent stored, on its way into a call. */
interface Intended {
  readonly key: string;
  readonly attempt: number;
  readonly submission: Submission;
  readonly under: Attempt;
}

/** Claims what is due in one lane while there is room for it. Called again while it runs, it looks once more. */
function createPump(options: DispatcherOptions, lane: Lane, begin: (work: Promise<void>) => void): () => void {
  const { store, messages, provider, clock, log, ownership, awayAfterMs = 15_000 } = options;
  const outbox = messageIndex.outbox(provider.provider, provider.account, lane);
  const groupSize = provider.groups?.maxSize ?? 1;
  /** Claimed, but not yet counted by the provider as in flight. */
  let starting = 0;
  let pumping = false;
  let failing = false;
  let asked = false;

  async function pump(): Promise<void> {
    asked = true;
    if (pumping) return;
    pumping = true;
    try {
      while (asked) {
        asked = false;
        const room = Math.min(maxClaim, provider.vacancies(lane) - starting);
        if (room <= 0) {
          if (!provider.health().healthy) await passOn();
          break;
        }
        const limit = Math.max(room, groupSize);
        const keys = await store.claimDue(outbox, { now: clock.now(), limit, holdMs: claimHoldMs });
        if (keys.length > 0) begin(dispatch(keys));
        if (keys.length === limit) asked = true;
      }
      if (failing) log.info('dispatch.resumed', { provider: provider.provider, account: provider.account });
      failing = false;
    } catch (error) {
      // Once an outage: it is tried again four times a second.
      if (!failing)
        log.error('dispatch.claim-failed', { provider: provider.provider, account: provider.account, error });
      failing = true;
    } finally {
      pumping = false;
    }
  }

  /** What has waited long enough for a provider that is away goes to the next one: nothing of it can have left. */
  async function passOn(): Promise<void> {
    const now = clock.now();
    const waiting = { now: now - awayAfterMs, limit: maxClaim, holdMs: claimHoldMs };
    const keys = await store.claimDue(outbox, waiting);
    const { lastFault, detail } = provider.health();
    const fault = lastFault ?? {
      provider: provider.provider,
      code: 'AWAY',
      ...(detail !== undefined && { text: detail }),
      at: now,
    };
    await Promise.all(keys.map((key) => messages.record(key, { type: 'PASSED_ON', at: now, fault })));
  }

  async function dispatch(keys: readonly string[]): Promise<void> {
    starting += keys.length;
    crashPoint('dispatch.claimed');
    let calls: Promise<void>[] = [];
    try {
      const intended = await Promise.all(keys.map(intend));
      calls = groupsOf(intended.filter((each) => each !== undefined)).map(submit);
    } finally {
      // From here on the provider itself counts them among what is in flight.
      starting -= keys.length;
    }
    await Promise.all(calls);
  }

  /** SUBMITTING, durably; undefined where the message is not ours to send now: cancelled, begun elsewhere, or at night. */
  async function intend(key: string): Promise<Intended | undefined> {
    const now = clock.now();
    const [stored] = await messages.load([key]);
    if (stored === undefined) return undefined;
    const until = endOfTabooFor(stored.message, now);
    if (until > now) {
      await messages.record(key, { type: 'DEFERRED', at: now, until });
      return undefined;
    }
    const images = await messages.images(stored.message);
    const lease = ownership?.();
    if (ownership !== undefined && lease === undefined) return undefined;
    const fence: Batch = lease === undefined ? {} : { fence: { lease: lease.name, token: lease.token } };
    const reference = provider.newReference();
    const under = { startedAt: now, ...(reference !== undefined && { reference }) };
    const evidence = { type: 'STARTED', at: now, ...(reference !== undefined && { reference }) } as const;
    const intent = await messages.record(key, evidence, fence);
    crashPoint('dispatch.intent-stored');
    // A process that stood still since it asked for its lease may have been succeeded: what it stored is abandoned.
    if (!intent?.changed || (lease !== undefined && ownership?.()?.token !== lease.token)) return undefined;
    const { message } = intent;
    return { key, attempt: message.attempts.length - 1, submission: submissionOf(message, images, now), under };
  }

  /** What may go in one call to the provider. */
  function groupsOf(intended: readonly Intended[]): Intended[][] {
    const { groups } = provider;
    if (groups === undefined) return intended.map((each) => [each]);
    const byContent = new Map<string, Intended[][]>();
    for (const each of intended) {
      const key = groups.keyOf(each.submission);
      const open = byContent.get(key) ?? [];
      byContent.set(key, open);
      // Two texts to one recipient could not be told apart by their results.
      const group = open.find(
        (members) =>
          members.length < groupSize && !members.some(({ submission }) => submission.to === each.submission.to),
      );
      if (group === undefined) open.push([each]);
      else group.push(each);
    }
    return [...byContent.values()].flat();
  }

  async function submit(group: Intended[]): Promise<void> {
    const results = await call(group);
    crashPoint('dispatch.answer-received');
    const at = clock.now();
    await Promise.all(
      group.map(({ key, attempt }, index) =>
        messages.record(key, { type: 'ANSWERED', at, attempt, result: results[index] as SubmitResult }),
      ),
    );
    crashPoint('dispatch.answer-stored');
  }

  async function call(group: Intended[]): Promise<readonly SubmitResult[]> {
    const [first] = group;
    if (first !== undefined && (group.length === 1 || provider.groups === undefined)) {
      return [await provider.submit(first.submission, first.under)];
    }
    const submissions = group.map(({ submission }) => submission);
    const attempts = group.map(({ under }) => under);
    return provider.groups?.submit(submissions, attempts) ?? [];
  }

  return () => void pump();
}

/** Advertising that would now arrive at night waits until the night is over. */
function endOfTabooFor(message: Message, now: number): number {
  const night = nightOf(message);
  const arrivesAt = arrivalOf(message, now);
  return night === undefined || !isNight(arrivesAt, night) ? now : endOfNight(arrivesAt, night);
}
