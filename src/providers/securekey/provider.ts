/**
 * SecureKey (securekey.ideacode.co.kr): one account that verifies people by codes, authenticator apps, passkeys and
 * push. It asks each thing once; whether to ask again is for core to say.
 */
import type { VerificationProvider } from '../../core/verification/provider.ts';
import { createSecureKeyApi, type SecureKeyApiOptions } from './api.ts';
import { createSecureKeyCodes } from './codes.ts';
import { createSecureKeyPasskeys } from './passkeys.ts';
import { createSecureKeyPush } from './push.ts';

export interface SecureKeyProviderOptions extends SecureKeyApiOptions {
  readonly simulated: boolean;
  /** Below /api/v1; the document names none. Without it there is no `respondToPush`. */
  readonly pushRespondPath?: string | undefined;
}

/** The budget asks the store before an exchange and may after it, and a result waits for its turn on a busy loop. */
const SETTLE_MARGIN_MS = 5_000;

/** Every call also throws StoreUnavailable, where the budget cannot be read: then nothing was sent. */
export function createSecureKeyProvider(options: SecureKeyProviderOptions): VerificationProvider {
  const { account } = options;
  const listeners = new Set<() => void>();
  const api = createSecureKeyApi(options, changed);
  let running = true;

  function changed(): void {
    for (const listener of listeners) listener();
  }

  return {
    provider: 'SECUREKEY',
    account,
    callTimeoutMs: api.totalTimeoutMs + SETTLE_MARGIN_MS,
    ...createSecureKeyCodes(api, options.clock),
    ...createSecureKeyPasskeys(api),
    ...createSecureKeyPush(api, options.pushRespondPath),

    health() {
      const detail = running ? api.failing() : 'Stopped.';
      const lastFault = api.lastFault();
      return {
        provider: 'SECUREKEY',
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
