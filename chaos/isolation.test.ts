import { describe, it } from 'vitest';
import { followInterleaved } from '../test/support/interleaved-tenants.ts';

describe('the streams of two tenants', () => {
  it('give 0 foreign events of 20,000 interleaved ones, through overflow and 400 reconnects', async () => {
    const begunAt = performance.now();
    await followInterleaved(10_000);
    const seconds = ((performance.now() - begunAt) / 1_000).toFixed(1);
    process.stdout.write(`2 x 10,000 events, 2 x 200 connections: 0 foreign, 0 lost, ${seconds} s\n`);
  });
});
