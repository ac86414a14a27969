/** Two and four gateways on one Redis, with production's times: the owner of the NGS account is killed under 200 texts a second. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import { runCluster } from '../test/support/gateway-cluster.ts';
import { noFaults } from '../test/support/kill-verdict.ts';
import { until } from '../test/support/until.ts';

const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const rounds = Number(process.env['GWANMUN_CHAOS_RUNS'] ?? 3);

/** Five seconds, and what the simulator may hear late of an end. */
const leastPauseMs = 4_900;

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
}, 300_000);
afterAll(() => source.dispose());

describe('an owner that is killed', { timeout: 30 * 60_000 }, () => {
  it.each([2, 4])('is succeeded within 30 s among %i gateways, and nothing is lost or sent twice', async (gateways) => {
    const tookMs: number[] = [];
    const { messages, ownership } = await runCluster({
      source,
      seed,
      gateways,
      textsPerSecond: 200,
      async act(cluster) {
        for (let round = 0; round < rounds; round += 1) {
          const then = cluster.answered();
          await until(() => cluster.answered() >= then + 500);
          const owner = cluster.owner();
          const bound = () =>
            cluster.ngs.ledger.entries({ event: 'BIND' }).filter(({ outcome }) => outcome === 'TAKEN').length;
          const before = bound();
          await owner.gateway.end('SIGKILL');
          const killedMs = performance.now();
          await until(() => bound() >= before + 2);
          tookMs.push(performance.now() - killedMs);
          expect(cluster.owner()).not.toBe(owner);
          await cluster.join();
        }
      },
    });
    const [first] = messages;
    process.stdout.write(
      `| ${[`${gateways} gateways`, rounds, first?.accepted, tookMs.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', '), JSON.stringify(ownership), first?.neverSent].join(' | ')} |\n`,
    );
    expect(Math.max(...tookMs)).toBeLessThan(30_000);
    expect(ownership).toMatchObject({ staleDelivers: 0, staleWrites: 0, doubleBinds: 0, mostLogins: 1 });
    expect(ownership.leastPauseMs).toBeGreaterThanOrEqual(leastPauseMs);
    for (const { faults } of messages) expect(faults).toEqual(noFaults);
  });
});
