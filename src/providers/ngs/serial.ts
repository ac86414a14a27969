/** Makes the SERIAL of a DELIVER: 19 characters that fit SERIAL 20C, sort by time and never repeat. */
import { randomBytes } from 'node:crypto';
import type { Instant } from '../../core/clock.ts';

/** Crockford's base 32: no letter that a person reads as a digit. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 48 bits of milliseconds, enough until the year 10889. */
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 9;

export function makeSerial(now: Instant): string {
  let time = '';
  for (let rest = now, i = 0; i < TIME_CHARACTERS; i++, rest = Math.floor(rest / 32)) time = DIGITS[rest % 32] + time;
  let random = '';
  for (const byte of randomBytes(RANDOM_CHARACTERS)) random += DIGITS[byte % 32];
  return time + random;
}
