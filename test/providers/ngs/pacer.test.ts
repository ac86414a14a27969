import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer } from '../../../src/providers/ngs/pacer.ts';

const windowMs = 1_000;
const slackMs = 0;

describe('the pacer', () => {
  it('never lets a sliding second pass the limit of its time, whatever comes and however the limit changes', () => {
    const step = fc.record({
      waitMs: fc.nat(400),
      wants: fc.nat(30),
      retune: fc.option(fc.nat(12), { freq: 8, nil: undefined }),
    });
    fc.assert(
      fc.property(fc.nat(12), fc.array(step, { maxLength: 60 }), (tps, steps) => {
        const pacer = createPacer({ tps, windowMs, slackMs });
        const sentAt: number[] = [];
        let limit = tps;
        let now = 0;
        for (const { waitMs, wants, retune } of steps) {
          now += waitMs;
          if (retune !== undefined) pacer.retune(retune);
          limit = retune ?? limit;
          for (let i = 0; i < wants && pacer.allowance(now) > 0; i++) {
            pacer.take(now);
            sentAt.push(now);
            expect(sentAt.filter((at) => now - at < windowMs).length).toBeLessThanOrEqual(limit);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets the full limit go at once, and again after the window', () => {
    const pacer = createPacer({ tps: 80, windowMs, slackMs });
    expect(pacer.allowance(0)).toBe(80);
    for (let i = 0; i < 80; i++) pacer.take(0);
    expect([pacer.allowance(0), pacer.allowance(999), pacer.allowance(1_000)]).toEqual([0, 0, 80]);
  });

  it('names the moment when the next may leave, and it may leave then', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(300), { maxLength: 40 }), (tps, waits) => {
        const pacer = createPacer({ tps, windowMs, slackMs });
        let now = 0;
        for (const waitMs of waits) {
          now += waitMs;
          const nextAt = pacer.nextAt(now);
          expect(nextAt === undefined).toBe(pacer.allowance(now) > 0);
          if (nextAt !== undefined) {
            expect(pacer.allowance(nextAt - 1)).toBe(0);
            now = nextAt;
          }
          expect(pacer.allowance(now)).toBeGreaterThan(0);
          pacer.take(now);
        }
      }),
    );
  });

  it('counts what left before against a lower limit', () => {
    const pacer = createPacer({ tps: 80, windowMs, slackMs });
    for (let i = 0; i < 10; i++) pacer.take(i * 50);
    pacer.retune(5);
    expect(pacer.allowance(500)).toBe(0);
    expect(pacer.nextAt(500)).toBe(250 + windowMs);
  });

  it('lets nothing go at a limit of 0, and promises no moment', () => {
    const pacer = createPacer({ tps: 0, windowMs, slackMs });
    expect([pacer.allowance(0), pacer.nextAt(0)]).toEqual([0, undefined]);
  });

  it('counts a message until a second after it arrived, and no longer than the slack beyond its leaving', () => {
    const pacer = createPacer({ tps: 1, windowMs, slackMs: 40 });
    const quick = pacer.take(0);
    pacer.arrive(quick, 10);
    expect([pacer.nextAt(10), pacer.allowance(1_009), pacer.allowance(1_010)]).toEqual([1_010, 0, 1]);
    const slow = pacer.take(2_000);
    expect(pacer.nextAt(2_000)).toBe(3_040);
    pacer.arrive(slow, 2_900);
    expect([pacer.allowance(3_039), pacer.allowance(3_040)]).toEqual([0, 1]);
  });

  it('frees places in the order in which they were taken, however the ACKs come', () => {
    const pacer = createPacer({ tps: 2, windowMs, slackMs: 40 });
    pacer.take(0);
    pacer.arrive(pacer.take(0), 5);
    expect([pacer.allowance(1_005), pacer.nextAt(1_005), pacer.allowance(1_040)]).toEqual([0, 1_040, 2]);
  });
});
