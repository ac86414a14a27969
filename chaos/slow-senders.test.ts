/** 500 sockets that send their headers or bodies a byte at a time, beside callers who do not. */
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { apiKey, spawnGateway } from '../test/support/gateway.ts';
import { temporaryFolder } from '../test/support/temporary-store.ts';

const senders = 500;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const head = 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\n';
const kinds = [
  { name: 'headers', opening: head, within: 6_000 },
  {
    name: 'bodies',
    opening: `${head}X-API-Key: ${apiKey}\r\nContent-Type: application/json\r\nContent-Length: 10000\r\n\r\n`,
    within: 16_000,
  },
];

/** How long it held, in milliseconds. */
function drip(port: number, opening: string): Promise<number> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    socket.resume();
    let began = 0;
    let timer: NodeJS.Timeout | undefined;
    socket.once('connect', () => {
      began = performance.now();
      socket.write(opening);
      timer = setInterval(() => socket.write('x'), 500);
    });
    socket.once('close', () => {
      clearInterval(timer);
      resolve(performance.now() - began);
    });
  });
}

async function askOnce(url: string): Promise<number> {
  const began = performance.now();
  const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
  const body = JSON.stringify({ query: '{ providers { account } }' });
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  await response.text();
  return performance.now() - began;
}

/** Of one caller who asks over and over until the end. */
async function p99Until(url: string, end: Promise<unknown>): Promise<number> {
  let over = false;
  void end.then(() => {
    over = true;
  });
  const times: number[] = [];
  while (!over) {
    times.push(await askOnce(url));
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return times.sort((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? 0;
}

describe('500 slow senders', () => {
  it.each(kinds)('of $name are closed in $within ms, and others do not notice', async ({ name, opening, within }) => {
    const gateway = await spawnGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });
    const { port } = new URL(gateway.url);
    await p99Until(gateway.url, new Promise((resolve) => setTimeout(resolve, 2_000)));
    const idle = await p99Until(gateway.url, new Promise((resolve) => setTimeout(resolve, 5_000)));
    const held = Promise.all(Array.from({ length: senders }, () => drip(Number(port), opening)));
    const busy = await p99Until(gateway.url, held);
    const longest = Math.max(...(await held));
    print(`| slow ${name} | ${senders} | ${Math.round(longest)} ms | ${idle.toFixed(1)} ms | ${busy.toFixed(1)} ms |`);
    expect(longest).toBeLessThanOrEqual(within);
    expect(busy).toBeLessThanOrEqual(2 * Math.max(idle, 5));
  });
});
