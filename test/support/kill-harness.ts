/**
 * A gateway that is killed again and again on one data folder, with callers, followers and providers that outlive it, until
 * everything is settled. All that is random comes from one seed. What the three ledgers then say is for kill-verdict.ts.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { print } from 'graphql';
import type { CrashPoint } from '../../src/core/crash-points.ts';
import { createNgsSimulator } from '../../src/simulators/ngs/simulator.ts';
import { createSensSimulator } from '../../src/simulators/sens/simulator.ts';
import { MessageChangesDocument, NgsReportsDocument } from '../generated/operations.ts';
import type { BrokenPromise } from './breaking-store.ts';
import { createCallers, type Text } from './callers.ts';
import type { CompiledSource } from './compiled-source.ts';
import { createGatewayLives } from './gateway-lives.ts';
import {
  finalStates,
  type KillVerdict,
  type Listed,
  type MessageEvent,
  type ReportEvent,
  verdictOf,
} from './kill-verdict.ts';
import { listMessages } from './listed-messages.ts';
import { createRandom } from './random.ts';
import { startRedisServer } from './redis-server.ts';
import { createStreamFollower } from './stream-follower.ts';

export type Kill = CrashPoint | 'ANY_TIME';

export interface KillRun {
  readonly source: CompiledSource;
  readonly seed: number;
  readonly kills: readonly Kill[];
  /** @default 'EMBEDDED' */
  readonly store?: 'EMBEDDED' | 'REDIS';
  /** @default 60 */
  readonly textsPerLife?: number;
  /** @default both */
  readonly providers?: readonly Text['provider'][];
  /** From DELIVER to its REPORT. @default drawn, up to 600 */
  readonly reportDelayMs?: number;
  /** Which pass of its point kills. @default drawn */
  readonly pass?: number;
  /** A control: every life breaks this promise. */
  readonly broken?: BrokenPromise;
}

const apiKey = 'test-key-0123456789';
const callerNumber = '15880000';
const dayMs = 24 * 3_600_000;
/** Between two lives: longer than any attempt may take, so that what the one left behind is abandoned in the next. */
const downMs = 40_000;
/** How many passes a life surely makes of a point; the pass that kills is drawn from them. */
const passes = { accept: 20, dispatch: 5, ngs: 4, http: 6, report: 10, 'look-up': 4, sweep: 2, store: 20 };
/** How long nothing may move on before a round ends: what is left then waits for a look-up that only time brings. */
const patienceMs = 8_000;
/** At most: it ends as soon as all is settled. */
const settleRounds = 16;

/** What must have happened before, so that there is something to sweep. */
const preludes: Partial<Record<Kill, Kill>> = {
  'sweep.abandoned': 'ngs.deliver-written',
  'sweep.expired': 'dispatch.intent-stored',
};

