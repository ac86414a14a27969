import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { openInitialised, openRawSocket, type RawSocket } from '../support/raw-socket.ts';
import { itemQuery, type SlowStream, startSlowStream } from '../support/slow-stream.ts';
import { until } from '../support/until.ts';

/** 64 MB: several times what the system holds of a connection that nobody reads. */
const total = 4_096;
/** A reader that takes nothing is read for as far as the system's buffers go, and they end long before that. */
const half = total / 2;

interface Item {
  readonly type: string;
  readonly cursor?: string;
  readonly number?: number;
  readonly reason?: string;
  readonly resumeAfter?: string;
}

/** Follows over a WebSocket, and keeps of each item all but its text. */
async function follow({ url }: SlowStream, reader: string, after?: string): Promise<RawSocket & { items: Item[] }> {
  const socket = await openInitialised(url, 'any');
  const items: Item[] = [];
  socket.socket.on('message', (data) => {
    const { type, payload } = JSON.parse(String(data)) as { type: string; payload: { data: { item: Item } } };
    socket.messages.length = 0;
    if (type === 'next') items.push(payload.data.item);
  });
  socket.send({ type: 'subscribe', id: reader, payload: { query: itemQuery, variables: { reader, after } } });
  await until(() => items.length > 0);
  return Object.assign(socket, { items });
}

const numbersOf = (items: readonly Item[]): number[] => items.flatMap(({ number }) => number ?? []);
const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, at) => first + at);

describe('a reader that takes nothing', () => {
  it('over WebSocket is not read for, is told, closed with 1013 and goes on where it was; the others get everything', {
    timeout: 120_000,
  }, async () => {
    const stream = await startSlowStream({ slowAfterMs: 3_000 });
    const [fast, slow] = [await follow(stream, 'fast'), await follow(stream, 'slow')];
    slow.socket.pause();
    await stream.append(total);
    await until(() => fast.items.length === total + 1);
    expect(numbersOf(fast.items)).toEqual(upTo(total));
    await until(() => stream.slowReaders().length === 1);
    expect(stream.readFor('slow')).toBeLessThan(half);

    slow.socket.resume();
    expect(await slow.closed).toBe(1013);
    const heard = numbersOf(slow.items);
    expect(heard).toEqual(upTo(heard.length));
    const [last, ended] = slow.items.slice(-2);
    expect(ended).toMatchObject({ type: 'ENDED', reason: 'SLOW_CONSUMER', resumeAfter: last?.cursor });
    expect(stream.liveStreams()).toBe(1);
    expect(fast.socket.readyState).toBe(WebSocket.OPEN);

    const again = await follow(stream, 'again', ended?.resumeAfter);
    await until(() => numbersOf(again.items).length >= total - heard.length);
    expect(numbersOf(again.items)).toEqual(upTo(total, heard.length + 1));
  });

  it('over WebSocket, and hears nothing either, is cut off', { timeout: 120_000 }, async () => {
    const stream = await startSlowStream({ slowAfterMs: 300, farewellMs: 100 });
    const slow = await follow(stream, 'slow');
    slow.socket.pause();
    await stream.append(total);
    await until(() => stream.slowReaders().length === 1);
    await until(() => stream.liveStreams() === 0);
    expect(stream.readFor('slow')).toBeLessThan(half);
  });

  it('over SSE is not read for, is told, and completed', { timeout: 120_000 }, async () => {
    const stream = await startSlowStream({ slowAfterMs: 3_000 });
    const slow = await openEvents(stream, 'slow');
    slow.socket.pause();
    await stream.append(total);
    await until(() => stream.slowReaders().length === 1);
    expect(stream.readFor('slow')).toBeLessThan(half);
    slow.socket.resume();
    await until(() => slow.heard().includes('event: complete'));
    expect(slow.heard()).toMatch(/"type":"ENDED"[^\n]*"reason":"SLOW_CONSUMER","resumeAfter":"\w+/);
    expect(stream.liveStreams()).toBe(0);
  });

  it('over SSE, and hears nothing either, is cut off', { timeout: 120_000 }, async () => {
    const stream = await startSlowStream({ slowAfterMs: 300, farewellMs: 100 });
    const slow = await openEvents(stream, 'slow');
    slow.socket.pause();
    await stream.append(total);
    await until(() => stream.slowReaders().length === 1);
    await until(() => stream.liveStreams() === 0);
  });

  it('over WebSocket is ended at once where too much piles up for it', { timeout: 120_000 }, async () => {
    waitForNobody();
    const stream = await startSlowStream({});
    const slow = await follow(stream, 'slow');
    slow.socket.pause();
    await stream.append(total);
    await until(() => stream.slowReaders().length === 1);
    expect(stream.readFor('slow')).toBeLessThan(half);
  });

  it('control: is read for to the last event where nobody waits for it, nor weighs what piles up', {
    timeout: 120_000,
  }, async () => {
    waitForNobody();
    vi.spyOn(WebSocket.prototype, 'bufferedAmount', 'get').mockReturnValue(0);
    const stream = await startSlowStream({});
    const slow = await follow(stream, 'slow');
    slow.socket.pause();
    await stream.append(total);
    await until(() => stream.readFor('slow') === total);
  });

  it('and answers no ping is cut off by the next', { timeout: 120_000 }, async () => {
    const stream = await startSlowStream({ pingEveryMs: 100 });
    const { socket, closed } = await openRawSocket(stream.url, { autoPong: false });
    socket.send(JSON.stringify({ type: 'connection_init' }));
    expect(await closed).toBe(1006);
  });
});

/** Every message counts as taken when it is sent. */
function waitForNobody(): void {
  const { send } = WebSocket.prototype;
  vi.spyOn(WebSocket.prototype, 'send').mockImplementation(function (this: WebSocket, data: unknown, taken: unknown) {
    (send as (this: WebSocket, data: unknown) => void).call(this, data);
    if (typeof taken === 'function') taken();
  } as typeof send);
  onTestFinished(() => void vi.restoreAllMocks());
}

/** A raw HTTP client that has asked for the stream, and has heard its first item. */
async function openEvents({ url }: SlowStream, reader: string): Promise<{ socket: Socket; heard(): string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  // The end is what counts, and there is a lot of it.
  let heard = '';
  socket.on('data', (chunk) => {
    heard = (heard + String(chunk)).slice(-40_000);
  });
  const body = JSON.stringify({ query: itemQuery, variables: { reader } });
  socket.write(
    [
      'POST /graphql HTTP/1.1',
      'Host: 127.0.0.1',
      'Accept: text/event-stream',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n'),
  );
  await once(socket, 'data');
  await until(() => heard.includes('CAUGHT_UP'));
  return { socket, heard: () => heard };
}
