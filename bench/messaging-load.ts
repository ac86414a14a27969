/**
 * A bounded load on a whole gateway over loopback, with simulators beside it: sends at a steady rate for a while, waits
 * until every message is settled, and prints what became of them and how the gateway's heap went. Run by hand:
 *
 *   node --expose-gc --import tsx bench/messaging-load.ts [messages a second = 200] [minutes = 10]
 *
 * A minute's figure is the heap after a full collection. Exits 1 where a message was not settled, was lost or sent twice,
 * or where the heap rose by 1 MB a minute or more over the second half.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { silentLog } from '../src/core/log.ts';
import { account, type SimulatorsReady, type Taken } from './simulator-process.ts';

const perSecond = Number(process.argv[2] ?? 200);
const minutes = Number(process.argv[3] ?? 10);
const apiKey = 'bench-key-0123456789';
const settleWithinMs = 180_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const simulators = fork(new URL('./simulator-process.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
const [{ ngsHost, ngsPort, sensUrl }] = (await once(simulators, 'message')) as [SimulatorsReady];
async function taken(): Promise<Taken> {
  simulators.send('count');
  const [counted] = (await once(simulators, 'message')) as [Taken];
  return counted;
}

const dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-bench-'));
const app = await startApp(
  loadConfig({
    PORT: '0',
    GWANMUN_DATA_DIR: dataDir,
    GWANMUN_DATA_KEY: '42'.repeat(32),
    GWANMUN_API_KEY: apiKey,
    SENDER_NUMBERS: account.callerNumber,
    NGS_HOST: ngsHost,
    NGS_PORT: String(ngsPort),
    NGS_ID: account.ngs.id,
    NGS_PASSWORD: account.ngs.password,
    NGS_SENDER_CODE: '101280092',
    NGS_WINDOW: '64',
    SENS_SERVICE_ID: account.sens.serviceId,
    SENS_ACCESS_KEY: account.sens.accessKey,
    SENS_SECRET_KEY: account.sens.secretKey,
    SENS_BASE_URL: sensUrl,
  }),
  silentLog,
);

let broken = 0;
/** A connection that breaks is no answer: the same call again, under the same key, as a client would. */
async function query(body: object): Promise<Record<string, unknown>> {
  for (;;) {
    const answer = await ask(body).catch(() => undefined);
    if (answer !== undefined) return answer;
    broken += 1;
    await delay(100);
  }
}

async function ask(body: object): Promise<Record<string, unknown> | undefined> {
  const response = await fetch(`${app.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify(body),
  });
  const { data, errors } = (await response.json()) as { data?: Record<string, unknown>; errors?: unknown };
  return errors === undefined ? data : undefined;
}

const sendSms = 'mutation ($input: SendSmsInput!) { sendSms(input: $input) { __typename } }';
const lastInStates =
  'query ($states: [MessageState!]) { messages(last: 1, filter: { states: $states }) { edges { node { id } } } }';

let refused = 0;
async function send(at: number): Promise<void> {
  const input = {
    idempotencyKey: `load-${at}`,
    to: `010${20_000_000 + (at % 70_000_000)}`,
    text: `load ${at}`,
    providers: [at % 10 === 0 ? 'SENS' : 'NGS'],
    wait: 'QUEUED',
  };
  const answer = await query({ query: sendSms, variables: { input } });
  if ((answer['sendSms'] as { __typename: string }).__typename !== 'Message') refused += 1;
}

/** A state at a time: each has an index of its own, so the look is short however much there is. */
async function isAllSettled(): Promise<boolean> {
  for (const state of ['QUEUED', 'SUBMITTING', 'SUBMITTED', 'UNCONFIRMED']) {
    const { messages } = (await query({ query: lastInStates, variables: { states: [state] } })) as {
      messages: { edges: unknown[] };
    };
    if (messages.edges.length > 0) return false;
  }
  return true;
}

const heapsMb: number[] = [];
function sampleHeap(): void {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  heapsMb.push(heapUsed / 1_048_576);
  print(
    `minute ${heapsMb.length}: ${sent} sent, heap ${heapsMb.at(-1)?.toFixed(1)} MB, rss ${(rss / 1_048_576).toFixed(0)} MB`,
  );
}

let sent = 0;
const total = perSecond * minutes * 60;
const underWay = new Set<Promise<void>>();
const began = performance.now();
while (sent < total) {
  const elapsedMs = performance.now() - began;
  for (const due = Math.min(total, Math.floor((elapsedMs / 1_000) * perSecond)); sent < due; sent += 1) {
    const request = send(sent).finally(() => underWay.delete(request));
    underWay.add(request);
  }
  if (elapsedMs > (heapsMb.length + 1) * 60_000) sampleHeap();
  await delay(5);
}
await Promise.all(underWay);
sampleHeap();

const until = performance.now() + settleWithinMs;
while (!(await isAllSettled()) && performance.now() < until) await delay(500);
const isSettled = await isAllSettled();
const { once: takenOnce, again } = await taken();
const half = heapsMb.slice(Math.floor(heapsMb.length / 2));
const slopeMb = half.length < 2 ? 0 : ((half.at(-1) ?? 0) - (half[0] ?? 0)) / (half.length - 1);
print(`${sent} sent at ${perSecond} a second, ${refused} refused, ${broken} calls repeated`);
print(
  `${takenOnce} taken, ${again} of them twice; ${isSettled ? 'every message settled' : 'NOT every message settled'}`,
);
print(`heap slope over the second half: ${slopeMb.toFixed(2)} MB a minute`);
await app.stop();
simulators.disconnect();
await rm(dataDir, { recursive: true, force: true });
process.exitCode = isSettled && again === 0 && takenOnce === sent && refused === 0 && slopeMb < 1 ? 0 : 1;
