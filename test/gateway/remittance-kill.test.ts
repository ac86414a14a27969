import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSource, compileSource } from '../support/compiled-source.ts';
import { noRemittanceFaults, REMITTANCE_POINTS, runRemittanceKills } from '../support/remittance-kills.ts';

/** A few kills of the many that `npm run chaos` makes. The number, given back by this variable, draws the same again. */
const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const replay = `GWANMUN_CHAOS_SEED=${seed}`;

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
});
afterAll(() => source.dispose());

describe('a gateway that is killed while it sends remittances', () => {
  it('asks for none twice, loses none, and learns what became of each', { timeout: 180_000 }, async () => {
    const verdict = await runRemittanceKills({ source, seed, kills: [...REMITTANCE_POINTS, 'ANY_TIME'] });
    expect(verdict.faults, replay).toEqual(noRemittanceFaults);
    expect(new Set(verdict.reached), replay).toEqual(new Set(REMITTANCE_POINTS));
  });

  it('control: where an intent is not stored before the call, Sentbe is asked twice', {
    timeout: 120_000,
  }, async () => {
    const kills = ['remittance.answered', 'remittance.answered'] as const;
    const verdict = await runRemittanceKills({ source, seed, kills, broken: 'INTENT_EARLY' });
    expect(verdict.faults.askedTwice, replay).not.toEqual([]);
  });
});
