/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
export type AddRemittanceRecipientInput = {
  address?: PostalAddressInput | null | undefined;
  bank?: BankAccountInput | null | undefined;
  /** YYYYMMDD or YYYY-MM-DD. */
  birthDate?: string | null | undefined;
  corridor?: RemittanceCorridor | null | undefined;
  /** ISO 3166-1 alpha-2. */
  country: string;
  email?: string | null | undefined;
  /** Your own name of the recipient, used once. */
  externalId: string;
  firstName: string;
  idempotencyKey: string;
  lastName: string;
  middleName?: string | null | undefined;
  phone?: string | null | undefined;
  /** Bank, Pickup, DebitCard or HomeDelivery; INBOUND is always Bank. */
  receiveMethod?: string | null | undefined;
  userId: string;
};

export type AuthenticatePasskeyInput = {
  /** AuthenticationResponseJSON; its bytes in base64url, or in Base64 as btoa writes it. */
  credential: unknown;
  userId: string;
};

export type BankAccountInput = {
  accountHolder: string;
  accountNumber: string;
  accountType?: string | null | undefined;
  bankCode: string;
  branch?: string | null | undefined;
};

export type BeginPasskeyAuthenticationInput = {
  userId: string;
};

export type BeginPasskeyRegistrationInput = {
  userId: string;
  userName: string;
};

export type Carrier =
  | 'ETC'
  | 'KAKAO'
  | 'KT'
  | 'LGU'
  | 'SKT';

/** account: a configured Naver application; the default one where left out. */
export type CommerceTokenInput = {
  account?: string | null | undefined;
  /** The id or UID of a seller: with SELLER, and only then. */
  sellerAccountId?: string | null | undefined;
  type?: CommerceTokenType | null | undefined;
};

export type CommerceTokenType =
  | 'SELF'
  | 'SELLER';

export type DispatchProductOrderInput = {
  /** Naver's code of the courier, such as CJGLS; with DELIVERY. */
  deliveryCompanyCode?: string | null | undefined;
  /** DELIVERY, VISIT_RECEIPT, DIRECT_DELIVERY, … */
  deliveryMethod: string;
  /** From 30 days ago to a day from now. */
  dispatchedAt: string;
  productOrderId: string;
  /** With DELIVERY. */
  trackingNumber?: string | null | undefined;
};

export type EnrollTotpInput = {
  accountName: string;
  issuer?: string | null | undefined;
  userId: string;
};

export type ImageInput = {
  data: string;
  fileName: string;
};

export type KakaoFallback =
  | 'CONVERT'
  | 'NONE'
  | 'SUBSTITUTE'
  | 'SUBSTITUTE_MMS';

/** NGS METHOD p, r, P. */
export type KakaoMethod =
  | 'POLLING'
  | 'PUSH'
  | 'REALTIME';

export type MessageFilter = {
  clientRef?: string | null | undefined;
  kinds?: Array<MessageKind> | null | undefined;
  since?: string | null | undefined;
  states?: Array<MessageState> | null | undefined;
  to?: string | null | undefined;
};

export type MessageKind =
  | 'ALIMTALK'
  | 'ALIMTALK_IMAGE'
  | 'FRIENDTALK'
  | 'FRIENDTALK_IMAGE'
  | 'FRIENDTALK_WIDE'
  | 'LMS'
  | 'MMS'
  | 'SMS';

export type MessagePurpose =
  | 'AD'
  | 'AUTH'
  | 'NORMAL';

/**
 * QUEUED: durable with us. SUBMITTING: intent stored, bytes may have left. SUBMITTED: the provider took it.
 * UNCONFIRMED: sent, outcome unknown; a report or a look-up settles it; never sent again by itself.
 * DELIVERED, FAILED: provider evidence. EXPIRED: our deadline passed without evidence (late evidence still wins).
 */
export type MessageState =
  | 'CANCELLED'
  | 'DELIVERED'
  | 'EXPIRED'
  | 'FAILED'
  | 'QUEUED'
  | 'SUBMITTED'
  | 'SUBMITTING'
  | 'UNCONFIRMED';

export type NgsReportFilter = {
  carriers?: Array<Carrier> | null | undefined;
  clientRef?: string | null | undefined;
  delivered?: boolean | null | undefined;
  serials?: Array<string> | null | undefined;
};

export type OtpChannel =
  | 'EMAIL'
  | 'SMS'
  | 'TOTP';

/**
 * QUEUED: still with the gateway; it leaves before it expires, or never. SENT: the provider took it.
 * UNCONFIRMED: it may have left, and nobody can say; it is never sent again by itself, and verifies if it arrived.
 * FAILED: it will not arrive.
 */
export type OtpDelivery =
  | 'FAILED'
  | 'QUEUED'
  | 'SENT'
  | 'UNCONFIRMED';

/** Who makes and checks the code: SecureKey, or the gateway itself with the code sent over SENS or NGS. */
export type OtpProvider =
  | 'NGS'
  | 'SECUREKEY'
  | 'SENS';

/** Did the provider take it? The only ground on which a failover or a retry is allowed. */
export type Outcome =
  | 'ACCEPTED'
  | 'NOT_ACCEPTED'
  | 'UNKNOWN';

export type PostalAddressInput = {
  city?: string | null | undefined;
  country: string;
  line1: string;
  line2?: string | null | undefined;
  postalCode?: string | null | undefined;
  region?: string | null | undefined;
};

export type Provider =
  | 'NAVER_COMMERCE'
  | 'NGS'
  | 'SECUREKEY'
  | 'SENS'
  | 'SENTBE';

export type PushDecision =
  | 'APPROVE'
  | 'DENY';

/** Whether the prompt left. */
export type PushDelivery =
  /** The provider did not take it. The same idempotencyKey sends it again while it is PENDING. */
  | 'NOT_SENT'
  /** On its way to the provider. */
  | 'SENDING'
  /** The provider took it. */
  | 'SENT'
  /** Nobody can say whether the provider took it. It is never sent again, and becomes EXPIRED: nothing tells an answer to it from an answer to another prompt. */
  | 'UNCONFIRMED';

export type PushPlatform =
  | 'ANDROID'
  | 'IOS';

/** The first of APPROVED, DENIED and EXPIRED is the last: nothing that comes later changes it. EXPIRED: two minutes without a decision. */
export type PushState =
  | 'APPROVED'
  | 'DENIED'
  | 'EXPIRED'
  | 'PENDING';

export type QuoteRemittanceInput = {
  corridor?: RemittanceCorridor | null | undefined;
  /** Whole units of the currency. */
  receiveAmount: number;
  /** ISO 4217. INBOUND: KRW; OUTBOUND: any other. */
  receiveCurrency: string;
  recipientId: string;
  userId: string;
};

export type RegisterPasskeyInput = {
  /** RegistrationResponseJSON; its bytes in base64url, or in Base64 as btoa writes it. */
  credential: unknown;
  deviceName?: string | null | undefined;
  userId: string;
};

export type RegisterPushDeviceInput = {
  deviceName?: string | null | undefined;
  fcmToken: string;
  platform: PushPlatform;
  userId: string;
};

export type RegisterRemittanceUserInput = {
  /** YYYYMMDD or YYYY-MM-DD. */
  birthDate: string;
  corridor?: RemittanceCorridor | null | undefined;
  details?: RemittanceUserDetailsInput | null | undefined;
  email?: string | null | undefined;
  /** Your own name of the user, used once. */
  externalId: string;
  firstName: string;
  idempotencyKey: string;
  lastName: string;
  middleName?: string | null | undefined;
  /** ISO 3166-1 alpha-2. */
  nationality: string;
  phone: string;
};

/** OUTBOUND: out of Korea. INBOUND: into Korea. */
export type RemittanceCorridor =
  | 'INBOUND'
  | 'OUTBOUND';

export type RemittanceRegistration =
  /** The provider has it. */
  | 'REGISTERED'
  /** On its way to the provider. */
  | 'SENDING'
  /** Nobody can say whether the provider has it: its answer was lost. It is not sent again. */
  | 'UNCONFIRMED';

/** REQUESTED to REFUNDED are the provider's states; UNCONFIRMED is ours: sent, outcome unknown, looked up, never sent again by itself. */
export type RemittanceState =
  /** Held back by the check against money laundering. */
  | 'AML_FILTERED'
  | 'CANCELED'
  /** Paid out. It can still become REFUNDED. */
  | 'COMPLETE'
  | 'EXPIRED'
  /** The provider did not take it; `fault` says why. */
  | 'FAILED'
  | 'PROCESSING'
  | 'REFUNDED'
  /** The provider has it, and waits for the money or for the recipient. */
  | 'REQUESTED'
  /** Looked up for 72 hours. Where it was not found by then, ask the provider before anything is sent anew. */
  | 'UNCONFIRMED';

/** What OUTBOUND asks for besides; one of identificationNumber and passportNumber. Never logged, never stored. */
export type RemittanceUserDetailsInput = {
  address: PostalAddressInput;
  /** What the person agreed to, of unique_id_info, third_party_info, electronic_financial_transactions, privacy_info and small_sum_foreign. */
  agreements: Array<string>;
  fundsSource: string;
  /** M or F. */
  gender: string;
  identificationNumber?: string | null | undefined;
  occupation: string;
  oftenSendCountry: string;
  passportNumber?: string | null | undefined;
  password: string;
  transferPurpose: string;
};

export type RemittanceVerification =
  | 'BANK'
  | 'MOBILE';