export async function runKills(run: KillRun): Promise<KillVerdict> {
  const { source, seed, textsPerLife = 60, broken } = run;
  const random = createRandom(seed);
  const { reportDelayMs = 20 + random(580) } = run;
  const dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-kill-'));
  const redis = run.store === 'REDIS' ? await startRedisServer() : undefined;
  const redisUrl = redis?.url;
  const follower = <Event extends { __typename: string }>(document: Parameters<typeof print>[0], field: string) =>
    createStreamFollower<Event>({
      apiKey,
      query: print(document),
      field,
      typename: `${field[0]?.toUpperCase()}${field.slice(1)}`,
    });
  const messages = follower<MessageEvent>(MessageChangesDocument, 'messageChanged');
  const reports = follower<ReportEvent>(NgsReportsDocument, 'ngsReport');
  const lives = createGatewayLives({ source, env: () => env, followers: [messages, reports], broken, redisUrl });
  const { clock } = lives;
  const account = { id: 'testid', password: 'testpwd' };
  const keys = { serviceId: 'ncp:sms:kr:1:svc', accessKey: 'AK', secretKey: 'SK' };
  const registeredNumbers = [callerNumber];
  const tps = { sms: 9_999 };
  const ngs = createNgsSimulator({ ...account, registeredNumbers, reportDelayMs, tps, certFloorMs: 0, clock });
  const sens = createSensSimulator({ ...keys, registeredNumbers, deliverAfterMs: 20, clock });
  const [{ host, port }, { url: sensUrl }] = await Promise.all([ngs.start(), sens.start()]);
  const env: Readonly<Record<string, string>> = {
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
    SENS_SERVICE_ID: keys.serviceId,
    SENS_ACCESS_KEY: keys.accessKey,
    SENS_SECRET_KEY: keys.secretKey,
    SENS_BASE_URL: sensUrl,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  };

  const callers = createCallers({ apiKey, random, providers: run.providers ?? ['NGS', 'SENS'], now: clock.now });
  let daysPassed = false;

  function kill(how: Kill): Promise<void> {
    const at =
      how === 'ANY_TIME'
        ? { afterMs: 20 + random(1_200) }
        : { point: `${how} ${run.pass ?? 1 + random(passes[how.split('.')[0] as keyof typeof passes])}` };
    return lives.kill(at, (url, isOver) => callers.call(url, isOver, textsPerLife));
  }

  /** How each message stands by what its followers heard. */
  function states(): Map<string, string> {
    return new Map(messages.events.map(({ changed, state }) => [changed.clientRef, state]));
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

  /** The SERIALs whose REPORT was acknowledged. */
  const reported = (): string[] =>
    ngs.ledger
      .entries({ event: 'REPORT_ACK' })
      .flatMap(({ outcome, reference }) => (outcome === 'TAKEN' && reference !== undefined ? [reference] : []));

  /** Nothing is under way, and the result of whatever a provider has is known. */
  function isSettled(): boolean {
    const taken = received();
    const now = states();
    return (
      ngs.waitingReports === 0 &&
      callers.texts.every(({ key, to }) => {
        const state = now.get(key) ?? 'NONE';
        if (!callers.answers.has(key)) return false;
        return finalStates.includes(state) || (state === 'UNCONFIRMED' && !taken.has(to));
      })
    );
  }

  /** On a busy machine a gateway takes its time, and is given it for as long as anything is heard of it. */
  async function whileMoving(isOpen: () => boolean | Promise<boolean>): Promise<void> {
    let heard = -1;
    for (let since = performance.now(); (await isOpen()) && performance.now() - since < patienceMs; await delay(50)) {
      const now = messages.events.length + reports.events.length + callers.answers.size;
      if (now > heard) [heard, since] = [now, performance.now()];
    }
  }

  async function settle(): Promise<void> {
    // A control need not settle, and may be unable to.
    const rounds = broken === undefined ? settleRounds : 1;
    for (let round = 0; round < rounds && !isSettled(); round += 1) {
      await lives.live({}, async (life, url) => {
        await callers.call(url, life.isOver, 0);
        await whileMoving(() => !isSettled());
        await life.end('SIGTERM');
      });
      // Look-ups are asked less and less often: a quarter of an hour, and they are due again.
      await lives.pass(15 * 60_000);
    }
  }

  try {
    for (const each of run.kills) {
      const prelude = preludes[each];
      if (prelude !== undefined) {
        await kill(prelude);
        await lives.pass(downMs);
      }
      if (each === 'sweep.expired') {
        await lives.pass(dayMs);
        daysPassed = true;
      }
      await kill(each);
      await lives.pass(downMs);
    }
    const kills = lives.starts.length;
    await settle();
    await lives.pass(dayMs);
    let listed: Listed[] = [];
    await lives.live({ isLast: true }, async (life, url) => {
      const isHeard = (): boolean => {
        const heard = states();
        return listed.every(({ clientRef, state }) => finalStates.includes(state) && heard.get(clientRef) === state);
      };
      listed = await listMessages(url, apiKey);
      await whileMoving(async () => {
        if (isHeard() && reports.events.length >= reported().length) return false;
        listed = await listMessages(url, apiKey);
        return true;
      });
      await life.end('SIGTERM');
    });
    return verdictOf({
      seed,
      kills,
      reached: lives.reached as CrashPoint[],
      missed: lives.missed(),
      daysPassed,
      lifeStarts: lives.starts,
      callers,
      listed,
      messageEvents: messages.events,
      reportEvents: reports.events,
      received: received(),
      reported: reported(),
    });
  } finally {
    await lives.dispose();
    await Promise.all([ngs.stop(), sens.stop(), redis?.dispose()]);
    await rm(dataDir, { recursive: true, force: true });
  }
}
