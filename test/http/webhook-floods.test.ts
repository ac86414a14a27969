import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { unmatchedOwner } from '../../src/core/webhooks/webhook-store.ts';
import { temporaryStore } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';
import { postRaw, postWebhook, serveWebhooks, type WebhookServing } from '../support/webhook-server.ts';
import { hmacSource, pushBody, sign, signatureHeader, type WebhookSetting, webhookCore } from '../support/webhooks.ts';

const wrong = `sha256=${'0'.repeat(64)}`;

async function setUp({ core: setting = {}, ...serving }: WebhookServing & { core?: WebhookSetting } = {}) {
  const core = webhookCore(await temporaryStore(), setting);
  const { url } = await serveWebhooks(core, serving);
  return { ...core, url, endpoint: `${url}/webhooks/securekey` };
}

/** How often each status was answered. */
function countsOf(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe('genuine webhooks', () => {
  it('is fifty a second on each account, and the others are not held up', async () => {
    const core = { sources: [hmacSource(), hmacSource({ account: 'second' })] };
    let nowMs = 0;
    const { endpoint } = await setUp({ core, endpoint: { maxPerSecond: 50, clock: { monotonicMs: () => nowMs } } });
    const signature = await sign('{}');
    const post = () => postRaw(endpoint, '{}', [signatureHeader, signature]);
    const answersTo = async (count: number): Promise<Record<number, number>> => {
      const answers = await Promise.all(Array.from({ length: count }, post));
      expect(answers.every(({ status, headers }) => (status === 429) === (headers['retry-after'] === '1'))).toBe(true);
      const of = (wanted: number): number => answers.filter(({ status }) => status === wanted).length;
      return { 200: of(200), 429: of(429) };
    };
    expect(await answersTo(120)).toEqual({ 200: 50, 429: 70 });
    expect(await postWebhook(`${endpoint}/second`, '{}', signature)).toBe(200);
    nowMs += 500;
    expect(await answersTo(30)).toEqual({ 200: 25, 429: 5 });
    nowMs += 60_000;
    expect(await answersTo(60)).toEqual({ 200: 50, 429: 10 });
  });
});

describe('a flood of forged webhooks', () => {
  const limits = { maxPerSecond: 50, maxForgedPerSecond: 10, clock: { monotonicMs: () => 0 } };

  it('makes no genuine one fail, and of itself is stored no more than its own room', async () => {
    const { endpoint, listed } = await setUp({ endpoint: limits });
    const flood = async (): Promise<number[]> =>
      Promise.all(Array.from({ length: 80 }, (_, at) => postWebhook(endpoint, `forged ${at}`, wrong)));
    expect(countsOf(await flood())).toEqual({ 401: 80 });
    const genuine = await Promise.all(
      Array.from({ length: 40 }, async (_, at) =>
        postWebhook(endpoint, pushBody(`r${at}`), await sign(pushBody(`r${at}`))),
      ),
    );
    expect(countsOf(genuine)).toEqual({ 200: 40 });
    expect(countsOf(await flood())).toEqual({ 401: 80 });
    const kept = await listed(unmatchedOwner);
    expect(kept.filter(({ signatureValid }) => signatureValid)).toHaveLength(40);
    expect(kept.filter(({ signatureValid }) => !signatureValid)).toHaveLength(10);
  });

  it('makes no genuine one fail that comes in the midst of it', async () => {
    const { endpoint } = await setUp({ endpoint: limits });
    let over = false;
    const answers: number[] = [];
    const flood = async (): Promise<void> => {
      while (!over) answers.push(await postWebhook(endpoint, '{}', wrong));
    };
    const floods = Array.from({ length: 8 }, flood);
    await until(() => answers.length >= 80);
    for (let at = 0; at < 40; at += 1) {
      expect(await postWebhook(endpoint, pushBody(`r${at}`), await sign(pushBody(`r${at}`)))).toBe(200);
    }
    over = true;
    await Promise.all(floods);
    expect(countsOf(answers)).toEqual({ 401: answers.length });
  });
});

describe('bodies that do not come to their end', () => {
  it('are read so many at once on an account, and beyond that it says when to come again', async () => {
    const core = { sources: [hmacSource(), hmacSource({ account: 'second' })] };
    const { url, endpoint } = await setUp({ core, endpoint: { maxReading: 3 } });
    const open = Array.from({ length: 3 }, () => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => undefined);
      const head = `POST /webhooks/securekey HTTP/1.1\r\nhost: ${new URL(url).host}\r\ncontent-length: 10\r\n`;
      // Its answer is that the endpoint has begun to read.
      const begun = new Promise((resolve) => socket.once('data', resolve));
      socket.write(`${head}expect: 100-continue\r\n\r\n`);
      return { socket, begun };
    });
    await Promise.all(open.map(({ begun }) => begun));
    const signature = await sign('{}');
    const busy = await postRaw(endpoint, '{}', [signatureHeader, signature]);
    expect([busy.status, busy.headers['retry-after']]).toEqual([503, '1']);
    expect(JSON.parse(busy.text)).toMatchObject({ errors: [{ extensions: { code: 'BUSY' } }] });
    expect(await postWebhook(`${endpoint}/second`, '{}', signature)).toBe(200);
    open[0]?.socket.destroy();
    await until(async () => (await postWebhook(endpoint, '{}', signature)) === 200);
  });
});
