/** Two tenants whose events are written in turns, each followed by a reader that comes back again and again by its cursor. */
import { expect } from 'vitest';
import { createStreams, type StreamItem } from '../../src/core/events/follow.ts';
import { createEventLog, type EventLog } from '../../src/core/events/log.ts';
import { temporaryStore } from './temporary-store.ts';

interface Entry {
  readonly tenant: string;
  readonly number: number;
}

/** The one is the beginning of the other, with what looks like a separator. */
const tenants = ['shop', 'shop/messages'];
const perWrite = 100;
/** Less than a page, and than what is written meanwhile: who comes back always finds more than a reader holds. */
const perConnection = 50;

/** Fails where a reader gets an event of the other, or not each of its own once and in order. */
export async function followInterleaved(each: number): Promise<void> {
  const store = await temporaryStore();
  const streams = createStreams(store);
  const logs = tenants.map((tenant) => createEventLog(store, tenant, 'messages'));

  async function write(from: number): Promise<void> {
    const append = Array.from({ length: perWrite }, (_, at) =>
      logs.map((log, which) => ({ log: log.name, entry: { tenant: tenants[which], number: from + at } })),
    ).flat();
    await store.write({ append });
  }

  async function connect(log: EventLog, after: string | undefined, upTo: number) {
    const stream: AsyncIterable<StreamItem<Entry>> = await streams.follow<Entry>({
      log,
      after,
      load: async (entries) => entries.map(({ entry }) => entry as Entry),
    });
    const seen: Entry[] = [];
    let cursor = after;
    for await (const item of stream) {
      if (item.type === 'EVENT') {
        seen.push(item.event);
        cursor = item.cursor;
      }
      if (seen.length >= upTo) break;
    }
    return { seen, cursor };
  }

  async function readAll(log: EventLog): Promise<Entry[]> {
    const seen: Entry[] = [];
    let cursor: string | undefined = log.cursorAt(0);
    while (seen.length < each) {
      const next = await connect(log, cursor, Math.min(perConnection, each - seen.length));
      seen.push(...next.seen);
      cursor = next.cursor;
    }
    return seen;
  }

  const writing = (async () => {
    for (let at = 0; at < each; at += perWrite) await write(at);
  })();
  const [told] = await Promise.all([Promise.all(logs.map(readAll)), writing]);
  for (const [which, seen] of told.entries()) {
    expect(seen.filter(({ tenant }) => tenant !== tenants[which])).toEqual([]);
    expect(seen.map(({ number }) => number)).toEqual(Array.from({ length: each }, (_, number) => number));
  }
  const [first, second] = logs as [EventLog, EventLog];
  const crossed = await streams.follow({ log: second, after: first.cursorAt(5), load: async () => [] });
  expect((await crossed.next()).value).toEqual({ type: 'ENDED', reason: 'INVALID_CURSOR' });
  await crossed.return?.();
  expect(streams.live()).toBe(0);
}
