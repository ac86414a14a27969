/** The owner of an NGS account is made to stand still, with production's times, while texts keep coming; and its line to Redis is cut. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import { type Cluster, type ClusterVerdict, runCluster } from '../test/support/gateway-cluster.ts';
import { noFaults } from '../test/support/kill-verdict.ts';
import { until } from '../test/support/until.ts';

const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const stopsPerRun = 5;
const runs = Number(process.env['GWANMUN_CHAOS_RUNS'] ?? 4);
const partitions = 3;

/** Five seconds, and what the simulator may hear late of an end. */
const leastPauseMs = 4_900;

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
}, 300_000);
afterAll(() => source.dispose());

const print = (line: string): void => void process.stdout.write(`${line}\n`);

function printRow(name: string, stops: number, { messages, ownership }: ClusterVerdict): void {
  const [first] = messages;
  const { takeOvers, staleDelivers, staleWrites, mostLogins, doubleBinds } = ownership;
  const lost = messages.flatMap(({ faults }) => faults.lost).length;
  const doubled = messages.flatMap(({ faults }) => [...faults.doubled, ...faults.acceptedTwice]).length;
  print(
    '| run | stops | take-overs | accepted | stale DELIVERs | stale writes | most logins | double BINDs | least pause | lost | doubled | never sent |',
  );
  const row = [stops, takeOvers, first?.accepted, staleDelivers, staleWrites, mostLogins, doubleBinds];
  print(`| ${[name, ...row, `${ownership.leastPauseMs} ms`, lost, doubled, first?.neverSent].join(' | ')} |`);
}

/** Stands still from 10 to 30 s, and goes on where another may be logging in just then. */
async function stopOwner(cluster: Cluster): Promise<void> {
  const owner = cluster.owner();
  const before = cluster.token();
  // Half of the logins take seconds: the sessions of the one that stands still are open for longer, and may be used.
  const isSlow = cluster.random(2) === 0;
  if (isSlow) cluster.ngs.arm({ provider: 'NGS', kind: 'delay', on: 'login', ms: 4_000 });
  owner.gateway.standStill();
  await delay(10_000 + cluster.random(20_000));
  owner.gateway.goOn();
  await until(() => cluster.token() > before || cluster.owner() === owner);
  await answersMore(cluster, 50);
}

async function answersMore(cluster: Cluster, count: number): Promise<void> {
  const before = cluster.answered();
  await until(() => cluster.answered() >= before + count);
}

describe('an owner that stands still for 10 to 30 s', { timeout: 30 * 60_000 }, () => {
  it.each(Array.from({ length: runs }, (_, at) => at))('does nothing once it is succeeded (run %i)', async (at) => {
    const replay = `GWANMUN_CHAOS_SEED=${seed} npm run chaos -- lease-stop`;
    const verdict = await runCluster({
      source,
      seed: seed + at,
      gateways: 2,
      textsPerSecond: 20,
      async act(cluster) {
        for (let stop = 0; stop < stopsPerRun; stop += 1) await stopOwner(cluster);
      },
    });
    printRow(`stopped ${at + 1}`, stopsPerRun, verdict);
    const { ownership } = verdict;
    expect(ownership, replay).toMatchObject({ staleDelivers: 0, staleWrites: 0 });
    // One pair: the first meets the sessions of the one that stands still, which ends both, and the second stays.
    expect(ownership.mostLogins, replay).toBeLessThanOrEqual(2);
    // The simulator waits a second for one that stands still to hang up: its sessions end late, by nobody's fault.
    expect(ownership.leastPauseMs, replay).toBeGreaterThanOrEqual(leastPauseMs - 1_000);
    for (const { faults } of verdict.messages) expect(faults, replay).toEqual(noFaults);
  });

  it('would go on sending without the fence and the monotonic clock', async () => {
    const verdict = await runCluster({
      source,
      seed,
      gateways: 2,
      textsPerSecond: 20,
      isUnprotected: true,
      async act(cluster) {
        await answersMore(cluster, 50);
        const owner = cluster.owner();
        const before = cluster.token();
        cluster.ngs.arm({ provider: 'NGS', kind: 'delay', on: 'login', ms: 4_000 });
        owner.gateway.standStill();
        await until(() => cluster.token() > before);
        owner.gateway.goOn();
        await until(() => cluster.ownership().staleDelivers > 0 && cluster.ownership().staleWrites > 0);
      },
    });
    printRow('control', 1, verdict);
    expect(verdict.ownership.staleWrites).toBeGreaterThan(0);
    expect(verdict.ownership.staleDelivers).toBeGreaterThan(0);
  });
});

describe('an owner whose line to Redis swallows everything', { timeout: 30 * 60_000 }, () => {
  it('lets go of NGS before another logs in, and serves again when the line is back', async () => {
    const verdict = await runCluster({
      source,
      seed,
      gateways: 2,
      textsPerSecond: 20,
      async act(cluster) {
        for (let round = 0; round < partitions; round += 1) {
          await answersMore(cluster, 50);
          const owner = cluster.owner();
          const before = cluster.token();
          owner.redis.set({ blackhole: true });
          await until(() => cluster.token() > before);
          expect(cluster.owner()).not.toBe(owner);
          await answersMore(cluster, 50);
          // What was swallowed is gone for good: a line that goes on behind a hole is none that TCP knows.
          owner.redis.reset();
          owner.redis.set({});
          await until(async () => (await fetch(`${owner.gateway.url}/readyz`)).ok);
        }
      },
    });
    printRow('cut off', partitions, verdict);
    expect(verdict.ownership).toMatchObject({ staleDelivers: 0, staleWrites: 0, doubleBinds: 0, mostLogins: 1 });
    expect(verdict.ownership.leastPauseMs).toBeGreaterThanOrEqual(leastPauseMs);
    for (const { faults } of verdict.messages) expect(faults).toEqual(noFaults);
  });
});
