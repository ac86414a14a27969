import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { bcryptVerify } from 'hash-wasm';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { ProviderUnavailable } from '../../../src/core/errors.ts';
import type { CommerceCredentials } from '../../../src/providers/naver-commerce/credentials.ts';
import {
  createSigner,
  type SignerOptions,
  startSignatureWorker,
} from '../../../src/providers/naver-commerce/signer.ts';
import { CLIENT_ID, CLIENT_SECRET, failureOf, provider } from './account.ts';

const vectorsFile = new URL('../../contract/vectors.json', import.meta.url);
const vectors = (
  JSON.parse(readFileSync(vectorsFile, 'utf8')) as {
    commerce: (CommerceCredentials & { timestamp: number; signature: string })[];
  }
).commerce;

function signer(options: Partial<SignerOptions> = {}) {
  const credentials = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  const made = createSigner({ credentials, clock: systemClock, ...options });
  onTestFinished(() => made.stop());
  return made;
}

/** A worker that is started in the place of the right one. */
const worker = (code: string): Worker => new Worker(code, { eval: true });

describe('the signature', () => {
  it('has vectors', () => expect(vectors).toHaveLength(2));

  it.each(vectors)(
    'of $clientId at $timestamp is that of the document',
    async ({ signature, timestamp, ...credentials }) => {
      expect(await signer({ credentials }).sign(timestamp)).toBe(signature);
    },
  );

  it('verifies by another bcrypt, for any id and any time', async () => {
    const ids = fc.stringMatching(/^[\x21-\x7e]{1,58}$/);
    const oneOf = fc.tuple(ids, fc.constantFrom('$2a$', '$2b$', '$2y$'), fc.integer({ min: 0, max: 4e12 }));
    await fc.assert(
      fc.asyncProperty(oneOf, async ([clientId, version, timestamp]) => {
        const credentials = { clientId, clientSecret: CLIENT_SECRET.replace('$2a$', version) };
        const made = createSigner({ credentials, clock: systemClock });
        const text = await made.sign(timestamp).finally(() => made.stop());
        expect(text).toMatch(/^[A-Za-z0-9]{80}$/);
        const hash = Buffer.from(text, 'base64').toString('utf8');
        expect(hash.slice(0, 4)).toBe(version);
        expect(await bcryptVerify({ password: `${clientId}_${timestamp}`, hash })).toBe(true);
        expect(await bcryptVerify({ password: `${clientId}_${timestamp + 1}`, hash })).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  it('is made for each of many that ask at once, by one thread', async () => {
    let started = 0;
    const { sign } = signer({
      startWorker(credentials) {
        started += 1;
        return startSignatureWorker(credentials);
      },
    });
    const timestamps = Array.from({ length: 20 }, (_, index) => 1_700_000_000_000 + index);
    const signatures = await Promise.all(timestamps.map(sign));
    expect(new Set(signatures).size).toBe(20);
    expect(await sign(timestamps[7] as number)).toBe(signatures[7]);
    expect(started).toBe(1);
  });
});

describe('the signing thread', () => {
  it('starts with the provider, before anybody waits for it', () => {
    let started = 0;
    const startWorker = () => {
      started += 1;
      return worker('');
    };
    provider('http://127.0.0.1:9/external', { startsSigning: true, startWorker });
    expect(started).toBe(1);
  });

  const ends: [string, string][] = [
    ['ends', 'process.exit(1)'],
    ['throws', 'setImmediate(() => { throw new Error("CANARY"); })'],
    ['ends while it signs', 'require("node:worker_threads").parentPort.on("message", () => process.exit(1))'],
  ];
  it.each(ends)('that %s costs what it was asked, which was not sent; the next call has a new one', async (_, code) => {
    const threads = [worker(code)];
    const made = signer({ startWorker: (credentials) => threads.pop() ?? startSignatureWorker(credentials) });
    const failures = await Promise.all([failureOf(made.sign(1)), failureOf(made.sign(2))]);
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(ProviderUnavailable);
      expect(failure).toMatchObject({ outcome: 'NOT_ACCEPTED', origin: { code: 'SIGNING_FAILED' } });
    }
    expect(JSON.stringify(failures)).not.toContain('CANARY');
    expect(await made.sign(3)).toMatch(/^[A-Za-z0-9]{80}$/);
  });

  it('that never answers is given up', async () => {
    const stuck = worker('require("node:worker_threads").parentPort.on("message", () => { for (;;); })');
    const exited = new Promise((resolve) => stuck.once('exit', resolve));
    const threads = [stuck];
    const made = signer({
      signTimeoutMs: 100,
      startWorker: (credentials) => threads.pop() ?? startSignatureWorker(credentials),
    });
    expect(await failureOf(made.sign(1))).toMatchObject({ outcome: 'NOT_ACCEPTED' });
    await exited;
  });

  it('keeps no process alive', async () => {
    const credentials = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
    const program = `
      const { createSigner } = await import(${JSON.stringify(import.meta.resolve('../../../src/providers/naver-commerce/signer.ts'))});
      const signer = createSigner({ credentials: ${JSON.stringify(credentials)}, clock: { now: Date.now } });
      console.log((await signer.sign(1)).length);`;
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
    expect((await run).stdout).toBe('80\n');
  });

  it('ends with the account, and what waits for it fails', async () => {
    const made = signer();
    const waiting = failureOf(made.sign(1));
    await made.stop();
    expect(await waiting).toMatchObject({ outcome: 'NOT_ACCEPTED', origin: { code: 'STOPPED' } });
    expect(await failureOf(made.sign(2))).toMatchObject({ origin: { code: 'STOPPED' } });
  });
});

describe('an account', () => {
  const unread = 'http://127.0.0.1:9/external';
  it.each(['', '$2a$04$short', '$2a$03$abcdefghijklmnopqrstuv', '$2a$32$abcdefghijklmnopqrstuv', `${CLIENT_SECRET}\n`])(
    'is refused for the secret %j, which is not quoted',
    (clientSecret) => {
      const make = () => provider(unread, { clientSecret });
      expect(make).toThrow(/clientSecret must be a client secret .*\$ was not expanded/);
      if (clientSecret !== '') expect(make).not.toThrow(clientSecret);
    },
  );

  it.each(['', 'a b', 'a\n', '한글', 'a'.repeat(59)])('is refused for the id %j', (clientId) => {
    expect(() => provider(unread, { clientId })).toThrow(/clientId must be/);
  });
});
