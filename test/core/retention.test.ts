import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createRetention } from '../../src/core/retention.ts';
import type { Json, RecordCodec, Store } from '../../src/core/store.ts';
import { unmatchedOwner } from '../../src/core/webhooks/webhook-store.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { openRedisStore } from '../../src/store/redis.ts';
import { jpeg } from '../support/images.ts';
import { reportOf } from '../support/messages.ts';
import { messagingCore, tenant } from '../support/messaging-core.ts';
import { hasRedisServer, startRedisServer } from '../support/redis-server.ts';
import { runLog } from '../support/run-log.ts';
import { scriptedProvider } from '../support/scripted-provider.ts';
import { take } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';
import { pushBody, webhookCore } from '../support/webhooks.ts';

const dayMs = 86_400_000;
const days = { textDays: 30, phoneDays: 90, recordDays: 365 };

interface Place {
  readonly store: Store;
  readonly codec: SealedLedger;
  files(): Promise<readonly string[]>;
  /** What is there for good, by its name, where the driver tells. */
  lasting(): Promise<readonly string[]>;
}

interface SealedLedger extends RecordCodec {
  /** Every value that was ever sealed, in both forms. */
  readonly sealed: { readonly plain: string; readonly bytes: Uint8Array }[];
}

function sealedLedger(): SealedLedger {
  const codec = createRecordCodec(randomBytes(32));
  const sealed: SealedLedger['sealed'] = [];
  return {
    ...codec,
    sealed,
    seal(value: Json, context) {
      const bytes = codec.seal(value, context);
      sealed.push({ plain: JSON.stringify(value), bytes: Uint8Array.from(bytes) });
      return bytes;
    },
  };
}

async function embedded(): Promise<Place> {
  const dataDir = await temporaryFolder();
  const codec = sealedLedger();
  const store = await openEmbeddedStore({ dataDir, codec });
  onTestFinished(() => store.close());
  return {
    store,
    codec,
    files: async () => (await readdir(dataDir)).map((name) => join(dataDir, name)),
    lasting: async () => [],
  };
}

async function redis(): Promise<Place> {
  // With dumps as well as with a log: both are files that outlive what is removed.
  const server = await startRedisServer({ save: '3600 1' });
  onTestFinished(() => server.dispose());
  const codec = sealedLedger();
  const store = await openRedisStore({ url: server.url, codec, allowWeak: false });
  onTestFinished(() => store.close());
  const client = new Redis(server.url);
  onTestFinished(() => client.disconnect());
  await client.save();
  return {
    store,
    codec,
    files: () => server.files(),
    async lasting() {
      const keys = await client.keys('{gwanmun}:*');
      const lasting = await Promise.all(keys.map(async (key) => ((await client.pttl(key)) === -1 ? [key] : [])));
      return lasting.flat().map((key) => key.slice('{gwanmun}:'.length));
    },
  };
}

/** Of the sealed values that hold `canary`: how many have left even 24 bytes in a file, at any place in it. */
async function tracesOf(canary: string, { codec, files }: Place): Promise<number> {
  const present = Buffer.concat(await Promise.all((await files()).map((path) => readFile(path))));
  expect(present.includes(canary)).toBe(false);
  const holding = codec.sealed.filter(({ plain }) => plain.includes(canary));
  // Behind the header, which all of them share: any 24 bytes hold one of these windows whole.
  const windows = new Map<number, { readonly window: Buffer; readonly of: number }[]>();
  for (const [of, { bytes }] of holding.entries()) {
    const whole = Buffer.from(bytes);
    for (let at = 3; at + 16 <= whole.length; at += 8) {
      const window = whole.subarray(at, at + 16);
      const begin = window.readUInt32LE(0);
      windows.set(begin, [...(windows.get(begin) ?? []), { window, of }]);
    }
  }
  const found = new Set<number>();
  for (let at = 0; at + 16 <= present.length; at += 1) {
    for (const { window, of } of windows.get(present.readUInt32LE(at)) ?? []) {
      if (window.equals(present.subarray(at, at + 16))) found.add(of);
    }
  }
  return found.size;
}

