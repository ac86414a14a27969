import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lane } from '../../../src/core/provider.ts';
import { createDeliveries, type DeliverOutcome } from '../../../src/providers/ngs/deliveries.ts';
import type { Tps } from '../../../src/providers/ngs/lanes.ts';
import { NGS_TIMINGS, type NgsTimings } from '../../../src/providers/ngs/timings.ts';
import { createRandom } from '../../support/random.ts';

/** The whole protocol clock, run by hand: minutes of traffic in milliseconds. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'clearImmediate', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Written {
  readonly serial: string;
  readonly atMs: number;
}

/** The other lanes are closed. */
const smsOnly = (tps: number): Tps => ({ SMS: tps, LONG: 0, KAKAO: 0 });

function openDeliveries(capacity: number, tps: Tps, timings: Partial<NgsTimings> = {}) {
  const written: Written[] = [];
  const writes: number[] = [];
  const unanswered: number[] = [];
  const line = {
    held: 0,
    write(packets: readonly Uint8Array[]) {
      writes.push(packets.length);
      for (const packet of packets) {
        const sent = { serial: Buffer.from(packet).toString().trimEnd(), atMs: performance.now() };
        written.push(sent);
        peer.onWrite(sent);
      }
    },
    unsentBytes: () => line.held,
  };
  const peer = { onWrite(_: Written) {} };
  const deliveries = createDeliveries({
    capacity,
    timings: { ...NGS_TIMINGS, ...timings },
    clock: { now: () => 0, monotonicMs: () => performance.now() },
    mayWrite: () => true,
    onRoom() {},
    onUnanswered: () => {
      unanswered.push(performance.now());
      deliveries.close();
    },
  });
  deliveries.open(line, tps);
  const outcomes = new Map<string, DeliverOutcome>();
  const submit = (serial: string, lane: Lane = 'SMS', bytes = 0) =>
    void deliveries
      .submit(lane, serial, Buffer.from(serial.padEnd(bytes)))
      .then((outcome) => outcomes.set(serial, outcome));
  /** As core does: as many as there is room for. */
  let serials = 0;
  const fill = (lane: Lane, atMost = Number.POSITIVE_INFINITY) => {
    const room = Math.min(deliveries.vacancies(lane), atMost);
    for (let i = 0; i < room; i++) submit(`${lane}${serials++}`, lane);
    return room;
  };
  return { deliveries, line, peer, written, writes, unanswered, outcomes, submit, fill };
}

const mostInASecond = (moments: readonly number[]): number =>
  moments.reduce((most, end, i) => {
    const within = moments.slice(0, i + 1).filter((atMs) => end - atMs < 1_000).length;
    return Math.max(most, within);
  }, 0);

