/**
 * What one WebSocket that is never read costs the process and everybody else: 100,000 events without it, and 100,000 with it. The
 * same once more where nobody is waited for.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import { apiKey, startSimulators } from '../test/support/gateway.ts';
import type { MeasuredOrder, Memory } from '../test/support/measured-gateway.ts';
import { temporaryFolder } from '../test/support/temporary-store.ts';
import { until } from '../test/support/until.ts';

const events = Number(process.env['GWANMUN_CHAOS_EVENTS'] ?? 100_000);
const perSecond = Number(process.env['GWANMUN_CHAOS_EVENTS_A_SECOND'] ?? 600);
/** QUEUED, SUBMITTING, SUBMITTED, DELIVERED; one whose REPORT overtakes its acknowledgement has one less. */
const eventsPerMessage = 4;
const reportDelayMs = 200;
const batchSize = 25;
/** Until the process has taken the memory that it works in. */
const warmUpShare = 0.3;
const readers = 4;
const megabyte = 1_048_576;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
});
afterAll(() => source.dispose());

interface Measured {
  /** The most it held, after a full collection. */
  readonly rssMb: number;
  readonly heapMb: number;
  readonly p99Ms: number;
}

const query = `subscription ($after: String) {
  messageChanged(after: $after) {
    __typename
    ... on MessageChanged { cursor state at changed { id state kind provider clientRef to createdAt } }
    ... on StreamCaughtUp { cursor }
    ... on StreamEnded { reason resumeAfter }
  }
}`;

interface Said {
  readonly type: string;
  readonly payload?: {
    data?: { messageChanged: { __typename: string; cursor?: string; at?: string; state?: string } };
  };
}

function subscribe(url: string, after: string | undefined, hear: (said: Said) => void): WebSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  onTestFinished(() => socket.terminate());
  const send = (message: unknown): void => socket.send(JSON.stringify(message));
  socket.on('error', () => undefined);
  socket.once('open', () => send({ type: 'connection_init', payload: { authorization: `Bearer ${apiKey}` } }));
  socket.on('message', (data) => {
    const said = JSON.parse(String(data)) as Said;
    if (said.type === 'connection_ack') send({ type: 'subscribe', id: '1', payload: { query, variables: { after } } });
    else hear(said);
  });
  return socket;
}

async function begin(isUnguarded: boolean): Promise<{ url: string; memory(): Promise<Memory> }> {
  const simulators = await startSimulators({ reportDelayMs });
  const env = {
    ...simulators.env,
    GWANMUN_PROFILE: 'production',
    PORT: '0',
    GWANMUN_API_KEY: apiKey,
    GWANMUN_DATA_KEY: '42'.repeat(32),
    GWANMUN_DATA_DIR: await temporaryFolder(),
    SENDER_NUMBERS: '15880000',
  };
  const child: ChildProcess = spawn(process.execPath, [source.path('test/support/measured-gateway.ts')], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  });
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += String(chunk);
  });
  const hear = async (form: RegExp): Promise<string> => {
    await until(() => form.test(said) || child.exitCode !== null);
    const heard = form.exec(said)?.[1];
    if (heard === undefined) throw new Error(`The gateway ended: ${said}`);
    said = said.replace(form, '');
    return heard;
  };
  child.stdin?.write(`${JSON.stringify({ env, isUnguarded } satisfies MeasuredOrder)}\n`);
  const url = await hear(/listens on (\S+)\n/);
  return {
    url,
    async memory() {
      child.stdin?.write('memory\n');
      return JSON.parse(await hear(/memory (\{.*\})\n/)) as Memory;
    },
  };
}

