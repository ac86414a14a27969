/**
 * Makes Redis write its files anew, so that they hold what it holds now and nothing of what was removed. Not the files of a
 * replica, which rewrites its own, nor any copy that somebody took.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { StoreUnavailable } from '../core/store.ts';
import type { RedisConnection } from './redis-connection.ts';

const LOOK_EVERY_MS = 100;
/** A dataset of many gigabytes takes minutes. */
const WITHIN_MS = 15 * 60_000;

type Rewrite = 'BGREWRITEAOF' | 'BGSAVE';

/** @throws StoreUnavailable where the user may not ask for it, or where it did not come about */
export async function rewriteRedisFiles(connection: RedisConnection): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  const facts = () => connection.read(readPersistence);
  // One that is under way may have begun before the removal.
  let present = await idle(facts, deadline);
  const rewrites: Rewrite[] = [
    ...(present.get('aof_enabled') === '1' ? (['BGREWRITEAOF'] as const) : []),
    ...((await connection.read(savesDumps)) ? (['BGSAVE'] as const) : []),
  ];
  for (const rewrite of rewrites) {
    await begin(connection, rewrite);
    present = await idle(facts, deadline);
    const status = present.get(rewrite === 'BGREWRITEAOF' ? 'aof_last_bgrewrite_status' : 'rdb_last_bgsave_status');
    if (status !== 'ok') throw failed(rewrite, `ended with ${status}`);
  }
}

/** A refusal is no sign that Redis is not well, so it does not fail the connection's read. */
async function begin(connection: RedisConnection, rewrite: Rewrite): Promise<void> {
  const refusal = await connection.read(async (redis) => {
    try {
      await redis.call(rewrite);
      return undefined;
    } catch (error) {
      if (error instanceof Error && error.name === 'ReplyError') return error.message.split(' ')[0];
      throw error;
    }
  });
  if (refusal !== undefined) throw failed(rewrite, `was refused (${refusal})`);
}

async function idle(facts: () => Promise<ReadonlyMap<string, string>>, deadline: number) {
  const busy = ['aof_rewrite_in_progress', 'aof_rewrite_scheduled', 'rdb_bgsave_in_progress'];
  for (;;) {
    const present = await facts();
    if (busy.every((name) => (present.get(name) ?? '0') === '0')) return present;
    if (performance.now() > deadline) throw failed('BGREWRITEAOF', 'has not ended');
    await delay(LOOK_EVERY_MS);
  }
}

async function readPersistence(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const lines = (await redis.info('persistence')).split('\r\n').filter((line) => line.includes(':'));
  return new Map(lines.map((line) => line.split(':', 2) as [string, string]));
}

/** Where the user may not ask, it is tried: a dump too many costs little. */
async function savesDumps(redis: Redis): Promise<boolean> {
  try {
    const [, points] = (await redis.config('GET', 'save')) as string[];
    return points !== '';
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return true;
    throw error;
  }
}

const failed = (rewrite: Rewrite, what: string): StoreUnavailable =>
  new StoreUnavailable(`${rewrite} ${what}: the files of Redis may hold what was removed.`, 'NO');
