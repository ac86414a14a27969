/**
 * Numbers that a developer texts to see an ending without arming a fault. They share one prefix, so that load tests
 * that count numbers upwards do not step on them.
 */

/**
 * NEVER_ENDS: no report, no completion. TWICE: the same REPORT comes twice. EARLY: REPORT before DELIVER_ACK.
 * KAKAO_FALLBACK: Kakao fails and the fallback is delivered, where the message has one. KAKAO_FAILED: both fail. The
 * last four mean nothing at SENS and the last two nothing to an SMS, LMS or MMS: such a message is delivered.
 */
export type Ending =
  | 'DELIVERED'
  | 'NO_SUBSCRIBER'
  | 'NEVER_ENDS'
  | 'SPAM'
  | 'TWICE'
  | 'EARLY'
  | 'KAKAO_FALLBACK'
  | 'KAKAO_FAILED';

export const ENDINGS_BY_NUMBER: Readonly<Record<string, Exclude<Ending, 'DELIVERED'>>> = {
  '01099990001': 'NO_SUBSCRIBER',
  '01099990002': 'NEVER_ENDS',
  '01099990003': 'SPAM',
  '01099990004': 'TWICE',
  '01099990005': 'EARLY',
  '01099990006': 'KAKAO_FALLBACK',
  '01099990007': 'KAKAO_FAILED',
};

export const endingOf = (to: string): Ending =>
  (Object.hasOwn(ENDINGS_BY_NUMBER, to) ? ENDINGS_BY_NUMBER[to] : undefined) ?? 'DELIVERED';

/** Spreads recipients over the three carriers, the same number always on the same one. */
export const carrierOf = (to: string): 'SK' | 'KT' | 'LG' =>
  (['SK', 'KT', 'LG'] as const)[Number(to.slice(-1)) % 3] ?? 'SK';
