/**
 * A provider that verifies people and answers as the test says: `script` may be changed at any time, and what it leaves
 * out succeeds. Every call is remembered, in order, with what it was given.
 */
import type { VerificationProvider } from '../../src/core/verification/provider.ts';

/** What can be asked of it, without how it is run. */
export type VerificationScript = Partial<
  Omit<VerificationProvider, 'provider' | 'account' | 'callTimeoutMs' | 'onChange' | 'stop'>
>;
type Method = Exclude<keyof VerificationScript, 'health' | undefined>;

export interface ScriptedVerification extends VerificationProvider {
  readonly script: { -readonly [Name in keyof VerificationScript]: VerificationScript[Name] };
  readonly calls: { readonly method: Method; readonly given: object }[];
  callsOf<Name extends Method>(method: Name): Parameters<NonNullable<VerificationProvider[Name]>>[0][];
  setHealthy(isHealthy: boolean): void;
}

export function scriptedVerification(first: VerificationScript = {}): ScriptedVerification {
  const script: ScriptedVerification['script'] = { ...first };
  const calls: ScriptedVerification['calls'] = [];
  const listeners = new Set<() => void>();
  let healthy = true;
  let pushes = 0;
  const verified = async () => ({ verified: true, expired: false });
  const passed = async () => ({ verified: true });
  const defaults: { readonly [Name in Method]: NonNullable<VerificationProvider[Name]> } = {
    sendSmsCode: async () => ({}),
    verifySmsCode: verified,
    sendEmailCode: async () => ({}),
    verifyEmailCode: verified,
    setUpTotp: async ({ accountName }) => ({
      uri: `otpauth://totp/${encodeURIComponent(accountName)}?secret=JBSWY3DPEHPK3PXP`,
      qrCodeDataUrl: 'data:image/png;base64,iVBORw0KGgo=',
    }),
    verifyTotp: verified,
    passkeyRegistrationOptions: async ({ userId }) => ({ challenge: 'AAAA', user: { id: userId } }),
    registerPasskey: passed,
    passkeyAuthenticationOptions: async () => ({ challenge: 'AAAA' }),
    authenticatePasskey: passed,
    registerPushDevice: async () => {},
    sendPush: async () => {
      pushes += 1;
      return { requestId: `push-${pushes}` };
    },
    pushAnswer: async () => 'PENDING',
    respondToPush: async () => {},
  };

  function asked<Name extends Method>(method: Name): NonNullable<VerificationProvider[Name]> {
    const answer = async (given: object): Promise<unknown> => {
      calls.push({ method, given });
      const play = (script[method] ?? defaults[method]) as (given: object) => Promise<unknown>;
      return play(given);
    };
    return answer as NonNullable<VerificationProvider[Name]>;
  }

  return {
    provider: 'SECUREKEY',
    account: 'default',
    callTimeoutMs: 1_000,
    script,
    calls,
    callsOf: <Name extends Method>(method: Name) =>
      calls.filter((call) => call.method === method).map(({ given }) => given) as Parameters<
        NonNullable<VerificationProvider[Name]>
      >[0][],
    sendSmsCode: asked('sendSmsCode'),
    verifySmsCode: asked('verifySmsCode'),
    sendEmailCode: asked('sendEmailCode'),
    verifyEmailCode: asked('verifyEmailCode'),
    setUpTotp: asked('setUpTotp'),
    verifyTotp: asked('verifyTotp'),
    passkeyRegistrationOptions: asked('passkeyRegistrationOptions'),
    registerPasskey: asked('registerPasskey'),
    passkeyAuthenticationOptions: asked('passkeyAuthenticationOptions'),
    authenticatePasskey: asked('authenticatePasskey'),
    registerPushDevice: asked('registerPushDevice'),
    sendPush: asked('sendPush'),
    pushAnswer: asked('pushAnswer'),
    respondToPush: asked('respondToPush'),
    health: () =>
      script.health?.() ?? {
        provider: 'SECUREKEY',
        account: 'default',
        configured: true,
        healthy,
        simulated: false,
      },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setHealthy(isHealthy) {
      healthy = isHealthy;
      for (const listener of listeners) listener();
    },
    async stop() {},
  };
}
