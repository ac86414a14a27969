/** The simulators of a load, in a process of their own, so that the load's heap is the gateway's: started by messaging-load.ts. */
import { createNgsSimulator } from '../src/simulators/ngs/simulator.ts';
import { createSensSimulator } from '../src/simulators/sens/simulator.ts';

/** What both sides call one another. */
export const account = {
  callerNumber: '15880000',
  ngs: { id: 'bench', password: 'bench' },
  sens: { serviceId: 'ncp:sms:kr:1:bench', accessKey: 'AK', secretKey: 'SK' },
};

export interface SimulatorsReady {
  readonly ngsHost: string;
  readonly ngsPort: number;
  readonly sensUrl: string;
}

export interface Taken {
  /** Different texts that a simulator took. */
  readonly once: number;
  /** Texts that one took again. */
  readonly again: number;
}

if (process.send !== undefined) {
  const registeredNumbers = [account.callerNumber];
  const ngs = createNgsSimulator({ ...account.ngs, registeredNumbers, reportDelayMs: 200, tps: { sms: 9_999 } });
  const sens = createSensSimulator({ ...account.sens, registeredNumbers, deliverAfterMs: 200 });
  const [{ host, port }, { url }] = await Promise.all([ngs.start(), sens.start()]);

  // The ledgers are bounded, so what they took is counted as it goes.
  const texts = new Set<string>();
  let again = 0;
  let seen = 0;
  const count = (): Taken => {
    let newest = seen;
    for (const ledger of [ngs.ledger, sens.ledger]) {
      for (const { outcome, event, fields, sequence } of ledger.entries({ since: seen })) {
        newest = Math.max(newest, sequence);
        if (outcome !== 'TAKEN' || (event !== 'DELIVER' && event !== 'POST messages')) continue;
        const text = String(fields?.['text'] ?? fields?.['content'] ?? '');
        if (texts.has(text)) again += 1;
        texts.add(text);
      }
    }
    seen = newest;
    return { once: texts.size, again };
  };
  setInterval(count, 10_000);
  process.on('message', () => process.send?.(count()));
  process.on('disconnect', () => process.exit(0));
  process.send({ ngsHost: host, ngsPort: port, sensUrl: url } satisfies SimulatorsReady);
}
