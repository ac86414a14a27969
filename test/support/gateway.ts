/** A whole gateway for a test: in this process, or as a process of its own that can be killed, with simulators beside it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TypedDocumentNode as Document } from '@graphql-typed-document-node/core';
import { type ExecutionResult, print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type App, startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Log } from '../../src/core/log.ts';
import {
  createNaverCommerceSimulator,
  type NaverCommerceSimulator,
} from '../../src/simulators/naver-commerce/simulator.ts';
import { createNgsSimulator, type NgsSimulator } from '../../src/simulators/ngs/simulator.ts';
import { createSecureKeySimulator, type SecureKeySimulator } from '../../src/simulators/securekey/simulator.ts';
import { createSensSimulator, type SensSimulator } from '../../src/simulators/sens/simulator.ts';
import { createSentbeSimulator, type SentbeSimulator } from '../../src/simulators/sentbe/simulator.ts';
import { keepOutput, mustNotBeLogged, runLog } from './run-log.ts';

export const apiKey = 'test-key-0123456789';
const callerNumbers = ['15880000', '0212345678'];
type Environment = Readonly<Record<string, string>>;

export interface Simulators {
  readonly ngs: NgsSimulator;
  readonly sens: SensSimulator;
  readonly securekey: SecureKeySimulator;
  readonly commerce: NaverCommerceSimulator;
  readonly sentbe: SentbeSimulator;
  /** The settings with which a gateway finds them. */
  readonly env: Environment;
}

export interface SimulatorSettings {
  readonly reportDelayMs?: number;
  readonly deliverAfterMs?: number;
  readonly smsTps?: number;
}

export async function startSimulators(settings: SimulatorSettings = {}): Promise<Simulators> {
  const { reportDelayMs = 20, deliverAfterMs = 20, smsTps = 9_999 } = settings;
  const ngsAccount = { id: 'testid', password: 'testpwd' };
  const sensKeys = { serviceId: 'ncp:sms:kr:1:svc', accessKey: 'AK', secretKey: 'SK' };
  const ngs = createNgsSimulator({
    ...ngsAccount,
    registeredNumbers: callerNumbers,
    reportDelayMs,
    tps: { sms: smsTps },
    certFloorMs: 0,
  });
  const sens = createSensSimulator({ ...sensKeys, registeredNumbers: callerNumbers, deliverAfterMs });
  const secureKeyKeys = { apiKey: '2fa_test_key', webhookSecret: 'webhook-secret-0123456789' };
  const securekey = createSecureKeySimulator({
    ...secureKeyKeys,
    callsPerMinute: 1_000_000,
    sendsPerMinute: 1_000_000,
    attemptsPerMinute: 1_000_000,
    webhookRetryDelayMs: 20,
  });
  const sentbeKeys = { partnerId: 'partner_1', accessId: 'access_0123456789', secretKey: 'sentbe-secret-0123456789' };
  const sentbe = createSentbeSimulator({ ...sentbeKeys, advanceMs: 20, approvalMs: 20 });
  const commerceKeys = { clientId: 'test-application', clientSecret: '$2a$04$abcdefghijklmnopqrstuu' };
  const commerce = createNaverCommerceSimulator({ ...commerceKeys, ratePerSecond: 10_000 });
  const [address, { url }, { url: secureKeyUrl }, { url: commerceUrl }, { url: sentbeUrl }] = await Promise.all([
    ngs.start(),
    sens.start(),
    securekey.start(),
    commerce.start(),
    sentbe.start(),
  ]);
  onTestFinished(async () => {
    for (const { ledger } of [ngs, sens, securekey]) {
      // A code in a text of ours, and in a call of SecureKey's.
      const codes = JSON.stringify(ledger.entries()).matchAll(/\[(\d{6})\]|"(?:code|token)":"(\d{6})"/g);
      for (const [, ours, theirs = ''] of codes) mustNotBeLogged(ours ?? theirs);
    }
    await Promise.all([ngs.stop(), sens.stop(), securekey.stop(), commerce.stop(), sentbe.stop()]);
  });
  return {
    ngs,
    sens,
    securekey,
    commerce,
    sentbe,
    env: {
      NGS_HOST: address.host,
      NGS_PORT: String(address.port),
      NGS_ID: ngsAccount.id,
      NGS_PASSWORD: ngsAccount.password,
      NGS_SENDER_CODE: '101280092',
      NGS_WINDOW: '64',
      SENS_SERVICE_ID: sensKeys.serviceId,
      SENS_ACCESS_KEY: sensKeys.accessKey,
      SENS_SECRET_KEY: sensKeys.secretKey,
      SENS_BASE_URL: url,
      SECUREKEY_API_KEY: secureKeyKeys.apiKey,
      SECUREKEY_BASE_URL: secureKeyUrl,
      SECUREKEY_WEBHOOK_SECRET: secureKeyKeys.webhookSecret,
      SECUREKEY_PUSH_RESPOND_PATH: '/push/respond',
      COMMERCE_CLIENT_ID: commerceKeys.clientId,
      COMMERCE_CLIENT_SECRET: commerceKeys.clientSecret,
      COMMERCE_BASE_URL: commerceUrl,
      SENTBE_PARTNER_ID: sentbeKeys.partnerId,
      SENTBE_ACCESS_ID: sentbeKeys.accessId,
      SENTBE_SECRET_KEY: sentbeKeys.secretKey,
      SENTBE_BASE_URL: sentbeUrl,
    },
  };
}

