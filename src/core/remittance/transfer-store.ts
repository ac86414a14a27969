/**
 * How a remittance is kept: its record, the indexes it stands in, its log, and the pointers from the provider's names of
 * it. Every change is one batch of all of them, compared and set.
 */
import type { Instant } from '../clock.ts';
import { createEventLog, type EventLog } from '../events/log.ts';
import type { Log } from '../log.ts';
import { type Batch, type IndexChange, type Position, type Store, type StoredRecord, storeKey } from '../store.ts';
import type { ProviderTransfer, RemittanceProvider } from './provider.ts';
import { applyTransfer, type Remittance, type RemittanceState, type TransferEvidence } from './transfer.ts';

/** An entry of a tenant's log. */
export interface RemittanceEntry {
  readonly remittanceId: string;
  readonly state: RemittanceState;
  readonly at: Instant;
}

export interface RemittanceStore {
  key(tenant: string, id: string): string;
  log(tenant: string): EventLog;
  load(keys: readonly string[]): Promise<readonly (Remittance | undefined)[]>;
  /** Where its creation stands in the tenant's log. */
  positionOf(remittance: Remittance): Promise<Position | undefined>;
  /** TAKEN: another has its external id. CONFLICT: `alongside` did not hold. */
  create(
    remittance: Remittance,
    alongside: Required<Pick<Batch, 'expect' | 'put'>>,
  ): Promise<'STORED' | 'TAKEN' | 'CONFLICT'>;
  /** As it stands now. Undefined where there is none, or where the transfer is another's already. */
  record(key: string, evidence: TransferEvidence): Promise<Remittance | undefined>;
  keyOfExternal(side: PartnerSide, providerExternalId: string): Promise<string | undefined>;
  /** Which of these transfers are no remittance's yet. */
  unclaimed(side: PartnerSide, transfers: readonly ProviderTransfer[]): Promise<readonly ProviderTransfer[]>;
  /**
   * This one, and those in doubt that no look can tell from it, by when they were sent: each within `withinMs` of the next.
   * Undefined where they are too many.
   */
  alike(remittance: Remittance, withinMs: number): Promise<readonly Remittance[] | undefined>;
}

/** Within which the provider's ids and our external ids are unique. */
export type PartnerSide = Pick<RemittanceProvider, 'provider' | 'account' | 'partner'>;

export const remittanceIndex = {
  all: (tenant: string) => storeKey('remittances', tenant),
  looks: ({ provider, account, partner }: PartnerSide) => storeKey('remittance-looks', provider, account, partner),
};

/** Of one pair and amount, all in doubt within hours of one another. */
const mostAlike = 1_000;
const alikeWithinMs = 6 * 3_600_000;

