import { describe, expect, it, onTestFinished } from 'vitest';
import type { LookUpResult } from '../../../src/core/provider.ts';
import { createSensSimulator } from '../../../src/simulators/sens/simulator.ts';
import { until } from '../../support/until.ts';
import { provider, SERVICE, TEXT } from './account.ts';

describe('SENS and its simulator', () => {
  it.each([
    ['01022345678', { state: 'DELIVERED' }],
    ['01099990001', { state: 'FAILED', fault: { provider: 'SENS', code: '3001' } }],
  ])('agree on a text to %s from its signature to its result', async (to, expected) => {
    const simulator = createSensSimulator({
      serviceId: SERVICE,
      accessKey: 'AK',
      secretKey: 'SK',
      registeredNumbers: ['15880000'],
      deliverAfterMs: 0,
    });
    onTestFinished(() => simulator.stop());
    const { url } = await simulator.start();
    const { made, submit } = await provider(url);
    const submission = { ...TEXT, to };
    const result = await submit(submission);
    if (result.outcome !== 'ACCEPTED') throw new Error(JSON.stringify(result));
    const attempt = { startedAt: 0, reference: result.reference };
    let standing: LookUpResult | undefined;
    await until(async () => {
      standing = await made.lookUp?.(submission, attempt);
      return standing?.state !== 'PENDING';
    });
    expect(standing).toMatchObject(expected);
    expect(simulator.ledger.entries()[0]?.fields).toMatchObject({ to, from: '15880000', content: TEXT.text });
  });
});
