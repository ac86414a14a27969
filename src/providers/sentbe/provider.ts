/**
 * Sentbe's partner API, as of 2018: one account that sends money out of Korea and into it. It asks each thing once;
 * whether to ask again is for core to say.
 */
import { createHash } from 'node:crypto';
import type { RemittanceProvider } from '../../core/remittance/provider.ts';
import { createSentbeApi, type SentbeApiOptions } from './api.ts';
import { createSentbePeople } from './people.ts';
import { createSentbeTransfers, type SentbeWallet } from './transfers.ts';

export interface SentbeProviderOptions extends SentbeApiOptions {
  readonly simulated: boolean;
  readonly wallet?: SentbeWallet;
}

/** A result waits for its turn on a busy loop before it is stored. */
const SETTLE_MARGIN_MS = 5_000;

/** Who asks, and whom: Sentbe's ids are of one partner at one origin. */
function partnerOf({ baseUrl, partnerId }: SentbeProviderOptions): string {
  const side = JSON.stringify([new URL(baseUrl).origin, partnerId]);
  return createHash('sha256').update(side, 'utf8').digest('hex').slice(0, 32);
}

export function createSentbeProvider(options: SentbeProviderOptions): RemittanceProvider {
  const { account } = options;
  const listeners = new Set<() => void>();
  const api = createSentbeApi(options, changed);
  let running = true;

  function changed(): void {
    for (const listener of listeners) listener();
  }

  return {
    provider: 'SENTBE',
    account,
    partner: partnerOf(options),
    callTimeoutMs: api.totalTimeoutMs + SETTLE_MARGIN_MS,
    ...createSentbePeople(api),
    ...createSentbeTransfers(api, options.wallet ?? {}),

    health() {
      const detail = running ? api.failing() : 'Stopped.';
      const lastFault = api.lastFault();
      return {
        provider: 'SENTBE',
        account,
        configured: true,
        healthy: detail === undefined,
        simulated: options.simulated,
        ...(detail === undefined ? {} : { detail }),
        ...(lastFault === undefined ? {} : { lastFault }),
      };
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async stop() {
      if (running) {
        running = false;
        changed();
      }
      await api.stop();
    },
  };
}
