import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { print } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  MessageChangesDocument,
  NgsReportsDocument,
  type NgsReportsSubscription,
  SendSmsDocument,
} from '../generated/operations.ts';
import { apiKey, type GatewayClient, spawnGateway, startGateway, startSimulators } from '../support/gateway.ts';
import { openInitialised, type RawSocket } from '../support/raw-socket.ts';
import { take } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';

type Payload = { data: Record<string, { __typename: string; cursor?: string; resumeAfter?: string }> };

/** A socket with two streams, each caught up, and the cursors that they were given. */
async function follow(gateway: GatewayClient): Promise<{ socket: RawSocket; cursors: Record<string, string> }> {
  const socket = await openInitialised(gateway.url, apiKey);
  const cursors: Record<string, string> = {};
  for (const [id, document] of Object.entries({
    ngsReport: NgsReportsDocument,
    messageChanged: MessageChangesDocument,
  })) {
    socket.send({ type: 'subscribe', id, payload: { query: print(document) } });
    const { payload } = await socket.next((message) => message.id === id);
    cursors[id] = (payload as Payload).data[id]?.cursor ?? '';
  }
  return { socket, cursors };
}

async function expectFarewell({ socket, cursors }: Awaited<ReturnType<typeof follow>>): Promise<void> {
  expect(await socket.closed).toBe(1001);
  for (const id of ['ngsReport', 'messageChanged']) {
    const [ended, complete, ...rest] = socket.messages.filter((message) => message.id === id);
    expect(ended).toMatchObject({
      type: 'next',
      payload: { data: { [id]: { __typename: 'StreamEnded', reason: 'SHUTDOWN', resumeAfter: cursors[id] } } },
    });
    expect(complete).toEqual({ type: 'complete', id });
    expect(rest).toEqual([]);
  }
}

/** A connection on which a request was begun, and waits for its end. */
async function beginRequest({ url }: GatewayClient, text: string): Promise<{ socket: Socket; heard(): string }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  let heard = '';
  socket.on('data', (chunk) => {
    heard += String(chunk);
  });
  await once(socket, 'connect');
  await new Promise<void>((resolve) => socket.write(text, () => resolve()));
  // Answered behind what was written above, so that too has been read.
  await fetch(`${url}/livez`);
  return { socket, heard: () => heard };
}

describe('a gateway that stops', () => {
  it('says from where to resume on every stream, completes it, and closes with 1001', async () => {
    const simulators = await startSimulators();
    const env = { GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env };
    const gateway = await startGateway(env);
    const sse = gateway.events(NgsReportsDocument);
    await take(sse, 1);
    const status = await openInitialised(gateway.url, apiKey);
    status.send({
      type: 'subscribe',
      id: 'status',
      payload: { query: 'subscription { providerStatus { provider } }' },
    });
    await status.next();
    const followers = await Promise.all(Array.from({ length: 20 }, () => follow(gateway)));

    const stopped = gateway.stop();
    for (const follower of followers) await expectFarewell(follower);
    const [ended, ...rest] = (await take(sse, 2)) as [NgsReportsSubscription];
    expect(ended.ngsReport).toMatchObject({ __typename: 'StreamEnded', reason: 'SHUTDOWN' });
    expect(rest).toEqual([]);
    expect(await status.closed).toBe(1001);
    expect(status.messages.at(-1)).toEqual({ type: 'complete', id: 'status' });
    await stopped;
    expect(gateway.app.liveStreams()).toBe(0);

    // The cursor of the farewell is worth what it says: what comes after it is not lost.
    const again = await startGateway(env);
    await again.query(SendSmsDocument, {
      input: { idempotencyKey: 'k', to: '01012345678', text: 'hello', providers: ['NGS'] },
    });
    const after = ended.ngsReport.__typename === 'StreamEnded' ? (ended.ngsReport.resumeAfter ?? '') : '';
    const resumed = await take(again.subscribe(NgsReportsDocument, { after }), 2);
    expect(resumed.map(({ ngsReport }) => ngsReport.__typename)).toContain('NgsReport');
  });

  it('is not ready any more, finishes the request that was begun, and takes no new one', async () => {
    const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });
    const body = JSON.stringify({ query: '{ __typename }' });
    const ready = await beginRequest(gateway, 'GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\n');
    const query = await beginRequest(
      gateway,
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${apiKey}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    const stopped = gateway.stop();
    ready.socket.write('\r\n');
    await once(ready.socket, 'close');
    expect(ready.heard()).toMatch(/^HTTP\/1\.1 503 [\s\S]*"ready":false/);
    query.socket.write(body.slice(5));
    await once(query.socket, 'close');
    expect(query.heard()).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"data":\{"__typename":"Query"\}\}/);
    await stopped;
    await expect(fetch(`${gateway.url}/livez`)).rejects.toThrow();
  });

  it('does not wait for readers that do not read, or answer no close', async () => {
    const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder() });
    const { socket } = await follow(gateway);
    socket.socket.pause();
    const half = await beginRequest(gateway, 'POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n');
    await gateway.stop();
    half.socket.destroy();
  });
});

describe('the process', () => {
  it('ends with 0 on SIGTERM, after every reader heard so', async () => {
    const simulators = await startSimulators();
    const gateway = await spawnGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env });
    const sse = gateway.events(NgsReportsDocument);
    await take(sse, 1);
    const follower = await follow(gateway);
    const [, [ended]] = await Promise.all([gateway.kill('SIGTERM'), take(sse, 2)]);
    await expectFarewell(follower);
    expect(ended).toMatchObject({ ngsReport: { __typename: 'StreamEnded', reason: 'SHUTDOWN' } });
    expect(gateway.process.exitCode).toBe(0);
  });

  it('ends at once, with 1, on a second signal', async () => {
    const simulators = await startSimulators();
    const gateway = await spawnGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env });
    const follower = await follow(gateway);
    // A request that does not end holds an orderly stop up for seconds.
    await beginRequest(
      gateway,
      `POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: ${apiKey}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    );
    gateway.process.kill('SIGTERM');
    await expectFarewell(follower);
    await gateway.kill('SIGINT');
    expect(gateway.process.exitCode).toBe(1);
  });
});
