import { describe, expect, it } from 'vitest';
import { ProviderUnavailable } from '../../../src/core/errors.ts';
import { messageIndex } from '../../../src/core/messaging/message-index.ts';
import { type Store, StoreUnavailable } from '../../../src/core/store.ts';
import { messagingCore, tenant } from '../../support/messaging-core.ts';
import { scriptedProvider } from '../../support/scripted-provider.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

const secret = 'redis://:hunter2@10.0.0.1 refused the connection';

async function setUp(broken: (store: Store) => Partial<Store>) {
  const store = await temporaryStore();
  const provider = scriptedProvider({ submit: async () => ({ outcome: 'ACCEPTED', reference: 'R' }) });
  const faults: { now: Partial<Store> } = { now: {} };
  const fragile = new Proxy(store, {
    get: (target, name) => faults.now[name as keyof Store] ?? target[name as keyof Store],
  });
  const core = await messagingCore({ store: fragile, providers: [provider] });
  return { store, provider, core, breakStore: () => Object.assign(faults, { now: broken(store) }), faults };
}

describe('sendSms on a store that does not answer', () => {
  it('says that nothing was stored where the store took nothing, and keeps the words of the driver to itself', async () => {
    const { store, provider, core, breakStore, faults } = await setUp(() => ({
      getMany: () => Promise.reject(new StoreUnavailable(secret, 'NO')),
    }));
    breakStore();
    const failure: ProviderUnavailable = await core.send({ idempotencyKey: 'k' }).catch((error) => error);
    expect(failure).toBeInstanceOf(ProviderUnavailable);
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', outcome: 'NOT_ACCEPTED', retry: 'SAFE_AFTER' });
    expect(failure.message).not.toContain('hunter2');
    expect(await store.range(messageIndex.all(tenant.id), { limit: 1 })).toEqual([]);
    expect(provider.submissions).toEqual([]);

    faults.now = {};
    expect((await core.send({ idempotencyKey: 'k' })).state).toBe('SUBMITTED');
    expect(provider.submissions).toHaveLength(1);
  });

  it('leaves the outcome open where the write may have happened, and the same key then finds the one message', async () => {
    const { provider, core, breakStore, faults } = await setUp((store) => ({
      async write(batch) {
        await store.write(batch);
        throw new StoreUnavailable(secret, 'MAYBE');
      },
    }));
    breakStore();
    const failure: ProviderUnavailable = await core.send({ idempotencyKey: 'k' }).catch((error) => error);
    expect(failure).toMatchObject({ code: 'STORE_UNAVAILABLE', outcome: 'UNKNOWN', retry: 'ONLY_WITH_SAME_KEY' });
    expect(failure.message).not.toContain('hunter2');

    faults.now = {};
    const message = await core.send({ idempotencyKey: 'k' });
    expect((await core.send({ idempotencyKey: 'k' })).id).toBe(message.id);
    expect(provider.submissions).toHaveLength(1);
  });
});

describe('a store that stops answering while a message is on its way', () => {
  /** Fails the first writes that bring a message to a state: behind the write itself, or instead of it. */
  const failing = (state: string, times: number, wrote: 'NO' | 'MAYBE') => (store: Store) => {
    let left = times;
    return {
      async write(batch: Parameters<Store['write']>[0]) {
        const isMeant = batch.put?.some(({ value }) => (value as { state?: string }).state === state) === true;
        if (!isMeant || left === 0) return store.write(batch);
        left -= 1;
        if (wrote === 'MAYBE') await store.write(batch);
        throw new StoreUnavailable(secret, wrote);
      },
    };
  };

  it('does not cost the message whose intent it may have stored: nothing left, and it is sent once', async () => {
    const { provider, core, breakStore } = await setUp(failing('SUBMITTING', 1, 'MAYBE'));
    breakStore();
    expect(await core.send()).toMatchObject({ state: 'SUBMITTED', attempts: [{ outcome: 'NOT_ACCEPTED' }, {}] });
    expect(provider.submissions).toHaveLength(1);
  });

  it('does not cost the answer of the provider: it is stored once the store is back', async () => {
    const { provider, core, breakStore } = await setUp(failing('SUBMITTED', 2, 'NO'));
    breakStore();
    expect((await core.send()).state).toBe('SUBMITTED');
    expect(provider.submissions).toHaveLength(1);
  });
});
