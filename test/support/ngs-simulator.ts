/** A NGS simulator for one test: its clock stands still unless the test moves it, while its timers are real. */
import { onTestFinished } from 'vitest';
import { createNgsSimulator, type NgsSimulatorOptions } from '../../src/simulators/ngs/simulator.ts';
import { ACCOUNT } from './ngs-sim-client.ts';

const START = Date.parse('2026-03-02T03:04:05.678Z');

export async function startNgsSimulator(options: Partial<NgsSimulatorOptions> = {}) {
  const clock = { at: START, now: () => clock.at, monotonicMs: () => clock.at };
  const simulator = createNgsSimulator({
    ...ACCOUNT,
    registeredNumbers: ['15880000'],
    clock,
    reportDelayMs: 1,
    loginDeadlineMs: 20_000,
    ...options,
  });
  onTestFinished(() => simulator.stop());
  const { port } = await simulator.start();
  const events = (event: string) => simulator.ledger.entries({ event });
  return { simulator, clock, port, events };
}
