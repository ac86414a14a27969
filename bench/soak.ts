/**
 * A long mixed load on a whole gateway: does anything grow that should not? Texts by NGS and SENS with their reports, codes
 * asked for and verified, product orders, remittances, webhooks, streams that come and go, listings. Gateway and simulators are
 * processes of their own. Run by hand:
 *
 *   npx tsx bench/soak.ts [minutes = 30] [minutes of warm-up before = 10] [texts a second = 50] [plot.svg]
 *
 * Every 5 s: the heap after a full collection, RSS, the loop's delay, open files. Exits 1 where the heap rises by 1 MB a minute or
 * more by least squares, or a call was refused. With SOAK_LEAK=1 the gateway leaks 6 MB a minute on purpose, and the run must fail.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DocumentNode, print as printDocument } from 'graphql';
import {
  CommerceProductOrdersDocument,
  MessageChangesDocument,
  MessagesDocument,
  RequestOtpDocument,
  SendSmsDocument,
  VerifyOtpDocument,
} from '../test/generated/operations.ts';
import type { GatewayClient } from '../test/support/gateway.ts';
import { type Pair, registerPair, remit } from '../test/support/remittance-people.ts';
import { linePlot } from './line-plot.ts';
import type { Sample } from './soak-gateway.ts';
import { type SoakSimulators, webhookSecret } from './soak-simulators.ts';

const minutes = Number(process.argv[2] ?? 30);
const warmUpMinutes = Number(process.argv[3] ?? 10);
const perSecond = Number(process.argv[4] ?? 50);
const plotPath = process.argv[5];
const apiKey = 'soak-key-0123456789';
const sampleEveryMs = 5_000;
const streamsAtOnce = 20;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const start = (file: string, execArgv: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess =>
  fork(new URL(file, import.meta.url), { execArgv: [...execArgv, '--import', 'tsx'], env: { ...process.env, ...env } });

const simulators = start('./soak-simulators.ts', []);
const [{ env, controlUrl }] = (await once(simulators, 'message')) as [SoakSimulators];
const dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-soak-'));
const gateway = start('./soak-gateway.ts', ['--expose-gc'], {
  ...env,
  PORT: '0',
  GWANMUN_PROFILE: 'production',
  GWANMUN_DATA_DIR: dataDir,
  GWANMUN_DATA_KEY: '42'.repeat(32),
  GWANMUN_API_KEY: apiKey,
});
const [{ url }] = (await once(gateway, 'message')) as [{ url: string }];

const headers = { 'content-type': 'application/json', 'x-api-key': apiKey };
const counts = new Map<string, number>();
const count = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);

type Fields = Record<string, { __typename?: string }>;

/** A connection that breaks is no answer: the same call again, under the same key, as a client would. */
async function query(document: DocumentNode, variables: object = {}): Promise<Fields> {
  const body = JSON.stringify({ query: printDocument(document), variables });
  for (;;) {
    const answer = await fetch(`${url}/graphql`, { method: 'POST', headers, body })
      .then((response) => response.json() as Promise<{ data?: Fields; errors?: unknown }>)
      .catch(() => undefined);
    if (answer?.data != null && answer.errors === undefined) return answer.data;
    if (answer !== undefined) throw new Error(JSON.stringify(answer.errors));
    count('a connection that broke');
    await delay(100);
  }
}

let number = 0;
const nextNumber = (): string => `010${20_000_000 + (++number % 70_000_000)}`;

async function send(): Promise<void> {
  const to = nextNumber();
  const providers = [number % 10 === 0 ? 'SENS' : 'NGS'];
  const wait = number % 4 === 0 ? 'SUBMITTED' : 'QUEUED';
  const input = { idempotencyKey: `soak-${number}`, to, text: `soak ${number}`, providers, wait };
  count(`sendSms ${(await query(SendSmsDocument, { input }))['sendSms']?.__typename}`);
}

async function verifyOtp(): Promise<void> {
  const phone = nextNumber();
  const input = { idempotencyKey: `otp-${number}`, channel: 'SMS', phone, purpose: 'login', provider: 'NGS' };
  const asked = (await query(RequestOtpDocument, { input }))['requestOtp']?.__typename;
  count(`requestOtp ${asked}`);
  if (asked !== 'OtpChallenge') return;
  const { code } = (await (await fetch(`${controlUrl}/codes?to=${phone}`)).json()) as { code?: string };
  if (code === undefined) return count('a code that was not found');
  const verified = await query(VerifyOtpDocument, { input: { channel: 'SMS', phone, code } });
  count(`verifyOtp ${verified['verifyOtp']?.__typename}`);
}

async function readOrders(): Promise<void> {
  const variables = { productOrderIds: ['2022040521691281'] };
  const { commerceProductOrders: orders } = await query(CommerceProductOrdersDocument, variables);
  count(`commerceProductOrders ${orders?.__typename}`);
}

async function webhook(): Promise<void> {
  const body = JSON.stringify({ event: 'passkey.registered', data: { reference: nextNumber() } });
  const signature = `sha256=${createHmac('sha256', webhookSecret).update(body).digest('hex')}`;
  const signed = { 'content-type': 'application/json', 'x-securekey-signature': signature };
  const response = await fetch(`${url}/webhooks/securekey`, { method: 'POST', headers: signed, body });
  await response.arrayBuffer();
  count(`webhook ${response.status}`);
}

async function follow(): Promise<void> {
  const aborter = new AbortController();
  const body = JSON.stringify({ query: printDocument(MessageChangesDocument) });
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { ...headers, accept: 'text/event-stream' },
    body,
    signal: aborter.signal,
  });
  setTimeout(() => aborter.abort(), 2_000 + Math.random() * 8_000);
  try {
    for await (const _chunk of response.body as unknown as AsyncIterable<Uint8Array>);
    count('a stream that ended by itself');
  } catch {
    count('a stream that was left');
  }
}

