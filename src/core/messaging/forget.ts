/**
 * What is left of a message whose text, and later whose recipient, is kept no longer: pure. What remains tells what became of
 * it and when, and finds it by its recipient's keyed hash. When that is due is not decided here.
 */
import { isOpen, type Message } from './message.ts';

export interface Forgotten {
  /** The stage that it has reached. */
  readonly forgotten?: 'TEXT' | 'RECIPIENT';
  /** Of a forgotten recipient, to search by. */
  readonly recipientHash?: string;
}

/** In this order. `ALL`: the record itself, and what leads to it. */
export type Forgetting = 'TEXT' | 'RECIPIENT' | 'ALL';

/** What is forgotten next; undefined as long as it is under way. */
export function nextForgetting({ state, forgotten }: Message): Forgetting | undefined {
  if (isOpen(state)) return undefined;
  if (forgotten === undefined) return 'TEXT';
  return forgotten === 'TEXT' ? 'RECIPIENT' : 'ALL';
}

/** From when its age counts: one that was to leave later is no older than that. */
export const ageFrom = ({ createdAt, sendAt = 0 }: Message): number => Math.max(createdAt, sendAt);

export function withoutText(message: Message): Message {
  if (nextForgetting(message) !== 'TEXT') return message;
  const { subject: _subject, kakao: _kakao, ...rest } = message;
  const attempts = message.attempts.map((attempt) => {
    if (attempt.fault === undefined) return attempt;
    // A provider's words may quote what it was sent; its code does not.
    const { text: _text, ...fault } = attempt.fault;
    return { ...attempt, fault };
  });
  return { ...rest, text: '', imageCount: 0, attempts, forgotten: 'TEXT' };
}

export function withoutRecipient(message: Message, recipientHash: string): Message {
  if (nextForgetting(message) !== 'RECIPIENT') return message;
  return { ...message, to: '', recipientHash, forgotten: 'RECIPIENT' };
}
