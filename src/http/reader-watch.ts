/**
 * Whether whoever reads a connection still takes anything. What is to be sent waits for the reader, so a slow one costs
 * little memory; here it is found, so that it costs that for a while only. How it is then ended is the transport's.
 */
import type { ServerResponse } from 'node:http';

export interface ReaderPatience {
  /** A reader that takes nothing for so long is slow. */
  readonly slowAfterMs: number;
  /** How long it may take to hear that its stream ended. */
  readonly farewellMs: number;
  /** A WebSocket that did not answer the last ping is cut off by the next. */
  readonly pingEveryMs: number;
}

export const READER_PATIENCE: ReaderPatience = { slowAfterMs: 10_000, farewellMs: 2_000, pingEveryMs: 12_000 };

/** A reader that lets this much pile up, by pings or by operations without end, is not waited for. */
export const maxWaitingBytes = 1_048_576;

export interface ReaderWatch {
  /** Something waits to be taken; the returned function says that it was. */
  waiting(): () => void;
  /** How many bytes wait now. */
  weigh(bytes: number): void;
  stop(): void;
}

/** Calls `onSlow` once, where nothing of what waits was taken for `slowAfterMs`, or too much waits. */
export function createReaderWatch(onSlow: () => void, slowAfterMs: number): ReaderWatch {
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  function stop(): void {
    isOver = true;
    clearTimeout(timer);
  }

  function slow(): void {
    if (isOver) return;
    stop();
    onSlow();
  }

  /** From the last that was taken on. */
  function countAnew(): void {
    clearTimeout(timer);
    timer = waiting > 0 && !isOver ? setTimeout(slow, slowAfterMs) : undefined;
  }

  return {
    waiting() {
      waiting += 1;
      if (waiting === 1) countAnew();
      return () => {
        waiting -= 1;
        countAnew();
      };
    },
    weigh(bytes) {
      if (bytes > maxWaitingBytes) slow();
    },
    stop,
  };
}

/** The same for a stream that is an answer over HTTP (SSE); one that takes not even the end of it is cut off. */
export function watchStream(response: ServerResponse, patience: ReaderPatience, onSlow: () => void): void {
  const { slowAfterMs, farewellMs } = patience;
  let farewell: NodeJS.Timeout | undefined;
  const reader = createReaderWatch(() => {
    farewell = setTimeout(() => response.destroy(), farewellMs);
    onSlow();
  }, slowAfterMs);
  let taken: (() => void) | undefined;
  // A full response says only that it has drained, so when it filled has to be looked for.
  const look = setInterval(
    () => {
      if (response.writableNeedDrain) taken ??= reader.waiting();
    },
    Math.ceil(slowAfterMs / 4),
  );
  response.on('drain', () => {
    taken?.();
    taken = undefined;
  });
  response.once('close', () => {
    clearInterval(look);
    clearTimeout(farewell);
    reader.stop();
  });
}
