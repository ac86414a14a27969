/** The 4-digit codes that Sentbe sends: by SMS, and as the text of a deposit of one won. One a user and kind. */
import { randomInt, timingSafeEqual } from 'node:crypto';
import type { Clock, Instant } from '../../core/clock.ts';
import type { SentbeSettings } from './settings.ts';

export type TokenType = 'MOBILE' | 'BANK';

export interface SentToken {
  readonly userId: number;
  readonly type: TokenType;
  readonly token: string;
  readonly sentAt: Instant;
  /** Null: nothing is published about the life of a bank's code. */
  readonly expiresAt: Instant | null;
}

export interface Tokens {
  send(userId: number, type: TokenType): SentToken;
  /** Every try counts, and a good one is the last. */
  isGood(userId: number, type: TokenType, token: string): boolean;
  /** Also one that is used or dead. */
  last(userId: number, type: TokenType): SentToken | undefined;
}

export function createTokens(clock: Clock, settings: () => SentbeSettings, maxTokens = 50_000): Tokens {
  const sent = new Map<string, { readonly sent: SentToken; wrongTries: number; isUsed: boolean }>();

  return {
    send(userId, type) {
      const sentAt = clock.now();
      const expiresAt = type === 'MOBILE' ? sentAt + settings().tokenTtlMs : null;
      const token = { userId, type, token: String(randomInt(10_000)).padStart(4, '0'), sentAt, expiresAt };
      sent.delete(`${type} ${userId}`);
      sent.set(`${type} ${userId}`, { sent: token, wrongTries: 0, isUsed: false });
      const [oldest] = sent.keys();
      if (sent.size > maxTokens && oldest !== undefined) sent.delete(oldest);
      return token;
    },
    isGood(userId, type, token) {
      const entry = sent.get(`${type} ${userId}`);
      if (entry === undefined || entry.isUsed || entry.wrongTries >= settings().tokenAttempts) return false;
      if (entry.sent.expiresAt !== null && clock.now() >= entry.sent.expiresAt) return false;
      if (token.length !== 4 || !timingSafeEqual(Buffer.from(entry.sent.token), Buffer.from(token, 'latin1'))) {
        entry.wrongTries += 1;
        return false;
      }
      entry.isUsed = true;
      return true;
    },
    last: (userId, type) => sent.get(`${type} ${userId}`)?.sent,
  };
}
