import { describe, expect, it } from 'vitest';
import { createStreams, type Streams } from '../../../src/core/events/follow.ts';
import { createEventLog, type EventLog } from '../../../src/core/events/log.ts';
import { type Store, StoreUnavailable } from '../../../src/core/store.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

interface Rig {
  readonly store: Store;
  readonly log: EventLog;
  readonly streams: Streams;
  append(...numbers: number[]): Promise<void>;
  follow(after?: string): ReturnType<Streams['follow']>;
}

async function rig(options: { pageSize?: number } = {}): Promise<Rig> {
  const store = await temporaryStore();
  const log = createEventLog(store, 'tenant', 'numbers');
  const streams = createStreams(store, options.pageSize);
  return {
    store,
    log,
    streams,
    async append(...numbers) {
      for (const entry of numbers) await store.write({ append: [{ log: log.name, entry }] });
    },
    follow: (after) => streams.follow({ log, after, load: async (entries) => entries.map(({ entry }) => entry) }),
  };
}

type Item = { type: string; [name: string]: unknown };

/** What the stream says next, without waiting for more than `count` items. */
async function take(stream: AsyncIterator<unknown>, count: number): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) {
    const next = await stream.next();
    if (next.done) break;
    items.push(next.value as Item);
  }
  return items;
}

const told = (items: readonly Item[]): unknown[] =>
  items.map((item) => (item.type === 'EVENT' ? item['event'] : item.type));

