import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRASH_POINTS } from '../../src/core/crash-points.ts';
import type { BrokenPromise } from '../support/breaking-store.ts';
import { type CompiledSource, compileSource } from '../support/compiled-source.ts';
import { type Kill, runKills } from '../support/kill-harness.ts';
import { callsAtOnce, type KillFaults, noFaults } from '../support/kill-verdict.ts';

/** A few kills of the many that `npm run chaos` makes. The number, given back by this variable, draws the same again. */
const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const replay = `GWANMUN_CHAOS_SEED=${seed}`;

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
});
afterAll(() => source.dispose());

describe('a gateway that is killed', () => {
  it('once at each crash point and five times at random loses nothing, doubles nothing and settles', {
    timeout: 300_000,
  }, async () => {
    const anyTime: Kill[] = new Array(5).fill('ANY_TIME');
    const verdict = await runKills({ source, seed, kills: [...CRASH_POINTS, ...anyTime], textsPerLife: 30 });
    expect(verdict.faults, replay).toEqual(noFaults);
    expect(new Set(verdict.reached), replay).toEqual(new Set(CRASH_POINTS));
    expect(verdict.settledShare, replay).toBeGreaterThanOrEqual(0.99);
    expect(verdict.callsInDoubt.NGS, replay).toBeLessThanOrEqual(callsAtOnce.NGS);
    expect(verdict.callsInDoubt.SENS, replay).toBeLessThanOrEqual(callsAtOnce.SENS);
  });

  it.each<{ broken: BrokenPromise; costs: string; kill: Kill; pass?: number; shows: keyof KillFaults }>([
    { broken: 'ACCEPT_EARLY', costs: 'accepted messages', kill: 'accept.committed', shows: 'lost' },
    { broken: 'RESEND_ABANDONED', costs: 'a second text', kill: 'ngs.deliver-written', shows: 'doubled' },
    // Behind the first window: REPORTs of one turn are acknowledged in one write, at its end, and so not before the kill.
    { broken: 'REPORT_EARLY', costs: 'reports', kill: 'report.stored', pass: 24, shows: 'reportsAmiss' },
  ])('control: $broken costs $costs', { timeout: 120_000 }, async ({ broken, kill, shows, ...given }) => {
    const providers = ['NGS'] as const;
    const kills = [kill, kill, kill];
    // Late, so that no REPORT settles what was abandoned before it could be sent again.
    const verdict = await runKills({
      ...given,
      source,
      seed,
      kills,
      broken,
      providers,
      textsPerLife: 40,
      reportDelayMs: 1_500,
    });
    expect(verdict.faults[shows], replay).not.toEqual([]);
  });
});
