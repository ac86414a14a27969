/** The kill tests at full length: 20 kills at each crash point and 200 at random, each run on a data folder of its own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRASH_POINTS } from '../src/core/crash-points.ts';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import { type Kill, runKills } from '../test/support/kill-harness.ts';
import { type KillVerdict, noFaults } from '../test/support/kill-verdict.ts';

const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const killsPerRun = 20;
const runs: { name: string; kill: Kill }[] = [
  ...CRASH_POINTS.map((point) => ({ name: point, kill: point })),
  ...Array.from({ length: 10 }, (_, at) => ({ name: `any time ${at + 1}`, kill: 'ANY_TIME' as const })),
];
const verdicts: KillVerdict[] = [];

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
});
afterAll(async () => {
  await source.dispose();
  const sum = (of: (verdict: KillVerdict) => number): number =>
    verdicts.reduce((total, verdict) => total + of(verdict), 0);
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

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** A row as soon as there is one: the whole takes long. */
function printRow(name: string, verdict: KillVerdict): void {
  if (verdicts.length === 0) {
    print(
      '| killed at | kills | missed | accepted | lost | doubled | reports amiss | streams amiss | most in doubt | never sent | settled |',
    );
    print('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  }
  const { kills, missed, accepted, faults, inDoubt, neverSent, settledShare } = verdict;
  const amiss = [faults.lost, [...faults.doubled, ...faults.acceptedTwice], faults.reportsAmiss, faults.streamsAmiss];
  const counts = [kills, missed, accepted, ...amiss.map((keys) => keys.length)];
  const settled = `${(settledShare * 100).toFixed(2)} %`;
  print(`| ${[name, ...counts, `NGS ${inDoubt.NGS}, SENS ${inDoubt.SENS}`, neverSent, settled].join(' | ')} |`);
  verdicts.push(verdict);
}

describe('a gateway killed twenty times', () => {
  it.each(runs.map((run, at) => ({ ...run, at })))('at $name keeps its promises', async ({ name, kill, at }) => {
    const replay = `GWANMUN_CHAOS_SEED=${seed} npm run chaos -- -t '${name}'`;
    const verdict = await runKills({
      source,
      seed: seed + at,
      kills: new Array<Kill>(killsPerRun).fill(kill),
      textsPerLife: 30,
    });
    printRow(name, verdict);
    expect(verdict.faults, replay).toEqual(noFaults);
    expect(verdict.settledShare, replay).toBeGreaterThanOrEqual(0.99);
    expect(verdict.inDoubt.NGS, replay).toBeLessThanOrEqual(16);
  });
});
