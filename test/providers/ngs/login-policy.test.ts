import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLoginPolicy, type LoginPolicy, type SessionEnd } from '../../../src/providers/ngs/login-policy.ts';
import { NGS_TIMINGS } from '../../../src/providers/ngs/timings.ts';

const LOST: SessionEnd = { kind: 'LOST', boundForMs: undefined };
const KICKED: SessionEnd = { kind: 'KICKED', boundForMs: 100 };
const REFUSED: SessionEnd = { kind: 'REFUSED', boundForMs: undefined };
const HOUR_MS = 3_600_000;

/** Logs in whenever it may and ends at once in the given way; answers the moments of the CERTs. */
function run(policy: LoginPolicy, end: (login: number) => SessionEnd, forMs: number): number[] {
  const certsAtMs: number[] = [];
  for (let now = 0; now < forMs; ) {
    now = policy.earliestCertAt(now);
    if (now >= forMs) break;
    policy.noteCert(now);
    certsAtMs.push(now);
    const ended = end(certsAtMs.length);
    now += ended.boundForMs ?? 0;
    policy.noteEnd(ended, now);
  }
  return certsAtMs;
}

const gaps = (moments: readonly number[]) => moments.slice(1).map((at, i) => at - (moments[i] ?? 0));

describe('when to log in again', () => {
  it('at once the first time, and 5 s after a session ended, doubling up to a minute', () => {
    const certs = run(
      createLoginPolicy(NGS_TIMINGS, () => 0),
      () => LOST,
      300_000,
    );
    expect(gaps(certs)).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
  });

  it('waits longer by chance, never shorter', () => {
    for (const chance of [0, 0.3, 0.999]) {
      const policy = createLoginPolicy(NGS_TIMINGS, () => chance);
      policy.noteCert(0);
      policy.noteEnd(LOST, 1_000);
      expect(policy.earliestCertAt(1_000)).toBe(1_000 + 5_000 * (1 + chance / 2));
    }
  });

  it('a session that lived is lost for the first time again', () => {
    const policy = createLoginPolicy(NGS_TIMINGS, () => 0);
    for (let i = 0; i < 5; i++) policy.noteEnd(LOST, 0);
    policy.noteEnd({ kind: 'LOST', boundForMs: 60_000 }, 100_000);
    expect(policy.earliestCertAt(100_000)).toBe(105_000);
  });

  it('kicks wait 30 s, doubling up to 5 minutes', () => {
    const certs = run(
      createLoginPolicy(NGS_TIMINGS, () => 0),
      () => KICKED,
      1_500_000,
    );
    expect(gaps(certs).map((gap) => gap - 100)).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000, 300_000]);
  });

  it('two gateways that kick each other some seconds after each login stay under six logins in ten minutes', () => {
    const certs = run(
      createLoginPolicy(NGS_TIMINGS, () => 0),
      () => ({ kind: 'LOST', boundForMs: 6_000 }),
      600_000,
    );
    expect(certs.length).toBeLessThanOrEqual(6);
  });

  it('three refusals in a row lock the account for good; a BOUND session in between wipes them out', () => {
    const policy = createLoginPolicy(NGS_TIMINGS, () => 0);
    policy.noteEnd(REFUSED, 0);
    policy.noteEnd(REFUSED, 0);
    policy.noteEnd({ kind: 'LOST', boundForMs: 10 }, 0);
    policy.noteEnd(REFUSED, 0);
    policy.noteEnd(REFUSED, 0);
    expect(policy.earliestCertAt(0)).toBeLessThan(Number.POSITIVE_INFINITY);
    policy.noteEnd(REFUSED, 0);
    expect(policy.earliestCertAt(0)).toBe(Number.POSITIVE_INFINITY);
    policy.noteEnd({ kind: 'LEFT', boundForMs: undefined }, HOUR_MS);
    expect(policy.earliestCertAt(HOUR_MS)).toBe(Number.POSITIVE_INFINITY);
  });

  it('leaving by ourselves keeps the floor as well, and shortens no wait', () => {
    const policy = createLoginPolicy(NGS_TIMINGS, () => 0);
    policy.noteEnd({ kind: 'LEFT', boundForMs: undefined }, 1_000);
    expect(policy.earliestCertAt(1_000)).toBe(6_000);
    policy.noteEnd(KICKED, 1_000);
    policy.noteEnd({ kind: 'LEFT', boundForMs: undefined }, 2_000);
    expect(policy.earliestCertAt(2_000)).toBe(31_000);
  });

  it('keeps 3 s between CERTs and the budgets whatever the sessions do', () => {
    const eager = { ...NGS_TIMINGS, reconnectFloorMs: 0, reconnectCeilingMs: 0, kickedFloorMs: 0, kickedCeilingMs: 0 };
    const ends = fc.array(fc.constantFrom(LOST, KICKED, { ...LOST, boundForMs: 1 }, { ...LOST, boundForMs: 61_000 }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(ends, (cycle) => {
        const certs = run(createLoginPolicy(eager), (login) => cycle[login % cycle.length] ?? LOST, 2 * HOUR_MS);
        expect(Math.min(...gaps(certs))).toBeGreaterThanOrEqual(3_000);
        for (const from of certs) {
          const within = (spanMs: number) => certs.filter((at) => at >= from && at < from + spanMs).length;
          expect(within(60_000)).toBeLessThanOrEqual(6);
          expect(within(HOUR_MS)).toBeLessThanOrEqual(60);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('with its defaults a server that drops at once sees at least 5 s between logins and 60 an hour at most', () => {
    const certs = run(createLoginPolicy(NGS_TIMINGS), () => LOST, HOUR_MS);
    expect(Math.min(...gaps(certs))).toBeGreaterThanOrEqual(5_000);
    expect(certs.length).toBeLessThanOrEqual(60);
  });
});
