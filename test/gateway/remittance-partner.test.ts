import { expect, it } from 'vitest';
import { QuoteRemittanceDocument, RemittanceByIdDocument, SendRemittanceDocument } from '../generated/operations.ts';
import { startGateway, startSimulators } from '../support/gateway.ts';
import { registerPair, remit } from '../support/remittance-people.ts';
import { temporaryFolder } from '../support/temporary-store.ts';
import { until } from '../support/until.ts';

/** On one store, with a Sentbe that knows nothing of before, and counts from its first ids again. */
async function restarted(dataDir: string) {
  const { sentbe, env } = await startSimulators();
  const gateway = await startGateway({ GWANMUN_DATA_DIR: dataDir, ...env });
  sentbe.configure({ requireVerified: 'NONE', advanceMs: 0, callbackUrl: `${gateway.url}/webhooks/sentbe` });
  return { gateway, sentbe };
}

it('nobody gets the money of another where Sentbe begins to count again on one store', async () => {
  const dataDir = await temporaryFolder();
  const first = await restarted(dataDir);
  const alicePair = await registerPair(first.gateway, '1');
  const alice = await remit(first.gateway, alicePair, { receiveAmount: 5_000, externalId: 'alice-order' });
  if (alice.__typename !== 'Remittance') throw new Error(JSON.stringify(alice));
  const read = async (of: typeof first, id: string) =>
    (await of.gateway.query(RemittanceByIdDocument, { id })).remittance;
  const before = await read(first, alice.id);
  await first.gateway.stop();

  const second = await restarted(dataDir);
  const bobPair = await registerPair(second.gateway, '2');
  const bob = await remit(second.gateway, bobPair, { receiveAmount: 9_000, externalId: 'bob-order' });
  if (bob.__typename !== 'Remittance') throw new Error(JSON.stringify(bob));
  expect(bob).toMatchObject({ state: 'REQUESTED', receiveAmount: expect.stringMatching(/^9000/) });
  expect((await read(second, bob.id))?.transferId).toBe(before?.transferId);

  const asked = { ...alicePair, receiveAmount: 5_000, receiveCurrency: 'PHP' };
  const refusal = { __typename: 'InvalidInput', fields: [{ path: ['input', 'userId'], rule: 'UNKNOWN' }] };
  const { quoteRemittance } = await second.gateway.query(QuoteRemittanceDocument, { input: asked });
  expect(quoteRemittance).toMatchObject(refusal);
  const input = { ...asked, quoteId: alice.id, externalId: 'alice-2', idempotencyKey: 'alice-2' };
  expect((await second.gateway.query(SendRemittanceDocument, { input })).sendRemittance).toMatchObject(refusal);

  second.sentbe.setStatus(second.sentbe.transfers()[0]?.id ?? 0, 'Complete');
  await until(async () => (await read(second, bob.id))?.state === 'COMPLETE');
  expect(await read(second, alice.id)).toEqual(before);
  expect(second.sentbe.transfers()).toHaveLength(1);
});
