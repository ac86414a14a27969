import { print } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { StoreRefused } from '../../src/store/store-refused.ts';
import { MessageChangesDocument, NgsReportsDocument, SendSmsDocument } from '../generated/operations.ts';
import { type CompiledSource, compileSource } from '../support/compiled-source.ts';
import type { GatewayOrder } from '../support/crashing-gateway.ts';
import { apiKey, startSimulators } from '../support/gateway.ts';
import { type GatewayLife, loadGateway } from '../support/gateway-life.ts';
import { mayMount, mountSmallDisk } from '../support/small-disk.ts';
import { createStreamFollower, type StreamFollower } from '../support/stream-follower.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

interface Changed {
  readonly __typename: string;
  readonly cursor?: string;
  readonly changed: { readonly clientRef: string };
}

interface Reported {
  readonly __typename: string;
  readonly cursor?: string;
  readonly serial: string;
}

/** Where nobody listens: what is queued there stays. */
const absentNgs = {
  NGS_HOST: '127.0.0.1',
  NGS_PORT: '1',
  NGS_ID: 'testid',
  NGS_PASSWORD: 'testpwd',
  NGS_SENDER_CODE: '101280092',
};

const post = (url: string, body: object): Promise<Response> =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify(body),
  });

interface Answer {
  readonly __typename: string;
  readonly id?: string;
  readonly code?: string;
  readonly outcome?: string;
  readonly retry?: string;
}

async function send(url: string, key: string, wait: 'QUEUED' | 'SUBMITTED' = 'QUEUED'): Promise<Answer> {
  const to = `0102${key.replace(/\D/g, '').padStart(7, '0')}`;
  const input = { idempotencyKey: key, clientRef: key, to, text: key, providers: ['NGS'], wait };
  const response = await post(url, { query: print(SendSmsDocument), variables: { input } });
  return ((await response.json()) as { data: { sendSms: Answer } }).data.sendSms;
}

/** Sends until the disk is full: the keys that were answered with a message, and the first refusal. */
async function sendUntilRefused(url: string, prefix: string): Promise<{ accepted: string[]; refusal: Answer }> {
  const accepted: string[] = [];
  for (let at = 0; ; at += 1) {
    const key = `${prefix}${at}`;
    const answer = await send(url, key);
    if (answer.__typename !== 'Message') return { accepted, refusal: answer };
    accepted.push(key);
  }
}

async function listed(url: string): Promise<string[]> {
  const query = '{ messages(first: 100) { edges { node { clientRef } } } }';
  const { data } = (await (await post(url, { query })).json()) as {
    data: { messages: { edges: { node: { clientRef: string } }[] } };
  };
  return data.messages.edges.map(({ node }) => node.clientRef);
}

const readiness = async (url: string): Promise<{ ready: boolean; reasons: string[] }> =>
  (await fetch(`${url}/readyz`)).json() as Promise<{ ready: boolean; reasons: string[] }>;

/** Whether a stream that is opened behind this cursor comes to the message of this key. */
async function replayedUpTo(url: string, after: string | undefined, key: string | undefined): Promise<boolean> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey, accept: 'text/event-stream' },
    body: JSON.stringify({ query: print(MessageChangesDocument), variables: { after } }),
  });
  let text = '';
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes(`"clientRef":"${key}"`)) return true;
  }
  return false;
}

const followMessages = (): StreamFollower<Changed> =>
  createStreamFollower<Changed>({
    apiKey,
    query: print(MessageChangesDocument),
    field: 'messageChanged',
    typename: 'MessageChanged',
  });

const common = {
  GWANMUN_PROFILE: 'production',
  PORT: '0',
  GWANMUN_API_KEY: apiKey,
  GWANMUN_DATA_KEY: '42'.repeat(32),
  SENDER_NUMBERS: '15880000',
};

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
}, 120_000);
afterAll(() => source.dispose());

interface Life {
  readonly life: GatewayLife;
  readonly url: string;
}

async function start(order: Omit<GatewayOrder, 'clockAheadMs'>): Promise<Life> {
  const life = loadGateway(source);
  onTestFinished(() => life.end('SIGKILL'));
  const url = await life.begin({ clockAheadMs: 0, ...order });
  if (url === undefined) throw new Error('The gateway did not come up.');
  return { life, url };
}

