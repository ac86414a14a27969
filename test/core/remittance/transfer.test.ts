import { describe, expect, it } from 'vitest';
import type { TransferState } from '../../../src/core/remittance/provider.ts';
import { applyTransfer, type Remittance, type TransferEvidence } from '../../../src/core/remittance/transfer.ts';

const at = 1_700_000_000_000;
const hourMs = 3_600_000;
const fresh: Remittance = {
  id: 'r',
  tenant: 'shop',
  provider: 'SENTBE',
  account: 'default',
  partner: 'partner',
  corridor: 'OUTBOUND',
  externalId: 'o',
  providerExternalId: 'shop:o',
  userId: 'u',
  recipientId: 'c',
  providerUserId: '1',
  providerRecipientId: '2',
  quoteId: 'q',
  receiveAmount: 5_000,
  receiveCurrency: 'PHP',
  state: 'UNCONFIRMED',
  createdAt: at,
  isSettled: false,
  giveUpAt: at + 10_000,
  lookAt: at + 10_000,
};
const fault = { provider: 'SENTBE', code: 'E0115', at } as const;

const read = (state: TransferState, part: { id?: string; at?: number; askedAt?: number } = {}): TransferEvidence => {
  const { id = 't1', at: readAt = at + 100, askedAt = readAt } = part;
  return { type: 'READ', at: readAt, askedAt, transfer: { id, state, status: state } };
};
const moved = (...evidence: TransferEvidence[]): Remittance => evidence.reduce(applyTransfer, fresh);

const all = [
  'REQUESTED',
  'PROCESSING',
  'AML_FILTERED',
  'COMPLETE',
  'CANCELED',
  'EXPIRED',
  'FAILED',
  'REFUNDED',
] as const;
/** Written down apart from the code: from each state, what may follow. */
const mayFollow: Readonly<Record<TransferState, readonly TransferState[]>> = {
  REQUESTED: ['PROCESSING', 'AML_FILTERED', 'COMPLETE', 'CANCELED', 'EXPIRED', 'FAILED', 'REFUNDED'],
  PROCESSING: ['AML_FILTERED', 'COMPLETE', 'CANCELED', 'EXPIRED', 'FAILED', 'REFUNDED'],
  AML_FILTERED: ['PROCESSING', 'COMPLETE', 'CANCELED', 'EXPIRED', 'FAILED', 'REFUNDED'],
  COMPLETE: ['REFUNDED'],
  CANCELED: ['REFUNDED'],
  EXPIRED: ['REFUNDED'],
  FAILED: ['REFUNDED'],
  REFUNDED: [],
};

describe('the state of a remittance', () => {
  it.each(all.flatMap((from) => all.map((to) => [from, to] as const)))('%s, then read as %s', (from, to) => {
    const moves = from === to || mayFollow[from].includes(to);
    expect(moved(read(from), read(to, { at: at + 200 })).state).toBe(moves ? to : from);
  });

  it('between PROCESSING and AML_FILTERED is what was asked for later, whichever answer came first', () => {
    const late = read('PROCESSING', { at: at + 300, askedAt: at + 50 });
    expect(moved(read('AML_FILTERED', { at: at + 200, askedAt: at + 150 }), late).state).toBe('AML_FILTERED');
  });

  it('is taken from its own transfer only', () => {
    const before = moved(read('REQUESTED'));
    expect(applyTransfer(before, read('COMPLETE', { id: 't2' }))).toBe(before);
  });

  it('is FAILED by a refusal, until a transfer is there all the same', () => {
    const refused = moved({ type: 'REFUSED', at, fault });
    expect(refused).toMatchObject({ state: 'FAILED', fault });
    expect(refused.lookAt).toBeUndefined();
    expect(applyTransfer(refused, read('PROCESSING'))).toMatchObject({ state: 'PROCESSING', transferId: 't1' });
    expect(moved(read('REQUESTED'), { type: 'REFUSED', at, fault }).state).toBe('REQUESTED');
  });

  it('stays UNCONFIRMED where the answer was lost, and says why until it is known', () => {
    const lost = moved({ type: 'LOST', at: at + 5, fault });
    expect(lost).toMatchObject({ state: 'UNCONFIRMED', fault, isSettled: true });
    const found = applyTransfer(lost, read('REQUESTED'));
    expect(found.state).toBe('REQUESTED');
    expect(found.fault).toBeUndefined();
    expect(applyTransfer(found, { type: 'LOST', at: at + 9, fault })).toBe(found);
  });
});

describe('when it is looked at', () => {
  const lookAfter = (evidence: TransferEvidence[], now: number): number | undefined => {
    const { lookAt } = moved(...evidence);
    return lookAt === undefined ? undefined : lookAt - now;
  };
  const lost: TransferEvidence = { type: 'LOST', at: at + 5, fault };

  it('is not while the answer may still come', () => {
    expect(moved({ type: 'NOT_READ', at: at + 9_999 })).toBe(fresh);
    expect(moved({ type: 'LOOK_DUE', at: at + 9_999 })).toBe(fresh);
    expect(moved({ type: 'LOOK_DUE', at: at + 10_000 }).lookAt).toBe(at + 10_000);
  });

  it('is a second after a lost answer, then every two seconds, then after a tenth of its age, up to an hour', () => {
    expect(lookAfter([lost], at + 5)).toBe(1_000);
    expect(lookAfter([lost, { type: 'NOT_READ', at: at + 1_005 }], at + 1_005)).toBe(2_000);
    expect(lookAfter([lost, { type: 'NOT_READ', at: at + hourMs }], at + hourMs)).toBe(hourMs / 10);
    expect(lookAfter([lost, { type: 'NOT_READ', at: at + 20 * hourMs }], at + 20 * hourMs)).toBe(hourMs);
  });

  it('ends after 72 hours for what was never found, and after 90 days for what is open', () => {
    const almost = at + 72 * hourMs - 1;
    expect(lookAfter([lost, { type: 'NOT_READ', at: almost }], almost)).toBe(hourMs);
    expect(lookAfter([lost, { type: 'NOT_READ', at: almost + 1 }], almost)).toBeUndefined();
    const open = read('REQUESTED');
    expect(lookAfter([open, { type: 'NOT_READ', at: almost + 1 }], almost + 1)).toBe(hourMs);
    expect(lookAfter([open, { type: 'NOT_READ', at: at + 90 * 24 * hourMs }], at)).toBeUndefined();
  });

  it.each(all)('after %s', (state) => {
    const now = at + 100;
    const expected = { REQUESTED: 2_000, PROCESSING: 2_000, AML_FILTERED: 2_000, COMPLETE: 24 * hourMs } as const;
    expect(lookAfter([read(state)], now)).toBe(expected[state as keyof typeof expected]);
  });
});
