/** The port to whoever sends webhooks: is this one genuine, and what does it say. And what core then does about it. */
import type { Instant } from '../clock.ts';
import type { ProviderName } from '../outcome.ts';
import type { PushDecision } from '../verification/provider.ts';

/** Lower-case names; every value that a header was sent with, in order. */
export type WebhookHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/** One account that sends webhooks. No method throws, whatever the bytes are. */
export interface WebhookSource {
  readonly provider: ProviderName;
  readonly account: string;
  /** One of the account's secrets signed just these bytes. */
  isGenuine(body: Uint8Array, headers: WebhookHeaders): boolean;
  read(body: Uint8Array): WebhookContent;
  /** The body as it may be shown, where it carries a secret of the account's: `***` stands in its place. */
  redact?(body: Uint8Array): Uint8Array;
}

export interface WebhookContent {
  /** The provider's name of what happened: `push.responded`. Absent where it cannot be read. */
  readonly event?: string;
  /** What core can do something about. */
  readonly subject?: WebhookSubject;
}

export interface PushResponded {
  readonly type: 'PUSH_RESPONDED';
  readonly requestId: string;
  /** The person, by the name that the provider knows. */
  readonly userId?: string;
  /** Absent where the provider does not say which: then it is asked. */
  readonly decision?: PushDecision;
}

/** That a transfer is worth reading: what it claims is no evidence. */
export interface TransferChanged {
  readonly type: 'TRANSFER_CHANGED';
  readonly externalId: string;
  /** The provider's own word. */
  readonly status: string;
}

export type WebhookSubject = PushResponded | TransferChanged;

/** What a genuine webhook does. Idempotent: run again for the same webhook, it changes nothing more. */
export interface WebhookEffect {
  /** The tenant whose record the subject names; undefined where there is none, or none yet. */
  ownerOf(source: WebhookSource, subject: WebhookSubject): Promise<string | undefined>;
  /** UNMATCHED: there is no such record yet; it is worth trying again for a while. */
  apply(source: WebhookSource, subject: WebhookSubject, receivedAt: Instant): Promise<'APPLIED' | 'UNMATCHED'>;
}
