/**
 * What a tenant may see of its messages and reports: one, a page, or a stream from a cursor on. Reports have an owner, a
 * tenant or `orphanOwner`; who may name which is the caller's to check.
 */
import type { Instant } from '../clock.ts';
import type { Reading, StreamItem, Streams } from '../events/follow.ts';
import { type Page, type PageArguments, readPage } from '../events/page.ts';
import type { Carrier, MessageKind } from '../provider.ts';
import type { Store } from '../store.ts';
import type { Message, MessageState } from './message.ts';
import { messageIndex } from './message-index.ts';
import type { MessageEntry, MessageStore } from './message-store.ts';
import { parseRecipient } from './recipient.ts';
import { type NgsReport, type ReportStore, reportIndex, type StoredReport } from './report.ts';

export interface MessageFilter {
  readonly states?: readonly MessageState[] | null | undefined;
  readonly kinds?: readonly MessageKind[] | null | undefined;
  readonly to?: string | null | undefined;
  readonly clientRef?: string | null | undefined;
  readonly since?: Instant | null | undefined;
}

export interface NgsReportFilter {
  readonly serials?: readonly string[] | null | undefined;
  readonly delivered?: boolean | null | undefined;
  readonly carriers?: readonly Carrier[] | null | undefined;
  readonly clientRef?: string | null | undefined;
}

export interface MessageChange {
  readonly state: MessageState;
  readonly at: Instant;
  /** The message as it stands now, which may be further on than `state`. */
  readonly message: Message;
}

export interface MessageReader {
  messages(tenant: string, ids: readonly string[]): Promise<readonly (Message | undefined)[]>;
  messagePage(tenant: string, page: PageArguments, filter: MessageFilter): Promise<Page<Message>>;
  messageChanges(
    tenant: string,
    follow: Reading & { readonly id?: string | undefined; readonly filter: MessageFilter },
  ): Promise<AsyncIterableIterator<StreamItem<MessageChange>>>;
  reports(owner: string, ids: readonly string[]): Promise<readonly (StoredReport | undefined)[]>;
  /** Of each message, oldest first. */
  reportsOfMessages(tenant: string, messageIds: readonly string[]): Promise<readonly (readonly StoredReport[])[]>;
  reportPage(owner: string, page: PageArguments, filter: NgsReportFilter): Promise<Page<StoredReport>>;
  reportStream(
    owner: string,
    follow: Reading & { readonly filter: NgsReportFilter },
  ): Promise<AsyncIterableIterator<StreamItem<StoredReport>>>;
  reportCursor(stored: StoredReport): string;
}

export interface MessageReaderOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly reports: ReportStore;
  readonly streams: Streams;
}

export function createMessageReader({ store, messages, reports, streams }: MessageReaderOptions): MessageReader {
  async function loadMessages(keys: readonly string[]): Promise<readonly (Message | undefined)[]> {
    return (await messages.load(keys)).map((stored) => stored?.message);
  }

  /** The narrowest index that holds everything the filter asks for. */
  function indexFor(tenant: string, { to, clientRef, states }: MessageFilter): string {
    if (clientRef != null) return messageIndex.byClientRef(tenant, store.keyedHash(clientRef));
    if (to != null) return messageIndex.byRecipient(tenant, store.keyedHash(parseRecipient(to) ?? ''));
    const [state] = states ?? [];
    return state !== undefined && states?.length === 1 ? messageIndex.byState(tenant, state) : messageIndex.all(tenant);
  }

  return {
    messages: (tenant, ids) => loadMessages(ids.map((id) => messages.key(tenant, id))),
    messagePage(tenant, page, filter) {
      const matches = messageMatch(filter, store);
      const load = async (keys: readonly string[]): Promise<readonly (Message | undefined)[]> =>
        (await loadMessages(keys)).map((message) => (message && matches(message) ? message : undefined));
      return readPage({ store, index: indexFor(tenant, filter), log: messages.log(tenant), load }, page);
    },
    messageChanges(tenant, { after, ending, id, filter }) {
      const matches = messageMatch(filter, store);
      return streams.follow({
        log: messages.log(tenant),
        after,
        ending,
        async load(entries) {
          const events = entries.map(({ entry }) => entry as MessageEntry);
          const present = await loadMessages(events.map(({ messageId }) => messages.key(tenant, messageId)));
          return events.map(({ messageId, state, at }, index) => {
            const message = present[index];
            const wanted = message !== undefined && (id === undefined || id === messageId);
            return wanted && matches({ ...message, state }) ? { state, at, message } : undefined;
          });
        },
      });
    },
    reports: reports.load,
    reportsOfMessages: reports.ofMessages,
    reportPage(owner, page, filter) {
      const matches = reportMatch(filter);
      const load = async (keys: readonly string[]): Promise<readonly (StoredReport | undefined)[]> =>
        (await reports.loadKeys(owner, keys)).map((stored) => (stored && matches(stored.report) ? stored : undefined));
      return readPage({ store, index: reportIndex.all(owner), log: reports.log(owner), load }, page);
    },
    reportStream(owner, { after, ending, filter }) {
      const matches = reportMatch(filter);
      return streams.follow({
        log: reports.log(owner),
        after,
        ending,
        async load(entries) {
          const ids = entries.map(({ entry }) => (entry as { reportId: string }).reportId);
          const stored = await reports.load(owner, ids);
          return stored.map((found) => (found && matches(found.report) ? found : undefined));
        },
      });
    },
    reportCursor: ({ owner, position }) => reports.log(owner).cursorAt(position),
  };
}

/** A filter's empty or absent member leaves everything in. A list may be as long as a request, and rows are many. */
function allowing<T>(wanted: readonly T[] | null | undefined): (value: T | undefined) => boolean {
  if (wanted == null || wanted.length === 0) return () => true;
  const set: ReadonlySet<T | undefined> = new Set(wanted);
  return (value) => value !== undefined && set.has(value);
}

function messageMatch(filter: MessageFilter, { keyedHash }: Pick<Store, 'keyedHash'>): (message: Message) => boolean {
  const to = filter.to == null ? undefined : (parseRecipient(filter.to) ?? '');
  const toHash = to === undefined ? undefined : keyedHash(to);
  const allowsState = allowing(filter.states);
  const allowsKind = allowing(filter.kinds);
  return (message) =>
    allowsState(message.state) &&
    allowsKind(message.kind) &&
    (to === undefined ||
      (message.recipientHash === undefined ? to === message.to : toHash === message.recipientHash)) &&
    (filter.clientRef == null || filter.clientRef === message.clientRef) &&
    (filter.since == null || message.createdAt >= filter.since);
}

function reportMatch(filter: NgsReportFilter): (report: NgsReport) => boolean {
  const allowsSerial = allowing(filter.serials);
  const allowsCarrier = allowing(filter.carriers);
  return (report) =>
    allowsSerial(report.serial) &&
    allowsCarrier(report.carrier) &&
    (filter.delivered == null || filter.delivered === report.delivered) &&
    (filter.clientRef == null || filter.clientRef === report.clientRef);
}
