/**
 * Passkeys: opens ceremonies with the provider's options, holds each answer against its ceremony, and lets the provider
 * judge what passes. A challenge is good for one answer. It verifies no signature, and knows no HTTP and no browser.
 */
import type { Clock, Instant } from '../clock.ts';
import { InvalidInput, PasskeyRejected, ProviderUnavailable, RateLimited, storeUnavailable } from '../errors.ts';
import type { FieldProblem } from '../field-problem.ts';
import { type Store, StoreUnavailable } from '../store.ts';
import { externalUserId, type Tenant } from '../tenant.ts';
import { type CeremonyOwner, createCeremonies } from './passkey-ceremony.ts';
import { checkAgainstCeremony, checkCredential, refuseUnless } from './passkey-checks.ts';
import { type CeremonyKind, type PasskeyCredential, readCredential } from './passkey-credential.ts';
import { createPasskeyStore, type Passkey } from './passkey-store.ts';
import type { PasskeyVerdict, VerificationProvider, WebAuthnJson } from './provider.ts';
import { userIdProblems } from './user-id.ts';

export interface PasskeyVerified {
  /** The caller's own. */
  readonly userId: string;
  /** In base64url. */
  readonly credentialId: string;
  readonly verifiedAt: Instant;
}

export interface RegisterPasskeyInput {
  readonly userId: string;
  /** RegistrationResponseJSON; any value is judged. */
  readonly credential: unknown;
  readonly deviceName?: string | undefined;
}

export interface AuthenticatePasskeyInput {
  readonly userId: string;
  /** AuthenticationResponseJSON; any value is judged. */
  readonly credential: unknown;
}

/** Besides what each says it throws, all but the readers throw what the provider does, and ProviderUnavailable. */
export interface PasskeyService {
  /** PublicKeyCredentialCreationOptionsJSON, as the provider gave them. @throws InvalidInput. */
  beginRegistration(tenant: Tenant, input: { userId: string; userName: string }): Promise<WebAuthnJson>;
  /** @throws InvalidInput or PasskeyRejected, whose `check` says what failed. */
  register(tenant: Tenant, input: RegisterPasskeyInput): Promise<Passkey>;
  /** PublicKeyCredentialRequestOptionsJSON, as the provider gave them. @throws InvalidInput. */
  beginAuthentication(tenant: Tenant, input: { userId: string }): Promise<WebAuthnJson>;
  /** @throws InvalidInput or PasskeyRejected, whose `check` says what failed. */
  authenticate(tenant: Tenant, input: AuthenticatePasskeyInput): Promise<PasskeyVerified>;
  /** Those registered here, oldest first. */
  ofUser(tenant: string, userId: string): Promise<readonly Passkey[]>;
  passkeys(tenant: string, ids: readonly string[]): Promise<readonly (Passkey | undefined)[]>;
}

export interface PasskeyServiceOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** Undefined where none is configured. */
  readonly provider: VerificationProvider | undefined;
  /** Where pages and apps may stand. Undefined: on the domain of the RP ID that the provider names. */
  readonly origins?: readonly string[] | undefined;
}

const maxNameLength = 128;

