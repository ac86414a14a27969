/**
 * Bounds what waits for an account: beyond it a new message is refused before anything of it is stored. It counts in the store only
 * now and then, and what this process adds in between by itself, so that accepting costs no look. What falls due within ten
 * minutes and what is scheduled for later are bounded apart: a campaign for tomorrow must not shut out a code for now.
 */
import type { Clock } from '../clock.ts';
import { type GatewayError, overloaded } from '../errors.ts';
import type { SmsProvider } from '../provider.ts';
import type { Store } from '../store.ts';
import type { Message } from './message.ts';
import { outboxesIn } from './queued-tenants.ts';

export interface QueueBound {
  /**
   * The refusal of each message, in their order; undefined where it may be stored. Those of one account are taken together or not
   * at all. What is taken holds its place until `end` is called. @throws StoreUnavailable
   */
  admit(messages: readonly Message[]): Promise<Admission>;
}

export interface Admission {
  readonly refusals: readonly (GatewayError | undefined)[];
  /** Once. `mayBeStored`: counted until the store is asked again. */
  end(mayBeStored: boolean): void;
}

export interface QueueBoundOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Of each account, of what is due soon and of what is scheduled. */
  readonly maxQueued: number;
}

/** What is put off after a refusal, and what somebody has claimed, is back within this. */
const soonMs = 10 * 60_000;
/** What others have stored or sent since may be missing for so long. */
const countedForMs = 1_000;
/** Where it is full, everybody who calls would count. */
const fullCountedForMs = 250;
const retryAfterMs = 1_000;

interface Queue {
  readonly provider: SmsProvider;
  readonly account: string;
  readonly when: 'SOON' | 'LATER';
  countedAtMs: number;
  counted: number;
  /** Stored by this process, and perhaps not in `counted`. */
  since: number;
  /** Being stored now. */
  held: number;
  counting: Promise<void> | undefined;
}

export function createQueueBound({ store, clock, maxQueued }: QueueBoundOptions): QueueBound {
  const queues = new Map<string, Queue>();

  function queueOf(message: Message): Queue | undefined {
    const [route] = message.routes;
    if (route === undefined) return undefined;
    const when = message.dueAt <= clock.now() + soonMs ? 'SOON' : 'LATER';
    const name = `${when} ${route.provider} ${route.account}`;
    let queue = queues.get(name);
    if (queue === undefined) {
      const { provider, account } = route;
      const nothing = { counted: 0, since: 0, held: 0, counting: undefined };
      queue = { provider, account, when, countedAtMs: Number.NEGATIVE_INFINITY, ...nothing };
      queues.set(name, queue);
    }
    return queue;
  }

  async function count(queue: Queue): Promise<void> {
    const before = queue.since;
    const startedAtMs = clock.monotonicMs();
    const border = clock.now() + soonMs;
    const bounds = queue.when === 'SOON' ? { to: border } : { from: border + 1 };
    let found = 0;
    for (const lane of ['SMS', 'LONG', 'KAKAO'] as const) {
      for (const index of await outboxesIn(store, queue.provider, queue.account, lane)) {
        if (found >= maxQueued) break;
        found += await store.count(index, { ...bounds, atMost: maxQueued - found });
      }
    }
    queue.counted = found;
    // What was stored while it was counted may be counted twice, until the next time: rather that than not at all.
    queue.since -= before;
    queue.countedAtMs = startedAtMs;
  }

  const hasRoom = ({ counted, since, held }: Queue, more: number): boolean =>
    counted + since + held + more <= maxQueued;

  async function look(queue: Queue, more: number): Promise<void> {
    const isOlderThan = (ms: number): boolean => clock.monotonicMs() - queue.countedAtMs >= ms;
    if (!isOlderThan(hasRoom(queue, more) ? countedForMs : fullCountedForMs)) return;
    queue.counting ??= count(queue).finally(() => {
      queue.counting = undefined;
    });
    await queue.counting;
  }

  return {
    async admit(messages) {
      const asked = new Map<Queue, number>();
      const places = messages.map(queueOf);
      for (const queue of places) if (queue !== undefined) asked.set(queue, (asked.get(queue) ?? 0) + 1);
      await Promise.all([...asked].map(([queue, more]) => look(queue, more)));
      // From here to the return nobody else takes a place.
      const taken = new Map([...asked].filter(([queue, more]) => hasRoom(queue, more)));
      for (const [queue, more] of taken) queue.held += more;
      return {
        refusals: places.map((queue) =>
          queue === undefined || taken.has(queue) ? undefined : refusalOf(queue, clock.now()),
        ),
        end(mayBeStored) {
          for (const [queue, more] of taken) {
            queue.held -= more;
            if (mayBeStored) queue.since += more;
          }
        },
      };
    },
  };

  function refusalOf({ provider, when }: Queue, now: number): GatewayError {
    const what = when === 'SOON' ? 'wait for' : 'are scheduled with';
    return overloaded(
      `${maxQueued.toLocaleString('en')} messages ${what} this account of ${provider}.`,
      now + retryAfterMs,
    );
  }
}
