import { describe, expect, it } from 'vitest';
import type { LostTransfers } from '../../../src/core/remittance/provider.ts';
import { peer, provider } from './account.ts';
import { SAMPLE_TRANSFER } from './people-of-samples.ts';

const sentAt = Date.parse('2026-03-02T03:04:05Z');
const minute = 60_000;
const window = { madeFrom: sentAt - 5 * minute, madeTo: sentAt + 5 * minute + 20_000 };
const lost: LostTransfers = { ...SAMPLE_TRANSFER, externalIds: ['lost-1'], ...window };

/** One like the lost one, but for what is given. */
const row = (transfer_id: number, given: object = {}, at = sentAt) => ({
  transfer_id,
  user_id: 15,
  recipient_id: 53,
  receive_amount: 4000.0,
  receive_amount_currency: 'PHP',
  status: 'Transfer Requested',
  created_at: new Date(at).toISOString(),
  ...given,
});
type Rows = readonly ReturnType<typeof row>[];

/** A Sentbe with these transfers, five a page. */
async function withTransfers(transfers: Rows, pageSize = 5) {
  const { url, seen } = await peer((response, request) => {
    const number = Number((seen.at(-1)?.parameters as { page: string } | undefined)?.page);
    expect(request.url).toBe('/outbound/transfers/user/15');
    const data = transfers.slice((number - 1) * pageSize, number * pageSize);
    response.end(JSON.stringify({ result: true, data }));
  });
  const find = async (given: Partial<LostTransfers> = {}) =>
    (await provider(url).findTransfers('OUTBOUND', { ...lost, ...given }))?.map(({ id }) => id);
  return { find, seen };
}

const others = (count: number, from: number, at: (index: number) => number): Rows =>
  Array.from({ length: count }, (_, index) => row(from + index, { recipient_id: 99 }, at(index)));

describe('a lost transfer is found', () => {
  it('by user, recipient, amount and time', async () => {
    const { find } = await withTransfers([row(1, { recipient_id: 99 }), row(2), row(3, { receive_amount: 4001 })]);
    expect(await find()).toEqual(['2']);
  });

  it.each([12, 110, 5_000])(
    'on a later page, %i rows down, whichever way the list goes, in few calls',
    async (count) => {
      const newestFirst = [...others(count, 100, (index) => sentAt + (count - index) * 10 * minute), row(1)];
      const oldestFirst = [...others(count, 100, (index) => sentAt - (count - index) * 10 * minute), row(1)];
      for (const rows of [newestFirst, oldestFirst]) {
        const { find, seen } = await withTransfers(rows);
        expect(await find()).toEqual(['1']);
        expect(seen.length).toBeLessThan(2 * Math.log2(count) + 6);
      }
    },
  );

  it('amid a list that is sorted by nothing, where 60 pages tell all of it', async () => {
    const mixed = others(200, 100, (index) => sentAt + ((index * 73) % 200) * minute);
    expect(await (await withTransfers([...mixed, row(1)])).find()).toEqual(['1']);
    const endless = others(1_000, 100, (index) => sentAt + ((index * 73) % 200) * minute);
    expect(await (await withTransfers([...endless, row(1)])).find()).toBeUndefined();
  });

  it('by its external id where the rows have one, and then by that alone', async () => {
    const { find, seen } = await withTransfers([
      row(1, { external_id: 'other' }),
      row(2, { external_id: 'lost-1', receive_amount: 1 }, sentAt - 60 * minute),
      row(3),
    ]);
    expect(await find()).toEqual(['2', '3']);
    expect(seen).toHaveLength(1);
  });

  it('with all that are like it: 200 of one pair and amount, each once', async () => {
    const { find } = await withTransfers(Array.from({ length: 200 }, (_none, at) => row(at + 1)));
    expect(new Set(await find()).size).toBe(200);
  });
});

describe('a lost transfer is not found', () => {
  const unlike: [string, ReturnType<typeof row>][] = [
    ['another user', row(1, { user_id: 16 })],
    ['another recipient', row(1, { recipient_id: 54 })],
    ['another amount', row(1, { receive_amount: 400 })],
    ['another currency', row(1, { receive_amount_currency: 'USD' })],
    ['another external id', row(1, { external_id: 'lost-2' })],
    ['no time', row(1, { created_at: 'yesterday' })],
    ['an earlier time', row(1, {}, sentAt - 6 * minute)],
    ['a later time', row(1, {}, sentAt + 6 * minute)],
  ];
  it.each(unlike)('in one of %s', async (_, transfer) => {
    expect(await (await withTransfers([transfer])).find()).toEqual([]);
  });

  it('and no more than 60 pages are read, fewer where the rows are older than it', async () => {
    const endless = await withTransfers(others(1_000, 1, () => sentAt));
    expect(await endless.find()).toBeUndefined();
    expect(endless.seen).toHaveLength(60);
    const older = await withTransfers(others(1_000, 1, (index) => sentAt - index * 10 * minute));
    expect(await older.find()).toEqual([]);
    expect(older.seen).toHaveLength(1);
  });

  it('and a list that ignores the page is read once more, not for ever', async () => {
    const { url, seen } = await peer((response) =>
      response.end(JSON.stringify({ result: true, data: [row(1), row(2)] })),
    );
    expect(await provider(url).findTransfers('OUTBOUND', lost)).toHaveLength(2);
    expect(seen).toHaveLength(2);
  });
});

it.each(['{}', 'null', '[7]', '[{"transfer_id": 1}]'])('a page that cannot be read says nothing: %s', async (data) => {
  const { url } = await peer((response) => response.end(`{"result": true, "data": ${data}}`));
  await expect(provider(url).findTransfers('OUTBOUND', lost)).rejects.toMatchObject({
    outcome: 'NOT_ACCEPTED',
    origin: { code: 'BAD_ANSWER' },
  });
});
