/**
 * Lost replies of Redis, at each of the four writes that a message lives by: a proxy lets the script through to Redis and cuts
 * its reply. Every call must be answered as if nothing had happened, and Redis must hold the effect of each once.
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/core/clock.ts';
import { acceptAll } from '../../src/core/messaging/accept.ts';
import { createMessageStore, type MessageEntry } from '../../src/core/messaging/message-store.ts';
import { createQueueBound } from '../../src/core/messaging/queue-bound.ts';
import { createReportStore } from '../../src/core/messaging/report.ts';
import { type Store, StoreUnavailable } from '../../src/core/store.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { claimDueScript, type RedisScript, writeScript } from '../../src/store/redis-scripts.ts';
import { queuedMessage, reportOf } from './messages.ts';
import { startRedisServer } from './redis-server.ts';
import { startTcpFaultProxy } from './tcp-fault-proxy.ts';

export const lostReplyKinds = ['accept', 'claim', 'attempt', 'settle'] as const;
type Kind = (typeof lostReplyKinds)[number];

export interface LostReplies {
  /** Scripts that ran while their reply was cut. */
  readonly cut: number;
  /** Calls that were answered otherwise than they would have been without a cut, each with its number. */
  readonly wrong: readonly string[];
  /** What happened twice in Redis, or not at all. */
  readonly amiss: readonly string[];
  /** Calls that were told in time that nobody knows, as may be on a machine that is too busy to repeat within the second. */
  readonly unknown: number;
  /** Calls without any answer. */
  readonly hung: number;
}

export interface LoseRepliesOptions {
  readonly kind: Kind;
  readonly count: number;
  /** The control: on its way to Redis every request gets an operation id of its own, so that none is known as a repeat. */
  readonly forgetIds?: boolean;
}

const hungAfterMs = 20_000;
const tenant = 't';

export async function loseReplies({ kind, count, forgetIds = false }: LoseRepliesOptions): Promise<LostReplies> {
  // What a disk is asked for plays no part here, and takes its time on a busy machine.
  const server = await startRedisServer({ appendonly: 'no' });
  const proxy = await startTcpFaultProxy(server.port);
  const codec = createRecordCodec(new Uint8Array(32).fill(7));
  const store = await openRedisStore({ url: `redis://127.0.0.1:${proxy.port}`, codec, allowWeak: true });
  try {
    const { prepare, act, count: effects } = lives(store)[kind];
    for (let nth = 0; nth < count; nth++) await insist(() => prepare(nth));
    // Redis knows the scripts from here on, so that the reply that is cut is the script's own.
    await insist(() => act(-1));
    if (forgetIds) proxy.set({ rewrite: withNewIds });
    const wrong: string[] = [];
    const unknown = new Set<number>();
    let hung = 0;
    const mark = digestOf(kind === 'claim' ? claimDueScript : writeScript);
    for (let nth = 0; nth < count; nth++) {
      // After an answer in time the line may still be down: the call itself is to lose its reply, and not its way there.
      await insist(() => store.get('practice'));
      proxy.cutReplies(mark, 1);
      const answer = await Promise.race([act(nth).catch(tell), patience()]);
      if (answer === 'HUNG') hung += 1;
      else if (answer === 'UNKNOWN') unknown.add(nth);
      else if (answer !== 'AS_EVER') wrong.push(`${kind} ${nth}: ${answer}`);
    }
    proxy.set({});
    const amiss = await insist(() => effects(count, unknown));
    return { cut: proxy.repliesCut(), wrong, amiss, unknown: unknown.size, hung };
  } finally {
    await store.close();
    await proxy.close();
    await server.dispose();
  }
}

interface Life {
  /** What must be there before the nth call. */
  readonly prepare: (nth: number) => Promise<unknown>;
  /** The call whose reply is lost: AS_EVER, or what it answered instead. `-1` is one for practice. */
  readonly act: (nth: number) => Promise<string>;
  /** What of the effects is not there exactly once; of a call that nobody knows of, at most once. */
  readonly count: (calls: number, unknown: ReadonlySet<number>) => Promise<readonly string[]>;
}