export type RequestOtpInput = {
  /** SMS or EMAIL: nothing is sent for an authenticator. */
  channel: OtpChannel;
  /**
   * The IP address of the person who asks: at most 10 codes an hour for each, by /64 for IPv6. It is no part of what
   * the key stands for.
   */
  clientAddress?: string | null | undefined;
  email?: string | null | undefined;
  /**
   * SMS only. Tried in this order where the provider before certainly sent nothing: it is over its limit, away or
   * not configured.
   */
  fallback?: Array<OtpProvider> | null | undefined;
  idempotencyKey: string;
  phone?: string | null | undefined;
  provider?: OtpProvider | null | undefined;
  /** What the code is for: 1 to 40 printable characters. */
  purpose: string;
};

export type RequestPushApprovalInput = {
  /** At most 500 characters. */
  body?: string | null | undefined;
  idempotencyKey: string;
  /** At most 100 characters. */
  title: string;
  userId: string;
};

export type RespondToPushApprovalInput = {
  decision: PushDecision;
  id: string;
};

/** Whether, and how, the same call may be made again. */
export type RetryAdvice =
  | 'AFTER_FIX'
  | 'NEVER'
  | 'ONLY_WITH_SAME_KEY'
  | 'SAFE_AFTER'
  | 'SAFE_NOW';

export type SendKakaoInput = {
  /** Kakao's own JSON (button_cnt, button1, ...), checked and passed through. */
  buttons?: string | null | undefined;
  clientRef?: string | null | undefined;
  encoding?: TextEncoding | null | undefined;
  fallback?: KakaoFallback | null | undefined;
  fallbackSubject?: string | null | undefined;
  fallbackText?: string | null | undefined;
  from?: string | null | undefined;
  idempotencyKey: string;
  /** Goes out with a fallback; Kakao itself shows the image it was given beforehand. */
  image?: ImageInput | null | undefined;
  kind: MessageKind;
  method?: KakaoMethod | null | undefined;
  purpose?: MessagePurpose | null | undefined;
  sendAt?: string | null | undefined;
  senderKey: string;
  templateCode?: string | null | undefined;
  text: string;
  to: string;
  wait?: SendWait | null | undefined;
};

/** All but the key, the externalId and the quote as the quote was asked for. */
export type SendRemittanceInput = {
  corridor?: RemittanceCorridor | null | undefined;
  /** Your own name of the remittance, used once. */
  externalId: string;
  idempotencyKey: string;
  quoteId: string;
  receiveAmount: number;
  receiveCurrency: string;
  recipientId: string;
  userId: string;
};

export type SendSmsInput = {
  /** Allow promotion to LMS when the text passes 90 bytes. */
  allowLms?: boolean | null | undefined;
  clientRef?: string | null | undefined;
  /** Defaults to the tenant's first registered caller number. */
  from?: string | null | undefined;
  idempotencyKey: string;
  /** Make it an MMS. */
  images?: Array<ImageInput> | null | undefined;
  /** Tried in this order; the next one only where the one before certainly did not take it. */
  providers?: Array<SmsProvider> | null | undefined;
  purpose?: MessagePurpose | null | undefined;
  /** At most 30 days ahead. */
  sendAt?: string | null | undefined;
  /** Makes it an LMS: at most 64 bytes at NGS, 40 at SENS. */
  subject?: string | null | undefined;
  text: string;
  to: string;
  wait?: SendWait | null | undefined;
};

/** How long sendSms waits before it answers: durable with us, or answered by the provider (bounded by 10 s). */
export type SendWait =
  | 'QUEUED'
  | 'SUBMITTED';

export type SmsProvider =
  | 'NGS'
  | 'SENS';

export type TextEncoding =
  | 'EUC_KR'
  | 'UTF_8';

export type UploadRemittanceDocumentInput = {
  /** JPG or PNG, at most 2 MB. */
  document: ImageInput;
  /** korean_registration, korean_driver_license, alien_registration or passport. */
  documentType: string;
  userId: string;
};

/** challengeId, or the phone or email that the code went to; userId for TOTP. */
export type VerifyOtpInput = {
  challengeId?: string | null | undefined;
  channel: OtpChannel;
  code: string;
  email?: string | null | undefined;
  phone?: string | null | undefined;
  userId?: string | null | undefined;
};

/**
 * token: the code that reached the phone, or that came with the one-won deposit. Without it: send it (again); to the
 * account `bank` where the verification is BANK.
 */
export type VerifyRemittanceUserInput = {
  bank?: BankAccountInput | null | undefined;
  token?: string | null | undefined;
  userId: string;
  verification: RemittanceVerification;
};

export type SendSmsMutationVariables = Exact<{
  input?: SendSmsInput;
}>;


export type SendSmsMutation = { sendSms:
    | { __typename: 'ContentRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, preview: { bytes: number, limit: number, unencodable: Array<{ index: number, character: string, codePoint: string, suggestion: string | null }>, problems: Array<{ path: Array<string>, rule: string, message: string }> } }
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, firstUsedAt: string, differingPaths: Array<string> }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'Message', id: string, kind: MessageKind, state: MessageState, provider: SmsProvider | null, to: string, from: string, clientRef: string | null, createdAt: string, attempts: Array<{ provider: SmsProvider, reference: string | null, outcome: Outcome, startedAt: string, settledAt: string | null, settledBy: string | null, fault: { provider: Provider, code: string, text: string | null, httpStatus: number | null } | null }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string> }
   };

export type MessagePartsFragment = { id: string, kind: MessageKind, state: MessageState, provider: SmsProvider | null, to: string, from: string, clientRef: string | null, createdAt: string, attempts: Array<{ provider: SmsProvider, reference: string | null, outcome: Outcome, startedAt: string, settledAt: string | null, settledBy: string | null, fault: { provider: Provider, code: string, text: string | null, httpStatus: number | null } | null }> };

export type RequestOtpMutationVariables = Exact<{
  input?: RequestOtpInput;
}>;


export type RequestOtpMutation = { requestOtp:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, firstUsedAt: string, differingPaths: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { provider: Provider, code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, retryAt: string | null, requiredChannels: Array<string>, matchedPolicies: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'OtpChallenge', id: string, channel: OtpChannel, provider: OtpProvider, delivery: OtpDelivery, attemptsLeft: number | null, expiresAt: string, resendAt: string, sent: { id: string, state: MessageState } | null }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null, scope: string, limit: number | null, windowSeconds: number | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
   };

export type VerifyOtpMutationVariables = Exact<{
  input?: VerifyOtpInput;
}>;


export type VerifyOtpMutation = { verifyOtp:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { provider: Provider, code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, retryAt: string | null, requiredChannels: Array<string>, matchedPolicies: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'OtpRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, attemptsLeft: number | null, expired: boolean, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'OtpVerified', verifiedAt: string, channel: OtpChannel }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null, scope: string, limit: number | null, windowSeconds: number | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
   };

export type EnrollTotpMutationVariables = Exact<{
  input?: EnrollTotpInput;
}>;


export type EnrollTotpMutation = { enrollTotp:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { provider: Provider, code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, retryAt: string | null, requiredChannels: Array<string>, matchedPolicies: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null, scope: string, limit: number | null, windowSeconds: number | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'TotpEnrollment', uri: string, qrCodeDataUrl: string }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
   };

export type BeginPasskeyRegistrationMutationVariables = Exact<{
  input?: BeginPasskeyRegistrationInput;
}>;


export type BeginPasskeyRegistrationMutation = { beginPasskeyRegistration:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'PasskeyCeremony', options: unknown }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, outcome: Outcome }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice }
   };

export type RegisterPasskeyMutationVariables = Exact<{
  input?: RegisterPasskeyInput;
}>;


export type RegisterPasskeyMutation = { registerPasskey:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, requiredChannels: Array<string>, origin: { code: string, text: string | null } | null }
    | { __typename: 'Passkey', id: string, userId: string, deviceName: string | null, registeredAt: string }
    | { __typename: 'PasskeyRejected', code: string, message: string, retry: RetryAdvice, check: string, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, outcome: Outcome, origin: { code: string, text: string | null } | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, origin: { code: string, text: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, origin: { code: string, text: string | null } | null }
   };

export type BeginPasskeyAuthenticationMutationVariables = Exact<{
  input?: BeginPasskeyAuthenticationInput;
}>;


export type BeginPasskeyAuthenticationMutation = { beginPasskeyAuthentication:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'PasskeyCeremony', options: unknown }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, outcome: Outcome }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice }
   };

export type AuthenticatePasskeyMutationVariables = Exact<{
  input?: AuthenticatePasskeyInput;
}>;


export type AuthenticatePasskeyMutation = { authenticatePasskey:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, requiredChannels: Array<string>, origin: { code: string, text: string | null } | null }
    | { __typename: 'PasskeyRejected', code: string, message: string, retry: RetryAdvice, check: string, origin: { code: string, text: string | null } | null }
    | { __typename: 'PasskeyVerified', userId: string, credentialId: string, verifiedAt: string }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, outcome: Outcome, origin: { code: string, text: string | null } | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, origin: { code: string, text: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, origin: { code: string, text: string | null } | null }
   };

export type PasskeysQueryVariables = Exact<{
  userId?: string;
}>;


export type PasskeysQuery = { passkeys: Array<{ id: string, userId: string, deviceName: string | null, registeredAt: string }> };

