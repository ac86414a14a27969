/**
 * A gateway that is stopped again and again under load on one data folder, with callers, followers and providers that outlive it.
 * What it says of each stop, and of what everybody saw in the end, is one verdict.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { print } from 'graphql';
import { createNgsSimulator } from '../../src/simulators/ngs/simulator.ts';
import { createSensSimulator } from '../../src/simulators/sens/simulator.ts';
import { MessageChangesDocument, NgsReportsDocument } from '../generated/operations.ts';
import { type CallersOptions, createCallers } from './callers.ts';
import type { CompiledSource } from './compiled-source.ts';
import { type GatewayLife, loadGateway } from './gateway-life.ts';
import { finalStates, type KillFaults, type MessageEvent, type ReportEvent, verdictOf } from './kill-verdict.ts';
import { listMessages } from './listed-messages.ts';
import { createRandom } from './random.ts';
import { createStreamFollower, type StreamFollower } from './stream-follower.ts';

export interface DrainRun {
  readonly source: CompiledSource;
  readonly seed: number;
  readonly stops: number;
  /** Half of them over WebSocket, half over SSE, beside the two that the ledgers are compared by. */
  readonly sockets: number;
  /** From a DELIVER or a call of SENS to its answer. */
  readonly answerAfterMs: number;
  /** How fast callers call. @default some 45 texts a second: with 100 readers, who hear each four times, a machine of two cores is busy */
  readonly load?: Pick<CallersOptions, 'pauseMs' | 'maxUnderWay'>;
  /** How long callers call before the stop, at most. */
  readonly loadMs: number;
  /** A control: SIGKILL is a stop without a drain. */
  readonly signal?: 'SIGTERM' | 'SIGKILL';
}

export interface DrainVerdict {
  readonly seed: number;
  readonly accepted: number;
  /** Of the calls while there was load. */
  readonly perSecond: number;
  readonly stops: readonly { readonly exitCode: number | null; readonly tookMs: number }[];
  /** Messages that were UNCONFIRMED at any time, each with when it was begun. */
  readonly unconfirmed: readonly string[];
  /** Readers that did not hear StreamEnded SHUTDOWN, then complete, then 1001 where there is a close code. */
  readonly withoutFarewell: number;
  /** Readers that missed an event, heard one twice, or out of order. */
  readonly amiss: readonly string[];
  readonly faults: KillFaults;
}

const apiKey = 'test-key-0123456789';
const callerNumber = '15880000';
/** Longer than an account rests between two sessions. */
const downMs = 6_000;
/** Longer than any attempt may take: what was left behind has been found by then. */
const longDownMs = 40_000;
/** Until all is settled: it is the facts that are waited for, and this only ends a run in which they never come. */
const patienceMs = 300_000;
/** Providers have taken so many in this life before it is stopped. */
const leastTaken = 20;

const delivered = `subscription ($after: String) {
  messageChanged(after: $after, filter: { states: [DELIVERED] }) {
    __typename
    ... on MessageChanged { cursor state at changed { id clientRef } }
    ... on StreamCaughtUp { cursor }
    ... on StreamEnded { reason resumeAfter }
  }
}`;

