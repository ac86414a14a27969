import { describe, expect, it } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { throwAtRandom } from '../support/random-documents.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

describe('2,000 random bodies and documents', () => {
  it('are answered without a 5xx, and nothing of them sticks to what comes next', { timeout: 120_000 }, async () => {
    const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });
    const { statuses, serverFaults } = await throwAtRandom(gateway.url, { seed: 20_261_121, count: 2_000 });
    expect(serverFaults).toEqual([]);
    expect(Object.values(statuses).reduce((sum, count) => sum + count, 0)).toBe(2_000);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    const response = await gateway.post({ query: '{ __typename }' });
    expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
  });
});
