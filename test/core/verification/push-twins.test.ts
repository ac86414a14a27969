import { describe, expect, it } from 'vitest';
import { ProviderRejected } from '../../../src/core/errors.ts';
import type { Store } from '../../../src/core/store.ts';
import { pushCore, storeKinds } from '../../support/push-core.ts';
import { scriptedVerification } from '../../support/scripted-verification.ts';
import { until } from '../../support/until.ts';

const rounds = Array.from({ length: 20 }, (_, round) => round);
const fault = { provider: 'SECUREKEY', code: 'NO_DEVICE', at: 1 } as const;

/** Gateways on one body of data, whose provider is one; it answers so many turns of the event loop later. */
function gatewaysOn(stores: readonly Store[]) {
  const provider = scriptedVerification();
  let sent = 0;
  const send = async () => {
    sent += 1;
    const requestId = `prompt-${sent}`;
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return { requestId };
  };
  provider.script.sendPush = send;
  return { provider, send, gateways: stores.map((store) => pushCore({ store, provider })) };
}

describe.each(storeKinds)('the same key at once by two gateways over $name', ({ open, here }) => {
  it.runIf(here)('is one approval, one prompt and one answer, 20 times of 4', { timeout: 60_000 }, async () => {
    const { provider, gateways } = gatewaysOn(await open(2));
    for (const round of rounds) {
      const input = { idempotencyKey: `round-${round}`, userId: `user-${round}` };
      const answers = await Promise.all(
        [...gateways, ...gateways].map(({ request }) => request(input).catch((error) => error)),
      );
      expect(answers[0]).toMatchObject({ delivery: 'SENT', requestId: `prompt-${round + 1}` });
      expect(answers).toEqual(Array(4).fill(answers[0]));
      expect(provider.callsOf('sendPush')).toHaveLength(round + 1);
    }
  });

  it.runIf(here)('is one prompt also where it had not left before', { timeout: 60_000 }, async () => {
    const { provider, send, gateways } = gatewaysOn(await open(2));
    for (const round of rounds) {
      const input = { idempotencyKey: `round-${round}`, userId: `user-${round}` };
      provider.script.sendPush = () => Promise.reject(new ProviderRejected('No device.', fault));
      await expect(gateways[0]?.request(input)).rejects.toMatchObject({ subject: { type: 'PushApproval' } });
      provider.script.sendPush = send;
      const answers = await Promise.all(
        [...gateways, ...gateways].map(({ request }) => request(input).catch((error) => error)),
      );
      expect(answers[0]).toMatchObject({ delivery: 'SENT', requestId: `prompt-${round + 1}` });
      expect(answers).toEqual(Array(4).fill(answers[0]));
    }
    expect(provider.callsOf('sendPush')).toHaveLength(2 * rounds.length);
  });

  it.runIf(here)('is waited for in the one until the other is told', async () => {
    const [store = expect.unreachable(), otherStore = expect.unreachable()] = await open(2);
    let looks = 0;
    const counting: Store = {
      ...otherStore,
      get(key) {
        looks += 1;
        return otherStore.get(key);
      },
    };
    const { provider, gateways } = gatewaysOn([store, counting]);
    const [one = expect.unreachable(), other = expect.unreachable()] = gateways;
    let answer = (_told: { requestId: string }): void => undefined;
    provider.script.sendPush = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const first = one.request({ idempotencyKey: 'once' });
    await until(() => provider.calls.length === 1);
    const twin = other.request({ idempotencyKey: 'once' });
    await until(() => looks >= 8);
    answer({ requestId: 'late' });
    expect(await first).toMatchObject({ delivery: 'SENT', requestId: 'late' });
    expect(await twin).toEqual(await first);
  });
});
