/** One round of chaos/redis-failover.test.ts, and its control. */
import { describe, expect, test } from 'vitest';
import { failOver } from '../support/redis-failover.ts';
import { hasRedisServer } from '../support/redis-server.ts';

describe.runIf(hasRedisServer)('a failover of Redis to a replica that was behind', () => {
  test('loses and doubles nothing that a caller was told', async () => {
    const { accepted, lost, doubled } = await failOver({ rounds: 1 });
    expect(accepted).toBeGreaterThan(0);
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
  });

  test('control: without WAIT it loses accepted messages', async () => {
    const { lost } = await failOver({ rounds: 1, withoutWait: true });
    expect(lost.length).toBeGreaterThan(0);
  });
});
