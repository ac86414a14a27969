import { describe, expect, it, onTestFinished } from 'vitest';
import { createCommerce } from '../../../src/core/commerce/commerce.ts';
import type { Delivery, Dispatch } from '../../../src/core/commerce/provider.ts';
import { ProviderRejected, ProviderUnavailable, RateLimited } from '../../../src/core/errors.ts';
import { createStreams } from '../../../src/core/events/follow.ts';
import { silentLog } from '../../../src/core/log.ts';
import { standingClock } from '../../support/push-core.ts';
import { answered, fault, productOrder, scriptedCommerce } from '../../support/scripted-commerce.ts';
import { temporaryStore } from '../../support/temporary-store.ts';

const lost = new ProviderUnavailable('The answer was lost.', { outcome: 'UNKNOWN' });
const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => String(1 + at));

const parcel: Dispatch = {
  productOrderId: '1',
  deliveryMethod: 'DELIVERY',
  deliveryCompanyCode: 'CJGLS',
  trackingNumber: '1234-5678-9012',
  dispatchedAt: 1_700_000_000_000,
};

/** Naver, where it refuses a whole query for the sake of one id. */
async function rig(unknown: readonly string[] = [], code = '100001') {
  const store = await temporaryStore();
  const clock = standingClock();
  const provider = scriptedCommerce({ clock });
  const streams = createStreams(store);
  const commerce = createCommerce({ store, streams, providers: [provider], owner: 'one', clock, log: silentLog });
  onTestFinished(() => commerce.stop());
  provider.script.productOrders = async (_token, asked) => {
    if (asked.some((id) => unknown.includes(id))) throw new ProviderRejected('No.', fault(code));
    return answered(asked.map((id) => productOrder(id)));
  };
  const load = async (count: number) => commerce.load(commerce.productOrderKeys(undefined, ids(count)));
  return { commerce, provider, load };
}

describe('a query that is refused for an id that Naver does not know', () => {
  it.each(['100001', '101009'])('finds every other order, and null for that one (%s)', async (code) => {
    for (const bad of ['1', '150', '151', '300']) {
      const { provider, load } = await rig([bad], code);
      const found = await load(300);
      expect(found.map((order) => (order as { productOrderId: string } | undefined)?.productOrderId)).toEqual(
        ids(300).map((id) => (id === bad ? undefined : id)),
      );
      // Once for all, and two for each of the nine halvings.
      expect(provider.callsOf('productOrders').length).toBeLessThanOrEqual(1 + 2 * 9);
    }
  });

  it('is halved twenty times at most: what is still open then fails, and what was found stays', async () => {
    const bad = ids(300).filter((id) => Number(id) % 7 === 0);
    const { provider, load } = await rig(bad);
    const found = await load(300);
    expect(provider.callsOf('productOrders')).toHaveLength(21);
    expect(found.every((order) => order instanceof ProviderRejected)).toBe(true);
    const few = await rig(['1', '2', '3']);
    const most = await few.load(300);
    expect(most.filter((order) => order instanceof Error).length).toBeLessThan(20);
    expect(most.slice(40).some((order) => order === undefined || order instanceof Error)).toBe(false);
  });

  it('asks no more where a half is met by something else, and keeps what it has', async () => {
    const { provider, load } = await rig(['1']);
    const play = provider.script.productOrders;
    provider.script.productOrders = async (token, asked) => {
      if (asked.length === 75) throw new RateLimited('query', { retryAt: 1 });
      return play?.(token, asked) ?? expect.unreachable();
    };
    const found = await load(300);
    expect(found.slice(0, 150).every((order) => order instanceof RateLimited)).toBe(true);
    expect(found.slice(150).some((order) => order instanceof Error)).toBe(false);
    expect(provider.callsOf('productOrders')).toHaveLength(4);
  });

  it('is no such query where the code is another: nothing is asked again', async () => {
    const { provider, load } = await rig(['1'], '9999');
    expect((await load(3)).every((order) => order instanceof ProviderRejected)).toBe(true);
    expect(provider.callsOf('productOrders')).toHaveLength(1);
  });

  it('does not hide the others when they are read back', async () => {
    const { commerce, provider } = await rig(['2']);
    const play = provider.script.productOrders;
    provider.script.productOrders = async (token, asked) => {
      await play?.(token, asked);
      return answered(asked.map((id) => productOrder(id, { placeOrderStatus: 'OK' })));
    };
    let calls = 0;
    provider.script.confirm = async (_token, asked) => {
      calls += 1;
      if (calls === 1) throw lost;
      const failed = asked.map((productOrderId) => ({ productOrderId, code: '100001', message: 'no' }));
      return answered({ succeeded: [], failed });
    };
    expect(await commerce.confirm(undefined, ids(30))).toEqual({
      succeeded: ids(30).filter((id) => id !== '2'),
      failed: [{ productOrderId: '2', code: '100001', message: 'no' }],
    });
    expect(provider.callsOf('confirm').map(([, rows]) => rows)).toEqual([ids(30), ['2']]);
  });
});