export type RegisterPushDeviceMutationVariables = Exact<{
  input?: RegisterPushDeviceInput;
}>;


export type RegisterPushDeviceMutation = { registerPushDevice:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'PushDevice', id: string, userId: string, platform: PushPlatform, deviceName: string | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
   };

export type RequestPushApprovalMutationVariables = Exact<{
  input?: RequestPushApprovalInput;
}>;


export type RequestPushApprovalMutation = { requestPushApproval:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, firstUsedAt: string, differingPaths: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { provider: Provider, code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, retryAt: string | null, requiredChannels: Array<string>, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'PushApproval', id: string, userId: string, state: PushState, delivery: PushDelivery, title: string, body: string | null, createdAt: string, expiresAt: string, decidedAt: string | null, fault: { code: string, text: string | null } | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null, scope: string, limit: number | null, windowSeconds: number | null, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
   };

export type RespondToPushApprovalMutationVariables = Exact<{
  input: RespondToPushApprovalInput;
}>;


export type RespondToPushApprovalMutation = { respondToPushApproval:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, firstUsedAt: string, differingPaths: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { provider: Provider, code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, retryAt: string | null, requiredChannels: Array<string>, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'PushApproval', id: string, userId: string, state: PushState, delivery: PushDelivery, title: string, body: string | null, createdAt: string, expiresAt: string, decidedAt: string | null, fault: { code: string, text: string | null } | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null, scope: string, limit: number | null, windowSeconds: number | null, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null }
   };

export type PushApprovalByIdQueryVariables = Exact<{
  id: string;
}>;


export type PushApprovalByIdQuery = { pushApproval: { id: string, userId: string, state: PushState, delivery: PushDelivery, title: string, body: string | null, createdAt: string, expiresAt: string, decidedAt: string | null, fault: { code: string, text: string | null } | null } | null };

export type PushApprovalsQueryVariables = Exact<{
  userId: string;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type PushApprovalsQuery = { pushApprovals: { edges: Array<{ cursor: string, node: { id: string, userId: string, state: PushState, delivery: PushDelivery, title: string, body: string | null, createdAt: string, expiresAt: string, decidedAt: string | null, fault: { code: string, text: string | null } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

type PushOutcome_IdempotencyConflict_Fragment = { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, firstUsedAt: string, differingPaths: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null };

type PushOutcome_InvalidInput_Fragment = { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { provider: Provider, code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> };

type PushOutcome_MfaRequired_Fragment = { __typename: 'MfaRequired', code: string, message: string, retry: RetryAdvice, retryAt: string | null, requiredChannels: Array<string>, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null };

type PushOutcome_ProviderRejected_Fragment = { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null };

type PushOutcome_ProviderUnavailable_Fragment = { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null };

type PushOutcome_PushApproval_Fragment = { __typename: 'PushApproval', id: string, userId: string, state: PushState, delivery: PushDelivery, title: string, body: string | null, createdAt: string, expiresAt: string, decidedAt: string | null, fault: { code: string, text: string | null } | null };

type PushOutcome_RateLimited_Fragment = { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null, scope: string, limit: number | null, windowSeconds: number | null, subjectId: string | null, origin: { provider: Provider, code: string, text: string | null } | null };

type PushOutcome_Unauthorized_Fragment = { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string>, origin: { provider: Provider, code: string, text: string | null } | null };

export type PushOutcomeFragment =
  | PushOutcome_IdempotencyConflict_Fragment
  | PushOutcome_InvalidInput_Fragment
  | PushOutcome_MfaRequired_Fragment
  | PushOutcome_ProviderRejected_Fragment
  | PushOutcome_ProviderUnavailable_Fragment
  | PushOutcome_PushApproval_Fragment
  | PushOutcome_RateLimited_Fragment
  | PushOutcome_Unauthorized_Fragment
;

export type PushApprovalPartsFragment = { id: string, userId: string, state: PushState, delivery: PushDelivery, title: string, body: string | null, createdAt: string, expiresAt: string, decidedAt: string | null, fault: { code: string, text: string | null } | null };

export type SendLmsMutationVariables = Exact<{
  input?: SendSmsInput;
}>;


export type SendLmsMutation = { sendSms:
    | { __typename: 'ContentRejected', code: string, message: string, retry: RetryAdvice, preview: { bytes: number, limit: number, problems: Array<{ path: Array<string>, rule: string, message: string }> } }
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'Message', id: string, kind: MessageKind, state: MessageState, provider: SmsProvider | null, to: string, sendAt: string | null, attempts: Array<{ provider: SmsProvider, reference: string | null, outcome: Outcome, fault: { code: string, text: string | null } | null }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice }
   };

export type SendAlimTalkMutationVariables = Exact<{
  input?: SendKakaoInput;
}>;


export type SendAlimTalkMutation = { sendKakao:
    | { __typename: 'ContentRejected', code: string, message: string, retry: RetryAdvice, preview: { bytes: number, limit: number, problems: Array<{ path: Array<string>, rule: string, message: string }> } }
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'Message', id: string, kind: MessageKind, state: MessageState, provider: SmsProvider | null, to: string, sendAt: string | null, attempts: Array<{ provider: SmsProvider, reference: string | null, outcome: Outcome, fault: { code: string, text: string | null } | null }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice }
   };

export type SendBatchMutationVariables = Exact<{
  inputs?: Array<SendSmsInput> | SendSmsInput;
}>;


export type SendBatchMutation = { sendSmsBatch:
    | { __typename: 'InvalidInput', code: string, message: string }
    | { __typename: 'ProviderUnavailable', code: string, message: string }
    | { __typename: 'RateLimited', code: string, message: string }
    | { __typename: 'SendSmsBatchPayload', results: Array<
        | { __typename: 'ContentRejected', code: string, message: string, retry: RetryAdvice, preview: { bytes: number, limit: number, problems: Array<{ path: Array<string>, rule: string, message: string }> } }
        | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice }
        | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, fields: Array<{ path: Array<string>, rule: string, message: string }> }
        | { __typename: 'Message', id: string, kind: MessageKind, state: MessageState, provider: SmsProvider | null, to: string, sendAt: string | null, attempts: Array<{ provider: SmsProvider, reference: string | null, outcome: Outcome, fault: { code: string, text: string | null } | null }> }
        | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice }
        | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice }
        | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice }
        | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice }
      > }
    | { __typename: 'Unauthorized', code: string, message: string }
   };

export type CancelMessageMutationVariables = Exact<{
  id: string;
}>;


export type CancelMessageMutation = { cancelMessage:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'Message', id: string, state: MessageState }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice }
   };

type SendOutcome_ContentRejected_Fragment = { __typename: 'ContentRejected', code: string, message: string, retry: RetryAdvice, preview: { bytes: number, limit: number, problems: Array<{ path: Array<string>, rule: string, message: string }> } };

type SendOutcome_IdempotencyConflict_Fragment = { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice };

type SendOutcome_InvalidInput_Fragment = { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, fields: Array<{ path: Array<string>, rule: string, message: string }> };

type SendOutcome_Message_Fragment = { __typename: 'Message', id: string, kind: MessageKind, state: MessageState, provider: SmsProvider | null, to: string, sendAt: string | null, attempts: Array<{ provider: SmsProvider, reference: string | null, outcome: Outcome, fault: { code: string, text: string | null } | null }> };

type SendOutcome_ProviderRejected_Fragment = { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice };

type SendOutcome_ProviderUnavailable_Fragment = { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice };

type SendOutcome_RateLimited_Fragment = { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice };

type SendOutcome_Unauthorized_Fragment = { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice };

export type SendOutcomeFragment =
  | SendOutcome_ContentRejected_Fragment
  | SendOutcome_IdempotencyConflict_Fragment
  | SendOutcome_InvalidInput_Fragment
  | SendOutcome_Message_Fragment
  | SendOutcome_ProviderRejected_Fragment
  | SendOutcome_ProviderUnavailable_Fragment
  | SendOutcome_RateLimited_Fragment
  | SendOutcome_Unauthorized_Fragment
;

export type PushApprovalChangesSubscriptionVariables = Exact<{
  id?: string | null | undefined;
  userId?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type PushApprovalChangesSubscription = { pushApproval:
    | { __typename: 'PushApprovalChanged', cursor: string, via: string, approval: { id: string, userId: string, state: PushState, decidedAt: string | null } }
    | { __typename: 'StreamCaughtUp', cursor: string, replayed: number }
    | { __typename: 'StreamEnded', reason: string, resumeAfter: string | null }
    | { __typename: 'StreamGap', fromCursor: string, toCursor: string, reason: string }
   };

export type InboundWebhooksQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  provider?: Provider | null | undefined;
  unmatched?: boolean | null | undefined;
}>;


