/** The audits of GraphQL over HTTP against what `npm run build` makes, and what it does for callers without a key. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { serverAudits } from 'graphql-http';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { apiKey } from '../test/support/gateway.ts';
import { temporaryFolder } from '../test/support/temporary-store.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const send = 'mutation { sendSms(input: { idempotencyKey: "k", to: "01012345678", text: "t" }) { __typename } }';

beforeAll(() => promisify(execFile)('npm', ['run', 'build', '--silent'], { cwd: root }), 600_000);

async function startBuilt(): Promise<string> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    GWANMUN_SIMULATOR_PORT: '0',
    GWANMUN_API_KEY: apiKey,
    SENDER_NUMBERS: '15880000',
    GWANMUN_DATA_KEY: '42'.repeat(32),
    GWANMUN_DATA_DIR: await temporaryFolder(),
  };
  const child = spawn(process.execPath, ['dist/main.js'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(async () => {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  });
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += String(chunk);
      const url = /listens on (http:\S+)\/graphql/.exec(printed)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('close', () => reject(new Error(`The gateway ended: ${printed}`)));
  });
}

describe('the built server', () => {
  it('passes every audit of graphql-http with a key', async () => {
    const url = await startBuilt();
    const keyed = { authorization: `Bearer ${apiKey}`, 'graphql-preflight': '1' };
    const audits = serverAudits({
      url: `${url}/graphql`,
      fetchFn: (input: string, init: RequestInit = {}) =>
        fetch(input, { ...init, headers: { ...(init.headers as Record<string, string>), ...keyed } }),
    });
    const failed: string[] = [];
    for (const audit of audits) {
      const result = await audit.fn();
      if (result.status !== 'ok') failed.push(`${audit.id} ${audit.name}: ${result.reason}`);
    }
    print(`| audits | ${audits.length - failed.length} of ${audits.length} |`);
    expect(failed).toEqual([]);
    expect(audits).toHaveLength(61);
  });

  it('executes nothing without a key, on any transport', async () => {
    const url = await startBuilt();
    const post = (query: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ query }),
      });
    for (const accept of ['application/json', 'text/event-stream']) {
      for (const query of [send, '{ __typename }', '{ __schema { types { name } } }'])
        expect((await post(query, { accept })).status).toBe(401);
    }
    const search = new URLSearchParams({ query: '{ __typename }' });
    expect((await fetch(`${url}/graphql?${search}`, { headers: { 'graphql-preflight': '1' } })).status).toBe(401);

    for (const [messages, code] of [
      [[{ type: 'connection_init' }], 4403],
      [[{ type: 'subscribe', id: 'a', payload: { query: send } }], 4401],
    ] as const) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
      await once(socket, 'open');
      for (const message of messages) socket.send(JSON.stringify(message));
      expect((await once(socket, 'close'))[0]).toBe(code);
    }
    const listed = await post('{ messages { edges { cursor } } }', { 'x-api-key': apiKey });
    expect(await listed.json()).toEqual({ data: { messages: { edges: [] } } });
  });
});
