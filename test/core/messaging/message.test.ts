import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, type Evidence, type Message, type MessageState } from '../../../src/core/messaging/message.ts';
import type { ProviderFault } from '../../../src/core/outcome.ts';
import { queuedMessage } from '../../support/messages.ts';

const retry = { maxRefusals: 2, delayMs: (refusal: number) => refusal * 100 };
const fault: ProviderFault = { provider: 'NGS', code: '99', at: 5 };

const having = (...evidence: Evidence[]): Message =>
  evidence.reduce((message, each) => apply(message, each, retry), queuedMessage);

const started: Evidence = { type: 'STARTED', at: 2, reference: 'S1' };
const accepted: Evidence = { type: 'ANSWERED', at: 3, attempt: 0, result: { outcome: 'ACCEPTED', reference: 'S1' } };
const unknown: Evidence = { type: 'ANSWERED', at: 3, attempt: 0, result: { outcome: 'UNKNOWN', fault } };
const refused = (retriable: boolean, attempt = 0): Evidence => ({
  type: 'ANSWERED',
  at: 3,
  attempt,
  result: { outcome: 'NOT_ACCEPTED', fault, retriable },
});
const delivered: Evidence = { type: 'REPORTED', at: 4, reference: 'S1', delivered: true };
const undelivered: Evidence = { type: 'REPORTED', at: 4, reference: 'S1', delivered: false, fault };
const expired: Evidence = { type: 'EXPIRED', at: 1_001 };
const abandoned: Evidence = { type: 'ABANDONED', at: 9 };
const pending = (taken: boolean): Evidence => ({
  type: 'LOOKED_UP',
  at: 6,
  attempt: 0,
  result: { state: 'PENDING', taken },
});

