/**
 * What a yes stands on for as long as the process runs: judged at start, on each new connection and every few seconds
 * between, since a failover brings another server, settings change and replicas go. It asks nothing of Redis itself.
 */
import { type Log, silentLog } from '../core/log.ts';
import { type RedisDurability, type RedisFacts, refusalOfServer, weaknessesOf } from './redis-durability.ts';
import { StoreRefused } from './store-refused.ts';

export interface RedisStanding {
  /** The first one opens the store, or throws StoreRefused; later ones only change what is said below. */
  judge(facts: RedisFacts): void;
  durability(): RedisDurability;
  /** True where each write must wait for a replica. */
  needsReplica(): boolean;
  /** True where the address leads to a replica: a new connection may lead to the primary. */
  isMisled(): boolean;
  /** Why nothing may be written now; undefined where it may. */
  objection(): string | undefined;
  /** What an operator should know although it is well. */
  remark(): string | undefined;
  /** The data that was opened; other data behind the same address is not written to. */
  openedAs(epoch: string): void;
}

export interface RedisStandingOptions {
  /** Host and port, for the refusal at start. */
  readonly place: string;
  readonly allowWeak: boolean;
  readonly log?: Log;
}

const MEMORY_ALARM_SHARE = 0.7;

type Objection = 'IS_REPLICA' | 'TOO_OLD' | 'TOO_WEAK' | 'REPLICA_AWAY' | 'DATA_REPLACED';

const OBJECTIONS: Readonly<Record<Objection, string>> = {
  IS_REPLICA: 'It is a replica now.',
  TOO_OLD: 'It is another server now, which is too old.',
  TOO_WEAK: 'It could lose what it acknowledges: its settings have changed, or it is another server.',
  REPLICA_AWAY: 'It has lost its replica, and what it says yes to could be lost with it.',
  DATA_REPLACED: 'It holds other data than when this gateway started. Give it back, or restart the gateway.',
};

export function createRedisStanding({ place, allowWeak, log = silentLog }: RedisStandingOptions): RedisStanding {
  let durability: RedisDurability | undefined;
  let changed: { readonly from: RedisDurability; readonly at: string } | undefined;
  let objection: Objection | undefined;
  let epoch: string | undefined;
  let memoryPercent = 0;
  let isMemoryHigh = false;

  function open(facts: RedisFacts): RedisDurability {
    const refusal = refusalOfServer(facts);
    if (refusal !== undefined) throw new StoreRefused(`Redis at ${place} ${refusal}.`);
    const weaknesses = weaknessesOf(facts);
    if (weaknesses.length === 0 || allowWeak) return strengthOf(facts);
    const advice = 'Correct this, or accept that acknowledged messages can be lost with GWANMUN_ALLOW_WEAK_REDIS=true.';
    throw new StoreRefused(`Redis at ${place} could lose what it acknowledged: ${weaknesses.join('; ')}. ${advice}`);
  }

  function objectionTo(facts: RedisFacts): Objection | undefined {
    if (!facts.isPrimary) return 'IS_REPLICA';
    if (refusalOfServer(facts) !== undefined) return 'TOO_OLD';
    if (epoch !== undefined && facts.epoch !== epoch) return 'DATA_REPLACED';
    if (allowWeak) return undefined;
    // Where there was a replica it may be promoted, whatever this server syncs: without it a yes could be lost.
    if (durability === 'REDIS_REPLICA' && !facts.hasReplica) return 'REPLICA_AWAY';
    return weaknessesOf(facts).length === 0 ? undefined : 'TOO_WEAK';
  }

  function stand(next: RedisDurability): void {
    if (durability !== undefined && durability !== next) {
      changed = { from: durability, at: new Date().toISOString() };
      log.warn('store.durability-changed', { durability: next });
    }
    durability = next;
  }

  function noteMemory(share: number): void {
    memoryPercent = Math.floor(share * 100);
    const isHigh = share >= MEMORY_ALARM_SHARE;
    if (isHigh && !isMemoryHigh) log.warn('store.memory-high', { usedPercent: memoryPercent });
    isMemoryHigh = isHigh;
  }

  return {
    judge(facts) {
      noteMemory(facts.memoryShare);
      if (durability === undefined) {
        stand(open(facts));
        return;
      }
      const before = objection;
      objection = objectionTo(facts);
      if (objection === undefined) stand(strengthOf(facts));
      if (objection === before) return;
      if (objection === undefined) log.info('store.fit-again', { durability });
      else log.error('store.unfit', { durability, cause: objection });
    },
    durability: () => durability ?? 'WEAK',
    needsReplica: () => durability === 'REDIS_REPLICA',
    isMisled: () => objection === 'IS_REPLICA',
    objection: () => (objection === undefined ? undefined : OBJECTIONS[objection]),
    remark() {
      const remarks = [
        ...(changed === undefined ? [] : [`Until ${changed.at} the durability was ${changed.from}.`]),
        ...(isMemoryHigh ? [`Redis uses ${memoryPercent} % of its maxmemory; at 100 % nothing more is accepted.`] : []),
      ];
      return remarks.length === 0 ? undefined : remarks.join(' ');
    },
    openedAs(opened) {
      epoch = opened;
    },
  };
}

/** The strongest that it offers. */
function strengthOf(facts: RedisFacts): RedisDurability {
  if (facts.evictionPolicy !== 'noeviction') return 'WEAK';
  if (facts.hasReplica) return 'REDIS_REPLICA';
  return facts.syncsAlways ? 'REDIS_AOF_ALWAYS' : 'WEAK';
}

/** Host and port without the password. */
export function placeOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port || 6379}`;
}
