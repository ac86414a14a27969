/** Orderly stops at full length: 50 under load, with 100 readers, and one that does not drain. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import { type DrainVerdict, runDrains } from '../test/support/drain-harness.ts';
import { noFaults } from '../test/support/kill-verdict.ts';

const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const replay = `GWANMUN_CHAOS_SEED=${seed}`;
const stops = Number(process.env['GWANMUN_CHAOS_STOPS'] ?? 50);
const sockets = 98;

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
});
afterAll(() => source.dispose());

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function printVerdict(name: string, { stops, faults, ...verdict }: DrainVerdict): void {
  const took = stops.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  print(
    '| stop | stops | exit 0 | longest | median | accepted | a second | lost | doubled | UNCONFIRMED | no farewell | readers amiss |',
  );
  print('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  const row = [
    name,
    stops.length,
    stops.filter(({ exitCode }) => exitCode === 0).length,
    `${((took.at(-1) ?? 0) / 1_000).toFixed(1)} s`,
    `${((took[took.length >> 1] ?? 0) / 1_000).toFixed(1)} s`,
    ...[verdict.accepted, verdict.perSecond, faults.lost.length, faults.doubled.length + faults.acceptedTwice.length],
    ...[verdict.unconfirmed.length, verdict.withoutFarewell, verdict.amiss.length],
  ];
  print(`| ${row.join(' | ')} |`);
  print(`Seed ${verdict.seed}.`);
}

describe(`a gateway stopped ${stops} times under load`, () => {
  it('loses nothing, doubles nothing, leaves nothing in doubt, and every reader goes on where it was', {
    timeout: 3_600_000,
  }, async () => {
    const verdict = await runDrains({ source, seed, stops, sockets, answerAfterMs: 200, loadMs: 3_000 });
    printVerdict('SIGTERM', verdict);
    expect(verdict.faults, replay).toEqual(noFaults);
    expect(verdict.unconfirmed, replay).toEqual([]);
    expect(verdict.amiss, replay).toEqual([]);
    expect(verdict.withoutFarewell, replay).toBe(0);
    expect(new Set(verdict.stops.map(({ exitCode }) => exitCode)), replay).toEqual(new Set([0]));
    expect(Math.max(...verdict.stops.map(({ tookMs }) => tookMs)), replay).toBeLessThanOrEqual(15_000);
  });

  it('control: a stop that does not drain leaves messages in doubt, and readers without a word', {
    timeout: 600_000,
  }, async () => {
    const load = { sockets: 10, answerAfterMs: 200, loadMs: 3_000 };
    const verdict = await runDrains({ source, seed, stops: 3, ...load, signal: 'SIGKILL' });
    printVerdict('SIGKILL', verdict);
    expect(verdict.unconfirmed, replay).not.toEqual([]);
    expect(verdict.withoutFarewell, replay).toBeGreaterThan(0);
  });
});
