/** What comes through the front door at random or without end: 20,000 bodies and documents, 20,000 subscriptions. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { apiKey, spawnGateway } from '../test/support/gateway.ts';
import { throwAtRandom } from '../test/support/random-documents.ts';
import { openInitialised } from '../test/support/raw-socket.ts';
import { temporaryFolder } from '../test/support/temporary-store.ts';

const seed = Number(process.env['GWANMUN_CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const spawnOne = async () => spawnGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });
const rssOf = (pid: number | undefined): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;

describe('a gateway', () => {
  it('answers 20,000 random bodies and documents without a 5xx, and lives', async () => {
    const gateway = await spawnOne();
    const { statuses, serverFaults } = await throwAtRandom(gateway.url, { seed, count: 20_000 });
    print(`| random bodies and documents | 20000 | ${JSON.stringify(statuses)} | seed ${seed} |`);
    expect(serverFaults, `GWANMUN_CHAOS_SEED=${seed}`).toEqual([]);
    expect(gateway.process.exitCode).toBeNull();
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  });

  it('refuses 20,000 subscriptions on one socket, and its memory stays', async () => {
    const gateway = await spawnOne();
    const query = 'subscription { providerStatus { account } }';
    // What a first subscription costs is no matter of how many there are.
    const warm = await openInitialised(gateway.url, apiKey);
    warm.send({ type: 'subscribe', id: 'warm', payload: { query } });
    await warm.next(({ type }) => type === 'next');
    const before = rssOf(gateway.process.pid);
    const { send, closed } = await openInitialised(gateway.url, apiKey);
    for (let at = 0; at < 20_000; at += 1) send({ type: 'subscribe', id: `${at}`, payload: { query } });
    const code = await closed;
    const grown = rssOf(gateway.process.pid) - before;
    print(`| subscriptions on one socket | 20000 | closed with ${code} | ${grown.toFixed(1)} MB more |`);
    expect(code).toBe(1008);
    expect(grown).toBeLessThanOrEqual(20);
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  });
});
