/**
 * The passkey service over a real store, a clock of the test's own, and a provider that says yes to everything: what is
 * refused all the same, the gateway itself refused.
 */
import { randomBytes } from 'node:crypto';
import type { Store } from '../../src/core/store.ts';
import type { Tenant } from '../../src/core/tenant.ts';
import { createPasskeyService } from '../../src/core/verification/passkey.ts';
import { scriptedVerification, type VerificationScript } from './scripted-verification.ts';
import {
  type AuthenticationCeremony,
  createSoftwareAuthenticator,
  type RegistrationCeremony,
} from './software-authenticator.ts';
import { temporaryStore } from './temporary-store.ts';

export const shop: Tenant = { id: 'shop', callerNumbers: [], keys: [] };
export const kim = { userId: 'kim' };
const origin = 'http://localhost:5000';

/** What a provider gives that knows one credential. */
export function optionsScript(): VerificationScript {
  const challenge = () => randomBytes(32).toString('base64url');
  return {
    passkeyRegistrationOptions: async ({ userId, userName }) => ({
      rp: { id: 'localhost', name: 'Shop' },
      user: { id: Buffer.from(userId).toString('base64url'), name: userName, displayName: userName },
      challenge: challenge(),
      pubKeyCredParams: [-7, -257].map((alg) => ({ type: 'public-key', alg })),
    }),
    passkeyAuthenticationOptions: async () => ({ rpId: 'localhost', challenge: challenge() }),
  };
}

/** `store`: else one of the test's own. */
export async function startPasskeyCore(
  script: VerificationScript = {},
  { origins, store: given }: { origins?: readonly string[]; store?: Store } = {},
) {
  const provider = scriptedVerification({ ...optionsScript(), ...script });
  const store = given ?? (await temporaryStore());
  let now = Date.UTC(2026, 0, 1);
  const clock = { now: () => now, monotonicMs: () => now };
  const service = createPasskeyService({ store, clock, provider, origins });
  const authenticator = createSoftwareAuthenticator();

  const beginRegistration = (tenant: Tenant = shop, { userId } = kim) =>
    service.beginRegistration(tenant, { userId, userName: 'kim@shop.example' });

  async function created(ceremony: Partial<RegistrationCeremony> = {}) {
    return authenticator.create(await beginRegistration(), { origin, ...ceremony });
  }

  async function registered(ceremony: Partial<RegistrationCeremony> = {}) {
    const credential = await created(ceremony);
    const passkey = await service.register(shop, { ...kim, credential, deviceName: 'Chrome' });
    // From now on the provider names it, as one that knows the user does.
    const { passkeyAuthenticationOptions: ask } = optionsScript();
    const allowCredentials = [{ type: 'public-key', id: credential.id }];
    provider.script.passkeyAuthenticationOptions = async (of) => ({ ...(await ask?.(of)), allowCredentials });
    return { passkey, credential };
  }

  async function got(ceremony: Partial<AuthenticationCeremony> = {}) {
    return authenticator.get(await service.beginAuthentication(shop, kim), { origin, ...ceremony });
  }

  return {
    service,
    provider,
    store,
    authenticator,
    origin,
    beginRegistration,
    created,
    registered,
    got,
    /** How often the provider was asked to judge. */
    judged: () => provider.callsOf('registerPasskey').length + provider.callsOf('authenticatePasskey').length,
    pass(ms: number) {
      now += ms;
    },
  };
}
