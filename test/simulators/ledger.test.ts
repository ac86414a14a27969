import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { createFaultList } from '../../src/simulators/faults.ts';
import { createLedger, mergeLedgers } from '../../src/simulators/ledger.ts';

describe('the ledger of a simulator', () => {
  it('keeps only its newest entries', () => {
    const ledger = createLedger({ provider: 'NGS', clock: systemClock, maxEntries: 100 });
    for (let i = 0; i < 1234; i += 1) ledger.record({ event: 'DELIVER', outcome: 'TAKEN', reference: String(i) });
    const kept = ledger.entries().map((entry) => entry.reference);
    expect(kept).toEqual(Array.from({ length: 100 }, (_, i) => String(1134 + i)));
    expect(ledger.clear()).toBe(100);
    expect(ledger.entries()).toEqual([]);
  });

  it('merges with others into the order in which things happened, and reads on without a gap', () => {
    const sens = createLedger({ provider: 'SENS', clock: systemClock });
    const ngs = createLedger({ provider: 'NGS', clock: systemClock });
    for (let i = 0; i < 30; i += 1) {
      (i % 3 === 0 ? sens : ngs).record({ event: 'x', outcome: 'TAKEN', reference: String(i) });
    }
    const seen: (string | undefined)[] = [];
    let since = 0;
    for (;;) {
      const page = mergeLedgers([ngs, sens], { since, limit: 7 });
      if (page.length === 0) break;
      seen.push(...page.map((entry) => entry.reference));
      since = page.at(-1)?.sequence ?? since;
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, i) => String(i)));
  });
});

describe('armed faults', () => {
  it('strike in the order in which they were armed, as often as asked, only at their point', () => {
    const faults = createFaultList();
    faults.arm({ provider: 'NGS', kind: 'drop', on: 'ack', count: 2 });
    faults.arm({ provider: 'NGS', kind: 'delay', on: 'ack', ms: 5 });
    faults.arm({ provider: 'NGS', kind: 'drop', on: 'report' });
    expect(faults.strike('send')).toBeUndefined();
    const kinds = Array.from({ length: 4 }, () => faults.strike('ack')?.kind);
    expect(kinds).toEqual(['drop', 'drop', 'delay', undefined]);
    expect(faults.list()).toMatchObject([{ id: 3, on: 'report', remaining: 1 }]);
    expect(faults.disarm(2)).toBe(0);
    expect(faults.disarm(3)).toBe(1);
  });

  it('wait for "after" passes from the moment of their arming, whatever else strikes meanwhile', () => {
    const faults = createFaultList();
    faults.arm({ provider: 'NGS', kind: 'drop', on: 'ack', count: 2 });
    faults.arm({ provider: 'NGS', kind: 'kick', on: 'ack', after: 4 });
    faults.arm({ provider: 'NGS', kind: 'split', on: 'ack', after: 3, count: 2 });
    faults.strike('send');
    const kinds = Array.from({ length: 8 }, () => faults.strike('ack')?.kind);
    expect(kinds).toEqual(['drop', 'drop', undefined, 'split', 'kick', 'split', undefined, undefined]);
  });
});
