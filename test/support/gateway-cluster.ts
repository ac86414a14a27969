/**
 * Several gateways on one Redis with one NGS account, each reached by callers and followers of its own, which outlive it. A test
 * does to the gateways what it wants; then everything settles, and what the ledgers say is for the two verdicts.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { print } from 'graphql';
import type { OwnershipTimes } from '../../src/app.ts';
import { storeKey } from '../../src/core/store.ts';
import { createNgsSimulator, type NgsSimulator } from '../../src/simulators/ngs/simulator.ts';
import { MessageChangesDocument, NgsReportsDocument } from '../generated/operations.ts';
import { apiKey, createClusterCallers } from './cluster-callers.ts';
import type { Told } from './cluster-gateway.ts';
import { beginGateway, type ClusterGateway } from './cluster-process.ts';
import type { CompiledSource } from './compiled-source.ts';
import {
  finalStates,
  type KillVerdict,
  type Listed,
  type MessageEvent,
  type ReportEvent,
  verdictOf,
} from './kill-verdict.ts';
import { listMessages } from './listed-messages.ts';
import { type OwnershipVerdict, ownershipOf } from './ownership-verdict.ts';
import { createRandom } from './random.ts';
import { startRedisServer } from './redis-server.ts';
import { createStreamFollower } from './stream-follower.ts';
import { startTcpFaultProxy, type TcpFaultProxy } from './tcp-fault-proxy.ts';

const ngsLease = storeKey('owner', 'NGS', 'default');

export interface ClusterRun {
  readonly source: CompiledSource;
  readonly seed: number;
  readonly gateways: number;
  readonly textsPerSecond: number;
  /** @default production's */
  readonly times?: OwnershipTimes;
  /** The control: no gateway knows that its lease is another's. */
  readonly isUnprotected?: boolean;
  readonly act: (cluster: Cluster) => Promise<void>;
}

export interface Seat {
  readonly gateway: ClusterGateway;
  /** Its line to Redis. */
  readonly redis: TcpFaultProxy;
}

export interface Cluster {
  readonly ngs: NgsSimulator;
  readonly random: (below: number) => number;
  seats(): readonly Seat[];
  /** Who holds the newest token, up or not. */
  owner(): Seat;
  /** The newest token that was given. */
  token(): number;
  /** Another gateway at the same Redis. */
  join(): Promise<Seat>;
  /** Messages that were answered so far. */
  answered(): number;
  /** As it stands now. */
  ownership(): OwnershipVerdict;
}

export interface ClusterVerdict {
  /** By what the followers of each gateway heard; none of a control, which need not settle. */
  readonly messages: readonly KillVerdict[];
  readonly ownership: OwnershipVerdict;
}

const callerNumber = '15880000';
const dayMs = 24 * 3_600_000;

