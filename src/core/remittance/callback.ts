/**
 * What a callback about a transfer does: has the transfer read. It names a state, but whoever learned the token of the
 * account can send one, so what it claims is never stored.
 */
import type { Clock } from '../clock.ts';
import { GatewayError } from '../errors.ts';
import type { WebhookEffect, WebhookSource, WebhookSubject } from '../webhooks/source.ts';
import type { LookAtTransfer } from './look.ts';
import type { RemittanceProvider } from './provider.ts';
import type { RemittanceStore } from './transfer-store.ts';

export function createTransferCallbackEffect(options: {
  readonly remittances: RemittanceStore;
  /** Undefined, as `look`, where the provider has no settings. */
  readonly provider: RemittanceProvider | undefined;
  readonly look: LookAtTransfer | undefined;
  readonly clock: Clock;
}): WebhookEffect {
  const { remittances, provider: partnerSide, look, clock } = options;

  async function keyOf({ account }: WebhookSource, subject: WebhookSubject): Promise<string | undefined> {
    if (subject.type !== 'TRANSFER_CHANGED' || partnerSide === undefined) return undefined;
    return remittances.keyOfExternal({ provider: 'SENTBE', account, partner: partnerSide.partner }, subject.externalId);
  }

  return {
    async ownerOf(source, subject) {
      const key = await keyOf(source, subject);
      const [remittance] = key === undefined ? [] : await remittances.load([key]);
      return remittance?.tenant;
    },
    async apply(source, subject) {
      const key = await keyOf(source, subject);
      if (key === undefined) return 'UNMATCHED';
      try {
        await look?.(key);
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        // The provider does not say now: the sweeper asks until it does.
        await remittances.record(key, { type: 'LOOK_DUE', at: clock.now() });
      }
      return 'APPLIED';
    },
  };
}