function movableClock(): Clock & { addDays(days: number): void } {
  let aheadMs = 0;
  return {
    now: () => systemClock.now() + aheadMs,
    monotonicMs: systemClock.monotonicMs,
    addDays: (count) => {
      aheadMs += count * dayMs;
    },
  };
}

async function setUp(open: () => Promise<Place>) {
  const place = await open();
  const { store } = place;
  const clock = movableClock();
  const provider = scriptedProvider({
    submit: async (_submission, { reference = '' }) => ({ outcome: 'ACCEPTED', reference }),
  });
  const core = await messagingCore({ store, providers: [provider], clock });
  const webhooks = webhookCore(store, { clock });
  const retention = (over = store, kept = days) =>
    createRetention({ store: over, ...core, webhooks: webhooks.webhooks, days: kept, clock, log: runLog });
  let sent = 0;
  const deliver = async (text: string, to: string) => {
    sent += 1;
    const message = await core.send({ text, to, clientRef: `order ${sent}` });
    await core.reports.receive({ ...reportOf(`SERIAL${sent}`), to });
    return message.id;
  };
  const reload = async (id: string) => (await core.load(id)) ?? expect.unreachable();
  return { place, store, clock, core, webhooks, retention, deliver, reload };
}

const oldText = 'canary-of-a-text-long-ago';
const newText = 'canary-of-a-text-of-late';
const oldPhone = '01055507777';
const newPhone = '01066608888';

const drivers: [string, () => Promise<Place>][] = [
  ['the embedded store', embedded],
  ...(hasRedisServer ? ([['Redis', redis]] satisfies [string, () => Promise<Place>][]) : []),
];

describe.each(drivers)('what is kept no longer, on %s', (_name, open) => {
  it('is shown no more, and is in no file in any form', async () => {
    const { place, store, clock, core, webhooks, retention, deliver, reload } = await setUp(open);
    const old: string[] = [];
    // Of many lengths, so that what goes has stood in pages of its own and in pages with others.
    for (let nth = 0; nth < 24; nth += 1) {
      old.push(await deliver(`${oldText} ${'.'.repeat(37 * nth)}`, oldPhone));
    }
    await webhooks.receive(pushBody(oldText));
    clock.addDays(20);
    const young: string[] = [];
    for (let nth = 0; nth < 8; nth += 1) young.push(await deliver(newText, newPhone));
    clock.addDays(10.5);
    expect(await tracesOf(oldText, place)).toBeGreaterThanOrEqual(24);

    // The control: what is only removed is still in the files.
    await retention({ ...store, erase: async () => undefined }).sweep();
    expect(await tracesOf(oldText, place)).toBeGreaterThan(0);
    await store.erase();
    expect(await tracesOf(oldText, place)).toBe(0);
    expect(await tracesOf(newText, place)).toBeGreaterThanOrEqual(8);
    for (const id of old) expect(await reload(id)).toMatchObject({ text: '', to: oldPhone, state: 'DELIVERED' });
    for (const id of young) expect(await reload(id)).toMatchObject({ text: newText, to: newPhone });

    clock.addDays(60);
    expect(await tracesOf(oldPhone, place)).toBeGreaterThan(0);
    const sweeper = retention();
    await sweeper.sweep();
    expect(await tracesOf(oldPhone, place)).toBe(0);
    expect(await tracesOf(newText, place)).toBe(0);
    expect(await tracesOf(newPhone, place)).toBeGreaterThan(0);
    const found = await core.reader.messagePage(tenant.id, { first: 100 }, { to: oldPhone });
    expect(found.edges.map(({ node }) => node.id)).toEqual(old);
    expect(found.edges.map(({ node }) => node.to)).toEqual(old.map(() => ''));
    const reports = await core.reader.reportPage(tenant.id, { first: 24 }, {});
    expect(reports.edges.map(({ node }) => node.report.to)).toEqual(old.map(() => ''));
  });

  it('leaves nothing behind once its record is due, and tells a stream that it is gone', async () => {
    const { place, clock, core, webhooks, retention, deliver } = await setUp(open);
    const first = await deliver(oldText, oldPhone);
    await webhooks.receive(pushBody('r1'));
    const cursor = core.messages.log(tenant.id).cursorAt(0);
    clock.addDays(31);
    await retention().sweep();
    const [webhook = expect.unreachable()] = await webhooks.listed(unmatchedOwner);
    await expect(webhooks.reader.replay([unmatchedOwner], webhook.id)).rejects.toMatchObject({
      fields: [{ rule: 'FORGOTTEN' }],
    });
    for (const wait of [60, 275]) {
      clock.addDays(wait);
      await retention().sweep();
    }
    expect(await core.load(first)).toBeUndefined();
    // By the number of accounts and tenants, whatever they send.
    const bounded = /^(head:|token:|log:|meta$|index:queued-tenants\/)/;
    expect((await place.lasting()).filter((key) => !bounded.test(key))).toEqual([]);

    const last = await deliver(newText, newPhone);
    const items = await core.reader.messageChanges(tenant.id, { after: cursor, filter: {} });
    const [gap, event] = await take(items, 2);
    expect(gap).toMatchObject({ type: 'GAP', reason: 'RETENTION', fromCursor: cursor });
    expect(event).toMatchObject({ type: 'EVENT', event: { message: { id: last } } });
    expect((await core.reader.messagePage(tenant.id, {}, {})).edges.map(({ node }) => node.id)).toEqual([last]);
  });
});