describe.runIf(mayMount)('a gateway whose disk of a megabyte is full', () => {
  it('keeps what it accepted, refuses new work, reads on, and takes all up again once there is space', {
    timeout: 240_000,
  }, async () => {
    const disk = mountSmallDisk();
    const simulators = await startSimulators({ reportDelayMs: 300 });
    const { ngs } = simulators;
    const { life, url } = await start({ env: { ...common, GWANMUN_DATA_DIR: disk.folder, ...simulators.env } });
    const messages = followMessages();
    const reports = createStreamFollower<Reported>({
      apiKey,
      query: print(NgsReportsDocument),
      field: 'ngsReport',
      typename: 'NgsReport',
    });
    const streams = Promise.all([messages.follow(url), reports.follow(url)]);
    const acknowledged = (): string[] =>
      ngs.ledger
        .entries({ event: 'REPORT_ACK' })
        .flatMap(({ outcome, reference }) => (outcome === 'TAKEN' && reference !== undefined ? [reference] : []));
    const reported = (): string[] => reports.events.map(({ serial }) => serial);

    const first = ['11', '12', '13'];
    for (const key of first) expect((await send(url, key)).__typename).toBe('Message');
    disk.fill();
    const second = await sendUntilRefused(url, '2');
    const accepted = [...first, ...second.accepted];
    const refused = { __typename: 'ProviderUnavailable', code: 'STORAGE_FULL', retry: 'SAFE_AFTER' };
    expect(second.refusal).toMatchObject({ ...refused, outcome: 'NOT_ACCEPTED' });
    await until(async () => !(await readiness(url)).ready);
    expect((await readiness(url)).reasons).toContainEqual(expect.stringContaining('full'));

    // Whoever reads still can, and so can whoever follows.
    expect((await listed(url)).sort()).toEqual([...accepted].sort());
    expect(await replayedUpTo(url, messages.events[0]?.cursor, accepted.at(-1))).toBe(true);
    // REPORTs come meanwhile, whether or not there is still a line to bring them by.
    for (const at of [1, 2, 3]) ngs.sendReport({ serial: `000000000000000000${at}` });

    disk.grow();
    await until(async () => (await send(url, '31')).__typename === 'Message');
    await until(async () => (await readiness(url)).ready);
    const everything = [...accepted, '31'];
    const taken = (): unknown[] =>
      ngs.ledger
        .entries({ event: 'DELIVER' })
        .flatMap(({ outcome, fields }) => (outcome === 'TAKEN' ? [fields?.['text']] : []));
    await until(() => new Set(taken()).size === everything.length && ngs.waitingReports === 0);
    await until(() => reported().length === new Set(acknowledged()).size);
    expect((await listed(url)).sort()).toEqual([...everything].sort());
    expect(taken().sort()).toEqual([...everything].sort());
    // What was acknowledged is in the stream, once.
    expect(reported().sort()).toEqual([...new Set(acknowledged())].sort());

    await life.end('SIGKILL');
    await streams;
  });

  it('has lost nothing that it accepted when it is killed there', {
    timeout: 240_000,
  }, async () => {
    const disk = mountSmallDisk();
    const env = { ...common, GWANMUN_DATA_DIR: disk.folder };
    const before = await start({ env: { ...env, ...absentNgs } });
    const first = ['11', '12', '13'];
    for (const key of first) expect((await send(before.url, key)).__typename).toBe('Message');
    disk.fill();
    const accepted = [...first, ...(await sendUntilRefused(before.url, '2')).accepted];
    await before.life.end('SIGKILL');

    disk.grow();
    const after = await start({ env: { ...env, ...absentNgs } });
    expect((await listed(after.url)).sort()).toEqual([...accepted].sort());
  });

  it('is not begun there with a new folder, and names it', async () => {
    const disk = mountSmallDisk();
    disk.fill();
    const codec = createRecordCodec(Buffer.from(common.GWANMUN_DATA_KEY, 'hex'));
    const opened = openEmbeddedStore({ dataDir: disk.folder, codec });
    await expect(opened).rejects.toBeInstanceOf(StoreRefused);
    await expect(opened).rejects.toThrow(disk.folder);
  });

  it('control: a store that says yes though its write failed loses what it accepted', {
    timeout: 240_000,
  }, async () => {
    const disk = mountSmallDisk();
    const { life, url } = await start({
      env: { ...common, ...absentNgs, GWANMUN_DATA_DIR: disk.folder },
      broken: 'YES_ANYWAY',
    });
    disk.fill();
    const accepted: string[] = [];
    await until(async () => {
      const key = `1${accepted.length}`;
      expect((await send(url, key)).__typename).toBe('Message');
      accepted.push(key);
      return !(await readiness(url)).ready;
    });
    for (let at = 0; at < 5; at += 1) {
      expect((await send(url, `2${at}`)).__typename).toBe('Message');
      accepted.push(`2${at}`);
    }
    expect((await listed(url)).length).toBeLessThan(accepted.length);
    await life.end('SIGKILL');
  });
});

describe('a gateway whose disk fails a sync', () => {
  it('ends by itself with a line that says so, and whom it told yes before has a message', {
    timeout: 240_000,
  }, async () => {
    const env = { ...common, ...absentNgs, GWANMUN_DATA_DIR: await temporaryFolder() };
    const { life, url } = await start({ env, diskFailsAt: 'store.before-commit 12' });
    const accepted: string[] = [];
    const doubtful: Answer[] = [];
    for (let at = 0; !life.isOver() && at < 1_000; at += 1) {
      const answer = await send(url, `1${at}`).catch(() => undefined);
      if (answer?.__typename === 'Message') accepted.push(`1${at}`);
      else if (answer !== undefined) doubtful.push(answer);
      else await life.over;
    }
    await life.over;
    expect(life.exitCode()).toBe(1);
    expect(life.said()).toContain('"event":"store.broken"');
    // Whether the first one was kept nobody knows; of those after it nothing was.
    for (const { __typename, code } of doubtful) {
      expect({ __typename, code }).toEqual({ __typename: 'ProviderUnavailable', code: 'STORE_UNAVAILABLE' });
    }
    expect(doubtful.map(({ outcome }) => outcome).slice(1)).not.toContain('UNKNOWN');

    const next = await start({ env });
    expect(await listed(next.url)).toEqual(expect.arrayContaining(accepted));
  });
});
