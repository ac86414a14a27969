import { fileURLToPath } from 'node:url';
import jsQr from 'jsqr';
import { URI } from 'otpauth';
import type { Locator, Page } from 'playwright-core';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser } from '../support/browser.ts';
import { apiKey, startGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

const isPictured = process.env['UPDATE_SCREENSHOTS'] !== undefined;
const screenshot = fileURLToPath(new URL('../../docs/demo.png', import.meta.url));

if (chromiumPath === undefined) process.stderr.write('The demo is not tested: there is no chromium here.\n');

const card = (page: Page, name: string): Locator => page.getByRole('region', { name });
const journal = (page: Page): Locator => card(page, 'What went over GraphQL');
const press = (where: Locator, name: string): Promise<void> => where.getByRole('button', { name }).click();
const says = async (where: Locator, text: string | RegExp): Promise<void> => {
  const status = where.getByRole('status');
  await status
    .getByText(text)
    .first()
    .waitFor()
    .catch(async () => expect(await status.textContent()).toMatch(text));
};

const sandbox = { GWANMUN_API_KEY: '', SENDER_NUMBERS: '' };

/** The sandbox as `npm start` has it, with a browser on a machine that has a fingerprint reader. */
async function openDemo(env: Record<string, string> = sandbox) {
  if (chromiumPath === undefined) throw new Error('There is no chromium.');
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...env });
  const browser = await openBrowser(chromiumPath);
  const page = await browser.context.newPage();
  const devTools = await browser.context.newCDPSession(page);
  await devTools.send('WebAuthn.enable');
  await devTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await page.goto(`${gateway.url}/demo`);
  const simulators = async (path: string): Promise<Record<string, string>> => {
    const response = await fetch(`${gateway.app.providers.controlUrl}${path}`);
    return (await response.json()) as Record<string, string>;
  };
  return { gateway, browser, page, simulators };
}

/** What an authenticator app makes of the image. */
async function scan(image: Locator) {
  const source = (await image.getAttribute('src')) ?? '';
  const { data, width, height } = PNG.sync.read(Buffer.from(source.split(',')[1] ?? '', 'base64'));
  const uri = jsQr.default(new Uint8ClampedArray(data), width, height)?.data ?? '';
  return { uri, code: URI.parse(uri).generate() };
}

/** As many digits, of which none is right. */
const another = (code: string): string => code.replace(/\d/g, (digit) => String((Number(digit) + 1) % 10));

async function registerPasskey(page: Page): Promise<void> {
  await press(card(page, 'Passkey'), 'Register');
  await says(card(page, 'Passkey'), 'The passkey is registered: My laptop');
}

async function askForCode(page: Page, route: string): Promise<void> {
  const code = card(page, 'One-time code');
  await code.getByRole('combobox').selectOption(route);
  await press(code, 'Send a code');
  await says(code, 'The code was sent.');
}

async function enterCode(where: Locator, code: string): Promise<void> {
  await where.getByRole('textbox', { name: /code/i }).fill(code);
  await press(where, 'Verify');
}

async function setUpTotp(page: Page) {
  await press(card(page, 'Authenticator app'), 'Set up');
  await says(card(page, 'Authenticator app'), 'Scan the QR code');
  return scan(card(page, 'Authenticator app').getByRole('img'));
}

async function askForApproval(page: Page): Promise<void> {
  await press(card(page, 'Push approval'), 'Ask for approval');
  await says(card(page, 'Push approval'), /PENDING/);
}

