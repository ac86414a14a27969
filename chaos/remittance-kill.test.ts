/** Kills in the middle of remittances, at full length: 20 at each point and 60 at random, each 20 on a data folder of their own. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import {
  noRemittanceFaults,
  REMITTANCE_POINTS,
  type RemittanceKill,
  runRemittanceKills,
} from '../test/support/remittance-kills.ts';

const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Fewer, to see that it works. */
const killsPerRun = Number(process.env['GWANMUN_CHAOS_KILLS'] ?? 20);
const runs: { name: string; kill: RemittanceKill }[] = [
  ...REMITTANCE_POINTS.map((point) => ({ name: point, kill: point })),
  ...Array.from({ length: 3 }, (_, at) => ({ name: `any time ${at + 1}`, kill: 'ANY_TIME' as const })),
];

const print = (line: string): void => void process.stdout.write(`${line}\n`);

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
  print(`Seed ${seed}.`);
  print(
    '| killed at | kills | missed | accepted | lost | asked twice | unsettled | streams amiss | never sent | seconds |',
  );
  print('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
});
afterAll(() => source.dispose());

describe('a gateway killed twenty times while it sends remittances', () => {
  it.each(runs.map(({ name, kill }, at) => [name, kill, at] as const))(
    'at %s keeps its promises',
    async (name, kill, at) => {
      const replay = `GWANMUN_CHAOS_SEED=${seed} npm run chaos -- chaos/remittance-kill.test.ts -t 'at ${name} '`;
      const since = performance.now();
      const kills = new Array<RemittanceKill>(killsPerRun).fill(kill);
      const verdict = await runRemittanceKills({ source, seed: seed + at, kills });
      const { missed, accepted, faults, neverSent } = verdict;
      const amiss = [
        faults.lost,
        [...faults.askedTwice, ...faults.acceptedTwice],
        faults.unsettled,
        faults.streamsAmiss,
      ];
      const seconds = Math.round((performance.now() - since) / 1_000);
      const counts = [verdict.kills, missed, accepted, ...amiss.map((list) => list.length), neverSent, seconds];
      print(`| ${[name, ...counts].join(' | ')} |`);
      expect(verdict.faults, replay).toEqual(noRemittanceFaults);
    },
  );
});