function lives(store: Store): Readonly<Record<Kind, Life>> {
  const clock = systemClock;
  const traits = { submitTimeoutMs: 60_000, looksUp: false };
  const messages = createMessageStore({
    store,
    clock,
    retry: { maxRefusals: 2, delayMs: () => 1 },
    providers: { NGS: traits, SENS: traits },
  });
  const reports = createReportStore({ store, messages, clock, soleTenantOf: () => tenant });
  const bound = createQueueBound({ store, clock, maxQueued: 100_000 });
  const idOf = (nth: number): string => `m${nth}`;
  const keyOf = (nth: number): string => messages.key(tenant, idOf(nth));
  const serialOf = (nth: number): string => `SERIAL${nth}`;

  async function accept(nth: number): Promise<string> {
    const message = { ...queuedMessage, id: idOf(nth), tenant, deadlineAt: clock.now() + 3_600_000 };
    const [result] = await acceptAll(
      store,
      messages,
      [
        {
          tenant,
          field: 'sendSms',
          idempotencyKey: `key ${nth}`,
          canonical: { to: message.to },
          compose: () => ({ message, images: [] }),
        },
      ],
      bound,
    );
    if (result === undefined || result instanceof Error) return String(result);
    return result.isNew ? 'AS_EVER' : 'a new message was told as an old one';
  }

  async function attempt(nth: number): Promise<string> {
    if (nth < 0) await accept(nth);
    const evidence = { type: 'STARTED', at: clock.now(), reference: serialOf(nth) } as const;
    const recorded = await messages.record(keyOf(nth), evidence);
    return recorded?.changed === true ? 'AS_EVER' : 'the attempt was told as begun by somebody else';
  }

  async function settle(nth: number): Promise<string> {
    if (nth < 0) {
      await accept(nth);
      await attempt(nth);
    }
    await reports.receive(reportOf(serialOf(nth)));
    return 'AS_EVER';
  }

  const due = 'due';
  const claimed = new Set<string>();
  async function claim(nth: number): Promise<string> {
    const index = nth < 0 ? 'practice' : due;
    const keys = await store.claimDue(index, { now: 1_000_000, limit: 1, holdMs: 1_000_000 });
    for (const key of keys) claimed.add(key);
    return nth < 0 || keys.length === 1 ? 'AS_EVER' : `${keys.length} keys`;
  }

  /** How often each message came to this state, by the log: once is what is asked. */
  async function amissIn(state: string, calls: number, unknown: ReadonlySet<number>): Promise<readonly string[]> {
    const seen = new Map<string, number>();
    let position = 0;
    for (;;) {
      const { entries } = await store.readLog(messages.log(tenant).name, position, 500);
      if (entries.length === 0) break;
      for (const { entry } of entries) {
        const { messageId, state: came } = entry as MessageEntry;
        if (came === state) seen.set(messageId, (seen.get(messageId) ?? 0) + 1);
      }
      position = entries.at(-1)?.position ?? position;
    }
    return Array.from({ length: calls }, (_, nth) => ({ nth, times: seen.get(idOf(nth)) ?? 0 }))
      .filter(({ nth, times }) => times > 1 || (times === 0 && !unknown.has(nth)))
      .map(({ nth, times }) => `${idOf(nth)} came to ${state} ${times} times`);
  }

  return {
    accept: { prepare: async () => undefined, act: accept, count: (...of) => amissIn('QUEUED', ...of) },
    attempt: { prepare: accept, act: attempt, count: (...of) => amissIn('SUBMITTING', ...of) },
    settle: {
      async prepare(nth) {
        await accept(nth);
        await insist(() => attempt(nth));
      },
      act: settle,
      async count(calls, unknown) {
        const { head } = await store.readLog(reports.log(tenant).name, 0, 1);
        const isRight = head <= calls + 1 && head >= calls + 1 - unknown.size;
        return [
          ...(await amissIn('DELIVERED', calls, unknown)),
          ...(isRight ? [] : [`${head} reports are stored of ${calls + 1}`]),
        ];
      },
    },
    claim: {
      // Twice as many as are claimed, so that a second claim finds something to take.
      prepare: (nth) =>
        store.write({ index: [0, 1].map((half) => ({ index: due, key: `k${nth}/${half}`, sort: 2 * nth + half })) }),
      act: claim,
      async count(calls, unknown) {
        const held = await store.range(due, { from: 1_000_001, limit: 1_000_000 });
        const untold = held.filter(({ key }) => !claimed.has(key));
        // What a call that nobody knows of holds falls due again.
        if (claimed.size === calls - unknown.size && untold.length <= unknown.size) return [];
        return [`${claimed.size} of ${calls} were told`, ...untold.map(({ key }) => `${key} is held and nobody knows`)];
      },
    },
  };
}

/** Again and again until the store answers: for what is not the call that is looked at. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      await delay(20);
    }
  }
}

const tell = (error: unknown): string => (error instanceof StoreUnavailable ? 'UNKNOWN' : String(error));

/** An operation id is the only argument of this form that we send; one of the same length keeps the framing whole. */
function withNewIds(request: Buffer): Buffer {
  const text = request.toString('latin1');
  return Buffer.from(
    text.replace(/(?<=\$36\r\n)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, () => randomUUID()),
    'latin1',
  );
}

const digestOf = ({ source }: RedisScript): string => createHash('sha1').update(source).digest('hex');

const patience = (): Promise<'HUNG'> => delay(hungAfterMs, 'HUNG' as const, { ref: false });
