/**
 * sendRemittance: stored with its key and its external id before the provider is called, and called once. Once it is stored
 * the answer is the remittance, whatever became of the call.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { crashPoint } from '../crash-points.ts';
import { GatewayError } from '../errors.ts';
import {
  assertSameInput,
  fingerprintOf,
  type IdempotencyRecord,
  idempotencyKey,
  idempotencyKeyProblem,
  idempotencyTtlMs,
  useOf,
} from '../idempotency.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { externalUserId, type Tenant } from '../tenant.ts';
import { textProblem } from './input.ts';
import type { RemittanceProvider } from './provider.ts';
import { amountProblems, type QuoteInput, type Quotes, quoteProblems } from './quote.ts';
import {
  faultOf,
  invalid,
  isUncertain,
  providerOrRefusal,
  refuse,
  refuseOtherPartner,
  takenExternalId,
  unknownId,
} from './refusal.ts';
import { abandonedAfterMs } from './register.ts';
import type { Remittance, TransferEvidence } from './transfer.ts';
import type { RemittanceStore } from './transfer-store.ts';
import { createTurns } from './turns.ts';

export interface SendInput extends QuoteInput {
  readonly idempotencyKey: string;
  /** 1 to 100 characters; a tenant's own name of it, used once. */
  readonly externalId: string;
  readonly quoteId: string;
}

/** @throws GatewayError where nothing was stored and nothing left. */
export type SendRemittance = (tenant: Tenant, input: SendInput) => Promise<Remittance>;

export interface SendRemittanceOptions {
  readonly store: Store;
  readonly remittances: RemittanceStore;
  readonly quotes: Quotes;
  readonly provider: RemittanceProvider | undefined;
  readonly clock: Clock;
}

export function createRemittanceSender(options: SendRemittanceOptions): SendRemittance {
  const { store, remittances, quotes, clock } = options;
  const inTurn = createTurns();

  async function send(tenant: Tenant, input: SendInput, recordKey: string): Promise<Remittance> {
    const { idempotencyKey: _key, ...canonical } = input;
    const fingerprint = fingerprintOf(store, canonical);
    for (;;) {
      const used = await useOf(store, recordKey);
      if (used !== undefined) {
        assertSameInput(used, fingerprint);
        const [remittance] = await remittances.load([used.subjectKey]);
        if (remittance === undefined) throw new Error('An idempotency record outlived its remittance.');
        return remittance;
      }
      const provider = providerOrRefusal(options.provider);
      const remittance = await compose(tenant, input, provider);
      if (await quotes.isUsed(tenant, input.quoteId)) {
        // By a twin of this call, whose key stands since then.
        if ((await store.get(recordKey)) !== undefined) continue;
        const message = 'The quote was used; ask for another. 이미 사용된 견적입니다.';
        throw invalid(['input', 'quoteId'], 'USED', message);
      }
      const subjectKey = remittances.key(tenant.id, remittance.id);
      const record: IdempotencyRecord = { subjectKey, firstUsedAt: remittance.createdAt, fingerprint };
      const use = quotes.useOf(tenant, input.quoteId, subjectKey);
      const created = await remittances.create(remittance, {
        expect: [{ key: recordKey, version: 0 }, ...use.expect],
        put: [{ key: recordKey, value: record, ttlMs: idempotencyTtlMs }, ...use.put],
      });
      if (created === 'TAKEN') throw takenExternalId();
      if (created === 'STORED') return callOnce(provider, subjectKey, remittance);
    }
  }

  /** @throws InvalidInput */
  async function compose(tenant: Tenant, input: SendInput, provider: RemittanceProvider): Promise<Remittance> {
    const { user, recipient } = await quotes.pair(tenant, input);
    const quote = await quotes.load(tenant, input.quoteId);
    const createdAt = clock.now();
    if (quote === undefined) throw unknownId(['input', 'quoteId']);
    refuseOtherPartner(quote, provider, ['input', 'quoteId']);
    refuse(quoteProblems(input, quote, createdAt));
    const { idempotencyKey: _key, ...asked } = input;
    const giveUpAt = createdAt + provider.callTimeoutMs + abandonedAfterMs;
    return {
      ...asked,
      id: randomUUID(),
      tenant: tenant.id,
      provider: provider.provider,
      account: provider.account,
      partner: provider.partner,
      providerExternalId: externalUserId(tenant, input.externalId),
      providerUserId: user.providerId,
      providerRecipientId: recipient.providerId,
      ...(quote.rateListId !== undefined && { rateListId: quote.rateListId }),
      state: 'UNCONFIRMED',
      createdAt,
      isSettled: false,
      giveUpAt,
      lookAt: giveUpAt,
    };
  }

  async function callOnce(provider: RemittanceProvider, key: string, remittance: Remittance): Promise<Remittance> {
    crashPoint('remittance.stored');
    const evidence = await call(provider, remittance);
    crashPoint('remittance.answered');
    try {
      return (await remittances.record(key, evidence)) ?? remittance;
    } catch (error) {
      // It is stored as UNCONFIRMED, and is looked up when the store is back.
      if (error instanceof StoreUnavailable) return remittance;
      throw error;
    }
  }

  async function call(provider: RemittanceProvider, remittance: Remittance): Promise<TransferEvidence> {
    const { corridor, providerUserId, providerRecipientId, providerExternalId, rateListId } = remittance;
    const { receiveAmount, receiveCurrency } = remittance;
    const askedAt = clock.now();
    try {
      const transfer = await provider.transfer(corridor, {
        userId: providerUserId,
        recipientId: providerRecipientId,
        externalId: providerExternalId,
        receiveAmount,
        receiveCurrency,
        rateListId,
      });
      return { type: 'READ', at: clock.now(), askedAt, transfer };
    } catch (error) {
      // Anything else is a bug, after which nobody can say: it is looked up.
      if (!(error instanceof GatewayError)) throw error;
      const at = clock.now();
      return { type: isUncertain(error) ? 'LOST' : 'REFUSED', at, fault: faultOf(error, at) };
    }
  }

  return async (tenant, input) => {
    refuse([
      ...[idempotencyKeyProblem(input.idempotencyKey) ?? []].flat(),
      ...textProblem(['input', 'externalId'], input.externalId, 100),
      ...amountProblems(input),
    ]);
    const recordKey = idempotencyKey(store, tenant.id, 'sendRemittance', input.idempotencyKey);
    return inTurn(recordKey, () => send(tenant, input, recordKey));
  };
}
