/** cancelRemittance: asks the provider to take a transfer back. Whatever it answers, how the transfer stands is read. */
import type { Clock } from '../clock.ts';
import { GatewayError, ProviderUnavailable } from '../errors.ts';
import type { Tenant } from '../tenant.ts';
import type { RemittanceProvider } from './provider.ts';
import { invalid, providerOrRefusal, refuseOtherPartner, unknownId, withSubject } from './refusal.ts';
import { isOver, type Remittance } from './transfer.ts';
import type { RemittanceStore } from './transfer-store.ts';

/** `id`: our own, not the global one. @throws GatewayError, with a subject where the provider was asked. */
export type CancelRemittance = (tenant: Tenant, id: string) => Promise<Remittance>;

export function createRemittanceCanceller(options: {
  readonly remittances: RemittanceStore;
  readonly provider: RemittanceProvider | undefined;
  readonly clock: Clock;
}): CancelRemittance {
  const { remittances, clock } = options;
  return async (tenant, id) => {
    const key = remittances.key(tenant.id, id);
    const [remittance] = await remittances.load([key]);
    if (remittance === undefined) throw unknownId(['id']);
    const { state, corridor, transferId, fault } = remittance;
    if (state === 'CANCELED') return remittance;
    refuseOtherPartner(remittance, options.provider, ['id']);
    if (isOver(state) || state === 'COMPLETE') {
      throw invalid(['id'], 'TOO_LATE', `It can no longer be cancelled (${state}). 취소할 수 없는 상태입니다.`);
    }
    if (corridor === 'INBOUND') {
      throw invalid(['id'], 'NOT_FOR_CORRIDOR', 'The provider cancels OUTBOUND transfers only.');
    }
    const subject = { type: 'Remittance', id } as const;
    if (transferId === undefined) {
      throw new ProviderUnavailable(
        'Nobody can say yet whether there is a transfer to cancel; it is being looked up.',
        {
          outcome: 'NOT_ACCEPTED',
          subject,
          ...(fault !== undefined && { origin: fault }),
        },
      );
    }
    const askedAt = clock.now();
    try {
      const transfer = await providerOrRefusal(options.provider).cancelTransfer(transferId);
      const read = await remittances.record(key, { type: 'READ', at: clock.now(), askedAt, transfer });
      return read ?? remittance;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      await remittances.record(key, { type: 'LOOK_DUE', at: clock.now() });
      throw withSubject(error, subject);
    }
  };
}
