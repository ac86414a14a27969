/** The ports between core and the providers: what core asks of one, and what one hands in. No sockets here. */
import type { Instant } from './clock.ts';
import type { Outcome, ProviderFault, ProviderName } from './outcome.ts';

export type SmsProvider = 'SENS' | 'NGS';
export type MessageKind =
  | 'SMS'
  | 'LMS'
  | 'MMS'
  | 'ALIMTALK'
  | 'ALIMTALK_IMAGE'
  | 'FRIENDTALK'
  | 'FRIENDTALK_IMAGE'
  | 'FRIENDTALK_WIDE';
export type MessagePurpose = 'NORMAL' | 'AD' | 'AUTH';
export type Carrier = 'SKT' | 'KT' | 'LGU' | 'KAKAO' | 'ETC';

/** What leaves for a handset: checked, normalised, ready for any provider that carries its kind. */
export interface Submission {
  readonly kind: MessageKind;
  readonly purpose: MessagePurpose;
  /** National digits of a Korean mobile: 01012345678. */
  readonly to: string;
  /** National digits of the registered caller number: 15880000. */
  readonly from: string;
  /** NFC, LF line ends, encodable in MS949. */
  readonly text: string;
  readonly subject?: string;
}

/** One try to submit, under the reference that was stored before any byte left (NGS: the SERIAL). */
export interface Attempt {
  readonly reference?: string;
  readonly startedAt: Instant;
}

export type SubmitResult =
  | {
      readonly outcome: Extract<Outcome, 'ACCEPTED'> /** SENS: requestId. NGS: the SERIAL. */;
      readonly reference: string;
    }
  | {
      readonly outcome: Extract<Outcome, 'NOT_ACCEPTED'>;
      readonly fault: ProviderFault;
      /** The provider's table asks for the same message again, later. */
      readonly retriable: boolean;
    }
  | { readonly outcome: Extract<Outcome, 'UNKNOWN'>; readonly fault: ProviderFault };

export type LookUpResult =
  /** Not found, or not finished: ask again later. `taken` once the provider shows that it has it. */
  | { readonly state: 'PENDING'; readonly taken: boolean }
  | { readonly state: 'DELIVERED' }
  | { readonly state: 'FAILED'; readonly fault: ProviderFault };

export interface ProviderHealth {
  readonly provider: ProviderName;
  readonly account: string;
  readonly configured: boolean;
  readonly healthy: boolean;
  readonly simulated: boolean;
  readonly detail?: string;
  readonly lastFault?: ProviderFault;
  readonly ngs?: NgsSessionHealth;
}

export interface NgsSessionHealth {
  /** IDLE, CERTIFYING, BINDING, BOUND, BACKING_OFF, LOCKED_OUT or STOPPED. */
  readonly state: string;
  readonly encrypted: boolean;
  readonly smsTps?: number;
  readonly mmsTps?: number;
  readonly kakaoTps?: number;
  readonly inFlight: number;
  readonly boundSince?: Instant;
  readonly owner?: string;
  readonly lastEvent?: string;
}

/** One account of a provider that carries messages. */
export interface MessageProvider {
  readonly provider: SmsProvider;
  readonly account: string;
  /** Longest time from `submit` to its result. Past it, a stored attempt without a result is UNCONFIRMED. */
  readonly submitTimeoutMs: number;
  /** True where one process at a time may run the account's sessions. */
  readonly singleOwner: boolean;

  /** Begins to log in or to accept work; never throws for a peer that is away. */
  start(inbox: ReportInbox): Promise<void>;
  /** Takes nothing new, lets what is in flight finish (bounded), then lets go. */
  stop(): Promise<void>;

  /** How many submissions it would take now. 0 while it is down. */
  vacancies(): number;
  /** Called whenever `vacancies` may have risen, or the health changed. Returns the release. */
  onChange(listener: () => void): () => void;

  /** A reference to store before the bytes leave; undefined where the provider makes it (SENS). */
  newReference(): string | undefined;
  /** Never throws for anything the peer does. */
  submit(submission: Submission, attempt: Attempt): Promise<SubmitResult>;
  /** Only where results must be asked for (SENS). Throws nothing; a failed look-up is PENDING. */
  lookUp?(submission: Submission, attempt: Attempt): Promise<LookUpResult>;

  health(): ProviderHealth;
}

/** A NGS REPORT packet, decoded (seeds: NGS 2.0.1, section 4.4). */
export interface ReceivedReport {
  readonly account: string;
  readonly serial: string;
  readonly gwSerial: string;
  /** DA_ADDR, national digits. */
  readonly to: string;
  readonly rawResult: string;
  readonly rawMessage: string;
  readonly delivered: boolean;
  readonly spamFiltered: boolean;
  readonly kakaoErrorCode?: string;
  readonly finalKind?: MessageKind;
  readonly carrier?: Carrier;
  /** SENDTIME, where it was a time. */
  readonly sentAt?: Instant;
}

export interface ReportInbox {
  /** Resolves once the report is durable, also for a repeated one; only then may it be acknowledged. */
  receive(report: ReceivedReport): Promise<void>;
}
