/**
 * A bounded load on a whole gateway with simulators, over loopback: sends at a steady rate for a while, waits until every
 * message is settled, and prints what became of them and how the heap went. Run by hand, never by npm test:
 *
 *   node --expose-gc --import tsx bench/messaging-load.ts [messages a second = 200] [minutes = 10]
 *
 * A minute's figure is the heap after a full collection. Flat means that the slope over the second half is under 1 MB a
 * minute. Exits 1 where a message was not settled or sent twice.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startApp } from '../src/app.ts';
import { loadConfig } from '../src/config.ts';
import { silentLog } from '../src/core/log.ts';
import { createNgsSimulator } from '../src/simulators/ngs/simulator.ts';
import { createSensSimulator } from '../src/simulators/sens/simulator.ts';

const perSecond = Number(process.argv[2] ?? 200);
const minutes = Number(process.argv[3] ?? 10);
const apiKey = 'bench-key-0123456789';
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const registeredNumbers = ['15880000'];
const ngsAccount = { id: 'bench', password: 'bench' };
const sensKeys = { serviceId: 'ncp:sms:kr:1:bench', accessKey: 'AK', secretKey: 'SK' };
const ngs = createNgsSimulator({ ...ngsAccount, registeredNumbers, reportDelayMs: 200, tps: { sms: 9_999 } });
const sens = createSensSimulator({ ...sensKeys, registeredNumbers, deliverAfterMs: 200 });
const [address, { url: sensUrl }] = await Promise.all([ngs.start(), sens.start()]);
const dataDir = await mkdtemp(join(tmpdir(), 'gwanmun-bench-'));
const app = await startApp(
  loadConfig({
    PORT: '0',
    GWANMUN_SIMULATOR_PORT: '0',
    GWANMUN_DATA_DIR: dataDir,
    GWANMUN_DATA_KEY: '42'.repeat(32),
    GWANMUN_API_KEY: apiKey,
    SENDER_NUMBERS: registeredNumbers.join(),
    NGS_HOST: address.host,
    NGS_PORT: String(address.port),
    NGS_ID: ngsAccount.id,
    NGS_PASSWORD: ngsAccount.password,
    NGS_SENDER_CODE: '101280092',
    NGS_WINDOW: '64',
    SENS_SERVICE_ID: sensKeys.serviceId,
    SENS_ACCESS_KEY: sensKeys.accessKey,
    SENS_SECRET_KEY: sensKeys.secretKey,
    SENS_BASE_URL: sensUrl,
  }),
  silentLog,
);

let sent = 0;
let refused = 0;
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

const send = 'mutation ($input: SendSmsInput!) { sendSms(input: $input) { __typename } }';
const counted =
  'query ($states: [MessageState!]) { messages(last: 1, filter: { states: $states }) { edges { node { id } } } }';

/** The simulators' ledgers are bounded, so what they took is counted as it goes. */
const taken = new Set<string>();
let takenTwice = 0;
let seen = 0;
function count(): void {
  for (const ledger of [ngs.ledger, sens.ledger]) {
    for (const { outcome, event, fields, sequence } of ledger.entries({ since: seen })) {
      if (sequence <= seen || outcome !== 'TAKEN' || (event !== 'DELIVER' && event !== 'POST messages')) continue;
      const text = String(fields?.['text'] ?? fields?.['content'] ?? '');
      if (taken.has(text)) takenTwice += 1;
      taken.add(text);
    }
  }
  seen = Math.max(
    seen,
    ...[ngs.ledger, sens.ledger].map((ledger) => ledger.entries({ limit: 1 }).at(-1)?.sequence ?? 0),
  );
}

const heaps: number[] = [];
const began = performance.now();
const total = perSecond * minutes * 60;
const requests = new Set<Promise<void>>();
let nextSample = 60_000;
while (sent < total) {
  const due = Math.min(total, Math.floor(((performance.now() - began) / 1_000) * perSecond));
  while (sent < due) {
    const at = sent;
    sent += 1;
    const input = {
      idempotencyKey: `load-${at}`,
      to: `010${20_000_000 + (at % 70_000_000)}`,
      text: `load ${at}`,
      providers: [at % 10 === 0 ? 'SENS' : 'NGS'],
      wait: 'QUEUED',
    };
    const request = query({ query: send, variables: { input } })
      .then(({ sendSms }) => {
        if ((sendSms as { __typename: string }).__typename !== 'Message') refused += 1;
      })
      .finally(() => requests.delete(request));
    requests.add(request);
  }
  if (performance.now() - began > nextSample) {
    nextSample += 60_000;
    count();
    globalThis.gc?.();
    heaps.push(process.memoryUsage().heapUsed / 1_048_576);
    const rss = process.memoryUsage().rss / 1_048_576;
    print(
      `minute ${heaps.length}: ${sent} sent, ${taken.size} taken, heap ${heaps.at(-1)?.toFixed(1)} MB, rss ${rss.toFixed(0)} MB`,
    );
  }
  await delay(5);
}
await Promise.all(requests);

const open = { query: counted, variables: { states: ['QUEUED', 'SUBMITTING', 'SUBMITTED', 'UNCONFIRMED'] } };
const patience = performance.now() + 180_000;
const openCount = async (): Promise<number> =>
  ((await query(open)) as { messages: { edges: unknown[] } }).messages.edges.length;
while ((await openCount()) > 0 && performance.now() < patience) await delay(500);
count();
const delivered = taken.size;

const half = heaps.slice(Math.floor(heaps.length / 2));
const slope = half.length < 2 ? 0 : ((half.at(-1) ?? 0) - (half[0] ?? 0)) / (half.length - 1);
const left = await openCount();
print(
  `${sent} sent at ${perSecond} a second, ${refused} refused, ${broken} calls repeated, ${delivered} taken once, ${takenTwice} twice`,
);
print(
  `open after the end: ${left === 0 ? 'none' : 'some'}; heap slope over the second half: ${slope.toFixed(2)} MB a minute`,
);
await app.stop();
await Promise.all([ngs.stop(), sens.stop()]);
await rm(dataDir, { recursive: true, force: true });
process.exitCode = left === 0 && takenTwice === 0 && delivered === sent && slope < 1 ? 0 : 1;
