/** Remittance: who sends and who receives, and how they show who they are. Resolvers only hand over; core decides. */
import {
  IdempotencyConflict,
  InvalidInput,
  ProviderRejected,
  ProviderUnavailable,
  Unauthorized,
} from '../core/errors.ts';
import type { RemittanceRecipient, RemittanceUser } from '../core/remittance/people.ts';
import { builder } from './builder.ts';
import { ProviderFaultType } from './errors.ts';
import { localId } from './global-id.ts';
import { ImageInput } from './sending.ts';

const canRemit = { scope: 'remittance' } as const;

export const RemittanceCorridorEnum = builder.enumType('RemittanceCorridor', {
  description: 'OUTBOUND: out of Korea. INBOUND: into Korea.',
  values: ['INBOUND', 'OUTBOUND'] as const,
});

const RemittanceRegistrationEnum = builder.enumType('RemittanceRegistration', {
  values: {
    SENDING: { description: 'On its way to the provider.' },
    REGISTERED: { description: 'The provider has it.' },
    UNCONFIRMED: {
      description: 'Nobody can say whether the provider has it: its answer was lost. It is not sent again.',
    },
  } as const,
});

const RemittanceVerificationEnum = builder.enumType('RemittanceVerification', {
  values: ['MOBILE', 'BANK'] as const,
});

export const RemittanceUserType = builder.objectRef<RemittanceUser>('RemittanceUser');

builder.node(RemittanceUserType, {
  description:
    "mobile, documents, bank: the provider's own words, such as standby, processing, rejected, pending and completed; none\n" +
    'where its corridor verifies no user, unknown where it has not said.',
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('remittance') ? loaders.remittanceUser.load(id) : null)),
  fields: (t) => ({
    corridor: t.expose('corridor', { type: RemittanceCorridorEnum }),
    externalId: t.exposeString('externalId'),
    registration: t.expose('registration', { type: RemittanceRegistrationEnum }),
    fault: t.expose('fault', {
      type: ProviderFaultType,
      nullable: true,
      description: 'Why nobody can say whether the provider has it.',
    }),
    firstName: t.exposeString('firstName'),
    lastName: t.exposeString('lastName'),
    email: t.exposeString('email', { nullable: true }),
    mobile: t.string({ resolve: ({ verifications }) => verifications.mobile }),
    documents: t.string({ resolve: ({ verifications }) => verifications.documents }),
    bank: t.string({ resolve: ({ verifications }) => verifications.bank }),
  }),
});

export const RemittanceRecipientType = builder.objectRef<RemittanceRecipient>('RemittanceRecipient');

builder.node(RemittanceRecipientType, {
  id: { resolve: ({ id }) => id },
  loadMany: (ids, { loaders, caller }) =>
    ids.map((id) => (caller.scopes.has('remittance') ? loaders.remittanceRecipient.load(id) : null)),
  fields: (t) => ({
    externalId: t.exposeString('externalId'),
    registration: t.expose('registration', { type: RemittanceRegistrationEnum }),
    fault: t.expose('fault', {
      type: ProviderFaultType,
      nullable: true,
      description: 'Why nobody can say whether the provider has it.',
    }),
    country: t.exposeString('country'),
    receiveMethod: t.exposeString('receiveMethod', { description: 'Bank, Pickup, DebitCard or HomeDelivery.' }),
    firstName: t.exposeString('firstName'),
    lastName: t.exposeString('lastName'),
  }),
});

// ---------------------------------------------------------------- input

const BankAccountInput = builder.inputType('BankAccountInput', {
  fields: (t) => ({
    bankCode: t.string({ required: true }),
    accountNumber: t.string({ required: true }),
    accountHolder: t.string({ required: true }),
    branch: t.string(),
    accountType: t.string(),
  }),
});

const PostalAddressInput = builder.inputType('PostalAddressInput', {
  fields: (t) => ({
    country: t.string({ required: true }),
    region: t.string(),
    city: t.string(),
    line1: t.string({ required: true }),
    line2: t.string(),
    postalCode: t.string(),
  }),
});

const RemittanceUserDetailsInput = builder.inputType('RemittanceUserDetailsInput', {
  description:
    'What OUTBOUND asks for besides; one of identificationNumber and passportNumber. Never logged, never stored.',
  fields: (t) => ({
    password: t.string({ required: true }),
    gender: t.string({ required: true, description: 'M or F.' }),
    fundsSource: t.string({ required: true }),
    occupation: t.string({ required: true }),
    transferPurpose: t.string({ required: true }),
    oftenSendCountry: t.string({ required: true }),
    identificationNumber: t.string(),
    passportNumber: t.string(),
    address: t.field({ type: PostalAddressInput, required: true }),
    agreements: t.stringList({
      required: true,
      description:
        'What the person agreed to, of unique_id_info, third_party_info, electronic_financial_transactions, privacy_info and small_sum_foreign.',
    }),
  }),
});

const RegisterRemittanceUserInput = builder.inputType('RegisterRemittanceUserInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    corridor: t.field({ type: RemittanceCorridorEnum, defaultValue: 'OUTBOUND' }),
    externalId: t.string({ required: true, description: 'Your own name of the user, used once.' }),
    firstName: t.string({ required: true }),
    middleName: t.string(),
    lastName: t.string({ required: true }),
    nationality: t.string({ required: true, description: 'ISO 3166-1 alpha-2.' }),
    birthDate: t.string({ required: true, description: 'YYYYMMDD or YYYY-MM-DD.' }),
    email: t.string(),
    phone: t.field({ type: 'PhoneNumber', required: true }),
    details: t.field({ type: RemittanceUserDetailsInput }),
  }),
});

