import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, type Evidence, type Message, type MessageState } from '../../../src/core/messaging/message.ts';
import { queuedMessage } from '../../support/messages.ts';

const retry = { maxRefusals: 2, delayMs: () => 1 };
const fault = { provider: 'NGS', code: '9', at: 0 } as const;

/**
 * What design asks of a message, said once more and as plainly as can be: two facts of each attempt, and from all the
 * facts the state. It knows nothing of how the state machine is written.
 */
class Model {
  readonly attempts: { answer?: 'TAKEN' | 'REFUSED' | 'LOST'; report?: 'GOOD' | 'BAD' }[] = [];
  /** DELIVERED or FAILED, decided by the first evidence that settles it. */
  verdict: 'DELIVERED' | 'FAILED' | undefined;
  mayStart = true;
  routes = 2;
  refusals = 0;
  isExpired = false;
  isCancelled = false;

  get last() {
    return this.attempts.at(-1);
  }
  start(): void {
    if (this.state !== 'QUEUED') return;
    this.attempts.push({});
    this.mayStart = false;
  }
  answer(at: number, answer: 'TAKEN' | 'LOST' | 'REFUSED', retriable: boolean): void {
    const attempt = this.attempts[at];
    const isOpen = attempt !== undefined && attempt.report === undefined && (attempt.answer ?? 'LOST') === 'LOST';
    if (!isOpen || this.verdict !== undefined || this.isExpired || this.isCancelled) return;
    if (answer === 'LOST' && attempt.answer === 'LOST') return;
    attempt.answer = answer;
    if (answer !== 'REFUSED') return;
    this.refusals += 1;
    if (retriable && this.refusals <= retry.maxRefusals) this.mayStart = true;
    else {
      this.routes -= 1;
      this.refusals = 0;
      if (this.routes > 0) this.mayStart = true;
      else this.verdict = 'FAILED';
    }
  }
  crash(): void {
    if (this.state === 'SUBMITTING' && this.last !== undefined) this.last.answer = 'LOST';
  }
  report(at: number, isGood: boolean): void {
    const attempt = this.attempts[at];
    if (attempt === undefined || this.verdict !== undefined) return;
    if (!isGood && at !== this.attempts.length - 1) return;
    attempt.report = isGood ? 'GOOD' : 'BAD';
    this.verdict = isGood ? 'DELIVERED' : 'FAILED';
  }
  get state(): MessageState {
    if (this.verdict !== undefined) return this.verdict;
    if (this.isExpired) return 'EXPIRED';
    if (this.isCancelled) return 'CANCELLED';
    if (this.mayStart || this.last === undefined) return 'QUEUED';
    if (this.last.answer === 'TAKEN') return 'SUBMITTED';
    return this.last.answer === 'LOST' ? 'UNCONFIRMED' : 'SUBMITTING';
  }
}

interface Real {
  message: Message;
}

/** One happening, to the model and to the state machine; afterwards they must agree. */
const happening = (
  name: string,
  toModel: (model: Model, attempt: number) => void,
  toReal: (message: Message, attempt: number) => Evidence,
  attemptsBack = 0,
): fc.Command<Model, Real> => ({
  check: () => true,
  run(model, real) {
    const before = model.state;
    const attempt = model.attempts.length - 1 - attemptsBack;
    toModel(model, attempt);
    real.message = apply(real.message, toReal(real.message, attempt), retry);
    expect(real.message.state).toBe(model.state);
    expect(real.message.attempts).toHaveLength(model.attempts.length);
    if (model.state === 'QUEUED') expect(real.message.routes).toHaveLength(model.routes);
    if (before === 'DELIVERED' || before === 'FAILED') expect(model.state).toBe(before);
  },
  toString: () => name,
});

/** Which attempt, counted from the last one: mostly that one, sometimes an earlier one or none. */
const back = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: -1, max: 5 }) },
);
const commands = [
  fc.constant(
    happening(
      'start',
      (model) => model.start(),
      (message) => ({ type: 'STARTED', at: 1, reference: `S${message.attempts.length}` }),
    ),
  ),
  back.map((n) =>
    happening(
      `ack ${n}`,
      (model, attempt) => model.answer(attempt, 'TAKEN', false),
      (_message, attempt) => ({
        type: 'ANSWERED',
        at: 2,
        attempt,
        result: { outcome: 'ACCEPTED', reference: `S${attempt}` },
      }),
      n,
    ),
  ),
  fc.tuple(back, fc.boolean()).map(([n, retriable]) =>
    happening(
      `refusal ${n} ${retriable}`,
      (model, attempt) => model.answer(attempt, 'REFUSED', retriable),
      (_message, attempt) => ({
        type: 'ANSWERED',
        at: 2,
        attempt,
        result: { outcome: 'NOT_ACCEPTED', fault, retriable },
      }),
      n,
    ),
  ),
  back.map((n) =>
    happening(
      `lost ${n}`,
      (model, attempt) => model.answer(attempt, 'LOST', false),
      (_message, attempt) => ({ type: 'ANSWERED', at: 2, attempt, result: { outcome: 'UNKNOWN', fault } }),
      n,
    ),
  ),
  fc.constant(
    happening(
      'crash',
      (model) => model.crash(),
      () => ({ type: 'ABANDONED', at: 3 }),
    ),
  ),
  fc.tuple(back, fc.boolean()).map(([n, delivered]) =>
    happening(
      `report ${n} ${delivered}`,
      (model, attempt) => model.report(attempt, delivered),
      (_message, attempt) => ({
        type: 'REPORTED',
        at: 4,
        reference: `S${attempt}`,
        delivered,
        ...(!delivered && { fault }),
      }),
      n,
    ),
  ),
  fc.constant(
    happening(
      'deadline',
      (model) => {
        if (!model.isCancelled && model.verdict === undefined) model.isExpired = true;
      },
      () => ({ type: 'EXPIRED', at: 5 }),
    ),
  ),
  fc.constant(
    happening(
      'cancel',
      (model) => {
        if (model.state === 'QUEUED') model.isCancelled = true;
      },
      () => ({ type: 'CANCELLED', at: 6 }),
    ),
  ),
];
/** What ends a message comes rarely, or no sequence would get far. */
const endings = new Set([5, 6, 7]);
const usual = fc.oneof(...commands.map((arbitrary, at) => ({ arbitrary, weight: endings.has(at) ? 1 : 6 })));

describe('the state machine', () => {
  it('agrees with a plain model over 5,000 sequences of ACKs, reports, duplicates, crashes and deadlines', () => {
    const sequences = fc.commands([usual], { maxCommands: 40, size: 'max' });
    fc.assert(
      fc.property(sequences, (sequence) => {
        fc.modelRun(() => ({ model: new Model(), real: { message: queuedMessage } }), sequence);
      }),
      { numRuns: 5_000 },
    );
  });
});
