/**
 * A Naver Commerce simulator for one test, its clock standing still unless the test moves it, and a client made of
 * node's own fetch. Its secret's salt is 16 zero bytes, so that signing takes no decoding of salts here.
 */
import { bcrypt } from 'hash-wasm';
import { onTestFinished } from 'vitest';
import {
  createNaverCommerceSimulator,
  type NaverCommerceSimulatorOptions,
} from '../../src/simulators/naver-commerce/simulator.ts';

export const START = Date.parse('2026-03-02T03:04:05.678Z');
export const MINUTE_MS = 60_000;
export const TOKEN = '/v1/oauth2/token';
export const ORDERS = '/v1/pay-order/seller/product-orders';
const CLIENT_ID = 'simulated';
const CLIENT_SECRET = `$2a$04$${'.'.repeat(22)}`;

export async function sign(timestamp: number, clientId = CLIENT_ID): Promise<string> {
  const password = `${clientId}_${timestamp}`;
  const hash = await bcrypt({ password, salt: new Uint8Array(16), costFactor: 4, outputType: 'encoded' });
  return Buffer.from(hash).toString('base64');
}

/** As the APIs want it: in Korea, milliseconds included. */
export const korea = (at: number): string => new Date(at + 9 * 3_600_000).toISOString().replace('Z', '+09:00');

/** No rate to speak of, unless the test asks for one. */
export async function startNaverCommerceSimulator(options: Partial<NaverCommerceSimulatorOptions> = {}) {
  const clock = { at: START, now: () => clock.at, monotonicMs: () => clock.at };
  const simulator = createNaverCommerceSimulator({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    ratePerSecond: 10_000,
    clock,
    ...options,
  });
  onTestFinished(() => simulator.stop());
  const { url } = await simulator.start();

  /** Node's own fetch: a client of nobody here. */
  async function call(method: string, target: string, body?: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${url}${target}`, { method, headers, ...(body !== undefined && { body }) });
    const text = await response.text();
    const json = /^[[{]/.test(text) ? JSON.parse(text) : undefined;
    return { status: response.status, headers: response.headers, text, json };
  }

  /** A good request for a SELF token; `changes` override, and a null one is left out. */
  async function form(changes: Record<string, string | null> = {}): Promise<string> {
    const all: Record<string, string | null> = {
      client_id: CLIENT_ID,
      timestamp: String(clock.at),
      grant_type: 'client_credentials',
      client_secret_sign: await sign(clock.at),
      type: 'SELF',
      ...changes,
    };
    const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null);
    return new URLSearchParams(given).toString();
  }
  const postForm = (body: string, target = TOKEN, contentType = 'application/x-www-form-urlencoded') =>
    call('POST', target, body, { 'content-type': contentType });
  const token = async (changes: Record<string, string | null> = {}) => postForm(await form(changes));

  /** With a token of its own, unless one is given. */
  async function api(method: string, target: string, body?: unknown, accessToken?: string) {
    const bearer = accessToken ?? (await token()).json.access_token;
    return call(method, target, body === undefined ? undefined : JSON.stringify(body), {
      authorization: `Bearer ${bearer}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    });
  }
  const entries = (event: string) => simulator.ledger.entries({ event });
  return { simulator, clock, url, call, form, postForm, token, api, entries };
}
