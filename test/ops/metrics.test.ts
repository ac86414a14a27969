import { describe, expect, it } from 'vitest';
import { MessageChangesDocument, SendSmsDocument } from '../generated/operations.ts';
import { type Family, readExposition, sumOf } from '../support/exposition.ts';
import { apiKey, type Gateway, startGateway, startSimulators } from '../support/gateway.ts';
import { take } from '../support/take.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

type Page = ReadonlyMap<string, Family>;

async function read({ url }: Gateway, headers: Record<string, string> = {}): Promise<Page> {
  const response = await fetch(`${url}/metrics`, { headers });
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  return readExposition(await response.text());
}

/** Waits until a figure is what it shall be. */
async function figure(
  gateway: Gateway,
  name: string,
  labels: Readonly<Record<string, string>>,
  isRight: (value: number) => boolean,
): Promise<void> {
  await until(async () => isRight(sumOf(await read(gateway), name, labels)));
}

const send = (gateway: Gateway, idempotencyKey: string, provider: 'NGS' | 'SENS') =>
  gateway.query(SendSmsDocument, {
    input: { idempotencyKey, to: '01012345678', text: 'hello', providers: [provider], wait: 'QUEUED' },
  });

const rises = (value: number): boolean => value > 0;
const isNone = (value: number): boolean => value === 0;

