import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { ReceivedReport } from '../../../src/core/provider.ts';
import { createNgsProvider } from '../../../src/providers/ngs/provider.ts';
import { createNgsSimulator } from '../../../src/simulators/ngs/simulator.ts';
import { until } from '../../support/until.ts';
import { SMS } from './account.ts';

/** The simulator reads the document on its own and refuses what breaks it, so this is a second opinion on all of it. */
async function openSimulated(tps: number) {
  const simulator = createNgsSimulator({
    id: 'testid',
    password: 'testpwd',
    registeredNumbers: [SMS.from],
    reportDelayMs: 1,
    tps: { sms: tps },
  });
  const { host, port } = await simulator.start();
  const reports: ReceivedReport[] = [];
  const provider = createNgsProvider({
    account: 'main',
    host,
    port,
    id: 'testid',
    password: 'testpwd',
    encrypted: false,
    senderCode: '101280092',
    simulated: true,
    log: silentLog,
    clock: systemClock,
  });
  onTestFinished(async () => {
    await provider.stop();
    await simulator.stop();
  });
  await provider.start({
    async receive(report) {
      reports.push(report);
    },
  });
  await until(() => provider.health().healthy);
  return { simulator, provider, reports };
}

describe('against the simulator, with the timings of the document', () => {
  it('sends what vacancies allow, above the TPS in no second, and gets every report once', async () => {
    const tps = 40;
    const count = 2 * tps;
    const { simulator, provider, reports } = await openSimulated(tps);
    const outcomes: string[] = [];
    let submitted = 0;
    await until(() => {
      for (let room = provider.vacancies(); room > 0 && submitted < count; room--, submitted++) {
        const reference = provider.newReference() ?? '';
        void provider
          .submit({ ...SMS, text: `${submitted}번째 문자` }, { reference, startedAt: systemClock.now() })
          .then(({ outcome }) => outcomes.push(outcome));
      }
      return outcomes.length === count && reports.length === count && simulator.waitingReports === 0;
    });
    expect(outcomes).toEqual(Array(count).fill('ACCEPTED'));
    expect(new Set(reports.map(({ serial }) => serial)).size).toBe(count);
    expect(reports.every(({ delivered }) => delivered)).toBe(true);
    const entries = simulator.ledger.entries({ limit: 10_000 });
    expect(entries.filter(({ outcome }) => outcome === 'REFUSED')).toEqual([]);
    expect(entries.filter(({ event, outcome }) => event === 'DELIVER' && outcome === 'TAKEN')).toHaveLength(count);
  });

  it('learns a new TPS by EVENT 1', async () => {
    const { simulator, provider } = await openSimulated(80);
    simulator.configure({ tps: { sms: 7 } });
    await until(() => provider.health().ngs?.smsTps === 7);
    expect(provider.vacancies()).toBe(7);
  });

  it('takes a kick right after BIND for a second login', async () => {
    const { simulator, provider } = await openSimulated(80);
    simulator.kick();
    await until(() => provider.health().ngs?.state === 'BACKING_OFF');
    const { detail = '', lastFault } = provider.health();
    const retryAt = Date.parse(/next login at (.*)$/.exec(detail)?.[1] ?? '');
    // The wait that was decided, not one that was measured; the two clocks differ by the rounding.
    expect(retryAt - (lastFault?.at ?? 0)).toBeGreaterThan(29_900);
  });
});
