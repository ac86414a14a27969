/** A headless Chromium that can reach loopback only, and tells whether anything else was asked for. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-store.ts';

export const chromiumPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
  .find((path) => existsSync(path));

export interface Browser {
  readonly context: BrowserContext;
  /** What was asked of any host but loopback. */
  readonly foreign: readonly string[];
  /** What the pages reported as errors. */
  readonly errors: readonly string[];
}

const isLoopback = (url: URL): boolean =>
  ['127.0.0.1', 'localhost'].includes(url.hostname) || /^(blob|data|about):$/.test(url.protocol);

/** On a profile of its own, gone when the test is. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  const context = await chromium.launchPersistentContext(await temporaryFolder(), {
    executablePath,
    headless: true,
    viewport: { width: 1440, height: 900 },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
  onTestFinished(() => context.close());
  // Shorter than a test's, so that a failure names what never came.
  context.setDefaultTimeout(15_000);
  const foreign: string[] = [];
  const errors: string[] = [];
  await context.route(
    (url) => !isLoopback(url),
    (route) => {
      foreign.push(route.request().url());
      return route.abort();
    },
  );
  context.on('page', (page) => {
    page.on('websocket', (socket) => {
      if (!isLoopback(new URL(socket.url()))) foreign.push(socket.url());
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
  });
  return { context, foreign, errors };
}