export type InboundWebhooksQuery = { inboundWebhooks: { edges: Array<{ cursor: string, node: { id: string, provider: Provider, event: string | null, signatureValid: boolean, receivedAt: string, duplicates: number, replays: number, body: string } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type ReplayWebhookMutationVariables = Exact<{
  id: string;
}>;


export type ReplayWebhookMutation = { replayWebhook:
    | { __typename: 'InboundWebhook', id: string, event: string | null, replays: number }
    | { __typename: 'InvalidInput', message: string, fields: Array<{ path: Array<string>, rule: string }> }
    | { __typename: 'Unauthorized', missingScopes: Array<string> }
   };

export type CommerceTokenMutationVariables = Exact<{
  input?: CommerceTokenInput;
}>;


export type CommerceTokenMutation = { commerceToken:
    | { __typename: 'CommerceRestricted', code: string, message: string, retry: RetryAdvice, retryAt: string | null, quotaPerHour: number | null, origin: { code: string, text: string | null, httpStatus: number | null, traceId: string | null } | null }
    | { __typename: 'CommerceToken', accessToken: string, tokenType: string, expiresAt: string, renewAt: string, reused: boolean }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null, httpStatus: number | null, traceId: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null, httpStatus: number | null, traceId: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null, httpStatus: number | null, traceId: string | null } | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null, httpStatus: number | null, traceId: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string>, origin: { code: string, text: string | null, httpStatus: number | null, traceId: string | null } | null }
   };

export type CommerceSellerQueryVariables = Exact<{
  account?: string | null | undefined;
}>;


export type CommerceSellerQuery = { commerceSeller:
    | { __typename: 'CommerceRestricted', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'CommerceSeller', accountId: string, accountUid: string, grade: string | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string> }
   };

export type CommerceProductOrdersQueryVariables = Exact<{
  productOrderIds: Array<string> | string;
  account?: string | null | undefined;
}>;


export type CommerceProductOrdersQuery = { commerceProductOrders:
    | { __typename: 'CommerceProductOrderList', productOrders: Array<{ id: string, productOrderId: string, orderId: string, status: string, placeOrderStatus: string | null, claimStatus: string | null, productName: string, productOption: string | null, quantity: number, totalPaymentAmount: number | null, orderedAt: string | null, paidAt: string | null, receiverName: string | null } | null> }
    | { __typename: 'CommerceRestricted', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string> }
   };

export type ConfirmProductOrdersMutationVariables = Exact<{
  productOrderIds: Array<string> | string;
  account?: string | null | undefined;
}>;


export type ConfirmProductOrdersMutation = { confirmProductOrders:
    | { __typename: 'CommerceOrderActionPayload', succeeded: Array<string>, failed: Array<{ productOrderId: string, code: string, message: string }> }
    | { __typename: 'CommerceRestricted', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string> }
   };

export type DispatchProductOrdersMutationVariables = Exact<{
  orders: Array<DispatchProductOrderInput> | DispatchProductOrderInput;
  account?: string | null | undefined;
}>;


export type DispatchProductOrdersMutation = { dispatchProductOrders:
    | { __typename: 'CommerceOrderActionPayload', succeeded: Array<string>, failed: Array<{ productOrderId: string, code: string, message: string }> }
    | { __typename: 'CommerceRestricted', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome }
    | { __typename: 'RateLimited', code: string, message: string, retry: RetryAdvice, retryAt: string | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, missingScopes: Array<string> }
   };

export type CommerceOrderChangesSubscriptionVariables = Exact<{
  account?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type CommerceOrderChangesSubscription = { commerceOrderChanged:
    | { __typename: 'CommerceOrderChange', cursor: string, productOrderId: string, orderId: string, changeType: string, status: string, changedAt: string, productOrder: { id: string, status: string, productName: string, quantity: number } | null }
    | { __typename: 'StreamCaughtUp', cursor: string, replayed: number }
    | { __typename: 'StreamEnded', reason: string, resumeAfter: string | null }
    | { __typename: 'StreamGap', fromCursor: string, toCursor: string, reason: string }
   };

export type RegisterRemittanceUserMutationVariables = Exact<{
  input?: RegisterRemittanceUserInput;
}>;


export type RegisterRemittanceUserMutation = { registerRemittanceUser:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, differingPaths: Array<string>, origin: { code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'RemittanceUser', id: string, registration: RemittanceRegistration, mobile: string, documents: string, bank: string }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
   };

export type NgsReportsSubscriptionVariables = Exact<{
  after?: string | null | undefined;
  filter?: NgsReportFilter | null | undefined;
  orphans?: boolean | null | undefined;
}>;


export type NgsReportsSubscription = { ngsReport:
    | { __typename: 'NgsReport', cursor: string, id: string, serial: string, gwSerial: string, delivered: boolean, rawResult: string, rawMessage: string, carrier: Carrier | null, sentAt: string | null, receivedAt: string, sent: { id: string, state: MessageState, clientRef: string | null } | null }
    | { __typename: 'StreamCaughtUp', cursor: string, replayed: number }
    | { __typename: 'StreamEnded', reason: string, resumeAfter: string | null }
    | { __typename: 'StreamGap', fromCursor: string, toCursor: string, reason: string }
   };

export type VerifyRemittanceUserMutationVariables = Exact<{
  input: VerifyRemittanceUserInput;
}>;


export type VerifyRemittanceUserMutation = { verifyRemittanceUser:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'RemittanceUser', id: string, registration: RemittanceRegistration, mobile: string, documents: string, bank: string }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
   };

export type UploadRemittanceDocumentMutationVariables = Exact<{
  input: UploadRemittanceDocumentInput;
}>;


export type UploadRemittanceDocumentMutation = { uploadRemittanceDocument:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'RemittanceUser', id: string, registration: RemittanceRegistration, mobile: string, documents: string, bank: string }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
   };

export type AddRemittanceRecipientMutationVariables = Exact<{
  input: AddRemittanceRecipientInput;
}>;


export type AddRemittanceRecipientMutation = { addRemittanceRecipient:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, differingPaths: Array<string>, origin: { code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'RemittanceRecipient', id: string, registration: RemittanceRegistration, country: string, receiveMethod: string }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
   };

export type QuoteRemittanceMutationVariables = Exact<{
  input: QuoteRemittanceInput;
}>;


export type QuoteRemittanceMutation = { quoteRemittance:
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'RemittanceQuote', id: string, sendAmount: string, sendCurrency: string, receiveAmount: string, receiveCurrency: string, commission: string, commissionCurrency: string, expiresAt: string }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
   };

export type SendRemittanceMutationVariables = Exact<{
  input: SendRemittanceInput;
}>;


