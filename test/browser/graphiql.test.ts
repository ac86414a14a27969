import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser } from '../support/browser.ts';
import { apiKey, type Gateway, startGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

const screenshot = fileURLToPath(new URL('../../docs/graphiql.png', import.meta.url));
const operationFiles = readdirSync(new URL('../../schema/operations/', import.meta.url));

if (chromiumPath === undefined) process.stderr.write('GraphiQL is not tested: there is no chromium here.\n');

/** Monaco draws spaces as no-break spaces. */
const shows = (where: Locator, text: string): Promise<void> =>
  where
    .getByText(new RegExp(text.replaceAll(' ', '\\s')))
    .first()
    .waitFor();

const results = (page: Page): Locator => page.getByRole('region', { name: 'Result Window' });
const runButton = (page: Page): Locator => page.getByRole('button', { name: /^Execute query/ });

async function openTab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).getByRole('button', { name, exact: true }).click();
  await page.getByRole('tab', { name, selected: true }).waitFor();
  // GraphiQL knows the operation's name a moment after it shows the operation, and then puts both into the address.
  await page.waitForURL(({ searchParams }) => searchParams.get('query')?.includes(` ${name}(`) === true);
}

async function openGraphiql(gateway: Gateway) {
  if (chromiumPath === undefined) throw new Error('There is no chromium.');
  const browser = await openBrowser(chromiumPath);
  const newPage = async (): Promise<Page> => {
    const page = await browser.context.newPage();
    await page.goto(gateway.url);
    await runButton(page).waitFor();
    return page;
  };
  return { browser, newPage };
}

describe.runIf(chromiumPath !== undefined)(
  'GraphiQL in a browser that reaches loopback only',
  { timeout: 60_000 },
  () => {
    it('opens with the examples and the key, subscribes over WebSocket, and shows what sendSms sent', async () => {
      const gateway = await startGateway({
        GWANMUN_DATA_DIR: await temporaryFolder(),
        GWANMUN_API_KEY: '',
        SENDER_NUMBERS: '',
      });
      const { browser, newPage } = await openGraphiql(gateway);
      const page = await newPage();
      const sockets: string[] = [];
      page.on('websocket', (socket) => sockets.push(socket.url()));

      expect(await page.getByRole('tablist').getByRole('tab').count()).toBe(operationFiles.length);
      await shows(page.getByRole('region', { name: 'Headers' }), '"Bearer gwanmun_sandbox_');

      await openTab(page, 'NgsReports');
      await shows(page.getByRole('region', { name: 'Headers' }), '"Bearer gwanmun_sandbox_');
      await runButton(page).click();
      await shows(results(page), 'StreamCaughtUp');
      expect(sockets).toEqual([`${gateway.url.replace('http', 'ws')}/graphql`]);

      const other = await newPage();
      await openTab(other, 'SendSms');
      await runButton(other).click();
      await shows(results(other), '"__typename": "Message"');
      await shows(results(other), '"state": "SUBMITTED"');

      await shows(results(page), '"__typename": "NgsReport"');
      await shows(results(page), '"delivered": true');
      if (process.env['UPDATE_SCREENSHOTS'] !== undefined) await page.screenshot({ path: screenshot });
      expect(browser.errors).toEqual([]);
      expect(browser.foreign).toEqual([]);
    });

    it('subscribes over SSE with a key that was typed in, which GraphiQL does not hand to a WebSocket', async () => {
      const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });
      const { browser, newPage } = await openGraphiql(gateway);
      const page = await newPage();
      expect(await page.content()).not.toContain(apiKey);
      await openTab(page, 'NgsReports');
      const headers = page.getByRole('region', { name: 'Headers' }).getByRole('textbox');
      await headers.focus();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(JSON.stringify({ authorization: `Bearer ${apiKey}` }));
      // The editor has closed the quotes and braces that it saw opened.
      await page.keyboard.press('Control+Shift+End');
      await page.keyboard.press('Delete');
      await runButton(page).click();
      await shows(results(page), 'StreamCaughtUp');
      expect(browser.foreign).toEqual([]);
    });
  },
);