export async function runCluster(run: ClusterRun): Promise<ClusterVerdict> {
  const { source, seed, textsPerSecond, times = {}, isUnprotected = false } = run;
  const random = createRandom(seed);
  const redis = await startRedisServer();
  const account = { id: 'testid', password: 'testpwd' };
  const certFloorMs = times.ngs?.certIntervalMs ?? 3_000;
  const tps = { sms: 9_999 };
  const ngs = createNgsSimulator({
    ...account,
    registeredNumbers: [callerNumber],
    reportDelayMs: 100,
    tps,
    certFloorMs,
  });
  const { host, port } = await ngs.start();
  const seats: Seat[] = [];
  const told: { readonly told: readonly Told[] }[] = [];
  const followers: ReturnType<typeof createFollowers>[] = [];
  const following: Promise<unknown>[] = [];
  const callers = createClusterCallers(
    () => seats.flatMap(({ gateway }) => (gateway.isUp() && !gateway.isStill() ? [gateway.url] : [])),
    random,
  );
  let isOver = false;

  async function begin(clockAheadMs: number): Promise<Seat> {
    const line = await startTcpFaultProxy(redis.port);
    const env = {
      GWANMUN_PROFILE: 'production',
      PORT: '0',
      GWANMUN_API_KEY: apiKey,
      GWANMUN_DATA_KEY: '42'.repeat(32),
      REDIS_URL: `redis://127.0.0.1:${line.port}`,
      SENDER_NUMBERS: callerNumber,
      NGS_HOST: host,
      NGS_PORT: String(port),
      NGS_ID: account.id,
      NGS_PASSWORD: account.password,
      NGS_SENDER_CODE: '101280092',
    };
    const gateway = await beginGateway(source, { env, times, clockAheadMs, isUnprotected });
    const seat = { gateway, redis: line };
    told.push(gateway);
    seats.push(seat);
    return seat;
  }

  async function join(): Promise<Seat> {
    const seat = await begin(0);
    const own = createFollowers();
    followers.push(own);
    following.push(
      own.follow(() => (seat.gateway.isUp() ? seat : seats.find(({ gateway }) => gateway.isUp()))?.gateway.url),
    );
    return seat;
  }

  const acquired = (): readonly { readonly seat: Seat; readonly token: number }[] =>
    seats.flatMap((seat) =>
      seat.gateway.told
        .filter(({ kind, lease }) => kind === 'ACQUIRED' && lease === ngsLease)
        .map(({ token }) => ({ seat, token })),
    );
  const newest = () => acquired().reduce((last, each) => (each.token > last.token ? each : last));

  function createFollowers() {
    const follower = <Event extends { __typename: string }>(document: Parameters<typeof print>[0], field: string) =>
      createStreamFollower<Event>({
        apiKey,
        query: print(document),
        field,
        typename: `${field[0]?.toUpperCase()}${field.slice(1)}`,
      });
    const messages = follower<MessageEvent>(MessageChangesDocument, 'messageChanged');
    const reports = follower<ReportEvent>(NgsReportsDocument, 'ngsReport');
    const stay = async (each: { follow(url: string): Promise<void> }, where: () => string | undefined) => {
      while (!isOver) {
        const url = where();
        // Its gateway may be cut off from the store just then: it comes back with its cursor, like any client.
        if (url !== undefined) await each.follow(url).catch(unlessAway);
        await delay(50);
      }
    };
    const follow = (where: () => string | undefined) => Promise.all([stay(messages, where), stay(reports, where)]);
    return { messages: messages.events, reports: reports.events, follow };
  }

  const taken = (): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { outcome, fields } of ngs.ledger.entries({ event: 'DELIVER' })) {
      const to = String(fields?.['to']);
      if (outcome === 'TAKEN') counts.set(to, (counts.get(to) ?? 0) + 1);
    }
    return counts;
  };
  const reported = (): string[] =>
    ngs.ledger
      .entries({ event: 'REPORT_ACK' })
      .flatMap(({ outcome, reference = '' }) => (outcome === 'TAKEN' ? [reference] : []));

  const ownership = (): OwnershipVerdict =>
    ownershipOf(
      ngsLease,
      told.flatMap((each) => each.told),
      ngs.ledger.entries(),
    );

  try {
    for (let at = 0; at < run.gateways; at += 1) await join();
    while (acquired().length === 0 || ngs.ledger.entries({ event: 'BIND' }).length < 2) await delay(20);
    const load = callers.begin(textsPerSecond);
    const cluster = { ngs, random, seats: () => seats, owner: () => newest().seat, token: () => newest().token, join };
    await run.act({ ...cluster, answered: () => callers.answers.size, ownership });
    if (isUnprotected) return { messages: [], ownership: ownership() };
    await load.end();

    // What nobody took by now, and who knows how it stands, is told by its deadline: a day goes by for one last gateway.
    const states = (heard: readonly MessageEvent[]) =>
      new Map(heard.map(({ changed, state }) => [changed.clientRef, state]));
    const isSettled = (): boolean => {
      const counts = taken();
      return (
        ngs.waitingReports === 0 &&
        followers.every(({ messages, reports }) => {
          const now = states(messages);
          return (
            reports.length >= new Set(reported()).size &&
            callers.texts.every(({ key, to }) => {
              const state = now.get(key) ?? 'NONE';
              return finalStates.includes(state) || (state === 'UNCONFIRMED' && !counts.has(to));
            })
          );
        })
      );
    };
    const since = performance.now();
    while (!isSettled() && performance.now() - since < 90_000) await delay(100);
    await Promise.all(seats.map(({ gateway }) => gateway.end('SIGTERM')));
    const last = await begin(2 * dayMs);
    let listed: Listed[] = [];
    const isHeard = (): boolean =>
      listed.every(
        ({ clientRef, state }) =>
          finalStates.includes(state) && followers.every(({ messages }) => states(messages).get(clientRef) === state),
      );
    const waited = performance.now();
    do {
      await delay(200);
      listed = await listMessages(last.gateway.url, apiKey);
    } while (!isHeard() && performance.now() - waited < 30_000);
    isOver = true;
    await last.gateway.end('SIGTERM');
    await Promise.all(following);
    const evidence = { seed, kills: 0, reached: [], missed: 0, daysPassed: false, lifeStarts: [], callers, listed };
    return {
      messages: followers.map(({ messages, reports }) =>
        verdictOf({
          ...evidence,
          messageEvents: messages,
          reportEvents: reports,
          received: taken(),
          reported: reported(),
        }),
      ),
      ownership: ownership(),
    };
  } finally {
    isOver = true;
    callers.stop();
    await Promise.all(seats.map(({ gateway }) => gateway.end('SIGKILL')));
    await Promise.all(seats.map((seat) => seat.redis.close()));
    await Promise.all([ngs.stop(), redis.dispose()]);
  }
}

function unlessAway(error: Error): void {
  if (!error.message.includes('STORE_UNAVAILABLE')) throw error;
}