const VerifyRemittanceUserInput = builder.inputType('VerifyRemittanceUserInput', {
  description:
    'token: the code that reached the phone, or that came with the one-won deposit. Without it: send it (again); to the\n' +
    'account `bank` where the verification is BANK.',
  fields: (t) => ({
    userId: t.id({ required: true }),
    verification: t.field({ type: RemittanceVerificationEnum, required: true }),
    token: t.string(),
    bank: t.field({ type: BankAccountInput }),
  }),
});

const UploadRemittanceDocumentInput = builder.inputType('UploadRemittanceDocumentInput', {
  fields: (t) => ({
    userId: t.id({ required: true }),
    documentType: t.string({
      required: true,
      description: 'korean_registration, korean_driver_license, alien_registration or passport.',
    }),
    document: t.field({ type: ImageInput, required: true, description: 'JPG or PNG, at most 2 MB.' }),
  }),
});

const AddRemittanceRecipientInput = builder.inputType('AddRemittanceRecipientInput', {
  fields: (t) => ({
    idempotencyKey: t.string({ required: true }),
    corridor: t.field({ type: RemittanceCorridorEnum, defaultValue: 'OUTBOUND' }),
    userId: t.id({ required: true }),
    externalId: t.string({ required: true, description: 'Your own name of the recipient, used once.' }),
    firstName: t.string({ required: true }),
    middleName: t.string(),
    lastName: t.string({ required: true }),
    country: t.string({ required: true, description: 'ISO 3166-1 alpha-2.' }),
    receiveMethod: t.string({ description: 'Bank, Pickup, DebitCard or HomeDelivery; INBOUND is always Bank.' }),
    phone: t.field({ type: 'PhoneNumber' }),
    email: t.string(),
    birthDate: t.string({ description: 'YYYYMMDD or YYYY-MM-DD.' }),
    address: t.field({ type: PostalAddressInput }),
    bank: t.field({ type: BankAccountInput }),
  }),
});

type Given<Input> = { [Name in keyof Input]: Exclude<Input[Name], null> };

/** What GraphQL leaves null is absent in core. */
function present<Input extends object>(input: Input): Given<Input> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null)) as Given<Input>;
}

const bankOf = (bank: typeof BankAccountInput.$inferInput | null | undefined) =>
  bank == null ? undefined : present(bank);
const addressOf = (address: typeof PostalAddressInput.$inferInput | null | undefined) =>
  address == null ? undefined : present(address);

// ---------------------------------------------------------------- mutations

const RegisterRemittanceUserResult = builder.errorUnion('RegisterRemittanceUserResult', {
  types: [RemittanceUserType, InvalidInput, ProviderRejected, ProviderUnavailable, IdempotencyConflict, Unauthorized],
  resolveType: () => 'RemittanceUser',
});

builder.mutationField('registerRemittanceUser', (t) =>
  t.field({
    type: RegisterRemittanceUserResult,
    authScopes: canRemit,
    description:
      'Once a key. What the provider refuses is forgotten, and the same key may be tried anew. Where its answer was lost the\n' +
      'same key answers ProviderUnavailable with the outcome UNKNOWN, and `subjectId` names the user: it is not sent again.',
    args: { input: t.arg({ type: RegisterRemittanceUserInput, required: true }) },
    resolve: (_root, { input: { corridor, details, ...input } }, { services, caller }) =>
      services.remittance.registerUser(caller.tenant, {
        ...present(input),
        corridor: corridor ?? 'OUTBOUND',
        details: details == null ? undefined : { ...present(details), address: present(details.address) },
      }),
  }),
);

builder.mutationField('verifyRemittanceUser', (t) =>
  t.field({
    type: RegisterRemittanceUserResult,
    authScopes: canRemit,
    description: 'Sends a code, or tries one: the provider counts the tries. A wrong one is ProviderRejected.',
    args: { input: t.arg({ type: VerifyRemittanceUserInput, required: true }) },
    resolve: (_root, { input: { userId, verification, token, bank } }, { services, caller }) =>
      services.remittance.verifyUser(caller.tenant, {
        userId: localId('RemittanceUser', userId),
        verification,
        token: token ?? undefined,
        bank: bankOf(bank),
      }),
  }),
);

builder.mutationField('uploadRemittanceDocument', (t) =>
  t.field({
    type: RegisterRemittanceUserResult,
    authScopes: canRemit,
    description: 'Passes a document on to the provider, whose staff looks at it. It is not kept here.',
    args: { input: t.arg({ type: UploadRemittanceDocumentInput, required: true }) },
    resolve: (_root, { input }, { services, caller }) =>
      services.remittance.uploadDocument(caller.tenant, { ...input, userId: localId('RemittanceUser', input.userId) }),
  }),
);

const AddRemittanceRecipientResult = builder.errorUnion('AddRemittanceRecipientResult', {
  types: [
    RemittanceRecipientType,
    InvalidInput,
    ProviderRejected,
    ProviderUnavailable,
    IdempotencyConflict,
    Unauthorized,
  ],
  resolveType: () => 'RemittanceRecipient',
});

builder.mutationField('addRemittanceRecipient', (t) =>
  t.field({
    type: AddRemittanceRecipientResult,
    authScopes: canRemit,
    description: 'Once a key, as registerRemittanceUser.',
    args: { input: t.arg({ type: AddRemittanceRecipientInput, required: true }) },
    resolve: (_root, { input: { corridor, userId, address, bank, ...input } }, { services, caller }) =>
      services.remittance.addRecipient(caller.tenant, {
        ...present(input),
        corridor: corridor ?? 'OUTBOUND',
        userId: localId('RemittanceUser', userId),
        address: addressOf(address),
        bank: bankOf(bank),
      }),
  }),
);
