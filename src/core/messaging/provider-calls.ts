/**
 * One call to a provider, from the intents of its messages to their answers. The intents are stored before a byte leaves, and the
 * answers after; what happens between the two is the provider's business. Which messages share a call is not decided here.
 */
import { endOfNight, isNight } from '../../korean/advertising.ts';
import type { Clock } from '../clock.ts';
import { crashPoint } from '../crash-points.ts';
import type { Attempt, MessageProvider, Submission, SubmitResult } from '../provider.ts';
import { StoreUnavailable } from '../store.ts';
import { nightOf } from './advertising.ts';
import { arrivalOf, type Message, submissionOf } from './message.ts';
import type { MessageStore } from './message-store.ts';
import { type AskPermit, isSamePermit } from './permit.ts';

export interface ProviderCalls {
  /** Begins messages that may share a call, all claimed, and resolves once their answers are stored. */
  make(keys: readonly string[]): Promise<void>;
  /**
   * Calls whose intents or answers are on their way to the store: the provider does not count them among what is in flight, and a
   * crash would leave them in doubt all the same. Exact once the promises of this turn of the event loop have run.
   */
  uncounted(): number;
}

/** How long an answer waits for the store to be back; past it, it is found out as after a crash. */
const keepForMs = 120_000;
const keepEveryMs = 500;

export interface ProviderCallsOptions {
  readonly messages: MessageStore;
  readonly provider: MessageProvider;
  readonly clock: Clock;
  readonly permit: AskPermit;
}

type Attempted = Pick<Attempt, 'startedAt' | 'reference'>;

/** One message of ours, its intent stored, on its way into a call. */
interface Intended {
  readonly key: string;
  readonly attempt: number;
  readonly submission: Submission;
  readonly under: Attempt;
}

export function createProviderCalls(options: ProviderCallsOptions): ProviderCalls {
  const { messages, provider, clock, permit } = options;
  let uncounted = 0;

  async function make(keys: readonly string[]): Promise<void> {
    uncounted += 1;
    const takenBack: Promise<unknown>[] = [];
    const noteUnsent = (key: string, attempted: Attempted): void => void takenBack.push(takeBack(key, attempted));
    try {
      // A message whose intent could not be stored must not keep those that share its call from being sent.
      const intents = await Promise.all(keys.map((key) => intend(key, noteUnsent).catch(unlessAway)));
      const intended = intents.filter((each) => each !== undefined);
      if (intended.length === 0) return;
      const results = await call(intended);
      crashPoint('dispatch.answer-received');
      const at = clock.now();
      await Promise.all(
        intended.map(({ key, attempt }, index) =>
          keep(() => messages.record(key, { type: 'ANSWERED', at, attempt, result: results[index] as SubmitResult })),
        ),
      );
      crashPoint('dispatch.answer-stored');
    } finally {
      await Promise.all(takenBack);
      uncounted -= 1;
    }
  }

  /** SUBMITTING, durably; undefined where the message is not ours to send now: cancelled, begun elsewhere, or at night. */
  async function intend(
    key: string,
    noteUnsent: (key: string, attempted: Attempted) => void,
  ): Promise<Intended | undefined> {
    const now = clock.now();
    const [stored] = await messages.load([key]);
    const under = permit();
    if (stored === undefined || under === undefined) return undefined;
    const until = endOfTabooFor(stored.message, now);
    if (until > now) {
      await messages.record(key, { type: 'DEFERRED', at: now, until }, under);
      return undefined;
    }
    const images = await messages.images(stored.message);
    const reference = provider.newReference();
    const attempted = { startedAt: now, ...(reference !== undefined && { reference }) };
    const evidence = { type: 'STARTED', at: now, ...(reference !== undefined && { reference }) } as const;
    const intent = await messages.record(key, evidence, under).catch((error) => {
      if (error instanceof StoreUnavailable && error.wrote === 'MAYBE') noteUnsent(key, attempted);
      throw error;
    });
    crashPoint('dispatch.intent-stored');
    if (!intent?.changed) return undefined;
    const { message } = intent;
    const attempt = message.attempts.length - 1;
    if (isSamePermit(under, permit())) {
      return { key, attempt, submission: submissionOf(message, images, now), under: attempted };
    }
    // It stood still since it asked, and may have been succeeded. That nothing left only this process knows.
    await recordUnsent(key, attempt, 'NOT_OWNER');
    return undefined;
  }

  async function recordUnsent(key: string, attempt: number, code: string): Promise<void> {
    const fault = { provider: provider.provider, code, at: clock.now() };
    const result = { outcome: 'NOT_ACCEPTED', fault, retriable: true } as const;
    await messages.record(key, { type: 'ANSWERED', at: fault.at, attempt, result });
  }

  /** An intent of which nobody knows whether it is stored: where it is, only this process knows that nothing left under it. */
  function takeBack(key: string, { startedAt, reference }: Attempted): Promise<void> {
    return keep(async () => {
      const [stored] = await messages.load([key]);
      const attempts = stored?.message.attempts ?? [];
      const last = attempts.at(-1);
      const isOurs = last?.provider === provider.provider && last.startedAt === startedAt;
      if (isOurs && last.reference === reference) await recordUnsent(key, attempts.length - 1, 'INTENT_UNKNOWN');
    });
  }

  /** What a provider answered is known to nobody else: a store that is away for a while must not cost it. */
  async function keep<T>(record: () => Promise<T>): Promise<T> {
    const patienceEndsMs = clock.monotonicMs() + keepForMs;
    for (;;) {
      try {
        return await record();
      } catch (error) {
        if (!(error instanceof StoreUnavailable) || clock.monotonicMs() > patienceEndsMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, keepEveryMs));
      }
    }
  }

  /** From here until it answers the provider itself counts the call. */
  async function call(group: readonly Intended[]): Promise<readonly SubmitResult[]> {
    const answer = submit(group);
    uncounted -= 1;
    try {
      return await answer;
    } finally {
      uncounted += 1;
    }
  }

  async function submit(group: readonly Intended[]): Promise<readonly SubmitResult[]> {
    const [first] = group;
    if (first !== undefined && (group.length === 1 || provider.groups === undefined)) {
      return [await provider.submit(first.submission, first.under)];
    }
    const submissions = group.map(({ submission }) => submission);
    const attempts = group.map(({ under }) => under);
    return provider.groups?.submit(submissions, attempts) ?? [];
  }

  return { make, uncounted: () => uncounted };
}

/** Advertising that would now arrive at night waits until the night is over. */
function endOfTabooFor(message: Message, now: number): number {
  const night = nightOf(message);
  const arrivesAt = arrivalOf(message, now);
  return night === undefined || !isNight(arrivesAt, night) ? now : endOfNight(arrivesAt, night);
}

function unlessAway(error: unknown): undefined {
  if (!(error instanceof StoreUnavailable)) throw error;
}
