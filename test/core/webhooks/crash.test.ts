import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../../src/core/store.ts';
import { openEmbeddedStore } from '../../../src/store/embedded.ts';
import { createRecordCodec } from '../../../src/store/record-codec.ts';
import { temporaryFolder } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';
import { effectsIn, pushBody, sign, signatureHeader, webhookCore } from '../../support/webhooks.ts';

const script = fileURLToPath(new URL('../../support/webhook-crasher.ts', import.meta.url));

interface Crasher {
  readonly process: ChildProcess;
  /** What it printed so far. */
  said(): string;
}

function load(dataDir: string, order: 'STORE_FIRST' | 'ANSWER_FIRST'): Crasher {
  const child = spawn(process.execPath, ['--import', 'tsx', script, dataDir, order], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += String(chunk);
  });
  return { process: child, said: () => said };
}

/** Where it listens, once the one before has let go of the folder. */
async function open({ process: child, said }: Crasher): Promise<string> {
  child.stdin?.write('open\n');
  await until(() => said().includes('port ') || child.exitCode !== null);
  return `http://127.0.0.1:${/port (\d+)/.exec(said())?.[1]}/webhooks/securekey`;
}

/** The status, or DEAD where the process died without an answer. */
async function post(url: string, requestId: string): Promise<number | 'DEAD'> {
  const body = pushBody(requestId);
  const headers = { [signatureHeader]: await sign(body) };
  return fetch(url, { method: 'POST', body, headers }).then(
    ({ status }) => status,
    () => 'DEAD',
  );
}

const dead = async ({ process: child }: Crasher): Promise<void> => {
  if (child.signalCode === null) await once(child, 'exit');
};

async function reopen(dataDir: string): Promise<Store> {
  const store = await openEmbeddedStore({ dataDir, codec: createRecordCodec(new Uint8Array(32).fill(7)) });
  onTestFinished(() => store.close());
  return store;
}

it('loses nothing to 50 kills between storing and answering, and each has one effect', async () => {
  const kills = 50;
  const dataDir = await temporaryFolder();
  let next = load(dataDir, 'STORE_FIRST');
  for (let at = 0; at < kills; at += 1) {
    const crasher = next;
    const url = await open(crasher);
    next = load(dataDir, 'STORE_FIRST');
    // Its sender, who heard nothing of the last one, tries again.
    if (at > 0) expect(await post(url, `r${at - 1}`)).toBe(200);
    expect(await post(url, `r${at}`)).toBe('DEAD');
    await dead(crasher);
  }
  next.process.kill('SIGKILL');

  const store = await reopen(dataDir);
  const core = webhookCore(store, { everyMs: 20, holdMs: 200 });
  const sent = Array.from({ length: kills }, (_, at) => `r${at}`);
  for (const requestId of sent) core.effect.tenantOf.set(requestId, 'one');
  core.work.start();
  await until(async () => (await effectsIn(store)).length >= kills);
  await core.work.stop();
  const expected = [...sent].sort();
  expect((await effectsIn(store)).sort()).toEqual(expected);
  const listed = await core.listed('one');
  const bodies = await core.reader.bodies(listed.map(({ id }) => id));
  expect(bodies.map((body) => JSON.parse(String(body)).requestId).sort()).toEqual(expected);
  // All but the last were sent again, and known again.
  expect(listed.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(kills - 1);
}, 240_000);

it('would lose one that was answered before it was stored', async () => {
  const dataDir = await temporaryFolder();
  const crasher = load(dataDir, 'ANSWER_FIRST');
  expect(await post(await open(crasher), 'r1')).toBe(200);
  await dead(crasher);
  expect(await webhookCore(await reopen(dataDir)).listed('one')).toEqual([]);
});
