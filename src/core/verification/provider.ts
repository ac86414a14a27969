/**
 * The port to a provider that verifies people: codes, authenticators, passkeys, push. No sockets here. Every call throws
 * one of MfaRequired, RateLimited, ProviderRejected or ProviderUnavailable for what the peer does, and nothing else; of
 * these only ProviderUnavailable with the outcome UNKNOWN means that the call may have had its effect.
 */
import type { Instant } from '../clock.ts';
import type { ProviderFault } from '../outcome.ts';
import type { ProviderHealth } from '../provider.ts';

/** How a code fared. A code that is wrong, used or late is no failure of the call. */
export interface CodeVerdict {
  readonly verified: boolean;
  /** The provider said that it is too late for any code. */
  readonly expired: boolean;
  readonly fault?: ProviderFault;
}

export interface SentCode {
  /** The provider's own name of this sending, where it gives one. */
  readonly requestId?: string;
  readonly expiresAt?: Instant;
}

/** Options or a credential as W3C WebAuthn JSON: every binary member in base64url without padding. */
export type WebAuthnJson = Readonly<Record<string, unknown>>;

export interface PasskeyVerdict {
  readonly verified: boolean;
  /** Where it was refused: the check that failed, upper snake case, as far as the provider names one. */
  readonly check?: string;
  readonly fault?: ProviderFault;
}

export type PushPlatform = 'IOS' | 'ANDROID';
export type PushDecision = 'APPROVED' | 'DENIED';
/** EXPIRED: the provider itself says that it is over. */
export type PushAnswer = 'PENDING' | PushDecision | 'EXPIRED';

/** One account of a provider that verifies people. `userId` is what the provider shall know the person by. */
export interface VerificationProvider {
  readonly provider: 'SECUREKEY';
  readonly account: string;
  /** The longest that a call takes: past it, an answer that was never stored is lost. */
  readonly callTimeoutMs: number;

  /** `phone`: national digits of a Korean mobile, or E.164 abroad. */
  sendSmsCode(to: { phone: string; purpose: string }): Promise<SentCode>;
  verifySmsCode(given: { phone: string; code: string }): Promise<CodeVerdict>;
  sendEmailCode(to: { email: string; purpose: string }): Promise<SentCode>;
  verifyEmailCode(given: { email: string; code: string }): Promise<CodeVerdict>;

  /** `qrCodeDataUrl`: an image of `uri` as `data:image/png;base64,…`. */
  setUpTotp(of: {
    userId: string;
    accountName: string;
    issuer?: string | undefined;
  }): Promise<{ uri: string; qrCodeDataUrl: string }>;
  verifyTotp(given: { userId: string; code: string }): Promise<CodeVerdict>;

  /** PublicKeyCredentialCreationOptionsJSON. */
  passkeyRegistrationOptions(of: { userId: string; userName: string }): Promise<WebAuthnJson>;
  registerPasskey(given: {
    userId: string;
    credential: WebAuthnJson;
    deviceName?: string | undefined;
  }): Promise<PasskeyVerdict>;
  /** PublicKeyCredentialRequestOptionsJSON. */
  passkeyAuthenticationOptions(of: { userId: string }): Promise<WebAuthnJson>;
  authenticatePasskey(given: { userId: string; credential: WebAuthnJson }): Promise<PasskeyVerdict>;

  registerPushDevice(of: {
    userId: string;
    fcmToken: string;
    platform: PushPlatform;
    deviceName?: string | undefined;
  }): Promise<void>;
  /** `requestId`: by which the provider's webhook and `pushAnswer` name it. */
  sendPush(of: { userId: string; title: string; body?: string | undefined }): Promise<{ requestId: string }>;
  /** Asks what became of it. Takes its place in the budget of polls, and throws RateLimited where there is none. */
  pushAnswer(of: { requestId: string; userId: string }): Promise<PushAnswer>;
  /** Undefined where the provider's path for it is not configured: its document names none. */
  readonly respondToPush?: (of: { requestId: string; decision: PushDecision }) => Promise<void>;

  health(): ProviderHealth;
  /** Called whenever the health may have changed. Returns the release. */
  onChange(listener: () => void): () => void;
  /** Takes no new call, lets those under way finish (bounded). */
  stop(): Promise<void>;
}