describe('the time-out of an ACK', () => {
  it('begins at the socket write of each DELIVER, not at the write of another', async () => {
    const { deliveries, unanswered, outcomes, submit } = openDeliveries(16, smsOnly(80));
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
    const { deliveries, written, unanswered, submit } = openDeliveries(16, smsOnly(1));
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
      const { deliveries, written, unanswered, outcomes, fill } = openDeliveries(capacity, smsOnly(80));
      let answered = 0;
      for (let tick = 0; tick < 3_000; tick++) {
        fill('SMS');
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
  it('bounds what a lane has in flight to one second of it', async () => {
    const { written, submit } = openDeliveries(16, { SMS: 3, LONG: 9, KAKAO: 9 });
    for (let i = 0; i < 16; i++) submit(`M${i}`);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(written).toHaveLength(3);
  });

  /**
   * 500 messages at 20 a second to a gateway that is so far away: when each arrived there. Each takes its own time in
   * both directions, so they also overtake one another. A message counts from its ACK, or from so long after its leaving if that is sooner.
   */
  async function arrivalsOf(transitMs: () => number, countedAfterMs = Number.POSITIVE_INFINITY): Promise<number[]> {
    const { deliveries, peer, fill } = openDeliveries(64, smsOnly(20));
    const arrivals: number[] = [];
    peer.onWrite = ({ serial }) => {
      const outMs = transitMs();
      setTimeout(() => arrivals.push(performance.now()), outMs);
      setTimeout(() => deliveries.acknowledge(serial, '0'), Math.min(outMs + transitMs(), countedAfterMs));
    };
    for (let sent = 0; arrivals.length < 500; await vi.advanceTimersByTimeAsync(1)) sent += fill('SMS', 500 - sent);
    return arrivals.sort((a, b) => a - b);
  }

  /** Without the first second's worth, which leaves at once and would flatter a short run. */
  function shareOfLimit(arrivals: readonly number[]): number {
    const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1_000;
    return (arrivals.length - 20) / (20 * seconds);
  }

  it.each([
    { transitMs: 0, share: 0.99 },
    { transitMs: 1, share: 0.99 },
    { transitMs: 10, share: 0.97 },
    { transitMs: 24, share: 0.95 },
    { transitMs: 50, share: 0.9 },
    { transitMs: 100, share: 0.82 },
  ])('is never passed by a gateway $transitMs ms away, and used but for the round trip', async (far) => {
    const arrivals = await arrivalsOf(() => far.transitMs);
    expect(mostInASecond(arrivals)).toBe(20);
    expect(shareOfLimit(arrivals)).toBeGreaterThanOrEqual(far.share);
  });

  const seeds = [1, 2, 3, 4, 5];

  it.each(seeds)('is never passed where each message takes up to 20 ms of its own (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const arrivals = await arrivalsOf(() => random(21));
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(20);
    expect(shareOfLimit(arrivals)).toBeGreaterThanOrEqual(0.95);
  });

  it.each(seeds)('is never passed where each message takes up to 200 ms of its own (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const arrivals = await arrivalsOf(() => random(201));
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(20);
    expect(shareOfLimit(arrivals)).toBeGreaterThanOrEqual(0.8);
  });

  it.each(seeds)('is never passed where one message in twenty takes 90 ms (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const arrivals = await arrivalsOf(() => (random(20) === 0 ? 90 : 1));
    expect(mostInASecond(arrivals)).toBeLessThanOrEqual(20);
    expect(shareOfLimit(arrivals)).toBeGreaterThanOrEqual(0.95);
  });

  it.each([0, 40])(
    'would be passed there if a message counted from %i ms after its leaving at the latest',
    async (countedAfterMs) => {
      for (const most of [200, 90]) {
        const random = createRandom(1);
        const transitMs = () => (most === 200 ? random(201) : random(20) === 0 ? 90 : 1);
        expect(mostInASecond(await arrivalsOf(transitMs, countedAfterMs))).toBeGreaterThan(20);
      }
    },
  );

  it.each(seeds)(
    'is never passed at the gateway after a raise or a fall, however it jitters (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const { deliveries, peer, fill } = openDeliveries(64, smsOnly(5));
      const arrivals: { readonly atMs: number; readonly leftAtMs: number }[] = [];
      peer.onWrite = ({ serial, atMs: leftAtMs }) => {
        setTimeout(() => {
          arrivals.push({ atMs: performance.now(), leftAtMs });
          setTimeout(() => deliveries.acknowledge(serial, '0'), random(201));
        }, random(201));
      };
      for (const tps of [5, 20, 5, 80, 5]) {
        deliveries.retune(smsOnly(tps));
        const sinceMs = performance.now();
        for (let ms = 0; ms < 5_000; ms++) {
          fill('SMS');
          await vi.advanceTimersByTimeAsync(1);
        }
        // What was on its way when the limit fell could not know it.
        const under = arrivals.filter(({ leftAtMs }) => leftAtMs >= sinceMs);
        expect(under.length).toBeGreaterThan(tps * 5 * 0.6);
        for (const { atMs } of under) {
          const within = arrivals.filter((other) => other.atMs <= atMs && atMs - other.atMs < 1_000).length;
          expect(within).toBeLessThanOrEqual(tps);
        }
      }
    },
  );

  it('is never passed in any second while it goes from 80 to 5 and back under load', async () => {
    const { deliveries, written, fill } = openDeliveries(64, smsOnly(80));
    const limits: { readonly fromMs: number; readonly tps: number }[] = [{ fromMs: performance.now(), tps: 80 }];
    let answered = 0;
    for (let tick = 0; tick < 1_500; tick++) {
      if (tick === 500 || tick === 1_000) {
        const tps = tick === 500 ? 5 : 80;
        deliveries.retune(smsOnly(tps));
        limits.push({ fromMs: performance.now(), tps });
      }
      fill('SMS');
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
    expect(sentIn(0, 5_000)).toBeGreaterThanOrEqual(5 * 76);
    expect(sentIn(5_000, 10_000)).toBeGreaterThanOrEqual(15);
    expect(sentIn(10_000, 15_000)).toBeGreaterThanOrEqual(5 * 76);
  });
});

