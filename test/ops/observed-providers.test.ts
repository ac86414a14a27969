import { expect, it } from 'vitest';
import type { MessageProvider, ReportInbox } from '../../src/core/provider.ts';
import { createProviderWatch } from '../../src/ops/observed-providers.ts';

const nobody = {} as never;

it('hands everything that a carrier is started and stopped with on, who may act among it', async () => {
  const given: unknown[][] = [];
  const note =
    (name: string) =>
    async (...args: unknown[]): Promise<void> =>
      void given.push([name, ...args]);
  const provider = { provider: 'NGS', account: 'default', start: note('start'), stop: note('stop') };
  const { carrier } = createProviderWatch({ metrics: nobody, spans: nobody, knowsCode: () => true });
  const watched = carrier(provider as unknown as MessageProvider);
  const [mayAct, mayLogIn] = [() => false, () => false];
  const { signal } = new AbortController();
  await watched.start({ receive: async () => undefined } satisfies ReportInbox, mayAct, mayLogIn);
  await watched.stop(signal);
  expect(given).toEqual([
    ['start', expect.anything(), mayAct, mayLogIn],
    ['stop', signal],
  ]);
});
