/**
 * Five times what a gateway carries, at its front door and behind it. GWANMUN_CHAOS_OVERLOAD_SECONDS says for how long. It wants a
 * quiet machine with two cores: one for the gateway, one for the callers.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { account, type SimulatorsReady, type Taken } from '../bench/simulator-process.ts';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import { apiKey } from '../test/support/gateway.ts';
import { loadGateway } from '../test/support/gateway-life.ts';
import { type Answer, type AnswerKind, createOpenLoop, type OpenLoop } from '../test/support/open-loop.ts';
import { temporaryFolder } from '../test/support/temporary-store.ts';

const seconds = Number(process.env['GWANMUN_CHAOS_OVERLOAD_SECONDS'] ?? 60);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
/** A caller who was not answered by then has gone. */
const deadlineMs = 10_000;
const openStates = ['QUEUED', 'SUBMITTING', 'SUBMITTED', 'UNCONFIRMED'];

let source: CompiledSource;
/** The same, with the bounds of its front door taken out. */
let unbounded: CompiledSource;
beforeAll(async () => {
  [source, unbounded] = await Promise.all([compileSource(), compileSource()]);
  const admission = unbounded.path('src/http/admission.ts');
  const code = readFileSync(admission, 'utf8');
  const bounds = /(defaultMax\w+) = [15]_000/g;
  expect(code.match(bounds)).toHaveLength(2);
  writeFileSync(admission, code.replace(bounds, '$1 = Infinity'));
}, 120_000);
afterAll(() => Promise.all([source.dispose(), unbounded.dispose()]));

interface Running {
  readonly url: string;
  readonly loop: OpenLoop;
  taken(): Promise<Taken>;
  rssMb(): number;
}