export type SendRemittanceMutation = { sendRemittance:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, differingPaths: Array<string>, origin: { code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'Remittance', id: string, state: RemittanceState, externalId: string, sendAmount: string | null, sendCurrency: string | null, receiveAmount: string, receiveCurrency: string, virtualAccount: string | null, fault: { code: string, text: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
   };

export type CancelRemittanceMutationVariables = Exact<{
  id: string;
}>;


export type CancelRemittanceMutation = { cancelRemittance:
    | { __typename: 'IdempotencyConflict', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'InvalidInput', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null, fields: Array<{ path: Array<string>, rule: string, message: string }> }
    | { __typename: 'ProviderRejected', code: string, message: string, retry: RetryAdvice, retryAt: string | null, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'ProviderUnavailable', code: string, message: string, retry: RetryAdvice, retryAt: string | null, outcome: Outcome, subjectId: string | null, origin: { code: string, text: string | null } | null }
    | { __typename: 'Remittance', id: string, state: RemittanceState, externalId: string, sendAmount: string | null, sendCurrency: string | null, receiveAmount: string, receiveCurrency: string, virtualAccount: string | null, fault: { code: string, text: string | null } | null }
    | { __typename: 'Unauthorized', code: string, message: string, retry: RetryAdvice, retryAt: string | null, origin: { code: string, text: string | null } | null }
   };

export type RemittanceByIdQueryVariables = Exact<{
  id: string;
}>;


export type RemittanceByIdQuery = { remittance: { id: string, state: RemittanceState, status: string | null, externalId: string, transferId: string | null, sendAmount: string | null, sendCurrency: string | null, receiveAmount: string, receiveCurrency: string, virtualAccount: string | null, createdAt: string, fault: { code: string, text: string | null } | null } | null };

export type RemittanceChangesSubscriptionVariables = Exact<{
  id?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type RemittanceChangesSubscription = { remittanceChanged:
    | { __typename: 'RemittanceChanged', cursor: string, state: RemittanceState, at: string, remittance: { id: string, state: RemittanceState, status: string | null } }
    | { __typename: 'StreamCaughtUp', cursor: string, replayed: number }
    | { __typename: 'StreamEnded', reason: string, resumeAfter: string | null }
    | { __typename: 'StreamGap', fromCursor: string, toCursor: string, reason: string }
   };

export type MessageChangesSubscriptionVariables = Exact<{
  id?: string | null | undefined;
  after?: string | null | undefined;
  filter?: MessageFilter | null | undefined;
}>;


export type MessageChangesSubscription = { messageChanged:
    | { __typename: 'MessageChanged', cursor: string, state: MessageState, at: string, changed: { id: string, state: MessageState, provider: SmsProvider | null, clientRef: string | null } }
    | { __typename: 'StreamCaughtUp', cursor: string, replayed: number }
    | { __typename: 'StreamEnded', reason: string, resumeAfter: string | null }
    | { __typename: 'StreamGap', fromCursor: string, toCursor: string, reason: string }
   };

export type MessagesQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
  filter?: MessageFilter | null | undefined;
}>;


export type MessagesQuery = { messages: { edges: Array<{ cursor: string, node: { id: string, kind: MessageKind, purpose: MessagePurpose, state: MessageState, provider: SmsProvider | null, to: string, from: string, clientRef: string | null, createdAt: string, attempts: Array<{ provider: SmsProvider, reference: string | null, outcome: Outcome, settledBy: string | null }>, reports: Array<{ id: string, delivered: boolean, rawResult: string, carrier: Carrier | null }> } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type NgsReportListQueryVariables = Exact<{
  first?: number | null | undefined;
  after?: string | null | undefined;
  filter?: NgsReportFilter | null | undefined;
  orphans?: boolean | null | undefined;
}>;


export type NgsReportListQuery = { ngsReports: { edges: Array<{ cursor: string, node: { id: string, cursor: string, to: string, serial: string, gwSerial: string, delivered: boolean, rawResult: string, rawMessage: string, spamFiltered: boolean, kakaoErrorCode: string | null, finalKind: MessageKind | null, carrier: Carrier | null, sentAt: string | null, receivedAt: string, sent: { id: string, state: MessageState } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } };

export type PreviewMessageQueryVariables = Exact<{
  text?: string;
  subject?: string | null | undefined;
  provider?: SmsProvider | null | undefined;
  kind?: MessageKind | null | undefined;
}>;


export type PreviewMessageQuery = { previewMessage: { kind: MessageKind, bytes: number, limit: number, wire: string, fitsKsx1001: boolean, unencodable: Array<{ index: number, character: string, codePoint: string, suggestion: string | null }>, problems: Array<{ path: Array<string>, rule: string, message: string }> } };

export type ProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ProvidersQuery = { providers: Array<{ provider: Provider, account: string, configured: boolean, healthy: boolean, simulated: boolean, detail: string | null, lastFault: { provider: Provider, code: string, text: string | null, at: string } | null, ngs: { state: string, encrypted: boolean, smsTps: number | null, inFlight: number, boundSince: string | null, owner: string | null, lastEvent: string | null } | null }> };

export type ProviderChangesSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type ProviderChangesSubscription = { providerStatus: { provider: Provider, account: string, configured: boolean, healthy: boolean, simulated: boolean, detail: string | null, lastFault: { provider: Provider, code: string, text: string | null, at: string } | null, ngs: { state: string, encrypted: boolean, smsTps: number | null, inFlight: number, boundSince: string | null, owner: string | null, lastEvent: string | null } | null } };

export type ProviderPartsFragment = { provider: Provider, account: string, configured: boolean, healthy: boolean, simulated: boolean, detail: string | null, lastFault: { provider: Provider, code: string, text: string | null, at: string } | null, ngs: { state: string, encrypted: boolean, smsTps: number | null, inFlight: number, boundSince: string | null, owner: string | null, lastEvent: string | null } | null };

export type MessageByIdQueryVariables = Exact<{
  id: string;
}>;


export type MessageByIdQuery = { message: { id: string, state: MessageState, provider: SmsProvider | null, attempts: Array<{ provider: SmsProvider, reference: string | null, outcome: Outcome, settledBy: string | null, fault: { code: string, text: string | null } | null }>, reports: Array<{ id: string, delivered: boolean }> } | null };

export type NodeByIdQueryVariables = Exact<{
  id: string;
}>;


export type NodeByIdQuery = { node:
    | { __typename: 'CommerceProductOrder', id: string }
    | { __typename: 'InboundWebhook', id: string }
    | { __typename: 'Message', state: MessageState, id: string }
    | { __typename: 'NgsReport', serial: string, delivered: boolean, id: string }
    | { __typename: 'OtpChallenge', id: string }
    | { __typename: 'Passkey', id: string }
    | { __typename: 'PushApproval', id: string }
    | { __typename: 'PushDevice', id: string }
    | { __typename: 'Remittance', id: string }
    | { __typename: 'RemittanceRecipient', id: string }
    | { __typename: 'RemittanceUser', id: string }
   | null };

export const MessagePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MessageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"clientRef"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"settledAt"}},{"kind":"Field","name":{"kind":"Name","value":"settledBy"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"httpStatus"}}]}}]}}]}}]} as unknown as DocumentNode<MessagePartsFragment, unknown>;
export const PushApprovalPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushApprovalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApproval"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}}]}}]} as unknown as DocumentNode<PushApprovalPartsFragment, unknown>;
export const PushOutcomeFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushOutcome"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApprovalResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"PushApprovalParts"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimited"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"windowSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requiredChannels"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"differingPaths"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushApprovalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApproval"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}}]}}]} as unknown as DocumentNode<PushOutcomeFragment, unknown>;
export const SendOutcomeFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SendOutcome"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SendSmsResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"sendAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContentRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"preview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SendOutcomeFragment, unknown>;
export const ProviderPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"account"}},{"kind":"Field","name":{"kind":"Name","value":"configured"}},{"kind":"Field","name":{"kind":"Name","value":"healthy"}},{"kind":"Field","name":{"kind":"Name","value":"simulated"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}},{"kind":"Field","name":{"kind":"Name","value":"lastFault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ngs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"encrypted"}},{"kind":"Field","name":{"kind":"Name","value":"smsTps"}},{"kind":"Field","name":{"kind":"Name","value":"inFlight"}},{"kind":"Field","name":{"kind":"Name","value":"boundSince"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"lastEvent"}}]}}]}}]} as unknown as DocumentNode<ProviderPartsFragment, unknown>;
export const SendSmsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendSms"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendSmsInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"hello-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"to"},"value":{"kind":"StringValue","value":"010-1234-5678","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"text"},"value":{"kind":"StringValue","value":"[관문] 안녕하세요. 첫 문자입니다.","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"providers"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"NGS"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendSms"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"MessageParts"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContentRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"preview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"unencodable"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"character"}},{"kind":"Field","name":{"kind":"Name","value":"codePoint"}},{"kind":"Field","name":{"kind":"Name","value":"suggestion"}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"differingPaths"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"MessageParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"clientRef"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"startedAt"}},{"kind":"Field","name":{"kind":"Name","value":"settledAt"}},{"kind":"Field","name":{"kind":"Name","value":"settledBy"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"httpStatus"}}]}}]}}]}}]} as unknown as DocumentNode<SendSmsMutation, SendSmsMutationVariables>;
export const RequestOtpDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RequestOtp"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RequestOtpInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"otp-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"channel"},"value":{"kind":"EnumValue","value":"SMS"}},{"kind":"ObjectField","name":{"kind":"Name","value":"phone"},"value":{"kind":"StringValue","value":"010-1234-5678","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"purpose"},"value":{"kind":"StringValue","value":"login","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"provider"},"value":{"kind":"EnumValue","value":"SECUREKEY"}},{"kind":"ObjectField","name":{"kind":"Name","value":"fallback"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"NGS"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestOtp"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OtpChallenge"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"attemptsLeft"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"resendAt"}},{"kind":"Field","name":{"kind":"Name","value":"sent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimited"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"windowSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requiredChannels"}},{"kind":"Field","name":{"kind":"Name","value":"matchedPolicies"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"differingPaths"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<RequestOtpMutation, RequestOtpMutationVariables>;
export const VerifyOtpDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"VerifyOtp"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"VerifyOtpInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"channel"},"value":{"kind":"EnumValue","value":"SMS"}},{"kind":"ObjectField","name":{"kind":"Name","value":"phone"},"value":{"kind":"StringValue","value":"010-1234-5678","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"code"},"value":{"kind":"StringValue","value":"000000","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verifyOtp"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OtpVerified"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verifiedAt"}},{"kind":"Field","name":{"kind":"Name","value":"channel"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"OtpRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"attemptsLeft"}},{"kind":"Field","name":{"kind":"Name","value":"expired"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimited"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"windowSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requiredChannels"}},{"kind":"Field","name":{"kind":"Name","value":"matchedPolicies"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<VerifyOtpMutation, VerifyOtpMutationVariables>;
export const EnrollTotpDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"EnrollTotp"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"EnrollTotpInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"user-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"accountName"},"value":{"kind":"StringValue","value":"kim@example.com","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"issuer"},"value":{"kind":"StringValue","value":"Gwanmun","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"enrollTotp"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"TotpEnrollment"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uri"}},{"kind":"Field","name":{"kind":"Name","value":"qrCodeDataUrl"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimited"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"windowSeconds"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requiredChannels"}},{"kind":"Field","name":{"kind":"Name","value":"matchedPolicies"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<EnrollTotpMutation, EnrollTotpMutationVariables>;
export const BeginPasskeyRegistrationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BeginPasskeyRegistration"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"BeginPasskeyRegistrationInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"user-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"userName"},"value":{"kind":"StringValue","value":"kim@example.com","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"beginPasskeyRegistration"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PasskeyCeremony"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"options"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<BeginPasskeyRegistrationMutation, BeginPasskeyRegistrationMutationVariables>;
export const RegisterPasskeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RegisterPasskey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RegisterPasskeyInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"user-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"deviceName"},"value":{"kind":"StringValue","value":"Chrome on macOS","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"credential"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"AQ","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"rawId"},"value":{"kind":"StringValue","value":"AQ","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"public-key","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"response"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"clientDataJSON"},"value":{"kind":"StringValue","value":"e30","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"attestationObject"},"value":{"kind":"StringValue","value":"oA","block":false}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"clientExtensionResults"},"value":{"kind":"ObjectValue","fields":[]}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registerPasskey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Passkey"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}},{"kind":"Field","name":{"kind":"Name","value":"registeredAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PasskeyRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"check"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requiredChannels"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<RegisterPasskeyMutation, RegisterPasskeyMutationVariables>;
export const BeginPasskeyAuthenticationDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"BeginPasskeyAuthentication"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"BeginPasskeyAuthenticationInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"user-1","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"beginPasskeyAuthentication"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PasskeyCeremony"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"options"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<BeginPasskeyAuthenticationMutation, BeginPasskeyAuthenticationMutationVariables>;
export const AuthenticatePasskeyDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AuthenticatePasskey"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AuthenticatePasskeyInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"user-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"credential"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"id"},"value":{"kind":"StringValue","value":"AQ","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"rawId"},"value":{"kind":"StringValue","value":"AQ","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"type"},"value":{"kind":"StringValue","value":"public-key","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"response"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"clientDataJSON"},"value":{"kind":"StringValue","value":"e30","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"authenticatorData"},"value":{"kind":"StringValue","value":"AA","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"signature"},"value":{"kind":"StringValue","value":"AA","block":false}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"clientExtensionResults"},"value":{"kind":"ObjectValue","fields":[]}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"authenticatePasskey"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PasskeyVerified"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"credentialId"}},{"kind":"Field","name":{"kind":"Name","value":"verifiedAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PasskeyRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"check"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requiredChannels"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}}]}}]}}]} as unknown as DocumentNode<AuthenticatePasskeyMutation, AuthenticatePasskeyMutationVariables>;
export const PasskeysDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Passkeys"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"userId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},"defaultValue":{"kind":"StringValue","value":"user-1","block":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"passkeys"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"userId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"userId"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}},{"kind":"Field","name":{"kind":"Name","value":"registeredAt"}}]}}]}}]} as unknown as DocumentNode<PasskeysQuery, PasskeysQueryVariables>;
export const RegisterPushDeviceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RegisterPushDevice"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RegisterPushDeviceInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"kim","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"fcmToken"},"value":{"kind":"StringValue","value":"fcm-token-of-the-app","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"platform"},"value":{"kind":"EnumValue","value":"ANDROID"}},{"kind":"ObjectField","name":{"kind":"Name","value":"deviceName"},"value":{"kind":"StringValue","value":"내 전화","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registerPushDevice"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushDevice"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"platform"}},{"kind":"Field","name":{"kind":"Name","value":"deviceName"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<RegisterPushDeviceMutation, RegisterPushDeviceMutationVariables>;
export const RequestPushApprovalDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RequestPushApproval"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RequestPushApprovalInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"push-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"userId"},"value":{"kind":"StringValue","value":"kim","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"title"},"value":{"kind":"StringValue","value":"[관문] 로그인 승인","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"body"},"value":{"kind":"StringValue","value":"서울에서 로그인하려고 합니다.","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requestPushApproval"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PushOutcome"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushApprovalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApproval"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushOutcome"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApprovalResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"PushApprovalParts"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimited"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"windowSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requiredChannels"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"differingPaths"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]} as unknown as DocumentNode<RequestPushApprovalMutation, RequestPushApprovalMutationVariables>;
export const RespondToPushApprovalDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RespondToPushApproval"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RespondToPushApprovalInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"respondToPushApproval"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PushOutcome"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushApprovalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApproval"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushOutcome"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApprovalResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"FragmentSpread","name":{"kind":"Name","value":"PushApprovalParts"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RateLimited"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"scope"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"windowSeconds"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MfaRequired"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"requiredChannels"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"firstUsedAt"}},{"kind":"Field","name":{"kind":"Name","value":"differingPaths"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]} as unknown as DocumentNode<RespondToPushApprovalMutation, RespondToPushApprovalMutationVariables>;
export const PushApprovalByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PushApprovalById"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pushApproval"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PushApprovalParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushApprovalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApproval"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}}]}}]} as unknown as DocumentNode<PushApprovalByIdQuery, PushApprovalByIdQueryVariables>;
export const PushApprovalsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PushApprovals"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"userId"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pushApprovals"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"userId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"userId"}}},{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PushApprovalParts"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PushApprovalParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApproval"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"delivery"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"Field","name":{"kind":"Name","value":"title"}},{"kind":"Field","name":{"kind":"Name","value":"body"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}}]}}]} as unknown as DocumentNode<PushApprovalsQuery, PushApprovalsQueryVariables>;
export const SendLmsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendLms"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendSmsInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"lms-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"to"},"value":{"kind":"StringValue","value":"010-1234-5678","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"subject"},"value":{"kind":"StringValue","value":"주문 안내","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"text"},"value":{"kind":"StringValue","value":"[관문] 주문하신 상품이 오늘 출고되었습니다. 내일 오후 6시 이전에 도착할 예정이며, 배송이 시작되면 다시 알려 드리겠습니다.","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"providers"},"value":{"kind":"ListValue","values":[{"kind":"EnumValue","value":"NGS"}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendSms"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SendOutcome"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SendOutcome"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SendSmsResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"sendAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContentRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"preview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SendLmsMutation, SendLmsMutationVariables>;
export const SendAlimTalkDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendAlimTalk"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendKakaoInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"alimtalk-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"kind"},"value":{"kind":"EnumValue","value":"ALIMTALK"}},{"kind":"ObjectField","name":{"kind":"Name","value":"to"},"value":{"kind":"StringValue","value":"010-1234-5678","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"senderKey"},"value":{"kind":"StringValue","value":"cf1060fa976a7875eafae84083649af24f6ad3db","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"templateCode"},"value":{"kind":"StringValue","value":"temp_code_01","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"text"},"value":{"kind":"StringValue","value":"주문이 접수되었습니다. 😀","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"fallback"},"value":{"kind":"EnumValue","value":"SUBSTITUTE"}},{"kind":"ObjectField","name":{"kind":"Name","value":"fallbackText"},"value":{"kind":"StringValue","value":"[관문] 주문이 접수되었습니다.","block":false}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendKakao"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SendOutcome"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SendOutcome"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SendSmsResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"sendAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContentRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"preview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SendAlimTalkMutation, SendAlimTalkMutationVariables>;
export const SendBatchDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendBatch"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendSmsInput"}}}}},"defaultValue":{"kind":"ListValue","values":[{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"batch-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"to"},"value":{"kind":"StringValue","value":"010-1234-5678","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"text"},"value":{"kind":"StringValue","value":"[관문] 첫째","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"wait"},"value":{"kind":"EnumValue","value":"QUEUED"}}]},{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"batch-2","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"to"},"value":{"kind":"StringValue","value":"02-123-4567","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"text"},"value":{"kind":"StringValue","value":"[관문] 집 전화로는 갈 수 없습니다","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"wait"},"value":{"kind":"EnumValue","value":"QUEUED"}}]}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendSmsBatch"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"inputs"},"value":{"kind":"Variable","name":{"kind":"Name","value":"inputs"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SendSmsBatchPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"results"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"SendOutcome"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"SendOutcome"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SendSmsResult"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"sendAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ContentRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"preview"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<SendBatchMutation, SendBatchMutationVariables>;
export const CancelMessageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelMessage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelMessage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<CancelMessageMutation, CancelMessageMutationVariables>;
export const PushApprovalChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"PushApprovalChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"userId"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"pushApproval"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"userId"},"value":{"kind":"Variable","name":{"kind":"Name","value":"userId"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"PushApprovalChanged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"via"}},{"kind":"Field","name":{"kind":"Name","value":"approval"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"userId"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"decidedAt"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamCaughtUp"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamGap"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fromCursor"}},{"kind":"Field","name":{"kind":"Name","value":"toCursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamEnded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"resumeAfter"}}]}}]}}]}}]} as unknown as DocumentNode<PushApprovalChangesSubscription, PushApprovalChangesSubscriptionVariables>;
export const InboundWebhooksDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"InboundWebhooks"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"provider"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Provider"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"unmatched"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"inboundWebhooks"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"provider"},"value":{"kind":"Variable","name":{"kind":"Name","value":"provider"}}},{"kind":"Argument","name":{"kind":"Name","value":"unmatched"},"value":{"kind":"Variable","name":{"kind":"Name","value":"unmatched"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"event"}},{"kind":"Field","name":{"kind":"Name","value":"signatureValid"}},{"kind":"Field","name":{"kind":"Name","value":"receivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"duplicates"}},{"kind":"Field","name":{"kind":"Name","value":"replays"}},{"kind":"Field","name":{"kind":"Name","value":"body"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<InboundWebhooksQuery, InboundWebhooksQueryVariables>;
export const ReplayWebhookDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ReplayWebhook"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"replayWebhook"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InboundWebhook"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"event"}},{"kind":"Field","name":{"kind":"Name","value":"replays"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<ReplayWebhookMutation, ReplayWebhookMutationVariables>;
export const CommerceTokenDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CommerceToken"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"CommerceTokenInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"type"},"value":{"kind":"EnumValue","value":"SELF"}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"commerceToken"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CommerceToken"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accessToken"}},{"kind":"Field","name":{"kind":"Name","value":"tokenType"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}},{"kind":"Field","name":{"kind":"Name","value":"renewAt"}},{"kind":"Field","name":{"kind":"Name","value":"reused"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"httpStatus"}},{"kind":"Field","name":{"kind":"Name","value":"traceId"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CommerceRestricted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"quotaPerHour"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<CommerceTokenMutation, CommerceTokenMutationVariables>;
export const CommerceSellerDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CommerceSeller"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"account"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"commerceSeller"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"account"},"value":{"kind":"Variable","name":{"kind":"Name","value":"account"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CommerceSeller"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"accountId"}},{"kind":"Field","name":{"kind":"Name","value":"accountUid"}},{"kind":"Field","name":{"kind":"Name","value":"grade"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<CommerceSellerQuery, CommerceSellerQueryVariables>;
export const CommerceProductOrdersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"CommerceProductOrders"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"productOrderIds"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"account"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"commerceProductOrders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"productOrderIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"productOrderIds"}}},{"kind":"Argument","name":{"kind":"Name","value":"account"},"value":{"kind":"Variable","name":{"kind":"Name","value":"account"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CommerceProductOrderList"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"productOrders"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"productOrderId"}},{"kind":"Field","name":{"kind":"Name","value":"orderId"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"placeOrderStatus"}},{"kind":"Field","name":{"kind":"Name","value":"claimStatus"}},{"kind":"Field","name":{"kind":"Name","value":"productName"}},{"kind":"Field","name":{"kind":"Name","value":"productOption"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}},{"kind":"Field","name":{"kind":"Name","value":"totalPaymentAmount"}},{"kind":"Field","name":{"kind":"Name","value":"orderedAt"}},{"kind":"Field","name":{"kind":"Name","value":"paidAt"}},{"kind":"Field","name":{"kind":"Name","value":"receiverName"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<CommerceProductOrdersQuery, CommerceProductOrdersQueryVariables>;
export const ConfirmProductOrdersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"ConfirmProductOrders"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"productOrderIds"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"account"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"confirmProductOrders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"productOrderIds"},"value":{"kind":"Variable","name":{"kind":"Name","value":"productOrderIds"}}},{"kind":"Argument","name":{"kind":"Name","value":"account"},"value":{"kind":"Variable","name":{"kind":"Name","value":"account"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CommerceOrderActionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"productOrderId"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<ConfirmProductOrdersMutation, ConfirmProductOrdersMutationVariables>;
export const DispatchProductOrdersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"DispatchProductOrders"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orders"}},"type":{"kind":"NonNullType","type":{"kind":"ListType","type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"DispatchProductOrderInput"}}}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"account"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"dispatchProductOrders"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"orders"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orders"}}},{"kind":"Argument","name":{"kind":"Name","value":"account"},"value":{"kind":"Variable","name":{"kind":"Name","value":"account"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CommerceOrderActionPayload"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"succeeded"}},{"kind":"Field","name":{"kind":"Name","value":"failed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"productOrderId"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Unauthorized"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"missingScopes"}}]}}]}}]}}]} as unknown as DocumentNode<DispatchProductOrdersMutation, DispatchProductOrdersMutationVariables>;
export const CommerceOrderChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"CommerceOrderChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"account"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"commerceOrderChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"account"},"value":{"kind":"Variable","name":{"kind":"Name","value":"account"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"CommerceOrderChange"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"productOrderId"}},{"kind":"Field","name":{"kind":"Name","value":"orderId"}},{"kind":"Field","name":{"kind":"Name","value":"changeType"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"changedAt"}},{"kind":"Field","name":{"kind":"Name","value":"productOrder"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"productName"}},{"kind":"Field","name":{"kind":"Name","value":"quantity"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamCaughtUp"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamGap"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fromCursor"}},{"kind":"Field","name":{"kind":"Name","value":"toCursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamEnded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"resumeAfter"}}]}}]}}]}}]} as unknown as DocumentNode<CommerceOrderChangesSubscription, CommerceOrderChangesSubscriptionVariables>;
export const RegisterRemittanceUserDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"RegisterRemittanceUser"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"RegisterRemittanceUserInput"}}},"defaultValue":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"idempotencyKey"},"value":{"kind":"StringValue","value":"remittance-user-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"externalId"},"value":{"kind":"StringValue","value":"user-1","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"firstName"},"value":{"kind":"StringValue","value":"Maria","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"lastName"},"value":{"kind":"StringValue","value":"Santos","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"nationality"},"value":{"kind":"StringValue","value":"PH","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"birthDate"},"value":{"kind":"StringValue","value":"1990-01-31","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"email"},"value":{"kind":"StringValue","value":"maria@example.com","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"phone"},"value":{"kind":"StringValue","value":"010-3369-1481","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"details"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"password"},"value":{"kind":"StringValue","value":"the-user-chose-it","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"gender"},"value":{"kind":"StringValue","value":"F","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"fundsSource"},"value":{"kind":"StringValue","value":"business_earnings","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"occupation"},"value":{"kind":"StringValue","value":"company_employee","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"transferPurpose"},"value":{"kind":"StringValue","value":"saving","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"oftenSendCountry"},"value":{"kind":"StringValue","value":"PH","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"passportNumber"},"value":{"kind":"StringValue","value":"P0000000A","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"address"},"value":{"kind":"ObjectValue","fields":[{"kind":"ObjectField","name":{"kind":"Name","value":"country"},"value":{"kind":"StringValue","value":"KR","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"region"},"value":{"kind":"StringValue","value":"Seoul","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"city"},"value":{"kind":"StringValue","value":"Seoul","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"line1"},"value":{"kind":"StringValue","value":"1 Sejong-daero","block":false}},{"kind":"ObjectField","name":{"kind":"Name","value":"postalCode"},"value":{"kind":"StringValue","value":"04524","block":false}}]}},{"kind":"ObjectField","name":{"kind":"Name","value":"agreements"},"value":{"kind":"ListValue","values":[{"kind":"StringValue","value":"unique_id_info","block":false},{"kind":"StringValue","value":"third_party_info","block":false},{"kind":"StringValue","value":"electronic_financial_transactions","block":false},{"kind":"StringValue","value":"privacy_info","block":false},{"kind":"StringValue","value":"small_sum_foreign","block":false}]}}]}}]}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"registerRemittanceUser"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemittanceUser"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"registration"}},{"kind":"Field","name":{"kind":"Name","value":"mobile"}},{"kind":"Field","name":{"kind":"Name","value":"documents"}},{"kind":"Field","name":{"kind":"Name","value":"bank"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"differingPaths"}}]}}]}}]}}]} as unknown as DocumentNode<RegisterRemittanceUserMutation, RegisterRemittanceUserMutationVariables>;
export const NgsReportsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"NgsReports"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"NgsReportFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orphans"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}},"defaultValue":{"kind":"BooleanValue","value":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ngsReport"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orphans"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orphans"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NgsReport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"serial"}},{"kind":"Field","name":{"kind":"Name","value":"gwSerial"}},{"kind":"Field","name":{"kind":"Name","value":"delivered"}},{"kind":"Field","name":{"kind":"Name","value":"rawResult"}},{"kind":"Field","name":{"kind":"Name","value":"rawMessage"}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}},{"kind":"Field","name":{"kind":"Name","value":"sentAt"}},{"kind":"Field","name":{"kind":"Name","value":"receivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"sent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"clientRef"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamCaughtUp"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamGap"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fromCursor"}},{"kind":"Field","name":{"kind":"Name","value":"toCursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamEnded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"resumeAfter"}}]}}]}}]}}]} as unknown as DocumentNode<NgsReportsSubscription, NgsReportsSubscriptionVariables>;
export const VerifyRemittanceUserDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"VerifyRemittanceUser"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"VerifyRemittanceUserInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"verifyRemittanceUser"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemittanceUser"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"registration"}},{"kind":"Field","name":{"kind":"Name","value":"mobile"}},{"kind":"Field","name":{"kind":"Name","value":"documents"}},{"kind":"Field","name":{"kind":"Name","value":"bank"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}}]}}]}}]} as unknown as DocumentNode<VerifyRemittanceUserMutation, VerifyRemittanceUserMutationVariables>;
export const UploadRemittanceDocumentDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"UploadRemittanceDocument"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"UploadRemittanceDocumentInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"uploadRemittanceDocument"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemittanceUser"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"registration"}},{"kind":"Field","name":{"kind":"Name","value":"mobile"}},{"kind":"Field","name":{"kind":"Name","value":"documents"}},{"kind":"Field","name":{"kind":"Name","value":"bank"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}}]}}]}}]} as unknown as DocumentNode<UploadRemittanceDocumentMutation, UploadRemittanceDocumentMutationVariables>;
export const AddRemittanceRecipientDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"AddRemittanceRecipient"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"AddRemittanceRecipientInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"addRemittanceRecipient"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemittanceRecipient"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"registration"}},{"kind":"Field","name":{"kind":"Name","value":"country"}},{"kind":"Field","name":{"kind":"Name","value":"receiveMethod"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"differingPaths"}}]}}]}}]}}]} as unknown as DocumentNode<AddRemittanceRecipientMutation, AddRemittanceRecipientMutationVariables>;
export const QuoteRemittanceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"QuoteRemittance"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"QuoteRemittanceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"quoteRemittance"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemittanceQuote"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"sendAmount"}},{"kind":"Field","name":{"kind":"Name","value":"sendCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"receiveAmount"}},{"kind":"Field","name":{"kind":"Name","value":"receiveCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"commission"}},{"kind":"Field","name":{"kind":"Name","value":"commissionCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"expiresAt"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]}}]} as unknown as DocumentNode<QuoteRemittanceMutation, QuoteRemittanceMutationVariables>;
export const SendRemittanceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"SendRemittance"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"SendRemittanceInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"sendRemittance"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Remittance"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"sendAmount"}},{"kind":"Field","name":{"kind":"Name","value":"sendCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"receiveAmount"}},{"kind":"Field","name":{"kind":"Name","value":"receiveCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"virtualAccount"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"IdempotencyConflict"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"differingPaths"}}]}}]}}]}}]} as unknown as DocumentNode<SendRemittanceMutation, SendRemittanceMutationVariables>;
export const CancelRemittanceDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"CancelRemittance"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cancelRemittance"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Remittance"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"sendAmount"}},{"kind":"Field","name":{"kind":"Name","value":"sendCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"receiveAmount"}},{"kind":"Field","name":{"kind":"Name","value":"receiveCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"virtualAccount"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Error"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retry"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"origin"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"InvalidInput"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fields"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderRejected"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderUnavailable"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"subjectId"}}]}}]}}]}}]} as unknown as DocumentNode<CancelRemittanceMutation, CancelRemittanceMutationVariables>;
export const RemittanceByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"RemittanceById"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remittance"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"externalId"}},{"kind":"Field","name":{"kind":"Name","value":"transferId"}},{"kind":"Field","name":{"kind":"Name","value":"sendAmount"}},{"kind":"Field","name":{"kind":"Name","value":"sendCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"receiveAmount"}},{"kind":"Field","name":{"kind":"Name","value":"receiveCurrency"}},{"kind":"Field","name":{"kind":"Name","value":"virtualAccount"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}}]}}]} as unknown as DocumentNode<RemittanceByIdQuery, RemittanceByIdQueryVariables>;
export const RemittanceChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"RemittanceChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"remittanceChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"RemittanceChanged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"remittance"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"status"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamCaughtUp"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamGap"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fromCursor"}},{"kind":"Field","name":{"kind":"Name","value":"toCursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamEnded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"resumeAfter"}}]}}]}}]}}]} as unknown as DocumentNode<RemittanceChangesSubscription, RemittanceChangesSubscriptionVariables>;
export const MessageChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"MessageChanges"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MessageFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"messageChanged"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"MessageChanged"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"at"}},{"kind":"Field","name":{"kind":"Name","value":"changed"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"clientRef"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamCaughtUp"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"replayed"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamGap"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"fromCursor"}},{"kind":"Field","name":{"kind":"Name","value":"toCursor"}},{"kind":"Field","name":{"kind":"Name","value":"reason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"StreamEnded"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"reason"}},{"kind":"Field","name":{"kind":"Name","value":"resumeAfter"}}]}}]}}]}}]} as unknown as DocumentNode<MessageChangesSubscription, MessageChangesSubscriptionVariables>;
export const MessagesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Messages"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"last"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"before"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MessageFilter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"messages"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"last"},"value":{"kind":"Variable","name":{"kind":"Name","value":"last"}}},{"kind":"Argument","name":{"kind":"Name","value":"before"},"value":{"kind":"Variable","name":{"kind":"Name","value":"before"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"purpose"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"from"}},{"kind":"Field","name":{"kind":"Name","value":"clientRef"}},{"kind":"Field","name":{"kind":"Name","value":"createdAt"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"settledBy"}}]}},{"kind":"Field","name":{"kind":"Name","value":"reports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"delivered"}},{"kind":"Field","name":{"kind":"Name","value":"rawResult"}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<MessagesQuery, MessagesQueryVariables>;
export const NgsReportListDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NgsReportList"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"first"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}},"defaultValue":{"kind":"IntValue","value":"20"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"filter"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"NgsReportFilter"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"orphans"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Boolean"}},"defaultValue":{"kind":"BooleanValue","value":false}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"ngsReports"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"first"},"value":{"kind":"Variable","name":{"kind":"Name","value":"first"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}},{"kind":"Argument","name":{"kind":"Name","value":"filter"},"value":{"kind":"Variable","name":{"kind":"Name","value":"filter"}}},{"kind":"Argument","name":{"kind":"Name","value":"orphans"},"value":{"kind":"Variable","name":{"kind":"Name","value":"orphans"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"edges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"node"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"cursor"}},{"kind":"Field","name":{"kind":"Name","value":"to"}},{"kind":"Field","name":{"kind":"Name","value":"serial"}},{"kind":"Field","name":{"kind":"Name","value":"gwSerial"}},{"kind":"Field","name":{"kind":"Name","value":"delivered"}},{"kind":"Field","name":{"kind":"Name","value":"rawResult"}},{"kind":"Field","name":{"kind":"Name","value":"rawMessage"}},{"kind":"Field","name":{"kind":"Name","value":"spamFiltered"}},{"kind":"Field","name":{"kind":"Name","value":"kakaoErrorCode"}},{"kind":"Field","name":{"kind":"Name","value":"finalKind"}},{"kind":"Field","name":{"kind":"Name","value":"carrier"}},{"kind":"Field","name":{"kind":"Name","value":"sentAt"}},{"kind":"Field","name":{"kind":"Name","value":"receivedAt"}},{"kind":"Field","name":{"kind":"Name","value":"sent"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}}]}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"pageInfo"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"hasNextPage"}},{"kind":"Field","name":{"kind":"Name","value":"hasPreviousPage"}},{"kind":"Field","name":{"kind":"Name","value":"startCursor"}},{"kind":"Field","name":{"kind":"Name","value":"endCursor"}}]}}]}}]}}]} as unknown as DocumentNode<NgsReportListQuery, NgsReportListQueryVariables>;
export const PreviewMessageDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"PreviewMessage"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"text"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},"defaultValue":{"kind":"StringValue","value":"가격은 ₩1,000 입니다","block":false}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"subject"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"String"}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"provider"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"SmsProvider"}},"defaultValue":{"kind":"EnumValue","value":"NGS"}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"kind"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"MessageKind"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"previewMessage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"text"},"value":{"kind":"Variable","name":{"kind":"Name","value":"text"}}},{"kind":"Argument","name":{"kind":"Name","value":"subject"},"value":{"kind":"Variable","name":{"kind":"Name","value":"subject"}}},{"kind":"Argument","name":{"kind":"Name","value":"provider"},"value":{"kind":"Variable","name":{"kind":"Name","value":"provider"}}},{"kind":"Argument","name":{"kind":"Name","value":"kind"},"value":{"kind":"Variable","name":{"kind":"Name","value":"kind"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"bytes"}},{"kind":"Field","name":{"kind":"Name","value":"limit"}},{"kind":"Field","name":{"kind":"Name","value":"wire"}},{"kind":"Field","name":{"kind":"Name","value":"fitsKsx1001"}},{"kind":"Field","name":{"kind":"Name","value":"unencodable"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"character"}},{"kind":"Field","name":{"kind":"Name","value":"codePoint"}},{"kind":"Field","name":{"kind":"Name","value":"suggestion"}}]}},{"kind":"Field","name":{"kind":"Name","value":"problems"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"path"}},{"kind":"Field","name":{"kind":"Name","value":"rule"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<PreviewMessageQuery, PreviewMessageQueryVariables>;
export const ProvidersDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Providers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"providers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"account"}},{"kind":"Field","name":{"kind":"Name","value":"configured"}},{"kind":"Field","name":{"kind":"Name","value":"healthy"}},{"kind":"Field","name":{"kind":"Name","value":"simulated"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}},{"kind":"Field","name":{"kind":"Name","value":"lastFault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ngs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"encrypted"}},{"kind":"Field","name":{"kind":"Name","value":"smsTps"}},{"kind":"Field","name":{"kind":"Name","value":"inFlight"}},{"kind":"Field","name":{"kind":"Name","value":"boundSince"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"lastEvent"}}]}}]}}]} as unknown as DocumentNode<ProvidersQuery, ProvidersQueryVariables>;
export const ProviderChangesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ProviderChanges"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"providerStatus"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ProviderParts"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ProviderParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderStatus"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"account"}},{"kind":"Field","name":{"kind":"Name","value":"configured"}},{"kind":"Field","name":{"kind":"Name","value":"healthy"}},{"kind":"Field","name":{"kind":"Name","value":"simulated"}},{"kind":"Field","name":{"kind":"Name","value":"detail"}},{"kind":"Field","name":{"kind":"Name","value":"lastFault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"at"}}]}},{"kind":"Field","name":{"kind":"Name","value":"ngs"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"encrypted"}},{"kind":"Field","name":{"kind":"Name","value":"smsTps"}},{"kind":"Field","name":{"kind":"Name","value":"inFlight"}},{"kind":"Field","name":{"kind":"Name","value":"boundSince"}},{"kind":"Field","name":{"kind":"Name","value":"owner"}},{"kind":"Field","name":{"kind":"Name","value":"lastEvent"}}]}}]}}]} as unknown as DocumentNode<ProviderChangesSubscription, ProviderChangesSubscriptionVariables>;
export const MessageByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"MessageById"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"message"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"state"}},{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"provider"}},{"kind":"Field","name":{"kind":"Name","value":"reference"}},{"kind":"Field","name":{"kind":"Name","value":"outcome"}},{"kind":"Field","name":{"kind":"Name","value":"settledBy"}},{"kind":"Field","name":{"kind":"Name","value":"fault"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"reports"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"delivered"}}]}}]}}]}}]} as unknown as DocumentNode<MessageByIdQuery, MessageByIdQueryVariables>;
export const NodeByIdDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"NodeById"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"id"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ID"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"node"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"id"},"value":{"kind":"Variable","name":{"kind":"Name","value":"id"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Message"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"state"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"NgsReport"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"serial"}},{"kind":"Field","name":{"kind":"Name","value":"delivered"}}]}}]}}]}}]} as unknown as DocumentNode<NodeByIdQuery, NodeByIdQueryVariables>;