/** How soon a gateway takes new work again once its full disk has space: a tmpfs of a megabyte, filled and freed again and again. */
import { setTimeout as delay } from 'node:timers/promises';
import { print as printed } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SendSmsDocument } from '../test/generated/operations.ts';
import { type CompiledSource, compileSource } from '../test/support/compiled-source.ts';
import { apiKey } from '../test/support/gateway.ts';
import { loadGateway } from '../test/support/gateway-life.ts';
import { mayMount, mountSmallDisk } from '../test/support/small-disk.ts';

const rounds = Number(process.env['GWANMUN_CHAOS_FULL_DISKS'] ?? 10);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

let source: CompiledSource;
beforeAll(async () => {
  source = await compileSource();
}, 120_000);
afterAll(() => source.dispose());

/** Where nobody listens: what is accepted stays. */
const absentNgs = {
  NGS_HOST: '127.0.0.1',
  NGS_PORT: '1',
  NGS_ID: 'testid',
  NGS_PASSWORD: 'testpwd',
  NGS_SENDER_CODE: '101280092',
};

async function send(url: string, key: string): Promise<{ readonly __typename: string; readonly code?: string }> {
  const input = {
    idempotencyKey: key,
    clientRef: key,
    to: '01020000001',
    text: key,
    providers: ['NGS'],
    wait: 'QUEUED',
  };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query: printed(SendSmsDocument), variables: { input } }),
  });
  return ((await response.json()) as { data: { sendSms: { __typename: string; code?: string } } }).data.sendSms;
}

const isReady = async (url: string): Promise<boolean> => (await fetch(`${url}/readyz`)).ok;

async function listed(url: string): Promise<readonly string[]> {
  const query = '{ messages(first: 100) { edges { node { clientRef } } } }';
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
    body: JSON.stringify({ query }),
  });
  const { data } = (await response.json()) as {
    data: { messages: { edges: { node: { clientRef: string } }[] } };
  };
  return data.messages.edges.map(({ node }) => node.clientRef);
}

describe.runIf(mayMount)('a gateway whose disk was full', () => {
  it(`takes new work within 5 s of space, ${rounds} times, and has all that it accepted`, async () => {
    const tooks: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      const disk = mountSmallDisk();
      const life = loadGateway(source);
      onTestFinished(() => life.end('SIGKILL'));
      const env = {
        GWANMUN_PROFILE: 'production',
        PORT: '0',
        GWANMUN_API_KEY: apiKey,
        GWANMUN_DATA_KEY: '42'.repeat(32),
        GWANMUN_DATA_DIR: disk.folder,
        SENDER_NUMBERS: '15880000',
        ...absentNgs,
      };
      const url = (await life.begin({ env, clockAheadMs: 0 })) ?? '';
      const accepted = ['first', 'second', 'third'];
      for (const key of accepted) expect((await send(url, key)).__typename).toBe('Message');
      disk.fill();
      for (let code: string | undefined; code !== 'STORAGE_FULL'; ) {
        const key = `before${accepted.length}`;
        const answer = await send(url, key);
        if (answer.__typename === 'Message') accepted.push(key);
        code = answer.code;
      }
      while (await isReady(url)) await delay(20);
      disk.grow();
      const grownAt = performance.now();
      while ((await send(url, 'after')).__typename !== 'Message' || !(await isReady(url))) await delay(20);
      const tookMs = performance.now() - grownAt;
      tooks.push(tookMs);
      print(`| full disk ${round} | ${accepted.length} accepted before | taken again after ${tookMs.toFixed(0)} ms |`);
      expect([...(await listed(url))].sort()).toEqual([...accepted, 'after'].sort());
      await life.end('SIGKILL');
    }
    expect(Math.max(...tooks)).toBeLessThanOrEqual(5_000);
  });
});