async function start(from: CompiledSource, settings: Readonly<Record<string, string>> = {}): Promise<Running> {
  const simulators = fork(new URL('../bench/simulator-process.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
  onTestFinished(() => void simulators.kill());
  const [{ ngsHost, ngsPort }] = (await once(simulators, 'message')) as [SimulatorsReady];
  const life = loadGateway(from);
  onTestFinished(() => life.end('SIGKILL'));
  const env = {
    GWANMUN_PROFILE: 'production',
    PORT: '0',
    GWANMUN_API_KEY: apiKey,
    GWANMUN_DATA_KEY: '42'.repeat(32),
    GWANMUN_DATA_DIR: await temporaryFolder(),
    SENDER_NUMBERS: account.callerNumber,
    NGS_HOST: ngsHost,
    NGS_PORT: String(ngsPort),
    NGS_ID: account.ngs.id,
    NGS_PASSWORD: account.ngs.password,
    NGS_SENDER_CODE: '101280092',
    NGS_WINDOW: '64',
    ...settings,
  };
  const url = await life.begin({ env, clockAheadMs: 0 });
  if (url === undefined) throw new Error('The gateway did not come up.');
  const loop = createOpenLoop(url, deadlineMs);
  onTestFinished(() => loop.close());
  return {
    url,
    loop,
    async taken() {
      simulators.send('count');
      return ((await once(simulators, 'message')) as [Taken])[0];
    },
    rssMb: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${life.pid()}/status`, 'utf8'))?.[1] ?? 0) / 1_024,
  };
}

const countOf = (answers: readonly Answer[], kind: AnswerKind): number =>
  answers.filter((answer) => answer.kind === kind).length;

/** Of the calls that were answered with a message. */
function p99Of(answers: readonly Answer[]): number {
  const times = answers.filter(({ kind }) => kind === 'MESSAGE').map(({ afterMs }) => afterMs);
  return times.sort((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

async function ask(url: string, query: string, variables: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query, variables }),
  });
  return ((await response.json()) as { data: Record<string, unknown> }).data;
}

interface Page {
  readonly edges: readonly { readonly node: { readonly clientRef: string; readonly state: string } }[];
  readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean };
}

async function listed(url: string): Promise<ReadonlyMap<string, string>> {
  const query =
    'query ($after: String) { messages(first: 100, after: $after) { edges { node { clientRef state } } pageInfo { endCursor hasNextPage } } }';
  const states = new Map<string, string>();
  for (let after: string | undefined; ; ) {
    const { edges, pageInfo } = (await ask(url, query, { after }))['messages'] as Page;
    for (const { node } of edges) states.set(node.clientRef, node.state);
    if (!pageInfo.hasNextPage) return states;
    after = pageInfo.endCursor;
  }
}

async function isSettled(url: string): Promise<boolean> {
  const query =
    'query ($states: [MessageState!]) { messages(last: 1, filter: { states: $states }) { edges { cursor } } }';
  for (const state of openStates) {
    const { edges } = (await ask(url, query, { states: [state] }))['messages'] as { edges: unknown[] };
    if (edges.length > 0) return false;
  }
  return true;
}

/** How long it takes until 20 calls in a row are each taken within a second. */
async function recovery(loop: OpenLoop): Promise<{ afterMs: number; answers: readonly Answer[] }> {
  const began = performance.now();
  const answers: Answer[] = [];
  let wellSince = 0;
  for (let inARow = 0; inARow < 20; ) {
    const askedAt = performance.now();
    const answer = await loop.call(`after${answers.length}`);
    answers.push(answer);
    const isWell = answer.kind === 'MESSAGE' && answer.afterMs < 1_000;
    if (isWell && inARow === 0) wellSince = askedAt;
    inARow = isWell ? inARow + 1 : 0;
  }
  return { afterMs: wellSince - began, answers };
}

/** What was told with a message, and has no result or was sent twice. */
async function lostOf(running: Running, told: readonly Answer[]): Promise<{ lost: number; again: number }> {
  while (!(await isSettled(running.url))) await delay(200);
  const states = await listed(running.url);
  const { again } = await running.taken();
  const lost = told.filter(({ kind, key }) => kind === 'MESSAGE' && states.get(key) !== 'DELIVERED').length;
  return { lost, again };
}

function rowOf(what: string, rate: number, answers: readonly Answer[], goodput: number): string {
  const kinds = (['MESSAGE', 'OVERLOADED', 'LATE', 'BROKEN', 'OTHER'] as const).map((kind) => countOf(answers, kind));
  return `| ${[what, Math.round(rate), ...kinds, goodput.toFixed(0), `${p99Of(answers).toFixed(0)} ms`].join(' | ')} |`;
}

const header =
  '| load | calls a second | messages | OVERLOADED | late | broken | other | messages a second | p99 |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |';

describe('five times what its front door carries', () => {
  const calibrateSeconds = Math.max(5, Math.round(seconds / 6));

  /** What it carries, by as many callers as keep it busy. */
  async function peakOf({ loop }: Running): Promise<{ peak: number; answers: readonly Answer[] }> {
    await loop.runClosed('warm', 64, 3);
    const answers = await loop.runClosed('peak', 64, calibrateSeconds);
    return { peak: countOf(answers, 'MESSAGE') / calibrateSeconds, answers };
  }

  it('leaves at least 80 % of it, is told to each caller beyond it, and is over within 5 s', async () => {
    const running = await start(source);
    const { peak, answers: before } = await peakOf(running);
    const load = running.loop.run('over', 5 * peak, seconds);
    await load.sent;
    const [answers, { afterMs, answers: after }] = await Promise.all([load.answers, recovery(running.loop)]);
    const goodput = countOf(answers, 'MESSAGE') / seconds;
    print(header);
    print(rowOf('peak', peak, before, peak));
    print(rowOf('five times', 5 * peak, answers, goodput));
    const { lost, again } = await lostOf(running, [...before, ...answers, ...after]);
    print(
      `recovered after ${afterMs.toFixed(0)} ms; ${lost} lost, ${again} sent twice; ${running.rssMb().toFixed(0)} MB`,
    );
    expect(answers.filter(({ kind }) => kind === 'OTHER').slice(0, 3)).toEqual([]);
    expect(countOf(answers, 'BROKEN')).toBe(0);
    expect(countOf(answers, 'OVERLOADED')).toBeGreaterThan(0);
    expect({ lost, again }).toEqual({ lost: 0, again: 0 });
    expect(goodput).toBeGreaterThanOrEqual(0.8 * peak);
    expect(afterMs).toBeLessThanOrEqual(5_000);
  });

  it('control: without its bounds, callers wait until they have gone', async () => {
    const running = await start(unbounded);
    const { peak, answers: before } = await peakOf(running);
    const answers = await running.loop.run('over', 5 * peak, Math.max(seconds, 20)).answers;
    // Once its line is as long as its callers are patient.
    const late = answers.slice(Math.floor(answers.length / 2));
    const goodput = countOf(late, 'MESSAGE') / (Math.max(seconds, 20) / 2);
    print(header);
    print(rowOf('peak, unbounded', peak, before, peak));
    print(rowOf('five times, unbounded', 5 * peak, answers, goodput));
    print(`${running.rssMb().toFixed(0)} MB`);
    expect(countOf(answers, 'OVERLOADED')).toBe(0);
    expect(goodput).toBeLessThan(0.8 * peak);
  });
});
