/**
 * A gateway that is killed again and again while it sends remittances, on one data folder, with callers, a follower and a Sentbe
 * that outlive it, until all is settled. Then three ledgers are compared: what callers were told, what Sentbe was asked, how each ended.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { print } from 'graphql';
import type { CrashPoint } from '../../src/core/crash-points.ts';
import { createSentbeSimulator } from '../../src/simulators/sentbe/simulator.ts';
import { RemittanceByIdDocument, RemittanceChangesDocument } from '../generated/operations.ts';
import type { BrokenPromise } from './breaking-store.ts';
import type { CompiledSource } from './compiled-source.ts';
import { createGatewayLives } from './gateway-lives.ts';
import { createHttpQuery } from './http-query.ts';
import { createRandom } from './random.ts';
import { type Pair, registerPair } from './remittance-people.ts';
import { createRemitters } from './remitters.ts';
import { createStreamFollower } from './stream-follower.ts';

/** In the order in which a remittance passes them. */
export const REMITTANCE_POINTS = [
  'remittance.stored',
  'http.request-written',
  'remittance.answered',
] as const satisfies readonly CrashPoint[];

export type RemittanceKill = (typeof REMITTANCE_POINTS)[number] | 'ANY_TIME';

export interface RemittanceVerdict {
  readonly kills: number;
  readonly reached: readonly string[];
  readonly missed: number;
  readonly accepted: number;
  /** Stored, and Sentbe was never asked: nobody can know, and it stays UNCONFIRMED. */
  readonly neverSent: number;
  readonly faults: RemittanceFaults;
}

interface RemittanceFaults {
  /** Accepted, and gone, or without an answer to its key. */
  readonly lost: readonly string[];
  /** Sentbe was asked for it more than once, whatever it answered. */
  readonly askedTwice: readonly string[];
  /** One key and two answers. */
  readonly acceptedTwice: readonly string[];
  /** Sentbe has it, and it did not end as there; or it ended, and Sentbe does not have it. */
  readonly unsettled: readonly string[];
  /** Remittances whose stream does not begin with UNCONFIRMED, repeats a position, or ends otherwise than they did. */
  readonly streamsAmiss: readonly string[];
  readonly refusals: readonly string[];
}

export const noRemittanceFaults: RemittanceFaults = {
  lost: [],
  askedTwice: [],
  acceptedTwice: [],
  unsettled: [],
  streamsAmiss: [],
  refusals: [],
};

interface RemittanceEvent {
  readonly __typename: string;
  readonly cursor: string;
  readonly state: string;
  readonly remittance: { readonly id: string };
}

const apiKey = 'test-key-0123456789';
const keys = { partnerId: 'partner_1', accessId: 'access_0123456789', secretKey: 'sentbe-secret-0123456789' };
const endpoint = 'POST outbound/transfers';
const people = ['1', '2', '3'];
/** Longer than a call may take, so that what a life left behind is looked for in the next. */
const downMs = 40_000;
/** The pass that kills is drawn from so many: what a life surely makes of each point. */
const passes = { 'remittance.stored': 4, 'http.request-written': 8, 'remittance.answered': 4 };
const patienceMs = 10_000;
const settleRounds = 6;

