import { describe, expect, it } from 'vitest';
import { ACCESS_ID, startCallbackListener, startSentbeSimulator } from '../support/sentbe-simulator.ts';
import { until } from '../support/until.ts';

const endpoint = 'POST outbound/transfers';

describe('faults of the Sentbe simulator', () => {
  it.each(['drop', 'cut'] as const)('execute a transfer and lose its answer: %s', async (kind) => {
    const { sender, call, good, simulator } = await startSentbeSimulator();
    const { transfer } = await sender();
    simulator.arm({ provider: 'SENTBE', kind, on: 'answer', endpoint });
    expect(await good('GET', 'outbound/transfers')).toEqual([]);
    await expect(call('POST', 'outbound/transfers', transfer)).rejects.toThrow();
    expect(await good('GET', 'outbound/transfers')).toMatchObject([{ transfer_id: 3001 }]);
    expect(simulator.faults.list()).toEqual([]);
  });

  it('drop a request before anything is done', async () => {
    const { sender, call, simulator } = await startSentbeSimulator();
    const { transfer } = await sender();
    simulator.arm({ provider: 'SENTBE', kind: 'drop', on: 'request' });
    await expect(call('POST', 'outbound/transfers', transfer)).rejects.toThrow();
    expect(simulator.transfers()).toEqual([]);
    expect(simulator.ledger.entries().at(-1)).toMatchObject({ event: endpoint, outcome: 'FAULT' });
  });

  it('reject by a code and a status, before or after it was done', async () => {
    const { sender, send, refused, simulator } = await startSentbeSimulator();
    const { transfer } = await sender();
    simulator.arm({ provider: 'SENTBE', kind: 'reject', on: 'request', code: 'E0110', endpoint });
    expect(await refused('POST', 'outbound/transfers', transfer)).toBe('E0110');
    expect(simulator.transfers()).toEqual([]);
    simulator.arm({ provider: 'SENTBE', kind: 'reject', on: 'answer', endpoint });
    expect(await refused('POST', 'outbound/transfers', transfer)).toBe('E0000');
    expect(simulator.transfers()).toHaveLength(1);
    simulator.arm({ provider: 'SENTBE', kind: 'reject', on: 'request', status: 503 });
    expect((await send('GET', 'outbound/users')).status).toBe(503);
  });

  it('spoil an answer with garbage, let it drip, or hold it back', async () => {
    const { send, simulator } = await startSentbeSimulator();
    simulator.arm({ provider: 'SENTBE', kind: 'garbage', on: 'answer' });
    expect((await send('GET', 'outbound/users')).json).toBeUndefined();
    simulator.arm({ provider: 'SENTBE', kind: 'split', on: 'answer' });
    simulator.arm({ provider: 'SENTBE', kind: 'delay', on: 'request', ms: 1 });
    expect((await send('GET', 'outbound/users')).json).toEqual({ result: true, data: [] });
  });

  it('cannot strike where nothing is', async () => {
    const { simulator } = await startSentbeSimulator();
    expect(() => simulator.arm({ provider: 'SENTBE', kind: 'forge', on: 'answer' })).toThrow();
    expect(() => simulator.arm({ provider: 'SENTBE', kind: 'forge', on: 'callback', endpoint })).toThrow();
  });
});

describe('callbacks of the Sentbe simulator', () => {
  async function startTold(answers: (number | undefined)[] = []) {
    const { callbackUrl, heard } = await startCallbackListener(answers);
    const started = await startSentbeSimulator({ callbackUrl, callbackRetryDelayMs: 1 });
    const { transfer } = await started.sender();
    const tries = () => started.simulator.ledger.entries({ event: 'POST callback' });
    const tried = (count: number) => until(() => tries().filter(({ outcome }) => outcome !== 'FAULT').length === count);
    return { ...started, transfer, heard, tries, tried };
  }

  it('tell every status with the access_id, which the ledger does not keep', async () => {
    const { good, transfer, heard, simulator, tries, tried } = await startTold();
    await good('POST', 'outbound/transfers', transfer);
    await tried(1);
    simulator.setStatus(3001, 'Processing');
    await tried(2);
    expect(heard).toEqual([
      { token: ACCESS_ID, external_id: 'T-1', status: 'Transfer Requested' },
      { token: ACCESS_ID, external_id: 'T-1', status: 'Processing' },
    ]);
    expect(tries()).toMatchObject([
      { reference: 'T-1', outcome: 'SENT', fields: { status: 'Transfer Requested', attempt: 1, httpStatus: 200 } },
      { reference: 'T-1', outcome: 'SENT', fields: { status: 'Processing', forged: false } },
    ]);
    expect(JSON.stringify(simulator.ledger.entries())).not.toContain(ACCESS_ID);
  });

  it('of transfers into Korea begin with Waiting verification; those out of it can be switched off', async () => {
    const { good, inboundSender, transfer, heard, simulator, tried } = await startTold();
    simulator.configure({ outboundCallbacks: false });
    await good('POST', 'outbound/transfers', transfer);
    const inbound = await inboundSender();
    await good('POST', 'inbound/transfers', inbound.transfer);
    await tried(1);
    expect(heard).toEqual([{ token: ACCESS_ID, external_id: 'IN-1', status: 'Waiting verification' }]);
  });

  it('come again only where they are told to, each try in the ledger', async () => {
    const { good, transfer, simulator, tries, tried } = await startTold([500, undefined, 204, 200]);
    await good('POST', 'outbound/transfers', transfer);
    await tried(1);
    simulator.configure({ callbackRetries: 5 });
    simulator.setStatus(3001, 'Processing');
    await tried(4);
    expect(tries()).toMatchObject([
      { outcome: 'REFUSED', fields: { attempt: 1, httpStatus: 500 } },
      { outcome: 'REFUSED', fields: { attempt: 1 }, reason: expect.stringMatching(/^no answer/) },
      { outcome: 'REFUSED', fields: { attempt: 2, httpStatus: 204 } },
      { outcome: 'SENT', fields: { attempt: 3, httpStatus: 200 } },
    ]);
  });

  it('are lost, doubled, held back and forged by faults', async () => {
    const { good, transfer, heard, simulator, tried } = await startTold();
    simulator.arm({ provider: 'SENTBE', kind: 'drop', on: 'callback' });
    simulator.arm({ provider: 'SENTBE', kind: 'duplicate', on: 'callback' });
    simulator.arm({ provider: 'SENTBE', kind: 'delay', on: 'callback', ms: 1 });
    simulator.arm({ provider: 'SENTBE', kind: 'forge', on: 'callback' });
    await good('POST', 'outbound/transfers', transfer);
    await until(() => simulator.faults.list().length === 3);
    for (const [status, count] of [
      ['Processing', 2],
      ['AML filtered', 3],
      ['Complete', 4],
    ] as const) {
      simulator.setStatus(3001, status);
      await tried(count);
    }
    expect(heard.map(({ status }) => status)).toEqual(['Processing', 'Processing', 'AML filtered', 'Complete']);
    expect(heard.map(({ token }) => token === ACCESS_ID)).toEqual([true, true, true, false]);
  });

  it('leave as they are given by command', async () => {
    const { simulator, heard } = await startTold();
    expect(await simulator.sendCallback('{"token":"x"}')).toBe(200);
    expect(heard).toEqual([{ token: 'x' }]);
  });
});
