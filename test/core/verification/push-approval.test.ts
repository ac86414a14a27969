import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPush,
  type PushApproval,
  type PushEvidence,
  type PushState,
} from '../../../src/core/verification/push-approval.ts';

const fault = { provider: 'SECUREKEY', code: 'X', at: 0 } as const;
const lifeMs = 120_000;
const fresh: PushApproval = {
  id: 'a',
  tenant: 't',
  provider: 'SECUREKEY',
  account: 'default',
  userId: 'kim',
  externalUserId: 't:kim',
  title: '로그인',
  state: 'PENDING',
  delivery: 'SENDING',
  giveUpAt: 6_000,
  createdAt: 0,
  expiresAt: lifeMs,
};

const answer = fc.constantFrom(
  { delivery: 'SENT', requestId: 'r' } as const,
  { delivery: 'NOT_SENT', fault } as const,
  { delivery: 'UNCONFIRMED', fault } as const,
);
const via = fc.constantFrom('WEBHOOK', 'POLL', 'RESPONSE');
/** Evidence of every kind, in any order, at times that only rise. */
const evidence = fc.oneof(
  fc.record({ type: fc.constant('STARTED'), giveUpAfter: fc.constant(6_000) }),
  fc.record({ type: fc.constant('ANSWERED'), result: answer, pollAfter: fc.option(fc.nat(5_000), { nil: undefined }) }),
  fc.record({ type: fc.constant('ABANDONED') }),
  fc.record({ type: fc.constant('DECIDED'), state: fc.constantFrom('APPROVED', 'DENIED', 'EXPIRED'), via }),
  fc.record({ type: fc.constant('DEADLINE') }),
  fc.record({ type: fc.constant('POLL_DUE'), pollAfter: fc.nat(10_000) }),
);
const course = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), evidence), { maxLength: 30 });

function evidenceAt(at: number, given: object): PushEvidence {
  const { giveUpAfter, pollAfter, ...rest } = given as { giveUpAfter?: number; pollAfter?: number };
  return {
    ...rest,
    at,
    ...(giveUpAfter !== undefined && { giveUpAt: at + giveUpAfter }),
    ...(pollAfter !== undefined && { pollAt: at + pollAfter }),
  } as PushEvidence;
}

/** What is asked of an approval, said once more: one verdict, the first; and what is known of the one prompt. */
class Model {
  verdict: PushState = 'PENDING';
  prompt: 'ON_ITS_WAY' | 'THERE' | 'NOWHERE' | 'WHO_KNOWS' = 'ON_ITS_WAY';
  endsAt = lifeMs;
  lostAt = 6_000;
  prompts = 1;

  hear(given: PushEvidence): void {
    const isOpen = this.verdict === 'PENDING';
    if (given.type === 'STARTED' && isOpen && this.prompt === 'NOWHERE' && given.at < this.endsAt) {
      this.prompt = 'ON_ITS_WAY';
      this.prompts += 1;
      this.endsAt = given.at + lifeMs;
      this.lostAt = given.giveUpAt;
    }
    if (given.type === 'ANSWERED' && (this.prompt === 'ON_ITS_WAY' || this.prompt === 'WHO_KNOWS')) {
      this.prompt = ({ SENT: 'THERE', NOT_SENT: 'NOWHERE', UNCONFIRMED: 'WHO_KNOWS' } as const)[given.result.delivery];
    }
    if (given.type === 'ABANDONED' && this.prompt === 'ON_ITS_WAY' && given.at >= this.lostAt)
      this.prompt = 'WHO_KNOWS';
    if (given.type === 'DECIDED' && isOpen) this.verdict = given.at < this.endsAt ? given.state : 'EXPIRED';
    if (given.type === 'DEADLINE' && isOpen && given.at >= this.endsAt) this.verdict = 'EXPIRED';
  }
}
const promptOf = { SENDING: 'ON_ITS_WAY', SENT: 'THERE', NOT_SENT: 'NOWHERE', UNCONFIRMED: 'WHO_KNOWS' } as const;

describe('the state machine of a push approval', () => {
  it('agrees with a plain model over 5,000 courses of evidence: the first verdict wins for ever', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(course, (steps) => {
        const model = new Model();
        let approval = fresh;
        let at = 0;
        for (const [waitMs, given] of steps) {
          at += waitMs;
          const before = approval;
          const said = evidenceAt(at, given);
          model.hear(said);
          approval = applyPush(approval, said);
          expect(approval.state).toBe(model.verdict);
          expect(promptOf[approval.delivery]).toBe(model.prompt);
          expect(approval.expiresAt).toBe(model.endsAt);
          if (before.state !== 'PENDING') {
            expect([approval.state, approval.via, approval.decidedAt]).toEqual([
              before.state,
              before.via,
              before.decidedAt,
            ]);
          }
          // Nobody is asked about what is decided, or what the provider has no name for.
          if (approval.state !== 'PENDING' || approval.requestId === undefined) expect(approval.pollAt).toBeUndefined();
          reached.add(`${approval.state} ${approval.delivery}`);
        }
      }),
      { numRuns: 5_000 },
    );
    expect(reached.size).toBe(16);
  });

  it('changes nothing, and says so, by the same evidence again', () => {
    const decided = applyPush(fresh, { type: 'DECIDED', at: 1, state: 'APPROVED', via: 'WEBHOOK' });
    expect(decided).toMatchObject({ state: 'APPROVED', via: 'WEBHOOK', decidedAt: 1 });
    for (const state of ['APPROVED', 'DENIED', 'EXPIRED'] as const) {
      expect(applyPush(decided, { type: 'DECIDED', at: 2, state, via: 'POLL' })).toBe(decided);
    }
    expect(applyPush(decided, { type: 'DEADLINE', at: lifeMs })).toBe(decided);
  });

  it('takes an approval from the deadline on for the deadline, and not a moment before', () => {
    const approve = { type: 'DECIDED', state: 'APPROVED', via: 'WEBHOOK' } as const;
    expect(applyPush(fresh, { ...approve, at: lifeMs - 1 }).state).toBe('APPROVED');
    expect(applyPush(fresh, { ...approve, at: lifeMs })).toMatchObject({ state: 'EXPIRED', via: 'DEADLINE' });
  });
});
