/**
 * What an NGS REPORT does: it is stored, once, under the message that its SERIAL belongs to, and settles that message,
 * all in one durable batch. Only then may the wire acknowledge it. A SERIAL nobody knows is kept as an orphan.
 */
import { createHash } from 'node:crypto';
import type { Clock, Instant } from '../clock.ts';
import { createEventLog, type EventLog } from '../events/log.ts';
import type { ProviderFault } from '../outcome.ts';
import type { ReceivedReport, ReportInbox } from '../provider.ts';
import { type Position, type Store, storeKey } from '../store.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './message-store.ts';

export interface NgsReport extends Omit<ReceivedReport, 'account'> {
  readonly id: string;
  readonly account: string;
  /** Undefined where the SERIAL is not one of ours. */
  readonly messageId?: string;
  readonly clientRef?: string;
  readonly receivedAt: Instant;
}

export interface StoredReport {
  readonly report: NgsReport;
  readonly position: Position;
}

export interface ReportStore extends ReportInbox {
  log(tenant: string): EventLog;
  load(tenant: string, ids: readonly string[]): Promise<readonly (StoredReport | undefined)[]>;
  /** The same by record key, as the indexes hold them. */
  loadKeys(tenant: string, keys: readonly string[]): Promise<readonly (StoredReport | undefined)[]>;
  /** Of each message, oldest first. */
  ofMessages(tenant: string, messageIds: readonly string[]): Promise<readonly (readonly StoredReport[])[]>;
}

export interface ReportStoreOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly clock: Clock;
  /** The tenant that alone uses the account and so may see its orphans; undefined where several do. */
  readonly soleTenantOf: (account: string) => string | undefined;
}

/** No message is worth more reports than this; what is beyond stays in the log. */
const maxReportsOfMessage = 100;

export const reportIndex = {
  all: (tenant: string) => storeKey('ngs-reports', tenant),
  ofMessage: (tenant: string, messageId: string) => storeKey('ngs-reports', tenant, 'message', messageId),
};

export function createReportStore({ store, messages, clock, soleTenantOf }: ReportStoreOptions): ReportStore {
  const log = (tenant: string): EventLog => createEventLog(store, tenant, 'ngs-reports');
  const recordKey = (tenant: string, id: string): string => storeKey('ngs-report', tenant, id);

  async function loadKeys(tenant: string, keys: readonly string[]): Promise<readonly (StoredReport | undefined)[]> {
    const [records, positions] = await Promise.all([
      store.getMany<NgsReport>(keys),
      store.sortOf(reportIndex.all(tenant), keys),
    ]);
    return records.map((record, at) => {
      const position = positions[at];
      return record === undefined || position === undefined ? undefined : { report: record.value, position };
    });
  }

  async function receive(received: ReceivedReport): Promise<void> {
    const messageKey = await messages.keyOfReference('NGS', received.account, received.serial);
    const [owner] = messageKey === undefined ? [] : await messages.load([messageKey]);
    const tenant = owner?.message.tenant ?? soleTenantOf(received.account) ?? orphansOf(received.account);
    const report = { ...received, ...sentMessage(owner?.message), id: reportId(received), receivedAt: clock.now() };
    const key = recordKey(tenant, report.id);
    const kept = {
      expect: [{ key, version: 0 }],
      put: [{ key, value: report }],
      index: [
        { index: reportIndex.all(tenant), key, sortByAppend: 0 },
        ...(report.messageId === undefined
          ? []
          : [{ index: reportIndex.ofMessage(tenant, report.messageId), key, sortByAppend: 0 }]),
      ],
      append: [{ log: log(tenant).name, entry: { reportId: report.id } }],
    };
    // A record that is there already is the same report once more: stored, so it may be acknowledged again.
    if (messageKey === undefined || owner === undefined) {
      await store.write(kept);
      return;
    }
    await messages.record(
      messageKey,
      {
        type: 'REPORTED',
        at: report.receivedAt,
        reference: received.serial,
        delivered: received.delivered,
        ...(!received.delivered && { fault: faultOf(received, report.receivedAt) }),
      },
      kept,
    );
  }

  return {
    log,
    load: (tenant, ids) =>
      loadKeys(
        tenant,
        ids.map((id) => recordKey(tenant, id)),
      ),
    loadKeys,
    receive,
    async ofMessages(tenant, messageIds) {
      const entries = await Promise.all(
        messageIds.map((id) => store.range(reportIndex.ofMessage(tenant, id), { limit: maxReportsOfMessage })),
      );
      const keys = entries.flat().map(({ key }) => key);
      const loaded = keys.length === 0 ? [] : await loadKeys(tenant, keys);
      const byKey = new Map(keys.map((key, at) => [key, loaded[at]]));
      return entries.map((own) => own.map(({ key }) => byKey.get(key)).filter((stored) => stored !== undefined));
    },
  };
}

/** The log of an account's orphans where several tenants use it: no tenant's, so none can read it. */
const orphansOf = (account: string): string => `account:NGS:${account}`;

/** A REPORT is the same one where SERIAL and GWSERIAL are (providers' document, section 4.4). */
function reportId({ account, serial, gwSerial }: ReceivedReport): string {
  return createHash('sha256')
    .update(storeKey(account, serial, gwSerial))
    .digest('base64url')
    .slice(0, 22);
}

function sentMessage(message: Message | undefined): { messageId?: string; clientRef?: string } {
  if (message === undefined) return {};
  return { messageId: message.id, ...(message.clientRef !== undefined && { clientRef: message.clientRef }) };
}

function faultOf({ rawResult, rawMessage }: ReceivedReport, at: Instant): ProviderFault {
  return { provider: 'NGS', code: rawResult, ...(rawMessage !== '' && { text: rawMessage }), at };
}
