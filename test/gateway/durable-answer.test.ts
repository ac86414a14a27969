import { expect, it, onTestFinished } from 'vitest';
import { startApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { Store } from '../../src/core/store.ts';
import { openEmbeddedStore } from '../../src/store/embedded.ts';
import { createRecordCodec } from '../../src/store/record-codec.ts';
import { apiKey, startSimulators } from '../support/gateway.ts';
import { runLog } from '../support/run-log.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

/**
 * A gateway on the real store, behind a gate that holds back the commits of new messages. As a control, one that confirms them
 * while they are held.
 */
async function startHeld({ confirmsEarly }: { confirmsEarly: boolean }) {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  let asked = 0;
  const { ngs, env } = await startSimulators();
  const config = loadConfig({
    ...env,
    PORT: '0',
    GWANMUN_SIMULATOR_PORT: '0',
    GWANMUN_API_KEY: apiKey,
    GWANMUN_DATA_KEY: '42'.repeat(32),
    SENDER_NUMBERS: '15880000',
    GWANMUN_DATA_DIR: await temporaryFolder(),
  });
  const app = await startApp(config, runLog, async ({ dataDir, dataKey }): Promise<Store> => {
    const store = await openEmbeddedStore({ dataDir, codec: createRecordCodec(dataKey) });
    return {
      ...store,
      async write(batch) {
        const isNew = batch.put?.some(({ key }) => key.startsWith('idempotency/')) === true;
        if (!isNew) return store.write(batch);
        asked += 1;
        const written = gate.then(() => store.write(batch));
        return confirmsEarly ? { committed: true, positions: [] } : written;
      },
    };
  });
  onTestFinished(() => {
    release();
    return app.stop();
  });
  const query = async (text: string): Promise<unknown> => {
    const response = await fetch(`${app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
      body: JSON.stringify({ query: text }),
    });
    return ((await response.json()) as { data: unknown }).data;
  };
  return { ngs, query, asked: () => asked, release };
}

const send = (key: string, wait: string): string => `mutation {
  sendSms(input: { idempotencyKey: "${key}", to: "01012345678", text: "held", providers: [NGS], wait: ${wait} }) { __typename }
}`;
const list = '{ messages(first: 10) { edges { node { state } } } }';

it('tells no caller yes, shows nobody the message and sends nothing before its commit has returned', async () => {
  const { ngs, query, asked, release } = await startHeld({ confirmsEarly: false });
  const answers: unknown[] = [];
  const calls = ['QUEUED', 'SUBMITTED'].map(async (wait) => {
    answers.push(await query(send(wait, wait)));
  });
  await until(() => asked() === 2);
  // Asked and answered many times over while the commits are held.
  for (let round = 0; round < 20; round += 1) expect(await query(list)).toEqual({ messages: { edges: [] } });
  expect(answers).toEqual([]);
  expect(ngs.ledger.entries({ event: 'DELIVER' })).toEqual([]);
  release();
  await Promise.all(calls);
  expect(answers).toEqual(new Array(2).fill({ sendSms: { __typename: 'Message' } }));
  await until(() => ngs.ledger.entries({ event: 'DELIVER' }).length === 2);
});

it('control: a store that says yes while the commit is held lets a caller hear yes for a message that is nowhere', async () => {
  const { query } = await startHeld({ confirmsEarly: true });
  expect(await query(send('early', 'QUEUED'))).toEqual({ sendSms: { __typename: 'Message' } });
  expect(await query(list)).toEqual({ messages: { edges: [] } });
});
