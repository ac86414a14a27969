import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SOCKET_LIMITS } from '../../src/http/limits.ts';
import { createSocketCaps } from '../../src/http/socket-caps.ts';
import { apiKey, type Gateway, startGateway } from '../support/gateway.ts';
import { openInitialised, openRawSocket } from '../support/raw-socket.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const setUp = async (): Promise<Gateway> => startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });
const query = 'subscription { providerStatus { account } }';
const subscribe = (id: string) => ({ type: 'subscribe', id, payload: { query } });
const init = { type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } };

/** The status of an upgrade that is asked for by hand, with a key or without. */
async function upgrade({ url }: Gateway, headers = ''): Promise<string> {
  const { port, host } = new URL(url);
  const socket = connect(Number(port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${headers}` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
  );
  const [answer] = await once(socket, 'data');
  return String(answer).slice(9, 12);
}

describe('a socket that does not keep to the protocol', () => {
  const offences: [string, readonly unknown[], number][] = [
    ['says nothing for three seconds', [], 4408],
    ['says what is no JSON', ['garbage'], 4400],
    ['says what is no message', [{ type: 'hello' }], 4400],
    ['subscribes before it says who it is', [subscribe('a')], 4401],
    ['has a wrong key', [{ type: 'connection_init', payload: { authorization: 'Bearer wrong-key-0123' } }], 4403],
    ['uses an id twice', [init, subscribe('a'), subscribe('a')], 4409],
    ['says twice who it is', [init, init], 4429],
  ];
  it.each(offences)('because it %s is closed', async (_title, messages, code) => {
    const gateway = await setUp();
    const socket = await openRawSocket(gateway.url);
    for (const [at, message] of messages.entries()) {
      socket.send(message);
      // Who it is is looked up before the next message may be said.
      if (message === init && at === 0) await socket.next(({ type }) => type === 'connection_ack');
    }
    expect(await socket.closed).toBe(code);
    await until(() => gateway.app.liveStreams() === 0);
  });
});

describe('sockets of one address that have not said who they are', () => {
  it('are at most twenty, and one more may come when one has said so, or is gone', async () => {
    const gateway = await setUp();
    const sockets = [];
    for (let at = 0; at < SOCKET_LIMITS.uninitialisedPerAddress; at += 1)
      sockets.push(await openRawSocket(gateway.url));
    expect(await upgrade(gateway)).toBe('503');
    const [first, second] = sockets;
    first?.send(init);
    await first?.next(({ type }) => type === 'connection_ack');
    expect(await upgrade(gateway)).toBe('101');
    expect(await upgrade(gateway)).toBe('503');
    second?.socket.terminate();
    await until(async () => (await upgrade(gateway)) === '101');
  });

  it('are counted for a client behind a proxy only where the operator runs one', async () => {
    const behind = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), GWANMUN_PROXY_HOPS: '1' });
    const from = (address: string): string => `X-Forwarded-For: 203.0.113.9, ${address}\r\n`;
    for (let at = 0; at < SOCKET_LIMITS.uninitialisedPerAddress; at += 1)
      expect(await upgrade(behind, from('198.51.100.1'))).toBe('101');
    expect(await upgrade(behind, from('198.51.100.1'))).toBe('503');
    expect(await upgrade(behind, from('198.51.100.2'))).toBe('101');
  });
});

describe('one socket', () => {
  it('has fifty operations under way: one more fails alone, and has room when one has ended', async () => {
    const gateway = await setUp();
    const { send, next } = await openInitialised(gateway.url, apiKey);
    for (let at = 0; at < SOCKET_LIMITS.operations; at += 1) send(subscribe(`${at}`));
    await until(() => gateway.app.liveStreams() === SOCKET_LIMITS.operations);
    send(subscribe('over'));
    expect(await next(({ id }) => id === 'over')).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'TOO_MANY_STREAMS' } }],
    });
    send({ type: 'complete', id: '0' });
    await until(() => gateway.app.liveStreams() === SOCKET_LIMITS.operations - 1);
    send(subscribe('again'));
    expect(await next(({ id }) => id === 'again')).toMatchObject({ type: 'next' });
  });

  it('is closed with 1008 for saying too much, and what it says then is not heard', async () => {
    const gateway = await setUp();
    const { send, closed } = await openInitialised(gateway.url, apiKey);
    for (let at = 0; at < 2_000; at += 1) send(subscribe(`${at}`));
    expect(await closed).toBe(1008);
    await until(() => gateway.app.liveStreams() === 0);
    expect((await fetch(`${gateway.url}/livez`)).status).toBe(200);
  });
});

describe('the subscriptions of one tenant', () => {
  it('are at most five hundred, over WebSocket and SSE together', async () => {
    const gateway = await setUp();
    const perSocket = SOCKET_LIMITS.operations;
    const socketCount = SOCKET_LIMITS.subscriptionsPerTenant / perSocket;
    const sockets = await Promise.all(Array.from({ length: socketCount }, () => openInitialised(gateway.url, apiKey)));
    for (const { send } of sockets) for (let at = 0; at < perSocket; at += 1) send(subscribe(`${at}`));
    await until(() => gateway.app.liveStreams() === SOCKET_LIMITS.subscriptionsPerTenant);
    const events = async (): Promise<string> => {
      const aborter = new AbortController();
      onTestFinished(() => aborter.abort());
      const headers = { 'content-type': 'application/json', 'x-api-key': apiKey, accept: 'text/event-stream' };
      const body = JSON.stringify({ query });
      const { signal } = aborter;
      const response = await fetch(`${gateway.url}/graphql`, { method: 'POST', headers, body, signal });
      const reader = response.body?.getReader();
      let heard = '';
      while (!heard.includes('data: ')) heard += Buffer.from((await reader?.read())?.value ?? []).toString();
      return heard;
    };
    expect(await events()).toContain('TOO_MANY_STREAMS');
    sockets[0]?.socket.terminate();
    await until(() => gateway.app.liveStreams() === SOCKET_LIMITS.subscriptionsPerTenant - perSocket);
    expect(await events()).toContain('providerStatus');
  });
});

describe('places for sockets', () => {
  const limits = { ...SOCKET_LIMITS, sockets: 5, perTenant: 2, uninitialisedPerAddress: 3, messagesPerMinute: 60 };

  it('are limited in all, and for each tenant', () => {
    const caps = createSocketCaps(limits);
    const places = ['a', 'b', 'c', 'd', 'e'].map((address) => caps.enter(address));
    expect(caps.enter('f')).toBeUndefined();
    expect(places.slice(0, 3).map((place) => place?.identify('one'))).toEqual([true, true, false]);
    places[0]?.leave();
    places[0]?.leave();
    expect(places[2]?.identify('one')).toBe(true);
    expect(caps.enter('f')).toBeDefined();
    expect(caps.enter('g')).toBeUndefined();
  });

  it('hear as many messages as a minute has, and later as many as have been made up for', () => {
    let nowMs = 0;
    const place = createSocketCaps(limits, { monotonicMs: () => nowMs }).enter('a');
    const hear = (count: number): number => Array.from({ length: count }, () => place?.hear()).filter(Boolean).length;
    expect(hear(100)).toBe(60);
    nowMs += 5_000;
    expect(hear(100)).toBe(5);
    nowMs += 600_000;
    expect(hear(100)).toBe(60);
  });
});
