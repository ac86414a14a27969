/** Twenty failovers of Redis with frozen replication, under load. */
import { describe, expect, it } from 'vitest';
import { failOver } from '../test/support/redis-failover.ts';
import { hasRedisServer } from '../test/support/redis-server.ts';

const rounds = Number(process.env['GWANMUN_CHAOS_FAILOVERS'] ?? 20);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

describe.runIf(hasRedisServer)('a Redis pair that fails over while replication is frozen', () => {
  it.each([
    { name: 'loses nothing that was accepted', withoutWait: false },
    { name: 'loses something where nobody waits for the replica', withoutWait: true },
  ])('$name', async ({ withoutWait }) => {
    const { accepted, repeated, lost, doubled } = await failOver({ rounds: withoutWait ? 2 : rounds, withoutWait });
    const kind = withoutWait ? 'control without WAIT, 2' : `${rounds}`;
    print(`| ${[kind, accepted, repeated, lost.length, doubled.length].join(' | ')} |`);
    if (withoutWait) expect(lost.length).toBeGreaterThan(0);
    else expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
  });
});
