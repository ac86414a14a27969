/**
 * What every driver of the store must do, as tests. A driver's own test file says how to open one and adds what only
 * that driver promises.
 */
import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Batch, type IndexEntry, type Store, StoreUnavailable } from '../../src/core/store.ts';
import { until } from './until.ts';

/** One body of data, opened. */
export interface OpenedStore {
  readonly store: Store;
  /** Closes the store and opens the same data anew. */
  reopen(): Promise<Store>;
  /** Files in which no plain value may stand, as they are now. */
  files(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

export function describeStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name}: the contract of a store`, () => {
    let opened: OpenedStore;
    let store: Store;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.dispose());

    const put = (key: string, value: string | number) => store.write({ put: [{ key, value }] });
    const indexOf = (index: string, entries: readonly IndexEntry[]) =>
      store.write({ index: entries.map(({ key, sort }) => ({ index, key, sort })) });
    const keysOf = async (index: string) => (await store.range(index, { limit: 1_000 })).map(({ key }) => key);
    const appended = async (log: string, count: number) => {
      const append = Array.from({ length: count }, (_, at) => ({ log, entry: `entry ${at + 1}` }));
      return store.write({ append });
    };

    describe('records', () => {
      test('a record that was never written is absent', async () => {
        expect(await store.get('nobody')).toBeUndefined();
      });

      test('a value comes back as it was written, and its version rises by one at each write', async () => {
        const value = { text: '안녕하세요 👋', list: [1, null, true, { deep: 'x' }], big: 2 ** 53 - 1 };
        await store.write({ put: [{ key: 'a', value }] });
        expect(await store.get('a')).toEqual({ key: 'a', value, version: 1 });
        await put('a', 'second');
        expect(await store.get('a')).toEqual({ key: 'a', value: 'second', version: 2 });
      });

      test('a removed record is absent and begins at version 1 again', async () => {
        await put('a', 1);
        await put('a', 2);
        await store.write({ remove: ['a', 'never there'] });
        expect(await store.get('a')).toBeUndefined();
        await put('a', 3);
        expect(await store.get('a')).toEqual({ key: 'a', value: 3, version: 1 });
      });

      test('many records come in the order of the keys asked for, with gaps and repetitions', async () => {
        await put('a', 1);
        await put('b', 2);
        const records = await store.getMany(['b', 'missing', 'a', 'b']);
        expect(records.map((record) => record?.value)).toEqual([2, undefined, 1, 2]);
        expect(await store.getMany([])).toEqual([]);
      });

      test('keys with odd characters stay apart', async () => {
        const keys = [
          't/1',
          't%2F1',
          't/1/',
          'T/1',
          ' t/1',
          "it's",
          '"q"',
          '\\',
          '{x}',
          '한글',
          '👋',
          '\uffff',
          'a\nb',
          '-1',
        ];
        await store.write({ put: keys.map((key) => ({ key, value: key })) });
        expect((await store.getMany(keys)).map((record) => record?.value)).toEqual(keys);
      });

      test('a record lapses after its ttl, and a later write begins it anew', async () => {
        await store.write({ put: [{ key: 'short', value: 1, ttlMs: 30 }] });
        await store.write({ put: [{ key: 'long', value: 1, ttlMs: 60_000 }] });
        await until(async () => (await store.get('short')) === undefined);
        expect(
          await store.write({ expect: [{ key: 'short', version: 0 }], put: [{ key: 'short', value: 2 }] }),
        ).toEqual({
          committed: true,
          positions: [],
        });
        expect(await store.get('short')).toEqual({ key: 'short', value: 2, version: 1 });
        expect((await store.get('long'))?.value).toBe(1);
      });

      test('a write without a ttl takes an earlier ttl away', async () => {
        await store.write({
          put: [
            { key: 'a', value: 1, ttlMs: 400 },
            { key: 'witness', value: 1, ttlMs: 450 },
          ],
        });
        await put('a', 2);
        await until(async () => (await store.get('witness')) === undefined);
        expect(await store.get('a')).toEqual({ key: 'a', value: 2, version: 2 });
      });
    });

    describe('batches', () => {
      test('a batch whose expectation fails names what conflicted and writes nothing at all', async () => {
        await store.write({ put: [{ key: 'taken', value: 1 }], append: [{ log: 'log', entry: 'first' }] });
        const result = await store.write({
          expect: [
            { key: 'taken', version: 0 },
            { key: 'free', version: 0 },
            { key: 'missing', version: 2 },
          ],
          put: [{ key: 'free', value: 1 }],
          remove: ['taken'],
          index: [{ index: 'index', key: 'free', sort: 1 }],
          append: [{ log: 'log', entry: 'second' }],
        });
        expect(result).toEqual({ committed: false, conflicts: ['taken', 'missing'] });
        expect((await store.getMany(['taken', 'free'])).map((record) => record?.value)).toEqual([1, undefined]);
        expect(await keysOf('index')).toEqual([]);
        expect((await store.readLog('log', 0, 10)).head).toBe(1);
      });

      test('of many writers that expect the same version exactly one commits', async () => {
        const results = await Promise.all(
          Array.from({ length: 50 }, (_, at) =>
            store.write({ expect: [{ key: 'a', version: 0 }], put: [{ key: 'a', value: at }] }),
          ),
        );
        expect(results.filter(({ committed }) => committed)).toHaveLength(1);
        expect((await store.get('a'))?.version).toBe(1);
      });

      test('positions tell where each append landed, log by log', async () => {
        await appended('a', 2);
        const append = ['a', 'b', 'a', 'b'].map((log) => ({ log, entry: log }));
        expect(await store.write({ append })).toEqual({ committed: true, positions: [3, 1, 4, 2] });
      });

      test('an index entry may be sorted by the position that one of the appends receives', async () => {
        await appended('log', 4);
        const index = [
          { index: 'index', key: 'm', sortByAppend: 1 },
          { index: 'index', key: 'n', sortByAppend: 0 },
        ];
        await store.write({
          index,
          append: [
            { log: 'log', entry: 1 },
            { log: 'log', entry: 2 },
          ],
        });
        expect(await store.range('index', { limit: 10 })).toEqual([
          { key: 'n', sort: 5 },
          { key: 'm', sort: 6 },
        ]);
      });

      test('a batch of 1,000 operations is written whole', async () => {
        const at = Array.from({ length: 250 }, (_, number) => number);
        const result = await store.write({
          expect: at.map((n) => ({ key: `k${n}`, version: 0 })),
          put: at.map((n) => ({ key: `k${n}`, value: n })),
          index: at.map((n) => ({ index: 'index', key: `k${n}`, sort: n })),
          append: at.map((n) => ({ log: 'log', entry: n })),
        });
        expect(result).toEqual({ committed: true, positions: at.map((n) => n + 1) });
        expect((await store.getMany(at.map((n) => `k${n}`))).map((record) => record?.value)).toEqual(at);
        expect(await store.range('index', { limit: 1_000 })).toHaveLength(250);
      });

      test('what no driver could store alike is refused as a bug of the caller', async () => {
        const wrong: Batch[] = [
          { put: [{ key: '', value: 1 }] },
          { put: [{ key: 'nul\0', value: 1 }] },
          { put: [{ key: 'half \ud83d', value: 1 }] },
          { put: [{ key: 'a', value: 1, ttlMs: 0 }] },
          { put: [{ key: 'a', value: 1 }], remove: ['a'] },
          { index: [{ index: 'i', key: 'a', sort: -1 }] },
          { index: [{ index: 'i', key: 'a', sort: 1.5 }] },
          { index: [{ index: 'i', key: 'a', sort: 2 ** 53 }] },
          { index: [{ index: 'i', key: 'a', sortByAppend: 0 }] },
        ];
        for (const batch of wrong) await expect(store.write(batch)).rejects.toBeInstanceOf(TypeError);
      });
    });

    describe('indexes', () => {
      const entries: IndexEntry[] = [
        { key: 'b', sort: 1 },
        { key: 'a', sort: 5 },
        { key: 'b2', sort: 5 },
        { key: 'c', sort: 5 },
        { key: 'z', sort: 2 ** 53 - 1 },
      ];

      test('a range runs both ways, within inclusive bounds, up to its limit', async () => {
        await indexOf('index', [...entries].reverse());
        const range = (query: object) => store.range('index', { limit: 100, ...query });
        expect(await range({})).toEqual(entries);
        expect(await range({ reverse: true })).toEqual([...entries].reverse());
        expect(await range({ from: 5, to: 5 })).toEqual(entries.slice(1, 4));
        expect(await range({ from: 2 })).toEqual(entries.slice(1));
        expect(await range({ to: 4 })).toEqual(entries.slice(0, 1));
        expect(await range({ from: 6, to: 2 })).toEqual([]);
        expect(await range({ from: 5, limit: 2 })).toEqual(entries.slice(1, 3));
        expect(await range({ to: 5, limit: 2, reverse: true })).toEqual([entries[3], entries[2]]);
        expect(await store.range('no such index', { limit: 1 })).toEqual([]);
      });

      test('entries are counted within inclusive bounds, up to what was asked for', async () => {
        await indexOf('index', entries);
        await indexOf('another index', [{ key: 'a', sort: 5 }]);
        const count = (query: object) => store.count('index', { atMost: 100, ...query });
        expect(await count({})).toBe(5);
        expect(await count({ from: 5, to: 5 })).toBe(3);
        expect(await count({ from: 6 })).toBe(1);
        expect(await count({ from: 2 ** 53 - 1 })).toBe(1);
        expect(await count({ to: 5 })).toBe(4);
        expect(await count({ from: 6, to: 2 })).toBe(0);
        expect(await count({ atMost: 5 })).toBe(5);
        expect(await count({ atMost: 2 })).toBe(2);
        expect(await store.count('no such index', { atMost: 1 })).toBe(0);
        await expect(count({ atMost: 0 })).rejects.toBeInstanceOf(TypeError);
        await expect(count({ from: -1 })).rejects.toBeInstanceOf(TypeError);
      });

      test('pages of one entry each, behind the entry before, walk the whole range both ways', async () => {
        await indexOf('index', entries);
        for (const reverse of [false, true]) {
          const walked: IndexEntry[] = [];
          for (;;) {
            const after = walked.at(-1);
            const page = await store.range('index', { limit: 1, reverse, from: 1, ...(after && { after }) });
            if (page.length === 0) break;
            walked.push(...page);
          }
          expect(walked).toEqual(reverse ? [...entries].reverse() : entries);
        }
      });

      test('a page goes on behind an entry that has moved or gone, and never leaves its bounds', async () => {
        await indexOf('index', entries);
        const after = { key: 'b', sort: 5 };
        expect(await store.range('index', { limit: 9, after })).toEqual(entries.slice(2));
        expect(await store.range('index', { limit: 9, after, reverse: true })).toEqual([entries[1], entries[0]]);
        expect(await store.range('index', { limit: 9, from: 5, to: 5, after: { key: 'b', sort: 1 } })).toEqual(
          entries.slice(1, 4),
        );
        const beyond = { key: 'z', sort: 9 };
        expect(await store.range('index', { limit: 9, to: 5, after: beyond, reverse: true })).toEqual(
          entries.slice(0, 4).reverse(),
        );
        expect(await store.range('index', { limit: 9, to: 5, after: beyond })).toEqual([]);
      });

      test('equal sorts are ordered by the bytes of the key in UTF-8', async () => {
        const keys = ['b', 'B', 'é', 'a/b', 'a', 'ab', '한', '\uffff', '👋', 'Z', '10', '9'];
        await indexOf(
          'index',
          keys.map((key) => ({ key, sort: 7 })),
        );
        const byBytes = [...keys].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
        expect(await keysOf('index')).toEqual(byBytes);
        for (const [at, key] of byBytes.entries()) {
          const next = await store.range('index', { limit: 1, after: { key, sort: 7 } });
          expect(next[0]?.key).toBe(byBytes[at + 1]);
        }
      });

      test('adding a key again moves it, removing takes it out, and other indexes stay as they are', async () => {
        await indexOf('index', entries);
        await indexOf('other', entries);
        await store.write({
          index: [
            { index: 'index', key: 'b', sort: 9 },
            { index: 'index', key: 'z', remove: true },
            { index: 'index', key: 'not there', remove: true },
          ],
        });
        expect(await keysOf('index')).toEqual(['a', 'b2', 'c', 'b']);
        expect(await store.sortOf('index', ['b', 'z', 'a', 'b'])).toEqual([9, undefined, 5, 9]);
        expect(await store.sortOf('index', [])).toEqual([]);
        expect(await keysOf('other')).toEqual(['b', 'a', 'b2', 'c', 'z']);
      });
    });

    describe('claims', () => {
      test('what is due is claimed oldest first and held back for the time asked', async () => {
        await indexOf('due', [
          { key: 'later', sort: 101 },
          { key: 'old', sort: 10 },
          { key: 'now', sort: 100 },
          { key: 'older', sort: 5 },
        ]);
        expect(await store.claimDue('due', { now: 100, limit: 2, holdMs: 50 })).toEqual(['older', 'old']);
        expect(await store.claimDue('due', { now: 100, limit: 9, holdMs: 50 })).toEqual(['now']);
        expect(await store.claimDue('due', { now: 100, limit: 9, holdMs: 50 })).toEqual([]);
        expect(await store.sortOf('due', ['older', 'now'])).toEqual([150, 150]);
        expect(await store.claimDue('due', { now: 150, limit: 9, holdMs: 50 })).toEqual([
          'later',
          'now',
          'old',
          'older',
        ]);
      });

      test('claimers at the same time never share a key', async () => {
        await indexOf(
          'due',
          Array.from({ length: 200 }, (_, at) => ({ key: `k${at}`, sort: at })),
        );
        const claims = Array.from({ length: 40 }, () => store.claimDue('due', { now: 500, limit: 7, holdMs: 1_000 }));
        const keys = (await Promise.all(claims)).flat();
        expect(keys).toHaveLength(200);
        expect(new Set(keys).size).toBe(200);
      });

      test('a key taken out of the index after its claim does not come back', async () => {
        await indexOf('due', [{ key: 'a', sort: 1 }]);
        await store.claimDue('due', { now: 1, limit: 1, holdMs: 10 });
        await store.write({ index: [{ index: 'due', key: 'a', remove: true }] });
        expect(await store.claimDue('due', { now: 1_000, limit: 1, holdMs: 10 })).toEqual([]);
      });
    });

    describe('logs', () => {
      test('a log that nobody appended to is empty and stands at 0', async () => {
        expect(await store.readLog('log', 0, 10)).toEqual({ entries: [], first: 1, head: 0 });
      });

      test('entries are read behind a position, oldest first, up to the limit', async () => {
        await appended('log', 5);
        const page = await store.readLog('log', 2, 2);
        expect(page).toEqual({
          entries: [
            { position: 3, entry: 'entry 3' },
            { position: 4, entry: 'entry 4' },
          ],
          first: 1,
          head: 5,
        });
        expect((await store.readLog('log', 5, 2)).entries).toEqual([]);
        expect((await store.readLog('log', 99, 2)).entries).toEqual([]);
      });

      test('appends at the same time get positions without gap or repetition', async () => {
        const results = await Promise.all(Array.from({ length: 100 }, () => appended('log', 3)));
        const positions = results.flatMap((result) => (result.committed ? result.positions : []));
        expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, at) => at + 1));
      });

      test('trimming moves the first position and never the head, even when nothing is kept', async () => {
        await appended('log', 5);
        await store.trimLog('log', 3);
        const page = await store.readLog('log', 0, 10);
        expect(page).toMatchObject({ first: 4, head: 5 });
        expect(page.entries.map(({ position }) => position)).toEqual([4, 5]);
        await store.trimLog('log', 2);
        expect(await store.readLog('log', 0, 1)).toMatchObject({ first: 4, head: 5 });
        await store.trimLog('log', 1_000);
        expect(await store.readLog('log', 0, 10)).toEqual({ entries: [], first: 6, head: 5 });
        expect(await appended('log', 1)).toEqual({ committed: true, positions: [6] });
        expect(await store.readLog('log', 0, 10)).toMatchObject({ first: 6, head: 6 });
        await store.trimLog('no such log', 5);
        expect(await store.readLog('no such log', 0, 10)).toEqual({ entries: [], first: 1, head: 0 });
      });

      test('a watcher hears of an append to its log, reads it there, and hears nothing after its release', async () => {
        let calls = 0;
        let released = 0;
        const release = store.watchLog('log', () => calls++);
        const releaseOther = store.watchLog('log', () => released++);
        await appended('log', 1);
        await until(() => calls > 0 && released > 0);
        releaseOther();
        releaseOther();
        const before = { calls, released };
        await appended('log', 1);
        await until(() => calls > before.calls);
        expect(released).toBe(before.released);
        expect((await store.readLog('log', 0, 10)).head).toBe(2);
        release();
      });
    });

    describe('counters', () => {
      test('a counter adds up, also below zero', async () => {
        expect(await store.add('n', 2)).toEqual({ value: 2, added: true });
        expect(await store.add('n', -5)).toEqual({ value: -3, added: true });
        expect(await store.add('n', 0)).toEqual({ value: -3, added: true });
      });

      test('an addition that would pass the maximum changes nothing', async () => {
        expect(await store.add('n', 3, { max: 2 })).toEqual({ value: 0, added: false });
        expect(await store.add('n', 2, { max: 2 })).toEqual({ value: 2, added: true });
        expect(await store.add('n', 1, { max: 2 })).toEqual({ value: 2, added: false });
        expect(await store.add('n', -1, { max: 0 })).toEqual({ value: 1, added: true });
      });

      test('many at the same time never pass the maximum', async () => {
        const results = await Promise.all(Array.from({ length: 60 }, () => store.add('n', 1, { max: 25 })));
        expect(results.filter(({ added }) => added)).toHaveLength(25);
        expect(await store.add('n', 0)).toEqual({ value: 25, added: true });
      });

      test('the ttl counts from the first addition and later ones do not prolong it', async () => {
        await store.add('n', 5, { ttlMs: 80 });
        await until(async () => (await store.add('n', 1, { ttlMs: 60_000 })).value === 1);
        expect(await store.add('n', 1)).toEqual({ value: 2, added: true });
      });
    });

    describe('leases', () => {
      test('one owner at a time holds a lease, and its token rises with every acquisition', async () => {
        const first = await store.acquireLease('lease', 'one', 60_000);
        expect(first).toEqual({ name: 'lease', token: 1 });
        expect(await store.acquireLease('lease', 'two', 60_000)).toBeUndefined();
        expect(await store.leaseOwner('lease')).toBe('one');
        if (first) await store.releaseLease(first, 'two');
        expect(await store.leaseOwner('lease')).toBe('one');
        if (first) await store.releaseLease(first, 'one');
        expect(await store.leaseOwner('lease')).toBeUndefined();
        expect(await store.acquireLease('lease', 'two', 60_000)).toEqual({ name: 'lease', token: 2 });
        expect(await store.acquireLease('lease', 'two', 60_000)).toEqual({ name: 'lease', token: 3 });
        expect(await store.leaseOwner('never held')).toBeUndefined();
      });

      test('of many that ask at the same time one gets it', async () => {
        const asked = Array.from({ length: 20 }, (_, at) => store.acquireLease('lease', `owner ${at}`, 60_000));
        expect((await Promise.all(asked)).filter((lease) => lease !== undefined)).toHaveLength(1);
      });

      test('a lease lapses, passes on, and can then neither be renewed nor released by its former owner', async () => {
        const first = await store.acquireLease('lease', 'one', 40);
        if (first === undefined) throw new Error('nobody else holds it');
        let second: Awaited<ReturnType<Store['acquireLease']>>;
        await until(async () => {
          second = await store.acquireLease('lease', 'two', 60_000);
          return second !== undefined;
        });
        expect(second?.token).toBe(2);
        expect(await store.renewLease(first, 'one', 60_000)).toBe(false);
        await store.releaseLease(first, 'one');
        expect(await store.leaseOwner('lease')).toBe('two');
      });

      test('a lease rests once it was given up, for its former owner as well, and then passes on', async () => {
        const restMs = 250;
        const first = await store.acquireLease('lease', 'one', 60_000, restMs);
        if (first === undefined) throw new Error('nobody else holds it');
        // Whoever holds it may ask again, and need not rest.
        const again = await store.acquireLease('lease', 'one', 60_000, restMs);
        if (again === undefined) throw new Error('it is still held');
        const givenUpMs = performance.now();
        await store.releaseLease(again, 'one');
        expect(await store.leaseOwner('lease')).toBeUndefined();
        expect(await store.acquireLease('lease', 'two', 60_000, restMs)).toBeUndefined();
        expect(await store.acquireLease('lease', 'one', 60_000, restMs)).toBeUndefined();
        await until(async () => (await store.acquireLease('lease', 'two', 60_000, restMs)) !== undefined);
        expect(performance.now() - givenUpMs).toBeGreaterThan(restMs - 5);
        expect(await store.leaseOwner('lease')).toBe('two');
      });

      test('a lease rests once it has lapsed, counted from when it was renewed last', async () => {
        const [ttlMs, restMs] = [300, 200];
        const first = await store.acquireLease('lease', 'one', 5_000, restMs);
        if (first === undefined) throw new Error('nobody else holds it');
        const renewedMs = performance.now();
        expect(await store.renewLease(first, 'one', ttlMs)).toBe(true);
        await until(async () => (await store.leaseOwner('lease')) === undefined);
        expect(await store.renewLease(first, 'one', ttlMs)).toBe(false);
        await until(async () => (await store.acquireLease('lease', 'two', 60_000, restMs)) !== undefined);
        expect(performance.now() - renewedMs).toBeGreaterThan(ttlMs + restMs - 5);
        expect(await store.renewLease(first, 'one', ttlMs)).toBe(false);
      });

      test('a claim fenced with an older token claims nothing, and hides nothing from others', async () => {
        await store.write({ index: [{ index: 'due', key: 'a', sort: 1 }] });
        const first = await store.acquireLease('lease', 'one', 60_000);
        const second = await store.acquireLease('lease', 'one', 60_000);
        const claim = (token: number | undefined) =>
          store.claimDue('due', { now: 5, limit: 9, holdMs: 50, fence: { lease: 'lease', token: token ?? 0 } });
        expect(await claim(first?.token)).toEqual([]);
        expect(await claim(99)).toEqual([]);
        expect(await claim(second?.token)).toEqual(['a']);
      });

      test('renewing keeps a lease longer, but not once it has lapsed', async () => {
        const kept = await store.acquireLease('kept', 'one', 500);
        const lost = await store.acquireLease('lost', 'one', 500);
        if (kept === undefined || lost === undefined) throw new Error('nobody else holds them');
        expect(await store.renewLease(kept, 'one', 60_000)).toBe(true);
        expect(await store.renewLease(kept, 'two', 60_000)).toBe(false);
        await until(async () => (await store.leaseOwner('lost')) === undefined);
        expect(await store.leaseOwner('kept')).toBe('one');
        expect(await store.renewLease(lost, 'one', 60_000)).toBe(false);
      });

      test('a write fenced with an older token, or one never given, writes nothing', async () => {
        const first = await store.acquireLease('lease', 'one', 60_000);
        const second = await store.acquireLease('lease', 'one', 60_000);
        const fenced = (token: number) =>
          store.write({ fence: { lease: 'lease', token }, put: [{ key: 'a', value: token }] });
        expect(await fenced(first?.token ?? 0)).toEqual({ committed: false, conflicts: ['lease'] });
        expect(await fenced(99)).toEqual({ committed: false, conflicts: ['lease'] });
        expect(await store.get('a')).toBeUndefined();
        expect(await fenced(second?.token ?? 0)).toEqual({ committed: true, positions: [] });
        const never = { fence: { lease: 'never held', token: 1 } };
        expect(await store.write(never)).toEqual({ committed: false, conflicts: ['never held'] });
      });
    });

    describe('the data as a whole', () => {
      test('everything is there when the same data is opened anew', async () => {
        const lease = await store.acquireLease('lease', 'one', 60_000);
        if (lease) await store.releaseLease(lease, 'one');
        await store.write({
          put: [{ key: 'a', value: 'kept' }],
          index: [{ index: 'index', key: 'a', sort: 4 }],
          append: [
            { log: 'log', entry: 'kept' },
            { log: 'log', entry: 'too' },
          ],
        });
        await store.trimLog('log', 1);
        await store.add('n', 7);
        const { epoch } = store;
        const hash = store.keyedHash('010-1234-5678');
        store = await opened.reopen();
        expect(store.epoch).toBe(epoch);
        expect(store.keyedHash('010-1234-5678')).toBe(hash);
        expect(await store.get('a')).toEqual({ key: 'a', value: 'kept', version: 1 });
        expect(await store.range('index', { limit: 9 })).toEqual([{ key: 'a', sort: 4 }]);
        expect(await store.readLog('log', 0, 9)).toEqual({
          entries: [{ position: 2, entry: 'too' }],
          first: 2,
          head: 2,
        });
        expect(await store.add('n', 1)).toEqual({ value: 8, added: true });
        expect(await store.acquireLease('lease', 'two', 60_000)).toEqual({ name: 'lease', token: 2 });
      });

      test('other data has another epoch', async () => {
        const other = await open();
        expect(other.store.epoch).not.toBe(store.epoch);
        await other.dispose();
      });

      test('no value stands readable in the files', async () => {
        const secret = 'canary-01012345678';
        await store.write({ put: [{ key: 'a', value: { secret } }], append: [{ log: 'log', entry: { secret } }] });
        const files = await opened.files();
        const contents = await Promise.all(files.map((file) => readFile(file)));
        // The control: the key, which is not sealed, is found where the value is not.
        await store.write({ index: [{ index: 'index', key: 'readable-canary', sort: 1 }] });
        const later = await Promise.all((await opened.files()).map((file) => readFile(file)));
        expect(later.some((content) => content.includes('readable-canary'))).toBe(true);
        expect([...contents, ...later].some((content) => content.includes(secret))).toBe(false);
      });

      test('an open store is well while it answers, and a closed one is not and says so', async () => {
        expect(store.health()).toEqual({ ok: true });
        await put('a', 1);
        await store.get('a');
        expect(store.health()).toEqual({ ok: true });
        // A caller's own fault, and a conflict, say nothing of the store.
        await expect(store.get('')).rejects.toBeInstanceOf(TypeError);
        await store.write({ expect: [{ key: 'a', version: 9 }] });
        expect(store.health()).toEqual({ ok: true });
        await store.close();
        expect(store.health()).toEqual({ ok: false, why: 'The store is closed.' });
      });

      test('a closed store answers nothing and says that it wrote nothing', async () => {
        await store.close();
        await store.close();
        const calls = [
          put('a', 1),
          store.get('a'),
          store.range('i', { limit: 1 }),
          store.count('i', { atMost: 1 }),
          store.add('n', 1),
          store.trimLog('l', 1),
        ];
        for (const outcome of await Promise.allSettled(calls)) {
          expect(outcome).toMatchObject({ status: 'rejected', reason: { wrote: 'NO' } });
          if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(StoreUnavailable);
        }
      });

      test('what was asked before the close is still written', async () => {
        const asked = [put('a', 1), put('b', 2)];
        await store.close();
        expect(await Promise.all(asked)).toEqual([
          { committed: true, positions: [] },
          { committed: true, positions: [] },
        ]);
      });
    });
  });
}
