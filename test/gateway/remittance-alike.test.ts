import { expect, it } from 'vitest';
import { RemittanceByIdDocument } from '../generated/operations.ts';
import { startGateway, startSimulators } from '../support/gateway.ts';
import { registerPair, remit } from '../support/remittance-people.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

/** As the simulator's ledger and faults name it. */
const endpoint = 'POST outbound/transfers';

it('each of 200 remittances of one amount between one pair is settled where their answers are cut', async () => {
  const simulators = await startSimulators();
  const { sentbe } = simulators;
  const gateway = await startGateway({ GWANMUN_DATA_DIR: await temporaryFolder(), ...simulators.env });
  sentbe.configure({ requireVerified: 'NONE', advanceMs: 0 });
  const pair = await registerPair(gateway, '1');
  sentbe.arm({ provider: 'SENTBE', kind: 'cut', on: 'answer', endpoint, count: 200 });
  const read = async (id: string) => (await gateway.query(RemittanceByIdDocument, { id })).remittance;
  const ids: string[] = [];
  for (let at = 0; at < 200; at += 4) {
    const sent = await Promise.all(
      [0, 1, 2, 3].map((part) => remit(gateway, pair, { receiveAmount: 5_000, externalId: `order-${at + part}` })),
    );
    for (const each of sent) if (each.__typename === 'Remittance') ids.push(each.id);
  }
  expect(ids).toHaveLength(200);
  const transferIds = new Set<string | null | undefined>();
  for (const id of ids) {
    await until(async () => (await read(id))?.state === 'REQUESTED');
    transferIds.add((await read(id))?.transferId);
  }
  const transfers = sentbe.transfers();
  expect(transfers).toHaveLength(200);
  expect(transferIds).toEqual(new Set(transfers.map(({ id }) => String(id))));
  const asked = sentbe.ledger.entries({ event: endpoint, limit: 1_000 });
  expect(asked.filter(({ outcome }) => outcome === 'TAKEN' || outcome === 'REFUSED')).toHaveLength(200);
}, 120_000);