describe('following a log', () => {
  it('without a cursor says at once that it has caught up, then gives what comes', async () => {
    const { append, follow } = await rig();
    await append(1, 2);
    const stream = await follow();
    expect(told(await take(stream, 1))).toEqual(['CAUGHT_UP']);
    await append(3);
    expect(told(await take(stream, 1))).toEqual([3]);
  });

  it('with a cursor replays all that followed it, says so once, and goes on live', async () => {
    const { append, follow, log } = await rig({ pageSize: 3 });
    await append(1, 2, 3, 4, 5, 6, 7, 8);
    const stream = await follow(log.cursorAt(2));
    const replay = await take(stream, 7);
    expect(told(replay)).toEqual([3, 4, 5, 6, 7, 8, 'CAUGHT_UP']);
    expect(replay.at(-1)).toMatchObject({ replayed: 6, cursor: log.cursorAt(8) });
    await append(9);
    expect(told(await take(stream, 1))).toEqual([9]);
  });

  it('says it has caught up before events that came after it began, even where a page holds both', async () => {
    const { append, follow, log } = await rig();
    await append(1, 2);
    const stream = await follow(log.cursorAt(0));
    await append(3);
    expect(told(await take(stream, 4))).toEqual([1, 2, 'CAUGHT_UP', 3]);
  });

  it('misses nothing that is appended while it reads', async () => {
    const { append, follow } = await rig({ pageSize: 2 });
    const stream = await follow();
    const writing = append(...Array.from({ length: 100 }, (_, at) => at));
    const items = await take(stream, 101);
    await writing;
    expect(told(items)).toEqual(['CAUGHT_UP', ...Array.from({ length: 100 }, (_, at) => at)]);
  });

  it('resumes from the cursor of each item without a loss or a repeat', async () => {
    const { append, follow, log } = await rig({ pageSize: 4 });
    await append(...Array.from({ length: 20 }, (_, at) => at + 1));
    let cursor = log.cursorAt(0);
    const seen: unknown[] = [];
    for (let turn = 0; turn < 20; turn += 1) {
      const stream = await follow(cursor);
      const [item] = await take(stream, 1);
      await stream.return?.();
      seen.push(item?.['event']);
      cursor = item?.['cursor'] as string;
    }
    expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('names the gap that retention made, and goes on behind it', async () => {
    const { append, follow, log, store } = await rig();
    await append(1, 2, 3, 4);
    await store.trimLog(log.name, 3);
    const items = await take(await follow(log.cursorAt(1)), 3);
    expect(items).toMatchObject([
      { type: 'GAP', fromCursor: log.cursorAt(1), toCursor: log.cursorAt(3), reason: 'RETENTION' },
      { type: 'EVENT', event: 4 },
      { type: 'CAUGHT_UP', replayed: 1 },
    ]);
  });

  it('names a gap where the data behind a cursor was replaced', async () => {
    const former = await rig();
    await former.append(1, 2, 3);
    const { append, follow, log } = await rig();
    await append(7);
    const strange = Buffer.from(former.log.cursorAt(3), 'base64url').toString().split('.');
    const ours = Buffer.from(log.cursorAt(3), 'base64url').toString().split('.');
    const cursor = Buffer.from([strange[0], strange[1], ours[2], ours[3]].join('.')).toString('base64url');
    expect(told(await take(await follow(cursor), 3))).toEqual(['GAP', 7, 'CAUGHT_UP']);
  });

  it.each(['', 'garbage', 'MS54LnkueA', '한글'])('ends at once on %j, which is no cursor', async (cursor) => {
    const { follow, streams } = await rig();
    const stream = await follow(cursor);
    expect(await take(stream, 2)).toEqual([{ type: 'ENDED', reason: 'INVALID_CURSOR' }]);
    expect(streams.live()).toBe(0);
  });

  it('does not take the cursor of another tenant', async () => {
    const { store, follow } = await rig();
    const cursor = createEventLog(store, 'other', 'numbers').cursorAt(0);
    expect(told(await take(await follow(cursor), 1))).toEqual(['ENDED']);
  });

  it('tells a reader that it ends, and from where to resume', async () => {
    const { append, follow, log, streams } = await rig();
    await append(1, 2, 3);
    const stream = await follow(log.cursorAt(0));
    await take(stream, 2);
    streams.endAll('SHUTDOWN');
    expect(await take(stream, 5)).toEqual([{ type: 'ENDED', reason: 'SHUTDOWN', resumeAfter: log.cursorAt(2) }]);
    expect(streams.live()).toBe(0);
  });

  it('releases an idle reader at once, also one that waits', async () => {
    const { follow, streams } = await rig();
    const stream = await follow();
    await take(stream, 1);
    const waiting = stream.next();
    expect(streams.live()).toBe(1);
    await stream.return?.();
    expect(streams.live()).toBe(0);
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('leaves no iterator alive after 1,000 readers left', async () => {
    const { follow, streams } = await rig();
    const readers = await Promise.all(Array.from({ length: 1_000 }, () => follow()));
    const waits = readers.map((reader) => reader.next().then(() => reader.next()));
    expect(streams.live()).toBe(1_000);
    await Promise.all(readers.map((reader) => reader.return?.()));
    expect(streams.live()).toBe(0);
    expect(await Promise.all(waits)).toEqual(readers.map(() => ({ done: true, value: undefined })));
  });

  it('holds no more than a page for a reader that does not read', async () => {
    let loaded = 0;
    const { append, log, streams } = await rig({ pageSize: 4 });
    await append(...Array.from({ length: 64 }, (_, at) => at));
    const stream = await streams.follow({
      log,
      after: log.cursorAt(0),
      load: async (entries) => {
        loaded += entries.length;
        return entries.map(({ entry }) => entry);
      },
    });
    await take(stream, 1);
    expect(loaded).toBe(4);
    await stream.return?.();
  });

  it('keeps its place while the store is away, and goes on when it is back', async () => {
    const store = await temporaryStore();
    let away = false;
    const fragile: Store = {
      ...store,
      async readLog(name, after, limit) {
        if (away) throw new StoreUnavailable('away', 'NO');
        return store.readLog(name, after, limit);
      },
    };
    const log = createEventLog(fragile, 'tenant', 'numbers');
    const streams = createStreams(fragile);
    const stream = await streams.follow({ log, load: async (entries) => entries.map(({ entry }) => entry) });
    expect(told(await take(stream, 1))).toEqual(['CAUGHT_UP']);
    away = true;
    const next = take(stream, 1);
    await store.write({ append: [{ log: log.name, entry: 7 }] });
    await new Promise((resolve) => setImmediate(resolve));
    away = false;
    expect(told(await next)).toEqual([7]);
  });

  it('is released also while the store is away', async () => {
    const { follow, streams, store } = await rig();
    const stream = await follow();
    await store.close();
    const waiting = stream.next();
    await stream.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(streams.live()).toBe(0);
  });

  it('ends with the failure where what it reads makes no sense, and is released', async () => {
    const { append, log, streams } = await rig();
    const load = () => Promise.reject(new TypeError('a bug'));
    const stream = await streams.follow({ log, after: log.cursorAt(0), load });
    await append(1);
    await expect(take(stream, 5)).rejects.toThrow('a bug');
    expect(streams.live()).toBe(0);
  });
});

describe('following up to the end of something', () => {
  const numbers = async (entries: readonly { readonly entry: unknown }[]) =>
    entries.map(({ entry }) => entry as number);

  /** All that the stream says until it completes by itself. */
  async function all(stream: AsyncIterable<unknown>): Promise<unknown[]> {
    const items: Item[] = [];
    for await (const item of stream) items.push(item as Item);
    return told(items);
  }

  it('begins at a position where there is no cursor, and at the cursor where there is one', async () => {
    const { append, log, streams } = await rig();
    await append(1, 2, 3, 4);
    const isLast = (event: number) => event === 4;
    expect(await all(await streams.follow({ log, from: 2, load: numbers, isLast }))).toEqual([3, 4, 'CAUGHT_UP']);
    const after = log.cursorAt(3);
    expect(await all(await streams.follow({ log, after, from: 0, load: numbers, isLast }))).toEqual([4, 'CAUGHT_UP']);
    // A position that is not there yet is the end of the log.
    const beyond = await streams.follow({ log, from: 99, load: numbers, isLast });
    expect(told(await take(beyond, 1))).toEqual(['CAUGHT_UP']);
    await append(4);
    expect(await all(beyond)).toEqual([4]);
  });

  it('completes behind the last event, live or replayed, and gives nothing that follows it', async () => {
    const { append, log, streams } = await rig({ pageSize: 2 });
    const isLast = (event: number) => event === 9;
    const live = await streams.follow({ log, load: numbers, isLast });
    expect(told(await take(live, 1))).toEqual(['CAUGHT_UP']);
    await append(1, 9, 2, 3);
    expect(await all(live)).toEqual([1, 9]);
    const replayed = await streams.follow({ log, from: 0, load: numbers, isLast });
    const items = await take(replayed, 9);
    expect(told(items)).toEqual([1, 9, 'CAUGHT_UP']);
    expect(items.at(-1)).toMatchObject({ replayed: 2, cursor: log.cursorAt(2) });
    expect(streams.live()).toBe(0);
  });

  it('that lies behind it completes once it has caught up, with what there is to replay', async () => {
    const { append, log, streams } = await rig({ pageSize: 2 });
    await append(1, 2, 3, 4, 5);
    expect(await all(await streams.follow({ log, load: numbers, isOver: true }))).toEqual(['CAUGHT_UP']);
    const after = log.cursorAt(3);
    expect(await all(await streams.follow({ log, after, load: numbers, isOver: true }))).toEqual([4, 5, 'CAUGHT_UP']);
    const leftOut = async (entries: readonly unknown[]) => entries.map(() => undefined);
    expect(await all(await streams.follow({ log, from: 0, load: leftOut, isOver: true }))).toEqual(['CAUGHT_UP']);
    expect(streams.live()).toBe(0);
  });

  it('still says that it ends where the gateway stops first', async () => {
    const { log, streams } = await rig();
    const stream = await streams.follow({ log, load: numbers, isLast: () => true });
    await take(stream, 1);
    streams.endAll('SHUTDOWN');
    expect(await all(stream)).toEqual(['ENDED']);
  });
});
