/** What a yes of this Redis would be worth: read from its own settings and state, and judged. It keeps nothing. */
import type { Redis } from 'ioredis';

export type RedisDurability = 'REDIS_REPLICA' | 'REDIS_AOF_ALWAYS' | 'WEAK';

export interface RedisFacts {
  readonly version: string;
  /** Another one is another process: a restart, or another server behind the same address. */
  readonly runId: string;
  readonly isPrimary: boolean;
  readonly evictionPolicy: string;
  readonly hasReplica: boolean;
  readonly syncsAlways: boolean;
  /** Of maxmemory, from 0 to 1; 0 where there is no bound. */
  readonly memoryShare: number;
  /** Of the data that it holds; undefined where it holds none of ours. */
  readonly epoch: string | undefined;
}

const OLDEST_MAJOR_VERSION = 7;

export async function readFacts(redis: Redis, prefix: string): Promise<RedisFacts> {
  const info = parseInfo(await redis.info());
  const number = (name: string): number => Number(info.get(name) ?? 0);
  const isPrimary = info.get('role') === 'master';
  const hasReplica = [...info].some(([name, value]) => /^slave\d+$/.test(name) && value.includes('state=online'));
  const settings = info.get('aof_enabled') === '1' ? await readSettings(redis) : new Map<string, string>();
  return {
    version: info.get('redis_version') ?? 'unknown',
    runId: info.get('run_id') ?? '',
    isPrimary,
    evictionPolicy: info.get('maxmemory_policy') ?? 'unknown',
    // One that may not be waited for is none.
    hasReplica: isPrimary && hasReplica && (await mayWait(redis)),
    // With the second setting at yes, nothing is synced for as long as the file is rewritten.
    syncsAlways: settings.get('appendfsync') === 'always' && settings.get('no-appendfsync-on-rewrite') === 'no',
    memoryShare: number('maxmemory') > 0 ? number('used_memory') / number('maxmemory') : 0,
    epoch: isPrimary ? ((await redis.hget(`${prefix}:meta`, 'epoch')) ?? undefined) : undefined,
  };
}

/** Why this server can be none of ours, whatever an operator allows. */
export function refusalOfServer({ version, isPrimary }: RedisFacts): string | undefined {
  if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR_VERSION)) {
    return `is ${version}; Gwanmun needs ${OLDEST_MAJOR_VERSION}.0 or later`;
  }
  return isPrimary ? undefined : 'is a replica. Set REDIS_URL to the primary';
}

/** How it could lose what it acknowledged, every way at once. */
export function weaknessesOf({ evictionPolicy, hasReplica, syncsAlways }: RedisFacts): readonly string[] {
  const weaknesses: string[] = [];
  if (evictionPolicy !== 'noeviction') weaknesses.push(`maxmemory-policy is ${evictionPolicy}, not noeviction`);
  if (!hasReplica && !syncsAlways) {
    weaknesses.push('it has neither appendonly yes with appendfsync always nor an online replica');
  }
  return weaknesses;
}

/** Empty where the user may not ask: then nobody has shown that writes are synced. */
async function readSettings(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const flat = await unlessForbidden(
    redis.config('GET', 'appendfsync', 'no-appendfsync-on-rewrite') as Promise<string[]>,
  );
  const names = (flat ?? []).filter((_name, at) => at % 2 === 0);
  return new Map(names.map((name, at) => [name, flat?.[2 * at + 1] ?? '']));
}

const mayWait = async (redis: Redis): Promise<boolean> => (await unlessForbidden(redis.wait(0, 1))) !== undefined;

async function unlessForbidden<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && /^(NOPERM|ERR unknown command)/.test(error.message)) return undefined;
    throw error;
  }
}

function parseInfo(info: string): ReadonlyMap<string, string> {
  const facts = new Map<string, string>();
  for (const line of info.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) facts.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return facts;
}