const client = { query } as unknown as GatewayClient;
let pair: Pair | undefined;
async function remitSome(): Promise<void> {
  pair ??= await registerPair(client, '1');
  const sent = await remit(client, pair, { receiveAmount: 1_000, externalId: `soak-${nextNumber()}` });
  count(`sendRemittance ${sent.__typename}`);
}

async function list(): Promise<void> {
  await query(MessagesDocument, { last: 20 });
  count('messages');
}

/**
 * Begins `work` so many times a second, whatever becomes of those before; never more than a hundred at once. Returns how to stop,
 * which waits for what was begun.
 */
function steadily(aSecond: number, name: string, work: () => Promise<void>): () => Promise<void> {
  let underWay = 0;
  let begun = 0;
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * aSecond);
    for (; begun < due; begun += 1) {
      if (underWay >= 100) continue;
      underWay += 1;
      work()
        .catch((error) => {
          if (!counts.has(`FAILED ${name}`)) print(`${name}: ${String(error).slice(0, 300)}`);
          count(`FAILED ${name}`);
        })
        .finally(() => {
          underWay -= 1;
        });
    }
  }, 20);
  return async () => {
    clearInterval(timer);
    while (underWay > 0) await delay(50);
  };
}

const stops = [
  steadily(perSecond, 'sendSms', send),
  steadily(1, 'otp', verifyOtp),
  steadily(2, 'commerceProductOrders', readOrders),
  steadily(0.5, 'remittance', remitSome),
  steadily(2, 'webhook', webhook),
  steadily(5, 'messages', list),
  steadily(streamsAtOnce / 6, 'stream', follow),
];

const samples: (Sample & { readonly minute: number })[] = [];
const beganAt = performance.now();
while (performance.now() - beganAt < (warmUpMinutes + minutes) * 60_000) {
  await delay(sampleEveryMs);
  gateway.send('sample');
  const [sample] = (await once(gateway, 'message')) as [Sample];
  samples.push({ ...sample, minute: (performance.now() - beganAt) / 60_000 });
  const last = samples.at(-1);
  if (last !== undefined && samples.length % 12 === 0) {
    const { minute, heapMb, rssMb, delayP99Ms, files, streams } = last;
    print(
      `minute ${minute.toFixed(0)}: heap ${heapMb.toFixed(1)} MB, rss ${rssMb.toFixed(0)} MB, loop p99 ${delayP99Ms.toFixed(0)} ms, ${files} files, ${streams} streams`,
    );
  }
}
await Promise.all(stops.map((stop) => stop()));

const measured = samples.filter(({ minute }) => minute >= warmUpMinutes);
const heapSlope = slopeOf(measured.map(({ minute, heapMb }) => ({ minute, value: heapMb })));
const rssSlope = slopeOf(measured.map(({ minute, rssMb }) => ({ minute, value: rssMb })));
const most = (of: (sample: Sample) => number): number => Math.max(...measured.map(of));
const delays = measured.map(({ delayP99Ms }) => delayP99Ms).sort((a, b) => a - b);
for (const [what, times] of [...counts].sort()) print(`${times} x ${what}`);
print(
  [
    `${minutes} minutes behind ${warmUpMinutes} of warm-up, ${perSecond} texts a second`,
    `heap slope ${heapSlope.toFixed(2)} MB a minute (at most ${most(({ heapMb }) => heapMb).toFixed(1)} MB)`,
    `rss slope ${rssSlope.toFixed(2)} MB a minute (at most ${most(({ rssMb }) => rssMb).toFixed(0)} MB)`,
    `loop p99 ${(delays[Math.floor(delays.length / 2)] ?? 0).toFixed(0)} ms in the median of ${delays.length} spans of 5 s`,
    `files ${Math.min(...measured.map(({ files }) => files))} to ${most(({ files }) => files)}`,
  ].join('\n'),
);
if (plotPath !== undefined) {
  const series = (name: string, unit: string, of: (sample: Sample) => number) => ({
    name,
    unit,
    points: samples.map((sample) => ({ minute: sample.minute, value: of(sample) })),
  });
  const title = `Soak: ${perSecond} texts a second and all the rest; heap slope ${heapSlope.toFixed(2)} MB a minute behind minute ${warmUpMinutes}`;
  await writeFile(
    plotPath,
    linePlot(title, [
      series('heap after a full collection', 'MB', ({ heapMb }) => heapMb),
      series('resident memory', 'MB', ({ rssMb }) => rssMb),
      series('delay of the event loop, p99 of 5 s', 'ms', ({ delayP99Ms }) => delayP99Ms),
      series('open files', '', ({ files }) => files),
    ]),
  );
}
gateway.disconnect();
await once(gateway, 'exit');
simulators.disconnect();
await rm(dataDir, { recursive: true, force: true });
const refused = [...counts.keys()].filter((what) => what.startsWith('FAILED') || /^sendSms (?!Message)/.test(what));
process.exitCode = heapSlope < 1 && refused.length === 0 ? 0 : 1;

/** By least squares, a minute. */
function slopeOf(points: readonly { readonly minute: number; readonly value: number }[]): number {
  const mean = (of: (point: { minute: number; value: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const meanMinute = mean(({ minute }) => minute);
  const meanValue = mean(({ value }) => value);
  const spread = mean(({ minute }) => (minute - meanMinute) ** 2);
  return mean(({ minute, value }) => (minute - meanMinute) * (value - meanValue)) / spread;
}