export async function runRemittanceKills(run: {
  readonly source: CompiledSource;
  readonly seed: number;
  readonly kills: readonly RemittanceKill[];
  /** @default 8 */
  readonly ordersPerLife?: number;
  /** A control: every life breaks this promise. */
  readonly broken?: BrokenPromise;
}): Promise<RemittanceVerdict> {
  const { source, seed, kills, ordersPerLife = 8, broken } = run;
  const random = createRandom(seed);
  const dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-kill-'));
  const follower = createStreamFollower<RemittanceEvent>({
    apiKey,
    query: print(RemittanceChangesDocument),
    field: 'remittanceChanged',
    typename: 'RemittanceChanged',
  });
  const lives = createGatewayLives({ source, env: () => env, followers: [follower], broken });
  const settings = { requireVerified: 'NONE', advanceMs: 0, approvalMs: 0 } as const;
  const sentbe = createSentbeSimulator({ ...keys, ...settings, clock: lives.clock });
  const { url: sentbeUrl } = await sentbe.start();
  const env: Readonly<Record<string, string>> = {
    GWANMUN_PROFILE: 'production',
    PORT: '0',
    GWANMUN_API_KEY: apiKey,
    GWANMUN_DATA_KEY: '42'.repeat(32),
    GWANMUN_DATA_DIR: dataDir,
    SENDER_NUMBERS: '15880000',
    SENTBE_PARTNER_ID: keys.partnerId,
    SENTBE_ACCESS_ID: keys.accessId,
    SENTBE_SECRET_KEY: keys.secretKey,
    SENTBE_BASE_URL: sentbeUrl,
  };
  const pairs: Pair[] = [];
  const remitters = createRemitters({ apiKey, random, pairs });
  const { orders, answers } = remitters;

  /** By the external id: how often Sentbe was asked, and what it has. */
  const asked = (): Map<string, number> => {
    const counts = new Map<string, number>();
    for (const { outcome, reference } of sentbe.ledger.entries({ event: endpoint, limit: 10_000 })) {
      if (reference !== undefined && (outcome === 'TAKEN' || outcome === 'REFUSED')) {
        counts.set(reference, (counts.get(reference) ?? 0) + 1);
      }
    }
    return counts;
  };
  const taken = (): Set<string> => new Set(sentbe.transfers().map(({ externalId }) => externalId));
  const idOf = (key: string): string | undefined => [...(answers.get(key) ?? [])][0];
  /** How each remittance stands by what its follower heard. */
  const heard = (): Map<string, string> =>
    new Map(follower.events.map(({ remittance, state }) => [remittance.id, state]));

  function isSettled(end: string): boolean {
    const [has, states] = [taken(), heard()];
    return orders.every(({ key }) => {
      const id = idOf(key);
      return id !== undefined && (!has.has(key) || states.get(id) === end);
    });
  }

  /** Lives that are not killed, until whatever Sentbe has stands as it does there. */
  async function settle(end: string): Promise<void> {
    for (let round = 0; round < (broken === undefined ? settleRounds : 1) && !isSettled(end); round += 1) {
      await lives.live({}, async (life, url) => {
        const since = performance.now();
        await remitters.call(url, life.isOver, 0);
        while (!isSettled(end) && performance.now() - since < patienceMs) await delay(50);
        await life.end('SIGTERM');
      });
      // The older they are, the less often they are read.
      await lives.pass(3_600_000);
    }
  }

  try {
    await lives.live({}, async (life, url) => {
      for (const name of people) pairs.push(await registerPair(createHttpQuery(url, apiKey), name));
      await life.end('SIGTERM');
    });
    for (const each of kills) {
      await lives.pass(downMs);
      const at = each === 'ANY_TIME' ? { afterMs: 20 + random(600) } : { point: `${each} ${1 + random(passes[each])}` };
      await lives.kill(at, (url, isOver) => remitters.call(url, isOver, ordersPerLife));
    }
    await lives.pass(downMs);
    await settle('REQUESTED');
    for (const { id } of sentbe.transfers()) sentbe.setStatus(id, 'Complete');
    await lives.pass(3_600_000);
    await settle('COMPLETE');
    const states = new Map<string, string | undefined>();
    await lives.live({ isLast: true }, async (life, url) => {
      const gateway = createHttpQuery(url, apiKey);
      for (const { key } of orders) {
        const id = idOf(key);
        if (id === undefined) continue;
        states.set(key, (await gateway.query(RemittanceByIdDocument, { id })).remittance?.state);
      }
      await life.end('SIGTERM');
    });
    const [calls, has] = [asked(), taken()];
    const keysWhere = (wanted: (key: string) => boolean): string[] => orders.map(({ key }) => key).filter(wanted);
    const isStreamAmiss = (key: string): boolean => {
      const events = follower.events.filter(({ remittance }) => remittance.id === idOf(key));
      const cursors = new Set(events.map(({ cursor }) => cursor));
      return (
        events[0]?.state !== 'UNCONFIRMED' || events.at(-1)?.state !== states.get(key) || cursors.size < events.length
      );
    };
    return {
      kills: kills.length,
      reached: lives.reached,
      missed: lives.missed(),
      accepted: answers.size,
      neverSent: keysWhere((key) => states.get(key) === 'UNCONFIRMED').length,
      faults: {
        lost: keysWhere((key) => states.get(key) === undefined),
        askedTwice: keysWhere((key) => (calls.get(key) ?? 0) > 1),
        acceptedTwice: keysWhere((key) => (answers.get(key)?.size ?? 0) > 1),
        unsettled: keysWhere((key) => states.get(key) !== (has.has(key) ? 'COMPLETE' : 'UNCONFIRMED')),
        streamsAmiss: keysWhere(isStreamAmiss),
        refusals: remitters.refusals,
      },
    };
  } finally {
    await lives.dispose();
    await sentbe.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
