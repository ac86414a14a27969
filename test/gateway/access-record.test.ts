import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { AccessEntry } from '../../src/core/access/chain.ts';
import { MessageByIdDocument, MessagesDocument, ProvidersDocument, SendSmsDocument } from '../generated/operations.ts';
import { apiKey, startGateway } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const phone = '01077772222';
const command = fileURLToPath(new URL('../../src/access-record.ts', import.meta.url));

function run(how: string, dataDir: string) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', 'tsx', command, how], {
    env: {
      ...process.env,
      GWANMUN_DATA_DIR: dataDir,
      GWANMUN_DATA_KEY: '42'.repeat(32),
      GWANMUN_API_KEY: apiKey,
      SENDER_NUMBERS: '15880000',
    },
    encoding: 'utf8',
  });
  const entries = stdout.split('\n').filter(Boolean);
  return { status, stderr, stdout, entries: entries.map((line): AccessEntry => JSON.parse(line)) };
}

describe('the access record of a gateway', () => {
  it('says who read whose data, when and from where, over each transport, and names nobody', async () => {
    const dataDir = await temporaryFolder();
    const gateway = await startGateway({ GWANMUN_DATA_DIR: dataDir });
    const input = { idempotencyKey: 'k', to: phone, text: 'hello' };
    const { sendSms } = await gateway.query(SendSmsDocument, { input });
    const { id } = sendSms as { id: string };
    await gateway.query(MessageByIdDocument, { id });
    await gateway.query(MessagesDocument, { last: 5, filter: { to: phone, clientRef: 'order of Kim' } });
    const hidden = {
      query: `{ ...a } fragment a on Query { ... { x: message(id: "${id}") { to } providers { simulated } } }`,
    };
    expect((await gateway.post(hidden)).status).toBe(200);
    const stream = gateway.subscribe(parse('subscription { messageChanged { __typename } }') as never);
    const ended = stream.next().catch(() => undefined);
    await gateway.query(ProvidersDocument);
    await gateway.post({ query: '{ __schema { queryType { name } } }' });
    // The stream has begun once it is there to be ended.
    await until(() => gateway.app.liveStreams() > 0);
    await gateway.stop();
    await ended;

    const { status, stderr, stdout, entries } = run('export', dataDir);
    expect(stderr).toMatch(/^4 entries are what was written; the newest is number 4, /);
    expect(status).toBe(0);
    const who = { tenant: 'default', keyId: 'default', address: '127.0.0.1' };
    const hash = expect.stringMatching(/^#[\w-]{22}$/);
    expect(entries).toMatchObject([
      { ...who, operation: 'query', fields: [{ name: 'message', asked: { id } }] },
      {
        ...who,
        operation: 'query',
        fields: [{ name: 'messages', asked: { last: 5, filter: { to: hash, clientRef: hash } } }],
      },
      { ...who, operation: 'query', fields: [{ name: 'message', asked: { id } }] },
      { ...who, operation: 'subscription', fields: [{ name: 'messageChanged', asked: {} }] },
    ]);
    for (const { at } of entries) expect(Math.abs(Date.now() - at)).toBeLessThan(600_000);
    expect(stdout).not.toMatch(/77772222|Kim|hello/);
  });
});