describe('what is not due', () => {
  it('is a text that has not left yet, or left less long ago, however long ago it was accepted', async () => {
    const { clock, core, retention, reload } = await setUp(embedded);
    const sendAt = clock.now() + 20 * dayMs;
    const { id } = await core.send({ text: oldText, sendAt, wait: 'QUEUED' });
    clock.addDays(10);
    await retention(undefined, { textDays: 1, phoneDays: 1, recordDays: 8 }).sweep();
    expect(await reload(id)).toMatchObject({ text: oldText, state: 'QUEUED' });
    clock.addDays(10);
    await until(async () => (await reload(id)).state === 'SUBMITTED');
    await core.reports.receive(reportOf('SERIAL1'));
    clock.addDays(11);
    await retention().sweep();
    expect(await reload(id)).toMatchObject({ text: oldText, state: 'DELIVERED' });
    clock.addDays(20);
    await retention().sweep();
    expect(await reload(id)).toMatchObject({ text: '', state: 'DELIVERED' });
  });

  it('are images, until the text goes with them', async () => {
    const { clock, core, retention, reload } = await setUp(embedded);
    const image = { fileName: 'a.jpg', data: jpeg(900).toString('base64') };
    const { id } = await core.send({ images: [image] });
    await core.reports.receive(reportOf('SERIAL1'));
    expect(await core.messages.images(await reload(id))).toHaveLength(1);
    const before = await reload(id);
    clock.addDays(31);
    await retention().sweep();
    expect(await core.messages.images(before)).toEqual([]);
  });
});

describe('what was begun', () => {
  it('goes on after the process died between removing and erasing', async () => {
    const { place, store, clock, retention, deliver } = await setUp(embedded);
    await deliver(oldText, oldPhone);
    clock.addDays(31);
    const died = retention({ ...store, erase: () => Promise.reject(new Error('killed')) });
    await died.sweep();
    expect(await tracesOf(oldText, place)).toBeGreaterThan(0);
    // Nothing is due any more: what is owed is known from the store.
    await retention().sweep();
    expect(await tracesOf(oldText, place)).toBe(0);
  });
});
