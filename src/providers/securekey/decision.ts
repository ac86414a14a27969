/**
 * What became of a push, read from the members that SecureKey may name it by. Its document shows only `verified` and
 * the words approve and deny, so several names are looked at, and where they differ nobody is let in.
 */
import type { PushAnswer, PushDecision } from '../../core/verification/provider.ts';
import type { JsonObject } from './answer.ts';

type Sign = 'APPROVED' | 'DENIED' | 'EXPIRED' | 'PENDING';

const MEMBERS = ['status', 'state', 'response', 'action', 'decision', 'result'] as const;
const WORDS: ReadonlyMap<string, Sign> = new Map([
  ['approve', 'APPROVED'],
  ['approved', 'APPROVED'],
  ['accepted', 'APPROVED'],
  ['deny', 'DENIED'],
  ['denied', 'DENIED'],
  ['reject', 'DENIED'],
  ['rejected', 'DENIED'],
  ['declined', 'DENIED'],
  ['expired', 'EXPIRED'],
  ['timeout', 'EXPIRED'],
  ['timed_out', 'EXPIRED'],
  ['pending', 'PENDING'],
  ['waiting', 'PENDING'],
]);

/** Of a look-up (/push/verify). A denial is stronger than anything, an approval weaker. */
export function pushAnswerOf(data: JsonObject): PushAnswer {
  const signs = signsOf(data);
  if (signs.has('DENIED')) return 'DENIED';
  if (signs.has('EXPIRED')) return 'EXPIRED';
  const isRefuted = signs.has('PENDING') || data['verified'] === false || data['approved'] === false;
  return signs.has('APPROVED') && !isRefuted ? 'APPROVED' : 'PENDING';
}

/** Of the code of a refusal. */
export function pushAnswerOfCode(code: string): PushAnswer {
  const word = code.toUpperCase();
  if (/DENIED|REJECTED/.test(word)) return 'DENIED';
  return word.includes('EXPIRED') ? 'EXPIRED' : 'PENDING';
}

/** Of a webhook push.responded, which both decisions cause. Undefined where it does not say, or not with one voice. */
export function decisionOf(data: JsonObject): PushDecision | undefined {
  const signs = signsOf(data);
  // Whoever has responded and did not approve has denied. `verified: false` alone may also mean "not yet".
  if (data['approved'] === false) signs.add('DENIED');
  if (signs.size !== 1) return undefined;
  if (signs.has('DENIED')) return 'DENIED';
  return signs.has('APPROVED') && data['verified'] !== false ? 'APPROVED' : undefined;
}

function signsOf(data: JsonObject): Set<Sign> {
  const signs = new Set<Sign>();
  for (const member of MEMBERS) {
    const value = data[member];
    const sign = typeof value === 'string' ? WORDS.get(value.trim().toLowerCase()) : undefined;
    if (sign !== undefined) signs.add(sign);
  }
  if (data['verified'] === true || data['approved'] === true) signs.add('APPROVED');
  return signs;
}
