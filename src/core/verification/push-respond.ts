/** respondToPushApproval: what the person decided on their device, handed on to the provider before it counts here. */
import type { Clock } from '../clock.ts';
import { InvalidInput, ProviderUnavailable, storeUnavailable } from '../errors.ts';
import { StoreUnavailable } from '../store.ts';
import type { PushDecision, VerificationProvider } from './provider.ts';
import type { PushApproval } from './push-approval.ts';
import { providerOrRefusal } from './push-request.ts';
import type { PushStore } from './push-store.ts';

/**
 * The approval as it then stands, which is the decision's. @throws InvalidInput where there is none, or it was decided
 * otherwise; GatewayError of the provider's.
 */
export type RespondToPush = (tenant: string, id: string, decision: PushDecision) => Promise<PushApproval>;

export function createPushResponder(options: {
  readonly approvals: PushStore;
  readonly provider: VerificationProvider | undefined;
  readonly clock: Clock;
}): RespondToPush {
  const { approvals, clock } = options;

  async function respond(tenant: string, id: string, decision: PushDecision): Promise<PushApproval> {
    const provider = providerOrRefusal(options.provider);
    if (provider.respondToPush === undefined) {
      throw new ProviderUnavailable("SecureKey's path for it is not public: set SECUREKEY_PUSH_RESPOND_PATH.", {
        code: 'PROVIDER_DISABLED',
        outcome: 'NOT_ACCEPTED',
      });
    }
    const key = approvals.key(tenant, id);
    // Where the deadline has passed and nobody has looked yet, this is who looks.
    const recorded = await approvals.record(key, { type: 'DEADLINE', at: clock.now() });
    if (recorded === undefined) throw invalid('id', 'NOT_FOUND', 'There is no such approval.');
    const { approval } = recorded;
    if (approval.state !== 'PENDING') return decided(approval, decision);
    if (approval.requestId === undefined) throw withoutRequest(approval, clock.now());
    await provider.respondToPush({ requestId: approval.requestId, decision });
    const at = clock.now();
    const answered = await approvals.record(key, { type: 'DECIDED', at, state: decision, via: 'RESPONSE' });
    return decided(answered?.approval ?? approval, decision);
  }

  return (tenant, id, decision) =>
    respond(tenant, id, decision).catch((error) => {
      throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
    });
}

/** Saying once more what was decided changes nothing, and is no failure. */
function decided(approval: PushApproval, decision: PushDecision): PushApproval {
  if (approval.state === decision) return approval;
  throw invalid('decision', 'ALREADY_DECIDED', `It is ${approval.state} already.`);
}

function withoutRequest({ delivery }: PushApproval, now: number): InvalidInput | ProviderUnavailable {
  if (delivery !== 'SENDING')
    return invalid('id', 'NOT_SENT', `Its prompt is ${delivery}: the provider knows of none.`);
  const detail = { outcome: 'NOT_ACCEPTED', retryAt: now + 1_000 } as const;
  return new ProviderUnavailable('Its prompt is on its way to the provider; ask again in a moment.', detail);
}

const invalid = (field: string, rule: string, message: string): InvalidInput =>
  new InvalidInput([{ path: ['input', field], rule, message }]);
