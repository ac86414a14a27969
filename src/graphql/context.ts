/** What a resolver may reach: the caller, core's services, and loaders that live for one operation. */
import DataLoader from 'dataloader';
import type { Commerce } from '../core/commerce/commerce.ts';
import type { AccountProductOrder } from '../core/commerce/product-orders.ts';
import type { StreamEnding } from '../core/events/ending.ts';
import type { Canceller } from '../core/messaging/cancel.ts';
import type { Message } from '../core/messaging/message.ts';
import type { MessageReader } from '../core/messaging/read.ts';
import { orphanOwner, type StoredReport } from '../core/messaging/report.ts';
import type { Sender } from '../core/messaging/send.ts';
import type { ContentLimits, SmsProvider } from '../core/provider.ts';
import type { ProviderBoard } from '../core/provider-board.ts';
import type { Quota } from '../core/quota.ts';
import type { RemittanceRecipient, RemittanceUser } from '../core/remittance/people.ts';
import type { RemittanceService } from '../core/remittance/remittance.ts';
import type { Remittance } from '../core/remittance/transfer.ts';
import type { Caller } from '../core/tenant.ts';
import type { OtpChallenge, OtpService } from '../core/verification/otp.ts';
import type { PasskeyService } from '../core/verification/passkey.ts';
import type { Passkey } from '../core/verification/passkey-store.ts';
import type { PushApprovals } from '../core/verification/push.ts';
import type { PushApproval } from '../core/verification/push-approval.ts';
import type { PushDevice } from '../core/verification/push-device.ts';
import type { WebhookReader } from '../core/webhooks/read.ts';
import { type InboundWebhook, unmatchedOwner } from '../core/webhooks/webhook-store.ts';

export interface Services {
  readonly sender: Sender;
  readonly canceller: Canceller;
  readonly reader: MessageReader;
  readonly board: ProviderBoard;
  readonly otp: OtpService;
  readonly passkeys: PasskeyService;
  readonly push: PushApprovals;
  readonly webhooks: WebhookReader;
  readonly commerce: Commerce;
  readonly remittance: RemittanceService;
  /** Of every provider that carries messages, also where it is not configured. */
  readonly limits: Readonly<Record<SmsProvider, ContentLimits>>;
  /** Left out where nobody is held to one. */
  readonly quota?: Quota;
}

/** What the transport knows of a request once its key was accepted. */
export interface CallerContext {
  readonly caller: Caller;
  readonly requestId: string;
  /** From where the client comes, as far as the operator's proxies tell. */
  readonly address: string;
  /** SSE is HTTP. */
  readonly transport: 'HTTP' | 'WEBSOCKET';
  /** Of the streams that are read by this connection. */
  readonly ending?: StreamEnding;
  /** To be called where the answer turns out to be a stream: from then on it only waits. */
  readonly onStream?: () => void;
}

export interface Context extends CallerContext {
  readonly services: Services;
  readonly loaders: Loaders;
}

export interface Loaders {
  readonly message: DataLoader<string, Message | undefined>;
  readonly report: DataLoader<string, StoredReport | undefined>;
  /** Only for a caller with the scope operator. */
  readonly orphan: DataLoader<string, StoredReport | undefined>;
  readonly reportsOfMessage: DataLoader<string, readonly StoredReport[]>;
  readonly otpChallenge: DataLoader<string, OtpChallenge | undefined>;
  readonly passkey: DataLoader<string, Passkey | undefined>;
  readonly pushApproval: DataLoader<string, PushApproval | undefined>;
  readonly pushDevice: DataLoader<string, PushDevice | undefined>;
  readonly webhook: DataLoader<string, InboundWebhook | undefined>;
  /** Only for a caller with the scope operator. */
  readonly unmatchedWebhook: DataLoader<string, InboundWebhook | undefined>;
  /** Of webhooks that were loaded. */
  readonly webhookBody: DataLoader<string, Uint8Array | undefined>;
  /** By our own id. Core splits what is more than one call may ask for. */
  readonly productOrder: DataLoader<string, AccountProductOrder | undefined>;
  readonly remittance: DataLoader<string, Remittance | undefined>;
  readonly remittanceUser: DataLoader<string, RemittanceUser | undefined>;
  readonly remittanceRecipient: DataLoader<string, RemittanceRecipient | undefined>;
}

export function createLoaders(services: Services, tenant: string): Loaders {
  const { reader, otp, passkeys, push, webhooks, commerce, remittance } = services;
  return {
    message: new DataLoader((ids) => reader.messages(tenant, ids)),
    report: new DataLoader((ids) => reader.reports(tenant, ids)),
    orphan: new DataLoader((ids) => reader.reports(orphanOwner, ids)),
    reportsOfMessage: new DataLoader((ids) => reader.reportsOfMessages(tenant, ids)),
    otpChallenge: new DataLoader((ids) => otp.challenges(tenant, ids)),
    passkey: new DataLoader((ids) => passkeys.passkeys(tenant, ids)),
    pushApproval: new DataLoader((ids) => push.load(tenant, ids)),
    pushDevice: new DataLoader((ids) => push.devices.load(tenant, ids)),
    webhook: new DataLoader((ids) => webhooks.load(tenant, ids)),
    unmatchedWebhook: new DataLoader((ids) => webhooks.load(unmatchedOwner, ids)),
    webhookBody: new DataLoader((ids) => webhooks.bodies(ids)),
    productOrder: new DataLoader((keys) => commerce.load(keys)),
    remittance: new DataLoader((ids) => remittance.remittances(tenant, ids)),
    remittanceUser: new DataLoader((ids) => remittance.users(tenant, ids)),
    remittanceRecipient: new DataLoader((ids) => remittance.recipients(tenant, ids)),
  };
}