export function createRemittanceStore(store: Store, log: Log): RemittanceStore {
  const key = (tenant: string, id: string): string => storeKey('remittance', tenant, id);
  const eventLog = (tenant: string): EventLog => createEventLog(store, tenant, 'remittances');
  const externalKey = ({ provider, account, partner }: PartnerSide, externalId: string): string =>
    storeKey('remittance-external', provider, account, partner, store.keyedHash(externalId));
  const transferKey = ({ provider, account, partner }: PartnerSide, transferId: string): string =>
    storeKey('remittance-transfer', provider, account, partner, transferId);

  /** Those that no look can tell apart, by when they were sent. */
  const alikeIndex = (remittance: Remittance): string => {
    const { provider, account, partner, providerUserId, providerRecipientId } = remittance;
    const { receiveAmount, receiveCurrency } = remittance;
    const alike = JSON.stringify([providerUserId, providerRecipientId, receiveAmount, receiveCurrency]);
    return storeKey('remittance-alike', provider, account, partner, store.keyedHash(`alike ${alike}`));
  };

  const places = (remittance: Remittance | undefined): ReadonlyMap<string, number> => {
    const places = new Map<string, number>();
    if (remittance === undefined) return places;
    const { lookAt, state, transferId, createdAt } = remittance;
    if (lookAt !== undefined) places.set(remittanceIndex.looks(remittance), lookAt);
    if (state === 'UNCONFIRMED' && transferId === undefined) places.set(alikeIndex(remittance), createdAt);
    return places;
  };

  function moves(before: Remittance | undefined, after: Remittance): IndexChange[] {
    const recordKey = key(after.tenant, after.id);
    const present = places(after);
    const left = [...places(before).keys()].filter((index) => !present.has(index));
    return [
      ...left.map((index) => ({ index, key: recordKey, remove: true as const })),
      // Also where it stands there already: whoever claimed it has moved it.
      ...[...present].map(([index, sort]) => ({ index, key: recordKey, sort })),
    ];
  }

  function batchFor(before: StoredRecord<Remittance> | undefined, after: Remittance, at: Instant) {
    const recordKey = key(after.tenant, after.id);
    const { transferId } = after;
    const isFound = transferId !== undefined && before?.value.transferId === undefined;
    const pointers = isFound ? [transferKey(after, transferId)] : [];
    const entry: RemittanceEntry = { remittanceId: after.id, state: after.state, at };
    return {
      expect: [
        { key: recordKey, version: before?.version ?? 0 },
        ...pointers.map((pointer) => ({ key: pointer, version: 0 })),
      ],
      put: [{ key: recordKey, value: after }, ...pointers.map((pointer) => ({ key: pointer, value: recordKey }))],
      index: moves(before?.value, after),
      append: before?.value.state === after.state ? [] : [{ log: eventLog(after.tenant).name, entry }],
    } satisfies Batch;
  }

  function warnOfMisread({ provider, account, tenant, id: remittanceId, state }: Remittance): void {
    log.warn('remittance.misread', { provider, account, tenant, remittanceId, state });
  }

  return {
    key,
    log: eventLog,
    async load(keys) {
      return (await store.getMany<Remittance>(keys)).map((record) => record?.value);
    },
    async positionOf({ tenant, id }) {
      const [position] = await store.sortOf(remittanceIndex.all(tenant), [key(tenant, id)]);
      return position;
    },
    async create(remittance, alongside) {
      const { tenant, id, providerExternalId, createdAt } = remittance;
      const recordKey = key(tenant, id);
      const pointer = externalKey(remittance, providerExternalId);
      const batch = batchFor(undefined, remittance, createdAt);
      const result = await store.write({
        ...batch,
        expect: [...batch.expect, { key: pointer, version: 0 }, ...alongside.expect],
        put: [...batch.put, { key: pointer, value: recordKey }, ...alongside.put],
        index: [...batch.index, { index: remittanceIndex.all(tenant), key: recordKey, sortByAppend: 0 }],
      });
      if (result.committed) return 'STORED';
      return result.conflicts.every((conflict) => conflict === pointer) ? 'TAKEN' : 'CONFLICT';
    },
    async record(recordKey, evidence) {
      for (;;) {
        const before = await store.get<Remittance>(recordKey);
        if (before === undefined) return undefined;
        const after = applyTransfer(before.value, evidence);
        if (after === before.value) return after;
        const result = await store.write(batchFor(before, after, evidence.at));
        if (result.committed) {
          if (after.isMisread && !before.value.isMisread) warnOfMisread(after);
          return after;
        }
        // Its own record stood still, so it is the transfer that another has.
        if (!result.conflicts.includes(recordKey)) return undefined;
      }
    },
    async keyOfExternal(side, providerExternalId) {
      return (await store.get<string>(externalKey(side, providerExternalId)))?.value;
    },
    async unclaimed(side, transfers) {
      const owners = await store.getMany<string>(transfers.map(({ id }) => transferKey(side, id)));
      return transfers.filter((_transfer, at) => owners[at] === undefined);
    },
    async alike(remittance, withinMs) {
      const { tenant, id, createdAt } = remittance;
      const window = { from: Math.max(0, createdAt - alikeWithinMs), to: createdAt + alikeWithinMs };
      const present = await store.range(alikeIndex(remittance), { ...window, limit: mostAlike });
      if (present.length === mostAlike) return undefined;
      const ownKey = key(tenant, id);
      // One that was refused stands in no index, and may be there all the same.
      const entries = present.some((entry) => entry.key === ownKey)
        ? present
        : [...present, { key: ownKey, sort: createdAt }].sort((one, other) => one.sort - other.sort);
      const own = entries.findIndex((entry) => entry.key === ownKey);
      const isApart = (at: number): boolean => (entries[at]?.sort ?? 0) - (entries[at - 1]?.sort ?? 0) > withinMs;
      let first = own;
      while (first > 0 && !isApart(first)) first -= 1;
      let end = own + 1;
      while (end < entries.length && !isApart(end)) end += 1;
      const records = await store.getMany<Remittance>(entries.slice(first, end).map((entry) => entry.key));
      const found = records.flatMap((record) => (record === undefined ? [] : [record.value]));
      return found.length === end - first ? found : undefined;
    },
  };
}
