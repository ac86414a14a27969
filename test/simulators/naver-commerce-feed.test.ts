import { describe, expect, it } from 'vitest';
import { korea, ORDERS, START, startNaverCommerceSimulator } from '../support/naver-commerce-simulator.ts';
import { until } from '../support/until.ts';

const FEED = `${ORDERS}/last-changed-statuses`;
const DAY_MS = 86_400_000;

interface Row {
  readonly productOrderId: string;
  readonly lastChangedType: string;
  readonly lastChangedDate: string;
}

async function startFeed(options: Parameters<typeof startNaverCommerceSimulator>[0] = {}) {
  const started = await startNaverCommerceSimulator(options);
  const read = (parameters: Record<string, string>, accessToken?: string) =>
    started.api('GET', `${FEED}?${new URLSearchParams(parameters)}`, undefined, accessToken);
  const since = (at: number, more: Record<string, string> = {}) => read({ lastChangedFrom: korea(at), ...more });

  /** Page by page as documented: the same end, from `moreFrom` and `moreSequence` on. */
  async function readToTheEnd(first: Record<string, string>): Promise<{ rows: Row[]; pages: number[] }> {
    const rows: Row[] = [];
    const pages: number[] = [];
    let parameters = first;
    for (;;) {
      const { data } = (await read(parameters)).json;
      rows.push(...data.lastChangeStatuses);
      pages.push(data.count);
      if (data.more === undefined) return { rows, pages };
      const { moreFrom, moreSequence } = data.more;
      parameters = { ...first, lastChangedFrom: moreFrom, moreSequence };
    }
  }
  const key = (row: Row) => `${row.lastChangedDate} ${row.productOrderId} ${row.lastChangedType}`;
  return { ...started, read, since, readToTheEnd, key };
}

