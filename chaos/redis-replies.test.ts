/** A thousand lost replies of Redis at each of the four writes that a message lives by. */
import { describe, expect, it } from 'vitest';
import { loseReplies, lostReplyKinds } from '../test/support/lost-replies.ts';
import { hasRedisServer } from '../test/support/redis-server.ts';

const count = Number(process.env['GWANMUN_CHAOS_REPLIES'] ?? 1_000);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

describe.runIf(hasRedisServer)('replies of Redis that are lost', () => {
  it.each(lostReplyKinds)(`${count} of them at %s change nothing`, async (kind) => {
    const { cut, wrong, amiss, unknown, hung } = await loseReplies({ kind, count });
    print(`| ${[kind, cut, wrong.length, amiss.length, unknown, hung].join(' | ')} |`);
    expect({ wrong, amiss, hung }).toEqual({ wrong: [], amiss: [], hung: 0 });
    expect(cut + unknown).toBeGreaterThanOrEqual(count);
  });
});
