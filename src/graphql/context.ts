/** What a resolver may reach: the caller, core's services, and loaders that live for one operation. */
import DataLoader from 'dataloader';
import type { Canceller } from '../core/messaging/cancel.ts';
import type { Message } from '../core/messaging/message.ts';
import type { MessageReader } from '../core/messaging/read.ts';
import { orphanOwner, type StoredReport } from '../core/messaging/report.ts';
import type { Sender } from '../core/messaging/send.ts';
import type { ContentLimits, SmsProvider } from '../core/provider.ts';
import type { ProviderBoard } from '../core/provider-board.ts';
import type { Caller } from '../core/tenant.ts';

export interface Services {
  readonly sender: Sender;
  readonly canceller: Canceller;
  readonly reader: MessageReader;
  readonly board: ProviderBoard;
  /** Of every provider that carries messages, also where it is not configured. */
  readonly limits: Readonly<Record<SmsProvider, ContentLimits>>;
}

/** What the transport knows of a request once its key was accepted. */
export interface CallerContext {
  readonly caller: Caller;
  readonly requestId: string;
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
}

export function createLoaders({ reader }: Services, tenant: string): Loaders {
  return {
    message: new DataLoader((ids) => reader.messages(tenant, ids)),
    report: new DataLoader((ids) => reader.reports(tenant, ids)),
    orphan: new DataLoader((ids) => reader.reports(orphanOwner, ids)),
    reportsOfMessage: new DataLoader((ids) => reader.reportsOfMessages(tenant, ids)),
  };
}
