/** Passkeys: opening a ceremony, answering it, and those that were registered. Resolvers only hand over; core decides. */
import {
  InvalidInput,
  MfaRequired,
  PasskeyRejected,
  ProviderRejected,
  ProviderUnavailable,
  RateLimited,
  Unauthorized,
} from '../core/errors.ts';
import type { PasskeyVerified } from '../core/verification/passkey.ts';
import type { Passkey } from '../core/verification/passkey-store.ts';
import type { WebAuthnJson } from '../core/verification/provider.ts';
import { builder } from './builder.ts';

const canUsePasskeys = { scope: 'passkey' } as const;

export const PasskeyType = builder.objectRef<Passkey>('Passkey');

builder.node(PasskeyType, {
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('passkey') ? loaders.passkey.load(id) : null)),
  fields: (t) => ({
    userId: t.exposeID('userId'),
    deviceName: t.exposeString('deviceName', { nullable: true }),
    registeredAt: t.expose('registeredAt', { type: 'DateTime' }),
  }),
});

const PasskeyCeremonyType = builder.objectRef<{ readonly options: WebAuthnJson }>('PasskeyCeremony').implement({
  description: 'Good for five minutes and one answer.',
  fields: (t) => ({ options: t.expose('options', { type: 'WebAuthnJSON' }) }),
});

const PasskeyVerifiedType = builder.objectRef<PasskeyVerified>('PasskeyVerified').implement({
  fields: (t) => ({
    userId: t.exposeID('userId'),
    credentialId: t.exposeString('credentialId', { description: 'In base64url, as WebAuthn JSON has it.' }),
    verifiedAt: t.expose('verifiedAt', { type: 'DateTime' }),
  }),
});

const PasskeyCeremonyResult = builder.errorUnion('PasskeyCeremonyResult', {
  types: [
    PasskeyCeremonyType,
    InvalidInput,
    RateLimited,
    MfaRequired,
    ProviderRejected,
    ProviderUnavailable,
    Unauthorized,
  ],
  resolveType: () => 'PasskeyCeremony',
});

const judging = [
  PasskeyRejected,
  InvalidInput,
  RateLimited,
  MfaRequired,
  ProviderRejected,
  ProviderUnavailable,
  Unauthorized,
] as const;

const RegisterPasskeyResult = builder.errorUnion('RegisterPasskeyResult', {
  types: [PasskeyType, ...judging],
  resolveType: () => 'Passkey',
});

const AuthenticatePasskeyResult = builder.errorUnion('AuthenticatePasskeyResult', {
  types: [PasskeyVerifiedType, ...judging],
  resolveType: () => 'PasskeyVerified',
});

const BeginPasskeyRegistrationInput = builder.inputType('BeginPasskeyRegistrationInput', {
  fields: (t) => ({ userId: t.id({ required: true }), userName: t.string({ required: true }) }),
});

const RegisterPasskeyInput = builder.inputType('RegisterPasskeyInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    credential: t.field({
      type: 'WebAuthnJSON',
      required: true,
      description: 'RegistrationResponseJSON; its bytes in base64url, or in Base64 as btoa writes it.',
    }),
    deviceName: t.string(),
  }),
});

const BeginPasskeyAuthenticationInput = builder.inputType('BeginPasskeyAuthenticationInput', {
  fields: (t) => ({ userId: t.id({ required: true }) }),
});

const AuthenticatePasskeyInput = builder.inputType('AuthenticatePasskeyInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    credential: t.field({
      type: 'WebAuthnJSON',
      required: true,
      description: 'AuthenticationResponseJSON; its bytes in base64url, or in Base64 as btoa writes it.',
    }),
  }),
});

builder.mutationField('beginPasskeyRegistration', (t) =>
  t.field({
    type: PasskeyCeremonyResult,
    authScopes: canUsePasskeys,
    description: '`options` are PublicKeyCredentialCreationOptionsJSON.',
    args: { input: t.arg({ type: BeginPasskeyRegistrationInput, required: true }) },
    resolve: async (_root, { input }, { services, caller }) => ({
      options: await services.passkeys.beginRegistration(caller.tenant, input),
    }),
  }),
);

builder.mutationField('registerPasskey', (t) =>
  t.field({
    type: RegisterPasskeyResult,
    authScopes: canUsePasskeys,
    description: 'Answers a ceremony of beginPasskeyRegistration, once.',
    args: { input: t.arg({ type: RegisterPasskeyInput, required: true }) },
    resolve: (_root, { input: { userId, credential, deviceName } }, { services, caller }) =>
      services.passkeys.register(caller.tenant, { userId, credential, deviceName: deviceName ?? undefined }),
  }),
);

builder.mutationField('beginPasskeyAuthentication', (t) =>
  t.field({
    type: PasskeyCeremonyResult,
    authScopes: canUsePasskeys,
    description: '`options` are PublicKeyCredentialRequestOptionsJSON.',
    args: { input: t.arg({ type: BeginPasskeyAuthenticationInput, required: true }) },
    resolve: async (_root, { input }, { services, caller }) => ({
      options: await services.passkeys.beginAuthentication(caller.tenant, input),
    }),
  }),
);

builder.mutationField('authenticatePasskey', (t) =>
  t.field({
    type: AuthenticatePasskeyResult,
    authScopes: canUsePasskeys,
    description: 'Answers a ceremony of beginPasskeyAuthentication, once.',
    args: { input: t.arg({ type: AuthenticatePasskeyInput, required: true }) },
    resolve: (_root, { input: { userId, credential } }, { services, caller }) =>
      services.passkeys.authenticate(caller.tenant, { userId, credential }),
  }),
);

builder.queryField('passkeys', (t) =>
  t.field({
    type: [PasskeyType],
    authScopes: canUsePasskeys,
    description: 'Those that were registered through the gateway, oldest first.',
    args: { userId: t.arg.id({ required: true }) },
    resolve: async (_root, { userId }, { services, caller }) => [
      ...(await services.passkeys.ofUser(caller.tenant.id, userId)),
    ],
  }),
);
