import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDeliveries, type DeliverOutcome } from '../../../src/providers/ngs/deliveries.ts';
import { NGS_TIMINGS } from '../../../src/providers/ngs/timings.ts';

/** The whole protocol clock, run by hand: minutes of traffic in milliseconds. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function openDeliveries(capacity: number, smsTps: number) {
  const written: { readonly serial: string; readonly atMs: number }[] = [];
  const unanswered: number[] = [];
  const deliveries = createDeliveries({
    capacity,
    timings: NGS_TIMINGS,
    clock: { now: () => 0, monotonicMs: () => performance.now() },
    onRoom() {},
    onUnanswered: () => {
      unanswered.push(performance.now());
      deliveries.close();
    },
  });
  deliveries.open((packets) => {
    for (const packet of packets) written.push({ serial: Buffer.from(packet).toString(), atMs: performance.now() });
  }, smsTps);
  const outcomes = new Map<string, DeliverOutcome>();
  const submit = (serial: string) =>
    void deliveries.submit(serial, Buffer.from(serial)).then((outcome) => outcomes.set(serial, outcome));
  return { deliveries, written, unanswered, outcomes, submit };
}

describe('the time-out of an ACK', () => {
  it('begins at the socket write of each DELIVER, not at the write of another', async () => {
    const { deliveries, unanswered, outcomes, submit } = openDeliveries(16, 80);
    const startMs = performance.now();
    submit('A');
    await vi.advanceTimersByTimeAsync(6_000);
    submit('B');
    await vi.advanceTimersByTimeAsync(3_000);
    deliveries.acknowledge('A', '0');
    await vi.advanceTimersByTimeAsync(6_900);
    expect(unanswered).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(unanswered).toHaveLength(1);
    expect((unanswered[0] ?? 0) - startMs).toBeGreaterThanOrEqual(16_000);
    expect(Object.fromEntries(outcomes)).toEqual({ A: { kind: 'ANSWERED', result: '0' }, B: { kind: 'LOST' } });
  });

  it('does not run while a DELIVER waits for its turn', async () => {
    const { deliveries, written, unanswered, submit } = openDeliveries(16, 1);
    submit('A');
    submit('B');
    await vi.advanceTimersByTimeAsync(1);
    deliveries.acknowledge('A', '0');
    await vi.advanceTimersByTimeAsync(11_000);
    expect(written.map(({ serial }) => serial)).toEqual(['A', 'B']);
    expect(unanswered).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(unanswered).toHaveLength(1);
  });
});

describe('a gateway that throttles', () => {
  it.each([16, 64, 512])(
    'answering 10 a second at a TPS of 80 meets no time-out in five minutes (window %i)',
    async (capacity) => {
      const { deliveries, written, unanswered, outcomes, submit } = openDeliveries(capacity, 80);
      let serials = 0;
      let answered = 0;
      for (let tick = 0; tick < 3_000; tick++) {
        for (let room = deliveries.vacancies(); room > 0; room--) submit(`M${serials++}`);
        await vi.advanceTimersByTimeAsync(100);
        const next = written[answered];
        if (next !== undefined && deliveries.acknowledge(next.serial, '0')) answered++;
      }
      expect(unanswered).toEqual([]);
      expect(answered).toBeGreaterThan(2_900);
      expect([...outcomes.values()].every(({ kind }) => kind === 'ANSWERED')).toBe(true);
      expect(new Set(written.map(({ serial }) => serial)).size).toBe(written.length);
    },
  );
});

describe('the TPS', () => {
  it('bounds the window to two seconds of it', async () => {
    const { written, submit } = openDeliveries(16, 3);
    for (let i = 0; i < 16; i++) submit(`M${i}`);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(written).toHaveLength(6);
  });

  it('is never passed in any second while it goes from 80 to 5 and back under load', async () => {
    const { deliveries, written, submit } = openDeliveries(64, 80);
    const limits: { readonly fromMs: number; readonly tps: number }[] = [{ fromMs: performance.now(), tps: 80 }];
    let serials = 0;
    let answered = 0;
    for (let tick = 0; tick < 1_500; tick++) {
      if (tick === 500 || tick === 1_000) {
        const tps = tick === 500 ? 5 : 80;
        deliveries.retune(tps);
        limits.push({ fromMs: performance.now(), tps });
      }
      for (let room = deliveries.vacancies(); room > 0; room--) submit(`M${serials++}`);
      await vi.advanceTimersByTimeAsync(10);
      for (; answered < written.length; answered++) deliveries.acknowledge(written[answered]?.serial ?? '', '0');
    }
    for (const [i, { atMs }] of written.entries()) {
      const limit = limits.findLast(({ fromMs }) => fromMs <= atMs)?.tps ?? 0;
      const withinSecond = written.slice(0, i + 1).filter((other) => atMs - other.atMs < 1_000).length;
      expect(withinSecond).toBeLessThanOrEqual(limit);
    }
    const sentIn = (fromMs: number, toMs: number) =>
      written.filter(({ atMs }) => atMs - (written[0]?.atMs ?? 0) >= fromMs && atMs - (written[0]?.atMs ?? 0) < toMs)
        .length;
    // It also uses what it may: a pacer that sends nothing would keep every limit.
    expect(sentIn(0, 5_000)).toBeGreaterThanOrEqual(5 * 76 - 80);
    expect(sentIn(5_000, 10_000)).toBeGreaterThanOrEqual(15);
  });
});
