import { describe, expect, it, onTestFinished } from 'vitest';
import type { TokenSubject } from '../../../src/core/commerce/provider.ts';
import { createTokenBroker, type TokenBrokerOptions } from '../../../src/core/commerce/token.ts';
import { CommerceRestricted, type GatewayError, ProviderRejected, RateLimited } from '../../../src/core/errors.ts';
import { silentLog } from '../../../src/core/log.ts';
import type { Store } from '../../../src/core/store.ts';
import { standingClock, storeKinds } from '../../support/push-core.ts';
import { fault, scriptedCommerce } from '../../support/scripted-commerce.ts';
import { temporaryStore } from '../../support/temporary-store.ts';
import { until } from '../../support/until.ts';

const minuteMs = 60_000;
const seller = (at: number): TokenSubject => ({ type: 'SELLER', sellerAccountId: `seller-${at}` });
const sellers = Array.from({ length: 25 }, (_, at) => seller(at));

function rig(stores: readonly Store[], options: Partial<TokenBrokerOptions> = {}) {
  const clock = standingClock();
  const provider = scriptedCommerce({ clock });
  const ticking = { now: clock.now, monotonicMs: () => performance.now() };
  const brokers = stores.map((store, at) => {
    const parts = { store, provider, owner: `gateway-${at}`, clock: ticking, log: silentLog };
    const broker = createTokenBroker({ ...parts, ...options });
    onTestFinished(() => broker.stop());
    return broker;
  });
  const [broker] = brokers;
  if (broker === undefined) throw new Error('There is one.');
  /** Each seller, by one gateway and then the other. */
  const askAll = () => Promise.allSettled(sellers.map((subject, at) => brokers[at % brokers.length]?.token(subject)));
  const calls = () => provider.callsOf('issueToken').length;
  return { clock, provider, broker, askAll, calls };
}

describe.each(storeKinds)('over $name', ({ here, open }) => {
  it.skipIf(!here)('a bad secret costs no more than six calls a minute, whatever the sellers', async () => {
    const { clock, provider, askAll, calls } = rig(await open(2));
    provider.script.issueToken = () => Promise.reject(new ProviderRejected('No.', fault('BAD_REQUEST')));
    for (let second = 0; second < 60; second += 5) {
      for (const answer of await askAll()) {
        expect(answer).toMatchObject({ reason: { code: 'PROVIDER_REJECTED', origin: { code: 'BAD_REQUEST' } } });
      }
      clock.passMs(5_000);
    }
    // At 0, 10 and 30 seconds.
    expect(calls()).toBe(3);
    delete provider.script.issueToken;
    clock.passMs(minuteMs);
    const answers = await askAll();
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
    // Forgotten by the success: the next one begins with ten seconds.
    provider.script.issueToken = () => Promise.reject(new ProviderRejected('No.', fault('BAD_REQUEST')));
    const before = calls();
    clock.passMs(180 * minuteMs);
    await askAll();
    clock.passMs(10_000);
    await askAll();
    expect(calls()).toBe(before + 2);
  });
});

describe('what the token endpoint says', () => {
  const capped = new CommerceRestricted({
    quotaPerHour: 1,
    retryAt: 4_000_000_000_000,
    origin: fault('GW.QUOTA_LIMIT'),
  });
  const cases: [string, GatewayError][] = [
    ['of a cap', capped],
    ['of a rate', new RateLimited('tokens', { retryAt: 4_000_000_000_000 })],
    ['of an address', new ProviderRejected('No.', fault('GW.IP_NOT_ALLOWED'))],
  ];
  it.each(cases)('%s stands for every seller', async (_, error) => {
    const { provider, askAll, calls } = rig([await temporaryStore()]);
    provider.script.issueToken = () => Promise.reject(error);
    for (const answer of await askAll()) expect(answer).toMatchObject({ reason: { code: error.code } });
    expect(calls()).toBe(1);
  });

  it('of one seller stands for that one only', async () => {
    const { provider, broker, calls } = rig([await temporaryStore()]);
    provider.script.issueToken = () => Promise.reject(new ProviderRejected('No.', fault('STORE_NOT_FOUND')));
    for (let time = 0; time < 2; time += 1) await expect(broker.token(seller(0))).rejects.toThrow(ProviderRejected);
    expect(calls()).toBe(1);
    delete provider.script.issueToken;
    expect(await broker.token(seller(1))).toMatchObject({ accessToken: 'token-1' });
    await expect(broker.token(seller(0))).rejects.toMatchObject({ origin: { code: 'STORE_NOT_FOUND' } });
  });

  it('does not take away a token that is still good', async () => {
    const { provider, broker } = rig([await temporaryStore()]);
    const { accessToken } = await broker.token(seller(0));
    provider.script.issueToken = () => Promise.reject(capped);
    await expect(broker.token(seller(1))).rejects.toThrow(CommerceRestricted);
    expect(await broker.token(seller(0))).toMatchObject({ accessToken, reused: true });
  });
});

describe('a token', () => {
  it('is a new one to the caller that asked for it, and a reused one to those who joined', async () => {
    const { broker } = rig([await temporaryStore()]);
    const tokens = await Promise.all(Array.from({ length: 1_000 }, () => broker.token(seller(0))));
    expect(tokens.filter(({ reused }) => !reused)).toHaveLength(1);
  });

  it('is renewed before it lapses where it was used within the hour, though nobody asks just then', async () => {
    const { broker, clock, calls } = rig([await temporaryStore()], { renewalCheckMs: 5 });
    await broker.token(seller(0));
    await broker.token(seller(1));
    clock.passMs(100 * minuteMs);
    await broker.token(seller(1));
    clock.passMs(55 * minuteMs);
    await until(() => calls() === 3);
    clock.passMs(30 * minuteMs);
    expect(await broker.token(seller(1))).toMatchObject({ accessToken: 'token-3', reused: true });
    expect(await broker.token(seller(0))).toMatchObject({ accessToken: 'token-4', reused: false });
  });

  it('stays at hand where it is used, whatever number of others come by', async () => {
    const store = await temporaryStore();
    let reads = 0;
    const seen = new Proxy(store, {
      get(target, name, receiver) {
        if (name === 'getMany') reads += 1;
        const value = Reflect.get(target, name, receiver);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const { broker, provider } = rig([seen], { maxSubjects: 10 });
    provider.script.issueToken = async () => ({ accessToken: 't', tokenType: 'Bearer', expiresAt: 4_000_000_000_000 });
    await broker.token(seller(0));
    for (let at = 1; at <= 30; at += 5) {
      await Promise.all(Array.from({ length: 5 }, (_, more) => broker.token(seller(at + more))));
      const before = reads;
      await broker.token(seller(0));
      expect(reads).toBe(before);
    }
  });
});
