/**
 * A SENS simulator for one test, its clock standing still unless the test moves it, and a client made of node's own
 * fetch that signs what it is told.
 */
import { createHmac } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { createSensSimulator, type SensSimulatorOptions } from '../../src/simulators/sens/simulator.ts';

export const START = Date.parse('2026-03-02T03:04:05.678Z');
const SERVICE_ID = 'ncp:sms:kr:1:svc';
export const SERVICE = `/sms/v2/services/${SERVICE_ID}`;
export const MESSAGES = `${SERVICE}/messages`;
export const SENS_BODY = { type: 'SMS', from: '15880000', content: '안녕하세요', messages: [{ to: '01020001234' }] };

export const signature = (method: string, target: string, timestamp: string): string =>
  createHmac('sha256', 'SK').update(`${method} ${target}\n${timestamp}\nAK`).digest('base64');

export async function startSensSimulator(options: Partial<SensSimulatorOptions> = {}) {
  const clock = { at: START, now: () => clock.at, monotonicMs: () => clock.at };
  const simulator = createSensSimulator({
    serviceId: SERVICE_ID,
    accessKey: 'AK',
    secretKey: 'SK',
    registeredNumbers: ['15880000'],
    clock,
    ...options,
  });
  onTestFinished(() => simulator.stop());
  const { url } = await simulator.start();

  /** Node's own fetch: a client of nobody here. `headers` override; a null one is left out. */
  async function call(
    method: string,
    target: string,
    body?: unknown,
    headers: Record<string, string | null> = {},
    signedTarget = target,
  ) {
    const timestamp = headers['x-ncp-apigw-timestamp'] ?? String(clock.at);
    const all: Record<string, string | null> = {
      'x-ncp-apigw-timestamp': timestamp,
      'x-ncp-iam-access-key': 'AK',
      'x-ncp-apigw-signature-v2': signature(method, signedTarget, timestamp),
      ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
      ...headers,
    };
    const response = await fetch(`${url}${target}`, {
      method,
      headers: Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== null),
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const date = response.headers.get('date');
    return { status: response.status, date, text, json: /^[[{]/.test(text) ? JSON.parse(text) : undefined };
  }
  const post = (changes: object = {}) => call('POST', MESSAGES, { ...SENS_BODY, ...changes });
  const taken = () =>
    simulator.ledger.entries().filter((entry) => entry.outcome === 'TAKEN' && 'to' in (entry.fields ?? {}));
  return { simulator, clock, call, post, taken, url };
}
