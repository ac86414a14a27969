/**
 * From a cursor to a live stream: replay, then live, at the reader's own pace. Each iterator is written by hand:
 * a generator that waits inside cannot be released while it waits. Memory a reader: one page, whatever happens.
 */
import { type Position, type Store, StoreUnavailable } from '../store.ts';
import type { StreamEnding, StreamEndReason } from './ending.ts';
import type { EventLog } from './log.ts';

export type StreamItem<Event> =
  | { readonly type: 'EVENT'; readonly cursor: string; readonly event: Event }
  /** Exactly once a stream: all that was there when it began has been given. */
  | { readonly type: 'CAUGHT_UP'; readonly cursor: string; readonly replayed: number }
  | {
      readonly type: 'GAP';
      readonly fromCursor: string;
      readonly toCursor: string;
      readonly reason: 'RETENTION' | 'DATA_REPLACED';
    }
  | { readonly type: 'ENDED'; readonly reason: StreamEndReason; readonly resumeAfter?: string };

/** From where somebody follows a stream, and what ends it for them. */
export interface Reading {
  /** Replays what follows this cursor; without it, only what is yet to come. */
  readonly after?: string | undefined;
  /** Of the connection that reads it; without one, only the shutdown ends it. */
  readonly ending?: StreamEnding | undefined;
}

export interface FollowOptions<Event> extends Reading {
  readonly log: EventLog;
  /** Where there is no cursor: replays what follows this position. @default the log's end */
  readonly from?: Position | undefined;
  /** The stream completes behind this event: nothing more can come. */
  readonly isLast?: ((event: Event) => boolean) | undefined;
  /** The stream completes once it has caught up: its last event lies at or before its beginning. */
  readonly isOver?: boolean | undefined;
  /** Loads what a page of entries stands for, in their order; undefined leaves an entry out. */
  readonly load: (
    entries: readonly { readonly position: Position; readonly entry: unknown }[],
  ) => Promise<readonly (Event | undefined)[]>;
}

export interface Streams {
  follow<Event>(options: FollowOptions<Event>): Promise<AsyncIterableIterator<StreamItem<Event>>>;
  /** How many iterators are alive: begun and neither returned nor ended. */
  live(): number;
  /** Says ENDED, with the cursor to resume from, to every reader; streams begun later end at once. */
  endAll(reason: StreamEndReason): void;
}

interface LiveStream {
  end(reason: StreamEndReason): void;
}

/** How often a reader looks whether the store is back. */
const retryMs = 500;

export function createStreams(store: Store, pageSize = 64): Streams {
  const streams = new Set<LiveStream>();
  let ended: StreamEndReason | undefined;
  return {
    async follow(options) {
      const { log, after } = options;
      const target = await log.head();
      const start =
        after === undefined
          ? { known: true as const, position: Math.min(options.from ?? target, target) }
          : log.parseCursor(after);
      let release = (): void => undefined;
      const stream = createStream(store, options, pageSize, { target, start, after }, () => {
        streams.delete(stream);
        release();
      });
      streams.add(stream);
      if (start === undefined) stream.end('INVALID_CURSOR');
      else if (ended !== undefined) stream.end(ended);
      else if (options.ending !== undefined) release = options.ending.onEnd(stream.end);
      return stream;
    },
    live: () => streams.size,
    endAll(reason) {
      ended = reason;
      for (const stream of streams) stream.end(reason);
    },
  };
}

