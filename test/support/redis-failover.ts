/**
 * Failovers of a Redis pair under load: replication freezes, callers go on, the primary is killed, and the replica, which lacks
 * what came since, takes its place. Callers repeat what was not answered, with their keys. What was answered must be there.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { systemClock } from '../../src/core/clock.ts';
import { acceptAll } from '../../src/core/messaging/accept.ts';
import { createMessageStore, type MessageStore } from '../../src/core/messaging/message-store.ts';
import { createQueueBound } from '../../src/core/messaging/queue-bound.ts';
import { type Store, StoreUnavailable } from '../../src/core/store.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { StoreRefused } from '../../src/store/store-refused.ts';
import { queuedMessage } from './messages.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { startTcpFaultProxy, type TcpFaultProxy } from './tcp-fault-proxy.ts';
import { until } from './until.ts';

export interface FailoverOptions {
  readonly rounds: number;
  /** The control: WAIT never reaches Redis, and a question that is always answered with 1 goes instead. */
  readonly withoutWait?: boolean;
}

export interface Failovers {
  /** Messages that a caller was told are accepted. */
  readonly accepted: number;
  /** Calls that were told that nobody knows, or that nothing was written, and were made again. */
  readonly repeated: number;
  readonly lost: readonly string[];
  /** Keys that stand for two messages. */
  readonly doubled: readonly string[];
}

interface Pair {
  readonly primary: RedisServer;
  readonly replica: RedisServer;
  /** The line that the replica copies by. */
  readonly link: TcpFaultProxy;
}

const callers = 8;
const acceptedBeforeFreeze = 40;
const answersWhileFrozen = 2 * callers;
const tenant = 't';
const metaKey = '{gwanmun}:meta';
// What it holds is not on a disk: only the replica has it too.
const inMemory = { appendonly: 'no' };

export async function failOver({ rounds, withoutWait = false }: FailoverOptions): Promise<Failovers> {
  const disposals: (() => Promise<unknown>)[] = [];
  const begin = async (settings: Readonly<Record<string, string>>): Promise<RedisServer> => {
    const server = await startRedisServer({ ...inMemory, ...settings });
    disposals.push(() => server.dispose());
    return server;
  };
  const beside = async (primary: RedisServer): Promise<Pair> => {
    const link = await startTcpFaultProxy(primary.port);
    disposals.push(() => link.close());
    return { primary, link, replica: await begin({ replicaof: `127.0.0.1 ${link.port}` }) };
  };
  try {
    let pair = await beside(await begin({}));
    const address = await startTcpFaultProxy(pair.primary.port);
    disposals.push(() => address.close());
    const store = await openOnceReplicated(`redis://127.0.0.1:${address.port}`);
    disposals.push(() => store.close());
    if (withoutWait) address.set({ rewrite: answeredAtOnce });
    const load = startLoad(store);
    for (let round = 0; round < rounds; round++) {
      const before = load.accepted.size;
      await until(() => load.accepted.size >= before + acceptedBeforeFreeze);
      pair.link.set({ blackhole: true });
      // Callers are told something all the while: a yes of this time is what the failover would take back.
      const frozenAt = load.answers();
      await until(() => load.answers() >= frozenAt + answersWhileFrozen);
      await pair.primary.kill();
      await promote(pair.replica);
      address.retarget(pair.replica.port);
      address.reset();
      pair = await beside(pair.replica);
    }
    const last = load.accepted.size;
    await until(() => load.accepted.size >= last + acceptedBeforeFreeze);
    await load.stop();
    return { accepted: load.accepted.size, repeated: load.repeated(), ...(await missing(store, load)) };
  } finally {
    for (const dispose of disposals.reverse()) await dispose();
  }
}

interface Load {
  /** By key, the messages that its caller was told. */
  readonly accepted: ReadonlyMap<string, string>;
  readonly messages: MessageStore;
  repeated(): number;
  /** Of either kind: a message, or that it must be asked again. */
  answers(): number;
  stop(): Promise<void>;
}

/** Callers that each send one message after the other, and a message again, with its key, until they are told. */
function startLoad(store: Store): Load {
  const clock = systemClock;
  const traits = { submitTimeoutMs: 1_000, looksUp: false };
  const messages = createMessageStore({
    store,
    clock,
    retry: { maxRefusals: 2, delayMs: () => 1 },
    providers: { NGS: traits, SENS: traits },
  });
  const bound = createQueueBound({ store, clock, maxQueued: 100_000 });
  const accepted = new Map<string, string>();
  let repeated = 0;
  let isOver = false;

  async function call(key: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      // A message of its own each time, as a caller's repetition makes: the key must lead to the first.
      const message = { ...queuedMessage, id: `${key}-${attempt}`, tenant, deadlineAt: clock.now() + 3_600_000 };
      const compose = () => ({ message, images: [] });
      const request = { tenant, field: 'sendSms', idempotencyKey: key, canonical: { to: message.to }, compose };
      try {
        const [result] = await acceptAll(store, messages, [request], bound);
        if (result === undefined || result instanceof Error) throw result;
        accepted.set(key, result.message.id);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        repeated += 1;
        await delay(20);
      }
    }
  }

  const running = Array.from({ length: callers }, async (_, caller) => {
    for (let nth = 0; !isOver; nth++) await call(`${caller}-${nth}`);
  });
  return {
    accepted,
    messages,
    repeated: () => repeated,
    answers: () => accepted.size + repeated,
    async stop() {
      isOver = true;
      await Promise.all(running);
    },
  };
}

async function missing(store: Store, { accepted, messages }: Load): Promise<Pick<Failovers, 'lost' | 'doubled'>> {
  const lost: string[] = [];
  for (const [key, id] of accepted) {
    const [stored] = await messages.load([messages.key(tenant, id)]);
    if (stored === undefined) lost.push(key);
  }
  const listed = new Map<string, string>();
  const doubled: string[] = [];
  let position = 0;
  for (;;) {
    const { entries } = await store.readLog(messages.log(tenant).name, position, 500);
    if (entries.length === 0) return { lost, doubled };
    for (const { entry } of entries) {
      const { messageId } = entry as { messageId: string };
      const key = messageId.replace(/-\d+$/, '');
      if (listed.has(key)) doubled.push(key);
      listed.set(key, messageId);
    }
    position = entries.at(-1)?.position ?? position;
  }
}

async function openOnceReplicated(url: string): Promise<Store> {
  const codec = createRecordCodec(new Uint8Array(32).fill(7));
  for (;;) {
    try {
      return await openRedisStore({ url, codec, allowWeak: false });
    } catch (error) {
      // The replica is not in step yet.
      if (!(error instanceof StoreRefused)) throw error;
      await delay(20);
    }
  }
}

/** What a sentinel would do. */
async function promote(replica: RedisServer): Promise<void> {
  const redis = new Redis(replica.url);
  await redis.replicaof('NO', 'ONE');
  redis.disconnect();
}

function answeredAtOnce(request: Buffer): Buffer {
  const wait = '*3\r\n$4\r\nwait\r\n$1\r\n1\r\n$3\r\n200\r\n';
  const exists = `*2\r\n$6\r\nexists\r\n$${metaKey.length}\r\n${metaKey}\r\n`;
  return Buffer.from(request.toString('latin1').replaceAll(wait, exists), 'latin1');
}
