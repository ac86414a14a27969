/**
 * The kill tests at full length: 20 kills at each crash point and 200 at random, each 20 on a store of their own; then half as many
 * a run with Redis as the store. A part of them by name: `npm run chaos -- chaos/kill.test.ts -t 'EMBEDDED: at dispatch'`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRASH_POINTS } from '../src/core/crash-points.ts';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import { type Kill, runKills } from '../test/support/kill-harness.ts';
import { callsAtOnce, type KillVerdict, noFaults } from '../test/support/kill-verdict.ts';
import { hasRedisServer } from '../test/support/redis-server.ts';

const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Fewer, to see that it works. */
const killsPerRun = Number(process.env['GWANMUN_CHAOS_KILLS'] ?? 20);
const shareOf = { EMBEDDED: 1, REDIS: 0.5 };

interface Run {
  readonly name: string;
  readonly kill: Kill;
}

const anyTime = (count: number): Run[] =>
  Array.from({ length: count }, (_, at) => ({ name: `any time ${at + 1}`, kill: 'ANY_TIME' }));
const atPoints = CRASH_POINTS.map((point): Run => ({ name: point, kill: point }));
const runs = {
  EMBEDDED: [...atPoints, ...anyTime(10)],
  // The points of the embedded store's own thread are not passed.
  REDIS: [...atPoints.filter(({ name }) => !name.startsWith('store.')), ...anyTime(5)],
};
const verdicts: KillVerdict[] = [];

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const sum = (of: (verdict: KillVerdict) => number): number =>
  verdicts.reduce((total, verdict) => total + of(verdict), 0);

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
  print(`Seed ${seed}.`);
});
afterAll(async () => {
  await source.dispose();
  const totals = [
    `${sum(({ kills }) => kills)} kills`,
    `${sum(({ missed }) => missed)} missed their point`,
    `${sum(({ accepted }) => accepted)} accepted`,
    `${sum(({ faults }) => faults.lost.length)} lost`,
    `${sum(({ faults }) => faults.doubled.length + faults.acceptedTwice.length)} doubled`,
    `${sum(({ neverSent }) => neverSent)} never sent`,
  ];
  print(`${totals.join(', ')}. Seed ${seed}.`);
});

/** A row as soon as there is one: the whole takes long. */
function printRow(name: string, seconds: number, verdict: KillVerdict): void {
  if (verdicts.length === 0) {
    print(
      '| killed at | kills | missed | accepted | lost | doubled | reports amiss | streams amiss | most in doubt | never sent | settled | seconds |',
    );
    print('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  }
  const { kills, missed, accepted, faults, inDoubt, callsInDoubt, neverSent, settledShare } = verdict;
  const amiss = [faults.lost, [...faults.doubled, ...faults.acceptedTwice], faults.reportsAmiss, faults.streamsAmiss];
  const counts = [kills, missed, accepted, ...amiss.map((keys) => keys.length)];
  const doubt = `NGS ${inDoubt.NGS}, SENS ${inDoubt.SENS} of ${callsInDoubt.SENS} contents`;
  const settled = `${(settledShare * 100).toFixed(2)} %`;
  print(`| ${[name, ...counts, doubt, neverSent, settled, Math.round(seconds)].join(' | ')} |`);
  verdicts.push(verdict);
}

async function check(store: keyof typeof runs, { name, kill }: Run, at: number): Promise<void> {
  const own = seed + at;
  const title = store === 'EMBEDDED' ? name : `${name}, Redis`;
  const replay = `GWANMUN_CHAOS_SEED=${seed} npm run chaos -- chaos/kill.test.ts -t '${store}: at ${name} '`;
  const since = performance.now();
  const kills = new Array<Kill>(Math.ceil(killsPerRun * shareOf[store])).fill(kill);
  const verdict = await runKills({ source, seed: own, store, kills, textsPerLife: 30 });
  printRow(title, (performance.now() - since) / 1_000, verdict);
  expect(verdict.faults, replay).toEqual(noFaults);
  expect(verdict.settledShare, replay).toBeGreaterThanOrEqual(0.99);
  expect(verdict.callsInDoubt.NGS, replay).toBeLessThanOrEqual(callsAtOnce.NGS);
  expect(verdict.callsInDoubt.SENS, replay).toBeLessThanOrEqual(callsAtOnce.SENS);
}

describe('a gateway killed again and again', () => {
  for (const [at, run] of runs.EMBEDDED.entries()) {
    it(`EMBEDDED: at ${run.name} keeps its promises`, () => check('EMBEDDED', run, at));
  }
  for (const [at, run] of runs.REDIS.entries()) {
    it.skipIf(!hasRedisServer)(`REDIS: at ${run.name} keeps its promises`, () =>
      check('REDIS', run, runs.EMBEDDED.length + at),
    );
  }
});
