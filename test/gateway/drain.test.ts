import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSource, compileSource } from '../support/compiled-source.ts';
import { runDrains } from '../support/drain-harness.ts';
import { noFaults } from '../support/kill-verdict.ts';

/** One stop of the many that `npm run chaos` makes. The number, given back by this variable, draws the same again. */
const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const replay = `GWANMUN_CHAOS_SEED=${seed}`;

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
}, 120_000);
afterAll(() => source.dispose());

describe('a gateway that is stopped under load', () => {
  it('loses nothing, doubles nothing, leaves nothing in doubt, ends with 0, and its readers go on where they were', {
    timeout: 120_000,
  }, async () => {
    const verdict = await runDrains({ source, seed, stops: 1, sockets: 8, answerAfterMs: 200, loadMs: 1_500 });
    expect(verdict.faults, replay).toEqual(noFaults);
    expect(verdict.unconfirmed, replay).toEqual([]);
    expect(verdict.amiss, replay).toEqual([]);
    expect(verdict.withoutFarewell, replay).toBe(0);
    expect(
      verdict.stops.map(({ exitCode }) => exitCode),
      replay,
    ).toEqual([0, 0]);
  });

  it('control: one that does not drain leaves messages in doubt, and readers without a word', {
    timeout: 120_000,
  }, async () => {
    const load = { sockets: 2, answerAfterMs: 400, loadMs: 2_000 };
    const verdict = await runDrains({ source, seed, stops: 1, ...load, signal: 'SIGKILL' });
    expect(verdict.unconfirmed, replay).not.toEqual([]);
    expect(verdict.withoutFarewell, replay).toBeGreaterThan(0);
  });
});