export function createPasskeyService({ store, clock, provider, origins }: PasskeyServiceOptions): PasskeyService {
  const ceremonies = createCeremonies({ store, clock });
  const kept = createPasskeyStore(store);
  const ownerOf = (tenant: Tenant, userId: string, kind: CeremonyKind): CeremonyOwner => ({
    tenant: tenant.id,
    user: store.keyedHash(userId),
    kind,
  });

  async function begin(
    tenant: Tenant,
    userId: string,
    kind: CeremonyKind,
    ask: (provider: VerificationProvider, externalId: string) => Promise<WebAuthnJson>,
  ): Promise<WebAuthnJson> {
    const options = await ask(configured(provider), externalUserId(tenant, userId));
    await ceremonies.open(ownerOf(tenant, userId, kind), options);
    return options;
  }

  /** Takes the ceremony, makes our own checks, and asks the provider. Returns only where it said yes. */
  async function judge(
    tenant: Tenant,
    { userId, credential }: { userId: string; credential: PasskeyCredential },
    kind: CeremonyKind,
    ask: (provider: VerificationProvider, externalId: string) => Promise<PasskeyVerdict>,
  ): Promise<{ userHandle: string | undefined }> {
    const asked = configured(provider);
    checkCredential(credential, kind);
    // Read before the ceremony is taken, so that a store that fails to answer costs nobody a ceremony.
    const known = await kept.ofCredential(tenant.id, credential.id.toString('base64url'));
    const taken = await ceremonies.take(ownerOf(tenant, userId, kind), credential.clientData.challenge);
    refuseUnless(taken !== undefined, 'CHALLENGE');
    checkAgainstCeremony(credential, taken.ceremony, origins);
    refuseUnless(known === undefined || known.userId === userId, 'CREDENTIAL_ID');
    refuseUnless(hasHandleOf(known, credential), 'USER_HANDLE');
    const verdict = await ask(asked, externalUserId(tenant, userId)).catch(async (error) => {
      // Where this fails too, the user begins again; what the provider said matters more.
      if (mayComeAgain(error)) await taken.giveBack().catch(() => undefined);
      throw error;
    });
    if (!verdict.verified) throw new PasskeyRejected(verdict.check ?? 'PROVIDER', verdict.fault);
    return taken.ceremony;
  }

  return {
    async beginRegistration(tenant, { userId, userName }) {
      refuseProblems([...userIdProblems(userId), ...nameProblems('userName', userName)]);
      return toldOfStore(
        begin(tenant, userId, 'REGISTRATION', (asked, externalId) =>
          asked.passkeyRegistrationOptions({ userId: externalId, userName }),
        ),
      );
    },

    async register(tenant, { userId, credential: given, deviceName }) {
      const named = deviceName === undefined ? [] : nameProblems('deviceName', deviceName);
      refuseProblems([...userIdProblems(userId), ...named]);
      const credential = readCredential(given, 'REGISTRATION');
      const { userHandle } = await toldOfStore(
        judge(tenant, { userId, credential }, 'REGISTRATION', (asked, externalId) =>
          asked.registerPasskey({ userId: externalId, credential: credential.json, deviceName }),
        ),
      );
      const credentialId = credential.id.toString('base64url');
      const passkey = await kept
        .save({ tenant: tenant.id, userId, credentialId, deviceName, registeredAt: clock.now(), userHandle })
        .catch((error) => {
          throw error instanceof StoreUnavailable ? registeredButNotKept(error) : error;
        });
      refuseUnless(passkey !== undefined, 'CREDENTIAL_ID');
      return passkey;
    },

    async beginAuthentication(tenant, { userId }) {
      refuseProblems(userIdProblems(userId));
      return toldOfStore(
        begin(tenant, userId, 'AUTHENTICATION', (asked, externalId) =>
          asked.passkeyAuthenticationOptions({ userId: externalId }),
        ),
      );
    },

    async authenticate(tenant, { userId, credential: given }) {
      refuseProblems(userIdProblems(userId));
      const credential = readCredential(given, 'AUTHENTICATION');
      await toldOfStore(
        judge(tenant, { userId, credential }, 'AUTHENTICATION', (asked, externalId) =>
          asked.authenticatePasskey({ userId: externalId, credential: credential.json }),
        ),
      );
      return { userId, credentialId: credential.id.toString('base64url'), verifiedAt: clock.now() };
    },

    ofUser: (tenant, userId) => kept.ofUser(tenant, userId),
    passkeys: (tenant, ids) => kept.load(tenant, ids),
  };
}

function configured(provider: VerificationProvider | undefined): VerificationProvider {
  if (provider !== undefined) return provider;
  throw new ProviderUnavailable('SecureKey is not configured, so there are no passkeys.', {
    code: 'PROVIDER_DISABLED',
    outcome: 'NOT_ACCEPTED',
  });
}

/** Level 3, section 7.2, step 6. The provider's signature check does not cover it. */
function hasHandleOf(known: Passkey | undefined, { userHandle }: PasskeyCredential): boolean {
  return (
    known?.userHandle === undefined || userHandle === undefined || userHandle.toString('base64url') === known.userHandle
  );
}

/** The provider judged nothing, and the advice that goes with it says to make the same call again. */
const mayComeAgain = (error: unknown): boolean =>
  error instanceof RateLimited || (error instanceof ProviderUnavailable && error.outcome === 'NOT_ACCEPTED');

function nameProblems(field: 'userName' | 'deviceName', text: string): FieldProblem[] {
  const path = ['input', field];
  if (text.trim() === '') return [{ path, rule: 'REQUIRED', message: 'It is empty.' }];
  if (text.length > maxNameLength) {
    return [
      { path, rule: 'TOO_LONG', message: `It has ${text.length} characters, at most ${maxNameLength} are taken.` },
    ];
  }
  if (/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(text)) {
    return [{ path, rule: 'NOT_PRINTABLE', message: 'It holds characters that cannot be printed.' }];
  }
  return [];
}

function refuseProblems(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw new InvalidInput(problems);
}

async function toldOfStore<T>(work: Promise<T>): Promise<T> {
  return work.catch((error) => {
    throw error instanceof StoreUnavailable ? storeUnavailable(error) : error;
  });
}

/** The provider has it, so the call had its effect whatever the store did. */
const registeredButNotKept = (cause: StoreUnavailable): ProviderUnavailable =>
  new ProviderUnavailable('The provider registered the passkey, but the store does not answer: it may not be listed.', {
    code: 'STORE_UNAVAILABLE',
    outcome: 'UNKNOWN',
    cause,
  });
