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

/** Kinds that share a rate at NGS (BIND_ACK's SMS_TPS, MMS_TPS and KKO_TPS) and so wait in a line of their own. */
export type Lane = 'SMS' | 'LONG' | 'KAKAO';

export const laneOf = (kind: MessageKind): Lane => {
  if (kind === 'SMS') return 'SMS';
  return kind === 'LMS' || kind === 'MMS' ? 'LONG' : 'KAKAO';
};

export type ImageType = 'JPG' | 'PNG';

/** An image whose bytes are what its type says. */
export interface Image {
  readonly fileName: string;
  readonly type: ImageType;
  readonly bytes: Uint8Array;
}

/** What a Kakao message has besides its text (NGS 2.0.1, section 4.3). */
export interface KakaoContent {
  readonly senderKey: string;
  readonly templateCode?: string;
  readonly method: 'PUSH' | 'REALTIME' | 'POLLING';
  /** Of the text; the buttons are always UTF-8. */
  readonly encoding: 'EUC_KR' | 'UTF_8';
  /** Kakao's own JSON, checked: it parses, and button_cnt counts its buttons. */
  readonly buttons?: string;
  readonly fallback: 'NONE' | 'CONVERT' | 'SUBSTITUTE' | 'SUBSTITUTE_MMS';
  readonly fallbackText?: string;
  readonly fallbackSubject?: string;
}

/** What a provider can carry. Counted in bytes of MS949 but where it says characters. */
export interface ContentLimits {
  readonly kinds: readonly MessageKind[];
  readonly smsMaxBytes: number;
  /** An SMS may go to a number abroad. */
  readonly smsAbroad: boolean;
  /** LMS and MMS. */
  readonly longMaxBytes: number;
  readonly subjectMaxBytes: number;
  readonly mms: {
    readonly types: readonly ImageType[];
    readonly maxImages: number;
    readonly maxImageBytes: number;
    readonly maxFileNameLength?: number;
    readonly maxWidth?: number;
    readonly maxHeight?: number;
  };
  /** Where it carries Kakao: by kind, the most of its text and of the image that goes out with it. */
  readonly kakao?: Partial<
    Readonly<
      Record<
        MessageKind,
        {
          readonly maxCharacters: number;
          readonly maxImageBytes: number;
          readonly maxWidth?: number;
          readonly maxHeight?: number;
        }
      >
    >
  >;
}

/** What leaves for a handset: checked, normalised, ready for any provider that carries its kind. */
export interface Submission {
  readonly kind: MessageKind;
  readonly purpose: MessagePurpose;
  /** National digits of a Korean mobile: 01012345678. Abroad, where a provider carries it: E.164. */
  readonly to: string;
  /** National digits of the registered caller number: 15880000. */
  readonly from: string;
  /** NFC, LF line ends, encodable in MS949. */
  readonly text: string;
  /** LMS and MMS. */
  readonly subject?: string;
  /** MMS, or the one image of a Kakao kind that has one. */
  readonly images?: readonly Image[];
  readonly kakao?: KakaoContent;
  /** The provider shall hold it until then (SENS reservation); only where `reserves` said yes. */
  readonly reserveAt?: Instant;
  /** The request that stored the message, for logs and traces: it never goes out. */
  readonly requestId?: string;
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
  | {
      readonly state: 'PENDING';
      readonly taken: boolean /** Where the look-up found it. */;
      readonly reference?: string;
    }
  | { readonly state: 'DELIVERED'; readonly reference?: string }
  | { readonly state: 'FAILED'; readonly fault: ProviderFault; readonly reference?: string };

export type CancelResult =
  | { readonly state: 'CANCELLED' }
  /** It has left, or was cancelled before, or the provider does not know it. */
  | { readonly state: 'TOO_LATE'; readonly fault: ProviderFault }
  | { readonly state: 'UNKNOWN'; readonly fault: ProviderFault };

/**
 * Whether a reference that the provider shows belongs already to a message of ours to the same recipient. The recipients
 * of one grouped call share a reference, so by it alone none but the first of a lost group would ever be found.
 */
export type IsKnownReference = (reference: string) => Promise<boolean>;

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
  /** How many may be in flight. */
  readonly window: number;
  /** Since this process began. KICKED: by another login under the same ID; REFUSED: the login; LEFT: we went. */
  readonly ends: Readonly<Record<'LOST' | 'KICKED' | 'REFUSED' | 'LEFT', number>>;
  readonly boundSince?: Instant;
  readonly owner?: string;
  readonly lastEvent?: string;
}

/** One account of a provider that carries messages. */
export interface MessageProvider {
  readonly provider: SmsProvider;
  readonly account: string;
  readonly limits: ContentLimits;
  /** Longest time from `submit` to its result. Past it, a stored attempt without a result is UNCONFIRMED. */
  readonly submitTimeoutMs: number;
  /**
   * Where one process at a time may run the account's sessions: how long nobody may, between the end of one process's
   * and the login of the next. Undefined where any number may run it.
   */
  readonly soleOwner: { readonly restMs: number } | undefined;

  /**
   * Begins to log in or to accept work; never throws for a peer that is away. Where `mayAct` says no, nothing that
   * belongs to the account's owner may leave, not even what is at its last step. Where `mayLogIn` says no, nothing is opened
   * anew. @param mayAct always, if left out @param mayLogIn as mayAct, if left out
   */
  start(inbox: ReportInbox, mayAct?: () => boolean, mayLogIn?: () => boolean): Promise<void>;
  /** Takes nothing new, lets what is in flight finish (bounded, and not once `hurry` is aborted), then lets go. */
  stop(hurry?: AbortSignal): Promise<void>;

  /** How many submissions of a lane, or groups of them, it would take now. 0 while it is down. @default lane SMS */
  vacancies(lane?: Lane): number;
  /** Called whenever `vacancies` may have risen, or the health changed. Returns the release. */
  onChange(listener: () => void): () => void;

  /** A reference to store before the bytes leave; undefined where the provider makes it (SENS). */
  newReference(): string | undefined;
  /** Never throws for anything the peer does. */
  submit(submission: Submission, attempt: Attempt): Promise<SubmitResult>;
  /**
   * Only where several recipients of one content go in one upstream call (SENS, at most 100). Submissions with the same
   * key may go together; each gets its own result, in order.
   */
  readonly groups?: {
    readonly maxSize: number;
    keyOf(submission: Submission): string;
    submit(submissions: readonly Submission[], attempts: readonly Attempt[]): Promise<readonly SubmitResult[]>;
  };
  /**
   * Only where results must be asked for (SENS). Throws nothing; a failed look-up is PENDING. An attempt without a
   * reference (its answer was lost) is looked for by time, recipient and content among what `isKnown` denies.
   */
  lookUp?(submission: Submission, attempt: Attempt, isKnown?: IsKnownReference): Promise<LookUpResult>;
  /** Only where the provider itself holds messages until a time (SENS). Never throws for anything the peer does. */
  readonly reservations?: {
    /** Whether it would hold a message until then, judged now. */
    accepts(at: Instant): boolean;
    cancel(reference: string): Promise<CancelResult>;
  };

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