function createStream<Event>(
  store: Store,
  { log, load, isLast, isOver = false }: FollowOptions<Event>,
  pageSize: number,
  begin: { target: Position; start: ReturnType<EventLog['parseCursor']>; after: string | undefined },
  onClose: () => void,
): LiveStream & AsyncIterableIterator<StreamItem<Event>> {
  const finished = { done: true, value: undefined } as const;
  /** Read from the store and not yet given; never more than a page. */
  let ready: StreamItem<Event>[] = [];
  /** All entries up to here were given or left out. */
  let position = begin.start?.known ? begin.start.position : 0;
  let caughtUp = false;
  let replayed = 0;
  let endReason: StreamEndReason | undefined;
  /** Nothing more is read: what is ready is given, and that is all. */
  let complete = false;
  let closed = false;
  let grown = false;
  let wake: (() => void) | undefined;
  /** Of the last item given; what was only read is still to come for whoever resumes. */
  let lastCursor = begin.after ?? log.cursorAt(position);
  const signal = (): void => {
    grown = true;
    wake?.();
  };
  const release = store.watchLog(log.name, signal);

  if (begin.start?.known === false) gap(begin.after as string, 0, 'DATA_REPLACED');

  function close(): void {
    if (closed) return;
    closed = true;
    ready = [];
    release();
    onClose();
    wake?.();
  }

  function gap(fromCursor: string, to: Position, reason: 'RETENTION' | 'DATA_REPLACED'): void {
    ready.push({ type: 'GAP', fromCursor, toCursor: log.cursorAt(to), reason });
    position = to;
  }

  /** Puts what follows `position` into `ready`; false where there is nothing yet. */
  async function fill(): Promise<boolean> {
    grown = false;
    const page = await store.readLog(log.name, position, pageSize);
    // Entries below `first` are gone by retention; a position above `head` was lost with the data it named.
    if (page.first > position + 1) {
      gap(log.cursorAt(position), page.first - 1, 'RETENTION');
      return true;
    }
    if (position > page.head) {
      gap(log.cursorAt(position), page.head, 'DATA_REPLACED');
      return true;
    }
    const events = page.entries.length > 0 ? await load(page.entries) : [];
    if (!caughtUp && position >= begin.target) sayCaughtUp();
    for (const [at, entry] of page.entries.entries()) {
      if (complete) break;
      const event = events[at];
      position = entry.position;
      if (event !== undefined) {
        if (!caughtUp) replayed += 1;
        ready.push({ type: 'EVENT', cursor: log.cursorAt(position), event });
        complete = isLast?.(event) === true;
      }
      // All that there will ever be has been given, also where other entries stand behind it.
      if (!caughtUp && (complete || position >= begin.target)) sayCaughtUp();
    }
    return ready.length > 0 || page.entries.length > 0;
  }

  function sayCaughtUp(): void {
    caughtUp = true;
    complete ||= isOver;
    ready.push({ type: 'CAUGHT_UP', cursor: log.cursorAt(position), replayed });
  }

  async function advance(): Promise<IteratorResult<StreamItem<Event>>> {
    for (;;) {
      if (closed) return finished;
      if (endReason !== undefined) {
        const resumeAfter = endReason === 'INVALID_CURSOR' ? undefined : lastCursor;
        close();
        return {
          done: false,
          value: { type: 'ENDED', reason: endReason, ...(resumeAfter !== undefined && { resumeAfter }) },
        };
      }
      const item = ready.shift();
      if (item !== undefined) {
        lastCursor = cursorAfter(item) ?? lastCursor;
        return { done: false, value: item };
      }
      if (complete) {
        close();
        return finished;
      }
      const filled = await fill().catch((error) => {
        // The store is away: the reader keeps its place and looks again, as one that waits would.
        if (error instanceof StoreUnavailable) return 'UNAVAILABLE' as const;
        close();
        throw error;
      });
      if (filled === 'UNAVAILABLE') await pause(retryMs);
      else if (!filled && !grown) await pause();
    }
  }

  /** Until it is woken, or for so long. */
  async function pause(ms?: number): Promise<void> {
    if (closed || endReason !== undefined) return;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (ms !== undefined) timer = setTimeout(resolve, ms);
    });
    clearTimeout(timer);
    wake = undefined;
  }

  let tail: Promise<unknown> = Promise.resolve();
  return {
    next() {
      const result = tail.then(advance);
      tail = result.catch(() => undefined);
      return result;
    },
    // Releases at once, also while a `next` waits; that one then resolves as done.
    return() {
      close();
      return Promise.resolve(finished);
    },
    throw(error) {
      close();
      return Promise.reject(error);
    },
    end(reason) {
      endReason ??= reason;
      wake?.();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function cursorAfter(item: StreamItem<unknown>): string | undefined {
  if (item.type === 'GAP') return item.toCursor;
  return item.type === 'ENDED' ? item.resumeAfter : item.cursor;
}
