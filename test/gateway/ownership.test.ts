/** Two gateways on one Redis and one NGS account, with leases of a second: the short form of chaos/lease-*.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CompiledSource, compileSource } from '../support/compiled-source.ts';
import { type ClusterRun, runCluster } from '../support/gateway-cluster.ts';
import { noFaults } from '../support/kill-verdict.ts';
import { until } from '../support/until.ts';

const times = {
  leaseMs: 3_000,
  ngs: {
    queueTimeoutMs: 1_000,
    ackTimeoutMs: 5_000,
    reconnectFloorMs: 200,
    reconnectCeilingMs: 400,
    certIntervalMs: 0,
    kickedFloorMs: 200,
    kickedCeilingMs: 400,
  },
};

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
}, 120_000);
afterAll(() => source.dispose());

const run = (act: ClusterRun['act'], isUnprotected = false) =>
  runCluster({ source, seed: 20_261_121, gateways: 2, textsPerSecond: 20, times, isUnprotected, act });

describe('an account that two gateways may run', { timeout: 120_000 }, () => {
  it('is taken over from one that is killed and from one that stands still, and nothing is lost or sent twice', async () => {
    const { messages, ownership } = await run(async (cluster) => {
      await until(() => cluster.answered() > 20);
      const first = cluster.owner();
      const before = cluster.token();
      // The next login takes its time, so that the sessions of the one that stands still are open when it goes on.
      cluster.ngs.arm({ provider: 'NGS', kind: 'delay', on: 'login', ms: 1_000 });
      first.gateway.standStill();
      await until(() => cluster.token() > before);
      first.gateway.goOn();
      const second = cluster.owner();
      expect(second).not.toBe(first);
      const then = cluster.answered();
      await until(() => cluster.answered() > then + 20);
      await second.gateway.end('SIGKILL');
      await until(() => cluster.owner() !== second);
      const later = cluster.answered();
      await until(() => cluster.answered() > later + 20);
    });
    for (const { faults } of messages) expect(faults).toEqual(noFaults);
    // On a busy machine leases this short may change hands once more.
    expect(ownership.takeOvers).toBeGreaterThanOrEqual(2);
    expect(ownership).toMatchObject({ staleWrites: 0, staleDelivers: 0 });
  });

  it('would be used by one that no longer owns it, without the fence and the monotonic clock', async () => {
    const { ownership } = await run(async (cluster) => {
      await until(() => cluster.answered() > 20);
      const first = cluster.owner();
      const before = cluster.token();
      cluster.ngs.arm({ provider: 'NGS', kind: 'delay', on: 'login', ms: 4_000 });
      first.gateway.standStill();
      await until(() => cluster.token() > before);
      first.gateway.goOn();
      await until(() => cluster.ownership().staleDelivers > 0 && cluster.ownership().staleWrites > 0);
    }, true);
    expect(ownership.staleWrites).toBeGreaterThan(0);
    expect(ownership.staleDelivers).toBeGreaterThan(0);
  });
});