const commonEnv: Environment = {
  PORT: '0',
  GWANMUN_SIMULATOR_PORT: '0',
  GWANMUN_API_KEY: apiKey,
  SENDER_NUMBERS: callerNumbers.join(','),
  GWANMUN_DATA_KEY: '42'.repeat(32),
};

/** What no gateway may log of its settings, here and in a process of its own. */
function watchSecrets(env: Environment): void {
  for (const [name, value] of Object.entries({ ...commonEnv, ...env })) {
    if (/KEY|SECRET|PASSWORD|ACCESS_ID/.test(name) && /^[\w=+/-]{7,}$/.test(value)) mustNotBeLogged(value);
  }
}

export interface GatewayClient {
  readonly url: string;
  /** The same gateway, called with another key. */
  as(key: string): GatewayClient;
  post(body: unknown, headers?: Environment): Promise<Response>;
  /** Runs a document over HTTP; fails where the answer has errors. */
  query<Data, Variables>(document: Document<Data, Variables>, variables?: Variables): Promise<Data>;
  /** A graphql-ws client that never reconnects by itself. */
  socket(params?: Record<string, unknown>): Client;
  /** What a subscription says, over a socket of its own. */
  subscribe<Data, Variables>(
    document: Document<Data, Variables>,
    variables?: Variables,
  ): AsyncIterableIterator<Data> & { cut(): void };
  /** The same over SSE. */
  events<Data, Variables>(document: Document<Data, Variables>, variables?: Variables): AsyncIterableIterator<Data>;
}

export interface Gateway extends GatewayClient {
  readonly app: App;
  stop(): Promise<void>;
}

/** A gateway in this process. `env` names at least GWANMUN_DATA_DIR; an empty text takes a common setting away. */
export async function startGateway(env: Environment, log: Log = runLog): Promise<Gateway> {
  watchSecrets(env);
  const app = await startApp(loadConfig({ ...commonEnv, ...env }), log);
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= app.stop();
    return stopped;
  };
  onTestFinished(stop);
  return { ...gatewayClient(app.url, env['GWANMUN_API_KEY'] ?? apiKey), app, stop };
}

export interface GatewayProcess extends GatewayClient {
  readonly process: ChildProcess;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** A gateway in a process of its own, ready to be killed. */
export async function spawnGateway(env: Environment): Promise<GatewayProcess> {
  watchSecrets(env);
  const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { PATH: process.env['PATH'] ?? '', ...commonEnv, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  onTestFinished(() => kill('SIGKILL'));
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += String(chunk);
      keepOutput(String(chunk));
      const match = /listens on (http:\S+)\/graphql/.exec(printed);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.stderr.on('data', (chunk) => {
      printed += String(chunk);
      keepOutput(String(chunk));
      process.stderr.write(chunk);
    });
    // Not at its exit: what it said last may still be on the way.
    child.once('close', (code) => reject(new Error(`The gateway ended with ${code}: ${printed}`)));
  });
  return { ...gatewayClient(url, apiKey), process: child, kill };
}

function gatewayClient(url: string, key: string): GatewayClient {
  const endpoint = `${url}/graphql`;
  const authorization = { authorization: `Bearer ${key}` };
  const post = (body: unknown, headers: Environment = authorization): Promise<Response> =>
    fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const socket = (params: Record<string, unknown> = authorization): Client =>
    createClient({
      url: endpoint.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: params,
      retryAttempts: 0,
    });
  return {
    url,
    as: (other) => gatewayClient(url, other),
    post,
    socket,
    async query<Data, Variables>(document: Document<Data, Variables>, variables?: Variables): Promise<Data> {
      const response = await post({ query: print(document), variables });
      return dataOf((await response.json()) as ExecutionResult<Data>);
    },
    subscribe<Data, Variables>(document: Document<Data, Variables>, variables?: Variables) {
      const client = socket();
      const results = client.iterate<Data>({ query: print(document), variables: { ...variables } });
      const stream: AsyncIterableIterator<Data> & { cut(): void } = {
        async next() {
          const { done, value } = await results.next();
          return done ? { done, value: undefined } : { done: false, value: dataOf(value as ExecutionResult<Data>) };
        },
        async return() {
          await results.return?.();
          await client.dispose();
          return { done: true, value: undefined };
        },
        cut: () => client.terminate(),
        [Symbol.asyncIterator]() {
          return this;
        },
      };
      onTestFinished(() => void stream.return?.());
      return stream;
    },
    events<Data, Variables>(document: Document<Data, Variables>, variables?: Variables) {
      return readEvents<Data>(endpoint, { ...authorization }, { query: print(document), variables });
    },
  };
}

function dataOf<Data>(result: ExecutionResult<Data>): Data {
  if (result.errors !== undefined || result.data == null) throw new Error(`GraphQL: ${JSON.stringify(result)}`);
  return result.data;
}

/** The GraphQL-over-SSE protocol in its distinct connections mode. */
async function* readEvents<Data>(endpoint: string, headers: Environment, body: object): AsyncIterableIterator<Data> {
  const aborter = new AbortController();
  onTestFinished(() => aborter.abort());
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(body),
    signal: aborter.signal,
  });
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) throw new Error(await response.text());
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (/^event: complete$/m.test(block)) return;
      const data = /^data: (.+)$/m.exec(block)?.[1];
      if (data !== undefined) yield dataOf(JSON.parse(data) as ExecutionResult<Data>);
    }
  }
}