describe('a dispatch whose answer was lost', () => {
  const { deliveryMethod, deliveryCompanyCode = '', trackingNumber = '' } = parcel;
  const ours: Delivery = { deliveryMethod, deliveryCompanyCode, trackingNumber };

  it.each<[string, Delivery | undefined, boolean]>([
    ['the parcel', { ...ours, sentAt: 1 }, true],
    ['its number without hyphens', { ...ours, trackingNumber: '123456789012' }, true],
    ['another number', { ...ours, trackingNumber: '999999999999' }, false],
    ['another courier', { ...ours, deliveryCompanyCode: 'HANJIN' }, false],
    ['another method', { ...ours, deliveryMethod: 'QUICK_SVC' }, false],
    ['no number', { deliveryMethod, deliveryCompanyCode }, false],
    ['no parcel', undefined, false],
  ])('counts as done only with the parcel that was asked for: %s', async (_name, delivery, isDone) => {
    const { commerce, provider } = await rig();
    let calls = 0;
    provider.script.dispatch = async () => {
      calls += 1;
      if (calls === 1) throw lost;
      return answered({ succeeded: [], failed: [{ productOrderId: '1', code: '105306', message: '같은 상태' }] });
    };
    const order = productOrder('1', { status: 'DELIVERING', ...(delivery && { delivery }) });
    provider.script.productOrders = async () => answered([order]);
    expect(await commerce.dispatch(undefined, [parcel])).toEqual(
      isDone
        ? { succeeded: ['1'], failed: [] }
        : { succeeded: [], failed: [{ productOrderId: '1', code: '105306', message: '같은 상태' }] },
    );
    expect(calls).toBe(isDone ? 1 : 2);
  });

  it.each([true, false])('and that got there before the repeat is done where it is the parcel: %s', async (isOurs) => {
    const { commerce, provider } = await rig();
    let calls = 0;
    provider.script.dispatch = async () => {
      calls += 1;
      if (calls === 1) throw lost;
      return answered({ succeeded: [], failed: [{ productOrderId: '1', code: '105306', message: '같은 상태' }] });
    };
    const delivery = isOurs ? ours : { ...ours, trackingNumber: '1' };
    provider.script.productOrders = async () =>
      answered([calls === 1 ? productOrder('1') : productOrder('1', { status: 'DELIVERING', delivery })]);
    const { succeeded, failed } = await commerce.dispatch(undefined, [parcel]);
    expect({ succeeded, codes: failed.map(({ code }) => code) }).toEqual(
      isOurs ? { succeeded: ['1'], codes: [] } : { succeeded: [], codes: ['105306'] },
    );
  });
});

describe('a lost answer', () => {
  it('is no reason for a key where the call has none: it may be made again', async () => {
    const { commerce, provider } = await rig();
    const isLost = (): Promise<never> => Promise.reject(lost);
    Object.assign(provider.script, { seller: isLost, productOrders: isLost, confirm: isLost, dispatch: isLost });
    const advice = { code: 'PROVIDER_UNAVAILABLE', outcome: 'UNKNOWN', retry: 'SAFE_NOW' };
    await expect(commerce.seller(undefined)).rejects.toMatchObject(advice);
    await expect(commerce.confirm(undefined, ['1'])).rejects.toMatchObject(advice);
    await expect(commerce.dispatch(undefined, [parcel])).rejects.toMatchObject(advice);
    expect(await commerce.load(['default-1'])).toMatchObject([advice]);
    // The control: what has a key says so.
    expect(lost.retry).toBe('ONLY_WITH_SAME_KEY');
  });
});
