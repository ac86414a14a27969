import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPacer } from '../../../src/providers/ngs/pacer.ts';

const windowMs = 1_000;

/** One that arrives as it leaves. */
function pass(pacer: ReturnType<typeof createPacer>, nowMs: number): void {
  pacer.take();
  pacer.settle(nowMs);
}

describe('the pacer', () => {
  it('never lets a sliding second pass the limit of its time, whatever comes and however the limit changes', () => {
    const step = fc.record({
      waitMs: fc.nat(400),
      wants: fc.nat(30),
      retune: fc.option(fc.nat(12), { freq: 8, nil: undefined }),
    });
    fc.assert(
      fc.property(fc.nat(12), fc.array(step, { maxLength: 60 }), (tps, steps) => {
        const pacer = createPacer({ tps, windowMs });
        const sentAt: number[] = [];
        let limit = tps;
        let now = 0;
        for (const { waitMs, wants, retune } of steps) {
          now += waitMs;
          if (retune !== undefined) pacer.retune(retune);
          limit = retune ?? limit;
          for (let i = 0; i < wants && pacer.allowance(now) > 0; i++) {
            pass(pacer, now);
            sentAt.push(now);
            expect(sentAt.filter((at) => now - at < windowMs).length).toBeLessThanOrEqual(limit);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('never lets a sliding second of arrivals pass the limit, whenever each arrives and is answered', () => {
    const message = fc.record({ waitMs: fc.nat(300), outMs: fc.nat(2_000), backMs: fc.nat(2_000) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(message, { maxLength: 60 }), (tps, messages) => {
        const pacer = createPacer({ tps, windowMs });
        const arrivals: number[] = [];
        let acks: number[] = [];
        let now = 0;
        const settleUntil = (untilMs: number) => {
          for (const ack of acks.filter((at) => at <= untilMs).sort((a, b) => a - b)) pacer.settle(ack);
          acks = acks.filter((at) => at > untilMs);
          now = untilMs;
        };
        for (const { waitMs, outMs, backMs } of messages) {
          settleUntil(now + waitMs);
          while (pacer.allowance(now) === 0) settleUntil(pacer.nextAt(now) ?? Math.min(...acks));
          pacer.take();
          arrivals.push(now + outMs);
          acks.push(now + outMs + backMs);
        }
        for (const end of arrivals) {
          expect(arrivals.filter((at) => at <= end && end - at < windowMs).length).toBeLessThanOrEqual(tps);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets the full limit go at once, and again after the window', () => {
    const pacer = createPacer({ tps: 80, windowMs });
    expect(pacer.allowance(0)).toBe(80);
    for (let i = 0; i < 80; i++) pass(pacer, 0);
    expect([pacer.allowance(0), pacer.allowance(999), pacer.allowance(1_000)]).toEqual([0, 0, 80]);
  });

  it('names the moment when the next may leave, and it may leave then', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(300), { maxLength: 40 }), (tps, waits) => {
        const pacer = createPacer({ tps, windowMs });
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
          pass(pacer, now);
        }
      }),
    );
  });

  it('counts what left before against a lower limit', () => {
    const pacer = createPacer({ tps: 80, windowMs });
    for (let i = 0; i < 10; i++) pass(pacer, i * 50);
    pacer.retune(5);
    expect(pacer.allowance(500)).toBe(0);
    expect(pacer.nextAt(500)).toBe(250 + windowMs);
  });

  it('counts what left before against a higher limit too', () => {
    const pacer = createPacer({ tps: 5, windowMs });
    for (let i = 0; i < 5; i++) pass(pacer, 0);
    pacer.retune(20);
    expect([pacer.allowance(999), pacer.allowance(1_000)]).toEqual([15, 20]);
  });

  it('lets nothing go at a limit of 0, and promises no moment', () => {
    const pacer = createPacer({ tps: 0, windowMs });
    expect([pacer.allowance(0), pacer.nextAt(0)]).toEqual([0, undefined]);
  });

  it('counts a message while it is unanswered, and until a second after its ACK', () => {
    const pacer = createPacer({ tps: 1, windowMs });
    pacer.take();
    expect([pacer.allowance(9_000), pacer.nextAt(9_000)]).toEqual([0, undefined]);
    pacer.settle(9_000);
    expect([pacer.nextAt(9_000), pacer.allowance(9_999), pacer.allowance(10_000)]).toEqual([10_000, 0, 1]);
  });

  it('holds no place for another: one that is unanswered keeps its own only', () => {
    const pacer = createPacer({ tps: 2, windowMs });
    pacer.take();
    pass(pacer, 5);
    expect([pacer.nextAt(5), pacer.allowance(1_004), pacer.allowance(1_005)]).toEqual([1_005, 0, 1]);
  });
});
