import { describe, expect, it } from 'vitest';
import { koreaTime, readTime } from '../../../src/providers/naver-commerce/korea-time.ts';
import { answer, failureOf, given, peer, provider } from './account.ts';

const from = Date.parse('2026-03-01T15:04:05.006Z');
const to = Date.parse('2026-03-02T15:04:05.006Z');
const path = '/external/v1/pay-order/seller/product-orders/last-changed-statuses';
const change = {
  orderId: '2026030298765431',
  productOrderId: '2026030212345671',
  lastChangedType: 'PAYED',
  paymentDate: '2026-03-02T12:04:05.678+09:00',
  lastChangedDate: '2026-03-02T12:04:05.678+09:00',
  productOrderStatus: 'PAYED',
  receiverAddressChanged: false,
};
const read = {
  productOrderId: '2026030212345671',
  orderId: '2026030298765431',
  changeType: 'PAYED',
  status: 'PAYED',
  changedAt: Date.parse('2026-03-02T03:04:05.678Z'),
};

describe('the feed of changed orders', () => {
  it('is asked for with times of Korea, whose plus sign stays one', async () => {
    const { url, seen } = await peer(answer(200, {}));
    const made = provider(url);
    await made.orderChanges('the-token', { from, to });
    await made.orderChanges('the-token', { from, to, moreSequence: 'a+b&c' });
    const window =
      'lastChangedFrom=2026-03-02T00%3A04%3A05.006%2B09%3A00&lastChangedTo=2026-03-03T00%3A04%3A05.006%2B09%3A00&limitCount=300';
    expect(seen.map(({ line }) => line)).toEqual([
      `GET ${path}?${window}`,
      `GET ${path}?${window}&moreSequence=a%2Bb%26c`,
    ]);
    expect(seen[0]?.headers.authorization).toBe('Bearer the-token');
  });

  it('is read page by page', async () => {
    const more = { moreFrom: '2026-03-02T12:04:05.678+09:00', moreSequence: 2026030212345672 };
    const lastChangeStatuses = [
      change,
      { ...change, lastChangedType: 'NEW_TYPE', lastChangedDate: '2026-03-02T12:04:06' },
    ];
    const { url } = await peer(answer(200, { data: { lastChangeStatuses, count: 2, more } }));
    expect(await given(provider(url).orderChanges('t', { from, to }))).toEqual({
      changes: [read, { ...read, changeType: 'NEW_TYPE', changedAt: Date.parse('2026-03-02T03:04:06.000Z') }],
      more: { from: read.changedAt, sequence: '2026030212345672' },
    });
  });

  it.each([[undefined], [null], [{}]])('has no more where `more` is %j', async (more) => {
    const { url } = await peer(answer(200, { data: { lastChangeStatuses: [change], count: 1, more } }));
    expect(await given(provider(url).orderChanges('t', { from, to }))).toEqual({ changes: [read] });
  });

  it.each([{}, { data: null }, { data: {} }, { data: { lastChangeStatuses: null, count: 0 } }])(
    'is empty in %j',
    async (body) => {
      const { url } = await peer(answer(200, body));
      expect(await given(provider(url).orderChanges('t', { from, to }))).toEqual({ changes: [] });
    },
  );

  // A page that goes on without them would lose them for ever.
  it.each([
    [{ lastChangeStatuses: [change, { ...change, lastChangedDate: 'soon' }] }, 'lastChangeStatuses[1].lastChangedDate'],
    [{ lastChangeStatuses: [{ ...change, productOrderId: null }] }, 'lastChangeStatuses[0].productOrderId'],
    [{ lastChangeStatuses: [null] }, 'lastChangeStatuses[0]'],
    [{ lastChangeStatuses: {} }, 'lastChangeStatuses'],
    [{ lastChangeStatuses: [change], more: { moreFrom: 'soon', moreSequence: '1' } }, 'more'],
    [{ lastChangeStatuses: [change], more: { moreFrom: change.lastChangedDate } }, 'more'],
    [{ lastChangeStatuses: [change], more: 'yes' }, 'more'],
  ])('fails as a whole where a part of it cannot be read: %j', async (data, place) => {
    const { url } = await peer(answer(200, { data }));
    const made = provider(url);
    const failure = await failureOf(made.orderChanges('t', { from, to }));
    expect(failure).toMatchObject({ code: 'PROVIDER_UNAVAILABLE', origin: { code: 'BAD_ANSWER' } });
    expect(failure.origin?.text).toBe(`data cannot be read at ${place}.`);
    expect(made.health().lastFault).toEqual(failure.origin);
  });
});

describe('a time of Naver Commerce', () => {
  it.each([
    ['2026-03-02T12:04:05.678+09:00', '2026-03-02T03:04:05.678Z'],
    ['2026-03-02T12:04:05.6+09:00', '2026-03-02T03:04:05.600Z'],
    ['2026-03-02T12:04:05.678901+0900', '2026-03-02T03:04:05.678Z'],
    ['2026-03-02T03:04:05.678Z', '2026-03-02T03:04:05.678Z'],
    ['2026-03-02T12:04:05', '2026-03-02T03:04:05.000Z'],
    ['2026-03-02 12:04:05.5', '2026-03-02T03:04:05.500Z'],
  ])('%s is %s', (text, instant) => expect(readTime(text)).toBe(Date.parse(instant)));

  it.each(['', 'soon', '2026-03-02', '2026-13-02T12:04:05', '2026-03-02T25:04:05', '20260302120405'])(
    '%j is none',
    (text) => expect(readTime(text)).toBeUndefined(),
  );

  it('is written to the millisecond', () => expect(koreaTime(from)).toBe('2026-03-02T00:04:05.006+09:00'));
});
