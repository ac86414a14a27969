import { describe, expect, it } from 'vitest';
import { createWindow } from '../../../src/providers/ngs/window.ts';

const open = (capacity = 4) => createWindow<string>({ capacity, slowAckMs: 3_000 });

describe('the window of unanswered DELIVERs', () => {
  it('has room for its capacity, and gets it back by answers in any order', () => {
    const window = open();
    for (const serial of ['A', 'B', 'C', 'D']) window.add(serial, serial.toLowerCase(), 0);
    expect([window.free(), window.inFlight()]).toEqual([0, 4]);
    expect(window.settle('C', 1)).toBe('c');
    expect(window.settle('C', 1)).toBeUndefined();
    expect(window.settle('X', 1)).toBeUndefined();
    expect([window.free(), window.inFlight()]).toEqual([1, 3]);
  });

  it('knows which has waited longest', () => {
    const window = open();
    expect(window.oldestWrittenAtMs()).toBeUndefined();
    window.add('A', 'a', 10);
    window.add('B', 'b', 20);
    expect(window.oldestWrittenAtMs()).toBe(10);
    window.settle('A', 30);
    expect(window.oldestWrittenAtMs()).toBe(20);
  });

  it('gives all that is in flight back at once, in the order of writing', () => {
    const window = open();
    window.add('A', 'a', 0);
    window.add('B', 'b', 0);
    expect(window.drain()).toEqual(['a', 'b']);
    expect([window.free(), window.inFlight()]).toEqual([4, 0]);
  });

  it('shrinks by half at a slow answer, down to one, and grows again with quick ones', () => {
    const window = open(8);
    const answerAfter = (ms: number) => {
      window.add('A', 'a', 0);
      window.settle('A', ms);
      return window.free();
    };
    expect([answerAfter(3_001), answerAfter(3_001), answerAfter(9_999), answerAfter(9_999)]).toEqual([4, 2, 1, 1]);
    expect([answerAfter(3_000), answerAfter(1)]).toEqual([2, 3]);
  });

  it('grows into a large capacity by quick answers only', () => {
    const window = open(64);
    expect(window.free()).toBe(16);
    for (let i = 0; i < 100; i++) {
      window.add('A', 'a', 0);
      window.settle('A', 1);
    }
    expect(window.free()).toBe(64);
  });
});
