import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startTcpFaultProxy, type TcpFaultProxy } from './tcp-fault-proxy.ts';
import { until } from './until.ts';

/** A server that remembers what it received, piece by piece, and echoes it. */
async function startEcho(): Promise<{ port: number; pieces: Buffer[] }> {
  const pieces: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      pieces.push(piece);
      socket.write(piece);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { port: (server.address() as { port: number }).port, pieces };
}

async function startLine() {
  const echo = await startEcho();
  const proxy = await startTcpFaultProxy(echo.port);
  onTestFinished(() => proxy.close());
  return { echo, proxy };
}

/** A client, what it heard, and how its line ended. */
async function dial({ port }: TcpFaultProxy) {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const client = { socket, heard: '', pieces: 0, end: '' };
  socket.on('data', (piece) => {
    client.heard += String(piece);
    client.pieces += 1;
  });
  socket.on('end', () => {
    client.end ||= 'FIN';
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    client.end ||= error.code ?? 'ERROR';
  });
  await once(socket, 'connect');
  return client;
}

it('carries both ways unchanged while nothing is set', async () => {
  const { proxy } = await startLine();
  const client = await dial(proxy);
  client.socket.write('hello');
  await until(() => client.heard === 'hello');
});

it('hands over a byte at a time, in order', async () => {
  const { proxy, echo } = await startLine();
  proxy.set({ sliceBytes: 1 });
  const client = await dial(proxy);
  const text = 'abcdefghij'.repeat(20);
  client.socket.write(text);
  await until(() => client.heard.length === text.length);
  expect(client.heard).toBe(text);
  expect(Buffer.concat(echo.pieces).toString()).toBe(text);
});

it('is slow in both directions, and keeps the order', async () => {
  const { proxy } = await startLine();
  proxy.set({ latencyMs: 30 });
  const client = await dial(proxy);
  const since = performance.now();
  for (const letter of 'abc') client.socket.write(letter);
  await until(() => client.heard.length === 3);
  expect(client.heard).toBe('abc');
  // Timers may fire a millisecond early.
  expect(performance.now() - since).toBeGreaterThanOrEqual(58);
});

it('swallows what is sent and tells nobody, until it is set anew', async () => {
  const { proxy, echo } = await startLine();
  const client = await dial(proxy);
  client.socket.write('before ');
  await until(() => client.heard === 'before ');
  proxy.set({ blackhole: true });
  client.socket.write('swallowed ');
  // Another connection's bytes, sent later, have passed through the proxy's own loop behind them.
  const witness = await dial(proxy);
  witness.socket.write('swallowed too ');
  await new Promise<void>((resolve) => witness.socket.end(resolve));
  await once(witness.socket, 'close');
  proxy.set({});
  client.socket.write('after');
  await until(() => client.heard.endsWith('after'));
  expect(client.heard).toBe('before after');
  expect(Buffer.concat(echo.pieces).toString()).toBe('before after');
  expect(client.end).toBe('');
});

it('cuts open connections with a FIN, and lets new ones pass', async () => {
  const { proxy } = await startLine();
  const client = await dial(proxy);
  client.socket.write('x');
  await until(() => client.heard === 'x');
  proxy.cut();
  await until(() => client.end !== '');
  expect(client.end).toBe('FIN');
  const next = await dial(proxy);
  next.socket.write('y');
  await until(() => next.heard === 'y');
});

it('resets open connections', async () => {
  const { proxy } = await startLine();
  const client = await dial(proxy);
  client.socket.write('x');
  await until(() => client.heard === 'x');
  proxy.reset();
  await until(() => client.end !== '');
  expect(client.end).toBe('ECONNRESET');
});

it('lets a marked request reach the server and cuts its reply, as often as it is told', async () => {
  const { proxy, echo } = await startLine();
  proxy.cutReplies('mark', 1);
  const unmarked = await dial(proxy);
  unmarked.socket.write('other');
  await until(() => unmarked.heard === 'other');
  const client = await dial(proxy);
  client.socket.write('a mark');
  await once(client.socket, 'close');
  expect(client.heard).toBe('');
  expect(Buffer.concat(echo.pieces).toString()).toBe('othera mark');
  expect(proxy.repliesCut()).toBe(1);
  const next = await dial(proxy);
  next.socket.write('a mark');
  await until(() => next.heard === 'a mark');
  expect(proxy.repliesCut()).toBe(1);
});