export async function runDrains(run: DrainRun): Promise<DrainVerdict> {
  const { source, seed, sockets, answerAfterMs, loadMs, signal = 'SIGTERM' } = run;
  const { load = { pauseMs: 200, maxUnderWay: 32 } } = run;
  const random = createRandom(seed);
  const dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-drain-'));
  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs, monotonicMs: () => performance.now() };
  const account = { id: 'testid', password: 'testpwd' };
  const keys = { serviceId: 'ncp:sms:kr:1:svc', accessKey: 'AK', secretKey: 'SK' };
  const registeredNumbers = [callerNumber];
  const tps = { sms: 9_999 };
  const ngs = createNgsSimulator({ ...account, registeredNumbers, reportDelayMs: 100, tps, certFloorMs: 0, clock });
  const sens = createSensSimulator({ ...keys, registeredNumbers, deliverAfterMs: 20, clock });
  const [{ host, port }, { url: sensUrl }] = await Promise.all([ngs.start(), sens.start()]);
  for (const { arm, provider } of [{ ...ngs, provider: 'NGS' } as const, { ...sens, provider: 'SENS' } as const]) {
    arm({ provider, kind: 'delay', on: 'ack', ms: answerAfterMs, after: 0, count: 100_000 });
  }
  const env = {
    GWANMUN_PROFILE: 'production',
    PORT: '0',
    GWANMUN_API_KEY: apiKey,
    GWANMUN_DATA_KEY: '42'.repeat(32),
    GWANMUN_DATA_DIR: dataDir,
    SENDER_NUMBERS: callerNumber,
    NGS_HOST: host,
    NGS_PORT: String(port),
    NGS_ID: account.id,
    NGS_PASSWORD: account.password,
    NGS_SENDER_CODE: '101280092',
    NGS_WINDOW: '64',
    SENS_SERVICE_ID: keys.serviceId,
    SENS_ACCESS_KEY: keys.accessKey,
    SENS_SECRET_KEY: keys.secretKey,
    SENS_BASE_URL: sensUrl,
  };

  const callers = createCallers({ apiKey, random, providers: ['NGS', 'SENS'], ...load });
  const query = print(MessageChangesDocument);
  const follow = { apiKey, field: 'messageChanged', typename: 'MessageChanged' } as const;
  const messages = createStreamFollower<MessageEvent>({ ...follow, query });
  const reports = createStreamFollower<ReportEvent>({
    ...{ apiKey, field: 'ngsReport', typename: 'NgsReport' },
    query: print(NgsReportsDocument),
  });
  const readers = Array.from({ length: sockets }, (_, at) => {
    const transport = at % 2 === 0 ? 'SSE' : 'WEBSOCKET';
    return createStreamFollower<MessageEvent>({ ...follow, query: delivered, transport });
  });
  const followers: readonly StreamFollower<never>[] = [messages, reports, ...readers] as never;

  const stops: { exitCode: number | null; tookMs: number; at: number }[] = [];
  let spare: GatewayLife | undefined;
  let calledMs = 0;
  let withoutFarewell = 0;

  /** Begins a life with everybody who follows, does `act` in it, and stops it. */
  async function live(isLast: boolean, act: (life: GatewayLife, url: string) => Promise<unknown>): Promise<void> {
    const life = spare ?? loadGateway(source);
    spare = isLast ? undefined : loadGateway(source);
    const url = await life.begin({ env, clockAheadMs: aheadMs });
    if (url === undefined) throw new Error(`The gateway did not begin: ${life.said()}`);
    const followed = followers.map((follower) => follower.follow(url));
    await act(life, url);
    await Promise.all(followed);
  }

  async function stop(life: GatewayLife, how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const [since, at] = [performance.now(), clock.now()];
    await life.end(how);
    stops.push({ at, exitCode: life.exitCode(), tookMs: Math.round(performance.now() - since) });
  }

  const received = (): Map<string, number> => {
    const counts = new Map<string, number>();
    const posts = sens.ledger.entries({ event: 'POST messages' });
    for (const { outcome, fields } of [...ngs.ledger.entries({ event: 'DELIVER' }), ...posts]) {
      const to = String(fields?.['to']);
      if (outcome === 'TAKEN') counts.set(to, (counts.get(to) ?? 0) + 1);
    }
    return counts;
  };
  const reported = (): string[] =>
    ngs.ledger
      .entries({ event: 'REPORT_ACK' })
      .flatMap(({ outcome, reference }) => (outcome === 'TAKEN' && reference !== undefined ? [reference] : []));

  /** The cursors of those who follow what was delivered, as the one who follows everything heard them. */
  const expected = (): string[] =>
    messages.events.filter(({ state }) => state === 'DELIVERED').map(({ cursor }) => cursor);

  function unconfirmed(): string[] {
    const keys = keysOf(messages.events.filter(({ state }) => state === 'UNCONFIRMED'));
    return keys.map((key) => {
      const begun = messages.events.findLast(
        ({ changed, state }) => changed.clientRef === key && state === 'SUBMITTING',
      );
      const at = Date.parse(begun?.at ?? '');
      const life = stops.findIndex((each) => at < each.at + each.tookMs);
      const provider = callers.texts.find((text) => text.key === key)?.provider;
      return `${key} by ${provider}, begun ${(stops[life]?.at ?? 0) - at} ms before stop ${life}`;
    });
  }

  function isSettled(): boolean {
    const states = new Map(messages.events.map(({ changed, state }) => [changed.clientRef, state]));
    const total = expected().length;
    return (
      callers.texts.every(({ key }) => callers.answers.has(key) && finalStates.includes(states.get(key) ?? '')) &&
      readers.every(({ events }) => events.length >= total) &&
      reports.events.length >= new Set(reported()).size
    );
  }

  try {
    for (let at = 0; at < run.stops; at += 1) {
      await live(false, async (life, url) => {
        const since = performance.now();
        const takenBefore = received().size;
        const calls = callers.call(url, life.isOver, Number.POSITIVE_INFINITY);
        await delay(loadMs / 2 + random(loadMs / 2));
        // On a busy machine the load may be late: a stop without any would show nothing.
        while (!followers.every((follower) => follower.isHearing()) || received().size < takenBefore + leastTaken) {
          await delay(10);
        }
        const heardBefore = followers.map(({ endings }) => endings.length);
        await stop(life, signal);
        await calls;
        calledMs += performance.now() - since;
        while (followers.some(({ endings }, index) => endings.length === heardBefore[index])) await delay(10);
      });
      withoutFarewell += followers.filter(({ endings }) => !isFarewell(endings.at(-1))).length;
      aheadMs += downMs;
    }
    const { size: accepted } = callers.answers;
    aheadMs += longDownMs;
    let listed: Awaited<ReturnType<typeof listMessages>> = [];
    await live(true, async (life, url) => {
      const since = performance.now();
      // Whoever heard nothing asks again, until there is an answer.
      while (!isSettled() && performance.now() - since < patienceMs) {
        await callers.call(url, life.isOver, 0);
        await delay(50);
      }
      listed = await listMessages(url, apiKey);
      await stop(life, 'SIGTERM');
    });
    const { faults } = verdictOf({
      ...{ seed, kills: 0, reached: [], missed: 0, daysPassed: false, lifeStarts: [], callers, listed },
      ...{ messageEvents: messages.events, reportEvents: reports.events, received: received(), reported: reported() },
    });
    const all = expected();
    return {
      seed,
      accepted: callers.answers.size,
      perSecond: Math.round((accepted * 1_000) / calledMs),
      stops,
      unconfirmed: unconfirmed(),
      withoutFarewell,
      amiss: readers.flatMap(({ events }, at) => {
        const heard = events.map(({ cursor }) => cursor);
        return heard.join() === all.join() ? [] : [`reader ${at} heard ${heard.length} of ${all.length}`];
      }),
      faults,
    };
  } finally {
    await spare?.end('SIGKILL');
    await Promise.all([ngs.stop(), sens.stop()]);
    await rm(dataDir, { recursive: true, force: true });
  }
}

const keysOf = (events: readonly MessageEvent[]): string[] => [
  ...new Set(events.map(({ changed }) => changed.clientRef)),
];

const isFarewell = (ending: StreamFollower<never>['endings'][number] | undefined): boolean =>
  ending?.reason === 'SHUTDOWN' && ending.isComplete && (ending.code === undefined || ending.code === 1001);
