import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { InvalidInput, ProviderUnavailable } from '../../../src/core/errors.ts';
import type { SubmitResult } from '../../../src/core/provider.ts';
import { messagingCore, tenant } from '../../support/messaging-core.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

/** SENS that answers a submission only when told to, and gives up whatever it holds; at a time that stands still. */
async function setUp() {
  let now = Date.parse('2026-11-21T12:00:00+09:00');
  let answer = (_result: SubmitResult): void => expect.unreachable();
  const cancelled: string[] = [];
  const sens = scriptedProvider({
    provider: 'SENS',
    submit: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    reservations: {
      accepts: () => true,
      async cancel(reference) {
        cancelled.push(reference);
        return { state: 'CANCELLED' };
      },
    },
  });
  const clock = { ...systemClock, now: () => now };
  const core = await messagingCore({ store: await temporaryStore(), providers: [sens], clock });
  return {
    core,
    cancelled,
    now: () => now,
    /** Resolves once its call to SENS is under way. */
    async startSending(sendAt?: number): Promise<string> {
      const { id } = await core.send({ wait: 'QUEUED', ...(sendAt !== undefined && { sendAt }) });
      await until(() => sens.submissions.length === 1);
      return id;
    },
    answer: () => answer({ outcome: 'ACCEPTED', reference: 'reserve-1' }),
    passTo(time: number) {
      now = time;
    },
    cancel: (id: string) => core.canceller.cancel(tenant.id, id),
    refusalOf: (id: string): Promise<unknown> =>
      core.canceller.cancel(tenant.id, id).then(
        () => undefined,
        (error: unknown) => error,
      ),
  };
}

describe('cancelling a reservation whose call to the provider is under way', () => {
  it('is put off, not refused: asked again once the call was answered, it is cancelled', async () => {
    const { core, cancelled, now, startSending, answer, cancel, refusalOf } = await setUp();
    const id = await startSending(now() + 3_600_000);
    const refusal = await refusalOf(id);
    expect(refusal).toBeInstanceOf(ProviderUnavailable);
    expect(refusal).toMatchObject({ outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER', retryAt: now() + 2_000 });
    expect((await core.load(id))?.state).toBe('SUBMITTING');

    answer();
    await until(async () => (await core.load(id))?.state === 'SUBMITTED');
    expect((await cancel(id)).state).toBe('CANCELLED');
    expect(cancelled).toEqual(['reserve-1']);
  });

  it('is too late once its time has come', async () => {
    const { now, startSending, answer, passTo, refusalOf } = await setUp();
    const sendAt = now() + 3_600_000;
    const id = await startSending(sendAt);
    passTo(sendAt);
    const refusal = await refusalOf(id);
    expect(refusal).toBeInstanceOf(InvalidInput);
    expect(refusal).toMatchObject({ fields: [{ rule: 'TOO_LATE' }] });
    answer();
  });

  it('is too late at once for what is no reservation', async () => {
    const { startSending, answer, refusalOf } = await setUp();
    const id = await startSending();
    expect(await refusalOf(id)).toMatchObject({ fields: [{ rule: 'TOO_LATE' }] });
    answer();
  });
});
