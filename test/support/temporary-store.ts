/** The real embedded store on a folder of its own, gone when the test is. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gwanmun-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function temporaryStore(): Promise<Store> {
  const dataDir = await temporaryFolder();
  const store = await openEmbeddedStore({ dataDir, codec: createRecordCodec(randomBytes(32)) });
  onTestFinished(() => store.close());
  return store;
}