async function measure(
  isUnguarded: boolean,
  count = events,
): Promise<{ without: Measured; with: Measured; cutOffs: number }> {
  const { url, memory } = await begin(isUnguarded);
  let delivered = 0;
  let delays: number[] = [];
  let first: string | undefined;
  let caughtUp = 0;
  let refusal: string | undefined;
  const untilHeard = (condition: () => boolean): Promise<void> =>
    until(() => {
      if (refusal !== undefined) throw new Error(`A stream said: ${refusal}`);
      return condition();
    });
  for (let at = 0; at < readers; at += 1) {
    subscribe(url, undefined, (said) => {
      const item = said.payload?.data?.messageChanged;
      if (said.type === 'error' || (item === undefined && said.payload !== undefined)) refusal = JSON.stringify(said);
      if (item?.__typename === 'StreamCaughtUp') {
        first = item.cursor;
        caughtUp += 1;
      }
      if (item?.at === undefined) return;
      if (item.state === 'DELIVERED') delivered += 1;
      delays.push(Date.now() - Date.parse(item.at));
    });
  }
  await untilHeard(() => caughtUp === readers);

  let sent = 0;
  async function sendBatch(): Promise<void> {
    const inputs = Array.from({ length: batchSize }, () => {
      sent += 1;
      const to = `0102${String(sent).padStart(7, '0')}`;
      return { idempotencyKey: `k${sent}`, to, text: `text ${sent}`, providers: ['NGS'], wait: 'QUEUED' };
    });
    const mutation = 'mutation ($inputs: [SendSmsInput!]!) { sendSmsBatch(inputs: $inputs) { __typename } }';
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ query: mutation, variables: { inputs } }),
    });
    const { errors } = (await response.json()) as { errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
  }

  async function load(count: number): Promise<Measured> {
    let begun = performance.now();
    const before = sent;
    delays = [];
    let [rss, heap] = [0, 0];
    let samples = 0;
    while ((sent - before) * eventsPerMessage < count) {
      const dueMs = (((sent - before) * eventsPerMessage) / perSecond) * 1_000;
      await delay(Math.max(0, dueMs - (performance.now() - begun)));
      await sendBatch();
      if ((sent - before) * eventsPerMessage < ((samples + 1) * count) / 5) continue;
      samples += 1;
      // While nothing is on its way: a full collection stops everything, and would be most of what the 99th percentile shows.
      await untilHeard(() => delivered >= sent * readers);
      const sinceMs = performance.now();
      const { rss: now, heapUsed, external } = await memory();
      [rss, heap] = [Math.max(rss, now), Math.max(heap, heapUsed + external)];
      begun += performance.now() - sinceMs;
    }
    delays.sort((a, b) => a - b);
    const p99Ms = delays[Math.floor(delays.length * 0.99)] ?? 0;
    return { rssMb: rss / megabyte, heapMb: heap / megabyte, p99Ms };
  }

  await load(count * warmUpShare);
  const without = await load(count);

  let cutOffs = 0;
  let isOver = false;
  /** One that reads nothing is always there: it comes again and again, and from the very beginning. */
  function neverRead(): void {
    const socket = subscribe(url, first, () => socket.pause());
    // A socket that is paused does not hear that it was closed.
    setTimeout(() => {
      socket.removeAllListeners('message').resume();
      setTimeout(() => {
        if (socket.readyState === WebSocket.CLOSED) cutOffs += 1;
        socket.terminate();
        if (!isOver) neverRead();
      }, 500);
    }, 30_000).unref();
  }
  neverRead();
  const withIt = await load(count);
  isOver = true;
  return { without, with: withIt, cutOffs };
}

function printRow(name: string, { without, with: withIt, cutOffs }: Awaited<ReturnType<typeof measure>>): void {
  print('| readers | RSS | grew by | heap | grew by | p99 | ratio | cut off |');
  print('| --- | --- | --- | --- | --- | --- | --- | --- |');
  const cells = [
    `${without.rssMb.toFixed(1)} MB`,
    `${(withIt.rssMb - without.rssMb).toFixed(1)} MB`,
    `${without.heapMb.toFixed(1)} MB`,
    `${(withIt.heapMb - without.heapMb).toFixed(1)} MB`,
    `${without.p99Ms} ms, ${withIt.p99Ms} ms`,
    (withIt.p99Ms / without.p99Ms).toFixed(2),
    String(cutOffs),
  ];
  print(`| ${[name, ...cells].join(' | ')} |`);
}

describe(`a WebSocket that is never read, and ${events} events`, () => {
  it('cost the process at most 8 MB, and the other readers nothing', { timeout: 1_800_000 }, async () => {
    const measured = await measure(false);
    printRow('waited for', measured);
    const { without, with: withIt } = measured;
    expect(withIt.heapMb - without.heapMb).toBeLessThanOrEqual(8);
    expect(withIt.rssMb - without.rssMb).toBeLessThanOrEqual(8);
    expect(withIt.p99Ms).toBeLessThanOrEqual(without.p99Ms * 1.2);
  });

  it('control: cost more where nobody is waited for', { timeout: 1_800_000 }, async () => {
    const measured = await measure(true, events / 4);
    printRow('not waited for', measured);
    expect(
      measured.with.heapMb + measured.with.rssMb - measured.without.heapMb - measured.without.rssMb,
    ).toBeGreaterThan(16);
  });
});
