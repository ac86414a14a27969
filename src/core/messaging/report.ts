/**
 * What an NGS REPORT does: it is stored, once, under the message that its SERIAL belongs to, and settles that message,
 * all in one durable batch. Only then may the wire acknowledge it. A SERIAL nobody knows is kept as an orphan: its sole
 * tenant's, or the operator's where several tenants use the account. Who may read which is not decided here.
 */
import { createHash } from 'node:crypto';
import type { Clock, Instant } from '../clock.ts';
import { crashPoint } from '../crash-points.ts';
import { createEventLog, type EventLog } from '../events/log.ts';
import { type Log, silentLog } from '../log.ts';
import type { ProviderFault } from '../outcome.ts';
import type { ReceivedReport, ReportInbox } from '../provider.ts';
import { type Position, type Store, storeKey } from '../store.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './message-store.ts';

export interface NgsReport extends Omit<ReceivedReport, 'account'> {
  /** Of its `to`, which is empty then. */
  readonly isForgotten?: boolean;
  readonly id: string;
  readonly account: string;
  /** Undefined where the SERIAL is not one of ours. */
  readonly messageId?: string;
  readonly clientRef?: string;
  readonly receivedAt: Instant;
}

export interface StoredReport {
  readonly report: NgsReport;
  /** In whose log its position is: a tenant, or `orphanOwner`. */
  readonly owner: string;
  readonly position: Position;
}

/**
 * Owns the orphans of accounts that several tenants use (design, section 2, rule 7). No tenant's id has a colon. One log
 * for every account, since a cursor can name but one and the operator reads them all.
 */
export const orphanOwner = 'operator:NGS';

export interface ReportStore extends ReportInbox {
  log(owner: string): EventLog;
  load(owner: string, ids: readonly string[]): Promise<readonly (StoredReport | undefined)[]>;
  /** The same by record key, as the indexes hold them. */
  loadKeys(owner: string, keys: readonly string[]): Promise<readonly (StoredReport | undefined)[]>;
  /** Of each message, oldest first. */
  ofMessages(tenant: string, messageIds: readonly string[]): Promise<readonly (readonly StoredReport[])[]>;
  /** Its recipient first, and later all of it. Again, it does nothing more. */
  forget(key: string, next: 'RECIPIENT' | 'ALL'): Promise<void>;
}

export interface ReportStoreOptions {
  readonly store: Store;
  readonly messages: MessageStore;
  readonly clock: Clock;
  /** The tenant that alone uses the account and so may see its orphans; undefined where several do. */
  readonly soleTenantOf: (account: string) => string | undefined;
  /** Hears of what is acknowledged and yet not kept. @default silent */
  readonly log?: Log;
}

/** No message is worth more reports than this; what is beyond stays in the log. */
const maxReportsOfMessage = 100;

export const reportIndex = {
  all: (owner: string) => storeKey('ngs-reports', owner),
  ofMessage: (tenant: string, messageId: string) => storeKey('ngs-reports', tenant, 'message', messageId),
  /** By when they came, those of which this is forgotten next. */
  forgetting: (next: 'RECIPIENT' | 'ALL') => storeKey('forgetting', 'ngs-reports', next),
};

export function createReportStore(options: ReportStoreOptions): ReportStore {
  const { store, messages, clock, soleTenantOf, log = silentLog } = options;
  const eventLog = (owner: string): EventLog => createEventLog(store, owner, 'ngs-reports');
  const recordKey = (owner: string, id: string): string => storeKey('ngs-report', owner, id);

  async function loadKeys(owner: string, keys: readonly string[]): Promise<readonly (StoredReport | undefined)[]> {
    const [records, positions] = await Promise.all([
      store.getMany<NgsReport>(keys),
      store.sortOf(reportIndex.all(owner), keys),
    ]);
    return records.map((record, at) => {
      const position = positions[at];
      return record === undefined || position === undefined ? undefined : { report: record.value, owner, position };
    });
  }

  async function receive(received: ReceivedReport): Promise<void> {
    crashPoint('report.received');
    const messageKey = await messages.keyOfReference('NGS', received.account, received.serial);
    const [sent] = messageKey === undefined ? [] : await messages.load([messageKey]);
    const owner = sent?.message.tenant ?? soleTenantOf(received.account) ?? orphanOwner;
    const report = { ...received, ...sentMessage(sent?.message), id: reportId(received), receivedAt: clock.now() };
    const key = recordKey(owner, report.id);
    const kept = {
      expect: [{ key, version: 0 }],
      put: [{ key, value: report }],
      index: [
        { index: reportIndex.all(owner), key, sortByAppend: 0 },
        { index: reportIndex.forgetting('RECIPIENT'), key, sort: report.receivedAt },
        ...(report.messageId === undefined
          ? []
          : [{ index: reportIndex.ofMessage(owner, report.messageId), key, sortByAppend: 0 }]),
      ],
      append: [{ log: eventLog(owner).name, entry: { reportId: report.id } }],
    };
    // A record that is there already is the same report once more: stored, so it may be acknowledged again.
    if (messageKey === undefined || sent === undefined) {
      const { committed } = await store.write(kept);
      if (!committed) await tellConflict(key, received);
      return;
    }
    const recorded = await messages.record(
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
    if (recorded === undefined) await tellConflict(key, received);
  }

  async function forget(key: string, next: 'RECIPIENT' | 'ALL'): Promise<void> {
    const stored = await store.get<NgsReport>(key);
    const index = reportIndex.forgetting(next);
    if (stored === undefined) return void (await store.write({ index: [{ index, key, remove: true }] }));
    const { value: report, version } = stored;
    const expect = [{ key, version }];
    if (next === 'RECIPIENT') {
      const later = { index: reportIndex.forgetting('ALL'), key, sort: report.receivedAt };
      await store.write({
        expect,
        put: [{ key, value: { ...report, to: '', isForgotten: true } satisfies NgsReport }],
        index: [{ index, key, remove: true }, later],
      });
      return;
    }
    const owner = decodeURIComponent(key.split('/')[1] ?? '');
    const places = [index, reportIndex.all(owner)];
    if (report.messageId !== undefined) places.push(reportIndex.ofMessage(owner, report.messageId));
    const [position] = await store.sortOf(reportIndex.all(owner), [key]);
    // First, so that a crash between the two leaves the report to come back for.
    if (position !== undefined) await store.trimLog(eventLog(owner).name, position);
    await store.write({ expect, remove: [key], index: places.map((place) => ({ index: place, key, remove: true })) });
  }

  /** The first is kept: a message's result never turns. The document knows no second one, so an operator must hear. */
  async function tellConflict(key: string, { account, serial, rawResult }: ReceivedReport): Promise<void> {
    const first = await store.get<NgsReport>(key);
    if (first === undefined || first.value.rawResult === rawResult) return;
    log.warn('ngs.report-conflict', { account, reference: serial, code: rawResult });
  }

  return {
    log: eventLog,
    load: (owner, ids) =>
      loadKeys(
        owner,
        ids.map((id) => recordKey(owner, id)),
      ),
    loadKeys,
    receive,
    forget,
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
