import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { print } from 'graphql';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadTenants } from '../../src/config.ts';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { LogFields } from '../../src/core/log.ts';
import type { Scope } from '../../src/core/tenant.ts';
import { reloadOnSignal } from '../../src/reload.ts';
import {
  MessageChangesDocument,
  ProviderChangesDocument,
  ProvidersDocument,
  SendSmsDocument,
} from '../generated/operations.ts';
import { type GatewayClient, startGateway, startSimulators } from '../support/gateway.ts';
import { openInitialised } from '../support/raw-socket.ts';
import { takeUntil } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

interface WrittenKey {
  readonly id: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string;
}

const scopes: Scope[] = ['messages:send', 'messages:read'];
const keyOf = (tenant: string, id: string): string => `${tenant}-${id}-0123456789`;

/** A tenants file that a test rewrites. */
async function tenantsOf(first: Readonly<Record<string, readonly WrittenKey[]>>) {
  const folder = await temporaryFolder();
  const file = join(folder, 'tenants.json');
  const write = (tenants: Readonly<Record<string, readonly WrittenKey[]>>): void =>
    writeFileSync(
      file,
      JSON.stringify({
        tenants: Object.entries(tenants).map(([tenant, keys]) => ({
          id: tenant,
          callerNumbers: ['15880000'],
          keys: keys.map((key) => ({ ...key, secretSha256: hashApiKey(keyOf(tenant, key.id)) })),
        })),
      }),
    );
  write(first);
  const env = {
    GWANMUN_DATA_DIR: join(folder, 'data'),
    GWANMUN_TENANTS_FILE: file,
    GWANMUN_API_KEY: '',
    SENDER_NUMBERS: '',
  };
  return { env, write, file };
}

async function setUp(first: Readonly<Record<string, readonly WrittenKey[]>>) {
  const { env, write } = await tenantsOf(first);
  const simulators = await startSimulators();
  const gateway = await startGateway({ ...env, ...simulators.env });
  return {
    gateway,
    replace(tenants: Readonly<Record<string, readonly WrittenKey[]>>) {
      write(tenants);
      gateway.app.replaceTenants(loadTenants({ declaredAccounts: [] }, env) ?? []);
    },
  };
}

const changes = { query: print(MessageChangesDocument) };
const send = (client: GatewayClient, key: string) =>
  client.query(SendSmsDocument, { input: { idempotencyKey: key, to: '01012345678', text: key } });

/** A stream over WebSocket that has caught up, so that it has a cursor. */
async function openStream(url: string, key: string) {
  const socket = await openInitialised(url, key);
  socket.send({ type: 'subscribe', id: 'stream', payload: changes });
  await socket.next(({ type }) => type === 'next');
  return socket;
}

