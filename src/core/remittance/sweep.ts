/**
 * What happens to remittances by the passing of time: each one that is open is read by one gateway at a time, less and less
 * often; one whose answer was lost for 72 hours, and is nowhere to be found, is left to the operator.
 */
import type { Clock } from '../clock.ts';
import { createDueWork, type DueWork } from '../due-work.ts';
import { GatewayError } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store.ts';
import type { LookAtTransfer } from './look.ts';
import type { RemittanceProvider } from './provider.ts';
import { isOver, type Remittance } from './transfer.ts';
import { type RemittanceStore, remittanceIndex } from './transfer-store.ts';

/** The most calls that one look makes: a search goes through pages. */
const maxCallsPerLook = 61;

export function createRemittanceSweep(options: {
  readonly store: Store;
  readonly remittances: RemittanceStore;
  readonly provider: RemittanceProvider;
  readonly look: LookAtTransfer;
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
}): DueWork {
  const { store, remittances, look, clock, log, everyMs } = options;
  const { provider, account, callTimeoutMs } = options.provider;
  const index = remittanceIndex.looks(options.provider);
  let failing = false;

  async function work(key: string): Promise<void> {
    const remittance = await read(key);
    if (remittance === undefined) return void (await store.write({ index: [{ index, key, remove: true }] }));
    const { lookAt, state, id, tenant } = remittance;
    if (lookAt !== undefined || isOver(state) || state === 'COMPLETE') return;
    // Nobody looks any more: only a callback, or a person, will tell.
    log.warn('remittance.given-up', { provider, account, tenant, state, remittanceId: id });
  }

  async function read(key: string): Promise<Remittance | undefined> {
    try {
      const remittance = await look(key);
      failing = false;
      return remittance;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      // Once an outage: each look is tried again by itself.
      if (!failing) log.warn('remittance.look-failed', { provider, account, error });
      failing = true;
      return remittances.record(key, { type: 'NOT_READ', at: clock.now() });
    }
  }

  const holdMs = callTimeoutMs * maxCallsPerLook;
  return createDueWork({ store, clock, log, tasks: [{ index, work, holdMs }], everyMs });
}