describe.runIf(chromiumPath !== undefined)(
  'the demo in a browser that reaches loopback only',
  { timeout: 60_000 },
  () => {
    it('stands on localhost, where it registers a passkey, signs in with it, and makes none twice', async () => {
      const { browser, page } = await openDemo();
      expect(new URL(page.url()).hostname).toBe('localhost');
      const passkey = card(page, 'Passkey');
      await registerPasskey(page);
      expect(await passkey.getByRole('listitem').allTextContents()).toEqual([expect.stringMatching(/^My laptop · /)]);

      await press(passkey, 'Sign in');
      await says(passkey, 'Signed in as user_123.');

      await press(passkey, 'Register');
      await says(passkey, 'This device is registered already.');
      expect(browser.errors).toEqual([]);
      expect(browser.foreign).toEqual([]);
    });

    it.each([
      ['SMS SECUREKEY', 'That is not the code.'],
      ['SMS SENS', 'That is not the code. Tries left: 4.'],
      ['SMS NGS', 'That is not the code. Tries left: 4.'],
      ['EMAIL SECUREKEY', 'That is not the code.'],
    ])(
      'asks for a code by %s, tells what is left after a wrong one, and takes the right one',
      async (route, refusal) => {
        const { browser, page, simulators } = await openDemo();
        const form = card(page, 'One-time code');
        await askForCode(page, route);
        const command = (await form.getByText('curl').textContent()) ?? '';
        const { code = '' } = await simulators(/http:\/\/[^/]+(.*)"/.exec(command)?.[1] ?? '');
        expect(code).toMatch(/^\d{6}$/);

        await enterCode(form, another(code));
        await says(form, refusal);
        await enterCode(form, code);
        await says(form, 'Verified.');
        expect(browser.errors).toEqual([]);
        expect(browser.foreign).toEqual([]);
      },
    );

    it('shows an authenticator app its QR code, and takes the code of the app', async () => {
      const { browser, page } = await openDemo();
      const app = card(page, 'Authenticator app');
      const { uri, code } = await setUpTotp(page);
      expect(await app.getByText('otpauth://').textContent()).toBe(uri);
      await enterCode(app, another(code));
      await says(app, 'That is not the code.');
      await enterCode(app, code);
      await says(app, 'Verified.');
      expect(browser.errors).toEqual([]);
      expect(browser.foreign).toEqual([]);
    });

    it('watches a push approval become approved, and the next one denied', async () => {
      const { browser, page } = await openDemo();
      const push = card(page, 'Push approval');
      await press(push, 'Register device');
      await says(push, 'The device is registered.');

      await askForApproval(page);
      // From here only the subscription can tell it.
      await journal(page).getByText('PushApproval → PENDING').waitFor();
      await press(push, 'Approve');
      await says(push, /APPROVED/);
      await journal(page).getByText('PushApprovalChanges → PushApprovalChanged').waitFor();

      await askForApproval(page);
      await press(push, 'Deny');
      await says(push, /DENIED/);
      expect(browser.errors).toEqual([]);
      expect(browser.foreign).toEqual([]);
    });

    it('asks for the key where the sandbox made none, and does nothing without it', async () => {
      const { page } = await openDemo({});
      const passkey = card(page, 'Passkey');
      await press(passkey, 'Register');
      expect(await passkey.getByRole('status').textContent()).toBe('');
      await page.getByLabel('API key').fill(apiKey);
      await registerPasskey(page);
    });

    it('does all of it side by side, each card with its own word', async () => {
      const { browser, page } = await openDemo({ ...sandbox, ...(isPictured && { GWANMUN_SIMULATOR_PORT: '4001' }) });
      await registerPasskey(page);
      await askForCode(page, 'SMS SENS');
      await setUpTotp(page);
      await press(card(page, 'Push approval'), 'Register device');
      await says(card(page, 'Push approval'), 'The device is registered.');
      await askForApproval(page);
      await journal(page).getByText('PushApproval → PENDING').waitFor();
      expect(await page.getByRole('status').allTextContents()).toEqual([
        expect.stringContaining('The passkey is registered'),
        expect.stringContaining('The code was sent'),
        expect.stringContaining('Scan the QR code'),
        expect.stringContaining('PENDING'),
      ]);
      if (isPictured) await page.screenshot({ path: screenshot, fullPage: true });
      expect(browser.errors).toEqual([]);
      expect(browser.foreign).toEqual([]);
    });
  },
);
