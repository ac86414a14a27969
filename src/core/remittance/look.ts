/**
 * Reading what became of a remittance: by the provider's id of it, or among its transfers where that was lost. Only what is
 * read changes anything, and a transfer that is, or could be, another remittance's is never taken for this one.
 */
import type { Clock } from '../clock.ts';
import type { RemittanceProvider } from './provider.ts';
import { createTransferSearch } from './search.ts';
import { isSending, type Remittance } from './transfer.ts';
import type { RemittanceStore } from './transfer-store.ts';

/**
 * As it stands after; undefined where there is no such record. @throws GatewayError where the provider does not say:
 * then nothing changed.
 */
export type LookAtTransfer = (key: string) => Promise<Remittance | undefined>;

export function createTransferLook(options: {
  readonly remittances: RemittanceStore;
  readonly provider: RemittanceProvider;
  readonly clock: Clock;
}): LookAtTransfer {
  const { remittances, provider, clock } = options;
  const search = createTransferSearch(options);

  return async (key) => {
    const [remittance] = await remittances.load([key]);
    // The ids of another partner's are other people's here.
    if (remittance === undefined || remittance.partner !== provider.partner) return remittance;
    const askedAt = clock.now();
    // Its answer is still to come, and says more than a look.
    if (isSending(remittance, askedAt)) return remittance;
    const { corridor, transferId } = remittance;
    if (transferId === undefined) {
      const found = await search(remittance);
      return found ?? remittances.record(key, { type: 'NOT_READ', at: clock.now() });
    }
    const transfer = await provider.lookUpTransfer(corridor, transferId);
    const at = clock.now();
    const read = transfer && (await remittances.record(key, { type: 'READ', at, askedAt, transfer }));
    return read ?? remittances.record(key, { type: 'NOT_READ', at });
  };
}