describe('a message', () => {
  const rows: [string, Evidence[], MessageState][] = [
    ['is SUBMITTING once its intent is stored', [started], 'SUBMITTING'],
    ['is SUBMITTED once the provider took it', [started, accepted], 'SUBMITTED'],
    ['is DELIVERED by its report', [started, accepted, delivered], 'DELIVERED'],
    ['is FAILED by a report of failure', [started, accepted, undelivered], 'FAILED'],
    ['is DELIVERED by a report that overtook the ACK', [started, delivered], 'DELIVERED'],
    ['stays DELIVERED when the ACK comes after the report', [started, delivered, accepted], 'DELIVERED'],
    ['is UNCONFIRMED when the answer was lost', [started, unknown], 'UNCONFIRMED'],
    ['is UNCONFIRMED when its owner died', [started, abandoned], 'UNCONFIRMED'],
    ['is not UNCONFIRMED by a death after the ACK', [started, accepted, abandoned], 'SUBMITTED'],
    ['is settled by a report after it was UNCONFIRMED', [started, unknown, delivered], 'DELIVERED'],
    [
      'is SUBMITTED when a look-up shows that an UNCONFIRMED one was taken',
      [started, unknown, pending(true)],
      'SUBMITTED',
    ],
    ['stays UNCONFIRMED while a look-up finds nothing', [started, unknown, pending(false)], 'UNCONFIRMED'],
    ['is QUEUED again when a refusal asks for another try', [started, refused(true)], 'QUEUED'],
    ['is EXPIRED when nothing was heard by the deadline', [started, accepted, expired], 'EXPIRED'],
    ['is DELIVERED by evidence that came after the deadline', [started, accepted, expired, delivered], 'DELIVERED'],
    ['is not EXPIRED once it is DELIVERED', [started, delivered, expired], 'DELIVERED'],
    ['keeps the first evidence where reports contradict one another', [started, undelivered, delivered], 'FAILED'],
    ['is CANCELLED while it waits', [{ type: 'CANCELLED', at: 2 }], 'CANCELLED'],
    ['is not CANCELLED once its intent is stored', [started, { type: 'CANCELLED', at: 3 }], 'SUBMITTING'],
    ['is not begun after it was CANCELLED', [{ type: 'CANCELLED', at: 2 }, started], 'CANCELLED'],
  ];
  it.each(rows)('%s', (_title, evidence, state) => {
    expect(having(...evidence).state).toBe(state);
  });

  it('goes to the next provider after a final refusal, and fails after the last one', () => {
    const second = having(started, refused(false));
    expect(second).toMatchObject({ state: 'QUEUED', routes: [{ provider: 'SENS' }], dueAt: 3 });
    const last = apply(apply(second, { type: 'STARTED', at: 5 }, retry), refused(false, 1), retry);
    expect(last.state).toBe('FAILED');
    expect(last.attempts.map(({ provider, outcome }) => [provider, outcome])).toEqual([
      ['NGS', 'NOT_ACCEPTED'],
      ['SENS', 'NOT_ACCEPTED'],
    ]);
  });

  it('never goes to the next provider when the answer was lost', () => {
    expect(having(started, unknown).routes[0]).toEqual({ provider: 'NGS', account: 'default' });
    expect(apply(having(started, unknown), started, retry).attempts).toHaveLength(1);
  });

  it('is tried again after growing pauses, a bounded number of times a provider', () => {
    let message = queuedMessage;
    const dueAt: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      message = apply(message, { type: 'STARTED', at: 2, reference: `S${attempt}` }, retry);
      message = apply(message, refused(true, attempt), retry);
      dueAt.push(message.dueAt);
    }
    expect(dueAt).toEqual([103, 203, 3]);
    expect(message.routes).toEqual([{ provider: 'SENS', account: 'default' }]);
  });

  it('does not fail by the report of an attempt that another one followed', () => {
    const again = apply(having(started, refused(true)), { type: 'STARTED', at: 5, reference: 'S2' }, retry);
    expect(apply(again, undelivered, retry)).toBe(again);
    expect(apply(again, delivered, retry).state).toBe('DELIVERED');
  });

  it('ignores a report with a reference that it never used', () => {
    const message = having(started, accepted);
    expect(apply(message, { ...delivered, reference: 'foreign' }, retry)).toBe(message);
  });

  it('reaches the same end whatever the order of ACK and report, and however often each is heard', () => {
    const heard = fc.shuffledSubarray([accepted, accepted, delivered, delivered, abandoned], { minLength: 5 });
    fc.assert(fc.property(heard, (order) => having(started, ...order).state === 'DELIVERED'));
  });

  it('never leaves DELIVERED or FAILED, and is begun only from QUEUED, for any sequence of evidence', () => {
    const anything = fc.constantFrom(
      started,
      accepted,
      unknown,
      refused(true),
      refused(false),
      delivered,
      undelivered,
      expired,
      abandoned,
      pending(true),
      pending(false),
    );
    fc.assert(
      fc.property(fc.array(anything, { maxLength: 30 }), (evidence) => {
        let message = queuedMessage;
        for (const each of evidence) {
          const next = apply(message, each, retry);
          if (message.state === 'DELIVERED' || message.state === 'FAILED') expect(next).toBe(message);
          if (next.attempts.length > message.attempts.length) expect(message.state).toBe('QUEUED');
          message = next;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a message whose text is a secret', () => {
  const secret: Message = { ...queuedMessage, isSecret: true };
  const textAfter = (...evidence: Evidence[]): string =>
    evidence.reduce((message, each) => apply(message, each, retry), secret).text;

  it.each([
    ['it may still be sent', []],
    ['it is on its way', [started]],
    ['it was taken', [started, accepted]],
    ['it may have to be looked for by its text', [started, unknown]],
    ['another provider may have to send it', [started, refused(false)]],
  ] satisfies [string, Evidence[]][])('keeps it while %s', (_what, evidence) => {
    expect(textAfter(...evidence)).toBe('hello');
  });

  it.each([
    ['it was delivered', [started, accepted, delivered]],
    ['it failed', [started, accepted, undelivered]],
    ['it expired', [expired]],
    ['it was cancelled', [{ type: 'CANCELLED', at: 2 }]],
  ] satisfies [string, Evidence[]][])('has lost it once %s', (_what, evidence) => {
    expect(textAfter(...evidence)).toBe('');
  });

  it('keeps no text less than any other message', () => {
    expect(having(started, accepted, delivered).text).toBe('hello');
  });
});

describe('a message past its deadline', () => {
  it('is not begun any more, also before somebody found it late', () => {
    const late = apply(queuedMessage, { type: 'STARTED', at: 1_000, reference: 'S1' }, retry);
    expect(late).toBe(queuedMessage);
    expect(apply(queuedMessage, { type: 'STARTED', at: 999, reference: 'S1' }, retry).state).toBe('SUBMITTING');
  });
});
