/**
 * A SecureKey simulator for one test, its clock standing still unless the test moves it, a client made of node's own
 * fetch, and a listener for its webhooks.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createSecureKeySimulator, type SecureKeySimulatorOptions } from '../../src/simulators/securekey/simulator.ts';

export const START = Date.parse('2026-03-02T03:04:05.678Z');
export const API_KEY = '2fa_test_key';
export const PHONE = '01012345678';
export const EMAIL = 'someone@example.com';

export async function startSecureKeySimulator(options: Partial<SecureKeySimulatorOptions> = {}) {
  const clock = { at: START, now: () => clock.at, monotonicMs: () => clock.at };
  const unlimited = { callsPerMinute: 1_000_000, sendsPerMinute: 1_000_000, attemptsPerMinute: 1_000_000 };
  const simulator = createSecureKeySimulator({ apiKey: API_KEY, clock, ...unlimited, ...options });
  onTestFinished(() => simulator.stop());
  const { url } = await simulator.start();

  /** `headers` override; a null one is left out. */
  async function call(path: string, body?: unknown, headers: Record<string, string | null> = {}, method = 'POST') {
    const all = { 'x-api-key': API_KEY, 'content-type': 'application/json', ...headers };
    const response = await fetch(`${url}/api/v1/${path}`, {
      method,
      headers: Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  /** Sends a code by SMS, and says which it was. */
  async function sentCode(purpose = 'login'): Promise<string> {
    await call('otp/send', { phone: PHONE, purpose });
    return simulator.lastCode({ phone: PHONE })?.code ?? '';
  }

  /** Registers a device, sends a push, and gives its requestId. */
  async function sentPush(userId = 'user_123'): Promise<string> {
    await call('push/devices', { userId, fcmToken: `fcm_${userId}`, platform: 'ios' });
    const { json } = await call('push/send', { userId, title: '로그인 승인 요청' });
    return json.data.requestId;
  }
  return { simulator, clock, call, url, sentCode, sentPush };
}

export interface HeardWebhook {
  readonly signature: string | undefined;
  readonly raw: Buffer;
  readonly json: {
    readonly event: string;
    readonly channel: string;
    readonly data: Readonly<Record<string, string>>;
    readonly timestamp: string;
  };
}

/** Hears webhooks and answers each with the next of `answers`, then with 200; undefined hangs up. */
export async function startWebhookListener(answers: (number | undefined)[] = []) {
  const heard: HeardWebhook[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const raw = Buffer.concat(parts);
    const signature = request.headersDistinct['x-securekey-signature']?.[0];
    heard.push({ signature, raw, json: JSON.parse(raw.toString('utf8')) });
    const answer = answers.length > 0 ? answers.shift() : 200;
    if (answer === undefined) request.socket.destroy();
    else response.writeHead(answer).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, heard };
}
