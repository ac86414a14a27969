import { describe, expect, it } from 'vitest';
import { RateLimited } from '../../../src/core/errors.ts';
import { change, identityOf, listen, mortalStore, movableClock, runFeed } from '../../support/commerce-feed.ts';
import { storeKinds } from '../../support/push-core.ts';
import { createRandom } from '../../support/random.ts';
import { answered, productOrder, scriptedCommerce } from '../../support/scripted-commerce.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

async function rig() {
  const store = await temporaryStore();
  const clock = movableClock();
  const provider = scriptedCommerce({ clock });
  const world = { store, clock, providers: [provider] };
  const queries = () => provider.callsOf('orderChanges').map(([, query]) => query);
  /** Until it has looked again, from the beginning of a look to its end. */
  const looked = async (): Promise<void> => {
    const before = queries().length;
    await until(() => queries().length > before + 1);
  };
  return { ...world, world, provider, queries, looked };
}

describe('the feed of changed product orders', () => {
  it('begins at its first start, and tells each change once, whoever listens', async () => {
    const { world, clock, provider, looked } = await rig();
    provider.changes.push(change('1', clock.now() - 2 * minuteMs - 1));
    const { commerce } = runFeed(world);
    const listener = await listen(commerce);
    await until(() => listener.replayed === 0);
    await looked();
    provider.changes.push(change('2', clock.now()), change('2', clock.now(), { changeType: 'DISPATCHED' }));
    await until(() => listener.heard.length === 2);
    clock.passMs(minuteMs);
    provider.changes.push(change('2', clock.now()));
    await until(() => listener.heard.length === 3);
    await looked();
    expect(listener.heard.map(identityOf)).toEqual(provider.changes.slice(1).map(identityOf));
  });

  it('goes on where it was after a restart, over days, window by window without a gap', async () => {
    const { world, clock, provider, queries, looked } = await rig();
    const first = runFeed(world);
    const listener = await listen(first.commerce);
    await looked();
    provider.changes.push(change('1', clock.now()));
    await until(() => listener.heard.length === 1);
    await first.stop();
    await listener.stop();
    const begun = queries().length - 1;
    for (let hour = 1; hour <= 80; hour += 1) provider.changes.push(change('2', clock.now() + hour * 60 * minuteMs));
    clock.passMs(80 * 60 * minuteMs);
    const second = await listen(runFeed(world).commerce, listener.cursor);
    await until(() => second.heard.length === 80);
    await looked();
    expect(second.heard.map(identityOf)).toEqual(provider.changes.slice(1).map(identityOf));
    const windows = queries().slice(begun);
    for (const [at, { from, to }] of windows.entries()) {
      expect(to - from).toBeLessThanOrEqual(dayMs);
      expect(from).toBeLessThanOrEqual(windows[at - 1]?.to ?? from);
    }
  });

  it('follows its pages as they say: the same end, the first moment not given, and the key there', async () => {
    const { world, clock, provider, queries, looked } = await rig();
    provider.pageSize = 4;
    const { commerce } = runFeed(world);
    const listener = await listen(commerce);
    await looked();
    const at = clock.now() + 1_000;
    const begun = queries().length;
    provider.changes.push(...['10', '11', '12', '13', '14', '15', '16', '17', '18'].map((id) => change(id, at)));
    await until(() => listener.heard.length === 9);
    const paged = queries()
      .slice(begun)
      .filter(({ moreSequence }) => moreSequence !== undefined);
    expect(paged.slice(0, 2)).toMatchObject([
      { from: at, moreSequence: '14' },
      { from: at, moreSequence: '18' },
    ]);
    expect(new Set(paged.slice(0, 2).map(({ to }) => to)).size).toBe(1);
  });

  it('tells what shows late behind newer changes, as long as it is not two minutes late', async () => {
    const { world, clock, provider, looked } = await rig();
    const { commerce } = runFeed(world);
    const listener = await listen(commerce);
    await looked();
    clock.passMs(10 * minuteMs);
    provider.changes.push(change('1', clock.now()));
    await until(() => listener.heard.length === 1);
    await looked();
    provider.changes.push(change('2', clock.now() - minuteMs));
    await until(() => listener.heard.length === 2);
  });

  it.each([
    ['10 minutes ahead', -10],
    ['10 minutes behind', 10],
    ['2 hours ahead', -120],
    ['2 hours behind', 120],
  ])('misses nothing where our clock is %s', async (_name, offMinutes) => {
    const { world, clock, provider, looked } = await rig();
    provider.clockAheadMs = offMinutes * minuteMs;
    const { commerce } = runFeed(world);
    const listener = await listen(commerce);
    await looked();
    for (let count = 1; count <= 60; count += 1) {
      provider.changes.push(change(String(count), clock.now() + offMinutes * minuteMs));
      // Hours in which nothing happens are among them.
      clock.passMs((count % 15 === 0 ? 180 : 30) * minuteMs);
      if (count % 10 === 0) await looked();
    }
    await until(() => listener.heard.length === 60);
  });

  it('writes nothing and reads nothing again where nothing has changed', async () => {
    const { world, clock, provider, queries, looked } = await rig();
    provider.pageSize = 10;
    let writes = 0;
    const store = new Proxy(world.store, {
      get(target, name, receiver) {
        if (name === 'write') writes += 1;
        const value = Reflect.get(target, name, receiver);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { commerce } = runFeed({ ...world, store });
    const listener = await listen(commerce);
    await looked();
    const at = clock.now();
    for (let id = 100; id < 150; id += 1) provider.changes.push(change(String(id), at));
    await until(() => listener.heard.length === 50);
    clock.passMs(3 * minuteMs);
    await until(() => queries().at(-1)?.from === at + 1);
    await looked();
    const [before, begun] = [writes, queries().length];
    for (let look = 0; look < 10; look += 1) await looked();
    expect(writes).toBe(before);
    expect(queries().slice(begun)).toEqual(
      queries()
        .slice(begun)
        .map(() => ({ from: at + 1, to: at + 1 + dayMs })),
    );
    provider.changes.push(change('1', at + 1));
    await until(() => listener.heard.length === 51);
  });

  it('waits as long as Naver says, and goes on', async () => {
    const { world, clock, provider, looked } = await rig();
    const { commerce } = runFeed(world);
    const listener = await listen(commerce);
    await looked();
    let refusedAt: number | undefined;
    let nextAt: number | undefined;
    provider.script.orderChanges = async () => {
      nextAt = performance.now();
      if (refusedAt !== undefined) {
        delete provider.script.orderChanges;
        return answered({ changes: [] });
      }
      refusedAt = nextAt;
      throw new RateLimited('feed', { retryAt: clock.now() + 200 });
    };
    await until(() => nextAt !== refusedAt);
    // Node's timers may be a millisecond early.
    expect((nextAt ?? 0) - (refusedAt ?? 0)).toBeGreaterThanOrEqual(199);
    provider.changes.push(change('1', clock.now()));
    await until(() => listener.heard.length === 1);
  });

  it('is one account’s: a cursor of another account opens nothing', async () => {
    const { store, clock, provider } = await rig();
    const other = scriptedCommerce({ clock, account: 'second' });
    const { commerce } = runFeed({ store, clock, providers: [provider, other] });
    const mine = await commerce.orderChanges('default', undefined);
    const { value } = await mine.next();
    const cursor = value?.type === 'CAUGHT_UP' ? value.cursor : '';
    const theirs = await commerce.orderChanges('second', cursor);
    expect((await theirs.next()).value).toEqual({ type: 'ENDED', reason: 'INVALID_CURSOR' });
  });

  it('loads the product orders of one page of a replay together, and again where that failed', async () => {
    const { world, clock, provider, looked } = await rig();
    const { commerce } = runFeed(world);
    const listener = await listen(commerce);
    await until(() => listener.replayed === 0);
    const start = listener.cursor;
    await looked();
    for (const id of ['1', '2', '3', '1']) provider.changes.push(change(id, clock.now() + provider.changes.length));
    await until(() => listener.heard.length === 4);
    const stream = await commerce.orderChanges(undefined, start);
    const loads: (() => Promise<unknown>)[] = [];
    while (loads.length < 4) {
      const { value } = await stream.next();
      if (value?.type === 'EVENT') loads.push(value.event.productOrder);
    }
    await stream.return?.();
    provider.script.productOrders = () => Promise.reject(new RateLimited('query', { retryAt: 1 }));
    const [first, ...rest] = loads;
    await expect(first?.()).rejects.toThrow(RateLimited);
    provider.script.productOrders = async (_token, ids) =>
      answered(ids.filter((id) => id !== '3').map((id) => productOrder(id)));
    const found = [];
    for (const load of rest) found.push(await load());
    expect(found).toMatchObject([{ productOrderId: '2' }, undefined, { productOrderId: '1' }]);
    expect(provider.callsOf('productOrders').map(([, ids]) => ids)).toEqual([
      ['1', '2', '3'],
      ['1', '2', '3'],
    ]);
  });
});

describe.each(storeKinds)('over $name', ({ here, open }) => {
  it.skipIf(!here)('one of two gateways reads the feed, and the other goes on when it stops', async () => {
    const stores = await open(2);
    const clock = movableClock();
    const provider = scriptedCommerce({ clock });
    let reading = 0;
    let most = 0;
    const seen = {
      ...provider,
      orderChanges: async (...given: Parameters<typeof provider.orderChanges>) => {
        reading += 1;
        most = Math.max(most, reading);
        const page = await provider.orderChanges(...given).finally(() => {
          reading -= 1;
        });
        return page;
      },
    };
    const [one, two] = stores.map((store, at) => runFeed({ store, clock, providers: [seen], owner: `gateway-${at}` }));
    if (one === undefined || two === undefined) throw new Error('There are two.');
    const listener = await listen(two.commerce);
    await until(() => provider.callsOf('orderChanges').length > 3);
    provider.changes.push(change('1', clock.now()));
    await until(() => listener.heard.length === 1);
    await one.stop();
    provider.changes.push(change('2', clock.now()));
    await until(() => listener.heard.length === 2);
    expect(most).toBe(1);
  });

  it.skipIf(!here).each([1, 2, 3])(
    'of 1,000 changes that share their moments, none is lost or told twice though its reader dies ten times (%i)',
    async (seed) => {
      const random = createRandom(seed);
      const [store] = await open(1);
      if (store === undefined) throw new Error('There is one.');
      const clock = movableClock();
      const provider = scriptedCommerce({ clock });
      // Smaller than what shares a moment; larger than what shares a moment and a number.
      provider.pageSize = 10 + random(60);
      const start = clock.now();
      const first = runFeed({ store, clock, providers: [provider] });
      const begin = await listen(first.commerce);
      await until(() => provider.callsOf('orderChanges').length > 0 && begin.replayed === 0);
      await Promise.all([first.stop(), begin.stop()]);
      while (provider.changes.length < 1_000) {
        const made = change(String(1 + random(40)), start + (1 + random(20)) * 4 * 60 * minuteMs, {
          changeType: ['PAYED', 'DISPATCHED', 'CLAIM_REQUESTED'][random(3)] as string,
        });
        if (!provider.changes.some((other) => identityOf(other) === identityOf(made))) provider.changes.push(made);
      }
      clock.passMs(81 * 60 * minuteMs);

      const heard: string[] = [];
      let cursor = begin.cursor;
      let deaths = 0;
      // It listens through a gateway that lives on, and each time anew.
      const { commerce } = runFeed({ store, clock, providers: [provider], reading: false });
      while (deaths < 10 || heard.length < 1_000) {
        const mayDie = deaths < 10;
        const writes = mayDie ? 1 + random(4) : Number.MAX_SAFE_INTEGER;
        const life = mortalStore(store, writes, random(2) === 0 ? 'BEFORE' : 'BEHIND');
        const feed = runFeed({ store: life.store, clock, providers: [provider] });
        const listener = await listen(commerce, cursor);
        await until(() => life.dead || (!mayDie && heard.length + listener.heard.length >= 1_000));
        if (life.dead) deaths += 1;
        await Promise.all([feed.stop(), listener.stop()]);
        heard.push(...listener.heard.map(identityOf));
        cursor = listener.cursor;
      }
      expect(deaths).toBe(10);
      expect(heard.toSorted()).toEqual(provider.changes.map(identityOf).toSorted());
    },
  );
});