describe('the feed of the Naver Commerce simulator', () => {
  it('tells a paid product order as documented', async () => {
    const { simulator, since, entries } = await startFeed();
    const [id = ''] = simulator.addProductOrders(1);
    const answer = await since(START);
    expect(id).toMatch(/^\d{16}$/);
    expect(answer.json).toEqual({
      timestamp: korea(START),
      traceId: answer.headers.get('gncp-gw-trace-id'),
      data: {
        lastChangeStatuses: [
          {
            orderId: expect.stringMatching(/^\d{16}$/),
            productOrderId: id,
            lastChangedType: 'PAYED',
            paymentDate: '2026-03-02T12:04:05.678+09:00',
            lastChangedDate: '2026-03-02T12:04:05.678+09:00',
            productOrderStatus: 'PAYED',
            receiverAddressChanged: false,
          },
        ],
        count: 1,
      },
    });
    const event = entries('GET last-changed-statuses');
    expect(event).toMatchObject([{ outcome: 'TAKEN', fields: { lastChangedFrom: korea(START), count: 1 } }]);
  });

  it('includes both ends of its window, which is 24 hours by default', async () => {
    const { simulator, since } = await startFeed();
    for (const at of [START - 1, START, START + DAY_MS, START + DAY_MS + 1]) simulator.addProductOrders(1, { at });
    const dates = (rows: readonly Row[]) => rows.map((row) => row.lastChangedDate);
    const { data } = (await since(START)).json;
    expect(dates(data.lastChangeStatuses)).toEqual([korea(START), korea(START + DAY_MS)]);
    const narrow = (await since(START, { lastChangedTo: korea(START) })).json.data;
    expect(dates(narrow.lastChangeStatuses)).toEqual([korea(START)]);
  });

  it('refuses a window over 24 hours with 104139; one of 24 hours passes', async () => {
    const { since } = await startFeed();
    expect((await since(START, { lastChangedTo: korea(START + DAY_MS) })).status).toBe(200);
    const answer = await since(START, { lastChangedTo: korea(START + DAY_MS + 1) });
    expect([answer.status, answer.json.code]).toEqual([400, '104139']);
    expect(answer.json).toMatchObject({ timestamp: expect.any(String), traceId: expect.any(String) });
  });

  it.each([
    ['no lastChangedFrom', ''],
    ['a plus that was not encoded', `lastChangedFrom=${korea(START)}`],
    ['no milliseconds', `lastChangedFrom=${encodeURIComponent('2026-03-02T12:00:00+09:00')}`],
    ['another offset', `lastChangedFrom=${encodeURIComponent('2026-03-02T03:00:00.000Z')}`],
    ['a day that is none', `lastChangedFrom=${encodeURIComponent('2026-02-30T12:00:00.000+09:00')}`],
    ['an end before its start', `${new URLSearchParams({ lastChangedFrom: korea(1), lastChangedTo: korea(0) })}`],
    ['an unknown type', `${new URLSearchParams({ lastChangedFrom: korea(START), lastChangedType: 'PAID' })}`],
    ['a limitCount of 0', `${new URLSearchParams({ lastChangedFrom: korea(START), limitCount: '0' })}`],
    ['a misspelt parameter', `${new URLSearchParams({ lastChangedFrom: korea(START), lastChangeType: 'PAYED' })}`],
  ])('refuses %s with 4000', async (_, query) => {
    const { api } = await startFeed();
    const answer = await api('GET', `${FEED}?${query}`);
    expect([answer.status, answer.json.code]).toEqual([400, '4000']);
  });

  it('filters by lastChangedType', async () => {
    const { simulator, since } = await startFeed();
    const [a = '', b = ''] = simulator.addProductOrders(2);
    simulator.change(a, 'CLAIM_REQUESTED');
    const { data } = (await since(START, { lastChangedType: 'CLAIM_REQUESTED' })).json;
    expect(data.lastChangeStatuses).toMatchObject([
      { productOrderId: a, claimType: 'CANCEL', claimStatus: 'CANCEL_REQUEST' },
    ]);
    expect((await since(START)).json.data.lastChangeStatuses.map((row: Row) => row.productOrderId)).toContain(b);
  });

  it('gives pages of 300 at most, whatever is asked', async () => {
    const { simulator, since } = await startFeed({ productOrderCount: 301 });
    for (const limit of [{}, { limitCount: '1000' }] as Record<string, string>[]) {
      expect((await since(START, limit)).json.data.count).toBe(300);
    }
    const { data } = (await since(START, { limitCount: '2' })).json;
    const third = simulator.state().productOrders[2]?.productOrderId;
    expect(data).toMatchObject({ count: 2, more: { moreFrom: korea(START), moreSequence: third } });
  });

  it.each([1, 2, 3, 7])(
    'gives each row once over pages of %d, with equal times over their borders',
    async (pageLimit) => {
      const { simulator, readToTheEnd, key } = await startFeed({ pageLimit });
      const early = simulator.addProductOrders(5, { at: START });
      simulator.addProductOrders(4, { at: START + 1 });
      for (const id of early) simulator.change(id, 'DELIVERY_ADDRESS_CHANGED', { at: START + 1 });
      const window = { lastChangedFrom: korea(START), lastChangedTo: korea(START + 1000) };
      const { rows, pages } = await readToTheEnd(window);
      expect(new Set(rows.map(key)).size).toBe(14);
      expect(rows).toHaveLength(14);
      expect(rows.map(key)).toEqual(rows.map(key).sort());
      expect(pages.slice(0, -1).every((count) => count === pageLimit)).toBe(true);
    },
  );

  it('shows a row that moves under its reader at its new time, and loses none', async () => {
    const { simulator, since, readToTheEnd } = await startFeed({ productOrderCount: 4, pageLimit: 2 });
    const ids = simulator.state().productOrders.map(({ productOrderId }) => productOrderId);
    const { data } = (await since(START)).json;
    simulator.change(ids[0] ?? '', 'PAYED', { at: START + 5 });
    simulator.change(ids[2] ?? '', 'PAYED', { at: START + 6 });
    const { moreFrom, moreSequence } = data.more;
    const { rows } = await readToTheEnd({ lastChangedFrom: moreFrom, moreSequence });
    expect(rows.map((row) => row.productOrderId)).toEqual([ids[3], ids[0], ids[2]]);
  });

  it('gives no more where the rows end just at the page', async () => {
    const { since } = await startFeed({ productOrderCount: 4, pageLimit: 4 });
    expect((await since(START)).json.data).not.toHaveProperty('more');
  });

  it('tells each type of change once, at its newest time, with the status of now', async () => {
    const { simulator, since } = await startFeed();
    const [id = ''] = simulator.addProductOrders(1);
    simulator.change(id, 'DELIVERY_ADDRESS_CHANGED', { at: START + 10 });
    simulator.change(id, 'DISPATCHED', { at: START + 20 });
    simulator.change(id, 'DELIVERY_ADDRESS_CHANGED', { at: START + 30 });
    const rows = (await since(START)).json.data.lastChangeStatuses;
    expect(rows.map((row: Row) => [row.lastChangedType, row.lastChangedDate])).toEqual([
      ['PAYED', korea(START)],
      ['DISPATCHED', korea(START + 20)],
      ['DELIVERY_ADDRESS_CHANGED', korea(START + 30)],
    ]);
    expect(rows[0]).toMatchObject({ productOrderStatus: 'DELIVERING', receiverAddressChanged: true });
  });

  it('gives two changes of one product order in one moment two times, so that a page may end between them', async () => {
    const { simulator, readToTheEnd } = await startFeed({ pageLimit: 1 });
    const [id = ''] = simulator.addProductOrders(1);
    simulator.change(id, 'EXCHANGE_OPTION');
    simulator.change(id, 'GIFT_RECEIVED');
    const { rows } = await readToTheEnd({ lastChangedFrom: korea(START) });
    expect(rows.map((row) => row.lastChangedType)).toEqual(['PAYED', 'EXCHANGE_OPTION', 'GIFT_RECEIVED']);
  });

  it('walks a claim through its stages', async () => {
    const { simulator } = await startFeed();
    const [id = ''] = simulator.addProductOrders(1);
    simulator.change(id, 'DISPATCHED');
    expect(simulator.change(id, 'CLAIM_REQUESTED')).toMatchObject({ claimStatus: 'RETURN_REQUEST' });
    expect(simulator.change(id, 'COLLECT_DONE')).toMatchObject({ claimType: 'RETURN', claimStatus: 'COLLECT_DONE' });
    const done = { productOrderStatus: 'RETURNED', claimStatus: 'RETURN_DONE' };
    expect(simulator.change(id, 'CLAIM_COMPLETED')).toMatchObject(done);
    expect(simulator.change(id, 'CLAIM_COMPLETED', { claimStatus: 'NEW' })).toMatchObject({ claimStatus: 'NEW' });
    expect(simulator.change('0000000000000000', 'PAYED')).toBeUndefined();
  });

  it('shows a seller its own product orders only', async () => {
    const { simulator, read, since, token } = await startFeed();
    const [own] = simulator.addProductOrders(1);
    const [theirs] = simulator.addProductOrders(1, { accountId: 'seller-a' });
    const seller = (await token({ type: 'SELLER', account_id: 'seller-a' })).json.access_token;
    const ids = (rows: readonly Row[]) => rows.map((row) => row.productOrderId);
    expect(ids((await since(START)).json.data.lastChangeStatuses)).toEqual([own]);
    const answer = await read({ lastChangedFrom: korea(START) }, seller);
    expect(ids(answer.json.data.lastChangeStatuses)).toEqual([theirs]);
  });
});

describe('product orders that change by themselves', () => {
  it('come and move on every so often', async () => {
    const { simulator } = await startFeed({ productOrderCount: 1, autoChangeMs: 1 });
    const [first] = simulator.state().productOrders;
    await until(() => simulator.state().productOrders.length > 2);
    expect(simulator.state().productOrders[0]).toMatchObject({
      productOrderId: first?.productOrderId,
      receiverAddressChanged: true,
    });
  });

  it('begin to when they are told to, on a running simulator', async () => {
    const { simulator } = await startFeed();
    simulator.configure({ autoChangeMs: 1 });
    await until(() => simulator.state().productOrders.length > 0);
  });
});