describe('the lanes', () => {
  it('each keep to their own TPS, all at once', async () => {
    const tps: Tps = { SMS: 80, LONG: 30, KAKAO: 7 };
    const lanes = Object.keys(tps) as Lane[];
    const { deliveries, peer, written, fill } = openDeliveries(64, tps);
    peer.onWrite = ({ serial }) => setTimeout(() => deliveries.acknowledge(serial, '0'), 5);
    for (let tick = 0; tick < 1_000; tick++) {
      for (const lane of lanes) fill(lane);
      await vi.advanceTimersByTimeAsync(10);
    }
    for (const lane of lanes) {
      const moments = written.filter(({ serial }) => serial.startsWith(lane)).map(({ atMs }) => atMs);
      expect(mostInASecond(moments)).toBe(tps[lane]);
      expect(moments.length).toBeGreaterThanOrEqual(tps[lane] * 10 * 0.95);
    }
  });

  it('do not wait for one another: what has no TPS left holds nobody back', async () => {
    const { deliveries, written, outcomes, submit } = openDeliveries(8, { SMS: 80, LONG: 0, KAKAO: 1 });
    expect([deliveries.vacancies('SMS'), deliveries.vacancies('LONG'), deliveries.vacancies('KAKAO')]).toEqual([
      8, 0, 1,
    ]);
    for (let i = 0; i < 8; i++) submit(`LONG${i}`, 'LONG');
    for (let i = 0; i < 8; i++) submit(`KAKAO${i}`, 'KAKAO');
    expect(deliveries.vacancies('SMS')).toBe(7);
    for (let i = 0; i < 7; i++) submit(`SMS${i}`);
    await vi.advanceTimersByTimeAsync(1);
    expect(written.map(({ serial }) => serial)).toEqual(['KAKAO0', ...Array.from({ length: 7 }, (_, i) => `SMS${i}`)]);
    await vi.advanceTimersByTimeAsync(NGS_TIMINGS.queueTimeoutMs);
    expect(outcomes.get('LONG0')).toEqual({ kind: 'NOT_SENT', reason: 'NO_ROOM' });
    expect(written.some(({ serial }) => serial.startsWith('LONG'))).toBe(false);
  });

  it('begin to move when EVENT 1 gives them a TPS', async () => {
    const { deliveries, written, submit } = openDeliveries(8, smsOnly(80));
    submit('A', 'LONG');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(written).toEqual([]);
    deliveries.retune({ SMS: 80, LONG: 1, KAKAO: 0 });
    await vi.advanceTimersByTimeAsync(1);
    expect(written.map(({ serial }) => serial)).toEqual(['A']);
  });

  it('take one FIFO: what comes first leaves first, also where another lane has more room', async () => {
    const { written, submit } = openDeliveries(2, { SMS: 80, LONG: 80, KAKAO: 80 });
    submit('A', 'LONG');
    submit('B', 'KAKAO');
    submit('C', 'SMS');
    await vi.advanceTimersByTimeAsync(1);
    expect(written.map(({ serial }) => serial)).toEqual(['A', 'B']);
  });
});

describe('the writes', () => {
  it('are one for all that a turn submits, and one for all that waited for the same moment', async () => {
    const { deliveries, writes, written, submit } = openDeliveries(16, smsOnly(80));
    for (let i = 0; i < 10; i++) submit(`A${i}`);
    await vi.advanceTimersByTimeAsync(1);
    expect(writes).toEqual([10]);
    for (let i = 0; i < 10; i++) submit(`B${i}`);
    await vi.advanceTimersByTimeAsync(1);
    expect(writes).toEqual([10, 6]);
    // Their ACKs, that come in one chunk, make room for the rest at once.
    for (let i = 0; i < 10; i++) deliveries.acknowledge(`A${i}`, '0');
    await vi.advanceTimersByTimeAsync(1);
    expect(writes).toEqual([10, 6, 4]);
    expect(written).toHaveLength(20);
  });
});

describe('a line that is slow to leave', () => {
  it('is given no more until it has drained, so that no ACK is awaited for what is still here', async () => {
    const { deliveries, line, written, unanswered, submit } = openDeliveries(16, { SMS: 80, LONG: 30, KAKAO: 30 });
    for (const serial of ['A', 'B', 'C']) submit(serial, 'LONG', 200 * 1024);
    await vi.advanceTimersByTimeAsync(1);
    expect(written.map(({ serial }) => serial)).toEqual(['A', 'B']);
    line.held = 300 * 1024;
    submit('D');
    await vi.advanceTimersByTimeAsync(4_000);
    expect(written).toHaveLength(2);
    line.held = 0;
    deliveries.drained();
    await vi.advanceTimersByTimeAsync(1);
    expect(written.map(({ serial }) => serial)).toEqual(['A', 'B', 'C', 'D']);
    expect(unanswered).toEqual([]);
  });
});