describe('a key that is taken away', () => {
  it('ends its streams with a cursor and its sockets, over WebSocket and SSE, and nobody else’s', async () => {
    const { gateway, replace } = await setUp({
      shop: [
        { id: 'a', scopes },
        { id: 'b', scopes },
      ],
      bank: [{ id: 'a', scopes }],
    });
    const gone = await openStream(gateway.url, keyOf('shop', 'a'));
    const idle = await openInitialised(gateway.url, keyOf('shop', 'a'));
    const sibling = await openStream(gateway.url, keyOf('shop', 'b'));
    const other = await openStream(gateway.url, keyOf('bank', 'a'));
    const shop = gateway.as(keyOf('shop', 'a'));
    const events = shop.events(MessageChangesDocument);
    expect((await events.next()).value).toMatchObject({ messageChanged: { __typename: 'StreamCaughtUp' } });
    const health = shop.events(ProviderChangesDocument);
    await health.next();

    replace({ shop: [{ id: 'b', scopes }], bank: [{ id: 'a', scopes }] });
    const said = await gone.next(({ type }) => type === 'next');
    expect(said.payload).toMatchObject({
      data: {
        messageChanged: { __typename: 'StreamEnded', reason: 'CREDENTIAL_EXPIRED', resumeAfter: expect.any(String) },
      },
    });
    expect(await gone.closed).toBe(4403);
    expect(await idle.closed).toBe(4403);
    const ended = await takeUntil(events, ({ messageChanged }) => messageChanged.__typename === 'StreamEnded');
    expect(ended.at(-1)).toMatchObject({ messageChanged: { reason: 'CREDENTIAL_EXPIRED' } });
    expect((await events.next()).done).toBe(true);
    for (let done = false; !done; ) done = (await health.next()).done === true;
    const refused = await shop.post({ query: '{ __typename }' });
    expect(refused.status).toBe(401);

    // The others follow on, and whoever resumes with the other key misses nothing.
    const { sendSms } = await send(gateway.as(keyOf('shop', 'b')), 'later');
    expect(sendSms.__typename).toBe('Message');
    await sibling.next(({ type, payload }) => type === 'next' && JSON.stringify(payload).includes('MessageChanged'));
    await send(gateway.as(keyOf('bank', 'a')), 'theirs');
    await other.next(({ type, payload }) => type === 'next' && JSON.stringify(payload).includes('MessageChanged'));
    const resumeAfter = JSON.stringify(said.payload).match(/"resumeAfter":"([^"]+)"/)?.[1] as string;
    const resumed = gateway.as(keyOf('shop', 'b')).subscribe(MessageChangesDocument, { after: resumeAfter });
    const seen = await takeUntil(resumed, ({ messageChanged }) => messageChanged.__typename === 'MessageChanged');
    expect(seen.at(-1)).toMatchObject({ messageChanged: { state: 'QUEUED' } });
    await until(() => gateway.app.liveStreams() === 3);
  });

  it('does so when it expires, and not before', async () => {
    const { gateway, replace } = await setUp({ shop: [{ id: 'a', scopes }] });
    const socket = await openStream(gateway.url, keyOf('shop', 'a'));
    const expiresAt = new Date(Date.now() + 1_000).toISOString();
    replace({ shop: [{ id: 'a', scopes, expiresAt }] });
    const said = await socket.next(({ type }) => type === 'next');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expect(JSON.stringify(said.payload)).toContain('CREDENTIAL_EXPIRED');
    expect(await socket.closed).toBe(4403);
    expect((await gateway.as(keyOf('shop', 'a')).post({ query: '{ __typename }' })).status).toBe(401);
  });

  it('ends the socket of a key that lost a scope, and judges each operation by the key as it stands', async () => {
    const { gateway, replace } = await setUp({ shop: [{ id: 'a', scopes: ['messages:read'] }] });
    const socket = await openStream(gateway.url, keyOf('shop', 'a'));
    const asks = { type: 'subscribe', id: 'one', payload: { query: '{ commerceSeller { __typename } }' } };
    socket.send(asks);
    const before = await socket.next(({ id, type }) => id === 'one' && type === 'next');
    expect(JSON.stringify(before.payload)).toContain('Unauthorized');
    await socket.next(({ id, type }) => id === 'one' && type === 'complete');
    // More is allowed at once, on the very socket.
    replace({ shop: [{ id: 'a', scopes: ['messages:read', 'commerce:read'] }] });
    socket.send(asks);
    const after = await socket.next(({ id, type }) => id === 'one' && type === 'next');
    expect(JSON.stringify(after.payload)).not.toContain('Unauthorized');
    replace({ shop: [{ id: 'a', scopes: ['commerce:read'] }] });
    expect(await socket.closed).toBe(4403);
  });
});

describe('SIGHUP', () => {
  it('adds a tenant without dropping a stream, and refuses a file with a fault as a whole', async () => {
    const { env, write, file } = await tenantsOf({ shop: [{ id: 'a', scopes }] });
    const simulators = await startSimulators();
    const gateway = await startGateway({ ...env, ...simulators.env });
    const lines: [event: string, fields: LogFields | undefined][] = [];
    const note = (event: string, fields?: LogFields): void => void lines.push([event, fields]);
    const log = { info: note, warn: note, error: note };
    onTestFinished(reloadOnSignal(() => loadTenants({ declaredAccounts: [] }, env), gateway.app.replaceTenants, log));
    const stream = gateway.as(keyOf('shop', 'a')).subscribe(MessageChangesDocument);
    expect((await stream.next()).value).toMatchObject({ messageChanged: { __typename: 'StreamCaughtUp' } });

    writeFileSync(file, '{"tenants":[{"id":"CANARY CANARY","keys":[]}]}');
    process.kill(process.pid, 'SIGHUP');
    await until(() => lines.length === 3);
    expect(lines).toEqual([
      ['tenants.fault', { fault: expect.stringContaining('tenants[0].id: must be 1 to 63 letters') }],
      ['tenants.fault', { fault: 'tenants[0].keys: must hold at least one key' }],
      ['tenants.reload-refused', expect.objectContaining({ count: 2 })],
    ]);
    expect(JSON.stringify(lines)).not.toContain('CANARY');

    write({ shop: [{ id: 'a', scopes }], bank: [{ id: 'a', scopes }] });
    process.kill(process.pid, 'SIGHUP');
    await until(() => lines.length === 4);
    expect(lines[3]).toEqual(['tenants.reloaded', { count: 2 }]);
    expect((await gateway.as(keyOf('bank', 'a')).query(ProvidersDocument)).providers.length).toBeGreaterThan(0);
    await send(gateway.as(keyOf('shop', 'a')), 'still here');
    expect((await stream.next()).value).toMatchObject({ messageChanged: { __typename: 'MessageChanged' } });
  });
});
