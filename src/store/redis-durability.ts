/** What a yes of this Redis is worth: read from its own settings at start, and refused where it is worth too little. */
import type { Redis } from 'ioredis';
import { StoreRefused } from './store-refused.ts';

type RedisDurability = 'REDIS_REPLICA' | 'REDIS_AOF_ALWAYS' | 'WEAK';

const OLDEST_MAJOR_VERSION = 7;

/** `place` is for the messages. Throws StoreRefused, naming every setting that is wrong at once. */
export async function judgeDurability(redis: Redis, place: string, allowWeak: boolean): Promise<RedisDurability> {
  const facts = parseInfo(await redis.info());
  const version = facts.get('redis_version') ?? 'unknown';
  if (!(Number.parseInt(version, 10) >= OLDEST_MAJOR_VERSION)) {
    throw new StoreRefused(`Redis at ${place} is ${version}; Gwanmun needs ${OLDEST_MAJOR_VERSION}.0 or later.`);
  }
  if (facts.get('role') !== 'master') {
    throw new StoreRefused(`Redis at ${place} is a replica. Set REDIS_URL to the primary.`);
  }
  const faults: string[] = [];
  const policy = facts.get('maxmemory_policy');
  if (policy !== 'noeviction') faults.push(`maxmemory-policy is ${policy}, not noeviction`);
  const hasReplica = [...facts].some(([name, value]) => /^slave\d+$/.test(name) && value.includes('state=online'));
  const syncsAlways = facts.get('aof_enabled') === '1' && (await readSetting(redis, 'appendfsync')) === 'always';
  if (!hasReplica && !syncsAlways) {
    faults.push('it has neither appendonly yes with appendfsync always nor an online replica');
  }
  if (faults.length === 0) return hasReplica ? 'REDIS_REPLICA' : 'REDIS_AOF_ALWAYS';
  if (allowWeak) return 'WEAK';
  const advice = 'Correct this, or accept that acknowledged messages can be lost with GWANMUN_ALLOW_WEAK_REDIS=true.';
  throw new StoreRefused(`Redis at ${place} could lose what it acknowledged: ${faults.join('; ')}. ${advice}`);
}

/** Undefined where the user may not ask: then nobody has shown that writes are synced. */
async function readSetting(redis: Redis, name: string): Promise<string | undefined> {
  try {
    const [, value] = (await redis.config('GET', name)) as string[];
    return value;
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
