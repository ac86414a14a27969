/**
 * Naver Commerce (api.commerce.naver.com): one application of the smart store API. It asks each thing once; tokens are
 * kept, and calls repeated, by core.
 */
import type { Worker } from 'node:worker_threads';
import type { CommerceProvider } from '../../core/commerce/provider.ts';
import { type CommerceApiOptions, createCommerceApi } from './api.ts';
import { type CommerceCredentials, checkCredentials } from './credentials.ts';
import { createOrderActions, MAX_ACTED_ON } from './order-actions.ts';
import { createOrderChanges } from './order-changes.ts';
import { createProductOrders, MAX_QUERIED } from './product-orders.ts';
import { createSeller } from './seller.ts';
import { createSigner } from './signer.ts';
import { createTokenIssuer, isAboutSubject } from './token.ts';

export interface NaverCommerceProviderOptions extends CommerceApiOptions, CommerceCredentials {
  readonly simulated: boolean;
  /** Of one signature. @default 10000 */
  readonly signTimeoutMs?: number | undefined;
  /** @default the thread that signs */
  readonly startWorker?: ((credentials: CommerceCredentials) => Worker) | undefined;
  /** False: the thread that signs starts with the first token call, where callers feel it. @default true */
  readonly startsSigning?: boolean | undefined;
}

/** @throws RangeError for credentials that no application has, without quoting them */
export function createNaverCommerceProvider(options: NaverCommerceProviderOptions): CommerceProvider {
  const { account, clock, clientId, clientSecret } = options;
  const credentials = { clientId, clientSecret };
  checkCredentials(credentials);
  const listeners = new Set<() => void>();
  const api = createCommerceApi(options, changed);
  const signer = createSigner({ ...options, credentials });
  let running = true;
  if (options.startsSigning ?? true) signer.start();

  function changed(): void {
    for (const listener of listeners) listener();
  }

  function skewDetail(): string | undefined {
    if (api.peerClock.isUnbelieved()) return 'The clocks differ by more than a day, which is not followed.';
    const seconds = Math.round(api.peerClock.offsetMs() / 1_000);
    return api.isSkewed() ? `The clocks differ by ${seconds} s.` : undefined;
  }

  return {
    provider: 'NAVER_COMMERCE',
    account,
    applicationId: clientId,
    maxProductOrdersPerQuery: MAX_QUERIED,
    maxProductOrdersPerAction: MAX_ACTED_ON,
    now: api.peerClock.now,
    issueToken: createTokenIssuer({ api, credentials, sign: signer.sign, clock }),
    isAboutSubject,
    ...createSeller(api),
    ...createProductOrders(api),
    ...createOrderActions(api),
    ...createOrderChanges(api),

    health() {
      const failing = running ? api.failing() : 'Stopped.';
      const detail = failing ?? skewDetail();
      const lastFault = api.lastFault();
      return {
        provider: 'NAVER_COMMERCE',
        account,
        configured: true,
        healthy: failing === undefined,
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
      await signer.stop();
    },
  };
}
