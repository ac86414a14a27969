import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, type Evidence, type Message, type MessageState } from '../../../src/core/messaging/message.ts';

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

const queued: Message = {
  id: 'm',
  tenant: 't',
  kind: 'SMS',
  purpose: 'NORMAL',
  to: '01012345678',
  from: '15880000',
  text: 'hello',
  imageCount: 0,
  state: 'QUEUED',
  createdAt: 0,
  dueAt: 0,
  deadlineAt: 1_000,
  routes: [
    { provider: 'NGS', account: 'a' },
    { provider: 'NGS', account: 'b' },
  ],
  refusals: 0,
  attempts: [],
};

/** One happening, to the model and to the state machine; afterwards they must agree. */
const happening = (
  name: string,
  toModel: (model: Model) => void,
  toReal: (message: Message) => Evidence,
): fc.Command<Model, Real> => ({
  check: () => true,
  run(model, real) {
    const before = model.state;
    toModel(model);
    real.message = apply(real.message, toReal(real.message), retry);
    expect(real.message.state).toBe(model.state);
    expect(real.message.attempts).toHaveLength(model.attempts.length);
    if (before === 'DELIVERED' || before === 'FAILED') expect(model.state).toBe(before);
  },
  toString: () => name,
});

const at = fc.nat({ max: 5 });
const commands = [
  fc.constant(
    happening(
      'start',
      (model) => model.start(),
      (message) => ({ type: 'STARTED', at: 1, reference: `S${message.attempts.length}` }),
    ),
  ),
  at.map((n) =>
    happening(
      `ack ${n}`,
      (model) => model.answer(n, 'TAKEN', false),
      () => ({ type: 'ANSWERED', at: 2, attempt: n, result: { outcome: 'ACCEPTED', reference: `S${n}` } }),
    ),
  ),
  fc.tuple(at, fc.boolean()).map(([n, retriable]) =>
    happening(
      `refusal ${n} ${retriable}`,
      (model) => model.answer(n, 'REFUSED', retriable),
      () => ({ type: 'ANSWERED', at: 2, attempt: n, result: { outcome: 'NOT_ACCEPTED', fault, retriable } }),
    ),
  ),
  at.map((n) =>
    happening(
      `lost ${n}`,
      (model) => model.answer(n, 'LOST', false),
      () => ({ type: 'ANSWERED', at: 2, attempt: n, result: { outcome: 'UNKNOWN', fault } }),
    ),
  ),
  fc.constant(
    happening(
      'crash',
      (model) => model.crash(),
      () => ({ type: 'ABANDONED', at: 3 }),
    ),
  ),
  fc.tuple(at, fc.boolean()).map(([n, delivered]) =>
    happening(
      `report ${n} ${delivered}`,
      (model) => model.report(n, delivered),
      () => ({ type: 'REPORTED', at: 4, reference: `S${n}`, delivered, ...(!delivered && { fault }) }),
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

describe('the state machine', () => {
  it('agrees with a plain model over 5,000 sequences of ACKs, reports, duplicates, crashes and deadlines', () => {
    const usual = fc.commands(commands, { maxCommands: 40, size: 'max' });
    fc.assert(
      fc.property(usual, (sequence) => {
        fc.modelRun(() => ({ model: new Model(), real: { message: queued } }), sequence);
      }),
      { numRuns: 5_000 },
    );
  });
});
