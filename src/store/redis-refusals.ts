/**
 * What each refusal of Redis means, as one table: whether anything can have been written, whether it heals by itself,
 * and what an operator may do. A refusal that is not in it may have been written.
 */
import { ReplyError } from 'ioredis';
import type { StoreWant } from '../core/store.ts';

export interface RedisRefusal {
  readonly code: string;
  /** NO: Redis says it before a script's first write, so nothing happened. */
  readonly wrote: 'NO' | 'MAYBE';
  /** It goes away by itself, or with what an operator does to Redis; otherwise our settings are wrong. */
  readonly heals: boolean;
  /** The address may lead to another server by now. */
  readonly reconnect: boolean;
  readonly want?: StoreWant;
  /** Names no place and no key: it is shown at /readyz. */
  readonly meaning: string;
}

type Row = Omit<RedisRefusal, 'code'>;

const heals = (meaning: string, reconnect = false): Row => ({ wrote: 'NO', heals: true, reconnect, meaning });
const stays = (meaning: string): Row => ({ wrote: 'NO', heals: false, reconnect: false, meaning });

export const REDIS_REFUSALS: Readonly<Record<string, Row>> = {
  READONLY: heals('it is a replica', true),
  LOADING: heals('it is still reading its data'),
  OOM: { ...heals('its memory is full: raise maxmemory'), want: 'FULL' },
  BUSY: heals('a script of somebody else keeps it busy'),
  MISCONF: heals('it cannot write to its disk'),
  MASTERDOWN: heals('it is a replica that has lost its primary', true),
  NOREPLICAS: heals('too few of its replicas are in step'),
  CLUSTERDOWN: heals('its cluster is not whole'),
  TRYAGAIN: heals('its cluster is moving the data'),
  MOVED: stays('another node of its cluster has the data: set REDIS_URL to a server outside a cluster'),
  ASK: stays('another node of its cluster has the data: set REDIS_URL to a server outside a cluster'),
  NOAUTH: stays('it asks for a password: correct REDIS_URL'),
  WRONGPASS: stays('it refuses the password: correct REDIS_URL'),
  NOPERM: stays('its user may not do this: widen its rights'),
};

/** Undefined where it was not Redis that said no, but the line or the time. */
export function refusalOf(error: unknown): RedisRefusal | undefined {
  if (!(error instanceof ReplyError)) return undefined;
  const { message } = error as Error;
  const code = /^[A-Z]+\b/.exec(message)?.[0] ?? 'ERR';
  const row = Object.hasOwn(REDIS_REFUSALS, code) ? REDIS_REFUSALS[code] : undefined;
  if (row === undefined) return { code, wrote: 'MAYBE', heals: false, reconnect: false, meaning: 'it gave an error' };
  // Rights are asked for each command, so a script may have written before it came to the one it may not run.
  const isWithinScript = code === 'NOPERM' && / script: /.test(message);
  return { code, ...row, ...(isWithinScript && { wrote: 'MAYBE' }) };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
