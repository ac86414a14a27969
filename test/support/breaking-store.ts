/**
 * Stores that break one promise each, in front of a real one: the controls of the kill tests. What the tests look for must show
 * with each of them, or the tests could not see it at all.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../../src/core/messaging/message.ts';
import { messageIndex } from '../../src/core/messaging/message-index.ts';
import { laneOf } from '../../src/core/provider.ts';
import type { Batch, Store, WriteResult } from '../../src/core/store.ts';

/**
 * ACCEPT_EARLY: says yes to a new message before it is committed. RESEND_ABANDONED: takes an attempt without an answer for one
 * that was never made. REPORT_EARLY: says that a REPORT is stored before it is.
 * INTENT_EARLY: says that a remittance is stored before it is. YES_ANYWAY: says yes to a write that failed.
 */
export type BrokenPromise = 'ACCEPT_EARLY' | 'RESEND_ABANDONED' | 'REPORT_EARLY' | 'INTENT_EARLY' | 'YES_ANYWAY';

/** How long a write that was confirmed too early is still to come: longer than a few calls or reports take on a busy machine. */
const lateMs = {
  ACCEPT_EARLY: 1_000,
  RESEND_ABANDONED: 0,
  REPORT_EARLY: 5_000,
  INTENT_EARLY: 2_000,
  YES_ANYWAY: 0,
} as const;

export function breaking(store: Store, promise: BrokenPromise): Store {
  async function writeLate(batch: Batch): Promise<WriteResult> {
    void delay(lateMs[promise])
      .then(() => store.write(batch))
      .catch(() => undefined);
    return { committed: true, positions: [] };
  }
  return {
    ...store,
    async write(batch) {
      if (promise === 'YES_ANYWAY') return store.write(batch).catch(() => ({ committed: true, positions: [] }));
      const isNew = messagesOf(batch).some(({ state, attempts }) => state === 'QUEUED' && attempts.length === 0);
      const isReport = batch.put?.some(({ key }) => key.startsWith('ngs-report/')) === true;
      if (promise === 'INTENT_EARLY' && isRemittance(batch)) return writeLate(batch);
      if (promise === 'ACCEPT_EARLY' && isNew) return writeLate(batch);
      if (promise === 'REPORT_EARLY' && isReport) return writeLate(batch);
      return store.write(promise === 'RESEND_ABANDONED' ? queuedAgain(batch) : batch);
    },
  };
}

const messagesOf = ({ put = [] }: Batch): Message[] =>
  put
    .filter(({ key, value }) => key.startsWith('message/') && typeof value === 'object')
    .map(({ value }) => value as Message)
    .filter(({ attempts }) => attempts !== undefined);

/** One that Sentbe is about to be asked for. */
const isRemittance = ({ put = [] }: Batch): boolean =>
  put.some(
    ({ key, value }) => key.startsWith('remittance/') && (value as { isSettled?: boolean } | null)?.isSettled === false,
  );

/** The batch that makes an attempt UNCONFIRMED, turned into one that queues its message once more. */
function queuedAgain(batch: Batch): Batch {
  const [abandoned] = messagesOf(batch);
  if (abandoned?.state !== 'UNCONFIRMED') return batch;
  const [route] = abandoned.routes;
  if (route === undefined) return batch;
  const index = messageIndex.outbox(route.provider, route.account, laneOf(abandoned.kind), abandoned.tenant);
  return {
    ...batch,
    put: (batch.put ?? []).map(({ key, value, ...rest }) => ({
      ...rest,
      key,
      value: value === abandoned ? { ...abandoned, state: 'QUEUED' } : value,
    })),
    index: [...(batch.index ?? []), { index, key: batch.expect?.[0]?.key ?? '', sort: 0 }],
  };
}