describe('/metrics', () => {
  it('moves with all that happens to messages, sessions, calls, webhooks, streams and the store', {
    timeout: 90_000,
  }, async () => {
    const { ngs, sens, env } = await startSimulators();
    const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...env });
    await figure(gateway, 'gwanmun_ngs_session_state', { state: 'BOUND' }, (value) => value === 1);
    const before = await read(gateway);
    for (const name of ['gwanmun_sends_total', 'gwanmun_report_lag_seconds_count', 'gwanmun_streams']) {
      expect(sumOf(before, name), name).toBe(0);
    }
    expect(sumOf(before, 'gwanmun_ngs_tps_limit', { lane: 'SMS' })).toBe(9_999);
    expect(sumOf(before, 'gwanmun_ngs_window')).toBe(64);

    const changes = gateway.subscribe(MessageChangesDocument);
    await take(changes, 1);
    await figure(gateway, 'gwanmun_streams', {}, (value) => value === 1);
    await changes.return?.();
    await figure(gateway, 'gwanmun_streams', {}, isNone);

    ngs.arm({ provider: 'NGS', kind: 'delay', on: 'ack', ms: 1_000 });
    await send(gateway, 'delayed', 'NGS');
    await figure(gateway, 'gwanmun_ngs_in_flight', {}, (value) => value === 1);
    await figure(gateway, 'gwanmun_sends_total', { provider: 'NGS', outcome: 'ACCEPTED' }, rises);
    await figure(gateway, 'gwanmun_ngs_tps_used', { lane: 'SMS' }, rises);
    await figure(gateway, 'gwanmun_report_lag_seconds_count', { provider: 'NGS' }, rises);
    await figure(gateway, 'gwanmun_reports_total', { provider: 'NGS', result: 'DELIVERED' }, rises);
    await figure(gateway, 'gwanmun_messages_total', { state: 'DELIVERED' }, rises);

    // A code that the table does not know.
    ngs.arm({ provider: 'NGS', kind: 'reject', on: 'send', code: '77' });
    await send(gateway, 'refused', 'NGS');
    await figure(gateway, 'gwanmun_unmapped_codes_total', { provider: 'NGS', code: '77' }, (value) => value === 1);
    await figure(gateway, 'gwanmun_sends_total', { provider: 'NGS', outcome: 'NOT_ACCEPTED' }, rises);

    // The answer is lost, and nothing that is looked up is found.
    sens.arm({ provider: 'SENS', kind: 'drop', on: 'ack' });
    sens.arm({ provider: 'SENS', kind: 'drop', on: 'lookup', count: 1_000 });
    await send(gateway, 'lost', 'SENS');
    await figure(gateway, 'gwanmun_unconfirmed_messages', { provider: 'SENS' }, (value) => value === 1);
    await figure(gateway, 'gwanmun_unconfirmed_oldest_seconds', { provider: 'SENS' }, rises);
    await figure(gateway, 'gwanmun_sends_total', { provider: 'SENS', outcome: 'UNKNOWN' }, rises);

    const forged = await fetch(`${gateway.url}/webhooks/securekey`, { method: 'POST', body: '{}' });
    expect(forged.status).toBe(401);
    await figure(gateway, 'gwanmun_webhooks_total', { provider: 'SECUREKEY', verdict: 'FORGED' }, rises);

    await gateway.post({ query: '{ commerceSeller { __typename } }' });
    await figure(gateway, 'gwanmun_commerce_token_issues_total', { outcome: 'ISSUED' }, rises);

    await gateway.post({ query: '{ noSuchField }' });
    const after = await read(gateway);
    for (const [name, labels] of [
      ['gwanmun_operations_total', { kind: 'mutation', transport: 'HTTP', outcome: 'OK' }],
      ['gwanmun_operations_total', { kind: 'subscription', transport: 'WEBSOCKET', outcome: 'OK' }],
      ['gwanmun_operations_total', { outcome: 'REFUSED' }],
      ['gwanmun_operation_seconds_count', { kind: 'mutation' }],
      ['gwanmun_provider_call_seconds_count', { provider: 'NGS', call: 'submit', outcome: 'ACCEPTED' }],
      ['gwanmun_provider_call_seconds_count', { provider: 'SENS', call: 'submit', outcome: 'UNKNOWN' }],
      ['gwanmun_provider_healthy', { provider: 'NGS' }],
      ['gwanmun_store_up', {}],
      ['gwanmun_store_write_seconds_count', { outcome: 'COMMITTED' }],
      ['gwanmun_ready', {}],
      ['nodejs_eventloop_lag_p99_seconds', {}],
      ['process_resident_memory_bytes', {}],
    ] as const) {
      expect(sumOf(after, name, labels), `${name} ${JSON.stringify(labels)}`).toBeGreaterThan(0);
    }

    // Last, since the next login is seconds away: meanwhile what is due waits.
    ngs.arm({ provider: 'NGS', kind: 'drop', on: 'send' });
    await send(gateway, 'dropped', 'NGS');
    await figure(gateway, 'gwanmun_ngs_session_ends_total', {}, rises);
    await send(gateway, 'waiting', 'NGS');
    await figure(gateway, 'gwanmun_due_messages', { provider: 'NGS', lane: 'SMS' }, rises);
  });

  it('is there for an operator and for the token, and for nobody else', async () => {
    const { env } = await startSimulators();
    const token = 'scrape-0123456789abcdef';
    const gateway = await startGateway({
      GWANMUN_PROFILE: 'production',
      GWANMUN_METRICS_TOKEN: token,
      GWANMUN_DATA_DIR: await temporaryFolder(),
      ...env,
    });
    const status = async (headers: Record<string, string>, method = 'GET'): Promise<number> =>
      (await fetch(`${gateway.url}/metrics`, { method, headers })).status;
    expect(await status({})).toBe(404);
    expect(await status({ authorization: 'Bearer scrape-0123456789abcdee' })).toBe(401);
    expect(await status({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await status({ 'x-api-key': apiKey })).toBe(200);
    expect(await status({ authorization: `Bearer ${token}` }, 'POST')).toBe(405);
    // Of no use for anything else.
    expect((await gateway.post({ query: '{ __typename }' }, { authorization: `Bearer ${token}` })).status).toBe(401);
  });
});

describe('the reader of the exposition', () => {
  it.each([
    ['no line feed at the end', 'a 1'],
    ['a sample without its group', '# TYPE a counter\nb 1\n'],
    ['the same series twice', '# TYPE a counter\na{x="1"} 1\na{x="1"} 2\n'],
    ['a label without quotes', '# TYPE a counter\na{x=1} 1\n'],
    ['no number', '# TYPE a counter\na one\n'],
    ['a histogram without its last bucket', '# TYPE a histogram\na_bucket{le="1"} 1\na_sum 1\na_count 1\n'],
    ['a histogram that falls', '# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\na_sum 1\na_count 1\n'],
  ])('refuses %s', (_what, text) => {
    expect(() => readExposition(text)).toThrow();
  });
});
