/** A sample of chaos/redis-replies.test.ts, which loses a thousand of each. */
import { describe, expect, test } from 'vitest';
import { loseReplies, lostReplyKinds } from '../support/lost-replies.ts';
import { hasRedisServer } from '../support/redis-server.ts';

describe.runIf(hasRedisServer)('a reply of Redis that is lost', () => {
  test.each(lostReplyKinds)('at %s changes neither the answer nor what is stored', async (kind) => {
    const { cut, unknown, ...seen } = await loseReplies({ kind, count: 8 });
    expect(seen).toEqual({ wrong: [], amiss: [], hung: 0 });
    expect(cut + unknown).toBeGreaterThanOrEqual(8);
  });

  test('control: where no request is known as a repeat, claims are held twice and callers are told wrong', async () => {
    const claims = await loseReplies({ kind: 'claim', count: 3, forgetIds: true });
    expect(claims.amiss.length).toBeGreaterThan(0);
    const attempts = await loseReplies({ kind: 'attempt', count: 3, forgetIds: true });
    expect(attempts.wrong.length).toBeGreaterThan(0);
    const accepts = await loseReplies({ kind: 'accept', count: 3, forgetIds: true });
    expect(accepts.wrong.length).toBeGreaterThan(0);
  });
});
