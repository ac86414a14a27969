/**
 * The port to a remittance provider. No sockets here. Every call throws one of ProviderRejected or ProviderUnavailable
 * for what the peer does, and nothing else; only ProviderUnavailable with the outcome UNKNOWN means that the call may
 * have had its effect. What passes through here and is secret (passwords, identity numbers, documents) is kept nowhere.
 */
import type { Instant } from '../clock.ts';
import type { ProviderHealth } from '../provider.ts';

/** OUTBOUND: out of Korea. INBOUND: into Korea. */
export type Corridor = 'INBOUND' | 'OUTBOUND';

export interface PostalAddress {
  readonly country: string;
  readonly region?: string | undefined;
  readonly city?: string | undefined;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly postalCode?: string | undefined;
}

export interface BankAccount {
  readonly bankCode: string;
  readonly accountNumber: string;
  readonly accountHolder: string;
  readonly branch?: string | undefined;
  readonly accountType?: string | undefined;
}

/** What OUTBOUND asks for besides. */
export interface UserDetails {
  readonly password: string;
  readonly gender: string;
  readonly fundsSource: string;
  readonly occupation: string;
  readonly transferPurpose: string;
  readonly oftenSendCountry: string;
  readonly identificationNumber?: string | undefined;
  readonly passportNumber?: string | undefined;
  readonly address: PostalAddress;
  readonly agreements: readonly string[];
}

interface Person {
  readonly firstName: string;
  readonly middleName?: string | undefined;
  readonly lastName: string;
  readonly email?: string | undefined;
  /** National digits of a Korean number, or E.164 abroad. */
  readonly phone?: string | undefined;
  /** YYYYMMDD. */
  readonly birthDate?: string | undefined;
}

export interface NewUser extends Person {
  readonly externalId: string;
  /** ISO 3166-1 alpha-2. */
  readonly nationality: string;
  readonly birthDate: string;
  readonly details?: UserDetails | undefined;
}

export interface NewRecipient extends Person {
  /** The provider's id of the user who sends. */
  readonly userId: string;
  readonly externalId: string;
  readonly country: string;
  readonly receiveMethod?: string | undefined;
  readonly address?: PostalAddress | undefined;
  readonly bank?: BankAccount | undefined;
}

/** standby, processing, rejected, pending or completed, as the provider words it; none where it has no such step. */
export interface Verifications {
  readonly mobile: string;
  readonly documents: string;
  readonly bank: string;
}

export interface ProviderUser {
  readonly id: string;
  readonly verifications: Verifications;
}

export type VerificationStep =
  /** Sends the code (again). For BANK with the account into which one won is paid. */
  | { readonly type: 'MOBILE' }
  | { readonly type: 'BANK'; readonly bank: BankAccount }
  | { readonly type: 'MOBILE' | 'BANK'; readonly token: string };

export interface IdentityDocument {
  readonly documentType: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface Amount {
  /** Decimal text. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}

export interface QuoteRequest {
  readonly userId: string;
  readonly recipientId: string;
  /** Whole units. */
  readonly receiveAmount: number;
  readonly receiveCurrency: string;
}

export interface ProviderQuote {
  readonly send: Amount;
  readonly receive: Amount;
  readonly commission: Amount;
  /** The provider's name of the exchange rates; a transfer repeats it. */
  readonly rateListId?: string;
}

export interface NewTransfer extends QuoteRequest {
  readonly externalId: string;
  readonly rateListId?: string | undefined;
}

export type TransferState =
  | 'REQUESTED'
  | 'PROCESSING'
  | 'AML_FILTERED'
  | 'COMPLETE'
  | 'CANCELED'
  | 'EXPIRED'
  | 'REFUNDED'
  | 'FAILED';

export interface ProviderTransfer {
  readonly id: string;
  readonly state: TransferState;
  /** The provider's own word for the state. */
  readonly status: string;
  readonly send?: Amount;
  readonly receive?: Amount;
  /** Where the sender pays in, as one text: bank, number, holder. */
  readonly virtualAccount?: string;
  readonly createdAt?: Instant;
  /** Whose it is, as far as the answer says: what names others is never taken. */
  readonly userId?: string;
  readonly recipientId?: string;
  readonly externalId?: string;
}

/** What a search compares where the provider's answers, and so its ids, were lost: one transfer, or several that are alike. */
export interface LostTransfers extends QuoteRequest {
  readonly externalIds: readonly string[];
  /** Between which the provider made them by its own clock; both inclusive. */
  readonly madeFrom: Instant;
  readonly madeTo: Instant;
}

export interface RemittanceProvider {
  readonly provider: 'SENTBE';
  readonly account: string;
  /**
   * Which of the provider's partners this is, as a digest. The provider's ids are its own: the same ones name other people
   * and other money to another partner.
   */
  readonly partner: string;
  /** The longest that a call takes: past it, an answer that was never stored is lost. */
  readonly callTimeoutMs: number;

  registerUser(corridor: Corridor, user: NewUser): Promise<ProviderUser>;
  /**
   * By the external id that it was registered with, among pages of users, bounded. Undefined where it is not seen there,
   * which is no proof that it is not there, and where users are listed without one.
   */
  findUser(corridor: Corridor, externalId: string): Promise<ProviderUser | undefined>;
  user(corridor: Corridor, id: string): Promise<ProviderUser | undefined>;
  verifyUser(id: string, step: VerificationStep): Promise<void>;
  uploadDocument(userId: string, document: IdentityDocument): Promise<void>;
  addRecipient(corridor: Corridor, recipient: NewRecipient): Promise<{ readonly id: string }>;
  quote(corridor: Corridor, request: QuoteRequest): Promise<ProviderQuote>;
  /** Once: a transfer is never sent again, whatever became of the answer. */
  transfer(corridor: Corridor, transfer: NewTransfer): Promise<ProviderTransfer>;
  cancelTransfer(id: string): Promise<ProviderTransfer>;
  /** Undefined where the provider has none such. */
  lookUpTransfer(corridor: Corridor, id: string): Promise<ProviderTransfer | undefined>;
  /**
   * All transfers that can be one of these, whoever has them: those of these external ids, and those without one that have
   * this pair and amount, and were made in that time. Undefined where they are more pages than are read.
   */
  findTransfers(corridor: Corridor, lost: LostTransfers): Promise<readonly ProviderTransfer[] | undefined>;

  health(): ProviderHealth;
  onChange(listener: () => void): () => void;
  stop(): Promise<void>;
}
