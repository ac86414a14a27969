import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashApiKey } from '../../src/core/api-key.ts';
import type { GatewayClient } from '../support/gateway.ts';
import { startGateway, startSimulators } from '../support/gateway.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

const tps = 40;
/** B's share of a second and a half; A sends twenty times as much. */
const share = 30;
const flood = 20 * share;

const keyOf = (tenant: string): string => `fair-${tenant}-0123456789`;

async function setUp() {
  const folder = await temporaryFolder();
  const file = join(folder, 'tenants.json');
  const tenants = ['a', 'b'].map((id) => ({
    id,
    callerNumbers: ['15880000'],
    keys: [{ id: 'k', scopes: ['messages:send'], secretSha256: hashApiKey(keyOf(id)) }],
  }));
  writeFileSync(file, JSON.stringify({ tenants }));
  const { ngs, env } = await startSimulators({ smsTps: tps });
  const gateway = await startGateway({
    ...env,
    GWANMUN_DATA_DIR: join(folder, 'data'),
    GWANMUN_TENANTS_FILE: file,
    GWANMUN_API_KEY: '',
    SENDER_NUMBERS: '',
  });
  /** Whom each message that NGS took was to, in the order in which it took them. */
  const taken = (): string[] =>
    ngs.ledger
      .entries({ event: 'DELIVER' })
      .flatMap(({ outcome, fields }) => (outcome === 'TAKEN' ? [String(fields?.['to'])] : []));
  return { gateway, taken };
}

async function queue(client: GatewayClient, prefix: string, count: number): Promise<void> {
  const query = 'mutation ($inputs: [SendSmsInput!]!) { sendSmsBatch(inputs: $inputs) { __typename } }';
  const inputs = Array.from({ length: count }, (_, nth) => ({
    idempotencyKey: `${prefix}${nth}`,
    to: `${prefix}${String(nth).padStart(4, '0')}`,
    text: 'hello',
    providers: ['NGS'],
    wait: 'QUEUED',
  }));
  const answer = await (await client.post({ query, variables: { inputs } })).json();
  expect(answer).toEqual({ data: { sendSmsBatch: { __typename: 'SendSmsBatchPayload' } } });
}

/**
 * Of those that came second, how many NGS took in the time of two shares, from the first of them on: what was already on its way to
 * NGS when they came goes first, and is a second's worth at most. None, where none came in the time of four shares.
 */
async function servedOf(second: 'a' | 'b'): Promise<number> {
  const { gateway, taken } = await setUp();
  await queue(gateway.as(keyOf('a')), '0101000', flood);
  await until(() => taken().length > 0);
  await queue(gateway.as(keyOf(second)), '0102000', share);
  const before = taken().length;
  const isSecond = (to: string): boolean => to.startsWith('0102000');
  const since = (): string[] => taken().slice(taken().findIndex(isSecond));
  const hasCome = (): boolean => taken().some(isSecond);
  await until(() => (hasCome() ? since().length >= 2 * share : taken().length >= before + 4 * share));
  return hasCome()
    ? since()
        .slice(0, 2 * share)
        .filter(isSecond).length
    : 0;
}

describe('A tenant that sends twenty times its share', () => {
  it('leaves another at least nine tenths of its own', async () => {
    expect(await servedOf('b')).toBeGreaterThanOrEqual(0.9 * share);
  });

  it('would leave it less in one queue for both, as its own texts have that came behind the flood', async () => {
    expect(await servedOf('a')).toBeLessThan(0.9 * share);
  });
});
