/**
 * One call to a provider, from the intents of its messages to their answers. The intents are stored before a byte leaves, and the
 * answers after; what happens between the two is the provider's business. Which messages share a call is not decided here.
 */
import { endOfNight, isNight } from '../../korean/advertising.ts';
import type { Clock } from '../clock.ts';
import { crashPoint } from '../crash-points.ts';
import type { Attempt, MessageProvider, Submission, SubmitResult } from '../provider.ts';
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

export interface ProviderCallsOptions {
  readonly messages: MessageStore;
  readonly provider: MessageProvider;
  readonly clock: Clock;
  readonly permit: AskPermit;
}

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
    try {
      const intents = await Promise.all(keys.map(intend));
      const intended = intents.filter((each) => each !== undefined);
      if (intended.length === 0) return;
      const results = await call(intended);
      crashPoint('dispatch.answer-received');
      const at = clock.now();
      await Promise.all(
        intended.map(({ key, attempt }, index) =>
          messages.record(key, { type: 'ANSWERED', at, attempt, result: results[index] as SubmitResult }),
        ),
      );
      crashPoint('dispatch.answer-stored');
    } finally {
      uncounted -= 1;
    }
  }

  /** SUBMITTING, durably; undefined where the message is not ours to send now: cancelled, begun elsewhere, or at night. */
  async function intend(key: string): Promise<Intended | undefined> {
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
    const intent = await messages.record(key, evidence, under);
    crashPoint('dispatch.intent-stored');
    if (!intent?.changed) return undefined;
    const { message } = intent;
    const attempt = message.attempts.length - 1;
    if (isSamePermit(under, permit())) {
      return { key, attempt, submission: submissionOf(message, images, now), under: attempted };
    }
    // It stood still since it asked, and may have been succeeded. That nothing left only this process knows.
    const fault = { provider: provider.provider, code: 'NOT_OWNER', at: clock.now() };
    const result = { outcome: 'NOT_ACCEPTED', fault, retriable: true } as const;
    await messages.record(key, { type: 'ANSWERED', at: fault.at, attempt, result });
    return undefined;
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
