/** Redis gone for a minute, ten times, under a gateway that nobody restarts. */
import { describe, expect, it } from 'vitest';
import { outlast } from '../test/support/redis-outages.ts';
import { hasRedisServer } from '../test/support/redis-server.ts';

const outages = Number(process.env['GWANMUN_CHAOS_OUTAGES'] ?? 10);
const seconds = Number(process.env['GWANMUN_CHAOS_OUTAGE_SECONDS'] ?? 60);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

describe.runIf(hasRedisServer)(`Redis gone for ${seconds} s, ${outages} times`, () => {
  it('is refused in time, loses nothing, breaks no stream, and needs no restart', { timeout: 1_800_000 }, async () => {
    const seen = await outlast({ outages, seconds });
    const { accepted, refused, slowestMs, acceptsAfterMs, ngsAfterMs, states } = seen;
    const times = [slowestMs, acceptsAfterMs, ngsAfterMs].map((ms) => `${Math.ceil(ms)} ms`);
    print(`| ${[outages, accepted, refused, ...times, JSON.stringify(states)].join(' | ')} |`);
    expect(seen.amiss).toEqual([]);
    expect(seen.streamsAmiss).toEqual([]);
    expect(slowestMs).toBeLessThan(1_000);
    // What was under way when Redis went may be in doubt; nothing is unheard or still on its way.
    expect(Object.keys(states).filter((state) => !['DELIVERED', 'FAILED', 'UNCONFIRMED'].includes(state))).toEqual([]);
    expect(states['UNCONFIRMED'] ?? 0).toBeLessThanOrEqual(10 * outages);
  });
});
