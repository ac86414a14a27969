import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../../src/core/errors.ts';
import { createEventLog } from '../../../src/core/events/log.ts';
import { type Page, type PageArguments, readPage } from '../../../src/core/events/page.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

/** A listing of the numbers 1 to `count`, in the order of their events. */
async function listing(count: number, wanted: (n: number) => boolean = () => true) {
  const store = await temporaryStore();
  const log = createEventLog(store, 'tenant', 'numbers');
  await store.write({
    append: Array.from({ length: count }, (_, at) => ({ log: log.name, entry: at + 1 })),
    index: Array.from({ length: count }, (_, at) => ({ index: 'numbers', key: `n${at + 1}`, sort: at + 1 })),
  });
  const load = async (keys: readonly string[]) =>
    keys.map((key) => Number(key.slice(1))).map((n) => (wanted(n) ? n : undefined));
  const read = (page: PageArguments): Promise<Page<number>> => readPage({ store, index: 'numbers', log, load }, page);
  return { log, read };
}

const nodes = (page: Page<number>): number[] => page.edges.map(({ node }) => node);

describe('a page', () => {
  it('walks forwards through everything, in order and once', async () => {
    const { read } = await listing(25);
    const seen: number[] = [];
    let after: string | undefined;
    let more = true;
    while (more) {
      const page = await read({ first: 10, after });
      seen.push(...nodes(page));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(Array.from({ length: 25 }, (_, at) => at + 1));
  });

  it('walks backwards through everything, each page in order', async () => {
    const { read } = await listing(25);
    const newest = await read({ last: 10 });
    expect(nodes(newest)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25]);
    expect(newest.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    const oldest = await read({ last: 20, before: newest.pageInfo.startCursor });
    expect(nodes(oldest)).toEqual(Array.from({ length: 15 }, (_, at) => at + 1));
    expect(oldest.pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
  });

  it('stays between both cursors', async () => {
    const { read, log } = await listing(25);
    const page = await read({ first: 100, after: log.cursorAt(5), before: log.cursorAt(9) });
    expect(nodes(page)).toEqual([6, 7, 8]);
  });

  it('gives cursors that a stream of the same log understands', async () => {
    const { read, log } = await listing(3);
    const [edge] = (await read({ first: 1 })).edges;
    expect(log.parseCursor(edge?.cursor ?? '')).toEqual({ known: true, position: 1 });
  });

  it('looks far enough through what the filter leaves out', async () => {
    const { read } = await listing(900, (n) => n % 300 === 0);
    const page = await read({ first: 2 });
    expect(nodes(page)).toEqual([300, 600]);
    expect(page.pageInfo.hasNextPage).toBe(true);
  });

  it('ends its look after a bound, and goes on from there', async () => {
    const { read } = await listing(2_500, (n) => n === 2_400);
    const first = await read({ first: 5 });
    expect(nodes(first)).toEqual([]);
    expect(first.pageInfo.hasNextPage).toBe(true);
    expect(nodes(await read({ first: 5, after: first.pageInfo.endCursor }))).toEqual([2_400]);
  });

  it('gives nothing for first: 0, and says whether there is more', async () => {
    const { read } = await listing(1);
    expect(await read({ first: 0 })).toEqual({ edges: [], pageInfo: { hasNextPage: true, hasPreviousPage: false } });
  });

  it.each<[string, PageArguments]>([
    ['first', { first: -1 }],
    ['last', { last: -1 }],
    ['last', { first: 1, last: 1 }],
    ['after', { after: 'garbage' }],
    ['before', { before: '' }],
  ])('names %s where it cannot be', async (argument, page) => {
    const { read } = await listing(1);
    const failure = await read(page).catch((error) => error);
    expect(failure).toBeInstanceOf(InvalidInput);
    expect(failure.fields[0].path).toEqual([argument]);
  });
});
