import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createExitGate, leaveExitGate, passExitGate, shutExitGate } from '../../src/store/exit-gate.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

describe('a process that ends in the middle of its writes', () => {
  it('ends with the code that was meant, every time', { timeout: 120_000 }, async () => {
    for (let round = 0; round < 3; round += 1) {
      const script = new URL('../support/exiting-writer.ts', import.meta.url);
      const child = fork(script, [await temporaryFolder()], { execArgv: ['--import', 'tsx'], stdio: 'ignore' });
      expect(await once(child, 'exit')).toEqual([7, null]);
    }
  });
});

describe('the gate of the writing thread', () => {
  it('lets nothing in once it was shut', () => {
    const gate = createExitGate();
    leaveExitGate(gate);
    let passed = 0;
    const pass = (): void =>
      passExitGate(gate, () => {
        passed += 1;
      });
    pass();
    expect(shutExitGate(gate, 0)).toBe(true);
    pass();
    expect(passed).toBe(1);
  });

  it('is not shut as long as somebody is inside, and says so', () => {
    const gate = createExitGate();
    expect(shutExitGate(gate, 10)).toBe(false);
    leaveExitGate(gate);
    passExitGate(gate, () => expect(shutExitGate(gate, 10)).toBe(false));
    expect(shutExitGate(gate, 10)).toBe(true);
  });
});
