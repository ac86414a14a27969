/** Runs one of our scripts: by its digest, and in full where the server does not know it yet. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { refusalOf } from './redis-refusals.ts';
import type { RedisScript } from './redis-scripts.ts';

export type ScriptArguments = readonly (string | Uint8Array)[];

export async function evaluate(
  redis: Redis,
  prefix: string,
  script: RedisScript,
  args: ScriptArguments,
): Promise<unknown> {
  const rest = [1, prefix, ...args.map(toArgument)];
  try {
    return await redis.callBuffer('EVALSHA', [digestOf(script), ...rest]);
  } catch (error) {
    // A server that was restarted or promoted has forgotten every script.
    if (refusalOf(error)?.code !== 'NOSCRIPT') throw error;
    return await redis.callBuffer('EVAL', [script.source, ...rest]);
  }
}

const digests = new WeakMap<RedisScript, string>();

function digestOf(script: RedisScript): string {
  const known = digests.get(script) ?? createHash('sha1').update(script.source).digest('hex');
  digests.set(script, known);
  return known;
}

function toArgument(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
